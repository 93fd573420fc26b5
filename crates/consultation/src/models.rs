use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use speech::catalogue;

use crate::calame::held;
use crate::{Calame, Failure, FailureCode, Status};

impl Calame {
    /// Copies a model file into the folder of models, checks it whole, and uses it from now on.
    ///
    /// # Errors
    /// When the file is not a whole Whisper model, or during a recording: the model in use then stays.
    pub fn import_model(&self, file: &Path) -> Result<Status, Failure> {
        if self.inner.recording_id().is_some() {
            return Err(Failure::of(FailureCode::RecordingInProgress));
        }
        let path = import(file, &self.inner.places.models, &mut |_| ControlFlow::Continue(()))?;
        let mut preferences = held(&self.inner.preferences).clone();
        preferences.model = path.file_name().map(|name| name.to_string_lossy().into_owned());
        self.inner.engine.choose(path);
        self.save_preferences(preferences)
    }
}

/// A model file in the folder of models, or one that is published and could be imported.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ModelFile {
    pub name: String,
    pub file: String,
    pub bytes: u64,
    pub installed: bool,
    /// Why it cannot be used, where that was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
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

/// Copies a model file into the folder; a damaged one is refused and leaves nothing behind.
///
/// # Errors
/// When the file is not a whole Whisper model, or the folder cannot be written.
pub fn import(
    file: &Path,
    folder: &Path,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<PathBuf, Failure> {
    std::fs::create_dir_all(folder).map_err(|source| Failure::io(&source, folder))?;
    Ok(catalogue::import(file, folder, progress)?)
}

fn installed(folder: &Path) -> Vec<ModelFile> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut files: Vec<_> = entries
        .filter_map(|entry| {
            let file = entry.file_name().to_string_lossy().into_owned();
            let name = file.strip_prefix("ggml-")?.strip_suffix(".bin")?.to_owned();
            let bytes = entry.metadata().ok()?.len();
            Some(ModelFile { name, file, bytes, installed: true, problem: None })
        })
        .collect();
    files.sort_by(|a, b| a.file.cmp(&b.file));
    files
}
