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
use crate::quantise::{is_quantisable, quantise};

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
/// When it is no whole model, bears the name of a published file and differs from it, or is not what was imported.
pub fn verify(path: &Path) -> Result<Verified, SpeechError> {
    let layout = check(path)?;
    let sha256 = checksum(path, &mut |_| ControlFlow::Continue(()))?;
    let verified = judge(path, file_name(path), sha256, layout.dimensions.english_only())?;
    match std::fs::read_to_string(noted(path)) {
        Ok(line) if verified.published.is_none() && !line.starts_with(&verified.sha256) => {
            let expected = line.split_whitespace().next().unwrap_or_default().to_owned();
            Err(SpeechError::ModelChecksum { path: path.into(), expected, found: verified.sha256 })
        }
        // Nobody noted one: the form has to do.
        _ => Ok(verified),
    }
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

/// Where the checksum of a file stands that nobody published, in the form of `sha256sum`.
fn noted(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".sha256");
    path.with_file_name(name)
}

/// A model that was brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    pub path: PathBuf,
    /// Of the file it came from, and of the one that was written.
    pub bytes_before: u64,
    pub bytes: u64,
    /// Its numbers were made eight bits wide, which is how Calame computes with them in any case.
    pub quantised: bool,
}

/// Brings a model file, from a stick for instance, into `dir`: under its own name as it is, or, when `lean` and its numbers
/// are 32 or 16 bits wide, in eight bits under a name that says so (`ggml-base.bin` → `ggml-base-q8_0.bin`). It bears
/// that name only once it is complete and verified; a model that was there before is replaced in one step.
///
/// `progress` is told the share that is done, 0 to 1; [`ControlFlow::Break`] ends the import and leaves nothing behind.
///
/// # Errors
/// As [`verify`], and when `dir` cannot be written or the import was broken off.
pub fn import(
    from: &Path,
    dir: &Path,
    lean: bool,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<Imported, SpeechError> {
    // First the cheap look: a film of two hours is refused before it is copied.
    let layout = check(from)?;
    let name = file_name(from);
    if name.is_empty() {
        return Err(SpeechError::ModelNotWhisper { path: from.into() });
    }
    let quantised = lean && is_quantisable(&layout);
    let mut to = dir.join(name);
    let same = from.canonicalize().ok().zip(to.canonicalize().ok()).is_some_and(|(a, b)| a == b);
    if same && !quantised {
        verify(&to)?;
        return Ok(Imported { bytes_before: size(&to)?, bytes: size(&to)?, path: to, quantised });
    }
    std::fs::create_dir_all(dir).map_err(|e| unwritable(dir, &e))?;
    let part = dir.join(format!("{name}.part"));
    let english_only = layout.dimensions.english_only();
    let brought = if quantised {
        in_eight_bits(from, &part, english_only, progress).inspect(|sha256| to = lean_place(&to, sha256))
    } else {
        copy(from, &part, progress)
            .and_then(|sha256| judge(from, name, sha256, english_only))
            .map(|verified| verified.sha256)
    };
    let brought = brought
        // What was written may differ from what was looked at, when the stick is failing.
        .and_then(|sha256| check(&part).map(|_| sha256))
        .and_then(|sha256| note(&to, &sha256))
        .and_then(|()| std::fs::rename(&part, &to).map_err(|e| unwritable(&to, &e)));
    if brought.is_err() {
        // That the rest cannot be removed adds nothing to the first error.
        let _ = std::fs::remove_file(&part);
    }
    brought?;
    Ok(Imported { bytes_before: size(from)?, bytes: size(&to)?, path: to, quantised })
}

/// Writes `from` in eight bits, once it is known to be what its name says; gives the checksum of what was written.
fn in_eight_bits(
    from: &Path,
    part: &Path,
    english_only: bool,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<String, SpeechError> {
    let sha256 = checksum(from, &mut |share| progress(share * 0.3))?;
    judge(from, file_name(from), sha256, english_only)?;
    quantise(from, part, &mut |share| progress(0.3 + share * 0.6))?;
    checksum(part, &mut |share| progress(0.9 + share * 0.1))
}

/// Beside the place of the whole file. A published name is for the published file alone.
fn lean_place(whole: &Path, sha256: &str) -> PathBuf {
    let stem = whole.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let lean = format!("{stem}-q8_0.bin");
    match find(&lean) {
        Some(published) if published.sha256 != sha256 => whole.with_file_name(format!("{stem}-own-q8_0.bin")),
        _ => whole.with_file_name(lean),
    }
}

/// Notes the checksum of a file that nobody published, for [`verify`].
fn note(path: &Path, sha256: &str) -> Result<(), SpeechError> {
    let noted = noted(path);
    if entries().iter().any(|entry| entry.sha256 == sha256) {
        return match std::fs::remove_file(&noted) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(unwritable(&noted, &e)),
            _ => Ok(()),
        };
    }
    std::fs::write(&noted, format!("{sha256}  {}\n", file_name(path))).map_err(|e| unwritable(&noted, &e))
}

fn size(path: &Path) -> Result<u64, SpeechError> {
    std::fs::metadata(path).map(|about| about.len()).map_err(|e| unreadable(path, &e))
}

fn copy(
    from: &Path,
    part: &Path,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<String, SpeechError> {
    let mut target = File::create(part).map_err(|e| unwritable(part, &e))?;
    let sha256 =
        read(from, progress, &mut |chunk| target.write_all(chunk).map_err(|e| unwritable(part, &e)))?;
    target.sync_all().map_err(|e| unwritable(part, &e))?;
    Ok(sha256)
}

fn checksum(path: &Path, progress: &mut dyn FnMut(f32) -> ControlFlow<()>) -> Result<String, SpeechError> {
    read(path, progress, &mut |_| Ok(()))
}

/// Hands over a file piece by piece; gives its checksum.
fn read(
    path: &Path,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    piece: &mut dyn FnMut(&[u8]) -> Result<(), SpeechError>,
) -> Result<String, SpeechError> {
    let mut source = File::open(path).map_err(|e| unreadable(path, &e))?;
    let total = source.metadata().map_err(|e| unreadable(path, &e))?.len().max(1);
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut done = 0;
    loop {
        let read = source.read(&mut buffer).map_err(|e| unreadable(path, &e))?;
        let Some(chunk) = buffer.get(..read).filter(|chunk| !chunk.is_empty()) else { break };
        hash.update(chunk);
        piece(chunk)?;
        done += read as u64;
        #[expect(clippy::cast_precision_loss, reason = "a share, for the eyes")]
        let share = (done as f32 / total as f32).min(1.0);
        if progress(share).is_break() {
            return Err(SpeechError::Cancelled);
        }
    }
    Ok(hex::encode(hash.finalize()))
}

fn unreadable(path: &Path, error: &std::io::Error) -> SpeechError {
    SpeechError::ModelUnreadable { path: path.into(), why: error.to_string() }
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

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

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
        let imported = import(&from, &dir, false, &mut progress).unwrap();
        let to = imported.path;
        assert_eq!(std::fs::read(&to).unwrap(), std::fs::read(&from).unwrap());
        assert!(!imported.quantised && imported.bytes == imported.bytes_before);
        assert!(shares.is_sorted() && shares.last() == Some(&1.0));
        let verified = verify(&to).unwrap();
        assert_eq!((verified.published, verified.english_only), (None, false));
        assert_eq!(names(&dir), ["modèle à moi.bin", "modèle à moi.bin.sha256"]);
    }

    #[test]
    fn a_wide_model_is_brought_in_lean_and_is_checked_as_such_ever_after() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("mine.bin");
        std::fs::write(&from, tiny_model(1, 51_865)).unwrap();
        let dir = folder.path().join("models");
        let mut shares = Vec::new();
        let mut progress = |share| {
            shares.push(share);
            GO_ON
        };
        let imported = import(&from, &dir, true, &mut progress).unwrap();
        assert!(shares.is_sorted() && shares.last() == Some(&1.0));
        assert!(imported.quantised && imported.bytes < imported.bytes_before);
        assert_eq!(names(&dir), ["mine-q8_0.bin", "mine-q8_0.bin.sha256"]);
        verify(&imported.path).unwrap();
        // Lean already, it is only copied.
        let again = import(&imported.path, &folder.path().join("more"), true, &mut |_| GO_ON).unwrap();
        assert!(!again.quantised);

        // A number that changed on the disk leaves the form as it was.
        let mut bytes = std::fs::read(&imported.path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(&imported.path, bytes).unwrap();
        assert!(matches!(verify(&imported.path), Err(SpeechError::ModelChecksum { .. })));
    }

    #[test]
    fn a_wide_model_that_is_already_there_stays_beside_its_lean_form() {
        let folder = tempfile::tempdir().unwrap();
        let wide = folder.path().join("mine.bin");
        std::fs::write(&wide, tiny_model(1, 51_865)).unwrap();
        assert!(import(&wide, folder.path(), true, &mut |_| GO_ON).unwrap().quantised);
        assert_eq!(names(folder.path()), ["mine-q8_0.bin", "mine-q8_0.bin.sha256", "mine.bin"]);
    }

    #[test]
    fn our_own_conversion_never_takes_a_published_name() {
        let whole = Path::new("/models/ggml-small.bin");
        let published = find("small-q8_0").unwrap();
        assert_eq!(lean_place(whole, &published.sha256), Path::new("/models/ggml-small-q8_0.bin"));
        assert_eq!(lean_place(whole, "other"), Path::new("/models/ggml-small-own-q8_0.bin"));
    }

    #[test]
    fn a_file_that_bears_a_published_name_but_differs_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("ggml-small.bin");
        std::fs::write(&from, tiny_model(1, 51_865)).unwrap();
        let dir = folder.path().join("models");
        for lean in [false, true] {
            let refused = import(&from, &dir, lean, &mut |_| GO_ON).unwrap_err();
            assert!(matches!(refused, SpeechError::ModelChecksum { .. }));
            assert!(names(&dir).is_empty());
        }
    }

    #[test]
    fn a_broken_off_import_leaves_the_old_model_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("mine.bin");
        std::fs::write(&from, tiny_model(1, 51_865)).unwrap();
        let dir = folder.path().join("models");
        std::fs::create_dir(&dir).unwrap();
        std::fs::write(dir.join("mine.bin"), "old").unwrap();
        for lean in [false, true] {
            let broken = import(&from, &dir, lean, &mut |_| ControlFlow::Break(()));
            assert_eq!(broken, Err(SpeechError::Cancelled));
            assert_eq!(std::fs::read(dir.join("mine.bin")).unwrap(), b"old");
            assert_eq!(names(&dir), ["mine.bin"]);
        }
    }

    #[test]
    fn something_else_than_a_model_is_refused_before_it_is_copied() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("film.mkv");
        std::fs::write(&from, vec![7; 10_000]).unwrap();
        let refused = import(&from, folder.path(), true, &mut |_| panic!("nothing is copied")).unwrap_err();
        assert!(matches!(refused, SpeechError::ModelNotWhisper { .. }));
    }
}
