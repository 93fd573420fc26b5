//! Moments the doctor marked while recording, kept in the encrypted record beside the consultation.

use record::{ConsultationId, Record};

use crate::Failure;

fn key(id: &ConsultationId) -> String {
    format!("markers {}", id.as_str())
}

/// In milliseconds of the recording, in order.
pub fn of(record: &Record, id: &ConsultationId) -> Result<Vec<u32>, Failure> {
    Ok(record.setting(&key(id))?.unwrap_or_default())
}

pub fn add(record: &Record, id: &ConsultationId, at_ms: u32) -> Result<(), Failure> {
    let mut all = of(record, id)?;
    if let Err(place) = all.binary_search(&at_ms) {
        all.insert(place, at_ms);
        record.set_setting(&key(id), &all)?;
    }
    Ok(())
}

/// What was marked in audio that was erased goes with it.
pub fn cut(record: &Record, id: &ConsultationId, from_ms: u32) -> Result<(), Failure> {
    let mut all = of(record, id)?;
    all.retain(|at| *at < from_ms);
    if all.is_empty() { forget(record, id) } else { Ok(record.set_setting(&key(id), &all)?) }
}

fn forget(record: &Record, id: &ConsultationId) -> Result<(), Failure> {
    Ok(record.remove_setting(&key(id))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Utc;
    use note::Language;
    use record::NewConsultation;

    #[test]
    fn marks_are_kept_in_order_once_each_and_go_with_the_audio_they_are_in() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("record.calame");
        let (record, _) = Record::create(&path, "trois petits chats gris", Utc::now()).unwrap();
        let new = NewConsultation { patient: None, reason: None, language: Language::Fr };
        let id = record.create_consultation(&new, Utc::now()).unwrap();
        for at in [90_000, 30_000, 90_000] {
            add(&record, &id, at).unwrap();
        }
        assert_eq!(of(&record, &id).unwrap(), [30_000, 90_000]);
        cut(&record, &id, 60_000).unwrap();
        assert_eq!(of(&record, &id).unwrap(), [30_000]);
        forget(&record, &id).unwrap();
        assert!(of(&record, &id).unwrap().is_empty());
    }
}
