use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::{ConsultationId, State};

/// Why an act on the record failed. Nothing is ever deleted because of a failure. Messages hold paths and states,
/// never patient text.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// Mistyped (its check characters do not fit), or of another record, or replaced by a newer one.
    #[error("wrong recovery code")]
    WrongRecoveryCode,
    /// After several wrong passphrases the next try waits; the recovery code does not.
    #[error("too many wrong passphrases: {wait_s} s to wait")]
    TooSoon { wait_s: u32 },
    #[error("the passphrase has fewer than 12 characters")]
    WeakPassphrase,
    #[error("there is no record at {}", path.display())]
    Missing { path: PathBuf },
    #[error("there is a record at {} already", path.display())]
    Exists { path: PathBuf },
    #[error("the record at {} is damaged: {reason}", path.display())]
    Corrupt { path: PathBuf, reason: String },
    /// The database is there, but not the file that holds its wrapped keys: nothing can open it until that file is
    /// brought back from a copy.
    #[error("the key file {} is missing", path.display())]
    KeysMissing { path: PathBuf },
    #[error("the key file {} is damaged: {reason}", path.display())]
    KeysCorrupt { path: PathBuf, reason: String },
    #[error("the record has schema {found}, this program knows up to {known}")]
    Newer { found: u32, known: u32 },
    /// Another process has the record open, or another connection has held it for too long.
    #[error("the record is in use")]
    Busy,
    #[error("the disk is full")]
    Full,
    #[error("{} cannot be written", path.display())]
    ReadOnly { path: PathBuf },
    /// The gate: a consultation in this state does not allow the act.
    #[error("a consultation that is {state} does not allow to {act}")]
    Forbidden { state: State, act: &'static str },
    #[error("there is no consultation {id}")]
    NotFound { id: ConsultationId },
    /// Of a colleague who shares the signed note and nothing else.
    #[error("this consultation is a colleague's: only its signed note can be read")]
    NotYours,
    #[error("there is no such patient")]
    NoPatient,
    #[error("there is no such version of the note")]
    NoVersion,
    #[error("audio is kept for a reason only")]
    NoReason,
    #[error("only the owner of the record may do this")]
    NotOwner,
    #[error("there is no such doctor")]
    NoDoctor,
    /// It says who its doctor is.
    #[error("this passphrase is a colleague's")]
    PassphraseTaken,
    /// The place of the backups, or a backup itself, is not there: a stick that was pulled out.
    #[error("there is no backup or folder at {}", path.display())]
    BackupFolder { path: PathBuf },
    #[error("the backup at {} is damaged: {reason}", path.display())]
    BackupDamaged { path: PathBuf, reason: String },
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: std::io::Error },
    /// A value that cannot be stored or read as JSON.
    #[error("a stored document cannot be read or written: {0}")]
    Document(#[from] serde_json::Error),
    /// The key cannot be derived or wrapped: too little memory, or impossible parameters.
    #[error("key derivation: {reason}")]
    KeyDerivation { reason: String },
    #[error("the system gives no random numbers: {0}")]
    Randomness(#[from] getrandom::Error),
    #[error("database: {0}")]
    Database(rusqlite::Error),
}

impl RecordError {
    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        use std::io::ErrorKind as K;
        let path = path.to_owned();
        match source.kind() {
            K::StorageFull | K::QuotaExceeded => Self::Full,
            K::PermissionDenied | K::ReadOnlyFilesystem => Self::ReadOnly { path },
            _ => Self::Io { path, source },
        }
    }

    /// Names what a failure of the database at `path` means.
    pub(crate) fn at(self, path: &Path) -> Self {
        let Self::Database(error) = self else { return self };
        let path = path.to_owned();
        let cause = match &error {
            rusqlite::Error::SqliteFailure(cause, _) => cause,
            rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..) => {
                return Self::Corrupt { path, reason: error.to_string() };
            }
            _ => return Self::Database(error),
        };
        match cause.code {
            ErrorCode::DiskFull => Self::Full,
            // The write-ahead log's index could not grow: SQLite has no other word for a full disk here.
            ErrorCode::SystemIoFailure if cause.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE => {
                Self::Full
            }
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => {
                Self::ReadOnly { path }
            }
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => {
                Self::Corrupt { path, reason: error.to_string() }
            }
            _ => Self::Database(error),
        }
    }
}

impl From<rusqlite::Error> for RecordError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}
