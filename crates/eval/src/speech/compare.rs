//! One transcript against one reference.

use std::collections::BTreeMap;
use std::time::Duration;

use consultation::clinical_terms;
use note::{Kind, Language, Transcript};
use serde::Serialize;

use super::align::{Step, align};
use super::normalise::words;
use crate::notes::Share;

/// What is counted; recordings are added up before anything is divided.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Counts {
    /// Words of the references.
    pub words: u32,
    pub substitutions: u32,
    pub deletions: u32,
    /// Where something was said; words heard in silence are counted apart.
    pub insertions: u32,
    pub terms: u32,
    pub terms_heard: u32,
    pub drugs: u32,
    pub drugs_heard: u32,
    /// Terms heard where something else was said.
    pub terms_invented: u32,
    /// Recordings in which nothing is said.
    pub silent: u32,
    pub invented_words: u32,
    /// Of them, those in passages that the recogniser itself marks as suspect.
    pub invented_words_marked: u32,
    pub invented_terms: u32,
    pub audio_ms: u64,
    pub work_ms: u64,
}

impl Counts {
    pub fn add(&mut self, other: &Self) {
        self.words += other.words;
        self.substitutions += other.substitutions;
        self.deletions += other.deletions;
        self.insertions += other.insertions;
        self.terms += other.terms;
        self.terms_heard += other.terms_heard;
        self.drugs += other.drugs;
        self.drugs_heard += other.drugs_heard;
        self.terms_invented += other.terms_invented;
        self.silent += other.silent;
        self.invented_words += other.invented_words;
        self.invented_words_marked += other.invented_words_marked;
        self.invented_terms += other.invented_terms;
        self.audio_ms += other.audio_ms;
        self.work_ms += other.work_ms;
    }

    #[must_use]
    pub fn figures(&self) -> Figures {
        #[expect(clippy::cast_precision_loss, reason = "some millions of milliseconds at most")]
        let factor = self.work_ms as f64 / self.audio_ms as f64;
        Figures {
            wer: Share(self.substitutions + self.deletions + self.insertions, self.words),
            term_recall: Share(self.terms_heard, self.terms),
            drug_recall: Share(self.drugs_heard, self.drugs),
            real_time_factor: factor.is_finite().then(|| (factor * 1e4).round() / 1e4),
            invented_words: self.invented_words,
            invented_terms: self.invented_terms,
        }
    }
}

/// The figures of docs/evaluation.md.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    pub wer: Share,
    pub term_recall: Share,
    pub drug_recall: Share,
    /// Seconds of work for one second of audio.
    pub real_time_factor: Option<f64>,
    /// Words heard in recordings in which nothing is said.
    pub invented_words: u32,
    pub invented_terms: u32,
}

impl Figures {
    /// By the names they have in JSON. Invented terms count only where a recording of silence was measured.
    pub(super) fn named(&self, silent: u32) -> [(&'static str, Option<f64>); 5] {
        [
            ("wer", self.wer.rounded()),
            ("term_recall", self.term_recall.rounded()),
            ("drug_recall", self.drug_recall.rounded()),
            ("real_time_factor", self.real_time_factor),
            ("invented_terms", (silent > 0).then(|| f64::from(self.invented_terms))),
        ]
    }
}

/// A transcript beside its reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    pub counts: Counts,
    pub terms_lost: Vec<String>,
    pub terms_invented: Vec<String>,
    pub(super) passages: Vec<Passage>,
}

/// A run of words with one fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Passage {
    pub said: Vec<String>,
    pub heard: Vec<String>,
    /// Otherwise the two differ.
    pub same: bool,
}

/// Compares what was heard after so much work with what was said.
#[must_use]
pub fn compare(reference: &str, transcript: &Transcript, work: Duration) -> Compared {
    let language = transcript.language;
    let heard_text = text(transcript, |_| true);
    let (said, heard) = (words(reference, language), words(&heard_text, language));
    let steps = align(&said, &heard);
    let mut counts = Counts {
        words: number(said.len()),
        audio_ms: u64::from(transcript.duration_ms),
        work_ms: u64::try_from(work.as_millis()).unwrap_or(u64::MAX),
        ..Counts::default()
    };
    let terms = Terms::compare(reference, &heard_text, language);
    if said.is_empty() {
        counts.silent = 1;
        counts.invented_words = number(heard.len());
        counts.invented_words_marked = number(words(&text(transcript, |suspect| suspect), language).len());
        counts.invented_terms = number(terms.invented.len());
    } else {
        for step in &steps {
            match step {
                Step::Same(..) => {}
                Step::Substituted(..) => counts.substitutions += 1,
                Step::Deleted(_) => counts.deletions += 1,
                Step::Inserted(_) => counts.insertions += 1,
            }
        }
        (counts.terms, counts.terms_heard) = terms.all;
        (counts.drugs, counts.drugs_heard) = terms.drugs;
        counts.terms_invented = number(terms.invented.len());
    }
    let passages = passages(&steps, &said, &heard);
    Compared { counts, terms_lost: terms.lost, terms_invented: terms.invented, passages }
}

fn text(transcript: &Transcript, wanted: impl Fn(bool) -> bool) -> String {
    let segments = transcript.segments.iter().filter(|s| wanted(s.suspect));
    segments.map(|s| s.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// Words of one fate side by side, for the eyes.
fn passages(steps: &[Step], said: &[String], heard: &[String]) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    for step in steps {
        let (i, j) = match *step {
            Step::Same(i, j) | Step::Substituted(i, j) => (Some(i), Some(j)),
            Step::Deleted(i) => (Some(i), None),
            Step::Inserted(j) => (None, Some(j)),
        };
        let same = matches!(step, Step::Same(..));
        if passages.last().is_none_or(|last| last.same != same) {
            passages.push(Passage { said: Vec::new(), heard: Vec::new(), same });
        }
        if let Some(last) = passages.last_mut() {
            last.said.extend(i.and_then(|i| said.get(i)).cloned());
            last.heard.extend(j.and_then(|j| heard.get(j)).cloned());
        }
    }
    passages
}

/// Clinical terms on either side, by concept: "mal à la gorge" heard as "mal de gorge" is heard.
#[derive(Default)]
struct Terms {
    /// Said, and heard of them.
    all: (u32, u32),
    drugs: (u32, u32),
    lost: Vec<String>,
    invented: Vec<String>,
}

impl Terms {
    fn compare(said: &str, heard: &str, language: Language) -> Self {
        // How often each was said and heard, and whether it is a drug.
        let mut concepts: BTreeMap<String, (usize, usize, bool)> = BTreeMap::new();
        for term in clinical_terms(said, language) {
            let entry = concepts.entry(term.concept).or_default();
            entry.0 += 1;
            entry.2 |= term.kind == Kind::Drug;
        }
        for term in clinical_terms(heard, language) {
            concepts.entry(term.concept).or_default().1 += 1;
        }
        let mut terms = Self::default();
        for (concept, (said, heard, drug)) in concepts {
            let kept = said.min(heard);
            let times = |n: usize| std::iter::repeat_n(concept.clone(), n);
            terms.lost.extend(times(said - kept));
            terms.invented.extend(times(heard - kept));
            let (said, kept) = (number(said), number(kept));
            terms.all = (terms.all.0 + said, terms.all.1 + kept);
            if drug {
                terms.drugs = (terms.drugs.0 + said, terms.drugs.1 + kept);
            }
        }
        terms
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use note::Segment;

    fn heard(segments: &[(&str, bool)]) -> Transcript {
        let mut transcript = Transcript::new(Language::Fr);
        transcript.duration_ms = 20_000;
        for (index, (text, suspect)) in (0..).zip(segments) {
            transcript.segments.push(Segment {
                index,
                speaker: note::Speaker::Unknown,
                start_ms: index * 1000,
                end_ms: index * 1000 + 900,
                text: (*text).into(),
                words: vec![],
                suspect: *suspect,
            });
        }
        transcript
    }

    const fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn the_error_rate_counts_each_word_once() {
        let transcript = heard(&[("Elle a la fièvre forte,", false), ("depuis trois mois.", false)]);
        let compared = compare("Elle a de la fièvre depuis 3 jours", &transcript, seconds(5));
        let Counts { words, substitutions, deletions, insertions, .. } = compared.counts;
        assert_eq!((words, substitutions, deletions, insertions), (8, 1, 1, 1));
        let figures = compared.counts.figures();
        assert_eq!(figures.wer.rounded(), Some(0.375));
        assert_eq!(figures.real_time_factor, Some(0.25));
        let said: Vec<_> = compared.passages.iter().map(|p| (p.said.join(" "), p.same)).collect();
        assert_eq!(said[..2], [("elle a".into(), true), ("de".into(), false)]);
    }

    #[test]
    fn terms_are_heard_by_concept_as_often_as_they_were_said() {
        let transcript = heard(&[("Du paracétamol pour le mal de gorge, et une toux.", false)]);
        let said = "Du paracétamol, mal à la gorge, encore du paracétamol, et de l'amoxicilline.";
        let compared = compare(said, &transcript, seconds(1));
        assert_eq!(compared.counts.figures().drug_recall, Share(1, 3));
        assert_eq!(compared.counts.figures().term_recall, Share(2, 4));
        assert_eq!(compared.terms_lost, ["amoxicilline", "paracétamol"]);
        assert_eq!(compared.terms_invented, ["toux"]);
    }

    #[test]
    fn what_is_heard_in_silence_is_invented_and_no_error_of_words() {
        let transcript = heard(&[("Merci d'avoir regardé.", true), ("Fièvre.", false)]);
        let compared = compare(" \n", &transcript, seconds(1));
        let counts = compared.counts;
        assert_eq!((counts.silent, counts.words, counts.insertions, counts.terms), (1, 0, 0, 0));
        assert_eq!((counts.invented_words, counts.invented_words_marked, counts.invented_terms), (5, 4, 1));
        assert_eq!(counts.figures().wer.rounded(), None);
        let quiet = compare("", &heard(&[]), seconds(1)).counts;
        assert_eq!((quiet.silent, quiet.invented_words), (1, 0));
    }

    #[test]
    fn recordings_weigh_by_their_words() {
        let mut total = compare("a b c d", &heard(&[("a b c d", false)]), seconds(2)).counts;
        total.add(&compare("a", &heard(&[("b", false)]), seconds(2)).counts);
        assert_eq!(total.figures().wer.rounded(), Some(0.2));
        assert_eq!(total.figures().real_time_factor, Some(0.1));
    }
}
