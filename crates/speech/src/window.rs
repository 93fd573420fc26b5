//! Windows: what one pass of the model hears. They end at pauses, and long silences are left out of them.

use std::collections::VecDeque;
use std::ops::Range;

use crate::voice::{Ear, FRAME, FRAME_MS, frames, regions};

/// Kept before and after each stretch of speech: onsets and fading ends are quieter than the detector's threshold.
const BEFORE: usize = frames(256);
const AFTER: usize = frames(320);
/// Where no pause is found, a window is cut at its quietest frame among the last this many.
const SEARCH: usize = frames(6_000);

/// Audio that was heard and not yet put into a window.
pub(crate) struct Pending {
    ear: Ear,
    samples: VecDeque<i16>,
    probabilities: Vec<f32>,
    /// Place of the first frame in the stream.
    origin: u64,
    /// The window before was cut while somebody spoke.
    speaking: bool,
}

/// How long a window is wanted, in frames of speech and the pauses kept within it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lengths {
    /// No window is longer.
    pub most: usize,
    /// Below this no cut is looked for when a window is full.
    pub least: usize,
}

/// One stretch of the stream that a window holds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    /// In frames of the stream.
    source: Range<u64>,
}

/// Audio for one pass of the model, and where in the stream it came from.
#[derive(Debug, Clone)]
pub(crate) struct Window {
    /// From -1 to 1.
    pub samples: Vec<f32>,
    /// For each frame, whether somebody speaks.
    pub voiced: Vec<bool>,
    pieces: Vec<Piece>,
}

impl Pending {
    pub fn new() -> Self {
        Self {
            ear: Ear::new(),
            samples: VecDeque::new(),
            probabilities: Vec::new(),
            origin: 0,
            speaking: false,
        }
    }

    pub fn push(&mut self, samples: &[i16]) {
        let (kept, probabilities) = (&mut self.samples, &mut self.probabilities);
        self.ear.hear(samples, |frame, probability| {
            kept.extend(frame);
            probabilities.push(probability);
        });
    }

    /// No more samples will come.
    pub fn end(&mut self) {
        let (kept, probabilities) = (&mut self.samples, &mut self.probabilities);
        self.ear.end(|frame, probability| {
            kept.extend(frame);
            probabilities.push(probability);
        });
    }

    fn regions(&self) -> Vec<Range<usize>> {
        regions(&self.probabilities, self.speaking)
    }

    /// Frames of the stream heard so far.
    pub fn heard(&self) -> u64 {
        self.origin + self.probabilities.len() as u64
    }

    /// Frames of silence at the end, and frames of speech with the pauses kept within it.
    pub fn state(&self) -> State {
        let regions = self.regions();
        let silence = self.probabilities.len() - regions.last().map_or(0, |r| r.end);
        let length = pieces(&regions, self.probabilities.len()).iter().map(ExactSizeIterator::len).sum();
        State { speech: !regions.is_empty(), length, silence }
    }

    /// Forgets silence at the front: it costs no memory and no time.
    pub fn drop_silence(&mut self) {
        let len = self.probabilities.len();
        let first = self.regions().first().map_or(len, |region| region.start);
        self.take(first.saturating_sub(BEFORE));
    }

    /// A window of all speech so far, which stays pending.
    pub fn peek(&self) -> Option<Window> {
        self.window(self.probabilities.len())
    }

    /// A window of all speech so far.
    pub fn take_all(&mut self) -> Option<Window> {
        let window = self.peek();
        self.take(self.probabilities.len());
        window
    }

    /// A window cut at a pause, when there is more speech than one window holds.
    pub fn take_full(&mut self, lengths: Lengths) -> Option<Window> {
        let cut = self.cut(lengths)?;
        let window = self.window(cut);
        self.take(cut);
        window
    }

    /// Where to cut, in frames of what is pending: at the longest pause, a late one rather than an early one.
    fn cut(&self, lengths: Lengths) -> Option<usize> {
        let regions = self.regions();
        let pieces = pieces(&regions, self.probabilities.len());
        if pieces.iter().map(ExactSizeIterator::len).sum::<usize>() <= lengths.most {
            return None;
        }
        let length_to =
            |at: usize| -> usize { pieces.iter().map(|p| p.end.min(at).saturating_sub(p.start)).sum() };
        let pauses = regions.windows(2).filter_map(|pair| match pair {
            [before, after] => {
                let middle = before.end.midpoint(after.start);
                let length = length_to(middle);
                let within = (lengths.least..=lengths.most).contains(&length);
                // A pause beyond 1.5 s is no better to cut at than one of 1.5 s.
                let pause = (after.start - before.end).min(frames(1_500));
                within.then_some((pause * 8 + length, middle))
            }
            _ => None,
        });
        if let Some((_, at)) = pauses.max() {
            return Some(at);
        }
        // Nobody paused: the frame least like speech, among those that leave the window nearly full.
        let last = (0..=self.probabilities.len()).rev().find(|&at| length_to(at) <= lengths.most)?;
        let first = last.saturating_sub(SEARCH.min(lengths.most / 3)).max(1);
        (first..=last).min_by(|&a, &b| self.loudness(a).total_cmp(&self.loudness(b)))
    }

    /// Speech probability around the border before frame `at`, with a little of the energy to tell equals apart.
    fn loudness(&self, at: usize) -> f32 {
        let around = at.saturating_sub(2)..(at + 2).min(self.probabilities.len());
        let speech: f32 = self.probabilities.get(around.clone()).unwrap_or_default().iter().sum();
        let samples = self.samples.range(around.start * FRAME..around.end * FRAME);
        let energy: f32 = samples.map(|&s| f32::from(s).abs() / 32_768.0).sum();
        speech + energy / (4 * FRAME) as f32
    }

    fn window(&self, until: usize) -> Option<Window> {
        let probabilities = self.probabilities.get(..until)?;
        let regions = regions(probabilities, self.speaking);
        if regions.is_empty() {
            return None;
        }
        let mut window = Window { samples: Vec::new(), voiced: Vec::new(), pieces: Vec::new() };
        for piece in pieces(&regions, until) {
            let samples = self.samples.range(piece.start * FRAME..piece.end * FRAME);
            window.samples.extend(samples.map(|&s| f32::from(s) / 32_768.0));
            let spoken = |at: usize| regions.iter().any(|region| region.contains(&at));
            window.voiced.extend(piece.clone().map(spoken));
            let source = self.origin + piece.start as u64..self.origin + piece.end as u64;
            window.pieces.push(Piece { source });
        }
        Some(window)
    }

    fn take(&mut self, frames: usize) {
        let frames = frames.min(self.probabilities.len());
        if frames > 0 {
            let inside = |region: &Range<usize>| region.start < frames && frames < region.end;
            self.speaking = self.regions().iter().any(inside);
        }
        self.probabilities.drain(..frames);
        self.samples.drain(..frames * FRAME);
        self.origin += frames as u64;
    }
}

/// See [`Pending::state`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    pub speech: bool,
    pub length: usize,
    pub silence: usize,
}

/// Regions with what is kept around them; those that then touch become one.
fn pieces(regions: &[Range<usize>], len: usize) -> Vec<Range<usize>> {
    let mut pieces: Vec<Range<usize>> = Vec::with_capacity(regions.len());
    for region in regions {
        let (start, end) = (region.start.saturating_sub(BEFORE), (region.end + AFTER).min(len));
        match pieces.last_mut() {
            Some(last) if last.end >= start => last.end = end,
            _ => pieces.push(start..end),
        }
    }
    pieces
}

pub(crate) fn ms(frames: u64) -> u32 {
    u32::try_from(frames.saturating_mul(u64::from(FRAME_MS))).unwrap_or(u32::MAX)
}

impl Window {
    pub fn ms(&self) -> u32 {
        ms(self.voiced.len() as u64)
    }

    /// Milliseconds of speech, pauses left out.
    pub fn voiced_ms(&self) -> u32 {
        ms(self.voiced.iter().filter(|v| **v).count() as u64)
    }

    /// Speech within a span of the window, in milliseconds.
    pub fn voiced_between(&self, from_ms: u32, to_ms: u32) -> u32 {
        let span = frames(from_ms).min(self.voiced.len())..frames(to_ms).min(self.voiced.len());
        let voiced = self.voiced.get(span).unwrap_or_default();
        ms(voiced.iter().filter(|v| **v).count() as u64)
    }

    /// The time in the stream of a time in the window.
    pub fn source_ms(&self, window_ms: u32) -> u32 {
        let mut left = window_ms;
        for (at, piece) in self.pieces.iter().enumerate() {
            let length = ms(piece.source.end - piece.source.start);
            if left <= length || at + 1 == self.pieces.len() {
                return ms(piece.source.start) + left.min(length);
            }
            left -= length;
        }
        left
    }

    /// Place of its end in the stream.
    pub fn end_ms(&self) -> u32 {
        self.pieces.last().map_or(0, |piece| ms(piece.source.end))
    }

    /// Its last part, of at most `most_ms`: from where somebody begins to speak, where there is such a place.
    pub fn last(self, most_ms: u32) -> Self {
        let Some(from) = self.voiced.len().checked_sub(frames(most_ms)).filter(|from| *from > 0) else {
            return self;
        };
        let later = self.voiced.get(from..).unwrap_or_default();
        let begins = later.windows(2).position(|pair| matches!(pair, [false, true]));
        // A little before, as everywhere; in the middle of speech where nobody pauses, or only at the very end.
        let from = match begins {
            Some(at) if at < later.len() / 2 => from + at.saturating_sub(BEFORE / 2),
            _ => from,
        };
        self.tail(ms(from as u64)).unwrap_or(self)
    }

    /// What comes after `from_ms`, as a window of its own; nothing when no speech is left.
    pub fn tail(&self, from_ms: u32) -> Option<Self> {
        let from = frames(from_ms);
        let voiced = self.voiced.get(from..)?.to_vec();
        if !voiced.contains(&true) {
            return None;
        }
        let samples = self.samples.get(from * FRAME..)?.to_vec();
        let mut skip = from as u64;
        let mut pieces = Vec::new();
        for piece in &self.pieces {
            let length = piece.source.end - piece.source.start;
            if skip < length {
                pieces.push(Piece { source: piece.source.start + skip..piece.source.end });
            }
            skip = skip.saturating_sub(length);
        }
        Some(Self { samples, voiced, pieces })
    }
}

#[cfg(test)]
#[path = "window_tests.rs"]
pub(crate) mod tests;
