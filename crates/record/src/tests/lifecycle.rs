use super::*;
use crate::RecordError;

#[test]
fn a_visit_goes_from_consent_to_export_and_survives_a_restart() {
    let desk = Desk::new();
    let record = &desk.record;
    let marie = patient("4711", "Marie Dupont");
    let new = NewConsultation {
        patient: Some(marie.clone()),
        reason: Some("mal de gorge".into()),
        language: Language::Fr,
    };
    let id = record.create_consultation(&new, at(1)).unwrap();
    record.record_consent(&id, &informed()).unwrap();
    record.set_state(&id, State::Recording, at(3)).unwrap();
    let mut writer = record.audio_writer(&id).unwrap();
    assert_eq!(writer.append(&tone(0, 16_000), at(4)).unwrap(), 1000);
    assert_eq!(writer.append(&tone(16_000, 8_000), at(5)).unwrap(), 1500);
    drop(writer);
    record.append_segment(&id, &segment(0, 0, 1500, "j'ai mal à la gorge")).unwrap();
    record.set_state(&id, State::Stopped, at(6)).unwrap();
    let mut heard = record.transcript(&id).unwrap();
    heard.model = Some("base".into());
    record.save_transcript(&id, &heard).unwrap();
    assert_eq!(record.save_draft(&id, &note("Mal de gorge"), &["st-1".into()], at(7)).unwrap(), 1);
    assert_eq!(record.save_draft(&id, &note("Mal de gorge, 3 jours"), &[], at(8)).unwrap(), 2);
    let signature = signed("Mal de gorge, 3 jours");
    record.freeze(&id, &signature).unwrap();
    record.log_export(&id, "pdf", at(10)).unwrap();
    record.log_export(&id, "plain text", at(11)).unwrap();

    let desk = desk.reopened();
    let found = desk.record.consultation(&id).unwrap();
    assert_eq!(found.patient, Some(marie));
    assert_eq!(found.reason.as_deref(), Some("mal de gorge"));
    assert_eq!((found.state, found.created_at, found.audio_ms), (State::Exported, at(1), 1500));
    assert_eq!((found.consent, found.validated_at), (Some(informed()), Some(at(5))));
    assert_eq!(found.author.as_deref(), Some("Dr Claire Martin"));
    assert_eq!(desk.record.validated(&id).unwrap(), Some(signature));
    assert_eq!(desk.record.transcript(&id).unwrap(), heard);
    assert_eq!(desk.record.audio(&id, 0, 1500).unwrap(), tone(0, 24_000));
    let draft = desk.record.draft(&id).unwrap().unwrap();
    assert_eq!((draft.version, draft.saved_at), (2, at(8)));
    assert_eq!(draft.note, note("Mal de gorge, 3 jours"));
}

#[test]
fn any_passage_of_the_audio_can_be_read() {
    let desk = Desk::new();
    let id = desk.in_state(State::Consented);
    let mut writer = desk.record.audio_writer(&id).unwrap();
    for (from, count) in [(0, 5_000), (5_000, 16_000), (21_000, 1), (21_001, 26_999)] {
        writer.append(&tone(from, count), at(3)).unwrap();
    }
    assert_eq!(desk.record.audio_ms(&id).unwrap(), 3000);
    for (from, to) in
        [(0_usize, 3000_usize), (0, 1), (312, 313), (1300, 2900), (2999, 9000), (500, 500), (700, 600)]
    {
        let expected = tone(from * 16, (to.min(3000).saturating_sub(from)) * 16);
        assert_eq!(desk.record.audio(&id, from as u32, to as u32).unwrap(), expected, "{from} to {to}");
    }
    assert!(desk.record.audio(&id, 4000, 5000).unwrap().is_empty());
}

#[test]
fn an_imported_file_enters_a_consented_consultation_without_recording() {
    let desk = Desk::new();
    let id = desk.in_state(State::Consented);
    // Longer than a chunk in one call.
    assert_eq!(desk.record.audio_writer(&id).unwrap().append(&tone(0, 40_000), at(3)).unwrap(), 2500);
    desk.record.set_state(&id, State::Stopped, at(4)).unwrap();
    assert_eq!(desk.record.audio(&id, 0, 2500).unwrap(), tone(0, 40_000));
}

#[test]
fn no_audio_enters_before_consent_or_after_the_end() {
    let desk = Desk::new();
    for state in [State::Created, State::Stopped, State::Drafted, State::Validated, State::Exported] {
        let id = desk.in_state(state);
        assert!(
            matches!(desk.record.audio_writer(&id), Err(RecordError::Forbidden { state: s, .. }) if s == state)
        );
    }
    let id = desk.in_state(State::Recording);
    let mut writer = desk.record.audio_writer(&id).unwrap();
    desk.record.set_state(&id, State::Stopped, at(4)).unwrap();
    assert!(matches!(writer.append(&[1], at(4)), Err(RecordError::Forbidden { state: State::Stopped, .. })));
}

#[test]
fn stopping_twice_or_drafting_twice_changes_nothing() {
    let desk = Desk::new();
    for state in State::ALL {
        let id = desk.in_state(state);
        let before = desk.record.audit_rows().unwrap().len();
        desk.record.set_state(&id, state, at(9)).unwrap();
        assert_eq!(desk.record.audit_rows().unwrap().len(), before);
    }
}

#[test]
fn a_state_is_reached_only_by_what_it_stands_for() {
    let desk = Desk::new();
    let refused = |id: &ConsultationId, state| {
        matches!(desk.record.set_state(id, state, at(9)), Err(RecordError::Forbidden { .. }))
    };
    let created = desk.in_state(State::Created);
    assert!(refused(&created, State::Consented) && refused(&created, State::Drafted));
    let stopped = desk.in_state(State::Stopped);
    assert!(refused(&stopped, State::Drafted) && refused(&stopped, State::Created));
    let drafted = desk.in_state(State::Drafted);
    assert!(refused(&drafted, State::Validated) && refused(&drafted, State::Created));
    let validated = desk.in_state(State::Validated);
    assert!(refused(&validated, State::Exported));
}

#[test]
fn a_note_can_be_typed_and_validated_when_recording_was_refused() {
    let desk = Desk::new();
    let id = desk.consultation();
    let refusal = Consent { decision: ConsentDecision::Refused, ..informed() };
    desk.record.record_consent(&id, &refusal).unwrap();
    assert!(desk.record.audio_writer(&id).is_err());
    desk.record.save_draft(&id, &note("Renouvellement"), &[], at(3)).unwrap();
    assert_eq!(desk.record.consultation(&id).unwrap().state, State::Created);
    desk.record.freeze(&id, &signed("Renouvellement")).unwrap();
    let found = desk.record.consultation(&id).unwrap();
    assert_eq!((found.state, found.consent), (State::Validated, Some(refusal)));
    // Also when it was never saved as a draft.
    let id = desk.consultation();
    desk.record.freeze(&id, &signed("Certificat")).unwrap();
    assert_eq!(desk.record.validated(&id).unwrap(), Some(signed("Certificat")));
}

#[test]
fn withdrawal_erases_audio_transcript_and_drafts_from_every_state_before_validation() {
    let desk = Desk::new();
    let states =
        [State::Created, State::Consented, State::Recording, State::Paused, State::Stopped, State::Drafted];
    for state in states {
        let id = desk.in_state(state);
        desk.record.record_consent(&id, &withdrawn()).unwrap();
        let found = desk.record.consultation(&id).unwrap();
        assert_eq!((found.state, found.audio_ms, found.consent), (State::Created, 0, Some(withdrawn())));
        assert!(desk.record.transcript(&id).unwrap().segments.is_empty());
        assert!(desk.record.draft(&id).unwrap().is_none());
        assert!(desk.record.list("gorge", 10).unwrap().is_empty());
    }
}

#[test]
fn what_is_still_on_its_way_when_consent_is_withdrawn_does_not_come_in() {
    let desk = Desk::new();
    let id = desk.in_state(State::Recording);
    let mut writer = desk.record.audio_writer(&id).unwrap();
    desk.record.record_consent(&id, &withdrawn()).unwrap();
    assert!(matches!(writer.append(&[1; 100], at(9)), Err(RecordError::Forbidden { .. })));
    let late = desk.record.append_segment(&id, &segment(0, 0, 900, "une phrase tardive"));
    assert!(matches!(late, Err(RecordError::Forbidden { .. })));
}

#[test]
fn after_a_withdrawal_the_patient_may_consent_again() {
    let desk = Desk::new();
    let id = desk.in_state(State::Recording);
    desk.record.record_consent(&id, &withdrawn()).unwrap();
    assert!(desk.record.consultation(&id).unwrap().audio_erased_at.is_some());
    desk.record.record_consent(&id, &informed()).unwrap();
    let mut writer = desk.record.audio_writer(&id).unwrap();
    assert_eq!(writer.append(&tone(0, 1600), at(9)).unwrap(), 100);
    assert_eq!(desk.record.consultation(&id).unwrap().audio_erased_at, None);
}

#[test]
fn withdrawal_after_validation_erases_the_audio_and_keeps_the_signed_note() {
    let desk = Desk::new();
    let id = desk.in_state(State::Validated);
    desk.record.record_consent(&id, &withdrawn()).unwrap();
    let found = desk.record.consultation(&id).unwrap();
    assert_eq!((found.state, found.audio_ms, found.audio_erased_at), (State::Validated, 0, Some(at(8))));
    assert!(desk.record.validated(&id).unwrap().is_some());
}

#[test]
fn consent_refused_once_recording_began_is_a_withdrawal() {
    let desk = Desk::new();
    let refusal = Consent { decision: ConsentDecision::Refused, ..informed() };
    let consented = desk.in_state(State::Consented);
    desk.record.record_consent(&consented, &refusal).unwrap();
    assert_eq!(desk.record.consultation(&consented).unwrap().state, State::Created);
    let recording = desk.in_state(State::Recording);
    assert!(matches!(desk.record.record_consent(&recording, &refusal), Err(RecordError::Forbidden { .. })));
}

#[test]
fn the_last_minute_is_erased_to_the_sample_and_recording_goes_on_from_there() {
    let desk = Desk::new();
    let id = desk.in_state(State::Consented);
    desk.record.set_state(&id, State::Recording, at(3)).unwrap();
    let mut writer = desk.record.audio_writer(&id).unwrap();
    writer.append(&tone(0, 64_000), at(4)).unwrap();
    for (index, end) in [(0, 1000), (1, 2300), (2, 2600), (3, 4000)] {
        desk.record.append_segment(&id, &segment(index, end - 900, end, "dit")).unwrap();
    }
    desk.record.erase_last_audio(&id, 2500, at(5)).unwrap();
    assert_eq!(desk.record.audio_ms(&id).unwrap(), 2500);
    let kept: Vec<u32> = desk.record.transcript(&id).unwrap().segments.iter().map(|s| s.index).collect();
    assert_eq!(kept, [0, 1]);
    assert_eq!(writer.append(&tone(40_000, 8_000), at(6)).unwrap(), 3000);
    assert_eq!(desk.record.audio(&id, 0, 3000).unwrap(), tone(0, 48_000));
    desk.record.erase_last_audio(&id, 0, at(7)).unwrap();
    assert_eq!(desk.record.audio_ms(&id).unwrap(), 0);
    desk.record.erase_last_audio(&id, 99_000, at(7)).unwrap();
}

#[test]
fn erasing_audio_keeps_transcript_and_note_and_is_refused_while_recording() {
    let desk = Desk::new();
    for state in [State::Recording, State::Paused] {
        let id = desk.in_state(state);
        assert!(matches!(desk.record.erase_audio(&id, "asked", at(9)), Err(RecordError::Forbidden { .. })));
    }
    let id = desk.in_state(State::Validated);
    desk.record.erase_audio(&id, "validated", at(9)).unwrap();
    desk.record.erase_audio(&id, "validated", at(10)).unwrap();
    let found = desk.record.consultation(&id).unwrap();
    assert_eq!((found.audio_ms, found.audio_erased_at), (0, Some(at(9))));
    assert!(desk.record.audio(&id, 0, 9000).unwrap().is_empty());
    assert_eq!(desk.record.transcript(&id).unwrap().segments.len(), 1);
    assert!(desk.record.validated(&id).unwrap().is_some());
}

#[test]
fn a_consultation_is_erased_from_every_state_with_its_patient() {
    let desk = Desk::new();
    for state in State::ALL {
        let id = desk.in_state(state);
        desk.record.update_consultation(&id, Some(&patient("9", "Jean Petit")), None, at(7)).ok();
        desk.record.erase_consultation(&id, "asked by the patient", at(9)).unwrap();
        assert!(matches!(desk.record.consultation(&id), Err(RecordError::NotFound { .. })));
    }
    assert!(desk.record.list("", 10).unwrap().is_empty());
    let held = desk.record.another_connection().unwrap();
    for table in ["patients", "consents", "audio_chunks", "segments", "note_versions", "exports", "search"] {
        let count: i64 =
            held.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        assert_eq!(count, 0, "{table}");
    }
}

#[test]
fn an_addendum_is_a_new_signed_version_and_the_first_one_stays() {
    let desk = Desk::new();
    let id = desk.in_state(State::Drafted);
    assert!(desk.record.add_addendum(&id, &signed("Ajout")).is_err());
    desk.record.freeze(&id, &signed("Mal de gorge")).unwrap();
    assert!(matches!(desk.record.freeze(&id, &signed("Autre")), Err(RecordError::Forbidden { .. })));
    desk.record.add_addendum(&id, &signed("Mal de gorge et fièvre")).unwrap();
    desk.record.log_export(&id, "pdf", at(9)).unwrap();
    assert_eq!(desk.record.validated(&id).unwrap(), Some(signed("Mal de gorge et fièvre")));
    let held = desk.record.another_connection().unwrap();
    let signed_versions: i64 = held
        .query_row("SELECT count(*) FROM note_versions WHERE kind <> 'draft'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(signed_versions, 2);
}

#[test]
fn a_validated_consultation_no_longer_changes() {
    let desk = Desk::new();
    for state in [State::Validated, State::Exported] {
        let id = desk.in_state(state);
        let record = &desk.record;
        let refused = [
            record.update_consultation(&id, None, Some("autre"), at(9)),
            record.save_draft(&id, &note("autre"), &[], at(9)).map(drop),
            record.save_transcript(&id, &transcript(&["autre"])),
            record.append_segment(&id, &segment(7, 0, 1, "autre")),
            record.freeze(&id, &signed("autre")),
            record.set_state(&id, State::Drafted, at(9)),
        ];
        assert!(refused.iter().all(|r| matches!(r, Err(RecordError::Forbidden { .. }))), "{refused:?}");
        assert_eq!(record.validated(&id).unwrap(), Some(signed("Mal de gorge")));
    }
}

#[test]
fn two_visits_of_one_patient_share_the_patient_and_a_correction_reaches_both() {
    let desk = Desk::new();
    let first = desk.record.create_consultation(&visit(Some(patient("12", ""))), at(1)).unwrap();
    let second = desk.record.create_consultation(&visit(Some(patient("12", "Élodie Blanc"))), at(2)).unwrap();
    for id in [&first, &second] {
        let found = desk.record.consultation(id).unwrap();
        assert_eq!(found.patient, Some(patient("12", "Élodie Blanc")));
    }
    assert_eq!(desk.record.list("blanc", 10).unwrap().len(), 2);
}

#[test]
fn a_wrong_identifier_never_renames_another_patient() {
    let desk = Desk::new();
    let blanc = desk.record.create_consultation(&visit(Some(patient("12", "Élodie Blanc"))), at(1)).unwrap();
    let roux = desk.record.create_consultation(&visit(Some(patient("12", "Paul Roux"))), at(2)).unwrap();
    assert_eq!(desk.record.consultation(&blanc).unwrap().patient, Some(patient("12", "Élodie Blanc")));
    assert_eq!(desk.record.consultation(&roux).unwrap().patient, Some(patient("12", "Paul Roux")));
    desk.record.update_consultation(&roux, Some(&patient("13", "Paul Roux")), None, at(3)).unwrap();
    assert_eq!(desk.record.consultation(&blanc).unwrap().patient, Some(patient("12", "Élodie Blanc")));
}

#[test]
fn a_patient_and_a_reason_are_added_corrected_and_taken_away() {
    let desk = Desk::new();
    let id = desk.consultation();
    let update = |patient: Option<&Patient>, reason| {
        desk.record.update_consultation(&id, patient, reason, at(3)).unwrap();
        let found = desk.record.consultation(&id).unwrap();
        (found.patient, found.reason)
    };
    let (jeanne, jeane) = (patient("5", "Jeanne Roy"), patient("5", "Jeane Roy"));
    assert_eq!(update(Some(&jeane), None), (Some(jeane.clone()), None));
    assert_eq!(update(Some(&jeanne), Some(" toux ")), (Some(jeanne.clone()), Some("toux".into())));
    assert_eq!(update(None, None), (Some(jeanne.clone()), Some("toux".into())));
    assert_eq!(update(Some(&Patient::default()), Some("")), (None, None));
    assert!(desk.record.list("roy", 10).unwrap().is_empty());
}

#[test]
fn a_setting_comes_back_as_it_was_set() {
    let desk = Desk::new();
    assert_eq!(desk.record.setting::<Vec<String>>("practice").unwrap(), None);
    desk.record.set_setting("practice", &vec!["Cabinet".to_owned()]).unwrap();
    desk.record.set_setting("practice", &vec!["Cabinet du Port".to_owned()]).unwrap();
    let desk = desk.reopened();
    assert_eq!(desk.record.setting::<Vec<String>>("practice").unwrap(), Some(vec!["Cabinet du Port".into()]));
    assert!(matches!(desk.record.setting::<u32>("practice"), Err(RecordError::Document(_))));
}
