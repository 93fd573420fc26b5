//! "Do you smoke? — No. I gave up in 2015": a no that goes on to tell of a habit left.

use note::{Kind, Language, Polarity, Temporality};

use super::{Discourse, Scene};
use crate::lexicon::Cue;

impl Discourse {
    /// "L'alcool ? — Un verre, le soir. Bon, deux." "Dis plutôt huit": how much of the habit just told, corrected as it goes.
    pub(super) fn habit_amount(&mut self, scene: &Scene<'_>) {
        const TAKING_BACK: &[&str] =
            &["bon", "enfin", "plutot", "dis", "well", "ok", "okay", "allez", "disons"];
        const COUNTED: &[&str] = &[
            "verre",
            "verres",
            "biere",
            "bieres",
            "cigarette",
            "cigarettes",
            "clope",
            "clopes",
            "paquet",
            "paquets",
            "glass",
            "glasses",
            "pint",
            "pints",
            "beer",
            "beers",
            "pack",
            "packs",
            "cups",
            "cans",
        ];
        let a = scene.analysis;
        if scene.question || scene.role == super::Role::Doctor || scene.run.len() > 14 {
            return;
        }
        let Some(at) = self.facts.iter().rposition(|f| f.kind == Kind::Lifestyle) else { return };
        let near = self.facts.len() - at <= 2
            && self.facts.get(at).is_some_and(|f| {
                f.polarity == Polarity::Present
                    && f.temporality == Temporality::Current
                    && f.sources.iter().any(|s| a.index.saturating_sub(s.segment) <= 1)
            });
        let other = a
            .mentions_in(&scene.run)
            .any(|m| m.of(self.lexicon, crate::lexicon::Family::Lifestyle).is_none());
        let lead = scene.run.clone().take(3).any(|i| TAKING_BACK.contains(&a.word(i)));
        let found = scene.run.clone().find_map(|i| {
            let number = crate::quantity::number_at(&a.tokens, i, self.lexicon.language)?;
            let counted = COUNTED.contains(&a.word(number.tokens.end));
            (number.tokens.end <= scene.run.end && (counted || !number.article)).then_some((number, counted))
        });
        let (Some((number, counted)), true, false) = (found, near, other) else { return };
        let timed = a.times_in(&scene.run).any(|w| w.tokens.contains(&number.tokens.start));
        let Some(fact) = self.facts.get_mut(at) else { return };
        let said = fact.attributes.contains_key("frequency") || fact.attributes.contains_key("value");
        let short = scene.run.len() <= 4;
        if timed || said && !(lead && short) || !said && !counted && !short {
            return;
        }
        let end = scene.clause(number.tokens.start).end.min(number.tokens.end + 3);
        let run = number.tokens.start..end;
        // In figures, as notes are written: "5 par jour", "1 verre de vin".
        let rest = number.tokens.end..end;
        let of = fact.attributes.get("frequency").and_then(|before| {
            let (count, of) = before.split_once(' ')?;
            count.chars().all(|c| c.is_ascii_digit()).then(|| of.to_owned())
        });
        let amount = if rest.is_empty() {
            // "Un verre le soir. Bon, deux.": of the same.
            match of {
                Some(of) if number.value >= 2.0 => format!("{} {}", number.text, several(&of)),
                Some(of) => format!("{} {of}", number.text),
                None => number.text.clone(),
            }
        } else {
            format!("{} {}", number.text, a.quote(&rest).quote)
        };
        fact.attributes.insert("frequency".into(), amount);
        fact.cite(a.quote(&run));
    }

    /// Turns a denied habit of tobacco into one that was left, when the same person goes on to say so.
    pub(super) fn gave_up(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        let opening = scene.run.start..scene.run.end.min(scene.run.start + 5);
        if scene.question || !a.any(&[Cue::NoMore, Cue::Stopped], &opening) {
            return;
        }
        let Some(at) = self.facts.len().checked_sub(1) else { return };
        let when = a.times_in(&scene.run).next().cloned();
        let Some(fact) = self.facts.get_mut(at).filter(|f| {
            f.kind == Kind::Lifestyle
                && f.polarity == Polarity::Absent
                && ["tabac", "smoking"].contains(&f.concept.as_str())
                && f.sources.iter().any(|s| s.segment == a.index)
        }) else {
            return;
        };
        fact.concept =
            if self.lexicon.language == Language::Fr { "tabagisme sevré" } else { "ex-smoker" }.to_owned();
        fact.polarity = Polarity::Present;
        fact.temporality = Temporality::Past;
        fact.group = None;
        fact.cite(a.quote(&scene.run));
        if let Some(when) = when {
            if let Some(year) = when.year {
                fact.set("year", year);
            }
            fact.set("onset", when.text);
        }
    }
}

/// "Verre le soir" of more than one.
fn several(of: &str) -> String {
    if ["par", "le", "la", "a", "per", "each", "every"].iter().any(|word| of.split(' ').next() == Some(word))
    {
        return of.to_owned();
    }
    match of.split_once(' ') {
        Some((word, rest)) if !word.ends_with(['s', 'x']) => format!("{word}s {rest}"),
        None if !of.ends_with(['s', 'x']) => format!("{of}s"),
        _ => of.to_owned(),
    }
}
