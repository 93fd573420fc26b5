use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use audio::{AudioError, Capture, CaptureEvent, SAMPLE_RATE};
use note::Language;
use record::{AudioWriter, ConsentDecision, ConsultationId, Record, State};

use crate::calame::{Inner, held};
use crate::live::{Listening, Resume};
use crate::markers;
use crate::{Calame, Event, Failure, FailureCode, RecordingPhase};

/// The recording under way.
pub(crate) struct Recording {
    pub id: ConsultationId,
    pub record: Record,
    commands: Sender<Command>,
    running: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

enum Command {
    Pause,
    Resume,
    EraseLast(u32),
    Mark,
    Stop,
    Discard,
}

impl Recording {
    pub fn is_running(&self) -> bool {
        self.running.load(Ordering::Acquire)
    }
}

impl Calame {
    /// Opens the microphone. The recording has started once an event says so: at its first real sample.
    ///
    /// # Errors
    /// Without consent, without a microphone, or while another recording is under way.
    pub fn start_recording(&self, id: &ConsultationId) -> Result<(), Failure> {
        self.stop_playback();
        self.stop_microphone_test();
        self.cancel_dictation();
        // Held until the recording stands: two starts cannot cross.
        let mut slot = held(&self.inner.recording);
        if slot.as_ref().is_some_and(Recording::is_running) || held(&self.inner.jobs).contains_key(id) {
            return Err(Failure::of(FailureCode::RecordingInProgress));
        }
        let record = self.inner.record()?;
        let consultation = record.consultation(id)?;
        match consultation.consent {
            Some(consent) if consent.decision == ConsentDecision::Informed => {}
            _ => return Err(Failure::of(FailureCode::ConsentRequired)),
        }
        if consultation.state != State::Consented {
            return Err(Failure::of(FailureCode::WrongState));
        }
        self.cancel_measuring();
        let capture = open_microphone(&self.inner)?;
        let (commands, orders) = channel();
        let running = Arc::new(AtomicBool::new(true));
        let from = Resume {
            language: consultation.language,
            kept: vec![],
            next_index: 0,
            offset_ms: 0,
            following: None,
        };
        let recorder = Recorder {
            inner: Arc::clone(&self.inner),
            listening: Some(Listening::start(&self.inner, &record, id, from)),
            record: record.clone(),
            id: id.clone(),
            language: consultation.language,
            capture: Some(capture),
            writer: None,
            unsaved: Vec::new(),
            saved_ms: 0,
            phase: RecordingPhase::Starting,
            write_failed: None,
            reported: None,
        };
        recorder.report();
        let flag = Arc::clone(&running);
        let thread = std::thread::spawn(move || recorder.run(&orders, &flag));
        *slot = Some(Recording { id: id.clone(), record, commands, running, thread: Some(thread) });
        Ok(())
    }

    /// # Errors
    /// When nothing is being recorded (so for the other commands below).
    pub fn pause_recording(&self) -> Result<(), Failure> {
        self.command(Command::Pause)
    }

    /// Goes on, with the microphone opened anew if it was lost.
    ///
    /// # Errors
    /// When nothing is being recorded.
    pub fn resume_recording(&self) -> Result<(), Failure> {
        self.command(Command::Resume)
    }

    /// Takes back the last `ms` of audio and what was understood of them.
    ///
    /// # Errors
    /// When nothing is being recorded.
    pub fn erase_last(&self, ms: u32) -> Result<(), Failure> {
        self.command(Command::EraseLast(ms))
    }

    /// Marks the moment as important; [`Event::Marker`] tells when it is kept.
    ///
    /// # Errors
    /// When nothing is being recorded.
    pub fn mark(&self) -> Result<(), Failure> {
        self.command(Command::Mark)
    }

    /// Returns at once; [`Event::Ready`] tells that the note is there.
    ///
    /// # Errors
    /// When nothing is being recorded.
    pub fn stop_recording(&self) -> Result<(), Failure> {
        self.command(Command::Stop)
    }

    /// Stops a recording under way and waits until everything is on disk: for leaving the app.
    pub fn finish_recording(&self) {
        self.end_with(Command::Stop, |_| true);
    }

    pub(crate) fn discard_recording(&self, id: &ConsultationId) {
        self.end_with(Command::Discard, |running| running == id);
    }

    fn end_with(&self, command: Command, is_meant: impl Fn(&ConsultationId) -> bool) {
        let recording = held(&self.inner.recording).take_if(|r| r.is_running() && is_meant(&r.id));
        if let Some(mut recording) = recording {
            let _ = recording.commands.send(command);
            if let Some(thread) = recording.thread.take() {
                let _ = thread.join();
            }
        }
    }

    fn command(&self, command: Command) -> Result<(), Failure> {
        let recording = held(&self.inner.recording);
        let running = recording.as_ref().filter(|r| r.is_running());
        running
            .and_then(|r| r.commands.send(command).ok())
            .ok_or_else(|| Failure::of(FailureCode::NothingRecording))
    }
}

pub(crate) fn open_microphone(inner: &Inner) -> Result<(Capture, Receiver<CaptureEvent>), Failure> {
    let chosen = held(&inner.preferences).microphone.clone();
    match Capture::start(chosen.as_deref()) {
        // The chosen one is unplugged: a recording on the default one beats none.
        Err(AudioError::DeviceMissing { .. }) if chosen.is_some() => Ok(Capture::start(None)?),
        other => Ok(other?),
    }
}

/// Audio leaves memory this often: with the capture's own latency, less than a second is ever at risk.
const SAVE_EVERY: usize = SAMPLE_RATE as usize / 2;
/// One row of the record.
const CHUNK: usize = SAMPLE_RATE as usize;
/// While the disk refuses, this much is kept in memory (ten minutes, 19 MB).
const HELD_AT_MOST: usize = SAMPLE_RATE as usize * 600;
const RETRY: Duration = Duration::from_secs(1);
const REPORT_EVERY: Duration = Duration::from_millis(200);

/// The thread that owns the microphone and the writer. Writing comes first; recognition gets copies.
struct Recorder {
    inner: Arc<Inner>,
    record: Record,
    id: ConsultationId,
    language: Language,
    capture: Option<(Capture, Receiver<CaptureEvent>)>,
    writer: Option<AudioWriter>,
    unsaved: Vec<i16>,
    saved_ms: u32,
    phase: RecordingPhase,
    listening: Option<Listening>,
    write_failed: Option<Instant>,
    reported: Option<Instant>,
}

enum End {
    Stop,
    Discard,
}

impl Recorder {
    fn run(mut self, orders: &Receiver<Command>, running: &AtomicBool) {
        let end = loop {
            match orders.try_recv() {
                Ok(Command::Pause) => self.pause(),
                Ok(Command::Resume) => self.resume(),
                Ok(Command::EraseLast(ms)) => self.erase_last(ms),
                Ok(Command::Mark) => self.mark(),
                Ok(Command::Stop) => break End::Stop,
                Ok(Command::Discard) => break End::Discard,
                Err(_) => self.hear(),
            }
            if self.reported.is_none_or(|at| at.elapsed() >= REPORT_EVERY) {
                self.report();
                self.reported = Some(Instant::now());
            }
        };
        match end {
            End::Stop => self.finalize(running),
            End::Discard => {
                self.close_microphone();
                if let Some(listening) = self.listening.take() {
                    listening.abandon();
                }
                self.end(running);
            }
        }
    }

    /// Handles what the microphone gives within a short while.
    fn hear(&mut self) {
        let wait = Duration::from_millis(50);
        let Some((_, events)) = &self.capture else {
            std::thread::sleep(wait);
            return self.save(false);
        };
        match events.recv_timeout(wait) {
            Ok(event) => self.take(event),
            Err(RecvTimeoutError::Timeout) => self.save(false),
            Err(RecvTimeoutError::Disconnected) => self.lose(AudioError::NoDevice),
        }
    }

    fn take(&mut self, event: CaptureEvent) {
        match event {
            CaptureEvent::Started { .. } => {
                self.enter(State::Recording, RecordingPhase::Recording);
                self.report();
            }
            CaptureEvent::Samples(samples) => {
                self.unsaved.extend_from_slice(&samples);
                self.save(false);
                if let Some(listening) = &self.listening {
                    listening.push(&samples);
                }
            }
            CaptureEvent::Balance(values) => {
                let length = u32::try_from(values.len()).unwrap_or(0) * audio::BALANCE_MS;
                if let Some(listening) = &self.listening {
                    listening.balance(self.elapsed_ms().saturating_sub(length), values);
                }
            }
            CaptureEvent::Level { peak, rms } => self.inner.emit(Event::Level { peak, rms }),
            CaptureEvent::Overrun { lost_ms } => {
                self.problem(Failure::of(FailureCode::AudioGap).with("lost_ms", lost_ms));
            }
            CaptureEvent::Lost(error) => self.lose(error),
            _ => {}
        }
    }

    /// The microphone is gone: everything heard is kept, and the doctor may resume with another.
    fn lose(&mut self, error: AudioError) {
        self.capture = None;
        self.save(true);
        let failure = Failure::from(error);
        let failure = match failure.code {
            FailureCode::MicrophoneSilent | FailureCode::MicrophoneBusy => failure,
            _ => Failure { code: FailureCode::MicrophoneLost, details: failure.details },
        };
        self.enter(State::Paused, RecordingPhase::Paused);
        self.problem(failure.with("saved_ms", self.saved_ms));
        self.report();
    }

    fn pause(&mut self) {
        if let Some((capture, _)) = &self.capture {
            capture.set_paused(true);
        }
        self.save(true);
        self.enter(State::Paused, RecordingPhase::Paused);
        self.report();
    }

    fn resume(&mut self) {
        match &self.capture {
            Some((capture, _)) => {
                capture.set_paused(false);
                self.enter(State::Recording, RecordingPhase::Recording);
            }
            None => match open_microphone(&self.inner) {
                // "Recording" is said again at its first sample.
                Ok(capture) => self.capture = Some(capture),
                Err(failure) => self.problem(failure),
            },
        }
        self.report();
    }

    /// States of the record follow the truth: nothing is "recording" before a sample came.
    fn enter(&mut self, state: State, phase: RecordingPhase) {
        let now = self.record.consultation(&self.id).map(|c| c.state);
        let is_move = match (&now, state) {
            (Ok(now), wanted) if *now == wanted => false,
            // A microphone that never gave a sample leaves the consultation as it was.
            (Ok(State::Consented), State::Paused) => false,
            _ => true,
        };
        if is_move && let Err(error) = self.record.set_state(&self.id, state, self.inner.now()) {
            self.problem(error.into());
        }
        self.phase = phase;
    }

    /// Puts what was heard on disk, in chunks of at most a second. What the disk refuses stays in memory and is tried
    /// again.
    fn save(&mut self, all: bool) {
        let retry_later = !all && self.write_failed.is_some_and(|at| at.elapsed() < RETRY);
        if self.unsaved.is_empty() || retry_later || (!all && self.unsaved.len() < SAVE_EVERY) {
            return;
        }
        let mut written = 0;
        let mut failed = None;
        while written < self.unsaved.len() {
            let end = (written + CHUNK).min(self.unsaved.len());
            match self.append(written, end) {
                Ok(saved_ms) => {
                    self.saved_ms = saved_ms;
                    written = end;
                }
                Err(failure) => {
                    failed = Some(failure);
                    break;
                }
            }
        }
        self.unsaved.drain(..written);
        match failed {
            None => self.write_failed = None,
            Some(failure) => {
                if self.write_failed.is_none() {
                    self.problem(failure);
                }
                self.write_failed = Some(Instant::now());
                self.writer = None;
                let over = self.unsaved.len().saturating_sub(HELD_AT_MOST);
                self.unsaved.drain(..over);
            }
        }
    }

    fn append(&mut self, from: usize, to: usize) -> Result<u32, Failure> {
        if self.writer.is_none() {
            self.writer = Some(self.record.audio_writer(&self.id)?);
        }
        let writer = self.writer.as_mut().ok_or_else(|| Failure::of(FailureCode::Internal))?;
        let samples = self.unsaved.get(from..to).unwrap_or_default();
        Ok(writer.append(samples, self.inner.now())?)
    }

    fn erase_last(&mut self, ms: u32) {
        self.save(true);
        let from_ms = self.saved_ms.saturating_sub(ms);
        let (next_index, following) = self.listening.take().map(Listening::abandon).unzip();
        self.writer = None;
        let erased = self.record.erase_last_audio(&self.id, from_ms, self.inner.now());
        match erased.and_then(|()| self.record.audio_ms(&self.id)) {
            Ok(left) => {
                self.saved_ms = left;
                if let Err(failure) = markers::cut(&self.record, &self.id, left) {
                    self.problem(failure);
                }
            }
            Err(error) => self.problem(error.into()),
        }
        // Sentences cut by the erasure left the transcript: the part of them that stays is heard again.
        let kept = self.record.transcript(&self.id).map(|t| t.segments).unwrap_or_default();
        let offset_ms = kept.last().map_or(0, |s| s.end_ms).min(self.saved_ms);
        let next_index = next_index.unwrap_or(0);
        let from = Resume { language: self.language, kept, next_index, offset_ms, following };
        let listening = Listening::start(&self.inner, &self.record, &self.id, from);
        if let Ok(samples) = self.record.audio(&self.id, offset_ms, self.saved_ms) {
            listening.push(&samples);
        }
        self.listening = Some(listening);
        self.inner.emit(Event::Tentative { id: self.id.clone(), firm: String::new(), text: String::new() });
        self.report();
    }

    fn mark(&mut self) {
        let at_ms = self.elapsed_ms();
        match markers::add(&self.record, &self.id, at_ms) {
            Ok(()) => self.inner.emit(Event::Marker { id: self.id.clone(), at_ms }),
            Err(failure) => self.problem(failure),
        }
    }

    fn elapsed_ms(&self) -> u32 {
        self.saved_ms + (self.unsaved.len() / (SAMPLE_RATE as usize / 1000)) as u32
    }

    fn close_microphone(&mut self) {
        let Some((capture, events)) = self.capture.take() else { return };
        capture.stop();
        while let Ok(event) = events.recv_timeout(Duration::from_secs(2)) {
            match event {
                CaptureEvent::Ended => break,
                CaptureEvent::Samples(samples) => self.take(CaptureEvent::Samples(samples)),
                _ => {}
            }
        }
    }

    fn finalize(mut self, running: &AtomicBool) {
        self.phase = RecordingPhase::Stopping;
        self.report();
        self.close_microphone();
        self.save(true);
        if self.saved_ms == 0 && self.unsaved.is_empty() {
            // Nothing was ever heard: the consultation is as before, ready for another try.
            if let Some(listening) = self.listening.take() {
                listening.abandon();
            }
            let (inner, id) = (Arc::clone(&self.inner), self.id.clone());
            self.end(running);
            return inner.emit(Event::Ready { id });
        }
        let heard = self.listening.take().map(Listening::finish);
        self.enter(State::Stopped, RecordingPhase::Stopping);
        let drafted = match heard {
            Some(Ok((note, model))) => self.draft(&note, model),
            Some(Err(failure)) => Err(failure),
            None => Err(Failure::of(FailureCode::SpeechFailed)),
        };
        let (inner, record, id) = (Arc::clone(&self.inner), self.record.clone(), self.id.clone());
        self.end(running);
        match drafted {
            Ok(()) => {}
            // Recognition broke down on the way: the audio is whole, so it is heard again from the record.
            Err(failure) if failure.code == FailureCode::SpeechFailed => {
                let app = Calame { inner: Arc::clone(&inner) };
                if app.transcribe_in(record, &id).is_ok() {
                    return;
                }
            }
            Err(failure) => inner.emit(Event::Problem { id: Some(id.clone()), failure }),
        }
        inner.emit(Event::Ready { id });
    }

    fn draft(&mut self, note: &note::Note, model: String) -> Result<(), Failure> {
        let mut transcript = self.record.transcript(&self.id)?;
        transcript.model = Some(model);
        transcript.duration_ms = transcript.duration_ms.max(self.saved_ms);
        self.record.save_transcript(&self.id, &transcript)?;
        self.record.save_draft(&self.id, note, &[], self.inner.now())?;
        Ok(self.record.set_state(&self.id, State::Drafted, self.inner.now())?)
    }

    fn end(mut self, running: &AtomicBool) {
        self.phase = RecordingPhase::Stopped;
        running.store(false, Ordering::Release);
        self.report();
    }

    fn report(&self) {
        self.inner.emit(Event::Recording {
            id: self.id.clone(),
            phase: self.phase,
            elapsed_ms: self.elapsed_ms(),
            saved_ms: self.saved_ms,
            behind_ms: self.listening.as_ref().map_or(0, Listening::behind_ms),
        });
    }

    fn problem(&self, failure: Failure) {
        self.inner.emit(Event::Problem { id: Some(self.id.clone()), failure });
    }
}
