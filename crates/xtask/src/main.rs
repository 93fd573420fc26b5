//! `cargo xtask`: the project's own tasks.

mod failure;
mod model;
mod places;
mod progress;
mod stamp;

use std::process::ExitCode;

fn main() -> ExitCode {
    match model::ensure() {
        Ok(_) => ExitCode::SUCCESS,
        Err(f) => {
            eprintln!("xtask: {f}");
            ExitCode::FAILURE
        }
    }
}
