//! Microphone and files to 16 kHz mono; playback.
//!
//! Everything that leaves this crate is signed 16-bit mono at [`SAMPLE_RATE`]; every rate, format and channel count
//! that devices and files have is converted here, and only here.
//!
//! * [`input_devices`] and [`Capture`]: a microphone, as a stream of [`CaptureEvent`]s.
//! * [`Decoder`]: an audio file (WAV, FLAC, MP3, Ogg Vorbis, Ogg Opus, M4A), block by block.
//! * [`Player`]: a clip through the default loudspeaker, slower or faster at unchanged pitch.
//!
//! Nothing is written to disk or to a log: audio and file names are the patient's.

mod balance;
mod capture;
mod decode;
mod devices;
mod error;
mod health;
mod level;
mod play;
mod resample;
mod sample;
mod stretch;

pub use balance::{BALANCE_MS, BALANCE_SILENT};
pub use capture::{Capture, CaptureEvent};
pub use decode::Decoder;
pub use devices::{InputDevice, input_devices};
pub use error::{AudioError, AudioErrorKind};
pub use play::{MAX_SPEED, MIN_SPEED, Player};

/// Samples per second of everything this crate yields, and of what [`Player`] takes.
pub const SAMPLE_RATE: u32 = 16_000;

/// Duration of a number of 16 kHz samples, in whole milliseconds, rounded to the nearest.
pub(crate) fn samples_to_ms(samples: u64) -> u32 {
    let rate = u64::from(SAMPLE_RATE);
    u32::try_from((samples.saturating_mul(1000) + rate / 2) / rate).unwrap_or(u32::MAX)
}
