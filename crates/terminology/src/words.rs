//! The most frequent words of a language: names among them are said for other reasons.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;

use flate2::read::GzDecoder;

use crate::error::TermsError;
use crate::lexicon::CommonWords;
use crate::source::Source;

/// So many are kept for the check of every day.
const KEPT: usize = 3_000;

/// Words from the most frequent on; of equal ones, in order of the alphabet.
pub fn ranked(source: &Source, gz: &[u8]) -> Result<Vec<String>, TermsError> {
    let mut text = String::new();
    GzDecoder::new(gz).read_to_string(&mut text).map_err(|error| source.broken(error))?;
    let counts: BTreeMap<String, u64> = serde_json::from_str(&text).map_err(|error| source.broken(error))?;
    let mut words: Vec<(String, u64)> = counts.into_iter().collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(words.into_iter().map(|(word, _)| word).collect())
}

/// The file of common words.
pub fn written(source: &Source, words: &[String]) -> String {
    let mut text = format!("# source: {}\n", source.package);
    for word in words.iter().take(KEPT) {
        let _ = writeln!(text, "{word}");
    }
    text
}

/// Reads the file of common words.
pub fn read(text: &str) -> CommonWords {
    CommonWords::ranked(text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned))
}
