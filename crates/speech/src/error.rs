use std::path::PathBuf;

use note::Language;

/// Why speech could not be recognised, or a model not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpeechError {
    #[error("no speech model at {path}")]
    ModelMissing { path: PathBuf },
    #[error("the speech model {path} cannot be read: {why}")]
    ModelUnreadable { path: PathBuf, why: String },
    #[error("{path} is not a Whisper model in ggml form")]
    ModelNotWhisper { path: PathBuf },
    #[error(
        "the speech model {path} is cut short: its content ends at byte {bytes}, in the middle of {what}"
    )]
    ModelTruncated { path: PathBuf, bytes: u64, what: String },
    #[error("the speech model {path} is damaged: {why}")]
    ModelCorrupt { path: PathBuf, why: String },
    #[error("the checksum of {path} is {found}, {expected} was expected")]
    ModelChecksum { path: PathBuf, expected: String, found: String },
    #[error("the speech model {name} knows only English, not {language:?}: a multilingual one is needed")]
    EnglishOnly { name: String, language: Language },
    #[error("{path} cannot be written: {why}")]
    Write { path: PathBuf, why: String },
    #[error("the model {path} cannot be quantised: {why}")]
    NotQuantisable { path: PathBuf, why: String },
    #[error("the speech model {path} was checked but whisper.cpp could not load it: {why}")]
    ModelNotLoaded { path: PathBuf, why: String },
    #[error("this processor lacks {missing}, which whisper.cpp was built for: use Calame's own engine")]
    Processor { missing: String },
    #[error("the speech recogniser could not start: {why}")]
    Start { why: String },
    #[error("the speech recogniser failed on a passage: {why}")]
    Decode { why: String },
    #[error("speech recognition is {ms} ms behind and gave up; the recording can be transcribed afterwards")]
    TooFarBehind { ms: u32 },
    #[error("transcription was cancelled")]
    Cancelled,
}
