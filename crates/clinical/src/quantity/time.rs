use std::ops::Range;

use note::Language;

use super::moment::{MONTHS_FR_WRITTEN, moment};
use super::number_at;
use crate::text::{Gap, Token};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhenKind {
    /// "Depuis trois jours".
    Since,
    /// "Il y a deux ans", "hier", "en 2017".
    At,
    /// "À douze ans".
    Age,
    /// "Pendant dix jours".
    For,
    /// "Dans deux mois".
    In,
    /// "Trois jours", with nothing before it.
    Bare,
}

/// A time or a duration of the text, in standard wording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct When {
    pub kind: WhenKind,
    /// With figures: "depuis 3 jours".
    pub text: String,
    /// The amount alone: "3 jours".
    pub span: String,
    /// Set when the year is named.
    pub year: Option<String>,
    pub tokens: Range<usize>,
}

/// Every time of the text, leftmost and longest.
pub(crate) fn times(tokens: &[Token], language: Language) -> Vec<When> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match time_at(tokens, at, language) {
            Some(when) => {
                at = when.tokens.end.max(at + 1);
                found.push(when);
            }
            None => at += 1,
        }
    }
    found
}

pub(crate) fn time_at(tokens: &[Token], at: usize, language: Language) -> Option<When> {
    match language {
        Language::Fr => french(tokens, at),
        Language::En => super::time_en::english(tokens, at),
    }
}

pub(super) struct Lead {
    pub words: &'static [&'static str],
    pub kind: WhenKind,
    pub written: &'static str,
}

pub(super) const fn lead(words: &'static [&'static str], kind: WhenKind, written: &'static str) -> Lead {
    Lead { words, kind, written }
}

const LEADS_FR: &[Lead] = &[
    lead(&["depuis"], WhenKind::Since, "depuis"),
    lead(&["voila"], WhenKind::Since, "depuis"),
    lead(&["ca", "fait"], WhenKind::Since, "depuis"),
    lead(&["cela", "fait"], WhenKind::Since, "depuis"),
    lead(&["il", "y", "a"], WhenKind::At, "il y a"),
    lead(&["y", "a"], WhenKind::At, "il y a"),
    lead(&["a", "l", "age", "de"], WhenKind::Age, "à"),
    lead(&["quand", "j", "avais"], WhenKind::Age, "à"),
    lead(&["quand", "il", "avait"], WhenKind::Age, "à"),
    lead(&["quand", "elle", "avait"], WhenKind::Age, "à"),
    lead(&["a"], WhenKind::Age, "à"),
    lead(&["pendant"], WhenKind::For, "pendant"),
    lead(&["durant"], WhenKind::For, "pendant"),
    lead(&["pour"], WhenKind::For, "pendant"),
    lead(&["sur"], WhenKind::For, "pendant"),
    lead(&["dans"], WhenKind::In, "dans"),
    lead(&["d", "ici"], WhenKind::In, "d'ici"),
];

const HEDGES_FR: &[&str] = &[
    "environ",
    "presque",
    "bien",
    "peut",
    "etre",
    "deja",
    "plus",
    "moins",
    "de",
    "d",
    "a",
    "peu",
    "pres",
    "au",
    "bonne",
    "bons",
    "bon",
    "genre",
    "disons",
    "encore",
    "les",
    "maintenant",
    "que",
];
const BREATHS_FR: &[&str] = &["oh", "euh", "ben", "bah", "pff", "pfff", "ouh", "heu", "allez", "bon", "hum"];
const HEDGES_EN: &[&str] = &[
    "about",
    "around",
    "nearly",
    "almost",
    "roughly",
    "maybe",
    "over",
    "the",
    "last",
    "past",
    "another",
    "like",
    "probably",
    "say",
    "i",
    "d",
    "um",
    "uh",
    "ooh",
    "good",
    "least",
    "approximately",
    "only",
    "just",
    "next",
];

/// The unit of time a word names, as written after a number.
pub(super) fn unit(word: &str, many: bool, language: Language) -> Option<&'static str> {
    Some(match (language, word) {
        (Language::Fr, "seconde" | "secondes") => {
            if many {
                "secondes"
            } else {
                "seconde"
            }
        }
        (Language::Fr, "minute" | "minutes" | "min") => {
            if many {
                "minutes"
            } else {
                "minute"
            }
        }
        (Language::Fr, "heure" | "heures" | "h") => {
            if many {
                "heures"
            } else {
                "heure"
            }
        }
        (Language::Fr, "jour" | "jours" | "j") => {
            if many {
                "jours"
            } else {
                "jour"
            }
        }
        (Language::Fr, "nuit" | "nuits") => {
            if many {
                "nuits"
            } else {
                "nuit"
            }
        }
        (Language::Fr, "semaine" | "semaines") => {
            if many {
                "semaines"
            } else {
                "semaine"
            }
        }
        (Language::Fr, "mois") => "mois",
        (Language::Fr, "an" | "ans" | "annee" | "annees") => {
            if many {
                "ans"
            } else {
                "an"
            }
        }
        (Language::En, "second" | "seconds") => {
            if many {
                "seconds"
            } else {
                "second"
            }
        }
        (Language::En, "minute" | "minutes") => {
            if many {
                "minutes"
            } else {
                "minute"
            }
        }
        (Language::En, "hour" | "hours") => {
            if many {
                "hours"
            } else {
                "hour"
            }
        }
        (Language::En, "day" | "days") => {
            if many {
                "days"
            } else {
                "day"
            }
        }
        (Language::En, "night" | "nights") => {
            if many {
                "nights"
            } else {
                "night"
            }
        }
        (Language::En, "week" | "weeks") => {
            if many {
                "weeks"
            } else {
                "week"
            }
        }
        (Language::En, "month" | "months") => {
            if many {
                "months"
            } else {
                "month"
            }
        }
        (Language::En, "year" | "years") => {
            if many {
                "years"
            } else {
                "year"
            }
        }
        _ => return None,
    })
}

pub(super) fn word(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |t| t.folded.as_str())
}

pub(super) fn open(tokens: &[Token], at: usize) -> bool {
    at == 0 || tokens.get(at - 1).is_some_and(|t| t.after == Gap::None)
}

/// "Trois jours", "six à huit semaines", "quelques mois", "une dizaine de jours".
pub(super) fn amount(tokens: &[Token], mut at: usize, language: Language) -> Option<(String, usize)> {
    let hedges = if language == Language::Fr { HEDGES_FR } else { HEDGES_EN };
    let from = at;
    // "Depuis, oh, vingt ans": a breath taken between commas.
    let breath = |at: usize| tokens.get(at).is_some_and(|t| t.any(BREATHS_FR));
    let goes_on = |at: usize| {
        open(tokens, at)
            || language == Language::Fr
                && at > 0
                && (breath(at) || breath(at - 1))
                && tokens.get(at - 1).is_some_and(|t| t.after <= Gap::Comma)
            || language == Language::En && at > 0 && tokens.get(at - 1).is_some_and(|t| t.after <= Gap::Comma)
    };
    if language == Language::Fr && breath(at) && goes_on(at) && goes_on(at + 1) {
        at += 1;
    }
    while at < from + 5 && tokens.get(at).is_some_and(|t| t.any(hedges)) && goes_on(at + 1) {
        at += 1;
    }
    let vague = match (language, word(tokens, at)) {
        (Language::Fr, "quelques" | "plusieurs") | (Language::En, "several" | "many") => {
            Some((word(tokens, at).to_owned(), at + 1))
        }
        (Language::En, "few") => Some(("a few".to_owned(), at + 1)),
        (Language::En, "couple") => {
            Some(("2".to_owned(), at + 1 + usize::from(word(tokens, at + 1) == "of")))
        }
        (Language::En, "half")
            if matches!(word(tokens, at + 1), "an" | "a") && word(tokens, at + 2) == "hour" =>
        {
            return Some(("half an hour".to_owned(), at + 3));
        }
        (Language::En, "a") if word(tokens, at + 1) == "few" => Some(("a few".to_owned(), at + 2)),
        (Language::En, "a") if word(tokens, at + 1) == "couple" => {
            Some(("2".to_owned(), at + 2 + usize::from(word(tokens, at + 2) == "of")))
        }
        (Language::En, "a" | "an" | "another")
            if unit(word(tokens, at + 1), false, language).is_some() && word(tokens, at + 1) != "second" =>
        {
            return unit(word(tokens, at + 1), false, language).map(|one| (format!("1 {one}"), at + 2));
        }
        (Language::Fr, "une") if word(tokens, at + 1) == "dizaine" => Some(("10".to_owned(), at + 3)),
        (Language::Fr, "une") if word(tokens, at + 1) == "quinzaine" => Some(("15".to_owned(), at + 3)),
        (Language::Fr, "une") if word(tokens, at + 1) == "vingtaine" => Some(("20".to_owned(), at + 3)),
        _ => None,
    };
    if let Some((text, after)) = vague {
        if text == "15" && !matches!(word(tokens, after), "jours" | "jour") {
            return Some(("15 jours".to_owned(), after - 1));
        }
        return unit(word(tokens, after), true, language).map(|u| (format!("{text} {u}"), after + 1));
    }
    let first = number_at(tokens, at, language)?;
    let mut end = first.tokens.end;
    let mut text = first.text.clone();
    let mut many = first.value >= 2.0;
    // A second bound: "six à huit", "deux-trois", "trois ou quatre".
    let bridge = match (language, word(tokens, end)) {
        (Language::Fr, "a" | "ou") | (Language::En, "to" | "or") => 1,
        _ => 0,
    };
    if let Some(second) =
        number_at(tokens, end + bridge, language).filter(|n| !n.article && n.value > first.value)
        && unit(word(tokens, second.tokens.end), true, language).is_some()
    {
        text = format!("{text}–{}", second.text);
        end = second.tokens.end;
        many = true;
    }
    let last_open = end > 0 && tokens.get(end - 1).is_some_and(|t| t.after == Gap::None);
    let named = unit(word(tokens, end), many, language).filter(|_| last_open)?;
    end += 1;
    // "Un mois et demi".
    let mut half = false;
    if language == Language::Fr
        && word(tokens, end) == "et"
        && matches!(word(tokens, end + 1), "demi" | "demie")
    {
        half = true;
        end += 2;
    }
    let text = if half { format!("{text},5 {named}") } else { format!("{text} {named}") };
    Some((text, end))
}

pub(super) fn starts(tokens: &[Token], at: usize, words: &[&str]) -> bool {
    words.iter().enumerate().all(|(i, w)| word(tokens, at + i) == *w)
}

fn french(tokens: &[Token], at: usize) -> Option<When> {
    for lead in LEADS_FR.iter().filter(|l| starts(tokens, at, l.words)) {
        let inner = at + lead.words.len();
        if let Some((span, end)) = amount(tokens, inner, Language::Fr) {
            // "Inès a trois ans" tells no time.
            if lead.words == ["a"] && !tokens.get(at).is_some_and(|t| t.accented) {
                continue;
            }
            // "À trois jours" is no age.
            if lead.kind == WhenKind::Age
                && !(span.ends_with("ans") || span.ends_with("mois") && lead.words.len() > 1)
            {
                continue;
            }
            return Some(When {
                kind: lead.kind,
                text: format!("{} {span}", lead.written),
                span,
                year: None,
                tokens: at..end,
            });
        }
        if lead.kind == WhenKind::Since && lead.words.len() == 1 {
            let skip = usize::from(word(tokens, inner) == "que");
            if let Some((text, year, end)) = moment(tokens, inner + skip, Language::Fr) {
                return Some(When {
                    kind: WhenKind::Since,
                    text: format!("depuis {text}"),
                    span: text,
                    year,
                    tokens: at..end,
                });
            }
        }
    }
    if word(tokens, at) == "vers"
        && let Some((text, end)) = super::moment::clock(tokens, at + 1)
    {
        let text = format!("vers {text}");
        return Some(When {
            kind: WhenKind::At,
            text: text.clone(),
            span: text,
            year: None,
            tokens: at..end,
        });
    }
    if word(tokens, at) == "date"
        && word(tokens, at + 1) == "de"
        && let Some((text, year, end)) = moment(tokens, at + 2, Language::Fr).filter(|m| m.1.is_some())
    {
        return Some(When {
            kind: WhenKind::At,
            text: format!("en {text}"),
            span: text,
            year,
            tokens: at..end,
        });
    }
    if matches!(word(tokens, at), "en" | "de")
        && let Some((text, year, end)) = moment(tokens, at + 1, Language::Fr)
    {
        let dated = year.is_some() || MONTHS_FR_WRITTEN.contains(&text.as_str());
        if word(tokens, at) == "en" && dated || year.is_some() && end > at + 2 {
            return Some(When {
                kind: WhenKind::At,
                text: format!("en {text}"),
                span: text,
                year,
                tokens: at..end,
            });
        }
    }
    if let Some((text, year, end)) = moment(tokens, at, Language::Fr) {
        let bare_word = matches!(
            text.as_str(),
            "toujours" | "longtemps" | "l'enfance" | "la naissance" | "le début" | "mars" | "mai"
        );
        let bare_year = year.is_some() && end == at + 1;
        if !bare_word && !bare_year {
            return Some(When { kind: WhenKind::At, text: text.clone(), span: text, year, tokens: at..end });
        }
    }
    let (span, end) = amount(tokens, at, Language::Fr)?;
    // "Inès a trois ans": an age.
    let has = |t: &Token| !t.accented && t.any(&["a", "as", "avez", "avait", "avais", "aura"]);
    let aged = span.ends_with("ans")
        && tokens.get(at.saturating_sub(1)..end).is_some_and(|before| before.iter().any(has));
    if aged {
        return None;
    }
    Some(When { kind: WhenKind::Bare, text: span.clone(), span, year: None, tokens: at..end })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokenize;

    fn read(text: &str, language: Language) -> Vec<(WhenKind, String)> {
        times(&tokenize(text), language).into_iter().map(|w| (w.kind, w.text)).collect()
    }

    #[test]
    fn french_times_are_written_with_figures() {
        use WhenKind::{Age, At, Bare, For, In, Since};
        for (said, kind, written) in [
            ("depuis trois jours", Since, "depuis 3 jours"),
            ("ça fait à peu près six mois", Since, "depuis 6 mois"),
            ("depuis lundi dernier", Since, "depuis lundi dernier"),
            ("il y a deux ans", At, "il y a 2 ans"),
            ("y a une quinzaine de jours", At, "il y a 15 jours"),
            ("à douze ans", Age, "à 12 ans"),
            ("en mars 2024", At, "en mars 2024"),
            ("en deux mille dix-sept", At, "en 2017"),
            ("dans six à huit semaines", In, "dans 6–8 semaines"),
            ("pendant dix jours", For, "pendant 10 jours"),
            ("un mois et demi", Bare, "1,5 mois"),
            ("hier soir", At, "hier soir"),
            ("depuis quelques semaines", Since, "depuis quelques semaines"),
        ] {
            assert_eq!(read(said, Language::Fr), [(kind, written.to_owned())], "{said}");
        }
    }

    #[test]
    fn english_times_are_written_with_figures() {
        use WhenKind::{Age, At, For, In, Since};
        for (said, kind, written) in [
            ("three days ago", At, "3 days ago"),
            ("for a couple of weeks", For, "for 2 weeks"),
            ("since last week", Since, "since last week"),
            ("in two weeks", In, "in 2 weeks"),
            ("at age twelve", Age, "at age 12"),
            ("in 2017", At, "in 2017"),
            ("three days now", Since, "for 3 days"),
            ("since, ooh, Thursday", Since, "since Thursday"),
            ("over the last couple of weeks", Since, "for 2 weeks"),
            ("when she was, like, five months", Age, "at 5 months"),
            ("when I was twelve", Age, "at age 12"),
            ("on Sunday night", At, "Sunday night"),
            ("for years", For, "for years"),
            ("years ago", At, "years ago"),
        ] {
            assert_eq!(read(said, Language::En), [(kind, written.to_owned())], "{said}");
        }
    }
}
