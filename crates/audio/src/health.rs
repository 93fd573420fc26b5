//! What a stream's error callback tells the thread that owns the stream.

use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};

use cpal::ErrorKind;

use crate::AudioError;

/// Set by the error callback, read by the owner of the stream. Atomics only.
#[derive(Debug, Default)]
pub(crate) struct Health {
    /// Losses that the system reported, of unknown size.
    overruns: AtomicU32,
    /// 0, or a [`Failure`].
    failure: AtomicU8,
}

/// Why a stream has ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Failure {
    Lost = 1,
    Busy = 2,
    Denied = 3,
}

impl Health {
    /// Called from the error callback, perhaps a million times per second: stores, and nothing else.
    pub fn report(&self, kind: ErrorKind) {
        let failure = match kind {
            // The stream goes on.
            ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied => return,
            ErrorKind::Xrun => {
                self.overruns.fetch_add(1, Ordering::Relaxed);
                return;
            }
            ErrorKind::DeviceBusy => Failure::Busy,
            ErrorKind::PermissionDenied => Failure::Denied,
            _ => Failure::Lost,
        };
        self.failure.store(failure as u8, Ordering::Release);
    }

    /// Number of reported losses since this was last asked.
    pub fn take_overruns(&self) -> u32 {
        self.overruns.swap(0, Ordering::Relaxed)
    }

    /// Whether the stream has failed, as an error about `device`.
    pub fn failure(&self, device: &str) -> Option<AudioError> {
        let device = device.to_owned();
        match self.failure.load(Ordering::Acquire) {
            0 => None,
            f if f == Failure::Busy as u8 => Some(AudioError::DeviceBusy { device }),
            f if f == Failure::Denied as u8 => Some(AudioError::PermissionDenied { device }),
            _ => Some(AudioError::DeviceLost { device }),
        }
    }
}
