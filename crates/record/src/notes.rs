use chrono::{DateTime, Utc};
use note::{Note, ValidatedNote, canonical_json};
use rusqlite::{Connection, OptionalExtension as _};

use crate::consultations::Found;
use crate::stamp::Stamp;
use crate::{ConsultationId, Draft, Record, RecordError, State, audit, search};

impl Record {
    /// Keeps one more version of the draft and gives its number. A stopped consultation is drafted from then on; a note
    /// typed before any recording leaves the way to recording open.
    ///
    /// # Errors
    /// [`RecordError::Forbidden`] once the note is validated, [`RecordError::NotFound`].
    pub fn save_draft(
        &self,
        id: &ConsultationId,
        note: &Note,
        checked: &[String],
        at: DateTime<Utc>,
    ) -> Result<u32, RecordError> {
        self.write(|write| {
            let found = self.own(write, id)?;
            found.refuse_if(found.state.is_signed(), "change its note")?;
            let version = add_draft(write, &found, note, checked, at)?;
            audit::append(write, at, "edit", Some(id.as_str()), &format!("draft {version}"))?;
            if found.state == State::Stopped {
                found.enter(write, id, State::Drafted, at)?;
            }
            search::outdate(write, found.key)?;
            Ok(version)
        })
    }

    /// The newest draft. It stays readable after validation.
    ///
    /// # Errors
    /// [`RecordError::NotFound`]; [`RecordError::Document`] when it cannot be read.
    pub fn draft(&self, id: &ConsultationId) -> Result<Option<Draft>, RecordError> {
        self.read(|read| {
            let found = self.own(read, id)?;
            let row: Option<(String, String, u32, Stamp)> = read
                .query_row(
                    "SELECT note, checked, version, at FROM note_versions
                     WHERE consultation = ?1 AND kind = 'draft' ORDER BY version DESC LIMIT 1",
                    [found.key],
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
                )
                .optional()?;
            let Some((note, checked, version, saved_at)) = row else { return Ok(None) };
            let (note, checked) = (serde_json::from_str(&note)?, serde_json::from_str(&checked)?);
            Ok(Some(Draft { note, checked, version, saved_at: saved_at.0 }))
        })
    }

    /// Makes the signed note the note of the consultation, for good: the database refuses any later change.
    ///
    /// # Errors
    /// [`RecordError::Forbidden`] while it is being recorded and once it is validated, [`RecordError::NotFound`].
    pub fn freeze(&self, id: &ConsultationId, signed: &ValidatedNote) -> Result<(), RecordError> {
        self.write(|write| self.freeze_in(write, id, signed))
    }

    pub(crate) fn freeze_in(
        &self,
        write: &Connection,
        id: &ConsultationId,
        signed: &ValidatedNote,
    ) -> Result<(), RecordError> {
        let mut found = self.own(write, id)?;
        let refused = found.state.is_open() || found.state.is_signed();
        found.refuse_if(refused, "be validated")?;
        if found.state != State::Drafted {
            // Typed without a recording.
            if !has_draft(write, found.key)? {
                add_draft(write, &found, signed.note(), &[], signed.at())?;
            }
            found.enter(write, id, State::Drafted, signed.at())?;
            found.state = State::Drafted;
        }
        add_signed(write, &found, "validated", signed)?;
        write.execute("UPDATE consultations SET state = ?2 WHERE id = ?1", (found.key, State::Validated))?;
        audit::append(write, signed.at(), "validate", Some(id.as_str()), signed.sha256())?;
        search::outdate(write, found.key)
    }

    /// Adds a later signed version to a validated consultation; the ones before it stay.
    ///
    /// # Errors
    /// [`RecordError::Forbidden`] before validation, [`RecordError::NotFound`].
    pub fn add_addendum(&self, id: &ConsultationId, signed: &ValidatedNote) -> Result<u32, RecordError> {
        self.write(|write| {
            let found = self.own(write, id)?;
            found.refuse_if(!found.state.is_signed(), "take an addendum")?;
            let version = add_signed(write, &found, "addendum", signed)?;
            audit::append(write, signed.at(), "addendum", Some(id.as_str()), signed.sha256())?;
            search::outdate(write, found.key)?;
            Ok(version)
        })
    }

    /// The signed note as it stands: the newest addendum, else the validated version.
    ///
    /// # Errors
    /// [`RecordError::Corrupt`] when it no longer matches its fingerprint, [`RecordError::NotFound`].
    pub fn validated(&self, id: &ConsultationId) -> Result<Option<ValidatedNote>, RecordError> {
        let row: Option<(String, String, Stamp, String)> = self.read(|read| {
            let found = self.seen(read, id)?;
            let row = read.query_row(
                "SELECT note, author, at, sha256 FROM note_versions
                 WHERE consultation = ?1 AND kind <> 'draft' ORDER BY version DESC LIMIT 1",
                [found.key],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
            );
            Ok(row.optional()?)
        })?;
        let Some((note, author, at, sha256)) = row else { return Ok(None) };
        let signed = ValidatedNote::restore(serde_json::from_str(&note)?, author, at.0, sha256);
        signed.map(Some).map_err(|error| RecordError::Corrupt {
            path: self.path().to_owned(),
            reason: format!("the signed note of consultation {id}: {error}"),
        })
    }

    /// Notes that the signed note left the record, as `kind` (such as `pdf`). Call it before the document is handed
    /// out: where it fails, nothing may leave.
    ///
    /// # Errors
    /// [`RecordError::Forbidden`] before validation, [`RecordError::NotFound`].
    pub fn log_export(&self, id: &ConsultationId, kind: &str, at: DateTime<Utc>) -> Result<(), RecordError> {
        self.write(|write| {
            let found = self.seen(write, id)?;
            found.refuse_if(!found.state.is_signed(), "be exported")?;
            write.execute(
                "INSERT INTO exports (consultation, version, kind, at)
                 SELECT consultation, max(version), ?2, ?3 FROM note_versions
                 WHERE consultation = ?1 AND kind <> 'draft' GROUP BY consultation",
                (found.key, kind, Stamp(at)),
            )?;
            audit::append(write, at, "export", Some(id.as_str()), kind)?;
            write
                .execute("UPDATE consultations SET state = ?2 WHERE id = ?1", (found.key, State::Exported))?;
            Ok(())
        })
    }
}

pub(crate) fn has_draft(connection: &Connection, consultation: i64) -> Result<bool, RecordError> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM note_versions WHERE consultation = ?1 AND kind = 'draft' LIMIT 1")?
        .exists([consultation])?)
}

fn next_version(write: &Connection, consultation: i64) -> Result<u32, RecordError> {
    let next = "SELECT coalesce(max(version), 0) + 1 FROM note_versions WHERE consultation = ?1";
    Ok(write.prepare_cached(next)?.query_row([consultation], |row| row.get(0))?)
}

fn add_draft(
    write: &Connection,
    found: &Found,
    note: &Note,
    checked: &[String],
    at: DateTime<Utc>,
) -> Result<u32, RecordError> {
    let version = next_version(write, found.key)?;
    let (note, checked) = (serde_json::to_string(note)?, serde_json::to_string(checked)?);
    write
        .prepare_cached(
            "INSERT INTO note_versions (consultation, version, kind, note, checked, at)
             VALUES (?1, ?2, 'draft', ?3, ?4, ?5)",
        )?
        .execute((found.key, version, note, checked, Stamp(at)))?;
    Ok(version)
}

/// Stored in the very form its fingerprint was taken of.
fn add_signed(
    write: &Connection,
    found: &Found,
    kind: &str,
    signed: &ValidatedNote,
) -> Result<u32, RecordError> {
    let version = next_version(write, found.key)?;
    write.execute(
        "INSERT INTO note_versions (consultation, version, kind, note, author, at, sha256)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            found.key,
            version,
            kind,
            canonical_json(signed.note()),
            signed.author(),
            Stamp(signed.at()),
            signed.sha256(),
        ),
    )?;
    Ok(version)
}
