//! `cargo xtask doctor`: what is there and what is missing, without changing anything.

use std::process::Command;

use crate::command;
use crate::failure::Failure;
use crate::{model, places, system};

/// Lists every need. Fails when something that building or running takes is missing.
pub fn run() -> Result<(), Failure> {
    let mut missing = Vec::new();
    for name in system::PROGRAMS {
        let version = command::answer(Command::new(name).arg("--version"));
        line(version.is_some(), &format!("{name} {}", version.as_deref().unwrap_or("").trim()));
        if version.is_none() {
            missing.push(name.to_owned());
        }
    }
    line(system::has_pip(), "pip");
    for (what, packages) in [("building", &system::BUILD[..]), ("tests", &system::TESTS[..])] {
        match system::missing(packages) {
            None => line(true, &format!("system packages for {what}: not a Debian, not checked")),
            Some(absent) if absent.is_empty() => line(true, &format!("system packages for {what}")),
            Some(absent) => {
                line(false, &format!("system packages for {what}: {}", absent.join(" ")));
                if what == "building" {
                    missing.extend(absent);
                }
            }
        }
    }
    let root = places::root();
    line(root.join("ui/node_modules").is_dir(), "packages of the screens (npm ci)");
    line(root.join("ui/dist/index.html").is_file(), "built screens");
    line(model::is_ready()?, &format!("speech model in {}", places::models()?.display()));
    line(model::has_voices()?, "network that tells voices apart");
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        format!("missing: {}", missing.join(" ")),
        "`cargo xtask run` installs what it may, and says what it may not",
    ))
}

fn line(is_there: bool, what: &str) {
    eprintln!("  {} {what}", if is_there { "✓" } else { "✗" });
}
