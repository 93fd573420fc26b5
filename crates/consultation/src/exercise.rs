//! A visit invented for the doctor to practise on. It goes the way of a real one, by the same acts; only its sound and its
//! transcript are there already, as Calame heard them on its demo recording, mistakes included.

use audio::Decoder;
use note::{Language, Transcript};
use record::{Consent, ConsentDecision, ConsentForm, Consultation, State};

use crate::jobs::Job;
use crate::{Calame, ConsultationView, Failure, FailureCode};

/// What an exercise is made of.
struct Material {
    sound: &'static [u8],
    heard: &'static str,
}

const FRENCH: Material = Material {
    sound: include_bytes!("../../../assets/demo/fr/consultation.ogg"),
    heard: include_str!("../../../assets/demo/fr/heard.json"),
};

const ENGLISH: Material = Material {
    sound: include_bytes!("../../../assets/demo/en/consultation.ogg"),
    heard: include_str!("../../../assets/demo/en/heard.json"),
};

const fn material(language: Language) -> &'static Material {
    match language {
        Language::Fr => &FRENCH,
        Language::En => &ENGLISH,
    }
}

/// What is heard in it.
pub(crate) const fn sound(language: Language) -> &'static [u8] {
    material(language).sound
}

impl Calame {
    /// The exercise that was begun, if any. No list, search or count shows it.
    ///
    /// # Errors
    /// When the record is locked or cannot be read.
    pub fn exercise(&self) -> Result<Option<Consultation>, Failure> {
        Ok(self.inner.record()?.exercises()?.into_iter().next())
    }

    /// An exercise ready to be checked, in place of one that was begun before. It needs neither microphone nor model.
    ///
    /// # Errors
    /// When the record is locked or cannot be written, and while an exercise has work under way.
    pub fn start_exercise(&self, language: Language) -> Result<ConsultationView, Failure> {
        self.erase_exercise()?;
        let record = self.inner.record()?;
        let id = record.create_exercise(language, self.inner.now())?;
        // An invented patient agrees; the gate asks for it as for any other.
        let consent =
            Consent { decision: ConsentDecision::Informed, form: ConsentForm::Oral, at: self.inner.now() };
        record.record_consent(&id, &consent)?;
        let brought = self.importing(&id)?.run(|job| bring(job, material(language)));
        if brought.is_err() {
            // Half an exercise is of no use to anybody.
            self.erase_exercise()?;
        }
        brought?;
        self.consultation(&id)
    }

    /// Erases every exercise of this doctor, signed or not: nothing of it was ever said.
    ///
    /// # Errors
    /// While an exercise has work under way.
    pub fn erase_exercise(&self) -> Result<(), Failure> {
        for exercise in self.inner.record()?.exercises()? {
            self.erase_consultation(&exercise.id, "exercise")?;
        }
        Ok(())
    }
}

fn bring(job: &Job, material: &Material) -> Result<(), Failure> {
    let sound = Decoder::built_in("consultation.ogg", material.sound)?;
    let total = sound.duration_ms();
    job.record.set_state(&job.id, State::Recording, job.inner.now())?;
    let stored = job.store(sound, total);
    job.record.set_state(&job.id, State::Stopped, job.inner.now())?;
    if let Some(failure) = stored? {
        return Err(failure);
    }
    let heard = Transcript::from_json(material.heard)
        .map_err(|error| Failure::of(FailureCode::Internal).with("reason", error))?;
    job.draft(&heard)
}
