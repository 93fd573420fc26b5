use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::kdf::{KEY_BYTES, KdfCost, Key};
use crate::keys::{Keys, Opened, check_strength};
use crate::precedence::Precedence;
use crate::stamp::Stamp;
use crate::{RecordError, RecoveryCode, audit, backup, database, doctors, files, reserve, restore};

/// An open record. Clones share it; the file stays locked against other processes until the last clone (and the last
/// [`crate::AudioWriter`]) is gone.
#[derive(Clone)]
pub struct Record {
    inner: Arc<Inner>,
    /// Who works through this handle: row of `doctors`.
    doctor: i64,
}

struct Inner {
    path: PathBuf,
    key: Key,
    keys: Mutex<Keys>,
    writer: Mutex<Connection>,
    /// A list is read while audio is written.
    reader: Mutex<Connection>,
    precedence: Precedence,
    // Last: dropped after the connections.
    _lock: File,
}

impl Record {
    /// Makes a record and opens it. The recovery code is shown once and kept nowhere.
    ///
    /// # Errors
    /// [`RecordError::WeakPassphrase`], [`RecordError::Exists`], or a folder that cannot be written.
    pub fn create(
        path: &Path,
        passphrase: &str,
        at: DateTime<Utc>,
    ) -> Result<(Self, RecoveryCode), RecordError> {
        Self::create_at_cost(path, passphrase, KdfCost::STANDARD, at)
    }

    /// As [`Record::create`], with another cost for each guess of the passphrase.
    ///
    /// # Errors
    /// As [`Record::create`].
    pub fn create_at_cost(
        path: &Path,
        passphrase: &str,
        cost: KdfCost,
        at: DateTime<Utc>,
    ) -> Result<(Self, RecoveryCode), RecordError> {
        check_strength(passphrase)?;
        let lock = lock(path)?;
        let unfinished = files::beside(path, UNFINISHED);
        if path.exists() {
            return Err(RecordError::Exists { path: path.to_owned() });
        }
        // Keys without a database and without an unfinished one: the database was moved or lost. It may come back.
        if Keys::path(path).exists() && !unfinished.exists() {
            return Err(RecordError::Exists { path: Keys::path(path) });
        }
        let mut key = Key::default();
        getrandom::fill(&mut *key)?;
        let code = RecoveryCode::generate()?;
        let identity = uuid::Uuid::new_v4().to_string();
        let keys = Keys::new(identity, &key, passphrase, &code, cost)?;
        Self::fill(&unfinished, &key, &keys, at).map_err(|error| error.at(&unfinished))?;
        keys.write(path)?;
        std::fs::rename(&unfinished, path)
            .and_then(|()| files::sync_folder(path))
            .map_err(|error| RecordError::io(path, error))?;
        Ok((Self::connect(path, key, keys, lock, at)?, code))
    }

    /// Makes the whole database under another name: a crash on the way leaves no half record behind.
    fn fill(unfinished: &Path, key: &Key, keys: &Keys, at: DateTime<Utc>) -> Result<(), RecordError> {
        for suffix in ["", "-wal", "-shm"] {
            let left_over = files::beside(unfinished, suffix);
            match std::fs::remove_file(&left_over) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(RecordError::io(&left_over, error));
                }
                _ => {}
            }
        }
        let mut connection = database::create(unfinished, key)?;
        database::migrate(&mut connection)?;
        let write = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        write.execute(
            "INSERT INTO identity (one, record, created_at) VALUES (1, ?1, ?2)",
            (&keys.record, Stamp(at)),
        )?;
        write.execute(
            "INSERT INTO doctors (uuid, name, shares, created_at) VALUES (?1, '', 1, ?2)",
            (&keys.record, Stamp(at)),
        )?;
        audit::append(&write, at, "create", None, "")?;
        write.commit()?;
        connection.close().map_err(|(_, error)| error.into())
    }

    /// Whether there is a record to unlock at `path`, be it damaged.
    #[must_use]
    pub fn exists(path: &Path) -> bool {
        path.exists()
            || restore::is_pending(path)
            || (Keys::path(path).exists() && !files::beside(path, UNFINISHED).exists())
    }

    /// Opens a record. A wrong passphrase changes nothing but the count of failures.
    ///
    /// # Errors
    /// [`RecordError::WrongPassphrase`], [`RecordError::Missing`], [`RecordError::KeysMissing`],
    /// [`RecordError::KeysCorrupt`], [`RecordError::Corrupt`], [`RecordError::Newer`], [`RecordError::Busy`] while
    /// another process has it open, or [`RecordError::ReadOnly`].
    pub fn unlock(path: &Path, passphrase: &str, at: DateTime<Utc>) -> Result<Self, RecordError> {
        let (lock, mut keys) = Self::approach(path)?;
        keys.refuse_in_haste(at)?;
        let opened = keys.open_with_passphrase(path, passphrase);
        let opened = opened.inspect_err(|error| count_failure(&mut keys, path, error, at))?;
        Self::open(path, opened, keys, lock, "unlock", at)
    }

    /// Opens a record with the printed code, sets a new passphrase for its owner and gives the code that replaces the old one.
    ///
    /// # Errors
    /// [`RecordError::WrongRecoveryCode`], [`RecordError::WeakPassphrase`], and as [`Record::unlock`].
    pub fn unlock_with_recovery(
        path: &Path,
        code: &str,
        new_passphrase: &str,
        at: DateTime<Utc>,
    ) -> Result<(Self, RecoveryCode), RecordError> {
        check_strength(new_passphrase)?;
        let (lock, mut keys) = Self::approach(path)?;
        let opened = keys.open_with_code(path, &RecoveryCode::parse(code)?);
        let key = opened.inspect_err(|error| count_failure(&mut keys, path, error, at))?;
        let opened = Opened { key, doctor: None };
        let record = Self::open(path, opened, keys, lock, "unlock with recovery code", at)?;
        let fresh = record.replace_both(new_passphrase, at)?;
        Ok((record, fresh))
    }

    /// A new passphrase for the owner, and the code that replaces the one just used.
    pub(crate) fn replace_both(
        &self,
        new_passphrase: &str,
        at: DateTime<Utc>,
    ) -> Result<RecoveryCode, RecordError> {
        let fresh = RecoveryCode::generate()?;
        self.rewrap("passphrase and recovery code replaced", at, |keys, key| {
            keys.set_passphrase(key, None, new_passphrase, keys.next_cost())?;
            keys.set_recovery(key, &fresh)
        })?;
        Ok(fresh)
    }

    /// Replaces the passphrase; the data is not rewritten.
    ///
    /// # Errors
    /// [`RecordError::WrongPassphrase`] when `old` is not the present one, [`RecordError::WeakPassphrase`].
    pub fn change_passphrase(&self, old: &str, new: &str, at: DateTime<Utc>) -> Result<(), RecordError> {
        check_strength(new)?;
        self.check_passphrase(old)?;
        self.refuse_taken(new, old)?;
        let doctor = self.slot_name()?;
        self.rewrap("passphrase replaced", at, |keys, key| {
            keys.set_passphrase(key, doctor.as_deref(), new, keys.next_cost())
        })
    }

    /// Wraps the key again where this doctor's passphrase was set at a lower cost than `cost`: by an older Calame, or on
    /// a slower machine. Tells whether it did. The data is not rewritten.
    ///
    /// # Errors
    /// [`RecordError::WrongPassphrase`]; the passphrase then stays as it was wrapped.
    pub fn strengthen(
        &self,
        passphrase: &str,
        cost: KdfCost,
        at: DateTime<Utc>,
    ) -> Result<bool, RecordError> {
        let doctor = self.slot_name()?;
        if !held(&self.inner.keys).is_below(doctor.as_deref(), cost) {
            return Ok(false);
        }
        self.check_passphrase(passphrase)?;
        let detail = format!("passphrase wrapped anew: {cost}");
        self.rewrap(&detail, at, |keys, key| keys.set_passphrase(key, doctor.as_deref(), passphrase, cost))?;
        Ok(true)
    }

    /// Gives a new recovery code; the old one no longer opens the record.
    ///
    /// # Errors
    /// [`RecordError::WrongPassphrase`].
    pub fn replace_recovery_code(
        &self,
        passphrase: &str,
        at: DateTime<Utc>,
    ) -> Result<RecoveryCode, RecordError> {
        self.check_passphrase(passphrase)?;
        let fresh = RecoveryCode::generate()?;
        self.rewrap("recovery code replaced", at, |keys, key| keys.set_recovery(key, &fresh))?;
        Ok(fresh)
    }

    pub(crate) fn in_hands_of(&self, doctor: Option<&str>) -> Result<Self, RecordError> {
        let doctor = match doctor {
            None => doctors::OWNER,
            Some(doctor) => self.read(|read| doctors::key(read, doctor))?,
        };
        Ok(Self { inner: Arc::clone(&self.inner), doctor })
    }

    /// Whether both handles are on one open record and of one doctor.
    #[must_use]
    pub fn is_in_the_same_hands(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner) && self.doctor == other.doctor
    }

    pub(crate) const fn doctor_key(&self) -> i64 {
        self.doctor
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    fn approach(path: &Path) -> Result<(File, Keys), RecordError> {
        if !path.exists() && !restore::is_pending(path) {
            return Err(RecordError::Missing { path: path.to_owned() });
        }
        let lock = lock(path)?;
        restore::finish(path)?;
        Ok((lock, Keys::read(path)?))
    }

    fn open(
        path: &Path,
        opened: Opened,
        keys: Keys,
        lock: File,
        act: &str,
        at: DateTime<Utc>,
    ) -> Result<Self, RecordError> {
        let Opened { key, doctor } = opened;
        let record = match Self::connect(path, key.clone(), keys.clone(), duplicate(&lock, path)?, at) {
            // A full disk keeps nobody out: what was put aside for this makes room.
            Err(RecordError::Full) if reserve::give_up(path) => Self::connect(path, key, keys, lock, at)?,
            other => other?,
        };
        let record = record.in_hands_of(doctor.as_deref())?;
        let who = doctor.map(|doctor| format!("doctor {doctor}")).unwrap_or_default();
        let failures = held(&record.inner.keys).failures;
        let tell = || {
            record.write(|write| {
                if failures > 0 {
                    let detail = format!("{failures} since the record was last open");
                    audit::append(write, at, "unlock failure", None, &detail)?;
                }
                audit::append(write, at, act, None, &who)
            })
        };
        match tell() {
            Err(RecordError::Full) if reserve::give_up(path) => tell()?,
            other => other?,
        }
        {
            let mut keys = held(&record.inner.keys);
            keys.failures = 0;
            keys.forgive();
        }
        reserve::keep(path);
        // Should this fail, the failures are told again next time: nothing is lost.
        let _ = record.anchor();
        Ok(record)
    }

    pub(crate) fn connect(
        path: &Path,
        key: Key,
        keys: Keys,
        lock: File,
        at: DateTime<Utc>,
    ) -> Result<Self, RecordError> {
        let corrupt = |reason: &str| RecordError::Corrupt { path: path.to_owned(), reason: reason.into() };
        let mut writer = database::open(path, &key)?;
        if database::schema(&writer)? < database::newest_schema() {
            backup::before_migration(&writer, path, &key, &keys, at)?;
        }
        database::migrate(&mut writer).map_err(|error| error.at(path))?;
        let identity: String = writer
            .query_row("SELECT record FROM identity", [], |row| row.get(0))
            .map_err(|_| corrupt("it has no identity"))?;
        if identity != keys.record {
            return Err(corrupt("its keys belong to another record"));
        }
        let reader = database::open_for_reading(path, &key)?;
        let inner = Inner {
            path: path.to_owned(),
            key,
            keys: Mutex::new(keys),
            writer: Mutex::new(writer),
            reader: Mutex::new(reader),
            precedence: Precedence::default(),
            _lock: lock,
        };
        Ok(Self { inner: Arc::new(inner), doctor: doctors::OWNER })
    }

    pub(crate) fn rewrap(
        &self,
        detail: &str,
        at: DateTime<Utc>,
        wrap: impl FnOnce(&mut Keys, &Key) -> Result<(), RecordError>,
    ) -> Result<(), RecordError> {
        let mut keys = held(&self.inner.keys);
        let mut next = keys.clone();
        wrap(&mut next, &self.inner.key)?;
        self.write(|write| {
            audit::append(write, at, "keys", None, detail)?;
            next.write(&self.inner.path)
        })?;
        *keys = next;
        Ok(())
    }

    /// Notes the end of the audit in the key file, outside the database, as long as both agree.
    fn anchor(&self) -> Result<(), RecordError> {
        self.inner.anchor()
    }

    pub(crate) fn anchored(&self) -> Option<(u64, String)> {
        held(&self.inner.keys).anchor.as_ref().map(|anchor| (anchor.seq, anchor.hash.clone()))
    }

    /// One act, one transaction: all of it is on disk when this returns, or none.
    pub(crate) fn write<T>(
        &self,
        act: impl FnOnce(&Transaction<'_>) -> Result<T, RecordError>,
    ) -> Result<T, RecordError> {
        let _first = self.inner.precedence.go_first();
        let mut connection = self.writer();
        commit(&mut connection, act).map_err(|error| error.at(&self.inner.path))
    }

    pub(crate) fn read<T>(
        &self,
        act: impl FnOnce(&Transaction<'_>) -> Result<T, RecordError>,
    ) -> Result<T, RecordError> {
        let mut connection = held(&self.inner.reader);
        let read = || {
            let snapshot = connection.transaction()?;
            let found = act(&snapshot)?;
            snapshot.finish()?;
            Ok(found)
        };
        read().map_err(|error: RecordError| error.at(&self.inner.path))
    }

    pub(crate) fn key(&self) -> &Key {
        &self.inner.key
    }

    pub(crate) fn keys_now(&self) -> Keys {
        held(&self.inner.keys).clone()
    }

    pub(crate) fn with_keys<T>(&self, act: impl FnOnce(&mut Keys) -> T) -> T {
        act(&mut held(&self.inner.keys))
    }

    pub(crate) fn writer(&self) -> MutexGuard<'_, Connection> {
        held(&self.inner.writer)
    }

    pub(crate) fn precedence(&self) -> &Precedence {
        &self.inner.precedence
    }

    #[cfg(test)]
    pub(crate) fn raw_key(&self) -> [u8; KEY_BYTES] {
        *self.inner.key
    }

    pub(crate) fn another_connection(&self) -> Result<Connection, RecordError> {
        database::open(&self.inner.path, &self.inner.key)
    }
}

/// Beside the record while it is being created.
const UNFINISHED: &str = ".new";

pub(crate) fn commit<T>(
    connection: &mut Connection,
    act: impl FnOnce(&Transaction<'_>) -> Result<T, RecordError>,
) -> Result<T, RecordError> {
    let write = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = act(&write)?;
    write.commit()?;
    Ok(done)
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic in one act rolls that act back; the record goes on.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One process at a time: two would each believe they know the state of a recording.
pub(crate) fn lock(path: &Path) -> Result<File, RecordError> {
    let path = files::beside(path, ".lock");
    let file = files::private(&path).map_err(|error| RecordError::io(&path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(RecordError::Busy),
        Err(TryLockError::Error(error)) => Err(RecordError::io(&path, error)),
    }
}

/// The same lock in a second hand.
fn duplicate(lock: &File, path: &Path) -> Result<File, RecordError> {
    lock.try_clone().map_err(|error| RecordError::io(path, error))
}

pub(crate) fn count_failure(keys: &mut Keys, path: &Path, error: &RecordError, at: DateTime<Utc>) {
    if matches!(error, RecordError::WrongPassphrase | RecordError::WrongRecoveryCode) {
        keys.count_miss(at);
        // On a read-only disk the attempt goes uncounted; the passphrase is as wrong as before.
        let _ = keys.write(path);
    }
}

impl Inner {
    fn anchor(&self) -> Result<(), RecordError> {
        let mut keys = held(&self.keys);
        let writer = held(&self.writer);
        let last = keys.anchor.as_ref().map(|anchor| (anchor.seq, anchor.hash.as_str()));
        if !audit::holds(&writer, last)? {
            return Ok(());
        }
        let (seq, hash) = audit::head(&writer)?;
        let mut next = keys.clone();
        next.anchor = Some(crate::keys::Anchor { seq, hash });
        next.write(&self.path)?;
        *keys = next;
        Ok(())
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Whatever happens to the file while it is closed can then be told. After a crash, the anchor of the last
        // opening serves.
        let _ = self.anchor();
    }
}

const _: () = assert!(KEY_BYTES == 32, "SQLCipher takes raw keys of 256 bits");
