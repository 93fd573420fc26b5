use note::Transcript;
use record::{Consent, ConsentDecision, ConsentForm, Consultation, ConsultationId, NewConsultation, Patient};

use crate::calame::held;
use crate::{Calame, ConsultationView, Failure, FailureCode, Signature};
use crate::{correcting, markers};

/// More than a doctor scrolls through; older ones are found by searching.
pub(crate) const LISTED: usize = 200;

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
        let signature = record.validated(id)?.as_ref().map(Signature::from);
        let note = if self.inner.is_busy(id) { None } else { self.note_view(&record, id)? };
        if consultation.colleague.is_some() {
            // Only the signed note is shared.
            let transcript = Transcript::new(consultation.language);
            return Ok(ConsultationView {
                consultation,
                transcript,
                note,
                signature,
                playable: false,
                markers: vec![],
                audio_fate: None,
                has_addendum_draft: false,
                knows_voice: false,
            });
        }
        Ok(ConsultationView {
            transcript: record.transcript(id)?,
            note,
            signature,
            playable: record.audio_ms(id)? > 0,
            markers: markers::of(&record, id)?,
            audio_fate: record.audio_fate(id)?,
            has_addendum_draft: consultation.state.is_signed() && record.addendum_draft(id)?.is_some(),
            knows_voice: correcting::knows_voice(&record)?,
            consultation,
        })
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
        held(&self.inner.session).reviews.remove(id);
        self.consultation(id)
    }

    /// Erases everything the record holds on a consultation. The reason stays with the erasure and out of the audit.
    ///
    /// # Errors
    /// While the consultation is being recorded or transcribed; without a reason once it is signed.
    pub fn erase_consultation(&self, id: &ConsultationId, why: &str) -> Result<(), Failure> {
        self.refuse_while_busy(id)?;
        self.stop_playback();
        let record = self.inner.record()?;
        // A draft is the doctor's to throw away; a signed note is part of the medical record.
        let consultation = record.consultation(id)?;
        let why = if consultation.state.is_signed() && !consultation.exercise {
            crate::rights::reason(why)?
        } else {
            Some(why.trim()).filter(|why| !why.is_empty()).unwrap_or("asked by the doctor")
        };
        record.erase_consultation(id, why, self.inner.now())?;
        let mut session = held(&self.inner.session);
        session.reviews.remove(id);
        session.addenda.remove(id);
        Ok(())
    }

    pub(crate) fn refuse_while_busy(&self, id: &ConsultationId) -> Result<(), Failure> {
        if self.inner.is_busy(id) {
            return Err(Failure::of(FailureCode::RecordingInProgress));
        }
        Ok(())
    }
}
