use rusqlite::Connection;

use super::*;
use crate::AuditReport;

/// Someone with the key who takes the triggers away first.
fn tamper(desk: &Desk, statement: &str) -> AuditReport {
    tampering(&desk.record.another_connection().unwrap(), statement);
    desk.record.verify_audit().unwrap()
}

/// The triggers stand again afterwards, as a careful hand would leave them.
fn tampering(sql: &Connection, statement: &str) {
    let triggers: Vec<(String, String)> = sql
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for (name, _) in &triggers {
        sql.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    sql.execute_batch(statement).unwrap();
    for (_, trigger) in &triggers {
        sql.execute_batch(trigger).unwrap();
    }
}

fn desk_with_history() -> (Desk, u64) {
    let desk = Desk::new();
    desk.in_state(State::Exported);
    let rows = desk.record.verify_audit().unwrap().rows;
    assert!(rows >= 8);
    (desk, rows)
}

#[test]
fn an_untouched_audit_is_intact_across_restarts() {
    let (desk, rows) = desk_with_history();
    assert_eq!(desk.record.verify_audit().unwrap(), AuditReport { rows, intact: true, first_broken: None });
    let desk = desk.reopened();
    assert!(desk.record.verify_audit().unwrap().intact);
}

#[test]
fn every_act_of_a_visit_is_in_the_audit_in_order() {
    let desk = Desk::new();
    let id = desk.in_state(State::Exported);
    desk.record.erase_audio(&id, "validated", at(9)).unwrap();
    desk.record.audit("playback", Some(id.as_str()), "", at(10)).unwrap();
    let acts: Vec<String> = desk
        .record
        .audit_rows()
        .unwrap()
        .into_iter()
        .map(|row| format!("{} {}", row.act, row.detail).trim().to_owned())
        .collect();
    let sha256 = signed("Mal de gorge").sha256().to_owned();
    assert_eq!(
        acts,
        [
            "create",
            "consultation created",
            "consent informed, oral",
            "state created to consented",
            "state consented to recording",
            "state recording to stopped",
            "edit draft 1",
            "state stopped to drafted",
            &format!("validate {sha256}"),
            "export pdf",
            "erase audio",
            "playback",
        ]
    );
}

#[test]
fn an_edited_row_is_found() {
    for edit in [
        "UPDATE audit SET detail = 'refused, oral' WHERE seq = 3",
        "UPDATE audit SET at = '2020-01-01T00:00:00.000000000Z' WHERE seq = 3",
        "UPDATE audit SET subject = NULL WHERE seq = 3",
        "UPDATE audit SET act = 'edit' WHERE seq = 3",
        "UPDATE audit SET hash = (SELECT hash FROM audit WHERE seq = 4) WHERE seq = 3",
    ] {
        let (desk, _) = desk_with_history();
        let report = tamper(&desk, edit);
        assert_eq!((report.intact, report.first_broken), (false, Some(3)), "{edit}");
    }
}

#[test]
fn a_deleted_moved_or_added_row_is_found() {
    let (desk, _) = desk_with_history();
    assert_eq!(tamper(&desk, "DELETE FROM audit WHERE seq = 4").first_broken, Some(4));
    let (desk, _) = desk_with_history();
    let swap = "UPDATE audit SET seq = 100 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5;
                UPDATE audit SET seq = 5 WHERE seq = 100;";
    assert_eq!(tamper(&desk, swap).first_broken, Some(4));
    let (desk, rows) = desk_with_history();
    let add = "INSERT INTO audit SELECT seq + 1, at, act, subject, detail, hash FROM audit ORDER BY seq DESC LIMIT 1";
    assert_eq!(tamper(&desk, add).first_broken, Some(rows + 1));
}

#[test]
fn a_tail_cut_off_is_found_by_the_head() {
    let (desk, rows) = desk_with_history();
    let report = tamper(&desk, &format!("DELETE FROM audit WHERE seq = {rows}"));
    assert_eq!((report.rows, report.first_broken), (rows - 1, Some(rows)));
}

#[test]
fn a_tail_cut_off_with_its_head_while_the_record_was_closed_is_found_by_the_anchor() {
    let (desk, rows) = desk_with_history();
    let desk = desk.reopened();
    let path = desk.path();
    // Whoever has the key alters the closed record, head included.
    let sql = desk.record.another_connection().unwrap();
    let Desk { folder: _folder, record, .. } = desk;
    drop(record);
    let keep = rows - 2;
    let cut = format!(
        "DELETE FROM audit WHERE seq > {keep};
         UPDATE audit_head SET seq = {keep}, hash = (SELECT hash FROM audit WHERE seq = {keep});"
    );
    tampering(&sql, &cut);
    drop(sql);
    for n in 0..3 {
        // However often it is opened since, also once the chain has grown past the anchor again.
        let record = Record::unlock(&path, PASSPHRASE, at(20 + n)).unwrap();
        for _ in 0..n * 3 {
            record.audit("playback", None, "", at(30)).unwrap();
        }
        assert!(!record.verify_audit().unwrap().intact, "opening {n}");
    }
}

#[test]
fn a_whole_chain_rewritten_with_right_hashes_is_found_by_the_anchor() {
    let (desk, _) = desk_with_history();
    let desk = desk.reopened();
    let sql = desk.record.another_connection().unwrap();
    let mut rows = desk.record.audit_rows().unwrap();
    rows[2].detail = "refused, oral".into();
    let origin = "0".repeat(64);
    tampering(&sql, &format!("DELETE FROM audit; UPDATE audit_head SET seq = 0, hash = '{origin}'"));
    for row in rows {
        crate::audit::append(&sql, row.at, &row.act, row.subject.as_deref(), &row.detail).unwrap();
    }
    assert!(!desk.record.verify_audit().unwrap().intact);
}
