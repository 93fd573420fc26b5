//! Makes a small record as this version of the code makes it: `cargo run -p calame-record --example fixture FOLDER`.
//!
//! Run it once for each schema that is released, and keep `record.calame` and its keys in `fixtures/schema-N`: the tests
//! bring every one of them up to date. No patient is real.

use chrono::{DateTime, NaiveDate, Utc};
use note::{Language, Note, SectionId, Segment, Speaker, Statement, Transcript, ValidatedNote};
use record::{
    Consent, ConsentDecision, ConsentForm, ConsultationId, KdfCost, NewConsultation, Patient, Record, State,
};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const PASSPHRASE: &str = "trois petits chats gris";

fn main() -> Outcome<()> {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).ok_or("name a folder")?);
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("record.calame");
    let (record, _) = Record::create_at_cost(&path, PASSPHRASE, KdfCost::new(64, 1), at(0))?;
    record.set_setting("practice", "Cabinet des Tilleuls")?;

    let signed = visit(&record, "Jeanne Exemple", "rhume")?;
    record.save_draft(&signed, &note("Rhume depuis trois jours")?, &[], at(5))?;
    let note_signed =
        ValidatedNote::sign(note("Rhume depuis trois jours")?, "Dr Claire Martin", at(6), |_| true)?;
    record.freeze(&signed, &note_signed)?;
    record.log_export(&signed, "pdf", at(7))?;

    let drafted = visit(&record, "Paul Exemple", "lombalgie")?;
    record.save_draft(&drafted, &note("Lombalgie basse")?, &[], at(8))?;

    let open = record.create_consultation(&new("Paul Exemple", "contrôle"), at(9))?;
    record.record_consent(&open, &informed())?;
    record.set_state(&open, State::Recording, at(10))?;
    record.audio_writer(&open)?.append(&[3; 8_000], at(10))?;

    let erased = visit(&record, "Luc Exemple", "toux")?;
    record.erase_consultation(&erased, "asked by the patient", at(11))?;
    Ok(())
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap_or_default()
}

fn new(name: &str, reason: &str) -> NewConsultation {
    let birth_date = NaiveDate::from_ymd_opt(1958, 3, 14);
    let patient = Patient { identifier: None, name: Some(name.into()), birth_date };
    NewConsultation { patient: Some(patient), reason: Some(reason.into()), language: Language::Fr }
}

fn informed() -> Consent {
    Consent { decision: ConsentDecision::Informed, form: ConsentForm::Oral, at: at(2) }
}

fn visit(record: &Record, name: &str, reason: &str) -> Outcome<ConsultationId> {
    let id = record.create_consultation(&new(name, reason), at(1))?;
    record.record_consent(&id, &informed())?;
    record.set_state(&id, State::Recording, at(2))?;
    let samples: Vec<i16> = (0..24_000_i32).map(|n| (n.wrapping_mul(40_503) >> 8) as i16).collect();
    record.audio_writer(&id)?.append(&samples, at(3))?;
    record.set_state(&id, State::Stopped, at(4))?;
    let mut heard = Transcript::new(Language::Fr);
    heard.duration_ms = 1500;
    heard.segments.push(Segment {
        index: 0,
        speaker: Speaker::Patient,
        start_ms: 0,
        end_ms: 1500,
        text: format!("je viens pour {reason}"),
        words: vec![],
        suspect: false,
    });
    record.save_transcript(&id, &heard)?;
    Ok(id)
}

fn note(text: &str) -> Outcome<Note> {
    let mut note = Note::new(Language::Fr);
    let mut statement: Statement = serde_json::from_str(
        r#"{"id":"st-1","kind":"symptom","text":"","sources":[],"author":"doctor","confidence":0.86}"#,
    )?;
    statement.text = text.into();
    note.push(SectionId::Histoire, statement);
    Ok(note)
}
