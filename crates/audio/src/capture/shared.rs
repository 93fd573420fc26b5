//! What the caller, the device's callbacks and the worker share: atomics only.

use std::sync::atomic::{AtomicBool, AtomicU64};

use crate::health::Health;

#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub paused: AtomicBool,
    pub stop: AtomicBool,
    /// Frames that found no room in the ring.
    pub lost_frames: AtomicU64,
    pub health: Health,
}
