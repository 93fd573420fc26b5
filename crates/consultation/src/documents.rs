//! Work on files that no record holds: what the command line and measurements need.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::path::Path;

use audio::Decoder;
use chrono::Local;
use clinical::{Clinical, Term};
use export::{Document, Heading, Letterhead, Subject};
use note::{Language, Note, Transcript};
use speech::{Options, Progress, transcribe};

use crate::speakers::Following;
use crate::{Clock, Engine, Failure, FailureCode};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendering {
    Pdf,
    Text,
    Html,
}

/// Transcribes a file; `on` hears the fraction done (0 to 1) and may break to cancel. The second value is the failure
/// which cut the file short, when it held some sound before it.
///
/// # Errors
/// When file or model cannot be read, or on cancel.
pub fn transcribe_file(
    engine: &Engine,
    path: &Path,
    options: Options,
    on: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<(Transcript, Option<Failure>), Failure> {
    let language = options.language;
    let mut decoder = Decoder::open(path)?;
    let total = decoder.duration_ms();
    let first =
        decoder.next().ok_or_else(|| Failure::of(FailureCode::AudioEmpty).with("file", path.display()))??;
    let model = engine.model(language)?;
    let mut failure = None;
    let mut following = Following::new(engine.voices(), None, language);
    let following_voices = following.hears_voices();
    let recent = RefCell::new(Recent::default());
    let decoder = RefCell::new(decoder);
    let rest = std::iter::from_fn(|| decoder.borrow_mut().next());
    let mut blocks = std::iter::once(Ok(first)).chain(rest).map_while(|block| match block {
        Ok(block) => {
            if following_voices {
                recent.borrow_mut().samples.extend(&block);
            }
            Some(block)
        }
        Err(error) => {
            failure = Some(Failure::from(error));
            None
        }
    });
    let mut heard = |progress: Progress| match progress {
        Progress::Fraction(fraction) => on(fraction),
        Progress::Segment(segment) => {
            following.more_balance(&decoder.borrow_mut().take_balance());
            let samples = recent.borrow_mut().take(segment.start_ms, segment.end_ms);
            following.hear(segment, &samples);
            ControlFlow::Continue(())
        }
    };
    let mut transcript = transcribe(&model, &options, &mut blocks, total, &mut heard)?;
    following.settle();
    transcript.segments = following.segments().to_vec();
    Ok((transcript, failure))
}

/// Audio that was read and not yet transcribed: some windows of it.
#[derive(Default)]
struct Recent {
    samples: VecDeque<i16>,
    /// Samples that were let go before them.
    gone: usize,
}

impl Recent {
    /// The samples of a span; those before it are not asked for again.
    fn take(&mut self, from_ms: u32, to_ms: u32) -> Vec<i16> {
        let per_ms = audio::SAMPLE_RATE as usize / 1000;
        let let_go = (from_ms as usize * per_ms).saturating_sub(self.gone).min(self.samples.len());
        self.samples.drain(..let_go);
        self.gone += let_go;
        let wanted = (to_ms as usize * per_ms).saturating_sub(self.gone);
        self.samples.iter().take(wanted).copied().collect()
    }
}

/// The note of a transcript.
#[must_use]
pub fn structure_transcript(transcript: &Transcript) -> Note {
    Clinical::load(transcript.language).structure(transcript)
}

/// The clinical terms of a text, whatever is said of them.
#[must_use]
pub fn clinical_terms(text: &str, language: Language) -> Vec<Term> {
    Clinical::load(language).terms(text)
}

/// Renders a note that no doctor validated in a record: it is marked as a draft on every page.
///
/// # Errors
/// When the document cannot be made.
pub fn render_note_file(note: &Note, rendering: Rendering, clock: &dyn Clock) -> Result<Vec<u8>, Failure> {
    let printed_on = Some(clock.now().with_timezone(&Local).date_naive());
    let (letterhead, heading) = (Letterhead::default(), Heading { printed_on, ..Heading::default() });
    let document = Document { subject: Subject::Draft(note), letterhead: &letterhead, heading: &heading };
    Ok(match rendering {
        Rendering::Pdf => export::pdf(&document)?,
        Rendering::Text => export::text(&document).into_bytes(),
        Rendering::Html => export::html(&document).into_bytes(),
    })
}
