//! `cargo xtask screenshots`: every screen in both languages and all themes, into `docs/screenshots`.
//!
//! The screens run in a headless browser over the mocked core, with its clock and its recording standing still: the same
//! sources give the same pictures.

mod server;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::command;
use crate::failure::{AtPath, Failure};
use crate::progress::Step;
use crate::{places, progress, system, ui};

/// Names the picture; then what the mocked core is asked for (`ui/src/ipc/mock/index.ts` tells the parameters).
const SCREENS: [(&str, &str); 20] = [
    ("first-run", "record=absent"),
    ("unlock", "record=locked"),
    ("day", ""),
    ("day-narrowed", "do=Digit3"),
    ("day-empty", "empty"),
    ("new", "open=new"),
    ("consent", "open=created"),
    ("ready", "open=consented"),
    ("recording", "open=consented&recording"),
    ("recording-erase", "open=consented&recording&do=e"),
    ("interrupted", "open=interrupted"),
    ("check", "open=drafted"),
    ("check-edit", "open=drafted&do=Tab,e"),
    ("check-omission", "open=drafted&do=p"),
    ("check-move", "open=drafted&do=m"),
    ("validate", "open=drafted&do=Enter*11,Ctrl-Enter"),
    ("validated", "open=validated"),
    ("papers", "open=validated&do=%23papers-open"),
    ("settings", "open=settings"),
    ("help", "open=help"),
];
const LANGUAGES: [&str; 2] = ["fr", "en"];
const THEMES: [&str; 3] = ["light", "dark", "contrast"];
/// The smallest window that is wholly supported, in CSS pixels; the pictures are three quarters of it.
const WINDOW: &str = "--window-size=1280,720";
const SCALE: &str = "--force-device-scale-factor=0.75";
/// Flat colours and soft edges: more than these are not told apart.
const COLOURS: &str = "40";
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

pub fn run(only: Option<&str>) -> Result<(), Failure> {
    let browser = browser()?;
    system::require(&["convert"])?;
    ui::install()?;
    command::quiet(
        "building the screens over the mocked core",
        &mut ui::script("build:mock"),
        "correct what is said above, then run the same command again",
    )?;
    let chosen: Vec<_> =
        SCREENS.iter().filter(|(name, _)| only.is_none_or(|only| name.starts_with(only))).collect();
    if chosen.is_empty() {
        let names: Vec<_> = SCREENS.iter().map(|(name, _)| *name).collect();
        return Err(Failure::new("no such screen", format!("name one of: {}", names.join(", "))));
    }
    let folder = places::root().join("docs/screenshots");
    if only.is_none() && folder.exists() {
        fs::remove_dir_all(&folder).at("empty", &folder)?;
    }
    fs::create_dir_all(&folder).at("create", &folder)?;
    let site = server::serve(places::root().join("ui/dist-mock"))?;
    let scratch = tempfile::tempdir().at("create a folder in", &std::env::temp_dir())?;
    let step = Step::open("photographing the screens");
    for (name, query) in chosen {
        for language in LANGUAGES {
            for theme in THEMES {
                let raw = scratch.path().join("raw.png");
                let page = format!("{site}/?mock&still&lang={language}&theme={theme}&{query}");
                photograph(&browser, &page, &raw, scratch.path())?;
                shrink(&raw, &folder.join(file_name(name, language, theme)))?;
                step.beat();
            }
        }
    }
    step.done();
    progress::already(&format!("pictures: {}", folder.display()));
    Ok(())
}

fn file_name(screen: &str, language: &str, theme: &str) -> String {
    format!("{screen}-{language}-{theme}.png")
}

fn browser() -> Result<String, Failure> {
    BROWSERS.iter().find(|name| command::is_in_path(name)).map(|name| (*name).to_owned()).ok_or_else(|| {
        Failure::new(
            "no browser is there to show the screens",
            "run `apt-get install chromium`, then the same command again",
        )
    })
}

fn photograph(browser: &str, page: &str, to: &Path, scratch: &Path) -> Result<(), Failure> {
    if to.exists() {
        fs::remove_file(to).at("remove", to)?;
    }
    let mut command = Command::new(browser);
    command
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"])
        .args(["--font-render-hinting=none", "--disable-lcd-text", WINDOW, SCALE])
        // Passes at once, timers and animations with it.
        .arg("--virtual-time-budget=6000")
        .arg(format!("--user-data-dir={}", scratch.join("browser").display()))
        .arg(format!("--screenshot={}", to.display()))
        .arg(page)
        .env("TZ", "Europe/Paris");
    // What a browser without a desktop complains of says nothing of the picture.
    let shown = command.output().at("run", Path::new(browser))?;
    if to.exists() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&shown.stderr).into_owned();
    Err(Failure::new(
        format!("the browser gave no picture of {page}: {}", said.trim()),
        "look at what it says",
    ))
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
    fn no_two_pictures_share_a_name() {
        let mut names = std::collections::BTreeSet::new();
        for (screen, _) in SCREENS {
            for language in LANGUAGES {
                for theme in THEMES {
                    assert!(names.insert(file_name(screen, language, theme)), "{screen}");
                }
            }
        }
    }
}
