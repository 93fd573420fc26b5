//! Audio files, as a stream of 16 kHz mono blocks. No file is ever held in memory as a whole.

mod container;
mod mpeg4;
mod source;

use std::path::Path;

use crate::balance::Balance;
use crate::resample::Resampler;
use crate::{AudioError, SAMPLE_RATE, sample, samples_to_ms};
use source::{Read, Source};

/// Longest block: one second.
const BLOCK: usize = SAMPLE_RATE as usize;

/// Decodes WAV, FLAC, MP3, Ogg Vorbis, Ogg Opus and M4A (AAC, ALAC) of any rate, mono or stereo.
///
/// As an iterator it gives 16 kHz mono blocks of at most one second, all of them full but the last. A file that is
/// cut off or damaged is decoded as far as it goes; then comes one last `Err` which says so
/// ([`AudioError::Truncated`], [`AudioError::Damaged`], [`AudioError::Unreadable`]), and then `None`. Sound that is
/// damaged in the middle is replaced by silence of the same length, so that times stay true.
///
/// Two limits of the formats: an MP3 file without a table of contents does not say how long it is, so that its being
/// cut off goes unnoticed; and AAC keeps the encoder's run-in, some 20 to 130 ms of silence at its beginning.
pub struct Decoder {
    source: Source,
    /// Made when the first packet says what rate it really has; made again if the rate changes.
    resampler: Option<(u32, Resampler)>,
    /// Of a file with two channels.
    balance: Option<Balance>,
    interleaved: Vec<f32>,
    mono: Vec<f32>,
    resampled: Vec<f32>,
    /// Decoded and not yet given.
    ready: Vec<i16>,
    given: u64,
    /// Milliseconds of sound which could not be read, and where the first of it is.
    lost_ms: u32,
    first_lost_ms: Option<u32>,
    ended: bool,
    /// How the file ended, if not well.
    last: Option<AudioError>,
}

impl Decoder {
    /// Open a file and decode the beginning of it, so that a file without any sound is refused here.
    ///
    /// The kind of file is told by its content; its name does not matter.
    ///
    /// # Errors
    /// [`AudioError::NotFound`], [`AudioError::Unreadable`], [`AudioError::Empty`], [`AudioError::NoAudio`],
    /// [`AudioError::NotAudio`], [`AudioError::Unsupported`]; [`AudioError::Truncated`] or [`AudioError::Damaged`] if
    /// nothing of the file can be read.
    pub fn open(path: &Path) -> Result<Decoder, AudioError> {
        Self::of(Source::open(path)?)
    }

    /// Sound that is part of the program, as [`Decoder::open`] gives that of a file.
    ///
    /// # Errors
    /// As [`Decoder::open`].
    pub fn built_in(name: &str, sound: &'static [u8]) -> Result<Decoder, AudioError> {
        Self::of(Source::built_in(name, sound)?)
    }

    fn of(source: Source) -> Result<Decoder, AudioError> {
        let mut decoder = Decoder {
            source,
            resampler: None,
            balance: None,
            interleaved: Vec::new(),
            mono: Vec::new(),
            resampled: Vec::new(),
            ready: Vec::new(),
            given: 0,
            lost_ms: 0,
            first_lost_ms: None,
            ended: false,
            last: None,
        };
        while decoder.source.heard() == 0 && !decoder.ended {
            decoder.read();
        }
        if decoder.source.heard() > 0 {
            return Ok(decoder);
        }
        Err(decoder.last.take().unwrap_or_else(|| decoder.source.no_audio()))
    }

    /// How long the file says it is, in milliseconds, where it says so believably. For an MP3 file without a table of
    /// contents this is an estimate from its bitrate.
    pub fn duration_ms(&self) -> Option<u32> {
        self.source.expected_ms()
    }

    /// Left over right in decibels, a value each [`crate::BALANCE_MS`] from the beginning, as far as the file was decoded
    /// since the last call; nothing where it has not two channels.
    pub fn take_balance(&mut self) -> Vec<i8> {
        self.balance.as_mut().map(Balance::take).unwrap_or_default()
    }

    /// Decode one packet, or end.
    fn read(&mut self) {
        match self.source.read(&mut self.interleaved) {
            Read::Sound { rate, channels } => {
                self.balance.get_or_insert_with(|| Balance::new(rate)).push(&self.interleaved, channels);
                self.mono.clear();
                sample::downmix(&self.interleaved, channels, &mut self.mono);
                self.take_mono(rate);
            }
            Read::Gap { rate, frames } => {
                let ms = frames.saturating_mul(1000) / u64::from(rate.max(1));
                self.first_lost_ms.get_or_insert(samples_to_ms(self.given + self.ready.len() as u64));
                self.lost_ms = self.lost_ms.saturating_add(u32::try_from(ms).unwrap_or(u32::MAX));
                if let Some(balance) = &mut self.balance {
                    balance.skip(frames);
                }
                self.mono.clear();
                self.mono.resize(usize::try_from(frames).unwrap_or(0), 0.0);
                self.take_mono(rate);
            }
            Read::End(error) => self.end(error),
        }
    }

    fn take_mono(&mut self, rate: u32) {
        if self.resampler.as_ref().is_none_or(|(known, _)| *known != rate) {
            self.flush();
            match Resampler::new(rate, SAMPLE_RATE) {
                Ok(resampler) => self.resampler = Some((rate, resampler)),
                Err(detail) => {
                    self.end(Some(AudioError::Unsupported { file: self.source.file().to_owned(), detail }));
                    return;
                }
            }
        }
        if let Some((_, resampler)) = &mut self.resampler {
            self.resampled.clear();
            resampler.push(&self.mono, &mut self.resampled);
            self.ready.extend(self.resampled.iter().map(|&s| sample::to_i16(s)));
        }
    }

    fn flush(&mut self) {
        if let Some((_, mut resampler)) = self.resampler.take() {
            self.resampled.clear();
            resampler.finish(&mut self.resampled);
            self.ready.extend(self.resampled.iter().map(|&s| sample::to_i16(s)));
        }
    }

    fn end(&mut self, error: Option<AudioError>) {
        self.flush();
        self.ended = true;
        let decoded_ms = samples_to_ms(self.given + self.ready.len() as u64);
        self.last = match error {
            // What the source cannot know: how much came out of it.
            Some(AudioError::Truncated { file, expected_ms, .. }) => {
                // A length that is shorter than what came was an estimate.
                let expected_ms = expected_ms.filter(|&expected| expected > decoded_ms);
                Some(AudioError::Truncated { file, decoded_ms, expected_ms })
            }
            Some(other) => Some(other),
            None => self.first_lost_ms.map(|first_at_ms| AudioError::Damaged {
                file: self.source.file().to_owned(),
                first_at_ms,
                lost_ms: self.lost_ms,
            }),
        };
    }
}

impl Iterator for Decoder {
    type Item = Result<Vec<i16>, AudioError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.len() < BLOCK && !self.ended {
            self.read();
        }
        if self.ready.is_empty() {
            return self.last.take().map(Err);
        }
        let rest = self.ready.split_off(self.ready.len().min(BLOCK));
        let block = std::mem::replace(&mut self.ready, rest);
        self.given += block.len() as u64;
        Some(Ok(block))
    }
}
