//! kill -9, at moments drawn from a seed: `CALAME_TEST_SEED` draws the same ones again.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::*;

const CHILD: &str = "CALAME_TEST_RECORDING_CHILD";
const NAME: &str = "tests::killed::at_whatever_moment_a_recording_is_killed_it_loses_less_than_a_second_and_completes_to_a_note";
const KILLS: u32 = 24;
/// Half a second, as the recorder gives them to the record.
const GIVEN_AT_ONCE: usize = 8_000;

/// Records until it is killed, with all that goes on in a visit, telling what was given to the record and what it said
/// to have saved.
fn record_until_killed(path: &Path) -> ! {
    let tell = |what: &str, number: u32| {
        println!("{what} {number}");
        std::io::stdout().flush().unwrap();
    };
    let (record, _code) = Record::create_at_cost(path, PASSPHRASE, CHEAP, at(0)).unwrap();
    let id = record.create_consultation(&visit(Some(patient("77", "Anne Kervadec"))), at(1)).unwrap();
    record.record_consent(&id, &informed()).unwrap();
    record.set_state(&id, State::Recording, at(2)).unwrap();
    let mut writer = record.audio_writer(&id).unwrap();
    for turn in 0.. {
        let from = turn as usize * GIVEN_AT_ONCE;
        tell("given", (turn + 1) * 500);
        tell("saved", writer.append(&tone(from, GIVEN_AT_ONCE), at(3)).unwrap());
        record.append_segment(&id, &segment(turn, turn * 500, turn * 500 + 400, "une phrase")).unwrap();
        match turn % 5 {
            1 => drop(record.save_draft(&id, &note("En cours"), &[], at(3)).unwrap()),
            2 => record.set_state(&id, State::Paused, at(3)).unwrap(),
            3 => record.set_state(&id, State::Recording, at(3)).unwrap(),
            4 => record.catch_up_search().unwrap(),
            _ => {}
        }
    }
    unreachable!("it is killed before")
}

/// The next number of a sequence, below `bound`.
fn draw(state: &mut u64, bound: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % bound
}

#[test]
fn at_whatever_moment_a_recording_is_killed_it_loses_less_than_a_second_and_completes_to_a_note() {
    if let Some(path) = std::env::var_os(CHILD) {
        record_until_killed(path.as_ref());
    }
    let seed = std::env::var("CALAME_TEST_SEED").map_or_else(
        |_| SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs(),
        |seed| seed.parse().unwrap(),
    );
    let (mut state, mut lost) = (seed, 0);
    for kill in 0..KILLS {
        // So many saves, and some time into the next ones.
        let saves = 1 + draw(&mut state, 25) as usize;
        let later = Duration::from_micros(draw(&mut state, 20_000));
        let moment = format!("CALAME_TEST_SEED={seed}, kill {kill}: {later:?} after save {saves}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("record.db");
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME, "--nocapture"])
            .env(CHILD, &path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let (mut given, mut saved) = (0, 0);
        let mut hear = |line: String| match line.split_once(' ') {
            Some(("given", ms)) => {
                given = ms.parse().unwrap();
                false
            }
            Some(("saved", ms)) => {
                saved = ms.parse().unwrap();
                true
            }
            _ => false,
        };
        let mut seen = 0;
        while seen < saves {
            seen += usize::from(hear(lines.next().expect(&moment)));
        }
        std::thread::sleep(later);
        // SIGKILL: nothing of the child runs after this.
        child.kill().unwrap();
        child.wait().unwrap();
        for line in lines {
            hear(line);
        }
        lost = lost.max(given - survives(&path, given, saved, &moment));
    }
    println!("killed {KILLS} times: {:.2} s lost at most", f64::from(lost) / 1000.0);
}

/// Gives the milliseconds of audio that are there.
fn survives(path: &Path, given: u32, saved: u32, moment: &str) -> u32 {
    let record = Record::unlock(path, PASSPHRASE, at(9)).unwrap_or_else(|error| panic!("{moment}: {error}"));
    let [left] = &record.interrupted().unwrap()[..] else { panic!("{moment}: one was cut off") };
    assert!(left.state.is_open(), "{moment}: {}", left.state);
    assert!(saved >= 500 && left.audio_ms >= saved, "{moment}: {} ms of {saved} acknowledged", left.audio_ms);
    assert!(given - saved <= 1000, "{moment}: {given} ms given, {saved} acknowledged");
    assert!(left.audio_ms <= given, "{moment}: {} ms of {given}", left.audio_ms);
    let samples = record.audio(&left.id, 0, left.audio_ms).unwrap();
    assert!(samples == tone(0, left.audio_ms as usize * 16), "{moment}: other samples");
    assert!(record.verify_audit().unwrap().intact, "{moment}");
    // It completes to a note, which is found.
    record.set_state(&left.id, State::Stopped, at(10)).unwrap();
    record.save_draft(&left.id, &note("Repris"), &[], at(11)).unwrap();
    record.freeze(&left.id, &signed("Repris ensuite")).unwrap();
    assert!(record.interrupted().unwrap().is_empty(), "{moment}");
    assert_eq!(record.list("repris", 9).unwrap().len(), 1, "{moment}");
    assert!(record.validated(&left.id).unwrap().is_some(), "{moment}");
    left.audio_ms
}
