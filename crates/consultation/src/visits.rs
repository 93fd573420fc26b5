use record::{Consent, ConsentDecision, ConsentForm, Consultation, ConsultationId, NewConsultation, Patient};

use crate::calame::held;
use crate::markers;
use crate::{Calame, ConsultationView, Failure, FailureCode, Signature};

/// More than a doctor scrolls through; older ones are found by searching.
const LISTED: usize = 200;

impl Calame {
    /// Newest first; `query` looks through patients, reasons, notes and transcripts, accents or not.
    ///
    /// # Errors
    /// When the record is locked or cannot be read.
    pub fn consultations(&self, query: &str) -> Result<Vec<Consultation>, Failure> {
        Ok(self.inner.record()?.list(query, LISTED)?)
    }

    /// # Errors
    /// When the record is locked or cannot be written.
    pub fn create_consultation(&self, new: &NewConsultation) -> Result<ConsultationView, Failure> {
        let id = self.inner.record()?.create_consultation(new, self.inner.now())?;
        self.consultation(&id)
    }

    /// # Errors
    /// When there is no such consultation.
    pub fn consultation(&self, id: &ConsultationId) -> Result<ConsultationView, Failure> {
        let record = self.inner.record()?;
        let consultation = record.consultation(id)?;
        let transcript = record.transcript(id)?;
        let signature = record.validated(id)?.as_ref().map(Signature::from);
        let note = if self.inner.is_busy(id) { None } else { self.note_view(&record, id)? };
        let playable = record.audio_ms(id)? > 0;
        let markers = markers::of(&record, id)?;
        Ok(ConsultationView { consultation, transcript, note, signature, playable, markers })
    }

    /// # Errors
    /// When there is no such consultation, or it is validated.
    pub fn update_consultation(
        &self,
        id: &ConsultationId,
        patient: Option<&Patient>,
        reason: Option<&str>,
    ) -> Result<ConsultationView, Failure> {
        self.inner.record()?.update_consultation(id, patient, reason, self.inner.now())?;
        self.consultation(id)
    }

    /// A withdrawal erases audio, transcript and draft.
    ///
    /// # Errors
    /// While the consultation is being recorded or transcribed, and once it is validated.
    pub fn record_consent(
        &self,
        id: &ConsultationId,
        decision: ConsentDecision,
        form: ConsentForm,
    ) -> Result<ConsultationView, Failure> {
        if decision == ConsentDecision::Withdrawn {
            self.discard_recording(id);
            self.stop_playback();
        }
        self.refuse_while_busy(id)?;
        let record = self.inner.record()?;
        record.record_consent(id, &Consent { decision, form, at: self.inner.now() })?;
        if decision == ConsentDecision::Withdrawn {
            markers::forget(&record, id)?;
        }
        held(&self.inner.session).reviews.remove(id);
        self.consultation(id)
    }

    /// Erases everything the record holds on a consultation.
    ///
    /// # Errors
    /// While the consultation is being recorded or transcribed.
    pub fn erase_consultation(&self, id: &ConsultationId) -> Result<(), Failure> {
        self.refuse_while_busy(id)?;
        self.stop_playback();
        let record = self.inner.record()?;
        record.erase_consultation(id, "asked by the doctor", self.inner.now())?;
        markers::forget(&record, id)?;
        held(&self.inner.session).reviews.remove(id);
        Ok(())
    }

    pub(crate) fn refuse_while_busy(&self, id: &ConsultationId) -> Result<(), Failure> {
        if self.inner.is_busy(id) {
            return Err(Failure::of(FailureCode::RecordingInProgress));
        }
        Ok(())
    }
}
