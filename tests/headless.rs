//! The whole job without a window: a recorded consultation becomes a validated, printable note.

#![allow(clippy::unwrap_used, clippy::panic)] // Test code.

use std::fs;

use calame_tests::calame::{Home, answer, ids};
use calame_tests::demo;
use calame_tests::paper::{assert_holds_all, bare, dense, pdf_text, statements};
use serde_json::Value;

const AUTHOR: &str = "Dr Camille Aubry";

#[test]
fn a_recorded_consultation_becomes_a_validated_note_on_paper() {
    let home = Home::with_record();
    let imported = home.record(["import", "--language", "fr", demo::french().to_str().unwrap()]).json();
    let id = imported["id"].as_str().unwrap();
    let note = &imported["note"];
    let facts = statements(note);
    assert!(facts.len() >= 10, "the demo holds some thirty facts: {facts:?}");
    assert!(imported["transcript"]["segments"].as_array().unwrap().len() > 10);

    assert_eq!(home.consultations(), [id]);
    let shown = home.record(["show", id, "--json"]).json();
    assert_eq!(&shown["note"]["note"], note, "the record gives back what import printed");
    assert_eq!(shown["consultation"]["state"], "drafted");

    // The gate: nothing leaves before a doctor has read it.
    let pdf = home.at("note.pdf");
    let export = || home.record(["export", id, "--pdf", pdf.to_str().unwrap()]);
    assert!(export().refusal().contains("not validated"));
    assert!(!pdf.exists(), "a refused export writes nothing");
    assert!(home.record(["export", id, "--text"]).refusal().contains("not validated"));
    let pending = shown["note"]["pending"].as_array().unwrap();
    assert!(!pending.is_empty(), "allergies and doses of the demo are critical");
    let unread = home.record(["validate", id, "--author", AUTHOR]).refusal();
    assert!(unread.contains("critical statements were not looked at"), "{unread}");

    let signature = home.record(["validate", id, "--author", AUTHOR, "--checked"]).json();
    assert_eq!(signature["author"], AUTHOR);
    let again = home.record(["validate", id, "--author", AUTHOR, "--checked"]).refusal();
    assert!(again.contains("validated"), "{again}");

    let _ = export().done();
    let paper = pdf_text(&pdf);
    assert_holds_all(&paper, &facts);
    assert_holds_all(&paper, &[AUTHOR.to_owned()]);
    assert!(!paper.contains("BROUILLON"), "a validated note is no draft");
    let text = home.record(["export", id, "--text"]).done();
    assert_holds_all(&text, &facts);

    searching_needs_no_accents(&home, id, note);
    adding_to_it_makes_a_new_version(&home, id);

    let report = answer(home.command(["audit", "verify"]).args(home.access())).json();
    assert_eq!(report["intact"], true, "{report}");
    let trail = answer(home.command(["audit", "export"]).args(home.access())).done();
    assert!(trail.contains("pdf"), "the export is in the audit trail: {trail}");
}

fn adding_to_it_makes_a_new_version(home: &Home, id: &str) {
    let call = "Appelée à 48 h : la fièvre est tombée.";
    let add = ["addendum", id, "--section", "suivi", "--author", AUTHOR, call];
    assert_eq!(
        home.record(["versions", id]).json().as_array().unwrap().len(),
        2,
        "the draft and the signed note"
    );
    let unread = home.record(["addendum", id, "--section", "suivi", "--author", "", call]).refusal();
    assert!(unread.contains("doctor"), "{unread}");
    assert_eq!(home.record(add).json()["author"], AUTHOR);
    let versions = home.record(["versions", id]).json();
    let kinds: Vec<&str> = versions.as_array().unwrap().iter().map(|v| v["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["draft", "validated", "addendum"], "a refused addendum leaves nothing");
    let changed = home.record(["diff", id, "2", "3"]).json();
    assert_eq!(changed.as_array().unwrap().len(), 1, "{changed}");
    assert!(changed.to_string().contains(call), "{changed}");
    let text = home.record(["export", id, "--text"]).done();
    assert_holds_all(&text, &[call.to_owned()]);
}

fn searching_needs_no_accents(home: &Home, id: &str, note: &Value) {
    let words: Vec<String> =
        statements(note).iter().flat_map(|text| text.split_whitespace()).map(str::to_owned).collect();
    let accented = words
        .iter()
        .find(|word| {
            word.chars().count() >= 5 && word.chars().all(char::is_alphabetic) && bare(word) != **word
        })
        .unwrap_or_else(|| panic!("a French note has accents: {words:?}"));
    for query in [accented.clone(), bare(accented), accented.to_uppercase()] {
        assert_eq!(ids(&home.record(["search", &query]).json()), [id], "search for {query:?}");
    }
    assert_eq!(ids(&home.record(["search", "zygomatique"]).json()), Vec::<String>::new());
}

#[test]
fn a_note_that_never_went_through_a_record_is_marked_as_a_draft() {
    let home = Home::new();
    let [clip, transcript, note, pdf] =
        ["clip.wav", "transcript.json", "note.json", "note.pdf"].map(|name| home.at(name));
    demo::excerpt(4_600, 33_500, &clip);
    let said = home.calame(["transcribe", clip.to_str().unwrap(), "--language", "fr"]).done();
    fs::write(&transcript, said).unwrap();
    let structured = home.calame(["structure", transcript.to_str().unwrap()]).done();
    fs::write(&note, &structured).unwrap();
    let facts = statements(&serde_json::from_str(&structured).unwrap());
    assert!(!facts.is_empty(), "{structured}");

    let _ = home.calame(["export", note.to_str().unwrap(), "--pdf", pdf.to_str().unwrap()]).done();
    let paper = pdf_text(&pdf);
    assert!(dense(&paper).contains("BROUILLON"), "{paper}");
    assert_holds_all(&paper, &facts);
    let text = home.calame(["export", note.to_str().unwrap(), "--text"]).done();
    assert!(text.starts_with("BROUILLON"), "{text}");
}
