use rusqlite::{Connection, OptionalExtension as _};

use crate::erasure::{Scope, erase};
use crate::stamp::Stamp;
use crate::{Consent, ConsentDecision, ConsultationId, Record, RecordError, State, audit};

/// Whether the newest decision allows to record.
pub(crate) fn stands(connection: &Connection, consultation: i64) -> Result<bool, RecordError> {
    let newest: Option<ConsentDecision> = connection
        .query_row(
            "SELECT decision FROM consents WHERE consultation = ?1 ORDER BY id DESC LIMIT 1",
            [consultation],
            |row| row.get(0),
        )
        .optional()?;
    Ok(newest == Some(ConsentDecision::Informed))
}

impl Record {
    /// Records the patient's decision. *Informed* opens the way to recording. *Refused* closes it. *Withdrawn* erases
    /// audio, transcript and drafts and brings the consultation back to its start; of a validated one it erases the
    /// audio alone: the signed note belongs to the medical record.
    ///
    /// # Errors
    /// [`RecordError::NotFound`]; [`RecordError::Forbidden`] for a refusal once recording began: that is a withdrawal.
    pub fn record_consent(&self, id: &ConsultationId, consent: &Consent) -> Result<(), RecordError> {
        let erased = self.write(|write| {
            let found = self.own(write, id)?;
            let before_recording = matches!(found.state, State::Created | State::Consented);
            let refused = consent.decision == ConsentDecision::Refused;
            found.refuse_if(refused && !before_recording, "refuse consent (withdraw it)")?;
            write.execute(
                "INSERT INTO consents (consultation, decision, form, at) VALUES (?1, ?2, ?3, ?4)",
                (found.key, consent.decision, consent.form, Stamp(consent.at)),
            )?;
            let form = match consent.form {
                crate::ConsentForm::Oral => "oral",
                crate::ConsentForm::Written => "written",
            };
            let decision = match consent.decision {
                ConsentDecision::Informed => "informed",
                ConsentDecision::Refused => "refused",
                ConsentDecision::Withdrawn => "withdrawn",
            };
            let subject = Some(id.as_str());
            audit::append(write, consent.at, "consent", subject, &format!("{decision}, {form}"))?;
            match (consent.decision, found.state) {
                (ConsentDecision::Informed, State::Created) => {
                    // A second try after an erasure has audio of its own.
                    write.execute(
                        "UPDATE consultations SET audio_erased_at = NULL WHERE id = ?1",
                        [found.key],
                    )?;
                    found.enter(write, id, State::Consented, consent.at)?;
                    Ok(false)
                }
                (ConsentDecision::Refused, State::Consented) => {
                    found.enter(write, id, State::Created, consent.at)?;
                    Ok(false)
                }
                (ConsentDecision::Withdrawn, state) => {
                    let scope = if state.is_signed() { Scope::Audio } else { Scope::Withdrawal };
                    erase(write, id, &found, scope, "consent withdrawn", consent.at)?;
                    if !state.is_signed() && state != State::Created {
                        found.enter(write, id, State::Created, consent.at)?;
                    }
                    Ok(true)
                }
                _ => Ok(false),
            }
        })?;
        if erased {
            self.reclaim();
        }
        Ok(())
    }
}
