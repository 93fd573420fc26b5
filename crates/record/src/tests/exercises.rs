//! An invented visit is held as any other, and never among those of patients.

use super::*;
use crate::RecordError;

fn signed_exercise(desk: &Desk) -> ConsultationId {
    let record = &desk.record;
    let id = record.create_exercise(Language::Fr, at(2)).unwrap();
    record.record_consent(&id, &informed()).unwrap();
    record.set_state(&id, State::Recording, at(3)).unwrap();
    record.audio_writer(&id).unwrap().append(&tone(0, 24_000), at(3)).unwrap();
    record.set_state(&id, State::Stopped, at(3)).unwrap();
    record.save_transcript(&id, &transcript(&["mal à la gorge"])).unwrap();
    record.save_draft(&id, &note("Mal de gorge"), &[], at(4)).unwrap();
    record.set_state(&id, State::Drafted, at(4)).unwrap();
    record.freeze(&id, &signed("Mal de gorge")).unwrap();
    id
}

#[test]
fn an_exercise_is_in_no_list_no_search_and_no_count() {
    let desk = Desk::new();
    let id = signed_exercise(&desk);
    let real = desk.in_state(State::Validated);
    let record = &desk.record;
    let listed =
        |query: &str| record.list(query, 10).unwrap().iter().map(|c| c.id.clone()).collect::<Vec<_>>();
    assert_eq!(listed(""), std::slice::from_ref(&real));
    assert_eq!(listed("gorge"), std::slice::from_ref(&real));
    let filter = crate::Filter { from: Some(at(0)), until: Some(at(100)), ..crate::Filter::default() };
    assert_eq!(record.find(&filter, 10).unwrap().len(), 1);
    let exercises = record.exercises().unwrap();
    assert_eq!(exercises.iter().map(|c| &c.id).collect::<Vec<_>>(), [&id]);
    assert!(exercises[0].exercise && !record.consultation(&real).unwrap().exercise);
    let held = crate::Holdings::count(&record.another_connection().unwrap()).unwrap();
    assert_eq!((held.consultations, held.validated), (1, 1));
}

#[test]
fn an_exercise_never_gets_a_patient_and_stays_one() {
    let desk = Desk::new();
    let record = &desk.record;
    let id = record.create_exercise(Language::Fr, at(2)).unwrap();
    let given = record.update_consultation(&id, Some(&patient("1", "Jeanne")), None, at(3));
    assert!(matches!(given, Err(RecordError::Forbidden { .. })), "{given:?}");
    assert!(record.patients("", 10).unwrap().is_empty(), "nobody was added on the way");
    let real = desk.consultation();
    for statement in ["UPDATE consultations SET exercise = 0", "UPDATE consultations SET exercise = 1"] {
        assert!(record.another_connection().unwrap().execute_batch(statement).is_err(), "{statement}");
    }
    assert!(!record.consultation(&real).unwrap().exercise);
}

#[test]
fn an_exercise_is_erased_like_a_visit() {
    let desk = Desk::new();
    let id = signed_exercise(&desk);
    desk.record.erase_consultation(&id, "exercise", at(9)).unwrap();
    assert!(desk.record.exercises().unwrap().is_empty());
    assert!(matches!(desk.record.consultation(&id), Err(RecordError::NotFound { .. })));
}
