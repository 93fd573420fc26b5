use std::path::Path;

use rusqlite::Connection;

use super::*;
use crate::{RecordError, backups_in, preview_restore, restore};

fn folder(desk: &Desk, name: &str) -> PathBuf {
    let folder = desk.folder.path().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The record is closed, its place restored, and the desk reopened on it.
fn restored(desk: Desk, backup: &Path) -> (Desk, Option<PathBuf>) {
    let Desk { folder, record, code } = desk;
    drop(record);
    let (record, aside) = restore(&folder.path().join("record.db"), backup, PASSPHRASE, at(100)).unwrap();
    (Desk { folder, record, code }, aside)
}

#[test]
fn a_backup_is_encrypted_whole_and_leaves_nothing_else_beside_it() {
    let desk = Desk::new();
    let id = desk.in_state(State::Validated);
    let usb = folder(&desk, "usb stick #1 à l'étage");
    let made = desk.record.backup(&usb, 3, at(50)).unwrap();
    assert_eq!(names(&usb), ["calame-2026-09-21-141410.calame", "calame-2026-09-21-141410.calame.keys"]);
    let bytes = std::fs::read(&made.path).unwrap();
    assert_eq!(bytes.len() as u64, made.bytes);
    for secret in ["SQLite", "gorge", "Claire Martin"] {
        assert!(!bytes.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret}");
    }
    let copy = Record::unlock(&made.path, PASSPHRASE, at(60)).unwrap();
    assert!(copy.validated(&id).unwrap().is_some());
    assert_eq!(copy.audio(&id, 0, 60_000).unwrap(), desk.record.audio(&id, 0, 60_000).unwrap());
    assert!(copy.verify_audit().unwrap().intact);
}

#[test]
fn a_backup_made_while_audio_comes_in_is_one_moment_of_the_recording() {
    let desk = Desk::new();
    let id = desk.in_state(State::Recording);
    let usb = folder(&desk, "usb");
    let mut writer = desk.record.audio_writer(&id).unwrap();
    writer.append(&tone(24_000, 16_000 * 120), at(4)).unwrap();
    let made = std::thread::scope(|scope| {
        let backup = scope.spawn(|| desk.record.backup(&usb, 3, at(50)).unwrap());
        let mut from = 24_000 + 16_000 * 120;
        while !backup.is_finished() {
            writer.append(&tone(from, 8_000), at(5)).unwrap();
            from += 8_000;
        }
        backup.join().unwrap()
    });
    let copy = Record::unlock(&made.path, PASSPHRASE, at(60)).unwrap();
    let held = copy.audio(&id, 0, u32::MAX / 32).unwrap();
    assert!(held.len() >= 24_000 + 16_000 * 120);
    assert_eq!(held, tone(0, held.len()), "what the copy holds has no hole");
    assert_eq!(copy.interrupted().unwrap().len(), 1, "it is offered for recovery");
}

#[test]
fn only_the_newest_backups_stay_and_only_those_of_this_record() {
    let desk = Desk::new();
    let stranger = Desk::new();
    let usb = folder(&desk, "usb");
    stranger.record.backup(&usb, 1, at(1)).unwrap();
    std::fs::write(usb.join("calame-holiday.calame"), b"a photo").unwrap();
    for second in [10, 20, 20, 30, 40] {
        desk.record.backup(&usb, 3, at(second)).unwrap();
    }
    let kept: Vec<i64> =
        desk.record.backups(&usb).iter().map(|b| b.made_at.timestamp() - at(0).timestamp()).collect();
    assert_eq!(kept, [40, 30, 21]);
    assert_eq!(stranger.record.backups(&usb).len(), 1);
    assert_eq!(backups_in(&usb).len(), 4);
    assert!(usb.join("calame-holiday.calame").exists());
}

#[test]
fn the_backup_just_made_stays_when_the_clock_was_set_back_and_when_none_are_to_be_kept() {
    let desk = Desk::new();
    let usb = folder(&desk, "usb");
    desk.record.backup(&usb, 1, at(1_000_000)).unwrap();
    let now = desk.record.backup(&usb, 1, at(10)).unwrap();
    assert_eq!(desk.record.backups(&usb), [now]);
    let last = desk.record.backup(&usb, 0, at(20)).unwrap();
    assert_eq!(desk.record.backups(&usb), [last]);
}

#[test]
fn a_backup_that_fails_leaves_the_earlier_ones_and_no_half_file() {
    let desk = Desk::new();
    desk.in_state(State::Drafted);
    let usb = folder(&desk, "usb");
    let good = desk.record.backup(&usb, 1, at(10)).unwrap();
    let before = names(&usb);
    // Its keys cannot be written: a folder has their name.
    let blocked = usb.join("calame-2026-09-21-141340.calame.part.keys");
    std::fs::create_dir(&blocked).unwrap();
    assert!(desk.record.backup(&usb, 1, at(20)).is_err());
    std::fs::remove_dir(&blocked).unwrap();
    assert_eq!(names(&usb), before);
    assert_eq!(desk.record.backups(&usb), [good]);
    // A copy that a power cut left half done goes with the next one.
    std::fs::write(usb.join("calame-2026-09-21-141345.calame.part"), b"half").unwrap();
    let good = desk.record.backup(&usb, 1, at(25)).unwrap();
    assert_eq!(names(&usb).len(), 2);
    assert_eq!(desk.record.backups(&usb), [good]);
    let missing = desk.record.backup(&desk.folder.path().join("pulled out"), 1, at(30));
    assert!(matches!(missing, Err(RecordError::BackupFolder { .. })));
}

#[test]
fn any_damage_to_a_backup_is_found_before_it_replaces_anything() {
    let desk = Desk::new();
    let id = desk.in_state(State::Exported);
    let usb = folder(&desk, "usb");
    let made = desk.record.backup(&usb, 3, at(50)).unwrap();
    let whole = std::fs::read(&made.path).unwrap();
    for place in [0, 100, 5_000, whole.len() / 2, whole.len() - 10] {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        std::fs::write(&made.path, &bytes).unwrap();
        let refused = preview_restore(&desk.path(), &made.path, PASSPHRASE);
        assert!(matches!(refused, Err(RecordError::BackupDamaged { .. })), "byte {place}: {refused:?}");
    }
    std::fs::write(&made.path, &whole[..whole.len() - 4096]).unwrap();
    let Desk { folder, record, .. } = desk;
    drop(record);
    let path = folder.path().join("record.db");
    assert!(restore(&path, &made.path, PASSPHRASE, at(60)).is_err());
    let record = Record::unlock(&path, PASSPHRASE, at(61)).unwrap();
    assert!(record.validated(&id).unwrap().is_some());
}

#[test]
fn a_preview_says_what_would_be_lost_and_changes_nothing() {
    let desk = Desk::new();
    let drafted = desk.in_state(State::Drafted);
    let erased = desk.in_state(State::Exported);
    let usb = folder(&desk, "usb");
    let made = desk.record.backup(&usb, 3, at(50)).unwrap();
    desk.record.freeze(&drafted, &signed("Mal de gorge")).unwrap();
    desk.record.erase_consultation(&erased, "asked", at(51)).unwrap();
    desk.in_state(State::Created);
    let before = desk.record.audit_rows().unwrap();

    let preview = preview_restore(&desk.path(), &made.path, PASSPHRASE).unwrap();
    assert!(preview.replaces && preview.same_record);
    assert_eq!((preview.lost, preview.older, preview.erased_since), (1, 1, 1));
    assert_eq!((preview.backup.consultations, preview.backup.validated), (2, 1));
    let present = preview.present.unwrap();
    assert_eq!((present.consultations, present.validated), (2, 1));
    assert_eq!(desk.record.audit_rows().unwrap(), before);
    let wrong = preview_restore(&desk.path(), &made.path, "une autre phrase");
    assert!(matches!(wrong, Err(RecordError::WrongPassphrase)));
}

#[test]
fn a_restore_brings_the_backup_back_and_keeps_the_replaced_record_aside() {
    let desk = Desk::new();
    let kept = desk.in_state(State::Validated);
    let usb = folder(&desk, "usb");
    let made = desk.record.backup(&usb, 3, at(50)).unwrap();
    let later = desk.in_state(State::Drafted);

    let open = restore(&desk.path(), &made.path, PASSPHRASE, at(99));
    assert!(matches!(open, Err(RecordError::Busy)), "an open record is not replaced");
    let (desk, aside) = restored(desk, &made.path);
    assert!(desk.record.validated(&kept).unwrap().is_some());
    assert!(matches!(desk.record.consultation(&later), Err(RecordError::NotFound { .. })));
    assert!(desk.record.verify_audit().unwrap().intact);
    assert!(desk.record.audit_rows().unwrap().iter().any(|row| row.act == "restore"));
    let replaced = Record::unlock(&aside.unwrap().join("record.db"), PASSPHRASE, at(120)).unwrap();
    assert!(replaced.draft(&later).unwrap().is_some());
}

#[test]
fn what_was_erased_since_the_backup_does_not_come_back_with_it() {
    let desk = Desk::new();
    let gone = desk.in_state(State::Exported);
    let withdrawn_later = desk.in_state(State::Drafted);
    let silent = desk.in_state(State::Validated);
    let shortened = desk.in_state(State::Paused);
    let usb = folder(&desk, "usb");
    let made = desk.record.backup(&usb, 3, at(50)).unwrap();
    desk.record.erase_consultation(&gone, "asked", at(51)).unwrap();
    desk.record.record_consent(&withdrawn_later, &withdrawn()).unwrap();
    desk.record.erase_audio(&silent, "validated", at(52)).unwrap();
    desk.record.erase_last_audio(&shortened, 500, at(53)).unwrap();

    let (desk, _) = restored(desk, &made.path);
    assert!(matches!(desk.record.consultation(&gone), Err(RecordError::NotFound { .. })));
    let withdrawn = desk.record.consultation(&withdrawn_later).unwrap();
    assert_eq!((withdrawn.state, withdrawn.audio_ms), (State::Created, 0));
    assert!(desk.record.draft(&withdrawn_later).unwrap().is_none());
    assert_eq!(desk.record.audio_ms(&silent).unwrap(), 0);
    assert!(desk.record.validated(&silent).unwrap().is_some());
    assert_eq!(desk.record.audio_ms(&shortened).unwrap(), 500);
    assert!(desk.record.verify_audit().unwrap().intact);
}

#[test]
fn a_backup_opens_on_a_machine_that_has_no_record_with_the_recovery_code() {
    let desk = Desk::new();
    let id = desk.in_state(State::Validated);
    let usb = folder(&desk, "usb");
    let made = desk.record.backup(&usb, 3, at(50)).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().join("new").join("record.db");
    let preview = preview_restore(&path, &made.path, &desk.code.to_string()).unwrap();
    assert!(!preview.replaces && preview.present.is_none());
    let (record, aside) = restore(&path, &made.path, &desk.code.to_string(), at(60)).unwrap();
    assert!(aside.is_none());
    assert!(record.validated(&id).unwrap().is_some());
}

#[test]
fn a_damaged_record_is_replaced_and_still_kept() {
    let desk = Desk::new();
    let id = desk.in_state(State::Validated);
    let usb = folder(&desk, "usb");
    let made = desk.record.backup(&usb, 3, at(50)).unwrap();
    let path = desk.path();
    let Desk { folder, record, code } = desk;
    drop(record);
    std::fs::write(&path, b"nothing of a record").unwrap();
    let preview = preview_restore(&path, &made.path, PASSPHRASE).unwrap();
    assert!(preview.replaces && preview.present.is_none());
    let (desk, aside) = {
        let (record, aside) = restore(&path, &made.path, PASSPHRASE, at(100)).unwrap();
        (Desk { folder, record, code }, aside.unwrap())
    };
    assert!(desk.record.validated(&id).unwrap().is_some());
    assert_eq!(std::fs::read(aside.join("record.db")).unwrap(), b"nothing of a record");
}

#[test]
fn a_restore_cut_off_anywhere_is_finished_or_never_happened() {
    // The moves a restore makes once its copy is whole, cut off before each of them.
    for moves in 0..=5 {
        let desk = Desk::new();
        let old = desk.in_state(State::Drafted);
        let usb = folder(&desk, "usb");
        let made = desk.record.backup(&usb, 3, at(50)).unwrap();
        let newer = desk.in_state(State::Drafted);
        let path = desk.path();
        let Desk { folder, record, .. } = desk;
        drop(record);
        let beside = |suffix: &str| crate::files::beside(&path, suffix);
        let aside = beside(".replaced-2026-09-21-141500");
        std::fs::create_dir(&aside).unwrap();
        std::fs::copy(crate::files::beside(&made.path, ".keys"), beside(".restoring.keys")).unwrap();
        std::fs::copy(&made.path, beside(".restoring")).unwrap();
        let steps = [
            (beside(".restoring.keys"), beside(".restored.keys")),
            (beside(".restoring"), beside(".restored")),
            (beside(".keys"), aside.join("record.db.keys")),
            (beside(".restored.keys"), beside(".keys")),
            (path.clone(), aside.join("record.db")),
        ];
        for (from, to) in steps.iter().take(moves) {
            std::fs::rename(from, to).unwrap();
        }
        assert!(Record::exists(&path));
        let record = Record::unlock(&path, PASSPHRASE, at(60)).unwrap();
        assert!(record.draft(&old).unwrap().is_some());
        let happened = record.consultation(&newer).is_err();
        assert_eq!(happened, moves >= 2, "cut off after {moves} moves");
        drop(record);
        if happened {
            let replaced = Record::unlock(&aside.join("record.db"), PASSPHRASE, at(70)).unwrap();
            assert!(replaced.draft(&newer).unwrap().is_some());
        }
        drop(folder);
    }
}

/// A record as an earlier version of the code made it, in a folder of its own.
fn fixture(schema: u32) -> (TempDir, PathBuf) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/schema-{schema}"));
    let folder = tempfile::tempdir().unwrap();
    for name in ["record.calame", "record.calame.keys"] {
        std::fs::copy(from.join(name), folder.path().join(name)).unwrap();
    }
    let path = folder.path().join("record.calame");
    (folder, path)
}

#[test]
fn a_record_of_every_released_schema_is_brought_up_to_date_with_all_it_holds() {
    for schema in [2, 3, 4, 5, 6] {
        let (_folder, path) = fixture(schema);
        let record = Record::unlock(&path, PASSPHRASE, at(100)).unwrap();
        assert!(record.verify_audit().unwrap().intact);
        let listed = record.list("", 10).unwrap();
        let reasons: Vec<_> = listed.iter().map(|c| (c.reason.as_deref().unwrap(), c.state)).collect();
        let expected =
            [("contrôle", State::Recording), ("lombalgie", State::Drafted), ("rhume", State::Exported)];
        assert_eq!(reasons, expected);
        let [open, drafted, exported] = listed.try_into().unwrap();
        assert_eq!(record.audio_ms(&open.id).unwrap(), 500);
        assert_eq!(record.draft(&drafted.id).unwrap().unwrap().note, note("Lombalgie basse"));
        let signed = record.validated(&exported.id).unwrap().unwrap();
        assert_eq!(signed.author(), "Dr Claire Martin");
        assert_eq!(record.transcript(&exported.id).unwrap().segments[0].text, "je viens pour rhume");
        assert_eq!(record.setting::<String>("practice").unwrap().unwrap(), "Cabinet des Tilleuls");
        assert_eq!(record.list("rhume", 10).unwrap().len(), 1);
        // Work goes on.
        record.set_state(&open.id, State::Stopped, at(101)).unwrap();
        record.erase_consultation(&exported.id, "asked", at(102)).unwrap();
        drop(record);

        let kept = backups_in(&crate::backup::folder_before_migrations(&path));
        assert_eq!(kept.len(), 1, "one backup was made before the update");
        let preview = preview_restore(&path, &kept[0].path, PASSPHRASE).unwrap();
        assert_eq!((preview.backup.schema, preview.backup.consultations), (schema, 3));
        assert_eq!((preview.lost, preview.older, preview.erased_since), (0, 1, 1));
        let (record, _) = restore(&path, &kept[0].path, PASSPHRASE, at(200)).unwrap();
        assert_eq!(record.list("", 10).unwrap().len(), 2);
    }
}

#[test]
fn three_backups_from_before_updates_are_kept_and_no_update_happens_without_one() {
    let (_folder, path) = fixture(2);
    let older = crate::backup::folder_before_migrations(&path);
    std::fs::write(&older, b"a file where the folder should be").unwrap();
    assert!(Record::unlock(&path, PASSPHRASE, at(1)).is_err());
    std::fs::remove_file(&older).unwrap();
    for second in 0..5 {
        drop(Record::unlock(&path, PASSPHRASE, at(10 + second)).unwrap());
        std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schema-2/record.calame"), &path)
            .unwrap();
    }
    let kept = backups_in(&older);
    assert_eq!(kept.len(), 3);
    assert_eq!(kept[0].made_at.timestamp(), at(14).timestamp());
}

#[test]
fn a_backup_of_a_newer_program_is_refused_politely() {
    let desk = Desk::new();
    let usb = folder(&desk, "usb");
    let sql: Connection = desk.record.another_connection().unwrap();
    sql.pragma_update(None, "user_version", 999).unwrap();
    let made = desk.record.backup(&usb, 3, at(50)).unwrap();
    let refused = preview_restore(&desk.path(), &made.path, PASSPHRASE);
    assert!(matches!(refused, Err(RecordError::Newer { found: 999, .. })));
}
