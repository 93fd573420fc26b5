use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

/// An error as it reaches a screen: a code, for which the screen owns the wording and the next step, and details to
/// fill in. Details hold paths, times and counts, never patient text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct Failure {
    pub code: FailureCode,
    pub details: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    WrongPassphrase,
    TooManyAttempts,
    WeakPassphrase,
    WrongRecoveryCode,
    RecordMissing,
    RecordExists,
    RecordCorrupt,
    RecordNewer,
    RecordBusy,
    RecordLocked,
    DiskFull,
    ReadOnly,
    NotFound,
    /// For the owner of the record.
    NotOwner,
    /// A colleague's: their consultation, or their name.
    NotYours,
    PassphraseTaken,
    /// No folder or backup there: a stick that was pulled out.
    BackupFolder,
    BackupDamaged,
    /// An erasure, or audio that is kept, without a reason.
    ReasonNeeded,
    ConsentRequired,
    NotValidated,
    AlreadyValidated,
    UncheckedCritical,
    EmptyNote,
    NoAuthor,
    WrongState,
    NoMicrophone,
    MicrophoneLost,
    MicrophoneBusy,
    MicrophoneSilent,
    NoOutput,
    AudioErased,
    AudioGap,
    AudioEmpty,
    AudioTruncated,
    AudioUnsupported,
    AudioUnreadable,
    ModelMissing,
    ModelCorrupt,
    ModelLanguage,
    SpeechFailed,
    RecordingInProgress,
    NothingRecording,
    /// A dictation without a word.
    NothingHeard,
    Cancelled,
    ExportFailed,
    ExportFolder,
    /// This system has no print service.
    NoPrintSystem,
    NoPrinter,
    PrintFailed,
    /// A word of the vocabulary that would be heard in too many others.
    ShortWord,
    InvalidInput,
    Internal,
}

impl Failure {
    #[must_use]
    pub fn of(code: FailureCode) -> Self {
        Self { code, details: BTreeMap::new() }
    }

    #[must_use]
    pub fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.details.insert(key.into(), value.to_string());
        self
    }

    /// A file could not be written or read.
    #[must_use]
    pub fn io(source: &std::io::Error, path: &Path) -> Self {
        use std::io::ErrorKind as K;
        let code = match source.kind() {
            K::StorageFull | K::QuotaExceeded => FailureCode::DiskFull,
            K::PermissionDenied | K::ReadOnlyFilesystem => FailureCode::ReadOnly,
            K::NotFound => FailureCode::NotFound,
            _ => FailureCode::Internal,
        };
        Self::of(code).with("path", path.display()).with("reason", source)
    }

    /// One English line for the command line and for logs.
    fn sentence(&self) -> String {
        let mut line = self.code.sentence().to_owned();
        for (key, value) in &self.details {
            line.push_str(&format!(" [{key}: {}]", value.replace('\n', " ")));
        }
        line
    }
}

impl FailureCode {
    const fn sentence(self) -> &'static str {
        match self {
            Self::WrongPassphrase => {
                "wrong passphrase: nothing was changed, try again or use the recovery code"
            }
            Self::TooManyAttempts => {
                "too many wrong passphrases: wait, then try again, or use the recovery code now"
            }
            Self::WeakPassphrase => {
                "the passphrase is too weak: use 12 characters or more, several unrelated words"
            }
            Self::WrongRecoveryCode => "wrong recovery code: check it against the printed sheet",
            Self::RecordMissing => "there is no record here yet: create one first",
            Self::RecordExists => "a record exists here already: it was left untouched",
            Self::RecordCorrupt => {
                "the record cannot be read: restore a backup; the damaged file was left as it is"
            }
            Self::RecordNewer => "the record was written by a newer Calame: update the app",
            Self::RecordBusy => "another Calame has this record open: close it first",
            Self::RecordLocked => "the record is locked: unlock it first",
            Self::DiskFull => "the disk is full: free some space; what was saved is kept",
            Self::ReadOnly => "no permission to write here: check the folder's permissions",
            Self::NotFound => "not found",
            Self::NotOwner => "only the owner of the record may do this",
            Self::NotYours => "this belongs to a colleague of the practice: nothing was changed",
            Self::PassphraseTaken => "a colleague has this passphrase: choose another one",
            Self::BackupFolder => {
                "the folder or backup is not there: plug the disk in, or name another place"
            }
            Self::BackupDamaged => {
                "the backup is damaged or incomplete: use another one; nothing was changed"
            }
            Self::ReasonNeeded => "a reason is needed",
            Self::ConsentRequired => "no consent is recorded for this consultation: record it first",
            Self::NotValidated => "the note is not validated: validate it before exporting",
            Self::AlreadyValidated => "the note is validated and can no longer change",
            Self::UncheckedCritical => "critical statements were not looked at: check them before validating",
            Self::EmptyNote => "the note is empty: there is nothing to validate",
            Self::NoAuthor => "no doctor is named: fill in the practice settings",
            Self::WrongState => "the consultation is not at the stage for this",
            Self::NoMicrophone => "no microphone was found: plug one in and try again",
            Self::MicrophoneLost => {
                "the microphone was lost: what was recorded is kept, plug it in and resume"
            }
            Self::MicrophoneBusy => "the microphone is used by another program: close it and try again",
            Self::MicrophoneSilent => "the microphone gives no sound: check that it is on and not muted",
            Self::NoOutput => "no loudspeaker or headphones were found",
            Self::AudioErased => "the audio of this consultation was erased",
            Self::AudioGap => {
                "a short stretch of sound was lost: the computer was too busy, the recording goes on"
            }
            Self::AudioEmpty => "the audio file holds no sound",
            Self::AudioTruncated => "the audio file is cut short: what it holds was kept",
            Self::AudioUnsupported => {
                "this kind of audio file is not supported: use WAV, FLAC, MP3, Ogg or M4A"
            }
            Self::AudioUnreadable => "the audio file cannot be read",
            Self::ModelMissing => "no speech model is installed: import one, recordings are kept meanwhile",
            Self::ModelCorrupt => {
                "the speech model is damaged: import it again, recordings are kept meanwhile"
            }
            Self::ModelLanguage => "the speech model does not know this language: import a multilingual one",
            Self::SpeechFailed => "speech recognition failed: the recording is kept, transcribe it again",
            Self::RecordingInProgress => "a recording is under way: stop it first",
            Self::NothingRecording => "nothing is being recorded",
            Self::Cancelled => "cancelled",
            Self::ExportFailed => "the document could not be made",
            Self::ExportFolder => "the export folder cannot be written: choose another one in the settings",
            Self::NoPrintSystem => {
                "this system has no print service: export the PDF and print it from another program"
            }
            Self::NoPrinter => "no such printer is set up on this system: add one, or export the PDF",
            Self::PrintFailed => {
                "the print service refused the document: check the printer, or export the PDF"
            }
            Self::NothingHeard => "no word was understood: nothing was added to the note",
            Self::ShortWord => "a word of the vocabulary has at least four letters",
            Self::InvalidInput => "the input is not valid",
            Self::Internal => "something unexpected went wrong",
        }
    }
}
