//! How far a disease or a sign goes: "stade deux", "de gravité moyenne", "grade 1".

use std::ops::Range;

use note::{Kind, Language, Polarity};

use super::{Discourse, Scene};
use crate::lexicon::Family;
use crate::quantity::number_at;

/// Words that a degree follows.
const HEADS: &[&str] = &["stade", "grade", "gravite", "intensite", "severite", "classe", "stage"];
/// Degrees told in a word, with the stem that both genders share.
const DEGREES: &[(&str, &str)] = &[
    ("legere", "léger"),
    ("leger", "léger"),
    ("modere", "modéré"),
    ("moderee", "modéré"),
    ("moyen", "moyen"),
    ("moyenne", "moyen"),
    ("severe", "sévère"),
    ("debutant", "débutant"),
    ("debutante", "débutant"),
    ("mild", "mild"),
    ("moderate", "moderate"),
    ("severe", "severe"),
];
const FARTHEST: usize = 12;

impl Discourse {
    /// Gives the degree told after a disease or a sign to it: up to the next thing named.
    pub(super) fn stages(&mut self, scene: &Scene<'_>, from: usize) {
        let a = scene.analysis;
        if scene.question {
            return;
        }
        for index in from..self.facts.len() {
            let Some(fact) = self.facts.get(index) else { continue };
            let staged = matches!(fact.kind, Kind::Condition | Kind::Finding)
                && fact.polarity != Polarity::Absent
                && fact.place.0 == a.index
                && scene.run.contains(&(fact.place.1 as usize))
                && !fact.attributes.contains_key("value");
            if !staged {
                continue;
            }
            let place = fact.place.1 as usize;
            let next = a
                .mentions_in(&(place + 1..scene.run.end))
                .find(|m| m.of(self.lexicon, Family::Anatomy).is_none())
                .map_or(scene.run.end, |m| m.tokens.start);
            let reach = place..next.min(place + FARTHEST).max(place);
            let Some((degree, tokens)) = self.degree(scene, &reach) else { continue };
            if let Some(fact) = self.facts.get_mut(index) {
                let name = crate::text::fold(fact.name.as_deref().unwrap_or(&fact.concept));
                if !name.contains(&crate::text::fold(&degree)) {
                    fact.set("value", degree);
                    fact.cite(a.quote(&tokens));
                }
            }
        }
    }

    fn degree(&self, scene: &Scene<'_>, reach: &Range<usize>) -> Option<(String, Range<usize>)> {
        let a = scene.analysis;
        let word =
            |at: usize| DEGREES.iter().find(|(said, _)| a.word(at) == *said).map(|(_, written)| *written);
        reach.clone().find_map(|at| {
            if !HEADS.contains(&a.word(at)) {
                return None;
            }
            let head = a.quote(&(at..at + 1)).quote.to_lowercase();
            if let Some(number) =
                number_at(&a.tokens, at + 1, self.lexicon.language).filter(|n| n.value <= 10.0)
            {
                return Some((format!("{head} {}", number.text), at..number.tokens.end));
            }
            let told = word(at + 1)?;
            let told = match (self.lexicon.language, told) {
                (Language::Fr, _) => a.quote(&(at + 1..at + 2)).quote.to_lowercase(),
                (Language::En, told) => told.to_owned(),
            };
            Some((format!("{head} {told}"), at..at + 2))
        })
    }

    /// "Accueil de jour, deux jours par semaine", "glace quatre fois par jour": how often and how long what is advised is done.
    pub(super) fn pace(&mut self, scene: &Scene<'_>, from: usize) {
        let a = scene.analysis;
        if scene.question || !scene.by_doctor() {
            return;
        }
        for index in from..self.facts.len() {
            let Some(fact) = self.facts.get(index) else { continue };
            let goes_on = ["poursuite", "reprise", "continue"].iter().any(|w| fact.concept.starts_with(w));
            let advised = !goes_on
                && matches!(
                    fact.kind,
                    Kind::Instruction | Kind::Referral | Kind::TestOrder | Kind::Procedure
                )
                && fact.polarity == Polarity::Present
                && fact.text.is_none()
                && fact.place.0 == a.index
                && scene.run.contains(&(fact.place.1 as usize));
            if !advised {
                continue;
            }
            let place = fact.place.1 as usize;
            let own = a
                .mentions_in(&scene.run)
                .find(|m| m.tokens.start == place)
                .map_or(place + 1, |m| m.tokens.end);
            let next = a
                .mentions_in(&(own..scene.run.end))
                .find(|m| m.of(self.lexicon, Family::Anatomy).is_none())
                .map_or(scene.run.end, |m| m.tokens.start);
            let reach = own..next.min(own + FARTHEST);
            let read = self.read(scene, reach.clone(), false);
            let beside = read.tokens.first().is_some_and(|t| t.start <= reach.start + 2);
            let counted =
                read.frequency.filter(|often| beside && often.contains(|c: char| c.is_ascii_digit()));
            let (Some(often), None) = (counted, read.dose) else { continue };
            let tokens = read.tokens.first().map_or(reach.start, |t| t.start)
                ..read.tokens.last().map_or(reach.end, |t| t.end);
            if let Some(fact) = self.facts.get_mut(index) {
                fact.set("frequency", often);
                fact.cite(a.quote(&tokens));
            }
        }
    }
}
