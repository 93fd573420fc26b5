use chrono::{DateTime, NaiveDate, Utc};
use note::{Language, Note};
use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

use crate::State;

/// UUID v4 of a consultation: says nothing about the patient, so it may stand in the audit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(transparent)]
pub struct ConsultationId(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the id of a consultation")]
pub struct InvalidId(String);

impl ConsultationId {
    pub(crate) fn new() -> Self {
        Self(uuid::Uuid::new_v4().to_string())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ConsultationId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for ConsultationId {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        uuid::Uuid::parse_str(text.trim())
            .map(|id| Self(id.to_string()))
            .map_err(|_| InvalidId(text.to_owned()))
    }
}

impl ToSql for ConsultationId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for ConsultationId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str().map(|id| Self(id.to_owned()))
    }
}

/// Who was seen. All fields may be absent: the practice software knows the patient.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Patient {
    /// The practice's own number for the patient.
    #[serde(default)]
    pub identifier: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub birth_date: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ConsentDecision {
    Informed,
    Refused,
    /// Withdrawn in the course of, or after, the consultation: what was recorded is erased.
    Withdrawn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ConsentForm {
    Oral,
    Written,
}

/// The patient's decision on being recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    pub decision: ConsentDecision,
    pub form: ConsentForm,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct NewConsultation {
    #[serde(default)]
    pub patient: Option<Patient>,
    #[serde(default)]
    pub reason: Option<String>,
    pub language: Language,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Consultation {
    pub id: ConsultationId,
    pub patient: Option<Patient>,
    pub reason: Option<String>,
    pub language: Language,
    pub state: State,
    pub created_at: DateTime<Utc>,
    /// The newest decision.
    pub consent: Option<Consent>,
    /// Audio the record holds, in milliseconds: 0 before recording and after erasure.
    pub audio_ms: u32,
    pub audio_erased_at: Option<DateTime<Utc>>,
    pub validated_at: Option<DateTime<Utc>>,
    /// The doctor who validated.
    pub author: Option<String>,
    /// The colleague whose consultation this is; absent on one's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub colleague: Option<String>,
    /// An invented visit, to practise on.
    #[serde(default)]
    pub exercise: bool,
}

/// The newest draft of a note.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub note: Note,
    /// Ids of the critical statements the doctor looked at.
    pub checked: Vec<String>,
    /// Counts the saves of a consultation from 1.
    pub version: u32,
    pub saved_at: DateTime<Utc>,
}

/// Gives a fieldless serde enum its place in a text column, under the name it has in JSON.
macro_rules! stored_by_name {
    ($($kind:ty),*) => {$(
        impl ToSql for $kind {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                match serde_json::to_value(self) {
                    Ok(serde_json::Value::String(name)) => Ok(name.into()),
                    _ => Err(rusqlite::Error::ToSqlConversionFailure("not a name".into())),
                }
            }
        }

        impl FromSql for $kind {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                serde_json::from_value(value.as_str()?.into()).map_err(FromSqlError::other)
            }
        }
    )*};
}
stored_by_name!(ConsentDecision, ConsentForm);

/// A date column; the `chrono` feature of the database library would also claim times, in another form.
pub(crate) struct Day(pub NaiveDate);

impl ToSql for Day {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.format("%Y-%m-%d").to_string().into())
    }
}

impl FromSql for Day {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map(Self).map_err(FromSqlError::other)
    }
}
