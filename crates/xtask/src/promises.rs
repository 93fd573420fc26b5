//! What the documentation promises: each row of its tables of threats, faults and invariants names tests that are there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{AtPath, Failure};
use crate::places;

const DOCUMENTS: &[&str] = &["docs/security.md", "docs/faults.md", "ARCHITECTURE.md"];
/// The column that names tests begins so.
const TEST: &str = "test";
/// Where tests are.
const PLACES: &[&str] = &["crates", "tests", "src-tauri", "ui/tests"];
const NOT_OURS: &[&str] = &["node_modules", "target", "dist", "gen"];

/// Checks every table that has a column of tests.
pub fn check() -> Result<(), Failure> {
    let files = files()?;
    let mut wrong = Vec::new();
    for document in DOCUMENTS {
        let path = places::root().join(document);
        let text = fs::read_to_string(&path).at("read", &path)?;
        wrong.extend(broken(&text, &files).into_iter().map(|what| format!("{document}: {what}")));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Failure::new(wrong.join("\n"), "name the test that is behind the promise, or write it"))
}

/// Every source file of ours, by its path from the root, with its text.
fn files() -> Result<BTreeMap<PathBuf, String>, Failure> {
    let root = places::root();
    let mut found = BTreeMap::new();
    let mut folders: Vec<PathBuf> = PLACES.iter().map(|place| root.join(place)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).at("read", &folder)? {
            let path = entry.at("read", &folder)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() && !NOT_OURS.contains(&name.as_ref()) {
                folders.push(path);
            } else if name.ends_with(".rs") || name.ends_with(".ts") {
                let text = fs::read_to_string(&path).at("read", &path)?;
                found.insert(path.strip_prefix(&root).unwrap_or(&path).to_path_buf(), text);
            }
        }
    }
    Ok(found)
}

/// The promises of a document that no test is behind.
fn broken(document: &str, files: &BTreeMap<PathBuf, String>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut column = None;
    for line in document.lines() {
        let Some(row) = line.trim().strip_prefix('|') else {
            column = None;
            continue;
        };
        let cells: Vec<&str> = row.trim_end_matches('|').split('|').map(str::trim).collect();
        let Some(at) = column else {
            // The first row of a table names its columns.
            column = Some(cells.iter().position(|cell| cell.to_lowercase().starts_with(TEST)));
            continue;
        };
        let (Some(at), false) = (at, row.contains("---")) else { continue };
        let named: Vec<&str> = cells.get(at).unwrap_or(&"").split('`').skip(1).step_by(2).collect();
        if named.is_empty() {
            wrong.push(format!("no test is named for {:?}", cells.first().unwrap_or(&"")));
        }
        wrong.extend(named.into_iter().filter_map(|name| missing(name, files)));
    }
    wrong
}

/// What is wrong with a name: `path/file.rs`, a folder of tests, or `file.rs::test`, where the end of a path is enough.
fn missing(name: &str, files: &BTreeMap<PathBuf, String>) -> Option<String> {
    let (place, test) = name.split_once("::").map_or((name, None), |(place, test)| (place, Some(test)));
    let named: Vec<&String> = files
        .iter()
        .filter(|(path, _)| path.ends_with(place) || path.starts_with(Path::new(place)))
        .map(|(_, text)| text)
        .collect();
    if named.is_empty() {
        return Some(format!("there is no `{place}`"));
    }
    let has_it = match test {
        Some(test) => {
            named.iter().any(|text| text.contains("#[test]") && text.contains(&format!("fn {test}()")))
        }
        None => named
            .iter()
            .any(|text| ["#[test]", "proptest!", " it(", " test("].iter().any(|t| text.contains(t))),
    };
    (!has_it).then(|| format!("there is no test `{name}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_a_test_and_a_test_that_is_not_there_are_told() {
        let files: BTreeMap<PathBuf, String> = [
            ("crates/record/src/tests/gate.rs", "#[test]\nfn holds() {}"),
            ("crates/record/src/keys.rs", "fn opens() {}"),
        ]
        .map(|(path, text)| (path.into(), text.to_owned()))
        .into();
        let table =
            |cell: &str| format!("Text `gone.rs`.\n\n| what | tests |\n| --- | --- |\n| a | {cell} |\n");
        for fine in ["`gate.rs`", "raw SQL, `tests/gate.rs::holds`", "`crates/record`"] {
            assert_eq!(broken(&table(fine), &files), Vec::<String>::new(), "{fine}");
        }
        for wrong in ["", "by hand", "`gone.rs`", "`gate.rs::fails`", "`keys.rs`", "`gate.rs`, `gone.rs`"] {
            assert_eq!(broken(&table(wrong), &files).len(), 1, "{wrong}");
        }
        assert!(broken("| what | where |\n| --- | --- |\n| a | `gone.rs` |", &files).is_empty());
    }

    #[test]
    fn what_the_documentation_promises_is_tested() {
        check().unwrap();
    }
}
