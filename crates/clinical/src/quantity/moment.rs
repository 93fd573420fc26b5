//! Moments named without counting: "hier soir", "mars 2024", "last week".

use note::Language;

use super::number_at;
use super::time::{open, word};
use crate::text::Token;

const MONTHS_FR: [&str; 12] = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
];
pub(super) const MONTHS_FR_WRITTEN: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MONTHS_EN: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const DAYS_FR: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const DAYS_EN: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A year from 1900 to 2100.
fn year(tokens: &[Token], at: usize, language: Language) -> Option<(String, usize)> {
    let number = number_at(tokens, at, language)?;
    ((1900.0..2100.0).contains(&number.value) && number.value.fract() == 0.0)
        .then(|| (number.text.clone(), number.tokens.end))
}

/// A moment named without a number: "hier soir", "lundi", "mars 2024", "l'an dernier", "2017".
pub(super) fn moment(
    tokens: &[Token],
    at: usize,
    language: Language,
) -> Option<(String, Option<String>, usize)> {
    match language {
        Language::Fr => moment_fr(tokens, at),
        Language::En => moment_en(tokens, at),
    }
}

const FIXED_FR: &[(&[&str], &str)] = &[
    (&["avant", "hier"], "avant-hier"),
    (&["hier", "soir"], "hier soir"),
    (&["hier", "matin"], "hier matin"),
    (&["hier"], "hier"),
    (&["ce", "matin"], "ce matin"),
    (&["cet", "apres", "midi"], "cet après-midi"),
    (&["cette", "nuit"], "cette nuit"),
    (&["la", "nuit", "derniere"], "la nuit dernière"),
    (&["ce", "week", "end"], "ce week-end"),
    (&["ce", "soir"], "ce soir"),
    (&["aujourd", "hui"], "aujourd'hui"),
    (&["la", "semaine", "derniere"], "la semaine dernière"),
    (&["le", "mois", "dernier"], "le mois dernier"),
    (&["l", "an", "dernier"], "l'an dernier"),
    (&["l", "an", "passe"], "l'an passé"),
    (&["l", "annee", "derniere"], "l'année dernière"),
    (&["l", "ete", "dernier"], "l'été dernier"),
    (&["l", "hiver", "dernier"], "l'hiver dernier"),
    (&["cet", "ete"], "cet été"),
    (&["cet", "hiver"], "cet hiver"),
    (&["la", "semaine", "prochaine"], "la semaine prochaine"),
    (&["le", "mois", "prochain"], "le mois prochain"),
    (&["l", "an", "prochain"], "l'an prochain"),
    (&["l", "annee", "prochaine"], "l'année prochaine"),
    (&["demain", "matin"], "demain matin"),
    (&["demain"], "demain"),
    (&["toujours"], "toujours"),
    (&["longtemps"], "longtemps"),
    (&["l", "enfance"], "l'enfance"),
    (&["tout", "petit"], "l'enfance"),
    (&["la", "naissance"], "la naissance"),
    (&["l", "adolescence"], "l'adolescence"),
    (&["le", "debut"], "le début"),
    (&["la", "rentree"], "la rentrée"),
    (&["les", "vacances"], "les vacances"),
    (&["les", "fetes"], "les fêtes"),
    (&["noel"], "Noël"),
    (&["paques"], "Pâques"),
    (&["ce", "printemps"], "ce printemps"),
    (&["cet", "automne"], "cet automne"),
    (&["le", "printemps", "dernier"], "le printemps dernier"),
    (&["l", "automne", "dernier"], "l'automne dernier"),
    (&["apres", "demain"], "après-demain"),
    (&["du", "mois", "dernier"], "le mois dernier"),
    (&["du", "mois", "passe"], "le mois passé"),
    (&["cette", "semaine"], "cette semaine"),
    (&["ce", "mois", "ci"], "ce mois-ci"),
    (&["cette", "annee"], "cette année"),
    (&["ce", "midi"], "ce midi"),
    (&["la", "semaine", "passee"], "la semaine passée"),
    (&["le", "mois", "passe"], "le mois passé"),
    (&["l", "annee", "passee"], "l'année passée"),
    (&["l", "ete", "passe"], "l'été passé"),
    (&["l", "hiver", "passe"], "l'hiver passé"),
];

/// Parts of a year, before a month or a year: "fin mars", "début 2020", "l'été 2019".
const PARTS_FR: &[(&[&str], &str)] = &[
    (&["debut"], "début"),
    (&["fin"], "fin"),
    (&["mi"], "mi"),
    (&["courant"], "courant"),
    (&["milieu"], "milieu"),
    (&["l", "ete"], "l'été"),
    (&["l", "hiver"], "l'hiver"),
    (&["l", "automne"], "l'automne"),
    (&["printemps"], "printemps"),
    (&["noel"], "Noël"),
    (&["paques"], "Pâques"),
];

const FIXED_EN: &[(&[&str], &str)] = &[
    (&["yesterday", "morning"], "yesterday morning"),
    (&["yesterday", "evening"], "yesterday evening"),
    (&["yesterday"], "yesterday"),
    (&["this", "morning"], "this morning"),
    (&["last", "night"], "last night"),
    (&["today"], "today"),
    (&["tomorrow"], "tomorrow"),
    (&["last", "week"], "last week"),
    (&["last", "month"], "last month"),
    (&["last", "year"], "last year"),
    (&["last", "summer"], "last summer"),
    (&["last", "winter"], "last winter"),
    (&["last", "weekend"], "last weekend"),
    (&["this", "afternoon"], "this afternoon"),
    (&["this", "evening"], "this evening"),
    (&["this", "week"], "this week"),
    (&["this", "weekend"], "this weekend"),
    (&["next", "week"], "next week"),
    (&["next", "month"], "next month"),
    (&["the", "day", "before", "yesterday"], "the day before yesterday"),
    (&["the", "other", "day"], "the other day"),
    (&["christmas"], "Christmas"),
    (&["easter"], "Easter"),
    (&["new", "year"], "New Year"),
    (&["at", "the", "weekend"], "at the weekend"),
    (&["over", "the", "weekend"], "over the weekend"),
    (&["the", "weekend"], "the weekend"),
    (&["childhood"], "childhood"),
    (&["birth"], "birth"),
];

fn fixed(tokens: &[Token], at: usize, table: &[(&[&str], &str)]) -> Option<(String, usize)> {
    table.iter().find_map(|(words, written)| {
        let hit = words
            .iter()
            .enumerate()
            .all(|(i, w)| word(tokens, at + i) == *w && (i == 0 || open(tokens, at + i)));
        hit.then(|| ((*written).to_owned(), at + words.len()))
    })
}

/// "Fin mars", "Noël 2016".
fn part_of_year(tokens: &[Token], at: usize) -> Option<(String, Option<String>, usize)> {
    let (part, end) = fixed(tokens, at, PARTS_FR)?;
    let skip = usize::from(["de", "du"].contains(&word(tokens, end)));
    let month = MONTHS_FR.iter().position(|m| word(tokens, end + skip) == *m && open(tokens, end));
    let link = if part == "mi" { "-" } else { " " };
    if let Some(month) = month {
        let name = MONTHS_FR_WRITTEN.get(month).copied().unwrap_or_default();
        let after = end + skip + 1;
        return Some(match year(tokens, after, Language::Fr) {
            Some((year, end)) => (format!("{part}{link}{name} {year}"), Some(year), end),
            None => (format!("{part}{link}{name}"), None, after),
        });
    }
    let (year, end) = year(tokens, end + skip, Language::Fr).filter(|_| open(tokens, end))?;
    Some((format!("{part}{link}{year}"), Some(year), end))
}

fn moment_fr(tokens: &[Token], at: usize) -> Option<(String, Option<String>, usize)> {
    if let Some(told) = part_of_year(tokens, at) {
        return Some(told);
    }
    if let Some((text, end)) = fixed(tokens, at, FIXED_FR) {
        return Some((text, None, end));
    }
    let skip = usize::from(word(tokens, at) == "le");
    if let Some(day) = DAYS_FR.iter().find(|d| word(tokens, at + skip) == **d) {
        let end = at + skip + 1;
        let (tail, end) = match word(tokens, end) {
            "dernier" => (" dernier", end + 1),
            "prochain" => (" prochain", end + 1),
            "soir" => (" soir", end + 1),
            "matin" => (" matin", end + 1),
            _ => ("", end),
        };
        return Some((format!("{day}{tail}"), None, end));
    }
    if let Some(month) = MONTHS_FR.iter().position(|m| word(tokens, at) == *m) {
        let name = MONTHS_FR_WRITTEN.get(month).copied().unwrap_or_default();
        return Some(match year(tokens, at + 1, Language::Fr) {
            Some((year, end)) => (format!("{name} {year}"), Some(year), end),
            None if word(tokens, at + 1) == "dernier" => (format!("{name} dernier"), None, at + 2),
            None => (name.to_owned(), None, at + 1),
        });
    }
    year(tokens, at, Language::Fr).map(|(year, end)| (year.clone(), Some(year), end))
}

fn moment_en(tokens: &[Token], at: usize) -> Option<(String, Option<String>, usize)> {
    if let Some((text, end)) = fixed(tokens, at, FIXED_EN) {
        return Some((text, None, end));
    }
    let capital = |name: &str| {
        let mut chars = name.chars();
        chars.next().map(|c| c.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    let skip = match (word(tokens, at), word(tokens, at + 1)) {
        ("on", "the") => 2,
        ("on" | "last" | "next", _) => 1,
        _ => 0,
    };
    if let Some(day) = DAYS_EN.iter().find(|d| {
        let said = word(tokens, at + skip);
        said == **d || said.strip_suffix('s') == Some(d)
    }) {
        let lead = match word(tokens, at) {
            last @ ("last" | "next") => format!("{last} "),
            _ => String::new(),
        };
        let end = at + skip + 1;
        let part = word(tokens, end);
        if open(tokens, end) && ["morning", "afternoon", "evening", "night"].contains(&part) {
            return Some((format!("{lead}{} {part}", capital(day)), None, end + 1));
        }
        return Some((format!("{lead}{}", capital(day)), None, end));
    }
    if let Some(month) = MONTHS_EN.iter().find(|m| word(tokens, at) == **m && **m != "may" && **m != "march")
    {
        return Some(match year(tokens, at + 1, Language::En) {
            Some((year, end)) => (format!("{} {year}", capital(month)), Some(year), end),
            None => (capital(month), None, at + 1),
        });
    }
    year(tokens, at, Language::En).map(|(year, end)| (year.clone(), Some(year), end))
}

/// "Dix heures et quart", "22 heures": written 10 h 15, 22 h.
pub(super) fn clock(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let hour = number_at(tokens, at, Language::Fr).filter(|n| n.value < 25.0 && n.value.fract() == 0.0)?;
    let mut end = hour.tokens.end;
    if !matches!(word(tokens, end), "heure" | "heures" | "h") {
        return None;
    }
    end += 1;
    let nbsp = crate::wording::NBSP;
    let minutes = match (word(tokens, end), word(tokens, end + 1)) {
        ("et", "quart") => Some(("15".to_owned(), end + 2)),
        ("et", "demi" | "demie") => Some(("30".to_owned(), end + 2)),
        _ => number_at(tokens, end, Language::Fr)
            .filter(|n| !n.article && open(tokens, end) && (5.0..60.0).contains(&n.value))
            .map(|n| (n.text, n.tokens.end)),
    };
    Some(match minutes {
        Some((minutes, end)) => (format!("{}{nbsp}h{nbsp}{minutes}", hour.text), end),
        None => (format!("{}{nbsp}h", hour.text), end),
    })
}
