//! Which tokens may come next, by the rules with which Whisper was trained: times stand in pairs around text and rise.

use std::ops::Range;

use super::kernels::{largest, sum_of_powers};
use super::vocabulary::Vocabulary;

/// The first time is at most one second.
const FIRST: usize = 50;

/// What may come next, among the heard tokens.
pub(crate) struct Allowed {
    pub ranges: Vec<Range<usize>>,
    /// Logarithm of the sum over all of them: a score less this is the logarithm of a probability.
    pub log_sum: f32,
}

/// `scores` holds one number for each heard token.
pub(crate) fn allowed(vocabulary: &Vocabulary, before: &[(u32, f32)], scores: &[f32]) -> Allowed {
    let texts = 0..vocabulary.texts;
    let end = vocabulary.end_at();
    let times = vocabulary.times_at();
    let time_of = |token: u32| token.checked_sub(vocabulary.first_time).map(|step| step as usize);
    let last = before.last().map(|(token, _)| time_of(*token));
    // A time that opens a passage of text; two in a row close one and open the next.
    let after_time = matches!(last, Some(Some(_)));
    let opened = after_time && before.len().checked_sub(2).is_none_or(|at| time_of(before[at].0).is_some());
    let latest = before.iter().rev().find_map(|(token, _)| time_of(*token));

    let (text, ending, time) = match (before.is_empty(), after_time, opened) {
        (true, ..) => (0..0, None, times.start..times.start + FIRST + 1),
        (_, true, true) => (texts, Some(end), times.start..times.start),
        // Text that was closed: the next passage begins where it ended or later, or there is none.
        (_, true, false) => (0..0, Some(end), times.start + latest.unwrap_or(0)..times.end),
        (_, false, _) => {
            let from = latest.map_or(0, |at| at + 1);
            (texts, Some(end), times.start + from.min(times.len())..times.end)
        }
    };

    let log_sum = |range: &Range<usize>| {
        let row = &scores[range.clone()];
        let most = largest(row);
        if row.is_empty() || most == f32::NEG_INFINITY {
            return f32::NEG_INFINITY;
        }
        most + sum_of_powers(row, most).ln()
    };
    let time_sum = log_sum(&time);
    let text_most = largest(&scores[text.clone()]).max(ending.map_or(f32::NEG_INFINITY, |at| scores[at]));
    if time_sum > text_most {
        return Allowed { ranges: vec![time], log_sum: time_sum };
    }
    let mut ranges = vec![text];
    ranges.extend(ending.map(|at| at..at + 1));
    ranges.push(time);
    let sums: Vec<f32> = ranges.iter().map(log_sum).collect();
    let most = sums.iter().fold(f32::NEG_INFINITY, |m, x| m.max(*x));
    let log_sum = most + sums.iter().map(|s| (s - most).exp()).sum::<f32>().ln();
    Allowed { ranges, log_sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let mut pieces: Vec<Vec<u8>> = vec![b" ".to_vec(), b" oui".to_vec()];
        pieces.resize(50_257, "mot".into());
        Vocabulary::new(51_865, pieces)
    }

    fn kinds(v: &Vocabulary, before: &[u32], scores: &[f32]) -> (bool, bool, Range<usize>) {
        let before: Vec<(u32, f32)> = before.iter().map(|t| (*t, 0.0)).collect();
        let found = allowed(v, &before, scores);
        let has = |at: usize| found.ranges.iter().any(|r| r.contains(&at));
        let times: Vec<usize> =
            v.times_at().filter(|at| has(*at)).map(|at| at - v.times_at().start).collect();
        let span = times.first().map_or(0..0, |first| *first..times.last().unwrap() + 1);
        (has(1), has(v.end_at()), span)
    }

    #[test]
    fn times_stand_in_pairs_and_rise() {
        let v = vocabulary();
        let t = |step: u32| v.first_time + step;
        let even = || {
            let mut scores = vec![0.0; v.heard.len()];
            // A word and the end are each likelier than all times together.
            scores[1] = 20.0;
            scores[v.end_at()] = 20.0;
            scores
        };
        assert_eq!(kinds(&v, &[], &even()), (false, false, 0..51));
        assert_eq!(kinds(&v, &[t(5)], &even()), (true, true, 0..0));
        assert_eq!(kinds(&v, &[t(5), 1], &even()), (true, true, 6..1501));
        assert_eq!(kinds(&v, &[t(5), 1, t(90)], &even()), (false, true, 90..1501));
        assert_eq!(kinds(&v, &[t(5), 1, t(90), t(95)], &even()), (true, true, 0..0));
        assert_eq!(kinds(&v, &[t(5), 1, t(1500)], &even()), (false, true, 1500..1501));
    }

    #[test]
    fn times_that_together_are_likelier_than_any_word_win() {
        let v = vocabulary();
        let mut scores = vec![0.0; v.heard.len()];
        scores[1] = 3.0;
        let (text, end, times) = kinds(&v, &[v.first_time, 1], &scores);
        assert!(!text && !end && times == (1..1501));
    }

    #[test]
    fn probabilities_of_what_is_allowed_sum_up_to_one() {
        let v = vocabulary();
        let mut scores: Vec<f32> = (0..v.heard.len()).map(|n| ((n * 31 % 17) as f32) / 4.0).collect();
        scores[1] = 30.0;
        let found = allowed(&v, &[(v.first_time, 0.0), (1, 0.0)], &scores);
        let sum: f32 = found.ranges.into_iter().flatten().map(|at| (scores[at] - found.log_sum).exp()).sum();
        assert!((sum - 1.0).abs() < 1e-3, "{sum}");
    }
}
