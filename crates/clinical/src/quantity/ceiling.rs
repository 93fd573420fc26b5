//! What a posology says beside a dose: the most that may be taken, and the dose until now.

use note::Language;

use super::number_at;
use super::posology::{Posology, Reader, append, plural};
use crate::wording::NBSP;

/// Words that lead to the most that may be taken: "sans dépasser huit bouffées par jour".
const CEILINGS: &[&[&str]] = &[
    &["sans", "depasser"],
    &["ne", "pas", "depasser"],
    &["ne", "depassez", "pas"],
    &["depassez", "pas"],
    &["pas", "plus", "de"],
    &["pas", "plus", "que"],
    &["jamais", "plus", "de"],
    &["au", "maximum"],
    &["maximum"],
    &["maxi"],
    &["max"],
    &["no", "more", "than"],
    &["not", "more", "than"],
    &["up", "to", "a", "maximum", "of"],
    &["maximum", "of"],
    &["a", "maximum", "of"],
];

impl Reader<'_> {
    /// "Maximum quatre par jour", "sans dépasser trois grammes": not how often, but how much at most.
    pub(super) fn ceiling(&self, at: usize, read: &mut Posology) -> Option<usize> {
        let lead = CEILINGS
            .iter()
            .filter(|words| words.iter().enumerate().all(|(i, w)| self.word(at + i) == *w))
            .map(|words| words.len())
            .max()?;
        let number = number_at(self.tokens, at + lead, self.language).filter(|n| n.tokens.end <= self.end)?;
        let mut end = number.tokens.end;
        let unit =
            self.units.iter().find(|u| u.tokens.start == end && u.tokens.end <= self.end && u.of != "time");
        let mut amount = number.text.clone();
        if let Some(unit) = unit {
            let many = number.value >= 2.0 && (unit.of == "form" || unit.of == "count");
            let written = if many { plural(&unit.written, self.language) } else { unit.written.clone() };
            let space = if unit.of == "form" || unit.of == "count" { ' ' } else { NBSP };
            amount = format!("{amount}{space}{written}");
            end = unit.tokens.end;
        } else if matches!(self.word(end), "fois" | "times" | "prises") {
            amount = format!("{amount} {}", self.word(end));
            end += 1;
        }
        let daily = match (self.language, self.word(end), self.word(end + 1)) {
            (Language::Fr, "par", "jour") | (Language::En, "a" | "per" | "in", "day") => Some(2),
            (Language::Fr, "par", "vingt") | (Language::En, "in", "24") => Some(3),
            _ => None,
        };
        if unit.is_none() && daily.is_none() {
            return None;
        }
        let tail = match (daily.is_some(), self.language) {
            (true, Language::Fr) => "/j",
            (true, Language::En) => " a day",
            (false, _) => "",
        };
        append(&mut read.condition, format!("max {amount}{tail}"));
        Some((end + daily.unwrap_or(0)).min(self.end))
    }

    /// "De quatre-vingts à quarante", after a verb that changes a dose: the second is the dose from now on.
    pub(super) fn changed(&self, at: usize, read: &mut Posology) -> Option<(String, usize)> {
        const CHANGING: &[&str] = &[
            "passe",
            "passer",
            "passez",
            "monte",
            "monter",
            "baisse",
            "baisser",
            "descend",
            "descendre",
            "diminue",
            "augmente",
            "from",
        ];
        let led = at > 0
            && self.tokens.get(at - 1).is_some_and(|t| t.any(&["de", "from"]))
            && (1..=4).any(|back| {
                at.checked_sub(back).and_then(|i| self.tokens.get(i)).is_some_and(|t| t.any(CHANGING))
            });
        let old = number_at(self.tokens, at, self.language).filter(|n| led && !n.article)?;
        let after = |end: usize| {
            self.units.iter().find(|u| u.tokens.start == end && u.of != "time").map_or(end, |u| u.tokens.end)
        };
        let link = after(old.tokens.end);
        let new = number_at(self.tokens, link + 1, self.language)
            .filter(|n| matches!(self.word(link), "a" | "to") && !n.article && n.tokens.end <= self.end)?;
        let unit = self.units.iter().find(|u| {
            (u.tokens.start == new.tokens.end || u.tokens.start == old.tokens.end) && u.of != "time"
        });
        let with =
            |text: &str| unit.map_or_else(|| text.to_owned(), |u| format!("{text}{NBSP}{}", u.written));
        read.former = Some(with(&old.text));
        Some((with(&new.text), after(new.tokens.end)))
    }
}
