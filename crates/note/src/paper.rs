use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Language, ReadError, ValidatedNote, canonical_json};

pub const PAPER_SCHEMA: &str = "calame.paper/1";

/// What a doctor hands out after a visit, beside the note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// Letter to a colleague.
    Referral,
    /// Drugs prescribed today.
    Prescription,
    Certificate,
    /// What was said and decided, for the patient to take home.
    Summary,
}

impl PaperKind {
    pub const ALL: [Self; 4] = [Self::Referral, Self::Prescription, Self::Certificate, Self::Summary];

    /// As it stands in files and in the record.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Referral => "referral",
            Self::Prescription => "prescription",
            Self::Certificate => "certificate",
            Self::Summary => "summary",
        }
    }
}

/// One paper, made from the statements of a validated note and then edited by the doctor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    pub schema: String,
    pub kind: PaperKind,
    pub language: Language,
    pub title: String,
    /// Lines of the addressee; empty for papers that the patient keeps.
    #[serde(default)]
    pub recipient: Vec<String>,
    /// Paragraphs before the sections.
    #[serde(default)]
    pub opening: Vec<String>,
    pub sections: Vec<PaperSection>,
    /// Paragraphs after the sections.
    #[serde(default)]
    pub closing: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct PaperSection {
    /// Empty where the lines need no heading.
    pub title: String,
    pub lines: Vec<PaperLine>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct PaperLine {
    pub text: String,
    /// The statement of the note it was taken from; none when the doctor wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub statement: Option<String>,
}

impl Paper {
    /// Reads a paper; unknown fields are refused.
    ///
    /// # Errors
    /// When it is not JSON of this schema.
    pub fn from_json(json: &str) -> Result<Self, ReadError> {
        let paper: Self = serde_json::from_str(json)?;
        if paper.schema == PAPER_SCHEMA {
            Ok(paper)
        } else {
            Err(ReadError::Schema { expected: PAPER_SCHEMA, found: paper.schema })
        }
    }

    pub fn lines(&self) -> impl Iterator<Item = &PaperLine> {
        self.sections.iter().flat_map(|section| &section.lines)
    }

    fn says_nothing(&self) -> bool {
        let paragraphs = self.opening.iter().chain(&self.closing);
        self.lines().map(|line| &line.text).chain(paragraphs).all(|text| text.trim().is_empty())
    }
}

/// A paper that its doctor read and signed, bound to the signed note it was made from. Its fields are private, so
/// nothing outside this module can make one without the checks below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidatedPaper {
    paper: Paper,
    note_sha256: String,
    author: String,
    at: DateTime<Utc>,
    sha256: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    #[error("a paper that says nothing cannot be validated")]
    Empty,
    #[error("the validating doctor has no name")]
    NoAuthor,
    #[error("{} lines come from statements that the signed note does not hold", .0.len())]
    UnknownStatements(Vec<String>),
    #[error("the paper does not match its fingerprint")]
    Altered,
}

impl ValidatedPaper {
    /// Signs a paper made from `note`.
    ///
    /// # Errors
    /// For an empty paper, a nameless author, and lines of statements that `note` does not hold.
    pub fn sign(
        paper: Paper,
        note: &ValidatedNote,
        author: &str,
        at: DateTime<Utc>,
    ) -> Result<Self, PaperError> {
        let author = author.trim();
        if author.is_empty() {
            return Err(PaperError::NoAuthor);
        }
        if paper.says_nothing() {
            return Err(PaperError::Empty);
        }
        let known: BTreeSet<&str> = note.note().statements().map(|(_, s)| s.id.as_str()).collect();
        let named = paper.lines().filter_map(|line| line.statement.as_deref());
        let unknown: Vec<String> = named.filter(|id| !known.contains(id)).map(str::to_owned).collect();
        if !unknown.is_empty() {
            return Err(PaperError::UnknownStatements(unknown));
        }
        let sha256 = digest(&paper, note.sha256(), author, at);
        Ok(Self { paper, note_sha256: note.sha256().to_owned(), author: author.to_owned(), at, sha256 })
    }

    /// Brings back a paper that was signed before, as the record holds it.
    ///
    /// # Errors
    /// When paper, note, author or time no longer match the fingerprint.
    pub fn restore(
        paper: Paper,
        note_sha256: String,
        author: String,
        at: DateTime<Utc>,
        sha256: String,
    ) -> Result<Self, PaperError> {
        if digest(&paper, &note_sha256, &author, at) == sha256 {
            Ok(Self { paper, note_sha256, author, at, sha256 })
        } else {
            Err(PaperError::Altered)
        }
    }

    #[must_use]
    pub const fn paper(&self) -> &Paper {
        &self.paper
    }

    /// Fingerprint of the signed note it was made from.
    #[must_use]
    pub fn note_sha256(&self) -> &str {
        &self.note_sha256
    }

    #[must_use]
    pub fn author(&self) -> &str {
        &self.author
    }

    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// Lower-case hexadecimal SHA-256 over [`canonical_json`] of paper, note, author and time.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

#[derive(Serialize)]
struct Signed<'a> {
    paper: &'a Paper,
    note: &'a str,
    author: &'a str,
    at: DateTime<Utc>,
}

fn digest(paper: &Paper, note: &str, author: &str, at: DateTime<Utc>) -> String {
    hex::encode(Sha256::digest(canonical_json(&Signed { paper, note, author, at })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Note, SectionId};

    fn signed_note() -> ValidatedNote {
        let mut note = Note::new(Language::Fr);
        let drug = r#"{"id":"d","kind":"drug","text":"Amlodipine 5 mg","sources":[],"author":"doctor"}"#;
        note.push(SectionId::Ordonnance, serde_json::from_str(drug).unwrap());
        ValidatedNote::sign(note, "Dr Martin", noon(), |_| true).unwrap()
    }

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000, 0).unwrap()
    }

    fn paper(lines: &[(&str, Option<&str>)]) -> Paper {
        let line = |(text, id): &(&str, Option<&str>)| PaperLine {
            text: (*text).into(),
            statement: id.map(Into::into),
        };
        Paper {
            schema: PAPER_SCHEMA.into(),
            kind: PaperKind::Prescription,
            language: Language::Fr,
            title: "Ordonnance".into(),
            recipient: Vec::new(),
            opening: Vec::new(),
            sections: vec![PaperSection { title: String::new(), lines: lines.iter().map(line).collect() }],
            closing: Vec::new(),
        }
    }

    #[test]
    fn a_paper_is_signed_for_itself_and_bound_to_its_note() {
        let note = signed_note();
        let sheet = paper(&[("Amlodipine 5 mg, 1 cp le matin", Some("d")), ("Repos", None)]);
        let signed = ValidatedPaper::sign(sheet.clone(), &note, " Dr Martin ", noon()).unwrap();
        assert_eq!((signed.author(), signed.note_sha256()), ("Dr Martin", note.sha256()));
        let back = |paper: Paper, note: &str| {
            ValidatedPaper::restore(paper, note.into(), "Dr Martin".into(), noon(), signed.sha256().into())
        };
        assert_eq!(back(sheet, note.sha256()).as_ref(), Ok(&signed));
        let other = paper(&[("Amlodipine 10 mg, 1 cp le matin", Some("d"))]);
        assert_eq!(back(other, note.sha256()), Err(PaperError::Altered));
        assert_eq!(back(signed.paper().clone(), "another note"), Err(PaperError::Altered));
    }

    #[test]
    fn nobody_signs_nothing_or_what_the_note_does_not_hold() {
        let sign = |paper, author| ValidatedPaper::sign(paper, &signed_note(), author, noon());
        assert_eq!(sign(paper(&[(" ", None)]), "Dr Martin"), Err(PaperError::Empty));
        assert_eq!(sign(paper(&[("Repos", None)]), " "), Err(PaperError::NoAuthor));
        let foreign = sign(paper(&[("Bisoprolol 5 mg", Some("x"))]), "Dr Martin");
        assert_eq!(foreign, Err(PaperError::UnknownStatements(vec!["x".into()])));
    }

    #[test]
    fn a_paper_survives_the_way_through_json() {
        let sheet = paper(&[("Repos", None)]);
        let json = canonical_json(&sheet);
        assert_eq!(Paper::from_json(&json).unwrap(), sheet);
        assert!(Paper::from_json(&json.replace("paper/1", "paper/9")).is_err());
        assert!(Paper::from_json(&json.replace("\"title\"", "\"titre\"")).is_err());
    }
}
