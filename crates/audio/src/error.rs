//! Everything that can go wrong with a device or a file, in plain English, with its numbers.

use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why audio could not be captured, decoded or played.
///
/// Each case is its own variant so that callers can give each its own message; [`AudioError::kind`] is the same
/// distinction without the details, for wording on a screen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AudioError {
    /// The computer has no microphone that can be opened.
    #[error("no microphone was found: connect one, or check that the sound system is running")]
    NoDevice,
    /// The computer has no loudspeaker or headphones that can be opened.
    #[error("no loudspeaker was found: connect one, or check that the sound system is running")]
    NoOutput,
    /// The microphone that was chosen earlier is not connected.
    #[error("the microphone {device:?} is not connected")]
    DeviceMissing { device: String },
    /// Another program holds the device.
    #[error("{device:?} is in use by another program")]
    DeviceBusy { device: String },
    /// The operating system refuses access to the device.
    #[error("access to {device:?} was refused by the system: allow it in the privacy settings")]
    PermissionDenied { device: String },
    /// The device went away while it was in use. What had been captured was delivered.
    #[error("{device:?} was disconnected, or the sound system stopped")]
    DeviceLost { device: String },
    /// The device was opened but not one sample came.
    #[error("{device:?} gave no sound for {} s after it was opened", waited_ms / 1000)]
    DeviceSilent { device: String, waited_ms: u32 },
    /// The device gave samples, then none any more. What had been captured was delivered.
    #[error("{device:?} has given no sound for {} s", waited_ms / 1000)]
    DeviceStalled { device: String, waited_ms: u32 },
    /// The device has a sample format, rate or number of channels of its own kind.
    #[error("{device:?} gives a kind of sound which is not supported: {detail}")]
    DeviceUnsupported { device: String, detail: String },
    /// The sound system failed in a way of its own.
    #[error("the sound system failed while {action}: {detail}")]
    Backend { action: &'static str, detail: String },

    /// There is no file at this path.
    #[error("there is no file at {path}")]
    NotFound { path: String },
    /// The file exists but cannot be read.
    #[error("{file} cannot be read: {detail}")]
    Unreadable { file: String, detail: String },
    /// The file has zero bytes.
    #[error("{file} is empty (0 bytes)")]
    Empty { file: String },
    /// An audio file which holds no sound: zero samples.
    #[error("{file} is an audio file of {bytes} bytes with no sound in it (0 samples)")]
    NoAudio { file: String, bytes: u64 },
    /// Not an audio file of a known kind, whatever its name says.
    #[error("{file} ({bytes} bytes) is not an audio file of a known kind (WAV, FLAC, MP3, Ogg, M4A)")]
    NotAudio { file: String, bytes: u64 },
    /// An audio file whose codec or layout is not supported.
    #[error("{file} uses a kind of audio which is not supported: {detail}")]
    Unsupported { file: String, detail: String },
    /// The file ends too early. Everything before was delivered.
    #[error("{file} is cut off: {}", cut_off(*decoded_ms, *expected_ms))]
    Truncated {
        file: String,
        /// What could be read, in milliseconds.
        decoded_ms: u32,
        /// What the file says it should hold, where it says so.
        expected_ms: Option<u32>,
    },
    /// Parts of the file are damaged. The rest was delivered; silence stands for what was lost.
    #[error("{file} is damaged: {lost_ms} ms of its sound could not be read, first at {first_at_ms} ms")]
    Damaged { file: String, first_at_ms: u32, lost_ms: u32 },

    /// A playback speed outside what [`crate::Player`] offers. In thousandths: 1500 is one and a half.
    #[error("playback speed {}.{:03} is not between 0.75 and 2", per_mille / 1000, per_mille % 1000)]
    Speed { per_mille: u32 },
}

/// Which [`AudioError`] it is, without its details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AudioErrorKind {
    NoDevice,
    NoOutput,
    DeviceMissing,
    DeviceBusy,
    PermissionDenied,
    DeviceLost,
    DeviceSilent,
    DeviceStalled,
    DeviceUnsupported,
    Backend,
    NotFound,
    Unreadable,
    Empty,
    NoAudio,
    NotAudio,
    Unsupported,
    Truncated,
    Damaged,
    Speed,
}

impl AudioError {
    /// Which case this is, for a message of its own.
    pub fn kind(&self) -> AudioErrorKind {
        use AudioErrorKind as K;
        match self {
            AudioError::NoDevice => K::NoDevice,
            AudioError::NoOutput => K::NoOutput,
            AudioError::DeviceMissing { .. } => K::DeviceMissing,
            AudioError::DeviceBusy { .. } => K::DeviceBusy,
            AudioError::PermissionDenied { .. } => K::PermissionDenied,
            AudioError::DeviceLost { .. } => K::DeviceLost,
            AudioError::DeviceSilent { .. } => K::DeviceSilent,
            AudioError::DeviceStalled { .. } => K::DeviceStalled,
            AudioError::DeviceUnsupported { .. } => K::DeviceUnsupported,
            AudioError::Backend { .. } => K::Backend,
            AudioError::NotFound { .. } => K::NotFound,
            AudioError::Unreadable { .. } => K::Unreadable,
            AudioError::Empty { .. } => K::Empty,
            AudioError::NoAudio { .. } => K::NoAudio,
            AudioError::NotAudio { .. } => K::NotAudio,
            AudioError::Unsupported { .. } => K::Unsupported,
            AudioError::Truncated { .. } => K::Truncated,
            AudioError::Damaged { .. } => K::Damaged,
            AudioError::Speed { .. } => K::Speed,
        }
    }

    /// Whether everything that could be read was delivered before this error: the caller may keep it.
    pub fn is_partial(&self) -> bool {
        use AudioErrorKind as K;
        matches!(self.kind(), K::Truncated | K::Damaged | K::DeviceLost | K::DeviceStalled)
    }

    /// What cpal says about a named device, as one of ours.
    pub(crate) fn from_device(error: &cpal::Error, device: &str, action: &'static str) -> AudioError {
        let device = device.to_owned();
        match error.kind() {
            cpal::ErrorKind::DeviceBusy => AudioError::DeviceBusy { device },
            cpal::ErrorKind::PermissionDenied => AudioError::PermissionDenied { device },
            cpal::ErrorKind::DeviceNotAvailable => AudioError::DeviceMissing { device },
            cpal::ErrorKind::HostUnavailable | cpal::ErrorKind::StreamInvalidated => {
                AudioError::DeviceLost { device }
            }
            _ => AudioError::Backend { action, detail: format!("{device}: {error}") },
        }
    }
}

/// The last part of a path, for messages.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn cut_off(decoded_ms: u32, expected_ms: Option<u32>) -> String {
    match expected_ms {
        Some(expected) => format!("{decoded_ms} ms of its {expected} ms could be read"),
        None => format!("{decoded_ms} ms could be read, the end is missing"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_file_and_the_numbers() {
        let cut =
            AudioError::Truncated { file: "visit.wav".into(), decoded_ms: 1500, expected_ms: Some(4000) };
        assert_eq!(cut.to_string(), "visit.wav is cut off: 1500 ms of its 4000 ms could be read");
        let unknown = AudioError::Truncated { file: "a.ogg".into(), decoded_ms: 20, expected_ms: None };
        assert_eq!(unknown.to_string(), "a.ogg is cut off: 20 ms could be read, the end is missing");
        let silent = AudioError::DeviceSilent { device: "USB".into(), waited_ms: 4000 };
        assert_eq!(silent.to_string(), "\"USB\" gave no sound for 4 s after it was opened");
        let speed = AudioError::Speed { per_mille: 3050 };
        assert_eq!(speed.to_string(), "playback speed 3.050 is not between 0.75 and 2");
    }

    #[test]
    fn only_errors_that_come_after_delivered_audio_are_partial() {
        assert!(AudioError::DeviceLost { device: String::new() }.is_partial());
        assert!(!AudioError::NoDevice.is_partial());
        assert!(!AudioError::Empty { file: String::new() }.is_partial());
    }
}
