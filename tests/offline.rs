//! Nothing needs the network: the main job runs where there is none.

#![allow(clippy::unwrap_used, clippy::panic)] // Test code.
#![allow(clippy::print_stdout)] // What was searched is for docs/security.md.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use calame_tests::calame::{Answer, Home, PASSPHRASE, answer, program};
use calame_tests::demo;
use calame_tests::paper::{assert_holds_all, pdf_text, statements};
use calame_tests::virtual_mic::require;

/// Runs `calame` in a network namespace of its own, which has no interface but a loopback that is down.
fn cut_off(home: &Home, arguments: &[&Path]) -> Answer {
    let mut command = Command::new("unshare");
    home.equip(&mut command);
    command.arg("-rn").arg(program("calame")).args(arguments);
    answer(&mut command)
}

#[test]
fn speech_becomes_a_printed_note_on_a_computer_without_network() {
    require("unshare", "util-linux").unwrap_or_else(|e| panic!("{e}"));
    let seen = answer(Command::new("unshare").args(["-rn", "cat", "/proc/net/dev"]));
    let refused = "`unshare -rn` is not permitted on this machine, and this test needs it";
    assert_eq!(seen.code, Some(0), "{refused}: {}", seen.stderr);
    let interfaces: Vec<&str> =
        seen.stdout.lines().filter_map(|line| line.split_once(':')).map(|l| l.0).collect();
    assert_eq!(interfaces.iter().map(|name| name.trim()).collect::<Vec<_>>(), ["lo"], "no way out is left");

    let home = Home::new();
    let [clip, transcript, note, pdf] =
        ["clip.wav", "transcript.json", "note.json", "note.pdf"].map(|name| home.at(name));
    demo::excerpt(33_800, 49_000, &clip);
    let path = Path::new;
    let said = cut_off(&home, &[path("transcribe"), &clip, path("--language"), path("fr")]).done();
    fs::write(&transcript, said).unwrap();
    let structured = cut_off(&home, &[path("structure"), &transcript]).done();
    fs::write(&note, &structured).unwrap();
    let facts = statements(&serde_json::from_str(&structured).unwrap());
    assert!(!facts.is_empty(), "{structured}");
    let _ = cut_off(&home, &[path("export"), &note, path("--pdf"), &pdf]).done();
    assert_holds_all(&pdf_text(&pdf), &facts);
}

/// The same with the record, and everything the command may write to under `home`.
fn cut_off_at_home(home: &Home, arguments: &[String]) -> Answer {
    let mut command = Command::new("unshare");
    home.equip(&mut command);
    for (name, folder) in [
        ("HOME", "user"),
        ("TMPDIR", "tmp"),
        ("XDG_DATA_HOME", "user/data"),
        ("XDG_CONFIG_HOME", "user/config"),
        ("XDG_CACHE_HOME", "user/cache"),
        ("XDG_STATE_HOME", "user/state"),
        ("SQLITE_TMPDIR", "tmp"),
    ] {
        fs::create_dir_all(home.at(folder)).unwrap();
        command.env(name, home.at(folder));
    }
    // Where a crash would leave its image.
    command.current_dir(home.at("tmp"));
    command.arg("-rn").arg(program("calame")).args(arguments);
    answer(&mut command)
}

/// Every file below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn the_whole_job_in_the_record_needs_no_network_and_leaves_no_readable_byte() {
    require("unshare", "util-linux").unwrap_or_else(|e| panic!("{e}"));
    let home = Home::new();
    let (clip, pdf) = (home.at("clip.wav"), home.at("note.pdf"));
    demo::excerpt(33_800, 49_000, &clip);
    let run = |group: &str, words: &[&str]| {
        let mut arguments = vec![group.to_owned()];
        arguments.extend(words.iter().map(|word| (*word).to_owned()));
        arguments.extend(home.access());
        cut_off_at_home(&home, &arguments)
    };
    let code = run("record", &["init"]).done();
    let imported = run("record", &["import", clip.to_str().unwrap(), "--language", "fr"]).json();
    let id = imported["id"].as_str().unwrap().to_owned();
    let facts = statements(&imported["note"]);
    assert!(!facts.is_empty(), "{imported}");
    let author = "Dr Mireille Xylander";
    let _ = run("record", &["validate", &id, "--author", author, "--checked"]).done();
    let _ = run("record", &["export", &id, "--pdf", pdf.to_str().unwrap()]).done();
    assert_holds_all(&pdf_text(&pdf), &facts);
    fs::create_dir(home.at("stick")).unwrap();
    let stick = home.at("stick");
    let _ = run("record", &["backup", "--to", stick.to_str().unwrap()]).done();
    assert_eq!(run("record", &["versions", &id]).json().as_array().unwrap().len(), 2);
    assert_eq!(run("audit", &["verify"]).json()["intact"], true);

    let mut secrets: Vec<Vec<u8>> = vec![author.into(), PASSPHRASE.into(), code.trim().into()];
    secrets.extend(facts.iter().map(|fact| fact.clone().into_bytes()));
    let segments = imported["transcript"]["segments"].as_array().unwrap();
    secrets.extend(segments.iter().map(|segment| segment["text"].as_str().unwrap().as_bytes().to_vec()));
    // A stretch of sound from the middle, as it was stored before it was erased.
    let wave = fs::read(&clip).unwrap();
    secrets.push(wave[wave.len() / 2..wave.len() / 2 + 64].to_vec());
    let own: [&OsStr; 3] = ["clip.wav", "note.pdf", "passphrase.txt"].map(OsStr::new);
    secrets.retain(|secret| secret.len() >= 6);
    let (mut written, mut bytes) = (Vec::new(), 0);
    files(&home.at(""), &mut written);
    written.retain(|path| path.file_name().is_none_or(|name| !own.contains(&name)));
    for path in &written {
        let held = fs::read(path).unwrap();
        bytes += held.len();
        for secret in &secrets {
            let found = held.windows(secret.len()).any(|window| window == secret.as_slice());
            assert!(!found, "{} holds {:?}", path.display(), String::from_utf8_lossy(secret));
        }
    }
    println!("{bytes} bytes of {} files searched for {} secrets", written.len(), secrets.len());
    assert!(written.len() >= 4 && bytes > 300_000, "{bytes} bytes of {written:?} were searched");
}
