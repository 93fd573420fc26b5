//! Versions, addenda, what becomes of audio, and what a patient may ask.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::io::Read as _;

use chrono::TimeDelta;
use consultation::{AudioFate, Difference, Edit, FailureCode, Retention, State};
use note::SectionId;
use support::{Office, PASSPHRASE};

const LINES: &[(SectionId, &str)] = &[
    (SectionId::Conclusion, "Angine streptococcique"),
    (SectionId::Ordonnance, "Amoxicilline 1 g matin et soir"),
];

#[test]
fn every_save_is_a_version_and_an_addendum_is_one_more() {
    let office = Office::new();
    let app = &office.app;
    let id = office.typed("Jeanne Essai", LINES);
    assert_eq!(app.addendum(&id).unwrap_err().code, FailureCode::NotValidated);
    app.validate(&id).unwrap();
    let view = app.addendum(&id).unwrap();
    assert!(view.pending.is_empty() && !view.can_undo);
    assert_eq!(app.sign_addendum(&id).unwrap_err().code, FailureCode::EmptyNote, "nothing was changed");

    app.edit_addendum(&id, Edit::Add { section: SectionId::Suivi, text: "Appel à 48 h".into() }).unwrap();
    app.undo_addendum(&id).unwrap();
    assert!(app.redo_addendum(&id).unwrap().can_undo);
    // A crash or a lock keeps it.
    app.lock();
    app.unlock(PASSPHRASE).unwrap();
    assert!(app.consultation(&id).unwrap().has_addendum_draft);
    office.pass(TimeDelta::hours(2));
    let view = app.sign_addendum(&id).unwrap();
    assert!(!view.has_addendum_draft);
    assert!(view.note.unwrap().note.statements().any(|(_, s)| s.text == "Appel à 48 h"));

    let kinds: Vec<String> = app.versions(&id).unwrap().iter().map(|v| format!("{:?}", v.kind)).collect();
    assert_eq!(kinds, ["Draft", "Draft", "Validated", "Addendum"]);
    let changed = app.differences(&id, 3, 4).unwrap();
    assert!(matches!(&changed[..], [Difference::Added { section: SectionId::Suivi, .. }]), "{changed:?}");
    assert_eq!(app.version(&id, 3).unwrap().statements().count(), 2, "the signed version stays");

    app.edit_addendum(&id, Edit::Add { section: SectionId::Suivi, text: "Erreur".into() }).unwrap();
    assert!(!app.discard_addendum(&id).unwrap().has_addendum_draft);
}

#[test]
fn audio_goes_at_validation_or_days_later_or_stays_for_a_reason() {
    let office = Office::new();
    let app = &office.app;
    let recorded = || {
        let id = office.typed("Jeanne Essai", &[]);
        app.record_consent(&id, consultation::ConsentDecision::Informed, consultation::ConsentForm::Oral)
            .unwrap();
        let wave = office.at("tone.wav");
        sound(&wave);
        // No model is there: the audio comes in all the same.
        assert_eq!(app.import_audio_and_wait(&id, &wave).unwrap_err().code, FailureCode::ModelMissing);
        app.edit(&id, Edit::Add { section: SectionId::Conclusion, text: "Rhume".into() }).unwrap();
        assert!(app.consultation(&id).unwrap().playable);
        id
    };
    let gone = |id: &consultation::ConsultationId| {
        let view = app.consultation(id).unwrap();
        !view.playable && view.consultation.audio_erased_at.is_some()
    };
    let (at_once, later, kept) = (recorded(), recorded(), recorded());
    app.validate(&at_once).unwrap();
    assert!(gone(&at_once), "announced in the same act");
    office.until("its erasure", || {
        let rows = app.audit_rows().unwrap();
        rows.iter().any(|r| r.act == "erase" && r.subject.as_deref() == Some(at_once.as_str()))
    });

    let mut practice = app.practice().unwrap();
    (practice.retention, practice.retention_days) = (Retention::AfterDays, 7);
    app.save_practice(practice.clone()).unwrap();
    let view = app.validate(&later).unwrap();
    assert!(view.playable && matches!(view.audio_fate, Some(AudioFate::EraseAt { .. })));
    (practice.retention, practice.keep_reason) = (Retention::Keep, "Enseignement, accord écrit".into());
    app.save_practice(practice).unwrap();
    let view = app.validate(&kept).unwrap();
    assert_eq!(view.audio_fate, Some(AudioFate::Keep { reason: "Enseignement, accord écrit".into() }));

    assert!(!app.tick());
    office.later(TimeDelta::days(6));
    assert!(app.consultation(&later).unwrap().playable);
    office.later(TimeDelta::days(2));
    office.until("the erasure of what is due", || gone(&later));
    assert!(app.consultation(&kept).unwrap().playable);
    let nothing = AudioFate::Keep { reason: " ".into() };
    assert_eq!(app.decide_audio(&kept, &nothing).unwrap_err().code, FailureCode::ReasonNeeded);
    assert!(!app.decide_audio(&kept, &AudioFate::Erase).unwrap().playable);
}

#[test]
fn all_that_is_held_on_a_patient_comes_in_one_archive() {
    let office = Office::new();
    let app = &office.app;
    let id = office.typed("Jeanne Essai", LINES);
    app.validate(&id).unwrap();
    let paper = app.paper_draft(&id, note_kind()).unwrap();
    app.sign_paper(&id, paper).unwrap();
    office.typed("Paul Autre", &[(SectionId::Conclusion, "Entorse")]);
    let draft = office.typed("Jeanne Essai", &[(SectionId::Conclusion, "Bronchite")]);
    app.record_consent(&draft, consultation::ConsentDecision::Informed, consultation::ConsentForm::Oral)
        .unwrap();
    let wave = office.at("tone.wav");
    sound(&wave);
    let other = office.typed("Jeanne Essai", &[]);
    app.record_consent(&other, consultation::ConsentDecision::Informed, consultation::ConsentForm::Oral)
        .unwrap();
    let _ = app.import_audio_and_wait(&other, &wave);

    let patient = app.patient_of(&id).unwrap().unwrap();
    assert_eq!(patient.consultations, 3);
    let path = app.export_access(&patient.id, None).unwrap();
    assert!(!path.display().to_string().contains("Jeanne"), "a file list is read by whoever passes");
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&path).unwrap()).unwrap();
    let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    let has = |what: &str| names.iter().any(|name| name.ends_with(what));
    for what in
        ["LISEZ-MOI.txt", "patient.json", "note.pdf", "01-prescription.pdf", "recording.wav", "consents.json"]
    {
        assert!(has(what), "{what} in {names:?}");
    }
    let mut all = Vec::new();
    for at in 0..zip.len() {
        zip.by_index(at).unwrap().read_to_end(&mut all).unwrap();
    }
    let text = String::from_utf8_lossy(&all);
    for held in ["Angine streptococcique", "Bronchite", "Jeanne Essai"] {
        assert!(text.contains(held), "{held}");
    }
    assert!(!text.contains("Entorse") && !text.contains("Paul Autre"), "nothing of another patient");
    let mut wave = Vec::new();
    let place = names.iter().find(|name| name.ends_with("recording.wav")).unwrap();
    zip.by_name(place).unwrap().read_to_end(&mut wave).unwrap();
    let read = hound::WavReader::new(std::io::Cursor::new(wave)).unwrap();
    assert_eq!((read.spec().sample_rate, read.len()), (16_000, 32_000));
    let rows = app.audit_rows().unwrap();
    assert_eq!(rows.iter().filter(|row| row.act == "access").count(), 3);
    let again = app.export_access(&patient.id, None).unwrap();
    assert_ne!(again, path, "an export never overwrites");
}

#[test]
fn a_patient_is_erased_for_a_reason_and_leaves_nothing() {
    let office = Office::new();
    let app = &office.app;
    let id = office.typed("Jeanne Essai", LINES);
    app.validate(&id).unwrap();
    let draft = office.typed("Jeanne Essai", &[(SectionId::Conclusion, "Bronchite")]);
    let patient = app.patients("jeanne").unwrap().remove(0).id;
    assert_eq!(app.erase_patient(&patient, "  ").unwrap_err().code, FailureCode::ReasonNeeded);
    assert_eq!(app.erase_consultation(&id, "").unwrap_err().code, FailureCode::ReasonNeeded);
    assert_eq!(app.consultation(&id).unwrap().consultation.state, State::Validated);
    assert_eq!(app.erase_patient(&patient, "à sa demande").unwrap(), 2);
    assert!(app.consultation(&draft).is_err() && app.patients("").unwrap().is_empty());
    assert!(app.verify_audit().unwrap().intact);
}

fn note_kind() -> note::PaperKind {
    note::PaperKind::Prescription
}

/// Two seconds of a tone.
fn sound(path: &std::path::Path) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 16_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut wave = hound::WavWriter::create(path, spec).unwrap();
    for n in 0..32_000_i32 {
        wave.write_sample(((n % 80 - 40) * 200) as i16).unwrap();
    }
    wave.finalize().unwrap();
}
