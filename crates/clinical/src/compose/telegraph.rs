//! Speech shortened to the way notes are written, word for word otherwise.

use std::ops::Range;

use note::Language;

use crate::analysis::Analysis;
use crate::quantity::number_at;
use crate::text::Gap;
use crate::wording::capital;

const DROP_FR: &[&str] = &[
    "alors", "bon", "donc", "ben", "euh", "hein", "voila", "la", "le", "les", "l", "un", "une", "du", "des",
    "est", "sont", "c", "ca", "bah", "enfin", "oui", "d", "accord", "ok", "quand", "meme", "vraiment", "y",
    "il", "elle", "on", "je", "j", "vous", "tu", "me", "m", "avez", "as", "ai", "eh", "allez", "bien",
    "puis", "faut", "ah", "etait", "votre", "vos", "votre", "ton", "ta", "tes", "mon", "ma", "mes",
];
const DROP_EN: &[&str] = &[
    "so", "well", "okay", "ok", "um", "uh", "the", "a", "an", "is", "are", "it", "you", "your", "i", "ll",
    "we", "there", "s", "right", "then", "just", "re", "have", "ve",
];

/// A clause without its small words: "alors la langue est un peu sèche" becomes "Langue peu sèche".
pub(crate) fn telegraph(analysis: &Analysis, run: &Range<usize>, language: Language) -> String {
    let drop = if language == Language::Fr { DROP_FR } else { DROP_EN };
    let kept = words(analysis, run, language, |at, word| {
        let ago = language == Language::Fr
            && (word == "il" && analysis.word(at + 1) == "y" && analysis.word(at + 2) == "a"
                || word == "y" && analysis.word(at + 1) == "a");
        if ago {
            return true;
        }
        let a_little = word == "un" && analysis.word(at + 1) == "peu";
        let preposition =
            ["a", "de", "dans", "sur"].contains(&analysis.word(at.wrapping_sub(1))) && at > run.start;
        !drop.contains(&word) || a_little || preposition && ["la", "le", "les", "l"].contains(&word)
    });
    capital(&kept)
}

const DROP_IF_FR: &[&str] = &[
    "vous", "tu", "il", "elle", "avez", "as", "a", "de", "la", "du", "des", "y", "si", "que", "qu", "ca",
    "c", "est", "etes", "jamais", "euh", "on", "je", "j", "l", "le", "les", "un", "une", "d", "s", "es",
];
const DROP_IF_EN: &[&str] = &[
    "you", "it", "have", "get", "any", "a", "the", "if", "there", "is", "are", "he", "she", "your",
    "develop", "s", "re",
];

/// The conditions of an advice: "vous avez de la fièvre, ou si vous vomissez" becomes "fièvre, ou vomissez".
pub(crate) fn conditions(analysis: &Analysis, run: &Range<usize>, language: Language) -> String {
    let drop = if language == Language::Fr { DROP_IF_FR } else { DROP_IF_EN };
    let spaced = |at: usize| analysis.raw && at > run.start && ["des", "du"].contains(&analysis.word(at));
    listed(analysis, run, language, spaced, |at, word| {
        let starts = spaced(at)
            || at > run.start && analysis.raw && word == "la" && analysis.word(at - 1) == "de"
            || at == run.start
            || analysis.tokens.get(at - 1).is_some_and(|t| {
                t.after >= Gap::Comma || t.any(&["ou", "si", "et", "que", "or", "if", "and", "s"])
            })
            || at > run.start
                && analysis.tokens.get(at - 1).is_some_and(|t| drop.contains(&t.folded.as_str()))
                && lead_only(analysis, run, at, drop);
        !(starts && drop.contains(&word))
    })
}

/// Whether everything since the last comma or "ou" was dropped.
fn lead_only(analysis: &Analysis, run: &Range<usize>, at: usize, drop: &[&str]) -> bool {
    let mut back = at;
    while back > run.start {
        back -= 1;
        let Some(token) = analysis.tokens.get(back) else { return false };
        if back + 1 < at && token.after >= Gap::Comma || token.any(&["ou", "or", "et", "and"]) {
            return true;
        }
        if token.after >= Gap::Comma {
            return true;
        }
        if !drop.contains(&token.folded.as_str()) {
            return false;
        }
    }
    true
}

fn words(
    analysis: &Analysis,
    run: &Range<usize>,
    language: Language,
    keep: impl Fn(usize, &str) -> bool,
) -> String {
    listed(analysis, run, language, |_| false, keep)
}

/// The kept words as they stand, numbers in figures, commas kept.
fn listed(
    analysis: &Analysis,
    run: &Range<usize>,
    language: Language,
    breaks: impl Fn(usize) -> bool,
    keep: impl Fn(usize, &str) -> bool,
) -> String {
    let mut text = String::new();
    let mut glue = false;
    let mut at = run.start;
    while at < run.end {
        let Some(token) = analysis.tokens.get(at) else { break };
        let number = number_at(&analysis.tokens, at, language)
            .filter(|n| !n.article && n.tokens.end <= run.end && !n.tokens.is_empty());
        let (shown, end) = match &number {
            Some(number) if keep(at, &token.folded) => (Some(number.text.clone()), number.tokens.end),
            _ => {
                let said = analysis.text.get(token.start..token.end).unwrap_or_default();
                (keep(at, &token.folded).then(|| said.to_owned()), at + 1)
            }
        };
        let last = analysis.tokens.get(end - 1).unwrap_or(token);
        if breaks(at) && !text.is_empty() && !text.ends_with([',', ' ']) && !text.ends_with(" ou") {
            text.push(',');
        }
        if let Some(shown) = shown {
            if !text.is_empty() && !glue {
                text.push(' ');
            }
            text.push_str(&shown);
            // Apostrophes and hyphens hold words together.
            let between = analysis
                .tokens
                .get(end)
                .and_then(|next| analysis.text.get(last.end..next.start))
                .unwrap_or_default();
            glue =
                matches!(between, "'" | "\u{2019}" | "-") && end < run.end && keep(end, analysis.word(end));
            if glue {
                text.push_str(if between == "-" { "-" } else { "'" });
            } else if last.after == Gap::Comma && end < run.end && !text.ends_with(',') {
                text.push(',');
            }
        }
        at = end;
    }
    text.trim_end_matches(',').to_owned()
}
