//! `calame`: the headless face. JSON on stdout, progress on stderr; exit code 1 for a failure, 2 for bad usage.

mod arguments;
mod documents;
mod eval;
mod failure;
mod models;
mod progress;
mod record;
mod record_arguments;
mod record_keeping;
mod vocabulary;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Command};
use failure::CliError;

fn main() -> ExitCode {
    // clap itself ends with 2 on bad usage.
    let arguments = Arguments::parse();
    match run(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("calame: {error}");
            ExitCode::from(1)
        }
    }
}

fn run(command: Command) -> Result<(), CliError> {
    match command {
        Command::Transcribe(what) => documents::transcribe(&what),
        Command::Structure(what) => documents::structure(&what),
        Command::Export(what) => documents::export(&what),
        Command::Record(what) => record::run(&what),
        Command::Audit(what) => record::audit(&what),
        Command::Models(what) => models::run(&what),
        Command::Eval(what) => eval::run(&what),
    }
}

/// Writes a result to stdout; a closed pipe is no error of ours.
fn print(text: &str) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(CliError::file("standard output", e)),
        _ => Ok(()),
    }
}

fn print_json<T: serde::Serialize>(value: &T) -> Result<(), CliError> {
    print(&serde_json::to_string_pretty(value)?)
}
