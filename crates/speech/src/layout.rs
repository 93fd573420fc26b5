//! The shape of a Whisper model file in ggml form, checked from the first byte to the last.
//!
//! A wrong length would make a reader allocate at random, and a model of half its numbers would write nonsense. So every
//! count, name, shape and size is checked here first.

use std::collections::HashMap;
use std::io::{BufReader, Read, Seek, SeekFrom};

pub(crate) use crate::kind::Kind;
use crate::kind::VERSION_FACTOR;

const MAGIC: u32 = 0x6767_6d6c;
const ENGLISH_VOCABULARY: u32 = 51_864;
const FREQUENCIES: u32 = 201;

/// Why a file is no whole Whisper model.
#[derive(Debug)]
pub(crate) enum Fault {
    Io(std::io::Error),
    NotWhisper,
    Truncated { bytes: u64, what: String },
    Corrupt(String),
}

/// The numbers at the head of the file, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dimensions {
    pub vocabulary: u32,
    pub audio_context: u32,
    pub audio_state: u32,
    pub audio_heads: u32,
    pub audio_layers: u32,
    pub text_context: u32,
    pub text_state: u32,
    pub text_heads: u32,
    pub text_layers: u32,
    pub mels: u32,
    pub file_type: u32,
}

impl Dimensions {
    pub const COUNT: usize = 11;

    pub fn english_only(&self) -> bool {
        self.vocabulary <= ENGLISH_VOCABULARY
    }

    fn from_head(n: [u32; Self::COUNT]) -> Self {
        let [
            vocabulary,
            audio_context,
            audio_state,
            audio_heads,
            audio_layers,
            text_context,
            text_state,
            text_heads,
            text_layers,
            mels,
            file_type,
        ] = n;
        Self {
            vocabulary,
            audio_context,
            audio_state,
            audio_heads,
            audio_layers,
            text_context,
            text_state,
            text_heads,
            text_layers,
            mels,
            file_type,
        }
    }

    fn check(&self) -> Result<(), Fault> {
        let wrong = |what: &str, value: u32| Err(Fault::Corrupt(format!("{what} is {value}")));
        match self {
            d if !(ENGLISH_VOCABULARY..=51_866).contains(&d.vocabulary) => wrong("vocabulary", d.vocabulary),
            d if d.audio_context != 1500 => wrong("audio context", d.audio_context),
            d if d.text_context != 448 => wrong("text context", d.text_context),
            d if d.audio_state == 0 || d.audio_state > 4096 || d.audio_state % 32 != 0 => {
                wrong("audio state", d.audio_state)
            }
            d if d.text_state != d.audio_state => wrong("text state", d.text_state),
            d if d.audio_heads == 0 || d.audio_state % d.audio_heads != 0 => {
                wrong("audio head count", d.audio_heads)
            }
            d if d.text_heads == 0 || d.text_state % d.text_heads != 0 => {
                wrong("text head count", d.text_heads)
            }
            d if ![4, 6, 12, 24, 32].contains(&d.audio_layers) => wrong("audio layer count", d.audio_layers),
            d if !(1..=32).contains(&d.text_layers) => wrong("text layer count", d.text_layers),
            d if ![80, 128].contains(&d.mels) => wrong("mel band count", d.mels),
            d if d.matrix_kind().is_none() => wrong("file type", d.file_type),
            _ => Ok(()),
        }
    }

    /// How matrices are stored: ggml's file types are numbered otherwise than its tensor types.
    fn matrix_kind(&self) -> Option<Kind> {
        Kind::from_file_type(self.file_type % VERSION_FACTOR)
    }
}

/// One entry of the tensor table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tensor {
    pub name: String,
    pub kind: Kind,
    /// Fastest varying first, as ggml writes them.
    pub dimensions: Vec<u32>,
    /// Place and length of the numbers in the file.
    pub at: u64,
    pub bytes: u64,
}

/// A whole and well-formed model file.
#[derive(Debug)]
pub(crate) struct Layout {
    pub dimensions: Dimensions,
    /// Where the tensor table begins.
    pub head_bytes: u64,
    pub tensors: Vec<Tensor>,
}

impl Layout {
    /// Walks the file to its exact end.
    pub fn read<R: Read + Seek>(source: R) -> Result<Self, Fault> {
        let mut walk = Walk::start(source)?;
        if walk.u32("the magic number").ok() != Some(MAGIC) {
            return Err(Fault::NotWhisper);
        }
        let mut head = [0; Dimensions::COUNT];
        for number in &mut head {
            *number = walk.u32("the dimensions")?;
        }
        let dimensions = Dimensions::from_head(head);
        dimensions.check()?;
        walk.mel_filters(&dimensions)?;
        walk.vocabulary(&dimensions)?;
        let head_bytes = walk.at;

        let mut expected = expected_tensors(&dimensions);
        let mut tensors = Vec::with_capacity(expected.len());
        while walk.at < walk.end {
            let tensor = walk.tensor()?;
            let Some((shape, kind)) = expected.remove(tensor.name.as_str()) else {
                return Err(Fault::Corrupt(format!("tensor {:?} is unknown or repeated", tensor.name)));
            };
            let mut found = tensor.dimensions.clone();
            found.resize(3, 1);
            if found != shape {
                return Err(Fault::Corrupt(format!(
                    "tensor {} has shape {found:?}, not {shape:?}",
                    tensor.name
                )));
            }
            if tensor.kind != kind {
                return Err(Fault::Corrupt(format!(
                    "tensor {} is {:?}, not {kind:?}",
                    tensor.name, tensor.kind
                )));
            }
            tensors.push(tensor);
        }
        match expected.keys().min() {
            // The table ends between two tensors: the file was cut there.
            Some(name) => {
                Err(Fault::Truncated { bytes: walk.end, what: format!("the table, before {name}") })
            }
            None => Ok(Self { dimensions, head_bytes, tensors }),
        }
    }
}

struct Walk<R> {
    source: BufReader<R>,
    at: u64,
    end: u64,
}

impl<R: Read + Seek> Walk<R> {
    fn start(mut source: R) -> Result<Self, Fault> {
        let end = source.seek(SeekFrom::End(0)).map_err(Fault::Io)?;
        source.rewind().map_err(Fault::Io)?;
        Ok(Self { source: BufReader::with_capacity(1 << 16, source), at: 0, end })
    }

    /// Refuses to go beyond the end of the file.
    fn within(&self, bytes: u64, what: &str) -> Result<u64, Fault> {
        match self.at.checked_add(bytes) {
            Some(next) if next <= self.end => Ok(next),
            _ => Err(Fault::Truncated { bytes: self.end, what: what.to_owned() }),
        }
    }

    fn u32(&mut self, what: &str) -> Result<u32, Fault> {
        let mut bytes = [0; 4];
        self.fill(&mut bytes, what)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn fill(&mut self, bytes: &mut [u8], what: &str) -> Result<(), Fault> {
        let next = self.within(bytes.len() as u64, what)?;
        self.source.read_exact(bytes).map_err(Fault::Io)?;
        self.at = next;
        Ok(())
    }

    fn skip(&mut self, bytes: u64, what: &str) -> Result<(), Fault> {
        let next = self.within(bytes, what)?;
        let forward = i64::try_from(bytes).map_err(|_| Fault::Corrupt(format!("{what} is too long")))?;
        self.source.seek_relative(forward).map_err(Fault::Io)?;
        self.at = next;
        Ok(())
    }

    fn mel_filters(&mut self, dimensions: &Dimensions) -> Result<(), Fault> {
        let shape = (self.u32("the mel filters")?, self.u32("the mel filters")?);
        if shape != (dimensions.mels, FREQUENCIES) {
            return Err(Fault::Corrupt(format!("mel filters have shape {shape:?}")));
        }
        for _ in 0..dimensions.mels * FREQUENCIES {
            let weight = f32::from_bits(self.u32("the mel filters")?);
            if !(0.0..=1.0).contains(&weight) {
                return Err(Fault::Corrupt(format!("a mel filter weighs {weight}")));
            }
        }
        Ok(())
    }

    fn vocabulary(&mut self, dimensions: &Dimensions) -> Result<(), Fault> {
        let count = self.u32("the vocabulary")?;
        if !(50_000..=dimensions.vocabulary).contains(&count) {
            return Err(Fault::Corrupt(format!("{count} tokens in the vocabulary")));
        }
        let mut has_space = false;
        let mut token = [0; 1024];
        for _ in 0..count {
            let length = self.u32("the vocabulary")? as usize;
            let Some(token) = token.get_mut(..length) else {
                return Err(Fault::Corrupt(format!("a token of {length} bytes")));
            };
            self.fill(token, "the vocabulary")?;
            has_space |= *token == *b" ";
        }
        // Every vocabulary has it: without it, this is none.
        if has_space { Ok(()) } else { Err(Fault::Corrupt("the vocabulary has no space".into())) }
    }

    fn tensor(&mut self) -> Result<Tensor, Fault> {
        const WHAT: &str = "the tensor table";
        let (rank, length, number) = (self.u32(WHAT)?, self.u32(WHAT)?, self.u32(WHAT)?);
        if !(1..=3).contains(&rank) || !(1..=128).contains(&length) {
            return Err(Fault::Corrupt(format!("a tensor of rank {rank} whose name has {length} bytes")));
        }
        let mut dimensions = Vec::with_capacity(rank as usize);
        for _ in 0..rank {
            let dimension = self.u32(WHAT)?;
            if !(1..=1 << 20).contains(&dimension) {
                return Err(Fault::Corrupt(format!("a tensor dimension of {dimension}")));
            }
            dimensions.push(dimension);
        }
        let mut name = vec![0; length as usize];
        self.fill(&mut name, WHAT)?;
        let name = String::from_utf8(name).map_err(|_| Fault::Corrupt("a tensor name is not text".into()))?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.number() == number);
        let Some((kind, bytes)) = kind.and_then(|kind| Some((kind, kind.bytes(&dimensions)?))) else {
            return Err(Fault::Corrupt(format!("tensor {name} has the type {number}")));
        };
        let at = self.at;
        self.skip(bytes, &format!("tensor {name}"))?;
        Ok(Tensor { name, kind, dimensions, at, bytes })
    }
}

type Expected = HashMap<String, ([u32; 3], Kind)>;

/// Name, shape and type of every tensor that a model of these dimensions has.
pub(crate) fn expected_tensors(d: &Dimensions) -> Expected {
    let matrix = d.matrix_kind().unwrap_or(Kind::F16);
    let convolution = if matrix == Kind::F32 { Kind::F32 } else { Kind::F16 };
    let state = d.audio_state;
    let mut all = Expected::new();
    let mut add = |name: String, shape: [u32; 3], kind: Kind| {
        all.insert(name, (shape, kind));
    };
    add("encoder.positional_embedding".into(), [state, d.audio_context, 1], Kind::F32);
    add("encoder.conv1.weight".into(), [3, d.mels, state], convolution);
    add("encoder.conv1.bias".into(), [1, state, 1], Kind::F32);
    add("encoder.conv2.weight".into(), [3, state, state], convolution);
    add("encoder.conv2.bias".into(), [1, state, 1], Kind::F32);
    add("decoder.positional_embedding".into(), [state, d.text_context, 1], Kind::F32);
    add("decoder.token_embedding.weight".into(), [state, d.vocabulary, 1], matrix);
    for norm in ["encoder.ln_post", "decoder.ln"] {
        add(format!("{norm}.weight"), [state, 1, 1], Kind::F32);
        add(format!("{norm}.bias"), [state, 1, 1], Kind::F32);
    }
    for (part, layers) in [("encoder", d.audio_layers), ("decoder", d.text_layers)] {
        for layer in 0..layers {
            let block = format!("{part}.blocks.{layer}");
            add(format!("{block}.mlp.0.weight"), [state, 4 * state, 1], matrix);
            add(format!("{block}.mlp.0.bias"), [4 * state, 1, 1], Kind::F32);
            add(format!("{block}.mlp.2.weight"), [4 * state, state, 1], matrix);
            add(format!("{block}.mlp.2.bias"), [state, 1, 1], Kind::F32);
            add(format!("{block}.mlp_ln.weight"), [state, 1, 1], Kind::F32);
            add(format!("{block}.mlp_ln.bias"), [state, 1, 1], Kind::F32);
            let attentions: &[&str] = if part == "decoder" { &["attn", "cross_attn"] } else { &["attn"] };
            for attention in attentions {
                for matrix_name in ["query", "key", "value", "out"] {
                    add(format!("{block}.{attention}.{matrix_name}.weight"), [state, state, 1], matrix);
                    // Whisper's keys have no bias.
                    if matrix_name != "key" {
                        add(format!("{block}.{attention}.{matrix_name}.bias"), [state, 1, 1], Kind::F32);
                    }
                }
                add(format!("{block}.{attention}_ln.weight"), [state, 1, 1], Kind::F32);
                add(format!("{block}.{attention}_ln.bias"), [state, 1, 1], Kind::F32);
            }
        }
    }
    all
}

#[cfg(test)]
#[path = "layout_tests.rs"]
pub(crate) mod tests;
