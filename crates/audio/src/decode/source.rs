//! The compressed side of a file: its container, its track and its codec, with everything that may be wrong with them.

use std::fs::File;
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::OnceLock;

use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::codecs::registry::CodecRegistry;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, TimeBase};
use symphonia::default::formats::IsoMp4Reader;

use super::container::{Container, HEAD};
use super::mpeg4;
use crate::AudioError;
use crate::error::file_name;
use crate::resample::RATES;

/// A recording longer than a day is a damaged header.
const LONGEST_MS: u64 = 24 * 3600 * 1000;

/// Longest silence put in place of one damaged packet, in seconds; real packets are far shorter.
const LONGEST_GAP: u64 = 10;

/// Programs that write WAV into a pipe put a length at or above this where they do not know it.
const PIPED_WAV: u64 = 0x7fff_0000;

/// One step through a file.
pub(super) enum Read {
    /// Interleaved frames are in the caller's buffer.
    Sound { rate: u32, channels: usize },
    /// A packet that could not be decoded; it stood for so many frames.
    Gap { rate: u32, frames: u64 },
    /// There is no more. The `decoded_ms` of a [`AudioError::Truncated`] is for the caller to fill in.
    End(Option<AudioError>),
}

pub(super) struct Source {
    file: String,
    bytes: u64,
    container: Container,
    format: Box<dyn FormatReader>,
    codec: Box<dyn AudioDecoder>,
    track: Chosen,
    /// Frames decoded, as a duration in the file's own rate.
    frames: u64,
    rate: u32,
    /// Frames that the demuxer wants left out at the end.
    trimmed: u64,
}

/// What is kept of the track that is decoded.
struct Chosen {
    id: u32,
    rate: Option<u32>,
    time_base: Option<TimeBase>,
    expected_ms: Option<u32>,
    /// Frames at the track's rate that the header announces; None where that is an estimate.
    expected_frames: Option<u64>,
    /// Frames of silence that the encoder had to add at the end.
    padding: u64,
}

impl Source {
    pub fn open(path: &Path) -> Result<Source, AudioError> {
        let name = file_name(path);
        let unreadable = |detail: String| AudioError::Unreadable { file: name.clone(), detail };
        let io = |e: std::io::Error| match e.kind() {
            ErrorKind::NotFound => AudioError::NotFound { path: path.display().to_string() },
            ErrorKind::PermissionDenied => unreadable("permission denied".to_owned()),
            _ => unreadable(e.to_string()),
        };
        let mut file = File::open(path).map_err(io)?;
        let metadata = file.metadata().map_err(io)?;
        if metadata.is_dir() {
            return Err(unreadable("it is a folder".to_owned()));
        }
        let bytes = metadata.len();
        let mut head = Vec::with_capacity(HEAD);
        file.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(io)?;
        if head.is_empty() {
            return Err(AudioError::Empty { file: name });
        }
        file.seek(SeekFrom::Start(0)).map_err(io)?;
        let container = Container::of(&head);
        if let Container::Foreign(kind) = container {
            return Err(AudioError::Unsupported { file: name, detail: format!("{kind} files") });
        }
        let refused = |e: Error| refusal(e, &name, bytes, container);
        let format = guarded(|| demuxer(file, bytes, container)).map_err(refused)?;
        Self::of(format, name, bytes, container)
    }

    /// Sound that is part of the program.
    pub fn built_in(name: &str, sound: &'static [u8]) -> Result<Source, AudioError> {
        let (name, bytes, container) = (name.to_owned(), sound.len() as u64, Container::of(sound));
        let refused = |e: Error| refusal(e, &name, bytes, container);
        let format = guarded(|| probed(Box::new(std::io::Cursor::new(sound)))).map_err(refused)?;
        Self::of(format, name, bytes, container)
    }

    fn of(
        format: Box<dyn FormatReader>,
        file: String,
        bytes: u64,
        container: Container,
    ) -> Result<Source, AudioError> {
        let (track, codec) = choose(format.as_ref(), &file, bytes, container)?;
        Ok(Source { file, bytes, container, format, codec, track, frames: 0, rate: 0, trimmed: 0 })
    }

    pub fn file(&self) -> &str {
        &self.file
    }

    /// Frames that were really decoded.
    pub fn heard(&self) -> u64 {
        self.frames
    }

    pub fn expected_ms(&self) -> Option<u32> {
        self.track.expected_ms
    }

    pub fn no_audio(&self) -> AudioError {
        AudioError::NoAudio { file: self.file.clone(), bytes: self.bytes }
    }

    /// Decode the next packet into `interleaved`.
    pub fn read(&mut self, interleaved: &mut Vec<f32>) -> Read {
        loop {
            let mut packet = match guarded(|| self.format.next_packet()) {
                Ok(Some(packet)) if packet.track_id == self.track.id => packet,
                Ok(Some(_)) => continue,
                Ok(None) => return Read::End(self.short_of_header()),
                Err(Error::ResetRequired) => {
                    // A second stream follows the first in the same Ogg file.
                    match choose(self.format.as_ref(), &self.file, self.bytes, self.container) {
                        Ok((track, codec)) => {
                            (self.track, self.codec) = (Chosen { expected_frames: None, ..track }, codec);
                            continue;
                        }
                        Err(error) => return Read::End(Some(error)),
                    }
                }
                Err(Error::IoError(e)) if e.kind() != ErrorKind::UnexpectedEof => {
                    return Read::End(Some(AudioError::Unreadable {
                        file: self.file.clone(),
                        detail: e.to_string(),
                    }));
                }
                Err(Error::IoError(_)) if self.container.counts_exactly() => {
                    return Read::End(self.short_of_header());
                }
                // The demuxer cannot go on from any other error.
                // The demuxer cannot go on from any other error.
                Err(_) => return Read::End(Some(self.truncated())),
            };
            self.keep_the_end(&mut packet);
            let decoded = guarded(|| {
                let buffer = self.codec.decode(&packet)?;
                interleaved.clear();
                buffer.copy_to_vec_interleaved(interleaved);
                Ok((buffer.frames() as u64, buffer.spec().rate(), buffer.spec().channels().count()))
            });
            match decoded {
                Ok((0, ..)) => {}
                Ok((frames, rate, channels)) => {
                    self.frames += frames;
                    self.rate = rate;
                    return Read::Sound { rate, channels };
                }
                Err(Error::ResetRequired) => self.codec.reset(),
                Err(_) => {
                    let (rate, frames) = self.gap(packet.dur);
                    if frames > 0 {
                        return Read::Gap { rate, frames };
                    }
                }
            }
        }
    }

    /// Undo a cut that the demuxer makes where an MPEG stream is longer than it believed.
    ///
    /// It estimates the length of a file without a table of contents from the bitrate of its first frames, and has
    /// everything after that trimmed as if it were the encoder's padding. Real padding is known from the file.
    fn keep_the_end(&mut self, packet: &mut Packet) {
        if self.container.is_mpeg_stream() {
            self.trimmed = self.trimmed.saturating_add(packet.trim_end.get());
            if self.trimmed > self.track.padding {
                packet.trim_end = Duration::ZERO;
            }
        }
    }

    /// Rate and length of what a packet of this duration would have given.
    fn gap(&self, duration: Duration) -> (u32, u64) {
        let rate = if self.rate > 0 { self.rate } else { self.track.rate.unwrap_or(0) };
        if !RATES.contains(&rate) {
            return (rate, 0);
        }
        let frames = self
            .track
            .time_base
            .map(|base| base.calc_duration_saturating(duration).as_secs_f64())
            .map_or(0, |seconds| (seconds * f64::from(rate)).round() as u64);
        (rate, frames.min(LONGEST_GAP * u64::from(rate)))
    }

    /// After the end: whether the header had promised more than came.
    fn short_of_header(&self) -> Option<AudioError> {
        let expected = self.track.expected_frames?;
        let tolerance = if self.container.counts_exactly() {
            0
        } else {
            u64::from(self.track.rate.unwrap_or(self.rate)) / 10
        };
        // Some codecs decode at a multiple of the rate of their track.
        let scale = match self.track.rate {
            Some(rate) if self.rate > rate && rate > 0 => u64::from(self.rate / rate),
            _ => 1,
        };
        (self.frames / scale + tolerance < expected).then(|| self.truncated())
    }

    fn truncated(&self) -> AudioError {
        // In Ogg, the length is that of the last page which is there, not of the recording.
        let expected_ms = if self.container == Container::Ogg { None } else { self.track.expected_ms };
        AudioError::Truncated { file: self.file.clone(), decoded_ms: 0, expected_ms }
    }
}

/// The demuxer for a file.
fn demuxer(file: File, bytes: u64, container: Container) -> Result<Box<dyn FormatReader>, Error> {
    let options = FormatOptions::default();
    if container == Container::Mpeg4 {
        let source = mpeg4::Declared::new(file, bytes)?;
        let stream = MediaSourceStream::new(Box::new(source), Default::default());
        return Ok(Box::new(IsoMp4Reader::try_new(stream, options)?));
    }
    probed(Box::new(file))
}

fn probed(source: Box<dyn MediaSource>) -> Result<Box<dyn FormatReader>, Error> {
    let options = FormatOptions::default();
    let stream = MediaSourceStream::new(source, Default::default());
    symphonia::default::get_probe().probe(&Hint::new(), stream, options, MetadataOptions::default())
}

/// The default audio track and a decoder for it.
fn choose(
    format: &dyn FormatReader,
    file: &str,
    bytes: u64,
    container: Container,
) -> Result<(Chosen, Box<dyn AudioDecoder>), AudioError> {
    let unsupported = |detail: String| AudioError::Unsupported { file: file.to_owned(), detail };
    let track = format
        .default_track(TrackType::Audio)
        .ok_or_else(|| unsupported("no audio track of a known codec".to_owned()))?;
    let Some(CodecParameters::Audio(params)) = &track.codec_params else {
        return Err(unsupported("no audio track of a known codec".to_owned()));
    };
    if let Some(rate) = params.sample_rate
        && !RATES.contains(&rate)
    {
        return Err(unsupported(format!("a sampling rate of {rate} Hz")));
    }
    let codec = guarded(|| codecs().make_audio_decoder(params, &AudioDecoderOptions::default())).map_err(
        |e| match e {
            Error::Unsupported(what) => unsupported(what.to_owned()),
            other => unsupported(format!("its codec cannot be set up ({other})")),
        },
    )?;
    let frame_bytes = match (&params.channels, params.bits_per_sample) {
        (Some(channels), Some(bits)) => channels.count() as u64 * u64::from(bits.div_ceil(8)),
        _ => 0,
    };
    let mut chosen = chosen(track, params.sample_rate, |frames| {
        let claimed = frames.saturating_mul(frame_bytes);
        container != Container::Wave || claimed < PIPED_WAV || claimed <= bytes
    });
    if container.is_mpeg_stream() && track.delay.is_none() {
        chosen.expected_frames = None;
    }
    Ok((chosen, codec))
}

fn chosen(track: &Track, rate: Option<u32>, believable: impl Fn(u64) -> bool) -> Chosen {
    let by_frames = match (track.num_frames, rate) {
        (Some(frames), Some(rate)) if frames > 0 && believable(frames) => {
            Some((frames, u128::from(frames) * 1000 / u128::from(rate)))
        }
        _ => None,
    };
    let by_duration = || {
        let seconds = track.time_base?.calc_duration_saturating(track.duration?).as_secs_f64();
        let frames = (seconds * f64::from(rate?)).round() as u64;
        (frames > 0 && believable(frames)).then_some((frames, (seconds * 1000.0).round() as u128))
    };
    let expected = by_frames.or_else(by_duration).filter(|(_, ms)| *ms <= u128::from(LONGEST_MS));
    Chosen {
        id: track.id,
        rate,
        time_base: track.time_base,
        expected_ms: expected.and_then(|(_, ms)| u32::try_from(ms).ok()),
        expected_frames: expected.map(|(frames, _)| frames),
        padding: u64::from(track.padding.unwrap_or(0)),
    }
}

/// Why a file could not be opened, from its first bytes and what the demuxer said.
fn refusal(error: Error, file: &str, bytes: u64, container: Container) -> AudioError {
    let file = file.to_owned();
    if matches!(container, Container::Unknown | Container::Id3) {
        return AudioError::NotAudio { file, bytes };
    }
    match error {
        Error::IoError(e) if e.kind() == ErrorKind::UnexpectedEof => {
            AudioError::Truncated { file, decoded_ms: 0, expected_ms: None }
        }
        // The table of contents of an M4A file is often its last part, and a WAV file that stops before its data
        // lacks it.
        Error::Unsupported(what) | Error::DecodeError(what)
            if what.contains("moov") || what.contains("missing data chunk") =>
        {
            AudioError::Truncated { file, decoded_ms: 0, expected_ms: None }
        }
        Error::Unsupported(what) => AudioError::Unsupported { file, detail: what.to_owned() },
        other => AudioError::Unreadable { file, detail: other.to_string() },
    }
}

/// Symphonia's codecs, and Opus.
fn codecs() -> &'static CodecRegistry {
    static CODECS: OnceLock<CodecRegistry> = OnceLock::new();
    CODECS.get_or_init(|| {
        let mut registry = CodecRegistry::new();
        symphonia::default::register_enabled_codecs(&mut registry);
        registry.register_audio_decoder::<symphonia_adapter_libopus::OpusDecoder>();
        registry
    })
}

/// A hostile file must not end the program: a panic inside a demuxer or codec counts as damage.
fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Error::DecodeError("it cannot be decoded")))
}
