//! Backups by hand and by themselves, restoring, and several doctors in one record.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use chrono::TimeDelta;
use consultation::{BackupPlan, Event, FailureCode, RecordStatus};
use note::SectionId;
use support::{OWNER, Office, PASSPHRASE};

const SECOND: &str = "soixante moulins dans la brume 8";
const COLLEAGUE: &str = "Dr Paul Second";

fn plan(office: &Office, folder: &str) -> BackupPlan {
    let folder = office.at(folder);
    std::fs::create_dir_all(&folder).unwrap();
    BackupPlan { folder: Some(folder.display().to_string()), every_days: 1, keep: 2 }
}

#[test]
fn a_copy_is_made_when_its_day_has_come_and_not_before() {
    let office = Office::new();
    let state = office.app.save_backup_plan(plan(&office, "stick")).unwrap();
    assert!(state.overdue && state.reachable && state.last.is_none());
    let copies = || office.app.backup_state().unwrap().copies.len();
    office.app.tick();
    office.until("the first copy", || copies() == 1);
    office.until("the word of it", || {
        office.events.lock().unwrap().iter().any(|event| matches!(event, Event::BackedUp { .. }))
    });
    assert!(!office.app.backup_state().unwrap().overdue);
    for _ in 0..3 {
        office.later(TimeDelta::hours(7));
    }
    assert_eq!(copies(), 1);
    for days in 2..5 {
        office.later(TimeDelta::hours(25));
        let made = || office.app.backup_state().unwrap().last.unwrap().made_at;
        office.until("the next copy", || {
            let now = chrono::DateTime::parse_from_rfc3339("2026-11-23T11:00:00Z").unwrap().to_utc();
            made() - now >= TimeDelta::hours(21 + 25 * (days - 1))
        });
    }
    office.until("the oldest going", || copies() == 2);
}

#[test]
fn a_stick_left_at_home_is_told_once_and_tried_again() {
    let office = Office::new();
    let mut gone = plan(&office, "stick");
    gone.folder = Some(office.at("no stick").display().to_string());
    office.app.save_backup_plan(gone).unwrap();
    let told = || {
        let events = office.events.lock().unwrap();
        events
            .iter()
            .filter(|event| {
                matches!(event, Event::Problem { failure, .. } if failure.code == FailureCode::BackupFolder)
            })
            .count()
    };
    office.app.tick();
    office.until("the word of it", || told() == 1);
    for _ in 0..4 {
        office.later(TimeDelta::minutes(20));
    }
    assert_eq!(told(), 1);
    std::fs::create_dir(office.at("no stick")).unwrap();
    office.later(TimeDelta::minutes(20));
    office.until("the copy", || office.app.backup_state().unwrap().copies.len() == 1);
}

#[test]
fn a_plan_that_keeps_nothing_is_refused() {
    let office = Office::new();
    for (every_days, keep) in [(0, 3), (1, 0)] {
        let plan = BackupPlan { folder: None, every_days, keep };
        assert_eq!(office.app.save_backup_plan(plan).unwrap_err().code, FailureCode::InvalidInput);
    }
    assert_eq!(office.app.back_up(None).unwrap_err().code, FailureCode::BackupFolder);
}

#[test]
fn a_backup_is_looked_at_then_restored_and_what_it_replaces_is_kept() {
    let office = Office::new();
    let kept = office.typed("Jeanne Essai", &[(SectionId::Conclusion, "Angine")]);
    std::fs::create_dir(office.at("stick")).unwrap();
    let backup = office.app.back_up(Some(&office.at("stick"))).unwrap();
    let later = office.typed("Paul Essai", &[(SectionId::Conclusion, "Entorse")]);

    let wrong = office.app.restore(&backup.path, "une autre phrase bien longue").unwrap_err();
    assert_eq!(wrong.code, FailureCode::WrongPassphrase);
    assert_eq!(office.app.status().record, RecordStatus::Open, "a slip changes nothing");
    let preview = office.app.preview_restore(&backup.path, PASSPHRASE).unwrap();
    assert!(preview.same_record && preview.replaces);
    assert_eq!((preview.backup.consultations, preview.lost), (1, 1));

    office.pass(TimeDelta::minutes(1));
    let restored = office.app.restore(&backup.path, PASSPHRASE).unwrap();
    assert_eq!(restored.status.record, RecordStatus::Open);
    assert!(restored.replaced.unwrap().is_dir());
    assert!(office.app.consultation(&kept).is_ok());
    assert_eq!(office.app.consultation(&later).unwrap_err().code, FailureCode::NotFound);

    // Another machine, with nothing on it: the stick and the passphrase are enough.
    let other = Office::empty();
    let [found] = &other.app.backups_in(&office.at("stick"))[..] else { panic!("one copy") };
    let restored = other.app.restore(&found.path, PASSPHRASE).unwrap();
    assert!(restored.replaced.is_none());
    assert_eq!(other.app.consultations("").unwrap().len(), 1);
}

#[test]
fn a_damaged_backup_is_named_and_changes_nothing() {
    let office = Office::new();
    let id = office.typed("Jeanne Essai", &[(SectionId::Conclusion, "Angine")]);
    std::fs::create_dir(office.at("stick")).unwrap();
    let backup = office.app.back_up(Some(&office.at("stick"))).unwrap();
    let mut bytes = std::fs::read(&backup.path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    std::fs::write(&backup.path, bytes).unwrap();
    let refused = office.app.restore(&backup.path, PASSPHRASE).unwrap_err();
    assert_eq!(refused.code, FailureCode::BackupDamaged);
    assert!(refused.details.contains_key("path"));
    assert!(office.app.consultation(&id).is_ok());
}

#[test]
fn two_doctors_have_each_their_letterhead_their_name_and_their_drafts_and_read_what_was_signed() {
    let office = Office::new();
    let draft = office.typed("Jeanne Essai", &[(SectionId::Conclusion, "Angine")]);
    let signed = office.typed("Paul Essai", &[(SectionId::Conclusion, "Entorse de cheville")]);
    office.app.validate(&signed).unwrap();
    assert_eq!(
        office.app.add_doctor(COLLEAGUE, PASSPHRASE, true).unwrap_err().code,
        FailureCode::PassphraseTaken
    );
    assert_eq!(office.app.add_doctor(OWNER, SECOND, true).unwrap_err().code, FailureCode::InvalidInput);
    assert_eq!(
        office.app.add_doctor(COLLEAGUE, "court", true).unwrap_err().code,
        FailureCode::WeakPassphrase
    );
    let doctors = office.app.add_doctor(COLLEAGUE, SECOND, true).unwrap();
    assert_eq!(doctors.iter().map(|d| d.name.as_str()).collect::<Vec<_>>(), [OWNER, COLLEAGUE]);

    office.app.lock();
    office.app.unlock(SECOND).unwrap();
    let practice = office.app.practice().unwrap();
    assert_eq!(practice.letterhead.doctor, COLLEAGUE);
    assert_eq!(office.app.consultation(&draft).unwrap_err().code, FailureCode::NotFound);
    let view = office.app.consultation(&signed).unwrap();
    assert_eq!(view.consultation.colleague.as_deref(), Some(OWNER));
    assert!(view.note.is_some() && view.transcript.segments.is_empty() && !view.playable);
    let own = office.typed("Luc Essai", &[(SectionId::Conclusion, "Rhinite")]);
    assert_eq!(office.app.validate_as(&own, OWNER, true).unwrap_err().code, FailureCode::NotYours);
    let mut stolen = practice.clone();
    stolen.letterhead.doctor = format!(" {} ", OWNER.to_uppercase());
    assert_eq!(office.app.save_practice(stolen).unwrap_err().code, FailureCode::NotYours);
    assert_eq!(office.app.validate(&own).unwrap().signature.unwrap().author, COLLEAGUE);
    assert_eq!(
        office.app.add_doctor("Dr Intrus", "vingt bateaux de papier rouge", true).unwrap_err().code,
        FailureCode::NotOwner
    );
    // Own patients by choice.
    office.app.share_notes(false).unwrap();
    assert_eq!(office.app.consultation(&signed).unwrap_err().code, FailureCode::NotFound);

    office.app.lock();
    office.app.unlock(PASSPHRASE).unwrap();
    assert_eq!(office.app.practice().unwrap().letterhead.doctor, OWNER);
    let second = office.app.doctors().unwrap()[1].id.clone();
    office.app.reset_doctor(&second, "une phrase toute neuve 3").unwrap();
    office.app.remove_doctor(&second).unwrap();
    office.app.lock();
    assert!(office.app.unlock("une phrase toute neuve 3").is_err());
}
