//! `cargo xtask`: set-up, run, test and measure, from a fresh checkout.

mod bench;
mod cargo;
mod command;
mod demo;
mod doctor;
mod failure;
mod lexicon;
mod model;
mod places;
mod progress;
mod promises;
mod run;
mod screenshots;
mod stamp;
mod supply;
mod system;
mod test;
mod ui;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, Subcommand};

use crate::demo::Language;
use crate::failure::Failure;

/// The project's own tasks. Each sets up what it needs and does no work twice.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 110)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Sets up, builds, and opens the app; without a display, does the same job headless and prints the note.
    Run {
        /// The language of the demonstration consultation (headless).
        #[arg(long, value_enum, default_value = "fr")]
        language: Language,
        /// Do the whole job without a window: demonstration audio, transcript, note, validation, PDF.
        #[arg(long)]
        headless: bool,
        /// Build optimised: twice the build time, for figures and for everyday use.
        #[arg(long)]
        release: bool,
    },
    /// Sets up what tests need and runs everything, stopping at the first failure.
    Test {
        /// Run only one part.
        #[arg(long, value_enum)]
        only: Option<test::Part>,
    },
    /// Fetches, converts and verifies the speech model and the network of voices, into the user's cache.
    Models {
        /// Take this official ggml file (ggml-base.bin, ggml-small-q8_0.bin…) instead.
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
    },
    /// Makes the generated lexicons from open terminologies.
    Lexicon {
        /// Only look for duplicates, clashes with common words, bad lines and missing licences; without network.
        #[arg(long)]
        check: bool,
    },
    /// Tells what is there and what is missing, and changes nothing.
    Doctor,
    /// Photographs every screen in both languages, into docs/screenshots.
    Screenshots {
        /// Only the screens whose name begins so (day, check…).
        screen: Option<String>,
    },
    /// Runs the measures of the crates that have some, and of the screens.
    Bench {
        /// Only this crate, by its folder (clinical, record…), only the screens (ui), only speech,
        /// beside whisper.cpp and faster-whisper (speech), or only the way from "stop" to a signed
        /// note by keyboard (walk).
        crate_name: Option<String>,
        #[command(flatten)]
        speech: bench::speech::Wish,
        #[command(flatten)]
        walk: bench::walk::Walk,
    },
}

fn main() -> ExitCode {
    let started = Instant::now();
    match perform(Arguments::parse().task) {
        Ok(()) => {
            eprintln!("  done in {}", progress::seconds(started.elapsed()));
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<(), Failure> {
    match task {
        Task::Run { language, headless, release } => run::run(run::Wish { language, headless, release }),
        Task::Test { only } => test::run(only),
        Task::Models { from: None } => model::ensure().and_then(|_| model::ensure_voices()),
        Task::Models { from: Some(file) } => {
            let used = model::import::import(&file)?;
            progress::already(&format!("speech model: ready ({})", used.display()));
            Ok(())
        }
        Task::Lexicon { check: true } => lexicon::check(),
        Task::Lexicon { check: false } => lexicon::make(),
        Task::Doctor => doctor::run(),
        Task::Screenshots { screen } => screenshots::run(screen.as_deref()),
        Task::Bench { crate_name, speech, walk } => bench::run(crate_name.as_deref(), &speech, &walk),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_do_not_clash() {
        Arguments::command().debug_assert();
    }
}
