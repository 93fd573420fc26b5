//! A practice without a screen: a record in a folder of its own, and a clock that the test sets.

#![allow(dead_code)] // Each test file uses its part.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use consultation::{
    Calame, Clock, ConsultationId, Edit, Engine, Event, Language, Letterhead, NewConsultation, Patient,
    Places, Practice,
};
use note::SectionId;

pub const PASSPHRASE: &str = "lanterne violette sur la dune 47";
pub const OWNER: &str = "Dr Claire Exemple";

pub struct TestClock(Mutex<DateTime<Utc>>);

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

pub struct Office {
    pub app: Calame,
    pub clock: Arc<TestClock>,
    pub events: Arc<Mutex<Vec<Event>>>,
    pub folder: tempfile::TempDir,
}

impl Drop for Office {
    /// No process ends while an erasure is still at work in its record.
    fn drop(&mut self) {
        self.app.rest();
    }
}

impl Office {
    pub fn new() -> Self {
        let office = Self::empty();
        let letterhead = Letterhead { doctor: OWNER.into(), ..Letterhead::default() };
        let _ =
            office.app.create_record(PASSPHRASE, &Practice { letterhead, ..Practice::default() }).unwrap();
        office
    }

    /// Another machine, without a record.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let places = Places {
            record: at("record.calame"),
            preferences: at("preferences.json"),
            models: at("models"),
            exports: at("exports"),
        };
        let noon = DateTime::parse_from_rfc3339("2026-11-23T11:00:00Z").unwrap().to_utc();
        let clock = Arc::new(TestClock(Mutex::new(noon)));
        let events = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&events);
        let sink = Arc::new(move |event| heard.lock().unwrap().push(event));
        let app = Calame::new(places, Engine::at(at("none.bin")), Arc::clone(&clock) as Arc<dyn Clock>, sink);
        app.touch();
        Self { app, clock, events, folder }
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn pass(&self, time: TimeDelta) {
        *self.clock.0.lock().unwrap() += time;
    }

    /// Much later: the machine woke up, locked its screen, and the doctor is back.
    pub fn later(&self, time: TimeDelta) {
        self.pass(time);
        assert!(self.app.tick(), "a machine that slept is locked");
        self.app.unlock(PASSPHRASE).unwrap();
    }

    /// A note typed without a recording, of a patient who is named.
    pub fn typed(&self, name: &str, lines: &[(SectionId, &str)]) -> ConsultationId {
        let patient = Patient {
            identifier: None,
            name: Some(name.into()),
            birth_date: chrono::NaiveDate::from_ymd_opt(1958, 3, 14),
        };
        let visit = NewConsultation { patient: Some(patient), reason: None, language: Language::Fr };
        let id = self.app.create_consultation(&visit).unwrap().consultation.id;
        for (section, text) in lines {
            self.app.edit(&id, Edit::Add { section: *section, text: (*text).into() }).unwrap();
        }
        id
    }

    /// Waits until `done`: work in the background has no other end that a test sees.
    pub fn until(&self, what: &str, done: impl Fn() -> bool) {
        for _ in 0..1200 {
            if done() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("{what}: not within a minute");
    }
}
