//! What happens to a recording, and what is lost of it, when the sound system changes under it.
//!
//! What is spoken is a tone that rises steadily: its height at any moment tells which moment of it that is, so that what is
//! missing can be counted.

// Test code: a failure to set a test up is a failure of the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// The seconds lost are for docs/faults.md.
#![allow(clippy::print_stdout)]

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use audio::SAMPLE_RATE;
use calame_tests::recorder::Recorder;
use calame_tests::virtual_mic::{Playing, VirtualMic, require, run};
use tempfile::TempDir;

/// Length of the tone, its height at the beginning, and what it gains in a second.
const SECONDS: f64 = 12.0;
const LOWEST: f64 = 300.0;
const RISE: f64 = 300.0;

/// What the promise allows.
const AT_RISK: f64 = 1.0;

struct Scene {
    folder: TempDir,
    mic: VirtualMic,
    tone: PathBuf,
}

impl Scene {
    fn new() -> Self {
        require("sox", "sox").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let tone = folder.path().join("tone.wav");
        let rise = format!("{LOWEST}:{}", LOWEST + RISE * SECONDS);
        run(Command::new("sox").args(["-n", "-r", "48000", "-c", "2", "-b", "16"]).arg(&tone).args([
            "synth",
            &SECONDS.to_string(),
            "sine",
            &rise,
            "vol",
            "0.5",
        ]))
        .unwrap();
        Self { folder, mic: VirtualMic::start().unwrap(), tone }
    }

    /// A recording of the default microphone that heard the first three seconds of the tone.
    fn recording(&self) -> (Recorder, Playing) {
        let recorder = Recorder::start(self.mic.env(), self.folder.path(), None);
        recorder.await_line("started ");
        let playing = self.mic.play_in_background(&self.tone).unwrap();
        recorder.await_seconds(3.0);
        (recorder, playing)
    }

    /// Our stream at the server, and the microphone it is connected to.
    fn connection(&self) -> (String, String) {
        let told = |what: &str| self.mic.order(&["list", "short", what]).unwrap();
        let fields = |line: &str| line.split('\t').map(str::to_owned).collect::<Vec<_>>();
        let outputs = told("source-outputs");
        // The other ones are the server's own.
        let ours = outputs.lines().map(fields).find(|output| output[3].contains("protocol-native")).unwrap();
        let source = told("sources").lines().map(fields).find(|source| source[0] == ours[1]).unwrap();
        (ours[0].clone(), source[1].clone())
    }

    /// Goes on until the tone was said, and gives the seconds of it that are missing.
    fn lost_at_the_end(&self, recorder: Recorder, playing: Playing) -> f64 {
        playing.wait();
        std::thread::sleep(Duration::from_secs(1));
        missing(&recorder.stop(), SECONDS)
    }
}

/// Which moments of the tone are heard, in hundredths of a second.
fn moments(samples: &[i16]) -> Vec<usize> {
    let (window, hop) = (SAMPLE_RATE as usize * 3 / 100, SAMPLE_RATE as usize / 100);
    let mut heard = Vec::new();
    for at in (0..samples.len().saturating_sub(window)).step_by(hop) {
        let part = &samples[at..at + window];
        let power = part.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>() / window as f64;
        // Between two samples of opposite sign, where the wave goes through zero.
        let crossings: Vec<f64> = part
            .windows(2)
            .enumerate()
            .filter(|(_, pair)| (pair[0] < 0) != (pair[1] < 0))
            .map(|(n, pair)| {
                n as f64 + f64::from(pair[0]) / f64::from(i32::from(pair[0]) - i32::from(pair[1]))
            })
            .collect();
        let [first, .., last] = crossings[..] else { continue };
        if power < 1e6 {
            continue;
        }
        let hz = (crossings.len() - 1) as f64 / 2.0 / (last - first) * f64::from(SAMPLE_RATE);
        let moment = (hz - LOWEST) / RISE;
        if moment >= 0.0 {
            heard.push((moment * 100.0) as usize);
        }
    }
    heard
}

/// Seconds of the first `until` of the tone that are not in the recording.
fn missing(samples: &[i16], until: f64) -> f64 {
    let mut there = vec![false; (until * 100.0) as usize];
    for moment in moments(samples) {
        // A window is as wide as three hundredths, and the measure as good as one or two.
        for near in moment.saturating_sub(2)..=moment + 2 {
            if let Some(there) = there.get_mut(near) {
                *there = true;
            }
        }
    }
    there.iter().filter(|there| !**there).count() as f64 / 100.0
}

fn tell(fault: &str, lost: f64, bound: f64) {
    println!("{fault}: {lost:.2} s lost");
    assert!(lost <= bound, "{fault}: {lost:.2} s of what was said are missing, more than {bound} s");
}

#[test]
fn what_is_missing_is_counted() {
    let wave = |from: f64, to: f64| -> Vec<i16> {
        let rate = f64::from(SAMPLE_RATE);
        ((from * rate) as usize..(to * rate) as usize)
            .map(|n| {
                let t = n as f64 / rate;
                ((LOWEST * t + RISE * t * t / 2.0) * std::f64::consts::TAU).sin() * 16_000.0
            })
            .map(|sample| sample as i16)
            .collect()
    };
    assert!(missing(&wave(0.0, SECONDS), SECONDS) < 0.05);
    let cut = [wave(0.0, 4.0), vec![0; 8000], wave(5.5, SECONDS)].concat();
    let lost = missing(&cut, SECONDS);
    assert!((lost - 1.5).abs() < 0.1, "{lost}");
    assert!((missing(&wave(0.0, 7.0), SECONDS) - 5.0).abs() < 0.1);
}

#[test]
fn a_recording_of_the_default_microphone_goes_over_to_the_next_default_one() {
    let scene = Scene::new();
    scene.mic.plug_in("othermic", 48_000).unwrap();
    let (recorder, playing) = scene.recording();
    scene.mic.order(&["set-default-source", "othermic"]).unwrap();
    assert_eq!(scene.connection().1, "othermic");
    tell("default microphone changed", scene.lost_at_the_end(recorder, playing), AT_RISK);
}

#[test]
fn a_recording_goes_on_when_the_sample_rate_changes_under_it() {
    let scene = Scene::new();
    scene.mic.plug_in("othermic", 44_100).unwrap();
    let (recorder, playing) = scene.recording();
    let (ours, _) = scene.connection();
    scene.mic.order(&["move-source-output", &ours, "othermic"]).unwrap();
    assert_eq!(scene.connection(), (ours, "othermic".into()));
    tell("sample rate changed", scene.lost_at_the_end(recorder, playing), AT_RISK);
}

#[test]
fn a_microphone_that_is_suspended_for_a_while_loses_that_while() {
    let scene = Scene::new();
    let (recorder, playing) = scene.recording();
    scene.mic.order(&["suspend-source", "virtmic", "1"]).unwrap();
    let since = Instant::now();
    std::thread::sleep(Duration::from_secs(2));
    scene.mic.order(&["suspend-source", "virtmic", "0"]).unwrap();
    let suspended = since.elapsed().as_secs_f64();
    let lost = scene.lost_at_the_end(recorder, playing);
    println!("suspended for {suspended:.2} s");
    tell("source suspended, beyond the time it was", (lost - suspended).max(0.0), AT_RISK);
}

#[test]
fn a_microphone_that_stays_suspended_is_told_lost_with_all_it_gave() {
    let scene = Scene::new();
    let (recorder, playing) = scene.recording();
    scene.mic.order(&["suspend-source", "virtmic", "1"]).unwrap();
    let lost = recorder.await_line("lost ");
    assert!(lost.starts_with("lost DeviceStalled: "), "{lost}");
    drop(playing);
    tell("source suspended for good, of what came before", missing(&recorder.samples(), 2.0), 0.1);
}

#[test]
fn a_microphone_that_is_pulled_out_hands_over_to_the_one_that_is_left() {
    let scene = Scene::new();
    let module = scene.mic.plug_in("usbmic", 48_000).unwrap();
    scene.mic.order(&["set-default-source", "usbmic"]).unwrap();
    let (recorder, playing) = scene.recording();
    assert_eq!(scene.connection().1, "usbmic");
    scene.mic.order(&["unload-module", &module]).unwrap();
    assert_eq!(scene.connection().1, "virtmic");
    tell("microphone unplugged, another left", scene.lost_at_the_end(recorder, playing), AT_RISK);
}
