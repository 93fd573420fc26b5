//! Who spoke, set right by the doctor. The note follows, and keeps what the doctor did to it.

use clinical::Clinical;
use note::{Segment, Speaker};
use record::{ConsultationId, Record};
use serde::{Deserialize, Serialize};
use speech::speakers::Voiceprint;

use crate::voice::{self, OwnVoice};
use crate::{Calame, ConsultationView, Failure, FailureCode};

/// Speech that an own voice is taken from, at least and at most.
const LEAST_MS: u32 = 15_000;
const MOST_MS: u32 = 60_000;
/// Shorter pieces show a voice badly.
const PIECE_MS: u32 = 1_500;
/// A voice learnt before counts for as much as this, so that it follows its owner over the years.
const REMEMBERED_MS: u32 = 180_000;

/// What the doctor says of who spoke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum WhoSpoke {
    /// Doctor and patient are the wrong way round, everywhere.
    Swap,
    /// This segment was said by this person.
    Segment { index: u32, speaker: Speaker },
    /// From this segment on, this person and the one it was taken for are the wrong way round.
    From { index: u32, speaker: Speaker },
}

impl Calame {
    /// Corrects who spoke. The note is made anew, and keeps the doctor's own edits; one undo brings the note back.
    ///
    /// # Errors
    /// When the note is validated, or there is no such segment.
    pub fn correct_speakers(
        &self,
        id: &ConsultationId,
        correction: &WhoSpoke,
    ) -> Result<ConsultationView, Failure> {
        self.refuse_while_busy(id)?;
        let record = self.inner.record()?;
        crate::reviewing::refuse_validated(&record, id)?;
        let before = record.transcript(id)?;
        let mut after = before.clone();
        correct(&mut after.segments, correction)?;
        if after != before {
            let clinical = Clinical::load(before.language);
            let (old, new) = (clinical.structure(&before), clinical.structure(&after));
            record.save_transcript(id, &after)?;
            self.change(id, |review| {
                review.restructure(&old, new);
                Ok(())
            })?;
            record.audit("speakers", Some(id.as_str()), &detail(correction), self.inner.now())?;
        }
        self.consultation(id)
    }

    /// Learns the doctor's own voice from what the doctor said in this consultation, so that it is known at once in those
    /// to come. One print is kept, in the encrypted record; no other voice is.
    ///
    /// # Errors
    /// When the audio is gone, voices cannot be told apart on this machine, or the doctor said too little.
    pub fn learn_voice(&self, id: &ConsultationId) -> Result<ConsultationView, Failure> {
        self.refuse_while_busy(id)?;
        let record = self.inner.record()?;
        let voices = self.inner.engine.voices().ok_or_else(|| Failure::of(FailureCode::ModelMissing))?;
        if record.audio_ms(id)? == 0 {
            return Err(Failure::of(FailureCode::AudioErased));
        }
        let mut prints: Vec<(Voiceprint, u32)> = Vec::new();
        let mut heard = 0;
        for segment in longest_of_doctor(record.transcript(id)?.segments) {
            let samples = record.audio(id, segment.start_ms, segment.end_ms)?;
            if let Some(print) = voices.print(&samples) {
                let ms = segment.end_ms - segment.start_ms;
                heard += ms;
                prints.push((print, ms));
            }
        }
        if heard < LEAST_MS {
            let least_s = LEAST_MS / 1000;
            return Err(Failure::of(FailureCode::InvalidInput)
                .with("field", "voice")
                .with("least_s", least_s));
        }
        if let Some(OwnVoice { print, ms }) = voice::own(&record)? {
            heard = heard.saturating_add(ms).min(REMEMBERED_MS);
            prints.push((print, ms.min(REMEMBERED_MS)));
        }
        #[expect(clippy::cast_precision_loss, reason = "some minutes")]
        let weighed = prints.iter().map(|(print, ms)| (print, *ms as f32));
        let print = Voiceprint::mean(weighed).ok_or_else(|| Failure::of(FailureCode::Internal))?;
        voice::keep(&record, &OwnVoice { print, ms: heard })?;
        record.audit("voice", Some(id.as_str()), "learnt", self.inner.now())?;
        self.consultation(id)
    }

    /// Forgets the doctor's own voice.
    ///
    /// # Errors
    /// When the record is locked or cannot be written.
    pub fn forget_voice(&self) -> Result<(), Failure> {
        let record = self.inner.record()?;
        voice::forget(&record)?;
        Ok(record.audit("voice", None, "forgotten", self.inner.now())?)
    }
}

/// Whether the doctor's own voice is known.
pub(crate) fn knows_voice(record: &Record) -> Result<bool, Failure> {
    Ok(voice::own(record)?.is_some())
}

/// As much of what the doctor said as a voice is learnt from, the longest pieces.
fn longest_of_doctor(mut segments: Vec<Segment>) -> Vec<Segment> {
    let length = |segment: &Segment| segment.end_ms.saturating_sub(segment.start_ms);
    segments.retain(|segment| {
        segment.speaker == Speaker::Doctor && !segment.suspect && length(segment) >= PIECE_MS
    });
    segments.sort_by_key(|segment| std::cmp::Reverse(length(segment)));
    let mut ms = 0;
    segments.retain(|segment| {
        let wanted = ms < MOST_MS;
        ms += length(segment);
        wanted
    });
    segments
}

fn correct(segments: &mut [Segment], correction: &WhoSpoke) -> Result<(), Failure> {
    let gone = || Failure::of(FailureCode::NotFound).with("id", "segment");
    match *correction {
        WhoSpoke::Swap => {
            let has_patient = segments.iter().any(|segment| segment.speaker == Speaker::Patient);
            let has_companion = segments.iter().any(|segment| segment.speaker == Speaker::Companion);
            let other = if has_companion && !has_patient { Speaker::Companion } else { Speaker::Patient };
            exchange(segments, Speaker::Doctor, other);
        }
        WhoSpoke::Segment { index, speaker } => {
            let segment = segments.iter_mut().find(|segment| segment.index == index).ok_or_else(gone)?;
            segment.speaker = speaker;
        }
        WhoSpoke::From { index, speaker } => {
            let at = segments.iter().position(|segment| segment.index == index).ok_or_else(gone)?;
            let (_, rest) = segments.split_at_mut(at);
            let was = rest.first().map_or(Speaker::Unknown, |segment| segment.speaker);
            if was == Speaker::Unknown {
                // Nobody was named from here on: only as far as that goes.
                let unnamed = rest.iter_mut().take_while(|segment| segment.speaker == Speaker::Unknown);
                unnamed.for_each(|segment| segment.speaker = speaker);
            } else {
                exchange(rest, was, speaker);
            }
        }
    }
    Ok(())
}

fn exchange(segments: &mut [Segment], one: Speaker, other: Speaker) {
    for segment in segments {
        if segment.speaker == one {
            segment.speaker = other;
        } else if segment.speaker == other {
            segment.speaker = one;
        }
    }
}

/// For the audit: numbers and roles, no words.
fn detail(correction: &WhoSpoke) -> String {
    let name = |speaker: Speaker| match speaker {
        Speaker::Doctor => "doctor",
        Speaker::Patient => "patient",
        Speaker::Companion => "companion",
        Speaker::Unknown => "unknown",
    };
    match *correction {
        WhoSpoke::Swap => "swapped".into(),
        WhoSpoke::Segment { index, speaker } => format!("segment {index}: {}", name(speaker)),
        WhoSpoke::From { index, speaker } => format!("from segment {index}: {}", name(speaker)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Speaker::{Companion as C, Doctor as D, Patient as P, Unknown as U};

    fn corrected(people: &[Speaker], correction: &WhoSpoke) -> Option<Vec<Speaker>> {
        let segment = |(index, speaker): (u32, &Speaker)| Segment {
            index,
            speaker: *speaker,
            start_ms: 0,
            end_ms: 0,
            text: String::new(),
            words: Vec::new(),
            suspect: false,
        };
        let mut segments: Vec<Segment> = (0..).zip(people).map(segment).collect();
        correct(&mut segments, correction).ok()?;
        Some(segments.iter().map(|segment| segment.speaker).collect())
    }

    #[test]
    fn all_one_and_from_here_on_are_set_right() {
        assert_eq!(corrected(&[D, P, C, U], &WhoSpoke::Swap).unwrap(), [P, D, C, U]);
        assert_eq!(corrected(&[D, C, U], &WhoSpoke::Swap).unwrap(), [C, D, U]);
        let one = WhoSpoke::Segment { index: 1, speaker: C };
        assert_eq!(corrected(&[D, P, D], &one).unwrap(), [D, C, D]);
        let from = WhoSpoke::From { index: 1, speaker: D };
        assert_eq!(corrected(&[D, P, D, P], &from).unwrap(), [D, D, P, D]);
        assert_eq!(corrected(&[P, U, U, P], &from).unwrap(), [P, D, D, P]);
        assert_eq!(corrected(&[P], &from), None);
    }

    #[test]
    fn a_voice_is_learnt_from_the_longest_things_the_doctor_said() {
        let segment = |index: u32, speaker, ms| Segment {
            index,
            speaker,
            start_ms: 0,
            end_ms: ms,
            text: String::new(),
            words: Vec::new(),
            suspect: false,
        };
        let mut said = vec![segment(0, D, 1_000), segment(1, P, 9_000), segment(2, D, 3_000)];
        said.extend((3..20).map(|index| segment(index, D, 10_000)));
        let chosen = longest_of_doctor(said);
        assert_eq!(chosen.len(), 6);
        assert!(chosen.iter().all(|segment| segment.speaker == D && segment.end_ms == 10_000));
    }
}
