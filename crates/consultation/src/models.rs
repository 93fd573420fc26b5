//! Speech models on this machine: brought in, chosen, checked, and measured.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use audio::{Decoder, SAMPLE_RATE};
use note::Language;
use serde::{Deserialize, Serialize};
use speech::catalogue::{self, Imported};
use speech::{Model, Options, Speed};

use crate::calame::held;
use crate::{Calame, Event, Failure, FailureCode, Status, exercise};

/// Speech that a model is measured with: as much as one window of a recording holds.
const CLIP_S: usize = 16;

/// A model file in the folder of models, or one that is published and could be imported.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct ModelFile {
    pub name: String,
    pub file: String,
    #[ts(type = "number")]
    pub bytes: u64,
    pub installed: bool,
    /// Recordings are recognised with it.
    pub used: bool,
    /// Where it was measured on this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub speed: Option<Speed>,
    /// Why it cannot be used, where that was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub problem: Option<String>,
}

/// How fast a file was, as long as it is that file.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Measured {
    bytes: u64,
    speed: Speed,
}

impl Eq for Measured {}

/// What an import did.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ModelImport {
    pub status: Status,
    pub file: String,
    /// Of the file it came from, and of the one that is kept.
    #[ts(type = "number")]
    pub bytes_before: u64,
    #[ts(type = "number")]
    pub bytes: u64,
    /// It was made smaller on the way.
    pub quantised: bool,
}

impl Calame {
    /// Brings a model file into the folder of models, in eight bits, checks it whole, and uses it from now on.
    ///
    /// # Errors
    /// When the file is not a whole Whisper model, or during a recording: the model in use then stays.
    pub fn import_model(&self, file: &Path) -> Result<ModelImport, Failure> {
        if self.inner.recording_id().is_some() {
            return Err(Failure::of(FailureCode::RecordingInProgress));
        }
        let folder = &self.inner.places.models;
        let imported = import(file, folder, true, &mut |_| ControlFlow::Continue(()))?;
        let file = imported.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Imported { bytes_before, bytes, quantised, .. } = imported;
        Ok(ModelImport { status: self.use_model(&file)?, file, bytes_before, bytes, quantised })
    }

    /// The models of this machine, in order of their names.
    #[must_use]
    pub fn models(&self) -> Vec<ModelFile> {
        let used = self.inner.engine.status().path;
        let folder = &self.inner.places.models;
        let measured = held(&self.inner.preferences).speeds.clone();
        let mut files = installed(folder);
        for model in &mut files {
            model.used = folder.join(&model.file).as_os_str() == used.as_str();
            model.speed = measured.get(&model.file).filter(|m| m.bytes == model.bytes).map(|m| m.speed);
        }
        files
    }

    /// Recognises with an installed model from now on.
    ///
    /// # Errors
    /// When there is no such file, or during a recording.
    pub fn use_model(&self, file: &str) -> Result<Status, Failure> {
        if self.inner.recording_id().is_some() {
            return Err(Failure::of(FailureCode::RecordingInProgress));
        }
        self.installed(file)?;
        let mut preferences = held(&self.inner.preferences).clone();
        preferences.model = Some(file.to_owned());
        self.inner.engine.choose(self.inner.places.models.join(file));
        self.save_preferences(preferences)
    }

    /// Measures an installed model with a built-in clip and keeps the result; [`Event::Measuring`] tells how far it is. It gives
    /// way to a recording or a dictation.
    ///
    /// # Errors
    /// While something is recorded, transcribed or measured; [`FailureCode::Cancelled`] when it was broken off.
    pub fn measure_model(&self, file: &str) -> Result<Speed, Failure> {
        let is_busy = self.inner.recording_id().is_some()
            || held(&self.inner.dictation).is_some()
            || !held(&self.inner.jobs).is_empty();
        if is_busy {
            return Err(Failure::of(FailureCode::RecordingInProgress));
        }
        let model = self.installed(file)?;
        let stop = Arc::new(AtomicBool::new(false));
        match &mut *held(&self.inner.measuring) {
            Some(_) => return Err(Failure::of(FailureCode::RecordingInProgress)),
            free => *free = Some(Arc::clone(&stop)),
        }
        let mut on = |fraction: f32| {
            self.inner.emit(Event::Measuring { file: file.to_owned(), fraction });
            if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let speed = measure(&self.inner.places.models.join(file), &mut on);
        *held(&self.inner.measuring) = None;
        let speed = speed?;
        let mut preferences = held(&self.inner.preferences).clone();
        preferences.speeds.insert(file.to_owned(), Measured { bytes: model.bytes, speed });
        self.keep_preferences(preferences)?;
        Ok(speed)
    }

    /// Ends a measuring under way; without one it does nothing.
    pub fn cancel_measuring(&self) {
        if let Some(stop) = &*held(&self.inner.measuring) {
            stop.store(true, Ordering::Relaxed);
        }
    }

    fn installed(&self, file: &str) -> Result<ModelFile, Failure> {
        let mut files = installed(&self.inner.places.models).into_iter();
        files.find(|model| model.file == file).ok_or_else(|| Failure::of(FailureCode::ModelMissing))
    }
}

/// Installed files first, then the rest of the catalogue.
#[must_use]
pub fn list(folder: &Path) -> Vec<ModelFile> {
    let mut files = installed(folder);
    let others = catalogue::entries().iter().filter(|entry| !folder.join(&entry.file).is_file());
    let absent: Vec<_> = others
        .map(|entry| ModelFile {
            name: entry.name.clone(),
            file: entry.file.clone(),
            bytes: entry.bytes,
            installed: false,
            used: false,
            speed: None,
            problem: None,
        })
        .collect();
    files.extend(absent);
    files
}

/// Reads every installed file whole.
#[must_use]
pub fn verify(folder: &Path) -> Vec<ModelFile> {
    let check = |mut model: ModelFile| {
        model.problem = catalogue::verify(&folder.join(&model.file)).err().map(|e| e.to_string());
        model
    };
    installed(folder).into_iter().map(check).collect()
}

/// Brings a model file into the folder, in eight bits when `lean`; a damaged one is refused and leaves nothing behind.
///
/// # Errors
/// When the file is not a whole Whisper model, or the folder cannot be written.
pub fn import(
    file: &Path,
    folder: &Path,
    lean: bool,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<Imported, Failure> {
    std::fs::create_dir_all(folder).map_err(|source| Failure::io(&source, folder))?;
    Ok(catalogue::import(file, folder, lean, progress)?)
}

/// How fast a model is on this machine, with speech that comes with Calame. Loading is paid once a day and is no part of it.
///
/// # Errors
/// When the model cannot be loaded, or `on` broke it off.
pub fn measure(model: &Path, on: &mut dyn FnMut(f32) -> ControlFlow<()>) -> Result<Speed, Failure> {
    let model = Model::open(model)?;
    let language = if model.speaks(Language::Fr).is_ok() { Language::Fr } else { Language::En };
    Ok(speech::measure(&model, &Options::new(language), &clip(language)?, on)?)
}

/// The beginning of the practice visit.
fn clip(language: Language) -> Result<Vec<i16>, Failure> {
    let most = CLIP_S * SAMPLE_RATE as usize;
    let mut samples = Vec::with_capacity(most);
    for block in Decoder::built_in("consultation.ogg", exercise::sound(language))? {
        samples.extend(block?);
        if samples.len() >= most {
            break;
        }
    }
    samples.truncate(most);
    Ok(samples)
}

fn installed(folder: &Path) -> Vec<ModelFile> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut files: Vec<_> = entries
        .filter_map(|entry| {
            let file = entry.file_name().to_string_lossy().into_owned();
            let stem = file.strip_suffix(".bin")?;
            let name = stem.strip_prefix("ggml-").unwrap_or(stem).to_owned();
            let bytes = entry.metadata().ok().filter(std::fs::Metadata::is_file)?.len();
            Some(ModelFile { name, file, bytes, installed: true, used: false, speed: None, problem: None })
        })
        .collect();
    files.sort_by(|a, b| a.file.cmp(&b.file));
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clip_holds_a_window_of_speech_in_both_languages() {
        for language in [Language::Fr, Language::En] {
            let samples = clip(language).unwrap();
            assert_eq!(samples.len(), CLIP_S * SAMPLE_RATE as usize);
            assert!(samples.iter().any(|sample| sample.unsigned_abs() > 1_000));
        }
    }

    #[test]
    fn a_model_of_any_name_is_listed_and_its_checksum_is_no_model() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["ggml-base.bin", "modèle à moi.bin", "modèle à moi.bin.sha256", "half.bin.part"] {
            std::fs::write(folder.path().join(file), "x").unwrap();
        }
        let names: Vec<_> = installed(folder.path()).into_iter().map(|model| model.name).collect();
        assert_eq!(names, ["base", "modèle à moi"]);
    }
}
