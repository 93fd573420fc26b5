//! How the numbers of a model file are stored.

use half::f16;

/// The quantisation format version is carried in the file type as a multiple of this.
pub(crate) const VERSION_FACTOR: u32 = 1000;

/// How the numbers of a tensor are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    F32,
    F16,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
}

impl Kind {
    pub const ALL: [Self; 7] =
        [Self::F32, Self::F16, Self::Q4_0, Self::Q4_1, Self::Q5_0, Self::Q5_1, Self::Q8_0];
    pub const Q8_0_FILE_TYPE: u32 = 2 * VERSION_FACTOR + 7;

    pub fn from_file_type(number: u32) -> Option<Self> {
        Some(match number {
            0 => Self::F32,
            1 => Self::F16,
            2 => Self::Q4_0,
            3 => Self::Q4_1,
            7 => Self::Q8_0,
            8 => Self::Q5_0,
            9 => Self::Q5_1,
            _ => return None,
        })
    }

    /// ggml's number of this tensor type.
    pub const fn number(self) -> u32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q4_0 => 2,
            Self::Q4_1 => 3,
            Self::Q5_0 => 6,
            Self::Q5_1 => 7,
            Self::Q8_0 => 8,
        }
    }

    /// Numbers in a block, and its bytes.
    const fn block(self) -> (u64, u64) {
        match self {
            Self::F32 => (1, 4),
            Self::F16 => (1, 2),
            Self::Q4_0 => (32, 18),
            Self::Q4_1 => (32, 20),
            Self::Q5_0 => (32, 22),
            Self::Q5_1 => (32, 24),
            Self::Q8_0 => (32, 34),
        }
    }

    /// Numbers of one row, in full.
    pub fn read(self, bytes: &[u8], out: &mut [f32]) {
        match self {
            Self::F32 => {
                for (o, b) in out.iter_mut().zip(bytes.as_chunks().0) {
                    *o = f32::from_le_bytes(*b);
                }
            }
            Self::F16 => {
                for (o, b) in out.iter_mut().zip(bytes.as_chunks().0) {
                    *o = f16::from_le_bytes(*b).to_f32();
                }
            }
            Self::Q8_0 => blocks::<34>(bytes, out, |block, at| f32::from(block[2 + at].cast_signed())),
            Self::Q4_0 => blocks::<18>(bytes, out, |block, at| f32::from(four(&block[2..], at)) - 8.0),
            Self::Q4_1 => blocks::<20>(bytes, out, |block, at| f32::from(four(&block[4..], at))),
            Self::Q5_0 => blocks::<22>(bytes, out, |block, at| f32::from(five(&block[2..], at)) - 16.0),
            Self::Q5_1 => blocks::<24>(bytes, out, |block, at| f32::from(five(&block[4..], at))),
        }
    }

    /// Bytes of a tensor, when its rows are whole blocks.
    pub fn bytes(self, dimensions: &[u32]) -> Option<u64> {
        let (numbers, bytes) = self.block();
        let count: u64 = dimensions.iter().map(|&d| u64::from(d)).product();
        let row = u64::from(*dimensions.first()?);
        (row % numbers == 0).then_some(count / numbers * bytes)
    }
}

/// Blocks of 32 numbers of `SIZE` bytes: a scale, in the forms of even size an offset too, then what `number` reads.
fn blocks<const SIZE: usize>(bytes: &[u8], out: &mut [f32], number: impl Fn(&[u8; SIZE], usize) -> f32) {
    let has_offset = SIZE == 20 || SIZE == 24;
    let half = |pair: [u8; 2]| f16::from_le_bytes(pair).to_f32();
    for (out, block) in out.chunks_mut(32).zip(bytes.as_chunks::<SIZE>().0) {
        let scale = half([block[0], block[1]]);
        let offset = if has_offset { half([block[2], block[3]]) } else { 0.0 };
        for (at, o) in out.iter_mut().enumerate() {
            *o = number(block, at) * scale + offset;
        }
    }
}

/// Four bits: the first half of a block in the low halves of its bytes.
fn four(bytes: &[u8], at: usize) -> u8 {
    if at < 16 { bytes[at] & 15 } else { bytes[at - 16] >> 4 }
}

/// As [`four`], after four bytes that hold the fifth bits.
fn five(bytes: &[u8], at: usize) -> u8 {
    four(&bytes[4..], at) | (bytes[at / 8] >> (at % 8) & 1) << 4
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block of 32 numbers from -1 to 1 as ggml writes it in each form, by its reference code.
    #[test]
    fn each_form_gives_back_the_numbers_it_was_made_from() {
        let numbers: Vec<f32> = (0..32_u8).map(|n| f32::from(n) / 15.5 - 1.0).collect();
        let halves = |values: &[f32]| -> Vec<u8> {
            values.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()).collect()
        };
        let pack = |level: &dyn Fn(f32) -> u8, fifth: bool| -> Vec<u8> {
            let levels: Vec<u8> = numbers.iter().map(|n| level(*n)).collect();
            let mut bytes = Vec::new();
            if fifth {
                let bits =
                    levels.iter().enumerate().fold(0_u32, |bits, (at, l)| bits | u32::from(l >> 4) << at);
                bytes.extend(bits.to_le_bytes());
            }
            bytes.extend((0..16).map(|at| levels[at] & 15 | levels[at + 16] << 4));
            bytes
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let level = |x: f32| x.round() as u8;
        let forms: [(Kind, Vec<u8>, f32); 6] = [
            (Kind::F32, numbers.iter().flat_map(|n| n.to_le_bytes()).collect(), 0.0),
            (Kind::F16, halves(&numbers), 0.001),
            (Kind::Q4_0, [halves(&[0.125]), pack(&|n| level(n * 8.0 + 8.0).min(15), false)].concat(), 0.13),
            (
                Kind::Q4_1,
                [halves(&[2.0 / 15.0, -1.0]), pack(&|n| level((n + 1.0) * 7.5), false)].concat(),
                0.07,
            ),
            (Kind::Q5_0, [halves(&[0.0625]), pack(&|n| level(n * 16.0 + 16.0).min(31), true)].concat(), 0.07),
            (
                Kind::Q5_1,
                [halves(&[2.0 / 31.0, -1.0]), pack(&|n| level((n + 1.0) * 15.5), true)].concat(),
                0.035,
            ),
        ];
        for (kind, bytes, fault) in forms {
            assert_eq!(kind.bytes(&[32, 1]), Some(bytes.len() as u64), "{kind:?}");
            let mut read = vec![0.0; 32];
            kind.read(&bytes, &mut read);
            for (found, right) in read.iter().zip(&numbers) {
                assert!((found - right).abs() <= fault, "{kind:?}: {found} for {right}");
            }
        }
    }
}
