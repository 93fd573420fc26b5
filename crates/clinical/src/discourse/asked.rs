//! What a yes and a no would mean for each thing that a question names.

use note::{Kind, Polarity, SectionId};

use super::{Discourse, Phase, Scene, Topic};
use crate::analysis::Mention;
use crate::context::About;
use crate::fact::Fact;
use crate::lexicon::{Cue, Family};
use crate::quantity::WhenKind;

/// "Une phlébite en 2019, c'est ça ?": a yes agrees to the time as well.
fn asked_when(scene: &Scene<'_>, mention: &Mention, yes: &mut Fact) {
    let a = scene.analysis;
    let reach = scene.run.start..scene.run.end.min(mention.tokens.end + 10);
    let next = a.mentions_in(&(mention.tokens.end..reach.end)).next().map_or(reach.end, |m| m.tokens.start);
    let told = a
        .times_in(&(mention.tokens.end..next))
        .find(|w| matches!(w.kind, WhenKind::Since | WhenKind::At | WhenKind::Age));
    if let Some(when) = told {
        yes.set("onset", when.text.clone());
        if let Some(year) = &when.year {
            yes.set("year", year.clone());
        }
    }
}

impl Discourse {
    /// What "yes" and "no" would mean for a mention.
    pub(super) fn asked_facts(
        &self,
        scene: &Scene<'_>,
        mention: &Mention,
        about: About,
    ) -> (Option<Fact>, Option<Fact>) {
        let source = scene.analysis.quote(&mention.tokens);
        let place = scene.place(mention.tokens.start);
        let examined = self.phase == Phase::Examination && self.examined;
        // "Là, vous avez mal ?" is looked for by hand; "vous avez vomi ?" is told, whenever it is asked.
        let felt = examined
            && (self.presses(scene.analysis, &scene.run) || scene.analysis.has(Cue::Pain, &scene.run));
        let families = [
            (Family::Finding, Kind::Finding, SectionId::Examen),
            (Family::Symptom, Kind::Symptom, if felt { SectionId::Examen } else { SectionId::Histoire }),
            (Family::Condition, Kind::Condition, SectionId::Antecedents),
            (Family::Drug, Kind::Drug, SectionId::Traitements),
            (Family::Procedure, Kind::Procedure, SectionId::Antecedents),
            (Family::Vaccine, Kind::Vaccine, SectionId::Antecedents),
            (Family::Lifestyle, Kind::Lifestyle, SectionId::ModeDeVie),
            (Family::Leave, Kind::Leave, SectionId::Conduite),
        ];
        if mention.entries.iter().any(|id| self.lexicon.entry(*id).has("ask", "no")) {
            return (None, None);
        }
        // "Votre frottis, vous en êtes où ? — En janvier."
        let when_done = scene.run.clone().any(|i| {
            ["dernier", "derniere", "derniers", "ou", "jour", "quand", "remonte", "date", "last", "when"]
                .contains(&scene.analysis.word(i))
        });
        if let Some(test) = mention.of(self.lexicon, Family::Test).filter(|_| when_done)
            && about == About::Patient
        {
            let mut yes =
                Fact::new(SectionId::Antecedents, Kind::Procedure, test.concept.clone(), place, source);
            yes.temporality = note::Temporality::Past;
            yes.certainty = 0.75;
            return (Some(yes), None);
        }
        let Some((entry, kind, section)) = families
            .into_iter()
            .filter(|(family, ..)| *family != Family::Finding || examined)
            .find_map(|(family, kind, section)| mention.of(self.lexicon, family).map(|e| (e, kind, section)))
        else {
            return (None, None);
        };
        // "Des allergies, c'est toujours la codéine ?": a yes confirms the allergy; a no is told of allergies as a whole.
        let substance = matches!(kind, Kind::Drug)
            || mention.of(self.lexicon, Family::Allergen).is_some() && kind != Kind::Symptom;
        if self.topic == Some(Topic::Allergy) && substance && !entry.has("is", "class") {
            let mut yes =
                Fact::new(SectionId::Allergies, Kind::Allergy, entry.concept.clone(), place, source);
            yes.name = self.drug_name(scene, mention);
            yes.certainty = 0.75;
            return (Some(yes), None);
        }
        if scene.analysis.mark(mention.tokens.start).allergic
            || kind == Kind::Drug && Self::asks_tolerance(scene, mention.tokens.start)
            || kind == Kind::Drug
                && self.phase >= Phase::Conclusion
                && self.lexicon.language == note::Language::En
        {
            return (None, None);
        }
        let concept = self.bleeding(&entry.concept, scene.analysis.index);
        let mut yes = Fact::new(section, kind, concept, place, source);
        yes.certainty = 0.85;
        if matches!(kind, Kind::Condition | Kind::Finding)
            && let Some(side) = super::attach::side(scene.analysis, &scene.run)
        {
            yes.set("laterality", side);
        }
        // "Any surgeries, you had your gallbladder out?": the one named is the answer.
        let vague = kind == Kind::Procedure && ["operation", "opération"].contains(&entry.concept.as_str());
        let other = vague
            && scene
                .analysis
                .mentions_in(&scene.run)
                .any(|m| m.of(self.lexicon, Family::Procedure).is_some_and(|e| e.concept != entry.concept));
        if other {
            return (None, None);
        }
        // "Any anti-inflammatories, things like ibuprofen?"
        let class = kind == Kind::Drug
            && entry.has("is", "class")
            && self.lexicon.language == note::Language::En
            && scene
                .analysis
                .mentions_in(&scene.run)
                .any(|m| m.of(self.lexicon, Family::Drug).is_some_and(|e| !e.has("is", "class")));
        if class {
            return (None, None);
        }
        // "Elle a déjà eu des antibiotiques ?" asks of the past, not of what is taken.
        let before_now = (scene.run.start..mention.tokens.start).any(|i| {
            ["deja", "jamais"].contains(&scene.analysis.word(i))
                && ["eu", "pris", "essaye", "mis"].contains(&scene.analysis.word(i + 1))
        });
        if kind == Kind::Drug && before_now {
            return (None, None);
        }
        // "Le tabac, c'est toujours arrêté ?"
        if kind == Kind::Lifestyle
            && entry.attribute("topic") == Some("tobacco")
            && scene.analysis.has(Cue::Stopped, &scene.run)
        {
            yes.concept =
                if self.lexicon.language == note::Language::Fr { "tabagisme sevré" } else { "ex-smoker" }
                    .into();
            yes.temporality = note::Temporality::Past;
            return (Some(yes), None);
        }
        if kind == Kind::Drug {
            yes.name = self.drug_name(scene, mention);
            super::drug::misheard(&mut yes, mention);
            self.dose_asked(scene, mention, &mut yes);
            // "L'acide folique, vous l'avez arrêté ?"
            if scene.analysis.has(Cue::Stopped, &scene.run) && section == SectionId::Traitements {
                let still = yes.clone();
                yes.action = Some(crate::fact::Action::Stopped);
                yes.temporality = note::Temporality::Past;
                return (Some(yes), Some(still));
            }
        }
        if let About::Family(id) = about {
            if kind != Kind::Condition {
                return (None, None);
            }
            yes.experiencer = note::Experiencer::Family;
            yes.relation = Some(self.lexicon.entry(id).concept.clone());
        } else if self.topic == Some(Topic::Family) && kind == Kind::Condition {
            yes.experiencer = note::Experiencer::Family;
        }
        if entry.has("normal", "yes") {
            return (Some(yes), None);
        }
        if self.phase == Phase::Opening && self.comes_for(scene, mention) {
            yes.section = SectionId::Motif;
            return (Some(yes), None);
        }
        let mut no = yes.clone();
        no.polarity = Polarity::Absent;
        if kind == Kind::Leave {
            return (None, None);
        }
        // "Les saignements, c'est fini ? — Oui, depuis trois semaines."
        if kind == Kind::Symptom && scene.analysis.has(Cue::NoMore, &(mention.tokens.end..scene.run.end)) {
            return (Some(no), Some(yes));
        }
        if kind == Kind::Vaccine {
            yes.temporality = note::Temporality::Past;
            return (Some(yes).filter(|_| self.phase <= Phase::History), None);
        }
        if matches!(kind, Kind::Symptom | Kind::Condition | Kind::Procedure) {
            asked_when(scene, mention, &mut yes);
        }
        (Some(yes), Some(no))
    }

    /// "Vous venez pour la contraception ?"
    fn comes_for(&self, scene: &Scene<'_>, mention: &Mention) -> bool {
        const COMING: &[&str] = &["venez", "viens", "vient", "voit", "voyait", "vois", "c", "here", "come"];
        let a = scene.analysis;
        let before = scene.run.start..mention.tokens.start;
        let lead = before.clone().rev().take(4).any(|at| ["pour", "for", "about"].contains(&a.word(at)));
        lead && before.clone().any(|at| COMING.contains(&a.word(at)))
    }
}
