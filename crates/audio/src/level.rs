//! The level meter: peak and mean power of what the microphone hears.

/// Levels per second.
const PER_SECOND: u32 = 15;

/// Collects mono samples and gives one reading per fifteenth of a second.
pub(crate) struct Meter {
    window: usize,
    seen: usize,
    peak: f32,
    power: f64,
}

/// One reading; both are linear, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reading {
    pub peak: f32,
    pub rms: f32,
}

impl Meter {
    pub fn new(rate: u32) -> Meter {
        Meter { window: (rate / PER_SECOND).max(1) as usize, seen: 0, peak: 0.0, power: 0.0 }
    }

    /// Take samples; `on` gets each reading that is complete.
    pub fn push(&mut self, samples: &[f32], mut on: impl FnMut(Reading)) {
        for &sample in samples {
            let magnitude = if sample.is_finite() { sample.abs().min(1.0) } else { 0.0 };
            self.peak = self.peak.max(magnitude);
            self.power += f64::from(magnitude * magnitude);
            self.seen += 1;
            if self.seen == self.window {
                on(Reading { peak: self.peak, rms: (self.power / self.seen as f64).sqrt() as f32 });
                (self.seen, self.peak, self.power) = (0, 0.0, 0.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_second_gives_fifteen_readings_of_the_right_size() {
        let mut meter = Meter::new(48_000);
        let tone: Vec<f32> =
            (0..48_000).map(|i| 0.5 * (i as f32 * 440.0 * std::f32::consts::TAU / 48_000.0).sin()).collect();
        let mut readings = Vec::new();
        for part in tone.chunks(777) {
            meter.push(part, |r| readings.push(r));
        }
        assert_eq!(readings.len(), 15);
        for r in readings {
            assert!((r.peak - 0.5).abs() < 0.01, "{r:?}");
            assert!((r.rms - 0.3536).abs() < 0.01, "{r:?}");
        }
    }

    #[test]
    fn readings_stay_between_zero_and_one_whatever_comes_in() {
        let mut meter = Meter::new(30);
        let mut readings = Vec::new();
        meter.push(&[9.0, -9.0, f32::NAN, f32::INFINITY], |r| readings.push(r));
        assert_eq!(readings.len(), 2);
        assert!(readings.iter().all(|r| (0.0..=1.0).contains(&r.peak) && (0.0..=1.0).contains(&r.rms)));
    }
}
