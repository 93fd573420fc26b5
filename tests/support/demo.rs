//! The demo consultation, whole or in part.

#![allow(clippy::unwrap_used)] // What cannot be set up fails the test.

use std::path::{Path, PathBuf};

use audio::{Decoder, SAMPLE_RATE};

/// The French demo consultation.
#[must_use]
pub fn french() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/demo/fr/consultation.ogg")
}

/// Writes what is said in the French demo between two times, in milliseconds, as a 16 kHz mono WAV file.
///
/// # Panics
/// When it cannot be read or written.
pub fn excerpt(from_ms: usize, to_ms: usize, wav: &Path) {
    let at = |ms: usize| ms * SAMPLE_RATE as usize / 1000;
    let samples = Decoder::open(&french()).unwrap().flat_map(Result::unwrap);
    let format = hound::WavSpec {
        channels: 1,
        sample_rate: SAMPLE_RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = hound::WavWriter::create(wav, format).unwrap();
    for sample in samples.take(at(to_ms)).skip(at(from_ms)) {
        file.write_sample(sample).unwrap();
    }
    file.finalize().unwrap();
}
