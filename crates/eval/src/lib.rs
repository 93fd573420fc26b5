//! Measuring notes and transcripts against references: what `calame eval` prints and the pages it writes.
//!
//! [`notes`] compares structured notes with annotated consultations, [`review`] counts what a doctor is asked to look at
//! and what of it is wrong, [`speech`] compares transcripts with what was said, [`speakers`] who spoke with who did. The figures are defined in
//! docs/evaluation.md. Nothing here changes what it measures.

mod error;
mod folder;
mod gold;
pub mod notes;
mod page;
pub mod review;
pub mod speakers;
pub mod speech;
mod threshold;

pub use error::EvalError;
pub use gold::{Annotated, Fact, Importance, Topic, Trap};
pub use threshold::Standing;
