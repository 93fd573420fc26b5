//! What blood is drawn for: "une prise de sang, VIH, hépatite B, vitamine D".

use note::{Kind, Polarity, SectionId, Temporality};

use super::{Discourse, Phase, Scene};
use crate::analysis::Mention;
use crate::fact::Fact;
use crate::lexicon::{Cue, Family};

impl Discourse {
    /// In a list that begins with a test, the name of an infection or of a vitamin is a test as well. True when it was.
    pub(super) fn looked_for(&mut self, scene: &Scene<'_>, mention: &Mention) -> bool {
        const FOUND_IN_BLOOD: &[&str] = &[
            "VIH",
            "hépatite",
            "hépatite B",
            "hépatite C",
            "syphilis",
            "rubéole",
            "toxoplasmose",
            "chlamydia",
            "gonococcie",
            "vitamine D",
            "vitamine B12",
            "acide folique",
            "potassium",
            "calcium",
            "magnésium",
            "fer",
            "maladie de Lyme",
            "HIV",
            "hepatitis",
            "syphilis",
            "vitamin D",
            "vitamin B12",
            "folic acid",
            "iron",
        ];
        let a = scene.analysis;
        let at = mention.tokens.start;
        if !scene.by_doctor() || scene.question || self.phase < Phase::Examination || a.mark(at).negated {
            return false;
        }
        let entry =
            mention.of(self.lexicon, Family::Condition).or_else(|| mention.of(self.lexicon, Family::Drug));
        let Some(concept) = entry.map(|e| e.concept.clone()).filter(|c| FOUND_IN_BLOOD.contains(&c.as_str()))
        else {
            return false;
        };
        let listed = a
            .mentions_in(&(scene.run.start..at))
            .any(|m| m.of(self.lexicon, Family::Test).or_else(|| m.of(self.lexicon, Family::Lab)).is_some());
        // "On ajoute de la vitamine D" after the tests prescribes it.
        let given = a.cues.iter().rev().find(|c| {
            c.tokens.start < at
                && scene.run.contains(&c.tokens.start)
                && matches!(c.cue, Cue::Prescribe | Cue::Order | Cue::Renew)
        });
        let given = given.is_some_and(|c| c.cue != Cue::Order && at - c.tokens.end <= 3);
        let posed = !self.read(scene, mention.tokens.end..scene.clause(at).end, true).is_empty();
        if !listed || given || posed {
            return false;
        }
        let mut fact = Fact::new(
            SectionId::Conduite,
            Kind::TestOrder,
            concept.clone(),
            scene.place(at),
            a.quote(&mention.tokens),
        );
        let said = fact.sources.first().map(|s| s.quote.clone()).unwrap_or_default();
        let infection = mention.of(self.lexicon, Family::Condition).is_some();
        fact.name = Some(match (infection, self.lexicon.language) {
            (true, note::Language::Fr) => format!("sérologie {said}"),
            (true, note::Language::En) => format!("{said} test"),
            (false, _) => said,
        });
        fact.polarity = if a.mark(at).conditional { Polarity::Uncertain } else { Polarity::Present };
        fact.temporality = Temporality::Planned;
        fact.certainty = 0.8;
        self.add(scene, fact, &mention.tokens);
        true
    }
}
