//! Erasure is an act of its own: announced in the database, done, closed and audited in one transaction. What was
//! erased is overwritten (`secure_delete`), and its place given back to the disk.

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use crate::audio::SAMPLES_PER_MS;
use crate::consultations::Found;
use crate::stamp::Stamp;
use crate::{ConsultationId, Record, RecordError, State, audit, patients, search};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Audio,
    /// From this moment of the recording on.
    AudioTail(u32),
    Withdrawal,
    Consultation,
}

impl Scope {
    const fn name(self) -> &'static str {
        match self {
            Self::Audio => "audio",
            Self::AudioTail(_) => "audio_tail",
            Self::Withdrawal => "withdrawal",
            Self::Consultation => "consultation",
        }
    }

    /// As the audit tells it.
    fn detail(self) -> String {
        match self {
            Self::AudioTail(from_ms) => format!("audio from {from_ms} ms"),
            other => other.name().to_owned(),
        }
    }

    /// Back from the audit.
    pub fn of_detail(detail: &str) -> Option<Self> {
        match detail {
            "audio" => Some(Self::Audio),
            "withdrawal" => Some(Self::Withdrawal),
            "consultation" => Some(Self::Consultation),
            tail => tail.strip_prefix("audio from ")?.strip_suffix(" ms")?.parse().ok().map(Self::AudioTail),
        }
    }
}

/// `why` is kept with the erasure and not in the audit: a doctor may type it.
pub(crate) fn erase(
    write: &Connection,
    id: &ConsultationId,
    found: &Found,
    scope: Scope,
    why: &str,
    at: DateTime<Utc>,
) -> Result<(), RecordError> {
    write.execute(
        "INSERT INTO erasures (subject, scope, why, at) VALUES (?1, ?2, ?3, ?4)",
        (id, scope.name(), why, Stamp(at)),
    )?;
    let erasure = write.last_insert_rowid();
    let had_audio = crate::audio::samples(write, found.key)? > 0;
    let delete = |statement: &str| write.execute(statement, [found.key]);
    if scope != Scope::Audio {
        search::remove(write, found.key)?;
    }
    match scope {
        Scope::Audio => {
            delete("DELETE FROM audio_chunks WHERE consultation = ?1")?;
        }
        Scope::AudioTail(from_ms) => erase_tail(write, found.key, from_ms)?,
        Scope::Withdrawal => {
            delete("DELETE FROM audio_chunks WHERE consultation = ?1")?;
            delete("DELETE FROM segments WHERE consultation = ?1")?;
            delete("DELETE FROM note_versions WHERE consultation = ?1 AND kind = 'draft'")?;
            delete("UPDATE consultations SET model = NULL, heard_ms = 0 WHERE id = ?1")?;
            forget_settings(write, id)?;
        }
        Scope::Consultation => {
            delete("DELETE FROM addendum_drafts WHERE consultation = ?1")?;
            delete("DELETE FROM audio_retention WHERE consultation = ?1")?;
            delete("DELETE FROM exports WHERE consultation = ?1")?;
            delete("DELETE FROM papers WHERE consultation = ?1")?;
            delete("DELETE FROM note_versions WHERE consultation = ?1")?;
            delete("DELETE FROM segments WHERE consultation = ?1")?;
            delete("DELETE FROM audio_chunks WHERE consultation = ?1")?;
            delete("DELETE FROM consents WHERE consultation = ?1")?;
            delete("DELETE FROM consultations WHERE id = ?1")?;
            forget_settings(write, id)?;
            patients::forget_unused(write, found.patient)?;
        }
    }
    if matches!(scope, Scope::AudioTail(_) | Scope::Withdrawal) {
        search::outdate(write, found.key)?;
    }
    if had_audio && matches!(scope, Scope::Audio | Scope::Withdrawal) {
        write
            .execute("UPDATE consultations SET audio_erased_at = ?2 WHERE id = ?1", (found.key, Stamp(at)))?;
    }
    write.execute("UPDATE erasures SET open = 0 WHERE id = ?1", [erasure])?;
    audit::append(write, at, "erase", Some(id.as_str()), &scope.detail())
}

/// What is kept under the name of a consultation goes with it: the moments marked in its audio.
fn forget_settings(write: &Connection, id: &ConsultationId) -> Result<(), RecordError> {
    write.execute("DELETE FROM settings WHERE substr(key, -36) = ?1", [id])?;
    Ok(())
}

/// The chunk that straddles the cut is shortened; sentences that reach past it go whole.
fn erase_tail(write: &Connection, key: i64, from_ms: u32) -> Result<(), RecordError> {
    let from = i64::from(from_ms) * SAMPLES_PER_MS;
    write.execute("DELETE FROM audio_chunks WHERE consultation = ?1 AND start_sample >= ?2", (key, from))?;
    write.execute(
        "UPDATE audio_chunks SET samples = ?2 - start_sample, pcm = substr(pcm, 1, 2 * (?2 - start_sample))
         WHERE consultation = ?1 AND start_sample < ?2 AND start_sample + samples > ?2",
        (key, from),
    )?;
    write.execute("DELETE FROM segments WHERE consultation = ?1 AND end_ms > ?2", (key, from_ms))?;
    write.execute("UPDATE consultations SET heard_ms = min(heard_ms, ?2) WHERE id = ?1", (key, from_ms))?;
    Ok(())
}

impl Record {
    /// Erases the audio and leaves transcript and note. Without audio it does nothing.
    ///
    /// # Errors
    /// [`RecordError::Forbidden`] while it is being recorded, [`RecordError::NotFound`].
    pub fn erase_audio(&self, id: &ConsultationId, why: &str, at: DateTime<Utc>) -> Result<(), RecordError> {
        self.write(|write| {
            let found = self.own(write, id)?;
            found.refuse_if(found.state.is_open(), "erase its audio (stop it first)")?;
            if crate::audio::samples(write, found.key)? == 0 {
                return Ok(());
            }
            erase(write, id, &found, Scope::Audio, why, at)
        })?;
        self.reclaim();
        Ok(())
    }

    /// Takes back what was said after `from_ms`: audio to the sample, and every segment that reaches past it.
    ///
    /// # Errors
    /// [`RecordError::Forbidden`] once there is a draft, whose statements cite the segments; [`RecordError::NotFound`].
    pub fn erase_last_audio(
        &self,
        id: &ConsultationId,
        from_ms: u32,
        at: DateTime<Utc>,
    ) -> Result<(), RecordError> {
        self.write(|write| {
            let found = self.own(write, id)?;
            let open = found.state.is_open() || matches!(found.state, State::Consented | State::Stopped);
            found.refuse_if(!open, "erase its last audio")?;
            erase(write, id, &found, Scope::AudioTail(from_ms), "off the record", at)
        })
    }

    /// Erases everything held on a consultation, from any state, and its patient when no other consultation names
    /// them. The audit keeps that it was done, without identity.
    ///
    /// # Errors
    /// [`RecordError::NotFound`].
    pub fn erase_consultation(
        &self,
        id: &ConsultationId,
        why: &str,
        at: DateTime<Utc>,
    ) -> Result<(), RecordError> {
        self.write(|write| {
            let found = self.own(write, id)?;
            erase(write, id, &found, Scope::Consultation, why, at)
        })?;
        self.reclaim();
        Ok(())
    }
}
