//! From the model's tokens to words with times.
//!
//! Tokens are pieces of bytes: one character may be spread over several of them, so bytes are joined before anything
//! is read as text.

use unicode_normalization::UnicodeNormalization;

use crate::voice::{FRAME_MS, frames};
use crate::window::Window;

/// One token of a pass.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// A time within the window, in milliseconds.
    Time(u32),
    Text {
        bytes: Vec<u8>,
        probability: f32,
    },
}

/// A word as it was heard, with times in the window.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Heard {
    /// With its punctuation, without spaces around it.
    pub text: String,
    pub start_ms: u32,
    pub end_ms: u32,
    /// Geometric mean over its tokens.
    pub probability: f32,
}

/// Words of one pass over `window`, in order, times ascending.
pub(crate) fn words(tokens: &[Token], window: &Window) -> Vec<Heard> {
    let mut all = Vec::new();
    let mut from = 0;
    let mut group: Vec<(Vec<u8>, f32, u32)> = Vec::new();
    for token in tokens {
        match token {
            Token::Time(at) => {
                let at = (*at).min(window.ms());
                if group.is_empty() {
                    from = at.max(from);
                } else {
                    let to = at.max(from);
                    spread(std::mem::take(&mut group), from, to, window, &mut all);
                    from = to;
                }
            }
            Token::Text { bytes, probability } => {
                let log = probability.max(1e-6).ln();
                match group.last_mut() {
                    Some(word) if !bytes.starts_with(b" ") => {
                        word.0.extend(bytes);
                        word.1 += log;
                        word.2 += 1;
                    }
                    _ => group.push((bytes.clone(), log, 1)),
                }
            }
        }
    }
    spread(group, from, window.ms(), window, &mut all);
    all
}

/// Gives the words of one timed passage their times: in proportion to their length, over the time when somebody speaks.
fn spread(group: Vec<(Vec<u8>, f32, u32)>, from: u32, to: u32, window: &Window, all: &mut Vec<Heard>) {
    let mut passage: Vec<Heard> = Vec::with_capacity(group.len());
    for (bytes, log, count) in group {
        let text = text(&bytes);
        if text.is_empty() {
            continue;
        }
        #[expect(clippy::cast_precision_loss, reason = "a word has few tokens")]
        let probability = (log / count.max(1) as f32).exp().clamp(0.0, 1.0);
        match passage.last_mut() {
            // French sets a space before some marks; alone they are no words.
            Some(before) if !text.chars().any(char::is_alphanumeric) => {
                before.text.push(' ');
                before.text.push_str(&text);
            }
            _ => passage.push(Heard { text, start_ms: from, end_ms: to, probability }),
        }
    }
    let clock = Clock::new(window, from, to);
    let total: u32 = passage.iter().map(|word| weight(&word.text)).sum();
    let mut before = 0;
    for word in &mut passage {
        word.start_ms = clock.at(before, total, false);
        before += weight(&word.text);
        word.end_ms = clock.at(before, total, true).max(word.start_ms);
    }
    all.append(&mut passage);
}

/// Spoken length of a word, roughly: its letters, digits counting for more since each is a word when spoken.
fn weight(text: &str) -> u32 {
    let weight = |c: char| match c {
        '0'..='9' => 4,
        c if c.is_alphabetic() => 1,
        '%' | '°' | '/' => 4,
        _ => 0,
    };
    1 + text.chars().map(weight).sum::<u32>()
}

/// Maps a share of a passage to a time, counting only the frames with speech.
struct Clock {
    from: u32,
    to: u32,
    /// Start of each frame with speech.
    spoken: Vec<u32>,
}

impl Clock {
    fn new(window: &Window, from: u32, to: u32) -> Self {
        let first = frames(from);
        let last = frames(to).min(window.voiced.len());
        let flags = window.voiced.get(first..last).unwrap_or_default();
        let spoken = (first..).zip(flags).filter(|(_, voiced)| **voiced);
        let spoken = spoken.map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX).saturating_mul(FRAME_MS));
        Self { from, to, spoken: spoken.collect() }
    }

    /// The time when `part` of `total` was said; as an end it does not reach over a pause that follows.
    fn at(&self, part: u32, total: u32, is_end: bool) -> u32 {
        let total = u64::from(total.max(1));
        let count = self.spoken.len() as u64;
        if count < 4 {
            let length = u64::from(self.to - self.from);
            return self.from + u32::try_from(length * u64::from(part) / total).unwrap_or(0);
        }
        let position = count * u64::from(part) / total;
        let index = usize::try_from(if is_end { position.saturating_sub(1) } else { position }).unwrap_or(0);
        let time = self.spoken.get(index.min(self.spoken.len() - 1)).copied().unwrap_or(self.to);
        if is_end { time + FRAME_MS } else { time }.clamp(self.from, self.to)
    }
}

/// Bytes of a word as clean text: composed characters, single spaces, nothing that is no text.
fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let kept =
        text.nfc().filter(|c| *c != char::REPLACEMENT_CHARACTER && (!c.is_control() || c.is_whitespace()));
    let kept: String = kept.collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
