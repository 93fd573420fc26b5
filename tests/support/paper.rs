//! Reading what was made: the text of a PDF, compared without its line breaks.

#![allow(clippy::panic)] // What cannot be read fails the test.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::calame::answer;
use crate::virtual_mic::require;

/// The text of a PDF, as `pdftotext` reads it.
///
/// # Panics
/// Without `pdftotext`, and when the file is no PDF.
#[must_use]
pub fn pdf_text(pdf: &Path) -> String {
    require("pdftotext", "poppler-utils").unwrap_or_else(|e| panic!("{e}"));
    answer(Command::new("pdftotext").arg(pdf).arg("-")).done()
}

/// Text without any white space, so that where lines break does not matter.
#[must_use]
pub fn dense(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace() && *c != '\u{ad}').collect()
}

/// The same letters without accents.
#[must_use]
pub fn bare(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).collect()
}

/// The text of every statement of a note.
#[must_use]
pub fn statements(note: &Value) -> Vec<String> {
    let list = |value: &Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    list(note, "sections")
        .iter()
        .flat_map(|section| list(section, "statements"))
        .map(|statement| statement["text"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// That a document holds every one of these texts.
///
/// # Panics
/// When one is missing, naming it.
pub fn assert_holds_all(document: &str, texts: &[String]) {
    let dense_document = dense(document);
    for text in texts {
        assert!(dense_document.contains(&dense(text)), "{text:?} is not in:\n{document}");
    }
}
