use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use audio::InputDevice;
use chrono::{DateTime, Utc};
use record::{ConsultationId, Record};

use crate::backups::Tries;
use crate::dictation::Dictation;
use crate::idle::Presence;
use crate::jobs::Running;
use crate::playback::Playback;
use crate::printing::PrintService;
use crate::recording::Recording;
use crate::review::Review;
use crate::{
    Clock, Engine, Event, EventSink, Failure, FailureCode, Places, Preferences, RecordStatus, Status,
};

/// The app without a face. Cloning gives another handle on the same app; every method may be called from any thread.
#[derive(Clone)]
pub struct Calame {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub places: Places,
    pub clock: Arc<dyn Clock>,
    pub sink: EventSink,
    pub engine: Engine,
    pub preferences: Mutex<Preferences>,
    pub session: Mutex<Session>,
    pub presence: Mutex<Presence>,
    pub recording: Mutex<Option<Recording>>,
    pub jobs: Mutex<HashMap<ConsultationId, Running>>,
    /// The record as the housekeeping under way holds it.
    pub housekeeping: Arc<Mutex<Option<Record>>>,
    pub backup_tries: Mutex<Tries>,
    pub playback: Mutex<Option<Playback>>,
    pub microphone_test: Mutex<Option<audio::Capture>>,
    pub dictation: Mutex<Option<Dictation>>,
    /// Set to end the measuring of a model under way.
    pub measuring: Mutex<Option<Arc<AtomicBool>>>,
    pub print_service: PrintService,
}

/// What an unlocked record gives access to. A recording keeps its own handle, so locking never interrupts it.
#[derive(Default)]
pub(crate) struct Session {
    pub record: Option<Record>,
    pub reviews: HashMap<ConsultationId, Review>,
    /// Addenda under way, each over a signed note.
    pub addenda: HashMap<ConsultationId, Review>,
}

pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic elsewhere must not take the doctor's draft with it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Calame {
    /// Reads nothing but the preferences: the record stays locked.
    #[must_use]
    pub fn new(places: Places, engine: Engine, clock: Arc<dyn Clock>, sink: EventSink) -> Self {
        let preferences = Mutex::new(Preferences::load(&places.preferences));
        let inner = Inner {
            places,
            clock,
            sink,
            engine,
            preferences,
            session: Mutex::default(),
            presence: Mutex::default(),
            recording: Mutex::default(),
            jobs: Mutex::default(),
            housekeeping: Arc::default(),
            backup_tries: Mutex::default(),
            playback: Mutex::default(),
            microphone_test: Mutex::default(),
            dictation: Mutex::default(),
            measuring: Mutex::default(),
            print_service: PrintService::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    #[must_use]
    pub fn status(&self) -> Status {
        let open = held(&self.inner.session).record.is_some();
        let record = match (open, Record::exists(&self.inner.places.record)) {
            (true, _) => RecordStatus::Open,
            (false, true) => RecordStatus::Locked,
            (false, false) => RecordStatus::Absent,
        };
        Status {
            record,
            model: self.inner.engine.status(),
            preferences: held(&self.inner.preferences).clone(),
            recording: self.inner.recording_shown(),
            busy: held(&self.inner.jobs).keys().cloned().collect(),
            version: env!("CARGO_PKG_VERSION").into(),
        }
    }

    /// # Errors
    /// When the file cannot be written.
    pub fn save_preferences(&self, mut preferences: Preferences) -> Result<Status, Failure> {
        // A screen hands back what it read, which may be older than the last measuring.
        preferences.speeds.clone_from(&held(&self.inner.preferences).speeds);
        self.keep_preferences(preferences)
    }

    pub(crate) fn keep_preferences(&self, preferences: Preferences) -> Result<Status, Failure> {
        preferences.save(&self.inner.places.preferences)?;
        *held(&self.inner.preferences) = preferences;
        Ok(self.status())
    }

    /// # Errors
    /// When the system's sound service cannot be asked.
    pub fn microphones(&self) -> Result<Vec<InputDevice>, Failure> {
        Ok(audio::input_devices()?)
    }

    #[must_use]
    pub fn places(&self) -> &Places {
        &self.inner.places
    }
}

impl Inner {
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Behind the lock nothing that was said is told: a locked screen shall not hold it.
    pub fn emit(&self, event: Event) {
        let tells_what_was_said = matches!(
            event,
            Event::Segment { .. } | Event::Tentative { .. } | Event::Note { .. } | Event::Dictation { .. }
        );
        if tells_what_was_said && held(&self.session).record.is_none() {
            return;
        }
        (self.sink)(event);
    }

    pub fn record(&self) -> Result<Record, Failure> {
        held(&self.session).record.clone().ok_or_else(|| Failure::of(FailureCode::RecordLocked))
    }

    /// The record as a recording or a job under way holds it, locked screen or not.
    pub fn record_in_use(&self) -> Option<Record> {
        let mut recording = held(&self.recording);
        // One that ended behind a locked screen would hold the record open for nobody.
        recording.take_if(|recording| !recording.is_running());
        let recorded = recording.as_ref().map(|recording| recording.record.clone());
        drop(recording);
        recorded
            .or_else(|| held(&self.jobs).values().next().map(|job| job.record.clone()))
            .or_else(|| held(&self.housekeeping).clone())
    }

    pub fn recording_id(&self) -> Option<ConsultationId> {
        held(&self.recording).as_ref().filter(|r| r.is_running()).map(|r| r.id.clone())
    }

    /// The recording under way, unless it is a colleague's: of theirs nothing shows.
    fn recording_shown(&self) -> Option<ConsultationId> {
        let here = held(&self.session).record.clone();
        let recording = held(&self.recording);
        let running = recording.as_ref().filter(|r| r.is_running())?;
        let mine = here.is_none_or(|here| here.is_in_the_same_hands(&running.record));
        mine.then(|| running.id.clone())
    }

    pub fn is_busy(&self, id: &ConsultationId) -> bool {
        held(&self.jobs).contains_key(id) || self.recording_id().as_ref() == Some(id)
    }
}
