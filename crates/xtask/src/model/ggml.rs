//! Whisper's ggml file: what whisper.cpp loads.
//!
//! All little-endian: `u32` magic; eleven `u32` sizes ([`Sizes`]); `u32` mel bands, `u32` bins, `f32`
//! filters; `u32` count of tokens, each `u32` length and bytes; then tensors until the end: `u32` rank, `u32`
//! length of name, `u32` type, `u32` per dimension (innermost first), name, data.

use std::io::{self, Write};

use super::bytes::Reader;

const MAGIC: u32 = 0x6767_6d6c;
/// whisper.cpp writes a version of its quantisation into the file type, times this factor.
const QUANTISATION_FACTOR: u32 = 1000;

/// Why a file was refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum GgmlError {
    #[error("the file does not start as a Whisper ggml model does")]
    Magic,
    #[error("the file ends within {what} (at byte {at})")]
    Truncated { what: &'static str, at: usize },
    #[error("a tensor of it has an unknown type {0}")]
    Kind(u32),
    #[error("tensor {name:?} is larger than any model")]
    Size { name: String },
    #[error("a tensor's name is not text")]
    Name,
}

/// The sizes at the head of the file, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
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
    /// 1 for 16-bit floats, 2007 for `q8_0`.
    pub file_type: u32,
}

impl Sizes {
    fn fields(&self) -> [u32; 11] {
        [
            self.vocabulary,
            self.audio_context,
            self.audio_state,
            self.audio_heads,
            self.audio_layers,
            self.text_context,
            self.text_state,
            self.text_heads,
            self.text_layers,
            self.mels,
            self.file_type,
        ]
    }

    /// The file type without the version of the quantisation.
    pub fn base_type(&self) -> u32 {
        self.file_type % QUANTISATION_FACTOR
    }
}

/// How a tensor's numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    F32,
    F16,
    /// Blocks of 32: an `f16` scale and 32 `i8`.
    Q8,
    /// A quantisation that is only carried along: type code, numbers per block, bytes per block.
    Other(u32, usize, usize),
}

impl Kind {
    pub fn code(self) -> u32 {
        match self {
            Kind::F32 => 0,
            Kind::F16 => 1,
            Kind::Q8 => 8,
            Kind::Other(code, ..) => code,
        }
    }

    fn from_code(code: u32) -> Option<Kind> {
        Some(match code {
            0 => Kind::F32,
            1 => Kind::F16,
            8 => Kind::Q8,
            2 => Kind::Other(2, 32, 18),
            3 => Kind::Other(3, 32, 20),
            6 => Kind::Other(6, 32, 22),
            7 => Kind::Other(7, 32, 24),
            _ => return None,
        })
    }

    /// Bytes that `count` numbers take.
    pub fn bytes(self, count: usize) -> Option<usize> {
        let (per_block, block) = match self {
            Kind::F32 => (1, 4),
            Kind::F16 => (1, 2),
            Kind::Q8 => (32, 34),
            Kind::Other(_, per_block, block) => (per_block, block),
        };
        count.is_multiple_of(per_block).then_some(count / per_block)?.checked_mul(block)
    }
}

/// One tensor; `dims` is innermost first, as in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor<D> {
    pub name: String,
    pub dims: Vec<u32>,
    pub kind: Kind,
    pub data: D,
}

/// What stands before the tensors.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    pub sizes: Sizes,
    /// Row-major: `mels` rows.
    pub filters: Vec<f32>,
    pub tokens: Vec<Vec<u8>>,
}

impl Head {
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        put(out, MAGIC)?;
        self.sizes.fields().iter().try_for_each(|field| put(out, *field))?;
        put(out, self.sizes.mels)?;
        put(out, (self.filters.len() / (self.sizes.mels as usize).max(1)) as u32)?;
        self.filters.iter().try_for_each(|weight| out.write_all(&weight.to_le_bytes()))?;
        put(out, self.tokens.len() as u32)?;
        for token in &self.tokens {
            put(out, token.len() as u32)?;
            out.write_all(token)?;
        }
        Ok(())
    }
}

impl<D: AsRef<[u8]>> Tensor<D> {
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        put(out, self.dims.len() as u32)?;
        put(out, self.name.len() as u32)?;
        put(out, self.kind.code())?;
        self.dims.iter().try_for_each(|dim| put(out, *dim))?;
        out.write_all(self.name.as_bytes())?;
        out.write_all(self.data.as_ref())
    }
}

/// A whole file, borrowing the tensors' data.
#[derive(Debug)]
pub struct File<'a> {
    pub head: Head,
    pub tensors: Vec<Tensor<&'a [u8]>>,
}

impl<'a> File<'a> {
    /// Parses and checks that every tensor is there to its last byte.
    pub fn parse(bytes: &'a [u8]) -> Result<File<'a>, GgmlError> {
        let mut reader = Reader::new(bytes);
        if reader.u32() != Some(MAGIC) {
            return Err(GgmlError::Magic);
        }
        let mut fields = [0; 11];
        for field in &mut fields {
            *field = get(&mut reader, "the sizes")?;
        }
        let sizes = Sizes {
            vocabulary: fields[0],
            audio_context: fields[1],
            audio_state: fields[2],
            audio_heads: fields[3],
            audio_layers: fields[4],
            text_context: fields[5],
            text_state: fields[6],
            text_heads: fields[7],
            text_layers: fields[8],
            mels: fields[9],
            file_type: fields[10],
        };
        let (bands, bins) = (get(&mut reader, "the filters")?, get(&mut reader, "the filters")?);
        let size = (bands as usize).saturating_mul(bins as usize).saturating_mul(4);
        let filters = take(&mut reader, size, "the filters")?
            .as_chunks::<4>()
            .0
            .iter()
            .map(|weight| f32::from_le_bytes(*weight))
            .collect();
        let mut tokens = Vec::new();
        for _ in 0..get(&mut reader, "the tokens")? {
            let length = get(&mut reader, "a token")? as usize;
            tokens.push(take(&mut reader, length, "a token")?.to_vec());
        }
        let mut tensors = Vec::new();
        while !reader.is_empty() {
            tensors.push(tensor(&mut reader)?);
        }
        Ok(File { head: Head { sizes, filters, tokens }, tensors })
    }
}

fn tensor<'a>(reader: &mut Reader<'a>) -> Result<Tensor<&'a [u8]>, GgmlError> {
    let rank = get(reader, "a tensor")? as usize;
    let length = get(reader, "a tensor")? as usize;
    let code = get(reader, "a tensor")?;
    let kind = Kind::from_code(code).ok_or(GgmlError::Kind(code))?;
    // whisper.cpp has room for four; a larger number is damage, not a tensor.
    if rank > 4 {
        return Err(GgmlError::Truncated { what: "a tensor", at: reader.position() });
    }
    let dims = (0..rank).map(|_| get(reader, "a tensor")).collect::<Result<Vec<u32>, _>>()?;
    let name = take(reader, length, "a tensor's name")?;
    let name = String::from_utf8(name.to_vec()).map_err(|_| GgmlError::Name)?;
    let count = dims.iter().try_fold(1_usize, |count, dim| count.checked_mul(*dim as usize));
    let size = count.and_then(|count| kind.bytes(count));
    let size = size.ok_or_else(|| GgmlError::Size { name: name.clone() })?;
    Ok(Tensor { name, dims, kind, data: take(reader, size, "a tensor's data")? })
}

fn put(out: &mut impl Write, value: u32) -> io::Result<()> {
    out.write_all(&value.to_le_bytes())
}

fn get(reader: &mut Reader<'_>, what: &'static str) -> Result<u32, GgmlError> {
    let at = reader.position();
    reader.u32().ok_or(GgmlError::Truncated { what, at })
}

fn take<'a>(reader: &mut Reader<'a>, count: usize, what: &'static str) -> Result<&'a [u8], GgmlError> {
    let at = reader.position();
    reader.take(count).ok_or(GgmlError::Truncated { what, at })
}

#[cfg(test)]
pub mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Two mel bands of three bins, two tokens, three tensors.
    pub fn sample() -> Vec<u8> {
        let sizes = Sizes {
            vocabulary: 4,
            audio_context: 2,
            audio_state: 32,
            audio_heads: 1,
            audio_layers: 0,
            text_context: 2,
            text_state: 32,
            text_heads: 1,
            text_layers: 0,
            mels: 2,
            file_type: 1,
        };
        let head = Head { sizes, filters: vec![0.5; 6], tokens: vec![b"a".to_vec(), vec![]] };
        let mut out = Vec::new();
        head.write(&mut out).unwrap();
        let tensors = [
            ("encoder.positional_embedding", vec![32, 2], Kind::F32, vec![1; 256]),
            ("decoder.token_embedding.weight", vec![32, 4], Kind::F16, vec![0x3c; 256]),
            ("decoder.ln.weight", vec![32], Kind::F32, vec![2; 128]),
        ];
        for (name, dims, kind, data) in tensors {
            Tensor { name: name.to_owned(), dims, kind, data }.write(&mut out).unwrap();
        }
        out
    }

    #[test]
    fn what_is_written_is_read_back() {
        let bytes = sample();
        let file = File::parse(&bytes).unwrap();
        assert_eq!(file.head.tokens, [b"a".to_vec(), vec![]]);
        assert_eq!(file.head.filters.len(), 6);
        assert_eq!(file.tensors.len(), 3);
        assert_eq!((file.tensors[1].dims.as_slice(), file.tensors[1].kind), ([32, 4].as_slice(), Kind::F16));
        let mut again = Vec::new();
        file.head.write(&mut again).unwrap();
        file.tensors.iter().for_each(|tensor| tensor.write(&mut again).unwrap());
        assert_eq!(again, bytes);
    }

    #[test]
    fn a_file_cut_within_a_tensor_is_refused() {
        let bytes = sample();
        assert!(matches!(File::parse(&bytes[..bytes.len() - 1]), Err(GgmlError::Truncated { .. })));
        assert_eq!(File::parse(b"RIFF....").unwrap_err(), GgmlError::Magic);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(tail in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut bytes = MAGIC.to_le_bytes().to_vec();
            bytes.extend(tail);
            let _ = File::parse(&bytes);
        }

        #[test]
        fn a_damaged_file_never_panics(at in any::<prop::sample::Index>(), value in any::<u8>()) {
            let mut bytes = sample();
            let index = at.index(bytes.len());
            bytes[index] = value;
            let _ = File::parse(&bytes);
        }
    }
}
