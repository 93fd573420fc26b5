//! Patients are recognised, never guessed: two rows that contradict each other stay two patients.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _};

use crate::stamp::Stamp;
use crate::types::Day;
use crate::{Patient, RecordError, search};

/// The row for a patient: a known one that nothing contradicts, with its gaps filled, or a new one. `None` when
/// nothing identifies the patient.
pub(crate) fn find_or_add(
    write: &Connection,
    doctor: i64,
    patient: &Patient,
    at: DateTime<Utc>,
) -> Result<Option<i64>, RecordError> {
    let patient = tidy(patient);
    if patient == Patient::default() {
        return Ok(None);
    }
    if let Some(known) = recognise(write, doctor, &patient)? {
        let filled = write.execute(
            "UPDATE patients SET identifier = coalesce(identifier, ?2), name = coalesce(name, ?3),
                birth_date = coalesce(birth_date, ?4)
             WHERE id = ?1 AND ((identifier IS NULL AND ?2 IS NOT NULL) OR (name IS NULL AND ?3 IS NOT NULL)
                OR (birth_date IS NULL AND ?4 IS NOT NULL))",
            (known, &patient.identifier, &patient.name, patient.birth_date.map(Day)),
        )?;
        if filled > 0 {
            search::outdate_patient(write, known)?;
        }
        return Ok(Some(known));
    }
    write.execute(
        "INSERT INTO patients (uuid, identifier, name, birth_date, created_at, doctor)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (
            uuid::Uuid::new_v4().to_string(),
            &patient.identifier,
            &patient.name,
            patient.birth_date.map(Day),
            Stamp(at),
            doctor,
        ),
    )?;
    Ok(Some(write.last_insert_rowid()))
}

/// Corrects the row of a consultation's patient in place when no other consultation shares it, else as
/// [`find_or_add`].
pub(crate) fn correct(
    write: &Connection,
    doctor: i64,
    consultation: i64,
    patient: &Patient,
    at: DateTime<Utc>,
) -> Result<Option<i64>, RecordError> {
    let patient = tidy(patient);
    if patient == Patient::default() {
        return Ok(None);
    }
    if recognise(write, doctor, &patient)?.is_some() {
        return find_or_add(write, doctor, &patient, at);
    }
    let own: Option<i64> = write
        .query_row(
            "SELECT patient FROM consultations c WHERE id = ?1 AND patient IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM consultations WHERE patient = c.patient AND id <> c.id)",
            [consultation],
            |row| row.get(0),
        )
        .optional()?;
    let Some(own) = own else { return find_or_add(write, doctor, &patient, at) };
    write.execute(
        "UPDATE patients SET identifier = ?2, name = ?3, birth_date = ?4 WHERE id = ?1",
        (own, &patient.identifier, &patient.name, patient.birth_date.map(Day)),
    )?;
    Ok(Some(own))
}

/// Patients live as long as a consultation names them.
pub(crate) fn forget_unused(write: &Connection, patient: Option<i64>) -> Result<(), RecordError> {
    write.execute(
        "DELETE FROM patients WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM consultations WHERE patient = ?1)",
        [patient],
    )?;
    Ok(())
}

/// The identifier and nothing that contradicts it, or, without one, the same name and birth date.
fn recognise(write: &Connection, doctor: i64, patient: &Patient) -> Result<Option<i64>, RecordError> {
    let by_identifier = "SELECT id FROM patients WHERE identifier = ?1
        AND (?2 IS NULL OR name IS NULL OR lower(name) = lower(?2))
        AND (?3 IS NULL OR birth_date IS NULL OR birth_date = ?3)";
    let by_name = "SELECT id FROM patients WHERE name = ?2 AND birth_date = ?3
        AND (?1 IS NULL OR identifier IS NULL)";
    for query in [by_identifier, by_name] {
        let values = (&patient.identifier, &patient.name, patient.birth_date.map(Day), doctor);
        // Doctors who do not both share know each their own patients.
        let query = format!(
            "{query} AND (doctor = ?4 OR (SELECT min(shares) FROM doctors WHERE id IN (patients.doctor, ?4)) = 1)
             ORDER BY doctor <> ?4, id"
        );
        let found = write.query_row(&query, values, |row| row.get(0)).optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn tidy(patient: &Patient) -> Patient {
    let kept = |text: &Option<String>| {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    Patient {
        identifier: kept(&patient.identifier),
        name: kept(&patient.name),
        birth_date: patient.birth_date,
    }
}
