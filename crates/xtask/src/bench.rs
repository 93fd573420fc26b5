//! `cargo xtask bench`: the measures of the crates that have some, of the screens, and of speech beside its peers.

mod screens;
pub mod speech;
pub mod walk;
mod words;

use std::fs;
use std::path::Path;

use crate::cargo::cargo;
use crate::command;
use crate::failure::{AtPath, Failure};
use crate::places;

/// The name of the screens' measures, beside those of the crates.
const SCREENS: &str = "ui";
/// And that of speech, which takes long and fetches its peers: it runs only when it is named.
const SPEECH: &str = "speech";
/// And that of the way through the doubts, which needs transcripts from elsewhere.
const WALK: &str = "walk";

/// Runs the benches of every crate that has some and of the screens, or of one.
pub fn run(only: Option<&str>, speech: &speech::Wish, walk: &walk::Walk) -> Result<(), Failure> {
    if only == Some(SPEECH) {
        return speech::run(speech);
    }
    if only == Some(WALK) {
        return walk::run(walk);
    }
    if only == Some(SCREENS) {
        return screens::run();
    }
    let crates = with_benches(&places::root().join("crates"))?;
    let chosen: Vec<&String> =
        crates.iter().filter(|name| only.is_none_or(|only| only == name.as_str())).collect();
    if chosen.is_empty() {
        return Err(match crates.is_empty() {
            true => Failure::new("no crate has benches", "write one in crates/NAME/benches"),
            false => Failure::new(
                "no such crate has benches",
                format!("name one of: {}, {SCREENS}, {SPEECH}, {WALK}", crates.join(", ")),
            ),
        });
    }
    for name in chosen {
        let package = format!("calame-{name}");
        // `--benches` would also run the tests of the library in the bench profile.
        let benches = bench_names(&places::root().join("crates").join(name))?;
        let mut arguments = vec!["bench", "--package", &package];
        arguments.extend(benches.iter().flat_map(|bench| ["--bench", bench.as_str()]));
        command::shown(
            &mut cargo(&arguments),
            "correct what is said above, then run the same command again",
        )?;
    }
    if only.is_none() { screens::run() } else { Ok(()) }
}

fn with_benches(crates: &Path) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for entry in fs::read_dir(crates).at("read", crates)? {
        let entry = entry.at("read", crates)?;
        if entry.path().join("benches").is_dir() && !bench_names(&entry.path())?.is_empty() {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found.sort();
    Ok(found)
}

fn bench_names(folder: &Path) -> Result<Vec<String>, Failure> {
    let benches = folder.join("benches");
    let mut names = Vec::new();
    for entry in fs::read_dir(&benches).at("read", &benches)? {
        let path = entry.at("read", &benches)?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_and_benches_are_found_by_their_files() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("clinical/benches")).unwrap();
        fs::create_dir_all(folder.path().join("note/src")).unwrap();
        fs::create_dir_all(folder.path().join("record/benches")).unwrap();
        fs::write(folder.path().join("clinical/benches/structure.rs"), "").unwrap();
        fs::write(folder.path().join("clinical/benches/words.txt"), "").unwrap();
        assert_eq!(with_benches(folder.path()).unwrap(), ["clinical"]);
        assert_eq!(bench_names(&folder.path().join("clinical")).unwrap(), ["structure"]);
    }
}
