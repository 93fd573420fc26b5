//! Recording from a microphone.
//!
//! ```text
//! device callback ──f32 frames──► ring buffer ──► worker thread ──► CaptureEvent
//!   (no lock, no allocation)       (10 s)          downmix, level, resample
//! ```
//! The callback and the worker share only the ring and a few atomics. The worker owns the stream: it opens it, sees
//! that it has failed, and drops it.

mod pump;
mod shared;
mod stream;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::{AudioError, devices};
use pump::{Next, Pump};
use shared::Shared;

/// How often the worker empties the ring.
const TICK: Duration = Duration::from_millis(20);

/// How long opening a device may take before it counts as failed.
const OPENING: Duration = Duration::from_secs(15);

/// What happens during a recording, in order.
///
/// One of [`CaptureEvent::Ended`] and [`CaptureEvent::Lost`] is the last event, always, and comes once.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum CaptureEvent {
    /// The first real sample has come: from here on it records.
    Started { device: String, native_rate: u32, channels: u16 },
    /// 16 kHz mono, at most 100 ms. None while paused.
    Samples(Vec<i16>),
    /// Left over right in decibels, a value each [`crate::BALANCE_MS`], of samples that came before; only from a device with
    /// two channels.
    Balance(Vec<i8>),
    /// What the microphone hears, also while paused: linear, 0 to 1, fifteen times per second.
    Level { peak: f32, rms: f32 },
    /// Sound was lost because the computer was too busy; `lost_ms` is 0 where the system does not say how much.
    Overrun { lost_ms: u32 },
    /// The device is gone and the recording has ended by itself. What was captured was delivered before.
    Lost(AudioError),
    /// The recording was stopped; the last samples came before.
    Ended,
}

/// A recording in progress. Dropping it stops it.
pub struct Capture {
    shared: Arc<Shared>,
    worker: Option<JoinHandle<()>>,
}

impl Capture {
    /// Start recording from the microphone `device_id` (an [`crate::InputDevice::id`]), or from the default one.
    ///
    /// Returns when the device is open; [`CaptureEvent::Started`] follows with its first sample. If none comes within
    /// 4 seconds, or if they stop coming for as long, the recording ends with [`CaptureEvent::Lost`].
    ///
    /// The receiver's queue is unbounded: a slow reader delays nothing and loses nothing.
    ///
    /// # Errors
    /// [`AudioError::NoDevice`], [`AudioError::DeviceMissing`], [`AudioError::DeviceBusy`],
    /// [`AudioError::PermissionDenied`], [`AudioError::DeviceUnsupported`], or
    /// [`AudioError::Backend`].
    pub fn start(device_id: Option<&str>) -> Result<(Capture, Receiver<CaptureEvent>), AudioError> {
        let action = "opening the microphone";
        let failed = |detail: String| AudioError::Backend { action, detail };
        let shared = Arc::new(Shared::default());
        let (events, receiver) = mpsc::channel();
        let (opened, opening) = mpsc::channel();
        let id = device_id.map(str::to_owned);
        let theirs = Arc::clone(&shared);
        let worker = std::thread::Builder::new()
            .name("audio-capture".to_owned())
            .spawn(move || run(id.as_deref(), &theirs, events, &opened))
            .map_err(|e| failed(e.to_string()))?;
        // From here on, leaving early drops `capture`, which tells the worker to stop.
        let mut capture = Capture { shared, worker: Some(worker) };
        match opening.recv_timeout(OPENING) {
            Ok(Ok(())) => Ok((capture, receiver)),
            Ok(Err(error)) => Err(error),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                Err(failed("the sound library stopped unexpectedly".to_owned()))
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {
                // The worker hangs inside the sound library: waiting for it would hang us too.
                capture.shared.stop.store(true, Ordering::Release);
                capture.worker = None;
                Err(failed(format!("no answer for {} s", OPENING.as_secs())))
            }
        }
    }

    /// Pause or resume. While paused nothing is recorded; the level is still reported. A pause counts at once, a resume
    /// after a tenth of a second, so that nothing of the pause which is still on its way gets into the recording.
    pub fn set_paused(&self, paused: bool) {
        self.shared.paused.store(paused, Ordering::Release);
    }

    /// Stop, and wait until the last samples and [`CaptureEvent::Ended`] are in the receiver: a tenth of a second,
    /// in which what was said before arrives.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
        if let Some(worker) = self.worker.take() {
            // A worker that panicked has closed the channel, which the receiver sees.
            let _ = worker.join();
        }
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        self.end();
    }
}

fn run(
    id: Option<&str>,
    shared: &Arc<Shared>,
    events: Sender<CaptureEvent>,
    opened: &Sender<Result<(), AudioError>>,
) {
    let _quiet = devices::silence_alsa();
    let (stream, mut pump) = match open(id, shared, events) {
        Ok(ready) => ready,
        Err(error) => {
            let _ = opened.send(Err(error));
            return;
        }
    };
    if opened.send(Ok(())).is_err() {
        return;
    }
    // Held in an Option so that the stream can be dropped before the ring is emptied for the last time: after that
    // no callback runs any more, even on a system that calls a broken stream's error callback without end.
    let mut stream = Some(stream);
    loop {
        match pump.tick(Instant::now()) {
            Next::Continue => std::thread::sleep(TICK),
            Next::End(ending) => {
                drop(stream.take());
                pump.finish(ending);
                return;
            }
        }
    }
}

fn open(
    id: Option<&str>,
    shared: &Arc<Shared>,
    events: Sender<CaptureEvent>,
) -> Result<(cpal::Stream, Pump), AudioError> {
    let device = devices::open_input(id)?;
    let opened = stream::open(&device, id.is_none(), shared)?;
    let pump = Pump::new(opened.format, opened.frames, Arc::clone(shared), events, Instant::now())?;
    stream::play(&opened.stream, &pump.format().device)?;
    Ok((opened.stream, pump))
}
