use super::*;
use crate::keys::Keys;
use crate::{RecordError, files};

#[test]
fn a_record_opens_with_its_passphrase_only() {
    let desk = Desk::new().reopened();
    let path = desk.path();
    let Desk { folder: _folder, record, .. } = desk;
    drop(record);
    let before = std::fs::read(&path).unwrap();
    for wrong in ["trois petits chats noirs", "", "TROIS PETITS CHATS GRIS"] {
        assert!(matches!(Record::unlock(&path, wrong, at(2)), Err(RecordError::WrongPassphrase)));
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert!(Record::unlock(&path, PASSPHRASE, at(3)).is_ok());
}

#[test]
fn failed_attempts_enter_the_audit_when_the_record_is_next_opened() {
    let Desk { folder, record, .. } = Desk::new();
    drop(record);
    let path = folder.path().join("record.db");
    for _ in 0..3 {
        assert!(Record::unlock(&path, "pas la bonne phrase", at(2)).is_err());
    }
    let record = Record::unlock(&path, PASSPHRASE, at(3)).unwrap();
    let rows = record.audit_rows().unwrap();
    let failure = rows.iter().find(|row| row.act == "unlock failure").unwrap();
    assert!(failure.detail.starts_with("3 "));
    drop(record);
    let record = Record::unlock(&path, PASSPHRASE, at(4)).unwrap();
    let told = record.audit_rows().unwrap().iter().filter(|row| row.act == "unlock failure").count();
    assert_eq!(told, 1);
}

#[test]
fn a_short_passphrase_is_refused_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.db");
    let refused = Record::create_at_cost(&path, "onze lettre", CHEAP, at(0));
    assert!(matches!(refused, Err(RecordError::WeakPassphrase)));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let desk = Desk::new();
    let refused = desk.record.change_passphrase(PASSPHRASE, "onze lettre", at(1));
    assert!(matches!(refused, Err(RecordError::WeakPassphrase)));
}

#[test]
fn the_recovery_code_opens_the_record_however_it_is_typed_and_is_replaced() {
    let Desk { folder, record, code } = Desk::new();
    let id = record.create_consultation(&visit(None), at(1)).unwrap();
    drop(record);
    let path = folder.path().join("record.db");
    let typed = code.to_string().to_lowercase().replace('-', " ").replace('0', "O").replace('1', "l");
    let (record, fresh) =
        Record::unlock_with_recovery(&path, &typed, "une toute autre phrase", at(2)).unwrap();
    assert!(record.consultation(&id).is_ok());
    drop(record);
    assert!(matches!(Record::unlock(&path, PASSPHRASE, at(3)), Err(RecordError::WrongPassphrase)));
    let old = Record::unlock_with_recovery(&path, &code.to_string(), PASSPHRASE, at(3));
    assert!(matches!(old, Err(RecordError::WrongRecoveryCode)));
    drop(Record::unlock(&path, "une toute autre phrase", at(4)).unwrap());
    assert!(Record::unlock_with_recovery(&path, &fresh.to_string(), PASSPHRASE, at(5)).is_ok());
}

#[test]
fn a_mistyped_recovery_code_changes_nothing() {
    let Desk { folder, record, code } = Desk::new();
    drop(record);
    let path = folder.path().join("record.db");
    let keys = std::fs::read(Keys::path(&path)).unwrap();
    for typed in ["", "ABCD", &code.to_string()[..38], &format!("{code}0")] {
        let refused = Record::unlock_with_recovery(&path, typed, PASSPHRASE, at(2));
        assert!(matches!(refused, Err(RecordError::WrongRecoveryCode)));
    }
    assert_eq!(std::fs::read(Keys::path(&path)).unwrap(), keys);
}

#[test]
fn changing_the_passphrase_does_not_rewrite_the_data_and_keeps_the_recovery_code() {
    let desk = Desk::new();
    let wrong = desk.record.change_passphrase("pas la bonne phrase", "une autre phrase", at(1));
    assert!(matches!(wrong, Err(RecordError::WrongPassphrase)));
    let key_before = desk.record.another_connection().is_ok();
    desk.record.change_passphrase(PASSPHRASE, "une autre phrase", at(2)).unwrap();
    assert!(key_before && desk.record.another_connection().is_ok());
    let Desk { folder, record, code } = desk;
    drop(record);
    let path = folder.path().join("record.db");
    assert!(matches!(Record::unlock(&path, PASSPHRASE, at(3)), Err(RecordError::WrongPassphrase)));
    drop(Record::unlock(&path, "une autre phrase", at(4)).unwrap());
    assert!(Record::unlock_with_recovery(&path, &code.to_string(), PASSPHRASE, at(5)).is_ok());
}

#[test]
fn a_new_recovery_code_replaces_the_old_one() {
    let Desk { folder, record, code } = Desk::new();
    assert!(record.replace_recovery_code("pas la bonne phrase", at(1)).is_err());
    let fresh = record.replace_recovery_code(PASSPHRASE, at(1)).unwrap();
    drop(record);
    let path = folder.path().join("record.db");
    assert!(Record::unlock_with_recovery(&path, &code.to_string(), PASSPHRASE, at(2)).is_err());
    assert!(Record::unlock_with_recovery(&path, &fresh.to_string(), PASSPHRASE, at(3)).is_ok());
}

#[test]
fn the_passphrase_can_be_asked_for_again_while_the_record_is_open() {
    let desk = Desk::new();
    assert!(desk.record.check_passphrase(PASSPHRASE).is_ok());
    assert!(matches!(desk.record.check_passphrase("pas la bonne"), Err(RecordError::WrongPassphrase)));
}

#[test]
fn a_record_that_is_open_cannot_be_opened_twice() {
    let desk = Desk::new();
    assert!(matches!(Record::unlock(&desk.path(), PASSPHRASE, at(1)), Err(RecordError::Busy)));
    let clone = desk.record.clone();
    let path = desk.path();
    let Desk { folder: _folder, record, .. } = desk;
    drop(record);
    assert!(matches!(Record::unlock(&path, PASSPHRASE, at(1)), Err(RecordError::Busy)));
    drop(clone);
    assert!(Record::unlock(&path, PASSPHRASE, at(1)).is_ok());
}

#[test]
fn an_existing_record_is_never_overwritten() {
    let desk = Desk::new();
    let again = Record::create_at_cost(&desk.path(), PASSPHRASE, CHEAP, at(1));
    assert!(matches!(again, Err(RecordError::Busy | RecordError::Exists { .. })));
    let path = desk.path();
    let Desk { folder: _folder, record, .. } = desk;
    drop(record);
    let again = Record::create_at_cost(&path, PASSPHRASE, CHEAP, at(1));
    assert!(matches!(again, Err(RecordError::Exists { .. })));
    // A database that went missing may come back: its keys are kept.
    std::fs::rename(&path, path.with_extension("away")).unwrap();
    let again = Record::create_at_cost(&path, PASSPHRASE, CHEAP, at(1));
    assert!(matches!(again, Err(RecordError::Exists { .. })));
    assert!(matches!(Record::unlock(&path, PASSPHRASE, at(2)), Err(RecordError::Missing { .. })));
    assert!(Record::exists(&path));
    std::fs::rename(path.with_extension("away"), &path).unwrap();
    assert!(Record::unlock(&path, PASSPHRASE, at(2)).is_ok());
}

#[test]
fn a_creation_cut_short_can_be_started_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.db");
    assert!(!Record::exists(&path));
    // As a crash between the keys and the last rename leaves it.
    drop(Record::create_at_cost(&path, PASSPHRASE, CHEAP, at(0)).unwrap());
    std::fs::rename(&path, files::beside(&path, ".new")).unwrap();
    assert!(!Record::exists(&path));
    let (record, _) = Record::create_at_cost(&path, "une autre phrase", CHEAP, at(1)).unwrap();
    drop(record);
    assert!(Record::unlock(&path, "une autre phrase", at(2)).is_ok());
}

#[test]
fn what_is_missing_or_damaged_is_named_and_left_alone() {
    let Desk { folder, record, .. } = Desk::new();
    drop(record);
    let path = folder.path().join("record.db");
    let elsewhere = folder.path().join("nothing.db");
    assert!(matches!(Record::unlock(&elsewhere, PASSPHRASE, at(1)), Err(RecordError::Missing { .. })));

    let keys = std::fs::read(Keys::path(&path)).unwrap();
    std::fs::write(Keys::path(&path), b"{}").unwrap();
    assert!(matches!(Record::unlock(&path, PASSPHRASE, at(1)), Err(RecordError::KeysCorrupt { .. })));
    std::fs::remove_file(Keys::path(&path)).unwrap();
    assert!(matches!(Record::unlock(&path, PASSPHRASE, at(1)), Err(RecordError::KeysMissing { .. })));
    std::fs::write(Keys::path(&path), &keys).unwrap();

    let whole = std::fs::read(&path).unwrap();
    let noise: Vec<u8> = whole.iter().map(|byte| byte ^ 0x55).collect();
    for damaged in [&noise[..], &whole[..whole.len() / 2], &whole[..100], b""] {
        std::fs::write(&path, damaged).unwrap();
        let refused = Record::unlock(&path, PASSPHRASE, at(1)).map(drop);
        assert!(matches!(refused, Err(RecordError::Corrupt { .. })), "{refused:?}");
        assert!(std::fs::read(&path).unwrap() == damaged);
    }
    std::fs::write(&path, &whole).unwrap();
    assert!(Record::unlock(&path, PASSPHRASE, at(2)).is_ok());
}

#[test]
fn the_keys_of_another_record_do_not_open_this_one() {
    let (ours, theirs) = (Desk::new(), Desk::new());
    let (our_path, their_path) = (ours.path(), theirs.path());
    let (_ours, _theirs) = (ours.folder, theirs.folder);
    drop((ours.record, theirs.record));
    std::fs::copy(Keys::path(&their_path), Keys::path(&our_path)).unwrap();
    let refused = Record::unlock(&our_path, PASSPHRASE, at(1)).map(drop);
    assert!(matches!(refused, Err(RecordError::Corrupt { .. })), "{refused:?}");
}

#[test]
fn a_record_of_a_newer_program_is_refused_politely() {
    let Desk { folder, record, .. } = Desk::new();
    record.another_connection().unwrap().pragma_update(None, "user_version", 99).unwrap();
    drop(record);
    let refused = Record::unlock(&folder.path().join("record.db"), PASSPHRASE, at(1)).map(drop);
    assert!(matches!(refused, Err(RecordError::Newer { found: 99, .. })), "{refused:?}");
}

#[test]
fn a_record_passes_between_threads() {
    fn passes<T: Send + Sync + Clone + 'static>() {}
    fn moves<T: Send + 'static>() {}
    passes::<Record>();
    moves::<crate::AudioWriter>();
}
