//! The whole job in the real window: what a doctor does, from the first start to the paper, and what is said when
//! something is missing.

#![allow(clippy::unwrap_used, clippy::panic)] // Test code.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use calame_tests::calame::{Home, PASSPHRASE};
use calame_tests::demo;
use calame_tests::desktop::{Screen, Window};
use calame_tests::paper::{assert_holds_all, dense, pdf_text};
use calame_tests::virtual_mic::{VirtualMic, env_without_sound};

const DOCTOR: &str = "Dr Camille Aubry";
const PATIENT: &str = "Martin Essai";
const ADDED: &str = " (relu avec le patient)";
const ADDRESSEE: &str = "Dr Sacha Confrère, cardiologue";
const ENTER: &str = "\u{e007}";
/// Speech recognition on a machine that does other things too.
const SLOW: Duration = Duration::from_secs(180);

/// Some whole sentences for a statement, on a temperature and chills; whose voice it is does not matter.
const DICTATED_FROM_MS: usize = 14_200;
const DICTATED_TO_MS: usize = 24_900;

/// Fever, chills, two drugs with their doses, an allergy.
const FROM_MS: usize = 11_400;
const TO_MS: usize = 61_200;

/// One window at a time: speech recognition takes the machine's cores.
fn alone() -> MutexGuard<'static, ()> {
    static WINDOW: Mutex<()> = Mutex::new(());
    WINDOW.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn a_doctor_records_reads_corrects_validates_and_prints_a_consultation() {
    let _alone = alone();
    let screen = Screen::start();
    let microphone = VirtualMic::start().unwrap();
    let home = Home::new();
    let speech = home.at("speech.wav");
    demo::excerpt(FROM_MS, TO_MS, &speech);
    let equip = |command: &mut Command| {
        home.equip(command);
        command.envs(microphone.env());
    };

    let window = Window::open(&screen, equip);
    first_run(&window);
    new_consultation(&window);
    record(&window, &microphone, &speech);
    a_statement_shows_where_it_comes_from(&window);
    let edited = edit_a_statement(&window);
    let dictated = dictate(&window, &microphone, &home);

    // Before validation nothing leaves.
    window.click("export-pdf");
    let refused = window.alert("not_validated");
    assert!(refused.len() > 20, "the refusal says what to do: {refused}");
    window.screenshot("export-refused");
    window.click("alert-close");
    assert_eq!(printed(&home), Vec::<PathBuf>::new(), "a refused export writes nothing");

    validate(&window);
    assert_eq!(window.count("statement-edit"), 0, "a validated note cannot be edited");

    window.click("export-pdf");
    let pdf = PathBuf::from(window.attribute("[data-testid=notice][data-path]", "data-path"));
    window.screenshot("exported");
    let paper = pdf_text(&pdf);
    assert_holds_all(&paper, &[edited.clone(), dictated.clone(), DOCTOR.to_owned(), PATIENT.to_owned()]);
    assert!(!paper.contains("BROUILLON"), "a validated note is no draft");
    assert_eq!(printed(&home), [pdf]);

    window.click("export-copy-plain");
    let copied = "return [...document.querySelectorAll('[data-testid=notice]')].some((n) => n.innerText.includes('presse-papiers'))";
    window.await_true(Duration::from_secs(60), "the word that it was copied", copied);
    assert_holds_all(&screen.clipboard(), &[edited.clone(), DOCTOR.to_owned()]);
    let letter = sign_a_letter(&window);
    assert_holds_all(&pdf_text(&letter), &[DOCTOR.to_owned(), PATIENT.to_owned(), ADDRESSEE.to_owned()]);
    assert_eq!(printed(&home).len(), 2);
    window.quit();

    nothing_is_readable_on_disk(&home, &[&edited, &dictated]);
    let window = Window::open(&screen, equip);
    unlock_after_a_wrong_passphrase(&window);
    assert!(window.text("list-row").contains(PATIENT));
    assert_eq!(window.attribute("list-row", "data-stage"), "exported");
    window.screenshot("day");
    measure_a_model(&window);
    window.click("list-row");
    window.see("signature");
    assert!(dense(&window.text("note")).contains(&dense(&edited)), "the edit was kept");
    window.quit();
}

#[test]
fn without_microphone_or_model_the_window_says_so_and_keeps_the_consultation() {
    let _alone = alone();
    let screen = Screen::start();
    let home = Home::new();
    let without_sound = env_without_sound(&home.at("")).unwrap();
    let window = Window::open(&screen, |command| {
        home.equip(command);
        command.envs(without_sound).env("CALAME_MODEL", home.at("no-such-model.bin"));
    });
    first_run(&window);
    new_consultation(&window);
    let said = window.run("return document.querySelector('main, body').innerText");
    assert!(said.as_str().unwrap().contains("modèle"), "the missing model is announced: {said}");
    window.click("record-start");
    let alert = window.alert("no_microphone");
    assert!(alert.contains("micro"), "{alert}");
    window.screenshot("no-microphone");
    window.see("record-start");
    window.click("back");
    assert!(window.text("list-row").contains(PATIENT), "the consultation is kept");
    window.quit();
}

fn first_run(window: &Window) {
    window.see("first-run");
    let french = "return document.querySelector('[data-testid=first-run-language][data-value=fr]').checked";
    assert_eq!(window.run(french), true, "French is offered first");
    window.screenshot("first-run");
    window.click("first-run-next");
    window.see("form[data-step=passphrase]");
    window.type_into("first-run-passphrase", PASSPHRASE);
    window.type_into("first-run-passphrase-again", PASSPHRASE);
    enabled(window, "first-run-next");
    window.click("first-run-next");
    window.see("form[data-step=practice]");
    window.type_into("first-run-doctor", DOCTOR);
    window.type_into("first-run-specialty", "Médecine générale");
    window.click("first-run-next");
    window.see("form[data-step=microphone]");
    window.see("first-run-microphone");
    window.click("first-run-next");
    window.see("form[data-step=model]");
    window.screenshot("first-run-model");
    window.click("first-run-next");
    let code = window.text("recovery-code");
    assert!(code.split('-').count() >= 4, "a code to print: {code}");
    window.click("recovery-kept");
    enabled(window, "recovery-done");
    window.click("recovery-done");
    window.see("list");
}

fn new_consultation(window: &Window) {
    window.click("new-consultation");
    window.see("new-form");
    window.type_into("new-name", PATIENT);
    window.type_into("new-reason", "Renouvellement");
    window.click("new-submit");
    window.see("consent");
    assert_eq!(window.count("record-start"), 0, "no recording before consent");
    window.screenshot("consent");
    window.click("consent-oral");
    window.see("record-start");
    window.screenshot("ready");
}

fn record(window: &Window, microphone: &VirtualMic, speech: &Path) {
    window.click("record-start");
    window.see("[data-testid=record-phase][data-phase=recording]");
    let said = microphone.play_in_background(speech).unwrap();
    let heard = "return document.querySelectorAll('[data-testid=live-transcript] .segment').length > 0";
    window.await_true(SLOW, "live words", heard);
    let elapsed = window.attribute("record-timer", "data-ms");
    eprintln!("first live words after {elapsed} ms of recording");
    said.wait();
    window.screenshot("recording");
    let spoken_ms = TO_MS - FROM_MS;
    let saved =
        format!("return +document.querySelector('[data-testid=record-saved]').dataset.ms >= {spoken_ms}");
    window.await_true(SLOW, "all that was said being saved", &saved);
    let live = window.text("live-transcript");
    assert!(live.chars().count() > 100, "the live text follows what is said: {live}");

    window.click("record-stop");
    let stopped = Instant::now();
    window.see_within(SLOW, "note");
    window.see_within(SLOW, "statement");
    eprintln!("stop → note: {} ms", stopped.elapsed().as_millis());
    window.screenshot("note");
    assert!(window.count("statement") >= 3, "{}", window.text("note"));
    assert!(window.count("segment") >= 3, "{}", window.text("transcript"));
}

fn a_statement_shows_where_it_comes_from(window: &Window) {
    window.click("statement-text");
    let lit = window.text("segment-lit");
    assert!(dense(&window.text("transcript")).contains(&dense(&lit)), "{lit}");
    window.screenshot("passage-lit");
}

/// Adds words to the first statement and gives its new text.
fn edit_a_statement(window: &Window) -> String {
    window.click("statement-text");
    window.click("statement-edit");
    window.see("statement-edit-input");
    let before = window.run("return document.querySelector('[data-testid=statement-edit-input]').value");
    let edited = format!("{}{ADDED}", before.as_str().unwrap());
    window.type_into("statement-edit-input", ADDED);
    window.type_into("statement-edit-input", ENTER);
    window.see_no("statement-edit-input");
    assert!(dense(&window.text("note")).contains(&dense(&edited)), "{edited}");
    window.screenshot("edited");
    edited
}

/// Speaks a statement into the section of the first one and gives what was understood.
fn dictate(window: &Window, microphone: &VirtualMic, home: &Home) -> String {
    let before = window.run(
        "return JSON.stringify([...document.querySelectorAll('[data-testid=statement]')].map((s) => s.dataset.statementId))",
    );
    let before = before.as_str().unwrap();
    let speech = home.at("dictated.wav");
    demo::excerpt(DICTATED_FROM_MS, DICTATED_TO_MS, &speech);
    window.click("dictate");
    window.see_within(SLOW, "[data-testid=dictation][data-phase=listening]");
    microphone.play_in_background(&speech).unwrap().wait();
    let heard = "return (document.querySelector('[data-testid=dictation] .words')?.innerText ?? '').trim().length > 20";
    window.await_true(SLOW, "words of the dictation", heard);
    window.screenshot("dictation");
    window.click("dictation-finish");
    let added = format!(
        "const now = document.querySelector('[data-testid=statement][aria-current=true]');
         return now !== null && !{before}.includes(now.dataset.statementId)"
    );
    window.await_true(SLOW, "the dictated statement", &added);
    window.text("[data-testid=statement][aria-current=true] [data-testid=statement-text]")
}

/// Looks at everything that asks for a look, then validates.
fn validate(window: &Window) {
    let left = || -> u32 { window.attribute("doubt-count", "data-count").parse().unwrap() };
    let at_first = left();
    eprintln!("{at_first} things to look at");
    assert!(
        window.count("[data-testid=statement][data-critical=true]") > 0,
        "drugs and allergies are critical"
    );
    let mut before = at_first;
    while before > 0 {
        if window.count("doubt-accept") == 0 {
            window.click("doubt-next");
        }
        window.click("doubt-accept");
        let fewer =
            format!("return +document.querySelector('[data-testid=doubt-count]').dataset.count !== {before}");
        window.await_true(Duration::from_secs(60), "the count of doubts changing", &fewer);
        before = left();
    }
    window.screenshot("looked-at");
    window.click("validate");
    window.see("validate-confirm");
    window.screenshot("validate");
    window.click("validate-confirm");
    window.see("signature");
    assert!(window.text("signature").contains(DOCTOR));
    window.screenshot("validated");
}

/// Makes a letter of the validated note, corrects it, looks at the page, signs it, and gives its PDF.
fn sign_a_letter(window: &Window) -> PathBuf {
    window.click("papers-open");
    window.see("papers");
    window.screenshot("papers");
    window.click("[data-testid=paper-kind][data-kind=referral]");
    window.see("preview-page");
    window.fill("[data-testid=papers] textarea", ADDRESSEE);
    let drawn = "return document.querySelector('[data-testid=preview-page]')?.naturalWidth > 0";
    window.await_true(Duration::from_secs(60), "the page being drawn", drawn);
    window.screenshot("paper");
    window.click("paper-sign");
    window.see_no("papers");
    let path = "[data-testid=notice][data-path*=courrier]";
    window.see(path);
    PathBuf::from(window.attribute(path, "data-path"))
}

fn unlock_after_a_wrong_passphrase(window: &Window) {
    window.see("unlock");
    window.type_into("unlock-passphrase", "une autre phrase de passe");
    window.click("unlock-submit");
    let alert = window.alert("wrong_passphrase");
    assert!(alert.contains("phrase de passe"), "{alert}");
    window.screenshot("wrong-passphrase");
    window.fill("unlock-passphrase", PASSPHRASE);
    window.click("unlock-submit");
    let asked = Instant::now();
    window.see("list");
    eprintln!("unlock → day: {} ms", asked.elapsed().as_millis());
    window.see("list-row");
}

/// The settings tell how fast a model is here once it was measured.
fn measure_a_model(window: &Window) {
    window.click("settings-open");
    window.see("model");
    window.click("model-measure");
    window.see("model-cancel");
    window.screenshot("model-measuring");
    let measured =
        "return document.querySelector('[data-testid=model-speed]')?.innerText.includes('de calcul')";
    window.await_true(SLOW, "how fast the model is", measured);
    window.screenshot("model-measured");
    window.click("home");
    window.see("list-row");
}

fn enabled(window: &Window, name: &str) {
    let script = format!("return document.querySelector('[data-testid={name}]')?.disabled === false");
    window.await_true(Duration::from_secs(60), &format!("{name} being enabled"), &script);
}

/// PDFs in the folder of exports.
fn printed(home: &Home) -> Vec<PathBuf> {
    let entries = fs::read_dir(home.at("home/exports")).into_iter().flatten();
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "pdf"))
        .collect()
}

/// Outside what the doctor exported, no file holds the patient's name or the note.
fn nothing_is_readable_on_disk(home: &Home, written: &[&str]) {
    let mut looked_at = 0;
    for entry in fs::read_dir(home.at("home")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        for secret in [PATIENT, ADDED].iter().chain(written) {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{} holds {secret:?} in the clear", path.display());
        }
        looked_at += 1;
    }
    assert!(looked_at > 0, "the record lies in this folder");
}
