//! `cargo xtask test`: everything that must hold, one step after the other, stopping at the first that fails.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use clap::ValueEnum;

use crate::cargo::{cargo, test_targets};
use crate::command;
use crate::failure::Failure;
use crate::progress::seconds;
use crate::{lexicon, model, places, promises, supply, system, ui};

/// A part of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Formatting and lints, of Rust and of the screens.
    Lint,
    /// The screens' own tests and build.
    Ui,
    /// Unit, integration and documentation tests of the crates.
    Rust,
    /// Whole-job tests: real audio to PDF, the real window.
    E2e,
}

/// One step: its part, its name, what it runs.
struct Task {
    part: Part,
    name: &'static str,
    run: Box<dyn Fn() -> Result<(), Failure>>,
}

/// A run is repeatable: property tests draw the same cases each time. Set it to another number to draw others.
const SEED: &str = "PROPTEST_RNG_SEED";

/// What a failed check asks for.
const CORRECT: &str = "correct what is said above, then run the same command again";

/// Runs all parts, or only one.
pub fn run(only: Option<Part>) -> Result<(), Failure> {
    let started = Instant::now();
    let mut book = Book::default();
    let wants = |part: Part| only.is_none_or(|only| only == part);

    let model = book.step("set-up", || set_up(only))?;
    for task in tasks(&model)? {
        if wants(task.part) {
            book.step(task.name, &task.run)?;
        }
    }
    book.close(started.elapsed());
    Ok(())
}

/// Everything the tests need; each piece is skipped when it is there. Returns the model's path.
fn set_up(only: Option<Part>) -> Result<PathBuf, Failure> {
    system::require(&system::PROGRAMS)?;
    system::require_node()?;
    if only.is_none_or(|part| !matches!(part, Part::Lint)) {
        system::ensure(&[&system::BUILD[..], &system::TESTS[..]].concat())?;
        system::require(&system::TEST_PROGRAMS)?;
    } else {
        system::ensure(&system::BUILD)?;
    }
    ui::install()?;
    // The app embeds the built screens: nothing of the workspace compiles without them.
    ui::build()?;
    model::ensure_voices()?;
    model::ensure()
}

/// Cheap checks first, so that a slip is told in seconds. The tests are built before clippy checks the same
/// crates again; one `--workspace` everywhere keeps features the same, so that nothing is built twice.
fn tasks(model: &Path) -> Result<Vec<Task>, Failure> {
    let targets = test_targets()?;
    let named = |names: &[String]| {
        names.iter().flat_map(|name| ["--test".to_owned(), name.clone()]).collect::<Vec<_>>()
    };
    let mut own = words(&["test", "--workspace", "--lib", "--bins"]);
    own.extend(named(&targets.others));
    let mut whole_job = words(&["test", "--workspace"]);
    whole_job.extend(named(&targets.whole_job));

    let plain = |arguments: &[&str]| with_cargo(words(arguments), model);
    let mut list = vec![
        task(Part::Lint, "format of Rust", plain(&["fmt", "--all", "--check"])),
        task(Part::Lint, "lints of the screens", npm("lint")),
        task(Part::Lint, "types of the screens", npm("check")),
        task(Part::Ui, "tests of the screens", npm("test")),
        task(Part::Ui, "screens in a browser", Box::new(in_browser)),
        task(Part::Rust, "build of the tests", plain(&["test", "--workspace", "--no-run"])),
        task(Part::E2e, "build of the programs", plain(&["build", "--workspace", "--bins"])),
        task(
            Part::Lint,
            "lints of Rust (clippy)",
            plain(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
        ),
        task(Part::Lint, "lexicons", Box::new(lexicon::check)),
        task(Part::Lint, "promises of the documentation", Box::new(promises::check)),
        task(Part::Lint, "licences and sources of the dependencies", Box::new(supply::check)),
        task(Part::Rust, "tests of the crates", with_cargo(own, model)),
        task(Part::Rust, "tests in the documentation", plain(&["test", "--workspace", "--doc"])),
    ];
    if targets.whole_job.is_empty() {
        return Err(Failure::new(
            "there are no whole-job tests in tests/",
            "restore them from the repository",
        ));
    }
    list.push(task(Part::E2e, "whole-job tests", with_cargo(whole_job, model)));
    Ok(list)
}

fn task(part: Part, name: &'static str, run: Box<dyn Fn() -> Result<(), Failure>>) -> Task {
    Task { part, name, run }
}

fn words(arguments: &[&str]) -> Vec<String> {
    arguments.iter().map(|argument| (*argument).to_owned()).collect()
}

fn with_cargo(arguments: Vec<String>, model: &Path) -> Box<dyn Fn() -> Result<(), Failure>> {
    let model = model.to_path_buf();
    Box::new(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut command: Command = cargo(&arguments);
        command.env("CALAME_MODEL", &model).env("CALAME_PROGRAMS", places::target().join("debug"));
        if std::env::var_os(SEED).is_none() {
            command.env(SEED, "20260101");
        }
        command::shown(&mut command, CORRECT)
    })
}

fn npm(script: &'static str) -> Box<dyn Fn() -> Result<(), Failure>> {
    Box::new(move || command::shown(&mut ui::script(script), CORRECT))
}

/// Where there are pixels: contrast, what is cut off, what overlaps.
fn in_browser() -> Result<(), Failure> {
    ui::build_mock()?;
    command::shown(&mut ui::in_browser("check.js")?, CORRECT)
}

/// The steps done, with their times.
#[derive(Default)]
struct Book {
    lines: Vec<(String, Duration)>,
}

impl Book {
    fn step<T>(&mut self, name: &str, run: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
        eprintln!("▶ {name}");
        let started = Instant::now();
        match run() {
            Ok(value) => {
                let time = started.elapsed();
                eprintln!("✓ {name} ({})", seconds(time));
                self.lines.push((name.to_owned(), time));
                Ok(value)
            }
            Err(failure) => {
                eprintln!("✗ {name} ({})", seconds(started.elapsed()));
                Err(failure)
            }
        }
    }

    fn close(&self, total: Duration) {
        eprintln!("\nEverything passed in {}:", seconds(total));
        for (name, time) in &self.lines {
            eprintln!("  {:>12}  {name}", seconds(*time));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_ends_the_run_and_is_not_counted_as_done() {
        let mut book = Book::default();
        book.step("first", || Ok(())).unwrap();
        let failure = book.step("second", || Err::<(), _>(Failure::new("broken", "mend it"))).unwrap_err();
        assert_eq!(failure, Failure::new("broken", "mend it"));
        assert_eq!(book.lines.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["first"]);
    }
}
