//! Vaccines spoken of by what they prevent: "la grippe oui, en octobre".

use note::{Kind, Polarity, SectionId, Temporality};

use super::{Discourse, Scene};
use crate::analysis::Mention;
use crate::context::About;
use crate::fact::Fact;
use crate::lexicon::{Cue, Family};

impl Discourse {
    /// Where vaccines were asked about, the name of a disease is the name of its vaccine. True when it was.
    pub(super) fn of_a_vaccine(&mut self, scene: &Scene<'_>, mention: &Mention) -> bool {
        let Some(entry) = mention.of(self.lexicon, Family::Condition) else { return false };
        let vaccine = entry.attribute("vaccine").map(str::to_owned);
        let a = scene.analysis;
        let clause = scene.clause(mention.tokens.start);
        // "Il a fait une bronchiolite", "j'ai eu la rougeole": the disease itself.
        let had = (clause.start..mention.tokens.start)
            .any(|at| ["eu", "fait", "attrape", "chope", "had", "caught"].contains(&a.word(at)));
        let patient = scene.about(mention.tokens.start) == About::Patient;
        let Some(concept) = vaccine.filter(|_| !had && patient) else { return false };
        let refused = a.any(&[Cue::NotTaken, Cue::Negation, Cue::No], &clause)
            || clause.clone().any(|at| ["jamais", "never", "pas"].contains(&a.word(at)));
        let told =
            a.has(Cue::Yes, &clause) || a.times_in(&clause).next().is_some() || a.has(Cue::Done, &clause);
        if !refused && !told && clause.len() > 4 {
            return true;
        }
        let mut fact = Fact::new(
            SectionId::Antecedents,
            Kind::Vaccine,
            concept,
            scene.place(mention.tokens.start),
            a.quote(&clause),
        );
        fact.temporality = Temporality::Past;
        fact.certainty = 0.7;
        if refused {
            fact.polarity = Polarity::Absent;
        }
        self.add(scene, fact, &mention.tokens);
        true
    }
}
