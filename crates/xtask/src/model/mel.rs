//! The mel filter bank that Whisper was trained with: Slaney's scale, each triangle of unit area.

/// Sampling rate of the audio, in hertz.
const RATE: f64 = 16_000.0;
/// Window of the Fourier transform, in samples.
const WINDOW: usize = 400;
/// Bins of the transform: 0 Hz to half the rate.
pub const BINS: usize = WINDOW / 2 + 1;

/// Slaney's scale is linear below 1 kHz (200/3 Hz per mel)…
const HERTZ_PER_MEL: f64 = 200.0 / 3.0;
const BREAK_HERTZ: f64 = 1_000.0;
/// …and logarithmic above, with 27 mels from 1 kHz to 6.4 kHz.
const LOG_SPAN: f64 = 6.4;
const LOG_STEPS: f64 = 27.0;

/// `bands` rows of [`BINS`] weights.
///
/// Computed in `f64` and rounded to `f32` at the same points as librosa does, so that the values are the
/// published ones bit for bit.
pub fn filters(bands: usize) -> Vec<f32> {
    let break_mel = BREAK_HERTZ / HERTZ_PER_MEL;
    let log_step = LOG_SPAN.ln() / LOG_STEPS;
    let highest = break_mel + (RATE / 2.0 / BREAK_HERTZ).ln() / log_step;
    let to_hertz = |mel: f64| {
        if mel < break_mel { HERTZ_PER_MEL * mel } else { BREAK_HERTZ * (log_step * (mel - break_mel)).exp() }
    };
    let step = highest / (bands + 1) as f64;
    let mut edges: Vec<f64> = (0..bands + 1).map(|i| to_hertz(i as f64 * step)).collect();
    edges.push(to_hertz(highest));

    let bin_width = 1.0 / (WINDOW as f64 * (1.0 / RATE));
    let mut weights = Vec::with_capacity(bands * BINS);
    for edge in edges.windows(3) {
        let area = 2.0 / (edge[2] - edge[0]);
        for bin in 0..BINS {
            let frequency = bin as f64 * bin_width;
            let rising = -(edge[0] - frequency) / (edge[1] - edge[0]);
            let falling = (edge[2] - frequency) / (edge[2] - edge[1]);
            let height = rising.min(falling);
            // Not `max(0.0)`, which may keep the negative zero at 0 Hz: the published bank has a positive one.
            let height = if height > 0.0 { height as f32 } else { 0.0 };
            weights.push((f64::from(height) * area) as f32);
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_row_per_band_and_no_negative_weight() {
        let weights = filters(80);
        assert_eq!(weights.len(), 80 * 201);
        assert!(weights.iter().all(|weight| (0.0..0.03).contains(weight)));
    }

    #[test]
    fn each_band_rises_to_one_peak_and_falls_after_the_band_before_it() {
        let weights = filters(80);
        let peaks: Vec<usize> = weights
            .chunks(BINS)
            .map(|row| (0..BINS).max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap())
            .collect();
        assert!(peaks.windows(2).all(|pair| pair[0] <= pair[1]), "{peaks:?}");
        assert_eq!((peaks[0], peaks[79]), (1, 192));
    }

    #[test]
    fn known_weights_of_the_published_bank_are_found_bit_for_bit() {
        let weights = filters(80);
        assert_eq!(weights[0].to_bits(), 0.0_f32.to_bits());
        assert_eq!(weights[1].to_bits(), 0x3ccb_aca4);
        assert_eq!(weights[79 * BINS + 192].to_bits(), 0x3b4f_670e);
    }
}
