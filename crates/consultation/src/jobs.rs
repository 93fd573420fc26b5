use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use audio::{AudioError, Decoder, SAMPLE_RATE};
use clinical::Clinical;
use note::Transcript;
use record::{ConsentDecision, ConsultationId, Record, State};
use speech::{Options, Progress, transcribe};

use crate::calame::{Inner, held};
use crate::speakers::Following;
use crate::{Calame, Event, Failure, FailureCode, Stage, balance, vocabulary, voice};

/// Long work on one consultation, which can be cancelled and survives locking.
pub(crate) struct Job {
    pub inner: Arc<Inner>,
    pub record: Record,
    pub id: ConsultationId,
    pub cancel: Arc<AtomicBool>,
}

/// What is known of a job while it runs.
pub(crate) struct Running {
    pub cancel: Arc<AtomicBool>,
    pub record: Record,
}

/// Takes the job off the list even when it panics.
struct Listed<'a>(&'a Job);

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        held(&self.0.inner.jobs).remove(&self.0.id);
    }
}

impl Calame {
    /// Brings an audio file into the record, transcribes it and drafts the note, in the background.
    ///
    /// # Errors
    /// Without consent, or when the consultation has audio already.
    pub fn import_audio(&self, id: &ConsultationId, path: PathBuf) -> Result<(), Failure> {
        let job = self.importing(id)?;
        std::thread::spawn(move || job.run_unattended(|job| job.import(&path)));
        Ok(())
    }

    /// As [`Calame::import_audio`], and returns when the draft is there.
    ///
    /// # Errors
    /// As [`Calame::import_audio`], and whatever stopped the work; audio already in the record stays.
    pub fn import_audio_and_wait(&self, id: &ConsultationId, path: &Path) -> Result<(), Failure> {
        self.importing(id)?.run(|job| job.import(path))
    }

    /// Transcribes the audio of the record (again) and drafts the note anew, in the background: after an interrupted
    /// recording, or when no model was there before.
    ///
    /// # Errors
    /// When there is no audio, or the note is validated.
    pub fn transcribe(&self, id: &ConsultationId) -> Result<(), Failure> {
        self.transcribe_in(self.inner.record()?, id)
    }

    /// As [`Calame::transcribe`], in hands that a lock of the screen does not empty.
    pub(crate) fn transcribe_in(&self, record: Record, id: &ConsultationId) -> Result<(), Failure> {
        let job = self.job(record, id)?;
        match job.record.consultation(id)?.state {
            State::Validated | State::Exported => return Err(Failure::of(FailureCode::AlreadyValidated)),
            _ if job.record.audio_ms(id)? == 0 => return Err(Failure::of(FailureCode::AudioErased)),
            State::Recording | State::Paused => {
                job.record.set_state(id, State::Stopped, self.inner.now())?;
            }
            _ => {}
        }
        let job = self.listed(job)?;
        std::thread::spawn(move || job.run_unattended(Job::transcribe));
        Ok(())
    }

    /// Asks a job to end; what is in the record stays.
    pub fn cancel(&self, id: &ConsultationId) {
        if let Some(running) = held(&self.inner.jobs).get(id) {
            running.cancel.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) fn importing(&self, id: &ConsultationId) -> Result<Job, Failure> {
        let job = self.job(self.inner.record()?, id)?;
        let consultation = job.record.consultation(id)?;
        match consultation.consent {
            Some(consent) if consent.decision == ConsentDecision::Informed => {}
            _ => return Err(Failure::of(FailureCode::ConsentRequired)),
        }
        if consultation.state != State::Consented {
            return Err(Failure::of(FailureCode::WrongState));
        }
        self.listed(job)
    }

    fn job(&self, record: Record, id: &ConsultationId) -> Result<Job, Failure> {
        self.refuse_while_busy(id)?;
        Ok(Job { inner: Arc::clone(&self.inner), record, id: id.clone(), cancel: Arc::default() })
    }

    fn listed(&self, job: Job) -> Result<Job, Failure> {
        let running = Running { cancel: Arc::clone(&job.cancel), record: job.record.clone() };
        match held(&self.inner.jobs).entry(job.id.clone()) {
            std::collections::hash_map::Entry::Occupied(_) => {
                return Err(Failure::of(FailureCode::RecordingInProgress));
            }
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(running);
            }
        }
        Ok(job)
    }
}

impl Job {
    pub fn run(&self, work: impl FnOnce(&Self) -> Result<(), Failure>) -> Result<(), Failure> {
        let result = {
            let _listed = Listed(self);
            work(self)
        };
        // The draft on screen, if any, is older than what the job wrote.
        held(&self.inner.session).reviews.remove(&self.id);
        if result.is_ok() {
            self.inner.emit(Event::Ready { id: self.id.clone() });
        }
        result
    }

    /// Runs where nobody waits for the result: a failure is told as an event, a panic too.
    fn run_unattended(&self, work: impl FnOnce(&Self) -> Result<(), Failure>) {
        let done = catch_unwind(AssertUnwindSafe(|| self.run(work)));
        if let Err(failure) = done.unwrap_or_else(|_| Err(Failure::of(FailureCode::Internal))) {
            self.problem(failure);
        }
    }

    fn import(&self, path: &Path) -> Result<(), Failure> {
        let mut decoder = Decoder::open(path)?;
        let total = decoder.duration_ms();
        // Only a file that gives sound starts anything in the record.
        let file = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let first = decoder.next().ok_or(AudioError::Empty { file })??;
        self.record.set_state(&self.id, State::Recording, self.inner.now())?;
        let stored = self.store(std::iter::once(Ok(first)).chain(decoder.by_ref()), total);
        balance::keep_if_any(&self.record, &self.id, &decoder.take_balance())?;
        self.record.set_state(&self.id, State::Stopped, self.inner.now())?;
        if let Some(failure) = stored? {
            self.problem(failure);
        }
        self.transcribe()
    }

    /// Gives the failure which ended a file early: what came before it is kept.
    pub fn store(
        &self,
        blocks: impl Iterator<Item = Result<Vec<i16>, AudioError>>,
        total: Option<u32>,
    ) -> Result<Option<Failure>, Failure> {
        let mut writer = self.record.audio_writer(&self.id)?;
        let start = Instant::now();
        for block in blocks {
            self.go_on()?;
            let block = match block {
                Ok(block) => block,
                Err(error) => return Ok(Some(error.into())),
            };
            let mut saved_ms = 0;
            for second in block.chunks(SAMPLE_RATE as usize) {
                saved_ms = writer.append(second, self.inner.now())?;
            }
            let fraction = total.filter(|t| *t > 0).map(|t| (saved_ms as f32 / t as f32).min(1.0));
            self.progress(Stage::Reading, fraction, start);
        }
        Ok(None)
    }

    pub fn transcribe(&self) -> Result<(), Failure> {
        let language = self.record.consultation(&self.id)?.language;
        self.progress(Stage::LoadingModel, None, Instant::now());
        let model = self.inner.engine.model(language)?;
        let total = self.record.audio_ms(&self.id)?;
        let start = Instant::now();
        let mut unreadable = None;
        let mut blocks = Stored { job: self, from_ms: 0, total_ms: total, failure: &mut unreadable };
        let own = voice::own(&self.record)?.map(|own| own.print);
        let mut following = Following::new(self.inner.engine.voices(), own, language);
        following.balance(0, &balance::of(&self.record, &self.id)?);
        let vocabulary = vocabulary::of(&self.record)?;
        let options = Options { vocabulary, ..Options::new(language) };
        let mut on = |progress: Progress| {
            match progress {
                Progress::Fraction(fraction) => self.progress(Stage::Transcribing, Some(fraction), start),
                Progress::Segment(segment) => {
                    let samples = if following.hears_voices() {
                        self.record.audio(&self.id, segment.start_ms, segment.end_ms).unwrap_or_default()
                    } else {
                        Vec::new()
                    };
                    for segment in following.hear(segment, &samples) {
                        self.inner.emit(Event::Segment { id: self.id.clone(), segment });
                    }
                }
            }
            if self.cancel.load(Ordering::Relaxed) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let mut transcript = transcribe(&model, &options, &mut blocks, Some(total), &mut on)?;
        if let Some(failure) = unreadable {
            return Err(failure);
        }
        following.settle();
        if following.channels().is_none() {
            balance::forget(&self.record, &self.id)?;
        }
        transcript.segments = following.segments().to_vec();
        self.draft(&transcript)
    }

    pub fn draft(&self, transcript: &Transcript) -> Result<(), Failure> {
        self.progress(Stage::Structuring, None, Instant::now());
        self.record.save_transcript(&self.id, transcript)?;
        let note = Clinical::load(transcript.language).structure(transcript);
        self.record.save_draft(&self.id, &note, &[], self.inner.now())?;
        if self.record.consultation(&self.id)?.state != State::Drafted {
            self.record.set_state(&self.id, State::Drafted, self.inner.now())?;
        }
        Ok(())
    }

    fn go_on(&self) -> Result<(), Failure> {
        if self.cancel.load(Ordering::Relaxed) { Err(Failure::of(FailureCode::Cancelled)) } else { Ok(()) }
    }

    fn problem(&self, failure: Failure) {
        self.inner.emit(Event::Problem { id: Some(self.id.clone()), failure });
    }

    fn progress(&self, stage: Stage, fraction: Option<f32>, start: Instant) {
        let spent = start.elapsed().as_secs_f32();
        let remaining_ms =
            fraction.filter(|f| *f > 0.02).map(|f| (spent * (1.0 - f) / f * 1000.0).max(0.0) as u32);
        self.inner.emit(Event::Progress { id: self.id.clone(), stage, fraction, remaining_ms });
    }
}

/// The audio of the record, a few seconds at a time.
struct Stored<'a> {
    job: &'a Job,
    from_ms: u32,
    total_ms: u32,
    failure: &'a mut Option<Failure>,
}

const READ_MS: u32 = 10_000;

impl Iterator for Stored<'_> {
    type Item = Vec<i16>;

    fn next(&mut self) -> Option<Vec<i16>> {
        if self.from_ms >= self.total_ms {
            return None;
        }
        let to = (self.from_ms + READ_MS).min(self.total_ms);
        match self.job.record.audio(&self.job.id, self.from_ms, to) {
            Ok(samples) => {
                self.from_ms = to;
                Some(samples)
            }
            Err(error) => {
                *self.failure = Some(error.into());
                None
            }
        }
    }
}
