//! Tests spoken of by a pronoun: "Et ma mammo ?" — "Elle est à refaire."

use note::{Kind, SectionId, Temporality};

use super::{Discourse, Scene};
use crate::context::About;
use crate::fact::Fact;
use crate::lexicon::{Cue, Family};

/// Verbs by which a test is ordered without being named.
const AGAIN: &[&str] = &["refaire", "refait", "refera", "faire", "repeat", "due"];

impl Discourse {
    /// Remembers a test that the patient names, or that is asked about.
    pub(super) fn notice_test(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        let named = a.mentions_in(&scene.run).find_map(|m| {
            let entry = m.of(self.lexicon, Family::Test)?;
            (scene.about(m.tokens.start) == About::Patient)
                .then(|| (a.index, a.quote(&m.tokens), entry.concept.clone()))
        });
        if let Some(named) = named.filter(|_| scene.by_patient() || scene.question) {
            self.named_test = Some(named);
        }
    }

    /// "C'est à refaire": the test named last is ordered.
    pub(super) fn orders_it(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        let Some((segment, source, concept)) = self.named_test.clone() else { return };
        let named = a.mentions_in(&scene.run).any(|m| {
            [Family::Test, Family::Lab, Family::Vaccine, Family::Drug]
                .iter()
                .any(|family| m.of(self.lexicon, *family).is_some())
        });
        let due = scene.run.clone().any(|i| {
            AGAIN.contains(&a.word(i))
                && (a.word(i) == "due" || ["a", "la", "le"].contains(&a.word(i.wrapping_sub(1))))
        });
        let refused = a.any(&[Cue::Negation, Cue::Forbid, Cue::No], &scene.run)
            || scene.run.clone().any(|i| a.word(i) == "rien")
            || a.mark(scene.run.start).conditional;
        let far = a.index.saturating_sub(segment) > 3;
        if far || named || !due || refused || scene.question || !scene.by_doctor() {
            return;
        }
        let place = scene.place(scene.run.start);
        let mut fact = Fact::new(SectionId::Conduite, Kind::TestOrder, concept, place, a.quote(&scene.run));
        fact.temporality = Temporality::Planned;
        fact.certainty = 0.75;
        fact.cite(source);
        let run = scene.run.clone();
        self.add(scene, fact, &run);
        self.named_test = None;
    }
}
