use std::ops::ControlFlow;
use std::sync::Arc;

use note::{Segment, Transcript};

use crate::recognise::{CAREFUL, Recogniser};
use crate::voice::frames;
use crate::window::{Lengths, Pending, Window, ms};
use crate::{Model, Options, SpeechError};

/// Windows as long as the model can hear at once: it errs least on them, and each pass costs the same.
const LENGTHS: Lengths = Lengths { most: frames(28_000), least: frames(14_000) };

/// What a transcription tells while it runs.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    /// Share of the audio done, 0 to 1; only when the total length is known.
    Fraction(f32),
    /// A segment that will be in the transcript as it is.
    Segment(Segment),
}

/// Transcribes 16 kHz mono audio of any length: it is read as it is needed, never held whole.
///
/// Segments are sentences or what is said between two pauses, numbered from 0, in order. The words of a segment joined by
/// single spaces are its text. Silence is skipped without being decoded. `on` is called after each window (at most
/// 28 s of speech) and for each segment; [`ControlFlow::Break`] from it ends the transcription.
///
/// # Errors
/// [`SpeechError::Cancelled`] after a break, [`SpeechError::EnglishOnly`] when the model does not know the language,
/// and faults of the native library.
pub fn transcribe(
    model: &Arc<Model>,
    options: &Options,
    blocks: &mut dyn Iterator<Item = Vec<i16>>,
    total_ms: Option<u32>,
    on: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Transcript, SpeechError> {
    let mut work = Work {
        recogniser: Recogniser::start(model, options)?,
        transcript: Transcript { model: Some(model.name().to_owned()), ..Transcript::new(options.language) },
        total_ms,
        on,
    };
    let mut pending = Pending::new();
    for block in blocks {
        pending.push(&block);
        pending.drop_silence();
        while let Some(window) = pending.take_full(LENGTHS) {
            work.window(&window)?;
        }
    }
    pending.end();
    while let Some(window) = pending.take_full(LENGTHS) {
        work.window(&window)?;
    }
    work.transcript.duration_ms = ms(pending.heard());
    if let Some(window) = pending.take_all() {
        work.window(&window)?;
    }
    work.tell(Progress::Fraction(1.0))?;
    Ok(work.transcript)
}

struct Work<'a> {
    recogniser: Recogniser,
    transcript: Transcript,
    total_ms: Option<u32>,
    on: &'a mut dyn FnMut(Progress) -> ControlFlow<()>,
}

impl Work<'_> {
    fn window(&mut self, window: &Window) -> Result<(), SpeechError> {
        for utterance in self.recogniser.recognise(window, CAREFUL)? {
            let index = u32::try_from(self.transcript.segments.len()).unwrap_or(u32::MAX);
            let segment = utterance.into_segment(index);
            self.transcript.segments.push(segment.clone());
            self.tell(Progress::Segment(segment))?;
        }
        if let Some(total) = self.total_ms {
            #[expect(clippy::cast_precision_loss, reason = "a share, for the eyes")]
            let share = window.end_ms() as f32 / total.max(1) as f32;
            self.tell(Progress::Fraction(share.clamp(0.0, 1.0)))?;
        }
        Ok(())
    }

    fn tell(&mut self, progress: Progress) -> Result<(), SpeechError> {
        match (self.on)(progress) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(SpeechError::Cancelled),
        }
    }
}
