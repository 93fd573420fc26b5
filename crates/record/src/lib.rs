//! The encrypted record: patients, consultations, audio, notes, audit.
//!
//! One SQLCipher database holds everything; its random key lies beside it in a small file, wrapped by the passphrase and
//! by a recovery code. Audio is on disk, encrypted, when [`AudioWriter::append`] returns. What a consultation may become
//! is refused or allowed twice: here, with typed errors, and by triggers of the database ([`State`]). Every act leaves a
//! row in a hash-chained audit, in the same transaction.

mod audio;
mod audit;
mod backup;
mod consent;
mod consultations;
mod database;
mod doctors;
mod erasure;
mod error;
mod files;
mod finding;
mod holdings;
mod kdf;
mod keys;
mod notes;
mod papers;
mod patients;
mod precedence;
mod record;
mod recovery;
mod reserve;
mod restore;
mod retention;
mod rights;
mod search;
mod sessions;
mod settings;
mod stamp;
mod state;
#[cfg(test)]
mod tests;
mod timeline;
mod transcripts;
mod types;
mod versions;

pub use audio::AudioWriter;
pub use audit::{AuditReport, AuditRow};
pub use backup::{Backup, backups_in};
pub use doctors::{Doctor, DoctorId};
pub use error::RecordError;
pub use finding::Filter;
pub use holdings::Holdings;
pub use kdf::KdfCost;
pub use record::Record;
pub use recovery::RecoveryCode;
pub use restore::{RestorePreview, preview as preview_restore, restore};
pub use retention::AudioFate;
pub use rights::{Departure, PatientFile, PatientId};
pub use state::State;
pub use timeline::{Fact, Track};
pub use types::{
    Consent, ConsentDecision, ConsentForm, Consultation, ConsultationId, Draft, InvalidId, NewConsultation,
    Patient,
};
pub use versions::{Difference, NoteVersion, VersionKind, differences};
