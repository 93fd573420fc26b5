//! What goes wrong outside is told in one line of its own, and takes nothing from the record.

#![allow(clippy::unwrap_used, clippy::panic)] // Test code.

use std::fs;
use std::path::PathBuf;

use calame_tests::calame::{Home, model};
use calame_tests::demo;

/// Some seconds of speech in a file of this home.
fn speech(home: &Home) -> PathBuf {
    let wav = home.at("speech.wav");
    demo::excerpt(14_300, 20_300, &wav);
    wav
}

/// A record that holds one consultation, and the id of it.
fn record_with_a_consultation() -> (Home, String) {
    let home = Home::with_record();
    let wav = speech(&home);
    let imported = home.record(["import", "--language", "fr", wav.to_str().unwrap()]).json();
    let id = imported["id"].as_str().unwrap().to_owned();
    (home, id)
}

#[test]
fn a_recording_that_is_cut_short_gives_what_it_holds_and_says_so() {
    let home = Home::with_record();
    let whole = fs::read(speech(&home)).unwrap();
    let cut = home.at("cut.wav");
    fs::write(&cut, &whole[..whole.len() * 2 / 3]).unwrap();
    let answer = home.record(["import", "--language", "fr", cut.to_str().unwrap()]);
    assert!(
        answer.stderr.contains("calame: the audio file is cut short: what it holds was kept"),
        "{answer:?}"
    );
    assert_eq!(answer.stderr.matches("cut short: what").count(), 1, "{answer:?}");
    let kept = home.consultations();
    assert_eq!(kept.len(), 1, "the part that is there is in the record");
    let view = home.record(["show", &kept[0], "--json"]).json();
    let audio_ms = view["consultation"]["audio_ms"].as_u64().unwrap();
    assert!((3_500..=4_100).contains(&audio_ms), "two thirds of six seconds: {audio_ms}");
}

#[test]
fn files_without_sound_are_refused_each_for_its_own_reason_and_the_record_keeps_what_it_held() {
    let (home, id) = record_with_a_consultation();
    let [empty, text, gone] = ["empty.wav", "text.wav", "gone.wav"].map(|name| home.at(name));
    fs::write(&empty, "").unwrap();
    fs::write(&text, "Ceci n'est pas du son, mais une lettre.\n".repeat(200)).unwrap();
    let import =
        |path: &PathBuf| home.record(["import", "--language", "fr", path.to_str().unwrap()]).refusal();
    let transcribe =
        |path: &PathBuf| home.calame(["transcribe", "--language", "fr", path.to_str().unwrap()]).refusal();
    for (path, reason) in
        [(&empty, "the audio file holds no sound"), (&text, "not supported"), (&gone, "not found")]
    {
        for said in [import(path), transcribe(path)] {
            assert!(said.contains(reason), "{}: {said}", path.display());
        }
        assert_eq!(
            home.consultations(),
            std::slice::from_ref(&id),
            "nothing is lost and nothing empty is left"
        );
    }
}

#[test]
fn a_missing_or_damaged_model_is_named_and_the_audio_stays() {
    let home = Home::with_record();
    let wav = speech(&home);
    let damaged = home.at("ggml-damaged.bin");
    let whole = fs::read(model()).unwrap();
    fs::write(&damaged, &whole[..whole.len() / 2]).unwrap();
    let missing = home.at("ggml-missing.bin");
    for (path, reason) in
        [(&missing, "no speech model is installed"), (&damaged, "the speech model is damaged")]
    {
        let arguments = ["--language", "fr", "--model", path.to_str().unwrap(), wav.to_str().unwrap()];
        let said = home.calame([&["transcribe"], &arguments[..]].concat()).refusal();
        assert!(said.contains(reason), "{said}");
        let before = home.consultations().len();
        let answer = home.record([&["import"], &arguments[..]].concat());
        assert_eq!((answer.code, answer.stdout.as_str()), (Some(1), ""), "{answer:?}");
        assert_eq!(answer.stderr.matches(reason).count(), 1, "it is said once: {answer:?}");
        let kept = home.consultations();
        assert_eq!(kept.len(), before + 1, "the audio is kept, to be transcribed later");
        let audio_ms = &home.record(["show", &kept[0], "--json"]).json()["consultation"]["audio_ms"];
        assert!(audio_ms.as_u64().unwrap() > 5_900, "all of it: {audio_ms}");
    }
    let import = home.calame(["models", "import", damaged.to_str().unwrap()]).refusal();
    assert!(import.contains("the speech model is damaged"), "{import}");
}

#[test]
fn passphrases_that_are_wrong_or_weak_are_refused_and_the_record_still_opens() {
    let (home, id) = record_with_a_consultation();
    let secret = home.at("passphrase.txt");
    let right = fs::read_to_string(&secret).unwrap();
    fs::write(&secret, "une autre phrase de passe\n").unwrap();
    for arguments in [vec!["list"], vec!["show", &id], vec!["search", "fièvre"]] {
        let said = home.record(arguments).refusal();
        assert!(said.contains("wrong passphrase: nothing was changed"), "{said}");
    }
    fs::write(&secret, "court\n").unwrap();
    let again = home.record(["init"]).refusal();
    assert!(again.contains("passphrase is too weak") || again.contains("exists here already"), "{again}");
    fs::write(&secret, &right).unwrap();
    assert_eq!(home.consultations(), [id]);

    let other = Home::new();
    fs::write(other.at("passphrase.txt"), "court\n").unwrap();
    let weak = other.record(["init"]).refusal();
    assert!(weak.contains("the passphrase is too weak"), "{weak}");
    assert!(!other.at("visits.calame").exists(), "a refused record leaves no file");
}

#[test]
fn an_unknown_consultation_is_not_found_and_a_second_record_never_replaces_the_first() {
    let (home, id) = record_with_a_consultation();
    let unknown = "00000000-0000-4000-8000-000000000000";
    for arguments in [
        vec!["show", unknown],
        vec!["validate", unknown, "--author", "Dr Camille Aubry", "--checked"],
        vec!["export", unknown, "--text"],
    ] {
        let said = home.record(arguments).refusal();
        assert!(said.contains("not found"), "{said}");
    }
    let second = home.record(["init"]).refusal();
    assert!(second.contains("a record exists here already"), "{second}");
    assert_eq!(home.consultations(), [id]);
}

#[test]
fn documents_that_do_not_keep_to_the_contract_are_refused_by_name() {
    let home = Home::new();
    let file = home.at("transcript.json");
    let structure = |text: &str, more: &[&str]| {
        fs::write(&file, text).unwrap();
        home.calame([&["structure", file.to_str().unwrap()], more].concat())
    };
    let good = r#"{"schema":"calame.transcript/1","language":"fr","duration_ms":1000,"segments":[]}"#;
    let _ = structure(good, &[]).done();
    for malformed in ["{\"schema\":", "", "[]", &good.replace("calame.transcript/1", "other/1")] {
        let said = structure(malformed, &[]).refusal();
        assert!(said.contains("transcript.json"), "the file is named: {said}");
    }
    let more = good.replace("\"segments\"", "\"title\":\"Essai\",\"segments\"");
    let unknown = structure(&more, &[]).refusal();
    assert!(unknown.contains("title"), "the field is named: {unknown}");
    let _ = structure(&more, &["--lenient"]).done();
}
