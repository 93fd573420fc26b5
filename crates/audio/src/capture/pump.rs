//! The worker's side of a recording: from the ring to events. No device and no clock of its own, hence testable.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use rtrb::Consumer;

use super::CaptureEvent;
use super::shared::Shared;
use crate::balance::Balance;
use crate::level::Meter;
use crate::resample::Resampler;
use crate::{AudioError, SAMPLE_RATE, sample};

/// A device that gives nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(4);

/// Ticks follow one another within moments: between two that are further apart the machine slept, or was too busy for
/// us. The device is not to blame for that time.
const ASLEEP: Duration = Duration::from_secs(1);

/// Longest block in one event: 100 ms.
const BLOCK: usize = SAMPLE_RATE as usize / 10;

/// Values of balance in one event: half a second.
const BALANCES: usize = 25;

/// What a device records in.
#[derive(Clone, Debug)]
pub(crate) struct Format {
    pub device: String,
    pub rate: u32,
    pub channels: u16,
    /// How much sound the system holds before it hands it over: what comes now may be so old.
    pub held: Duration,
}

/// What to do after a tick.
#[derive(Debug, PartialEq)]
pub(crate) enum Next {
    Continue,
    End(Ending),
}

/// How a recording ends.
#[derive(Debug, PartialEq)]
pub(crate) enum Ending {
    Stopped,
    Lost(AudioError),
}

pub(crate) struct Pump {
    format: Format,
    frames: Consumer<f32>,
    shared: Arc<Shared>,
    events: Sender<CaptureEvent>,
    resampler: Resampler,
    meter: Meter,
    balance: Balance,
    started: bool,
    paused: bool,
    /// When what was heard before the resume, or before the stop, has come.
    resume_at: Option<Instant>,
    stop_at: Option<Instant>,
    last_sound: Instant,
    last_tick: Instant,
    // Reused from tick to tick.
    interleaved: Vec<f32>,
    mono: Vec<f32>,
    resampled: Vec<f32>,
    block: Vec<i16>,
}

impl Pump {
    pub fn new(
        format: Format,
        frames: Consumer<f32>,
        shared: Arc<Shared>,
        events: Sender<CaptureEvent>,
        now: Instant,
    ) -> Result<Pump, AudioError> {
        let resampler = Resampler::new(format.rate, SAMPLE_RATE)
            .map_err(|detail| AudioError::DeviceUnsupported { device: format.device.clone(), detail })?;
        Ok(Pump {
            meter: Meter::new(format.rate),
            balance: Balance::new(format.rate),
            format,
            frames,
            shared,
            events,
            resampler,
            started: false,
            paused: false,
            resume_at: None,
            stop_at: None,
            last_sound: now,
            last_tick: now,
            interleaved: Vec::new(),
            mono: Vec::new(),
            resampled: Vec::new(),
            block: Vec::with_capacity(BLOCK),
        })
    }

    pub fn format(&self) -> &Format {
        &self.format
    }

    /// Move what has come since the last tick.
    pub fn tick(&mut self, now: Instant) -> Next {
        // Flags are read before the ring: what is in it now was said before they were set.
        let stop = self.shared.stop.load(Ordering::Acquire);
        let paused = self.shared.paused.load(Ordering::Acquire);
        let failure = self.shared.health.failure(&self.format.device);
        let since = now.saturating_duration_since(self.last_tick);
        if since > ASLEEP {
            self.last_sound = (self.last_sound + since).min(now);
        }
        self.last_tick = now;
        if self.drain() {
            self.last_sound = now;
        }
        self.report_losses();
        self.set_paused(paused, now);
        if stop {
            // What was said before the stop is still on its way, unless it is not wanted.
            let held = if self.paused { Duration::ZERO } else { self.format.held };
            if now >= *self.stop_at.get_or_insert(now + held) {
                return Next::End(Ending::Stopped);
            }
        }
        if let Some(error) = failure {
            return Next::End(Ending::Lost(error));
        }
        let silent_for = now.saturating_duration_since(self.last_sound);
        if silent_for >= PATIENCE {
            return Next::End(Ending::Lost(self.silence(silent_for)));
        }
        Next::Continue
    }

    /// The stream is closed: deliver what is left, then say how it ended.
    pub fn finish(mut self, ending: Ending) {
        self.drain();
        self.report_losses();
        self.close_span();
        self.send(match ending {
            Ending::Stopped => CaptureEvent::Ended,
            Ending::Lost(error) => CaptureEvent::Lost(error),
        });
    }

    /// Empty the ring; whether there was anything in it.
    fn drain(&mut self) -> bool {
        let channels = usize::from(self.format.channels).max(1);
        let whole = self.frames.slots() / channels * channels;
        if whole == 0 {
            return false;
        }
        self.interleaved.resize(whole, 0.0);
        if self.frames.pop_entire_slice(&mut self.interleaved).is_err() {
            return false;
        }
        if !self.started {
            self.started = true;
            self.send(CaptureEvent::Started {
                device: self.format.device.clone(),
                native_rate: self.format.rate,
                channels: self.format.channels,
            });
        }
        self.mono.clear();
        sample::downmix(&self.interleaved, channels, &mut self.mono);
        let events = &self.events;
        self.meter.push(&self.mono, |r| {
            let _ = events.send(CaptureEvent::Level { peak: r.peak, rms: r.rms });
        });
        if !self.paused {
            self.resampled.clear();
            self.resampler.push(&self.mono, &mut self.resampled);
            self.deliver();
            self.balance.push(&self.interleaved, channels);
            self.deliver_balance();
        }
        true
    }

    /// Pausing closes the span of sound so far, at once; resuming begins another with nothing of the pause in it, hence
    /// only when the sound of the pause which the system still holds has come and gone.
    fn set_paused(&mut self, paused: bool, now: Instant) {
        if paused {
            self.resume_at = None;
            if !self.paused {
                self.close_span();
            }
            self.paused = true;
        } else if self.paused && now >= *self.resume_at.get_or_insert(now + self.format.held) {
            self.resume_at = None;
            self.paused = false;
        }
    }

    /// The resampler's last samples, and the block that is not full.
    fn close_span(&mut self) {
        if !self.paused {
            self.resampled.clear();
            self.resampler.finish(&mut self.resampled);
            self.deliver();
        }
        if !self.block.is_empty() {
            let last = std::mem::take(&mut self.block);
            self.send(CaptureEvent::Samples(last));
        }
    }

    fn deliver(&mut self) {
        for i in 0..self.resampled.len() {
            self.block.push(sample::to_i16(self.resampled[i]));
            if self.block.len() == BLOCK {
                let full = std::mem::replace(&mut self.block, Vec::with_capacity(BLOCK));
                self.send(CaptureEvent::Samples(full));
            }
        }
    }

    /// Some at a time: they are wanted when a sentence is recognised, not before.
    fn deliver_balance(&mut self) {
        if self.balance.pending() >= BALANCES {
            let values = self.balance.take();
            self.send(CaptureEvent::Balance(values));
        }
    }

    fn report_losses(&mut self) {
        let frames = self.shared.lost_frames.swap(0, Ordering::Relaxed);
        if frames > 0 {
            let ms = frames.saturating_mul(1000).div_ceil(u64::from(self.format.rate));
            self.send(CaptureEvent::Overrun { lost_ms: u32::try_from(ms).unwrap_or(u32::MAX) });
        }
        if self.shared.health.take_overruns() > 0 {
            self.send(CaptureEvent::Overrun { lost_ms: 0 });
        }
    }

    fn silence(&self, silent_for: Duration) -> AudioError {
        let device = self.format.device.clone();
        let waited_ms = u32::try_from(silent_for.as_millis()).unwrap_or(u32::MAX);
        if self.started {
            AudioError::DeviceStalled { device, waited_ms }
        } else {
            AudioError::DeviceSilent { device, waited_ms }
        }
    }

    /// A receiver that is gone wants nothing more; the recording goes on until it is stopped.
    fn send(&self, event: CaptureEvent) {
        let _ = self.events.send(event);
    }
}

#[cfg(test)]
#[path = "pump_tests.rs"]
mod tests;
