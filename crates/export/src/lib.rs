//! A note, and the papers made from it, to PDF, plain text and rich text.
//!
//! Only a [`ValidatedNote`](note::ValidatedNote) or a [`ValidatedPaper`](note::ValidatedPaper) gives a document that
//! looks final; anything else is marked as a draft in every form. What comes from an exercise is marked as one, signed or
//! not.

mod characters;
mod html;
mod page;
mod papers;
mod pdf;
mod plain;
mod subject;
mod typography;
mod wording;
mod world;

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

pub use html::{html, section_html};
pub use papers::compose;
pub use pdf::{pdf, preview};
pub use plain::{section_text, text};
pub use subject::Subject;

/// What stands at the head of every document. Empty lines are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Letterhead {
    /// With the title, as it is signed: "Dr Claire Martin".
    pub doctor: String,
    pub specialty: String,
    /// National number of the practitioner.
    pub rpps: String,
    pub address: Vec<String>,
    pub phone: String,
    pub email: String,
}

/// Whom and when a note is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heading {
    pub patient_name: Option<String>,
    pub patient_identifier: Option<String>,
    pub birth_date: Option<NaiveDate>,
    /// In the practice's own time; its offset also serves for the time of validation.
    pub consulted_at: Option<DateTime<FixedOffset>>,
    /// The day a draft of no known visit is printed on. It dates the file, not the page.
    pub printed_on: Option<NaiveDate>,
    /// The visit was invented: signed or not, every form and every page says so.
    pub exercise: bool,
}

/// A note or a paper with what stands around it. Its language is its subject's.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    pub subject: Subject<'a>,
    pub letterhead: &'a Letterhead,
    pub heading: &'a Heading,
}

/// Why no document could be made. Messages never hold text of the note.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the page could not be laid out: {0}")]
    Layout(String),
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
    #[error("the document's data could not be prepared: {0}")]
    Data(#[from] serde_json::Error),
    #[error("the built-in papers cannot be read: {0}")]
    Papers(String),
}

#[cfg(test)]
mod tests;
