//! Threads that each decode windows of their own.
//!
//! Threads that share one window wait for one another several thousand times a second; as soon as anything else runs on the
//! machine, that costs many times the work itself. So each pass has one thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use note::Word;
use thread_priority::{ThreadPriority, set_current_thread_priority};

use crate::recognise::Recogniser;
use crate::sentences::Utterance;
use crate::window::Window;
use crate::{Model, Options, SpeechError};

pub(crate) enum Task {
    /// The best that can be done, for windows side by side.
    Careful(Vec<Window>),
    /// The words of the moment.
    Glance(Window),
}

#[derive(Debug)]
pub(crate) enum Outcome {
    /// Of each window.
    Utterances(Vec<Vec<Utterance>>),
    /// Nothing when the words are not to be believed.
    Glance(Option<Vec<Word>>),
}

#[derive(Debug)]
pub(crate) struct Done {
    /// Tasks are numbered from 0 as they are given.
    pub number: usize,
    pub outcome: Result<Outcome, SpeechError>,
}

/// Ends passes under way.
#[derive(Debug, Default)]
pub(crate) struct Brakes {
    /// All of them.
    pub stop: AtomicBool,
    /// Only glances.
    pub no_glances: AtomicBool,
}

pub(crate) struct Crew {
    model: Arc<Model>,
    options: Options,
    pub size: usize,
    started: usize,
    given: usize,
    /// Given and not yet reported as [`Crew::returned`].
    busy: usize,
    jobs: Sender<(usize, Task)>,
    waiting: Arc<Mutex<Receiver<(usize, Task)>>>,
    report: Arc<dyn Fn(Done) + Send + Sync>,
    pub brakes: Arc<Brakes>,
}

impl Crew {
    /// `report` is called from the crew's threads.
    pub fn new(
        model: &Arc<Model>,
        options: &Options,
        size: usize,
        report: impl Fn(Done) + Send + Sync + 'static,
    ) -> Self {
        let (jobs, waiting) = channel();
        let size = size.clamp(1, options.threads.max(1));
        Self {
            model: Arc::clone(model),
            options: options.clone(),
            size,
            started: 0,
            given: 0,
            busy: 0,
            jobs,
            waiting: Arc::new(Mutex::new(waiting)),
            report: Arc::new(report),
            brakes: Arc::default(),
        }
    }

    /// How many tasks would be begun at once.
    pub fn free(&self) -> usize {
        self.size.saturating_sub(self.busy)
    }

    pub fn busy(&self) -> usize {
        self.busy
    }

    /// To be called once for each report.
    pub fn returned(&mut self) {
        self.busy = self.busy.saturating_sub(1);
    }

    /// Gives a task its number. A thread is started when all others are at work.
    pub fn give(&mut self, task: Task) -> Result<usize, SpeechError> {
        if self.started <= self.busy && self.started < self.size {
            self.hire()?;
        }
        let number = self.given;
        self.jobs.send((number, task)).map_err(|_| ended())?;
        self.given += 1;
        self.busy += 1;
        Ok(number)
    }

    /// Starts a thread before there is work for it, to find out at once whether it can.
    pub fn hire(&mut self) -> Result<(), SpeechError> {
        let recogniser = Recogniser::start(&self.model, &self.options, Arc::clone(&self.brakes))?;
        let (waiting, report) = (Arc::clone(&self.waiting), Arc::clone(&self.report));
        let work = move || {
            yield_to_others();
            loop {
                let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok((number, task)) = job else { break };
                // Whoever waits for the report must get one, whatever happens.
                let outcome = catch_unwind(AssertUnwindSafe(|| match task {
                    Task::Careful(windows) => recogniser.recognise(&windows).map(Outcome::Utterances),
                    Task::Glance(window) => recogniser.glance(&window).map(Outcome::Glance),
                }));
                report(Done { number, outcome: outcome.unwrap_or_else(|_| Err(ended())) });
            }
        };
        let thread = std::thread::Builder::new().name("speech".into());
        thread.spawn(work).map_err(|e| SpeechError::Start { why: e.to_string() })?;
        self.started += 1;
        Ok(())
    }
}

impl Drop for Crew {
    /// Whatever is still under way is wanted no more.
    fn drop(&mut self) {
        self.brakes.stop.store(true, Ordering::Relaxed);
    }
}

pub(crate) fn ended() -> SpeechError {
    SpeechError::Decode { why: "the recogniser broke down".into() }
}

/// Recording, writing and the window come first: nice 2 on Linux, which the native library's own threads inherit. Where
/// it is refused, all run alike, which is no fault.
fn yield_to_others() {
    if let Ok(low) = 44_u8.try_into() {
        let _ = set_current_thread_priority(ThreadPriority::Crossplatform(low));
    }
}
