//! Nothing needs the network: the main job runs where there is none.

#![allow(clippy::unwrap_used, clippy::panic)] // Test code.

use std::fs;
use std::path::Path;
use std::process::Command;

use calame_tests::calame::{Answer, Home, answer, program};
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
