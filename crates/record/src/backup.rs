//! Copies of the record: the encrypted database page by page, with its key file. A copy is consistent although a
//! recording goes on, has been opened and checked from end to end before it bears its name, and opens with the
//! passphrase of its day.

use std::fs::File;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use rusqlite::Connection;
use rusqlite::backup::StepResult;
use serde::{Deserialize, Serialize};

use crate::kdf::Key;
use crate::keys::{Anchor, Keys};
use crate::{Holdings, Record, RecordError, audit, database, files};

const PREFIX: &str = "calame-";
const SUFFIX: &str = ".calame";
const STAMP: &str = "%Y-%m-%d-%H%M%S";
const UNFINISHED: &str = ".part";
/// Between two looks at whether audio waits: 1 MiB.
const PAGES_AT_ONCE: i32 = 256;

/// One copy of a record in a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Backup {
    pub path: PathBuf,
    /// To the second.
    pub made_at: DateTime<Utc>,
    #[ts(type = "number")]
    pub bytes: u64,
}

impl Record {
    /// Copies the record into a folder that exists, checks the copy, and only then lets go of older ones: the newest
    /// `keep` copies of this record stay (at least one). Recording goes on meanwhile.
    ///
    /// # Errors
    /// [`RecordError::BackupFolder`] when the folder is not there (a stick that was pulled out),
    /// [`RecordError::Full`], [`RecordError::ReadOnly`], [`RecordError::BackupDamaged`] when what was written does not
    /// read back. No earlier copy is touched then.
    pub fn backup(&self, folder: &Path, keep: u32, at: DateTime<Utc>) -> Result<Backup, RecordError> {
        if !folder.is_dir() {
            return Err(RecordError::BackupFolder { path: folder.to_owned() });
        }
        let source = self.another_connection()?;
        let made = copy_to(&source, self.key(), &self.keys_now(), folder, at, &|| self.give_way())?;
        forget_older(folder, &self.keys_now().record, keep, &made.path);
        self.audit("backup", None, &format!("{} bytes", made.bytes), at)?;
        Ok(made)
    }

    /// Copies of this record in a folder, newest first.
    #[must_use]
    pub fn backups(&self, folder: &Path) -> Vec<Backup> {
        backups_of(folder, Some(&self.keys_now().record))
    }
}

/// Copies of records in a folder, newest first: of one record, or of all. Neither passphrase nor record is needed.
#[must_use]
pub fn backups_in(folder: &Path) -> Vec<Backup> {
    backups_of(folder, None)
}

fn backups_of(folder: &Path, record: Option<&str>) -> Vec<Backup> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<Backup> = entries
        .filter_map(|entry| {
            let (path, name) = (entry.path(), entry.file_name());
            let stamp = name.to_str()?.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
            let made_at = NaiveDateTime::parse_from_str(stamp, STAMP).ok()?.and_utc();
            let keys = Keys::read(&path).ok()?;
            let wanted = record.is_none_or(|record| keys.record == record);
            wanted.then_some(Backup { bytes: entry.metadata().ok()?.len(), path, made_at })
        })
        .collect();
    found.sort_by_key(|backup| std::cmp::Reverse(backup.made_at));
    found
}

/// The copy just made stays whatever the clock says. What cannot be deleted stays too.
fn forget_older(folder: &Path, record: &str, keep: u32, made: &Path) {
    let keep = usize::try_from(keep).unwrap_or(usize::MAX).max(1);
    let others = backups_of(folder, Some(record)).into_iter().filter(|backup| backup.path != made);
    for old in others.skip(keep - 1) {
        // The database first: keys alone hold nothing.
        if std::fs::remove_file(&old.path).is_ok() {
            let _ = std::fs::remove_file(Keys::path(&old.path));
        }
    }
}

/// Before the schema changes: three such copies are kept, beside the record.
pub(crate) fn before_migration(
    source: &Connection,
    path: &Path,
    key: &Key,
    keys: &Keys,
    at: DateTime<Utc>,
) -> Result<(), RecordError> {
    const KEPT: u32 = 3;
    let folder = folder_before_migrations(path);
    std::fs::create_dir_all(&folder).map_err(|error| RecordError::io(&folder, error))?;
    let made = copy_to(source, key, keys, &folder, at, &|| ())?;
    forget_older(&folder, &keys.record, KEPT, &made.path);
    Ok(())
}

pub(crate) fn folder_before_migrations(path: &Path) -> PathBuf {
    files::beside(path, ".before-updates")
}

/// Copies what `source` sees now, checks it, and names it.
fn copy_to(
    source: &Connection,
    key: &Key,
    keys: &Keys,
    folder: &Path,
    at: DateTime<Utc>,
    give_way: &dyn Fn(),
) -> Result<Backup, RecordError> {
    let (path, made_at) = free_name(folder, at);
    let part = files::beside(&path, UNFINISHED);
    sweep(folder);
    let copied = (|| {
        // One snapshot for the copy and for what it is compared with; audio is written on meanwhile.
        source.execute_batch("BEGIN")?;
        let compared = (|| {
            let wanted = (Holdings::count(source)?, audit::head(source)?);
            copy_pages(source, key, &part, give_way)?;
            Ok::<_, RecordError>(wanted)
        })();
        source.execute_batch("ROLLBACK")?;
        let (held, (seq, hash)) = compared?;
        let mut own = keys.clone();
        own.failures = 0;
        own.anchor = Some(Anchor { seq, hash: hash.clone() });
        own.write(&part)?;
        if check(&part, key, &own)? != held {
            return Err(damaged(&part, "it does not hold what the record holds"));
        }
        let rename =
            |from: &Path, to: &Path| std::fs::rename(from, to).map_err(|error| RecordError::io(to, error));
        rename(&Keys::path(&part), &Keys::path(&path))?;
        rename(&part, &path)?;
        files::sync_folder(&path).map_err(|error| RecordError::io(&path, error))
    })();
    if copied.is_err() {
        for left_over in [&Keys::path(&part), &part] {
            let _ = std::fs::remove_file(left_over);
        }
    }
    copied.map_err(|error: RecordError| error.at(&part))?;
    let bytes = std::fs::metadata(&path).map_err(|error| RecordError::io(&path, error))?.len();
    Ok(Backup { path, made_at, bytes })
}

/// What an earlier copy left behind when it was cut off.
fn sweep(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let ours = name
            .to_str()
            .is_some_and(|name| name.starts_with(PREFIX) && name.contains(&format!("{SUFFIX}{UNFINISHED}")));
        if ours {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn copy_pages(source: &Connection, key: &Key, target: &Path, give_way: &dyn Fn()) -> Result<(), RecordError> {
    let _ = std::fs::remove_file(target);
    let mut copy = database::create_bare(target, key)?;
    {
        let pages = rusqlite::backup::Backup::new(source, &mut copy)?;
        loop {
            give_way();
            match pages.step(PAGES_AT_ONCE)? {
                StepResult::Done => break,
                StepResult::Busy | StepResult::Locked => return Err(RecordError::Busy),
                _ => {}
            }
        }
    }
    copy.close().map_err(|(_, error)| error)?;
    // The copy was written without waiting for the disk; now it is waited for once.
    File::options()
        .write(true)
        .open(target)
        .and_then(|file| file.sync_all())
        .map_err(|error| RecordError::io(target, error))
}

/// Reads a copy from the first page to the last: every page authentic, every table and index sound, the audit's end
/// where its key file says. Writes nothing beside it.
pub(crate) fn check(path: &Path, key: &Key, keys: &Keys) -> Result<Holdings, RecordError> {
    let copy = database::open_unchanging(path, key).map_err(|error| as_damage(path, error))?;
    let sound = (|| {
        let broken: Vec<String> = copy
            .prepare("PRAGMA cipher_integrity_check")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        if let Some(first) = broken.first() {
            return Err(damaged(path, first));
        }
        let answer: String = copy.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if answer != "ok" {
            return Err(damaged(path, &answer));
        }
        let record: String = copy.query_row("SELECT record FROM identity", [], |row| row.get(0))?;
        if record != keys.record {
            return Err(damaged(path, "its keys belong to another record"));
        }
        let anchor = keys.anchor.as_ref().map(|anchor| (anchor.seq, anchor.hash.as_str()));
        if !audit::holds(&copy, anchor)? {
            return Err(damaged(path, "its audit trail is not the one that was copied"));
        }
        Holdings::count(&copy)
    })();
    sound.map_err(|error: RecordError| as_damage(path, error))
}

pub(crate) fn damaged(path: &Path, reason: &str) -> RecordError {
    RecordError::BackupDamaged { path: path.to_owned(), reason: reason.into() }
}

/// What a database says of a file that is not whole.
fn as_damage(path: &Path, error: RecordError) -> RecordError {
    match error.at(path) {
        RecordError::Corrupt { reason, .. } => damaged(path, &reason),
        other => other,
    }
}

/// Two copies in one second get two names.
fn free_name(folder: &Path, at: DateTime<Utc>) -> (PathBuf, DateTime<Utc>) {
    let mut at = DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at);
    loop {
        let path = folder.join(format!("{PREFIX}{}{SUFFIX}", at.format(STAMP)));
        if !path.exists() {
            return (path, at);
        }
        at += Duration::seconds(1);
    }
}
