use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use note::Language;
use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::models::Measured;

/// Known before the record is unlocked, so it lies in the clear: nothing about patients or the practice.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct Preferences {
    pub language: Language,
    pub theme: Theme,
    /// Id of an input device; the system's default when absent or unplugged.
    pub microphone: Option<String>,
    /// File name of an imported speech model; the one that comes with the set-up when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub model: Option<String>,
    /// Size of everything in the window, in percent; 100 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text_percent: Option<u16>,
    /// Keys that the doctor chose, by the name of what they do; the others are as they come.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(optional, as = "Option<BTreeMap<String, Vec<String>>>")]
    pub shortcuts: BTreeMap<String, Vec<String>>,
    /// What was measured of each model file, by its name. No screen changes it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(skip)]
    pub(crate) speeds: BTreeMap<String, Measured>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
    /// Black and white, heavier lines.
    Contrast,
}

impl Preferences {
    /// How many times as large as it comes; a damaged number never makes the window unreadable.
    #[must_use]
    pub fn zoom(&self) -> f64 {
        f64::from(self.text_percent.unwrap_or(100).clamp(75, 250)) / 100.0
    }

    /// A missing or damaged file gives the defaults: preferences never keep a doctor out.
    #[must_use]
    pub fn load(path: &Path) -> Self {
        std::fs::read_to_string(path)
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default()
    }

    /// # Errors
    /// When the file cannot be written; the old one then stays whole.
    pub fn save(&self, path: &Path) -> Result<(), Failure> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let write = || -> std::io::Result<()> {
            std::fs::create_dir_all(folder)?;
            let part = path.with_extension("part");
            let mut file = std::fs::File::create(&part)?;
            file.write_all(serde_json::to_string_pretty(self)?.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&part, path)
        };
        write().map_err(|source| Failure::io(&source, path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_gives_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("preferences.json");
        assert_eq!(Preferences::load(&path), Preferences::default());
        std::fs::write(&path, "{ half").unwrap();
        assert_eq!(Preferences::load(&path), Preferences::default());
    }

    #[test]
    fn what_is_saved_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep").join("preferences.json");
        let chosen = Preferences {
            language: Language::En,
            theme: Theme::Dark,
            microphone: Some("usb".into()),
            model: None,
            text_percent: Some(150),
            shortcuts: [("stop".to_owned(), vec!["X".to_owned()])].into(),
            speeds: BTreeMap::new(),
        };
        chosen.save(&path).unwrap();
        assert_eq!(Preferences::load(&path), chosen);
    }
}
