//! How often a complaint comes: "toutes les dix minutes", "sept fois", "la nuit".

use std::ops::Range;

use note::{Kind, Polarity};

use super::{Discourse, Scene};
use crate::lexicon::{Cue, Family};
use crate::quantity::{number_at, posology};

impl Discourse {
    /// Gives the frequency told in the clause of a complaint, or in the next one, to it.
    pub(super) fn frequencies(&mut self, scene: &Scene<'_>, from: usize) {
        let a = scene.analysis;
        if scene.by_doctor() && scene.role == super::Role::Doctor {
            return;
        }
        let drug = a.mentions_in(&scene.run).any(|m| m.of(self.lexicon, Family::Drug).is_some());
        let told: Vec<(usize, usize)> = self
            .facts
            .iter()
            .enumerate()
            .skip(from)
            .filter(|(_, f)| {
                f.kind == Kind::Symptom
                    && f.polarity == Polarity::Present
                    && f.place.0 == a.index
                    && !f.attributes.contains_key("frequency")
            })
            .map(|(at, f)| (at, f.place.1 as usize))
            .collect();
        if told.is_empty() && !drug {
            self.frequency_alone(scene, from);
        }
        for (at, (fact, place)) in told.iter().copied().enumerate() {
            let next = told.get(at + 1).map(|(_, place)| *place);
            let first = at == 0;
            let found = self.often_near(scene, place, next, first, drug);
            if let (Some((often, tokens)), Some(fact)) = (found, self.facts.get_mut(fact)) {
                fact.set("frequency", often);
                fact.cite(a.quote(&tokens));
            }
        }
    }

    /// How often, told beside a complaint: in what follows it up to the next thing named, else just before the first one.
    fn often_near(
        &self,
        scene: &Scene<'_>,
        place: usize,
        next: Option<usize>,
        first: bool,
        drug: bool,
    ) -> Option<(String, Range<usize>)> {
        const FARTHEST: usize = 16;
        let a = scene.analysis;
        let clause = scene.clause(place);
        let own = a.mentions_in(&scene.run).find(|m| m.tokens.start == place).map_or(place, |m| m.tokens.end);
        let stop = a
            .mentions_in(&(own..scene.run.end))
            .find(|m| m.of(self.lexicon, Family::Anatomy).is_none())
            .map_or(scene.run.end, |m| m.tokens.start)
            .min(next.unwrap_or(scene.run.end));
        // "…, du Doliprane trois fois par jour": what is taken may be told before its name.
        let takes = a
            .cues
            .iter()
            .find(|c| [Cue::Take, Cue::Took].contains(&c.cue) && (own..stop).contains(&c.tokens.start));
        let stop = takes.filter(|_| drug).map_or(stop, |c| c.tokens.start);
        let after = place..stop.min(own + FARTHEST).max(place);
        // "Levée la nuit pour ses toilettes, trouvée le matin": a moment counts beside its complaint only.
        let near = |told: &(String, Range<usize>)| {
            told.0.contains(|c: char| c.is_ascii_digit())
                || told.0.starts_with("tou")
                || clause.contains(&told.1.start) && clause.contains(&(told.1.end - 1))
        };
        let within = place..after.end.min(clause.end).max(place);
        let found = self.how_often(scene, after).filter(near).or_else(|| self.how_often(scene, within));
        found.or_else(|| {
            (first && !drug && clause.start < place)
                .then(|| self.how_often(scene, clause.start..place))
                .flatten()
        })
    }

    /// "Je me lève, oui. Deux fois, trois fois." A sentence that holds nothing else speaks of what was told just before it.
    fn frequency_alone(&mut self, scene: &Scene<'_>, from: usize) {
        let a = scene.analysis;
        let alone = self.facts.len() == from
            && scene.by_patient()
            && !scene.question
            && scene.run.len() <= 8
            && a.mentions_in(&scene.run).next().is_none();
        let Some(at) = self.last_symptom.filter(|_| alone) else { return };
        let fresh = |f: &crate::fact::Fact| {
            f.kind == Kind::Symptom
                && f.polarity == Polarity::Present
                && f.sources.iter().any(|s| s.segment == a.index)
                && !f.attributes.contains_key("frequency")
        };
        if !self.facts.get(at).is_some_and(fresh) {
            return;
        }
        if let (Some((often, tokens)), Some(fact)) =
            (self.how_often(scene, scene.run.clone()), self.facts.get_mut(at))
        {
            fact.set("frequency", often);
            fact.cite(a.quote(&tokens));
        }
    }

    fn how_often(&self, scene: &Scene<'_>, run: Range<usize>) -> Option<(String, Range<usize>)> {
        let a = scene.analysis;
        let language = self.lexicon.language;
        let read = posology(&a.tokens, run.clone(), false, &a.units, &a.timing, &a.times, language);
        let counted = self.count_said(scene, &run);
        if let (Some(often), None) = (read.frequency, read.dose) {
            let start = read.tokens.iter().map(|t| t.start).min()?;
            let end = read.tokens.iter().map(|t| t.end).max()?;
            // "Toute la nuit, au moins sept fois."
            return Some(match counted.filter(|_| !often.contains(|c: char| c.is_ascii_digit())) {
                Some((count, tokens)) => {
                    (format!("{count}, {often}"), start.min(tokens.start)..end.max(tokens.end))
                }
                // "Tous les soirs" is more than "le soir".
                None => {
                    let said = a.quote(&(start..end)).quote.to_lowercase();
                    let every = ["tous ", "toutes ", "chaque "].iter().any(|lead| said.starts_with(lead));
                    let digits = often.contains(|c: char| c.is_ascii_digit());
                    (if every && !digits { said } else { often }, start..end)
                }
            });
        }
        // "I've vomited twice."
        let twice = run.clone().find(|at| {
            language == note::Language::En
                && ["once", "twice"].contains(&a.word(*at))
                && !["a", "every", "per", "at", "all"].contains(&a.word(at.wrapping_sub(1)))
                && !["a", "per", "the", "i", "you", "it", "in", "again", "or"].contains(&a.word(at + 1))
        });
        if let Some(at) = twice {
            return Some((a.word(at).to_owned(), at..at + 1));
        }
        counted
    }

    /// "Au moins sept fois", "deux, trois fois".
    fn count_said(&self, scene: &Scene<'_>, run: &Range<usize>) -> Option<(String, Range<usize>)> {
        let a = scene.analysis;
        let language = self.lexicon.language;
        run.clone().find_map(|at| {
            let number = number_at(&a.tokens, at, language).filter(|n| !n.article)?;
            // "Trois fois rien" counts nothing.
            let times = a.word(number.tokens.end + 1) != "rien"
                && ["fois", "times"].contains(&a.word(number.tokens.end))
                && number.tokens.end < run.end;
            let least = a.word(at.wrapping_sub(1)) == "moins" && a.word(at.wrapping_sub(2)) == "au";
            let lead = if least { "au moins " } else { "" };
            times.then(|| {
                let said = a.word(number.tokens.end);
                (format!("{lead}{} {said}", number.text), at..number.tokens.end + 1)
            })
        })
    }
}
