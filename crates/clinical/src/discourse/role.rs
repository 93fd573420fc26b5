use std::ops::Range;

use note::Speaker;

use crate::analysis::Analysis;
use crate::lexicon::Cue;

/// Who speaks in a sentence, as far as it is known or can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Doctor,
    Patient,
    Companion,
    /// No telling, or the doctor dictating.
    Narrator,
}

impl Role {
    pub const fn speaker(self) -> Speaker {
        match self {
            Self::Doctor => Speaker::Doctor,
            Self::Patient => Speaker::Patient,
            Self::Companion => Speaker::Companion,
            Self::Narrator => Speaker::Unknown,
        }
    }
}

/// The role of a sentence: as given, else guessed from the turns of speech of doctors and of patients.
pub(crate) fn role(analysis: &Analysis, run: &Range<usize>, question: bool, answers: bool) -> Role {
    match analysis.speaker {
        Speaker::Doctor => return Role::Doctor,
        Speaker::Patient => return Role::Patient,
        Speaker::Companion => return Role::Companion,
        Speaker::Unknown => {}
    }
    let count =
        |cue: Cue| analysis.cues.iter().filter(|c| c.cue == cue && run.contains(&c.tokens.start)).count();
    let doctor = count(Cue::DoctorSpeech)
        + count(Cue::Prescribe) * 2
        + count(Cue::Examination) * 2
        + usize::from(question) * 2;
    let patient = count(Cue::PatientSpeech) + usize::from(answers) * 2 + count(Cue::Took);
    match doctor.cmp(&patient) {
        std::cmp::Ordering::Greater => Role::Doctor,
        std::cmp::Ordering::Less => Role::Patient,
        std::cmp::Ordering::Equal => Role::Narrator,
    }
}
