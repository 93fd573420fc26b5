//! The built-in exercise goes the whole way, and is nobody's visit.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use consultation::{CopyFormat, FailureCode, Language, PaperKind, State};
use note::SectionId;
use support::Office;

#[test]
fn an_exercise_goes_from_its_doubts_to_its_papers_and_leaves_nothing() {
    let office = Office::new();
    let app = &office.app;
    assert!(app.exercise().unwrap().is_none());
    let view = app.start_exercise(Language::Fr).unwrap();
    let id = view.consultation.id.clone();
    assert!(view.consultation.exercise && view.playable && view.consultation.patient.is_none());
    assert!(view.consultation.audio_ms > 170_000, "the whole of its sound");
    assert!(view.transcript.segments.iter().any(|s| s.words.iter().any(|w| w.probability < 0.5)));
    let note = view.note.unwrap();
    assert!(note.pending.len() >= 5, "there is something to check: {}", note.pending.len());
    assert!(note.note.statements().all(|(_, s)| !s.sources.is_empty()), "everything was said");

    assert_eq!(app.validate(&id).unwrap_err().code, FailureCode::UncheckedCritical);
    for statement in note.pending {
        app.edit(&id, consultation::Edit::Check { id: statement, checked: true }).unwrap();
    }
    let signed = app.validate(&id).unwrap();
    assert_eq!(signed.consultation.state, State::Validated);
    assert!(!signed.playable, "its audio goes as that of any visit");

    let file = app.export_pdf(&id).unwrap();
    assert!(file.file_name().unwrap().to_string_lossy().starts_with("exercice-consultation-"), "{file:?}");
    assert!(app.clip(&id, CopyFormat::Plain).unwrap().plain.starts_with("EXERCICE"));
    let section = app.clip_section(&id, SectionId::Allergies, CopyFormat::Rich).unwrap();
    assert!(section.plain.starts_with("EXERCICE") && section.html.unwrap().contains("EXERCICE"));
    let paper = app.paper_draft(&id, PaperKind::Prescription).unwrap();
    let paper = app.sign_paper(&id, paper).unwrap();
    let file = app.export_paper_pdf(&id, &paper.signature.sha256).unwrap();
    assert!(file.file_name().unwrap().to_string_lossy().starts_with("exercice-ordonnance-"), "{file:?}");
    let acts = app.acts(&id).unwrap();
    assert_eq!((acts.doctor.as_str(), acts.rows[0].act.as_str()), (support::OWNER, "exercise"));

    let real = office.typed("Jeanne Essai", &[(SectionId::Conclusion, "Angine virale")]);
    let found = |query: &str| app.consultations(query).unwrap();
    assert_eq!(found("").iter().map(|c| c.id.clone()).collect::<Vec<_>>(), std::slice::from_ref(&real));
    assert_eq!(found("angine").len(), 1, "what an exercise says is not found");

    app.erase_exercise().unwrap();
    assert!(app.exercise().unwrap().is_none());
    assert_eq!(app.consultation(&id).unwrap_err().code, FailureCode::NotFound);
    assert_eq!(found("").len(), 1, "and no visit goes with it");
    assert!(app.verify_audit().unwrap().intact);
}

#[test]
fn another_exercise_takes_the_place_of_the_one_before() {
    let office = Office::new();
    let first = office.app.start_exercise(Language::Fr).unwrap().consultation.id;
    let second = office.app.start_exercise(Language::En).unwrap();
    assert_eq!(second.consultation.language, Language::En);
    assert_eq!(office.app.exercise().unwrap().unwrap().id, second.consultation.id);
    assert_eq!(office.app.consultation(&first).unwrap_err().code, FailureCode::NotFound);
}

#[test]
fn a_dictation_needs_a_model_and_says_so_before_it_listens() {
    let office = Office::new();
    let id = office.typed("Jeanne Essai", &[]);
    assert_eq!(office.app.start_dictation(&id).unwrap_err().code, FailureCode::ModelMissing);
    let ended = office.app.finish_dictation(&id, SectionId::Motif);
    assert_eq!(ended.unwrap_err().code, FailureCode::NothingRecording);
    office.app.edit(&id, consultation::Edit::Add { section: SectionId::Motif, text: "Toux".into() }).unwrap();
    office.app.validate(&id).unwrap();
    assert_eq!(office.app.start_dictation(&id).unwrap_err().code, FailureCode::AlreadyValidated);
}
