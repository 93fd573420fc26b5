//! Patients: who they are, their course over time, and what they may ask: a copy of all that is held, and its erasure.

use std::path::{Path, PathBuf};

use record::{AudioFate, Consultation, ConsultationId, Fact, PatientFile, PatientId};

use crate::calame::held;
use crate::{Calame, ConsultationView, Failure, FailureCode};

/// More than a doctor scrolls through; others are found by typing.
const LISTED: usize = 200;

impl Calame {
    /// Last seen first; each word of `query` begins a word of name, number or birth date.
    ///
    /// # Errors
    /// When the record is locked or cannot be read.
    pub fn patients(&self, query: &str) -> Result<Vec<PatientFile>, Failure> {
        Ok(self.inner.record()?.patients(query, LISTED)?)
    }

    /// # Errors
    /// When there is no such patient.
    pub fn patient(&self, id: &PatientId) -> Result<PatientFile, Failure> {
        Ok(self.inner.record()?.patient(id)?)
    }

    /// The patient of a consultation; none where nobody was named.
    ///
    /// # Errors
    /// When there is no such consultation.
    pub fn patient_of(&self, id: &ConsultationId) -> Result<Option<PatientFile>, Failure> {
        let record = self.inner.record()?;
        Ok(record.patient_of(id)?.map(|patient| record.patient(&patient)).transpose()?)
    }

    /// Oldest first.
    ///
    /// # Errors
    /// When the record is locked or cannot be read.
    pub fn consultations_of(&self, id: &PatientId) -> Result<Vec<Consultation>, Failure> {
        Ok(self.inner.record()?.consultations_of(id)?)
    }

    /// What signed notes say of a patient over time, oldest first.
    ///
    /// # Errors
    /// When there is no such patient.
    pub fn timeline(&self, id: &PatientId) -> Result<Vec<Fact>, Failure> {
        Ok(self.inner.record()?.timeline(id)?)
    }

    /// Erases a patient and all their consultations; gives how many. The reason stays with the erasure and out of the
    /// audit.
    ///
    /// # Errors
    /// Without a reason; while one of them is being recorded or transcribed; when colleagues saw the patient too and
    /// this is not the owner.
    pub fn erase_patient(&self, id: &PatientId, why: &str) -> Result<u32, Failure> {
        let why = reason(why)?;
        let record = self.inner.record()?;
        for consultation in record.consultations_of(id)? {
            self.refuse_while_busy(&consultation.id)?;
        }
        self.stop_playback();
        let erased = record.erase_patient(id, why, self.inner.now())?;
        let mut session = held(&self.inner.session);
        session.reviews.clear();
        session.addenda.clear();
        Ok(erased)
    }

    /// Writes all that is held on a patient into one archive, in `folder` or the export folder, and gives its path.
    ///
    /// # Errors
    /// When there is no such patient, or the folder cannot be written.
    pub fn export_access(&self, id: &PatientId, folder: Option<&Path>) -> Result<PathBuf, Failure> {
        let folder = folder.map_or_else(|| self.export_folder(), |folder| Ok(folder.to_path_buf()))?;
        // No name: a file list is read by whoever passes.
        let day = self.inner.now().with_timezone(&chrono::Local).format("%Y-%m-%d-%Hh%M");
        let stem = match self.practice()?.consultation_language {
            note::Language::Fr => format!("acces-{day}"),
            note::Language::En => format!("access-{day}"),
        };
        let path = crate::exporting::free_name(&folder, &stem, "zip");
        self.export_access_to(id, &path)?;
        Ok(path)
    }

    /// Decides anew on the audio of a validated consultation.
    ///
    /// # Errors
    /// Before validation, and to keep it without a reason.
    pub fn decide_audio(&self, id: &ConsultationId, fate: &AudioFate) -> Result<ConsultationView, Failure> {
        self.refuse_while_busy(id)?;
        self.stop_playback();
        self.inner.record()?.decide_audio(id, fate, self.inner.now())?;
        self.keep_house();
        self.consultation(id)
    }
}

/// An erasure says why.
pub(crate) fn reason(why: &str) -> Result<&str, Failure> {
    let why = why.trim();
    if why.is_empty() { Err(Failure::of(FailureCode::ReasonNeeded)) } else { Ok(why) }
}
