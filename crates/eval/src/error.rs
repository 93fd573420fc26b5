use std::path::{Path, PathBuf};

use consultation::Failure;
use note::ReadError;

/// Why something could not be measured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvalError {
    #[error("{file}: {source}", file = file.display())]
    File { file: PathBuf, source: std::io::Error },
    #[error("{file}: {source}", file = file.display())]
    Document { file: PathBuf, source: ReadError },
    #[error("{file}: the annotations cannot be read: {source}", file = file.display())]
    Annotations { file: PathBuf, source: serde_json::Error },
    #[error("{file}: {source}", file = file.display())]
    Speech { file: PathBuf, source: Failure },
    #[error("no {what} in {folder}", folder = folder.display())]
    Nothing { what: &'static str, folder: PathBuf },
}

impl EvalError {
    pub(crate) fn file(file: &Path, source: std::io::Error) -> Self {
        Self::File { file: file.into(), source }
    }
}
