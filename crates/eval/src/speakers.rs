//! Who spoke, against who did: how much speech is given to the wrong person.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use consultation::{Engine, Options, transcribe_file};
use note::{Segment, Speaker, Transcript};
use serde::Serialize;

use crate::EvalError;
use crate::folder::{files, read, stem};

/// Speech is compared so often.
const STEP_MS: usize = 10;
const PEOPLE: [Speaker; 3] = [Speaker::Doctor, Speaker::Patient, Speaker::Companion];

/// Milliseconds of speech in which the reference names one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    pub speech_ms: u64,
    /// Given to whom it belongs.
    pub right_ms: u64,
    /// Given to somebody else.
    pub wrong_ms: u64,
    /// Transcribed, and given to nobody.
    pub unnamed_ms: u64,
    /// Not transcribed.
    pub missed_ms: u64,
    /// Wrong although people may bear one another's names: voices that were not told apart.
    pub confused_ms: u64,
}

/// Shares of the speech that was transcribed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    /// Given to the wrong person.
    pub role_error: f64,
    /// Given to the wrong voice, whatever the voices are called.
    pub voice_error: f64,
    /// Given to nobody.
    pub unnamed: f64,
}

#[derive(Debug, Serialize)]
pub struct Summary {
    pub total: Figures,
    pub counts: Counts,
    pub each: BTreeMap<String, Each>,
}

#[derive(Debug, Serialize)]
pub struct Each {
    #[serde(flatten)]
    pub figures: Figures,
    pub counts: Counts,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        self.speech_ms += other.speech_ms;
        self.right_ms += other.right_ms;
        self.wrong_ms += other.wrong_ms;
        self.unnamed_ms += other.unnamed_ms;
        self.missed_ms += other.missed_ms;
        self.confused_ms += other.confused_ms;
    }

    #[must_use]
    pub fn figures(&self) -> Figures {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of recordings")]
        let share = |part: u64| part as f64 / (self.speech_ms - self.missed_ms).max(1) as f64;
        Figures {
            role_error: share(self.wrong_ms),
            voice_error: share(self.confused_ms),
            unnamed: share(self.unnamed_ms),
        }
    }
}

/// Transcribes every audio file of `folder` that has a `NAME.turns.json` beside it (a transcript in which people are named)
/// and compares who spoke. `on` hears the file's name, how many are done of how many, and the share of this one.
///
/// # Errors
/// When the folder, a reference, the model or an audio file cannot be read.
pub fn measure(
    folder: &Path,
    engine: &Engine,
    on: &mut dyn FnMut(&str, usize, usize, f32),
) -> Result<Summary, EvalError> {
    let references =
        files(folder, |name| name.ends_with(".turns.json"), "reference of who spoke (NAME.turns.json)")?;
    let count = references.len();
    let (mut counts, mut each) = (Counts::default(), BTreeMap::new());
    for (done, reference) in references.into_iter().enumerate() {
        let truth = Transcript::from_json_lenient(&read(&reference)?)
            .map_err(|source| EvalError::Document { file: reference.clone(), source })?;
        let name = stem(&reference).trim_end_matches(".turns").to_owned();
        let audio = audio_of(folder, &name)?;
        let (heard, _) = transcribe_file(engine, &audio, Options::new(truth.language), &mut |share| {
            on(&name, done, count, share);
            ControlFlow::Continue(())
        })
        .map_err(|source| EvalError::Speech { file: audio.clone(), source })?;
        let compared = compare(&truth.segments, &heard.segments);
        counts.add(&compared);
        each.insert(name, Each { figures: compared.figures(), counts: compared });
    }
    Ok(Summary { total: counts.figures(), counts, each })
}

fn audio_of(folder: &Path, name: &str) -> Result<PathBuf, EvalError> {
    let is_audio = |file: &str| {
        let path = Path::new(file);
        path.file_stem().is_some_and(|stem| stem == name) && path.extension().is_some_and(|e| e != "json")
    };
    let found = files(folder, is_audio, "audio file beside its reference")?;
    found.into_iter().next().ok_or(EvalError::Nothing { what: "audio file", folder: folder.into() })
}

/// Compares who spoke step by step. Where two people speak at once nothing is compared.
#[must_use]
pub fn compare(truth: &[Segment], heard: &[Segment]) -> Counts {
    let (truth, heard) = (steps(truth), steps(heard));
    let mut counts = Counts::default();
    // How often each person was given to each.
    let mut given = [[0_u64; 3]; 3];
    for (at, people) in truth.iter().enumerate() {
        let [person] = people.as_slice() else { continue };
        let Some(person) = PEOPLE.iter().position(|p| p == person) else { continue };
        let step = STEP_MS as u64;
        counts.speech_ms += step;
        match heard.get(at).map_or(&[][..], Vec::as_slice) {
            [] => counts.missed_ms += step,
            heard => {
                let named: Vec<usize> =
                    heard.iter().filter_map(|who| PEOPLE.iter().position(|p| p == who)).collect();
                match named.as_slice() {
                    [] => counts.unnamed_ms += step,
                    // Two segments that overlap by a step: the one that is right counts.
                    named => {
                        let taken = named.iter().copied().find(|who| *who == person).unwrap_or(named[0]);
                        given[person][taken] += step;
                    }
                }
            }
        }
    }
    let total: u64 = given.iter().flatten().sum();
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    counts.right_ms = agreed(&given, [0, 1, 2]);
    counts.wrong_ms = total - counts.right_ms;
    counts.confused_ms = total - orders.into_iter().map(|order| agreed(&given, order)).max().unwrap_or(0);
    counts
}

/// What is right when each person is called so.
fn agreed(given: &[[u64; 3]; 3], called: [usize; 3]) -> u64 {
    given.iter().zip(called).map(|(row, called)| row[called]).sum()
}

/// Who speaks in each step.
fn steps(segments: &[Segment]) -> Vec<Vec<Speaker>> {
    let end = segments.iter().map(|segment| segment.end_ms).max().unwrap_or(0) as usize;
    let mut steps = vec![Vec::new(); end / STEP_MS + 1];
    for segment in segments {
        let (from, to) = (segment.start_ms as usize / STEP_MS, segment.end_ms as usize / STEP_MS);
        for people in steps.get_mut(from..to).unwrap_or_default() {
            if !people.contains(&segment.speaker) {
                people.push(segment.speaker);
            }
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use Speaker::{Companion as C, Doctor as D, Patient as P, Unknown as U};

    use super::*;

    fn talk(parts: &[(Speaker, u32, u32)]) -> Vec<Segment> {
        let segment = |(index, (speaker, start_ms, end_ms)): (u32, &(Speaker, u32, u32))| Segment {
            index,
            speaker: *speaker,
            start_ms: *start_ms,
            end_ms: *end_ms,
            text: String::new(),
            words: Vec::new(),
            suspect: false,
        };
        (0..).zip(parts).map(segment).collect()
    }

    #[test]
    fn names_that_are_swapped_are_wrong_people_but_right_voices() {
        let truth = talk(&[(D, 0, 2_000), (P, 3_000, 6_000), (D, 6_000, 7_000)]);
        let same = compare(&truth, &truth);
        assert_eq!((same.speech_ms, same.right_ms, same.wrong_ms, same.confused_ms), (6_000, 6_000, 0, 0));
        let swapped = compare(&truth, &talk(&[(P, 0, 2_000), (D, 3_000, 6_000), (P, 6_000, 7_000)]));
        assert_eq!((swapped.right_ms, swapped.wrong_ms, swapped.confused_ms), (0, 6_000, 0));
    }

    #[test]
    fn speech_without_a_name_or_without_words_is_counted_apart() {
        let truth = talk(&[(D, 0, 2_000), (P, 2_000, 4_000), (C, 4_000, 5_000)]);
        let heard = talk(&[(D, 0, 2_500), (U, 2_500, 3_500)]);
        let counts = compare(&truth, &heard);
        assert_eq!((counts.right_ms, counts.wrong_ms), (2_000, 500));
        assert_eq!((counts.unnamed_ms, counts.missed_ms), (1_000, 1_500));
        assert!((counts.figures().role_error - 500.0 / 3_500.0).abs() < 1e-9);
    }

    #[test]
    fn two_at_once_are_not_compared() {
        let truth = talk(&[(D, 0, 2_000), (P, 1_000, 2_000)]);
        assert_eq!(compare(&truth, &talk(&[(P, 0, 2_000)])).speech_ms, 1_000);
    }
}
