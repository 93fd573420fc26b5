//! Whether a sentence asks, with a question mark or without.

use std::ops::Range;

use super::phase::firm;
use super::{Discourse, Phase, Role};
use crate::analysis::Analysis;
use crate::lexicon::{Cue, Family};
use crate::quantity::number_at;

impl Discourse {
    /// "So she's had this cough since, ooh, Thursday?": English speakers tell with a rising voice, which transcripts write
    /// as a question.
    pub(super) fn rising(&self, analysis: &Analysis, run: &Range<usize>, role: Role) -> bool {
        const ASKING: &[&str] = &[
            "is", "are", "do", "does", "did", "can", "could", "should", "will", "would", "what", "when",
            "how", "why", "am", "where", "which", "who", "has", "have", "shall", "any", "isn", "aren", "don",
            "or",
        ];
        self.lexicon.language == note::Language::En
            && matches!(role, Role::Patient | Role::Companion)
            && (analysis.speaker != note::Speaker::Unknown
                || run.len() <= 5 && number_at(&analysis.tokens, run.start, note::Language::En).is_some())
            && !run.clone().take(4).any(|at| ASKING.contains(&analysis.word(at)))
            && !analysis.has(Cue::PatientAsks, run)
    }

    /// "C'est Alzheimer, docteur": whoever says so of what the doctor has not named asks.
    fn fears(&self, analysis: &Analysis, run: &Range<usize>) -> bool {
        let word = |at: usize| analysis.word(at);
        let says = word(run.start) == "c" && word(run.start + 1) == "est"
            || ["that", "it"].contains(&word(run.start)) && ["s", "is"].contains(&word(run.start + 1));
        says && run.len() <= 8
            && ["docteur", "doctor"].contains(&word(run.end.saturating_sub(1)))
            && analysis.mentions_in(run).any(|m| m.of(self.lexicon, Family::Condition).is_some())
    }

    /// "And omeprazole.", "Ensuite, le bisoprolol.": a doctor who goes through a list waits for an answer to each.
    fn names_only(&self, analysis: &Analysis, run: &Range<usize>, role: Role) -> bool {
        const LEADING: &[&str] = &[
            "and", "the", "then", "so", "your", "et", "le", "la", "l", "les", "du", "de", "ensuite", "puis",
            "alors", "bon", "votre", "vos",
        ];
        let named = analysis.mentions_in(run).next().filter(|m| {
            m.of(self.lexicon, Family::Drug).is_some_and(|e| !e.has("is", "class"))
                && run.clone().filter(|i| !m.tokens.contains(i)).all(|i| LEADING.contains(&analysis.word(i)))
        });
        role == Role::Doctor
            && analysis.speaker != note::Speaker::Unknown
            && self.phase == Phase::History
            && run.len() <= 5
            && named.is_some()
            && analysis.sentences.last().is_some_and(|s| s.tokens.end == run.end)
    }

    /// Questions without a question mark, as recognisers leave them.
    pub(super) fn asks(&self, analysis: &Analysis, run: &Range<usize>, role: Role) -> bool {
        if role == Role::Doctor && self.phase == Phase::Examination && self.presses(analysis, run) {
            return true;
        }
        if matches!(role, Role::Patient | Role::Companion) && self.fears(analysis, run) {
            return true;
        }
        if self.names_only(analysis, run, role) {
            return true;
        }
        if !analysis.raw && analysis.speaker != note::Speaker::Unknown {
            return false;
        }
        // A guessed doctor who punctuates may tell as well as ask: only "vous avez…" asks.
        let asking = analysis.raw || run.len() <= 12 && self.talk && second_person(analysis, run);
        if !asking {
            return false;
        }
        // "So high blood pressure and reflux": summed up, not asked.
        let sums_up = self.lexicon.language == note::Language::En
            && run.clone().take(2).any(|at| analysis.word(at) == "so")
            && !analysis.has(Cue::Question, run);
        if sums_up {
            return false;
        }
        let numbers = analysis.tokens.get(run.clone()).is_some_and(|t| t.iter().any(|t| t.is_digits()));
        if role == Role::Patient || role == Role::Companion {
            return analysis.find(Cue::PatientAsks, &(run.start..run.start + 2)).is_some();
        }
        // "On a toujours le Kardégic 75": asked with its dose, while the history is taken.
        let drug = self.phase <= Phase::History
            && run.len() <= 14
            && analysis.mentions_in(run).any(|m| m.of(self.lexicon, Family::Drug).is_some());
        let still = drug
            && (analysis.has(Cue::Take, run)
                || run
                    .clone()
                    .any(|at| ["toujours", "encore", "combien", "still"].contains(&analysis.word(at))));
        if role != Role::Doctor || numbers && !still {
            return false;
        }
        if still && !analysis.any(&[Cue::Prescribe, Cue::StopDrug, Cue::Increase, Cue::Decrease], run) {
            return true;
        }
        let acts = [
            Cue::Prescribe,
            Cue::Order,
            Cue::Alert,
            Cue::Return,
            Cue::Renew,
            Cue::Conclusion,
            Cue::Forbid,
            Cue::Advise,
        ];
        let topics = [
            Cue::TopicAllergy,
            Cue::TopicTreatment,
            Cue::TopicOnset,
            Cue::TopicOccupation,
            Cue::TopicHistory,
            Cue::TopicFrequency,
        ];
        let named = |families: &[Family]| {
            analysis.mentions_in(run).any(|m| families.iter().any(|f| m.of(self.lexicon, *f).is_some()))
        };
        let normal = analysis.mentions_in(run).any(|m| {
            m.entries.iter().any(|id| self.lexicon.entry(*id).has("normal", "yes"))
                || m.of(self.lexicon, Family::Vital).is_some()
        });
        let early = self.phase <= Phase::History;
        // While the history is taken, a doctor who names a symptom asks for it.
        let asks = named(&[Family::Symptom, Family::Condition, Family::Lifestyle, Family::Procedure])
            || analysis.any(&topics, run) && run.len() <= 14;
        let pressing = self.phase == Phase::Examination
            && analysis.has(Cue::Pain, run)
            && named(&[Family::Anatomy, Family::Symptom]);
        let concludes = analysis.word(run.start) == "donc"
            || analysis.any(&acts, run) && !early
            || analysis.any(&[Cue::Prescribe, Cue::Return, Cue::Alert], run)
            || firm(analysis, run);
        (early && asks || pressing) && !normal && !concludes
    }

    /// "J'appuie sur la malléole externe…": naming the site under the hand asks whether it hurts.
    pub(super) fn presses(&self, analysis: &Analysis, run: &Range<usize>) -> bool {
        const PRESSING: &[&str] = &["appuie", "tape", "touche", "presse", "press", "tap"];
        let first = run.clone().find(|at| PRESSING.contains(&analysis.word(*at)));
        let acts = first.is_some_and(|at| {
            ["j", "je", "i"].contains(&analysis.word(at.wrapping_sub(1))) && at <= run.start + 4
        });
        acts && run.len() <= 14
            && analysis.mentions_in(run).any(|m| m.of(self.lexicon, Family::Anatomy).is_some())
            && !analysis.mentions_in(run).any(|m| {
                m.of(self.lexicon, Family::Finding).or_else(|| m.of(self.lexicon, Family::Vital)).is_some()
            })
    }
}

/// "Vous avez", "tu prends", "est-ce que" at the beginning.
pub(super) fn second_person(analysis: &Analysis, run: &Range<usize>) -> bool {
    run.clone().take(4).any(|at| {
        ["vous", "tu", "you"].contains(&analysis.word(at))
            || analysis.word(at) == "est" && analysis.word(at + 2) == "que"
    })
}
