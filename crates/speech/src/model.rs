use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use note::Language;
use whisper_rs::WhisperContext;

use crate::layout::{Fault, Layout};
use crate::whisper::weights::Weights;
use crate::{SpeechError, whisper_cpp};

/// What computes a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Backend {
    /// Calame's own, in Rust alone: what recordings are recognised with.
    #[default]
    Own,
    /// whisper.cpp, an independent second reading of files to compare with. Native code that aborts takes the process with
    /// it, so no recording depends on it.
    WhisperCpp,
}

pub(crate) enum Loaded {
    Own(Arc<Weights>),
    WhisperCpp(WhisperContext),
}

/// A speech model in memory, shared by every transcription.
pub struct Model {
    pub(crate) loaded: Loaded,
    name: String,
    english_only: bool,
}

impl Model {
    /// Reads a Whisper model in ggml form. The whole file is walked first: one that is truncated, damaged or something
    /// else is refused before anything of it is used.
    ///
    /// # Errors
    /// When the file is missing, unreadable or no whole model.
    pub fn open(path: &Path) -> Result<Arc<Self>, SpeechError> {
        Self::open_with(path, Backend::Own)
    }

    /// The same, computed by `backend`.
    ///
    /// # Errors
    /// As [`Model::open`]; for [`Backend::WhisperCpp`] also when the processor lacks what it was built for.
    pub fn open_with(path: &Path, backend: Backend) -> Result<Arc<Self>, SpeechError> {
        let layout = check(path)?;
        let loaded = match backend {
            Backend::Own => Loaded::Own(Arc::new(Self::weights(path, &layout)?)),
            Backend::WhisperCpp => Loaded::WhisperCpp(whisper_cpp::load(path)?),
        };
        let english_only = layout.dimensions.english_only();
        Ok(Arc::new(Self { loaded, name: model_name(path), english_only }))
    }

    fn weights(path: &Path, layout: &Layout) -> Result<Weights, SpeechError> {
        let unreadable =
            |e: std::io::Error| SpeechError::ModelUnreadable { path: path.into(), why: e.to_string() };
        let mut file = File::open(path).map_err(unreadable)?;
        Weights::read(&mut file, layout).map_err(|fault| refusal(path, fault))
    }

    /// Short name, as in a transcript: `base-q8_0` for `ggml-base-q8_0.bin`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether this model can be used for a consultation in `language`.
    ///
    /// # Errors
    /// For any other language than English when the model knows only English.
    pub fn speaks(&self, language: Language) -> Result<(), SpeechError> {
        if self.english_only && language != Language::En {
            return Err(SpeechError::EnglishOnly { name: self.name.clone(), language });
        }
        Ok(())
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Walks the file from its first byte to its last without loading it.
pub(crate) fn check(path: &Path) -> Result<Layout, SpeechError> {
    let file = File::open(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => SpeechError::ModelMissing { path: path.into() },
        _ => SpeechError::ModelUnreadable { path: path.into(), why: e.to_string() },
    })?;
    Layout::read(file).map_err(|fault| refusal(path, fault))
}

pub(crate) fn refusal(path: &Path, fault: Fault) -> SpeechError {
    let path = PathBuf::from(path);
    match fault {
        Fault::Io(e) => SpeechError::ModelUnreadable { path, why: e.to_string() },
        Fault::NotWhisper => SpeechError::ModelNotWhisper { path },
        Fault::Truncated { bytes, what } => SpeechError::ModelTruncated { path, bytes, what },
        Fault::Corrupt(why) => SpeechError::ModelCorrupt { path, why },
    }
}

fn model_name(path: &Path) -> String {
    let stem = path.file_stem().map(|s| s.to_string_lossy()).unwrap_or_default();
    stem.strip_prefix("ggml-").unwrap_or(&stem).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::tests::tiny_model;

    fn refused(bytes: &[u8]) -> SpeechError {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ggml-base.bin");
        std::fs::write(&path, bytes).unwrap();
        Model::open(&path).unwrap_err()
    }

    #[test]
    fn a_missing_model_is_told_apart_from_a_damaged_one() {
        let missing = Model::open(Path::new("/nowhere/ggml-base.bin")).unwrap_err();
        assert!(matches!(missing, SpeechError::ModelMissing { .. }));
        assert!(matches!(refused(b""), SpeechError::ModelNotWhisper { .. }));
        assert!(matches!(refused(b"something else altogether"), SpeechError::ModelNotWhisper { .. }));
        let whole = tiny_model(1, 51_865);
        assert!(matches!(refused(&whole[..whole.len() / 2]), SpeechError::ModelTruncated { .. }));
        let mut damaged = whole;
        damaged[8] ^= 0xff;
        assert!(matches!(refused(&damaged), SpeechError::ModelCorrupt { .. }));
    }

    #[test]
    fn the_name_of_a_model_is_its_file_name_without_its_dress() {
        assert_eq!(model_name(Path::new("/a/ggml-base-q8_0.bin")), "base-q8_0");
        assert_eq!(model_name(Path::new("/é/mon modèle.bin")), "mon modèle");
    }
}
