//! What is taken back: told and denied, proposed and declined, the wrong side.

use note::{Kind, Polarity, Source};

use super::reply::Answer;
use super::{Discourse, Role, Scene};
use crate::fact::Fact;
use crate::lexicon::Cue;

impl Discourse {
    /// "Vous avez mal aux oreilles." — "Non, mais…": what was told was a question, and the answer is no.
    pub(super) fn denied(&mut self, scene: &Scene<'_>, answer: Option<Answer>) {
        let Some(told) = self.told.take() else { return };
        let a = scene.analysis;
        let start = scene.run.start;
        let plain = ["non", "nan", "no", "nope"].contains(&a.word(start))
            || a.word(start) == "mais" && a.word(start + 1) == "non"
            || ["pas", "du"].contains(&a.word(start)) && a.word(start + 1) == "tout"
            || ["ah", "euh", "ben", "bah", "oh"].contains(&a.word(start))
                && ["non", "nan"].contains(&a.word(start + 1));
        let other = match a.speaker {
            note::Speaker::Unknown => {
                scene.by_patient()
                    || told.segment != a.index && scene.role == Role::Narrator
                    || scene.run.len() <= 3
            }
            _ => scene.by_patient(),
        };
        let own = told.segment == a.index && self.lexicon.language == note::Language::En;
        if own || answer != Some(Answer::No) || !plain || !other || a.index.saturating_sub(told.segment) > 1 {
            return;
        }
        let group = scene.place(start);
        let source = a.quote(&self.answer_run(scene));
        let deniable = |f: &Fact| {
            f.polarity == Polarity::Present
                && !f.attributes.contains_key("value")
                && matches!(
                    f.kind,
                    Kind::Symptom
                        | Kind::Condition
                        | Kind::Lifestyle
                        | Kind::Drug
                        | Kind::Allergy
                        | Kind::Procedure
                )
        };
        for fact in self.facts.iter_mut().take(told.facts.end).skip(told.facts.start).filter(|f| deniable(f))
        {
            fact.deny(source.clone());
            fact.group = Some(group);
            fact.firsthand = true;
            fact.certainty = fact.certainty.min(0.7);
        }
    }

    /// "Au début j'avais la diarrhée. Plus maintenant.": what the sentence before told of oneself is over.
    pub(super) fn outgrown(&mut self, scene: &Scene<'_>, answer: Option<Answer>) {
        let a = scene.analysis;
        let goes_on = self.last_segment == Some(a.index) && self.last_role == scene.role;
        if !scene.by_patient() || answer != Some(Answer::NoMore) || !goes_on || scene.run.len() > 4 {
            return;
        }
        let Some(before) = a.sentences.iter().find(|s| s.tokens.end == scene.run.start) else { return };
        let (start, end) = (scene.place(before.tokens.start), scene.place(before.tokens.end));
        let source = a.quote(&scene.run);
        let told = |f: &Fact| {
            f.kind == Kind::Symptom && f.polarity == Polarity::Present && start <= f.place && f.place < end
        };
        for fact in self.facts.iter_mut().rev().take(6).filter(|f| told(f)) {
            fact.deny(source.clone());
            fact.temporality = note::Temporality::Current;
        }
    }

    /// "À la pénicilline. — Mais non papa, c'est Chloé, ça.": one who speaks beside the patient is put right.
    pub(super) fn put_right(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        let spoke =
            |speaker: note::Speaker| matches!(speaker, note::Speaker::Patient | note::Speaker::Companion);
        let (Some((segment, speaker)), true) = (self.spoken, spoke(a.speaker)) else { return };
        let opening = scene.run.start..scene.run.end.min(scene.run.start + 3);
        let denies = opening.clone().any(|at| ["non", "no"].contains(&a.word(at)));
        let another = scene.run.clone().any(|at| {
            a.word(at) == "c" && a.word(at + 1) == "est"
                || ["that", "it"].contains(&a.word(at)) && a.word(at + 1) == "s"
        });
        if !denies || !another || !spoke(speaker) || speaker == a.speaker || segment + 1 != a.index {
            return;
        }
        for fact in self.facts.iter_mut().rev().take(6).filter(|f| f.place.0 == segment) {
            if matches!(fact.kind, Kind::Allergy | Kind::Condition | Kind::Drug | Kind::Procedure) {
                fact.withdrawn = true;
            }
        }
    }

    /// "Je vous arrête ? — Non": leave which the doctor proposed just before is declined.
    pub(super) fn declined(&mut self, scene: &Scene<'_>, source: &Source) {
        let index = scene.analysis.index;
        let newest = self
            .facts
            .last_mut()
            .filter(|f| f.kind == Kind::Leave && f.place.0 + 1 == index && f.attributes.is_empty());
        if let Some(leave) = newest {
            leave.polarity = Polarity::Absent;
            leave.cite(source.clone());
        }
    }

    /// "Non, la droite": takes back a side, or what was last said of the same kind. True when the sentence held nothing else.
    pub(super) fn correct(&mut self, scene: &Scene<'_>) -> bool {
        let a = scene.analysis;
        let opening = scene.run.start..(scene.run.start + 4).min(scene.run.end);
        let denies = self.pending.is_none()
            && scene.run.len() <= 8
            && a.has(Cue::No, &(scene.run.start..scene.run.start + 2));
        let corrects = denies || a.has(Cue::Correction, &opening);
        let Some(side) = super::attach::side(a, &scene.run).filter(|_| corrects) else { return false };
        let Some(fact) =
            self.facts.iter_mut().rev().take(4).find(|f| f.attributes.contains_key("laterality"))
        else {
            return false;
        };
        fact.attributes.insert("laterality".into(), side.to_owned());
        fact.cite(a.quote(&opening));
        a.mentions_in(&scene.run).next().is_none()
    }
}
