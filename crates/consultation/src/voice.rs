//! The doctor's own voice: one print, in the encrypted settings, kept because the doctor asked for it.

use record::Record;
use serde::{Deserialize, Serialize};
use speech::speakers::Voiceprint;

use crate::Failure;

/// What is kept of a voice, and the speech it was taken from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct OwnVoice {
    pub print: Voiceprint,
    pub ms: u32,
}

fn key(record: &Record) -> Result<String, Failure> {
    Ok(format!("voice {}", record.doctor()?.id))
}

/// Of the doctor whose session this is.
pub(crate) fn own(record: &Record) -> Result<Option<OwnVoice>, Failure> {
    Ok(record.setting(&key(record)?)?)
}

pub(crate) fn keep(record: &Record, voice: &OwnVoice) -> Result<(), Failure> {
    Ok(record.set_setting(&key(record)?, voice)?)
}

pub(crate) fn forget(record: &Record) -> Result<(), Failure> {
    Ok(record.remove_setting(&key(record)?)?)
}
