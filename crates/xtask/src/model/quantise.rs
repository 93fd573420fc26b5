//! 16-bit ggml → `q8_0`, number for number as whisper.cpp's own quantise tool does it.

use std::io::{self, Write};

use half::f16;

use super::ggml::{File, Head, Kind, Tensor};

/// `q8_0` in whisper.cpp's file types, under the second version of its quantisation.
const FILE_TYPE: u32 = 2007;
const BLOCK: usize = 32;

/// Two-dimensional tensors that stay as they are: whisper.cpp reads them as 32-bit floats.
const KEPT: [&str; 4] = [
    "encoder.conv1.bias",
    "encoder.conv2.bias",
    "encoder.positional_embedding",
    "decoder.positional_embedding",
];

/// Writes `file` with every matrix quantised; `on` is told the bytes of `file` dealt with, tensor by tensor.
pub fn write(file: &File<'_>, out: &mut impl Write, on: &mut dyn FnMut(u64)) -> io::Result<()> {
    let mut head: Head = file.head.clone();
    head.sizes.file_type = FILE_TYPE;
    head.write(out)?;
    for tensor in &file.tensors {
        match numbers(tensor) {
            Some(values) => {
                let tensor = Tensor {
                    name: tensor.name.clone(),
                    dims: tensor.dims.clone(),
                    kind: Kind::Q8,
                    data: quantise(&values),
                };
                tensor.write(out)?;
            }
            None => tensor.write(out)?,
        }
        on(tensor.data.len() as u64);
    }
    Ok(())
}

/// The numbers of a tensor that is to be quantised: a matrix of floats whose rows are whole blocks.
fn numbers(tensor: &Tensor<&[u8]>) -> Option<Vec<f32>> {
    if tensor.dims.len() != 2 || KEPT.contains(&tensor.name.as_str()) {
        return None;
    }
    if !(tensor.dims[0] as usize).is_multiple_of(BLOCK) {
        return None;
    }
    match tensor.kind {
        Kind::F16 => {
            Some(tensor.data.as_chunks().0.iter().map(|bytes| f16::from_le_bytes(*bytes).to_f32()).collect())
        }
        Kind::F32 => Some(tensor.data.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()),
        _ => None,
    }
}

fn quantise(values: &[f32]) -> Vec<u8> {
    let mut out = Vec::with_capacity(values.len() / BLOCK * (BLOCK + 2));
    for block in values.as_chunks::<BLOCK>().0 {
        let largest = block.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        let scale = largest / 127.0;
        let inverse = if scale == 0.0 { 0.0 } else { 1.0 / scale };
        out.extend(f16::from_f32(scale).to_le_bytes());
        out.extend(block.iter().flat_map(|value| ((value * inverse).round() as i8).to_le_bytes()));
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::ggml;
    use super::*;

    #[test]
    fn matrices_shrink_and_the_rest_is_kept() {
        let bytes = ggml::tests::sample();
        let file = File::parse(&bytes).unwrap();
        let mut out = Vec::new();
        let mut seen = 0;
        write(&file, &mut out, &mut |bytes| seen += bytes).unwrap();
        let made = File::parse(&out).unwrap();
        assert_eq!((made.head.sizes.file_type, made.head.sizes.base_type()), (2007, 7));
        assert_eq!(
            made.tensors.iter().map(|tensor| tensor.kind).collect::<Vec<_>>(),
            [Kind::F32, Kind::Q8, Kind::F32]
        );
        assert_eq!(made.tensors[1].data.len(), 4 * 34);
        assert_eq!(made.tensors[0], file.tensors[0]);
        assert_eq!(seen, 256 + 256 + 128);
    }

    #[test]
    fn a_block_of_zeros_has_scale_zero() {
        assert_eq!(quantise(&[0.0; 32]), [0; 34]);
    }

    proptest! {
        #[test]
        fn each_number_comes_back_within_half_a_step(values in proptest::collection::vec(-4.0_f32..4.0, 32)) {
            let block = quantise(&values);
            let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
            for (value, byte) in values.iter().zip(&block[2..]) {
                let back = f32::from(*byte as i8) * scale;
                prop_assert!((back - value).abs() <= scale * 0.57, "{value} came back as {back}");
            }
        }
    }
}
