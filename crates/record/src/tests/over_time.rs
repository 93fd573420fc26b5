use super::*;
use crate::{Difference, PatientId, RecordError, Track, VersionKind, differences};

fn statement(json: &str) -> Statement {
    serde_json::from_str(json).unwrap()
}

fn noted(statements: &[(SectionId, &str)]) -> Note {
    let mut note = Note::new(Language::Fr);
    for (section, json) in statements {
        note.push(*section, statement(json));
    }
    note
}

/// A validated visit of one patient.
fn visit_with(desk: &Desk, day: i64, note: &Note) -> ConsultationId {
    let new = visit(Some(patient("77", "Anne Kervadec")));
    let id = desk.record.create_consultation(&new, at(day * 86_400)).unwrap();
    let signed = ValidatedNote::sign(note.clone(), "Dr Claire Martin", at(day * 86_400), |_| true).unwrap();
    desk.record.freeze(&id, &signed).unwrap();
    id
}

fn known(desk: &Desk) -> PatientId {
    desk.record.patients("kervadec", 5).unwrap()[0].id.clone()
}

const PRESSURE: &str = r#"{"id":"a","kind":"vital","text":"TA 142/85 mmHg","concept":"blood_pressure","sources":[],"author":"doctor","attributes":{"value":"142/85","unit":"mmHg"}}"#;
const PRESSURE_LATER: &str = r#"{"id":"a","kind":"vital","text":"TA 128/80 mmHg","concept":"blood_pressure","sources":[],"author":"doctor","attributes":{"value":"128/80","unit":"mmHg"}}"#;
const SUGAR: &str = r#"{"id":"b","kind":"lab","text":"HbA1c : 7,2 %","sources":[],"author":"doctor","attributes":{"value":"7,2","unit":"%"}}"#;
const DRUG: &str = r#"{"id":"c","kind":"drug","text":"Metformine 1 000 mg","concept":"metformine","sources":[],"author":"doctor","attributes":{"dose":"1 000 mg"}}"#;
const ALLERGY: &str = r#"{"id":"d","kind":"allergy","text":"Pas d'allergie à la pénicilline","concept":"penicilline","polarity":"absent","sources":[],"author":"doctor"}"#;
const FAMILY: &str = r#"{"id":"e","kind":"condition","text":"Diabète (mère)","experiencer":"family","sources":[],"author":"doctor"}"#;
const SYMPTOM: &str = r#"{"id":"f","kind":"symptom","text":"Toux","sources":[],"author":"doctor"}"#;

#[test]
fn a_timeline_gives_the_facts_of_signed_notes_with_numbers_ready_to_draw() {
    let desk = Desk::new();
    let first = visit_with(
        &desk,
        1,
        &noted(&[
            (SectionId::Histoire, PRESSURE),
            (SectionId::Histoire, SUGAR),
            (SectionId::Histoire, FAMILY),
            (SectionId::Histoire, SYMPTOM),
        ]),
    );
    visit_with(
        &desk,
        90,
        &noted(&[
            (SectionId::Histoire, PRESSURE_LATER),
            (SectionId::Ordonnance, DRUG),
            (SectionId::Histoire, ALLERGY),
        ]),
    );
    let facts = desk.record.timeline(&known(&desk)).unwrap();
    let drawn: Vec<_> =
        facts.iter().map(|f| (f.track, f.series.as_str(), f.values.as_slice(), f.unit.as_deref())).collect();
    assert_eq!(
        drawn,
        [
            (Track::Vital, "blood_pressure", [142.0, 85.0].as_slice(), Some("mmHg")),
            (Track::Lab, "hba1c", [7.2].as_slice(), Some("%")),
            (Track::Vital, "blood_pressure", [128.0, 80.0].as_slice(), Some("mmHg")),
            (Track::Allergy, "penicilline", [].as_slice(), None),
            (Track::Treatment, "metformine", [1000.0].as_slice(), Some("mg")),
        ]
    );
    assert_eq!((facts[0].at, &facts[0].consultation), (at(86_400), &first));
    assert_eq!(facts[3].polarity, note::Polarity::Absent);
}

#[test]
fn a_timeline_holds_no_draft_and_the_addendum_in_place_of_what_it_corrects() {
    let desk = Desk::new();
    let id = visit_with(&desk, 1, &noted(&[(SectionId::Histoire, PRESSURE)]));
    let draft = desk
        .record
        .create_consultation(&visit(Some(patient("77", "Anne Kervadec"))), at(2 * 86_400))
        .unwrap();
    desk.record.save_draft(&draft, &noted(&[(SectionId::Histoire, SUGAR)]), &[], at(5)).unwrap();
    let corrected = noted(&[(SectionId::Histoire, PRESSURE_LATER)]);
    desk.record.save_addendum(&id, &corrected, &[], at(6)).unwrap();
    assert_eq!(desk.record.timeline(&known(&desk)).unwrap()[0].values, [142.0, 85.0]);
    let signed = ValidatedNote::sign(corrected, "Dr Claire Martin", at(7), |_| true).unwrap();
    desk.record.add_addendum(&id, &signed).unwrap();
    let facts = desk.record.timeline(&known(&desk)).unwrap();
    assert_eq!(facts.len(), 1);
    assert_eq!(facts[0].values, [128.0, 80.0]);
}

#[test]
fn every_save_of_a_draft_is_kept_and_can_be_compared() {
    let desk = Desk::new();
    let id = desk.consultation();
    desk.record.save_draft(&id, &noted(&[(SectionId::Histoire, PRESSURE)]), &[], at(3)).unwrap();
    let second = noted(&[(SectionId::Histoire, PRESSURE_LATER), (SectionId::Ordonnance, DRUG)]);
    desk.record.save_draft(&id, &second, &[], at(4)).unwrap();
    desk.record
        .freeze(&id, &ValidatedNote::sign(second, "Dr Claire Martin", at(5), |_| true).unwrap())
        .unwrap();
    let versions = desk.record.versions(&id).unwrap();
    let kinds: Vec<_> = versions.iter().map(|v| (v.version, v.kind)).collect();
    assert_eq!(kinds, [(1, VersionKind::Draft), (2, VersionKind::Draft), (3, VersionKind::Validated)]);
    assert!(versions[2].sha256.is_some() && versions[0].author.is_none());
    let changed = desk.record.differences(&id, 1, 3).unwrap();
    assert!(matches!(&changed[0], Difference::Changed { before, after, .. }
        if before.text == "TA 142/85 mmHg" && after.text == "TA 128/80 mmHg"));
    assert!(matches!(&changed[1], Difference::Added { section: SectionId::Ordonnance, .. }));
    assert_eq!(changed.len(), 2);
    assert!(desk.record.differences(&id, 2, 3).unwrap().is_empty());
    assert!(matches!(desk.record.version(&id, 4), Err(RecordError::NoVersion)));
}

#[test]
fn an_addendum_is_written_saved_given_up_or_signed_while_the_signed_note_stands() {
    let desk = Desk::new();
    let id = desk.in_state(State::Exported);
    let before = desk.record.validated(&id).unwrap();
    assert_eq!(desk.record.addendum_draft(&id).unwrap(), None);
    desk.record.save_addendum(&id, &note("Ajout"), &[], at(10)).unwrap();
    desk.record.save_addendum(&id, &note("Ajout relu"), &["st-1".into()], at(11)).unwrap();
    assert_eq!(desk.record.validated(&id).unwrap(), before);
    let desk = desk.reopened();
    let saved = desk.record.addendum_draft(&id).unwrap().unwrap();
    assert_eq!((saved.note, saved.checked.len()), (note("Ajout relu"), 1));
    desk.record.discard_addendum(&id, at(12)).unwrap();
    assert_eq!(desk.record.addendum_draft(&id).unwrap(), None);

    desk.record.save_addendum(&id, &note("Ajout"), &[], at(13)).unwrap();
    desk.record.add_addendum(&id, &signed("Ajout")).unwrap();
    assert_eq!(desk.record.addendum_draft(&id).unwrap(), None, "it is signed now");
    let kinds: Vec<_> = desk.record.versions(&id).unwrap().iter().map(|v| v.kind).collect();
    assert_eq!(kinds, [VersionKind::Draft, VersionKind::Validated, VersionKind::Addendum]);
    let open = desk.in_state(State::Drafted);
    assert!(matches!(
        desk.record.save_addendum(&open, &note("Ajout"), &[], at(14)),
        Err(RecordError::Forbidden { .. })
    ));
}

#[test]
fn a_statement_that_moved_or_went_is_named_so() {
    let older = noted(&[(SectionId::Histoire, PRESSURE), (SectionId::Histoire, SUGAR)]);
    let newer = noted(&[(SectionId::Ordonnance, PRESSURE)]);
    let changed = differences(&older, &newer);
    assert!(matches!(
        &changed[0],
        Difference::Moved { from: SectionId::Histoire, to: SectionId::Ordonnance, .. }
    ));
    assert!(matches!(&changed[1], Difference::Removed { statement, .. } if statement.id == "b"));
    assert!(differences(&older, &older).is_empty());
}

#[test]
fn a_patient_is_erased_with_every_visit_and_only_those() {
    let desk = Desk::new();
    let first = visit_with(&desk, 1, &noted(&[(SectionId::Histoire, PRESSURE)]));
    visit_with(&desk, 2, &noted(&[(SectionId::Histoire, SUGAR)]));
    let other = desk.in_state(State::Exported);
    let patient = known(&desk);
    assert_eq!(desk.record.patient(&patient).unwrap().consultations, 2);
    assert_eq!(desk.record.erase_patient(&patient, "asked by Mme Kervadec", at(9)).unwrap(), 2);
    assert!(matches!(desk.record.consultation(&first), Err(RecordError::NotFound { .. })));
    assert!(matches!(desk.record.patient(&patient), Err(RecordError::NoPatient)));
    assert!(matches!(desk.record.timeline(&patient), Err(RecordError::NoPatient)));
    assert!(matches!(desk.record.erase_patient(&patient, "", at(9)), Err(RecordError::NoPatient)));
    assert!(desk.record.patients("", 9).unwrap().is_empty());
    assert!(desk.record.validated(&other).unwrap().is_some());
    let rows = desk.record.audit_rows().unwrap();
    let last = rows.last().unwrap();
    assert_eq!((last.act.as_str(), last.detail.as_str()), ("erase patient", "2 consultations"));
    assert!(!format!("{rows:?}").contains("Kervadec"));
    assert!(desk.record.verify_audit().unwrap().intact);
}

#[test]
fn a_patient_seen_by_several_doctors_is_erased_by_the_owner_only() {
    let desk = Desk::new();
    desk.record.add_doctor("Dr Brun", "une tout autre phrase", true, at(1)).unwrap();
    let colleague = desk.record.session("une tout autre phrase").unwrap();
    visit_with(&desk, 1, &noted(&[(SectionId::Histoire, PRESSURE)]));
    let shared = visit(Some(patient("77", "Anne Kervadec")));
    let theirs = colleague.create_consultation(&shared, at(2)).unwrap();
    let id = known(&desk);
    assert!(matches!(colleague.erase_patient(&id, "", at(9)), Err(RecordError::NotOwner)));
    assert_eq!(desk.record.erase_patient(&id, "", at(9)).unwrap(), 2, "the colleague's draft too");
    assert!(colleague.consultation(&theirs).is_err());
}
