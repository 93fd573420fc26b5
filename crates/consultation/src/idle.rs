//! The screen locks by itself: after some minutes without a hand on the machine, and after the machine slept. Locking
//! hides; a recording or a transcription under way goes on behind it.
//!
//! A face says when a hand moved ([`Calame::touch`]) and asks now and then ([`Calame::lock_when_idle`]); no thread of
//! its own, so that a test passes the time.

use chrono::{DateTime, TimeDelta, Utc};

use crate::calame::{Inner, held};
use crate::{Calame, Practice, RecordStatus};

/// A face asks at least this often; a much longer silence means that the machine slept.
pub const ASK_EVERY_S: u32 = 5;
const SLEPT: TimeDelta = TimeDelta::seconds(60);

/// What is known of the doctor's presence.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Presence {
    last_hand: Option<DateTime<Utc>>,
    last_asked: Option<DateTime<Utc>>,
    /// Minutes without a hand before the screen locks, as the doctor who is here set them; none or 0: only after sleep.
    limit_min: Option<u32>,
}

impl Presence {
    /// Whether to lock now.
    fn ask(&mut self, now: DateTime<Utc>) -> bool {
        let slept = self.last_asked.is_some_and(|asked| now - asked > SLEPT);
        self.last_asked = Some(now);
        // A clock that was set back starts the wait anew: nobody is locked out early, and not much later either.
        if let Some(hand) = &mut self.last_hand {
            *hand = (*hand).min(now);
        }
        // A face that never tells of hands, such as the command line, is not thought to be idle.
        let limit =
            self.limit_min.filter(|minutes| *minutes > 0).map(|min| TimeDelta::minutes(i64::from(min)));
        let idle = self.last_hand.zip(limit).is_some_and(|(hand, limit)| now - hand >= limit);
        slept || idle
    }
}

impl Calame {
    /// A hand is on the machine.
    pub fn touch(&self) {
        held(&self.inner.presence).last_hand = Some(self.inner.now());
    }

    /// Locks the screen when nobody was there for long enough or the machine slept, and tells whether it did. A
    /// recording under way goes on; [`crate::Event::Locked`] tells the face.
    pub fn lock_when_idle(&self) -> bool {
        let due = held(&self.inner.presence).ask(self.inner.now());
        // Asked in any case, so that the time while locked does not count as sleep.
        if !due || self.status().record != RecordStatus::Open {
            return false;
        }
        self.lock();
        true
    }
}

impl Inner {
    pub fn lock_after(&self, practice: &Practice) {
        held(&self.presence).limit_min = Some(practice.auto_lock_minutes);
    }

    /// The face stays and shows: it is no command that ends after one act.
    pub fn tells_of_hands(&self) -> bool {
        held(&self.presence).last_hand.is_some()
    }

    /// Opening the record is a hand, where hands are told of at all.
    pub fn hand(&self) {
        let mut presence = held(&self.presence);
        presence.last_hand = presence.last_hand.map(|_| self.now());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::{Clock, Engine, Event, Places};

    struct Hands(Mutex<DateTime<Utc>>);

    impl Clock for Hands {
        fn now(&self) -> DateTime<Utc> {
            *held(&self.0)
        }
    }

    struct Desk {
        app: Calame,
        clock: Arc<Hands>,
        locked: Arc<Mutex<u32>>,
        _folder: tempfile::TempDir,
    }

    const PASSPHRASE: &str = "lanterne violette sur la dune 47";

    fn practice(auto_lock_minutes: u32) -> Practice {
        Practice { auto_lock_minutes, ..Practice::default() }
    }

    impl Desk {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let mut places = Places::of_this_user().unwrap();
            places.record = folder.path().join("record.calame");
            places.preferences = folder.path().join("preferences.json");
            let clock = Arc::new(Hands(Mutex::new(DateTime::from_timestamp(1_790_000_000, 0).unwrap())));
            let locked = Arc::new(Mutex::new(0));
            let count = Arc::clone(&locked);
            let sink = Arc::new(move |event| {
                if matches!(event, Event::Locked) {
                    *held(&count) += 1;
                }
            });
            let engine = Engine::named(&places.models, None);
            let app = Calame::new(places, engine, Arc::clone(&clock) as Arc<dyn Clock>, sink);
            let _ = app.create_record(PASSPHRASE, &practice(5)).unwrap();
            app.touch();
            Self { app, clock, locked, _folder: folder }
        }

        /// The time passes, and the face asks as it does.
        fn pass(&self, seconds: u32) -> bool {
            (0..seconds / ASK_EVERY_S).any(|_| {
                self.jump(i64::from(ASK_EVERY_S));
                self.app.lock_when_idle()
            })
        }

        fn jump(&self, seconds: i64) {
            *held(&self.clock.0) += TimeDelta::seconds(seconds);
        }
    }

    #[test]
    fn the_screen_locks_after_some_minutes_without_a_hand_and_says_so_once() {
        let desk = Desk::new();
        assert!(!desk.pass(295));
        desk.app.touch();
        assert!(!desk.pass(295), "a hand starts the wait anew");
        assert!(desk.pass(10));
        assert!(!desk.pass(3600), "locked once");
        assert_eq!(*held(&desk.locked), 1);
        assert!(desk.app.consultations("").is_err());
        desk.app.unlock(PASSPHRASE).unwrap();
        assert!(!desk.pass(250), "opening it is a hand");
    }

    #[test]
    fn the_screen_locks_when_the_machine_wakes_up() {
        let desk = Desk::new();
        assert!(!desk.pass(10));
        desk.jump(90);
        assert!(desk.app.lock_when_idle());
    }

    #[test]
    fn a_clock_set_back_locks_nothing_early_and_nothing_never() {
        let desk = Desk::new();
        assert!(!desk.pass(100));
        desk.jump(-86_400);
        assert!(!desk.pass(295));
        assert!(desk.pass(10));
    }

    #[test]
    fn another_time_is_chosen_in_the_settings_and_kept() {
        let desk = Desk::new();
        desk.app.save_practice(practice(20)).unwrap();
        desk.app.lock();
        desk.app.unlock(PASSPHRASE).unwrap();
        assert!(!desk.pass(1190));
        assert!(desk.pass(15));
    }

    #[test]
    fn a_doctor_who_wants_no_idle_lock_is_still_locked_after_sleep() {
        let desk = Desk::new();
        desk.app.save_practice(practice(0)).unwrap();
        assert!(!desk.pass(7200));
        desk.jump(90);
        assert!(desk.app.lock_when_idle());
    }

    #[test]
    fn a_locked_screen_hides_what_a_job_under_way_goes_on_writing() {
        let desk = Desk::new();
        let record = desk.app.inner.record().unwrap();
        let new = crate::NewConsultation { patient: None, reason: None, language: crate::Language::Fr };
        let id = desk.app.create_consultation(&new).unwrap().consultation.id;
        desk.app.record_consent(&id, crate::ConsentDecision::Informed, crate::ConsentForm::Oral).unwrap();
        record.set_state(&id, crate::State::Recording, desk.app.inner.now()).unwrap();
        let mut writer = record.audio_writer(&id).unwrap();
        assert!(desk.pass(310));
        assert_eq!(writer.append(&[1; 16_000], desk.app.inner.now()).unwrap(), 1000);
        assert!(desk.app.consultation(&id).is_err(), "nothing is shown");
        drop((writer, record));
        desk.app.unlock(PASSPHRASE).unwrap();
        assert_eq!(desk.app.consultation(&id).unwrap().consultation.audio_ms, 1000);
    }
}
