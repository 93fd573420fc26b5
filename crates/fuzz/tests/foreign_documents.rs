//! Transcripts, notes, papers and annotated consultations that are damaged, or made to harm.

#![allow(clippy::unwrap_used)] // Test code.

use chrono::{DateTime, Utc};
use consultation::{Clock, Rendering, render_note_file, structure_transcript};
use eval::notes::measure;
use fuzz::{cases, change, changes, damage, damages, within};
use note::{Note, Paper, ReadError, Transcript, check_sources};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Both lexicons, which stay, and a document of some kilobytes many times over.
const MEMORY: usize = 256 << 20;

fn transcript() -> Value {
    json!({
        "schema": "calame.transcript/1", "language": "fr", "model": "base-q8_0", "duration_ms": 31_000,
        "segments": [
            { "index": 0, "speaker": "doctor", "start_ms": 0, "end_ms": 4_000, "text": "Vous prenez quoi, et depuis quand ?" },
            { "index": 1, "speaker": "patient", "start_ms": 4_000, "end_ms": 9_000,
              "text": "Du paracétamol, 1 g trois fois par jour, depuis lundi. Pas de fièvre.",
              "words": [{ "text": "Du", "start_ms": 4_000, "end_ms": 4_200, "probability": 0.98 },
                        { "text": "paracétamol,", "start_ms": 4_200, "end_ms": 5_000, "probability": 0.41 }] },
            { "index": 5, "speaker": "companion", "start_ms": 9_000, "end_ms": 12_000, "text": "Et il est allergique à la pénicilline.", "suspect": true },
            { "index": 6, "start_ms": 12_000, "end_ms": 31_000, "text": "Tension 13,5/8. 38,5 °C. On se revoit dans une semaine." },
        ],
    })
}

fn note() -> Value {
    serde_json::to_value(structure_transcript(&Transcript::from_json(&transcript().to_string()).unwrap()))
        .unwrap()
}

fn paper() -> Value {
    json!({
        "schema": "calame.paper/1", "kind": "prescription", "language": "fr", "title": "Ordonnance",
        "recipient": ["Pharmacie"], "opening": ["Pour :"], "closing": ["À renouveler."],
        "sections": [{ "title": "Médicaments", "lines": [{ "text": "Paracétamol 1 g", "statement": "st-1" }] }],
    })
}

fn consultation() -> Value {
    let mut document = transcript();
    document["title"] = "Fièvre".into();
    document["gold"] = json!({
        "facts": [{ "section": "allergies", "also_ok": ["antecedents"], "concept": "pénicilline", "aliases": ["allergie"],
            "aliases_with_polarity": [], "polarity": "present", "experiencer": "patient", "importance": "critical",
            "attributes": { "value": "13,5/8", "dose": 1 }, "attr_aliases": { "dose": ["un gramme", 1.0] }, "source_segments": [5] }],
        "must_not": [{ "concept": "fièvre", "aliases": [], "why": "niée", "source_segments": [1] }],
    });
    document
}

/// Whatever is accepted can be worked with, and is the same after a way through JSON.
fn read_transcript(text: &str) {
    for read in [Transcript::from_json(text), Transcript::from_json_lenient(text)] {
        let Ok(transcript) = read else { continue };
        let note = structure_transcript(&transcript);
        assert_eq!(check_sources(&note, &transcript), []);
        let again = Transcript::from_json(&serde_json::to_string(&transcript).unwrap()).unwrap();
        assert_eq!(again, transcript);
    }
}

/// A draft names the day it was printed on.
struct Always;

impl Clock for Always {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }
}

fn read_note(text: &str) {
    let Ok(note) = Note::from_json(text) else { return };
    let _ = check_sources(&note, &Transcript::new(note.language));
    let html = String::from_utf8(render_note_file(&note, Rendering::Html, &Always).unwrap()).unwrap();
    assert!(!html.contains("<script") && render_note_file(&note, Rendering::Text, &Always).is_ok());
    assert_eq!(Note::from_json(&serde_json::to_string(&note).unwrap()).unwrap(), note);
}

fn read_paper(text: &str) {
    if let Ok(paper) = Paper::from_json(text) {
        assert_eq!(Paper::from_json(&serde_json::to_string(&paper).unwrap()).unwrap(), paper);
    }
}

fn read_consultation(text: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.json"), text).unwrap();
    if let Ok(measured) = measure(folder.path(), None) {
        measured.write_pages(&folder.path().join("out")).unwrap();
        let _ = serde_json::to_string(&eval::review::review(&measured)).unwrap();
    }
}

type Reader = fn(&str);

fn documents() -> Vec<(&'static str, Value, Reader)> {
    vec![
        ("transcript", transcript(), read_transcript),
        ("note", note(), read_note),
        ("paper", paper(), read_paper),
        ("consultation", consultation(), read_consultation),
    ]
}

#[test]
fn undamaged_documents_are_read() {
    assert!(Transcript::from_json(&transcript().to_string()).is_ok());
    assert!(Note::from_json(&note().to_string()).unwrap().statements().count() >= 4);
    assert!(Paper::from_json(&paper().to_string()).is_ok());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.json"), consultation().to_string()).unwrap();
    assert!(measure(folder.path(), None).is_ok());
}

#[test]
fn a_document_that_is_nested_without_end_is_refused() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    for text in [deep.clone(), format!(r#"{{"language":"fr","segments":[],"extra":{deep}}}"#)] {
        let done =
            within(MEMORY, move || matches!(Transcript::from_json_lenient(&text), Err(ReadError::Json(_))));
        assert_eq!(done, Ok(true));
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn a_document_that_was_changed_is_read_or_refused(which in 0_usize..4, all in changes()) {
        let (name, document, read) = documents().swap_remove(which);
        let text = change(&document, &all).to_string();
        let done = within(MEMORY, move || read(&text));
        prop_assert!(done.is_ok(), "{name}: {}", done.unwrap_err());
    }

    #[test]
    fn a_document_whose_bytes_are_damaged_is_read_or_refused(which in 0_usize..4, all in damages()) {
        let (name, document, read) = documents().swap_remove(which);
        let bytes = damage(document.to_string().as_bytes(), &[], &all);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let done = within(MEMORY, move || read(&text));
        prop_assert!(done.is_ok(), "{name}: {}", done.unwrap_err());
    }
}
