//! English times: "since last Tuesday", "three days ago", "at age twelve".

use super::moment::moment;
use super::number_at;
use super::time::{Lead, When, WhenKind, amount, lead, open, starts, unit, word};
use crate::text::Token;
use note::Language;

pub(super) fn english(tokens: &[Token], at: usize) -> Option<When> {
    for lead in LEADS_EN.iter().filter(|l| starts(tokens, at, l.words)) {
        let inner = at + lead.words.len();
        if lead.kind == WhenKind::Age {
            let inner = searched(tokens, inner);
            if let Some((span, end)) = amount(tokens, inner, Language::En) {
                let text =
                    if span.ends_with("years") { format!("at age {span}") } else { format!("at {span}") };
                return Some(When { kind: WhenKind::Age, text, span, year: None, tokens: at..end });
            }
            let Some(number) = number_at(tokens, inner, Language::En).filter(|n| !n.article) else {
                continue;
            };
            let text = format!("at age {}", number.text);
            return Some(When {
                kind: WhenKind::Age,
                text,
                span: number.text,
                year: None,
                tokens: at..number.tokens.end,
            });
        }
        if let Some((span, end)) = amount(tokens, inner, Language::En) {
            let text = format!("{} {span}", lead.written);
            return Some(When { kind: lead.kind, text, span, year: None, tokens: at..end });
        }
        // "For years", "for months".
        if matches!(lead.words, ["for"])
            && word(tokens, inner).ends_with('s')
            && open(tokens, inner)
            && let Some(span) = unit(word(tokens, inner), true, Language::En).filter(|u| *u != "seconds")
        {
            return Some(When {
                kind: WhenKind::For,
                text: format!("for {span}"),
                span: span.to_owned(),
                year: None,
                tokens: at..inner + 1,
            });
        }
        let inner = if lead.kind == WhenKind::Since { searched(tokens, inner) } else { inner };
        if matches!(lead.kind, WhenKind::Since | WhenKind::In)
            && lead.words.len() == 1
            && let Some((text, year, end)) = moment(tokens, inner, Language::En)
        {
            let kind = if lead.kind == WhenKind::In { WhenKind::At } else { WhenKind::Since };
            return Some(When {
                kind,
                text: format!("{} {text}", lead.written),
                span: text,
                year,
                tokens: at..end,
            });
        }
    }
    if let Some((span, end)) = amount(tokens, at, Language::En) {
        if word(tokens, end) == "ago" {
            return Some(When {
                kind: WhenKind::At,
                text: format!("{span} ago"),
                span,
                year: None,
                tokens: at..end + 1,
            });
        }
        // "So three days now", "it's been a week now".
        if word(tokens, end) == "now" {
            return Some(When {
                kind: WhenKind::Since,
                text: format!("for {span}"),
                span,
                year: None,
                tokens: at..end + 1,
            });
        }
        // "Ten a day" tells how often.
        if !matches!(word(tokens, at), "a" | "an") || end > at + 2 {
            return Some(When {
                kind: WhenKind::Bare,
                text: span.clone(),
                span,
                year: None,
                tokens: at..end,
            });
        }
    }
    // "Years ago".
    if word(tokens, at + 1) == "ago"
        && let Some(span) = unit(word(tokens, at), true, Language::En)
    {
        return Some(When {
            kind: WhenKind::At,
            text: format!("{span} ago"),
            span: span.to_owned(),
            year: None,
            tokens: at..at + 2,
        });
    }
    let (text, year, end) = moment(tokens, at, Language::En)?;
    let bare_year = year.is_some() && end == at + 1;
    (!bare_year && !matches!(text.as_str(), "childhood" | "birth")).then(|| When {
        kind: WhenKind::At,
        text: text.clone(),
        span: text,
        year,
        tokens: at..end,
    })
}

/// Past the words said while looking for a day or a number.
pub(super) fn searched(tokens: &[Token], at: usize) -> usize {
    (at..at + 3).find(|i| !SEARCHING.contains(&word(tokens, *i))).unwrap_or(at)
}

pub(super) const LEADS_EN: &[Lead] = &[
    lead(&["for", "the", "last"], WhenKind::Since, "for"),
    lead(&["for", "the", "past"], WhenKind::Since, "for"),
    lead(&["over", "the", "last"], WhenKind::Since, "for"),
    lead(&["over", "the", "past"], WhenKind::Since, "for"),
    lead(&["in", "the", "last"], WhenKind::Since, "for"),
    lead(&["in", "the", "past"], WhenKind::Since, "for"),
    lead(&["for", "about", "the", "last"], WhenKind::Since, "for"),
    lead(&["the", "last"], WhenKind::Since, "for"),
    lead(&["the", "past"], WhenKind::Since, "for"),
    lead(&["since"], WhenKind::Since, "since"),
    lead(&["when", "i", "was"], WhenKind::Age, "at age"),
    lead(&["when", "he", "was"], WhenKind::Age, "at age"),
    lead(&["when", "she", "was"], WhenKind::Age, "at age"),
    lead(&["when", "you", "were"], WhenKind::Age, "at age"),
    lead(&["aged"], WhenKind::Age, "at age"),
    lead(&["for"], WhenKind::For, "for"),
    lead(&["at", "age"], WhenKind::Age, "at age"),
    lead(&["at", "the", "age", "of"], WhenKind::Age, "at age"),
    lead(&["in"], WhenKind::In, "in"),
    lead(&["within"], WhenKind::In, "within"),
];

/// Said while looking for the day: "since, ooh, Thursday".
pub(super) const SEARCHING: &[&str] =
    &["um", "uh", "er", "ooh", "oh", "like", "about", "probably", "maybe", "around", "the"];
