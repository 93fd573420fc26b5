//! The transcript with what the note cites of it.

use std::collections::BTreeMap;
use std::ops::Range;

use maud::{Markup, html};
use note::{Language, Segment, Speaker};

use super::{Consultation, Outcome};
use crate::page::{clock, t};

/// Every segment; cited words are marked and lead to their statements, and segments of facts that the note lacks stand
/// out.
pub(super) fn transcript(consultation: &Consultation) -> Markup {
    let language = consultation.annotated.transcript.language;
    let missed = missed_by_segment(consultation);
    let quotes = quotes_by_segment(consultation);
    html! {
        @for segment in &consultation.annotated.transcript.segments {
            @let lacking = missed.get(&segment.index);
            div class={ "said" @if lacking.is_some() { " unread" } } id={ "s" (segment.index) } {
                span class="who" { (segment.index) " · " (speaker(language, segment.speaker)) br; (clock(segment.start_ms)) }
                span {
                    (marked(segment, quotes.get(&segment.index).map_or(&[][..], Vec::as_slice)))
                    @if let Some(lacking) = lacking {
                        span class="from" { (t(language, "Manque dans la note : ", "Missing from the note: ")) (lacking.join(", ")) }
                    }
                }
            }
        }
    }
}

fn missed_by_segment(consultation: &Consultation) -> BTreeMap<u32, Vec<&str>> {
    let mut missed: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    let Consultation { annotated, score, .. } = consultation;
    for (fact, _) in annotated.facts.iter().zip(&score.facts).filter(|(_, v)| v.outcome == Outcome::Absent) {
        for segment in &fact.topic.source_segments {
            missed.entry(*segment).or_default().push(&fact.topic.concept);
        }
    }
    missed
}

/// Quotes of each segment, with the position of the statement that cites them.
fn quotes_by_segment(consultation: &Consultation) -> BTreeMap<u32, Vec<(usize, &str)>> {
    let mut quotes: BTreeMap<u32, Vec<(usize, &str)>> = BTreeMap::new();
    for (at, (_, statement)) in consultation.note.statements().enumerate() {
        for source in &statement.sources {
            quotes.entry(source.segment).or_default().push((at, &source.quote));
        }
    }
    quotes
}

fn marked(segment: &Segment, quotes: &[(usize, &str)]) -> Markup {
    let text = segment.text.as_str();
    let passages = passages(text, quotes);
    let starts = std::iter::once(0).chain(passages.iter().map(|(range, _)| range.end));
    let rest = text.get(passages.last().map_or(0, |(range, _)| range.end)..).unwrap_or_default();
    html! {
        @for (from, (range, statements)) in starts.zip(&passages) {
            (text.get(from..range.start).unwrap_or_default())
            mark { (text.get(range.clone()).unwrap_or_default()) }
            sup { @for at in statements { a href={ "#n" (at + 1) } { (at + 1) } } }
        }
        (rest)
    }
}

/// Where quotes stand, overlapping ones as one passage, with the statements that cite it.
fn passages(text: &str, quotes: &[(usize, &str)]) -> Vec<(Range<usize>, Vec<usize>)> {
    let mut found: Vec<(Range<usize>, usize)> = quotes
        .iter()
        .filter(|(_, quote)| !quote.is_empty())
        .filter_map(|(at, quote)| text.find(quote).map(|start| (start..start + quote.len(), *at)))
        .collect();
    found.sort_by_key(|(range, at)| (range.start, range.end, *at));
    let mut passages: Vec<(Range<usize>, Vec<usize>)> = Vec::new();
    for (range, at) in found {
        match passages.last_mut() {
            Some((last, statements)) if range.start < last.end => {
                last.end = last.end.max(range.end);
                if !statements.contains(&at) {
                    statements.push(at);
                }
            }
            _ => passages.push((range, vec![at])),
        }
    }
    passages
}

fn speaker(language: Language, speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::Doctor => t(language, "médecin", "doctor"),
        Speaker::Patient => "patient",
        Speaker::Companion => t(language, "proche", "companion"),
        Speaker::Unknown => t(language, "inconnu", "unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_quotes_are_one_passage_of_several_statements() {
        let text = "une forte fièvre depuis hier, et une toux";
        let quotes = [(4, "toux"), (0, "fièvre depuis hier"), (1, "forte fièvre"), (2, "absente"), (3, "")];
        let found: Vec<_> =
            passages(text, &quotes).into_iter().map(|(range, by)| (&text[range], by)).collect();
        assert_eq!(found, [("forte fièvre depuis hier", vec![1, 0]), ("toux", vec![4])]);
    }
}
