//! With the real network of voices: its numbers, and whom it tells apart.
//!
//! The file lies beside the speech model that `CALAME_MODEL` names; `cargo xtask test` makes both.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, LazyLock};

use note::{Segment, Speaker};
use speech::speakers::{FILE, Talk, Voiceprint, Voices, Words};

fn voices() -> Arc<Voices> {
    static VOICES: LazyLock<Arc<Voices>> = LazyLock::new(|| {
        let Some(model) = std::env::var_os("CALAME_MODEL") else {
            panic!(
                "CALAME_MODEL names no speech model: run these tests with `cargo xtask test`, which makes one"
            )
        };
        Voices::open(&PathBuf::from(model).with_file_name(FILE)).expect("the network lies beside the model")
    });
    Arc::clone(&VOICES)
}

/// Three seconds of two tones in noise, the same each time.
fn signal() -> Vec<i16> {
    let mut state = 12_345_u32;
    let sample = |n: u32| {
        state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345) & 0x7fff_ffff;
        let noise = f64::from(state >> 16) / 32_768.0 - 0.5;
        let t = f64::from(n) / 16_000.0;
        let low = (std::f64::consts::TAU * 150.0 * t * (1.0 + 0.1 * (3.0 * t).sin())).sin();
        let high = (std::f64::consts::TAU * 900.0 * t).sin();
        ((0.3 * low + 0.2 * high + 0.1 * noise) * 20_000.0).round_ties_even() as i16
    };
    (0..48_000).map(sample).collect()
}

/// The first numbers that the network's own export (ONNX, 32 bits) gives for [`signal`], with Kaldi's features.
const EXPORTED: [f32; 16] = [
    -0.04925, 0.02210, 0.05232, -0.12610, -0.03247, 0.16491, -0.05640, -0.04591, 0.07833, 0.02467, 0.05434,
    0.11170, -0.05634, -0.06331, 0.05600, -0.00377,
];

#[test]
fn the_network_gives_the_numbers_of_its_published_form() {
    let print = voices().print(&signal()).unwrap();
    let numbers: Vec<f32> = serde_json::from_value(serde_json::to_value(&print).unwrap()).unwrap();
    assert_eq!(numbers.len(), 192);
    for (at, (mine, theirs)) in numbers.iter().zip(EXPORTED).enumerate() {
        assert!((mine - theirs).abs() < 1e-3, "number {at}: {mine}, not {theirs}");
    }
}

/// Says a text with espeak-ng, at 16 kHz.
fn say(voice: &str, text: &str) -> Vec<i16> {
    let folder = tempfile::tempdir().unwrap();
    let wav = folder.path().join("said.wav");
    let mut espeak = Command::new("espeak-ng");
    let status = espeak.args(["-v", voice, "-s", "150", "-w"]).arg(&wav).arg(text).status();
    assert!(status.expect("espeak-ng is installed: `cargo xtask test` sets it up").success());
    let mut reader = hound::WavReader::open(&wav).unwrap();
    let rate = reader.spec().sample_rate as usize;
    let native: Vec<i16> = reader.samples::<i16>().map(Result::unwrap).collect();
    (0..native.len() * 16_000 / rate).map(|n| native[n * rate / 16_000]).collect()
}

const DOCTOR: [&str; 4] = [
    "Est-ce que vous avez de la fièvre depuis hier ?",
    "Je vais écouter votre cœur et vos poumons, respirez bien fort.",
    "Vous prenez encore votre traitement pour la tension le matin ?",
    "Je vous prescris du paracétamol, un gramme trois fois par jour.",
];
const PATIENT: [&str; 4] = [
    "J'ai mal à la gorge depuis trois jours, surtout quand j'avale.",
    "Non, mais j'ai eu des frissons pendant toute la nuit.",
    "Oui, je le prends tous les matins avec mon café.",
    "D'accord docteur, et est-ce que je peux retourner travailler ?",
];

#[test]
fn two_voices_are_told_apart_and_the_words_say_whose_they_are() {
    let mut talk = Talk::new(Some(voices()), None);
    let (mut truth, mut now) = (Vec::new(), 0);
    for (asked, answered) in DOCTOR.iter().zip(PATIENT) {
        for (who, voice, text, points) in
            [(Speaker::Doctor, "fr+f3", *asked, 2.0), (Speaker::Patient, "fr+m7", answered, -1.0)]
        {
            let samples = say(voice, text);
            let end = now + u32::try_from(samples.len() / 16).unwrap();
            let segment = Segment {
                index: 0,
                speaker: Speaker::Unknown,
                start_ms: now,
                end_ms: end,
                text: text.into(),
                words: Vec::new(),
                suspect: false,
            };
            for part in talk.parts(segment, &samples) {
                let words = Words { doctor: points, patient: 0.0, asks: text.ends_with('?') };
                talk.add(&part, words);
                truth.push(who);
            }
            now = end + 300;
        }
    }
    assert_eq!(talk.who(false, true), truth);
    assert_eq!(talk.groups(), 2);
}

#[test]
fn a_voice_heard_before_is_known_again_without_a_word() {
    let text = DOCTOR.join(" ");
    let own = voices().print(&say("fr+f3", &text)).unwrap();
    let mut talk = Talk::new(Some(voices()), Voiceprint::mean([(&own, 1.0)]));
    for (at, (voice, text)) in
        [("fr+m7", PATIENT[0]), ("fr+f3", DOCTOR[1])].iter().cycle().take(6).enumerate()
    {
        let samples = say(voice, text);
        let start = u32::try_from(at).unwrap() * 10_000;
        let segment = Segment {
            index: 0,
            speaker: Speaker::Unknown,
            start_ms: start,
            end_ms: start + u32::try_from(samples.len() / 16).unwrap(),
            text: "Mmm.".into(),
            words: Vec::new(),
            suspect: false,
        };
        for part in talk.parts(segment, &samples) {
            talk.add(&part, Words { doctor: 0.0, patient: 0.0, asks: false });
        }
    }
    let who = talk.who(false, true);
    assert_eq!(who[..2], [Speaker::Patient, Speaker::Doctor]);
}

#[test]
fn too_little_speech_has_no_voice() {
    assert_eq!(voices().print(&[0; 6_000]), None);
    let _ = voices().print(&[0; 16_000]);
}
