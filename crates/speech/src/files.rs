use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use note::{Segment, Transcript};

use crate::crew::{Crew, Done, Outcome, Task, ended};
use crate::voice::frames;
use crate::window::{Lengths, Pending, Window, ms};
use crate::{Model, Options, SpeechError};

/// Windows as long as the model can hear at once: it errs least on them, and each pass costs the same.
const LENGTHS: Lengths = Lengths { most: frames(28_000), least: frames(14_000) };

/// Windows decoded side by side by one thread, at most: each costs some 30 MB meanwhile.
const TOGETHER: usize = 4;
/// What a window holds about, where people speak on and on.
const WINDOW_MS: u32 = 26_000;

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
/// 28 s of speech) and for each segment; [`ControlFlow::Break`] from it ends the transcription. Each thread of
/// [`Options::threads`] decodes windows of its own.
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
    model.speaks(options.language)?;
    let (report, done) = channel();
    let crew = Crew::new(model, options, options.threads, move |done| {
        // Nobody waits for it once the transcription was broken off.
        let _ = report.send(done);
    });
    // Of a short file each thread gets its share.
    let share = total_ms.map_or(1, |total| (total / WINDOW_MS) as usize / crew.size);
    let mut work = Work {
        crew,
        together: (share + 1).clamp(1, TOGETHER),
        done,
        early: BTreeMap::new(),
        ends: BTreeMap::new(),
        next: 0,
        batch: Vec::new(),
        transcript: Transcript { model: Some(model.name().to_owned()), ..Transcript::new(options.language) },
        total_ms,
        on,
    };
    work.run(blocks)?;
    Ok(work.transcript)
}

struct Work<'a> {
    crew: Crew,
    done: Receiver<Done>,
    /// Done out of order.
    early: BTreeMap<usize, Done>,
    /// Where the windows under way end, in milliseconds.
    ends: BTreeMap<usize, u32>,
    next: usize,
    /// Windows to be decoded side by side, not given yet.
    batch: Vec<Window>,
    together: usize,
    transcript: Transcript,
    total_ms: Option<u32>,
    on: &'a mut dyn FnMut(Progress) -> ControlFlow<()>,
}

impl Work<'_> {
    fn run(&mut self, blocks: &mut dyn Iterator<Item = Vec<i16>>) -> Result<(), SpeechError> {
        let mut pending = Pending::new();
        for block in blocks {
            pending.push(&block);
            pending.drop_silence();
            while let Some(window) = pending.take_full(LENGTHS) {
                self.give(window)?;
            }
        }
        pending.end();
        self.transcript.duration_ms = ms(pending.heard());
        while let Some(window) = pending.take_full(LENGTHS) {
            self.give(window)?;
        }
        if let Some(window) = pending.take_all() {
            self.give(window)?;
        }
        self.send()?;
        while !self.ends.is_empty() {
            self.take()?;
        }
        self.tell(Progress::Fraction(1.0))
    }

    fn give(&mut self, window: Window) -> Result<(), SpeechError> {
        self.batch.push(window);
        if self.batch.len() >= self.together { self.send() } else { Ok(()) }
    }

    /// Waits for a free hand when all are at work: audio is read no faster than it is decoded.
    fn send(&mut self) -> Result<(), SpeechError> {
        let Some(last) = self.batch.last() else { return Ok(()) };
        let end_ms = last.end_ms();
        while self.ends.len() >= self.crew.size {
            self.take()?;
        }
        let number = self.crew.give(Task::Careful(std::mem::take(&mut self.batch)))?;
        self.ends.insert(number, end_ms);
        Ok(())
    }

    /// Waits for the next window in order.
    fn take(&mut self) -> Result<(), SpeechError> {
        let done = loop {
            if let Some(done) = self.early.remove(&self.next) {
                break done;
            }
            let done = self.done.recv().map_err(|_| ended())?;
            self.crew.returned();
            self.early.insert(done.number, done);
        };
        let end_ms = self.ends.remove(&self.next).unwrap_or_default();
        self.next += 1;
        if let Outcome::Utterances(utterances) = done.outcome? {
            for utterance in utterances.into_iter().flatten() {
                let index = u32::try_from(self.transcript.segments.len()).unwrap_or(u32::MAX);
                let segment = utterance.into_segment(index);
                self.transcript.segments.push(segment.clone());
                self.tell(Progress::Segment(segment))?;
            }
        }
        if let Some(total) = self.total_ms {
            #[expect(clippy::cast_precision_loss, reason = "a share, for the eyes")]
            let share = end_ms as f32 / total.max(1) as f32;
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
