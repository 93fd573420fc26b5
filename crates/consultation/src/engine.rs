use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use note::Language;
use speech::speakers::{self, Voices};
use speech::{Backend, Model};

use crate::{Failure, FailureCode, ModelState, ModelStatus};

/// File name of the model that the set-up makes.
pub const DEFAULT_MODEL: &str = "ggml-base-q8_0.bin";

/// The speech model: found, checked and loaded once, when it is first needed.
pub struct Engine {
    chosen: Mutex<Chosen>,
    voices: Mutex<Network>,
    backend: Backend,
}

/// The network that tells voices apart, which may be absent: who spoke is then told by what was said.
enum Network {
    At(PathBuf),
    Loaded(Option<Arc<Voices>>),
}

struct Chosen {
    path: PathBuf,
    model: Option<Arc<Model>>,
    /// A model that did not load stays refused until another is imported.
    corrupt: bool,
}

impl Engine {
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        let voices = Mutex::new(Network::At(path.with_file_name(speakers::FILE)));
        Self {
            chosen: Mutex::new(Chosen { path, model: None, corrupt: false }),
            voices,
            backend: Backend::Own,
        }
    }

    /// `name` is a path, or a file name or short name ("base-q8_0") within the folder of models; the default
    /// model when absent.
    #[must_use]
    pub fn named(models: &Path, name: Option<&str>) -> Self {
        let path = match name {
            None => models.join(DEFAULT_MODEL),
            Some(path) if Path::new(path).components().count() > 1 || Path::new(path).exists() => path.into(),
            Some(file) if file.ends_with(".bin") => models.join(file),
            Some("base") if !models.join("ggml-base.bin").exists() => models.join(DEFAULT_MODEL),
            Some(short) => models.join(format!("ggml-{short}.bin")),
        };
        let engine = Self::at(path);
        *engine.network() = Network::At(models.join(speakers::FILE));
        engine
    }

    /// Has whisper.cpp compute the model: a second reading of files, to compare with.
    #[must_use]
    pub fn computed_by(self, backend: Backend) -> Self {
        Self { backend, ..self }
    }

    /// Tells who spoke by what was said alone.
    #[must_use]
    pub fn without_voices(self) -> Self {
        *self.network() = Network::Loaded(None);
        self
    }

    fn network(&self) -> MutexGuard<'_, Network> {
        self.voices.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The network of voices, read when it is first asked for; `None` where it is absent or damaged.
    pub fn voices(&self) -> Option<Arc<Voices>> {
        let mut network = self.network();
        if let Network::At(path) = &*network {
            let loaded = match Voices::open(path) {
                Ok(voices) => Some(voices),
                Err(error) => {
                    log::info!("voices are not told apart: {error}");
                    None
                }
            };
            *network = Network::Loaded(loaded);
        }
        match &*network {
            Network::Loaded(voices) => voices.clone(),
            Network::At(_) => None,
        }
    }

    fn chosen(&self) -> MutexGuard<'_, Chosen> {
        self.chosen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[must_use]
    pub fn status(&self) -> ModelStatus {
        let chosen = self.chosen();
        let state = match &*chosen {
            Chosen { model: Some(_), .. } => ModelState::Ready,
            Chosen { corrupt: true, .. } => ModelState::Corrupt,
            Chosen { path, .. } if path.is_file() => ModelState::Ready,
            _ => ModelState::Missing,
        };
        let name = chosen.path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        ModelStatus { name, path: chosen.path.display().to_string(), state }
    }

    /// The loaded model; the first call reads it from disk (about a tenth of a second for base).
    ///
    /// # Errors
    /// When the model is missing, damaged, or knows no other language than English.
    pub fn model(&self, language: Language) -> Result<Arc<Model>, Failure> {
        let mut chosen = self.chosen();
        if let Some(model) = &chosen.model {
            return Ok(Arc::clone(model));
        }
        if !chosen.path.is_file() {
            return Err(Failure::of(FailureCode::ModelMissing).with("path", chosen.path.display()));
        }
        match Model::open_with(&chosen.path, self.backend) {
            Ok(model) => {
                chosen.corrupt = false;
                chosen.model = Some(Arc::clone(&model));
                Ok(model)
            }
            Err(error) => {
                let failure =
                    Failure::from(error).with("path", chosen.path.display()).with("language", language);
                chosen.corrupt = failure.code == FailureCode::ModelCorrupt;
                Err(failure)
            }
        }
    }

    /// Uses another file from now on.
    pub fn choose(&self, path: PathBuf) {
        *self.chosen() = Chosen { path, model: None, corrupt: false };
    }
}
