//! Log-mel filter banks as Kaldi computes them, which speaker models were trained on.
//!
//! No Rust crate that is kept up offers Kaldi's conventions (Povey's window, pre-emphasis and removal of the mean per
//! frame, triangles on Kaldi's mel scale); the tests hold values of `kaldi-native-fbank`.

use std::sync::{Arc, LazyLock};

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

/// Bands.
pub(super) const MELS: usize = 80;
const RATE: f32 = 16_000.0;
/// 25 ms and 10 ms.
const LENGTH: usize = 400;
pub(super) const SHIFT: usize = 160;
const FFT: usize = 512;
const LOWEST: f32 = 20.0;
const PREEMPHASIS: f32 = 0.97;

static BANK: LazyLock<Bank> = LazyLock::new(Bank::new);

struct Bank {
    window: Vec<f32>,
    /// Of each band: its first bin and its weights from there on.
    bands: Vec<(usize, Vec<f32>)>,
    fft: Arc<dyn RealToComplex<f32>>,
}

#[expect(clippy::cast_precision_loss, reason = "counts below a thousand")]
impl Bank {
    fn new() -> Self {
        let turn = std::f32::consts::TAU / (LENGTH - 1) as f32;
        let window = (0..LENGTH).map(|n| (0.5 - 0.5 * (turn * n as f32).cos()).powf(0.85)).collect();
        let (low, high) = (mel(LOWEST), mel(RATE / 2.0));
        let step = (high - low) / (MELS + 1) as f32;
        let bands = (0..MELS)
            .map(|band| {
                let left = low + band as f32 * step;
                let (centre, right) = (left + step, left + 2.0 * step);
                let weights = (0..FFT / 2).map(|bin| {
                    let at = mel(bin as f32 * RATE / FFT as f32);
                    let rises = (at - left) / (centre - left);
                    let falls = (right - at) / (right - centre);
                    if at > left && at < right { rises.min(falls) } else { 0.0 }
                });
                let weights: Vec<f32> = weights.collect();
                let first = weights.iter().position(|w| *w > 0.0).unwrap_or(0);
                let last = weights.iter().rposition(|w| *w > 0.0).map_or(first, |at| at + 1);
                (first, weights.get(first..last).unwrap_or_default().to_vec())
            })
            .collect();
        Self { window, bands, fft: RealFftPlanner::new().plan_fft_forward(FFT) }
    }
}

fn mel(hertz: f32) -> f32 {
    1127.0 * (1.0 + hertz / 700.0).ln()
}

/// How many frames so many samples give.
pub(super) const fn frames(samples: usize) -> usize {
    if samples < LENGTH { 0 } else { 1 + (samples - LENGTH) / SHIFT }
}

/// The features of speech at 16 kHz, one row of all frames for each band, the mean of each band taken away: what is
/// the microphone's goes with it.
pub(super) fn features(samples: &[i16]) -> Vec<f32> {
    let bank = &*BANK;
    let count = frames(samples.len());
    let mut all = vec![0.0; MELS * count];
    let mut frame = vec![0.0; FFT];
    let mut spectrum = vec![Complex::default(); FFT / 2 + 1];
    let mut scratch = bank.fft.make_scratch_vec();
    let mut power = vec![0.0; FFT / 2];
    for at in 0..count {
        let said = samples.get(at * SHIFT..at * SHIFT + LENGTH).unwrap_or_default();
        take_in(&mut frame, said, &bank.window);
        // The lengths are the planner's own, so it cannot refuse.
        if bank.fft.process_with_scratch(&mut frame, &mut spectrum, &mut scratch).is_err() {
            continue;
        }
        for (power, bin) in power.iter_mut().zip(&spectrum) {
            *power = bin.norm_sqr();
        }
        for (row, (first, weights)) in all.chunks_exact_mut(count).zip(&bank.bands) {
            let energy: f32 = power.iter().skip(*first).zip(weights).map(|(p, w)| p * w).sum();
            row[at] = energy.max(f32::EPSILON).ln();
        }
    }
    for row in all.chunks_exact_mut(count.max(1)) {
        #[expect(clippy::cast_precision_loss, reason = "frames of some seconds")]
        let mean = row.iter().sum::<f32>() / row.len() as f32;
        row.iter_mut().for_each(|value| *value -= mean);
    }
    all
}

/// Mean away, pre-emphasis, window; zeros up to the length of the transform.
fn take_in(frame: &mut [f32], said: &[i16], window: &[f32]) {
    frame.fill(0.0);
    for (to, from) in frame.iter_mut().zip(said) {
        *to = f32::from(*from) / 32_768.0;
    }
    let mean = frame.iter().take(LENGTH).sum::<f32>() / 400.0;
    frame.iter_mut().take(LENGTH).for_each(|value| *value -= mean);
    for at in (1..LENGTH).rev() {
        frame[at] -= PREEMPHASIS * frame[at - 1];
    }
    frame[0] -= PREEMPHASIS * frame[0];
    for (value, weight) in frame.iter_mut().zip(window) {
        *value *= weight;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speakers::tests::signal;

    /// Of [`signal`], by kaldi-native-fbank 1.23 (80 bands, no dither): a frame, a band, six bands from it on; the same
    /// bands in frame 200.
    const KALDI: [(usize, usize, [f32; 6], [f32; 6]); 2] = [
        (
            0,
            0,
            [-7.0535383, -5.8542347, -3.3935566, -0.6728082, -0.03171412, 0.12444731],
            [-8.659589, -11.69813, -8.880904, -7.896556, -7.253419, -2.530076],
        ),
        (
            100,
            40,
            [-2.6471367, -1.9737589, -2.8578854, -2.2323027, -2.1829703, -2.7168798],
            [-2.691478, -4.549471, -3.58585, -2.656345, -4.451354, -3.249232],
        ),
    ];

    #[test]
    fn the_features_are_kaldis_less_the_mean_of_each_band() {
        let samples = signal();
        let count = frames(samples.len());
        assert_eq!(count, 298);
        let all = features(&samples);
        for (frame, first, one, other) in KALDI {
            for n in 0..6 {
                let row = (first + n) * count;
                let (mine, kaldis) = (all[row + frame] - all[row + 200], one[n] - other[n]);
                assert!((mine - kaldis).abs() < 2e-3, "band {}: {mine} {kaldis}", first + n);
            }
        }
    }

    #[test]
    fn each_band_is_balanced_around_zero_and_too_little_gives_nothing() {
        let all = features(&signal());
        for row in all.chunks_exact(298) {
            assert!(row.iter().sum::<f32>().abs() < 0.05);
        }
        assert!(features(&[1; LENGTH - 1]).is_empty());
        assert_eq!(features(&[0; LENGTH]), vec![0.0; MELS]);
    }
}
