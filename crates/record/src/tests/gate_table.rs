//! The state machine as the database keeps it: every state against every act of raw SQL, with what is to happen in each
//! cell. Each act is tried inside a transaction that is then undone.

use rusqlite::Connection;

use super::*;

/// An act on consultation `{k}`, and whether it is allowed (`+`) or refused (`x`) in each state: created, consented,
/// recording, paused, stopped, drafted, validated, exported. What touches no row is allowed.
const TABLE: &[(&str, &str)] = &[
    // Moves, alone.
    ("move created", "+xxxxxxx"),
    ("move consented", "x+xxxxxx"),
    ("move recording", "x+++xxxx"),
    ("move paused", "xx++xxxx"),
    ("move stopped", "x++++xxx"),
    ("move drafted", "xxxxx+xx"),
    ("move validated", "xxxxxx+x"),
    ("move exported", "xxxxxxx+"),
    // Moves, with what they ask for.
    ("consent informed; move consented", "++xxxxxx"),
    ("consent refused; move consented", "x+xxxxxx"),
    ("consent informed; move recording", "x+++xxxx"),
    ("draft; move drafted", "++xx++xx"),
    ("sign; move validated", "xxxxx+xx"),
    ("export; move exported", "xxxxxx++"),
    // A withdrawal, from every state.
    ("consent withdrawn", "++++++++"),
    ("consent withdrawn; move created", "++++++xx"),
    ("consent withdrawn; move recording", "xx+xxxxx"),
    ("consent withdrawn; move consented", "x+xxxxxx"),
    ("consent withdrawn; move created; hear", "xxxxxxxx"),
    ("consent withdrawn; move created; record", "xxxxxxxx"),
    ("announce withdrawal", "++++++xx"),
    ("announce withdrawal; erase audio; erase segments; erase drafts", "++++++xx"),
    ("announce withdrawal; erase signed", "++++++xx"),
    ("announce audio; erase audio", "++++++++"),
    ("announce audio; erase signed", "++++++xx"),
    ("announce audio; erase consultation", "xxxxxxxx"),
    ("consent withdrawn; announce audio; erase audio", "++++++++"),
    // An erasure, from every state.
    ("erase consultation", "xxxxxxxx"),
    ("announce consultation; erase consultation", "++++++++"),
    ("announce consultation; close; erase consultation", "xxxxxxxx"),
    ("announce consultation; UPDATE erasures SET why = 'autre'", "xxxxxxxx"),
    ("announce consultation; DELETE FROM erasures", "xxxxxxxx"),
    // Audio.
    ("record", "x+++xxxx"),
    ("record with a gap", "xxxxxxxx"),
    ("erase audio", "++xxxxxx"),
    ("UPDATE audio_chunks SET pcm = zeroblob(length(pcm)) WHERE consultation = {k}", "++xxxxxx"),
    ("UPDATE audio_chunks SET consultation = 1 WHERE consultation = {k}", "++xxxxxx"),
    // Transcript.
    ("hear", "x+++++xx"),
    ("erase segments", "++++++xx"),
    ("UPDATE segments SET text = 'autre' WHERE consultation = {k}", "++++++xx"),
    // Notes.
    ("draft", "++++++xx"),
    ("sign", "xxxxx+xx"),
    ("sign; sign again", "xxxxxxxx"),
    ("add", "xxxxxx++"),
    ("UPDATE note_versions SET note = '{}' WHERE consultation = {k}", "+++++xxx"),
    ("UPDATE note_versions SET kind = 'draft', sha256 = NULL WHERE consultation = {k}", "+++++xxx"),
    ("DELETE FROM note_versions WHERE consultation = {k}", "+++++xxx"),
    ("erase drafts", "+++++xxx"),
    ("erase signed", "++++++xx"),
    ("draft an addendum", "xxxxxx++"),
    // Papers and exports.
    ("paper", "xxxxxx++"),
    ("paper; UPDATE papers SET paper = '{}'", "xxxxxxxx"),
    ("paper; DELETE FROM papers WHERE consultation = {k}", "xxxxxxxx"),
    ("export", "xxxxxx++"),
    ("export of the first draft", "xxxxxxxx"),
    ("UPDATE exports SET kind = 'autre' WHERE consultation = {k}", "+++++++x"),
    ("DELETE FROM exports WHERE consultation = {k}", "+++++++x"),
    // Consents and heading.
    ("UPDATE consents SET decision = 'withdrawn' WHERE consultation = {k}", "+xxxxxxx"),
    ("DELETE FROM consents WHERE consultation = {k}", "+xxxxxxx"),
    ("UPDATE consultations SET reason = 'autre' WHERE id = {k}", "++++++xx"),
    ("UPDATE consultations SET language = 'en' WHERE id = {k}", "++++++xx"),
    ("UPDATE consultations SET uuid = replace(uuid, '-', '_') WHERE id = {k}", "xxxxxxxx"),
    ("UPDATE consultations SET created_at = 'hier' WHERE id = {k}", "xxxxxxxx"),
    ("UPDATE consultations SET doctor = 2 WHERE id = {k}", "xxxxxxxx"),
    ("UPDATE consultations SET exercise = 1 WHERE id = {k}", "xxxxxxxx"),
    ("INSERT OR REPLACE INTO consultations SELECT * FROM consultations WHERE id = {k}", "xxxxxxxx"),
];

/// An act in words, as SQL.
fn sql(act: &str) -> String {
    let signed =
        "coalesce((SELECT max(version) FROM note_versions WHERE consultation = {k} AND kind <> 'draft'), 1)";
    let version = |kind: &str| {
        let (author, sha) = if kind == "draft" { ("NULL", "NULL") } else { ("'x'", "printf('%064d', 7)") };
        format!(
            "INSERT INTO note_versions (consultation, version, kind, note, author, at, sha256)
             SELECT {{k}}, coalesce(max(version), 0) + 1, '{kind}', '{{}}', {author}, 'now', {sha}
             FROM note_versions WHERE consultation = {{k}}"
        )
    };
    let chunk = |gap: u32| {
        format!(
            "INSERT INTO audio_chunks (consultation, seq, start_sample, samples, at, pcm)
             SELECT {{k}}, coalesce(max(seq) + 1, 0), coalesce(max(start_sample + samples), 0) + {gap}, 1, 'now',
               x'0000' FROM audio_chunks WHERE consultation = {{k}}"
        )
    };
    match act {
        "hear" => "INSERT INTO segments (consultation, idx, start_ms, end_ms, text, json)
                   VALUES ({k}, 99, 0, 1, 'mot', '{}')"
            .into(),
        "record" => chunk(0),
        "record with a gap" => chunk(1),
        "draft" => version("draft"),
        "sign" | "sign again" => version("validated"),
        "add" => version("addendum"),
        "close" => "UPDATE erasures SET open = 0 WHERE open = 1".into(),
        "erase audio" => "DELETE FROM audio_chunks WHERE consultation = {k}".into(),
        "erase segments" => "DELETE FROM segments WHERE consultation = {k}".into(),
        "erase drafts" => "DELETE FROM note_versions WHERE consultation = {k} AND kind = 'draft'".into(),
        "erase signed" => "DELETE FROM note_versions WHERE consultation = {k} AND kind <> 'draft'".into(),
        "erase consultation" => "DELETE FROM consultations WHERE id = {k}".into(),
        "export" => {
            format!("INSERT INTO exports (consultation, version, kind, at) VALUES ({{k}}, {signed}, 'pdf', 'now')")
        }
        "export of the first draft" => {
            "INSERT INTO exports (consultation, version, kind, at) VALUES ({k}, 1, 'pdf', 'now')".into()
        }
        "draft an addendum" => format!(
            "INSERT INTO addendum_drafts (consultation, base, note, checked, at)
             VALUES ({{k}}, {signed}, '{{}}', '[]', 'now')"
        ),
        "paper" => format!(
            "INSERT INTO papers (consultation, kind, paper, note_sha256, author, at, sha256)
             VALUES ({{k}}, 'summary', '{{\"a\":1}}', coalesce((SELECT sha256 FROM note_versions
               WHERE consultation = {{k}} AND version = {signed}), printf('%064d', 1)), 'x', 'now', printf('%064d', 9))"
        ),
        _ => match act.split_once(' ') {
            Some(("move", to)) => format!("UPDATE consultations SET state = '{to}' WHERE id = {{k}}"),
            Some(("consent", decision)) => format!(
                "INSERT INTO consents (consultation, decision, form, at) VALUES ({{k}}, '{decision}', 'oral', 'now')"
            ),
            Some(("announce", scope)) => format!(
                "INSERT INTO erasures (subject, scope, why, at)
                 SELECT uuid, '{scope}', 'test', 'now' FROM consultations WHERE id = {{k}}"
            ),
            _ => act.into(),
        },
    }
}

/// What happened: `+`, `x`, or another error, which is a mistake in the table.
fn tried(connection: &Connection, acts: &str, key: i64) -> char {
    connection.execute_batch("BEGIN").unwrap();
    let mut outcome = '+';
    for act in acts.split("; ") {
        match connection.execute_batch(&sql(act).replace("{k}", &key.to_string())) {
            Ok(()) => {}
            Err(error) if error.to_string().contains("gate: ") => {
                outcome = 'x';
                break;
            }
            Err(error) => panic!("{acts}, at {act}: {error}"),
        }
    }
    connection.execute_batch("ROLLBACK").unwrap();
    outcome
}

#[test]
fn every_act_in_every_state_is_allowed_or_refused_as_the_table_says() {
    let desk = Desk::new();
    // Another's row, for what would be moved there.
    desk.consultation();
    let raw = desk.record.another_connection().unwrap();
    let keys = State::ALL.map(|state| -> i64 {
        let id = desk.in_state(state);
        raw.query_row("SELECT id FROM consultations WHERE uuid = ?1", [id], |row| row.get(0)).unwrap()
    });
    let wrong: Vec<String> = TABLE
        .iter()
        .map(|(acts, expected)| {
            (acts, expected, keys.map(|key| tried(&raw, acts, key)).iter().collect::<String>())
        })
        .filter(|(_, expected, found)| *expected != found)
        .map(|(acts, expected, found)| format!("{acts}: {found} and not {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(desk.record.verify_audit().unwrap().intact);
}

#[test]
fn consent_is_withdrawn_and_a_consultation_erased_from_every_state() {
    for state in State::ALL {
        let desk = Desk::new();
        let id = desk.in_state(state);
        desk.record.record_consent(&id, &withdrawn()).unwrap();
        let signed = state.is_signed();
        let after = desk.record.consultation(&id).unwrap();
        assert_eq!(after.state, if signed { state } else { State::Created }, "{state}");
        assert_eq!(desk.record.audio_ms(&id).unwrap(), 0, "{state}");
        assert_eq!(desk.record.validated(&id).unwrap().is_some(), signed, "{state}");
        if !signed {
            assert!(desk.record.transcript(&id).unwrap().segments.is_empty(), "{state}");
            assert!(desk.record.draft(&id).unwrap().is_none(), "{state}");
        }
        assert!(desk.record.append_segment(&id, &segment(7, 0, 1, "trop tard")).is_err(), "{state}");
        assert!(desk.record.set_state(&id, State::Recording, at(9)).is_err(), "{state}");

        let id = desk.in_state(state);
        desk.record.erase_consultation(&id, "asked", at(9)).unwrap();
        assert!(matches!(desk.record.consultation(&id), Err(crate::RecordError::NotFound { .. })), "{state}");
        assert!(desk.record.verify_audit().unwrap().intact);
    }
}
