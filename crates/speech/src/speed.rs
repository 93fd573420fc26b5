//! How fast a model is on this machine, measured on the work that a recording asks for.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::crew::{Crew, Done, Task, ended};
use crate::live::GLANCED_MS;
use crate::window::Pending;
use crate::{Model, Options, SpeechError};

/// What stays of a recording must be computed in this share of the time it takes to say: the rest is for everything else
/// that the machine does.
const SUSTAINED: f64 = 0.7;
/// A glance that takes longer shows words when they are long past.
const PROMPT_MS: u32 = 1_500;
/// How often whoever waits is asked whether to go on.
const ASK: Duration = Duration::from_millis(100);
/// Glances at least, of which the middle one counts.
const GLANCES: usize = 3;

/// Two threads that have two cores to themselves get nearly twice the time that passes; with less than this share of it, the
/// machine was busy with something else.
const UNDISTURBED: f64 = 0.75;

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Speed {
    /// Time to compute what stays in the transcript, by the time it took to say: 0.1 is a tenth.
    pub real_time_factor: f64,
    /// How long it takes to show the words of the moment.
    pub glance_ms: u32,
    /// Whether the transcript of a recording can be made while people speak.
    pub keeps_up: bool,
    /// Other programs used the processor meanwhile: the model is faster than this.
    #[serde(default)]
    pub disturbed: bool,
}

impl Speed {
    fn of(
        audio_ms: u32,
        careful: Duration,
        mut glances: Vec<Duration>,
        together: bool,
        disturbed: bool,
    ) -> Self {
        glances.sort_unstable();
        let glance = glances.get(glances.len() / 2).copied().unwrap_or_default();
        let real_time_factor = careful.as_secs_f64() / (f64::from(audio_ms.max(1)) / 1000.0);
        let glance_ms = u32::try_from(glance.as_millis()).unwrap_or(u32::MAX);
        // A single thread does both in turn: half of its time is left for what stays.
        let most = if together { SUSTAINED } else { SUSTAINED / 2.0 };
        let keeps_up = real_time_factor <= most && glance_ms <= PROMPT_MS;
        Self { real_time_factor, glance_ms, keeps_up, disturbed }
    }
}

/// Processor time of this program so far, over all its threads; none where the system does not tell.
fn processor_time() -> Option<Duration> {
    #[cfg(unix)]
    {
        let spent = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        let seconds = u64::try_from(spent.tv_sec).ok()?;
        Some(Duration::new(seconds, u32::try_from(spent.tv_nsec).ok()?))
    }
    #[cfg(not(unix))]
    None
}

/// Whether `threads` busy threads got less of the processor than they could use.
fn disturbed(spent: Option<Duration>, passed: Duration, threads: u32) -> bool {
    spent.is_some_and(|spent| spent.as_secs_f64() < passed.as_secs_f64() * f64::from(threads) * UNDISTURBED)
}

/// Has a model do what it does beside a recording: one thread puts `samples` (16 kHz mono, up to 16 s, with speech) into the
/// words that stay, while another glances at the last seconds again and again. `on` is called ten times a second with the
/// share that is done, roughly; [`ControlFlow::Break`] ends it within a fraction of a second.
///
/// # Errors
/// [`SpeechError::Cancelled`] after a break, [`SpeechError::EnglishOnly`] when the model does not know the language, and
/// [`SpeechError::Decode`] when nobody speaks in `samples`.
pub fn measure(
    model: &Arc<Model>,
    options: &Options,
    samples: &[i16],
    on: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<Speed, SpeechError> {
    let mut pending = Pending::new();
    pending.push(samples);
    pending.end();
    let window = pending.take_all().ok_or_else(|| SpeechError::Decode { why: "nobody speaks".into() })?;
    let audio_ms = window.ms();
    let last = window.clone().last(GLANCED_MS);

    let (report, done) = channel();
    let crew = Crew::new(model, options, 2, move |done| {
        // Nobody waits for it once the measuring was broken off.
        let _ = report.send((Instant::now(), done));
    });
    let together = crew.size > 1;
    let mut work = Work { crew, done, on, begun: Instant::now(), expected: None };
    // The first pass of all finds nothing in the caches, as no later one does.
    let first = work.alone(Task::Glance(last.clone()))?;
    // Three passes cost about as much as four glances; the rest is guessed again as soon as something is known.
    work.expected = Some(first * 8);
    if !together {
        let mut glances = Vec::with_capacity(GLANCES);
        for _ in 0..GLANCES {
            glances.push(work.alone(Task::Glance(last.clone()))?);
        }
        let before = processor_time();
        let careful = work.alone(Task::Careful(vec![window]))?;
        let busy = disturbed(since(before), careful, 1);
        return Ok(Speed::of(audio_ms, careful, glances, together, busy));
    }
    let before = processor_time();
    let begun = Instant::now();
    let number = work.crew.give(Task::Careful(vec![window]))?;
    let mut careful = None;
    let mut glances = Vec::new();
    let mut glancing = work.glance(&last)?;
    while careful.is_none() || glances.len() < GLANCES {
        let (at, done) = work.next()?;
        done.outcome?;
        if done.number == number {
            careful = Some(at.duration_since(begun));
        } else {
            glances.push(at.duration_since(glancing));
            glancing = work.glance(&last)?;
        }
    }
    let busy = disturbed(since(before), begun.elapsed(), 2);
    Ok(Speed::of(audio_ms, careful.unwrap_or_default(), glances, together, busy))
}

fn since(before: Option<Duration>) -> Option<Duration> {
    processor_time()?.checked_sub(before?)
}

struct Work<'a> {
    crew: Crew,
    done: Receiver<(Instant, Done)>,
    on: &'a mut dyn FnMut(f32) -> ControlFlow<()>,
    begun: Instant,
    expected: Option<Duration>,
}

impl Work<'_> {
    fn glance(&mut self, window: &crate::window::Window) -> Result<Instant, SpeechError> {
        let begun = Instant::now();
        self.crew.give(Task::Glance(window.clone()))?;
        Ok(begun)
    }

    /// How long a task takes with nothing else under way.
    fn alone(&mut self, task: Task) -> Result<Duration, SpeechError> {
        let begun = Instant::now();
        self.crew.give(task)?;
        let (at, done) = self.next()?;
        done.outcome?;
        Ok(at.duration_since(begun))
    }

    /// Waits for a report. Dropping the crew ends whatever is still under way.
    fn next(&mut self) -> Result<(Instant, Done), SpeechError> {
        loop {
            let share = self.expected.map_or(0.0, |expected| {
                self.begun.elapsed().as_secs_f32() / expected.as_secs_f32().max(0.001)
            });
            if (self.on)(share.min(0.95)).is_break() {
                self.crew.brakes.stop.store(true, Ordering::Relaxed);
                return Err(SpeechError::Cancelled);
            }
            match self.done.recv_timeout(ASK) {
                Ok((at, done)) => {
                    self.crew.returned();
                    return Ok((at, done));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(ended()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speed(careful_ms: u64, glances: &[u64], together: bool) -> Speed {
        let glances = glances.iter().map(|ms| Duration::from_millis(*ms)).collect();
        Speed::of(16_000, Duration::from_millis(careful_ms), glances, together, false)
    }

    #[test]
    fn a_model_keeps_up_when_what_stays_and_what_is_shown_both_come_in_time() {
        let fast = speed(3_200, &[900, 400, 450], true);
        assert_eq!(fast, Speed { real_time_factor: 0.2, glance_ms: 450, keeps_up: true, disturbed: false });
        assert!(!speed(12_000, &[400], true).keeps_up);
        assert!(!speed(3_200, &[2_000], true).keeps_up);
    }

    #[test]
    fn a_measure_is_disturbed_when_its_threads_did_not_get_the_processor() {
        let passed = Duration::from_secs(10);
        assert!(!disturbed(Some(Duration::from_secs(19)), passed, 2));
        assert!(disturbed(Some(Duration::from_secs(12)), passed, 2));
        assert!(!disturbed(Some(Duration::from_secs(9)), passed, 1));
        assert!(!disturbed(None, passed, 2), "a system that does not tell accuses nobody");
    }

    #[cfg(unix)]
    #[test]
    fn work_costs_processor_time_and_waiting_does_not() {
        let before = processor_time();
        std::thread::sleep(Duration::from_millis(2));
        let begun = Instant::now();
        let mut sum = 0_u64;
        while begun.elapsed() < Duration::from_millis(20) {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        assert!(since(before).is_some_and(|spent| spent > Duration::ZERO));
    }

    #[test]
    fn a_single_thread_has_half_the_time() {
        assert!(speed(8_000, &[400], true).keeps_up);
        assert!(!speed(8_000, &[400], false).keeps_up);
    }
}
