//! `cargo xtask screenshots`: every screen in both languages, into `docs/screenshots`.
//!
//! The screens run in a headless browser over the mocked core, with its clock and its recording standing still: the same
//! sources give the same pictures. `ui/browser/screens.json` names them.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::command;
use crate::failure::{AtPath, Failure};
use crate::{places, progress, system, ui};

/// Flat colours and soft edges: more than these are not told apart.
const COLOURS: &str = "40";

pub fn run(only: Option<&str>) -> Result<(), Failure> {
    system::require(&["convert"])?;
    ui::install()?;
    ui::build_mock()?;
    let scratch = tempfile::tempdir().at("create a folder in", &std::env::temp_dir())?;
    let mut command = ui::in_browser("photograph.js")?;
    command.arg(scratch.path()).args(only);
    command::quiet("photographing the screens", &mut command, "look at what the browser says above")?;
    let pictures = pictures(scratch.path())?;
    if pictures.is_empty() {
        return Err(Failure::new(
            "no such screen",
            "name one of ui/browser/screens.json, or how its name begins",
        ));
    }
    let folder = places::root().join("docs/screenshots");
    if only.is_none() && folder.exists() {
        fs::remove_dir_all(&folder).at("empty", &folder)?;
    }
    fs::create_dir_all(&folder).at("create", &folder)?;
    for name in &pictures {
        shrink(&scratch.path().join(name), &folder.join(name))?;
    }
    progress::already(&format!("{} pictures: {}", pictures.len(), folder.display()));
    Ok(())
}

/// The names of the pictures in a folder, in order.
fn pictures(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).at("read", folder)? {
        let name = entry.at("read", folder)?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".png") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn shrink(from: &Path, to: &Path) -> Result<(), Failure> {
    let mut command = Command::new("convert");
    command.arg(from).args(["-strip", "-dither", "None", "-colors", COLOURS]);
    command.args(["-define", "png:compression-level=9", "-define", "png:exclude-chunks=date,time"]);
    command.arg(format!("PNG8:{}", to.display()));
    command::shown(&mut command, "look at what ImageMagick says above")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_count_and_come_in_order() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["day-fr-light.png", "check-fr-light.png", "notes.txt"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(pictures(folder.path()).unwrap(), ["check-fr-light.png", "day-fr-light.png"]);
    }
}
