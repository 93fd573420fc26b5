use proptest::prelude::*;

use super::*;
use crate::{AudioFate, DoctorId, PatientId, RecordError};

const SECOND: &str = "une tout autre phrase";
const THIRD: &str = "encore une autre phrase";

/// The owner's desk with a colleague's handle on the same record.
fn practice(owner_shares: bool, colleague_shares: bool) -> (Desk, Record, DoctorId) {
    let desk = Desk::new();
    desk.record.describe_doctor("Dr Claire Martin", owner_shares, at(1)).unwrap();
    let id = desk.record.add_doctor("Dr Paul Brun", SECOND, colleague_shares, at(1)).unwrap();
    let colleague = desk.record.session(SECOND).unwrap();
    (desk, colleague, id)
}

/// Every way to read something of a consultation: what came out, as text.
fn everything_read(record: &Record, id: &ConsultationId, patient: Option<&PatientId>) -> String {
    let mut read = vec![
        format!("{:?}", record.consultation(id).ok()),
        format!("{:?}", record.transcript(id).ok()),
        format!("{:?}", record.draft(id).ok().flatten()),
        format!("{:?}", record.validated(id).ok().flatten()),
        format!("{:?}", record.audio(id, 0, 60_000).ok().filter(|samples| !samples.is_empty())),
        format!("{:?}", record.audio_ms(id).ok()),
        format!("{:?}", record.audio_fate(id).ok()),
        format!("{:?}", record.addendum_draft(id).ok().flatten()),
        format!("{:?}", record.papers(id).ok()),
        format!("{:?}", record.versions(id).ok()),
        format!("{:?}", record.patient_of(id).ok()),
        format!("{:?}", record.consents(id).ok()),
        format!("{:?}", record.departures(id).ok()),
        format!("{:?}", record.audit_of(id).ok()),
        format!("{:?}", record.interrupted().unwrap()),
        format!("{:?}", record.list("", 100).unwrap()),
        format!("{:?}", record.patients("", 100).unwrap()),
    ];
    for words in ["Kervadec", "gorge", "rauque", "angine", "secret"] {
        read.push(format!("{:?}", record.list(words, 100).unwrap()));
        read.push(format!("{:?}", record.patients(words, 100).unwrap()));
    }
    for version in 1..5 {
        read.push(format!("{:?}", record.version(id, version).ok()));
        read.push(format!("{:?}", record.differences(id, 1, version).ok()));
    }
    if let Some(patient) = patient {
        read.push(format!("{:?}", record.patient(patient).ok()));
        read.push(format!("{:?}", record.consultations_of(patient).unwrap()));
        read.push(format!("{:?}", record.timeline(patient).ok()));
    }
    read.join("\n")
}

/// A consultation with something secret in every part of it.
fn secret_visit(record: &Record, state: State) -> (ConsultationId, PatientId) {
    let new = NewConsultation {
        patient: Some(patient("", "Anne Kervadec")),
        reason: Some("angine secret".into()),
        language: Language::Fr,
    };
    let id = record.create_consultation(&new, at(1)).unwrap();
    record.record_consent(&id, &informed()).unwrap();
    record.set_state(&id, State::Recording, at(2)).unwrap();
    record.audio_writer(&id).unwrap().append(&tone(0, 16_000), at(3)).unwrap();
    if state != State::Recording {
        record.set_state(&id, State::Stopped, at(3)).unwrap();
        record.save_transcript(&id, &transcript(&["voix rauque"])).unwrap();
        record.save_draft(&id, &note("secret: gorge"), &[], at(4)).unwrap();
    }
    if state == State::Validated {
        record.freeze(&id, &signed("Angine")).unwrap();
    }
    let patient = record.patient_of(&id).unwrap().unwrap();
    (id, patient)
}

#[test]
fn no_read_of_any_kind_gives_a_colleague_anything_of_a_draft_or_a_recording() {
    for shares in [true, false] {
        let (desk, colleague, _) = practice(shares, shares);
        for state in [State::Recording, State::Drafted] {
            let (id, patient) = secret_visit(&desk.record, state);
            let own = everything_read(&desk.record, &id, Some(&patient));
            assert!(own.contains("Kervadec") && own.contains("angine secret"));
            let read = everything_read(&colleague, &id, Some(&patient));
            for secret in ["Kervadec", "secret", "gorge", "rauque", "angine", id.as_str()] {
                assert!(!read.contains(secret), "{state}, shared {shares}: {secret} in {read}");
            }
            assert!(colleague.audio_writer(&id).is_err());
        }
    }
}

#[test]
fn doctors_who_share_read_each_others_signed_notes_and_nothing_else() {
    let (desk, colleague, _) = practice(true, true);
    let (id, patient) = secret_visit(&desk.record, State::Validated);
    assert!(colleague.validated(&id).unwrap().is_some());
    let seen = colleague.consultation(&id).unwrap();
    assert_eq!(seen.colleague.as_deref(), Some("Dr Claire Martin"));
    assert_eq!(desk.record.consultation(&id).unwrap().colleague, None);
    assert_eq!(colleague.list("kervadec", 5).unwrap().len(), 1);
    assert!(colleague.list("rauque", 5).unwrap().is_empty(), "what was said is not searched");
    assert_eq!(colleague.versions(&id).unwrap().len(), 1, "no draft among them");
    colleague.log_export(&id, "pdf", at(9)).unwrap();
    for refused in [
        colleague.transcript(&id).map(drop),
        colleague.draft(&id).map(drop),
        colleague.audio(&id, 0, 1000).map(drop),
        colleague.erase_audio(&id, "", at(9)),
        colleague.erase_consultation(&id, "", at(9)),
        colleague.record_consent(&id, &withdrawn()),
        colleague.add_addendum(&id, &signed("Autre")).map(drop),
        colleague.save_addendum(&id, &note("Autre"), &[], at(9)).map(drop),
        colleague.decide_audio(&id, &AudioFate::Erase, at(9)),
        colleague.update_consultation(&id, None, Some("autre"), at(9)),
    ] {
        assert!(matches!(refused, Err(RecordError::NotYours)), "{refused:?}");
    }
    assert!(matches!(colleague.version(&id, 1), Err(RecordError::NoVersion)), "the draft before");
    assert_eq!(colleague.consultations_of(&patient).unwrap().len(), 1);
}

#[test]
fn what_is_shared_is_shared_both_ways_or_not_at_all() {
    for (owner, other) in [(true, false), (false, true), (false, false)] {
        let (desk, colleague, _) = practice(owner, other);
        let (id, patient) = secret_visit(&desk.record, State::Validated);
        assert!(!everything_read(&colleague, &id, Some(&patient)).contains("Kervadec"));
        // Nor do their patients become one.
        let (_, own) = secret_visit(&colleague, State::Drafted);
        assert_ne!(own, patient);
    }
    let (desk, colleague, _) = practice(true, true);
    let (_, patient) = secret_visit(&desk.record, State::Validated);
    assert_eq!(secret_visit(&colleague, State::Drafted).1, patient);
    assert_eq!(desk.record.patient(&patient).unwrap().elsewhere, 1);
    colleague.describe_doctor("Dr Paul Brun", false, at(3)).unwrap();
    assert_eq!(colleague.consultations_of(&patient).unwrap().len(), 1, "only their own from now on");
}

#[test]
fn each_doctor_opens_the_record_with_a_passphrase_of_their_own() {
    let (desk, colleague, id) = practice(true, true);
    assert_eq!(colleague.doctor().unwrap().id, id);
    assert!(desk.record.doctor().unwrap().owner);
    assert!(matches!(desk.record.check_passphrase(SECOND), Err(RecordError::WrongPassphrase)));
    let taken = colleague.change_passphrase(SECOND, PASSPHRASE, at(5));
    assert!(matches!(taken, Err(RecordError::PassphraseTaken)));
    colleague.change_passphrase(SECOND, THIRD, at(5)).unwrap();
    let path = desk.path();
    let Desk { folder, record, .. } = desk;
    drop((record, colleague));
    assert!(matches!(Record::unlock(&path, SECOND, at(6)), Err(RecordError::WrongPassphrase)));
    let colleague = Record::unlock(&path, THIRD, at(6)).unwrap();
    assert_eq!(colleague.doctor().unwrap().name, "Dr Paul Brun");
    assert!(colleague.audit_rows().unwrap().iter().any(|row| row.detail == format!("doctor {id}")));
    drop(colleague);
    assert!(Record::unlock(&path, PASSPHRASE, at(7)).unwrap().doctor().unwrap().owner);
    drop(folder);
}

#[test]
fn only_the_owner_lets_doctors_in_and_out() {
    let (desk, colleague, id) = practice(true, true);
    let owner = desk.record.doctor().unwrap().id;
    for refused in [
        colleague.add_doctor("Dr Autre", THIRD, true, at(5)).map(drop),
        colleague.remove_doctor(&owner, at(5)),
        colleague.reset_passphrase(&owner, THIRD, at(5)),
    ] {
        assert!(matches!(refused, Err(RecordError::NotOwner)));
    }
    assert!(matches!(desk.record.remove_doctor(&owner, at(5)), Err(RecordError::NoDoctor)));
    desk.record.reset_passphrase(&id, THIRD, at(5)).unwrap();
    assert!(desk.record.session(SECOND).is_err());
    let (visit, _) = secret_visit(&colleague, State::Validated);
    desk.record.remove_doctor(&id, at(6)).unwrap();
    assert!(desk.record.session(THIRD).is_err());
    assert!(desk.record.validated(&visit).unwrap().is_some(), "signed notes stay");
    assert!(desk.record.doctors().unwrap()[1].left);
    assert!(desk.record.verify_audit().unwrap().intact);
}

#[test]
fn a_recording_goes_on_in_the_hands_of_its_doctor_while_a_colleague_works() {
    let (desk, colleague, _) = practice(true, true);
    let (id, _) = secret_visit(&desk.record, State::Recording);
    let mut writer = desk.record.audio_writer(&id).unwrap();
    let own = secret_visit(&colleague, State::Drafted).0;
    writer.append(&tone(16_000, 16_000), at(9)).unwrap();
    assert_eq!(desk.record.audio_ms(&id).unwrap(), 2000);
    assert!(colleague.draft(&own).unwrap().is_some());
}

#[test]
fn a_colleagues_passphrase_is_counted_in_wrong_attempts_like_any_other() {
    let (desk, _, _) = practice(true, true);
    assert!(desk.record.session("une phrase au hasard").is_err());
    let desk = desk.reopened();
    assert!(desk.record.audit_rows().unwrap().iter().any(|row| row.act == "unlock failure"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever three doctors share or stop sharing, each sees their own and, where both share, what is signed.
    #[test]
    fn a_consultation_is_seen_exactly_by_those_who_may(
        first in proptest::array::uniform3(any::<bool>()),
        later in proptest::array::uniform3(any::<bool>()),
        visits in proptest::collection::vec((0_usize..3, any::<bool>()), 1..5),
    ) {
        let (desk, second, _) = practice(first[0], first[1]);
        desk.record.add_doctor("Dr Troisième", THIRD, first[2], at(1)).unwrap();
        let doctors = [desk.record.clone(), second, desk.record.session(THIRD).unwrap()];
        let visits: Vec<_> = visits
            .into_iter()
            .map(|(doctor, is_signed)| {
                let state = if is_signed { State::Validated } else { State::Drafted };
                (secret_visit(&doctors[doctor], state).0, doctor, is_signed)
            })
            .collect();
        for shares in [first, later] {
            for (doctor, shares) in doctors.iter().zip(shares) {
                doctor.describe_doctor("Dr", shares, at(5)).unwrap();
            }
            for (reader, record) in doctors.iter().enumerate() {
                let listed = record.list("angine", 100).unwrap();
                for (id, doctor, is_signed) in &visits {
                    let may = *doctor == reader || (*is_signed && shares[*doctor] && shares[reader]);
                    prop_assert_eq!(record.consultation(id).is_ok(), may);
                    prop_assert_eq!(listed.iter().any(|c| c.id == *id), may);
                    prop_assert_eq!(record.transcript(id).is_ok(), *doctor == reader);
                    prop_assert_eq!(record.draft(id).is_ok(), *doctor == reader);
                }
            }
        }
    }
}
