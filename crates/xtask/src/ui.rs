//! The screens: their packages and their build, each done only when something it depends on changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::failure::{AtPath, Failure};
use crate::places;
use crate::progress;
use crate::stamp::Done;

/// Entries of `ui/` that its build does not read: they are made, or only test it.
const UNREAD: [&str; 7] = ["node_modules", "dist", "dist-mock", "coverage", ".vite", "tests", "browser"];

/// Installs the packages of the lock file.
pub fn install() -> Result<(), Failure> {
    let ui = places::root().join("ui");
    let inputs = [ui.join("package.json"), ui.join("package-lock.json")];
    let done = stamp(&ui, "installed", &inputs)?;
    if done.is_current() {
        progress::already("packages of the screens: installed");
        return Ok(());
    }
    command::quiet(
        "installing the packages of the screens (npm ci)",
        npm(&["ci", "--no-audit", "--no-fund"]).current_dir(&ui),
        "check the connection and npm's settings, then run the same command again",
    )?;
    done.keep().at("write a stamp in", &ui)
}

/// Builds the screens into `ui/dist`, which the app embeds.
pub fn build() -> Result<(), Failure> {
    let ui = places::root().join("ui");
    let done = stamp(&ui, "built", &sources(&ui)?)?;
    if done.is_current() && ui.join("dist/index.html").exists() {
        progress::already("screens: built");
        return Ok(());
    }
    command::quiet(
        "building the screens",
        npm(&["run", "build"]).current_dir(&ui),
        "correct what is said above, then run the same command again",
    )?;
    done.keep().at("write a stamp in", &ui)
}

/// Builds the screens over the mocked core into `ui/dist-mock`, for a browser without the app.
pub fn build_mock() -> Result<(), Failure> {
    command::quiet(
        "building the screens over the mocked core",
        &mut script("build:mock"),
        "correct what is said above, then run the same command again",
    )
}

const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// `node browser/SCRIPT` in `ui/`, with a browser for it to show the screens in.
pub fn in_browser(script: &str) -> Result<Command, Failure> {
    let browser = BROWSERS.iter().find_map(|name| command::path_of(name)).ok_or_else(|| {
        Failure::new(
            "no browser is there to show the screens",
            "run `apt-get install chromium`, then the same command again",
        )
    })?;
    let ui = places::root().join("ui");
    let mut command = Command::new("node");
    command.arg(Path::new("browser").join(script)).current_dir(ui).env("CALAME_BROWSER", browser);
    Ok(command)
}

/// `npm run SCRIPT` in `ui/`.
pub fn script(name: &str) -> Command {
    let mut command = npm(&["run", "--silent", name]);
    command.current_dir(places::root().join("ui"));
    command
}

fn npm(arguments: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.args(arguments);
    command
}

/// Stamps lie in `node_modules`: who removes it asks for everything again.
fn stamp(ui: &Path, name: &str, inputs: &[PathBuf]) -> Result<Done, Failure> {
    Done::on(&ui.join("node_modules"), &format!(".calame-{name}"), inputs).at("read the files of", ui)
}

fn sources(ui: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(ui).at("read", ui)? {
        let entry = entry.at("read", ui)?;
        if !UNREAD.iter().any(|unread| entry.file_name() == *unread) {
            entries.push(entry.path());
        }
    }
    entries.sort();
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_or_only_tests_is_not_a_source() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["src", "node_modules", "dist", "tests"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("index.html"), "").unwrap();
        let names: Vec<_> = sources(folder.path()).unwrap();
        assert_eq!(names, [folder.path().join("index.html"), folder.path().join("src")]);
    }
}
