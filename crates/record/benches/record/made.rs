//! A practice that never was: its visits are the same in every run. The texts are made of syllables; no patient is real.

use std::path::Path;
use std::time::Instant;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use note::{Language, Note, SectionId, Segment, Speaker, Statement, Transcript, ValidatedNote};
use record::{ConsultationId, NewConsultation, Patient, Record};

use crate::{Outcome, PASSPHRASE, informed, ms, now};

/// Each comes five times where there are 100,000 visits.
const PATIENTS: u32 = 20_000;

/// How many visits the record holds, kept in it.
const MADE: &str = "bench_made";

/// Opens the record of that many visits; makes it, or what is missing of it, first.
pub fn practice(path: &Path, count: u32) -> Outcome<Record> {
    if !Record::exists(path) {
        drop(Record::create(path, PASSPHRASE, now())?);
    }
    let start = Instant::now();
    let record = Record::unlock(path, PASSPHRASE, now())?;
    println!("unlock: {:.0} ms", ms(start.elapsed()));
    let held: u32 = record.setting(MADE)?.unwrap_or(0);
    if held > count {
        return Err(format!("{} holds {held} consultations already", path.display()).into());
    }
    if held == count {
        return Ok(record);
    }
    let start = Instant::now();
    for number in held..count {
        let id = visit(&record, number)?;
        // All but the newest are signed.
        if number + 1 < count {
            sign(&record, &id, number)?;
        }
        if (number + 1) % 1000 == 0 || number + 1 == count {
            record.set_setting(MADE, &(number + 1))?;
            println!("{} made, {:.0} s", number + 1, start.elapsed().as_secs_f64());
        }
    }
    let made = f64::from(count - held);
    println!("{} consultations: {:.2} ms each to write", count - held, ms(start.elapsed()) / made);
    let start = Instant::now();
    record.catch_up_search()?;
    println!("to index: {:.2} ms each, once", ms(start.elapsed()) / made);
    Ok(record)
}

pub fn visit(record: &Record, number: u32) -> Outcome<ConsultationId> {
    let mut words = Words::of(number);
    let who = number % PATIENTS;
    let patient = Patient {
        identifier: Some(format!("patient {who}")),
        name: Some(Words::of(who).some(2)),
        birth_date: NaiveDate::from_ymd_opt(1950, 1, 1 + who % 28),
    };
    let new = NewConsultation { patient: Some(patient), reason: Some(words.some(3)), language: Language::Fr };
    let at = opened(number);
    let id = record.create_consultation(&new, at)?;
    record.record_consent(&id, &informed(at))?;
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
    record.save_draft(&id, &note(&mut words), &[], at)?;
    Ok(id)
}

pub fn sign(record: &Record, id: &ConsultationId, number: u32) -> Outcome<()> {
    let Some(draft) = record.draft(id)? else { return Err("a visit has no draft".into()) };
    record.freeze(id, &ValidatedNote::sign(draft.note, "Dr Mesure", opened(number), |_| true)?)?;
    Ok(())
}

/// One every quarter of an hour.
fn opened(number: u32) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(18_262) + TimeDelta::minutes(15 * i64::from(number))
}

pub fn note(words: &mut Words) -> Note {
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
pub struct Words(u64);

impl Words {
    /// Always the same for a number, and unlike those of its neighbours.
    pub fn of(number: u32) -> Self {
        let mut words = Self(u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        words.below(1);
        words
    }

    pub fn some(&mut self, count: usize) -> String {
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
