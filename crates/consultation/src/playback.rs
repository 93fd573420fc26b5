use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use audio::{Capture, CaptureEvent, Player};
use record::ConsultationId;

use crate::calame::held;
use crate::{Calame, Event, Failure, FailureCode};

/// A passage being heard. Dropping it stops the sound.
pub(crate) struct Playback {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Playback {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The longest passage played at once: an hour of 16 kHz samples is 115 MB.
const LONGEST_MS: u32 = 10 * 60 * 1000;
const TICK: Duration = Duration::from_millis(50);

impl Calame {
    /// Plays a passage from the encrypted record; another passage under way stops. `speed` is 0.5 to 2.
    ///
    /// # Errors
    /// When the audio was erased, or there is no loudspeaker.
    pub fn play(&self, id: &ConsultationId, start_ms: u32, end_ms: u32, speed: f32) -> Result<(), Failure> {
        if !(0.5..=2.0).contains(&speed) || end_ms <= start_ms {
            return Err(Failure::of(FailureCode::InvalidInput));
        }
        self.stop_playback();
        let record = self.inner.record()?;
        let end_ms = end_ms.min(start_ms.saturating_add(LONGEST_MS));
        let samples = record.audio(id, start_ms, end_ms)?;
        if samples.is_empty() {
            return Err(Failure::of(FailureCode::AudioErased));
        }
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, inner, id) = (Arc::clone(&stop), Arc::clone(&self.inner), id.clone());
        let (opened, outcome) = std::sync::mpsc::channel();
        // The player stays on the thread that opened the device: not every system lets it move.
        let thread = std::thread::spawn(move || {
            let player = match Player::play(samples, speed) {
                Ok(player) => {
                    let _ = opened.send(Ok(()));
                    player
                }
                Err(error) => {
                    let _ = opened.send(Err(error));
                    return;
                }
            };
            let tell = |position_ms: u32, playing| {
                inner.emit(Event::Playback { id: id.clone(), position_ms: start_ms + position_ms, playing });
            };
            while !stopped.load(Ordering::Relaxed) && !player.is_finished() {
                tell(player.position_ms(), true);
                std::thread::sleep(TICK);
            }
            let position = player.position_ms();
            player.stop();
            tell(position, false);
        });
        outcome.recv().map_err(|_| Failure::of(FailureCode::NoOutput))??;
        *held(&self.inner.playback) = Some(Playback { stop, thread: Some(thread) });
        Ok(())
    }

    pub fn stop_playback(&self) {
        let playing = held(&self.inner.playback).take();
        drop(playing);
    }

    /// Shows the level of a microphone until [`Calame::stop_microphone_test`].
    ///
    /// # Errors
    /// When it cannot be opened, or a recording uses it.
    pub fn test_microphone(&self, device: Option<&str>) -> Result<(), Failure> {
        if self.inner.recording_id().is_some() {
            return Err(Failure::of(FailureCode::RecordingInProgress));
        }
        self.stop_microphone_test();
        let (capture, events) = Capture::start(device)?;
        *held(&self.inner.microphone_test) = Some(capture);
        let inner = Arc::clone(&self.inner);
        std::thread::spawn(move || {
            for event in events {
                match event {
                    CaptureEvent::Level { peak, rms } => inner.emit(Event::Level { peak, rms }),
                    CaptureEvent::Lost(error) => {
                        inner.emit(Event::Problem { id: None, failure: error.into() });
                    }
                    CaptureEvent::Ended => break,
                    _ => {}
                }
            }
        });
        Ok(())
    }

    pub fn stop_microphone_test(&self) {
        let testing = held(&self.inner.microphone_test).take();
        if let Some(capture) = testing {
            capture.stop();
        }
    }
}
