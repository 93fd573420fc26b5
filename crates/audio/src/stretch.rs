//! Slower and faster at unchanged pitch: WSOLA, which suits a single voice.

use std::num::{NonZeroU16, NonZeroU32};

use wsola::TimeStretch;

use crate::SAMPLE_RATE;

/// Silence put behind the clip, so that its last syllable fills whole frames of the stretcher: 60 ms.
const TAIL: usize = SAMPLE_RATE as usize * 60 / 1000;

/// Changes the tempo of 16 kHz mono, as a stream. A speed of 1 passes samples untouched.
pub(crate) struct Stretch {
    engine: Option<TimeStretch>,
    buffer: Vec<f32>,
}

impl Stretch {
    /// `speed` is the tempo: 2 plays twice as fast.
    pub fn new(speed: f32) -> Stretch {
        let engine = NonZeroU32::new(SAMPLE_RATE)
            .zip(NonZeroU16::new(1))
            .filter(|_| (speed - 1.0).abs() > 0.001)
            .and_then(|(rate, mono)| TimeStretch::new(rate, mono).ok())
            .map(|mut engine| {
                engine.set_tempo(speed);
                engine
            });
        let buffer = vec![0.0; engine.as_ref().map_or(0, |e| e.min_output_buff_size() * 8)];
        Stretch { engine, buffer }
    }

    /// Take samples; what is ready is appended to `out`.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        match &mut self.engine {
            None => out.extend_from_slice(samples),
            Some(engine) => engine.push(samples),
        }
        self.pull(out);
    }

    /// The clip has ended: the rest is appended to `out`.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        self.push(&[0.0; TAIL], out);
        if let Some(engine) = &mut self.engine {
            engine.set_draining();
        }
        self.pull(out);
    }

    fn pull(&mut self, out: &mut Vec<f32>) {
        let Some(engine) = &mut self.engine else { return };
        while let Ok(written) = engine.pull(&mut self.buffer) {
            out.extend_from_slice(&self.buffer[..written]);
            if written < self.buffer.len() {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hz: f32, seconds: f32) -> Vec<f32> {
        let rate = SAMPLE_RATE as f32;
        (0..(seconds * rate) as usize)
            .map(|i| 0.5 * (i as f32 * hz * std::f32::consts::TAU / rate).sin())
            .collect()
    }

    fn stretched(input: &[f32], speed: f32) -> Vec<f32> {
        let mut stretch = Stretch::new(speed);
        let mut out = Vec::new();
        for part in input.chunks(1_600) {
            stretch.push(part, &mut out);
        }
        stretch.finish(&mut out);
        out
    }

    /// Pitch of a tone in Hz, from its upward zero crossings.
    fn pitch(samples: &[f32]) -> f32 {
        let crossings = samples.windows(2).filter(|w| w[0] < 0.0 && w[1] >= 0.0).count();
        crossings as f32 * SAMPLE_RATE as f32 / samples.len() as f32
    }

    #[test]
    fn the_tempo_changes_and_the_pitch_does_not() {
        let input = tone(220.0, 4.0);
        for speed in [0.75, 0.9, 1.25, 1.5, 2.0] {
            let out = stretched(&input, speed);
            let wanted = input.len() as f32 / speed;
            assert!((out.len() as f32 - wanted).abs() < 1_600.0, "{speed}: {} for {wanted}", out.len());
            let heard = pitch(&out[1_600..out.len() - 3_200]);
            assert!((heard - 220.0).abs() < 5.0, "{speed}: {heard} Hz");
        }
    }

    #[test]
    fn the_ordinary_speed_passes_untouched() {
        let input = tone(300.0, 0.5);
        assert_eq!(stretched(&input, 1.0)[..input.len()], input);
    }

    #[test]
    fn a_clip_of_a_few_samples_is_not_a_problem() {
        for length in [0, 1, 15, 200, 600] {
            let out = stretched(&vec![0.25; length], 1.5);
            assert!(out.len() < 2_400);
        }
    }
}
