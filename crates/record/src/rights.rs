//! What a patient may ask: what is held on them, and that it be erased.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use rusqlite::types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension as _, ToSql};
use serde::{Deserialize, Serialize};

use crate::consultations::find;
use crate::doctors::{OWNER, visible};
use crate::erasure::{Scope, erase};
use crate::search::UP_TO_DATE;
use crate::stamp::Stamp;
use crate::types::Day;
use crate::{AuditRow, Consent, Consultation, ConsultationId, Patient, Record, RecordError, audit, search};

/// UUID of a patient: says nothing about them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(transparent)]
pub struct PatientId(String);

impl PatientId {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for PatientId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for PatientId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        uuid::Uuid::parse_str(text.trim()).map(|id| Self(id.to_string()))
    }
}

impl ToSql for PatientId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for PatientId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str().map(|id| Self(id.to_owned()))
    }
}

/// A patient and what this doctor may see of their visits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct PatientFile {
    pub id: PatientId,
    pub patient: Patient,
    pub consultations: u32,
    /// Of colleagues, and not shared: held, but not to be read here.
    pub elsewhere: u32,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
}

/// A document that left the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Departure {
    /// Of the note.
    pub version: u32,
    /// Such as `pdf`.
    pub kind: String,
    pub at: DateTime<Utc>,
}

impl Record {
    /// Patients of whom this doctor may see a consultation, last seen first. Each word of `query` must begin a word of
    /// name, identifier or birth date; an empty query lists all.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn patients(&self, query: &str, limit: usize) -> Result<Vec<PatientFile>, RecordError> {
        let listed = i64::try_from(limit).unwrap_or(i64::MAX);
        let visible = visible(self.doctor_key());
        let files = |read: &Connection, keys: &[i64]| {
            let which = "AND p.id IN (SELECT value FROM json_each(?1)) ORDER BY last DESC LIMIT ?2";
            self.patient_files(read, which, (serde_json::to_string(keys)?, listed))
        };
        let Some(words) = search::expression(query, Some(search::Of::Patient)) else {
            if !query.trim().is_empty() {
                return Ok(vec![]);
            }
            let newest = format!(
                "SELECT c.patient FROM consultations c WHERE c.patient IS NOT NULL AND {visible} ORDER BY c.id DESC"
            );
            return self.read(|read| files(read, &first_patients(read, &newest, [], limit)?));
        };
        self.read_indexed(|read, behind| {
            let indexed = format!(
                "SELECT c.patient FROM search CROSS JOIN consultations c ON c.id = -search.rowid
                 WHERE search MATCH ?1 AND {UP_TO_DATE} AND c.patient IS NOT NULL AND {visible}
                 ORDER BY search.rowid"
            );
            let mut keys = first_patients(read, &indexed, [&words], limit)?;
            let beside = format!(
                "SELECT c.patient FROM json_each(?1) CROSS JOIN consultations c ON c.id = value
                 WHERE c.patient IS NOT NULL AND {visible}"
            );
            keys.extend(first_patients(read, &beside, [behind.matching(&words)?], usize::MAX)?);
            files(read, &keys)
        })
    }

    /// The patient of a consultation.
    ///
    /// # Errors
    /// [`RecordError::NotFound`].
    pub fn patient_of(&self, id: &ConsultationId) -> Result<Option<PatientId>, RecordError> {
        self.read(|read| {
            let found = self.seen(read, id)?;
            let query = "SELECT uuid FROM patients WHERE id = ?1";
            Ok(read.query_row(query, [found.patient], |row| row.get(0)).optional()?)
        })
    }

    /// # Errors
    /// [`RecordError::NoPatient`] also for one of whom this doctor may see nothing.
    pub fn patient(&self, id: &PatientId) -> Result<PatientFile, RecordError> {
        let found = self.read(|read| self.patient_files(read, "AND p.uuid = ?1 ORDER BY last", [id]))?;
        found.into_iter().next().ok_or(RecordError::NoPatient)
    }

    /// The consultations of a patient that this doctor may see, oldest first.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn consultations_of(&self, id: &PatientId) -> Result<Vec<Consultation>, RecordError> {
        self.read(|read| self.select(read, "AND p.uuid = ?1 ORDER BY c.id", [id]))
    }

    /// Erases every consultation of a patient, and the patient; gives their number. Nothing of it can be found in the
    /// files afterwards; the audit keeps that it was done, without identity. Backups made before still hold it: the
    /// erasure is repeated when one is restored.
    ///
    /// # Errors
    /// [`RecordError::NotOwner`] when colleagues saw the patient too and this is not the owner;
    /// [`RecordError::NoPatient`]; [`RecordError::Forbidden`] while one is being recorded.
    pub fn erase_patient(&self, id: &PatientId, why: &str, at: DateTime<Utc>) -> Result<u32, RecordError> {
        let erased = self.write(|write| {
            let query = "SELECT c.uuid, c.doctor FROM consultations c JOIN patients p ON p.id = c.patient
                         WHERE p.uuid = ?1 ORDER BY c.id";
            let mut rows = write.prepare(query)?;
            let rows: Vec<(ConsultationId, i64)> =
                rows.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
            let me = self.doctor_key();
            if rows.is_empty() || (me != OWNER && rows.iter().all(|(_, doctor)| *doctor != me)) {
                return Err(RecordError::NoPatient);
            }
            if me != OWNER && rows.iter().any(|(_, doctor)| *doctor != me) {
                return Err(RecordError::NotOwner);
            }
            for (consultation, _) in &rows {
                let found = find(write, consultation)?;
                found.refuse_if(found.state == crate::State::Recording, "be erased (stop it first)")?;
                erase(write, consultation, &found, Scope::Consultation, why, at)?;
            }
            audit::append(write, at, "erase patient", None, &format!("{} consultations", rows.len()))?;
            Ok(u32::try_from(rows.len()).unwrap_or(u32::MAX))
        })?;
        self.reclaim();
        Ok(erased)
    }

    /// Every decision on being recorded, oldest first.
    ///
    /// # Errors
    /// [`RecordError::NotFound`].
    pub fn consents(&self, id: &ConsultationId) -> Result<Vec<Consent>, RecordError> {
        self.read(|read| {
            let found = self.seen(read, id)?;
            let mut rows =
                read.prepare("SELECT decision, form, at FROM consents WHERE consultation = ?1 ORDER BY id")?;
            let rows = rows.query_map([found.key], |row| {
                Ok(Consent { decision: row.get(0)?, form: row.get(1)?, at: row.get::<_, Stamp>(2)?.0 })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Every document that left, oldest first.
    ///
    /// # Errors
    /// [`RecordError::NotFound`].
    pub fn departures(&self, id: &ConsultationId) -> Result<Vec<Departure>, RecordError> {
        self.read(|read| {
            let found = self.seen(read, id)?;
            let mut rows =
                read.prepare("SELECT version, kind, at FROM exports WHERE consultation = ?1 ORDER BY id")?;
            let rows = rows.query_map([found.key], |row| {
                Ok(Departure { version: row.get(0)?, kind: row.get(1)?, at: row.get::<_, Stamp>(2)?.0 })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The acts on one consultation, oldest first.
    ///
    /// # Errors
    /// [`RecordError::NotFound`].
    pub fn audit_of(&self, id: &ConsultationId) -> Result<Vec<AuditRow>, RecordError> {
        self.read(|read| {
            self.seen(read, id)?;
            audit::rows(read, "WHERE subject = ?1", [id.as_str()])
        })
    }

    fn patient_files(
        &self,
        read: &Connection,
        which: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<PatientFile>, RecordError> {
        let (which, order) = which.find("ORDER").map_or((which, ""), |at| which.split_at(at));
        let query = format!(
            "SELECT p.uuid, p.identifier, p.name, p.birth_date, count(*), min(c.created_at),
                max(c.created_at) AS last,
                (SELECT count(*) FROM consultations WHERE patient = p.id)
             FROM patients p JOIN consultations c ON c.patient = p.id
             WHERE {} {which} GROUP BY p.id {order}",
            visible(self.doctor_key())
        );
        read_files(read, &query, values)
    }
}

/// The first different patients of the visits that a query gives: the walk ends as soon as there are enough of them,
/// however many visits there are.
fn first_patients(
    read: &Connection,
    visits: &str,
    values: impl rusqlite::Params,
    enough: usize,
) -> Result<Vec<i64>, RecordError> {
    let mut visits = read.prepare_cached(visits)?;
    let mut visits = visits.query(values)?;
    let mut seen = HashSet::new();
    while seen.len() < enough
        && let Some(visit) = visits.next()?
    {
        seen.insert(visit.get(0)?);
    }
    Ok(seen.into_iter().collect())
}

fn read_files(
    read: &Connection,
    query: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<PatientFile>, RecordError> {
    let mut rows = read.prepare_cached(query)?;
    let rows = rows.query_map(values, |row| {
        let consultations: u32 = row.get(4)?;
        Ok(PatientFile {
            id: row.get(0)?,
            patient: Patient {
                identifier: row.get(1)?,
                name: row.get(2)?,
                birth_date: row.get::<_, Option<Day>>(3)?.map(|day| day.0),
            },
            consultations,
            elsewhere: row.get::<_, u32>(7)?.saturating_sub(consultations),
            first_at: row.get::<_, Stamp>(5)?.0,
            last_at: row.get::<_, Stamp>(6)?.0,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
