//! Where people speak: a probability per frame, and regions of speech from it.

use std::ops::Range;

use earshot::Detector;

/// Samples in a frame: 16 ms.
pub(crate) const FRAME: usize = 256;
pub(crate) const FRAME_MS: u32 = 16;

/// Frames in so many milliseconds, rounded down.
pub(crate) const fn frames(ms: u32) -> usize {
    (ms / FRAME_MS) as usize
}

/// Speech begins above `ON` and goes on until the probability stays below `OFF`: one threshold alone would cut words
/// at every weak syllable.
const ON: f32 = 0.5;
const OFF: f32 = 0.35;
/// A shorter silence is within a word (the closure of a "p", a breath).
const SILENCE: usize = frames(200);
/// A shorter sound is a click or a cough, no word.
const SPEECH: usize = frames(96);

/// The voice-activity detector of one stream.
pub(crate) struct Ear {
    detector: Box<Detector>,
    rest: Vec<i16>,
}

impl Ear {
    pub fn new() -> Self {
        Self { detector: Box::default(), rest: Vec::with_capacity(FRAME) }
    }

    /// Takes samples in blocks of any length; gives whole frames and the probability of speech in each.
    pub fn hear(&mut self, mut samples: &[i16], mut on_frame: impl FnMut(&[i16], f32)) {
        if !self.rest.is_empty() {
            let wanted = (FRAME - self.rest.len()).min(samples.len());
            let (first, others) = samples.split_at(wanted);
            self.rest.extend_from_slice(first);
            samples = others;
            if self.rest.len() < FRAME {
                return;
            }
            on_frame(&self.rest, self.detector.predict_i16(&self.rest));
            self.rest.clear();
        }
        let whole = samples.chunks_exact(FRAME);
        self.rest.extend_from_slice(whole.remainder());
        for frame in whole {
            on_frame(frame, self.detector.predict_i16(frame));
        }
    }

    /// The last frame, filled up with silence.
    pub fn end(&mut self, mut on_frame: impl FnMut(&[i16], f32)) {
        if !self.rest.is_empty() {
            self.rest.resize(FRAME, 0);
            on_frame(&self.rest, self.detector.predict_i16(&self.rest));
            self.rest.clear();
        }
    }
}

/// The stretches of speech within `probabilities`, in frames, without padding, in order, apart from one another by at
/// least 200 ms. A stretch that reaches the end is given as far as it goes. `speaking` says that somebody was speaking
/// just before.
pub(crate) fn regions(probabilities: &[f32], speaking: bool) -> Vec<Range<usize>> {
    let mut regions = Vec::new();
    let mut current: Option<Range<usize>> = speaking.then_some(0..0);
    let mut voiced = if speaking { SPEECH } else { 0 };
    for (at, &probability) in probabilities.iter().enumerate() {
        match &mut current {
            None if probability >= ON => {
                current = Some(at..at + 1);
                voiced = 1;
            }
            Some(region) if probability >= OFF => {
                region.end = at + 1;
                voiced += usize::from(probability >= ON);
            }
            Some(region) if at - region.end >= SILENCE => {
                if voiced >= SPEECH && region.start < region.end {
                    regions.push(region.clone());
                }
                current = None;
            }
            _ => {}
        }
    }
    // One that began just now may become speech yet, so the shortest length does not apply to it.
    regions.extend(current.filter(|region| {
        region.start < region.end && (voiced >= SPEECH || region.end == probabilities.len())
    }));
    regions
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stream(parts: &[(f32, u32)]) -> Vec<f32> {
        parts.iter().flat_map(|&(p, ms)| std::iter::repeat_n(p, frames(ms))).collect()
    }

    #[test]
    fn a_click_is_no_speech() {
        assert_eq!(regions(&stream(&[(0.0, 480), (0.9, 48), (0.0, 480)]), false), []);
    }

    #[test]
    fn a_weak_syllable_does_not_cut_a_word() {
        let weak = stream(&[(0.0, 320), (0.9, 320), (0.4, 640), (0.9, 320), (0.0, 640)]);
        assert_eq!(regions(&weak, false), vec![20..100]);
    }

    #[test]
    fn a_short_gap_is_bridged_and_a_long_one_splits() {
        let gap = |ms| stream(&[(0.9, 320), (0.0, ms), (0.9, 320), (0.0, 640)]);
        assert_eq!(regions(&gap(160), false).len(), 1);
        assert_eq!(regions(&gap(320), false).len(), 2);
    }

    #[test]
    fn digital_silence_has_no_voice() {
        let mut ear = Ear::new();
        let mut heard = Vec::new();
        ear.hear(&vec![0; 16_000 * 5], |_, p| heard.push(p));
        assert_eq!(regions(&heard, false), []);
    }

    proptest! {
        #[test]
        fn regions_are_ordered_apart_and_within_the_stream(p in proptest::collection::vec(0.0..1.0_f32, 0..600)) {
            let found = regions(&p, false);
            prop_assert!(found.iter().all(|r| r.start < r.end && r.end <= p.len()));
            prop_assert!(found.windows(2).all(|w| w[1].start - w[0].end >= SILENCE));
        }

        #[test]
        fn the_size_of_the_blocks_does_not_matter(cuts in proptest::collection::vec(1_usize..700, 1..20)) {
            let samples: Vec<i16> = (0..8_000_i32).map(|n| i16::try_from((n * 7919) % 4001 - 2000).unwrap()).collect();
            let mut whole = (Vec::new(), Vec::new());
            let mut ear = Ear::new();
            ear.hear(&samples, |s, p| { whole.0.extend_from_slice(s); whole.1.push(p); });
            ear.end(|s, p| { whole.0.extend_from_slice(s); whole.1.push(p); });
            let mut cut = (Vec::new(), Vec::new());
            let mut ear = Ear::new();
            let mut rest = &samples[..];
            for size in cuts.iter().cycle() {
                let (block, others) = rest.split_at((*size).min(rest.len()));
                ear.hear(block, |s, p| { cut.0.extend_from_slice(s); cut.1.push(p); });
                rest = others;
                if rest.is_empty() { break; }
            }
            ear.end(|s, p| { cut.0.extend_from_slice(s); cut.1.push(p); });
            prop_assert_eq!(&whole.0[..samples.len()], &samples[..]);
            prop_assert_eq!(whole, cut);
        }
    }
}
