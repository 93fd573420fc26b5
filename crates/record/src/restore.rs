//! Bringing a backup back. The record it replaces is kept aside, whole; what was erased since the backup was made is
//! erased from it again. A crash on the way leaves either the old record or the new one: the next opening finishes.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _};
use serde::{Deserialize, Serialize};

use crate::consultations::find;
use crate::erasure::{Scope, erase};
use crate::kdf::Key;
use crate::keys::{Keys, Opened};
use crate::record::{commit, lock};
use crate::{
    ConsultationId, Holdings, Record, RecordError, RecoveryCode, State, audit, backup, database, files,
};

/// Complete but not yet in its place.
const PENDING: &str = ".restored";
const UNFINISHED: &str = ".restoring";
const ASIDE: &str = ".replaced-";
/// Of a database: itself, its log, the log's index, its keys.
const PARTS: [&str; 4] = ["-wal", "-shm", ".keys", ""];

/// What a restore would do, for the doctor to read first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct RestorePreview {
    pub backup: Holdings,
    /// What stands there now; absent when there is nothing, or nothing that this passphrase can read.
    pub present: Option<Holdings>,
    /// There is a record at the place, readable or not: it will be kept aside.
    pub replaces: bool,
    /// Both are states of one record.
    pub same_record: bool,
    /// Consultations of the present record that the backup does not hold.
    pub lost: u32,
    /// Consultations that were worked on since: the backup holds an earlier state of them.
    pub older: u32,
    /// Consultations erased since, in whole or in part: they are erased from what comes back.
    pub erased_since: u32,
}

/// Reads a backup and compares it with the record that stands at `record`, open or not. Changes nothing.
///
/// # Errors
/// [`RecordError::WrongPassphrase`] when it is not the one of the backup's day, [`RecordError::BackupDamaged`],
/// [`RecordError::KeysMissing`], [`RecordError::KeysCorrupt`], [`RecordError::Newer`].
pub fn preview(record: &Path, backup: &Path, secret: &str) -> Result<RestorePreview, RecordError> {
    let (Opened { key, .. }, keys) = open_keys(backup, secret)?;
    let held = checked(backup, &key, &keys)?;
    let copy = database::open_unchanging(backup, &key)?;
    let present = present(record, &key);
    let mut preview = RestorePreview {
        backup: held,
        present: None,
        replaces: Record::exists(record),
        same_record: false,
        lost: 0,
        older: 0,
        erased_since: 0,
    };
    if let Some(present) = present {
        let (was, is) = (stages(&copy)?, stages(&present)?);
        let lost = is.keys().filter(|id| !was.contains_key(*id)).count();
        let older = is.iter().filter(|(id, stage)| was.get(*id).is_some_and(|old| old != *stage)).count();
        let erased: HashSet<_> = erased_since(&copy, &present)?
            .into_iter()
            .filter(|(id, _)| was.contains_key(id.as_str()))
            .map(|(id, _)| id)
            .collect();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        preview.same_record = true;
        preview.present = Some(Holdings::count(&present)?);
        (preview.lost, preview.older, preview.erased_since) =
            (number(lost), number(older), number(erased.len()));
    }
    Ok(preview)
}

/// Puts a backup in the place of the record at `path` and opens it. The second value is the folder in which the
/// replaced record is kept.
///
/// # Errors
/// As [`preview`], and [`RecordError::Busy`] while the record is open: close it first. Nothing has changed then.
pub fn restore(
    path: &Path,
    backup: &Path,
    secret: &str,
    at: DateTime<Utc>,
) -> Result<(Record, Option<PathBuf>), RecordError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| RecordError::io(folder, error))?;
    }
    let lock = lock(path)?;
    finish(path)?;
    let (Opened { key, doctor }, mut keys) = open_keys(backup, secret)?;
    checked(backup, &key, &keys)?;
    let unfinished = files::beside(path, UNFINISHED);
    clear(&unfinished);
    let copied = prepare(path, backup, &unfinished, &key, &mut keys, at);
    if copied.is_err() {
        clear(&unfinished);
    }
    copied.map_err(|error| error.at(&unfinished))?;
    let aside = Record::exists(path)
        .then(|| files::beside(path, &format!("{ASIDE}{}", at.format("%Y-%m-%d-%H%M%S"))));
    if let Some(aside) = &aside {
        std::fs::create_dir_all(aside).map_err(|error| RecordError::io(aside, error))?;
    }
    // Keys first: once the database bears its new name, all of it is there.
    let pending = files::beside(path, PENDING);
    rename(&Keys::path(&unfinished), &Keys::path(&pending))?;
    rename(&unfinished, &pending)?;
    finish(path)?;
    Ok((Record::connect(path, key, keys, lock, at)?.in_hands_of(doctor.as_deref())?, aside))
}

/// Completes a restore that was cut off after its copy was whole.
pub(crate) fn finish(path: &Path) -> Result<(), RecordError> {
    let pending = files::beside(path, PENDING);
    if !pending.exists() {
        return Ok(());
    }
    let aside = newest_aside(path);
    for part in PARTS {
        let (new, place) = (files::beside(&pending, part), files::beside(path, part));
        // What has no successor waiting has been replaced already; the log of the old database goes with it.
        let log = part.starts_with('-');
        if (log || new.exists())
            && place.exists()
            && let (Some(aside), Some(name)) = (&aside, place.file_name())
        {
            rename(&place, &aside.join(name))?;
        }
        if !log && new.exists() {
            rename(&new, &place)?;
        }
    }
    Ok(())
}

pub(crate) fn is_pending(path: &Path) -> bool {
    files::beside(path, PENDING).exists()
}

fn newest_aside(path: &Path) -> Option<PathBuf> {
    let stem = files::beside(path, ASIDE);
    let stem = stem.file_name()?.to_str()?.to_owned();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let named =
        entries.filter(|entry| entry.file_name().to_str().is_some_and(|name| name.starts_with(&stem)));
    named.map(|entry| entry.path()).max()
}

/// The copy as it will stand: brought up to date, without what was erased since, and with a row that says so.
fn prepare(
    path: &Path,
    backup: &Path,
    copy: &Path,
    key: &Key,
    keys: &mut Keys,
    at: DateTime<Utc>,
) -> Result<(), RecordError> {
    files::private(copy)
        .and_then(|mut to| {
            std::io::copy(&mut std::fs::File::open(backup)?, &mut to).and_then(|_| to.sync_all())
        })
        .map_err(|error| RecordError::io(copy, error))?;
    let mut connection = database::open(copy, key)?;
    let erased = match present(path, key) {
        Some(present) => erased_since(&connection, &present)?,
        None => vec![],
    };
    database::migrate(&mut connection)?;
    commit(&mut connection, |write| {
        audit::append(write, at, "restore", None, "from a backup")?;
        for (id, scope) in &erased {
            erase_again(write, id, *scope, at)?;
        }
        let (seq, hash) = audit::head(write)?;
        keys.anchor = Some(crate::keys::Anchor { seq, hash });
        Ok(())
    })?;
    while database::reclaim_some(&connection)? {}
    database::shorten_log(&connection)?;
    connection.close().map_err(|(_, error)| error)?;
    keys.failures = 0;
    keys.write(copy)
}

fn erase_again(
    write: &Connection,
    id: &ConsultationId,
    scope: Scope,
    at: DateTime<Utc>,
) -> Result<(), RecordError> {
    let found = match find(write, id) {
        Err(RecordError::NotFound { .. }) => return Ok(()),
        found => found?,
    };
    match scope {
        Scope::AudioTail(_) if found.state.is_signed() => return Ok(()),
        Scope::Withdrawal if !found.state.is_signed() && found.state != State::Created => {
            write.execute(
                "INSERT INTO consents (consultation, decision, form, at) VALUES (?1, 'withdrawn', 'oral', ?2)",
                (found.key, crate::stamp::Stamp(at)),
            )?;
            erase(write, id, &found, scope, "erased before the restore", at)?;
            return found.enter(write, id, State::Created, at);
        }
        Scope::Withdrawal => return Ok(()),
        Scope::Audio | Scope::AudioTail(_) | Scope::Consultation => {}
    }
    erase(write, id, &found, scope, "erased before the restore", at)
}

/// Erasures that the present record knows of and the backup does not, oldest first.
fn erased_since(
    backup: &Connection,
    present: &Connection,
) -> Result<Vec<(ConsultationId, Scope)>, RecordError> {
    let query =
        "SELECT hash, subject, detail FROM audit WHERE act = 'erase' AND subject IS NOT NULL ORDER BY seq";
    let mut known = backup.prepare(query)?;
    let known: HashSet<String> = known.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut rows = present.prepare(query)?;
    let rows = rows.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, ConsultationId>(1)?, row.get::<_, String>(2)?))
    })?;
    let mut erased = Vec::new();
    for row in rows {
        let (hash, id, detail) = row?;
        if !known.contains(&hash)
            && let Some(scope) = Scope::of_detail(&detail)
        {
            erased.push((id, scope));
        }
    }
    Ok(erased)
}

/// How far each consultation had come.
fn stages(connection: &Connection) -> Result<HashMap<String, (String, u32)>, RecordError> {
    let mut rows = connection.prepare(
        "SELECT uuid, state, coalesce((SELECT max(version) FROM note_versions WHERE consultation = c.id), 0)
         FROM consultations c",
    )?;
    let rows = rows.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The record that stands there, when this key opens it.
fn present(path: &Path, key: &Key) -> Option<Connection> {
    let connection = database::open_for_reading(path, key).ok()?;
    let whole = connection.query_row("SELECT 1 FROM audit_head", [], |_| Ok(())).optional();
    whole.ok().flatten().map(|()| connection)
}

/// The backup's passphrase, or the recovery code of its day.
fn open_keys(backup: &Path, secret: &str) -> Result<(Opened, Keys), RecordError> {
    if !backup.is_file() {
        return Err(RecordError::BackupFolder { path: backup.to_owned() });
    }
    let keys = Keys::read(backup)?;
    let opened = match RecoveryCode::parse(secret) {
        Ok(code) => Opened { key: keys.open_with_code(backup, &code)?, doctor: None },
        Err(_) => keys.open_with_passphrase(backup, secret)?,
    };
    Ok((opened, keys))
}

fn checked(backup: &Path, key: &Key, keys: &Keys) -> Result<Holdings, RecordError> {
    let held = backup::check(backup, key, keys)?;
    let known = database::newest_schema();
    if held.schema > known {
        return Err(RecordError::Newer { found: held.schema, known });
    }
    Ok(held)
}

fn clear(path: &Path) {
    for part in PARTS {
        let _ = std::fs::remove_file(files::beside(path, part));
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), RecordError> {
    std::fs::rename(from, to)
        .and_then(|()| files::sync_folder(to))
        .map_err(|error| RecordError::io(to, error))
}
