//! Makes the generated lexicons from open terminologies, and checks all lexicons. `cargo xtask lexicon` fetches the
//! packages and calls it.

mod check;
mod english;
mod error;
mod french;
mod lexicon;
mod make;
mod name;
mod pickle;
mod source;
mod tidy;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The folder `assets/lexicon`.
    lexicons: PathBuf,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Writes the generated files from the wheels in this folder.
    Make { wheels: PathBuf },
    /// Looks for duplicates, clashes with common words, bad lines and missing licences.
    Check,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.task {
        Task::Make { wheels } => make::all(&wheels, &arguments.lexicons).map(|()| true),
        Task::Check => check::all(&arguments.lexicons).map(|report| report.told()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
