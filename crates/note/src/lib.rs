//! The words everyone speaks: transcript, note, statement, source, the validated note, and the papers made from it.
//!
//! Every document carries its `schema` and refuses unknown fields. Times are milliseconds from the start of the
//! recording. Text is UTF-8, NFC.

mod check;
mod language;
mod notes;
mod paper;
mod statement;
mod transcript;
mod validated;

pub use check::{Violation, check_sources};
pub use language::Language;
pub use notes::{NOTE_SCHEMA, Note, Omission, Section, SectionId};
pub use paper::{PAPER_SCHEMA, Paper, PaperError, PaperKind, PaperLine, PaperSection, ValidatedPaper};
pub use statement::{
    Attributes, Author, Code, Experiencer, Flag, Kind, Polarity, Source, Statement, Temporality,
};
pub use transcript::{Segment, Speaker, TRANSCRIPT_SCHEMA, Transcript, Word};
pub use validated::{ValidatedNote, ValidationError, canonical_json, digest};

/// Why a document could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("not a valid document: {0}")]
    Json(#[from] serde_json::Error),
    #[error("schema is {found:?}, {expected:?} was expected")]
    Schema { expected: &'static str, found: String },
    #[error("segment {index} {problem}")]
    Segment { index: u32, problem: &'static str },
}
