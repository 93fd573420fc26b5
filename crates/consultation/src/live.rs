use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use clinical::Incremental;
use note::{Language, Note, Segment};
use record::{ConsultationId, Record};
use speech::{Live, LiveEvent, Options};

use crate::calame::{Inner, held};
use crate::{Event, Failure};

/// Speech recognition beside a recording: it is handed copies of the audio and may fail without harm.
pub(crate) struct Listening {
    feed: Option<Sender<Vec<i16>>>,
    thread: Option<JoinHandle<Result<(), Failure>>>,
    growing: Arc<Mutex<Growing>>,
}

/// Transcript and note while people speak.
struct Growing {
    incremental: Incremental,
    next_index: u32,
    /// Whatever arrives after an erasure of the passage it belongs to is dropped.
    abandoned: bool,
    behind_ms: u32,
    model: String,
}

/// Where a session of the recogniser starts.
pub(crate) struct Resume {
    pub language: Language,
    /// What was committed before, for the note to go on from.
    pub kept: Vec<Segment>,
    pub next_index: u32,
    /// Place of the first sample of the feed in the recording.
    pub offset_ms: u32,
}

impl Listening {
    pub fn start(inner: &Arc<Inner>, record: &Record, id: &ConsultationId, from: Resume) -> Self {
        let mut incremental = Incremental::new(from.language);
        for segment in &from.kept {
            incremental.push(segment);
        }
        let growing = Arc::new(Mutex::new(Growing {
            incremental,
            next_index: from.next_index,
            abandoned: false,
            behind_ms: 0,
            model: String::new(),
        }));
        let (feed, samples) = channel();
        let worker = Worker {
            inner: Arc::clone(inner),
            record: record.clone(),
            id: id.clone(),
            growing: Arc::clone(&growing),
        };
        let thread = std::thread::spawn(move || worker.listen(&from, &samples));
        Self { feed: Some(feed), thread: Some(thread), growing }
    }

    /// Never blocks.
    pub fn push(&self, samples: &[i16]) {
        if let Some(feed) = &self.feed {
            // A recogniser that ended has told why; the recording goes on without it.
            let _ = feed.send(samples.to_vec());
        }
    }

    pub fn behind_ms(&self) -> u32 {
        held(&self.growing).behind_ms
    }

    /// Waits for the last words. Gives the note of all that was heard and the model's name.
    pub fn finish(mut self) -> Result<(Note, String), Failure> {
        self.feed.take();
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(result)) => result?,
            _ => return Err(Failure::of(crate::FailureCode::SpeechFailed)),
        }
        let growing = held(&self.growing);
        Ok((growing.incremental.note(), growing.model.clone()))
    }

    /// Nothing of this session reaches the record any more. Gives the next free segment index.
    pub fn abandon(mut self) -> u32 {
        self.feed.take();
        let mut growing = held(&self.growing);
        growing.abandoned = true;
        growing.next_index
    }
}

struct Worker {
    inner: Arc<Inner>,
    record: Record,
    id: ConsultationId,
    growing: Arc<Mutex<Growing>>,
}

impl Worker {
    fn listen(self, from: &Resume, samples: &Receiver<Vec<i16>>) -> Result<(), Failure> {
        let started = self.inner.engine.model(from.language).and_then(|model| {
            held(&self.growing).model = model.name().to_owned();
            let options = Options::new(from.language);
            Ok(Live::start(model, options, from.next_index, from.offset_ms)?)
        });
        let (live, events) = match started {
            Ok(started) => started,
            Err(failure) => {
                self.problem(failure.clone());
                // The feed is emptied, so that it does not pile up, until the recording ends.
                samples.iter().for_each(drop);
                return Err(failure);
            }
        };
        std::thread::scope(|scope| {
            let worker = &self;
            let events = scope.spawn(move || worker.follow(&events));
            for block in samples {
                live.push(&block);
            }
            let finished = live.finish().map_err(Failure::from);
            let followed =
                events.join().unwrap_or_else(|_| Err(Failure::of(crate::FailureCode::SpeechFailed)));
            followed.and(finished)
        })
    }

    fn follow(&self, events: &Receiver<LiveEvent>) -> Result<(), Failure> {
        let mut result = Ok(());
        for event in events {
            let mut growing = held(&self.growing);
            if growing.abandoned {
                continue;
            }
            match event {
                LiveEvent::Committed(segment) => {
                    growing.next_index = growing.next_index.max(segment.index + 1);
                    self.record.append_segment(&self.id, &segment)?;
                    growing.incremental.push(&segment);
                    let note = growing.incremental.note();
                    self.inner.emit(Event::Segment { id: self.id.clone(), segment });
                    self.inner.emit(Event::Note { id: self.id.clone(), note });
                }
                LiveEvent::Tentative { text, .. } => {
                    self.inner.emit(Event::Tentative { id: self.id.clone(), text });
                }
                LiveEvent::Behind { ms } => growing.behind_ms = ms,
                LiveEvent::Failed(error) => {
                    let failure = Failure::from(error);
                    self.problem(failure.clone());
                    result = Err(failure);
                }
                LiveEvent::Finished => break,
            }
        }
        result
    }

    fn problem(&self, failure: Failure) {
        self.inner.emit(Event::Problem { id: Some(self.id.clone()), failure });
    }
}
