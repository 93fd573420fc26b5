use chrono::{DateTime, Local, NaiveDate, TimeZone as _, Utc};
use record::{Consultation, Filter};
use serde::{Deserialize, Serialize};

use crate::visits::LISTED;
use crate::{Calame, Failure};

/// What a doctor looks for; what is empty does not count. Each word begins a word of what is found; accents and case do
/// not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default, deny_unknown_fields)]
pub struct Search {
    /// In the patient, the reason, the transcript or the note.
    pub text: String,
    /// In name, number or birth date.
    pub patient: String,
    /// In the treatments and prescriptions of the note.
    pub drug: String,
    /// In the conditions and conclusions of the note.
    pub diagnosis: String,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day, included.
    pub to: Option<NaiveDate>,
}

impl Calame {
    /// Consultations that match all that is asked, newest first.
    ///
    /// # Errors
    /// When the record is locked or cannot be read.
    pub fn find(&self, search: &Search) -> Result<Vec<Consultation>, Failure> {
        let Search { text, patient, drug, diagnosis, from, to } = search.clone();
        let until = to.map(|last| last.succ_opt().unwrap_or(last));
        let filter =
            Filter { text, patient, drug, diagnosis, from: from.map(begins), until: until.map(begins) };
        Ok(self.inner.record()?.find(&filter, LISTED)?)
    }
}

/// The first moment of a day where the practice is.
fn begins(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    // Where clocks go forward at midnight, the day begins later.
    let local = Local.from_local_datetime(&midnight).earliest();
    local.map_or_else(|| midnight.and_utc(), |local| local.to_utc())
}
