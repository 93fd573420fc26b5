//! Opening a microphone, and the callback that runs on its thread.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use cpal::traits::{DeviceTrait, StreamTrait};
use cpal::{BufferSize, Data, Device, StreamConfig, SupportedBufferSize, SupportedStreamConfig};
use rtrb::{Consumer, Producer, RingBuffer, chunks::ChunkError};

use super::pump::Format;
use super::shared::Shared;
use crate::{AudioError, devices, sample};

/// What the ring holds: the worker may be kept from running for so long before sound is lost.
const RING: Duration = Duration::from_secs(10);

/// How long the sound system may take to build a stream.
const BUILDING: Duration = Duration::from_secs(5);

const OPENING: &str = "opening the microphone";

pub(super) struct Opened {
    pub stream: cpal::Stream,
    pub frames: Consumer<f32>,
    pub format: Format,
}

/// Build the stream in the device's own rate, format and channels; [`play`] makes it run.
pub(super) fn open(device: &Device, is_default: bool, shared: &Arc<Shared>) -> Result<Opened, AudioError> {
    let name = devices::name(device);
    let config =
        device.default_input_config().map_err(|e| match AudioError::from_device(&e, &name, OPENING) {
            // ALSA always has a default device; without a card or a server behind it, asking is where it shows.
            AudioError::Backend { .. } | AudioError::DeviceMissing { .. } | AudioError::DeviceLost { .. }
                if is_default =>
            {
                AudioError::NoDevice
            }
            other => other,
        })?;
    let sample_format = config.sample_format();
    if !sample::is_supported(sample_format) || config.channels() == 0 {
        let detail = format!("{} channels of {sample_format}", config.channels());
        return Err(AudioError::DeviceUnsupported { device: name, detail });
    }
    let (rate, channels) = (config.sample_rate(), config.channels());
    let mut format = Format { device: name, rate, channels, held: Duration::ZERO };
    let mut last = None;
    for buffer_size in buffer_sizes(&config) {
        let config = StreamConfig { buffer_size, ..config.config() };
        let (producer, frames) = RingBuffer::new(ring_size(&format));
        let data = on_data(producer, usize::from(format.channels), Arc::clone(shared));
        let theirs = Arc::clone(shared);
        let errors = move |error: cpal::Error| theirs.health.report(error.kind());
        match device.build_input_stream_raw(config, sample_format, data, errors, Some(BUILDING)) {
            Ok(stream) => {
                if let BufferSize::Fixed(frames) = buffer_size {
                    format.held = Duration::from_secs_f64(f64::from(frames) / f64::from(rate.max(1)));
                }
                return Ok(Opened { stream, frames, format });
            }
            Err(error) => last = Some(error),
        }
    }
    Err(match last {
        Some(error) => AudioError::from_device(&error, &format.device, OPENING),
        None => AudioError::NoDevice,
    })
}

pub(super) fn play(stream: &cpal::Stream, device: &str) -> Result<(), AudioError> {
    stream.play().map_err(|e| AudioError::from_device(&e, device, "starting the microphone"))
}

/// 100 ms where the device allows it, then whatever it likes. Left to itself a server may hold back two seconds; with
/// 20 ms, PulseAudio silently drops sound as soon as the processor is busy.
fn buffer_sizes(config: &SupportedStreamConfig) -> Vec<BufferSize> {
    let wanted = (config.sample_rate() / 10).max(1);
    match config.buffer_size() {
        SupportedBufferSize::Range { min, max } if min <= max => {
            vec![BufferSize::Fixed(wanted.clamp(*min, *max)), BufferSize::Default]
        }
        _ => vec![BufferSize::Default],
    }
}

fn ring_size(format: &Format) -> usize {
    // Whole frames, so that the channels never change places.
    RING.as_secs() as usize * format.rate as usize * usize::from(format.channels)
}

/// The callback: whole frames into the ring, what finds no room is counted.
fn on_data(
    mut ring: Producer<f32>,
    channels: usize,
    shared: Arc<Shared>,
) -> impl FnMut(&Data, &cpal::InputCallbackInfo) + Send + 'static {
    move |data, _| {
        sample::for_each_f32(data, |samples, count| push(&mut ring, channels, &shared, samples, count));
    }
}

pub(super) fn push(
    ring: &mut Producer<f32>,
    channels: usize,
    shared: &Shared,
    samples: &mut dyn Iterator<Item = f32>,
    count: usize,
) {
    let whole = count - count % channels;
    let chunk = match ring.write_chunk_uninit(whole) {
        Ok(chunk) => chunk,
        Err(ChunkError::TooFewSlots(free)) => {
            let fits = free - free % channels;
            shared.lost_frames.fetch_add(((whole - fits) / channels) as u64, Ordering::Relaxed);
            match ring.write_chunk_uninit(fits) {
                Ok(chunk) => chunk,
                Err(_) => return,
            }
        }
    };
    chunk.fill_from_iter(samples);
}
