use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};

use note::Language;
use whisper_rs::{WhisperContext, WhisperContextParameters};

use crate::SpeechError;
use crate::layout::{Fault, Layout};

/// A speech model in memory, shared by every transcription.
pub struct Model {
    pub(crate) context: WhisperContext,
    name: String,
    english_only: bool,
}

impl Model {
    /// Reads a Whisper model in ggml form. The whole file is walked first: one that is truncated, damaged or something
    /// else is refused before the native library sees it.
    ///
    /// # Errors
    /// When the file is missing, unreadable or no whole model, or the processor lacks what the library was built for.
    pub fn open(path: &Path) -> Result<Arc<Self>, SpeechError> {
        check_processor()?;
        let layout = check(path)?;
        quiet_library();
        let mut parameters = WhisperContextParameters::default();
        parameters.use_gpu(false);
        let context = WhisperContext::new_with_params(path, parameters)
            .map_err(|e| SpeechError::ModelNotLoaded { path: path.into(), why: e.to_string() })?;
        let english_only = layout.dimensions.english_only();
        Ok(Arc::new(Self { context, name: model_name(path), english_only }))
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

/// whisper.cpp writes to stderr unless told otherwise. Its messages go through `log`, and none holds what was said:
/// the prints of text are off in every pass, and the messages that trace each word are compiled out (see the profile of
/// `whisper-rs-sys` in the root manifest; a test with real weights listens to the log).
fn quiet_library() {
    static ONCE: Once = Once::new();
    ONCE.call_once(whisper_rs::install_logging_hooks);
}

/// The library is built for processors with AVX2; on others it would die of an illegal instruction.
fn check_processor() -> Result<(), SpeechError> {
    #[cfg(target_arch = "x86_64")]
    {
        let features = [
            ("SSE4.2", std::arch::is_x86_feature_detected!("sse4.2")),
            ("AVX2", std::arch::is_x86_feature_detected!("avx2")),
            ("FMA", std::arch::is_x86_feature_detected!("fma")),
            ("F16C", std::arch::is_x86_feature_detected!("f16c")),
            ("BMI2", std::arch::is_x86_feature_detected!("bmi2")),
        ];
        let missing: Vec<_> = features.into_iter().filter(|(_, has)| !has).map(|(name, _)| name).collect();
        if !missing.is_empty() {
            return Err(SpeechError::Processor { missing: missing.join(", ") });
        }
    }
    Ok(())
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
