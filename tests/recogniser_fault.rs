//! A recogniser that dies in the middle of a recording takes nothing with it: the recording goes on, the screen is told, and
//! after the stop the note is made from the record.

// Test code: a failure to set a test up is a failure of the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// The seconds lost are for docs/faults.md.
#![allow(clippy::print_stdout)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use calame_tests::calame::{model, program};
use calame_tests::demo;
use calame_tests::virtual_mic::VirtualMic;

const DIES_AFTER_MS: u32 = 4_000;
const SPOKEN_MS: usize = 15_200;

struct Visit {
    child: Child,
    lines: Box<dyn Iterator<Item = String>>,
}

impl Visit {
    fn start(mic: &VirtualMic, folder: &std::path::Path, manner: &str) -> Self {
        let mut child = Command::new(program("calame-test-recording"))
            .arg(folder)
            .args([manner, &DIES_AFTER_MS.to_string()])
            .envs(mic.env())
            .env("CALAME_MODEL", model())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = Box::new(BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok));
        Self { child, lines }
    }

    /// The next line that begins so, without its beginning; what came before must be of the `expected` ones.
    fn await_line(&mut self, beginning: &str, expected: &[&str]) -> String {
        for line in self.lines.by_ref() {
            if let Some(rest) = line.strip_prefix(beginning) {
                return rest.to_owned();
            }
            assert!(
                expected.iter().any(|known| line.starts_with(known)),
                "{line:?} came before {beginning:?}"
            );
        }
        panic!("the app ended before {beginning:?} came");
    }

    fn await_saved(&mut self, ms: u32) {
        while self.await_line("saved ", &[]).parse::<u32>().unwrap() < ms {}
    }

    fn order(&mut self, order: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{order}").unwrap();
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn survives(manner: &str, locks: bool) {
    let folder = tempfile::tempdir().unwrap();
    let wav = folder.path().join("speech.wav");
    demo::excerpt(33_800, 33_800 + SPOKEN_MS, &wav);
    let mic = VirtualMic::start().unwrap();
    let mut visit = Visit::start(&mic, folder.path(), manner);
    let first: f64 = visit.await_line("saved ", &[]).parse().unwrap();
    let since = Instant::now();
    let playing = mic.play_in_background(&wav).unwrap();
    // Told when it dies, not at the end.
    assert_eq!(visit.await_line("problem ", &["saved "]), "SpeechFailed");
    if locks {
        visit.order("lock");
    }
    // And told once: nothing but saved times follows while people speak on.
    visit.await_saved(SPOKEN_MS as u32 + 1_500);
    playing.wait();
    let passed = since.elapsed().as_secs_f64();
    visit.order("stop");
    let held = visit.await_line("held ", &["saved "]);
    let held: serde_json::Value = serde_json::from_str(&held).unwrap();
    assert_eq!(held["state"], "drafted", "{held}");
    assert!(held["statements"].as_u64().unwrap() > 0, "{held}");
    // What was said long after its death is heard too.
    assert!(held["last_ms"].as_u64().unwrap() > 12_000, "{held}");
    let kept = (held["audio_ms"].as_f64().unwrap() - first) / 1000.0;
    let lost = (passed - kept).max(0.0);
    println!("recogniser {manner}: {lost:.2} s of {passed:.2} lost ({held})");
    assert!(lost <= 1.0, "{passed} s passed: {held}");
}

#[test]
fn a_recogniser_that_fails_takes_nothing_with_it() {
    survives("tells", false);
}

#[test]
fn a_recogniser_that_is_gone_without_a_word_takes_nothing_with_it() {
    survives("vanishes", false);
}

#[test]
fn a_recogniser_that_panics_takes_nothing_with_it_behind_a_locked_screen_either() {
    survives("panics", true);
}
