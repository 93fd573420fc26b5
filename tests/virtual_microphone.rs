//! Recording and playing through a real sound server: what was said into the microphone is what is kept.

// Test code: a failure to set a test up is a failure of the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use audio::{Decoder, SAMPLE_RATE};
use calame_tests::recorder::{Recorder, sound};
use calame_tests::virtual_mic::{VirtualMic, env_without_sound, run, speak};
use tempfile::TempDir;

const VISIT: &str = "Bonjour madame. Qu'est-ce qui vous amène ? Je tousse depuis trois jours, docteur, et j'ai eu \
    trente-huit cinq hier soir. Vous prenez un traitement ? Oui, du paracétamol, un gramme trois fois par jour.";

fn said_by(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn speech(folder: &TempDir, text: &str) -> PathBuf {
    let wav = folder.path().join("speech.wav");
    speak(text, "fr", &wav).unwrap();
    wav
}

fn decoded(wav: &Path) -> Vec<i16> {
    Decoder::open(wav).unwrap().flat_map(Result::unwrap).collect()
}

fn correlation(a: &[i16], b: &[i16]) -> f64 {
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (&x, &y) in a.iter().zip(b) {
        let (x, y) = (f64::from(x), f64::from(y));
        (ab, aa, bb) = (ab + x * y, aa + x * x, bb + y * y);
    }
    ab / (aa * bb).sqrt().max(1.0)
}

/// Where in `recorded` the passage `said` is, and how alike they are: coarsely by loudness, then to the sample.
fn find(said: &[i16], recorded: &[i16]) -> (usize, f64) {
    const STEP: usize = 40;
    let loudness = |samples: &[i16]| -> Vec<i16> {
        samples
            .chunks(STEP)
            .map(|c| (c.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>() / c.len() as f64).sqrt() as i16)
            .collect()
    };
    let (coarse_said, coarse) = (loudness(said), loudness(recorded));
    let last = coarse.len().saturating_sub(coarse_said.len());
    let near = (0..=last)
        .map(|at| (at, correlation(&coarse_said, &coarse[at..])))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map_or(0, |(at, _)| at * STEP);
    (near.saturating_sub(2 * STEP)..=(near + 2 * STEP).min(recorded.len().saturating_sub(said.len())))
        .map(|at| (at, correlation(said, &recorded[at..])))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap()
}

/// That all of `said` is in `recorded`, undistorted, with nothing lost or added in between.
fn assert_kept(said: &[i16], recorded: &[i16]) {
    let (at, alike) = find(said, recorded);
    assert!(alike > 0.95, "correlation {alike} at {at}");
    let part = said.len() / 4;
    let (begin, _) = find(&said[..part], recorded);
    let (end, _) = find(&said[said.len() - part..], recorded);
    let long = (end + part - begin) as f64;
    let off = (long - said.len() as f64).abs() / said.len() as f64;
    assert!(off < 0.01, "{} samples became {long}", said.len());
}

#[test]
fn what_is_said_into_the_microphone_is_what_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let wav = speech(&folder, VISIT);
    let said = decoded(&wav);
    assert!(said.len() > 8 * SAMPLE_RATE as usize);
    let mic = VirtualMic::start().unwrap();
    // The server's own protocol, and ALSA on top of it.
    for device in [None, Some("alsa:default")] {
        let recorder = Recorder::start(mic.env(), folder.path(), device);
        let started = recorder.await_line("started ");
        assert!(started.starts_with("started 4"), "{started}");
        mic.play(&wav).unwrap();
        recorder.await_seconds(said.len() as f64 / f64::from(SAMPLE_RATE) + 0.3);
        assert_kept(&said, &recorder.stop());
    }
}

#[test]
fn a_pause_is_not_in_the_recording_and_what_is_around_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let wav = speech(&folder, "Prenez du paracétamol, un gramme trois fois par jour, pendant cinq jours.");
    let private = folder.path().join("private.wav");
    run(Command::new("sox")
        .args(["-n", "-r", "48000", "-c", "2", "-b", "16"])
        .arg(&private)
        .args(["synth", "2", "sine", "1000", "vol", "0.5"]))
    .unwrap();
    let said = decoded(&wav);
    let mic = VirtualMic::start().unwrap();
    let mut recorder = Recorder::start(mic.env(), folder.path(), None);
    recorder.await_line("started ");
    mic.play(&wav).unwrap();
    let seconds = said.len() as f64 / f64::from(SAMPLE_RATE);
    recorder.await_seconds(seconds + 0.3);
    recorder.order("pause");
    recorder.await_line("paused");
    mic.play(&private).unwrap();
    recorder.order("resume");
    recorder.await_line("resumed");
    mic.play(&wav).unwrap();
    recorder.await_seconds(2.0 * seconds + 0.3);
    // Let the end of the second reading arrive.
    std::thread::sleep(Duration::from_millis(500));
    let recorded = recorder.stop();
    let (first, _) = find(&said, &recorded[..recorded.len() / 2 + said.len() / 4]);
    assert_kept(&said, &recorded[..first + said.len()]);
    assert_kept(&said, &recorded[first + said.len()..]);
    // The tone of the pause would be 2 s long and louder than the speech.
    let loudest = tone_share(&recorded, 1000.0);
    assert!(loudest < 0.9, "a tone of 1 kHz makes up {loudest} of a tenth of a second");
}

/// The largest share of the power of any tenth of a second that lies at `hz`.
fn tone_share(samples: &[i16], hz: f64) -> f64 {
    samples
        .chunks_exact(SAMPLE_RATE as usize / 10)
        .map(|part| {
            let (mut re, mut im, mut power) = (0.0, 0.0, 1e6);
            for (i, &s) in part.iter().enumerate() {
                let angle = i as f64 * hz * std::f64::consts::TAU / f64::from(SAMPLE_RATE);
                (re, im) = (re + f64::from(s) * angle.cos(), im + f64::from(s) * angle.sin());
                power += f64::from(s) * f64::from(s);
            }
            2.0 * (re * re + im * im) / (part.len() as f64 * power)
        })
        .fold(0.0, f64::max)
}

#[test]
fn a_microphone_that_goes_away_ends_the_recording_and_what_was_said_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let wav = speech(&folder, VISIT);
    let said = decoded(&wav);
    // ALSA then calls the error callback some hundred thousand times per second; PulseAudio calls it once.
    for device in [None, Some("alsa:default")] {
        let mut mic = VirtualMic::start().unwrap();
        let recorder = Recorder::start(mic.env(), folder.path(), device);
        recorder.await_line("started ");
        let playing = mic.play_in_background(&wav).unwrap();
        recorder.await_seconds(4.0);
        mic.kill_server();
        let lost = recorder.await_line("lost ");
        assert!(lost.starts_with("lost DeviceLost: "), "{lost}");
        drop(playing);
        let recorded = recorder.samples();
        assert!(recorded.len() >= 4 * SAMPLE_RATE as usize);
        assert_kept(&said[..2 * SAMPLE_RATE as usize], &recorded);
    }
}

#[test]
fn the_list_of_microphones_has_the_default_one_first_and_no_loopback() {
    let mic = VirtualMic::start().unwrap();
    let list = said_by(sound(mic.env()).arg("list"));
    assert_eq!(list, "pulseaudio:virtmic\tVirtual-microphone\ttrue\n");
    let folder = tempfile::tempdir().unwrap();
    let recorder = Recorder::start(mic.env(), folder.path(), Some("pulseaudio:virtmic"));
    recorder.await_line("started ");
    recorder.await_seconds(0.2);
    recorder.stop();
}

#[test]
fn a_microphone_that_is_not_connected_is_missing_by_name() {
    let mic = VirtualMic::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let recorder = Recorder::start(mic.env(), folder.path(), Some("pulseaudio:gone"));
    let error = recorder.await_line("error ");
    assert_eq!(error, "error DeviceMissing: the microphone \"pulseaudio:gone\" is not connected");
}

#[test]
fn a_computer_without_sound_has_no_microphone_and_no_loudspeaker_and_nothing_else_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let env = env_without_sound(folder.path()).unwrap();
    let file = folder.path().join("recorded.raw");
    let output = sound(env.clone()).arg("record").arg(file).stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("error NoDevice: no microphone was found"), "{said}");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(said_by(sound(env.clone()).arg("list")), "");
    let wav = speech(&folder, "Bonjour.");
    let said = said_by(sound(env).arg("play").arg(&wav).arg("1"));
    assert!(said.starts_with("error NoOutput: no loudspeaker was found"), "{said}");
}

#[test]
fn a_clip_played_at_any_speed_is_heard_at_that_speed_and_its_position_runs_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let wav = speech(&folder, "La tension est à quatorze neuf, le poids à soixante-dix kilos.");
    let said = decoded(&wav);
    let long = said.len() as f64 / f64::from(SAMPLE_RATE);
    let mic = VirtualMic::start().unwrap();
    for speed in ["1", "1.5", "0.75"] {
        let recorder = Recorder::start(mic.env(), folder.path(), None);
        recorder.await_line("started ");
        let positions = said_by(sound(mic.env()).arg("play").arg(&wav).arg(speed));
        std::thread::sleep(Duration::from_millis(300));
        let heard = recorder.stop();
        assert!(positions.ends_with("finished\n"), "{positions}");
        let at: Vec<u32> = positions.lines().filter_map(|l| l.strip_prefix("at ")?.parse().ok()).collect();
        assert!(at.is_sorted(), "{at:?}");
        assert_eq!(at.last().copied(), Some((long * 1000.0).round() as u32));
        let ratio = span(&said) / span(&heard);
        let wanted: f64 = speed.parse().unwrap();
        assert!((ratio / wanted - 1.0).abs() < 0.05, "heard {ratio} times as fast at speed {speed}");
        if speed == "1" {
            assert_kept(&said, &heard);
        }
    }
}

/// Seconds from the first to the last sound.
fn span(samples: &[i16]) -> f64 {
    let loud = |s: &&i16| s.unsigned_abs() > 600;
    let first = samples.iter().position(|s| loud(&s)).unwrap();
    let last = samples.iter().rposition(|s| loud(&s)).unwrap();
    (last - first) as f64 / f64::from(SAMPLE_RATE)
}
