//! The versions of a note: every save of the draft, the signed note, its addenda; and what changed from one to another.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use note::{Note, SectionId, Statement};
use rusqlite::OptionalExtension as _;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use serde::{Deserialize, Serialize};

use crate::stamp::Stamp;
use crate::{ConsultationId, Draft, Record, RecordError, audit};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum VersionKind {
    Draft,
    Validated,
    Addendum,
}

impl FromSql for VersionKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_value(value.as_str()?.into()).map_err(FromSqlError::other)
    }
}

/// One version, without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct NoteVersion {
    /// From 1.
    pub version: u32,
    pub kind: VersionKind,
    pub at: DateTime<Utc>,
    /// Of signed versions.
    pub author: Option<String>,
    pub sha256: Option<String>,
}

/// What happened to one statement between two versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Difference {
    Added {
        section: SectionId,
        statement: Statement,
    },
    Removed {
        section: SectionId,
        statement: Statement,
    },
    /// Its words or what they stand for; `from` and `to` may also be in different sections.
    Changed {
        from: SectionId,
        to: SectionId,
        before: Box<Statement>,
        after: Box<Statement>,
    },
    /// The same statement in another section.
    Moved {
        from: SectionId,
        to: SectionId,
        statement: Statement,
    },
}

/// What changed, in the order of the newer note, then what was removed, in the order of the older one. Statements are
/// the same when their ids are.
#[must_use]
pub fn differences(older: &Note, newer: &Note) -> Vec<Difference> {
    let before: HashMap<&str, (SectionId, &Statement)> =
        older.statements().map(|(section, s)| (s.id.as_str(), (section, s))).collect();
    let mut found = Vec::new();
    for (to, after) in newer.statements() {
        let difference = match before.get(after.id.as_str()) {
            None => Difference::Added { section: to, statement: after.clone() },
            Some((from, before)) if *before != after => Difference::Changed {
                from: *from,
                to,
                before: Box::new((*before).clone()),
                after: Box::new(after.clone()),
            },
            Some((from, _)) if *from != to => Difference::Moved { from: *from, to, statement: after.clone() },
            Some(_) => continue,
        };
        found.push(difference);
    }
    let kept: std::collections::HashSet<&str> = newer.statements().map(|(_, s)| s.id.as_str()).collect();
    let removed = older.statements().filter(|(_, s)| !kept.contains(s.id.as_str()));
    found.extend(removed.map(|(section, s)| Difference::Removed { section, statement: s.clone() }));
    found
}

impl Record {
    /// Every version this doctor may read, oldest first: of a colleague's note, the signed ones.
    ///
    /// # Errors
    /// [`RecordError::NotFound`].
    pub fn versions(&self, id: &ConsultationId) -> Result<Vec<NoteVersion>, RecordError> {
        self.read(|read| {
            let found = self.seen(read, id)?;
            let mut rows = read.prepare_cached(
                "SELECT version, kind, at, author, sha256 FROM note_versions
                 WHERE consultation = ?1 AND (kind <> 'draft' OR ?2) ORDER BY version",
            )?;
            let rows = rows.query_map((found.key, found.doctor == self.doctor_key()), |row| {
                Ok(NoteVersion {
                    version: row.get(0)?,
                    kind: row.get(1)?,
                    at: row.get::<_, Stamp>(2)?.0,
                    author: row.get(3)?,
                    sha256: row.get(4)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The note as it was in one version.
    ///
    /// # Errors
    /// [`RecordError::NoVersion`], also for a colleague's draft; [`RecordError::NotFound`].
    pub fn version(&self, id: &ConsultationId, version: u32) -> Result<Note, RecordError> {
        let json: Option<String> = self.read(|read| {
            let found = self.seen(read, id)?;
            let query = "SELECT note FROM note_versions
                         WHERE consultation = ?1 AND version = ?2 AND (kind <> 'draft' OR ?3)";
            let mine = found.doctor == self.doctor_key();
            Ok(read.query_row(query, (found.key, version, mine), |row| row.get(0)).optional()?)
        })?;
        Ok(serde_json::from_str(&json.ok_or(RecordError::NoVersion)?)?)
    }

    /// What changed between two versions.
    ///
    /// # Errors
    /// As [`Record::version`].
    pub fn differences(
        &self,
        id: &ConsultationId,
        older: u32,
        newer: u32,
    ) -> Result<Vec<Difference>, RecordError> {
        Ok(differences(&self.version(id, older)?, &self.version(id, newer)?))
    }

    /// Keeps one more save of an addendum that is being written and gives the count of them.
    ///
    /// # Errors
    /// [`RecordError::Forbidden`] before validation, [`RecordError::NotFound`].
    pub fn save_addendum(
        &self,
        id: &ConsultationId,
        note: &Note,
        checked: &[String],
        at: DateTime<Utc>,
    ) -> Result<u32, RecordError> {
        self.write(|write| {
            let found = self.own(write, id)?;
            found.refuse_if(!found.state.is_signed(), "take an addendum")?;
            write.execute(
                "INSERT INTO addendum_drafts (consultation, base, note, checked, at)
                 SELECT ?1, max(version), ?2, ?3, ?4 FROM note_versions
                 WHERE consultation = ?1 AND kind <> 'draft'",
                (found.key, serde_json::to_string(note)?, serde_json::to_string(checked)?, Stamp(at)),
            )?;
            let count = "SELECT count(*) FROM addendum_drafts WHERE consultation = ?1";
            let count: u32 = write.query_row(count, [found.key], |row| row.get(0))?;
            audit::append(write, at, "edit", Some(id.as_str()), &format!("addendum, save {count}"))?;
            Ok(count)
        })
    }

    /// The addendum that is being written: its newest save since the note was last signed.
    ///
    /// # Errors
    /// [`RecordError::NotFound`]; [`RecordError::Document`] when it cannot be read.
    pub fn addendum_draft(&self, id: &ConsultationId) -> Result<Option<Draft>, RecordError> {
        let row: Option<(String, String, u32, Stamp)> = self.read(|read| {
            let found = self.own(read, id)?;
            let query =
                "SELECT note, checked, (SELECT count(*) FROM addendum_drafts WHERE consultation = ?1), at
                 FROM addendum_drafts WHERE consultation = ?1 AND base =
                   (SELECT max(version) FROM note_versions WHERE consultation = ?1 AND kind <> 'draft')
                 ORDER BY id DESC LIMIT 1";
            let row = read.query_row(query, [found.key], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            });
            Ok(row.optional()?)
        })?;
        let Some((note, checked, version, saved_at)) = row else { return Ok(None) };
        let (note, checked) = (serde_json::from_str(&note)?, serde_json::from_str(&checked)?);
        Ok(Some(Draft { note, checked, version, saved_at: saved_at.0 }))
    }

    /// Gives up the addendum that is being written. The signed note stays as it is.
    ///
    /// # Errors
    /// [`RecordError::NotFound`].
    pub fn discard_addendum(&self, id: &ConsultationId, at: DateTime<Utc>) -> Result<(), RecordError> {
        self.write(|write| {
            let found = self.own(write, id)?;
            let gone = write.execute(
                "DELETE FROM addendum_drafts WHERE consultation = ?1 AND base =
                   (SELECT max(version) FROM note_versions WHERE consultation = ?1 AND kind <> 'draft')",
                [found.key],
            )?;
            if gone == 0 {
                return Ok(());
            }
            audit::append(write, at, "edit", Some(id.as_str()), "addendum given up")
        })
    }
}
