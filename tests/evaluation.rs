//! A practice measures the version and the model it uses, with the installed command alone.

#![allow(clippy::unwrap_used)] // Test code.

use std::fs;
use std::path::{Path, PathBuf};

use calame_tests::calame::Home;
use calame_tests::demo;
use serde_json::{Value, json};

fn consultations() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/eval/tests/consultations")
}

/// What the script of the demo says between two times.
fn script(from_ms: u64, to_ms: u64) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/demo/fr/script.json");
    let script: Value = serde_json::from_str(&fs::read_to_string(script).unwrap()).unwrap();
    let within =
        |s: &&Value| s["start_ms"].as_u64().unwrap() >= from_ms && s["end_ms"].as_u64().unwrap() <= to_ms;
    let lines = script["segments"].as_array().unwrap().iter().filter(within);
    lines.map(|s| s["text"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

#[test]
fn notes_are_measured_and_the_pages_written() {
    let home = Home::new();
    let [folder, out] = [consultations(), home.at("report")].map(|path| path.display().to_string());
    let figures = home.calame(["eval", "notes", &folder, "--out", &out]).json();
    assert_eq!(figures["total"]["provenance"], 1.0, "{figures}");
    assert_eq!(figures["counts"]["facts"], 13);
    for page in ["index.html", "fr-migraine.note.html", "en-ankle.note.html"] {
        assert!(
            fs::read_to_string(home.at("report").join(page)).unwrap().starts_with("<!DOCTYPE html>"),
            "{page}"
        );
    }
    // The same notes, made first and measured afterwards.
    let notes = home.at("notes").display().to_string();
    let _ = home.calame(["structure", "--batch", &folder, "--out", &notes, "--lenient"]).done();
    assert_eq!(home.calame(["eval", "notes", &folder, "--notes", &notes]).json(), figures);
    // The fixtures' own notes spring two traps of five: a check says so, after the figures.
    let own = consultations().join("../notes").display().to_string();
    let checked = home.calame(["eval", "notes", &folder, "--notes", &own, "--check"]);
    assert_eq!(checked.code, Some(1));
    assert!(checked.stdout.contains("\"traps\": 0.4"), "{checked:?}");
    assert!(
        checked.stderr.contains("below the thresholds")
            && checked.stderr.contains("traps is 0.4, at most 0.03")
    );
    let review = home.calame(["eval", "review", &folder]).json();
    let total = &review["total"];
    assert!(total["doubts_by_kind"]["critical"].as_u64().unwrap() >= 3, "drugs and values: {review}");
    let presses = total["presses"]["hear"].as_u64().unwrap();
    assert_eq!(presses, total["doubts"].as_u64().unwrap(), "each doubt is heard once");
}

#[test]
fn speech_is_measured_and_silence_stays_silent() {
    let home = Home::new();
    let recordings = home.at("recordings");
    fs::create_dir(&recordings).unwrap();
    demo::excerpt(14_300, 20_300, &recordings.join("fever.wav"));
    fs::write(recordings.join("fever.txt"), script(14_300, 20_300)).unwrap();
    // Half a second before anybody speaks, which is all silence there is in the demo.
    demo::excerpt(0, 450, &recordings.join("silence.wav"));
    fs::write(recordings.join("silence.ref.json"), json!({ "text": "", "language": "fr" }).to_string())
        .unwrap();
    demo::excerpt(0, 450, &recordings.join("without-reference.wav"));
    let out = home.at("report").display().to_string();
    let answer = home.calame(["eval", "speech", recordings.to_str().unwrap(), "--out", &out]);
    assert!(answer.stderr.contains("without-reference.wav has no reference"), "{answer:?}");
    let figures = answer.json();
    let fever = &figures["each"]["fever"];
    assert!(fever["counts"]["words"].as_u64().unwrap() >= 10, "{figures}");
    // A synthetic voice is misheard here and there; not half of it.
    assert!(fever["wer"].as_f64().unwrap() < 0.5, "{figures}");
    assert!(fever["counts"]["terms"].as_u64().unwrap() >= 2, "fever and shivers: {figures}");
    assert!(fever["real_time_factor"].as_f64().unwrap() > 0.0);
    assert_eq!(figures["each"]["silence"]["invented_words"], 0);
    assert!(home.at("report").join("fever.speech.html").is_file());
}

#[test]
fn what_cannot_be_measured_is_refused_in_one_line() {
    let home = Home::new();
    let empty = home.at("empty");
    fs::create_dir(&empty).unwrap();
    let empty = empty.to_str().unwrap();
    for (what, reason) in [
        ("notes", "no annotated consultation"),
        ("review", "no annotated consultation"),
        ("speech", "no audio file"),
    ] {
        let said = home.calame(["eval", what, empty]).refusal();
        assert!(said.contains(reason), "{said}");
    }
    fs::write(home.at("empty/slip.json"), r#"{"language":"fr","segments":[],"gold":{"facts":[{}]}}"#)
        .unwrap();
    let said = home.calame(["eval", "notes", empty]).refusal();
    assert!(said.contains("slip.json") && said.contains("annotations"), "{said}");
    assert_eq!(home.calame(["eval"]).code, Some(2));
}
