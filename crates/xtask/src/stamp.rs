//! Stamps: small files that say that something was verified or done, so that it is not done again.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A file as it was when its checksum was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    pub bytes: u64,
    /// Time of modification in nanoseconds since 1970.
    pub modified_ns: u128,
    pub sha256: String,
}

impl Seen {
    /// What the stamp beside `file` says, if the file has not changed since.
    pub fn recall(file: &Path) -> Option<Seen> {
        let seen: Seen = serde_json::from_slice(&fs::read(stamp_of(file)).ok()?).ok()?;
        (state(file).ok()? == (seen.bytes, seen.modified_ns)).then_some(seen)
    }

    /// Notes beside `file` that its content has this checksum.
    pub fn keep(file: &Path, sha256: &str) -> io::Result<()> {
        let (bytes, modified_ns) = state(file)?;
        let seen = Seen { bytes, modified_ns, sha256: sha256.to_owned() };
        write_whole(&stamp_of(file), &serde_json::to_vec(&seen)?)
    }
}

fn stamp_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".verified");
    PathBuf::from(name)
}

fn state(file: &Path) -> io::Result<(u64, u128)> {
    let about = fs::metadata(file)?;
    let modified = about.modified()?.duration_since(UNIX_EPOCH).map_err(io::Error::other)?;
    Ok((about.len(), modified.as_nanos()))
}

/// SHA-256 of a file as lower-case hexadecimal; `on` is told the bytes read.
pub fn sha256_of(file: &Path, on: &mut dyn FnMut(u64)) -> io::Result<String> {
    let mut source = File::open(file)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let count = source.read(&mut buffer)?;
        if count == 0 {
            return Ok(hex::encode(digest.finalize()));
        }
        digest.update(&buffer[..count]);
        on(count as u64);
    }
}

/// A folder of stamps in the target folder, for work done in the checkout.
#[derive(Debug)]
pub struct Done {
    file: PathBuf,
    state: String,
}

impl Done {
    /// The work called `name` on `inputs`: files, or folders with all they hold. What does not exist counts
    /// as absent, so that its arrival is a change.
    pub fn on(folder: &Path, name: &str, inputs: &[PathBuf]) -> io::Result<Done> {
        let mut digest = Sha256::new();
        for input in inputs {
            fold(&mut digest, input)?;
        }
        Ok(Done { file: folder.join(name), state: hex::encode(digest.finalize()) })
    }

    /// Whether the work was done on these very inputs.
    pub fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|state| state == self.state)
    }

    /// Notes that the work is done.
    pub fn keep(&self) -> io::Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        write_whole(&self.file, self.state.as_bytes())
    }
}

fn fold(digest: &mut Sha256, path: &Path) -> io::Result<()> {
    digest.update(path.as_os_str().as_encoded_bytes());
    digest.update([0]);
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => digest.update([0]),
        Err(error) => return Err(error),
        Ok(about) if about.is_dir() => {
            digest.update([1]);
            let mut entries = fs::read_dir(path)?
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<Vec<_>, _>>()?;
            entries.sort();
            entries.iter().try_for_each(|entry| fold(digest, entry))?;
        }
        Ok(_) => {
            digest.update([2]);
            digest.update(Sha256::digest(fs::read(path)?));
        }
    }
    Ok(())
}

/// Writes beside and renames, so that a stamp is never half there.
fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    fs::write(&part, content)?;
    fs::rename(&part, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_holds_until_its_file_changes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("model.bin");
        fs::write(&file, b"abc").unwrap();
        assert_eq!(Seen::recall(&file), None);
        let sum = sha256_of(&file, &mut |_| {}).unwrap();
        assert_eq!(sum, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        Seen::keep(&file, &sum).unwrap();
        assert_eq!(Seen::recall(&file).unwrap().sha256, sum);
        fs::write(&file, b"abcd").unwrap();
        assert_eq!(Seen::recall(&file), None);
    }

    #[test]
    fn a_stamp_does_not_hold_when_only_the_time_changed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("model.bin");
        fs::write(&file, b"abc").unwrap();
        Seen::keep(&file, "00").unwrap();
        let later = std::time::SystemTime::now() + std::time::Duration::from_secs(60);
        File::options().write(true).open(&file).unwrap().set_modified(later).unwrap();
        assert_eq!(Seen::recall(&file), None);
    }

    #[test]
    fn a_damaged_stamp_counts_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("model.bin");
        fs::write(&file, b"abc").unwrap();
        fs::write(stamp_of(&file), b"{\"bytes\":3").unwrap();
        assert_eq!(Seen::recall(&file), None);
    }

    #[test]
    fn work_is_current_until_an_input_changes_appears_or_goes() {
        let folder = tempfile::tempdir().unwrap();
        let sources = folder.path().join("src");
        fs::create_dir(&sources).unwrap();
        fs::write(sources.join("a.ts"), "1").unwrap();
        let inputs = [sources.clone(), folder.path().join("package.json")];
        let done = || Done::on(&folder.path().join("stamps"), "ui", &inputs).unwrap();
        assert!(!done().is_current());
        done().keep().unwrap();
        assert!(done().is_current());
        fs::write(sources.join("a.ts"), "2").unwrap();
        assert!(!done().is_current());
        done().keep().unwrap();
        fs::write(folder.path().join("package.json"), "{}").unwrap();
        assert!(!done().is_current());
        done().keep().unwrap();
        fs::rename(sources.join("a.ts"), sources.join("b.ts")).unwrap();
        assert!(!done().is_current());
    }
}
