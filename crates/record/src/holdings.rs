use chrono::{DateTime, Utc};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::stamp::Stamp;
use crate::{RecordError, audio};

/// How much a record or a copy of it holds: what a restore weighs against what. Counts and dates, no identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Holdings {
    /// Version of the database's schema, from 1.
    pub schema: u32,
    pub patients: u32,
    pub consultations: u32,
    /// Of these, how many have a signed note.
    pub validated: u32,
    pub audio_ms: u32,
    /// When the first and the newest consultation were opened.
    pub first_at: Option<DateTime<Utc>>,
    pub last_at: Option<DateTime<Utc>>,
}

/// The schema that knows exercises.
const EXERCISES: u32 = 6;

impl Holdings {
    /// Reads any schema, from the first on.
    pub(crate) fn count(connection: &Connection) -> Result<Self, RecordError> {
        let number = |query: &str| connection.query_row(query, [], |row| row.get::<_, u32>(0));
        let schema = number("PRAGMA user_version")?;
        // What was invented to practise on is no loss.
        let real = if schema >= EXERCISES { "exercise = 0" } else { "1" };
        let samples: i64 = connection.query_row(
            &format!(
                "SELECT coalesce(sum(length), 0) FROM (SELECT max(start_sample + samples) AS length
                 FROM audio_chunks JOIN consultations c ON c.id = consultation WHERE {real} GROUP BY consultation)"
            ),
            [],
            |row| row.get(0),
        )?;
        let (first_at, last_at) = connection.query_row(
            &format!("SELECT min(created_at), max(created_at) FROM consultations WHERE {real}"),
            [],
            |row| Ok((row.get::<_, Option<Stamp>>(0)?, row.get::<_, Option<Stamp>>(1)?)),
        )?;
        Ok(Self {
            schema,
            patients: number("SELECT count(*) FROM patients")?,
            consultations: number(&format!("SELECT count(*) FROM consultations WHERE {real}"))?,
            validated: number(&format!(
                "SELECT count(*) FROM consultations WHERE state IN ('validated', 'exported') AND {real}"
            ))?,
            audio_ms: audio::to_ms(samples),
            first_at: first_at.map(|at| at.0),
            last_at: last_at.map(|at| at.0),
        })
    }
}
