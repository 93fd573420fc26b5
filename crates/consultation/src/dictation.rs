//! A statement spoken by the doctor while checking a note. Its sound goes to the recogniser and nowhere else: no row, no
//! file, no playback. What was understood becomes a statement of the doctor's own, which one undo takes back.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use audio::{Capture, CaptureEvent};
use note::{Language, SectionId};
use record::ConsultationId;
use speech::{Live, LiveEvent, Options};

use crate::calame::{Inner, held};
use crate::recording::open_microphone;
use crate::reviewing::refuse_validated;
use crate::spoken::written;
use crate::{Calame, DictationPhase, Edit, Event, Failure, FailureCode, NoteView, vocabulary};

/// The dictation under way.
pub(crate) struct Dictation {
    id: ConsultationId,
    is_addendum: bool,
    orders: Sender<Order>,
    thread: JoinHandle<Result<String, Failure>>,
}

enum Order {
    Finish,
    Discard,
}

impl Calame {
    /// Opens the microphone for a statement. [`Event::Dictation`] tells what is heard, and that it listens only once a first
    /// sample came.
    ///
    /// # Errors
    /// While a recording is under way, without microphone or model, and once the note is validated with no addendum begun.
    pub fn start_dictation(&self, id: &ConsultationId) -> Result<(), Failure> {
        self.cancel_dictation();
        if self.inner.recording_id().is_some() {
            return Err(Failure::of(FailureCode::RecordingInProgress));
        }
        self.refuse_while_busy(id)?;
        let record = self.inner.record()?;
        let is_addendum = held(&self.inner.session).addenda.contains_key(id);
        if !is_addendum {
            refuse_validated(&record, id)?;
        }
        let language = record.consultation(id)?.language;
        let model = self.inner.engine.model(language)?;
        self.stop_playback();
        self.stop_microphone_test();
        self.cancel_measuring();
        let microphone = open_microphone(&self.inner)?;
        let options = Options { vocabulary: vocabulary::of(&record)?, ..Options::new(language) };
        let heard = Live::start(model, options, 0, 0)?;
        let (orders, given) = channel();
        let listener = Listener {
            inner: Arc::clone(&self.inner),
            id: id.clone(),
            language,
            text: String::new(),
            tentative: String::new(),
            phase: DictationPhase::Starting,
            failed: None,
        };
        listener.tell();
        let thread = std::thread::spawn(move || listener.run(microphone, heard, &given));
        *held(&self.inner.dictation) = Some(Dictation { id: id.clone(), is_addendum, orders, thread });
        Ok(())
    }

    /// Ends the dictation and puts what was understood into a section, as the doctor's own statement.
    ///
    /// # Errors
    /// When nothing was dictated or understood: the note is as before.
    pub fn finish_dictation(&self, id: &ConsultationId, section: SectionId) -> Result<NoteView, Failure> {
        let dictation = held(&self.inner.dictation).take_if(|dictation| dictation.id == *id);
        let dictation = dictation.ok_or_else(|| Failure::of(FailureCode::NothingRecording))?;
        let _ = dictation.orders.send(Order::Finish);
        let heard = dictation.thread.join().unwrap_or_else(|_| Err(Failure::of(FailureCode::SpeechFailed)));
        let text = heard?;
        if text.trim().is_empty() {
            return Err(Failure::of(FailureCode::NothingHeard));
        }
        let edit = Edit::Add { section, text };
        if dictation.is_addendum { self.edit_addendum(id, edit) } else { self.edit(id, edit) }
    }

    /// Forgets what was dictated. Without a dictation it does nothing.
    pub fn cancel_dictation(&self) {
        if let Some(dictation) = held(&self.inner.dictation).take() {
            let _ = dictation.orders.send(Order::Discard);
        }
    }
}

struct Listener {
    inner: Arc<Inner>,
    id: ConsultationId,
    language: Language,
    text: String,
    tentative: String,
    phase: DictationPhase,
    failed: Option<Failure>,
}

impl Listener {
    fn run(
        mut self,
        (capture, sound): (Capture, Receiver<CaptureEvent>),
        (live, words): (Live, Receiver<LiveEvent>),
        orders: &Receiver<Order>,
    ) -> Result<String, Failure> {
        let mut capture = Some(capture);
        loop {
            match orders.try_recv() {
                Ok(Order::Finish) => break,
                // The app went away: so does what was said.
                Ok(Order::Discard) | Err(std::sync::mpsc::TryRecvError::Disconnected) => {
                    return Ok(String::new());
                }
                Err(std::sync::mpsc::TryRecvError::Empty) => {}
            }
            match sound.recv_timeout(Duration::from_millis(50)) {
                Ok(event) => {
                    if self.take(event, &live) {
                        capture = None;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                // What was understood before the microphone went waits for the doctor's word.
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(Duration::from_millis(50)),
            }
            self.follow(words.try_iter());
        }
        self.enter(DictationPhase::Transcribing);
        if let Some(capture) = capture {
            capture.stop();
        }
        while let Ok(event) = sound.recv_timeout(Duration::from_secs(2)) {
            match event {
                CaptureEvent::Samples(samples) => live.push(&samples),
                CaptureEvent::Ended => break,
                _ => {}
            }
        }
        let finished = live.finish().map_err(Failure::from);
        self.follow(words.iter());
        match finished.err().or(self.failed) {
            // Words that came are worth more than why no more came.
            Some(failure) if self.text.trim().is_empty() => Err(failure),
            _ => Ok(self.text),
        }
    }

    /// True when the microphone is gone.
    fn take(&mut self, event: CaptureEvent, live: &Live) -> bool {
        match event {
            CaptureEvent::Started { .. } => self.enter(DictationPhase::Listening),
            CaptureEvent::Samples(samples) => live.push(&samples),
            CaptureEvent::Level { peak, rms } => self.inner.emit(Event::Level { peak, rms }),
            CaptureEvent::Lost(error) => {
                self.fail(error.into());
                return true;
            }
            _ => {}
        }
        false
    }

    fn follow(&mut self, words: impl Iterator<Item = LiveEvent>) {
        for event in words {
            match event {
                LiveEvent::Committed(segment) => {
                    if !self.text.is_empty() {
                        self.text.push(' ');
                    }
                    self.text.push_str(&written(&segment.text, self.language));
                    self.tentative.clear();
                }
                LiveEvent::Tentative { firm, text, .. } => {
                    self.tentative = written(&format!("{firm} {text}"), self.language);
                }
                LiveEvent::Failed(error) => {
                    self.fail(error.into());
                    continue;
                }
                LiveEvent::Behind { .. } => continue,
                LiveEvent::Finished => break,
            }
            self.tell();
        }
    }

    fn fail(&mut self, failure: Failure) {
        self.failed = Some(failure.clone());
        self.inner.emit(Event::Problem { id: Some(self.id.clone()), failure });
        self.enter(DictationPhase::Failed);
    }

    fn enter(&mut self, phase: DictationPhase) {
        self.phase = phase;
        self.tell();
    }

    fn tell(&self) {
        self.inner.emit(Event::Dictation {
            id: self.id.clone(),
            phase: self.phase,
            text: self.text.clone(),
            tentative: self.tentative.clone(),
        });
    }
}
