//! Letters, prescriptions, certificates and summaries, from the validated note to the practice's folder.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use consultation::{ConsultationId, CopyFormat, FailureCode, PaperKind};
use note::{PaperLine, SectionId};
use support::Office;

/// A note typed without a recording, not validated yet.
fn office() -> (Office, ConsultationId) {
    let office = Office::new();
    let lines = [
        (SectionId::Conclusion, "Angine"),
        (SectionId::Ordonnance, "Paracétamol 1 g × 3/j, 5 jours"),
        (SectionId::Suivi, "Revoir si fièvre"),
    ];
    let id = office.typed("Jeanne Essai", &lines);
    (office, id)
}

#[test]
fn papers_wait_for_the_validation_of_the_note() {
    let (office, id) = office();
    let app = &office.app;
    for kind in PaperKind::ALL {
        assert_eq!(app.paper_draft(&id, kind).unwrap_err().code, FailureCode::NotValidated);
    }
    assert!(app.preview(&id).unwrap()[0].contains("<svg"), "a draft can be looked at");
}

#[test]
fn a_corrected_prescription_is_signed_kept_printed_and_copied() {
    let (office, id) = office();
    let app = &office.app;
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
    let (office, id) = office();
    let app = &office.app;
    app.validate(&id).unwrap();
    let refused = app.export_paper_pdf(&id, &"0".repeat(64)).unwrap_err();
    assert_eq!(refused.code, FailureCode::NotValidated);
    let mut empty = app.paper_draft(&id, PaperKind::Summary).unwrap();
    (empty.opening, empty.sections, empty.closing) = (Vec::new(), Vec::new(), Vec::new());
    assert_eq!(app.sign_paper(&id, empty).unwrap_err().code, FailureCode::EmptyNote);
}
