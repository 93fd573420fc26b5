//! The doctors of a practice. Each opens the record with a passphrase of their own; what they record, hear and draft is
//! read by nobody else. Doctors who share read one another's signed notes. The owner lets doctors in and out.
//!
//! All of them hold the same database key: who reads what is kept by these queries, not by cryptography (see
//! docs/security.md).

use chrono::{DateTime, Utc};
use rusqlite::types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension as _, ToSql};
use serde::{Deserialize, Serialize};

use crate::consultations::{Found, find};
use crate::keys::check_strength;
use crate::stamp::Stamp;
use crate::{ConsultationId, Record, RecordError, audit};

/// Row of the doctor who made the record.
pub(crate) const OWNER: i64 = 1;

/// UUID of a doctor.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(transparent)]
pub struct DoctorId(String);

impl DoctorId {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for DoctorId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for DoctorId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        uuid::Uuid::parse_str(text.trim()).map(|id| Self(id.to_string()))
    }
}

impl ToSql for DoctorId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for DoctorId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str().map(|id| Self(id.to_owned()))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Doctor {
    pub id: DoctorId,
    /// As notes are signed; empty until the owner gives it.
    pub name: String,
    pub owner: bool,
    /// Reads the signed notes of the others who share, and lets them read these.
    pub shares: bool,
    /// No longer opens the record. Signed notes stay.
    pub left: bool,
    /// Whose session this is.
    pub me: bool,
}

/// SQL: whether the consultation `c` is this doctor's, or a signed one shared with them.
pub(crate) fn visible(doctor: i64) -> String {
    format!("(c.doctor = {doctor} OR {})", shared_with(doctor))
}

/// SQL: whether the consultation `c` is a colleague's, signed, and both share.
pub(crate) fn shared_with(doctor: i64) -> String {
    format!(
        "(c.doctor <> {doctor} AND c.exercise = 0 AND c.state IN ('validated', 'exported')
          AND (SELECT min(shares) FROM doctors WHERE id IN (c.doctor, {doctor})) = 1)"
    )
}

pub(crate) fn key(connection: &Connection, doctor: &str) -> Result<i64, RecordError> {
    let query = "SELECT id FROM doctors WHERE uuid = ?1 AND left_at IS NULL";
    let key = connection.query_row(query, [doctor], |row| row.get(0)).optional()?;
    key.ok_or(RecordError::NoDoctor)
}

/// All that ever were, so as to know whether anything can be a colleague's.
pub(crate) fn count(connection: &Connection) -> Result<u32, RecordError> {
    Ok(connection.prepare_cached("SELECT count(*) FROM doctors")?.query_row([], |row| row.get(0))?)
}

/// Whether a colleague shares with this doctor.
pub(crate) fn reads_others(connection: &Connection, doctor: i64) -> Result<bool, RecordError> {
    let query = "SELECT 1 FROM doctors me JOIN doctors other ON other.id <> me.id
                 WHERE me.id = ?1 AND me.shares = 1 AND other.shares = 1";
    Ok(connection.prepare_cached(query)?.exists([doctor])?)
}

impl Record {
    /// A consultation of this doctor. One that a colleague did not share is not even there.
    pub(crate) fn own(&self, connection: &Connection, id: &ConsultationId) -> Result<Found, RecordError> {
        let found = self.seen(connection, id)?;
        if found.doctor == self.doctor_key() { Ok(found) } else { Err(RecordError::NotYours) }
    }

    /// A consultation whose signed note this doctor may read.
    pub(crate) fn seen(&self, connection: &Connection, id: &ConsultationId) -> Result<Found, RecordError> {
        let found = find(connection, id)?;
        let query =
            format!("SELECT 1 FROM consultations c WHERE c.id = ?1 AND {}", visible(self.doctor_key()));
        if connection.prepare_cached(&query)?.exists([found.key])? {
            Ok(found)
        } else {
            Err(RecordError::NotFound { id: id.clone() })
        }
    }

    /// Who works through this handle.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn doctor(&self) -> Result<Doctor, RecordError> {
        let me = self.doctors()?.into_iter().find(|doctor| doctor.me);
        me.ok_or(RecordError::NoDoctor)
    }

    /// The owner first, then in the order they came.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn doctors(&self) -> Result<Vec<Doctor>, RecordError> {
        self.read(|read| {
            let mut rows =
                read.prepare("SELECT id, uuid, name, shares, left_at IS NOT NULL FROM doctors ORDER BY id")?;
            let rows = rows.query_map([], |row| {
                let key: i64 = row.get(0)?;
                Ok(Doctor {
                    id: row.get(1)?,
                    name: row.get(2)?,
                    owner: key == OWNER,
                    shares: row.get(3)?,
                    left: row.get(4)?,
                    me: key == self.doctor_key(),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Sets this doctor's own name and whether they share.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub fn describe_doctor(&self, name: &str, shares: bool, at: DateTime<Utc>) -> Result<(), RecordError> {
        self.write(|write| {
            let changed = write.execute(
                "UPDATE doctors SET name = ?2, shares = ?3 WHERE id = ?1 AND (name <> ?2 OR shares <> ?3)",
                (self.doctor_key(), name.trim(), shares),
            )?;
            if changed == 0 {
                return Ok(());
            }
            let detail = if shares { "shares signed notes" } else { "shares nothing" };
            audit::append(write, at, "doctor", None, detail)
        })
    }

    /// Lets a doctor in, with the passphrase they chose. For the owner.
    ///
    /// # Errors
    /// [`RecordError::NotOwner`], [`RecordError::WeakPassphrase`], [`RecordError::PassphraseTaken`].
    pub fn add_doctor(
        &self,
        name: &str,
        passphrase: &str,
        shares: bool,
        at: DateTime<Utc>,
    ) -> Result<DoctorId, RecordError> {
        self.for_owner()?;
        check_strength(passphrase)?;
        self.refuse_taken(passphrase, "")?;
        let id = DoctorId(uuid::Uuid::new_v4().to_string());
        self.write(|write| {
            write.execute(
                "INSERT INTO doctors (uuid, name, shares, created_at) VALUES (?1, ?2, ?3, ?4)",
                (&id, name.trim(), shares, Stamp(at)),
            )?;
            audit::append(write, at, "doctor", None, &format!("{id} came"))
        })?;
        // The row without its key opens nothing; the key without its row neither.
        self.rewrap(&format!("passphrase of doctor {id}"), at, |keys, key| {
            keys.set_passphrase(key, Some(id.as_str()), passphrase, keys.next_cost())
        })?;
        Ok(id)
    }

    /// Gives a colleague who forgot theirs a new passphrase. For the owner; it stands in the audit.
    ///
    /// # Errors
    /// [`RecordError::NotOwner`], [`RecordError::NoDoctor`], [`RecordError::WeakPassphrase`],
    /// [`RecordError::PassphraseTaken`].
    pub fn reset_passphrase(
        &self,
        doctor: &DoctorId,
        passphrase: &str,
        at: DateTime<Utc>,
    ) -> Result<(), RecordError> {
        self.for_owner()?;
        check_strength(passphrase)?;
        self.refuse_taken(passphrase, "")?;
        if self.read(|read| key(read, doctor.as_str()))? == OWNER {
            return Err(RecordError::NoDoctor);
        }
        self.rewrap(&format!("passphrase of doctor {doctor} reset by the owner"), at, |keys, key| {
            keys.set_passphrase(key, Some(doctor.as_str()), passphrase, keys.next_cost())
        })
    }

    /// Takes a colleague's way in away. Their signed notes stay, shared or not as they chose; their drafts are read by
    /// nobody. For the owner, who stays.
    ///
    /// # Errors
    /// [`RecordError::NotOwner`], [`RecordError::NoDoctor`].
    pub fn remove_doctor(&self, doctor: &DoctorId, at: DateTime<Utc>) -> Result<(), RecordError> {
        self.for_owner()?;
        let row = self.read(|read| key(read, doctor.as_str()))?;
        if row == OWNER {
            return Err(RecordError::NoDoctor);
        }
        // The key first: should the row not follow, the doctor is out all the same.
        self.rewrap(&format!("passphrase of doctor {doctor} taken away"), at, |keys, _| {
            keys.forget_doctor(doctor.as_str());
            Ok(())
        })?;
        self.write(|write| {
            write.execute("UPDATE doctors SET left_at = ?2 WHERE id = ?1", (row, Stamp(at)))?;
            audit::append(write, at, "doctor", None, &format!("{doctor} left"))
        })
    }

    pub(crate) fn for_owner(&self) -> Result<(), RecordError> {
        if self.doctor_key() == OWNER { Ok(()) } else { Err(RecordError::NotOwner) }
    }

    /// A passphrase says who its doctor is, so no two doctors have the same. `own` may be given again.
    pub(crate) fn refuse_taken(&self, passphrase: &str, own: &str) -> Result<(), RecordError> {
        if passphrase == own {
            return Ok(());
        }
        match self.keys_now().open_with_passphrase(self.path(), passphrase) {
            Ok(_) => Err(RecordError::PassphraseTaken),
            Err(RecordError::WrongPassphrase) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The name of this doctor's slot in the key file.
    pub(crate) fn slot_name(&self) -> Result<Option<String>, RecordError> {
        if self.doctor_key() == OWNER {
            return Ok(None);
        }
        Ok(Some(self.doctor()?.id.0))
    }
}
