//! Values told without the name of what was measured.

use note::{Kind, SectionId};

use super::{Discourse, Phase, Scene};
use crate::context::About;
use crate::quantity::{Measure, lone_measure};

impl Discourse {
    /// "Le cœur est régulier à soixante-douze".
    pub(super) fn heart_rate(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        let Some(entry) = self.lexicon.heart_rate().cloned() else { return };
        if !scene.by_doctor() || self.facts.iter().any(|f| f.concept == entry.concept) {
            return;
        }
        let at = scene.run.clone().skip(2).find(|at| {
            ["a", "at"].contains(&a.word(at - 1))
                && ["regulier", "irregulier", "regular", "irregular"].contains(&a.word(at - 2))
        });
        let found = at.and_then(|at| crate::quantity::number_at(&a.tokens, at, self.lexicon.language));
        let Some(number) = found.filter(|n| (30.0..=220.0).contains(&n.value)) else { return };
        let found = Measure {
            value: number.text,
            unit: entry.attribute("unit").map(str::to_owned),
            standard: None,
            plausible: true,
            tokens: number.tokens.clone(),
        };
        self.measured(scene, &entry, found, number.tokens.start - 2, None);
    }

    pub(super) fn lone_measures(&mut self, scene: &Scene<'_>, taken: &[std::ops::Range<usize>]) {
        let a = scene.analysis;
        let mut at = scene.run.start;
        while at < scene.run.end {
            let skip = taken.iter().find(|t| t.contains(&at)).map(|t| t.end);
            if let Some(end) = skip {
                at = end;
                continue;
            }
            let Some((form, found)) = lone_measure(&a.tokens, at, self.lexicon.language) else {
                at += 1;
                continue;
            };
            let end = found.tokens.end;
            let gained = (1..=3).any(|back| at.checked_sub(back).is_some_and(|i| LOST.contains(&a.word(i))));
            let more = ["de", "en", "in"].contains(&a.word(end)) && form == "weight";
            let spoken_of =
                scene.about(at) == About::Patient && !a.mark(at).conditional && !a.mark(at).hypothetical;
            let pressure_elsewhere =
                form == "pressure" && !(scene.by_doctor() && self.phase <= Phase::Conclusion);
            let entry = self.lexicon.vital(form);
            // "Debout, douze sur sept": a second pressure in another posture.
            let standing = form == "pressure" && self.posture(scene, at).is_some();
            let repeated = !standing
                && entry.is_some_and(|e| {
                    self.facts.iter().any(|f| {
                        f.concept == e.concept && f.kind == Kind::Vital && f.section == SectionId::Examen
                    })
                });
            let told_in_plan = self.phase == Phase::Plan && form != "weight"
                || form == "temperature" && !(self.phase == Phase::Examination && scene.by_doctor());
            // "Vous avez pris du poids ? — Cinq kilos."
            let change = self.last_symptom.and_then(|last| self.facts.get_mut(last)).filter(|f| {
                form == "weight"
                    && scene.by_patient()
                    && ["prise de poids", "perte de poids", "weight gain", "weight loss"]
                        .contains(&f.concept.as_str())
                    && f.sources.iter().any(|s| s.segment == a.index)
            });
            if let Some(fact) = change {
                let of = if self.lexicon.language == note::Language::Fr { "de" } else { "of" };
                fact.name = Some(format!("{} {of} {}{}kg", fact.concept, found.value, crate::wording::NBSP));
                fact.cite(a.quote(&found.tokens));
                at = end;
                continue;
            }
            if form == "weight" && scene.by_patient() && self.weight_change(scene, &found) {
                at = end;
                continue;
            }
            if let Some(entry) = entry.filter(|_| {
                !gained && !more && spoken_of && !pressure_elsewhere && !repeated && !told_in_plan
            }) {
                let entry = entry.clone();
                self.measured(scene, &entry, found, at, None);
            }
            at = end;
        }
    }
}

const LOST: &[&str] = &[
    "pris", "perdu", "prise", "perte", "de", "plus", "moins", "lost", "gained", "porter", "charges",
    "depasse", "que", "dose", "doses", "sous", "plus", "moins",
];
