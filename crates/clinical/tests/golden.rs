//! Whole visits against notes that were reviewed by eye. `UPDATE_GOLDEN=1 cargo test -p calame-clinical --test golden` writes them
//! anew: read the difference before you commit it.
#![allow(clippy::unwrap_used)]
mod common;

use clinical::Clinical;
use note::Language;

fn check(language: Language) {
    let mut wrong = Vec::new();
    for (path, transcript) in common::scripts(language) {
        let note = Clinical::load(language).structure(&transcript);
        assert_eq!(note::check_sources(&note, &transcript), [], "{}", path.display());
        let now = common::rendered(&note);
        let golden = path.with_extension("note");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&golden, &now).unwrap();
        } else if std::fs::read_to_string(&golden).unwrap_or_default() != now {
            wrong.push(format!("{}\n{now}", golden.display()));
        }
    }
    assert!(wrong.is_empty(), "notes differ from those reviewed:\n{}", wrong.join("\n"));
}

#[test]
fn french_visits_give_the_reviewed_notes() {
    check(Language::Fr);
}

#[test]
fn english_visits_give_the_reviewed_notes() {
    check(Language::En);
}
