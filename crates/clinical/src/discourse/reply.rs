//! The bare sense of an answer: yes, no, a little, no more.

use std::ops::Range;

use crate::analysis::Analysis;
use crate::lexicon::Cue;
use crate::text::Gap;

/// The bare sense of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    Some,
    NoMore,
    Unknown,
    Fine,
}

pub(super) const OPENERS: &[&str] =
    &["euh", "moi", "ah", "oh", "ben", "bah", "alors", "enfin", "et", "eh", "hein", "well", "um", "uh", "so"];

/// Words that point at what was asked.
const POINTING: &[&str] = &["celui", "celle", "ceux", "la", "ca", "lui", "elle", "allergie", "allergies"];

/// "Non. Enfin si, un peu": the no is taken back.
pub(super) fn turns(analysis: &Analysis, run: &Range<usize>) -> Option<usize> {
    let reach = analysis.tokens.len().min(run.start + 8);
    (run.start + 1..reach).find(|&at| {
        let before = analysis.word(at - 1);
        analysis.word(at) == "si"
            && (["euh", "enfin", "ah", "mais", "bon"].contains(&before)
                || analysis.tokens.get(at).is_some_and(|t| t.after >= Gap::Comma)
                    && analysis.tokens.get(at - 1).is_some_and(|t| t.after >= Gap::Comma))
    })
}

impl Answer {
    /// How a sentence begins, if as an answer.
    pub fn of(analysis: &Analysis, run: &Range<usize>) -> Option<Self> {
        let mut at = run.start;
        while at < run.end && OPENERS.contains(&analysis.word(at)) {
            at += 1;
        }
        let starts = |cue: Cue| {
            analysis
                .cues
                .iter()
                .any(|c| c.cue == cue && (c.tokens.start == at || c.tokens.start == run.start))
        };
        let word = analysis.tokens.get(at)?;
        let alone = word.after >= Gap::Comma || at + 1 >= run.end;
        // "Celui-là oui, je l'oublie jamais", "ça non".
        let pointed = run.end.min(at + 4);
        let said = (at + 1..pointed).find(|i| ["oui", "ouais", "non"].contains(&analysis.word(*i)));
        if let Some(said) = said
            && (at..said).all(|i| POINTING.contains(&analysis.word(i)))
            && analysis.tokens.get(said).is_some_and(|t| t.after >= Gap::Comma || said + 1 == run.end)
        {
            return Some(if analysis.word(said) == "non" { Self::No } else { Self::Yes });
        }
        if starts(Cue::NoMore) {
            return Some(Self::NoMore);
        }
        // "Zéro vingt-cinq, un le soir" is a dose.
        let dose = word.is("zero")
            && [at, at + 1].iter().any(|i| {
                crate::quantity::number_at(&analysis.tokens, *i, note::Language::Fr)
                    .is_some_and(|n| n.value > 0.0 && !n.article)
            });
        if starts(Cue::No) && !dose {
            // "Jamais de…", "rien dans l'estomac": whole sentences that deny by themselves read as no as well.
            if let Some(si) = turns(analysis, run) {
                // "Non. Enfin si, du Levothyrox" says what else there is, not yes to what was asked.
                let more = analysis.mentions.iter().any(|m| (si..si + 8).contains(&m.tokens.start));
                return Some(if more { Self::Unknown } else { Self::Yes });
            }
            // "Non, j'ai arrêté il y a dix ans."
            let soon = at..run.end.min(at + 9);
            // The English "no" denies as well; it is the answer itself here.
            let rest = at + usize::from(word.is("no"))..run.end.min(at + 4);
            let over = analysis.any(&[Cue::NoMore, Cue::Stopped], &soon);
            return Some(if over && !analysis.has(Cue::Negation, &rest) { Self::NoMore } else { Self::No });
        }
        if starts(Cue::Unknown) {
            return Some(Self::Unknown);
        }
        if starts(Cue::Some) {
            return Some(Self::Some);
        }
        if starts(Cue::Yes) && (!word.is("si") || alone) {
            // "I did, I packed it in eight years ago."
            let soon = at + 1..run.end.min(at + 7);
            let left =
                ["i", "yeah", "yes"].contains(&word.folded.as_str()) && analysis.has(Cue::NoMore, &soon);
            return Some(if left { Self::NoMore } else { Self::Yes });
        }
        // "On a tout introduit, rien."
        let last = run.end.saturating_sub(1);
        let stands_alone = analysis.tokens.get(last.wrapping_sub(1)).is_some_and(|t| t.after >= Gap::Comma);
        if run.len() <= 8
            && stands_alone
            && last > run.start
            && ["rien", "non", "aucune", "aucun", "no", "nothing"].contains(&analysis.word(last))
        {
            return Some(Self::No);
        }
        // "Soixante-quinze, oui."
        let named = analysis.mentions_in(run).next().is_some();
        let closes = !named
            && run.len() <= 4
            && run.len() > 1
            && ["oui", "ouais", "yes", "yeah"].contains(&analysis.word(last));
        if closes {
            return Some(Self::Yes);
        }
        // "There was a bit of pink when I wiped, yeah."
        let agrees = stands_alone
            && (3..=16).contains(&run.len())
            && ["yes", "yeah", "yep"].contains(&analysis.word(last))
            && !analysis.has(Cue::Negation, run)
            && !analysis.people.iter().any(|p| run.contains(&p.tokens.start));
        if agrees {
            return Some(Self::Yes);
        }
        starts(Cue::Fine).then_some(Self::Fine)
    }
}
