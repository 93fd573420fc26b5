//! Who did what, when: append-only, each row sealed with the hash of the one before it.

use chrono::{DateTime, Utc};
use note::canonical_json;
use rusqlite::{Connection, OptionalExtension as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::stamp::Stamp;
use crate::{Record, RecordError};

/// One act. Holds ids, states and counts, never patient text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct AuditRow {
    /// From 1, without gaps.
    #[ts(type = "number")]
    pub seq: u64,
    pub at: DateTime<Utc>,
    pub act: String,
    /// Id of the consultation the act concerns.
    pub subject: Option<String>,
    pub detail: String,
    /// SHA-256, hexadecimal, of the row before and this one.
    pub hash: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct AuditReport {
    #[ts(type = "number")]
    pub rows: u64,
    pub intact: bool,
    /// Number of the first row that was changed, moved or taken away.
    #[ts(type = "number | null")]
    pub first_broken: Option<u64>,
}

impl Record {
    /// Adds a row for an act that happens outside the record. `detail` must hold no patient text.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub fn audit(
        &self,
        act: &str,
        subject: Option<&str>,
        detail: &str,
        at: DateTime<Utc>,
    ) -> Result<(), RecordError> {
        self.write(|write| append(write, at, act, subject, detail))
    }

    /// Every act, oldest first.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn audit_rows(&self) -> Result<Vec<AuditRow>, RecordError> {
        self.read(|read| rows(read, "", []))
    }

    /// Recomputes the chain and compares its end with the head kept in the database and with the anchor kept in the
    /// key file, which also shows a tail that was cut.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn verify_audit(&self) -> Result<AuditReport, RecordError> {
        let anchor = self.anchored();
        self.read(|read| {
            let (head_seq, head_hash) = head(read)?;
            let (mut rows, mut last, mut broken) = (0, ORIGIN.to_owned(), None);
            let mut chain =
                read.prepare("SELECT seq, at, act, subject, detail, hash FROM audit ORDER BY seq")?;
            let mut chain = chain.query([])?;
            while let Some(row) = chain.next()? {
                rows += 1;
                // As text: an altered time need not even be one.
                let (seq, hash): (u64, String) = (row.get(0)?, row.get(5)?);
                let [at, act, detail]: [String; 3] = [row.get(1)?, row.get(2)?, row.get(4)?];
                let sealed =
                    seal(&last, seq, &at, &act, row.get::<_, Option<String>>(3)?.as_deref(), &detail);
                let is_anchor = anchor.as_ref().is_some_and(|(anchored, _)| *anchored == seq);
                let anchored = !is_anchor || anchor.as_ref().is_some_and(|(_, known)| *known == hash);
                if seq != rows || sealed != hash || !anchored {
                    broken = broken.or(Some(rows));
                }
                last = hash;
            }
            let cut = head_seq != rows
                || head_hash != last
                || anchor.as_ref().is_some_and(|(anchored, _)| *anchored > rows);
            if cut {
                broken = broken.or(Some(rows + 1));
            }
            Ok(AuditReport { rows, intact: broken.is_none(), first_broken: broken })
        })
    }
}

pub(crate) fn rows(
    read: &Connection,
    which: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<AuditRow>, RecordError> {
    let query = format!("SELECT seq, at, act, subject, detail, hash FROM audit {which} ORDER BY seq");
    let mut rows = read.prepare(&query)?;
    let rows = rows.query_map(values, |row| {
        Ok(AuditRow {
            seq: row.get(0)?,
            at: row.get::<_, Stamp>(1)?.0,
            act: row.get(2)?,
            subject: row.get(3)?,
            detail: row.get(4)?,
            hash: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Hash before the first row.
const ORIGIN: &str = "0000000000000000000000000000000000000000000000000000000000000000";

pub(crate) fn append(
    write: &Connection,
    at: DateTime<Utc>,
    act: &str,
    subject: Option<&str>,
    detail: &str,
) -> Result<(), RecordError> {
    let (seq, last) = head(write)?;
    let (seq, at) = (seq + 1, Stamp(at).to_string());
    let hash = seal(&last, seq, &at, act, subject, detail);
    // The head follows by trigger.
    write
        .prepare_cached(
            "INSERT INTO audit (seq, at, act, subject, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((seq, at, act, subject, detail, hash))?;
    Ok(())
}

/// Number and hash of the last row.
pub(crate) fn head(connection: &Connection) -> Result<(u64, String), RecordError> {
    let mut head = connection.prepare_cached("SELECT seq, hash FROM audit_head")?;
    Ok(head.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Whether a row known from elsewhere is still there as it was.
pub(crate) fn holds(connection: &Connection, known: Option<(u64, &str)>) -> Result<bool, RecordError> {
    let Some((seq, hash)) = known else { return Ok(true) };
    let found: Option<String> =
        connection.query_row("SELECT hash FROM audit WHERE seq = ?1", [seq], |row| row.get(0)).optional()?;
    Ok(found.as_deref() == Some(hash))
}

/// SHA-256 of the previous hash and the row as canonical JSON.
fn seal(last: &str, seq: u64, at: &str, act: &str, subject: Option<&str>, detail: &str) -> String {
    let row = canonical_json(&(seq, at, act, subject, detail));
    hex::encode(Sha256::new().chain_update(last).chain_update(row).finalize())
}
