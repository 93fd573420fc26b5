//! A sentence of the recogniser may hold two people: it is cut where the voice changes, between two words.

use std::ops::Range;

use note::{Segment, Word};

use super::{Voiceprint, Voices};

/// So much speech shows a voice well enough. A long sentence is heard at its head and its tail alone: hearing all of it
/// would cost a tenth of recognising it.
const SHOWN_MS: u32 = 1_600;
/// Places of a change that are looked at in one sentence.
const PLACES: usize = 3;
/// Two sides less alike than this are two voices, where no voices are known yet; else each side is of another voice,
/// and more like it than any other by so much.
const UNLIKE: f32 = 0.12;
const ALIKE: f32 = 0.5;
const MARGIN: f32 = 0.1;

/// A part of a segment, or all of it, with its voice.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Numbered as the whole: whoever keeps segments numbers them.
    pub segment: Segment,
    pub print: Option<Voiceprint>,
}

/// The parts of a segment, in order. `samples` are those from its start to its end; `middles` the voices known so far.
pub(super) fn parts(voices: &Voices, segment: Segment, samples: &[i16], middles: &[Voiceprint]) -> Vec<Part> {
    let (start, end) = (segment.start_ms, segment.end_ms);
    if end.saturating_sub(start) < 2 * SHOWN_MS {
        return vec![Part { print: voices.print(samples), segment }];
    }
    let heard = |span: Range<u32>| voices.print(within(samples, start, span));
    let (head, tail) = (heard(start..start + SHOWN_MS), heard(end - SHOWN_MS..end));
    let (Some(head), Some(tail)) = (head, tail) else { return vec![Part { segment, print: None }] };
    let place = if are_two(&head, &tail, middles) { place(&segment, &head, &tail, &heard) } else { None };
    match place {
        None => vec![Part { print: Voiceprint::mean([(&head, 1.0), (&tail, 1.0)]), segment }],
        Some(at) => {
            let (left, right) = split(segment, at);
            vec![Part { segment: left, print: Some(head) }, Part { segment: right, print: Some(tail) }]
        }
    }
}

/// The word at which the voice of the tail takes over from that of the head: among the longest breaths the one whose
/// sides fit best.
fn place(
    segment: &Segment,
    head: &Voiceprint,
    tail: &Voiceprint,
    heard: &dyn Fn(Range<u32>) -> Option<Voiceprint>,
) -> Option<usize> {
    let words = &segment.words;
    let (start, end) = (segment.start_ms, segment.end_ms);
    let mut breaths: Vec<(usize, u32)> = words
        .windows(2)
        .enumerate()
        .filter_map(|(at, pair)| {
            let [before, next] = pair else { return None };
            let inside = before.end_ms >= start + SHOWN_MS / 2 && next.start_ms + SHOWN_MS / 2 <= end;
            // Where a sentence or clause ends, as good as a breath.
            let stop = if before.text.ends_with(['.', '?', '!', '…', ',', ':']) { 300 } else { 0 };
            inside.then(|| (at + 1, next.start_ms.saturating_sub(before.end_ms) + stop))
        })
        .collect();
    breaths.sort_by_key(|(_, breath)| std::cmp::Reverse(*breath));
    breaths.truncate(PLACES);
    let fit = |at: usize| {
        let (before, next) = (words.get(at - 1)?.end_ms, words.get(at)?.start_ms);
        let left = heard(before.saturating_sub(SHOWN_MS).max(start)..before)?;
        let right = heard(next..(next + SHOWN_MS).min(end))?;
        let right_way = left.likeness(head) + right.likeness(tail);
        let wrong_way = left.likeness(tail) + right.likeness(head);
        (right_way > wrong_way).then_some((at, right_way - wrong_way))
    };
    let fits = breaths.into_iter().filter_map(|(at, _)| fit(at));
    fits.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(at, _)| at)
}

fn are_two(head: &Voiceprint, tail: &Voiceprint, middles: &[Voiceprint]) -> bool {
    let alike = head.likeness(tail);
    if middles.len() > 1 { alike < ALIKE && belong_apart(head, tail, middles) } else { alike < UNLIKE }
}

fn belong_apart(left: &Voiceprint, right: &Voiceprint, middles: &[Voiceprint]) -> bool {
    let nearest = |print: &Voiceprint| {
        let mut likeness: Vec<(usize, f32)> =
            middles.iter().map(|middle| print.likeness(middle)).enumerate().collect();
        likeness.sort_by(|a, b| b.1.total_cmp(&a.1));
        match likeness.as_slice() {
            [(at, best), (_, second), ..] if best - second >= MARGIN => Some(*at),
            _ => None,
        }
    };
    nearest(left).zip(nearest(right)).is_some_and(|(left, right)| left != right)
}

/// The samples of a span of time, given those from `start` on.
pub(super) fn within(samples: &[i16], start: u32, span: Range<u32>) -> &[i16] {
    let at = |ms: u32| (ms.saturating_sub(start) as usize * 16).min(samples.len());
    samples.get(at(span.start)..at(span.end)).unwrap_or_default()
}

/// Two segments of the words before `at` and those from it on. What is joined by spaces is the text again.
pub(super) fn split(segment: Segment, at: usize) -> (Segment, Segment) {
    let text = |words: &[Word]| words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    let mut left = segment;
    let words = left.words.split_off(at.min(left.words.len()));
    let right = Segment {
        index: left.index,
        speaker: left.speaker,
        start_ms: words.first().map_or(left.end_ms, |word| word.start_ms),
        end_ms: left.end_ms,
        text: text(&words),
        words,
        suspect: left.suspect,
    };
    left.text = text(&left.words);
    left.end_ms = left.words.last().map_or(left.start_ms, |word| word.end_ms);
    (left, right)
}

#[cfg(test)]
mod tests {
    use note::Speaker;

    use super::*;

    #[test]
    fn the_two_parts_hold_all_words_in_order_with_their_times() {
        let words: Vec<Word> = ["Ça", "va", "mieux", "?", "Oui."]
            .into_iter()
            .zip(0..)
            .map(|(text, n)| Word {
                text: text.into(),
                start_ms: 1_000 + n * 300,
                end_ms: 1_250 + n * 300,
                probability: 0.9,
            })
            .collect();
        let whole = Segment {
            index: 7,
            speaker: Speaker::Unknown,
            start_ms: 1_000,
            end_ms: 2_450,
            text: "Ça va mieux ? Oui.".into(),
            words,
            suspect: true,
        };
        let (left, right) = split(whole.clone(), 4);
        assert_eq!(format!("{} {}", left.text, right.text), whole.text);
        assert_eq!((left.start_ms, left.end_ms), (1_000, 2_150));
        assert_eq!((right.start_ms, right.end_ms), (2_200, 2_450));
        assert!(left.suspect && right.suspect && left.index == right.index);
    }

    #[test]
    fn a_span_beyond_the_samples_is_cut_off() {
        let samples = [0; 1_600];
        assert_eq!(within(&samples, 1_000, 1_050..1_080).len(), 480);
        assert_eq!(within(&samples, 1_000, 1_090..9_000).len(), 160);
        assert!(within(&samples, 1_000, 5_000..6_000).is_empty());
    }
}
