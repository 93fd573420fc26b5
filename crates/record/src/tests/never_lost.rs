use super::*;
use crate::RecordError;

#[test]
fn the_record_is_read_while_audio_is_written() {
    let desk = Desk::new();
    let id = desk.in_state(State::Recording);
    let mut writer = desk.record.audio_writer(&id).unwrap();
    std::thread::scope(|scope| {
        let reader = desk.record.clone();
        let reading = scope.spawn({
            let id = id.clone();
            move || {
                let mut last = 0;
                while last < 4000 {
                    let held = reader.audio_ms(&id).unwrap();
                    assert!(held >= last);
                    last = held;
                    assert!(!reader.list("", 10).unwrap().is_empty());
                }
            }
        });
        for second in 0..5 {
            writer.append(&tone(second * 16_000, 16_000), at(4)).unwrap();
            desk.record.append_segment(&id, &segment(second as u32, 0, 1, "pendant")).unwrap();
        }
        reading.join().unwrap();
    });
}

#[test]
fn a_full_disk_is_named_loses_nothing_and_writing_goes_on_when_there_is_room() {
    let desk = Desk::new();
    let id = desk.in_state(State::Recording);
    let held = desk.record.audio_ms(&id).unwrap();
    let mut writer = desk.record.audio_writer(&id).unwrap();
    let pages: u32 = writer.connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    let limit = |writer: &crate::AudioWriter, pages: u32| {
        let pragma = format!("PRAGMA max_page_count = {pages}");
        writer.connection.query_row(&pragma, [], |_| Ok(())).unwrap();
    };
    limit(&writer, pages + 2);
    let refused = writer.append(&tone(0, 64_000), at(5));
    assert!(matches!(refused, Err(RecordError::Full)), "{refused:?}");
    assert_eq!(desk.record.audio_ms(&id).unwrap(), held);
    limit(&writer, 1_000_000);
    assert_eq!(writer.append(&tone(0, 64_000), at(6)).unwrap(), held + 4000);
}

#[test]
fn a_connection_that_holds_the_database_gives_busy_and_nothing_is_lost() {
    let desk = Desk::new();
    let id = desk.in_state(State::Recording);
    let mut writer = desk.record.audio_writer(&id).unwrap();
    writer.connection.busy_timeout(std::time::Duration::ZERO).unwrap();
    let other = desk.record.another_connection().unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(matches!(writer.append(&[1; 160], at(5)), Err(RecordError::Busy)));
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(writer.append(&[1; 160], at(6)).unwrap(), 1510);
}

#[test]
fn audio_is_written_in_time_while_a_search_indexes_and_an_erasure_cleans_up() {
    let desk = Desk::new();
    let id = desk.in_state(State::Recording);
    for _ in 0..30 {
        let other = desk.in_state(State::Consented);
        desk.record.save_transcript(&other, &transcript(&["une phrase longue à indexer"; 200])).unwrap();
    }
    let erased = desk.in_state(State::Consented);
    desk.record.audio_writer(&erased).unwrap().append(&tone(0, 16_000 * 120), at(4)).unwrap();
    let mut writer = desk.record.audio_writer(&id).unwrap();
    std::thread::scope(|scope| {
        let busy = scope.spawn(|| {
            assert_eq!(desk.record.list("phrase", 50).unwrap().len(), 30);
            desk.record.erase_consultation(&erased, "asked", at(5)).unwrap();
        });
        for second in 0..20 {
            writer.append(&tone(24_000 + second * 1600, 1600), at(6)).unwrap();
        }
        busy.join().unwrap();
    });
    assert_eq!(desk.record.audio_ms(&id).unwrap(), 3500);
}

#[test]
fn an_act_that_fails_half_way_leaves_nothing_of_itself() {
    let desk = Desk::new();
    let id = desk.in_state(State::Drafted);
    let before = (desk.record.audit_rows().unwrap(), desk.record.draft(&id).unwrap());
    let sql = desk.record.another_connection().unwrap();
    sql.execute_batch(
        "CREATE TRIGGER fault BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'a fault on purpose'); END",
    )
    .unwrap();
    assert!(desk.record.save_draft(&id, &note("Autre"), &[], at(9)).is_err());
    assert!(desk.record.freeze(&id, &signed("Autre")).is_err());
    assert!(desk.record.erase_consultation(&id, "asked", at(9)).is_err());
    assert!(desk.record.record_consent(&id, &withdrawn()).is_err());
    sql.execute_batch("DROP TRIGGER fault").unwrap();
    assert_eq!((desk.record.audit_rows().unwrap(), desk.record.draft(&id).unwrap()), before);
    assert_eq!(desk.record.audio_ms(&id).unwrap(), 1500);
}

#[test]
fn erased_audio_gives_its_place_back_to_the_disk() {
    let desk = Desk::new();
    let id = desk.in_state(State::Recording);
    desk.record.audio_writer(&id).unwrap().append(&tone(0, 16_000 * 60), at(4)).unwrap();
    desk.record.set_state(&id, State::Stopped, at(5)).unwrap();
    desk.record.erase_audio(&id, "asked", at(6)).unwrap();
    assert!(std::fs::metadata(desk.path()).unwrap().len() < 500_000);
}
