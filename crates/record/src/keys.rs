//! The file beside the database that holds its key, wrapped: once by the passphrase, once by the recovery code. Without
//! one of them it is noise. It is replaced as a whole or not at all.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::kdf::{KEY_BYTES, KdfCost, Key};
use crate::{RecordError, RecoveryCode, files};

const SCHEMA: &str = "calame.keys/1";
const SALT_BYTES: usize = 16;
const NONCE_BYTES: usize = 24;
const SHORTEST_PASSPHRASE: usize = 12;
/// Wrong passphrases that may follow one another at once: a doctor in a hurry mistypes.
const FREE_ATTEMPTS: u32 = 4;
/// The pause after the next one, in seconds; it doubles with each more, up to the longest.
const FIRST_PAUSE: i64 = 5;
const LONGEST_PAUSE: i64 = 300;

/// What is needed to open a record, as one versioned JSON document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keys {
    schema: String,
    /// Identity of the database these keys belong to.
    pub(crate) record: String,
    slots: Vec<Slot>,
    /// Failed attempts since the last time the record was opened: they enter the audit then.
    #[serde(default)]
    pub failures: u32,
    /// A row of the audit as it was when the record was last opened, kept outside the database.
    #[serde(default)]
    pub anchor: Option<Anchor>,
    /// Wrong passphrases since the last right one: the next try waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    missed: Option<Missed>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Missed {
    times: u32,
    last: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Anchor {
    pub seq: u64,
    pub hash: String,
}

/// One way to the database key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Slot {
    kind: SlotKind,
    /// Whose passphrase it is; the record's owner when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    doctor: Option<String>,
    cost: KdfCost,
    #[serde(with = "hex")]
    salt: Vec<u8>,
    #[serde(with = "hex")]
    nonce: Vec<u8>,
    #[serde(with = "hex")]
    wrapped: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SlotKind {
    Passphrase,
    Recovery,
}

impl SlotKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Passphrase => "passphrase",
            Self::Recovery => "recovery",
        }
    }
}

/// What a passphrase opens.
#[derive(Debug)]
pub(crate) struct Opened {
    pub key: Key,
    /// Whose it is; the owner when absent.
    pub doctor: Option<String>,
}

impl Keys {
    pub fn path(record: &Path) -> PathBuf {
        files::beside(record, ".keys")
    }

    /// Wraps a database key for a new record.
    pub fn new(
        record: String,
        key: &Key,
        passphrase: &str,
        code: &RecoveryCode,
        cost: KdfCost,
    ) -> Result<Self, RecordError> {
        let mut keys =
            Self { schema: SCHEMA.into(), record, slots: vec![], failures: 0, anchor: None, missed: None };
        keys.set_passphrase(key, None, passphrase, cost)?;
        keys.set_recovery(key, code)?;
        Ok(keys)
    }

    pub fn read(record: &Path) -> Result<Self, RecordError> {
        let path = Self::path(record);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(RecordError::KeysMissing { path });
            }
            Err(error) => return Err(RecordError::io(&path, error)),
        };
        let corrupt = |reason: String| RecordError::KeysCorrupt { path: path.clone(), reason };
        let keys: Self = serde_json::from_slice(&bytes).map_err(|error| corrupt(error.to_string()))?;
        if keys.schema != SCHEMA {
            return Err(corrupt(format!("its schema is {:?}, {SCHEMA:?} was expected", keys.schema)));
        }
        let sound = |slot: &Slot| slot.nonce.len() == NONCE_BYTES && slot.salt.len() >= SALT_BYTES;
        if keys.slots.is_empty() || !keys.slots.iter().all(sound) {
            return Err(corrupt("it holds no usable key".into()));
        }
        Ok(keys)
    }

    /// Durable when it returns; a crash leaves either the old file or the new one.
    pub fn write(&self, record: &Path) -> Result<(), RecordError> {
        let path = Self::path(record);
        let part = files::beside(&path, ".new");
        let json = serde_json::to_vec_pretty(self)?;
        let write = || {
            let mut file = files::private(&part)?;
            file.set_len(0)?;
            file.write_all(&json)?;
            file.sync_all()?;
            std::fs::rename(&part, &path)?;
            files::sync_folder(&path)
        };
        write().map_err(|error| {
            let _ = std::fs::remove_file(&part);
            RecordError::io(&path, error)
        })
    }

    /// Replaces the passphrase; the database itself is not touched.
    pub fn set_passphrase(
        &mut self,
        key: &Key,
        doctor: Option<&str>,
        passphrase: &str,
        cost: KdfCost,
    ) -> Result<(), RecordError> {
        check_strength(passphrase)?;
        self.set(SlotKind::Passphrase, doctor, key, passphrase.as_bytes(), cost)
    }

    pub fn set_recovery(&mut self, key: &Key, code: &RecoveryCode) -> Result<(), RecordError> {
        self.set(SlotKind::Recovery, None, key, code.secret(), KdfCost::RANDOM_SECRET)
    }

    /// The passphrase of a doctor who left opens nothing any more.
    pub fn forget_doctor(&mut self, doctor: &str) {
        self.slots.retain(|slot| slot.doctor.as_deref() != Some(doctor));
    }

    /// Refuses a try that comes too soon after several wrong ones. The recovery code is never held up: it cannot be
    /// guessed, and it is the way in for a doctor who forgot.
    pub fn refuse_in_haste(&mut self, at: DateTime<Utc>) -> Result<(), RecordError> {
        let Some(missed) = &mut self.missed else { return Ok(()) };
        let Some(over) = missed.times.checked_sub(FREE_ATTEMPTS) else { return Ok(()) };
        // A clock that was set back keeps nobody out for longer than the pause.
        missed.last = missed.last.min(at);
        let pause = FIRST_PAUSE.saturating_mul(1 << over.min(16)).min(LONGEST_PAUSE);
        let left = TimeDelta::seconds(pause) - (at - missed.last);
        if left > TimeDelta::zero() {
            // Rounded up: who waits that long is let in.
            let wait_s = left.num_milliseconds().saturating_add(999) / 1000;
            return Err(RecordError::TooSoon { wait_s: u32::try_from(wait_s).unwrap_or(u32::MAX) });
        }
        Ok(())
    }

    pub fn count_miss(&mut self, at: DateTime<Utc>) {
        self.failures = self.failures.saturating_add(1);
        let times = self.missed.as_ref().map_or(0, |missed| missed.times).saturating_add(1);
        self.missed = Some(Missed { times, last: at });
    }

    /// A right passphrase came. Tells whether that changed anything.
    pub fn forgive(&mut self) -> bool {
        self.missed.take().is_some()
    }

    /// Whether the passphrase of this doctor is wrapped more cheaply than `cost`.
    pub fn is_below(&self, doctor: Option<&str>, cost: KdfCost) -> bool {
        let mine = |slot: &&Slot| slot.kind == SlotKind::Passphrase && slot.doctor.as_deref() == doctor;
        self.slots.iter().find(mine).is_some_and(|slot| slot.cost.or_dearer(cost) != slot.cost)
    }

    pub fn open_with_passphrase(&self, record: &Path, passphrase: &str) -> Result<Opened, RecordError> {
        self.open(record, SlotKind::Passphrase, passphrase.as_bytes())?.ok_or(RecordError::WrongPassphrase)
    }

    pub fn open_with_code(&self, record: &Path, code: &RecoveryCode) -> Result<Key, RecordError> {
        let opened = self.open(record, SlotKind::Recovery, code.secret())?;
        opened.map(|opened| opened.key).ok_or(RecordError::WrongRecoveryCode)
    }

    /// What a new passphrase is wrapped with: never less than what the present one has, nor than the standard.
    pub fn next_cost(&self) -> KdfCost {
        let present =
            self.slots.iter().filter(|slot| slot.kind == SlotKind::Passphrase).map(|slot| slot.cost);
        present.fold(KdfCost::STANDARD, KdfCost::or_dearer)
    }

    fn set(
        &mut self,
        kind: SlotKind,
        doctor: Option<&str>,
        key: &Key,
        secret: &[u8],
        cost: KdfCost,
    ) -> Result<(), RecordError> {
        let mut salt = vec![0; SALT_BYTES];
        getrandom::fill(&mut salt)?;
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce)?;
        let refused = |reason: String| RecordError::KeyDerivation { reason };
        let wrapping = cost.derive(secret, &salt).map_err(|error| refused(error.to_string()))?;
        let aad = self.bound_to(kind, doctor, cost);
        let payload = Payload { msg: key.as_ref(), aad: aad.as_bytes() };
        let wrapped = XChaCha20Poly1305::new(&(*wrapping).into())
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|error| refused(error.to_string()))?;
        let doctor = doctor.map(str::to_owned);
        self.slots.retain(|slot| slot.kind != kind || slot.doctor != doctor);
        self.slots.push(Slot { kind, doctor, cost, salt, nonce: nonce.to_vec(), wrapped });
        Ok(())
    }

    /// `None` when no slot of the kind opens.
    fn open(&self, record: &Path, kind: SlotKind, secret: &[u8]) -> Result<Option<Opened>, RecordError> {
        let corrupt = |reason: String| RecordError::KeysCorrupt { path: Self::path(record), reason };
        for slot in self.slots.iter().filter(|slot| slot.kind == kind) {
            let wrapping =
                slot.cost.derive(secret, &slot.salt).map_err(|error| corrupt(error.to_string()))?;
            let nonce: [u8; NONCE_BYTES] =
                slot.nonce.as_slice().try_into().map_err(|_| corrupt("nonce of another length".into()))?;
            let aad = self.bound_to(kind, slot.doctor.as_deref(), slot.cost);
            let payload = Payload { msg: &slot.wrapped, aad: aad.as_bytes() };
            if let Ok(bytes) =
                XChaCha20Poly1305::new(&(*wrapping).into()).decrypt(&XNonce::from(nonce), payload)
            {
                let bytes = Zeroizing::new(bytes);
                let key: [u8; KEY_BYTES] =
                    bytes.as_slice().try_into().map_err(|_| corrupt("key of another length".into()))?;
                return Ok(Some(Opened { key: Key::new(key), doctor: slot.doctor.clone() }));
            }
        }
        Ok(None)
    }

    /// A wrapped key opens only for this record and doctor, as this kind, at this cost.
    fn bound_to(&self, kind: SlotKind, doctor: Option<&str>, cost: KdfCost) -> String {
        let doctor = doctor.map(|doctor| format!(" of {doctor}")).unwrap_or_default();
        format!("{SCHEMA} {} {}{doctor} {cost}", self.record, kind.name())
    }
}

/// The floor which the record itself holds to; the screens ask for more.
pub(crate) fn check_strength(passphrase: &str) -> Result<(), RecordError> {
    if passphrase.chars().count() < SHORTEST_PASSPHRASE { Err(RecordError::WeakPassphrase) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: KdfCost = KdfCost::new(64, 1);

    fn keys(folder: &Path) -> (PathBuf, Keys, Key, RecoveryCode) {
        let record = folder.join("record.db");
        let key = Key::new([7; KEY_BYTES]);
        let code = RecoveryCode::generate().unwrap();
        let keys = Keys::new("id".into(), &key, "a long passphrase", &code, CHEAP).unwrap();
        keys.write(&record).unwrap();
        (record, keys, key, code)
    }

    #[test]
    fn both_passphrase_and_code_give_the_key_back() {
        let folder = tempfile::tempdir().unwrap();
        let (record, written, key, code) = keys(folder.path());
        let read = Keys::read(&record).unwrap();
        assert_eq!(read, written);
        assert_eq!(read.open_with_passphrase(&record, "a long passphrase").unwrap().key, key);
        assert_eq!(read.open_with_code(&record, &code).unwrap(), key);
    }

    #[test]
    fn a_wrong_secret_gives_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (record, keys, ..) = keys(folder.path());
        let wrong = keys.open_with_passphrase(&record, "a long passphrasf");
        assert!(matches!(wrong, Err(RecordError::WrongPassphrase)));
        let other = RecoveryCode::generate().unwrap();
        assert!(matches!(keys.open_with_code(&record, &other), Err(RecordError::WrongRecoveryCode)));
    }

    #[test]
    fn a_wrapped_key_does_not_open_for_another_record_or_at_another_cost() {
        let folder = tempfile::tempdir().unwrap();
        let (record, keys, ..) = keys(folder.path());
        let other = Keys { record: "other".into(), ..keys.clone() };
        assert!(other.open_with_passphrase(&record, "a long passphrase").is_err());
        let mut cheaper = keys;
        cheaper.slots[0].cost = KdfCost::new(32, 1);
        assert!(cheaper.open_with_passphrase(&record, "a long passphrase").is_err());
    }

    #[test]
    fn a_damaged_or_missing_key_file_is_told_apart_from_a_wrong_passphrase() {
        let folder = tempfile::tempdir().unwrap();
        let (record, ..) = keys(folder.path());
        let path = Keys::path(&record);
        let whole = std::fs::read(&path).unwrap();
        for damaged in [&whole[..whole.len() / 2], b"", b"{}", b"\xff\xfe"] {
            std::fs::write(&path, damaged).unwrap();
            assert!(matches!(Keys::read(&record), Err(RecordError::KeysCorrupt { .. })));
        }
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(Keys::read(&record), Err(RecordError::KeysMissing { .. })));
    }

    #[test]
    fn the_key_file_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (record, ..) = keys(folder.path());
        let mode = std::fs::metadata(Keys::path(&record)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }

    #[test]
    fn a_passphrase_is_counted_in_characters_not_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let (_, mut keys, key, _) = keys(folder.path());
        assert!(matches!(
            keys.set_passphrase(&key, None, "éééééééééé", CHEAP),
            Err(RecordError::WeakPassphrase)
        ));
        assert!(keys.set_passphrase(&key, None, "éééééééééééé", CHEAP).is_ok());
    }

    #[test]
    fn each_doctor_has_a_passphrase_of_their_own_which_cannot_be_passed_off_as_anothers() {
        let folder = tempfile::tempdir().unwrap();
        let (record, mut keys, key, _) = keys(folder.path());
        keys.set_passphrase(&key, Some("b"), "the second passphrase", CHEAP).unwrap();
        let opened = keys.open_with_passphrase(&record, "the second passphrase").unwrap();
        assert_eq!((opened.key, opened.doctor.as_deref()), (key, Some("b")));
        let first = keys.open_with_passphrase(&record, "a long passphrase").unwrap();
        assert_eq!(first.doctor, None);
        let mut stolen = keys.clone();
        stolen.slots.iter_mut().for_each(|slot| slot.doctor = None);
        assert!(stolen.open_with_passphrase(&record, "the second passphrase").is_err());
        keys.forget_doctor("b");
        assert!(keys.open_with_passphrase(&record, "the second passphrase").is_err());
    }
}
