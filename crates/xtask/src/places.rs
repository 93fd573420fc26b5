//! Where things lie: the checkout, the user's cache and data.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use crate::failure::Failure;

/// The root of the checkout this task was built from.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Where cargo puts what it builds: `CARGO_TARGET_DIR`, else `target` in the checkout.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Where the app looks for speech models: `CALAME_MODELS`, else the user's cache.
pub fn models() -> Result<PathBuf, Failure> {
    if let Some(folder) = std::env::var_os("CALAME_MODELS") {
        return Ok(PathBuf::from(folder));
    }
    Ok(project()?.cache_dir().join("models"))
}

/// Where packages of terminologies are kept.
pub fn terminologies() -> Result<PathBuf, Failure> {
    Ok(project()?.cache_dir().join("terminologies"))
}

/// Where the programs that speech is measured against are kept.
pub fn peers() -> Result<PathBuf, Failure> {
    Ok(project()?.cache_dir().join("peers"))
}

/// Where demonstrations keep their records.
pub fn demonstrations() -> Result<PathBuf, Failure> {
    Ok(project()?.data_dir().join("demo"))
}

fn project() -> Result<ProjectDirs, Failure> {
    ProjectDirs::from("", "", "calame").ok_or_else(|| {
        Failure::new("your home folder is not known", "set HOME, then run the same command again")
    })
}
