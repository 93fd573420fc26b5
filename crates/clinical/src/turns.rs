//! Who speaks, by what is said: for whoever tells voices apart and does not know whose they are.

use note::{Language, Segment, Speaker};

use crate::analysis::Analysis;
use crate::discourse::{Discourse, points};
use crate::lexicon::Lexicon;

/// What the words of a segment say of who spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// Points for the doctor: questions, address, examination, prescription.
    pub doctor: u32,
    /// Points for a patient, or whoever speaks for one.
    pub patient: u32,
    /// The segment ends in a question.
    pub asks: bool,
    /// As a note is written from the transcript when nobody is named: the words, and whose turn it was.
    pub guess: Speaker,
}

/// Reads segments in their order, as if nobody were named in them.
#[derive(Clone)]
pub struct Turns {
    lexicon: &'static Lexicon,
    discourse: Discourse,
}

impl Turns {
    #[must_use]
    pub fn new(language: Language) -> Self {
        let lexicon = Lexicon::of(language);
        Self { lexicon, discourse: Discourse::new(lexicon) }
    }

    /// Takes the next segment.
    pub fn hear(&mut self, segment: &Segment) -> Evidence {
        let unnamed = Segment { speaker: Speaker::Unknown, ..segment.clone() };
        let analysis = Analysis::new(self.lexicon, &unnamed);
        self.discourse.push(&analysis);
        let mut evidence = Evidence { doctor: 0, patient: 0, asks: false, guess: Speaker::Unknown };
        for sentence in &analysis.sentences {
            let (doctor, patient) = points(&analysis, &sentence.tokens, sentence.question);
            evidence.doctor += u32::try_from(doctor).unwrap_or(u32::MAX);
            evidence.patient += u32::try_from(patient).unwrap_or(u32::MAX);
            evidence.asks = sentence.question;
        }
        evidence.guess = self.discourse.last_role().speaker();
        evidence
    }

    /// Whether somebody seems to speak for the patient: a parent, a companion.
    #[must_use]
    pub fn is_spoken_for(&self) -> bool {
        self.discourse.is_spoken_for()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(language: Language, said: &[&str]) -> Vec<Evidence> {
        let mut turns = Turns::new(language);
        let segment = |(index, text): (usize, &&str)| Segment {
            index: u32::try_from(index).unwrap(),
            speaker: Speaker::Patient,
            start_ms: 0,
            end_ms: 0,
            text: (*text).into(),
            words: Vec::new(),
            suspect: false,
        };
        said.iter().enumerate().map(segment).map(|segment| turns.hear(&segment)).collect()
    }

    #[test]
    fn who_asks_and_prescribes_is_the_doctor_whatever_name_a_segment_bears() {
        let said = [
            "Est-ce que vous avez de la fièvre ?",
            "Non, mais j'ai mal à la gorge.",
            "Je vous prescris du paracétamol.",
        ];
        let all = heard(Language::Fr, &said);
        assert!(all[0].doctor > all[0].patient && all[0].asks);
        assert!(all[1].patient > all[1].doctor && !all[1].asks);
        assert!(all[2].doctor > all[2].patient);
        assert_eq!([all[0].guess, all[1].guess], [Speaker::Doctor, Speaker::Patient]);
        let all = heard(Language::En, &["Are you taking anything for it?", "I took some ibuprofen."]);
        assert!(all[0].doctor > all[0].patient && all[1].patient > all[1].doctor);
    }
}
