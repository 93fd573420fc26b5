//! An official ggml file that the user has: checked, and copied to where the app looks.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::pins::{BASE, QUANTISED};
use super::{ggml, lock, write_whole};
use crate::failure::{AtPath, Failure};
use crate::places;
use crate::progress::Step;
use crate::stamp::{self, Seen};

/// 16-bit weights, in ggml's file types.
const SIXTEEN_BITS: u32 = 1;

/// Checks `source` and copies it into the folder of models under its own name; a 16-bit model also gets its
/// quantised form beside it. Returns the file that is to be used.
pub fn import(source: &Path) -> Result<PathBuf, Failure> {
    let folder = places::models()?;
    fs::create_dir_all(&folder).at("create", &folder)?;
    let _lock = lock(&folder)?;
    import_into(source, &folder, &known(&places::root()))
}

/// A published file: name, size, SHA-256.
#[derive(Debug, PartialEq, Eq)]
struct Known {
    file: String,
    bytes: u64,
    sha256: String,
}

fn import_into(source: &Path, folder: &Path, known: &[Known]) -> Result<PathBuf, Failure> {
    let name = source.file_name().and_then(|name| name.to_str()).filter(|name| name.ends_with(".bin"));
    let name = name.ok_or_else(|| {
        Failure::new(
            format!("{} is not called like a ggml model", source.display()),
            "name a file such as ggml-base.bin",
        )
    })?;
    let about = fs::metadata(source).at("read", source)?;
    let step = Step::bytes(format!("verifying {name}"), about.len());
    let sum = stamp::sha256_of(source, &mut |count| step.add(count)).at("read", source)?;
    step.done();
    judge(name, about.len(), &sum, known)?;

    let bytes = fs::read(source).at("read", source)?;
    let file = ggml::File::parse(&bytes).map_err(|error| {
        Failure::new(
            format!("{name} is not a whole Whisper model: {error}"),
            "fetch the file again, then name the new one",
        )
    })?;
    let copy = folder.join(name);
    if Seen::recall(&copy).is_none_or(|seen| seen.sha256 != sum) {
        let step = Step::bytes(format!("copying {name}"), bytes.len() as u64);
        write_whole(&copy, &mut |out| {
            for chunk in bytes.chunks(1 << 20) {
                out.write_all(chunk).at("write", &copy)?;
                step.add(chunk.len() as u64);
            }
            Ok(())
        })?;
        step.done();
    }
    if file.head.sizes.base_type() != SIXTEEN_BITS {
        return Ok(copy);
    }
    let quantised = folder.join(format!("{}-q8_0.bin", name.trim_end_matches(".bin")));
    if Seen::recall(&quantised).is_none() {
        super::quantise_to(&bytes, &file, &quantised)?;
    }
    Ok(quantised)
}

/// A file of a known name or size must have the known checksum; others are taken with a word.
fn judge(name: &str, bytes: u64, sum: &str, known: &[Known]) -> Result<(), Failure> {
    if known.iter().any(|known| known.sha256 == sum) {
        return Ok(());
    }
    match known.iter().find(|known| known.file == name || known.bytes == bytes) {
        Some(expected) => Err(Failure::new(
            format!(
                "{name} has the SHA-256 {sum}, and the published {} has {}: refused",
                expected.file, expected.sha256
            ),
            "the file is damaged or was changed: fetch it again",
        )),
        None => {
            eprintln!("  {name} is not in the catalogue; its SHA-256 is {sum}");
            Ok(())
        }
    }
}

/// The catalogue of the checkout, if it is there, and the two files that are pinned here.
fn known(root: &Path) -> Vec<Known> {
    let pinned = [&BASE, &QUANTISED];
    let pinned =
        pinned.map(|pin| Known { file: pin.file.into(), bytes: pin.bytes, sha256: pin.sha256.into() });
    let catalogue = fs::read(root.join("assets/models/catalogue.json")).ok();
    let listed = catalogue.and_then(|json| serde_json::from_slice(&json).ok()).map(|json| listed(&json));
    pinned.into_iter().chain(listed.unwrap_or_default()).collect()
}

/// Every object in the catalogue that gives a file, its size and its SHA-256, wherever it stands.
fn listed(json: &Value) -> Vec<Known> {
    match json {
        Value::Array(items) => items.iter().flat_map(listed).collect(),
        Value::Object(fields) => {
            let text = |key: &str| fields.get(key).and_then(Value::as_str).map(str::to_owned);
            let bytes = fields.get("bytes").and_then(Value::as_u64);
            match (text("file"), bytes, text("sha256")) {
                (Some(file), Some(bytes), Some(sha256)) => vec![Known { file, bytes, sha256 }],
                _ => fields.values().flat_map(listed).collect(),
            }
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known_abc() -> Vec<Known> {
        vec![Known { file: "ggml-abc.bin".into(), bytes: 3, sha256: "aa".into() }]
    }

    #[test]
    fn a_known_name_or_size_must_have_the_known_checksum() {
        assert!(judge("ggml-abc.bin", 3, "aa", &known_abc()).is_ok());
        assert!(judge("renamed.bin", 3, "aa", &known_abc()).is_ok());
        let failure = judge("ggml-abc.bin", 4, "bb", &known_abc()).unwrap_err().to_string();
        assert!(failure.contains("bb") && failure.contains("aa") && failure.contains("refused"), "{failure}");
        assert!(judge("renamed.bin", 3, "bb", &known_abc()).is_err());
        assert!(judge("ggml-other.bin", 9, "bb", &known_abc()).is_ok());
    }

    #[test]
    fn the_catalogue_is_read_whatever_surrounds_its_entries() {
        let json = serde_json::json!({"schema": "x", "models": [
            {"name": "abc", "file": "ggml-abc.bin", "bytes": 3, "sha256": "aa"},
            {"name": "half", "file": "ggml-half.bin"}]});
        assert_eq!(listed(&json), known_abc());
        assert_eq!(known(Path::new("/no/such/checkout")).len(), 2);
    }

    #[test]
    fn a_16_bit_model_is_copied_and_quantised_and_the_second_time_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("ggml-mine.bin"), folder.path().join("models"));
        fs::create_dir(&to).unwrap();
        fs::write(&from, ggml::tests::sample()).unwrap();
        let used = import_into(&from, &to, &[]).unwrap();
        assert_eq!(used, to.join("ggml-mine-q8_0.bin"));
        assert_eq!(fs::read(to.join("ggml-mine.bin")).unwrap(), ggml::tests::sample());
        let made = fs::metadata(&used).unwrap().modified().unwrap();
        assert_eq!(import_into(&from, &to, &[]).unwrap(), used);
        assert_eq!(fs::metadata(&used).unwrap().modified().unwrap(), made);
    }

    #[test]
    fn a_cut_file_and_a_file_of_another_kind_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let cut = folder.path().join("ggml-cut.bin");
        let whole = ggml::tests::sample();
        fs::write(&cut, &whole[..whole.len() - 9]).unwrap();
        let failure = import_into(&cut, folder.path(), &[]).unwrap_err().to_string();
        assert!(failure.contains("not a whole Whisper model"), "{failure}");
        let other = folder.path().join("sound.wav");
        fs::write(&other, b"RIFF").unwrap();
        assert!(import_into(&other, folder.path(), &[]).is_err());
    }
}
