//! What becomes of audio once its note is validated. An erasure is announced in the transaction of the validation, which
//! does not wait for it: the samples are overwritten afterwards, a little at a time, and after a crash from where it
//! stopped. From the announcement on, nothing of the audio is given out.

use chrono::{DateTime, Utc};
use note::ValidatedNote;
use rusqlite::{Connection, OptionalExtension as _};
use serde::{Deserialize, Serialize};

use crate::consultations::find;
use crate::stamp::Stamp;
use crate::{ConsultationId, Record, RecordError, audit};

/// A transaction of an erasure overwrites no more rows than this: some 50 ms, which audio on its way can wait.
const ROWS_AT_ONCE: u32 = 64;

/// What becomes of the audio of a validated consultation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum AudioFate {
    /// Erased at once.
    Erase,
    /// Erased when the time has come and the record is open.
    EraseAt { at: DateTime<Utc> },
    /// Kept until the doctor decides otherwise. The reason stays in the record, not in the audit.
    Keep { reason: String },
}

impl Record {
    /// As [`Record::freeze`], deciding on the audio in the same act.
    ///
    /// # Errors
    /// As [`Record::freeze`]; [`RecordError::NoReason`] to keep audio without one.
    pub fn freeze_and_decide(
        &self,
        id: &ConsultationId,
        signed: &ValidatedNote,
        fate: &AudioFate,
    ) -> Result<(), RecordError> {
        self.write(|write| {
            self.freeze_in(write, id, signed)?;
            decide(write, id, fate, signed.at())
        })
    }

    /// Decides anew on the audio of a validated consultation.
    ///
    /// # Errors
    /// [`RecordError::Forbidden`] before validation, [`RecordError::NoReason`], [`RecordError::NotFound`].
    pub fn decide_audio(
        &self,
        id: &ConsultationId,
        fate: &AudioFate,
        at: DateTime<Utc>,
    ) -> Result<(), RecordError> {
        self.write(|write| {
            let found = self.own(write, id)?;
            found.refuse_if(!found.state.is_signed(), "decide on its audio")?;
            decide(write, id, fate, at)
        })
    }

    /// What was decided. `None` where there is no audio or nothing was decided.
    ///
    /// # Errors
    /// [`RecordError::NotFound`].
    pub fn audio_fate(&self, id: &ConsultationId) -> Result<Option<AudioFate>, RecordError> {
        self.read(|read| {
            let found = self.own(read, id)?;
            let query = "SELECT due_at, reason FROM audio_retention WHERE consultation = ?1";
            let row: Option<(Option<Stamp>, Option<String>)> =
                read.query_row(query, [found.key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            Ok(row.map(|(due, reason)| match due {
                Some(due) => AudioFate::EraseAt { at: due.0 },
                None => AudioFate::Keep { reason: reason.unwrap_or_default() },
            }))
        })
    }

    /// Whether audio waits for its erasure.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn has_pending_erasures(&self, now: DateTime<Utc>) -> Result<bool, RecordError> {
        self.read(|read| {
            let query = "SELECT EXISTS (SELECT 1 FROM erasures WHERE open = 1 AND scope = 'audio')
                OR EXISTS (SELECT 1 FROM audio_retention WHERE due_at <= ?1)";
            Ok(read.query_row(query, [Stamp(now)], |row| row.get(0))?)
        })
    }

    /// Erases all audio that is due, of every doctor, and gives the number of consultations. Audio that is being
    /// recorded passes between its steps; cut off, it goes on with the next call.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub fn finish_erasures(&self, now: DateTime<Utc>) -> Result<u32, RecordError> {
        self.write(|write| announce_due(write, now))?;
        let mut done = 0;
        while let Some(erasure) = self.read(|read| next_open(read))? {
            self.give_way();
            if self.write(|write| erase_step(write, &erasure, now))? {
                done += 1;
            }
        }
        if done > 0 {
            self.reclaim();
        }
        Ok(done)
    }
}

fn decide(
    write: &Connection,
    id: &ConsultationId,
    fate: &AudioFate,
    at: DateTime<Utc>,
) -> Result<(), RecordError> {
    let found = find(write, id)?;
    write.execute("DELETE FROM audio_retention WHERE consultation = ?1", [found.key])?;
    if crate::audio::samples(write, found.key)? == 0 || is_announced(write, id)? {
        return Ok(());
    }
    let keep = "INSERT INTO audio_retention (consultation, due_at, reason) VALUES (?1, ?2, ?3)";
    let detail = match fate {
        AudioFate::Erase => return announce(write, id, "validated", at),
        AudioFate::EraseAt { at } => {
            write.execute(keep, (found.key, Some(Stamp(*at)), None::<&str>))?;
            format!("audio until {}", Stamp(*at))
        }
        AudioFate::Keep { reason } => {
            let reason = Some(reason.trim()).filter(|reason| !reason.is_empty());
            write.execute(keep, (found.key, None::<Stamp>, Some(reason.ok_or(RecordError::NoReason)?)))?;
            "audio kept for a reason".into()
        }
    };
    audit::append(write, at, "retention", Some(id.as_str()), &detail)
}

/// From here on the audio counts as erased.
fn announce(
    write: &Connection,
    id: &ConsultationId,
    why: &str,
    at: DateTime<Utc>,
) -> Result<(), RecordError> {
    write.execute(
        "INSERT INTO erasures (subject, scope, why, at) VALUES (?1, 'audio', ?2, ?3)",
        (id, why, Stamp(at)),
    )?;
    Ok(())
}

pub(crate) fn is_announced(connection: &Connection, id: &ConsultationId) -> Result<bool, RecordError> {
    let query = "SELECT 1 FROM erasures WHERE subject = ?1 AND scope = 'audio' AND open = 1";
    Ok(connection.prepare_cached(query)?.exists([id])?)
}

fn announce_due(write: &Connection, now: DateTime<Utc>) -> Result<(), RecordError> {
    let mut due = write.prepare(
        "SELECT c.uuid FROM audio_retention r JOIN consultations c ON c.id = r.consultation WHERE r.due_at <= ?1",
    )?;
    let due: Vec<ConsultationId> =
        due.query_map([Stamp(now)], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for id in &due {
        let found = find(write, id)?;
        write.execute("DELETE FROM audio_retention WHERE consultation = ?1", [found.key])?;
        if crate::audio::samples(write, found.key)? > 0 && !is_announced(write, id)? {
            announce(write, id, "its time had come", now)?;
        }
    }
    Ok(())
}

struct Announced {
    key: i64,
    id: ConsultationId,
}

fn next_open(read: &Connection) -> Result<Option<Announced>, RecordError> {
    let query = "SELECT id, subject FROM erasures WHERE open = 1 AND scope = 'audio' ORDER BY id LIMIT 1";
    let next =
        read.prepare_cached(query)?.query_row([], |row| Ok(Announced { key: row.get(0)?, id: row.get(1)? }));
    Ok(next.optional()?)
}

/// Overwrites some rows, last ones first. True when it closed the erasure.
fn erase_step(write: &Connection, erasure: &Announced, now: DateTime<Utc>) -> Result<bool, RecordError> {
    let id = &erasure.id;
    let close = || write.execute("UPDATE erasures SET open = 0 WHERE id = ?1", [erasure.key]);
    let found = match find(write, id) {
        // Erased as a whole meanwhile.
        Err(RecordError::NotFound { .. }) => return Ok(close().map(|_| false)?),
        found => found?,
    };
    write
        .prepare_cached(
            "DELETE FROM audio_chunks WHERE id IN (SELECT id FROM audio_chunks WHERE consultation = ?1
             ORDER BY start_sample DESC LIMIT ?2)",
        )?
        .execute((found.key, ROWS_AT_ONCE))?;
    if crate::audio::samples(write, found.key)? > 0 {
        return Ok(false);
    }
    write.execute("UPDATE consultations SET audio_erased_at = ?2 WHERE id = ?1", (found.key, Stamp(now)))?;
    close()?;
    audit::append(write, now, "erase", Some(id.as_str()), "audio")?;
    Ok(true)
}
