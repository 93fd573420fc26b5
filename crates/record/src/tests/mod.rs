//! The record as its doctor and its attackers meet it. What each file holds to is in the names of its tests.

mod access;
mod auditing;
mod backups;
mod exercises;
mod gate;
mod gate_table;
mod hard_times;
mod killed;
mod lifecycle;
mod never_lost;
mod over_time;
mod papers;
mod practice;
mod precedence;
mod privacy;
mod properties;
mod retention;
mod searching;

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};
use note::{Language, Note, SectionId, Segment, Speaker, Statement, Transcript, ValidatedNote};
use tempfile::TempDir;

use crate::{
    Consent, ConsentDecision, ConsentForm, ConsultationId, KdfCost, NewConsultation, Patient, Record,
    RecoveryCode, State,
};

const PASSPHRASE: &str = "trois petits chats gris";
const CHEAP: KdfCost = KdfCost::new(64, 1);

/// A record in a folder of its own.
struct Desk {
    folder: TempDir,
    record: Record,
    code: RecoveryCode,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (record, code) =
            Record::create_at_cost(&folder.path().join("record.db"), PASSPHRASE, CHEAP, at(0)).unwrap();
        Self { folder, record, code }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("record.db")
    }

    /// Closes the record and opens it again.
    fn reopened(self) -> Self {
        let Self { folder, record, code } = self;
        drop(record);
        let record = Record::unlock(&folder.path().join("record.db"), PASSPHRASE, at(1)).unwrap();
        Self { folder, record, code }
    }

    fn consultation(&self) -> ConsultationId {
        self.record.create_consultation(&visit(None), at(2)).unwrap()
    }

    /// A consultation brought to a state the way a visit gets there.
    fn in_state(&self, state: State) -> ConsultationId {
        let id = self.consultation();
        let record = &self.record;
        let mut steps: Vec<Box<dyn Fn() + '_>> = vec![];
        let to = |state| {
            let id = id.clone();
            Box::new(move || record.set_state(&id, state, at(3)).unwrap())
        };
        if state != State::Created {
            steps.push(Box::new(|| record.record_consent(&id, &informed()).unwrap()));
        }
        if !matches!(state, State::Created | State::Consented) {
            steps.push(to(State::Recording));
            steps.push(Box::new(|| {
                record.audio_writer(&id).unwrap().append(&tone(0, 24_000), at(3)).unwrap();
            }));
        }
        match state {
            State::Created | State::Consented | State::Recording => {}
            State::Paused => steps.push(to(State::Paused)),
            _ => steps.push(to(State::Stopped)),
        }
        if matches!(state, State::Drafted | State::Validated | State::Exported) {
            steps.push(Box::new(|| {
                record.save_transcript(&id, &transcript(&["mal à la gorge"])).unwrap();
                record.save_draft(&id, &note("Mal de gorge"), &[], at(4)).unwrap();
            }));
        }
        if matches!(state, State::Validated | State::Exported) {
            steps.push(Box::new(|| record.freeze(&id, &signed("Mal de gorge")).unwrap()));
        }
        if state == State::Exported {
            steps.push(Box::new(|| record.log_export(&id, "pdf", at(6)).unwrap()));
        }
        steps.iter().for_each(|step| step());
        drop(steps);
        assert_eq!(record.consultation(&id).unwrap().state, state);
        id
    }
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 123_456_789).unwrap()
}

fn visit(patient: Option<Patient>) -> NewConsultation {
    NewConsultation { patient, reason: None, language: Language::Fr }
}

fn patient(identifier: &str, name: &str) -> Patient {
    let kept = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Patient {
        identifier: kept(identifier),
        name: kept(name),
        birth_date: NaiveDate::from_ymd_opt(1958, 3, 14),
    }
}

fn informed() -> Consent {
    Consent { decision: ConsentDecision::Informed, form: ConsentForm::Oral, at: at(2) }
}

fn withdrawn() -> Consent {
    Consent { decision: ConsentDecision::Withdrawn, form: ConsentForm::Oral, at: at(8) }
}

/// Samples that name their own place in the recording.
fn tone(from: usize, count: usize) -> Vec<i16> {
    (from..from + count).map(|n| (n.wrapping_mul(40_503) >> 3) as i16).collect()
}

fn segment(index: u32, start_ms: u32, end_ms: u32, text: &str) -> Segment {
    Segment {
        index,
        speaker: Speaker::Patient,
        start_ms,
        end_ms,
        text: text.into(),
        words: vec![],
        suspect: false,
    }
}

fn transcript(sentences: &[&str]) -> Transcript {
    let mut transcript = Transcript::new(Language::Fr);
    transcript.model = Some("base".into());
    for (index, text) in (0..).zip(sentences) {
        transcript.segments.push(segment(index, index * 1000, (index + 1) * 1000, text));
    }
    transcript.duration_ms = transcript.segments.last().map_or(0, |s| s.end_ms);
    transcript
}

fn note(text: &str) -> Note {
    let mut note = Note::new(Language::Fr);
    let mut statement: Statement = serde_json::from_str(
        r#"{"id":"st-1","kind":"symptom","text":"","sources":[],"author":"doctor","confidence":0.86}"#,
    )
    .unwrap();
    statement.text = text.into();
    note.push(SectionId::Histoire, statement);
    note
}

fn signed(text: &str) -> ValidatedNote {
    ValidatedNote::sign(note(text), "Dr Claire Martin", at(5), |_| true).unwrap()
}
