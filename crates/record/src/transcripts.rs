use note::{Segment, Transcript};
use rusqlite::Connection;

use crate::consultations::{Found, language};
use crate::{ConsultationId, Record, RecordError, State, search};

impl Record {
    /// Adds or replaces one segment, by its index. It becomes searchable when the recording stops.
    ///
    /// # Errors
    /// [`RecordError::Forbidden`] without consent (a sentence that comes late after a withdrawal) and once the note is
    /// validated; [`RecordError::NotFound`].
    pub fn append_segment(&self, id: &ConsultationId, segment: &Segment) -> Result<(), RecordError> {
        self.write(|write| insert(write, &open(self, write, id)?, segment))
    }

    /// Replaces the whole transcript.
    ///
    /// # Errors
    /// As [`Record::append_segment`].
    pub fn save_transcript(&self, id: &ConsultationId, transcript: &Transcript) -> Result<(), RecordError> {
        self.write(|write| {
            let found = open(self, write, id)?;
            write.execute("DELETE FROM segments WHERE consultation = ?1", [found.key])?;
            for segment in &transcript.segments {
                insert(write, &found, segment)?;
            }
            write.execute(
                "UPDATE consultations SET model = ?2, heard_ms = ?3 WHERE id = ?1",
                (found.key, &transcript.model, transcript.duration_ms),
            )?;
            search::outdate(write, found.key)
        })
    }

    /// What was said; without segments before anything was heard and after an erasure.
    ///
    /// # Errors
    /// [`RecordError::NotFound`]; [`RecordError::Document`] when a segment cannot be read.
    pub fn transcript(&self, id: &ConsultationId) -> Result<Transcript, RecordError> {
        self.read(|read| {
            let found = self.own(read, id)?;
            let mut transcript = read.query_row(
                "SELECT language, model, heard_ms FROM consultations WHERE id = ?1",
                [found.key],
                |row| {
                    let mut transcript = Transcript::new(language(row, 0)?);
                    transcript.model = row.get(1)?;
                    transcript.duration_ms = row.get(2)?;
                    Ok(transcript)
                },
            )?;
            let mut segments =
                read.prepare_cached("SELECT json FROM segments WHERE consultation = ?1 ORDER BY idx")?;
            let mut segments = segments.query([found.key])?;
            while let Some(row) = segments.next()? {
                let json = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
                let segment: Segment = serde_json::from_str(json)?;
                transcript.duration_ms = transcript.duration_ms.max(segment.end_ms);
                transcript.segments.push(segment);
            }
            Ok(transcript)
        })
    }
}

fn open(record: &Record, write: &Connection, id: &ConsultationId) -> Result<Found, RecordError> {
    let found = record.own(write, id)?;
    found.refuse_if(found.state == State::Created || found.state.is_signed(), "change its transcript")?;
    Ok(found)
}

fn insert(write: &Connection, found: &Found, segment: &Segment) -> Result<(), RecordError> {
    let json = serde_json::to_string(segment)?;
    write
        .prepare_cached(
            "INSERT INTO segments (consultation, idx, start_ms, end_ms, text, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (consultation, idx) DO UPDATE SET start_ms = excluded.start_ms,
                end_ms = excluded.end_ms, text = excluded.text, json = excluded.json",
        )?
        .execute((found.key, segment.index, segment.start_ms, segment.end_ms, &segment.text, json))?;
    Ok(())
}
