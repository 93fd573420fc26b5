//! Measures a record on this machine: `cargo xtask bench record`.
//!
//! Prints the time to unlock, to make a second of audio durable, the same against a database without encryption, and to
//! list, search and open among 100,000 consultations (`CALAME_BENCH_CONSULTATIONS` for another number; `TMPDIR` says
//! where they are made: 12 GB of disk). The texts are made of syllables; no patient is real.
#![allow(clippy::print_stdout)]

use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use note::{Language, Note, SectionId, Segment, Speaker, Statement, Transcript, ValidatedNote};
use record::{
    Consent, ConsentDecision, ConsentForm, ConsultationId, Filter, NewConsultation, Patient, Record,
    RecordError, State,
};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const PASSPHRASE: &str = "mesure de cette machine";

fn main() -> Outcome<()> {
    let count = std::env::var("CALAME_BENCH_CONSULTATIONS").map_or(Ok(100_000), |n| n.parse())?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("record.db");
    let (record, _code) = Record::create(&path, PASSPHRASE, now())?;
    drop(record);
    let start = Instant::now();
    let record = Record::unlock(&path, PASSPHRASE, now())?;
    println!("unlock: {:.0} ms", ms(start.elapsed()));

    audio(&record)?;
    encryption(folder.path())?;
    let start = Instant::now();
    let mut words = Words(1);
    let mut last = None;
    for number in 0..count {
        last = Some(visit(&record, &mut words, number, number + 1 == count)?);
    }
    println!("{count} consultations: {:.2} ms each to write", ms(start.elapsed()) / f64::from(count.max(1)));
    let start = Instant::now();
    record.catch_up_search()?;
    println!("to index: {:.2} ms each, once", ms(start.elapsed()) / f64::from(count.max(1)));
    let size: u64 =
        std::fs::read_dir(folder.path())?.flatten().flat_map(|f| f.metadata()).map(|m| m.len()).sum();
    println!("size: {:.1} kB each", size as f64 / 1000.0 / f64::from(count.max(1)));

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
    by_kind(&record)?;
    if let Some(id) = last {
        timed("open a consultation", 20, || {
            record.consultation(&id)?;
            let heard = record.transcript(&id)?;
            record.draft(&id)?;
            Ok(heard.segments.len())
        })?;
        let note = note(&mut words);
        timed("save a draft", 20, || {
            record.save_draft(&id, &note, &[], now()).map(|version| version as usize)
        })?;
        timed("index what changed", 1, || record.catch_up_search().map(|()| 0))?;
        let mut texts = [note, self::note(&mut words)];
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
    timed("verify the audit", 3, || record.verify_audit().map(|report| report.rows as usize))
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
    let Some(patient) = record.patients("", 1)?.pop() else { return Ok(()) };
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
    let consent = Consent { decision: ConsentDecision::Informed, form: ConsentForm::Oral, at: now() };
    record.record_consent(&id, &consent)?;
    record.set_state(&id, State::Recording, now())?;
    Ok(id)
}

fn visit(record: &Record, words: &mut Words, number: u32, is_last: bool) -> Outcome<ConsultationId> {
    let patient = Patient {
        identifier: Some(format!("patient {}", number % 5000)),
        name: Some(Words(u64::from(number % 5000)).some(2)),
        birth_date: NaiveDate::from_ymd_opt(1950, 1, 1 + number % 28),
    };
    let new = NewConsultation { patient: Some(patient), reason: Some(words.some(3)), language: Language::Fr };
    let id = record.create_consultation(&new, now())?;
    let consent = Consent { decision: ConsentDecision::Informed, form: ConsentForm::Oral, at: now() };
    record.record_consent(&id, &consent)?;
    let mut transcript = Transcript::new(Language::Fr);
    for index in 0..60 {
        let (start_ms, end_ms) = (index * 5000, index * 5000 + 4900);
        let text = words.some(16);
        let speaker = Speaker::Unknown;
        transcript.segments.push(Segment {
            index,
            speaker,
            start_ms,
            end_ms,
            text,
            words: vec![],
            suspect: false,
        });
    }
    record.save_transcript(&id, &transcript)?;
    let note = note(words);
    record.save_draft(&id, &note, &[], now())?;
    // All but the newest are signed.
    if !is_last {
        record.freeze(&id, &ValidatedNote::sign(note, "Dr Mesure", now(), |_| true)?)?;
    }
    Ok(id)
}

fn note(words: &mut Words) -> Note {
    let mut note = Note::new(Language::Fr);
    let kinds = ["finding", "finding", "finding", "drug", "finding", "condition", "vital"];
    for (number, kind) in (0..20).zip(kinds.iter().cycle()) {
        let json = format!(r#"{{"id":"","kind":"{kind}","text":"","sources":[],"author":"doctor"}}"#);
        if let Ok(mut statement) = serde_json::from_str::<Statement>(&json) {
            statement.id = format!("st-{number}");
            statement.text = words.some(6);
            note.push(SectionId::Histoire, statement);
        }
    }
    note
}

/// Words of a vocabulary of some 30,000, the short ones frequent as in a language.
struct Words(u64);

impl Words {
    fn some(&mut self, count: usize) -> String {
        const SYLLABLES: [&str; 32] = [
            "ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve", "zi", "cho", "bra",
            "cle", "dri", "flo", "gru", "pla", "tre", "bi", "do", "fu", "la", "me", "ni", "po", "ru", "sa",
            "te", "vi",
        ];
        let mut text = String::new();
        for _ in 0..count {
            if !text.is_empty() {
                text.push(' ');
            }
            for _ in 0..=self.below(3) {
                text.push_str(SYLLABLES.get(self.below(32)).copied().unwrap_or_default());
            }
        }
        text
    }

    fn below(&mut self, bound: u64) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % bound) as usize
    }
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
