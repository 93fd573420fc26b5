//! `cargo xtask run`: from a fresh checkout to the open app, or to the same job without a screen.

use std::path::Path;
use std::process::Command;

use crate::cargo::{cargo, program};
use crate::command;
use crate::demo::{self, Language};
use crate::failure::Failure;
use crate::{model, progress, system, ui};

/// What the person asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    pub language: Language,
    pub headless: bool,
    /// The development profile builds in half the time, and the recogniser is optimised in both, so that trying
    /// the app and testing it share one build; the release profile is for figures and for every day.
    pub release: bool,
}

pub fn run(wish: Wish) -> Result<(), Failure> {
    system::require(&system::PROGRAMS)?;
    system::require_node()?;
    system::ensure(&system::BUILD)?;
    ui::install()?;
    ui::build()?;
    let model = model::any()?;
    model::voices_if_possible();
    build(wish.release)?;
    if wish.headless || !has_display() {
        return demo::run(&program("calame", wish.release), &model, wish.language);
    }
    open(&program("calame-desktop", wish.release), &model)
}

fn build(release: bool) -> Result<(), Failure> {
    progress::already("building (cargo tells its own progress)");
    let mut build = cargo(&["build", "--workspace", "--bins"]);
    if release {
        build.arg("--release");
    }
    command::shown(&mut build, "correct what cargo says above, then run the same command again")
}

fn open(app: &Path, model: &Path) -> Result<(), Failure> {
    progress::already("opening Calame: close its window, or press Ctrl-C here, to end");
    command::shown(
        Command::new(app).env("CALAME_MODEL", model),
        "look at what the app says above; `cargo xtask run --headless` does the same job without a window",
    )
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}
