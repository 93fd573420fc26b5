//! The use cases: everything Calame can do, with no screen.
//!
//! [`Calame`] is the one entrance. It joins the encrypted record, the microphone, the speech engine, the clinical
//! core and the export, and tells its face (window or command line) what happens through [`Event`]s.

mod access;
mod archive;
mod backups;
mod balance;
mod calame;
mod clock;
mod conversions;
mod correcting;
mod dictation;
mod documents;
mod engine;
mod event;
mod exercise;
mod exporting;
mod failure;
mod finding;
mod history;
mod housekeeping;
mod idle;
mod jobs;
mod live;
mod markers;
pub mod models;
mod papers;
mod places;
mod playback;
mod practice;
mod preferences;
mod printing;
mod recogniser;
mod recording;
mod restructured;
mod review;
mod reviewing;
mod rights;
mod speakers;
mod spoken;
mod view;
mod visits;
mod vocabulary;
mod voice;

pub use backups::{BackupPlan, BackupState, Restored};
pub use calame::Calame;
pub use clock::{Clock, SystemClock};
pub use correcting::WhoSpoke;
pub use documents::{Rendering, clinical_terms, render_note_file, structure_transcript, transcribe_file};
pub use engine::{DEFAULT_MODEL, Engine};
pub use event::{DictationPhase, Event, EventSink, RecordingPhase, Stage};
pub use exporting::Clip;
pub use failure::{Failure, FailureCode};
pub use finding::Search;
pub use idle::ASK_EVERY_S;
pub use models::{ModelFile, ModelImport};
pub use papers::SignedPaper;
pub use places::Places;
pub use preferences::{Preferences, Theme};
pub use printing::Printers;
pub use recogniser::{Hearing, Recogniser};
pub use review::Edit;
pub use view::{
    Acts, ConsultationView, CopyFormat, ModelState, ModelStatus, NoteTemplate, NoteView, Phrase, Practice,
    RecordStatus, Retention, Signature, Status, Strength, TemplateSection,
};
pub use vocabulary::vocabulary_of_text;

/// What a face needs of the layers below, so that it depends on this crate alone.
pub use audio::InputDevice;
pub use clinical::Term;
pub use export::Letterhead;
pub use note::{Language, Note, Paper, PaperKind, ReadError, SectionId, Segment, Transcript};
pub use record::{
    AudioFate, AuditReport, AuditRow, Backup, ConsentDecision, ConsentForm, Consultation, ConsultationId,
    Difference, Doctor, DoctorId, Fact, NewConsultation, NoteVersion, Patient, PatientFile, PatientId,
    RestorePreview, State,
};
pub use speech::{Backend, LiveEvent, Model, Options, SpeechError, Speed};
