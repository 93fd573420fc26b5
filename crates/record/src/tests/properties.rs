//! Whatever is done in whatever order, through the record or around it, the gate holds.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

#[derive(Debug, Clone)]
enum Act {
    Consent(ConsentDecision),
    Move(State),
    Append(usize),
    Segment(u32),
    Draft,
    Freeze,
    Export,
    Addendum,
    EraseAudio,
    EraseLast(u32),
    /// By raw SQL.
    Force(State),
    ForceExport,
}

fn act() -> impl Strategy<Value = Act> {
    use ConsentDecision as D;
    let state = prop::sample::select(State::ALL.to_vec());
    prop_oneof![
        2 => prop::sample::select(vec![D::Informed, D::Informed, D::Informed, D::Refused, D::Withdrawn])
            .prop_map(Act::Consent),
        6 => state.clone().prop_map(Act::Move),
        3 => (0_usize..20_000).prop_map(Act::Append),
        2 => (0_u32..9).prop_map(Act::Segment),
        3 => Just(Act::Draft),
        2 => Just(Act::Freeze),
        2 => Just(Act::Export),
        1 => Just(Act::Addendum),
        1 => Just(Act::EraseAudio),
        1 => (0_u32..2000).prop_map(Act::EraseLast),
        4 => state.prop_map(Act::Force),
        1 => Just(Act::ForceExport),
    ]
}

#[test]
fn no_order_of_acts_reaches_export_without_validation_or_audio_without_consent() {
    let desk = Desk::new();
    let record = &desk.record;
    let sql = record.another_connection().unwrap();
    let mut runner = TestRunner::new(Config { cases: 96, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&prop::collection::vec(act(), 1..40), |acts| {
        let id = desk.consultation();
        let mut consented = false;
        let mut signed_note = None;
        for act in acts {
            let before = record.consultation(&id).unwrap();
            match &act {
                Act::Consent(decision) => {
                    let consent = Consent { decision: *decision, ..informed() };
                    let done = record.record_consent(&id, &consent).is_ok();
                    consented |= done && *decision == ConsentDecision::Informed;
                }
                Act::Move(state) => drop(record.set_state(&id, *state, at(3))),
                Act::Append(count) => {
                    if let Ok(mut writer) = record.audio_writer(&id) {
                        writer.append(&tone(before.audio_ms as usize, *count), at(4)).unwrap();
                    }
                }
                Act::Segment(index) => drop(record.append_segment(&id, &segment(*index, 0, 900, "dit"))),
                Act::Draft => drop(record.save_draft(&id, &note("Brouillon"), &[], at(5))),
                Act::Freeze => {
                    if record.freeze(&id, &signed("Note")).is_ok() {
                        prop_assert!(signed_note.is_none(), "validated twice");
                        signed_note = Some(signed("Note"));
                    }
                }
                Act::Export => {
                    let done = record.log_export(&id, "pdf", at(6)).is_ok();
                    prop_assert_eq!(done, signed_note.is_some());
                }
                Act::Addendum => {
                    if record.add_addendum(&id, &signed("Ajout")).is_ok() {
                        prop_assert!(signed_note.is_some());
                        signed_note = Some(signed("Ajout"));
                    }
                }
                Act::EraseAudio => drop(record.erase_audio(&id, "test", at(7))),
                Act::EraseLast(ms) => drop(record.erase_last_audio(&id, *ms, at(7))),
                Act::Force(state) => {
                    let forced =
                        sql.execute("UPDATE consultations SET state = ?2 WHERE uuid = ?1", (&id, state));
                    let allowed = *state == before.state || before.state.may_become(*state);
                    prop_assert!(forced.is_err() || allowed, "{} forced to {state}", before.state);
                }
                Act::ForceExport => {
                    let forced = sql.execute(
                        "INSERT INTO exports (consultation, version, kind, at)
                         SELECT c.id, v.version, 'pdf', 'now' FROM consultations c
                         LEFT JOIN note_versions v ON v.consultation = c.id WHERE c.uuid = ?1
                         ORDER BY v.version DESC LIMIT 1",
                        [&id],
                    );
                    prop_assert!(forced.is_err() || signed_note.is_some());
                }
            }
            let now = record.consultation(&id).unwrap();
            prop_assert!(now.state == before.state || may_reach(before.state, now.state), "{act:?}");
            prop_assert_eq!(now.state.is_signed(), signed_note.is_some());
            prop_assert_eq!(record.validated(&id).unwrap(), signed_note.clone());
            prop_assert!(now.audio_ms == 0 || consented);
            if now.state.is_open() {
                prop_assert_eq!(now.consent.map(|c| c.decision), Some(ConsentDecision::Informed));
            }
        }
        Ok(())
    });
    outcome.unwrap();
    assert!(record.verify_audit().unwrap().intact);
}

/// One act may take two moves: a typed note is drafted and validated at once.
fn may_reach(from: State, to: State) -> bool {
    from.may_become(to) || (from.may_become(State::Drafted) && to == State::Validated)
}
