//! Letters, prescriptions, certificates and summaries, from the validated note to the practice's folder.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use chrono::{DateTime, Utc};
use consultation::{
    Calame, Clock, ConsultationId, CopyFormat, Edit, Engine, FailureCode, Language, Letterhead,
    NewConsultation, PaperKind, Places, Practice,
};
use note::{PaperLine, SectionId};

struct Noon;

impl Clock for Noon {
    fn now(&self) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339("2026-11-23T11:00:00Z").unwrap().to_utc()
    }
}

struct Office {
    app: Calame,
    id: ConsultationId,
    _folder: tempfile::TempDir,
}

/// A note typed without a recording, not validated yet.
fn office() -> Office {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let places = Places {
        record: at("record.calame"),
        preferences: at("preferences.json"),
        models: at("models"),
        exports: at("exports"),
    };
    let app = Calame::new(places, Engine::at(at("none.bin")), Arc::new(Noon), Arc::new(|_| {}));
    let letterhead = Letterhead { doctor: "Dr Claire Exemple".into(), ..Letterhead::default() };
    app.create_record("trois petits chats gris", &Practice { letterhead, ..Practice::default() }).unwrap();
    let visit = NewConsultation { patient: None, reason: None, language: Language::Fr };
    let id = app.create_consultation(&visit).unwrap().consultation.id;
    for (section, text) in [
        (SectionId::Conclusion, "Angine"),
        (SectionId::Ordonnance, "Paracétamol 1 g × 3/j, 5 jours"),
        (SectionId::Suivi, "Revoir si fièvre"),
    ] {
        app.edit(&id, Edit::Add { section, text: text.into() }).unwrap();
    }
    Office { app, id, _folder: folder }
}

#[test]
fn papers_wait_for_the_validation_of_the_note() {
    let Office { app, id, _folder } = office();
    for kind in PaperKind::ALL {
        assert_eq!(app.paper_draft(&id, kind).unwrap_err().code, FailureCode::NotValidated);
    }
    assert!(app.preview(&id).unwrap()[0].contains("<svg"), "a draft can be looked at");
}

#[test]
fn a_corrected_prescription_is_signed_kept_printed_and_copied() {
    let Office { app, id, _folder } = office();
    app.validate(&id).unwrap();
    let mut paper = app.paper_draft(&id, PaperKind::Prescription).unwrap();
    assert!(app.papers(&id).unwrap().is_empty(), "nothing is kept before the signature");
    paper.sections[0].lines.push(PaperLine { text: "Repos au lit".into(), statement: None });
    assert_eq!(app.paper_preview(&id, &paper).unwrap().len(), 1);
    let signed = app.sign_paper(&id, paper).unwrap();
    assert_eq!(app.papers(&id).unwrap(), std::slice::from_ref(&signed));
    let sha256 = signed.signature.sha256;
    let pdf = app.export_paper_pdf(&id, &sha256).unwrap();
    let name = pdf.file_name().unwrap().to_string_lossy().into_owned();
    assert!(name.starts_with("ordonnance-2026-11-23") && std::fs::read(&pdf).unwrap().starts_with(b"%PDF-"));
    let clip = app.clip_paper(&id, &sha256, CopyFormat::Plain).unwrap();
    assert!(clip.plain.contains("- Paracétamol 1 g × 3/j, 5 jours\n- Repos au lit"), "{}", clip.plain);
    assert!(!clip.plain.contains("Angine"));
}

#[test]
fn what_was_never_signed_cannot_be_handed_out() {
    let Office { app, id, _folder } = office();
    app.validate(&id).unwrap();
    let refused = app.export_paper_pdf(&id, &"0".repeat(64)).unwrap_err();
    assert_eq!(refused.code, FailureCode::NotValidated);
    let mut empty = app.paper_draft(&id, PaperKind::Summary).unwrap();
    (empty.opening, empty.sections, empty.closing) = (Vec::new(), Vec::new(), Vec::new());
    assert_eq!(app.sign_paper(&id, empty).unwrap_err().code, FailureCode::EmptyNote);
}
