//! "Pris deux kilos", "lost half a stone": a change of weight with its amount is a symptom, not a weight.

use note::{Kind, Language, SectionId};

use super::{Discourse, Scene};
use crate::context::About;
use crate::fact::Fact;
use crate::quantity::Measure;
use crate::wording::NBSP;

const GAINED: &[&str] = &["pris", "repris", "prend", "prends", "grossi", "gagne", "gained", "put", "gaining"];
const LOST: &[&str] = &["perdu", "perdus", "perd", "perds", "maigri", "lost", "losing", "dropped"];

impl Discourse {
    /// Keeps the change when the words just before the number tell one. True when they do.
    pub(super) fn weight_change(&mut self, scene: &Scene<'_>, found: &Measure) -> bool {
        let a = scene.analysis;
        let at = found.tokens.start;
        let before = at.saturating_sub(3).max(scene.run.start)..at;
        let told = |words: &[&str]| before.clone().find(|i| words.contains(&a.word(*i)));
        let (start, gain) = match (told(GAINED), told(LOST)) {
            (Some(start), _) => (start, true),
            (None, Some(start)) => (start, false),
            (None, None) => return false,
        };
        if found.unit.as_deref() != Some("kg") || scene.about(at) != About::Patient || scene.question {
            return true;
        }
        let concept = match (gain, self.lexicon.language) {
            (true, Language::Fr) => "prise de poids",
            (false, Language::Fr) => "perte de poids",
            (true, Language::En) => "weight gain",
            (false, Language::En) => "weight loss",
        };
        let of = if self.lexicon.language == Language::Fr { "de" } else { "of" };
        let run = start..found.tokens.end;
        let mut fact =
            Fact::new(SectionId::Histoire, Kind::Symptom, concept, scene.place(start), a.quote(&run));
        fact.name = Some(format!("{concept} {of} {}{NBSP}kg", found.value));
        fact.set("value", found.value.clone());
        fact.set("unit", "kg");
        self.add(scene, fact, &run);
        true
    }
}
