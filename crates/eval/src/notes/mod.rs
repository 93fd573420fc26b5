//! Structured notes against annotated consultations.

mod figures;
mod index;
mod report;
mod score;
#[cfg(test)]
mod score_tests;
mod transcript;
pub(crate) mod words;

use std::collections::BTreeMap;
use std::path::Path;

use consultation::structure_transcript;
use note::{Language, Note, SectionId};
use serde::Serialize;

pub use figures::{Counts, Figures, Share};
pub use score::{Judged, Outcome, Score, Verdict, score};

use crate::folder::{consultations, make, read, stem, write};
use crate::threshold::{standing, unreached};
use crate::{Annotated, EvalError, Standing};

/// All consultations of a folder, measured.
pub struct Measured {
    pub consultations: Vec<Consultation>,
}

/// One consultation, its note, and how they compare.
pub struct Consultation {
    /// Name of its file, without extension.
    pub name: String,
    pub annotated: Annotated,
    pub note: Note,
    pub score: Score,
    /// No note of this name was given: it counts as an empty one.
    pub without_note: bool,
}

/// Structures every annotated consultation of `folder`, or reads the note of the same file name in `notes`, and compares.
///
/// # Errors
/// When a folder or one of its files cannot be read as what it should be.
pub fn measure(folder: &Path, notes: Option<&Path>) -> Result<Measured, EvalError> {
    let mut measured = Vec::new();
    for (path, annotated) in consultations(folder)? {
        let (note, without_note) = match notes {
            None => (structure_transcript(&annotated.transcript), false),
            Some(notes) => given(&notes.join(path.file_name().unwrap_or_default()), &annotated)?,
        };
        let score = score(&annotated, &note);
        measured.push(Consultation { name: stem(&path), annotated, note, score, without_note });
    }
    Ok(Measured { consultations: measured })
}

fn given(path: &Path, annotated: &Annotated) -> Result<(Note, bool), EvalError> {
    if !path.exists() {
        return Ok((Note::new(annotated.transcript.language), true));
    }
    let note = Note::from_json(&read(path)?);
    note.map(|note| (note, false)).map_err(|source| EvalError::Document { file: path.into(), source })
}

impl Measured {
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut total = Counts::default();
        for consultation in &self.consultations {
            total.add(&consultation.score.counts);
        }
        total
    }

    /// What is printed.
    #[must_use]
    pub fn summary(&self) -> Summary<'_> {
        let counts = self.counts();
        let each = self.consultations.iter().map(|c| (c.name.as_str(), Each::of(c))).collect();
        let total = counts.figures();
        let standing =
            total.named().into_iter().filter_map(|(name, value)| Some((name, standing(name, value)?)));
        Summary { standing: standing.collect(), total, counts, each }
    }

    /// Figures of the whole set that do not reach their threshold, in words.
    #[must_use]
    pub fn unreached(&self) -> Vec<String> {
        unreached(&self.counts().figures().named())
    }

    /// Language of the common page: French unless all consultations are English.
    fn language(&self) -> Language {
        let english = self.consultations.iter().all(|c| c.annotated.transcript.language == Language::En);
        if english { Language::En } else { Language::Fr }
    }

    /// Writes a page for each consultation and an index of them.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write_pages(&self, out: &Path) -> Result<(), EvalError> {
        make(out)?;
        for consultation in &self.consultations {
            write(&out.join(consultation.page_name()), &report::page_of(consultation))?;
        }
        write(&out.join("index.html"), &index::page_of(self))
    }
}

impl Consultation {
    /// A file of its own beside the index, whatever the consultation is called.
    fn page_name(&self) -> String {
        format!("{}.note.html", self.name)
    }
}

#[derive(Debug, Serialize)]
pub struct Summary<'a> {
    pub total: Figures,
    /// Of the whole set against the thresholds.
    pub standing: BTreeMap<&'static str, Standing>,
    pub counts: Counts,
    pub each: BTreeMap<&'a str, Each<'a>>,
}

#[derive(Debug, Serialize)]
pub struct Each<'a> {
    #[serde(flatten)]
    pub figures: Figures,
    pub missed: Vec<Missed<'a>>,
    pub sprung: Vec<Sprung<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub without_note: bool,
}

#[derive(Debug, Serialize)]
pub struct Missed<'a> {
    pub section: SectionId,
    pub concept: &'a str,
    #[serde(flatten)]
    pub reason: Reason,
}

#[derive(Debug, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    Absent,
    WrongPolarityOrPerson,
    WrongSection { found_in: SectionId },
}

#[derive(Debug, Serialize)]
pub struct Sprung<'a> {
    pub concept: &'a str,
    pub why: &'a str,
    pub statement: &'a str,
}

impl<'a> Each<'a> {
    fn of(consultation: &'a Consultation) -> Self {
        let Consultation { annotated, note, score, .. } = consultation;
        let texts: Vec<&str> = note.statements().map(|(_, s)| s.text.as_str()).collect();
        let missed = annotated.facts.iter().zip(&score.facts).filter_map(|(fact, verdict)| {
            let reason = match verdict.outcome {
                Outcome::Found { .. } => return None,
                Outcome::Absent => Reason::Absent,
                Outcome::Misread { .. } => Reason::WrongPolarityOrPerson,
                Outcome::Misplaced { section, .. } => Reason::WrongSection { found_in: section },
            };
            Some(Missed { section: fact.section, concept: &fact.topic.concept, reason })
        });
        let sprung = annotated.traps.iter().zip(&score.traps).filter_map(|(trap, statement)| {
            let statement = texts.get((*statement)?).copied().unwrap_or_default();
            Some(Sprung { concept: &trap.topic.concept, why: &trap.why, statement })
        });
        Self {
            figures: score.counts.figures(),
            missed: missed.collect(),
            sprung: sprung.collect(),
            without_note: consultation.without_note,
        }
    }
}
