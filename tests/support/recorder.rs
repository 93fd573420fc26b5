//! The `audio` crate recording in a process of its own, since a sound server is found by the environment.

#![allow(clippy::unwrap_used, clippy::panic, clippy::missing_panics_doc)] // What fails here fails the test.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use audio::SAMPLE_RATE;

use crate::calame::program;

/// A process that records, and what it says.
pub struct Recorder {
    child: Child,
    lines: Receiver<String>,
    file: PathBuf,
}

impl Recorder {
    /// Records from a device, or from the default one, into a file in `folder`.
    #[must_use]
    pub fn start(env: Vec<(String, String)>, folder: &Path, device: Option<&str>) -> Recorder {
        let file = folder.join("recorded.raw");
        let mut child = sound(env)
            .arg("record")
            .arg(&file)
            .args(device)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Recorder { child, lines, file }
    }

    /// The next line that begins with `word`.
    pub fn await_line(&self, word: &str) -> String {
        let mut seen = Vec::new();
        loop {
            match self.lines.recv_timeout(Duration::from_secs(30)) {
                Ok(line) if line.starts_with(word) => return line,
                Ok(line) => seen.push(line),
                Err(_) => panic!("no {word:?} came, only {seen:?}"),
            }
        }
    }

    /// Wait until so much has been recorded.
    pub fn await_seconds(&self, seconds: f64) {
        let wanted = (seconds * f64::from(SAMPLE_RATE)) as usize;
        loop {
            let line = self.await_line("samples ");
            if line.split(' ').nth(1).and_then(|n| n.parse::<usize>().ok()).unwrap() >= wanted {
                return;
            }
        }
    }

    pub fn order(&mut self, order: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{order}").unwrap();
    }

    pub fn samples(&self) -> Vec<i16> {
        let bytes = std::fs::read(&self.file).unwrap();
        bytes.chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect()
    }

    /// Stop, and give what was recorded.
    pub fn stop(mut self) -> Vec<i16> {
        self.order("stop");
        self.await_line("ended ");
        assert!(self.child.wait().unwrap().success());
        self.samples()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program that records and plays, in a given environment.
#[must_use]
pub fn sound(env: Vec<(String, String)>) -> Command {
    let mut command = Command::new(program("calame-test-sound"));
    command.envs(env);
    command
}
