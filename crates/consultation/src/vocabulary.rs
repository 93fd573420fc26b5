//! The words of a practice that the recogniser leans towards: drugs, colleagues, places.

use record::Record;
use speech::is_too_short;

use crate::{Calame, Failure, FailureCode};

const KEY: &str = "vocabulary";
/// Words at most, and letters of one.
const MOST: usize = 2_000;
const LONGEST: usize = 60;

impl Calame {
    /// The words of this record, in alphabetical order.
    ///
    /// # Errors
    /// When the record is locked or cannot be read.
    pub fn vocabulary(&self) -> Result<Vec<String>, Failure> {
        of(&self.inner.record()?)
    }

    /// Keeps these words instead of those before, each once; the next recording or transcription leans towards them. Gives
    /// what was kept.
    ///
    /// # Errors
    /// [`FailureCode::ShortWord`] for a new word that the recogniser would leave aside; for more than 2000 words or one of more
    /// than 60 letters; when the record is locked or cannot be written.
    pub fn set_vocabulary(&self, words: Vec<String>) -> Result<Vec<String>, Failure> {
        let record = self.inner.record()?;
        let words = clean(words);
        if words.len() > MOST || words.iter().any(|word| word.chars().count() > LONGEST) {
            return Err(Failure::of(FailureCode::InvalidInput).with("field", KEY));
        }
        // What stands there already does no harm, and must not be in the way of the rest.
        let kept = of(&record)?;
        if let Some(short) = words.iter().find(|word| is_too_short(word) && !kept.contains(word)) {
            return Err(Failure::of(FailureCode::ShortWord).with("word", short));
        }
        record.set_setting(KEY, &words)?;
        Ok(words)
    }
}

pub(crate) fn of(record: &Record) -> Result<Vec<String>, Failure> {
    Ok(record.setting(KEY)?.unwrap_or_default())
}

/// Spaces made single, empty words and doubles (capitals aside) left out, in order.
fn clean(words: Vec<String>) -> Vec<String> {
    let words = words.iter().map(|word| word.split_whitespace().collect::<Vec<_>>().join(" "));
    let mut words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    words.sort_by_key(|word| word.to_lowercase());
    words.dedup_by_key(|word| word.to_lowercase());
    words
}

/// The words of a file: one a line, `#` begins a remark.
#[must_use]
pub fn vocabulary_of_text(text: &str) -> Vec<String> {
    let lines =
        text.trim_start_matches('\u{feff}').lines().map(|line| line.split('#').next().unwrap_or_default());
    clean(lines.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_kept_once_and_in_order() {
        let words = ["  Xarelto ", "", "Dr  Le Goff", "xarelto", "Brest"].map(str::to_owned);
        assert_eq!(clean(words.into()), ["Brest", "Dr Le Goff", "Xarelto"]);
    }

    #[test]
    fn a_file_has_a_word_on_each_line_and_remarks() {
        assert_eq!(
            vocabulary_of_text("\u{feff}# drugs\nEliquis # 5 mg\r\n\nKardegic\n"),
            ["Eliquis", "Kardegic"]
        );
    }
}
