//! A patient over time: what signed notes say of them, ready to draw. Drafts are not facts and do not appear.

use chrono::{DateTime, Utc};
use note::{Experiencer, Kind, Note, Polarity, Statement, Temporality};
use serde::{Deserialize, Serialize};

use crate::doctors::visible;
use crate::stamp::Stamp;
use crate::{ConsultationId, PatientId, Record, RecordError};

/// What a fact is drawn as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Track {
    Vital,
    Lab,
    Treatment,
    Allergy,
    Condition,
}

/// One statement of a signed note, with its numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Fact {
    pub track: Track,
    /// What is the same over time: the concept, else the text without its number, in lower case.
    pub series: String,
    /// When the consultation was opened.
    pub at: DateTime<Utc>,
    pub consultation: ConsultationId,
    pub statement: String,
    /// As the note says it.
    pub text: String,
    /// Its numbers in `unit`, in the order in which they are said: 142 and 85 of a blood pressure. Empty where none can
    /// be read.
    pub values: Vec<f64>,
    pub unit: Option<String>,
    /// Absent: the note says that the patient does not have it, or that it was stopped.
    pub polarity: Polarity,
    pub temporality: Temporality,
}

impl Record {
    /// The facts of a patient's signed notes that this doctor may read, oldest first. Each note counts as it stands,
    /// with its last addendum.
    ///
    /// # Errors
    /// [`RecordError::NoPatient`]; [`RecordError::Document`] when a note cannot be read.
    pub fn timeline(&self, patient: &PatientId) -> Result<Vec<Fact>, RecordError> {
        let rows: Vec<(ConsultationId, Stamp, String)> = self.read(|read| {
            let query = format!(
                "SELECT c.uuid, c.created_at, v.note FROM consultations c
                 JOIN patients p ON p.id = c.patient
                 JOIN note_versions v ON v.consultation = c.id AND v.version =
                   (SELECT max(version) FROM note_versions WHERE consultation = c.id AND kind <> 'draft')
                 WHERE p.uuid = ?1 AND {} ORDER BY c.created_at, c.id",
                visible(self.doctor_key())
            );
            let mut rows = read.prepare_cached(&query)?;
            let rows = rows.query_map([patient], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })?;
        if rows.is_empty() {
            self.patient(patient)?;
        }
        let mut facts = Vec::new();
        for (consultation, at, json) in rows {
            let note: Note = serde_json::from_str(&json)?;
            facts.extend(note.statements().filter_map(|(_, s)| fact(s, &consultation, at.0)));
        }
        Ok(facts)
    }
}

/// Of the family and of plans there is nothing to draw.
fn fact(statement: &Statement, consultation: &ConsultationId, at: DateTime<Utc>) -> Option<Fact> {
    let track = match statement.kind {
        Kind::Vital => Track::Vital,
        Kind::Lab => Track::Lab,
        Kind::Drug => Track::Treatment,
        Kind::Allergy => Track::Allergy,
        Kind::Condition => Track::Condition,
        _ => return None,
    };
    if statement.experiencer == Experiencer::Family {
        return None;
    }
    let said = |name: &str| statement.attributes.get(name).filter(|text| !text.trim().is_empty());
    // A dose is to a treatment what a value is to a measure.
    let (value, unit) = match said("value") {
        Some(value) => (Some(value), said("unit").cloned()),
        None => (said("dose"), None),
    };
    let (values, read_unit) = value.map_or_else(|| (vec![], None), |value| numbers(value));
    Some(Fact {
        track,
        series: statement.concept.clone().unwrap_or_else(|| without_numbers(&statement.text)),
        at,
        consultation: consultation.clone(),
        statement: statement.id.clone(),
        text: statement.text.clone(),
        unit: unit.or(read_unit).filter(|_| !values.is_empty()),
        values,
        polarity: statement.polarity,
        temporality: statement.temporality,
    })
}

/// The numbers of "142/85", "7,2", "1 000 mg" or "1.5 g", and the unit that follows the last one. A text that holds
/// anything else between its numbers has none that can be drawn.
fn numbers(text: &str) -> (Vec<f64>, Option<String>) {
    let mut values = Vec::new();
    let mut rest = text.trim();
    loop {
        let (number, after) = number(rest);
        let Some(number) = number else { return (vec![], None) };
        values.push(number);
        rest = after.trim_start();
        match rest.strip_prefix('/').map(str::trim_start) {
            Some(next) if next.starts_with(|c: char| c.is_ascii_digit()) => rest = next,
            _ => break,
        }
    }
    if rest.chars().any(|c| c.is_ascii_digit()) {
        return (vec![], None);
    }
    (values, Some(rest.trim().to_owned()).filter(|unit| !unit.is_empty()))
}

/// Reads one number with a decimal comma or point, and spaces between thousands.
fn number(text: &str) -> (Option<f64>, &str) {
    let mut digits = String::new();
    let mut end = 0;
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let digit = |at: usize| chars.get(at).is_some_and(|(_, c)| c.is_ascii_digit());
    let mut at = 0;
    while let Some((place, c)) = chars.get(at).copied() {
        let is_space = matches!(c, ' ' | '\u{a0}' | '\u{202f}');
        let thousands = is_space
            && !digits.contains('.')
            && digits.len() <= 3
            && !digits.is_empty()
            && (1..=3).all(|ahead| digit(at + ahead))
            && !digit(at + 4);
        if c.is_ascii_digit() {
            digits.push(c);
        } else if matches!(c, ',' | '.') && !digits.contains('.') && !digits.is_empty() && digit(at + 1) {
            digits.push('.');
        } else if !thousands {
            break;
        }
        at += 1;
        end = place + c.len_utf8();
    }
    (digits.parse().ok(), text.get(end..).unwrap_or_default())
}

fn without_numbers(text: &str) -> String {
    let words = text.split_whitespace().take_while(|word| !word.starts_with(|c: char| c.is_ascii_digit()));
    let name = words.collect::<Vec<_>>().join(" ");
    let name = name.trim_end_matches([':', ',', '.', ' ', '\u{a0}']);
    if name.is_empty() { text.to_lowercase() } else { name.to_lowercase() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_read_as_doctors_write_them() {
        for (text, values, unit) in [
            ("142/85", vec![142.0, 85.0], None),
            ("142 / 85 mmHg", vec![142.0, 85.0], Some("mmHg")),
            ("7,2 %", vec![7.2], Some("%")),
            ("38.5", vec![38.5], None),
            ("1 000 mg", vec![1000.0], Some("mg")),
            ("5 mg", vec![5.0], Some("mg")),
            ("1,5 g/L", vec![1.5], Some("g/L")),
        ] {
            assert_eq!(numbers(text), (values, unit.map(str::to_owned)), "{text}");
        }
    }

    #[test]
    fn what_is_no_plain_number_is_not_drawn() {
        for text in ["", "normal", "entre 5 et 7", "5 à 7 mg", "5 mg puis 10 mg", "/85"] {
            assert!(numbers(text).0.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_series_without_a_concept_is_named_by_its_words() {
        assert_eq!(without_numbers("HbA1c : 7,2 %"), "hba1c");
        assert_eq!(without_numbers("Poids 82 kg"), "poids");
        assert_eq!(without_numbers("120/80"), "120/80");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_left(text in "\\PC{0,40}") {
            let (values, _) = numbers(&text);
            prop_assert!(values.iter().all(|value| value.is_finite()));
        }
    }
}
