//! The files of a folder, in the order of their names.

use std::path::{Path, PathBuf};

use crate::gold::Unreadable;
use crate::{Annotated, EvalError};

/// Files directly in `folder` whose names end as asked.
pub(crate) fn files(
    folder: &Path,
    wanted: impl Fn(&str) -> bool,
    what: &'static str,
) -> Result<Vec<PathBuf>, EvalError> {
    let entries = std::fs::read_dir(folder).map_err(|e| EvalError::file(folder, e))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.is_file() && wanted(&path.file_name().unwrap_or_default().to_string_lossy()))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(EvalError::Nothing { what, folder: folder.into() });
    }
    Ok(files)
}

pub(crate) fn read(path: &Path) -> Result<String, EvalError> {
    std::fs::read_to_string(path).map_err(|e| EvalError::file(path, e))
}

pub(crate) fn write(path: &Path, text: &str) -> Result<(), EvalError> {
    std::fs::write(path, text).map_err(|e| EvalError::file(path, e))
}

pub(crate) fn make(folder: &Path) -> Result<(), EvalError> {
    std::fs::create_dir_all(folder).map_err(|e| EvalError::file(folder, e))
}

/// Name of a file without its last extension.
pub(crate) fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Every annotated consultation of a folder, with its file.
pub(crate) fn consultations(folder: &Path) -> Result<Vec<(PathBuf, Annotated)>, EvalError> {
    let files = files(folder, |name| name.ends_with(".json"), "annotated consultation (.json)")?;
    files
        .into_iter()
        .map(|path| match Annotated::from_json(&read(&path)?) {
            Ok(annotated) => Ok((path, annotated)),
            Err(Unreadable::Transcript(source)) => Err(EvalError::Document { file: path, source }),
            Err(Unreadable::Annotations(source)) => Err(EvalError::Annotations { file: path, source }),
        })
        .collect()
}
