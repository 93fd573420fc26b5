//! Which of two channels is louder, a fiftieth of a second at a time: all that is kept of a second channel.

/// Milliseconds of a value of balance.
pub const BALANCE_MS: u32 = 20;
/// In place of a balance where both channels are silent.
pub const BALANCE_SILENT: i8 = i8::MIN;

/// Below this mean square (-50 dBFS) a channel is silent.
const SILENCE: f32 = 1e-5;
/// Decibels beyond which one channel is simply the other's absence.
const MOST: f32 = 60.0;

/// Sums up interleaved frames of two channels.
#[derive(Debug)]
pub(crate) struct Balance {
    rate: u32,
    /// Frames taken in, and values given.
    frames: u64,
    values: u64,
    left: f32,
    right: f32,
    count: f32,
    ready: Vec<i8>,
}

impl Balance {
    pub fn new(rate: u32) -> Self {
        Self { rate: rate.max(1), frames: 0, values: 0, left: 0.0, right: 0.0, count: 0.0, ready: Vec::new() }
    }

    /// Takes interleaved samples; anything but two channels is no balance, and gives none.
    pub fn push(&mut self, interleaved: &[f32], channels: usize) {
        if channels != 2 {
            return;
        }
        let (frames, _) = interleaved.as_chunks::<2>();
        for [left, right] in frames {
            self.left += left * left;
            self.right += right * right;
            self.count += 1.0;
            self.frames += 1;
            if self.frames * 1000 >= (self.values + 1) * u64::from(BALANCE_MS) * u64::from(self.rate) {
                self.close();
            }
        }
    }

    /// Silence of so many frames.
    pub fn skip(&mut self, frames: u64) {
        self.frames += frames;
        while self.frames * 1000 >= (self.values + 1) * u64::from(BALANCE_MS) * u64::from(self.rate) {
            self.close();
        }
    }

    /// How many values wait to be taken.
    pub fn pending(&self) -> usize {
        self.ready.len()
    }

    /// The values since the last call.
    pub fn take(&mut self) -> Vec<i8> {
        std::mem::take(&mut self.ready)
    }

    fn close(&mut self) {
        let (left, right) = (self.left / self.count.max(1.0), self.right / self.count.max(1.0));
        let value = if left.max(right) < SILENCE {
            BALANCE_SILENT
        } else {
            let decibels = 10.0 * ((left + 1e-12) / (right + 1e-12)).log10();
            // Within -60 to 60.
            decibels.clamp(-MOST, MOST).round() as i8
        };
        self.ready.push(value);
        self.values += 1;
        (self.left, self.right, self.count) = (0.0, 0.0, 0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_louder_channel_is_told_in_decibels_and_silence_is_neither() {
        for rate in [8_000, 44_100, 48_000, 22_050] {
            let mut balance = Balance::new(rate);
            let frames = |left: f32, right: f32| [left, right].repeat(rate as usize / 10);
            balance.push(&frames(0.1, 0.01), 2);
            balance.push(&frames(0.01, 0.1), 2);
            balance.skip(u64::from(rate) / 10);
            balance.push(&frames(0.1, 0.0), 2);
            let values = balance.take();
            assert_eq!(values.len(), 20, "{rate}");
            assert_eq!((values[2], values[7], values[12], values[17]), (20, -20, BALANCE_SILENT, 60));
            assert!(balance.take().is_empty());
        }
    }

    #[test]
    fn one_channel_has_no_balance() {
        let mut balance = Balance::new(16_000);
        balance.push(&[0.5; 16_000], 1);
        assert!(balance.take().is_empty());
    }
}
