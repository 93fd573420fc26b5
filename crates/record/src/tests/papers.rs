//! Papers are signed by themselves, never change, and go with their consultation.

use note::{PAPER_SCHEMA, Paper, PaperKind, PaperLine, PaperSection, ValidatedPaper};

use super::*;
use crate::RecordError;

fn paper(kind: PaperKind, text: &str) -> Paper {
    Paper {
        schema: PAPER_SCHEMA.into(),
        kind,
        language: Language::Fr,
        title: "Courrier".into(),
        recipient: Vec::new(),
        opening: Vec::new(),
        sections: vec![PaperSection {
            title: String::new(),
            lines: vec![PaperLine { text: text.into(), statement: None }],
        }],
        closing: Vec::new(),
    }
}

fn signed(desk: &Desk, id: &ConsultationId, kind: PaperKind, text: &str) -> ValidatedPaper {
    let note = desk.record.validated(id).unwrap().unwrap();
    ValidatedPaper::sign(paper(kind, text), &note, "Dr Exemple", at(40)).unwrap()
}

#[test]
fn signed_papers_are_kept_newest_first_and_their_export_is_noted() {
    let desk = Desk::new();
    let id = desk.in_state(State::Validated);
    let letter = signed(&desk, &id, PaperKind::Referral, "Avis cardiologue");
    let sheet = signed(&desk, &id, PaperKind::Prescription, "Amlodipine 5 mg");
    desk.record.add_paper(&id, &letter).unwrap();
    desk.record.add_paper(&id, &sheet).unwrap();
    desk.record.log_paper_export(&id, &letter, "pdf", at(41)).unwrap();
    let desk = desk.reopened();
    assert_eq!(desk.record.papers(&id).unwrap(), [sheet, letter]);
    assert_eq!(desk.record.consultation(&id).unwrap().state, State::Exported);
    let acts: Vec<_> =
        desk.record.audit_rows().unwrap().into_iter().map(|row| (row.act, row.detail)).collect();
    assert!(acts.contains(&("export".into(), "referral pdf".into())), "{acts:?}");
    assert!(acts.iter().all(|(_, detail)| !detail.contains("Amlodipine")));
}

#[test]
fn no_paper_leaves_a_consultation_that_is_not_signed_or_a_record_that_does_not_hold_it() {
    let desk = Desk::new();
    let validated = desk.in_state(State::Validated);
    let letter = signed(&desk, &validated, PaperKind::Referral, "Avis cardiologue");
    for state in [State::Created, State::Stopped, State::Drafted] {
        let refused = desk.record.add_paper(&desk.in_state(state), &letter);
        assert!(matches!(refused, Err(RecordError::Forbidden { .. })), "{refused:?}");
    }
    let refused = desk.record.log_paper_export(&validated, &letter, "pdf", at(41));
    assert!(matches!(refused, Err(RecordError::Forbidden { .. })), "{refused:?}");
    let other = desk.in_state(State::Validated);
    let addendum = ValidatedNote::sign(
        desk.record.validated(&other).unwrap().unwrap().note().clone(),
        "Dr Exemple",
        at(50),
        |_| true,
    );
    let before = signed(&desk, &other, PaperKind::Summary, "Revoir dans 1 mois");
    desk.record.add_addendum(&other, &addendum.unwrap()).unwrap();
    let refused = desk.record.add_paper(&other, &before);
    assert!(matches!(refused, Err(RecordError::Forbidden { .. })), "made from an older version: {refused:?}");
}

#[test]
fn the_database_itself_refuses_what_was_not_signed() {
    let desk = Desk::new();
    let id = desk.in_state(State::Validated);
    desk.record.add_paper(&id, &signed(&desk, &id, PaperKind::Summary, "Revoir dans 1 mois")).unwrap();
    let sql = desk.record.another_connection().unwrap();
    let digest = "0".repeat(64);
    for statement in [
        format!(
            "INSERT INTO papers (consultation, kind, paper, note_sha256, author, at, sha256)
             SELECT id, 'referral', '{{}}', '{digest}', 'x', 'now', '{digest}' FROM consultations"
        ),
        "INSERT OR REPLACE INTO papers SELECT * FROM papers".into(),
        "UPDATE papers SET author = 'x'".into(),
        "DELETE FROM papers".into(),
    ] {
        let refused = sql.execute_batch(&statement).unwrap_err().to_string();
        assert!(refused.contains("gate: "), "{statement}: {refused}");
    }
}

#[test]
fn papers_are_erased_with_their_consultation() {
    let desk = Desk::new();
    let id = desk.in_state(State::Validated);
    desk.record.add_paper(&id, &signed(&desk, &id, PaperKind::Summary, "Revoir dans 1 mois")).unwrap();
    desk.record.erase_consultation(&id, "asked by the patient", at(60)).unwrap();
    let sql = desk.record.another_connection().unwrap();
    let left: i64 = sql.query_row("SELECT count(*) FROM papers", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}
