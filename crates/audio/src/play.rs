//! Playing a clip, slower or faster.
//!
//! A worker thread stretches and resamples the clip into a ring buffer; the device's callback takes it from there.
//! What the callback has taken says how far the clip is.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use cpal::traits::{DeviceTrait, StreamTrait};
use cpal::{BufferSize, Device, StreamConfig, SupportedBufferSize, SupportedStreamConfig};
use rtrb::{Consumer, Producer, RingBuffer};

use crate::health::Health;
use crate::resample::Resampler;
use crate::stretch::Stretch;
use crate::{AudioError, SAMPLE_RATE, devices, sample, samples_to_ms};

/// Slowest speed: three quarters.
pub const MIN_SPEED: f32 = 0.75;
/// Fastest speed: twice.
pub const MAX_SPEED: f32 = 2.0;

const OPENING: &str = "opening the loudspeaker";

/// How long opening the device may take before it counts as failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// A device that takes nothing for so long is gone.
const STALLED: Duration = Duration::from_secs(4);

/// A system that claims to hold more than this is mistaken.
const LONGEST_LEAD: Duration = Duration::from_millis(500);

/// How often the worker looks at the ring.
const TICK: Duration = Duration::from_millis(10);

/// What the device may still hold when the last sample was taken from us.
const ECHO: Duration = Duration::from_millis(450);

/// A clip being played through the default loudspeaker. Dropping it stops it.
///
/// The speed changes the tempo and not the pitch, by WSOLA (waveform-similarity overlap-add): speech stays natural
/// between 0.75 and 2; music does not. At speed 1 the samples are untouched.
pub struct Player {
    state: Arc<State>,
    speed: f64,
    worker: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    stop: AtomicBool,
    finished: AtomicBool,
    /// Frames at the device's rate that its callback has taken.
    played: AtomicU64,
    /// Microseconds from a frame's being taken to its being heard, as the system says.
    lead: AtomicU64,
    /// The last position given, since a position must not go back when the lead changes.
    reported: AtomicU32,
    /// Device frames per second of clip, as the bits of an `f64`: the device's rate divided by the speed.
    pace: AtomicU64,
    /// Length of the clip in 16 kHz samples.
    length: AtomicU64,
    health: Health,
    error: Mutex<Option<AudioError>>,
}

impl Player {
    /// Play 16 kHz mono `samples` at `speed` ([`MIN_SPEED`] to [`MAX_SPEED`]). Returns when the device is open.
    ///
    /// # Errors
    /// [`AudioError::Speed`], [`AudioError::NoOutput`], [`AudioError::DeviceBusy`],
    /// [`AudioError::PermissionDenied`], [`AudioError::DeviceUnsupported`] or [`AudioError::Backend`].
    pub fn play(samples: Vec<i16>, speed: f32) -> Result<Player, AudioError> {
        if !(MIN_SPEED..=MAX_SPEED).contains(&speed) {
            // A float cast saturates: NaN and negative speeds are 0.
            return Err(AudioError::Speed { per_mille: (speed * 1000.0).round() as u32 });
        }
        let failed = |detail: String| AudioError::Backend { action: OPENING, detail };
        let state = Arc::new(State::default());
        state.length.store(samples.len() as u64, Ordering::Relaxed);
        let (opened, opening) = mpsc::channel();
        let theirs = Arc::clone(&state);
        let worker = std::thread::Builder::new()
            .name("audio-player".to_owned())
            .spawn(move || run(&samples, speed, &theirs, &opened))
            .map_err(|e| failed(e.to_string()))?;
        let mut player = Player { state, speed: f64::from(speed), worker: Some(worker) };
        match opening.recv_timeout(PATIENCE) {
            Ok(Ok(())) => Ok(player),
            Ok(Err(error)) => Err(error),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                Err(failed("the sound library stopped unexpectedly".to_owned()))
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {
                // The worker hangs inside the sound library: waiting for it would hang us too.
                player.state.stop.store(true, Ordering::Release);
                player.worker = None;
                Err(failed(format!("no answer for {} s", PATIENCE.as_secs())))
            }
        }
    }

    /// Where it is in the clip, in milliseconds of the clip (at speed 2 this runs twice as fast as the clock).
    /// It never goes back.
    pub fn position_ms(&self) -> u32 {
        let length = samples_to_ms(self.state.length.load(Ordering::Relaxed));
        if self.is_finished() && self.error().is_none() && !self.state.stop.load(Ordering::Acquire) {
            return length;
        }
        let pace = f64::from_bits(self.state.pace.load(Ordering::Relaxed));
        if pace <= 0.0 {
            return 0;
        }
        let taken = self.state.played.load(Ordering::Relaxed) as f64 * 1000.0 / pace;
        let lead = self.state.lead.load(Ordering::Relaxed) as f64 / 1000.0 * self.speed;
        // A float cast saturates: before the first sound is heard this is 0.
        let heard = ((taken - lead).round() as u32).min(length);
        self.state.reported.fetch_max(heard, Ordering::Relaxed).max(heard)
    }

    /// Whether the clip has been played to its end, or has failed: [`Player::error`] says which.
    pub fn is_finished(&self) -> bool {
        self.state.finished.load(Ordering::Acquire)
    }

    /// Why it ended before its end, if it did.
    pub fn error(&self) -> Option<AudioError> {
        self.state.error.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Stop at once.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.state.stop.store(true, Ordering::Release);
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.end();
    }
}

fn run(samples: &[i16], speed: f32, state: &Arc<State>, opened: &Sender<Result<(), AudioError>>) {
    let _quiet = devices::silence_alsa();
    match open(speed, state) {
        Err(error) => {
            let _ = opened.send(Err(error));
        }
        Ok(mut output) => {
            if opened.send(Ok(())).is_ok()
                && let Err(error) = feed(samples, speed, state, &mut output)
            {
                *state.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
        }
    }
    state.finished.store(true, Ordering::Release);
}

/// An open loudspeaker; dropping it closes it.
struct Output {
    _stream: cpal::Stream,
    ring: Producer<f32>,
    rate: u32,
    device: String,
}

fn open(speed: f32, state: &Arc<State>) -> Result<Output, AudioError> {
    let device = devices::open_output()?;
    let name = devices::name(&device);
    let config =
        device.default_output_config().map_err(|e| match AudioError::from_device(&e, &name, OPENING) {
            // ALSA always has a default device; without a card or a server behind it, asking is where it shows.
            AudioError::Backend { .. } | AudioError::DeviceMissing { .. } | AudioError::DeviceLost { .. } => {
                AudioError::NoOutput
            }
            other => other,
        })?;
    if !sample::is_supported(config.sample_format()) || config.channels() == 0 {
        let detail = format!("{} channels of {}", config.channels(), config.sample_format());
        return Err(AudioError::DeviceUnsupported { device: name, detail });
    }
    let rate = config.sample_rate();
    state.pace.store((f64::from(rate) / f64::from(speed)).to_bits(), Ordering::Relaxed);
    let (stream, ring) = build(&device, &name, &config, state)?;
    stream.play().map_err(|e| AudioError::from_device(&e, &name, OPENING))?;
    Ok(Output { _stream: stream, ring, rate, device: name })
}

fn build(
    device: &Device,
    name: &str,
    config: &SupportedStreamConfig,
    state: &Arc<State>,
) -> Result<(cpal::Stream, Producer<f32>), AudioError> {
    // 200 ms: shorter, and a busy computer crackles.
    let wanted = (config.sample_rate() / 5).max(1);
    let sizes = match config.buffer_size() {
        SupportedBufferSize::Range { min, max } if min <= max => {
            vec![BufferSize::Fixed(wanted.clamp(*min, *max)), BufferSize::Default]
        }
        _ => vec![BufferSize::Default],
    };
    let mut last = AudioError::NoOutput;
    for buffer_size in sizes {
        let stream_config = StreamConfig { buffer_size, ..config.config() };
        // Half a second.
        let (producer, consumer) = RingBuffer::new(config.sample_rate() as usize / 2);
        let data = on_data(consumer, usize::from(config.channels()), Arc::clone(state));
        let theirs = Arc::clone(state);
        let errors = move |error: cpal::Error| theirs.health.report(error.kind());
        match device.build_output_stream_raw(
            stream_config,
            config.sample_format(),
            data,
            errors,
            Some(Duration::from_secs(5)),
        ) {
            Ok(stream) => return Ok((stream, producer)),
            Err(error) => last = AudioError::from_device(&error, name, OPENING),
        }
    }
    Err(last)
}

/// The callback: no allocation, no lock. Where the ring is empty it is silent, and counts nothing.
fn on_data(
    mut ring: Consumer<f32>,
    channels: usize,
    state: Arc<State>,
) -> impl FnMut(&mut cpal::Data, &cpal::OutputCallbackInfo) + Send + 'static {
    move |data, info| {
        let when = info.timestamp();
        let lead = when.playback.saturating_duration_since(when.callback).min(LONGEST_LEAD);
        state.lead.store(lead.as_micros() as u64, Ordering::Relaxed);
        let mut taken = 0;
        sample::fill_mono(data, channels, || match ring.pop() {
            Ok(sample) => {
                taken += 1;
                sample
            }
            Err(_) => 0.0,
        });
        state.played.fetch_add(taken, Ordering::Relaxed);
    }
}

/// Stretch and resample the clip into the ring until it is played, stopped, or the device is lost.
fn feed(samples: &[i16], speed: f32, state: &State, output: &mut Output) -> Result<(), AudioError> {
    let mut resampler = Resampler::new(SAMPLE_RATE, output.rate)
        .map_err(|detail| AudioError::DeviceUnsupported { device: output.device.clone(), detail })?;
    let mut stretch = Stretch::new(speed);
    let (mut input, mut slow, mut out) = (Vec::new(), Vec::new(), Vec::new());
    let mut total = 0u64;
    let mut watch = Watch { played: 0, since: Instant::now() };
    let mut blocks = samples.chunks(SAMPLE_RATE as usize / 10);
    loop {
        let block = blocks.next();
        slow.clear();
        out.clear();
        match block {
            Some(block) => {
                input.clear();
                input.extend(block.iter().map(|&s| sample::from_i16(s)));
                stretch.push(&input, &mut slow);
                resampler.push(&slow, &mut out);
            }
            None => {
                stretch.finish(&mut slow);
                resampler.push(&slow, &mut out);
                resampler.finish(&mut out);
            }
        }
        total += out.len() as u64;
        let mut rest = out.as_slice();
        loop {
            rest = output.ring.push_partial_slice(rest).1;
            if rest.is_empty() {
                break;
            }
            if !watch.wait(state, &output.device)? {
                return Ok(());
            }
        }
        if block.is_none() {
            break;
        }
    }
    while state.played.load(Ordering::Relaxed) < total {
        if !watch.wait(state, &output.device)? {
            return Ok(());
        }
    }
    std::thread::sleep(ECHO);
    Ok(())
}

/// Sees to it that a device which takes nothing does not play for ever.
struct Watch {
    played: u64,
    since: Instant,
}

impl Watch {
    /// One tick; whether to go on.
    fn wait(&mut self, state: &State, device: &str) -> Result<bool, AudioError> {
        if state.stop.load(Ordering::Acquire) {
            return Ok(false);
        }
        if let Some(error) = state.health.failure(device) {
            return Err(error);
        }
        let played = state.played.load(Ordering::Relaxed);
        if played != self.played {
            *self = Watch { played, since: Instant::now() };
        } else if self.since.elapsed() >= STALLED {
            let waited_ms = u32::try_from(self.since.elapsed().as_millis()).unwrap_or(u32::MAX);
            return Err(AudioError::DeviceStalled { device: device.to_owned(), waited_ms });
        }
        std::thread::sleep(TICK);
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_outside_the_range_are_refused_before_any_device_is_opened() {
        for (speed, per_mille) in [(0.5, 500), (2.01, 2010), (f32::NAN, 0), (-1.0, 0)] {
            let error = Player::play(vec![0; 16], speed).err();
            assert_eq!(error, Some(AudioError::Speed { per_mille }));
        }
    }
}
