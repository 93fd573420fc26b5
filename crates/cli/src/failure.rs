use std::path::Path;

use consultation::{Failure, ReadError};

/// One line for stderr.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    #[error("{0}")]
    Failure(#[from] Failure),
    #[error("{file}: {source}")]
    File { file: String, source: std::io::Error },
    #[error("{file}: {source}")]
    Document { file: String, source: ReadError },
    #[error("{0}")]
    Eval(#[from] ::eval::EvalError),
    #[error("{0}")]
    Input(String),
    #[error("the result could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("{failed} of {total} transcripts could not be structured")]
    Batch { failed: usize, total: usize },
}

impl CliError {
    pub fn file(file: impl AsRef<Path>, source: std::io::Error) -> Self {
        Self::File { file: file.as_ref().display().to_string(), source }
    }
}
