use std::path::{Path, PathBuf};

/// Why lexicons could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum TermsError {
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{package}: no wheel of it lies in {folder}")]
    Missing { package: &'static str, folder: PathBuf },
    #[error("{package}: {problem}")]
    Package { package: &'static str, problem: String },
    #[error("{package}: {member} is not the file that was reviewed (SHA-256 {found})")]
    Changed { package: &'static str, member: &'static str, found: String },
}

impl TermsError {
    pub fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }
}
