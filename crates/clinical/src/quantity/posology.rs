use std::ops::Range;

use note::Language;

use super::value::Hit;
use super::{When, WhenKind, number_at};
use crate::text::{Gap, Token};
use crate::wording::NBSP;

/// How a drug is taken, in standard wording; each part only if it was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Posology {
    /// "500 mg", "2 comprimés", or both.
    pub dose: Option<String>,
    /// "3 fois par jour", "matin et soir".
    pub frequency: Option<String>,
    /// "5 jours".
    pub duration: Option<String>,
    pub route: Option<String>,
    /// "si besoin", "si douleur".
    pub condition: Option<String>,
    /// "On passe de quatre-vingts à quarante": the dose until now.
    pub former: Option<String>,
    /// Tokens that gave something, in order.
    pub tokens: Vec<Range<usize>>,
}

impl Posology {
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }
}

/// "Two fifty, no, let's make it five hundred": words between two doses that take the first one back.
const CORRECTING: &[&str] = &["no", "sorry", "actually", "rather", "non", "pardon", "plutot"];

/// Words between the name of a drug and its bare dose: "le Xarelto, je vous le renouvelle, vingt le soir".
const CARRYING: &[&str] = &[
    "je",
    "j",
    "on",
    "le",
    "la",
    "les",
    "l",
    "vous",
    "tu",
    "renouvelle",
    "renouvelez",
    "garde",
    "gardez",
    "gardons",
    "en",
    "suis",
    "est",
    "a",
    "toujours",
    "c",
    "du",
    "reste",
    "restez",
    "restons",
    "maintenant",
    "actuellement",
    "prends",
    "prenez",
    "prend",
    "continue",
    "continuez",
    "passe",
    "monte",
    "mets",
    "laisse",
    "dose",
    "dosee",
    "donc",
    "alors",
    "euh",
    "voila",
    "etait",
    "etais",
    "avez",
    "ai",
];

pub(super) fn append(slot: &mut Option<String>, more: String) {
    match slot {
        Some(text) if text.contains(&more) => {}
        Some(text) => {
            text.push_str(", ");
            text.push_str(&more);
        }
        None => *slot = Some(more),
    }
}

/// "Un matin, un soir", told piece by piece.
fn together(frequency: String) -> String {
    match frequency.as_str() {
        "le matin, le soir" => "matin et soir".to_owned(),
        "le matin, à midi, le soir" | "le matin, le midi, le soir" => "matin, midi et soir".to_owned(),
        _ => frequency,
    }
}

pub(super) struct Reader<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) end: usize,
    pub(super) language: Language,
    pub(super) units: &'a [Hit],
    pub(super) timing: &'a [Hit],
    pub(super) times: &'a [When],
}

/// Reads the posology in a run of tokens. `named` tells that the run begins right after the name of a drug, where a bare
/// number is a strength ("Lévothyrox 75").
pub(crate) fn posology(
    tokens: &[Token],
    run: Range<usize>,
    named: bool,
    units: &[Hit],
    timing: &[Hit],
    times: &[When],
    language: Language,
) -> Posology {
    let reader = Reader { tokens, end: run.end.min(tokens.len()), language, units, timing, times };
    let mut read = Posology::default();
    let mut at = run.start;
    while at < reader.end {
        let before = at;
        let carried = (run.start..at).all(|i| {
            CARRYING.contains(&reader.word(i)) || read.tokens.iter().any(|taken| taken.contains(&i))
        });
        at = reader.step(at, named && (at <= run.start + 2 || carried), &mut read).max(before + 1);
    }
    read.frequency = read.frequency.map(together);
    read
}

impl Reader<'_> {
    pub(super) fn word(&self, at: usize) -> &str {
        if at < self.end { self.tokens.get(at).map_or("", |t| t.folded.as_str()) } else { "" }
    }

    fn step(&self, at: usize, named: bool, read: &mut Posology) -> usize {
        // "Tous les jours, pas un jour sur deux."
        let denied = at > 0 && self.tokens.get(at - 1).is_some_and(|t| t.any(&["pas", "not"]));
        if let Some(hit) = self.timing.iter().find(|h| h.tokens.start == at && h.tokens.end <= self.end) {
            if denied {
                return hit.tokens.end;
            }
            match hit.of.as_str() {
                "route" => append(&mut read.route, hit.written.clone()),
                "duration" => append(&mut read.duration, hit.written.clone()),
                "condition" => append(&mut read.condition, hit.written.clone()),
                // "Un gramme matin, midi et soir": the comma cuts the wording in two.
                _ if hit.written == "midi et soir"
                    && at > 0
                    && self.tokens.get(at - 1).is_some_and(|t| t.is("matin")) =>
                {
                    read.frequency = None;
                    append(&mut read.frequency, "matin, midi et soir".to_owned());
                }
                _ => append(&mut read.frequency, hit.written.clone()),
            }
            read.tokens.push(hit.tokens.clone());
            return hit.tokens.end;
        }
        // "Dexeryl, matin, et après chaque lavage."
        let between_commas = at > 0
            && self.tokens.get(at - 1).is_some_and(|t| t.after == Gap::Comma)
            && self.tokens.get(at).is_some_and(|t| t.after >= Gap::Comma);
        if self.language == Language::Fr && between_commas && matches!(self.word(at), "matin" | "soir") {
            append(&mut read.frequency, format!("le {}", self.word(at)));
            read.tokens.push(at..at + 1);
            return at + 1;
        }
        if let Some(end) = self.ceiling(at, read) {
            read.tokens.push(at..end);
            return end;
        }
        if let Some(end) = self.interval(at, read).or_else(|| self.times_a_day(at, read)) {
            read.tokens.push(at..end);
            return end;
        }
        let mut again = Posology::default();
        if let Some(end) = self.duration(at, read).or_else(|| self.dose(at, named, &mut again)) {
            let corrected = read
                .tokens
                .last()
                .is_some_and(|last| (last.end..at).any(|i| CORRECTING.contains(&self.word(i))));
            read.former = read.former.take().or(again.former);
            if let Some(dose) = again.dose {
                let later = read.dose.is_some()
                    && read.tokens.last().is_some_and(|last| {
                        (last.end..at).any(|i| matches!(self.word(i), "puis" | "ensuite" | "then"))
                    });
                if corrected {
                    read.dose = None;
                }
                let first = if later { read.dose.take() } else { None };
                match first {
                    // "Un comprimé pendant une semaine, et ensuite deux": one dose, then another.
                    Some(first) => {
                        let (lasting, then) = match self.language {
                            Language::Fr => ("pendant", "puis"),
                            Language::En => ("for", "then"),
                        };
                        let lasted =
                            read.duration.take().map(|d| format!(" {lasting} {d}")).unwrap_or_default();
                        read.dose = Some(format!("{first}{lasted} {then} {dose}"));
                    }
                    None => append(&mut read.dose, dose),
                }
            }
            read.tokens.push(at..end);
            return end;
        }
        at + 1
    }

    /// "Toutes les six heures", "every four hours", "un jour sur deux".
    fn interval(&self, at: usize, read: &mut Posology) -> Option<usize> {
        let (lead, written) = match (self.language, self.word(at), self.word(at + 1)) {
            (Language::Fr, "toutes" | "tous" | "chaque", "les") => {
                (2, if self.word(at) == "tous" { "tous les" } else { "toutes les" })
            }
            (Language::En, "every", _) => (1, "every"),
            _ => return None,
        };
        let when = super::time_at(self.tokens, at + lead, self.language)
            .filter(|w| w.kind == WhenKind::Bare && w.tokens.end <= self.end)?;
        append(&mut read.frequency, format!("{written} {}", when.span));
        Some(when.tokens.end)
    }

    /// "Trois fois par jour", "deux par jour", "3/j".
    fn times_a_day(&self, at: usize, read: &mut Posology) -> Option<usize> {
        let (count, mut end) = match (self.language, self.word(at)) {
            (Language::En, "once") => ("1".to_owned(), at + 1),
            (Language::En, "twice") => ("2".to_owned(), at + 1),
            _ => {
                let number = number_at(self.tokens, at, self.language)?;
                let (mut count, mut end) = (number.text, number.tokens.end);
                // "Trois à quatre fois".
                if matches!(self.word(end), "a" | "ou" | "to" | "or" | "maybe")
                    && let Some(more) = number_at(self.tokens, end + 1, self.language)
                        .filter(|n| matches!(self.word(n.tokens.end), "fois" | "times" | "par"))
                {
                    count = format!("{count}–{}", more.text);
                    end = more.tokens.end;
                }
                (count, end)
            }
        };
        // "Soixante-quinze par jour" is a dose.
        if count.parse::<f64>().is_ok_and(|n| n > 12.0) {
            return None;
        }
        let said_times =
            matches!(self.word(end), "fois" | "times") || matches!(self.word(at), "once" | "twice");
        // "Deux jours par semaine".
        let days = match (self.word(end), self.language) {
            ("jours" | "soirs" | "nuits" | "matins" | "séances", Language::Fr) => {
                Some(self.word(end).to_owned())
            }
            ("days" | "nights" | "mornings" | "evenings", Language::En) => Some(self.word(end).to_owned()),
            _ => None,
        };
        if days.is_some() || matches!(self.word(end), "fois" | "times" | "x") {
            end += 1;
        }
        let (period, skip) = match (self.language, self.word(end), self.word(end + 1)) {
            (Language::Fr, "par", "jour") => ("par jour", 2),
            (Language::Fr, "par", "semaine") => ("par semaine", 2),
            (Language::Fr, "par", "mois") => ("par mois", 2),
            (Language::Fr, "par", "nuit") => ("par nuit", 2),
            (Language::Fr, "jour" | "j", _) if said_times => ("par jour", 1),
            (Language::Fr, "j", _) if self.slashed(end) => ("par jour", 1),
            (Language::En, "a" | "per", "day") => ("a day", 2),
            (Language::En, "daily", _) => ("a day", 1),
            (Language::En, "a" | "per", "week") => ("a week", 2),
            (Language::En, "a" | "per", "night") => ("a night", 2),
            (Language::En, "a" | "per", "month") => ("a month", 2),
            (Language::En, "a" | "per", "year") => ("a year", 2),
            (Language::En, "weekly", _) => ("a week", 1),
            _ => return None,
        };
        let end = end + skip;
        if end > self.end {
            return None;
        }
        if days.is_some() && matches!(period, "par jour" | "a day" | "par nuit" | "a night") {
            return None;
        }
        let times = match self.language {
            _ if days.is_some() => days.as_deref().unwrap_or_default(),
            Language::Fr => "fois",
            Language::En if count == "1" => "time",
            Language::En => "times",
        };
        append(&mut read.frequency, format!("{count} {times} {period}"));
        Some(end)
    }

    /// "3/j": the slash stands between the two.
    fn slashed(&self, at: usize) -> bool {
        at > 0 && self.tokens.get(at - 1).is_some_and(|t| t.after == Gap::Comma && t.is_digits())
    }

    fn duration(&self, at: usize, read: &mut Posology) -> Option<usize> {
        let when = self.times.iter().find(|w| w.tokens.start == at && w.tokens.end <= self.end)?;
        match when.kind {
            WhenKind::For | WhenKind::Bare
                if !when.span.contains("heure")
                    && !when.span.contains("minute")
                    && !when.span.contains("hour") =>
            {
                append(&mut read.duration, when.span.clone());
                Some(when.tokens.end)
            }
            // Other times are left to the statement: "depuis avril".
            _ => None,
        }
    }

    fn dose(&self, at: usize, named: bool, read: &mut Posology) -> Option<usize> {
        if self.times.iter().any(|w| w.tokens.contains(&at)) {
            return None;
        }
        // "La dose quinze kilos": of a syrup measured by weight.
        if self.word(at) == "dose" {
            let from = at + 1 + usize::from(matches!(self.word(at + 1), "de" | "pour" | "a"));
            let weight = number_at(self.tokens, from, self.language)
                .filter(|n| !n.article && matches!(self.word(n.tokens.end), "kilos" | "kilo" | "kg"));
            if let Some(weight) = weight {
                append(&mut read.dose, format!("dose {}{NBSP}kg", weight.text));
                return Some(weight.tokens.end + 1);
            }
        }
        if let Some((dose, end)) = self.changed(at, read) {
            append(&mut read.dose, dose);
            return Some(end);
        }
        // "J'ai pris un Vogalène, un seul, ce matin."
        if self.language == Language::Fr
            && matches!(self.word(at), "un" | "une")
            && matches!(self.word(at + 1), "seul" | "seule")
        {
            append(&mut read.dose, "1".to_owned());
            return Some(at + 2);
        }
        let half = matches!(self.word(at), "demi" | "demie" | "half");
        let (mut text, mut end, article) = if half {
            ("½".to_owned(), at + 1, false)
        } else if self.tokens.get(at).is_some_and(|t| t.is_digits() && t.folded.contains('/')) {
            (self.word(at).to_owned(), at + 1, false)
        } else if self.language == Language::En
            && matches!(self.word(at), "a" | "an")
            && self.units.iter().any(|u| u.tokens.start == at + 1 && matches!(u.of.as_str(), "mass" | "form"))
        {
            ("1".to_owned(), at + 1, false)
        } else {
            let number = number_at(self.tokens, at, self.language)?;
            let half_follows = matches!(self.word(number.tokens.end), "demi" | "demie");
            if number.article && half_follows {
                ("½".to_owned(), number.tokens.end + 1, false)
            } else {
                (number.text, number.tokens.end, number.article)
            }
        };
        // "Zéro quatre": the point is not said.
        if text == "0"
            && self.language == Language::Fr
            && let Some(rest) = number_at(self.tokens, end, self.language)
                .filter(|n| !n.article && n.value < 100.0 && n.tokens.end <= self.end)
        {
            text = format!("0,{}", rest.text);
            end = rest.tokens.end;
        }
        let whole = text.clone();
        // "Un comprimé et demi".
        let halved = |end: usize| {
            self.language == Language::Fr
                && self.word(end) == "et"
                && matches!(self.word(end + 1), "demi" | "demie")
        };
        // "Un à deux comprimés", "deux cents sur six".
        if matches!(self.word(end), "a" | "ou" | "sur" | "to" | "or") {
            let link = if self.word(end) == "sur" { '/' } else { '–' };
            if let Some(more) = number_at(self.tokens, end + 1, self.language)
                .filter(|n| !n.article && n.tokens.end <= self.end)
            {
                let timed = self.times.iter().any(|w| w.tokens.contains(&(end + 1)));
                if !timed || link == '–' {
                    text = format!("{text}{link}{}", more.text);
                    end = more.tokens.end;
                }
            }
        }
        let many = text != "1" && text != "½";
        let unit =
            self.units.iter().find(|u| u.tokens.start == end && u.tokens.end <= self.end && u.of != "time");
        // "Plus six pour cent" is no dose; "à un pour cent" is a strength.
        if unit.is_some_and(|u| u.written.contains('%'))
            && at > 0
            && !self.tokens.get(at - 1).is_some_and(|t| t.any(&["a", "de", "at"]))
            && !named
        {
            return None;
        }
        if let Some(unit) = unit {
            let written = if many && (unit.of == "form" || unit.of == "count") {
                plural(&unit.written, self.language)
            } else {
                unit.written.clone()
            };
            let space = if unit.of == "form" || unit.of == "count" { ' ' } else { NBSP };
            let mut end = unit.tokens.end;
            if unit.of == "form" && text == whole && halved(end) && text.parse::<u32>().is_ok() {
                text.push('½');
                end += 2;
            }
            let mut dose = format!("{text}{space}{written}");
            // "Un comprimé de deux cents".
            if unit.of == "form"
                && matches!(self.word(end), "de" | "a" | "of")
                && let Some(strength) = number_at(self.tokens, end + 1, self.language)
                    .filter(|n| !n.article && n.tokens.end <= self.end)
            {
                let of = self
                    .units
                    .iter()
                    .find(|u| u.tokens.start == strength.tokens.end && u.of != "form" && u.of != "time");
                let timed = self.times.iter().any(|w| w.tokens.contains(&strength.tokens.start));
                if !timed && (of.is_some() || strength.value >= 5.0) {
                    let link = if self.language == Language::Fr { "de" } else { "of" };
                    dose = format!("{dose} {link} {}", strength.text);
                    end = strength.tokens.end;
                    if let Some(of) = of {
                        dose = format!("{dose}{NBSP}{}", of.written);
                        end = of.tokens.end;
                    }
                }
            }
            append(&mut read.dose, dose);
            return Some(end);
        }
        // "Two of them four times a day".
        if self.language == Language::En && !article && self.word(end) == "of" && self.word(end + 1) == "them"
        {
            append(&mut read.dose, text);
            return Some(end + 2);
        }
        let stop = self.tokens.get(end - 1).is_some_and(|t| t.after >= Gap::Comma);
        let next_counts = !stop && matches!(self.word(end), "fois" | "times" | "ans" | "heures" | "heure")
            || !stop && self.word(end) == "par" && text.parse::<f64>().is_ok_and(|n| n <= 12.0);
        if named && !article && !next_counts && read.dose.is_none() && number_is_strength(&text) {
            append(&mut read.dose, text);
            return Some(end);
        }
        // "Cinquante, un le matin": the strength, then how many and when.
        let decimal = text.contains(',');
        if decimal
            && stop
            && at > 0
            && read.dose.is_none()
            && self.tokens.get(at - 1).is_some_and(|t| t.after >= Gap::Comma)
        {
            append(&mut read.dose, text);
            return Some(end);
        }
        if (stop || decimal)
            && !article
            && read.dose.is_none()
            && (decimal || text.parse::<f64>().is_ok_and(|n| n >= 5.0))
        {
            let counted = number_at(self.tokens, end, self.language).filter(|n| n.value <= 4.0);
            let timed = counted.is_some_and(|n| {
                let after = n.tokens.end;
                self.timing.iter().any(|h| h.tokens.start == after && h.of == "frequency")
                    && self.tokens.get(after - 1).is_some_and(|t| t.after < Gap::Comma)
            });
            if timed {
                append(&mut read.dose, text);
                return Some(end);
            }
        }
        // "Un matin et soir", "deux le soir": a count of units before a moment.
        let moment =
            self.timing.iter().any(|h| h.tokens.start == end && (h.of == "frequency" || h.of == "route"));
        // "Une demi trois fois par jour", "un demi".
        let half = text == "½" && (self.times_a_day(end, &mut Posology::default()).is_some() || stop);
        if (moment && !stop) || half {
            append(&mut read.dose, text);
            return Some(end);
        }
        None
    }
}

/// Strengths are rarely single figures: "Tahor dix" and above, or a decimal.
fn number_is_strength(text: &str) -> bool {
    text.contains([',', '.', '/']) || text.parse::<f64>().is_ok_and(|n| n >= 2.0)
}

pub(super) fn plural(written: &str, language: Language) -> String {
    if written.ends_with(['s', 'x', 'z']) || written.contains('.') {
        return written.to_owned();
    }
    match (language, written.split_once(' ')) {
        (Language::Fr, Some((head, tail))) => format!("{head}s {tail}"),
        _ => format!("{written}s"),
    }
}
