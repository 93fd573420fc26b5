//! What stands around a disease or a complaint: others who have it, the site it has, the drug that did it.

use note::{Kind, SectionId};

use super::{Discourse, Phase, Scene};
use crate::analysis::Mention;
use crate::fact::Fact;
use crate::lexicon::Cue;

impl Discourse {
    /// "J'ai arrêté, ça me donnait la voix rauque": what the drug just stopped did.
    pub(super) fn side_effect(&mut self, scene: &Scene<'_>, mention: &Mention, concept: &str) -> bool {
        let a = scene.analysis;
        let before = mention.tokens.start.saturating_sub(6)..mention.tokens.start;
        // "Mais ça me gonflait les chevilles."
        let did = before.clone().any(|i| a.word(i) == "ca" && ["me", "m"].contains(&a.word(i + 1)));
        if !(did || a.has(Cue::Reacted, &before)) || !scene.by_patient() {
            return false;
        }
        let source = a.quote(&mention.tokens);
        let stopped = self.last_drug.and_then(|at| self.facts.get_mut(at)).filter(|f| {
            f.action == Some(crate::fact::Action::Stopped) && a.index.saturating_sub(f.place.0) <= 1
        });
        let Some(fact) = stopped else { return false };
        fact.set("reaction", super::allergy::said_reaction(scene, mention, concept));
        fact.cite(source);
        true
    }

    /// "Il y a la varicelle qui tourne à la crèche": others have it.
    pub(super) fn contact(&mut self, scene: &Scene<'_>, mention: &Mention, concept: &str) -> bool {
        const PLACES: &[&str] =
            &["creche", "ecole", "classe", "bureau", "nounou", "entourage", "nursery", "school", "office"];
        let a = scene.analysis;
        let after = mention.tokens.end..scene.run.end.min(mention.tokens.end + 8);
        let going = a.word(after.start) == "qui"
            && ["tourne", "traine", "circule"].contains(&a.word(after.start + 1))
            || a.word(after.start) == "going" && a.word(after.start + 1) == "around";
        let there = a.tokens.get(scene.run.clone()).is_some_and(|t| t.iter().any(|t| t.any(PLACES)));
        let own = super::role::firsthand(a, &scene.run)
            || scene.run.clone().any(|i| ["vous", "tu"].contains(&a.word(i)));
        let others = there
            && !own
            && scene.run.clone().any(|i| {
                a.word(i) == "y" && (a.word(i + 1) == "a" || a.word(i + 1) == "en" && a.word(i + 2) == "a")
            });
        if !(going || others) {
            return false;
        }
        if scene.by_patient() && self.phase <= Phase::Examination {
            let run = mention.tokens.start..after.end.min(mention.tokens.end + 2);
            let mut fact = Fact::new(
                SectionId::Histoire,
                Kind::Other,
                match self.lexicon.language {
                    note::Language::Fr => format!("contage{}: {concept}", crate::wording::NBSP),
                    note::Language::En => format!("contact with {concept}"),
                },
                scene.place(mention.tokens.start),
                a.quote(&run),
            );
            fact.certainty = 0.75;
            self.add(scene, fact, &mention.tokens);
        }
        true
    }
}
