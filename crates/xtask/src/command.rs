//! Runs other programs: shown, or quietly with progress and their last words when they fail.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use crate::failure::{AtPath, Failure};
use crate::progress::Step;

/// Lines of a failed program that are shown.
const LAST_WORDS: usize = 20;

/// Runs with the terminal's own output and input.
pub fn shown(command: &mut Command, next: &str) -> Result<(), Failure> {
    let status = command.status().map_err(|error| absent(command, &error))?;
    judge(command, status, next)
}

/// Runs with a line of progress; shows the end of its output only when it fails.
pub fn quiet(label: &str, command: &mut Command, next: &str) -> Result<(), Failure> {
    let mut log = tempfile::tempfile().at("create a file in", &std::env::temp_dir())?;
    let out = |log: &File| log.try_clone().at("create a file in", &std::env::temp_dir());
    command.stdin(Stdio::null()).stdout(out(&log)?).stderr(out(&log)?);
    let step = Step::open(label);
    let mut child = command.spawn().map_err(|error| absent(command, &error))?;
    let status = loop {
        match child.try_wait().at("wait for", Path::new(command.get_program()))? {
            Some(status) => break status,
            None => thread::sleep(Duration::from_millis(100)),
        }
        step.beat();
    };
    if status.success() {
        step.done();
        return Ok(());
    }
    step.failed();
    let mut words = Vec::new();
    log.rewind()
        .and_then(|()| log.read_to_end(&mut words))
        .at("read the output in", &std::env::temp_dir())?;
    eprintln!("{}", last_lines(&String::from_utf8_lossy(&words)));
    judge(command, status, next)
}

/// What a program prints, when it succeeds; `None` when it is absent or fails.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program of that name is in the PATH.
pub fn is_in_path(name: &str) -> bool {
    path_of(name).is_some()
}

/// Where a program of that name is in the PATH.
pub fn path_of(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// The command as one would type it.
pub fn as_typed(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

fn absent(command: &Command, error: &std::io::Error) -> Failure {
    let name = command.get_program().to_string_lossy().into_owned();
    match error.kind() {
        std::io::ErrorKind::NotFound => Failure::new(
            format!("{name} is missing"),
            format!("install {name}, then run the same command again"),
        ),
        _ => Failure::new(
            format!("{name} cannot be started: {error}"),
            "look into it, then run the same command again",
        ),
    }
}

fn judge(command: &Command, status: ExitStatus, next: &str) -> Result<(), Failure> {
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("`{}` failed ({status})", as_typed(command)), next))
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LAST_WORDS)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_told_by_name() {
        let failure = shown(&mut Command::new("no-such-program"), "").unwrap_err();
        assert!(failure.to_string().starts_with("no-such-program is missing"), "{failure}");
        assert!(!is_in_path("no-such-program"));
    }

    #[test]
    fn a_failed_program_is_told_as_it_was_typed() {
        let failure = shown(Command::new("sh").args(["-c", "exit 3"]), "look above").unwrap_err();
        assert_eq!(failure.to_string(), "`sh -c exit 3` failed (exit status: 3)\n  next: look above");
    }

    #[test]
    fn only_the_end_of_a_long_output_is_shown() {
        let text: Vec<String> = (0..100).map(|n| n.to_string()).collect();
        let shown = last_lines(&text.join("\n"));
        assert!(shown.starts_with("80\n") && shown.ends_with("\n99"), "{shown}");
        assert_eq!(last_lines("one"), "one");
    }
}
