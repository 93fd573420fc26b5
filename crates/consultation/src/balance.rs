//! Which of two channels was louder, beside a recording that tells two people apart by it. It goes with the audio.

use record::{ConsultationId, Record};

use crate::Failure;

fn key(id: &ConsultationId) -> String {
    format!("balance {}", id.as_str())
}

/// Nothing where the recording has one channel, or two that tell nobody apart.
pub fn of(record: &Record, id: &ConsultationId) -> Result<Vec<i8>, Failure> {
    Ok(record.setting(&key(id))?.unwrap_or_default())
}

pub fn keep_if_any(record: &Record, id: &ConsultationId, values: &[i8]) -> Result<(), Failure> {
    if values.is_empty() { Ok(()) } else { keep(record, id, values) }
}

pub fn keep(record: &Record, id: &ConsultationId, values: &[i8]) -> Result<(), Failure> {
    Ok(record.set_setting(&key(id), values)?)
}

pub fn forget(record: &Record, id: &ConsultationId) -> Result<(), Failure> {
    Ok(record.remove_setting(&key(id))?)
}

#[cfg(test)]
mod tests {
    /// The two crates do not know one another: their values are the same by this.
    #[test]
    fn what_the_audio_says_of_balance_is_what_the_speech_reads() {
        assert_eq!(audio::BALANCE_MS, speech::speakers::BALANCE_MS);
        assert_eq!(audio::BALANCE_SILENT, speech::speakers::SILENT);
    }
}
