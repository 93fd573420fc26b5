//! The doctors of a practice, each with a passphrase, a letterhead and a signature of their own.

use record::{Doctor, DoctorId, Record};

use crate::{Calame, Failure, FailureCode, Practice};

const PRACTICE: &str = "practice";

impl Calame {
    /// The settings of the doctor who is here.
    ///
    /// # Errors
    /// When the record is locked or cannot be read.
    pub fn practice(&self) -> Result<Practice, Failure> {
        of(&self.inner.record()?)
    }

    /// Keeps the doctor's settings; the letterhead's name becomes the name they sign with.
    ///
    /// # Errors
    /// For the name of a colleague, and when the record is locked or cannot be written.
    pub fn save_practice(&self, practice: Practice) -> Result<Practice, Failure> {
        let record = self.inner.record()?;
        refuse_colleagues_name(&record, &practice.letterhead.doctor)?;
        save(&record, &practice)?;
        let me = record.doctor()?;
        record.describe_doctor(&practice.letterhead.doctor, me.shares, self.inner.now())?;
        self.inner.lock_after(&practice);
        Ok(practice)
    }

    /// The owner of the record first, then in the order they came.
    ///
    /// # Errors
    /// When the record is locked or cannot be read.
    pub fn doctors(&self) -> Result<Vec<Doctor>, Failure> {
        Ok(self.inner.record()?.doctors()?)
    }

    /// Whether this doctor's signed notes are read by the others who share, and theirs by this one.
    ///
    /// # Errors
    /// When the record is locked or cannot be written.
    pub fn share_notes(&self, shares: bool) -> Result<Vec<Doctor>, Failure> {
        let record = self.inner.record()?;
        record.describe_doctor(&record.doctor()?.name, shares, self.inner.now())?;
        Ok(record.doctors()?)
    }

    /// Lets a doctor in, with a passphrase of their own.
    ///
    /// # Errors
    /// Unless this is the owner; for a weak passphrase, or the name or passphrase of a colleague.
    pub fn add_doctor(&self, name: &str, passphrase: &str, shares: bool) -> Result<Vec<Doctor>, Failure> {
        let record = self.inner.record()?;
        self.refuse_weak(passphrase)?;
        if name.trim().is_empty() {
            return Err(Failure::of(FailureCode::NoAuthor));
        }
        if record.doctors()?.iter().any(|doctor| !doctor.left && is_same_name(&doctor.name, name)) {
            return Err(Failure::of(FailureCode::InvalidInput).with("field", "name"));
        }
        record.add_doctor(name, passphrase, shares, self.inner.now())?;
        Ok(record.doctors()?)
    }

    /// Gives a colleague who forgot theirs a new passphrase.
    ///
    /// # Errors
    /// Unless this is the owner; for a weak passphrase or a colleague's.
    pub fn reset_doctor(&self, doctor: &DoctorId, passphrase: &str) -> Result<(), Failure> {
        self.refuse_weak(passphrase)?;
        Ok(self.inner.record()?.reset_passphrase(doctor, passphrase, self.inner.now())?)
    }

    /// Takes a colleague's way in away; their signed notes stay.
    ///
    /// # Errors
    /// Unless this is the owner, who stays.
    pub fn remove_doctor(&self, doctor: &DoctorId) -> Result<Vec<Doctor>, Failure> {
        let record = self.inner.record()?;
        record.remove_doctor(doctor, self.inner.now())?;
        Ok(record.doctors()?)
    }
}

/// A doctor who was let in starts with the practice's letterhead under their own name.
pub(crate) fn of(record: &Record) -> Result<Practice, Failure> {
    let me = record.doctor()?;
    if let Some(practice) = record.setting(&key(&me))? {
        return Ok(practice);
    }
    let mut practice: Practice = record.setting(PRACTICE)?.unwrap_or_default();
    if !me.owner {
        practice.letterhead.doctor.clone_from(&me.name);
        practice.letterhead.specialty.clear();
        practice.letterhead.rpps.clear();
        practice.letterhead.email.clear();
        practice.phrases.clear();
        practice.template_of.clear();
    }
    Ok(practice)
}

pub(crate) fn save(record: &Record, practice: &Practice) -> Result<(), Failure> {
    Ok(record.set_setting(&key(&record.doctor()?), practice)?)
}

/// Nobody signs in the name of a colleague of the same record.
pub(crate) fn refuse_colleagues_name(record: &Record, name: &str) -> Result<(), Failure> {
    let is_colleagues = |doctor: &Doctor| !doctor.me && !doctor.left && is_same_name(&doctor.name, name);
    if record.doctors()?.iter().any(is_colleagues) {
        return Err(Failure::of(FailureCode::NotYours));
    }
    Ok(())
}

fn is_same_name(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    !one.trim().is_empty() && plain(one) == plain(other)
}

fn key(me: &Doctor) -> String {
    if me.owner { PRACTICE.to_owned() } else { format!("{PRACTICE} of {}", me.id) }
}
