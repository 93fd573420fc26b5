//! Finding consultations: by words anywhere, by patient, drug, diagnosis, and time.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction};

use crate::search::{Behind, Of, UP_TO_DATE};
use crate::stamp::Stamp;
use crate::{Consultation, Record, RecordError, doctors, search};

/// What to look for; what is empty does not count. Each word begins a word of what is found; accents and case do not
/// matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// In the patient, the reason, the transcript or the note.
    pub text: String,
    /// In name, number or birth date.
    pub patient: String,
    /// In the treatments and prescriptions of the note.
    pub drug: String,
    /// In the conditions and conclusions of the note; what it denies, and what a relative has, does not count.
    pub diagnosis: String,
    /// Opened at this moment or later.
    pub from: Option<DateTime<Utc>>,
    /// Opened before this moment.
    pub until: Option<DateTime<Utc>>,
}

/// A filter as the index is asked.
struct Asked {
    /// Of one's own consultations; none where only the time counts.
    own: Option<String>,
    /// Of a colleague's: what their patient said is not searched, only what was signed.
    shared: Option<String>,
    from: String,
    until: String,
    has_times: bool,
}

impl Filter {
    /// `None` when something was typed that holds no word: nothing matches it.
    fn ask(&self) -> Option<Asked> {
        let mut parts = Vec::new();
        for (of, typed) in
            [(Of::Patient, &self.patient), (Of::Drug, &self.drug), (Of::Diagnosis, &self.diagnosis)]
        {
            if !typed.trim().is_empty() {
                parts.push(format!("({})", search::expression(typed, Some(of))?));
            }
        }
        let text =
            if self.text.trim().is_empty() { None } else { Some(search::expression(&self.text, None)?) };
        let with = |text: Option<String>| {
            let all: Vec<String> = text.into_iter().chain(parts.iter().cloned()).collect();
            (!all.is_empty()).then(|| all.join(" AND "))
        };
        let stamp = |at: Option<DateTime<Utc>>, open: &str| {
            at.map_or_else(|| open.to_owned(), |at| Stamp(at).to_string())
        };
        Some(Asked {
            own: with(text.as_ref().map(|text| format!("({text})"))),
            shared: with(text.map(|text| format!("{{patient reason note}} : ({text})"))),
            // As text, every time lies between these.
            from: stamp(self.from, ""),
            until: stamp(self.until, "~"),
            has_times: self.from.is_some() || self.until.is_some(),
        })
    }
}

impl Record {
    /// Newest first. Each word of `query` must begin a word of the patient, the reason, the transcript or the note;
    /// accents and case do not matter. An empty query lists all.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn list(&self, query: &str, limit: usize) -> Result<Vec<Consultation>, RecordError> {
        self.find(&Filter { text: query.to_owned(), ..Filter::default() }, limit)
    }

    /// Newest first: the consultations that match all of the filter.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn find(&self, filter: &Filter, limit: usize) -> Result<Vec<Consultation>, RecordError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let Some(asked) = filter.ask() else { return Ok(vec![]) };
        let Some(own) = &asked.own else {
            // Walked along one index or the other until the list is full: nothing is gathered and sorted.
            let within = "AND c.exercise = 0 AND c.created_at >= ?1 AND c.created_at < ?2
                          ORDER BY c.created_at DESC, c.id DESC LIMIT ?3";
            return self.read(|read| match asked.has_times {
                true => self.select(read, within, (&asked.from, &asked.until, limit)),
                false => self.select(read, "AND c.exercise = 0 ORDER BY c.id DESC LIMIT ?1", [limit]),
            });
        };
        let me = self.doctor_key();
        self.read_indexed(|read, behind| {
            let alone = doctors::count(read)? == 1;
            let also = behind.matching(own)?;
            // Among one doctor's own, the newest are found without looking at the rest.
            if alone && !asked.has_times {
                let matching = format!(
                    "AND c.id IN (SELECT * FROM (SELECT -rowid FROM search WHERE search MATCH ?1 AND {UP_TO_DATE}
                                                 ORDER BY rowid LIMIT ?2)
                                  UNION ALL SELECT value FROM json_each(?3))
                     ORDER BY c.id DESC LIMIT ?2"
                );
                return self.select(read, &matching, (own, limit, also));
            }
            let (first, last) = asked.keys(read)?;
            let in_time = "c.created_at >= ?5 AND c.created_at < ?6";
            // What the index finds, and what matches beside it.
            let found = |expression: &str, also: &str, whose: &str| {
                format!(
                    "SELECT * FROM (SELECT c.id FROM search CROSS JOIN consultations c ON c.id = -search.rowid
                       WHERE search MATCH {expression} AND {UP_TO_DATE} AND {whose} AND {in_time}
                         AND search.rowid BETWEEN -?4 AND -?3 ORDER BY search.rowid LIMIT ?2)
                     UNION ALL SELECT c.id FROM json_each({also}) CROSS JOIN consultations c ON c.id = value
                       WHERE {whose} AND {in_time}"
                )
            };
            let mine = found("?1", "?7", &format!("c.doctor = {me}"));
            if !doctors::reads_others(read, me)? {
                let matching = format!("AND c.id IN ({mine}) ORDER BY c.id DESC LIMIT ?2");
                let values = (own, limit, first, last, &asked.from, &asked.until, also);
                return self.select(read, &matching, values);
            }
            let shared = asked.shared.as_deref().unwrap_or_default();
            let theirs = found("?8", "?9", &doctors::shared_with(me));
            let matching = format!("AND c.id IN ({mine} UNION ALL {theirs}) ORDER BY c.id DESC LIMIT ?2");
            let also_shared = behind.matching(shared)?;
            let values =
                (own, limit, first, last, &asked.from, &asked.until, also, shared, also_shared);
            self.select(read, &matching, values)
        })
    }

    /// Reads what the index finds and, beside it, the few consultations that it is behind.
    pub(crate) fn read_indexed<T>(
        &self,
        act: impl Fn(&Transaction<'_>, &Behind) -> Result<T, RecordError>,
    ) -> Result<T, RecordError> {
        loop {
            let found = self.read(|read| match Behind::of(read)? {
                Some(behind) => act(read, &behind).map(Some),
                None => Ok(None),
            })?;
            match found {
                Some(found) => return Ok(found),
                None => self.catch_up_search()?,
            }
        }
    }

    /// Whether something was changed since it was indexed.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn is_search_behind(&self) -> Result<bool, RecordError> {
        self.read(|read| search::is_behind(read))
    }

    /// Indexes what was changed, so that no search has to. Audio on its way to the disk and every other act go first.
    ///
    /// # Errors
    /// When the record cannot be written; a search then tries again.
    pub fn catch_up_search(&self) -> Result<(), RecordError> {
        /// Broken off as often, it insists: whoever searches waits too.
        const GIVES_WAY: u32 = 20;
        let mut broken_off = 0;
        while self.is_search_behind()? {
            self.give_way();
            if broken_off >= GIVES_WAY {
                self.write(search::catch_up)?;
            } else if self.write_unless_in_the_way(search::catch_up)?.is_none() {
                broken_off += 1;
                continue;
            }
            broken_off = 0;
        }
        Ok(())
    }
}

impl Asked {
    /// Between which keys the times lie: the index is walked no further. A clock that was set back only widens them.
    fn keys(&self, read: &Connection) -> Result<(i64, i64), RecordError> {
        if !self.has_times {
            return Ok((0, i64::MAX));
        }
        let query = "SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM consultations
                     WHERE created_at >= ?1 AND created_at < ?2";
        let mut keys = read.prepare_cached(query)?;
        Ok(keys.query_row((&self.from, &self.until), |row| Ok((row.get(0)?, row.get(1)?)))?)
    }
}
