//! Pains are named by their site: "mal au genou", "ici, la malléole ?".

use note::{Kind, Polarity, SectionId, Temporality};

use super::{Discourse, Phase, Role, Scene, Topic};
use crate::analysis::Mention;
use crate::context::About;
use crate::fact::Fact;
use crate::lexicon::{Cue, Family};

impl Discourse {
    /// "J'ai mal au genou droit": a pain and the site that follows it.
    pub(super) fn pains(&mut self, scene: &Scene<'_>) {
        if scene.by_doctor() && self.phase >= Phase::Conclusion && scene.role == Role::Doctor {
            return;
        }
        for (mut fact, mention) in self.pain_facts(scene) {
            let at = mention.tokens.start;
            let mark = scene.analysis.mark(at);
            if mark.hypothetical || mark.conditional && scene.by_doctor() || scene.about(at) != About::Patient
            {
                continue;
            }
            fact.polarity = self.polarity(scene, at);
            if fact.polarity == Polarity::Absent {
                fact.group = Some((scene.analysis.index, u32::try_from(scene.run.start).unwrap_or(0)));
            } else if scene.by_patient() && self.phase >= Phase::Conclusion {
                continue;
            } else if !scene.by_doctor() || scene.role == Role::Narrator {
                self.opens_visit(scene, &mut fact);
            }
            let present = fact.polarity == Polarity::Present;
            let added = self.add(scene, fact, &mention.tokens);
            if present {
                self.last_symptom = Some(added);
            }
        }
    }

    /// Pains a question asks for: "ça fait mal, la malléole ?".
    pub(super) fn asked_pains(&self, scene: &Scene<'_>) -> Vec<(Fact, Mention)> {
        self.pain_facts(scene)
    }

    fn pain_facts(&self, scene: &Scene<'_>) -> Vec<(Fact, Mention)> {
        let a = scene.analysis;
        let mut found = Vec::new();
        let examining = self.examined && self.phase == Phase::Examination;
        for mention in a.mentions_in(&scene.run) {
            let Some(site) = mention.of(self.lexicon, Family::Anatomy) else { continue };
            let at = mention.tokens.start;
            let clause = scene.clause(at);
            let near = a.cues.iter().find(|c| {
                // "Une douleur là, sous le pied".
                let pointed =
                    c.tokens.start >= scene.run.start && c.tokens.end <= at && at - c.tokens.end <= 4;
                c.cue == Cue::Pain && pointed
                    || c.cue == Cue::Pain
                        && clause.start <= c.tokens.start
                        && c.tokens.start < clause.end
                        && (c.tokens.end <= at && at - c.tokens.end <= 7
                            || c.tokens.start >= mention.tokens.end
                                && c.tokens.start - mention.tokens.end <= 5)
            });
            // "Ici, la malléole ?": under the hand, naming a site asks for pain.
            let other = a.mentions_in(&scene.run).any(|m| {
                m.of(self.lexicon, Family::Vital).or_else(|| m.of(self.lexicon, Family::Finding)).is_some()
            }) || scene.run.clone().any(|i| {
                ["bouge", "bougent", "sentez", "sens", "sensibilite", "move", "feel"].contains(&a.word(i))
            });
            let pressed = near.is_none()
                && scene.question
                && examining
                && scene.by_doctor()
                && scene.run.len() <= if self.lexicon.language == note::Language::En { 4 } else { 10 }
                && !other;
            if near.is_none() && !pressed {
                continue;
            }
            let concept = self.pain_of(site);
            let start = near.map_or(at, |c| c.tokens.start.min(at));
            let end = near.map_or(mention.tokens.end, |c| c.tokens.end.max(mention.tokens.end));
            let (section, kind) = if examining && scene.by_doctor() {
                (SectionId::Examen, Kind::Finding)
            } else {
                (SectionId::Histoire, Kind::Symptom)
            };
            let mut fact = Fact::new(section, kind, concept, scene.place(at), a.quote(&(start..end)));
            fact.certainty = 0.8;
            found.push((fact, mention.clone()));
        }
        found
    }

    /// Sites that answer "vous avez mal où ?" and "vous avez été opéré ?".
    pub(super) fn sites(&mut self, scene: &Scene<'_>) {
        let wanted = matches!(self.topic, Some(Topic::Pain | Topic::Surgery));
        if !wanted || !scene.by_patient() {
            return;
        }
        for (site, mention) in scene
            .analysis
            .mentions_in(&scene.run)
            .filter_map(|m| m.of(self.lexicon, Family::Anatomy).map(|s| (s, m.clone())))
            .collect::<Vec<_>>()
        {
            let at = mention.tokens.start;
            // "Just under my ribs" is not the ribs.
            let beside = (1..=2).any(|back| {
                at.checked_sub(back).is_some_and(|i| {
                    ["under", "underneath", "near", "above", "below", "behind"]
                        .contains(&scene.analysis.word(i))
                })
            });
            if beside
                || scene.about(at) != About::Patient
                || scene.analysis.mark(at).negated
                || scene.analysis.has(Cue::Pain, &scene.run)
            {
                continue;
            }
            let source = scene.analysis.quote(&mention.tokens);
            let fact = if self.topic == Some(Topic::Pain) {
                Fact::new(SectionId::Histoire, Kind::Symptom, self.pain_of(site), scene.place(at), source)
            } else {
                let concept = match (site.attribute("de"), self.lexicon.language) {
                    (Some(de), note::Language::Fr) => format!("opération {de}"),
                    (None, note::Language::Fr) => {
                        crate::compose::elide("opération de", &site.concept, note::Language::Fr)
                    }
                    (_, note::Language::En) => format!("{} surgery", site.concept),
                };
                let mut fact =
                    Fact::new(SectionId::Antecedents, Kind::Procedure, concept, scene.place(at), source);
                fact.temporality = Temporality::Past;
                fact
            };
            let added = self.add(scene, fact, &mention.tokens);
            self.last_symptom = Some(added);
        }
    }

    fn pain_of(&self, site: &crate::lexicon::Entry) -> String {
        match (site.attribute("pain"), site.attribute("de"), self.lexicon.language) {
            (Some(pain), ..) => pain.to_owned(),
            (None, Some(de), note::Language::Fr) => format!("douleur {de}"),
            (None, None, note::Language::Fr) => {
                crate::compose::elide("douleur de", &site.concept, note::Language::Fr)
            }
            (None, _, note::Language::En) => format!("{} pain", site.concept),
        }
    }
}
