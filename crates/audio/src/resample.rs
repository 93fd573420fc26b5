//! Mono at any rate to mono at another, as a stream: in step with the input and exactly as long.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler as _, WindowFunction};

/// Rates accepted, in Hz. Outside of it a header is nonsense.
pub(crate) const RATES: std::ops::RangeInclusive<u32> = 1_000..=768_000;

/// About how much is transformed at once. Half of it is the delay; the shorter, the softer the filter.
const BLOCK_MS: usize = 20;

/// A streaming resampler. The filter's delay is taken out, so that sample `n` of the output is the sound at `n / to`
/// seconds of the input, and after [`Resampler::finish`] the output is `round(input * to / from)` samples long.
pub(crate) struct Resampler {
    from: u32,
    to: u32,
    /// None where the rates are the same: samples pass untouched.
    fft: Option<Fft<f32>>,
    pending: Vec<f32>,
    block: Vec<f32>,
    /// Samples of filter delay still to be left out.
    to_skip: usize,
    taken: u64,
    given: u64,
}

impl Resampler {
    /// `from` must be within [`RATES`]; the error is a sentence fit for an error message.
    pub fn new(from: u32, to: u32) -> Result<Resampler, String> {
        if !RATES.contains(&from) || !RATES.contains(&to) {
            return Err(format!("a sampling rate of {from} Hz"));
        }
        let fft = if from == to {
            None
        } else {
            let (from, to) = (from as usize, to as usize);
            let window = WindowFunction::BlackmanHarris2;
            let fft = Fft::new_custom(from, to, block_for(from, to), 1, 1, window, FixedSync::Both)
                .map_err(|e| format!("a sampling rate of {from} Hz ({e})"))?;
            Some(fft)
        };
        let to_skip = fft.as_ref().map_or(0, |f| f.output_delay());
        let block = vec![0.0; fft.as_ref().map_or(0, |f| f.output_frames_max())];
        Ok(Resampler { from, to, fft, pending: Vec::new(), block, to_skip, taken: 0, given: 0 })
    }

    /// Take input; what is ready is appended to `out`.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        self.taken += samples.len() as u64;
        // One NaN would spoil a whole block of the transform.
        let clean = samples.iter().map(|&s| if s.is_finite() { s } else { 0.0 });
        if self.fft.is_none() {
            out.extend(clean);
            self.given = self.taken;
            return;
        }
        self.pending.extend(clean);
        let mut done = 0;
        while let Some(used) = self.run_block(done, out) {
            done += used;
        }
        self.pending.drain(..done);
    }

    /// The input has ended: the rest is appended to `out`, and the resampler starts afresh.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        let due = (self.taken * u64::from(self.to) + u64::from(self.from) / 2) / u64::from(self.from);
        if let Some(needed) = self.fft.as_ref().map(|f| f.input_frames_next()) {
            while self.given < due {
                let before = self.pending.len();
                self.pending.resize(needed.max(before), 0.0);
                let start = out.len();
                if self.run_block(0, out).is_none() {
                    break;
                }
                self.pending.clear();
                // Nothing after the end of the input.
                let excess = self.given.saturating_sub(due) as usize;
                out.truncate(out.len().saturating_sub(excess).max(start));
                self.given = self.given.min(due);
            }
        }
        self.reset();
    }

    fn reset(&mut self) {
        self.pending.clear();
        (self.taken, self.given) = (0, 0);
        if let Some(fft) = &mut self.fft {
            fft.reset();
            self.to_skip = fft.output_delay();
        }
    }

    /// Transform one block of `pending` from `start`; how many samples were used, or None if there are too few.
    fn run_block(&mut self, start: usize, out: &mut Vec<f32>) -> Option<usize> {
        let fft = self.fft.as_mut()?;
        let needed = fft.input_frames_next();
        let input = self.pending.get(start..start + needed)?;
        let frames = self.block.len();
        let input = InterleavedSlice::new(input, 1, needed).ok()?;
        let mut output = InterleavedSlice::new_mut(&mut self.block, 1, frames).ok()?;
        let (used, made) = fft.process_into_buffer(&input, &mut output, Some(&Indexing::new())).ok()?;
        let skip = self.to_skip.min(made);
        self.to_skip -= skip;
        out.extend_from_slice(&self.block[skip..made]);
        self.given += (made - skip) as u64;
        Some(used)
    }
}

/// Input frames per block, about [`BLOCK_MS`]. An even number of the smallest possible blocks: the middle of an odd
/// filter lies between two samples and would shift the sound by half of one.
fn block_for(from: usize, to: usize) -> usize {
    let (mut divisor, mut rest) = (from, to);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    let unit = from / divisor;
    (from * BLOCK_MS / 1000).max(256).div_ceil(unit).next_multiple_of(2) * unit
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A voice-like sound: gliding tones under 3 kHz with a slow envelope, the same at every rate.
    fn sound(rate: u32, frames: usize) -> Vec<f32> {
        (0..frames)
            .map(|i| {
                let t = i as f64 / f64::from(rate);
                let envelope = 0.6 + 0.4 * (t * 3.0).sin();
                let tones = (t * (150.0 + 40.0 * (t * 1.7).sin()) * std::f64::consts::TAU).sin()
                    + 0.5 * (t * 730.0 * std::f64::consts::TAU).sin()
                    + 0.25 * (t * 2_900.0 * std::f64::consts::TAU).sin();
                (0.4 * envelope * tones) as f32
            })
            .collect()
    }

    fn run(from: u32, to: u32, input: &[f32], step: usize) -> Vec<f32> {
        let mut resampler = Resampler::new(from, to).unwrap();
        let mut out = Vec::new();
        for part in input.chunks(step) {
            resampler.push(part, &mut out);
        }
        resampler.finish(&mut out);
        out
    }

    fn correlation(a: &[f32], b: &[f32]) -> f64 {
        let dot = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(x, y)| f64::from(x * y)).sum::<f64>();
        dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
    }

    #[test]
    fn every_common_rate_keeps_duration_and_waveform_in_place() {
        for rate in [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000] {
            let frames = rate as usize * 3 / 2 + 7;
            let out = run(rate, 16_000, &sound(rate, frames), 441);
            let due = (frames as f64 * 16_000.0 / f64::from(rate)).round() as usize;
            assert_eq!(out.len(), due, "{rate} Hz");
            // No shift is searched for: the delay must be gone.
            let wanted = sound(16_000, due);
            let same = correlation(&out, &wanted);
            assert!(same > 0.999, "{rate} Hz: correlation {same}");
        }
    }

    #[test]
    fn the_same_rate_passes_untouched() {
        let input = sound(16_000, 5_000);
        assert_eq!(run(16_000, 16_000, &input, 33), input);
    }

    #[test]
    fn sound_above_the_new_range_does_not_fold_back_into_it() {
        let tone: Vec<f32> =
            (0..48_000).map(|i| (i as f32 * 11_000.0 * std::f32::consts::TAU / 48_000.0).sin()).collect();
        let out = run(48_000, 16_000, &tone, 480);
        let rms = (out[800..15_000].iter().map(|s| s * s).sum::<f32>() / 14_200.0).sqrt();
        assert!(rms < 0.001, "rms {rms}");
    }

    #[test]
    fn after_the_end_it_starts_afresh() {
        let input = sound(48_000, 30_000);
        let mut resampler = Resampler::new(48_000, 16_000).unwrap();
        let (mut first, mut second) = (Vec::new(), Vec::new());
        resampler.push(&input, &mut first);
        resampler.finish(&mut first);
        resampler.push(&input, &mut second);
        resampler.finish(&mut second);
        assert_eq!(first, second);
    }

    #[test]
    fn absurd_rates_are_refused() {
        assert!(Resampler::new(0, 16_000).is_err());
        assert!(Resampler::new(999, 16_000).is_err());
        assert!(Resampler::new(4_000_000_000, 16_000).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn any_rate_cut_anywhere_gives_the_exact_length_and_finite_samples(
            rate in 1_000u32..200_000,
            frames in 0usize..20_000,
            step in 1usize..9_000,
        ) {
            let mut input = sound(rate, frames);
            if let Some(sample) = input.get_mut(frames / 2) {
                *sample = f32::NAN;
            }
            let out = run(rate, 16_000, &input, step);
            let due = (frames as u64 * 16_000 + u64::from(rate) / 2) / u64::from(rate);
            prop_assert_eq!(out.len() as u64, due);
            prop_assert!(out.iter().all(|s| s.is_finite()));
        }
    }
}
