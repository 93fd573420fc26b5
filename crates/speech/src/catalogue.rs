//! The published Whisper models, and how a file of them gets to where it is used.

use std::fs::File;
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use note::Language;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::SpeechError;
use crate::model::check;

/// One published model file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// As in a transcript: `base-q8_0`.
    pub name: String,
    pub file: String,
    #[ts(type = "number")]
    pub bytes: u64,
    /// Those of Calame that it knows.
    pub languages: Vec<Language>,
    pub licence: String,
    pub sha256: String,
}

#[derive(Deserialize)]
struct Catalogue {
    models: Vec<Entry>,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let json = include_str!("../../../assets/models/catalogue.json");
    // A test reads it too; an unreadable catalogue leaves every file unlisted, which harms nobody.
    serde_json::from_str::<Catalogue>(json).map(|c| c.models).unwrap_or_default()
});

/// All of them, smallest first, models for English alone last.
#[must_use]
pub fn entries() -> &'static [Entry] {
    &ENTRIES
}

/// By name (`base-q8_0`) or file name (`ggml-base-q8_0.bin`).
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    entries().iter().find(|entry| entry.name == name || entry.file == name)
}

/// A model file that was found whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Verified {
    pub sha256: String,
    /// The published file that it equals, byte for byte; absent for somebody's own conversion.
    pub published: Option<Entry>,
    pub english_only: bool,
}

/// Reads the whole file: its form from the first byte to the last, and its checksum.
///
/// # Errors
/// When it is no whole model, or bears the name of a published file and differs from it.
pub fn verify(path: &Path) -> Result<Verified, SpeechError> {
    let unreadable =
        |e: std::io::Error| SpeechError::ModelUnreadable { path: path.into(), why: e.to_string() };
    let layout = check(path)?;
    let mut hash = Sha256::new();
    let mut file = File::open(path).map_err(unreadable)?;
    std::io::copy(&mut file, &mut hash).map_err(unreadable)?;
    judge(path, file_name(path), hex::encode(hash.finalize()), layout.dimensions.english_only())
}

fn judge(path: &Path, name: &str, sha256: String, english_only: bool) -> Result<Verified, SpeechError> {
    let published = entries().iter().find(|entry| entry.sha256 == sha256).cloned();
    match find(name) {
        Some(namesake) if published.is_none() => Err(SpeechError::ModelChecksum {
            path: path.into(),
            expected: namesake.sha256.clone(),
            found: sha256,
        }),
        _ => Ok(Verified { sha256, published, english_only }),
    }
}

/// Copies a model file, from a stick for instance, into `dir` under its own name, and gives its new place. The copy bears
/// that name only once it is complete and verified; a model that was there before is replaced in one step.
///
/// `progress` is told the share that is copied, 0 to 1; [`ControlFlow::Break`] ends the import and leaves nothing behind.
///
/// # Errors
/// As [`verify`], and when `dir` cannot be written or the import was broken off.
pub fn import(
    from: &Path,
    dir: &Path,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<PathBuf, SpeechError> {
    // First the cheap look: a film of two hours is refused before it is copied.
    let layout = check(from)?;
    let name = file_name(from);
    if name.is_empty() {
        return Err(SpeechError::ModelNotWhisper { path: from.into() });
    }
    let to = dir.join(name);
    let same = from.canonicalize().ok().zip(to.canonicalize().ok()).is_some_and(|(a, b)| a == b);
    if same {
        verify(&to)?;
        return Ok(to);
    }
    let part = dir.join(format!("{name}.part"));
    let copied = copy(from, &part, progress)
        .and_then(|sha256| judge(from, name, sha256, layout.dimensions.english_only()))
        // What was copied may differ from what was looked at, when the stick is failing.
        .and_then(|_| check(&part))
        .and_then(|_| std::fs::rename(&part, &to).map_err(|e| unwritable(&to, &e)));
    if copied.is_err() {
        // That the rest cannot be removed adds nothing to the first error.
        let _ = std::fs::remove_file(&part);
    }
    copied.map(|()| to)
}

fn copy(
    from: &Path,
    part: &Path,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<String, SpeechError> {
    let unreadable =
        |e: std::io::Error| SpeechError::ModelUnreadable { path: from.into(), why: e.to_string() };
    let mut source = File::open(from).map_err(unreadable)?;
    let total = source.metadata().map_err(unreadable)?.len().max(1);
    if let Some(dir) = part.parent() {
        std::fs::create_dir_all(dir).map_err(|e| unwritable(dir, &e))?;
    }
    let mut target = File::create(part).map_err(|e| unwritable(part, &e))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut done = 0;
    loop {
        let read = source.read(&mut buffer).map_err(unreadable)?;
        let Some(chunk) = buffer.get(..read).filter(|chunk| !chunk.is_empty()) else { break };
        hash.update(chunk);
        target.write_all(chunk).map_err(|e| unwritable(part, &e))?;
        done += read as u64;
        #[expect(clippy::cast_precision_loss, reason = "a share, for the eyes")]
        let share = (done as f32 / total as f32).min(1.0);
        if progress(share).is_break() {
            return Err(SpeechError::Cancelled);
        }
    }
    target.sync_all().map_err(|e| unwritable(part, &e))?;
    Ok(hex::encode(hash.finalize()))
}

fn unwritable(path: &Path, error: &std::io::Error) -> SpeechError {
    SpeechError::Write { path: path.into(), why: error.to_string() }
}

fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::tests::tiny_model;

    const GO_ON: ControlFlow<()> = ControlFlow::Continue(());

    #[test]
    fn the_catalogue_is_sound() {
        assert!(entries().len() >= 15);
        for entry in entries() {
            assert_eq!(entry.file, format!("ggml-{}.bin", entry.name));
            assert!(entry.bytes > 30_000_000 && entry.licence == "MIT");
            assert!(entry.sha256.len() == 64 && hex::decode(&entry.sha256).is_ok());
            assert_eq!(entry.languages.contains(&Language::Fr), !entry.name.ends_with(".en"));
        }
        assert_eq!(find("base-q8_0").map(|e| e.bytes), Some(81_768_585));
        assert_eq!(find("ggml-base.bin"), find("base"));
    }

    #[test]
    fn an_import_into_a_folder_with_any_name_keeps_the_file_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("clé USB").join("modèle à moi.bin");
        std::fs::create_dir_all(from.parent().unwrap()).unwrap();
        std::fs::write(&from, tiny_model(1, 51_865)).unwrap();
        let dir = folder.path().join("données de Zoé").join("日本");
        let mut shares = Vec::new();
        let mut progress = |share| {
            shares.push(share);
            GO_ON
        };
        let to = import(&from, &dir, &mut progress).unwrap();
        assert_eq!(std::fs::read(&to).unwrap(), std::fs::read(&from).unwrap());
        assert!(shares.is_sorted() && shares.last() == Some(&1.0));
        let verified = verify(&to).unwrap();
        assert_eq!((verified.published, verified.english_only), (None, false));
        assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_bears_a_published_name_but_differs_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("ggml-small.bin");
        std::fs::write(&from, tiny_model(1, 51_865)).unwrap();
        let dir = folder.path().join("models");
        let refused = import(&from, &dir, &mut |_| GO_ON).unwrap_err();
        assert!(matches!(refused, SpeechError::ModelChecksum { .. }));
        assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 0);
    }

    #[test]
    fn a_broken_off_import_leaves_the_old_model_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("mine.bin");
        std::fs::write(&from, tiny_model(1, 51_865)).unwrap();
        let dir = folder.path().join("models");
        std::fs::create_dir(&dir).unwrap();
        std::fs::write(dir.join("mine.bin"), "old").unwrap();
        let broken = import(&from, &dir, &mut |_| ControlFlow::Break(()));
        assert_eq!(broken, Err(SpeechError::Cancelled));
        assert_eq!(std::fs::read(dir.join("mine.bin")).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1);
    }

    #[test]
    fn something_else_than_a_model_is_refused_before_it_is_copied() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("film.mkv");
        std::fs::write(&from, vec![7; 10_000]).unwrap();
        let refused = import(&from, folder.path(), &mut |_| panic!("nothing is copied")).unwrap_err();
        assert!(matches!(refused, SpeechError::ModelNotWhisper { .. }));
    }
}
