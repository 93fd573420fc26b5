use super::*;
use crate::{AudioFate, RecordError};

fn validated_with(desk: &Desk, fate: &AudioFate) -> ConsultationId {
    let id = desk.in_state(State::Drafted);
    desk.record.freeze_and_decide(&id, &signed("Mal de gorge"), fate).unwrap();
    id
}

fn rows_left(desk: &Desk) -> i64 {
    let sql = desk.record.another_connection().unwrap();
    sql.query_row("SELECT count(*) FROM audio_chunks", [], |row| row.get(0)).unwrap()
}

#[test]
fn audio_counts_as_erased_from_the_validation_on_and_is_overwritten_after_it() {
    let desk = Desk::new();
    let id = validated_with(&desk, &AudioFate::Erase);
    assert!(rows_left(&desk) > 0, "the validation did not wait");
    assert!(desk.record.has_pending_erasures(at(5)).unwrap());
    assert_eq!(desk.record.audio_ms(&id).unwrap(), 0);
    assert!(desk.record.audio(&id, 0, 60_000).unwrap().is_empty());
    let seen = desk.record.consultation(&id).unwrap();
    assert_eq!((seen.audio_ms, seen.audio_erased_at), (0, Some(at(5))));

    assert_eq!(desk.record.finish_erasures(at(7)).unwrap(), 1);
    assert_eq!(rows_left(&desk), 0);
    assert!(!desk.record.has_pending_erasures(at(8)).unwrap());
    assert_eq!(desk.record.finish_erasures(at(8)).unwrap(), 0);
    let last = desk.record.audit_rows().unwrap().pop().unwrap();
    assert_eq!((last.act.as_str(), last.detail.as_str()), ("erase", "audio"));
    assert!(desk.record.validated(&id).unwrap().is_some());
}

#[test]
fn an_erasure_cut_off_half_way_goes_on_at_the_next_start() {
    let desk = Desk::new();
    let id = desk.in_state(State::Recording);
    desk.record.audio_writer(&id).unwrap().append(&tone(24_000, 16_000 * 200), at(4)).unwrap();
    desk.record.set_state(&id, State::Stopped, at(4)).unwrap();
    desk.record.save_draft(&id, &note("Mal de gorge"), &[], at(4)).unwrap();
    desk.record.freeze_and_decide(&id, &signed("Mal de gorge"), &AudioFate::Erase).unwrap();
    // The program dies after a step of it.
    let sql = desk.record.another_connection().unwrap();
    sql.execute("DELETE FROM audio_chunks WHERE seq > 100", []).unwrap();
    drop(sql);
    let desk = desk.reopened();
    assert_eq!(desk.record.audio_ms(&id).unwrap(), 0, "no remainder is given out");
    assert!(desk.record.has_pending_erasures(at(9)).unwrap());
    assert_eq!(desk.record.finish_erasures(at(9)).unwrap(), 1);
    assert_eq!(rows_left(&desk), 0);
    assert!(std::fs::metadata(desk.path()).unwrap().len() < 600_000, "its place is given back");
    assert!(desk.record.verify_audit().unwrap().intact);
}

#[test]
fn audio_is_recorded_while_that_of_an_earlier_visit_is_overwritten() {
    let desk = Desk::new();
    let old = desk.in_state(State::Recording);
    desk.record.audio_writer(&old).unwrap().append(&tone(24_000, 16_000 * 300), at(4)).unwrap();
    desk.record.set_state(&old, State::Stopped, at(4)).unwrap();
    desk.record.save_draft(&old, &note("Mal de gorge"), &[], at(4)).unwrap();
    desk.record.freeze_and_decide(&old, &signed("Mal de gorge"), &AudioFate::Erase).unwrap();
    let new = desk.in_state(State::Recording);
    let mut writer = desk.record.audio_writer(&new).unwrap();
    std::thread::scope(|scope| {
        // Audio goes first: an erasure that is refused meanwhile goes on with the next call.
        let erasing = scope.spawn(|| {
            loop {
                match desk.record.finish_erasures(at(7)) {
                    Err(RecordError::Busy) => {}
                    done => break done.unwrap(),
                }
            }
        });
        let mut from = 24_000;
        while !erasing.is_finished() {
            writer.append(&tone(from, 1600), at(7)).unwrap();
            from += 1600;
        }
        assert_eq!(erasing.join().unwrap(), 1);
        let held = desk.record.audio(&new, 0, u32::MAX / 32).unwrap();
        assert_eq!(held, tone(0, from));
    });
}

#[test]
fn audio_kept_for_some_days_goes_when_they_are_over_and_not_before() {
    let desk = Desk::new();
    let id = validated_with(&desk, &AudioFate::EraseAt { at: at(1_000) });
    assert_eq!(desk.record.audio_fate(&id).unwrap(), Some(AudioFate::EraseAt { at: at(1_000) }));
    assert_eq!(desk.record.finish_erasures(at(999)).unwrap(), 0);
    assert_eq!(desk.record.audio_ms(&id).unwrap(), 1500);
    assert_eq!(desk.record.finish_erasures(at(1_000)).unwrap(), 1);
    assert_eq!(desk.record.audio_ms(&id).unwrap(), 0);
    assert_eq!(desk.record.audio_fate(&id).unwrap(), None);
}

#[test]
fn audio_is_kept_for_a_reason_only_and_the_reason_is_not_in_the_audit() {
    let desk = Desk::new();
    let unsaid = AudioFate::Keep { reason: "  ".into() };
    let drafted = desk.in_state(State::Drafted);
    let refused = desk.record.freeze_and_decide(&drafted, &signed("Mal de gorge"), &unsaid);
    assert!(matches!(refused, Err(RecordError::NoReason)));
    assert_eq!(desk.record.consultation(&drafted).unwrap().state, State::Drafted, "nothing of it happened");

    let id = validated_with(&desk, &AudioFate::Keep { reason: "teaching, Mme Kervadec agreed".into() });
    assert_eq!(desk.record.finish_erasures(at(1_000_000)).unwrap(), 0);
    assert_eq!(desk.record.audio_ms(&id).unwrap(), 1500);
    assert!(!format!("{:?}", desk.record.audit_rows().unwrap()).contains("Kervadec"));
    // And later the doctor lets it go.
    desk.record.decide_audio(&id, &AudioFate::Erase, at(9)).unwrap();
    assert_eq!(desk.record.finish_erasures(at(9)).unwrap(), 1);
    assert!(matches!(
        desk.record.decide_audio(&drafted, &AudioFate::Erase, at(9)),
        Err(RecordError::Forbidden { .. })
    ));
}

#[test]
fn a_consultation_erased_while_its_audio_waits_leaves_no_erasure_open() {
    let desk = Desk::new();
    let id = validated_with(&desk, &AudioFate::Erase);
    let later = validated_with(&desk, &AudioFate::EraseAt { at: at(50) });
    desk.record.erase_consultation(&id, "asked", at(6)).unwrap();
    desk.record.erase_consultation(&later, "asked", at(6)).unwrap();
    desk.record.finish_erasures(at(100)).unwrap();
    assert!(!desk.record.has_pending_erasures(at(100)).unwrap());
    assert_eq!(rows_left(&desk), 0);
}
