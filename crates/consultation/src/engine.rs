use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use note::Language;
use speech::speakers::{self, Voices};
use speech::{Backend, Model};

use crate::{Failure, FailureCode, ModelState, ModelStatus, Places, Preferences, Recogniser, recogniser};

/// File name of the model that the set-up makes.
pub const DEFAULT_MODEL: &str = "ggml-base-q8_0.bin";

/// The speech model: found, checked and loaded once, when it is first needed.
pub struct Engine {
    chosen: Mutex<Chosen>,
    voices: Mutex<Network>,
    backend: Backend,
    recogniser: Arc<dyn Recogniser>,
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
            recogniser: Arc::new(recogniser::Own),
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

    /// The model `name` as in [`Engine::named`], else the one that the doctor chose, as long as its file is there.
    #[must_use]
    pub fn of_this_user(places: &Places, name: Option<&str>) -> Self {
        let chosen = || Preferences::load(&places.preferences).model;
        let chosen = || chosen().filter(|file| places.models.join(file).is_file());
        let name = name.map(str::to_owned).or_else(chosen);
        Self::named(&places.models, name.as_deref())
    }

    /// Has whisper.cpp compute the model: a second reading of files, to compare with.
    #[must_use]
    pub fn computed_by(self, backend: Backend) -> Self {
        Self { backend, ..self }
    }

    /// Has another recogniser hear beside recordings.
    #[must_use]
    pub fn heard_by(self, recogniser: Arc<dyn Recogniser>) -> Self {
        Self { recogniser, ..self }
    }

    pub(crate) fn recogniser(&self) -> &dyn Recogniser {
        &*self.recogniser
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_model_is_used_again_after_a_start_as_long_as_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places {
            record: folder.path().join("record"),
            preferences: folder.path().join("preferences.json"),
            models: folder.path().join("models"),
            exports: folder.path().join("exports"),
        };
        let used = |name| Engine::of_this_user(&places, name).status().name;
        std::fs::create_dir(&places.models).unwrap();
        std::fs::write(places.models.join("ggml-small-q8_0.bin"), "x").unwrap();
        assert_eq!(used(None), "ggml-base-q8_0");
        let chosen = Preferences { model: Some("ggml-small-q8_0.bin".into()), ..Preferences::default() };
        chosen.save(&places.preferences).unwrap();
        assert_eq!(used(None), "ggml-small-q8_0");
        assert_eq!(used(Some("medium")), "ggml-medium");
        std::fs::remove_file(places.models.join("ggml-small-q8_0.bin")).unwrap();
        assert_eq!(used(None), "ggml-base-q8_0");
    }
}
