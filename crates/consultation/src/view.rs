use std::collections::BTreeMap;

use export::Letterhead;
use note::{Language, Note, SectionId, Transcript, ValidatedNote};
use record::{AudioFate, AuditRow, Consultation, ConsultationId};
use serde::{Deserialize, Serialize};

use crate::Preferences;

/// What a screen needs before anything else.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Status {
    pub record: RecordStatus,
    pub model: ModelStatus,
    pub preferences: Preferences,
    /// The consultation which is being recorded.
    pub recording: Option<ConsultationId>,
    /// Consultations with long work under way.
    pub busy: Vec<ConsultationId>,
    pub version: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum RecordStatus {
    /// First run.
    Absent,
    Locked,
    Open,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ModelStatus {
    pub name: String,
    pub path: String,
    pub state: ModelState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ModelState {
    Missing,
    Corrupt,
    Ready,
}

/// Of a passphrase: 0 (guessed at once) to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Strength {
    pub score: u8,
    pub acceptable: bool,
}

/// The practice's own settings, held in the encrypted record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Practice {
    pub letterhead: Letterhead,
    pub consultation_language: Language,
    pub retention: Retention,
    /// Days from validation to the erasure of audio, where retention asks for them.
    #[serde(default = "days")]
    pub retention_days: u32,
    /// Why audio is kept, where retention keeps it.
    #[serde(default)]
    pub keep_reason: String,
    /// Minutes without a hand before the screen locks, over a recording too; 0: only after the machine slept.
    pub auto_lock_minutes: u32,
    pub export_folder: Option<String>,
    /// What the doctor types in short, by its key.
    #[serde(default)]
    pub phrases: Vec<Phrase>,
    /// What a note should hold, by kind of visit; the first is the usual one.
    #[serde(default)]
    pub templates: Vec<NoteTemplate>,
    /// Name of the template last chosen for a reason of visit, as the reason was typed.
    #[serde(default)]
    pub template_of: BTreeMap<String, String>,
}

/// The sections that a kind of visit asks for. It guides the doctor's eye and changes nothing of the note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct NoteTemplate {
    pub name: String,
    pub sections: Vec<TemplateSection>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct TemplateSection {
    pub id: SectionId,
    /// What not to forget there; may be empty.
    pub hint: String,
}

/// A text of the doctor's own, written out where its key is typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Phrase {
    /// Letters and digits, without spaces.
    pub key: String,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Retention {
    /// Audio is erased when the note is validated.
    AtValidation,
    /// And so it is, some days later: [`Practice::retention_days`].
    AfterDays,
    /// For a reason: [`Practice::keep_reason`].
    Keep,
}

const fn days() -> u32 {
    30
}

impl Default for Practice {
    fn default() -> Self {
        Self {
            letterhead: Letterhead::default(),
            consultation_language: Language::Fr,
            retention: Retention::AtValidation,
            retention_days: days(),
            keep_reason: String::new(),
            auto_lock_minutes: 10,
            export_folder: None,
            phrases: Vec::new(),
            templates: Vec::new(),
            template_of: BTreeMap::new(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct NoteView {
    pub note: Note,
    /// Ids of statements the doctor looked at.
    pub checked: Vec<String>,
    /// Critical statements not looked at yet: validation waits for them.
    pub pending: Vec<String>,
    pub can_undo: bool,
    pub can_redo: bool,
    /// Counts the saved drafts of this consultation.
    pub version: u32,
}

/// What was done with a consultation: only its own doctor works on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Acts {
    pub doctor: String,
    pub rows: Vec<AuditRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Signature {
    pub author: String,
    /// RFC 3339, UTC.
    pub at: String,
    pub sha256: String,
}

impl From<&ValidatedNote> for Signature {
    fn from(signed: &ValidatedNote) -> Self {
        Self { author: signed.author().into(), at: signed.at().to_rfc3339(), sha256: signed.sha256().into() }
    }
}

#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ConsultationView {
    pub consultation: Consultation,
    pub transcript: Transcript,
    pub note: Option<NoteView>,
    pub signature: Option<Signature>,
    /// There is audio to hear.
    pub playable: bool,
    /// Moments the doctor marked while recording, in milliseconds, in order.
    pub markers: Vec<u32>,
    /// What was decided of the audio of a signed note; absent where there is none.
    pub audio_fate: Option<AudioFate>,
    /// An addendum was begun and not signed yet.
    pub has_addendum_draft: bool,
    /// The voice of the doctor whose session this is was learnt.
    pub knows_voice: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum CopyFormat {
    Plain,
    Rich,
}
