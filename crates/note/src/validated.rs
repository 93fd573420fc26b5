use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::Note;

/// A note that its doctor read and signed: the only thing an export accepts. Its fields are private, so nothing
/// outside this module can make one without the checks below.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidatedNote {
    note: Note,
    author: String,
    at: DateTime<Utc>,
    sha256: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValidationError {
    #[error("{} critical statements were not looked at", .0.len())]
    Unchecked(Vec<String>),
    #[error("a note without statements cannot be validated")]
    Empty,
    #[error("the validating doctor has no name")]
    NoAuthor,
    #[error("the note does not match its fingerprint")]
    Altered,
}

impl ValidatedNote {
    /// Signs a note. `is_checked` tells which critical statements the doctor looked at.
    ///
    /// # Errors
    /// While a critical statement was not looked at, and for an empty note or a nameless author.
    pub fn sign(
        note: Note,
        author: &str,
        at: DateTime<Utc>,
        is_checked: impl Fn(&str) -> bool,
    ) -> Result<Self, ValidationError> {
        if author.trim().is_empty() {
            return Err(ValidationError::NoAuthor);
        }
        if note.statements().next().is_none() {
            return Err(ValidationError::Empty);
        }
        let unchecked: Vec<String> = note
            .statements()
            .filter(|(_, s)| s.is_critical() && !is_checked(&s.id))
            .map(|(_, s)| s.id.clone())
            .collect();
        if !unchecked.is_empty() {
            return Err(ValidationError::Unchecked(unchecked));
        }
        let author = author.trim().to_owned();
        let sha256 = digest(&note, &author, at);
        Ok(Self { note, author, at, sha256 })
    }

    /// Brings back a note that was signed before, as the record holds it.
    ///
    /// # Errors
    /// When note, author or time no longer match the fingerprint.
    pub fn restore(
        note: Note,
        author: String,
        at: DateTime<Utc>,
        sha256: String,
    ) -> Result<Self, ValidationError> {
        if digest(&note, &author, at) == sha256 {
            Ok(Self { note, author, at, sha256 })
        } else {
            Err(ValidationError::Altered)
        }
    }

    #[must_use]
    pub const fn note(&self) -> &Note {
        &self.note
    }

    #[must_use]
    pub fn author(&self) -> &str {
        &self.author
    }

    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// Lower-case hexadecimal SHA-256 of [`canonical_json`] of note, author and time.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

/// JSON without white space, keys in byte order: equal documents give equal bytes.
#[must_use]
pub fn canonical_json<T: Serialize>(document: &T) -> String {
    serde_json::to_value(document).map(|value| sorted(value).to_string()).unwrap_or_default()
}

/// serde_json keeps insertion order when any crate of the build asks for it, so the order is made here.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let ordered: BTreeMap<String, Value> =
                object.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            Value::Object(ordered.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

#[derive(Serialize)]
struct Signed<'a> {
    note: &'a str,
    author: &'a str,
    at: DateTime<Utc>,
}

/// Fingerprint of a note signed by `author` at `at`.
#[must_use]
pub fn digest(note: &Note, author: &str, at: DateTime<Utc>) -> String {
    let note = canonical_json(note);
    hex::encode(Sha256::digest(canonical_json(&Signed { note: &note, author, at })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Language, SectionId};

    fn draft() -> Note {
        let mut note = Note::new(Language::Fr);
        let drug = r#"{"id":"d","kind":"drug","text":"Amlodipine 5 mg","sources":[],"author":"doctor","flags":["critical"]}"#;
        note.push(SectionId::Ordonnance, serde_json::from_str(drug).unwrap());
        note
    }

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000, 0).unwrap()
    }

    #[test]
    fn an_unseen_critical_statement_stops_the_signature() {
        let refused = ValidatedNote::sign(draft(), "Dr Martin", noon(), |_| false);
        assert_eq!(refused, Err(ValidationError::Unchecked(vec!["d".into()])));
        assert!(ValidatedNote::sign(draft(), "Dr Martin", noon(), |id| id == "d").is_ok());
    }

    #[test]
    fn nobody_signs_an_empty_note_or_without_a_name() {
        let empty = ValidatedNote::sign(Note::new(Language::Fr), "Dr Martin", noon(), |_| true);
        assert_eq!(empty, Err(ValidationError::Empty));
        assert_eq!(ValidatedNote::sign(draft(), " ", noon(), |_| true), Err(ValidationError::NoAuthor));
    }

    #[test]
    fn an_altered_note_is_recognised() {
        let signed = ValidatedNote::sign(draft(), "Dr Martin", noon(), |_| true).unwrap();
        let mut altered = signed.note().clone();
        altered.statement_mut("d").unwrap().text = "Amlodipine 10 mg".into();
        let back = ValidatedNote::restore(altered, "Dr Martin".into(), noon(), signed.sha256().into());
        assert_eq!(back, Err(ValidationError::Altered));
        let back = ValidatedNote::restore(draft(), "Dr Martin".into(), noon(), signed.sha256().into());
        assert_eq!(back, Ok(signed));
    }
}
