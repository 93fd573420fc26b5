//! `cargo xtask bench ui`: from a key's press to its paint on a visit of an hour, and from the start of the app to its
//! unlock screen.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::cargo::{cargo, program};
use crate::failure::{AtPath, Failure};
use crate::{command, progress, system, ui};

const STARTS: usize = 7;
/// What a doctor notices.
const START_BUDGET: Duration = Duration::from_secs(1);
const GIVE_UP: Duration = Duration::from_secs(60);

pub fn run() -> Result<(), Failure> {
    system::ensure(&[&system::BUILD[..], &system::TESTS[..]].concat())?;
    system::require(&["Xvfb"])?;
    ui::install()?;
    ui::build()?;
    ui::build_mock()?;
    progress::already("keys, over the mocked core:");
    let keys = command::shown(&mut ui::in_browser("bench.js")?, "find what holds the paint up");

    let mut build = cargo(&["build", "--release", "--workspace", "--bins"]);
    command::shown(&mut build, "correct what cargo says above, then run the same command again")?;
    let starts = starts(&program("calame-desktop", true), &program("calame", true));
    keys.and(starts)
}

/// Starts the app again and again, each time beside a locked record, and tells how soon the unlock screen is seen.
fn starts(app: &Path, calame: &Path) -> Result<(), Failure> {
    let room = tempfile::tempdir().at("create a folder in", &std::env::temp_dir())?;
    let home = room.path().join("home");
    fs::create_dir(&home).at("create", &home)?;
    let passphrase = room.path().join("passphrase");
    fs::write(&passphrase, "nobody records anything here").at("write", &passphrase)?;
    fs::write(home.join("preferences.json"), r#"{"theme":"light"}"#).at("write", &home)?;
    let mut init = Command::new(calame);
    init.args(["record", "init", "--record"]).arg(home.join("record.calame"));
    init.arg("--passphrase-file").arg(&passphrase).stdout(Stdio::null());
    command::shown(&mut init, "look at what calame says above")?;

    let screen = Screen::open(room.path())?;
    let mut times = Vec::new();
    for _ in 0..STARTS {
        times.push(screen.until_shown(Command::new(app).env("CALAME_HOME", &home))?);
    }
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or(GIVE_UP);
    let all: Vec<String> = times.iter().map(|time| format!("{} ms", time.as_millis())).collect();
    progress::already(&format!(
        "start to unlock screen: median {} ms ({}); budget {} ms",
        median.as_millis(),
        all.join(", "),
        START_BUDGET.as_millis()
    ));
    if median > START_BUDGET {
        return Err(Failure::new(
            "the app opens too slowly",
            "see what it does before its first page; a busy machine is slow too",
        ));
    }
    Ok(())
}

/// A display in a file: what is painted is read from its pixels, with nothing in the app that tells.
struct Screen {
    server: Child,
    display: String,
    pixels: PathBuf,
}

impl Screen {
    fn open(folder: &Path) -> Result<Self, Failure> {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-fbdir"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .at("start", Path::new("Xvfb"))?;
        let mut number = String::new();
        if let Some(told) = server.stdout.take() {
            BufReader::new(told).read_line(&mut number).at("read from", Path::new("Xvfb"))?;
        }
        let pixels = folder.join("Xvfb_screen0");
        Ok(Self { server, display: format!(":{}", number.trim()), pixels })
    }

    fn until_shown(&self, app: &mut Command) -> Result<Duration, Failure> {
        app.env("DISPLAY", &self.display).env_remove("WAYLAND_DISPLAY");
        // Without a desktop there is no bus, and nothing to wait for.
        app.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent").env("NO_AT_BRIDGE", "1");
        app.stdout(Stdio::null()).stderr(Stdio::null());
        let started = Instant::now();
        let mut child = app.spawn().at("start", Path::new(app.get_program()))?;
        let shown = loop {
            let picture = fs::read(&self.pixels).at("read", &self.pixels)?;
            if is_unlock_screen(&picture) {
                break Ok(started.elapsed());
            }
            if started.elapsed() > GIVE_UP || child.try_wait().is_ok_and(|ended| ended.is_some()) {
                break Err(Failure::new("the app showed no unlock screen", "start it and look"));
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let _ = child.kill();
        let _ = child.wait();
        self.until_blank()?;
        shown
    }

    /// The next start begins on an empty screen.
    fn until_blank(&self) -> Result<(), Failure> {
        let asked = Instant::now();
        while asked.elapsed() < GIVE_UP {
            if count(&fs::read(&self.pixels).at("read", &self.pixels)?, is_paper) == 0 {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(Failure::new("the window stays after its app", "end it by hand"))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The light page fills the window, and words stand on it.
fn is_unlock_screen(picture: &[u8]) -> bool {
    count(picture, is_paper) > 400_000 && count(picture, is_ink) > 600
}

/// Pixels lie in four bytes each: blue, green, red and nothing. What comes before them is too little to matter.
fn count(picture: &[u8], is_wanted: impl Fn(&[u8; 4]) -> bool) -> usize {
    let (pixels, _) = picture.as_chunks::<4>();
    pixels.iter().filter(|pixel| is_wanted(pixel)).count()
}

/// `--paper` of the light theme.
fn is_paper([blue, green, red, _]: &[u8; 4]) -> bool {
    (*red, *green, *blue) == (0xf6, 0xf4, 0xee)
}

/// `--ink` of the light theme, and the edges of its letters; the empty screen is black and is none.
fn is_ink([blue, green, red, _]: &[u8; 4]) -> bool {
    (0x18..0x50).contains(red) && (0x23..0x50).contains(green) && (0x21..0x50).contains(blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_without_words_is_not_there_yet() {
        let paper = [0xee, 0xf4, 0xf6, 0].repeat(500_000);
        assert!(!is_unlock_screen(&paper));
        let worded = [paper, [0x21, 0x23, 0x18, 0].repeat(1_000)].concat();
        assert!(is_unlock_screen(&worded));
        assert!(!is_unlock_screen(&[0; 4_000_000]));
    }
}
