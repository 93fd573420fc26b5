use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, Row};

use crate::stamp::Stamp;
use crate::types::Day;
use crate::{
    Consent, Consultation, ConsultationId, NewConsultation, Patient, Record, RecordError, State, audio,
    audit, doctors, patients, search,
};

/// A consultation as the tables join it.
pub(crate) struct Found {
    pub key: i64,
    pub state: State,
    pub patient: Option<i64>,
    pub doctor: i64,
    pub exercise: bool,
}

pub(crate) fn find(connection: &Connection, id: &ConsultationId) -> Result<Found, RecordError> {
    let mut found = connection
        .prepare_cached("SELECT id, state, patient, doctor, exercise FROM consultations WHERE uuid = ?1")?;
    let found = found
        .query_row([id], |row| {
            Ok(Found {
                key: row.get(0)?,
                state: row.get(1)?,
                patient: row.get(2)?,
                doctor: row.get(3)?,
                exercise: row.get(4)?,
            })
        })
        .optional()?;
    found.ok_or_else(|| RecordError::NotFound { id: id.clone() })
}

impl Found {
    /// The typed side of the gate.
    pub fn refuse_if(&self, refused: bool, act: &'static str) -> Result<(), RecordError> {
        if refused { Err(RecordError::Forbidden { state: self.state, act }) } else { Ok(()) }
    }

    /// Moves on and says so in the audit.
    pub fn enter(
        &self,
        write: &Connection,
        id: &ConsultationId,
        state: State,
        at: DateTime<Utc>,
    ) -> Result<(), RecordError> {
        write.execute("UPDATE consultations SET state = ?2 WHERE id = ?1", (self.key, state))?;
        let detail = format!("{} to {state}", self.state);
        audit::append(write, at, "state", Some(id.as_str()), &detail)
    }
}

impl Record {
    /// # Errors
    /// When the record cannot be written.
    pub fn create_consultation(
        &self,
        new: &NewConsultation,
        at: DateTime<Utc>,
    ) -> Result<ConsultationId, RecordError> {
        let id = ConsultationId::new();
        self.write(|write| {
            let patient = match &new.patient {
                Some(patient) => patients::find_or_add(write, self.doctor_key(), patient, at)?,
                None => None,
            };
            write.execute(
                "INSERT INTO consultations (uuid, patient, reason, language, state, created_at, doctor)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                (
                    &id,
                    patient,
                    kept(new.reason.as_deref()),
                    new.language.code(),
                    State::Created,
                    Stamp(at),
                    self.doctor_key(),
                ),
            )?;
            search::outdate(write, write.last_insert_rowid())?;
            audit::append(write, at, "consultation", Some(id.as_str()), "created")
        })?;
        Ok(id)
    }

    /// An invented visit for this doctor to practise on. It has no patient, and neither lists, searches nor counts show it.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub fn create_exercise(
        &self,
        language: note::Language,
        at: DateTime<Utc>,
    ) -> Result<ConsultationId, RecordError> {
        let id = ConsultationId::new();
        self.write(|write| {
            write.execute(
                "INSERT INTO consultations (uuid, language, state, created_at, doctor, exercise)
                 VALUES (?1, ?2, ?3, ?4, ?5, 1)",
                (&id, language.code(), State::Created, Stamp(at), self.doctor_key()),
            )?;
            audit::append(write, at, "exercise", Some(id.as_str()), "created")
        })?;
        Ok(id)
    }

    /// The exercises of this doctor, newest first.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn exercises(&self) -> Result<Vec<Consultation>, RecordError> {
        let which = format!("AND c.exercise = 1 AND c.doctor = {} ORDER BY c.id DESC", self.doctor_key());
        self.read(|read| self.select(read, &which, []))
    }

    /// Sets what is given and leaves the rest: an empty patient or reason takes away what was there.
    ///
    /// # Errors
    /// [`RecordError::NotFound`]; [`RecordError::Forbidden`] once the note is validated.
    pub fn update_consultation(
        &self,
        id: &ConsultationId,
        patient: Option<&Patient>,
        reason: Option<&str>,
        at: DateTime<Utc>,
    ) -> Result<(), RecordError> {
        self.write(|write| {
            let found = self.own(write, id)?;
            found.refuse_if(found.state.is_signed(), "change its patient or reason")?;
            if let Some(patient) = patient {
                found.refuse_if(found.exercise, "be given a patient: it is an exercise")?;
                let next = patients::correct(write, self.doctor_key(), found.key, patient, at)?;
                write.execute("UPDATE consultations SET patient = ?2 WHERE id = ?1", (found.key, next))?;
                patients::forget_unused(write, found.patient)?;
                audit::append(write, at, "edit", Some(id.as_str()), "patient")?;
            }
            if let Some(reason) = reason {
                let reason = kept(Some(reason));
                write.execute("UPDATE consultations SET reason = ?2 WHERE id = ?1", (found.key, reason))?;
                audit::append(write, at, "edit", Some(id.as_str()), "reason")?;
            }
            search::outdate(write, found.key)
        })
    }

    /// # Errors
    /// [`RecordError::NotFound`].
    pub fn consultation(&self, id: &ConsultationId) -> Result<Consultation, RecordError> {
        let found = self.read(|read| self.select(read, "AND c.uuid = ?1", [id]))?;
        found.into_iter().next().ok_or_else(|| RecordError::NotFound { id: id.clone() })
    }

    /// Consultations left in the middle of a recording: by a crash, or by the recording under way.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn interrupted(&self) -> Result<Vec<Consultation>, RecordError> {
        self.read(|read| self.select(read, "AND c.state IN ('recording', 'paused') ORDER BY c.id DESC", []))
    }

    /// Those this doctor may see; `which` goes on from there.
    pub(crate) fn select(
        &self,
        connection: &Connection,
        which: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<Consultation>, RecordError> {
        let me = self.doctor_key();
        let query = format!(
        "SELECT c.uuid, c.patient, p.identifier, p.name, p.birth_date, c.reason, c.language, c.state, c.created_at,
            coalesce(c.audio_erased_at, (SELECT min(at) FROM erasures WHERE subject = c.uuid AND scope = 'audio' AND open = 1)),
            k.decision, k.form, k.at, v.at, v.author,
            coalesce((SELECT start_sample + samples FROM audio_chunks WHERE consultation = c.id
                        AND NOT EXISTS (SELECT 1 FROM erasures WHERE subject = c.uuid AND scope = 'audio' AND open = 1)
                      ORDER BY start_sample DESC LIMIT 1), 0),
            CASE WHEN c.doctor <> {me} THEN (SELECT name FROM doctors WHERE id = c.doctor) END,
            c.exercise
         FROM consultations c
         LEFT JOIN patients p ON p.id = c.patient
         LEFT JOIN consents k ON k.id = (SELECT max(id) FROM consents WHERE consultation = c.id)
         LEFT JOIN note_versions v ON v.consultation = c.id AND v.kind = 'validated'
         WHERE {} {which}",
        doctors::visible(me)
    );
        let mut rows = connection.prepare_cached(&query)?;
        let rows = rows.query_map(values, read_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Follows a recording: to recording, paused, stopped or drafted. The other states are reached by what they stand
    /// for: [`Record::record_consent`], [`Record::freeze`], [`Record::log_export`]. The present state is accepted and
    /// changes nothing.
    ///
    /// # Errors
    /// [`RecordError::Forbidden`], [`RecordError::NotFound`].
    pub fn set_state(&self, id: &ConsultationId, state: State, at: DateTime<Utc>) -> Result<(), RecordError> {
        self.write(|write| {
            let found = self.own(write, id)?;
            if found.state == state {
                return Ok(());
            }
            found.refuse_if(!found.state.may_become(state), moving_to(state))?;
            let by_its_own_act = match state {
                State::Created | State::Validated | State::Exported => true,
                State::Consented => !crate::consent::stands(write, found.key)?,
                State::Drafted => !crate::notes::has_draft(write, found.key)?,
                State::Recording | State::Paused | State::Stopped => false,
            };
            found.refuse_if(by_its_own_act, moving_to(state))?;
            found.enter(write, id, state, at)?;
            match state {
                // Segments that came while recording are searchable once it ends.
                State::Stopped | State::Drafted => search::outdate(write, found.key),
                _ => Ok(()),
            }
        })
    }
}

const fn moving_to(state: State) -> &'static str {
    match state {
        State::Created => "return to created",
        State::Consented => "become consented",
        State::Recording => "become recording",
        State::Paused => "become paused",
        State::Stopped => "become stopped",
        State::Drafted => "become drafted",
        State::Validated => "become validated",
        State::Exported => "become exported",
    }
}

fn kept(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Consultation> {
    let patient = match row.get::<_, Option<i64>>(1)? {
        None => None,
        Some(_) => Some(Patient {
            identifier: row.get(2)?,
            name: row.get(3)?,
            birth_date: row.get::<_, Option<Day>>(4)?.map(|day| day.0),
        }),
    };
    let consent = match row.get(10)? {
        None => None,
        Some(decision) => Some(Consent { decision, form: row.get(11)?, at: row.get::<_, Stamp>(12)?.0 }),
    };
    let time = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<Stamp>>(column)?.map(|at| at.0));
    Ok(Consultation {
        id: row.get(0)?,
        patient,
        reason: row.get(5)?,
        language: language(row, 6)?,
        state: row.get(7)?,
        created_at: row.get::<_, Stamp>(8)?.0,
        consent,
        audio_ms: audio::to_ms(row.get(15)?),
        audio_erased_at: time(9)?,
        validated_at: time(13)?,
        author: row.get(14)?,
        colleague: row.get(16)?,
        exercise: row.get(17)?,
    })
}

pub(crate) fn language(row: &Row<'_>, column: usize) -> rusqlite::Result<note::Language> {
    row.get::<_, String>(column)?.parse().map_err(|error: String| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error.into())
    })
}
