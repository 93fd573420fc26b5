//! The `calame` command as a user runs it, with a home of its own.

#![allow(clippy::unwrap_used, clippy::panic)] // What cannot be set up fails the test, and says what it was.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub const PASSPHRASE: &str = "lanterne violette sur la dune 47";

/// The built program `name`: in `CALAME_PROGRAMS`, or beside the tests.
///
/// # Panics
/// When it is not built.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    let beside = || std::env::current_exe().ok()?.ancestors().nth(2).map(Path::to_path_buf);
    let folder = std::env::var_os("CALAME_PROGRAMS").map(PathBuf::from).or_else(beside).unwrap_or_default();
    let path = folder.join(name);
    assert!(
        path.is_file(),
        "{name} is not in {}: run `cargo build --workspace --bins` first",
        folder.display()
    );
    path
}

/// The speech model: `CALAME_MODEL`, or what the set-up command put into the cache.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn model() -> PathBuf {
    let cached = || {
        let cache = std::env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")));
        cache.unwrap_or_default().join("calame/models/ggml-base-q8_0.bin")
    };
    let path = std::env::var_os("CALAME_MODEL").map_or_else(cached, PathBuf::from);
    assert!(path.is_file(), "the speech model {} is missing: run `cargo xtask run` first", path.display());
    path
}

/// What a run of the command gave.
#[derive(Debug)]
pub struct Answer {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Answer {
    /// What was printed, of a run that went well.
    ///
    /// # Panics
    /// When it did not.
    #[must_use]
    pub fn done(self) -> String {
        assert_eq!(self.code, Some(0), "the command failed: {}", self.stderr);
        self.stdout
    }

    /// The JSON printed by a run that went well.
    ///
    /// # Panics
    /// When it failed or printed something else.
    #[must_use]
    pub fn json(self) -> Value {
        let text = self.done();
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("not JSON ({e}): {text}"))
    }

    /// The one line on stderr of a run that failed with exit code 1 and printed no result.
    ///
    /// # Panics
    /// When it went otherwise.
    #[must_use]
    pub fn refusal(self) -> String {
        assert_eq!(self.code, Some(1), "exit code; stdout {:?}, stderr {:?}", self.stdout, self.stderr);
        assert_eq!(self.stdout, "", "a failure prints no result");
        let said: Vec<&str> = self.stderr.lines().filter(|line| line.starts_with("calame: ")).collect();
        assert_eq!(said.len(), 1, "one line says why: {:?}", self.stderr);
        said.concat()
    }
}

/// A user's home: a folder, a record in it, the passphrase in a file.
pub struct Home {
    folder: TempDir,
    model: PathBuf,
}

impl Home {
    /// An empty home.
    ///
    /// # Panics
    /// Without a speech model.
    #[must_use]
    pub fn new() -> Self {
        let home = Self { folder: tempfile::tempdir().unwrap(), model: model() };
        fs::write(home.at("passphrase.txt"), format!("{PASSPHRASE}\n")).unwrap();
        home
    }

    /// A home with an empty record.
    ///
    /// # Panics
    /// When it could not be created.
    #[must_use]
    pub fn with_record() -> Self {
        let home = Self::new();
        let code = home.record(["init"]).done();
        assert!(code.trim().split('-').count() >= 4, "a recovery code: {code}");
        home
    }

    /// A file of this home.
    #[must_use]
    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `calame` with these arguments, not started yet.
    #[must_use]
    pub fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(program("calame"));
        self.equip(&mut command);
        command.args(arguments);
        command
    }

    /// Gives a command this home and the speech model.
    pub fn equip(&self, command: &mut Command) {
        command
            .env("CALAME_HOME", self.at("home"))
            .env("CALAME_MODEL", &self.model)
            .env_remove("CALAME_RECORD")
            .env_remove("CALAME_PASSPHRASE_FILE");
    }

    /// Runs `calame` with these arguments.
    pub fn calame<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Answer {
        answer(&mut self.command(arguments))
    }

    /// Runs `calame record` against this home's record.
    pub fn record<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Answer {
        answer(self.command(["record"]).args(arguments).args(self.access()))
    }

    /// The options that open this home's record.
    #[must_use]
    pub fn access(&self) -> [String; 4] {
        let path = |name| self.at(name).display().to_string();
        ["--record".into(), path("visits.calame"), "--passphrase-file".into(), path("passphrase.txt")]
    }

    /// Ids of the consultations in the record, newest first.
    #[must_use]
    pub fn consultations(&self) -> Vec<String> {
        ids(&self.record(["list"]).json())
    }
}

impl Default for Home {
    fn default() -> Self {
        Self::new()
    }
}

/// The ids in a printed list of consultations.
///
/// # Panics
/// When it is not one.
#[must_use]
pub fn ids(list: &Value) -> Vec<String> {
    let rows = list.as_array().unwrap_or_else(|| panic!("a list: {list}"));
    rows.iter().map(|row| row["id"].as_str().unwrap_or_default().to_owned()).collect()
}

/// Runs a command to its end.
///
/// # Panics
/// When it cannot be started.
pub fn answer(command: &mut Command) -> Answer {
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|e| panic!("{:?} cannot be started: {e}", command.get_program()));
    Answer {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
