//! Notes against annotated consultations, from folder to figures and pages. The expected figures were computed by an
//! independent program over the same files.

#![allow(clippy::unwrap_used)] // Test code.

use std::fs;
use std::path::{Path, PathBuf};

use eval::EvalError;
use eval::notes::{Outcome, measure};
use serde_json::{Value, json};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn figures(summary: &Value) -> Value {
    let names = [
        "recall",
        "recall_critical",
        "mention",
        "attributes",
        "precision",
        "polarity",
        "traps",
        "provenance",
        "length",
    ];
    names
        .into_iter()
        .map(|name| (name.to_owned(), summary[name].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[test]
fn given_notes_have_the_figures_of_an_independent_count() {
    let measured = measure(&fixture("consultations"), Some(&fixture("notes"))).unwrap();
    let summary = serde_json::to_value(measured.summary()).unwrap();
    assert_eq!(
        summary["total"],
        json!({ "recall": 0.6923, "recall_critical": 0.75, "mention": 1.0, "attributes": 0.8333, "precision": 0.75,
            "polarity": 0.8462, "traps": 0.4, "provenance": 0.9375, "length": 0.4732 })
    );
    assert_eq!(
        figures(&summary["each"]["fr-migraine"]),
        json!({ "recall": 0.6667, "recall_critical": 0.6, "mention": 1.0, "attributes": 0.8571, "precision": 0.7273,
            "polarity": 0.8889, "traps": 0.25, "provenance": 0.9091, "length": 0.4 })
    );
    assert_eq!(
        summary["each"]["fr-migraine"]["missed"],
        json!([
            { "section": "histoire", "concept": "nausées", "reason": "wrong_section", "found_in": "examen" },
            { "section": "histoire", "concept": "fièvre", "reason": "wrong_polarity_or_person" },
            { "section": "ordonnance", "concept": "propranolol", "reason": "wrong_section", "found_in": "traitements" },
        ])
    );
    let sprung = &summary["each"]["en-ankle"]["sprung"];
    assert_eq!(*sprung, json!([{ "concept": "smoking", "why": "denied", "statement": "Non-smoker" }]));
}

#[test]
fn without_notes_each_transcript_is_structured_and_every_statement_is_sourced() {
    let measured = measure(&fixture("consultations"), None).unwrap();
    let counts = measured.counts();
    assert_eq!((counts.facts, counts.traps), (13, 5));
    assert!(counts.statements >= 8 && counts.sourced == counts.statements, "{counts:?}");
    assert!(counts.critical_found >= 3, "drugs, doses and denials of plain talk are found: {counts:?}");
}

#[test]
fn a_consultation_without_its_note_counts_as_missed_and_says_so() {
    let empty = tempfile::tempdir().unwrap();
    let measured = measure(&fixture("consultations"), Some(empty.path())).unwrap();
    assert!(measured.consultations.iter().all(|c| c.without_note));
    let all = measured.consultations.iter().flat_map(|c| &c.score.facts);
    assert!(all.clone().count() == 13 && all.clone().all(|verdict| verdict.outcome == Outcome::Absent));
    let summary = serde_json::to_value(measured.summary()).unwrap();
    assert_eq!((&summary["total"]["recall"], &summary["total"]["precision"]), (&json!(0.0), &Value::Null));
    assert_eq!(summary["each"]["en-ankle"]["without_note"], true);
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let measured = |notes: Option<&Path>| measure(folder.path(), notes).map(|_| ()).unwrap_err();
    assert!(matches!(measured(None), EvalError::Nothing { .. }));
    let broken = folder.path().join("broken.json");
    fs::write(&broken, r#"{"language":"fr","segments":[],"gold":{"facts":[{"concept":"toux"}]}}"#).unwrap();
    let said = measured(None).to_string();
    assert!(said.contains("broken.json") && said.contains("section"), "{said}");
    fs::copy(fixture("consultations/en-ankle.json"), &broken).unwrap();
    let notes = tempfile::tempdir().unwrap();
    fs::write(
        notes.path().join("broken.json"),
        r#"{"schema":"calame.note/9","language":"en","sections":[]}"#,
    )
    .unwrap();
    let said = measured(Some(notes.path())).to_string();
    assert!(said.contains("broken.json") && said.contains("calame.note/9"), "{said}");
}

#[test]
fn there_is_a_page_for_each_consultation_in_its_language_and_an_index() {
    let out = tempfile::tempdir().unwrap();
    let out = out.path().join("rapport d'été");
    measure(&fixture("consultations"), Some(&fixture("notes"))).unwrap().write_pages(&out).unwrap();
    let read = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    let (french, english, index) =
        (read("fr-migraine.note.html"), read("en-ankle.note.html"), read("index.html"));
    assert!(
        french.contains("<html lang=\"fr\">")
            && french.contains("Pièges tombés")
            && french.contains("67\u{202f}%")
    );
    assert!(
        english.contains("<html lang=\"en\">") && english.contains("Traps sprung") && english.contains("75%")
    );
    assert!(english.contains("<mark>twisted my right ankle</mark>"), "what the note cites is highlighted");
    for page in ["href=\"fr-migraine.note.html\"", "href=\"en-ankle.note.html\""] {
        assert!(index.contains(page), "{page}");
    }
}

#[test]
fn nothing_that_is_said_written_or_annotated_is_markup_and_pages_load_nothing() {
    let evil = "<script src=//x.example>alert(1)</script><img src=x onerror=y>\"'&";
    let consultation = json!({
        "language": "en", "title": evil, "specialty": evil,
        "segments": [{ "index": 0, "start_ms": 0, "end_ms": 1, "text": evil }],
        "gold": {
            "facts": [{ "section": "motif", "concept": evil, "polarity": "present", "experiencer": "patient",
                "attributes": { (evil): evil }, "source_segments": [0] }],
            "must_not": [{ "concept": evil, "why": evil, "source_segments": [0] }],
        },
    });
    let statement = json!({ "id": evil, "kind": "other", "text": evil, "sources": [{ "segment": 0, "quote": "<script src" }] });
    let note = json!({
        "schema": "calame.note/1", "language": "en",
        "sections": [{ "id": "suivi", "title": evil, "statements": [statement] }],
        "omissions": [{ "segment": 0, "quote": evil }],
    });
    let folder = tempfile::tempdir().unwrap();
    let [gold, notes, out] = ["gold", "notes", "out"].map(|name| folder.path().join(name));
    fs::create_dir(&gold).unwrap();
    fs::create_dir(&notes).unwrap();
    fs::write(gold.join("x.json"), consultation.to_string()).unwrap();
    fs::write(notes.join("x.json"), note.to_string()).unwrap();
    measure(&gold, Some(&notes)).unwrap().write_pages(&out).unwrap();
    for page in fs::read_dir(&out).unwrap() {
        let text = fs::read_to_string(page.unwrap().path()).unwrap();
        assert!(text.contains("&lt;script") && text.contains("default-src 'none'"));
        for markup in ["<script", "<img", "<link", "url(", "@import"] {
            assert!(!text.contains(markup), "{markup}");
        }
    }
}

/// The note that says what was annotated, no more and no less.
fn perfect(consultation: &Value) -> Value {
    let mut note = note::Note::new(serde_json::from_value(consultation["language"].clone()).unwrap());
    for (at, fact) in consultation["gold"]["facts"].as_array().unwrap().iter().enumerate() {
        let given = fact["attributes"].as_object().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let attributes: serde_json::Map<_, _> =
            given.iter().map(|(key, value)| (key.clone(), text(value).into())).collect();
        let segment = &fact["source_segments"][0];
        let segments = consultation["segments"].as_array().unwrap();
        let quote = &segments.iter().find(|s| s["index"] == *segment).unwrap()["text"];
        let statement = json!({
            "id": format!("st-{at}"), "kind": "other", "text": fact["concept"], "concept": fact["concept"],
            "polarity": fact["polarity"], "experiencer": fact["experiencer"], "attributes": attributes,
            "sources": [{ "segment": segment, "quote": quote }],
        });
        let section = serde_json::from_value(fact["section"].clone()).unwrap();
        note.push(section, serde_json::from_value(statement).unwrap());
    }
    serde_json::to_value(note).unwrap()
}

#[test]
fn a_note_made_from_the_annotations_has_perfect_figures_and_needs_no_correction() {
    let notes = tempfile::tempdir().unwrap();
    for name in ["fr-migraine.json", "en-ankle.json"] {
        let text = fs::read_to_string(fixture("consultations").join(name)).unwrap();
        let note = perfect(&serde_json::from_str(&text).unwrap()).to_string();
        fs::write(notes.path().join(name), note).unwrap();
    }
    let measured = measure(&fixture("consultations"), Some(notes.path())).unwrap();
    let total = serde_json::to_value(measured.summary()).unwrap()["total"].clone();
    for name in ["recall", "recall_critical", "mention", "attributes", "precision", "polarity", "provenance"]
    {
        assert_eq!(total[name], 1.0, "{name}");
    }
    assert_eq!(total["traps"], 0.0);
    let review = serde_json::to_value(eval::review::review(&measured)).unwrap();
    let total = &review["total"];
    assert_eq!(
        (&total["doubts"], &total["errors_raised"], &total["errors_not_raised"]),
        (&json!(0), &json!(0), &json!(0))
    );
}
