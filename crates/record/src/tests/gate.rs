//! The gate holds against SQL that is not ours: each test speaks to the database directly, with its key.

use rusqlite::Connection;

use super::*;

struct Raw {
    desk: Desk,
    sql: Connection,
}

impl Raw {
    fn new() -> Self {
        let desk = Desk::new();
        let sql = desk.record.another_connection().unwrap();
        Self { desk, sql }
    }

    /// A consultation in a state, as its integer key.
    fn key(&self, state: State) -> i64 {
        let id = self.desk.in_state(state);
        self.sql.query_row("SELECT id FROM consultations WHERE uuid = ?1", [id], |row| row.get(0)).unwrap()
    }

    fn allows(&self, statement: &str) -> bool {
        self.sql.execute_batch(&format!("BEGIN; {statement}; COMMIT;")).map_or_else(
            |error| {
                let _ = self.sql.execute_batch("ROLLBACK");
                assert!(error.to_string().contains("gate: "), "refused for another reason: {error}");
                false
            },
            |()| true,
        )
    }

    fn count(&self, table: &str) -> i64 {
        self.sql.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    }
}

#[test]
fn every_move_that_the_type_does_not_know_is_refused_by_the_database() {
    let raw = Raw::new();
    for from in State::ALL {
        for to in State::ALL.into_iter().filter(|to| *to != from) {
            let key = raw.key(from);
            let allowed = raw.allows(&format!("UPDATE consultations SET state = '{to}' WHERE id = {key}"));
            assert!(!allowed || from.may_become(to), "{from} to {to}");
        }
    }
}

#[test]
fn the_moves_of_a_recording_are_allowed() {
    let raw = Raw::new();
    for (from, to) in [
        (State::Consented, State::Recording),
        (State::Consented, State::Stopped),
        (State::Recording, State::Paused),
        (State::Paused, State::Recording),
        (State::Recording, State::Stopped),
        (State::Paused, State::Stopped),
    ] {
        let key = raw.key(from);
        assert!(raw.allows(&format!("UPDATE consultations SET state = '{to}' WHERE id = {key}")));
    }
}

#[test]
fn nothing_is_recorded_without_a_standing_consent() {
    let raw = Raw::new();
    let key = raw.key(State::Created);
    assert!(!raw.allows(&format!("UPDATE consultations SET state = 'consented' WHERE id = {key}")));
    let key = raw.key(State::Paused);
    let refuse = format!(
        "INSERT INTO consents (consultation, decision, form, at) VALUES ({key}, 'withdrawn', 'oral', 'now')"
    );
    assert!(raw.allows(&refuse));
    assert!(!raw.allows(&format!("UPDATE consultations SET state = 'recording' WHERE id = {key}")));
    assert!(raw.allows(&format!("UPDATE consultations SET state = 'created' WHERE id = {key}")));
}

#[test]
fn a_state_cannot_be_reached_by_replacing_the_row() {
    let raw = Raw::new();
    let key = raw.key(State::Drafted);
    for verb in ["INSERT", "INSERT OR REPLACE"] {
        assert!(!raw.allows(&format!(
            "{verb} INTO consultations (id, uuid, language, state, created_at)
             SELECT id, uuid, language, 'validated', created_at FROM consultations WHERE id = {key}"
        )));
        assert!(!raw.allows(&format!(
            "{verb} INTO consultations (uuid, language, state, created_at)
             SELECT uuid, language, 'created', created_at FROM consultations WHERE id = {key}"
        )));
        assert!(!raw.allows(&format!(
            "{verb} INTO consultations (uuid, language, state, created_at)
             VALUES ('{}', 'fr', 'exported', 'now')",
            "0".repeat(36)
        )));
    }
}

#[test]
fn nothing_is_exported_before_validation() {
    let raw = Raw::new();
    for state in State::ALL.into_iter().filter(|s| !s.is_signed()) {
        let key = raw.key(state);
        for verb in ["INSERT", "INSERT OR REPLACE"] {
            let export = format!(
                "{verb} INTO exports (consultation, version, kind, at) VALUES ({key}, 1, 'pdf', 'now')"
            );
            assert!(!raw.allows(&export), "{state}");
        }
    }
    // Nor is a draft after it.
    let key = raw.key(State::Validated);
    let export = |version| {
        format!(
            "INSERT INTO exports (consultation, version, kind, at) VALUES ({key}, {version}, 'pdf', 'now')"
        )
    };
    assert!(!raw.allows(&export(1)));
    assert!(!raw.allows(&format!("UPDATE consultations SET state = 'exported' WHERE id = {key}")));
    assert!(raw.allows(&export(2)));
}

#[test]
fn a_note_is_not_validated_without_its_signed_version() {
    let raw = Raw::new();
    let key = raw.key(State::Drafted);
    assert!(!raw.allows(&format!("UPDATE consultations SET state = 'validated' WHERE id = {key}")));
    let sign = |key| {
        format!(
            "INSERT INTO note_versions (consultation, version, kind, note, author, at, sha256)
             VALUES ({key}, 9, 'validated', '{{}}', 'x', 'now', '{}')",
            "0".repeat(64)
        )
    };
    for state in State::ALL.into_iter().filter(|s| *s != State::Drafted) {
        assert!(!raw.allows(&sign(raw.key(state))), "{state}");
    }
}

#[test]
fn a_validated_version_is_never_changed_replaced_or_deleted() {
    let raw = Raw::new();
    let key = raw.key(State::Exported);
    let before: String = fingerprint(&raw, key);
    for attack in [
        "UPDATE note_versions SET note = '{}'".to_owned(),
        "UPDATE note_versions SET author = 'Dr X' WHERE kind = 'validated'".into(),
        "UPDATE note_versions SET kind = 'draft'".into(),
        "DELETE FROM note_versions".into(),
        "DELETE FROM note_versions WHERE kind = 'validated'".into(),
        "INSERT OR REPLACE INTO note_versions SELECT id, consultation, version, kind, '{}', checked, author, at,
            sha256 FROM note_versions WHERE kind = 'validated'"
            .into(),
        "INSERT OR REPLACE INTO note_versions (consultation, version, kind, note, author, at, sha256)
            SELECT consultation, version, kind, '{}', author, at, sha256 FROM note_versions WHERE kind = 'validated'"
            .into(),
        "INSERT OR REPLACE INTO note_versions (consultation, version, kind, note, author, at, sha256)
            SELECT consultation, version + 1, kind, '{}', author, at, sha256 FROM note_versions
            WHERE kind = 'validated'"
            .into(),
        format!("DELETE FROM consultations WHERE id = {key}"),
        format!("UPDATE consultations SET state = 'drafted' WHERE id = {key}"),
        format!("UPDATE consultations SET reason = 'autre' WHERE id = {key}"),
        format!("UPDATE segments SET text = 'autre' WHERE consultation = {key}"),
        format!("DELETE FROM segments WHERE consultation = {key}"),
        "DELETE FROM exports".into(),
        "UPDATE exports SET kind = 'autre'".into(),
    ] {
        assert!(!raw.allows(&attack), "{attack}");
        assert_eq!(fingerprint(&raw, key), before);
    }
}

fn fingerprint(raw: &Raw, key: i64) -> String {
    raw.sql
        .query_row(
            "SELECT group_concat(concat_ws('|', id, version, kind, note, author, at, sha256)) FROM note_versions
             WHERE consultation = ?1",
            [key],
            |row| row.get(0),
        )
        .unwrap()
}

#[test]
fn a_validated_version_goes_only_after_an_erasure_was_announced() {
    let raw = Raw::new();
    let key = raw.key(State::Validated);
    let announce = |scope: &str| {
        format!(
            "INSERT INTO erasures (subject, scope, why, at) SELECT uuid, '{scope}', 'test', 'now'
             FROM consultations WHERE id = {key}"
        )
    };
    let delete = format!("DELETE FROM note_versions WHERE consultation = {key} AND kind = 'validated'");
    assert!(!raw.allows(&format!("{}; {delete}", announce("audio"))));
    assert!(!raw.allows(&format!("{}; {delete}", announce("withdrawal"))));
    let close = "UPDATE erasures SET open = 0 WHERE open = 1";
    assert!(!raw.allows(&format!("{}; {close}; {delete}", announce("consultation"))));
    assert!(raw.allows(&format!("{}; {delete}; {close}", announce("consultation"))));
    assert!(!raw.allows("UPDATE erasures SET open = 1"));
    assert!(!raw.allows("UPDATE erasures SET why = 'autre'"));
    assert!(!raw.allows("DELETE FROM erasures"));
}

#[test]
fn audio_is_only_appended_and_only_erased_when_announced() {
    let raw = Raw::new();
    let key = raw.key(State::Recording);
    let insert = |verb: &str, seq: i64, start: i64| {
        format!(
            "{verb} INTO audio_chunks (consultation, seq, start_sample, samples, at, pcm)
             VALUES ({key}, {seq}, {start}, 1, 'now', x'0000')"
        )
    };
    for attack in [
        "UPDATE audio_chunks SET pcm = zeroblob(length(pcm))".to_owned(),
        "UPDATE audio_chunks SET samples = 1, pcm = substr(pcm, 1, 2)".into(),
        "DELETE FROM audio_chunks".into(),
        insert("INSERT OR REPLACE", 0, 0),
        insert("INSERT OR REPLACE", 1, 16_000),
        insert("INSERT", 2, 24_001),
        insert("INSERT", 3, 24_000),
    ] {
        assert!(!raw.allows(&attack), "{attack}");
    }
    assert!(raw.allows(&insert("INSERT", 2, 24_000)));
    let stopped = raw.key(State::Stopped);
    let late = insert("INSERT", 2, 24_000).replace(&format!("({key},"), &format!("({stopped},"));
    assert!(!raw.allows(&late));
}

#[test]
fn the_audit_is_only_appended() {
    let raw = Raw::new();
    raw.key(State::Exported);
    let rows = raw.count("audit");
    for attack in [
        "UPDATE audit SET detail = 'autre'",
        "UPDATE audit SET seq = seq + 100",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
        "INSERT OR REPLACE INTO audit SELECT seq, at, act, subject, 'autre', hash FROM audit WHERE seq = 1",
        "INSERT INTO audit (seq, at, act, detail, hash) SELECT seq + 2, at, act, detail, hash FROM audit
         ORDER BY seq DESC LIMIT 1",
        "UPDATE audit_head SET seq = seq - 1",
        "UPDATE audit_head SET hash = replace(hash, 'a', 'b'), seq = seq + 1",
        "DELETE FROM audit_head",
        "INSERT OR REPLACE INTO audit_head SELECT * FROM audit_head",
    ] {
        assert!(!raw.allows(attack), "{attack}");
        assert_eq!(raw.count("audit"), rows);
    }
}

#[test]
fn consents_are_history() {
    let raw = Raw::new();
    raw.key(State::Recording);
    assert!(!raw.allows("UPDATE consents SET decision = 'withdrawn'"));
    assert!(!raw.allows("DELETE FROM consents"));
    assert!(!raw.allows("INSERT OR REPLACE INTO consents SELECT * FROM consents"));
}

#[test]
fn every_table_refuses_values_of_another_kind() {
    let raw = Raw::new();
    let key = raw.key(State::Consented);
    for (samples, bytes) in [(16_001, 32_002), (0, 0), (2, 2)] {
        let odd = format!(
            "INSERT INTO audio_chunks (consultation, seq, start_sample, samples, at, pcm)
             VALUES ({key}, 0, 0, {samples}, 'now', zeroblob({bytes}))"
        );
        assert!(raw.sql.execute_batch(&odd).is_err());
    }
    assert!(raw.sql.execute_batch("INSERT INTO settings VALUES ('x', 'not json')").is_err());
    assert!(raw.sql.execute_batch("UPDATE consultations SET state = 'lost'").is_err());
}
