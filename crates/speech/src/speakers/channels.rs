//! Two channels, two microphones: which of them hears a voice louder tells whose it is.

use std::ops::Range;

/// Milliseconds of a value of balance.
pub const BALANCE_MS: u32 = 20;
/// In place of a balance where both channels are silent.
pub const SILENT: i8 = i8::MIN;

/// Decibels between the two people, at least; and how often each of them is louder, at least.
const APART: f32 = 6.0;
const SHARE: f32 = 0.06;
/// Less speech than this says nothing of the microphones: 8 s.
const LEAST: usize = 8_000 / BALANCE_MS as usize;

/// The balance that lies between two people, and its distance from either.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Between {
    middle: f32,
    half: f32,
}

/// Where balances (left over right, in decibels) fall into two heaps. One source in the room heard by two microphones,
/// one microphone on two channels, or music give one heap: then nothing is told by channel.
pub(super) fn between(balance: &[i8]) -> Option<Between> {
    let heard: Vec<f32> = balance.iter().filter(|b| **b != SILENT).map(|b| f32::from(*b)).collect();
    if heard.len() < LEAST {
        return None;
    }
    // Over a fifth of a second: single frames scatter with every consonant.
    let mut heard: Vec<f32> =
        heard.chunks_exact(10).map(|frames| frames.iter().sum::<f32>() / 10.0).collect();
    heard.sort_by(f32::total_cmp);
    // The cut that leaves the least spread within the two heaps.
    let mut cut = heard.get(heard.len() / 2).copied()?;
    let mut low = heard.get(heard.len() / 20).copied()?;
    let mut high = heard.get(heard.len() - 1 - heard.len() / 20).copied()?;
    let mean = |values: &[f32]| {
        #[expect(clippy::cast_precision_loss, reason = "frames of a visit")]
        let count = values.len().max(1) as f32;
        values.iter().sum::<f32>() / count
    };
    let mut heaps = (&heard[..0], &heard[..]);
    for _ in 0..20 {
        cut = f32::midpoint(low, high);
        heaps = heard.split_at(heard.partition_point(|value| *value < cut));
        (low, high) = (mean(heaps.0), mean(heaps.1));
    }
    let spread =
        |values: &[f32], middle: f32| mean(&values.iter().map(|v| (v - middle).abs()).collect::<Vec<_>>());
    let widest = spread(heaps.0, low).max(spread(heaps.1, high));
    #[expect(clippy::cast_precision_loss, reason = "frames of a visit")]
    let least = SHARE * heard.len() as f32;
    #[expect(clippy::cast_precision_loss, reason = "frames of a visit")]
    let both = heaps.0.len() as f32 >= least && heaps.1.len() as f32 >= least;
    // Two heaps stand apart: the gap is several times their spread. Halves of one even heap give four times.
    (both && high - low >= APART && high - low >= 5.0 * widest)
        .then_some(Between { middle: cut, half: (high - low) / 2.0 })
}

impl Between {
    /// From -1 (the right one's person) to 1 (the left one's), 0 where nothing is heard.
    pub fn side(self, balance: &[i8]) -> f32 {
        let heard = balance.iter().filter(|b| **b != SILENT);
        let sides: Vec<f32> =
            heard.map(|b| ((f32::from(*b) - self.middle) / self.half).clamp(-1.0, 1.0)).collect();
        #[expect(clippy::cast_precision_loss, reason = "frames of a sentence")]
        let count = sides.len().max(1) as f32;
        sides.iter().sum::<f32>() / count
    }
}

/// The values of a span of time.
pub(super) fn within(balance: &[i8], span: Range<u32>) -> &[i8] {
    let at = |ms: u32| ((ms / BALANCE_MS) as usize).min(balance.len());
    balance.get(at(span.start)..at(span.end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise around values, the same each time.
    fn balances(parts: &[(i8, usize)], noise: i8) -> Vec<i8> {
        let mut state = 7_u32;
        let mut jitter = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            i8::try_from((state >> 16) % (u32::from(noise.unsigned_abs()) + 1)).unwrap()
        };
        parts
            .iter()
            .flat_map(|(value, count)| std::iter::repeat_n(*value, *count))
            .map(|v| v + jitter())
            .collect()
    }

    #[test]
    fn two_microphones_on_two_people_are_told_from_one_on_both_channels() {
        let two = balances(&[(-9, 300), (8, 200), (-9, 100), (8, 400)], 2);
        let found = between(&two).unwrap();
        assert!(found.side(&two[..300]) < -0.8 && found.side(&two[300..500]) > 0.8);
        assert_eq!(between(&balances(&[(0, 900)], 2)), None);
        assert_eq!(between(&balances(&[(3, 900)], 12)), None);
        assert_eq!(between(&balances(&[(-9, 30), (9, 30)], 2)), None, "too little was heard");
        assert_eq!(between(&[SILENT; 2_000]), None);
    }

    #[test]
    fn one_who_hardly_speaks_is_no_second_person() {
        assert_eq!(between(&balances(&[(-9, 980), (9, 20)], 2)), None);
    }
}
