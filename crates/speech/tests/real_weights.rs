//! With real weights: what is said is heard, and nothing is heard where nothing is said.
//!
//! The weights are named by the environment variable `CALAME_MODEL`; `cargo xtask test` fetches them and sets it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, LazyLock, Mutex};

use note::{Language, Segment, Transcript};
use speech::{
    Backend, Live, LiveEvent, Model, Options, Progress, SpeechError, catalogue, measure, transcribe,
};

fn weights() -> PathBuf {
    let Some(path) = std::env::var_os("CALAME_MODEL") else {
        panic!(
            "CALAME_MODEL names no speech model: run these tests with `cargo xtask test`, which fetches one"
        )
    };
    path.into()
}

/// Loaded once: each test starts sessions of its own.
fn model() -> Arc<Model> {
    static MODEL: LazyLock<Arc<Model>> = LazyLock::new(|| {
        log::set_logger(&LOG).expect("no logger was set before");
        log::set_max_level(log::LevelFilter::Trace);
        Model::open(&weights()).expect("CALAME_MODEL is a whole model")
    });
    Arc::clone(&MODEL)
}

/// Everything that is logged while the tests run.
struct Log(Mutex<String>);
static LOG: Log = Log(Mutex::new(String::new()));

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &log::Record<'_>) {
        let mut all = self.0.lock().unwrap();
        all.push_str(&record.args().to_string());
        all.push('\n');
    }
    fn flush(&self) {}
}

/// Says a text with espeak-ng, at 16 kHz.
fn say(voice: &str, text: &str) -> Vec<i16> {
    let folder = tempfile::tempdir().unwrap();
    let wav = folder.path().join("said.wav");
    let status = Command::new("espeak-ng")
        .args(["-v", voice, "-s", "140", "-w"])
        .arg(&wav)
        .arg(text)
        .status()
        .expect("espeak-ng is installed: `cargo xtask test` sets it up");
    assert!(status.success());
    let mut reader = hound::WavReader::open(&wav).unwrap();
    let rate = reader.spec().sample_rate as usize;
    let native: Vec<i16> = reader.samples::<i16>().map(Result::unwrap).collect();
    // Linear interpolation will do: the voice is a synthesiser's, and nothing is above 8 kHz that matters.
    let at = |n: usize| {
        let place = n * rate;
        let (before, share) = (place / 16_000, place % 16_000);
        let (a, b) = (i64::from(native[before]), i64::from(*native.get(before + 1).unwrap_or(&0)));
        i16::try_from(a + (b - a) * i64::try_from(share).unwrap() / 16_000).unwrap()
    };
    (0..(native.len() - 1) * 16_000 / rate).map(at).collect()
}

fn silence(seconds: usize) -> Vec<i16> {
    vec![0; seconds * 16_000]
}

/// White noise, the same each time.
fn noise(seconds: usize, loudness: i32) -> Vec<i16> {
    let mut state = 0x2545_f491_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        i16::try_from((i64::from(state) % i64::from(2 * loudness + 1)) - i64::from(loudness)).unwrap()
    };
    (0..seconds * 16_000).map(|_| next()).collect()
}

fn hear(language: Language, samples: &[i16]) -> Transcript {
    let mut blocks = samples.chunks(8_000).map(<[i16]>::to_vec);
    let total = u32::try_from(samples.len() / 16).unwrap();
    transcribe(
        &model(),
        &Options::new(language),
        &mut blocks,
        Some(total),
        &mut |_| ControlFlow::Continue(()),
    )
    .unwrap()
}

fn text(segments: &[Segment]) -> String {
    segments.iter().map(|s| s.text.to_lowercase()).collect::<Vec<_>>().join(" ")
}

fn check_shape(segments: &[Segment], duration_ms: u32) {
    for (at, segment) in segments.iter().enumerate() {
        assert_eq!(segment.index as usize, at + segments[0].index as usize);
        let joined = segment.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
        assert_eq!(joined, segment.text);
        assert!(segment.start_ms <= segment.end_ms && segment.end_ms <= duration_ms + 50);
        assert!(segment.words.is_sorted_by_key(|w| w.start_ms));
        assert!(segment.words.iter().all(|w| (0.0..=1.0).contains(&w.probability)));
    }
    assert!(segments.is_sorted_by_key(|s| s.start_ms));
}

const ENGLISH: &str = "Good morning. I have had a headache for three days. I take paracetamol twice a day.";

#[test]
fn words_that_are_said_are_heard_with_their_place() {
    let mut samples = silence(3);
    samples.extend(say("en-gb", ENGLISH));
    samples.extend(silence(2));
    let transcript = hear(Language::En, &samples);
    let heard = text(&transcript.segments);
    assert!(heard.contains("headache") && heard.contains("three days"), "{heard}");
    assert!(transcript.segments.len() >= 2, "each sentence is a segment: {heard}");
    assert!(transcript.segments[0].start_ms >= 2_500, "{:?}", transcript.segments[0]);
    check_shape(&transcript.segments, transcript.duration_ms);
    assert_eq!(transcript.duration_ms, u32::try_from(samples.len() / 16).unwrap().next_multiple_of(16));
    let model = weights();
    assert!(model.to_string_lossy().contains(transcript.model.as_deref().unwrap()));
}

#[test]
fn french_accents_arrive_whole() {
    let transcript =
        hear(Language::Fr, &say("fr+m3", "Bonjour docteur. J'ai très mal à la tête depuis hier."));
    let heard = text(&transcript.segments);
    assert!(!heard.contains('\u{fffd}') && heard.chars().any(|c| "àâéèêç".contains(c)), "{heard}");
    check_shape(&transcript.segments, transcript.duration_ms);
}

#[test]
fn two_minutes_of_silence_hold_no_word() {
    for language in Language::ALL {
        assert_eq!(hear(language, &silence(120)).segments, []);
    }
}

#[test]
fn white_noise_holds_no_word() {
    for loudness in [300, 6_000] {
        assert_eq!(hear(Language::Fr, &noise(60, loudness)).segments, [], "at {loudness}");
    }
}

/// Sound made of a formula: `at(n)` from -1 to 1.
fn sound(seconds: usize, at: impl Fn(usize) -> f64) -> Vec<i16> {
    #[expect(clippy::cast_possible_truncation, reason = "scaled to the range")]
    (0..seconds * 16_000).map(|n| (at(n).clamp(-1.0, 1.0) * 32_000.0) as i16).collect()
}

/// The same noise at the same place each time.
fn hiss(n: usize) -> f64 {
    let mixed = (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((mixed >> 40) as f64 / f64::from(1 << 23)) - 1.0
}

/// Keys struck in a hurry: two short clicks each, at uneven times.
fn keyboard(seconds: usize) -> Vec<i16> {
    sound(seconds, |n| {
        let stroke = n / 2_900;
        let within = n % 2_900;
        let late = stroke * 7_919 % 1_300;
        let click = |from: usize, loud: f64| {
            let since = within.checked_sub(from).map_or(1e9, |s| s as f64);
            loud * hiss(n) * (-since / 90.0).exp()
        };
        click(late, 0.5) + click(late + 900, 0.25)
    })
}

/// A melody of three voices.
fn music(seconds: usize) -> Vec<i16> {
    const NOTES: [f64; 8] = [262.0, 330.0, 392.0, 523.0, 392.0, 330.0, 294.0, 349.0];
    sound(seconds, |n| {
        let (beat, within) = (n / 6_400, (n % 6_400) as f64 / 16_000.0);
        let fade = (-within * 3.0).exp();
        let voice = |note: f64, loud: f64| {
            (1..5)
                .map(|h| loud / f64::from(h) * (within * note * f64::from(h) * std::f64::consts::TAU).sin())
                .sum::<f64>()
        };
        let note = NOTES[beat % 8];
        fade * (voice(note, 0.2) + voice(note / 2.0, 0.15) + voice(note * 1.5, 0.08))
    })
}

/// A burst of breath and two shorter ones after it, every four seconds.
fn coughs(seconds: usize) -> Vec<i16> {
    sound(seconds, |n| {
        let within = n % 64_000;
        let burst = |from: usize, loud: f64| {
            let since = within.checked_sub(from).map_or(1e9, |s| s as f64);
            let ring = (since / 16_000.0 * 520.0 * std::f64::consts::TAU).sin();
            loud * (0.7 * hiss(n) + 0.3 * ring) * (-since / 1_500.0).exp()
        };
        burst(8_000, 0.8) + burst(13_000, 0.6) + burst(17_500, 0.4)
    })
}

/// Clinical words of both languages as a model might invent them: none may come out of noise.
const CLINICAL: [&str; 24] = [
    "douleur",
    "fièvre",
    "toux",
    "tension",
    "traitement",
    "médicament",
    "ordonnance",
    "allergie",
    "paracétamol",
    "antibiotique",
    "diabète",
    "cœur",
    "examen",
    "gorge",
    "pain",
    "fever",
    "cough",
    "pressure",
    "treatment",
    "allergy",
    "paracetamol",
    "diabetes",
    "heart",
    "throat",
];

#[test]
fn sounds_that_are_no_speech_hold_no_clinical_word_and_hardly_any_at_all() {
    let mut words = 0;
    for (name, samples) in [
        ("keyboard", keyboard(60)),
        ("music", music(60)),
        ("coughs", coughs(40)),
        ("noise", noise(60, 2_000)),
    ] {
        for language in Language::ALL {
            let heard = text(&hear(language, &samples).segments);
            assert!(!CLINICAL.iter().any(|word| heard.contains(word)), "{name}: {heard}");
            words += heard.split_whitespace().count();
        }
    }
    assert!(words <= 2, "{words} words were invented");
}

#[test]
fn speech_in_a_third_language_is_marked_or_left_out() {
    let german =
        "Guten Morgen Herr Müller. Wie geht es Ihnen heute? Haben Sie gut geschlafen? Das Wetter ist schön.";
    for language in Language::ALL {
        let transcript = hear(language, &say("de", german));
        let heard = text(&transcript.segments);
        assert!(!CLINICAL.iter().any(|word| heard.contains(word)), "{heard}");
        check_shape(&transcript.segments, transcript.duration_ms);
    }
}

#[test]
fn a_transcription_that_is_broken_off_ends_as_cancelled() {
    let samples = say("en-gb", ENGLISH);
    let mut blocks = samples.chunks(16_000).map(<[i16]>::to_vec);
    let on = &mut |progress| match progress {
        Progress::Segment(_) => ControlFlow::Break(()),
        Progress::Fraction(_) => ControlFlow::Continue(()),
    };
    let result = transcribe(&model(), &Options::new(Language::En), &mut blocks, None, on);
    assert_eq!(result, Err(SpeechError::Cancelled));
}

fn drain(events: &Receiver<LiveEvent>) -> (Vec<Segment>, Vec<LiveEvent>) {
    let all: Vec<_> = events.iter().collect();
    let committed = all.iter().filter_map(|event| match event {
        LiveEvent::Committed(segment) => Some(segment.clone()),
        _ => None,
    });
    (committed.collect(), all)
}

#[test]
fn a_live_session_commits_all_that_was_said_and_then_finishes() {
    let mut samples = say("en-gb", ENGLISH);
    samples.extend(silence(2));
    samples.extend(say("en-gb", "My father had diabetes."));
    let (live, events) = Live::start(model(), Options::new(Language::En), 7, 60_000).unwrap();
    // Far faster than real time: it falls behind and must lose nothing.
    samples.chunks(1_600).for_each(|block| live.push(block));
    live.finish().unwrap();
    let (segments, all) = drain(&events);
    assert_eq!(all.last(), Some(&LiveEvent::Finished));
    assert!(!all.iter().any(|event| matches!(event, LiveEvent::Failed(_))), "{all:?}");
    let heard = text(&segments);
    assert!(heard.contains("headache") && heard.contains("father"), "{heard}");
    assert_eq!(segments[0].index, 7);
    assert!(segments[0].start_ms >= 60_000);
    check_shape(&segments, 60_000 + u32::try_from(samples.len() / 16).unwrap());
}

#[test]
fn a_live_session_of_silence_says_nothing() {
    let (live, events) = Live::start(model(), Options::new(Language::Fr), 0, 0).unwrap();
    live.push(&silence(60));
    live.finish().unwrap();
    assert_eq!(drain(&events).1, [LiveEvent::Finished]);
}

#[test]
fn a_dropped_live_session_ends_without_a_word() {
    let (live, events) = Live::start(model(), Options::new(Language::En), 0, 0).unwrap();
    live.push(&say("en-gb", ENGLISH));
    drop(live);
    assert!(!drain(&events).1.contains(&LiveEvent::Finished));
}

#[test]
fn the_second_engine_hears_the_same_words_and_keeps_them_out_of_the_log() {
    // Sets the logger before the library first logs.
    drop(model());
    let second = Model::open_with(&weights(), Backend::WhisperCpp).unwrap();
    let samples = say("en-gb", "I have had a cough and a fever since Tuesday.");
    let mut blocks = samples.chunks(16_000).map(<[i16]>::to_vec);
    let options = Options::new(Language::En);
    let heard = transcribe(&second, &options, &mut blocks, None, &mut |_| ControlFlow::Continue(())).unwrap();
    let words = text(&heard.segments).to_lowercase();
    assert!(words.contains("cough") && words.contains("fever"), "{words}");
    let log = LOG.0.lock().unwrap().to_lowercase();
    assert!(!log.contains("cough"));
}

#[test]
fn nothing_that_was_said_reaches_the_log() {
    let transcript = hear(Language::En, &say("en-gb", "The thermometer said thirty nine."));
    assert!(text(&transcript.segments).contains("thermometer"));
    log::info!("listening");
    let log = LOG.0.lock().unwrap().to_lowercase();
    assert!(log.contains("listening"), "what is logged is heard here");
    assert!(!log.contains("thermometer") && !log.contains("headache"));
}

#[test]
fn a_published_model_is_recognised_and_one_flipped_bit_is_not() {
    let path = weights();
    let verified = catalogue::verify(&path).unwrap();
    assert!(verified.published.is_some() && !verified.english_only);
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join(path.file_name().unwrap());
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&copy, &bytes).unwrap();
    assert!(matches!(catalogue::verify(&copy), Err(SpeechError::ModelChecksum { .. })));
    bytes.truncate(middle);
    std::fs::write(&copy, &bytes).unwrap();
    assert!(matches!(Model::open(&copy), Err(SpeechError::ModelTruncated { .. })));
}

#[test]
fn the_16_bit_model_is_brought_in_as_the_published_8_bit_one() {
    // Beside the weights under test, where the set-up leaves it.
    let folder = weights().parent().map(Path::to_path_buf).unwrap();
    let from = folder.join("ggml-base.bin");
    assert!(from.is_file(), "{} is missing: `cargo xtask test` makes it", from.display());
    let to = tempfile::tempdir().unwrap();
    let imported = catalogue::import(&from, to.path(), true, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(imported.path, to.path().join("ggml-base-q8_0.bin"));
    assert_eq!((imported.bytes_before, imported.bytes), (147_951_465, 81_768_585));
    let published = catalogue::verify(&imported.path).unwrap().published;
    assert_eq!(published.map(|entry| entry.name).as_deref(), Some("base-q8_0"));
}

#[test]
fn a_model_is_measured_on_speech_and_the_measuring_can_be_broken_off() {
    let said = say("fr", "Bonjour docteur, j'ai mal à la gorge depuis trois jours, et de la fièvre le soir.");
    let options = Options::new(Language::Fr);
    let mut shares = Vec::new();
    let speed = measure(&model(), &options, &said, &mut |share| {
        shares.push(share);
        ControlFlow::Continue(())
    });
    let speed = speed.unwrap();
    assert!(speed.real_time_factor > 0.0 && speed.glance_ms > 0);
    assert!(shares.iter().all(|share| (0.0..1.0).contains(share)));
    let broken = measure(&model(), &options, &said, &mut |_| ControlFlow::Break(()));
    assert_eq!(broken, Err(SpeechError::Cancelled));
    let nobody = measure(&model(), &options, &silence(5), &mut |_| ControlFlow::Continue(()));
    assert!(matches!(nobody, Err(SpeechError::Decode { .. })));
}
