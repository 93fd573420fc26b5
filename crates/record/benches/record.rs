//! Measures a record on this machine: `cargo xtask bench record`.
//!
//! Prints the time to unlock, to make a second of audio durable, the same against a database without encryption, and to
//! list, search and open among 100,000 consultations.
//!
//! * `CALAME_BENCH_CONSULTATIONS`: another number of them.
//! * `CALAME_BENCH_RECORD`: the folder where they are kept and looked for the next time, so that making them, which takes
//!   long, may happen while the machine does other things, and can be broken off; 12 GB of disk. Without it they are
//!   made in `TMPDIR` and thrown away.
//! * `CALAME_BENCH_COLLEAGUE`: measures at last in the hands of a second doctor too, who stays in the record.
#![allow(clippy::print_stdout)]

#[path = "record/made.rs"]
mod made;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use made::Words;
use note::Language;
use record::{
    Consent, ConsentDecision, ConsentForm, ConsultationId, Filter, NewConsultation, Record, RecordError,
    State,
};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const PASSPHRASE: &str = "mesure de cette machine";

fn main() -> Outcome<()> {
    let count = std::env::var("CALAME_BENCH_CONSULTATIONS").map_or(Ok(100_000), |n| n.parse())?;
    let scratch = tempfile::tempdir()?;
    audio(&Record::create(&scratch.path().join("record.calame"), PASSPHRASE, now())?.0)?;
    encryption(scratch.path())?;

    let kept = std::env::var_os("CALAME_BENCH_RECORD").map(PathBuf::from);
    let folder = kept.as_deref().unwrap_or_else(|| scratch.path()).join("practice");
    std::fs::create_dir_all(&folder)?;
    let record = made::practice(&folder.join("record.calame"), count)?;
    let size: u64 = std::fs::read_dir(&folder)?.flatten().flat_map(|f| f.metadata()).map(|m| m.len()).sum();
    println!("size: {:.1} kB each", size as f64 / 1000.0 / f64::from(count.max(1)));
    finding(&record)?;
    changing(&record)?;
    timed("verify the audit", 3, || record.verify_audit().map(|report| report.rows as usize))?;
    if std::env::var_os("CALAME_BENCH_COLLEAGUE").is_some() { colleague(&record) } else { Ok(()) }
}

/// In the hands of a doctor who sees next to nothing of what the record holds, and of the one who made it: from then on
/// the record is a practice of two.
fn colleague(record: &Record) -> Outcome<()> {
    const OTHER: &str = "mesure de la collègue";
    let theirs = match record.session(OTHER) {
        Ok(theirs) => theirs,
        Err(RecordError::WrongPassphrase) => {
            record.add_doctor("Dr Collègue", OTHER, false, now())?;
            let theirs = record.session(OTHER)?;
            for number in 0..20 {
                let id = made::visit(&theirs, number)?;
                made::sign(&theirs, &id, number)?;
            }
            theirs.catch_up_search()?;
            theirs
        }
        Err(error) => return Err(error.into()),
    };
    println!("-- the colleague, who made 20 of them and sees no others:");
    finding(&theirs)?;
    println!("-- the first doctor, beside the colleague:");
    finding(record)
}

fn finding(record: &Record) -> Outcome<()> {
    timed("list, nothing typed", 20, || record.list("", 200).map(|found| found.len()))?;
    for typed in [
        "b",
        "ba",
        "bal",
        "bale",
        "balebi",
        "patient 77",
        "ba de fi",
        "bal de fil",
        "balebi ta 1950",
        "01/01/1950",
        "zz",
    ] {
        timed(&format!("search {typed:?}"), 5, || record.list(typed, 200).map(|found| found.len()))?;
    }
    by_kind(record)
}

/// The newest consultation, while the doctor works on it.
fn changing(record: &Record) -> Outcome<()> {
    if let Some(id) = record.list("", 1)?.pop().map(|newest| newest.id) {
        timed("open a consultation", 20, || {
            record.consultation(&id)?;
            let heard = record.transcript(&id)?;
            record.draft(&id)?;
            Ok(heard.segments.len())
        })?;
        let mut words = Words::of(u32::MAX);
        let note = made::note(&mut words);
        timed("save a draft", 20, || {
            record.save_draft(&id, &note, &[], now()).map(|version| version as usize)
        })?;
        timed("index what changed", 1, || record.catch_up_search().map(|()| 0))?;
        let mut texts = [note, made::note(&mut words)];
        let mut change = |wait: bool| {
            texts.swap(0, 1);
            record.save_draft(&id, &texts[0], &[], now())?;
            if wait {
                record.catch_up_search()?;
            }
            Ok::<_, RecordError>(())
        };
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..10 {
            for (waited, times) in [true, false].into_iter().zip(&mut times) {
                change(waited)?;
                let start = Instant::now();
                record.list("zz", 200)?;
                times.push(ms(start.elapsed()));
            }
        }
        for (what, times) in ["search after a change", "search in the moment of a change"].iter().zip(times) {
            let worst = times.iter().copied().fold(0.0, f64::max);
            println!("{what}: {:.1} ms, worst {worst:.1} ms", times.iter().sum::<f64>() / 10.0);
        }
    }
    Ok(())
}

/// As the finer search asks, and the file of a patient.
fn by_kind(record: &Record) -> Outcome<()> {
    for typed in ["b", "ba", "bal", "baledi"] {
        let patient = Filter { patient: typed.into(), ..Filter::default() };
        let drug = Filter { drug: typed.into(), ..Filter::default() };
        let diagnosis = Filter { diagnosis: typed.into(), ..Filter::default() };
        for (what, filter) in [("patient", patient), ("drug", drug), ("diagnosis", diagnosis)] {
            timed(&format!("by {what} {typed:?}"), 5, || record.find(&filter, 200).map(|found| found.len()))?;
        }
        timed(&format!("patients {typed:?}"), 5, || record.patients(typed, 200).map(|found| found.len()))?;
    }
    let Some(first) = record.list("", 200)?.pop() else { return Ok(()) };
    let long_ago = Filter { until: Some(first.created_at), ..Filter::default() };
    timed("by date", 5, || record.find(&long_ago, 200).map(|found| found.len()))?;
    let drug_long_ago = Filter { drug: "b".into(), ..long_ago };
    timed("by date and drug \"b\"", 5, || record.find(&drug_long_ago, 200).map(|found| found.len()))?;
    timed("patients, nothing typed", 5, || record.patients("", 200).map(|found| found.len()))?;
    // The one seen last has no signed note.
    let Some(patient) = record.patients("", 2)?.pop() else { return Ok(()) };
    println!("(the patient has {} consultations)", patient.consultations);
    timed("timeline of a patient", 20, || record.timeline(&patient.id).map(|facts| facts.len()))
}

fn audio(record: &Record) -> Outcome<()> {
    let id = recording(record, "mesure")?;
    let mut writer = record.audio_writer(&id)?;
    let second: Vec<i16> = (0..16_000).map(|n| (n * 31 % 20_000) as i16).collect();
    let mut times: Vec<f64> = Vec::new();
    for _ in 0..300 {
        let start = Instant::now();
        writer.append(&second, now())?;
        times.push(ms(start.elapsed()));
    }
    times.sort_by(f64::total_cmp);
    let at = |part: f64| times.get((times.len() as f64 * part) as usize).copied().unwrap_or_default();
    println!(
        "a second of audio on disk: median {:.1} ms, 99 % {:.1} ms, worst {:.1} ms",
        at(0.5),
        at(0.99),
        at(0.999)
    );
    drop(writer);
    record.set_state(&id, State::Stopped, now())?;
    timed("read ten seconds of audio", 20, || {
        record.audio(&id, 100_000, 110_000).map(|samples| samples.len())
    })?;
    let start = Instant::now();
    record.erase_audio(&id, "measure", now())?;
    println!("erase five minutes of audio: {:.1} ms", ms(start.elapsed()));
    Ok(())
}

/// The price of encryption: the same rows, with a key and without.
fn encryption(folder: &std::path::Path) -> Outcome<()> {
    const ROWS: u32 = 2_000;
    let second: Vec<u8> = (0..32_000_u32).map(|n| (n * 31 % 251) as u8).collect();
    let mut times = [[0.0; 2]; 2];
    for (kind, sums) in ["plain", "sealed"].into_iter().zip(&mut times) {
        let sql = rusqlite::Connection::open(folder.join(kind))?;
        if kind == "sealed" {
            sql.execute_batch(&format!("PRAGMA key = \"x'{}'\"", "5c".repeat(32)))?;
        }
        sql.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
             CREATE TABLE chunks (id INTEGER PRIMARY KEY, pcm BLOB NOT NULL)",
        )?;
        let start = Instant::now();
        for _ in 0..ROWS {
            sql.prepare_cached("INSERT INTO chunks (pcm) VALUES (?1)")?.execute([&second])?;
        }
        let written = ms(start.elapsed()) / f64::from(ROWS);
        let start = Instant::now();
        let mut rows = sql.prepare("SELECT pcm FROM chunks")?;
        let mut rows = rows.query([])?;
        let mut bytes = 0;
        while let Some(row) = rows.next()? {
            bytes += row.get_ref(0)?.as_blob()?.len();
        }
        *sums = [written, ms(start.elapsed()) / f64::from(ROWS)];
        println!(
            "a second of audio, {kind}: {:.2} ms to write, {:.2} ms to read ({bytes} bytes)",
            sums[0], sums[1]
        );
    }
    let [plain, sealed] = times;
    println!("encryption: {:.2} times to write, {:.2} to read", sealed[0] / plain[0], sealed[1] / plain[1]);
    Ok(())
}

fn recording(record: &Record, reason: &str) -> Outcome<ConsultationId> {
    let new = NewConsultation { patient: None, reason: Some(reason.into()), language: Language::Fr };
    let id = record.create_consultation(&new, now())?;
    record.record_consent(&id, &informed(now()))?;
    record.set_state(&id, State::Recording, now())?;
    Ok(id)
}

fn informed(at: DateTime<Utc>) -> Consent {
    Consent { decision: ConsentDecision::Informed, form: ConsentForm::Oral, at }
}

fn timed(what: &str, times: u32, mut act: impl FnMut() -> Result<usize, RecordError>) -> Outcome<()> {
    let mut worst = Duration::ZERO;
    let (start, mut found) = (Instant::now(), 0);
    for _ in 0..times {
        let one = Instant::now();
        found = act()?;
        worst = worst.max(one.elapsed());
    }
    let mean = ms(start.elapsed()) / f64::from(times);
    println!("{what}: {mean:.1} ms, worst {:.1} ms ({found})", ms(worst));
    Ok(())
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn now() -> DateTime<Utc> {
    Utc::now()
}
