//! Who speaks: voices, told apart by a small network (CAM++) that runs here, in plain Rust.
//!
//! [`Voices`] is the network, read from the file that the set-up makes; without it nothing here is needed and who
//! spoke is told by what was said alone. A [`Voiceprint`] is personal data of the most sensitive kind: those of a
//! consultation live in memory while it is transcribed, and none is written down but the doctor's own, by their choice.

mod assign;
mod channels;
mod cut;
mod fbank;
mod groups;
mod layers;
mod network;
mod talk;
mod weights;

use std::path::Path;
use std::sync::Arc;

pub use channels::{BALANCE_MS, SILENT};
pub use cut::Part;
use network::{Network, SIZE};
use serde::{Deserialize, Serialize};
pub use talk::{Talk, Words};

use crate::SpeechError;

/// File name of the weights, as the set-up makes it.
pub const FILE: &str = "campplus-zh-en-192.safetensors";
/// Less speech than this says nothing of a voice.
pub const LEAST_MS: u32 = 400;
/// A whole file is below this, whatever it is called.
const LARGEST: u64 = 64 << 20;

/// The network of voices, in memory (28 MB). One is shared by all.
pub struct Voices {
    network: Network,
}

/// What is left of speech when everything but the voice is taken away: 192 numbers of length 1.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Voiceprint(Vec<f32>);

impl std::fmt::Debug for Voiceprint {
    /// Never the numbers: they would be somebody.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Voiceprint")
    }
}

impl Voices {
    /// Reads and checks the whole file.
    ///
    /// # Errors
    /// When it is missing, unreadable, or not this network's.
    pub fn open(path: &Path) -> Result<Arc<Self>, SpeechError> {
        let unreadable = |why: String| SpeechError::ModelUnreadable { path: path.into(), why };
        let about = std::fs::metadata(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => SpeechError::ModelMissing { path: path.into() },
            _ => unreadable(e.to_string()),
        })?;
        if about.len() > LARGEST {
            let why = format!("it has {} bytes, too many", about.len());
            return Err(SpeechError::ModelCorrupt { path: path.into(), why });
        }
        let bytes = std::fs::read(path).map_err(|e| unreadable(e.to_string()))?;
        let network = Network::read(&bytes)
            .map_err(|fault| SpeechError::ModelCorrupt { path: path.into(), why: fault.to_string() })?;
        Ok(Arc::new(Self { network }))
    }

    /// The voice in 16 kHz mono speech; `None` below [`LEAST_MS`]. Costs about a fortieth of the speech's length.
    #[must_use]
    pub fn print(&self, samples: &[i16]) -> Option<Voiceprint> {
        if samples.len() < LEAST_MS as usize * 16 {
            return None;
        }
        let frames = fbank::frames(samples.len());
        // The weights were checked against the network when they were read, so that all shapes fit.
        let numbers = self.network.voice(fbank::features(samples), frames).ok()?;
        Voiceprint::of(numbers)
    }
}

impl std::fmt::Debug for Voices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Voices")
    }
}

impl Voiceprint {
    /// Of length 1; `None` for what is no direction.
    fn of(mut numbers: Vec<f32>) -> Option<Self> {
        let length = numbers.iter().map(|n| n * n).sum::<f32>().sqrt();
        if numbers.len() != SIZE || !length.is_normal() {
            return None;
        }
        numbers.iter_mut().for_each(|n| *n /= length);
        Some(Self(numbers))
    }

    /// Between -1 and 1; above about 0.5 two prints of some seconds are of one voice.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> f32 {
        self.0.iter().zip(&other.0).map(|(a, b)| a * b).sum()
    }

    /// The middle of several, each counting by its weight.
    #[must_use]
    pub fn mean<'a>(prints: impl IntoIterator<Item = (&'a Self, f32)>) -> Option<Self> {
        let mut sum = vec![0.0; SIZE];
        for (print, weight) in prints {
            for (sum, n) in sum.iter_mut().zip(&print.0) {
                *sum += n * weight;
            }
        }
        Self::of(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three seconds of two tones in noise, the same each time.
    pub(super) fn signal() -> Vec<i16> {
        let mut state = 12_345_u32;
        let sample = |n: u32| {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345) & 0x7fff_ffff;
            let noise = f64::from(state >> 16) / 32_768.0 - 0.5;
            let t = f64::from(n) / 16_000.0;
            let low = (std::f64::consts::TAU * 150.0 * t * (1.0 + 0.1 * (3.0 * t).sin())).sin();
            let high = (std::f64::consts::TAU * 900.0 * t).sin();
            #[expect(clippy::cast_possible_truncation, reason = "within 12000")]
            let sample = ((0.3 * low + 0.2 * high + 0.1 * noise) * 20_000.0).round_ties_even() as i16;
            sample
        };
        (0..48_000).map(sample).collect()
    }

    #[test]
    fn a_file_that_is_missing_or_something_else_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        assert!(matches!(Voices::open(&path), Err(SpeechError::ModelMissing { .. })));
        for other in [&b""[..], b"something else altogether", &[0xff; 100]] {
            std::fs::write(&path, other).unwrap();
            assert!(matches!(Voices::open(&path), Err(SpeechError::ModelCorrupt { .. })));
        }
    }

    #[test]
    fn a_print_tells_nothing_when_it_is_logged() {
        let print = Voiceprint::of(vec![0.5; SIZE]).unwrap();
        assert_eq!(format!("{print:?}"), "Voiceprint");
        assert!((print.likeness(&print) - 1.0).abs() < 1e-5);
        assert_eq!(Voiceprint::of(vec![0.0; SIZE]), None);
    }
}
