use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use clinical::Incremental;
use note::{Language, Note, Segment};
use record::{ConsultationId, Record};
use speech::{LiveEvent, Options};

use crate::calame::{Inner, held};
use crate::speakers::Following;
use crate::{Event, Failure, FailureCode, balance, vocabulary, voice};

/// Speech recognition beside a recording: it is handed copies of the audio and may fail without harm.
pub(crate) struct Listening {
    feed: Option<Sender<Fed>>,
    thread: Option<JoinHandle<Result<(Note, String), Failure>>>,
    growing: Arc<Mutex<Growing>>,
    following: Arc<Mutex<Following>>,
}

/// What the microphone gives.
enum Fed {
    Samples(Vec<i16>),
    /// The balance of two channels from a time of the recording on.
    Balance(u32, Vec<i8>),
}

/// What the recorder asks about while people speak: held only for moments.
struct Growing {
    next_index: u32,
    /// Whatever arrives after an erasure of the passage it belongs to is dropped.
    abandoned: bool,
    /// The screen knows that listening broke down.
    is_told: bool,
    behind_ms: u32,
}

/// Where a session of the recogniser starts.
pub(crate) struct Resume {
    pub language: Language,
    /// What was committed before, for the note to go on from.
    pub kept: Vec<Segment>,
    pub next_index: u32,
    /// Place of the first sample of the feed in the recording.
    pub offset_ms: u32,
    /// The voices of the session before.
    pub following: Option<Arc<Mutex<Following>>>,
}

impl Listening {
    pub fn start(inner: &Arc<Inner>, record: &Record, id: &ConsultationId, mut from: Resume) -> Self {
        let growing = Arc::new(Mutex::new(Growing {
            next_index: from.next_index,
            abandoned: false,
            is_told: false,
            behind_ms: 0,
        }));
        let following = from.following.take();
        let following = following.unwrap_or_else(|| {
            Arc::new(Mutex::new(Following::new(inner.engine.voices(), own_voice(record), from.language)))
        });
        let (feed, samples) = channel();
        let worker = Worker {
            inner: Arc::clone(inner),
            record: record.clone(),
            id: id.clone(),
            growing: Arc::clone(&growing),
            following: Arc::clone(&following),
        };
        let thread = std::thread::spawn(move || worker.run(&from, &samples));
        Self { feed: Some(feed), thread: Some(thread), growing, following }
    }

    /// Never blocks.
    pub fn push(&self, samples: &[i16]) {
        if let Some(feed) = &self.feed {
            // A recogniser that ended has told why; the recording goes on without it.
            let _ = feed.send(Fed::Samples(samples.to_vec()));
        }
    }

    /// Never blocks.
    pub fn balance(&self, from_ms: u32, values: Vec<i8>) {
        if let Some(feed) = &self.feed {
            // As above.
            let _ = feed.send(Fed::Balance(from_ms, values));
        }
    }

    pub fn behind_ms(&self) -> u32 {
        held(&self.growing).behind_ms
    }

    /// Waits for the last words. Gives the note of all that was heard and the model's name.
    pub fn finish(mut self) -> Result<(Note, String), Failure> {
        self.feed.take();
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(result)) => result,
            _ => Err(Failure::of(FailureCode::SpeechFailed)),
        }
    }

    /// Nothing of this session reaches the record any more. Gives the next free segment index, and the voices heard.
    pub fn abandon(mut self) -> (u32, Arc<Mutex<Following>>) {
        self.feed.take();
        let mut growing = held(&self.growing);
        growing.abandoned = true;
        (growing.next_index, Arc::clone(&self.following))
    }
}

/// Where it cannot be read, voices are told apart without it.
fn own_voice(record: &Record) -> Option<speech::speakers::Voiceprint> {
    voice::own(record).ok().flatten().map(|own| own.print)
}

struct Worker {
    inner: Arc<Inner>,
    record: Record,
    id: ConsultationId,
    growing: Arc<Mutex<Growing>>,
    following: Arc<Mutex<Following>>,
}

impl Worker {
    /// Tells at once when listening breaks down, while people still speak.
    fn run(&self, from: &Resume, samples: &Receiver<Fed>) -> Result<(Note, String), Failure> {
        match catch_unwind(AssertUnwindSafe(|| self.listen(from, samples))) {
            Ok(result) => result,
            Err(_) => {
                let failure = self.died();
                // The feed is emptied, so that it does not pile up, until the recording ends.
                samples.iter().for_each(drop);
                Err(failure)
            }
        }
    }

    fn listen(&self, from: &Resume, samples: &Receiver<Fed>) -> Result<(Note, String), Failure> {
        let started = self.inner.engine.model(from.language).and_then(|model| {
            let name = model.name().to_owned();
            // A recording goes on without words that cannot be read.
            let vocabulary = vocabulary::of(&self.record).unwrap_or_default();
            let options = Options { vocabulary, ..Options::new(from.language) };
            let recogniser = self.inner.engine.recogniser();
            Ok((recogniser.listen(model, options, from.next_index, from.offset_ms)?, name))
        });
        let ((hearing, events), model) = match started {
            Ok(started) => started,
            Err(failure) => {
                self.tell(&failure);
                // As above.
                samples.iter().for_each(drop);
                return Err(failure);
            }
        };
        std::thread::scope(|scope| {
            let (balance, balances) = channel();
            let events = scope.spawn(move || {
                let followed = catch_unwind(AssertUnwindSafe(|| self.follow(from, &events, &balances)));
                followed.unwrap_or_else(|_| Err(self.died()))
            });
            for fed in samples {
                match fed {
                    Fed::Samples(block) => hearing.hear(&block),
                    // Nobody follows any more: the recording goes on.
                    Fed::Balance(from_ms, values) => drop(balance.send((from_ms, values))),
                }
            }
            let finished = hearing.finish().map_err(Failure::from);
            let followed = events.join().unwrap_or_else(|_| Err(Failure::of(FailureCode::SpeechFailed)));
            finished.and(followed).map(|note| (note, model))
        })
    }

    fn follow(
        &self,
        from: &Resume,
        events: &Receiver<LiveEvent>,
        balances: &Receiver<(u32, Vec<i8>)>,
    ) -> Result<Note, Failure> {
        let mut visit = {
            // The session before may still be at its last sentence.
            let mut following = held(&self.following);
            following.keep(&from.kept, from.next_index);
            visit(from.language, following.segments())
        };
        let mut result = Ok(());
        let mut has_finished = false;
        for event in events {
            match event {
                LiveEvent::Committed(segment) => {
                    let mut following = held(&self.following);
                    if held(&self.growing).abandoned {
                        continue;
                    }
                    for (from_ms, values) in balances.try_iter() {
                        following.balance(from_ms, &values);
                    }
                    // Voices are looked at here, behind the recogniser and beside the writer.
                    let samples = if following.hears_voices() {
                        // Audio that the disk refuses has no voice.
                        self.record.audio(&self.id, segment.start_ms, segment.end_ms).unwrap_or_default()
                    } else {
                        Vec::new()
                    };
                    let known = following.segments().len();
                    let changed = following.hear(segment, &samples);
                    let fresh = following.segments().get(known..).unwrap_or_default();
                    if changed.len() == fresh.len() {
                        fresh.iter().for_each(|segment| visit.push(segment));
                    } else {
                        visit = self::visit(from.language, following.segments());
                    }
                    self.write(changed, visit.note())?;
                }
                LiveEvent::Tentative { firm, text, .. } => {
                    if !held(&self.growing).abandoned {
                        self.inner.emit(Event::Tentative { id: self.id.clone(), firm, text });
                    }
                }
                LiveEvent::Behind { ms } => held(&self.growing).behind_ms = ms,
                LiveEvent::Failed(error) => {
                    let failure = Failure::from(error);
                    self.tell(&failure);
                    result = Err(failure);
                }
                LiveEvent::Finished => {
                    has_finished = true;
                    break;
                }
            }
        }
        if !has_finished && result.is_ok() {
            result = Err(self.died());
        }
        let mut following = held(&self.following);
        let changed = if held(&self.growing).abandoned { Vec::new() } else { following.settle() };
        if let Some(values) = following.channels() {
            balance::keep(&self.record, &self.id, values)?;
        }
        if !changed.is_empty() {
            visit = self::visit(from.language, following.segments());
            self.write(changed, visit.note())?;
        }
        result.map(|()| visit.note())
    }

    /// Nothing of a session that was given up gets past here.
    fn write(&self, changed: Vec<Segment>, note: Note) -> Result<(), Failure> {
        let mut growing = held(&self.growing);
        if growing.abandoned {
            return Ok(());
        }
        for segment in changed {
            growing.next_index = growing.next_index.max(segment.index + 1);
            self.record.append_segment(&self.id, &segment)?;
            self.inner.emit(Event::Segment { id: self.id.clone(), segment });
        }
        self.inner.emit(Event::Note { id: self.id.clone(), note });
        Ok(())
    }

    /// The recogniser ended without a word, or something panicked: told unless a reason was told before.
    fn died(&self) -> Failure {
        let failure = Failure::of(FailureCode::SpeechFailed);
        if !held(&self.growing).is_told {
            self.tell(&failure);
        }
        failure
    }

    /// Of a session that was given up nobody wants to know.
    fn tell(&self, failure: &Failure) {
        let mut growing = held(&self.growing);
        growing.is_told = true;
        let abandoned = growing.abandoned;
        drop(growing);
        if !abandoned {
            self.inner.emit(Event::Problem { id: Some(self.id.clone()), failure: failure.clone() });
        }
    }
}

fn visit(language: Language, segments: &[Segment]) -> Incremental {
    let mut visit = Incremental::new(language);
    segments.iter().for_each(|segment| visit.push(segment));
    visit
}
