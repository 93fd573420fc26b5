//! Backups that are damaged, or made to harm: refused whole, and the record that stands there stays as it is.

#![allow(clippy::unwrap_used)] // Test code.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use fuzz::{cases, change, changes, damage, damages, within};
use note::Language;
use proptest::prelude::*;
use record::{KdfCost, NewConsultation, Record, preview_restore, restore};
use serde_json::Value;

const PASSPHRASE: &str = "huit lampes sous la pluie";

/// The most that a key file may ask Argon2 for, and some pages.
const MEMORY: usize = (1 << 30) + (64 << 20);

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + second, 0).unwrap()
}

/// A record with two visits, and a backup of it from before the second.
struct Seed {
    record: Vec<u8>,
    record_keys: Vec<u8>,
    backup: Vec<u8>,
    keys: Value,
}

static SEED: LazyLock<Seed> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.calame");
    let (record, _) = Record::create_at_cost(&path, PASSPHRASE, KdfCost::new(64, 1), at(0)).unwrap();
    let visit = NewConsultation { patient: None, reason: Some("toux".into()), language: Language::Fr };
    record.create_consultation(&visit, at(1)).unwrap();
    let backup = record.backup(folder.path(), 1, at(2)).unwrap().path;
    record.create_consultation(&visit, at(3)).unwrap();
    drop(record);
    let keys = std::fs::read_to_string(beside(&backup, ".keys")).unwrap();
    Seed {
        record: std::fs::read(&path).unwrap(),
        record_keys: std::fs::read(beside(&path, ".keys")).unwrap(),
        backup: std::fs::read(&backup).unwrap(),
        keys: serde_json::from_str(&keys).unwrap(),
    }
});

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// What became of a restore of these bytes over the record.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// The backup was whole after all.
    Restored,
    /// It was refused, and the record opens with all it held.
    Refused,
}

fn try_restore(backup: &[u8], keys: &[u8]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.calame");
    let copy = folder.path().join("stick.calame");
    std::fs::write(&path, &SEED.record).unwrap();
    std::fs::write(beside(&path, ".keys"), &SEED.record_keys).unwrap();
    std::fs::write(&copy, backup).unwrap();
    std::fs::write(beside(&copy, ".keys"), keys).unwrap();
    let previewed = preview_restore(&path, &copy, PASSPHRASE);
    match restore(&path, &copy, PASSPHRASE, at(10)) {
        Ok((record, aside)) => {
            assert!(previewed.is_ok(), "what is restored could be looked at before");
            assert_eq!(record.list("", 10).unwrap().len(), 1);
            assert!(aside.is_some_and(|aside| aside.is_dir()), "the record that was replaced is kept");
            Outcome::Restored
        }
        Err(_) => {
            let record = Record::unlock(&path, PASSPHRASE, at(11)).unwrap();
            assert_eq!(record.list("", 10).unwrap().len(), 2, "the record is as it was");
            Outcome::Refused
        }
    }
}

#[test]
fn an_undamaged_backup_is_restored() {
    let keys = SEED.keys.to_string();
    assert_eq!(try_restore(&SEED.backup, keys.as_bytes()), Outcome::Restored);
}

#[test]
fn a_key_file_that_asks_for_the_whole_machine_is_refused() {
    for (memory_kib, passes) in [(4_194_304, 1), (1_048_576, 1_000), (64, 1_000_000), (u32::MAX, u32::MAX)] {
        let mut keys = SEED.keys.clone();
        for slot in keys["slots"].as_array_mut().unwrap() {
            slot["cost"]["memory_kib"] = memory_kib.into();
            slot["cost"]["passes"] = passes.into();
        }
        let keys = keys.to_string();
        // Refused for what it asks, before any of it is taken.
        let done = within(64 << 20, move || try_restore(&SEED.backup, keys.as_bytes()));
        assert_eq!(done, Ok(Outcome::Refused), "{memory_kib} KiB, {passes} passes");
    }
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn a_backup_whose_pages_are_damaged_is_refused(all in damages()) {
        let damaged = damage(&SEED.backup, &[0, 16, 4096 - 80, 4096, 8192], &all);
        // Bytes after the last page belong to nobody.
        let whole = damaged.starts_with(&SEED.backup);
        let done = within(MEMORY, move || try_restore(&damaged, SEED.keys.to_string().as_bytes()));
        prop_assert!(done == Ok(Outcome::Refused) || (whole && done == Ok(Outcome::Restored)), "{done:?}");
    }

    #[test]
    fn a_backup_whose_keys_were_changed_is_refused_or_opens_as_before(all in changes()) {
        let keys = change(&SEED.keys, &all).to_string();
        let done = within(MEMORY, move || try_restore(&SEED.backup, keys.as_bytes()));
        prop_assert!(done.is_ok(), "{}", done.unwrap_err());
    }

    #[test]
    fn a_backup_whose_key_file_is_damaged_is_refused_or_opens_as_before(all in damages()) {
        let keys = damage(SEED.keys.to_string().as_bytes(), &[], &all);
        let done = within(MEMORY, move || try_restore(&SEED.backup, &keys));
        prop_assert!(done.is_ok(), "{}", done.unwrap_err());
    }
}
