use std::path::PathBuf;

use crate::{Failure, FailureCode};

/// Where things lie on this machine. Patient data is in `record` alone.
#[derive(Debug, Clone)]
pub struct Places {
    /// The encrypted record; its wrapped keys lie beside it.
    pub record: PathBuf,
    /// Language, theme and microphone: nothing about patients.
    pub preferences: PathBuf,
    /// Speech models, shared with the set-up command.
    pub models: PathBuf,
    /// Where exported documents go until the doctor chooses a folder.
    pub exports: PathBuf,
}

impl Places {
    /// The folders of this user. `CALAME_HOME` puts everything but the models under one folder of its own;
    /// `CALAME_MODELS` names the folder of models.
    ///
    /// # Errors
    /// When the system knows no home folder.
    pub fn of_this_user() -> Result<Self, Failure> {
        let folders = directories::ProjectDirs::from("", "", "calame")
            .ok_or_else(|| Failure::of(FailureCode::Internal).with("reason", "no home folder"))?;
        let models = std::env::var_os("CALAME_MODELS")
            .map_or_else(|| folders.cache_dir().join("models"), PathBuf::from);
        if let Some(home) = std::env::var_os("CALAME_HOME").map(PathBuf::from) {
            return Ok(Self {
                record: home.join("record.calame"),
                preferences: home.join("preferences.json"),
                models,
                exports: home.join("exports"),
            });
        }
        let documents = directories::UserDirs::new()
            .and_then(|user| user.document_dir().map(PathBuf::from).or(Some(user.home_dir().to_path_buf())))
            .unwrap_or_else(|| folders.data_dir().to_path_buf());
        Ok(Self {
            record: folders.data_dir().join("record.calame"),
            preferences: folders.config_dir().join("preferences.json"),
            models,
            exports: documents.join("Calame"),
        })
    }
}
