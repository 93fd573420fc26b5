use super::*;

/// Consultations that the index knows, and that were changed since.
fn changed(desk: &Desk, count: u32) -> Vec<ConsultationId> {
    let ids: Vec<_> = (0..count)
        .map(|number| {
            let id = desk.in_state(State::Consented);
            let heard: Vec<String> =
                (0..60).map(|line| format!("phrase {number} {line} {}", line * 7_919)).collect();
            let heard: Vec<&str> = heard.iter().map(String::as_str).collect();
            desk.record.save_transcript(&id, &transcript(&heard)).unwrap();
            id
        })
        .collect();
    desk.record.catch_up_search().unwrap();
    for id in &ids {
        desk.record.save_draft(id, &note("Pharyngite"), &[], at(4)).unwrap();
    }
    ids
}

fn index_is_sound(desk: &Desk) {
    let sql = desk.record.another_connection().unwrap();
    sql.execute_batch("INSERT INTO search (search, rank) VALUES ('integrity-check', 0)").unwrap();
}

#[test]
fn a_step_in_the_way_of_an_act_is_broken_off_and_leaves_nothing_of_itself() {
    let desk = Desk::new();
    changed(&desk, 3);
    let behind = || -> u32 {
        let sql = desk.record.another_connection().unwrap();
        sql.query_row("SELECT count(*) FROM search_stale", [], |row| row.get(0)).unwrap()
    };
    let first = desk.record.precedence().go_first();
    assert_eq!(desk.record.write_unless_in_the_way(crate::search::catch_up).unwrap(), None);
    assert_eq!(behind(), 3);
    drop(first);
    // One at a time, where words have to be taken out.
    assert_eq!(desk.record.write_unless_in_the_way(crate::search::catch_up).unwrap(), Some(()));
    assert_eq!(behind(), 2);
    index_is_sound(&desk);
}

#[test]
fn what_is_saved_meanwhile_breaks_the_index_off_as_often_as_it_likes_and_nothing_is_lost() {
    let desk = Desk::new();
    let ids = changed(&desk, 12);
    std::thread::scope(|scope| {
        scope.spawn(|| desk.record.catch_up_search().unwrap());
        for round in 0..5 {
            for id in &ids {
                desk.record.save_draft(id, &note(&format!("Otite {round}")), &[], at(5)).unwrap();
            }
        }
    });
    desk.record.catch_up_search().unwrap();
    assert!(!desk.record.is_search_behind().unwrap());
    assert_eq!(desk.record.list("otite", 50).unwrap().len(), 12);
    assert!(desk.record.list("pharyngite", 50).unwrap().is_empty());
    index_is_sound(&desk);
}
