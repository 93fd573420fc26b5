use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use zeroize::Zeroizing;

use crate::kdf::Key;
use crate::{RecordError, files};

/// Each brings the schema from its place in the list to the next. Released ones never change: new ones are added.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_record.sql"),
    include_str!("migrations/0002_gate.sql"),
    include_str!("migrations/0003_papers.sql"),
    include_str!("migrations/0004_practice.sql"),
    include_str!("migrations/0005_finding.sql"),
    include_str!("migrations/0006_exercise.sql"),
    include_str!("migrations/0007_newest_first.sql"),
];

/// How long a connection waits for another one before it gives up with [`RecordError::Busy`].
const PATIENCE: Duration = Duration::from_secs(5);

/// `synchronous = FULL` makes a commit durable in WAL mode; `fullfsync` does so on macOS. `secure_delete` overwrites
/// what is erased. Temporary tables stay in memory: nothing is written outside the record.
const SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA secure_delete = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA recursive_triggers = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -16384;
    PRAGMA journal_size_limit = 16777216;
";

/// Opens an existing database with its raw key (no derivation by SQLCipher).
pub(crate) fn open(path: &Path, key: &Key) -> Result<Connection, RecordError> {
    // SQLite takes an empty file for a new database, and would fill it.
    let length = std::fs::metadata(path).map_err(|error| RecordError::io(path, error))?.len();
    if length == 0 {
        return Err(RecordError::Corrupt { path: path.to_owned(), reason: "it is empty".into() });
    }
    let connection = keyed(path, key).map_err(|error| RecordError::from(error).at(path))?;
    connection.execute_batch(SETTINGS).map_err(|error| RecordError::from(error).at(path))?;
    Ok(connection)
}

/// As [`open`], refusing to write.
pub(crate) fn open_for_reading(path: &Path, key: &Key) -> Result<Connection, RecordError> {
    let connection = open(path, key)?;
    connection.execute_batch("PRAGMA query_only = ON").map_err(|error| RecordError::from(error).at(path))?;
    Ok(connection)
}

/// Makes an empty encrypted database.
pub(crate) fn create(path: &Path, key: &Key) -> Result<Connection, RecordError> {
    files::private(path).map_err(|error| RecordError::io(path, error))?;
    let connection = keyed(path, key).map_err(|error| RecordError::from(error).at(path))?;
    // Only possible before the first table: erased audio gives its place back to the disk.
    let settings = format!("PRAGMA auto_vacuum = INCREMENTAL; {SETTINGS}");
    connection.execute_batch(&settings).map_err(|error| RecordError::from(error).at(path))?;
    Ok(connection)
}

/// An empty database that a copy fills: no log beside it, and no waiting for the disk, which comes at the end.
pub(crate) fn create_bare(path: &Path, key: &Key) -> Result<Connection, RecordError> {
    files::private(path).map_err(|error| RecordError::io(path, error))?;
    let connection = keyed(path, key)?;
    connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")?;
    Ok(connection)
}

/// Opens a copy that nobody writes: no log and no lock appear beside it.
pub(crate) fn open_unchanging(path: &Path, key: &Key) -> Result<Connection, RecordError> {
    std::fs::metadata(path).map_err(|error| RecordError::io(path, error))?;
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(unchanging(path), flags)?;
    give_key(&connection, key).map_err(|error| RecordError::from(error).at(path))?;
    Ok(connection)
}

fn unchanging(path: &Path) -> String {
    let mut uri = String::from("file:");
    let path = path.to_string_lossy();
    if cfg!(windows) {
        uri.push('/');
    }
    for byte in path.bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'/' | b'.' | b'-' | b'_' | b':' => uri.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri + "?immutable=1"
}

fn keyed(path: &Path, key: &Key) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    give_key(&connection, key)?;
    Ok(connection)
}

fn give_key(connection: &Connection, key: &Key) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(64);
    // The cipher would print to the standard error output.
    connection.execute_batch("PRAGMA cipher_log_level = NONE")?;
    let hex = Zeroizing::new(hex::encode(key.as_ref()));
    let pragma = Zeroizing::new(format!("PRAGMA key = \"x'{}'\"", hex.as_str()));
    connection.execute_batch(&pragma)?;
    // The first read is what tells whether the key fits.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
}

/// The newest schema that this program knows.
pub(crate) const fn newest_schema() -> u32 {
    MIGRATIONS.len() as u32
}

pub(crate) fn schema(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Brings the schema up to date, one transaction a step.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), RecordError> {
    let known = MIGRATIONS.len() as u32;
    loop {
        let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found: u32 = step.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if found > known {
            return Err(RecordError::Newer { found, known });
        }
        let Some(migration) = MIGRATIONS.get(found as usize) else { return Ok(()) };
        step.execute_batch(migration)?;
        step.pragma_update(None, "user_version", found + 1)?;
        step.commit()?;
    }
}

/// Gives the place of some erased rows back to the disk; `false` when there is nothing more to give. What was erased is
/// overwritten already: a failure here loses nothing.
pub(crate) fn reclaim_some(connection: &Connection) -> rusqlite::Result<bool> {
    const PAGES_AT_ONCE: u32 = 256;
    let free = || connection.query_row("PRAGMA freelist_count", [], |row| row.get::<_, u32>(0));
    let before = free()?;
    if before == 0 {
        return Ok(false);
    }
    let mut step = connection.prepare(&format!("PRAGMA incremental_vacuum({PAGES_AT_ONCE})"))?;
    let mut rows = step.query([])?;
    while rows.next()?.is_some() {}
    drop(rows);
    let left = free()?;
    Ok(left > 0 && left < before)
}

/// Brings the write-ahead log into the database and empties it; there is never more to do.
pub(crate) fn shorten_log(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(false))
}
