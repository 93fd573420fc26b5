//! `cargo xtask bench walk --visits DIR`: from "stop" to a signed note by keyboard alone, on transcripts that one has, through
//! the real screens in a headless browser. Nothing of the folder stays behind.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use serde_json::{Value, json};

use crate::cargo::{cargo, program};
use crate::failure::{AtPath, Failure};
use crate::{command, ui};

/// What to walk through.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Walk {
    /// Transcripts to structure and check, with `gold` in those that are annotated (walk alone).
    #[arg(long, value_name = "DIR")]
    visits: Option<PathBuf>,
    /// Only the file of this name, without `.json`; may be given again (walk alone).
    #[arg(long = "visit", value_name = "NAME")]
    chosen: Vec<String>,
}

const NEXT: &str = "look at what it says above, then run the same command again";

pub fn run(wish: &Walk) -> Result<(), Failure> {
    let Some(folder) = &wish.visits else {
        return Err(Failure::new("no transcripts are named", "give a folder of them with --visits DIR"));
    };
    ui::install()?;
    ui::build_mock()?;
    command::shown(&mut cargo(&["build", "--workspace", "--bins"]), NEXT)?;

    let room = tempfile::tempdir().at("create a folder in", &std::env::temp_dir())?;
    let place = |name: &str| -> Result<PathBuf, Failure> {
        let path = room.path().join(name);
        fs::create_dir(&path).at("create", &path)?;
        Ok(path)
    };
    let (asked, annotated, notes, visits) =
        (place("asked")?, place("annotated")?, place("notes")?, place("visits")?);
    let transcripts = transcripts(folder, &wish.chosen)?;
    for (name, document) in &transcripts {
        write(&asked, name, document)?;
        if document.get("gold").is_some() {
            write(&annotated, name, document)?;
        }
    }
    let calame = program("calame", false);
    let mut structure = Command::new(&calame);
    structure.args(["structure", "--lenient", "--batch"]).arg(&asked).arg("--out").arg(&notes);
    command::shown(&mut structure, NEXT)?;
    let reviewed = reviewed(&calame, &annotated, &transcripts)?;
    for (name, document) in &transcripts {
        let note = read(&notes.join(name).with_extension("json"))?;
        write(&visits, name, &visit(document, &note, reviewed["each"].get(name)))?;
    }
    command::shown(ui::in_browser("walk.js")?.arg(&visits), NEXT)
}

/// By name; all, or those chosen.
fn transcripts(folder: &Path, chosen: &[String]) -> Result<BTreeMap<String, Value>, Failure> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).at("read", folder)? {
        let path = entry.at("read", folder)?.path();
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        if is_json && (chosen.is_empty() || chosen.contains(&name)) {
            found.insert(name, read(&path)?);
        }
    }
    match chosen.iter().find(|name| !found.contains_key(*name)) {
        Some(lacking) => Err(Failure::new(format!("there is no {lacking}.json"), "name files of the folder")),
        None if found.is_empty() => Err(Failure::new("the folder holds no transcript", "name another")),
        None => Ok(found),
    }
}

/// What `calame eval review` says of the annotated ones.
fn reviewed(calame: &Path, folder: &Path, all: &BTreeMap<String, Value>) -> Result<Value, Failure> {
    if all.values().all(|document| document.get("gold").is_none()) {
        return Ok(json!({ "each": {} }));
    }
    let said = command::answer(Command::new(calame).args(["eval", "review"]).arg(folder));
    said.and_then(|said| serde_json::from_str(&said).ok()).ok_or_else(|| {
        Failure::new(
            "`calame eval review` did not measure the folder",
            "run it by itself and correct what it says",
        )
    })
}

/// As the screens take it: times and speakers are always there, what is annotated is not.
fn visit(document: &Value, note: &Value, review: Option<&Value>) -> Value {
    let mut transcript = json!({
        "schema": "calame.transcript/1",
        "language": document["language"],
        "segments": document["segments"],
    });
    let mut ends = 0;
    for segment in transcript["segments"].as_array_mut().into_iter().flatten() {
        ends = ends.max(segment["end_ms"].as_u64().unwrap_or_default());
        if segment["speaker"].is_null() {
            segment["speaker"] = "unknown".into();
        }
    }
    transcript["duration_ms"] = ends.into();
    let mut visit = json!({ "transcript": transcript, "note": note });
    if let Some(review) = review {
        visit["walk"] = review["walk"].clone();
        visit["review"] = review.clone();
    }
    visit
}

fn read(path: &Path) -> Result<Value, Failure> {
    let text = fs::read_to_string(path).at("read", path)?;
    serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("{} is no JSON: {error}", path.display()), "correct it"))
}

fn write(folder: &Path, name: &str, document: &Value) -> Result<(), Failure> {
    let path = folder.join(format!("{name}.json"));
    fs::write(&path, document.to_string()).at("write", &path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_chosen_is_taken_and_what_is_lacking_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a", "b"] {
            write(folder.path(), name, &json!({ "segments": [] })).unwrap();
        }
        fs::write(folder.path().join("README.md"), "").unwrap();
        let names = |chosen: &[&str]| {
            let chosen: Vec<String> = chosen.iter().map(|name| (*name).to_owned()).collect();
            transcripts(folder.path(), &chosen).map(|found| found.into_keys().collect::<Vec<_>>())
        };
        assert_eq!(names(&[]).unwrap(), ["a", "b"]);
        assert_eq!(names(&["b"]).unwrap(), ["b"]);
        assert!(names(&["c"]).unwrap_err().to_string().contains("c.json"));
    }

    #[test]
    fn the_screens_get_no_annotations_and_every_speaker() {
        let document = json!({ "language": "fr", "gold": { "facts": [] },
            "segments": [{ "index": 0, "start_ms": 0, "end_ms": 900, "text": "Oui." }] });
        let review = json!({ "walk": [{ "act": "accept" }], "doubts": 1 });
        let visit = visit(&document, &json!({ "sections": [] }), Some(&review));
        assert_eq!(visit["transcript"]["duration_ms"], 900);
        assert_eq!(visit["transcript"]["segments"][0]["speaker"], "unknown");
        assert_eq!(visit["transcript"].get("gold"), None);
        assert_eq!(visit["walk"][0]["act"], "accept");
    }
}
