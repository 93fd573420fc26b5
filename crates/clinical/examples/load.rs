//! What the lexicons cost: time to load each, resident memory with both, and the time a visit takes as it grows.
//!
//! cargo run --release -p calame-clinical --example load
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::time::Instant;

use clinical::Clinical;
use note::{Language, Segment, Transcript};

fn main() -> Result<(), Box<dyn Error>> {
    let before = resident()?;
    for language in Language::ALL {
        let start = Instant::now();
        let _rules = Clinical::load(language);
        println!("load {language}: {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    }
    println!("memory of both: {} MB", resident()?.saturating_sub(before) / 1024);
    for words in [1250, 5000, 20_000] {
        let visit = visit(words)?;
        let start = Instant::now();
        let note = Clinical::load(Language::Fr).structure(&visit);
        let spent = start.elapsed().as_secs_f64() * 1e3;
        println!("{words} words: {spent:.1} ms, {} statements", note.statements().count());
    }
    Ok(())
}

/// Resident memory of this process, in kB (Linux).
fn resident() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.split_whitespace().nth(1).ok_or("no value")?.parse()?)
}

fn visit(words: usize) -> Result<Transcript, Box<dyn Error>> {
    let turns = [
        ("doctor", "De la fièvre, des frissons ? Vous prenez quelque chose en ce moment ?"),
        (
            "patient",
            "Non, pas de fièvre. Je tousse depuis trois jours, et je prends du paracétamol, un gramme trois fois par jour.",
        ),
        ("doctor", "La tension est à quatorze huit, le cœur est régulier, les poumons sont libres."),
    ];
    let mut visit = Transcript::new(Language::Fr);
    let mut said = 0;
    for (speaker, text) in turns.iter().cycle() {
        if said >= words {
            break;
        }
        said += text.split_whitespace().count();
        let index = visit.segments.len();
        let segment = format!(
            r#"{{"index":{index},"speaker":"{speaker}","start_ms":0,"end_ms":1,"text":{}}}"#,
            serde_json::to_string(text)?
        );
        visit.segments.push(serde_json::from_str::<Segment>(&segment)?);
    }
    Ok(visit)
}
