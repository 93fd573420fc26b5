use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::Path;

use half::f16;

use crate::SpeechError;
use crate::layout::{Dimensions, Kind, Layout, Tensor};
use crate::model::refusal;

const BLOCK: usize = 32;

/// Writes the model `from` (f32 or f16) to `to` with its matrices in blocks of 32 eight-bit numbers (q8_0): little
/// more than half the size, and as accurate. The file is the same, bit for bit, as whisper.cpp's own tool makes of the
/// same input; no crate has that tool, which is a program beside whisper.cpp's library.
///
/// `progress` is told the share that is done, 0 to 1; [`ControlFlow::Break`] ends it and leaves nothing behind.
///
/// # Errors
/// When `from` is no whole model, is quantised already, or `to` cannot be written; `to` is then removed.
pub(crate) fn quantise(
    from: &Path,
    to: &Path,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<(), SpeechError> {
    let layout = open(from).and_then(|source| Layout::read(source).map_err(|fault| refusal(from, fault)))?;
    if !is_quantisable(&layout) {
        return Err(SpeechError::NotQuantisable { path: from.into(), why: "it is quantised already".into() });
    }
    let written = convert(from, &layout, to, progress);
    if written.is_err() {
        // A half-written model must not lie around; that it cannot be removed adds nothing to the first error.
        let _ = std::fs::remove_file(to);
    }
    written
}

/// Whether its numbers are still whole, in 32 or 16 bits.
pub(crate) fn is_quantisable(layout: &Layout) -> bool {
    layout.dimensions.file_type <= 1
}

fn open(path: &Path) -> Result<File, SpeechError> {
    File::open(path).map_err(|e| SpeechError::ModelUnreadable { path: path.into(), why: e.to_string() })
}

fn convert(
    from: &Path,
    layout: &Layout,
    to: &Path,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<(), SpeechError> {
    let unreadable =
        |e: std::io::Error| SpeechError::ModelUnreadable { path: from.into(), why: e.to_string() };
    let unwritable = |e: std::io::Error| SpeechError::Write { path: to.into(), why: e.to_string() };
    let mut source = open(from)?;
    let mut target = BufWriter::with_capacity(1 << 20, File::create(to).map_err(unwritable)?);

    let mut bytes = vec![0; usize::try_from(layout.head_bytes).unwrap_or(usize::MAX)];
    source.read_exact(&mut bytes).map_err(unreadable)?;
    // The file type is the last of the dimensions, which follow the magic number.
    let at = 4 * Dimensions::COUNT;
    if let Some(file_type) = bytes.get_mut(at..at + 4) {
        file_type.copy_from_slice(&Kind::Q8_0_FILE_TYPE.to_le_bytes());
    }
    target.write_all(&bytes).map_err(unwritable)?;

    let total = layout.tensors.iter().map(|tensor| tensor.bytes).sum::<u64>().max(1);
    let mut done = 0;
    for tensor in &layout.tensors {
        source.seek(SeekFrom::Start(tensor.at)).map_err(unreadable)?;
        bytes.resize(usize::try_from(tensor.bytes).unwrap_or(usize::MAX), 0);
        source.read_exact(&mut bytes).map_err(unreadable)?;
        let quantised = is_quantised(tensor).then(|| blocks(&numbers(tensor.kind, &bytes)));
        let kind = if quantised.is_some() { Kind::Q8_0 } else { tensor.kind };
        target.write_all(&entry(tensor, kind)).map_err(unwritable)?;
        target.write_all(quantised.as_deref().unwrap_or(&bytes)).map_err(unwritable)?;
        done += tensor.bytes;
        #[expect(clippy::cast_precision_loss, reason = "a share, for the eyes")]
        let share = done as f32 / total as f32;
        if progress(share).is_break() {
            return Err(SpeechError::Cancelled);
        }
    }
    let file = target.into_inner().map_err(|e| unwritable(e.into_error()))?;
    file.sync_all().map_err(unwritable)
}

/// Matrices are; biases, norms, convolutions and positions stay as they are.
fn is_quantised(tensor: &Tensor) -> bool {
    tensor.dimensions.len() == 2 && tensor.name.ends_with(".weight")
}

fn entry(tensor: &Tensor, kind: Kind) -> Vec<u8> {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut bytes = Vec::new();
    for number in [count(tensor.dimensions.len()), count(tensor.name.len()), kind.number()] {
        bytes.extend(number.to_le_bytes());
    }
    for dimension in &tensor.dimensions {
        bytes.extend(dimension.to_le_bytes());
    }
    bytes.extend(tensor.name.as_bytes());
    bytes
}

fn numbers(kind: Kind, bytes: &[u8]) -> Vec<f32> {
    if kind == Kind::F32 {
        bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
    } else {
        bytes.as_chunks::<2>().0.iter().map(|b| f16::from_le_bytes(*b).to_f32()).collect()
    }
}

/// Each block: a scale in half precision, then 32 signed bytes.
fn blocks(numbers: &[f32]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(numbers.len() / BLOCK * (2 + BLOCK));
    for block in numbers.chunks_exact(BLOCK) {
        let largest = block.iter().fold(0.0_f32, |largest, n| largest.max(n.abs()));
        let scale = largest / 127.0;
        let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
        bytes.extend(f16::from_f32(scale).to_le_bytes());
        #[expect(clippy::cast_possible_truncation, reason = "within -127 to 127 by the choice of the scale")]
        bytes.extend(block.iter().map(|n| ((n * inverse).round() as i8).cast_unsigned()));
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::tests::tiny_model;

    const GO_ON: ControlFlow<()> = ControlFlow::Continue(());

    #[test]
    fn the_result_is_a_whole_model_of_quantised_matrices() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("f16.bin"), folder.path().join("q8.bin"));
        std::fs::write(&from, tiny_model(1, 51_865)).unwrap();
        quantise(&from, &to, &mut |_| GO_ON).unwrap();
        let layout = Layout::read(File::open(&to).unwrap()).unwrap();
        assert_eq!(layout.dimensions.file_type, Kind::Q8_0_FILE_TYPE);
        let again = quantise(&to, &from.with_extension("2"), &mut |_| GO_ON);
        assert!(matches!(again, Err(SpeechError::NotQuantisable { .. })));
    }

    #[test]
    fn a_truncated_model_is_refused_and_nothing_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("f16.bin"), folder.path().join("q8.bin"));
        let whole = tiny_model(1, 51_865);
        std::fs::write(&from, &whole[..whole.len() - 9]).unwrap();
        let cut = quantise(&from, &to, &mut |_| GO_ON);
        assert!(matches!(cut, Err(SpeechError::ModelTruncated { .. })));
        assert!(!to.exists());
    }

    #[test]
    fn numbers_come_back_within_half_a_step_of_their_block() {
        #[expect(clippy::cast_precision_loss)]
        let numbers: Vec<f32> = (0..64).map(|n| (n as f32 * 0.7).sin() * 3.0).collect();
        let bytes = blocks(&numbers);
        for (block, original) in bytes.chunks_exact(34).zip(numbers.chunks_exact(32)) {
            let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
            for (byte, number) in block[2..].iter().zip(original) {
                assert!((f32::from(byte.cast_signed()) * scale - number).abs() <= scale * 0.51);
            }
        }
    }

    #[test]
    fn a_block_of_zeros_stays_zero() {
        assert_eq!(blocks(&[0.0; 32]), [0; 34]);
    }
}
