//! Disks that fill up, disks that only read, power that fails, and someone who guesses.

use std::path::Path;
use std::process::Command;

use super::*;
use crate::RecordError;
use crate::keys::Keys;

const WRONG: &str = "pas la bonne phrase";

fn closed() -> (TempDir, PathBuf, RecoveryCode) {
    let Desk { folder, record, code } = Desk::new();
    drop(record);
    let path = folder.path().join("record.db");
    (folder, path, code)
}

fn wait_asked(path: &Path, passphrase: &str, seconds: i64) -> Option<u32> {
    match Record::unlock(path, passphrase, at(seconds)) {
        Err(RecordError::TooSoon { wait_s }) => Some(wait_s),
        _ => None,
    }
}

#[test]
fn guesses_are_slowed_down_more_and_more_and_the_right_passphrase_comes_through_after_the_pause() {
    let (_folder, path, _) = closed();
    for _ in 0..4 {
        assert_eq!(wait_asked(&path, WRONG, 100), None);
    }
    // Not even the right one is tried: whether it is right must not show.
    assert_eq!(wait_asked(&path, PASSPHRASE, 100), Some(5));
    assert_eq!(wait_asked(&path, WRONG, 103), Some(2));
    let mut now = 105;
    for pause in [10, 20, 40, 80, 160, 300, 300] {
        assert_eq!(wait_asked(&path, WRONG, now), None, "the guess itself is tried");
        assert_eq!(wait_asked(&path, WRONG, now), Some(pause));
        now += i64::from(pause);
    }
    let record = Record::unlock(&path, PASSPHRASE, at(now)).unwrap();
    let rows = record.audit_rows().unwrap();
    assert!(rows.iter().any(|row| row.act == "unlock failure" && row.detail.starts_with("11 ")));
    drop(record);
    // Forgiven: the next slip costs nothing.
    assert_eq!(wait_asked(&path, WRONG, now), None);
    assert_eq!(wait_asked(&path, PASSPHRASE, now), None);
}

#[test]
fn a_clock_set_back_keeps_nobody_out_for_longer_than_the_pause() {
    let (_folder, path, _) = closed();
    for _ in 0..4 {
        assert_eq!(wait_asked(&path, WRONG, 1_000_000), None);
    }
    assert_eq!(wait_asked(&path, PASSPHRASE, 10), Some(5));
    let mut keys = Keys::read(&path).unwrap();
    assert!(keys.refuse_in_haste(at(10)).is_err());
    assert!(keys.refuse_in_haste(at(15)).is_ok());
}

#[test]
fn the_recovery_code_is_never_held_up() {
    let (_folder, path, code) = closed();
    for _ in 0..6 {
        let _ = Record::unlock(&path, WRONG, at(100));
    }
    assert!(wait_asked(&path, PASSPHRASE, 100).is_some());
    assert!(Record::unlock_with_recovery(&path, &code.to_string(), PASSPHRASE, at(100)).is_ok());
}

#[test]
fn a_locked_screen_slows_guesses_down_as_well() {
    let desk = Desk::new();
    for _ in 0..4 {
        assert!(matches!(desk.record.session(WRONG), Err(RecordError::WrongPassphrase)));
    }
    assert!(matches!(desk.record.session(PASSPHRASE), Err(RecordError::TooSoon { .. })));
}

#[test]
fn a_passphrase_wrapped_at_an_older_cost_is_wrapped_anew_and_the_data_stays_as_it_is() {
    let desk = Desk::new();
    let id = desk.in_state(State::Validated);
    let dearer = KdfCost::new(128, 2);
    assert!(matches!(desk.record.strengthen(WRONG, dearer, at(20)), Err(RecordError::WrongPassphrase)));
    assert!(desk.record.strengthen(PASSPHRASE, dearer, at(20)).unwrap());
    assert!(!desk.record.strengthen(PASSPHRASE, dearer, at(21)).unwrap(), "once");
    assert!(!desk.record.strengthen(PASSPHRASE, CHEAP, at(21)).unwrap(), "never down");
    let rows = desk.record.audit_rows().unwrap();
    assert!(rows.last().unwrap().detail.contains("m=128 t=2"));
    let code = desk.code.to_string();
    let desk = desk.reopened();
    assert_eq!(desk.record.consultation(&id).unwrap().state, State::Validated);
    let path = desk.path();
    let Desk { folder: _folder, record, .. } = desk;
    drop(record);
    assert!(Record::unlock_with_recovery(&path, &code, PASSPHRASE, at(30)).is_ok());
}

/// The database and its log as they lie on the disk.
fn image(path: &Path) -> [Vec<u8>; 2] {
    ["", "-wal"].map(|suffix| std::fs::read(crate::files::beside(path, suffix)).unwrap_or_default())
}

/// What a disk may hold after a power cut while `before` became `after`: of the pages that nobody waited for, any part
/// was written, in any order, and the last one is torn or noise.
fn torn(before: &[u8], after: &[u8], dice: &mut impl FnMut(usize) -> usize) -> Vec<u8> {
    let mut disk = before.to_vec();
    if dice(3) > 0 {
        disk.resize(after.len().max(before.len()), 0);
    }
    const SECTOR: usize = 512;
    let keep = dice(4);
    for (place, sector) in after.chunks(SECTOR).enumerate() {
        let from = place * SECTOR;
        let Some(there) = disk.get_mut(from..from + sector.len()) else { break };
        if there == sector {
            continue;
        }
        match dice(4) {
            chance if chance < keep => there.copy_from_slice(sector),
            // Bytes beside those being written stay as they were, as SQLite assumes of a disk.
            3 if dice(8) == 0 => {
                for (byte, wanted) in there.iter_mut().zip(sector).filter(|(byte, wanted)| byte != wanted) {
                    *byte = wanted ^ dice(256) as u8;
                }
            }
            _ => {}
        }
    }
    disk
}

/// A simulated cut: the disk keeps what SQLite waited for, and any part of what came after. It does not simulate a disk
/// that lies about having written.
#[test]
fn a_power_cut_during_any_write_loses_nothing_that_was_acknowledged_and_leaves_a_sound_record() {
    let desk = Desk::new();
    let id = desk.in_state(State::Recording);
    let path = desk.path();
    let mut writer = desk.record.audio_writer(&id).unwrap();
    let sql = desk.record.another_connection().unwrap();
    let (mut images, mut saved) = (vec![(image(&path), 1500)], 1500);
    for step in 0..8 {
        saved = writer.append(&tone(saved as usize * 16, 8_000), at(5)).unwrap();
        images.push((image(&path), saved));
        if step == 4 {
            // The log goes into the database; the next write begins it anew.
            sql.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).unwrap();
            images.push((image(&path), saved));
        }
    }
    for seed in 0_u64..48 {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut dice = |bound: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % bound
        };
        let step = dice(images.len() - 1);
        let [(before, acknowledged), (after, _)] = &images[step..step + 2] else { unreachable!() };
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("record.db");
        std::fs::copy(Keys::path(&path), Keys::path(&copy)).unwrap();
        for (place, suffix) in ["", "-wal"].iter().enumerate() {
            let disk = torn(&before[place], &after[place], &mut dice);
            std::fs::write(crate::files::beside(&copy, suffix), disk).unwrap();
        }
        let opened = Record::unlock(&copy, PASSPHRASE, at(9));
        let record = opened.unwrap_or_else(|error| panic!("seed {seed}, cut after image {step}: {error}"));
        let [left] = &record.interrupted().unwrap()[..] else { panic!("seed {seed}: none to recover") };
        assert!(left.audio_ms >= *acknowledged, "seed {seed}: {} of {acknowledged} ms", left.audio_ms);
        let heard = record.audio(&left.id, 0, left.audio_ms).unwrap();
        assert_eq!(
            heard,
            tone(0, 24_000).into_iter().chain(tone(24_000, heard.len() - 24_000)).collect::<Vec<_>>(),
            "seed {seed}"
        );
        assert!(record.verify_audit().unwrap().intact, "seed {seed}");
        let sound: String = record
            .another_connection()
            .unwrap()
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(sound, "ok", "seed {seed}");
    }
}

const FULL: &str = "CALAME_TEST_FULL_DISK";

/// In a mount namespace of its own, with a small disk mounted on the folder.
fn on_a_small_disk(folder: &Path) {
    let path = folder.join("record.db");
    std::fs::write(folder.join("photographs"), vec![7; 4 << 20]).unwrap();
    let (record, _) = Record::create_at_cost(&path, PASSPHRASE, CHEAP, at(0)).unwrap();
    let id = record.create_consultation(&visit(None), at(1)).unwrap();
    record.record_consent(&id, &informed()).unwrap();
    record.set_state(&id, State::Recording, at(2)).unwrap();
    drop(record);
    // Room is put aside when a record is opened.
    let record = Record::unlock(&path, PASSPHRASE, at(3)).unwrap();
    let mut writer = record.audio_writer(&id).unwrap();
    let mut saved = 0;
    let refused = loop {
        match writer.append(&tone(saved as usize * 16, 16_000), at(4)) {
            Ok(now) => saved = now,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, RecordError::Full), "{refused:?}");
    assert!(saved >= 10_000);
    // The process dies here, with its log full.
    let image: Vec<_> = ["record.db", "record.db-wal", "record.db.keys", "record.db.reserve"]
        .map(|name| (name, std::fs::read(folder.join(name)).unwrap()))
        .into();
    drop(writer);
    drop(record);
    for (name, bytes) in image {
        std::fs::remove_file(folder.join(name)).ok();
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    let _ = std::fs::remove_file(folder.join("record.db-shm"));
    // Something else takes all that is left, to the byte.
    let filler = std::fs::File::create(folder.join("filler")).unwrap();
    for size in [65_536, 4096, 1] {
        while std::io::Write::write(&mut &filler, &vec![7; size]).is_ok_and(|written| written > 0) {}
    }
    assert!(std::fs::write(folder.join("more"), [7; 4096]).is_err(), "the disk is full");

    let record = Record::unlock(&path, PASSPHRASE, at(9)).unwrap();
    let [left] = &record.interrupted().unwrap()[..] else { panic!("one recording was cut off") };
    assert_eq!(left.audio_ms, saved);
    assert_eq!(record.audio(&left.id, 0, saved).unwrap(), tone(0, saved as usize * 16));
    assert!(record.verify_audit().unwrap().intact);
    // There is room again.
    std::fs::remove_file(folder.join("photographs")).unwrap();
    record.set_state(&left.id, State::Stopped, at(10)).unwrap();
    record.save_draft(&left.id, &note("Repris"), &[], at(11)).unwrap();
    drop(record);
    drop(Record::unlock(&path, PASSPHRASE, at(12)).unwrap());
    assert!(folder.join("record.db.reserve").exists(), "room is put aside anew");
}

/// Runs one test of this file alone in a mount namespace, after a shell line.
fn in_a_namespace(name: &str, mount: &str, key: &str, folder: &Path) {
    let program = std::env::current_exe().unwrap();
    let line =
        format!("{mount} && exec '{}' --exact 'tests::hard_times::{name}' --nocapture", program.display());
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-c", &line])
        .env(key, folder)
        .env("FOLDER", folder)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{said:?}");
}

#[test]
fn a_full_disk_keeps_every_second_that_was_acknowledged_and_keeps_nobody_out() {
    if let Some(folder) = std::env::var_os(FULL) {
        return on_a_small_disk(folder.as_ref());
    }
    let folder = tempfile::tempdir().unwrap();
    let name = "a_full_disk_keeps_every_second_that_was_acknowledged_and_keeps_nobody_out";
    in_a_namespace(name, "mount -t tmpfs -o size=7m tmpfs \"$FOLDER\"", FULL, folder.path());
}

const READ_ONLY: &str = "CALAME_TEST_READ_ONLY_DISK";

#[test]
fn a_disk_that_only_reads_is_named_and_nothing_is_harmed() {
    if let Some(folder) = std::env::var_os(READ_ONLY) {
        let path = Path::new(&folder).join("record.db");
        let refused = Record::unlock(&path, PASSPHRASE, at(5)).err();
        assert!(matches!(refused, Some(RecordError::ReadOnly { .. })), "{refused:?}");
        return;
    }
    let desk = Desk::new();
    let id = desk.in_state(State::Drafted);
    let path = desk.path();
    let Desk { folder, record, .. } = desk;
    drop(record);
    let name = "a_disk_that_only_reads_is_named_and_nothing_is_harmed";
    let mount = "mount --bind \"$FOLDER\" \"$FOLDER\" && mount -o remount,bind,ro \"$FOLDER\"";
    in_a_namespace(name, mount, READ_ONLY, folder.path());
    let record = Record::unlock(&path, PASSPHRASE, at(6)).unwrap();
    assert_eq!(record.consultation(&id).unwrap().state, State::Drafted);
}
