//! A model file in memory, in the order in which it is multiplied.

use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom};

use half::f16;

use super::kernels::{BLOCK, HEAD};
use super::mel::{FREQUENCIES, Mel};
use super::panels::Panels;
use super::vocabulary::Vocabulary;
use crate::layout::{Dimensions, Fault, Kind, Layout, Tensor};

pub(crate) struct Norm {
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
}

/// A matrix and what is added after it.
pub(crate) struct Linear {
    pub matrix: Panels,
    pub bias: Vec<f32>,
}

/// Attention to oneself: query, key and value in one matrix.
pub(crate) struct Inward {
    pub norm: Norm,
    pub inner: Linear,
    pub out: Linear,
}

/// Attention of the text to the sound.
pub(crate) struct Outward {
    pub norm: Norm,
    pub query: Linear,
    pub key_value: Linear,
    pub out: Linear,
}

pub(crate) struct Widening {
    pub norm: Norm,
    pub up: Linear,
    pub down: Linear,
}

pub(crate) struct EncoderLayer {
    pub attention: Inward,
    pub widening: Widening,
}

pub(crate) struct DecoderLayer {
    pub attention: Inward,
    pub outward: Outward,
    pub widening: Widening,
}

pub(crate) struct Weights {
    pub state: usize,
    pub heads: usize,
    pub mel: Mel,
    pub vocabulary: Vocabulary,
    /// Each with three frames side by side in its columns.
    pub convolutions: [Linear; 2],
    pub audio_positions: Vec<f32>,
    pub encoder: Vec<EncoderLayer>,
    pub encoder_norm: Norm,
    pub text_positions: Vec<f32>,
    /// One row per token: first those of [`Vocabulary::heard`], in that order, then the others.
    pub tokens: Panels,
    /// Row of each token in it.
    pub rows: Vec<u32>,
    pub decoder: Vec<DecoderLayer>,
    pub decoder_norm: Norm,
}

impl Weights {
    /// Reads a file that was found whole.
    pub fn read<R: Read + Seek>(source: &mut R, layout: &Layout) -> Result<Self, Fault> {
        let d = &layout.dimensions;
        let (state, heads) = (d.audio_state as usize, d.audio_heads as usize);
        if state != heads * HEAD || d.text_heads != d.audio_heads {
            return Err(Fault::Corrupt(format!("{heads} heads share {state} numbers")));
        }
        let (mel, vocabulary) = head(source, layout)?;
        let mut file =
            File { source, tensors: layout.tensors.iter().map(|t| (t.name.as_str(), t)).collect() };

        let mut rows = vec![u32::MAX; d.vocabulary as usize];
        let mut order = vocabulary.heard.clone();
        for (row, token) in (0..).zip(&order) {
            rows[*token as usize] = row;
        }
        for token in 0..d.vocabulary {
            if rows[token as usize] == u32::MAX {
                rows[token as usize] = u32::try_from(order.len()).unwrap_or(u32::MAX);
                order.push(token);
            }
        }
        let embedding = file.matrix("decoder.token_embedding.weight")?;
        let tokens = Panels::from_blocks(order.len(), state, |at, blocks| {
            embedding.blocks(order[at] as usize, blocks);
        });
        drop(embedding);

        Ok(Self {
            state,
            heads,
            mel,
            vocabulary,
            convolutions: [file.convolution("encoder.conv1")?, file.convolution("encoder.conv2")?],
            audio_positions: file.numbers("encoder.positional_embedding")?,
            encoder: (0..d.audio_layers)
                .map(|layer| {
                    let name = format!("encoder.blocks.{layer}");
                    Ok(EncoderLayer { attention: file.inward(&name)?, widening: file.widening(&name)? })
                })
                .collect::<Result<_, Fault>>()?,
            encoder_norm: file.norm("encoder.ln_post")?,
            text_positions: file.numbers("decoder.positional_embedding")?,
            tokens,
            rows,
            decoder: (0..d.text_layers)
                .map(|layer| {
                    let name = format!("decoder.blocks.{layer}");
                    Ok(DecoderLayer {
                        attention: file.inward(&name)?,
                        outward: file.outward(&name)?,
                        widening: file.widening(&name)?,
                    })
                })
                .collect::<Result<_, Fault>>()?,
            decoder_norm: file.norm("decoder.ln")?,
        })
    }
}

/// The filters and the vocabulary, which stand before the tensors.
fn head<R: Read + Seek>(source: &mut R, layout: &Layout) -> Result<(Mel, Vocabulary), Fault> {
    let mut bytes = vec![0; usize::try_from(layout.head_bytes).unwrap_or(usize::MAX)];
    source.rewind().map_err(Fault::Io)?;
    source.read_exact(&mut bytes).map_err(Fault::Io)?;
    let short = || Fault::Corrupt("the head is cut short".into());
    let number = |at: usize| -> Result<u32, Fault> {
        let bytes = bytes.get(at..at + 4).and_then(|b| b.first_chunk()).ok_or_else(short)?;
        Ok(u32::from_le_bytes(*bytes))
    };
    let bands = layout.dimensions.mels as usize;
    let mut at = 4 + 4 * Dimensions::COUNT + 8;
    let mut filters = Vec::with_capacity(bands * FREQUENCIES);
    for _ in 0..bands * FREQUENCIES {
        filters.push(f32::from_bits(number(at)?));
        at += 4;
    }
    let count = number(at)?;
    at += 4;
    let mut pieces = Vec::with_capacity(count as usize);
    for _ in 0..count {
        let length = number(at)? as usize;
        at += 4;
        pieces.push(bytes.get(at..at + length).ok_or_else(short)?.to_vec());
        at += length;
    }
    Ok((Mel::new(bands, filters), Vocabulary::new(layout.dimensions.vocabulary, pieces)))
}

struct File<'a, R> {
    source: &'a mut R,
    tensors: HashMap<&'a str, &'a Tensor>,
}

/// A matrix as it stands in the file.
struct Stored {
    kind: Kind,
    rows: usize,
    columns: usize,
    bytes: Vec<u8>,
}

impl<R: Read + Seek> File<'_, R> {
    fn matrix(&mut self, name: &str) -> Result<Stored, Fault> {
        let tensor = self.tensors.get(name).ok_or_else(|| Fault::Corrupt(format!("{name} is missing")))?;
        let mut bytes = vec![0; usize::try_from(tensor.bytes).unwrap_or(usize::MAX)];
        self.source.seek(SeekFrom::Start(tensor.at)).map_err(Fault::Io)?;
        self.source.read_exact(&mut bytes).map_err(Fault::Io)?;
        let columns = tensor.dimensions.first().map_or(1, |d| *d as usize);
        let rows = tensor.dimensions.iter().skip(1).map(|d| *d as usize).product();
        Ok(Stored { kind: tensor.kind, rows, columns, bytes })
    }

    fn numbers(&mut self, name: &str) -> Result<Vec<f32>, Fault> {
        let stored = self.matrix(name)?;
        let mut numbers = vec![0.0; stored.rows * stored.columns];
        for (at, row) in numbers.chunks_exact_mut(stored.columns).enumerate() {
            stored.row(at, row);
        }
        Ok(numbers)
    }

    fn norm(&mut self, name: &str) -> Result<Norm, Fault> {
        Ok(Norm {
            weight: self.numbers(&format!("{name}.weight"))?,
            bias: self.numbers(&format!("{name}.bias"))?,
        })
    }

    fn linear(&mut self, name: &str) -> Result<Linear, Fault> {
        let stored = self.matrix(&format!("{name}.weight"))?;
        let matrix = Panels::from_blocks(stored.rows, stored.columns, |at, blocks| stored.blocks(at, blocks));
        Ok(Linear { matrix, bias: self.numbers(&format!("{name}.bias"))? })
    }

    /// Several matrices one below the other.
    fn joined(&mut self, attention: &str, names: &[&str]) -> Result<Linear, Fault> {
        let mut parts = Vec::with_capacity(names.len());
        let mut bias = Vec::new();
        for name in names {
            let part = self.matrix(&format!("{attention}.{name}.weight"))?;
            if *name == "key" {
                bias.resize(bias.len() + part.rows, 0.0);
            } else {
                bias.extend(self.numbers(&format!("{attention}.{name}.bias"))?);
            }
            parts.push(part);
        }
        let (rows, columns) = (parts[0].rows, parts[0].columns);
        let matrix = Panels::from_blocks(rows * parts.len(), columns, |at, blocks| {
            parts[at / rows].blocks(at % rows, blocks);
        });
        Ok(Linear { matrix, bias })
    }

    fn inward(&mut self, layer: &str) -> Result<Inward, Fault> {
        Ok(Inward {
            norm: self.norm(&format!("{layer}.attn_ln"))?,
            inner: self.joined(&format!("{layer}.attn"), &["query", "key", "value"])?,
            out: self.linear(&format!("{layer}.attn.out"))?,
        })
    }

    fn outward(&mut self, layer: &str) -> Result<Outward, Fault> {
        Ok(Outward {
            norm: self.norm(&format!("{layer}.cross_attn_ln"))?,
            query: self.linear(&format!("{layer}.cross_attn.query"))?,
            key_value: self.joined(&format!("{layer}.cross_attn"), &["key", "value"])?,
            out: self.linear(&format!("{layer}.cross_attn.out"))?,
        })
    }

    fn widening(&mut self, layer: &str) -> Result<Widening, Fault> {
        Ok(Widening {
            norm: self.norm(&format!("{layer}.mlp_ln"))?,
            up: self.linear(&format!("{layer}.mlp.0"))?,
            down: self.linear(&format!("{layer}.mlp.2"))?,
        })
    }

    /// In the file the three frames of a channel follow one another; here the channels of a frame do.
    fn convolution(&mut self, name: &str) -> Result<Linear, Fault> {
        let tensor = self.tensors.get(format!("{name}.weight").as_str());
        let channels = tensor.and_then(|t| t.dimensions.get(1)).map_or(0, |d| *d as usize);
        let numbers = self.numbers(&format!("{name}.weight"))?;
        let bias = self.numbers(&format!("{name}.bias"))?;
        let matrix = Panels::full(bias.len(), 3 * channels, |at, row| {
            let own = &numbers[at * 3 * channels..][..3 * channels];
            for (channel, frames) in own.chunks_exact(3).enumerate() {
                for (frame, number) in frames.iter().enumerate() {
                    row[frame * channels + channel] = *number;
                }
            }
        });
        Ok(Linear { matrix, bias })
    }
}

impl Stored {
    fn row(&self, at: usize, out: &mut [f32]) {
        let bytes = self.bytes.len() / self.rows;
        self.kind.read(&self.bytes[at * bytes..][..bytes], out);
    }

    /// A row in eight bits: as it stands where the file is quantised so, else made so.
    fn blocks(&self, at: usize, blocks: &mut [(f32, [i8; BLOCK])]) {
        if self.kind == Kind::Q8_0 {
            const SIZE: usize = 2 + BLOCK;
            let bytes = self.columns / BLOCK * SIZE;
            let (whole, _) = self.bytes[at * bytes..][..bytes].as_chunks::<SIZE>();
            for ((scale, numbers), block) in blocks.iter_mut().zip(whole) {
                *scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
                *numbers = std::array::from_fn(|n| block[2 + n].cast_signed());
            }
            return;
        }
        let mut row = vec![0.0; self.columns.next_multiple_of(BLOCK)];
        self.row(at, &mut row[..self.columns]);
        for (block, numbers) in blocks.iter_mut().zip(row.as_chunks::<BLOCK>().0) {
            *block = super::panels::quantised(numbers);
        }
    }
}
