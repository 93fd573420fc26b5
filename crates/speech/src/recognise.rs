//! A window to utterances: passes of the model, watched by the guards.

use std::borrow::Cow;
use std::sync::Arc;

use note::{Language, Word};

use crate::crew::Brakes;
use crate::decode::{Decoded, Engine, Pass};
use crate::guards::{Doubt, doubts, is_annotation, is_loop, is_phantom, without_sounds};
use crate::sentences::{Utterance, utterances};
use crate::window::Window;
use crate::words::{Heard, words};
use crate::{Model, Options, SpeechError};

/// When the model's last time leaves more speech than this behind it, the rest is decoded by itself.
const UNHEARD_MS: u32 = 1_200;

/// Windows up to here are not worth an encoder pass over 30 s: on those of a live session (16 s) it errs no less.
const SHORT_MS: u32 = 16_500;

/// The best the model can do.
const fn careful(short_context: bool) -> Pass {
    Pass { beam: 5, temperature: 0.0, prompt: true, glance: false, short_context }
}

/// For the eyes only: the text of the moment.
const fn quick() -> Pass {
    Pass { beam: 1, temperature: 0.0, prompt: true, glance: true, short_context: true }
}

pub(crate) struct Recogniser {
    engine: Engine,
    language: Language,
}

/// One attempt at a window.
struct Attempt {
    words: Vec<Heard>,
    /// How far into the window the model came.
    reached_ms: u32,
    average_log: f32,
    doubts: Vec<Doubt>,
}

impl Recogniser {
    /// Once a brake is on, the pass under way, or the next one, ends with [`SpeechError::Cancelled`].
    pub fn start(model: &Arc<Model>, options: &Options, brakes: Arc<Brakes>) -> Result<Self, SpeechError> {
        let engine = Engine::start(model, options, brakes)?;
        Ok(Self { engine, language: options.language })
    }

    /// The words of the moment, with times in the stream, without second tries; none when they are not to be believed.
    pub fn glance(&self, window: &Window) -> Result<Option<Vec<Word>>, SpeechError> {
        let attempt = self.attempt(window, quick())?;
        let doubtful = attempt.doubts.iter().any(|doubt| *doubt != Doubt::Unlikely);
        if doubtful || is_annotation(&joined(&attempt.words)) {
            return Ok(None);
        }
        Ok(Some(attempt.words.iter().map(|heard| place(heard, window)).collect()))
    }

    /// The utterances of each window, with times in the stream; doubtful ones are decoded again, then marked. Windows that
    /// are decoded side by side cost less than one after the other.
    pub fn recognise(&self, windows: &[Window]) -> Result<Vec<Vec<Utterance>>, SpeechError> {
        let pass = |window: &Window| careful(window.ms() < SHORT_MS);
        let views: Vec<&Window> = windows.iter().collect();
        let is_short = windows.iter().all(|window| window.ms() < SHORT_MS);
        let decoded = self.engine.decode(&views, careful(is_short))?;
        let mut all = Vec::with_capacity(windows.len());
        for (window, decoded) in windows.iter().zip(decoded) {
            let first = self.attempt_of(decoded, window);
            let mut attempt = self.better(first, window, pass(window))?;
            let mut utterances = Vec::new();
            let mut part = Cow::Borrowed(window);
            // A model that stops after a few words each time must not hold the recognition up for ever.
            for round in 0..4 {
                if round > 0 {
                    let first = self.attempt(&part, pass(&part))?;
                    attempt = self.better(first, &part, pass(&part))?;
                }
                let (reached, end) = (attempt.reached_ms, part.ms());
                utterances.extend(self.judge(&attempt, &part));
                let rest = part.tail(reached).filter(|_| reached >= 1_000);
                match rest {
                    Some(rest) if part.voiced_between(reached, end) > UNHEARD_MS => part = Cow::Owned(rest),
                    _ => break,
                }
            }
            all.push(utterances);
        }
        Ok(all)
    }

    fn attempt(&self, window: &Window, pass: Pass) -> Result<Attempt, SpeechError> {
        let decoded = self.engine.decode(&[window], pass)?.pop().ok_or_else(crate::crew::ended)?;
        Ok(self.attempt_of(decoded, window))
    }

    fn attempt_of(&self, decoded: Decoded, window: &Window) -> Attempt {
        let Decoded { tokens, average_log, no_speech } = decoded;
        let reached_ms = match tokens.last() {
            Some(crate::words::Token::Time(at)) => *at,
            _ => window.ms(),
        };
        let words = without_sounds(words(&tokens, window));
        let doubts = doubts(&words, window, average_log, no_speech, self.language);
        Attempt { words, reached_ms, average_log, doubts }
    }

    /// The first attempt when nothing speaks against it, else the less doubtful of it and another.
    fn better(&self, first: Attempt, window: &Window, pass: Pass) -> Result<Attempt, SpeechError> {
        // A named sound will be dropped, doubtful or not.
        if first.doubts.is_empty() || is_annotation(&joined(&first.words)) {
            return Ok(first);
        }
        // A prompt may itself have set off the loop; a little chance leads out of it.
        let again = Pass { beam: 5, temperature: 0.3, prompt: false, short_context: false, ..pass };
        let second = self.attempt(window, again)?;
        let worth = |attempt: &Attempt| (attempt.doubts.len(), -attempt.average_log);
        Ok(if worth(&second) < worth(&first) { second } else { first })
    }

    /// Cuts an attempt into utterances, drops what is no speech, marks what stays doubtful.
    fn judge(&self, attempt: &Attempt, window: &Window) -> Vec<Utterance> {
        let whole =
            attempt.doubts.iter().any(|d| matches!(d, Doubt::TooFast | Doubt::Silence | Doubt::Unlikely));
        let mut heard = attempt.words.iter();
        let mut kept: Vec<Utterance> = Vec::new();
        for mut utterance in utterances(attempt.words.iter().map(|heard| place(heard, window)).collect()) {
            let own: Vec<&Heard> = heard.by_ref().take(utterance.words.len()).collect();
            let from = own.first().map_or(0, |w| w.start_ms);
            let to = own.last().map_or(0, |w| w.end_ms);
            let voiced = window.voiced_between(from, to);
            let text = utterance.text();
            let phantom = is_phantom(&text, self.language);
            let silent = voiced < 120 || voiced * 4 < to.saturating_sub(from);
            if is_annotation(&text) || (phantom && (silent || attempt.doubts.contains(&Doubt::Silence))) {
                continue;
            }
            utterance.suspect = whole
                || phantom
                || silent
                || mean_log(&own) < -1.2
                || is_loop(own.iter().map(|w| w.text.as_str()));
            kept.push(utterance);
        }
        mark_repeated(&mut kept);
        kept
    }
}

fn joined(words: &[Heard]) -> String {
    words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn place(heard: &Heard, window: &Window) -> Word {
    Word {
        text: heard.text.clone(),
        start_ms: window.source_ms(heard.start_ms),
        end_ms: window.source_ms(heard.end_ms),
        probability: heard.probability,
    }
}

#[expect(clippy::cast_precision_loss, reason = "an utterance has few words")]
fn mean_log(words: &[&Heard]) -> f32 {
    let sum: f32 = words.iter().map(|w| w.probability.max(1e-6).ln()).sum();
    sum / words.len().max(1) as f32
}

/// A sentence of three words or more, three times in a row, is a loop even though each alone is sound.
fn mark_repeated(utterances: &mut [Utterance]) {
    let texts: Vec<String> = utterances.iter().map(|u| u.text().to_lowercase()).collect();
    for (at, three) in texts.windows(3).enumerate() {
        if let [a, b, c] = three
            && a == b
            && b == c
            && a.split(' ').count() >= 3
        {
            utterances.iter_mut().skip(at).take(3).for_each(|u| u.suspect = true);
        }
    }
}
