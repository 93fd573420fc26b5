//! Who speaks, while a consultation is transcribed: the voices from `speech`, the words from `clinical`, joined.

use std::sync::Arc;

use clinical::Turns;
use note::{Language, Segment, Speaker};
use speech::speakers::{Part, Talk, Voiceprint, Voices, Words};

/// Follows a talk segment by segment. Its numbering of segments is the transcript's: one that holds two people becomes two.
pub(crate) struct Following {
    language: Language,
    talk: Talk,
    turns: Turns,
    segments: Vec<Segment>,
    next_index: u32,
}

impl Following {
    pub fn new(voices: Option<Arc<Voices>>, doctor: Option<Voiceprint>, language: Language) -> Self {
        Self {
            language,
            talk: Talk::new(voices, doctor),
            turns: Turns::new(language),
            segments: Vec::new(),
            next_index: 0,
        }
    }

    /// Whether samples are of use.
    pub fn hears_voices(&self) -> bool {
        self.talk.hears_voices()
    }

    /// Values of balance between two channels, from a time on.
    pub fn balance(&mut self, from_ms: u32, values: &[i8]) {
        self.talk.balance(from_ms, values);
    }

    /// The next values of balance.
    pub fn more_balance(&mut self, values: &[i8]) {
        self.talk.balance(self.talk.balanced_ms(), values);
    }

    /// The balance, where it tells two people apart.
    pub fn channels(&self) -> Option<&[i8]> {
        self.talk.channels()
    }

    /// Goes back to what stayed of the talk after its end was erased; what follows is numbered from `next_index` on.
    pub fn keep(&mut self, kept: &[Segment], next_index: u32) {
        let last = kept.last().map(|segment| segment.index);
        self.segments.retain(|segment| last.is_some_and(|last| segment.index <= last));
        self.talk.keep(self.segments.len());
        self.turns = Turns::new(self.language);
        for segment in &self.segments {
            self.turns.hear(segment);
        }
        // Heard by another session: their voices are not known, their people are.
        for segment in kept.iter().skip(self.segments.len()) {
            let words = words(&mut self.turns, segment);
            self.talk.add(&Part { segment: segment.clone(), print: None }, words);
            self.segments.push(segment.clone());
        }
        self.next_index = next_index.max(last.map_or(0, |last| last + 1));
    }

    /// Takes the next segment with its samples. Gives what is new, named as far as that is known, and every earlier
    /// segment that is now named otherwise.
    pub fn hear(&mut self, segment: Segment, samples: &[i16]) -> Vec<Segment> {
        let known = self.segments.len();
        for mut part in self.talk.parts(segment, samples) {
            part.segment.index = self.next_index;
            self.next_index += 1;
            let words = words(&mut self.turns, &part.segment);
            self.talk.add(&part, words);
            self.segments.push(part.segment);
        }
        self.name(known, false)
    }

    /// At the end: everything weighed once more. Gives the segments that are named otherwise than before.
    pub fn settle(&mut self) -> Vec<Segment> {
        self.name(self.segments.len(), true)
    }

    /// All segments, in order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Gives the segments from `fresh` on, and those before that changed.
    fn name(&mut self, fresh: usize, thorough: bool) -> Vec<Segment> {
        let people = self.talk.who(self.turns.is_spoken_for(), thorough);
        let mut changed = Vec::new();
        for (at, (segment, person)) in self.segments.iter_mut().zip(people).enumerate() {
            // Nobody who was named is unnamed by a passing doubt.
            let person = if person == Speaker::Unknown && !thorough { segment.speaker } else { person };
            if at >= fresh || segment.speaker != person {
                segment.speaker = person;
                changed.push(segment.clone());
            }
        }
        changed
    }
}

fn words(turns: &mut Turns, segment: &Segment) -> Words {
    let said = turns.hear(segment);
    let points = |points: u32| f32::from(u16::try_from(points).unwrap_or(u16::MAX));
    Words {
        doctor: points(said.doctor) - points(said.patient),
        patient: points(said.patient),
        asks: said.asks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(at: u32, text: &str) -> Segment {
        Segment {
            index: 0,
            speaker: Speaker::Unknown,
            start_ms: at * 3_000,
            end_ms: at * 3_000 + 2_500,
            text: text.into(),
            words: Vec::new(),
            suspect: false,
        }
    }

    /// Two channels, the doctor's louder on the left.
    fn followed() -> (Following, Vec<Segment>) {
        let mut following = Following::new(None, None, Language::Fr);
        let said = [
            "Bonjour, qu'est-ce qui vous amène ?",
            "J'ai mal à la gorge depuis trois jours.",
            "Vous avez de la fièvre ?",
            "Oui.",
            "Je vais vous examiner.",
            "D'accord.",
        ];
        let mut all: Vec<Segment> = Vec::new();
        for (at, text) in (0..).zip(said) {
            let side: i8 = if at % 2 == 0 { 9 } else { -9 };
            following.balance(at * 3_000, &[side; 150]);
            for changed in following.hear(segment(at, text), &[]) {
                match all.iter_mut().find(|known| known.index == changed.index) {
                    Some(known) => *known = changed,
                    None => all.push(changed),
                }
            }
        }
        for changed in following.settle() {
            if let Some(known) = all.iter_mut().find(|known| known.index == changed.index) {
                *known = changed;
            }
        }
        (following, all)
    }

    #[test]
    fn two_channels_and_the_words_name_everyone_and_changes_are_told() {
        let (following, told) = followed();
        let people: Vec<_> = told.iter().map(|segment| segment.speaker).collect();
        let (doctor, patient) = (Speaker::Doctor, Speaker::Patient);
        assert_eq!(people, [doctor, patient, doctor, patient, doctor, patient]);
        assert_eq!(following.segments(), told);
        assert!(told.iter().zip(0..).all(|(segment, at)| segment.index == at));
    }

    #[test]
    fn what_was_erased_is_forgotten_and_its_numbers_are_not_given_again() {
        let (mut following, told) = followed();
        following.keep(&told[..3], 6);
        assert_eq!(following.segments(), &told[..3]);
        let heard = following.hear(segment(3, "Non, pas du tout."), &[]);
        assert_eq!(heard.last().map(|segment| segment.index), Some(6));
    }
}
