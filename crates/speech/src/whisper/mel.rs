//! Sound to a picture of it: how loud each band of frequencies is, a hundred times a second.

use std::sync::Arc;

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

/// Samples of a spectrum, and between two of them.
const SPECTRUM: usize = 400;
pub(crate) const HOP: usize = 160;
/// Frequencies of a spectrum of real numbers.
pub(crate) const FREQUENCIES: usize = SPECTRUM / 2 + 1;

/// Makes pictures.
pub(crate) struct Mel {
    bands: usize,
    filters: Vec<f32>,
    transform: Arc<dyn Fft<f32>>,
    fade: Vec<f32>,
}

impl Mel {
    /// `filters` holds, for each band, the weights of all frequencies.
    pub fn new(bands: usize, filters: Vec<f32>) -> Self {
        let fade = |at: usize| {
            let turn = std::f64::consts::TAU * at as f64 / SPECTRUM as f64;
            (0.5 - 0.5 * turn.cos()) as f32
        };
        Self {
            bands,
            filters,
            transform: FftPlanner::new().plan_fft_forward(SPECTRUM),
            fade: (0..SPECTRUM).map(fade).collect(),
        }
    }

    pub fn bands(&self) -> usize {
        self.bands
    }

    /// `frames` rows of [`Mel::bands`] numbers; silence follows where the samples end.
    pub fn picture(&self, samples: &[f32], frames: usize) -> Vec<f32> {
        let mut picture = vec![0.0; frames * self.bands];
        let mut wave = vec![Complex::default(); SPECTRUM];
        let mut room = vec![Complex::default(); self.transform.get_inplace_scratch_len()];
        let mut power = [0.0; FREQUENCIES];
        let mut most = f32::NEG_INFINITY;
        for (frame, row) in picture.chunks_exact_mut(self.bands).enumerate() {
            for ((at, value), fade) in wave.iter_mut().enumerate().zip(&self.fade) {
                // A spectrum is centred on its time; before the beginning, the sound is mirrored.
                let place = (frame * HOP + at).abs_diff(SPECTRUM / 2);
                *value = Complex::new(samples.get(place).copied().unwrap_or(0.0) * fade, 0.0);
            }
            self.transform.process_with_scratch(&mut wave, &mut room);
            for (power, value) in power.iter_mut().zip(&wave) {
                *power = value.norm_sqr();
            }
            for (value, filter) in row.iter_mut().zip(self.filters.chunks_exact(FREQUENCIES)) {
                let sum: f32 = filter.iter().zip(&power).filter(|(w, _)| **w > 0.0).map(|(w, p)| w * p).sum();
                *value = sum.max(1e-10).log10();
                most = most.max(*value);
            }
        }
        // What is far below the loudest is all the same.
        for value in &mut picture {
            *value = (value.max(most - 8.0) + 4.0) / 4.0;
        }
        picture
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::cast_precision_loss)]
    fn a_tone_stands_in_its_band_and_silence_in_none() {
        // Two bands: below and above 4 kHz.
        let mut filters = vec![0.0; 2 * FREQUENCIES];
        filters[..100].fill(0.01);
        filters[FREQUENCIES + 100..].fill(0.01);
        let mel = Mel::new(2, filters);
        let tone = |hertz: f32| -> Vec<f32> {
            (0..16_000).map(|n| (n as f32 / 16_000.0 * hertz * std::f32::consts::TAU).sin()).collect()
        };
        let low = mel.picture(&tone(1_000.0), 120);
        assert!(low[50 * 2] > low[50 * 2 + 1] + 0.5);
        // After the samples, silence: as low as it goes.
        assert!(low[110 * 2] < low[50 * 2] - 1.9);
        let high = mel.picture(&tone(6_000.0), 100);
        assert!(high[50 * 2 + 1] > high[50 * 2] + 0.5);
        assert!(mel.picture(&[0.0; 1_600], 10).iter().all(|v| (v + 1.5).abs() < 1e-6));
    }
}
