//! Diseases: had, running in the family, concluded today.

use note::{Experiencer, Kind, Polarity, SectionId, Temporality};

use super::{Discourse, Phase, Role, Scene, Topic};
use crate::analysis::Mention;
use crate::context::About;
use crate::fact::Fact;
use crate::lexicon::{Cue, Family};

use super::illness::SITELESS;

impl Discourse {
    pub(super) fn condition(&mut self, scene: &Scene<'_>, mention: &Mention) {
        let Some(entry) = mention.of(self.lexicon, Family::Condition) else { return };
        let a = scene.analysis;
        let at = mention.tokens.start;
        let mark = a.mark(at);
        let (concept, chronic) = (entry.concept.clone(), entry.has("chronic", "yes"));
        if self.topic == Some(Topic::Vaccine) && scene.by_patient() && self.of_a_vaccine(scene, mention) {
            return;
        }
        // "Après ma deuxième grossesse" tells when.
        let dates = ["grossesse", "pregnancy", "covid", "covid-19"]
            .contains(&concept.to_lowercase().as_str())
            && (1..=3).any(|back| {
                [
                    "apres", "avant", "pendant", "durant", "lors", "depuis", "after", "before", "during",
                    "since",
                ]
                .contains(&a.word(at.wrapping_sub(back)))
            });
        if dates && scene.by_patient() {
            return;
        }
        // "Pas de risque pour la grossesse", "un traitement contre l'asthme": what it is about, not what is found.
        let aim = scene.by_doctor()
            && self.phase >= Phase::Conclusion
            && (1..=5).any(|back| {
                at.checked_sub(back).filter(|i| *i >= scene.run.start).is_some_and(|i| {
                    [
                        "risque", "risques", "prevenir", "eviter", "contre", "protege", "risk", "prevent",
                        "against",
                    ]
                    .contains(&a.word(i))
                })
            });
        if aim || self.looked_for(scene, mention) {
            return;
        }
        let mut fact = Fact::new(
            SectionId::Antecedents,
            Kind::Condition,
            concept.clone(),
            scene.place(at),
            a.quote(&mention.tokens),
        );
        fact.polarity = self.polarity(scene, at);
        if let About::Family(id) = scene.about(at) {
            if fact.polarity != Polarity::Present || mark.conditional {
                return;
            }
            fact.experiencer = Experiencer::Family;
            fact.relation = Some(self.lexicon.entry(id).concept.clone());
            // A brother's chickenpox is why the visit matters, not where the patient comes from.
            let caught = entry.has("catching", "yes") && !mark.past && self.phase <= Phase::Examination;
            if caught && !a.times_in(&scene.run).any(|w| w.year.is_some()) {
                fact.section = SectionId::Histoire;
            }
            fact.cite(a.quote(&scene.clause(at)));
            fact.sources.rotate_left(1);
            fact.sources.truncate(1);
            self.add(scene, fact, &mention.tokens);
            return;
        }
        if mark.conditional && !(scene.by_patient() && self.phase <= Phase::History) || self.musing(scene) {
            return;
        }
        // "I gave up when I was pregnant" tells when.
        let circumstance = concept == "pregnancy"
            && (1..=4).any(|back| at.checked_sub(back).is_some_and(|i| a.word(i) == "when"));
        if circumstance {
            return;
        }
        // "Were you worried about anything? — A brain tumour": feared, not had.
        if scene.by_patient() && self.topic == Some(Topic::Worry) {
            return;
        }
        if self.contact(scene, mention, &concept) {
            return;
        }
        // "Chez une diabétique", "avec votre asthme": known already, not concluded.
        let (before, lead) = (a.word(at.wrapping_sub(1)), a.word(at.wrapping_sub(2)));
        let aside = at >= scene.run.start + 2
            && (lead == "chez" && ["un", "une"].contains(&before)
                || ["avec", "with"].contains(&lead)
                    && ["l", "le", "la", "votre", "ton", "ta", "son", "sa", "your", "the"].contains(&before));
        if aside && scene.by_doctor() && self.phase >= Phase::Examination {
            return;
        }
        if self.topic == Some(Topic::Surgery) && scene.by_patient() && fact.polarity == Polarity::Present {
            fact.kind = Kind::Procedure;
            fact.temporality = Temporality::Past;
            fact.name = Some(self.operated(&concept));
        }
        let with = self.qualifiers(scene, mention, &["any", "control", "side"]);
        if !with.is_empty() && fact.polarity != Polarity::Absent {
            fact.name = Some(crate::compose::agree(&concept, &with, self.lexicon.language));
            let last = a
                .qualifiers
                .iter()
                .filter(|q| q.tokens.start >= mention.tokens.end && q.tokens.end <= scene.run.end)
                .take(with.len())
                .map(|q| q.tokens.end)
                .last();
            if let Some(end) = last.filter(|end| *end <= mention.tokens.end + 6) {
                fact.sources = vec![a.quote(&(mention.tokens.start..end))];
            }
        }
        if with.is_empty()
            && fact.polarity == Polarity::Present
            && !SITELESS.contains(&a.word(mention.tokens.end))
        {
            self.with_site(scene, mention, &mut fact);
        }
        if mark.past && !mark.negated {
            fact.temporality = Temporality::Past;
        }
        if scene.by_doctor() && self.examined && self.phase >= Phase::Examination {
            let asserts = scene.run.clone().any(|i| a.word(i) == "c" && a.word(i + 1) == "est")
                && self.phase < Phase::Plan;
            let concludes = a.any(&[Cue::Conclusion], &scene.run)
                || self.phase == Phase::Conclusion
                || asserts
                || ["donc", "so"].contains(&a.word(scene.clause(at).start))
                // "Donc : entorse de la cheville droite."
                || ["donc", "conclusion", "diagnostic", "so", "impression"]
                    .contains(&a.word(scene.clause(at).start.wrapping_sub(1)))
                // "Une hypothyroïdie mal équilibrée, une carence en fer": named after looking.
                || self.phase == Phase::Examination
                    && ["un", "une"].contains(&a.word(at.wrapping_sub(1)))
                    && (at - 1 == scene.clause(at).start
                        || at - 2 == scene.clause(at).start && a.word(scene.clause(at).start) == "et")
                    && self.facts.iter().filter(|f| f.section == SectionId::Examen).count() >= 3;
            let clause = scene.clause(at);
            let states =
                a.word(clause.start) == "c" || a.word(clause.start) == "donc" || scene.run.len() <= 8;
            let found = self.phase == Phase::Examination
                && !mark.ruled_out
                && fact.polarity == Polarity::Absent
                && !a.has(Cue::Conclusion, &(clause.start..at));
            if found {
                // "Pas de plaie", while looking.
                fact.section = SectionId::Examen;
                fact.kind = Kind::Finding;
                fact.certainty = 0.75;
            } else if mark.ruled_out || fact.polarity == Polarity::Absent {
                fact.section = SectionId::Conclusion;
                fact.polarity = Polarity::Absent;
                fact.certainty = 0.75;
                if self.phase == Phase::Plan {
                    return;
                }
            } else if concludes || states && self.phase < Phase::Plan {
                fact.section = SectionId::Conclusion;
                fact.temporality = Temporality::Current;
                if a.mark(at).uncertain {
                    fact.polarity = if a.has(Cue::Conclusion, &scene.run) && !a.has(Cue::Uncertain, &clause) {
                        Polarity::Present
                    } else {
                        Polarity::Uncertain
                    };
                }
            } else if !chronic || self.phase == Phase::Plan {
                if fact.polarity == Polarity::Present
                    && !self.facts.iter().any(|f| f.concept == concept)
                    && !a.has(Cue::Forbid, &scene.run)
                {
                    self.leave(scene, mention, &concept);
                }
                return;
            }
        } else if scene.by_doctor() {
            fact.certainty = 0.75;
            if mark.uncertain {
                return;
            }
            if scene.role == Role::Narrator && a.has(Cue::Conclusion, &scene.run) {
                fact.section = SectionId::Conclusion;
            }
        } else {
            if mark.uncertain || self.phase >= Phase::Conclusion {
                return;
            }
            let background = chronic
                || self.phase > Phase::Opening
                || mark.past
                || a.times_in(&scene.run).any(|w| w.year.is_some());
            if !background && fact.polarity == Polarity::Present {
                fact.certainty = 0.7;
                fact.section = SectionId::Histoire;
                self.opens_visit(scene, &mut fact);
            }
        }
        // A disease that was concluded ends the examination, in whatever words.
        if fact.section == SectionId::Conclusion
            && fact.polarity == Polarity::Present
            && scene.role == Role::Doctor
            && self.phase == Phase::Examination
            && !a.raw
            && ["c", "donc", "une", "un", "so", "a"].contains(&a.word(scene.clause(at).start))
            && !self.known(&concept, SectionId::Antecedents)
        {
            self.phase = Phase::Conclusion;
            self.concluded = true;
        }
        if fact.polarity == Polarity::Absent {
            fact.group = Some((a.index, u32::try_from(scene.run.start).unwrap_or(0)));
        }
        self.add(scene, fact, &mention.tokens);
    }

    pub(super) fn operated(&self, concept: &str) -> String {
        match self.lexicon.language {
            note::Language::Fr => format!("opération{}: {concept}", crate::wording::NBSP),
            note::Language::En => format!("surgery for {concept}"),
        }
    }
}
