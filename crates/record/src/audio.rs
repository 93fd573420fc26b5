use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _};

use crate::record::commit;
use crate::stamp::Stamp;
use crate::{ConsultationId, Record, RecordError, State, retention};

pub(crate) const SAMPLES_PER_MS: i64 = 16;
/// One row of the database: a second.
const CHUNK: usize = 16_000;

pub(crate) fn to_ms(samples: i64) -> u32 {
    u32::try_from(samples / SAMPLES_PER_MS).unwrap_or(u32::MAX)
}

/// Length of what is held.
pub(crate) fn samples(connection: &Connection, consultation: i64) -> Result<i64, RecordError> {
    Ok(tail(connection, consultation)?.1)
}

/// Number and first sample of the chunk to come.
fn tail(connection: &Connection, consultation: i64) -> Result<(i64, i64), RecordError> {
    let mut tail = connection.prepare_cached(
        "SELECT seq + 1, start_sample + samples FROM audio_chunks WHERE consultation = ?1
         ORDER BY start_sample DESC LIMIT 1",
    )?;
    let tail = tail.query_row([consultation], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(tail.unwrap_or((0, 0)))
}

/// Puts the audio of one consultation on disk, on a connection of its own. It holds the record open.
pub struct AudioWriter {
    record: Record,
    pub(crate) connection: Connection,
    id: ConsultationId,
}

impl AudioWriter {
    /// Adds samples (16 kHz mono) at the end. When it returns, they are on disk, and so is everything before them: all
    /// of the call or nothing of it. Gives the length held, in milliseconds.
    ///
    /// # Errors
    /// [`RecordError::Forbidden`] once the consultation is neither consented, recording nor paused;
    /// [`RecordError::Full`], [`RecordError::Busy`]: the samples can then be given again.
    pub fn append(&mut self, samples: &[i16], at: DateTime<Utc>) -> Result<u32, RecordError> {
        let (id, record) = (&self.id, &self.record);
        let _first = record.precedence().go_first();
        let saved = commit(&mut self.connection, |write| {
            let found = record.own(write, id)?;
            let open = found.state.is_open() || found.state == State::Consented;
            found.refuse_if(!open, "add audio")?;
            let (mut seq, mut start) = tail(write, found.key)?;
            let mut insert = write.prepare_cached(
                "INSERT INTO audio_chunks (consultation, seq, start_sample, samples, at, pcm)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for chunk in samples.chunks(CHUNK) {
                let pcm: Vec<u8> = chunk.iter().flat_map(|sample| sample.to_le_bytes()).collect();
                insert.execute((found.key, seq, start, chunk.len(), Stamp(at), pcm))?;
                seq += 1;
                start += i64::try_from(chunk.len()).unwrap_or(0);
            }
            Ok(to_ms(start))
        });
        saved.map_err(|error| error.at(self.record.path()))
    }
}

impl Record {
    /// Opens the way for audio into a consultation.
    ///
    /// # Errors
    /// [`RecordError::Forbidden`] unless it is consented, recording or paused; [`RecordError::NotFound`].
    pub fn audio_writer(&self, id: &ConsultationId) -> Result<AudioWriter, RecordError> {
        self.read(|read| {
            let found = self.own(read, id)?;
            found.refuse_if(!found.state.is_open() && found.state != State::Consented, "add audio")
        })?;
        Ok(AudioWriter { connection: self.another_connection()?, record: self.clone(), id: id.clone() })
    }

    /// Samples (16 kHz mono) between two moments, as far as there are any.
    ///
    /// # Errors
    /// [`RecordError::NotFound`].
    pub fn audio(&self, id: &ConsultationId, from_ms: u32, to_ms: u32) -> Result<Vec<i16>, RecordError> {
        let (from, to) = (i64::from(from_ms) * SAMPLES_PER_MS, i64::from(to_ms) * SAMPLES_PER_MS);
        self.read(|read| {
            let found = self.own(read, id)?;
            if retention::is_announced(read, id)? {
                return Ok(vec![]);
            }
            let mut chunks = read.prepare_cached(
                "SELECT start_sample, pcm FROM audio_chunks
                 WHERE consultation = ?1 AND start_sample > ?2 AND start_sample < ?3 ORDER BY start_sample",
            )?;
            let mut chunks = chunks.query((found.key, from - CHUNK as i64, to))?;
            let mut samples = Vec::new();
            while let Some(chunk) = chunks.next()? {
                let start: i64 = chunk.get(0)?;
                let pcm = chunk.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
                let skipped = usize::try_from(from - start).unwrap_or(0);
                let wanted = usize::try_from(to - start).unwrap_or(0).saturating_sub(skipped);
                let (pairs, _) = pcm.as_chunks::<2>();
                samples.extend(pairs.iter().skip(skipped).take(wanted).map(|pair| i16::from_le_bytes(*pair)));
            }
            Ok(samples)
        })
    }

    /// Length of the audio held, in milliseconds.
    ///
    /// # Errors
    /// [`RecordError::NotFound`].
    pub fn audio_ms(&self, id: &ConsultationId) -> Result<u32, RecordError> {
        self.read(|read| {
            let found = self.own(read, id)?;
            // An erasure under way counts as done.
            if retention::is_announced(read, id)? {
                return Ok(0);
            }
            Ok(to_ms(samples(read, found.key)?))
        })
    }
}
