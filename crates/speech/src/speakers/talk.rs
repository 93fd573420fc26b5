//! A talk as it goes on: its pieces, their voices, and who speaks in each.

use std::sync::Arc;

use note::{Segment, Speaker};

use super::assign::{Piece, weigh};
use super::channels::{self, Between};
use super::cut::{self, Part};
use super::groups::{Heard, middles};
use super::{Voiceprint, Voices};

/// A person is named when this sure of it; by words alone, when surer.
const SURE: f32 = 0.6;
const SURE_BY_WORDS: f32 = 0.9;
/// The person behind a voice is settled when the other way round is so much less likely (a logarithm).
const SETTLED: f32 = 2.0;
/// How much a likeness to the doctor's own voice counts.
const ENROLLED: f32 = 14.0;
/// A likeness that speaks neither for nor against.
const NEITHER: f32 = 0.4;
/// A voice is the doctor's own when it is at least this like it, where no other voice is there to compare.
const OWN: f32 = 0.5;

/// What the words of a segment say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Words {
    /// Points for the doctor less those for anyone else.
    pub doctor: f32,
    /// Points for somebody who tells of themselves.
    pub patient: f32,
    pub asks: bool,
}

/// Tells who speaks, better the longer it hears. Holds the prints of all who spoke: it is dropped with the talk.
pub struct Talk {
    voices: Option<Arc<Voices>>,
    doctor: Option<Voiceprint>,
    said: Vec<Said>,
    /// Left over right, in decibels, one value each [`channels::BALANCE_MS`].
    balance: Vec<i8>,
    middles: Vec<Voiceprint>,
    /// Prints there were when the middles were found.
    grouped: usize,
}

struct Said {
    start_ms: u32,
    end_ms: u32,
    print: Option<Voiceprint>,
    words: Words,
    goes_on: bool,
    ends: bool,
}

impl Talk {
    /// Without `voices` and without two channels, words alone tell. `doctor` is the print of the doctor's own voice.
    #[must_use]
    pub fn new(voices: Option<Arc<Voices>>, doctor: Option<Voiceprint>) -> Self {
        Self { voices, doctor, said: Vec::new(), balance: Vec::new(), middles: Vec::new(), grouped: 0 }
    }

    /// Whether [`Talk::parts`] has a use for samples.
    #[must_use]
    pub fn hears_voices(&self) -> bool {
        self.voices.is_some()
    }

    /// How many voices are told apart so far.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.middles.len()
    }

    /// Values of balance of a talk on two channels, from a time on.
    pub fn balance(&mut self, from_ms: u32, values: &[i8]) {
        self.balance.resize((from_ms / channels::BALANCE_MS) as usize, channels::SILENT);
        self.balance.extend_from_slice(values);
    }

    /// How far balance is known.
    #[must_use]
    pub fn balanced_ms(&self) -> u32 {
        u32::try_from(self.balance.len()).unwrap_or(u32::MAX).saturating_mul(channels::BALANCE_MS)
    }

    /// The balance from the beginning on, where it tells two people apart.
    #[must_use]
    pub fn channels(&self) -> Option<&[i8]> {
        channels::between(&self.balance).map(|_| self.balance.as_slice())
    }

    /// The segment, cut where another voice takes over. `samples` are those of the segment, from start to end.
    #[must_use]
    pub fn parts(&self, segment: Segment, samples: &[i16]) -> Vec<Part> {
        if let Some(between) = channels::between(&self.balance) {
            return self.parts_by_channel(segment, between);
        }
        match &self.voices {
            Some(voices) => cut::parts(voices, segment, samples, &self.middles),
            None => vec![Part { segment, print: None }],
        }
    }

    /// Takes the next part, with what its words say.
    pub fn add(&mut self, part: &Part, words: Words) {
        let segment = &part.segment;
        let goes_on =
            self.said.last().is_some_and(|before| !before.ends && segment.start_ms < before.end_ms + 400);
        self.said.push(Said {
            start_ms: segment.start_ms,
            end_ms: segment.end_ms,
            print: part.print.clone(),
            words,
            goes_on,
            ends: segment.text.ends_with(['.', '?', '!', '…']),
        });
    }

    /// Forgets all but the first parts.
    pub fn keep(&mut self, parts: usize) {
        self.said.truncate(parts);
        self.grouped = 0;
    }

    /// Who speaks in each part so far. `spoken_for`: somebody seems to speak for the patient. `thorough` finds the voices
    /// anew; else that is done when much was added.
    pub fn who(&mut self, spoken_for: bool, thorough: bool) -> Vec<Speaker> {
        self.group(thorough);
        let between = channels::between(&self.balance);
        let pieces = self.pieces(between);
        let voices = pieces.iter().map(|piece| piece.likeness.len()).max().unwrap_or(0);
        match voices {
            0 => named(&pieces, &[Speaker::Doctor, other(spoken_for)], SURE_BY_WORDS),
            1 => {
                let is_own = |own: &Voiceprint| self.middles.iter().any(|middle| middle.likeness(own) >= OWN);
                let is_doctor = self.doctor.as_ref().is_some_and(is_own);
                vec![if is_doctor { Speaker::Doctor } else { Speaker::Unknown }; pieces.len()]
            }
            _ => match self.doctor_of(&pieces, voices, between.is_some()) {
                Some(doctor) => named(&pieces, &self.people(&pieces, voices, doctor, spoken_for), SURE),
                None => vec![Speaker::Unknown; pieces.len()],
            },
        }
    }

    fn group(&mut self, thorough: bool) {
        let prints = self.said.iter().filter(|said| said.print.is_some()).count();
        let due = prints > self.grouped && (prints < 24 || prints >= self.grouped + self.grouped / 8);
        if due || thorough && prints != self.grouped {
            let heard: Vec<Heard<'_>> = self
                .said
                .iter()
                .filter_map(|said| {
                    Some(Heard { print: said.print.as_ref()?, ms: said.end_ms - said.start_ms })
                })
                .collect();
            self.middles = middles(&heard);
            self.grouped = prints;
        }
    }

    fn pieces(&self, between: Option<Between>) -> Vec<Piece> {
        let piece = |said: &Said| {
            let likeness = match (between, &said.print) {
                (Some(between), _) => {
                    let side = between.side(channels::within(&self.balance, said.start_ms..said.end_ms));
                    vec![f32::midpoint(1.0, side), f32::midpoint(1.0, -side)]
                }
                (None, Some(print)) => self.middles.iter().map(|middle| print.likeness(middle)).collect(),
                (None, None) => Vec::new(),
            };
            Piece {
                ms: said.end_ms.saturating_sub(said.start_ms),
                likeness,
                doctor: said.words.doctor,
                asks: said.words.asks,
                goes_on: said.goes_on,
            }
        };
        self.said.iter().map(piece).collect()
    }

    /// Which voice is the doctor's, when that is settled.
    fn doctor_of(&self, pieces: &[Piece], voices: usize, by_channel: bool) -> Option<usize> {
        let mut likely: Vec<(usize, f32)> = (0..voices)
            .map(|doctor| {
                let mut people = vec![Speaker::Patient; voices];
                if let Some(person) = people.get_mut(doctor) {
                    *person = Speaker::Doctor;
                }
                let own = self.doctor.as_ref().filter(|_| !by_channel).zip(self.middles.get(doctor));
                let enrolled = own.map_or(0.0, |(own, middle)| (middle.likeness(own) - NEITHER) * ENROLLED);
                (doctor, weigh(pieces, &people).1 + enrolled)
            })
            .collect();
        likely.sort_by(|a, b| b.1.total_cmp(&a.1));
        match likely.as_slice() {
            [(doctor, best), (_, second), ..] if best - second >= SETTLED => Some(*doctor),
            _ => None,
        }
    }

    /// Who is behind each voice.
    fn people(&self, pieces: &[Piece], voices: usize, doctor: usize, spoken_for: bool) -> Vec<Speaker> {
        let mut people = vec![other(spoken_for); voices];
        let spoken = |voice: usize| -> u32 {
            let is_nearest = |piece: &&Piece| {
                let own = piece.likeness.get(voice);
                own.is_some_and(|own| piece.likeness.iter().all(|likeness| likeness <= own))
            };
            pieces.iter().filter(is_nearest).map(|piece| piece.ms).sum()
        };
        // Of two others the one who speaks more tells the story: the patient, or whoever speaks for them.
        let mut others: Vec<usize> = (0..voices).filter(|voice| *voice != doctor).collect();
        others.sort_by_key(|voice| std::cmp::Reverse(spoken(*voice)));
        for voice in others.into_iter().skip(1) {
            people[voice] = if spoken_for { Speaker::Patient } else { Speaker::Companion };
        }
        people[doctor] = Speaker::Doctor;
        people
    }

    /// Cuts a segment between two words where the other channel takes over for good.
    fn parts_by_channel(&self, segment: Segment, between: Between) -> Vec<Part> {
        let side = |from: u32, to: u32| between.side(channels::within(&self.balance, from..to));
        let mut best: Option<(usize, f32)> = None;
        for (at, pair) in segment.words.windows(2).enumerate() {
            let [before, next] = pair else { continue };
            let (left, right) = (side(segment.start_ms, before.end_ms), side(next.start_ms, segment.end_ms));
            let change = (left - right).abs();
            if left * right < 0.0
                && left.abs().min(right.abs()) > 0.4
                && best.is_none_or(|(_, most)| change > most)
            {
                best = Some((at + 1, change));
            }
        }
        match best {
            None => vec![Part { segment, print: None }],
            Some((at, _)) => {
                let (left, right) = cut::split(segment, at);
                let mut parts = self.parts_by_channel(left, between);
                parts.extend(self.parts_by_channel(right, between));
                parts
            }
        }
    }
}

impl std::fmt::Debug for Talk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Talk").field("parts", &self.said.len()).finish_non_exhaustive()
    }
}

fn other(spoken_for: bool) -> Speaker {
    if spoken_for { Speaker::Companion } else { Speaker::Patient }
}

/// The most likely person of each piece, where that is sure.
fn named(pieces: &[Piece], people: &[Speaker], sure: f32) -> Vec<Speaker> {
    let (likely, _) = weigh(pieces, people);
    let most = |likely: &Vec<f32>| {
        let best = likely.iter().zip(people).max_by(|a, b| a.0.total_cmp(b.0));
        best.filter(|(likely, _)| **likely >= sure).map_or(Speaker::Unknown, |(_, person)| *person)
    };
    likely.iter().map(most).collect()
}
