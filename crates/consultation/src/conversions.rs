//! What goes wrong below, in the words of the screen.

use audio::AudioError;
use export::ExportError;
use record::{RecordError, State};
use speech::SpeechError;

use crate::{Failure, FailureCode as C};

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Self {
        let code = match &error {
            RecordError::WrongPassphrase => C::WrongPassphrase,
            RecordError::TooSoon { .. } => C::TooManyAttempts,
            RecordError::WrongRecoveryCode => C::WrongRecoveryCode,
            RecordError::WeakPassphrase => C::WeakPassphrase,
            RecordError::Missing { .. } => C::RecordMissing,
            RecordError::Exists { .. } => C::RecordExists,
            RecordError::KeysMissing { .. }
            | RecordError::KeysCorrupt { .. }
            | RecordError::Corrupt { .. }
            | RecordError::Document(_) => C::RecordCorrupt,
            RecordError::Newer { .. } => C::RecordNewer,
            RecordError::Busy => C::RecordBusy,
            RecordError::Full => C::DiskFull,
            RecordError::ReadOnly { .. } => C::ReadOnly,
            RecordError::Forbidden { state: State::Validated | State::Exported, .. } => C::AlreadyValidated,
            RecordError::Forbidden { .. } => C::WrongState,
            RecordError::NotFound { .. }
            | RecordError::NoPatient
            | RecordError::NoVersion
            | RecordError::NoDoctor => C::NotFound,
            RecordError::NotOwner => C::NotOwner,
            RecordError::NotYours => C::NotYours,
            RecordError::PassphraseTaken => C::PassphraseTaken,
            RecordError::NoReason => C::ReasonNeeded,
            RecordError::BackupFolder { .. } => C::BackupFolder,
            RecordError::BackupDamaged { .. } => C::BackupDamaged,
            _ => C::Internal,
        };
        let failure = Self::of(code);
        let failure = match &error {
            RecordError::TooSoon { wait_s } => return failure.with("wait_s", wait_s),
            RecordError::Missing { path }
            | RecordError::Exists { path }
            | RecordError::ReadOnly { path }
            | RecordError::KeysMissing { path }
            | RecordError::BackupFolder { path }
            | RecordError::BackupDamaged { path, .. } => failure.with("path", path.display()),
            _ => failure,
        };
        match code {
            C::WrongPassphrase | C::WrongRecoveryCode | C::WeakPassphrase => failure,
            _ => failure.with("reason", error),
        }
    }
}

impl From<AudioError> for Failure {
    fn from(error: AudioError) -> Self {
        use AudioError as A;
        let code = match &error {
            A::NoDevice | A::DeviceMissing { .. } => C::NoMicrophone,
            A::NoOutput => C::NoOutput,
            A::DeviceBusy { .. } | A::PermissionDenied { .. } => C::MicrophoneBusy,
            A::DeviceLost { .. } | A::DeviceStalled { .. } => C::MicrophoneLost,
            A::DeviceSilent { .. } => C::MicrophoneSilent,
            A::NotFound { .. } => C::NotFound,
            A::Empty { .. } | A::NoAudio { .. } => C::AudioEmpty,
            A::NotAudio { .. } | A::Unsupported { .. } => C::AudioUnsupported,
            A::Truncated { .. } | A::Damaged { .. } => C::AudioTruncated,
            A::Unreadable { .. } => C::AudioUnreadable,
            A::Speed { .. } => C::InvalidInput,
            _ => C::NoMicrophone,
        };
        Self::of(code).with("reason", error)
    }
}

impl From<SpeechError> for Failure {
    fn from(error: SpeechError) -> Self {
        use SpeechError as S;
        let code = match &error {
            S::ModelMissing { .. } => C::ModelMissing,
            S::ModelUnreadable { .. }
            | S::ModelNotWhisper { .. }
            | S::ModelTruncated { .. }
            | S::ModelCorrupt { .. }
            | S::ModelNotLoaded { .. }
            | S::ModelChecksum { .. } => C::ModelCorrupt,
            S::EnglishOnly { .. } => C::ModelLanguage,
            S::Write { .. } => C::ReadOnly,
            S::Cancelled => C::Cancelled,
            _ => C::SpeechFailed,
        };
        let failure = Self::of(code);
        if code == C::Cancelled { failure } else { failure.with("reason", error) }
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        Self::of(C::ExportFailed).with("reason", error)
    }
}
