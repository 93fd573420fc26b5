use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use note::Segment;
use thread_priority::{ThreadPriority, set_current_thread_priority};

use crate::recognise::{CAREFUL, Recogniser};
use crate::voice::frames;
use crate::window::{Lengths, Pending, Window, ms};
use crate::{Model, Options, SpeechError};

/// A window while people speak: short enough to follow them.
const FOLLOWING: Lengths = Lengths { most: frames(11_000), least: frames(4_000) };
/// When behind, long windows cost the least.
const CATCHING_UP: Lengths = Lengths { most: frames(28_000), least: frames(14_000) };
/// A pause that ends an utterance; after a few words alone it is waited a little longer for more.
const PAUSE: usize = frames(600);
const PAUSE_AFTER_LITTLE: usize = frames(1_200);
const LITTLE: usize = frames(2_500);
/// New audio between two glances.
const GLANCE_MS: u32 = 1_500;
/// Behind from here on, and until it is less than half of it.
const BEHIND_MS: u32 = 6_000;
/// Audio kept at most while it waits: half an hour, 58 MB.
const MOST_WAITING: u64 = 30 * 60 * 16_000;

/// What a live recognition tells.
#[derive(Debug, Clone, PartialEq)]
pub enum LiveEvent {
    /// Words that stay. They replace the tentative text.
    Committed(Segment),
    /// The words of the moment, from `start_ms` on; empty when nothing is said. Each replaces the one before.
    Tentative { text: String, start_ms: u32 },
    /// So far behind speech; 0 when it has caught up.
    Behind { ms: u32 },
    /// A passage, or all that follows, was not recognised. What was committed stays.
    Failed(SpeechError),
    /// Always the last event after [`Live::finish`].
    Finished,
}

/// Recognition beside a recording, on a thread of its own with lower priority than the rest.
///
/// Dropping it without [`Live::finish`] gives up what was not committed.
#[derive(Debug)]
pub struct Live {
    feed: Option<Sender<Vec<i16>>>,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// Samples handed in.
    pushed: AtomicU64,
    /// Samples the worker has taken over.
    taken: AtomicU64,
    finishing: AtomicBool,
    abandoned: AtomicBool,
    /// A glance is under way: it may be broken off at any time.
    glancing: AtomicBool,
    /// Breaks off the pass under way.
    stop: Arc<AtomicBool>,
}

impl Live {
    /// Starts to listen. Segments are numbered from `first_index`; times count from `offset_ms`.
    ///
    /// # Errors
    /// When the model does not know the language or the native library has no memory left.
    pub fn start(
        model: Arc<Model>,
        options: Options,
        first_index: u32,
        offset_ms: u32,
    ) -> Result<(Self, Receiver<LiveEvent>), SpeechError> {
        let recogniser = Recogniser::start(&model, &options)?;
        let (feed, audio) = channel();
        let (events, received) = channel();
        let shared = Arc::new(Shared {
            pushed: AtomicU64::new(0),
            taken: AtomicU64::new(0),
            finishing: AtomicBool::new(false),
            abandoned: AtomicBool::new(false),
            glancing: AtomicBool::new(false),
            stop: recogniser.stop_flag(),
        });
        let worker = Worker {
            recogniser,
            audio,
            events,
            shared: Arc::clone(&shared),
            pending: Pending::new(),
            next_index: first_index,
            offset_ms,
            glanced: 0,
            glance_cost_ms: 0,
            answered: 0,
            behind: false,
            shown: false,
        };
        let thread = std::thread::Builder::new().name("speech".into());
        thread.spawn(move || worker.run()).map_err(|e| SpeechError::Start { why: e.to_string() })?;
        Ok((Self { feed: Some(feed), shared }, received))
    }

    /// Hands in the next 16 kHz mono samples. Never blocks, never fails: whatever happens to the recognition, the
    /// recording goes on.
    pub fn push(&self, samples: &[i16]) {
        let waiting = self.shared.pushed.load(Ordering::Relaxed) - self.shared.taken.load(Ordering::Relaxed);
        // The worker counts what it was not given as lost, and gives up; see `Worker::take`.
        let accepted = waiting < MOST_WAITING;
        self.shared.pushed.fetch_add(samples.len() as u64, Ordering::Relaxed);
        if let Some(feed) = self.feed.as_ref().filter(|_| accepted) {
            // A worker that ended has told why.
            let _ = feed.send(samples.to_vec());
        }
    }

    /// No more samples will come. Returns at once; the remaining events follow, [`LiveEvent::Finished`] last.
    ///
    /// # Errors
    /// None today; a worker that cannot go on says so by [`LiveEvent::Failed`].
    pub fn finish(mut self) -> Result<(), SpeechError> {
        self.shared.finishing.store(true, Ordering::SeqCst);
        if self.shared.glancing.load(Ordering::SeqCst) {
            self.shared.stop.store(true, Ordering::SeqCst);
        }
        self.feed.take();
        Ok(())
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        if !self.shared.finishing.load(Ordering::SeqCst) {
            self.shared.abandoned.store(true, Ordering::SeqCst);
            self.shared.stop.store(true, Ordering::SeqCst);
        }
    }
}

struct Worker {
    recogniser: Recogniser,
    audio: Receiver<Vec<i16>>,
    events: Sender<LiveEvent>,
    shared: Arc<Shared>,
    pending: Pending,
    next_index: u32,
    offset_ms: u32,
    /// Frames heard at the last glance, and what it cost.
    glanced: u64,
    glance_cost_ms: u32,
    /// Frames up to which text was shown or silence found.
    answered: u64,
    behind: bool,
    /// Tentative text stands on the screen.
    shown: bool,
}

/// Why the worker ends before the audio does.
enum End {
    Abandoned,
    GaveUp(SpeechError),
}

impl Worker {
    fn run(mut self) {
        // A quarter of the way up is nice 5 on Linux. Where it is refused, all run alike, which is no fault.
        if let Ok(low) = 37_u8.try_into() {
            let _ = set_current_thread_priority(ThreadPriority::Crossplatform(low));
        }
        match self.listen() {
            Err(End::Abandoned) => return,
            Err(End::GaveUp(error)) => self.tell(LiveEvent::Failed(error)),
            Ok(()) => {}
        }
        self.tell(LiveEvent::Finished);
    }

    fn tell(&self, event: LiveEvent) {
        // Nobody listens any more: the work goes on to its end all the same.
        let _ = self.events.send(event);
    }

    fn listen(&mut self) -> Result<(), End> {
        while self.take()? {
            self.step()?;
        }
        self.pending.end();
        while let Some(window) = self.pending.take_full(CATCHING_UP) {
            self.commit(&window)?;
        }
        if let Some(window) = self.pending.take_all() {
            self.commit(&window)?;
        }
        self.clear();
        Ok(())
    }

    /// Takes over whatever waits; false when no more will come.
    fn take(&mut self) -> Result<bool, End> {
        let mut more = true;
        let mut blocks = VecDeque::new();
        match self.audio.recv_timeout(Duration::from_millis(100)) {
            Ok(block) => blocks.push_back(block),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => more = false,
        }
        blocks.extend(self.audio.try_iter());
        for block in blocks {
            self.shared.taken.fetch_add(block.len() as u64, Ordering::Relaxed);
            self.pending.push(&block);
        }
        if self.shared.abandoned.load(Ordering::SeqCst) {
            return Err(End::Abandoned);
        }
        let waiting = self.waiting();
        if waiting >= MOST_WAITING {
            let ms = u32::try_from(waiting / 16).unwrap_or(u32::MAX);
            return Err(End::GaveUp(SpeechError::TooFarBehind { ms }));
        }
        Ok(more)
    }

    fn waiting(&self) -> u64 {
        self.shared.pushed.load(Ordering::Relaxed).saturating_sub(self.shared.taken.load(Ordering::Relaxed))
    }

    fn step(&mut self) -> Result<(), End> {
        let state = self.pending.state();
        if !state.speech {
            self.pending.drop_silence();
            self.answered = self.pending.heard();
            self.clear();
        }
        let behind_ms = self.behind_ms();
        if behind_ms > BEHIND_MS || (self.behind && behind_ms > BEHIND_MS / 2) {
            self.behind = true;
            self.tell(LiveEvent::Behind { ms: behind_ms });
        } else if self.behind {
            self.behind = false;
            self.tell(LiveEvent::Behind { ms: 0 });
        }
        let lengths = if self.behind { CATCHING_UP } else { FOLLOWING };
        let pause = if state.length < LITTLE { PAUSE_AFTER_LITTLE } else { PAUSE };
        if let Some(window) = self.pending.take_full(lengths) {
            self.commit(&window)
        } else if state.speech && state.silence >= pause {
            let window = self.pending.take_all();
            window.map_or(Ok(()), |window| self.commit(&window))
        } else if state.speech && !self.behind {
            self.glance()
        } else {
            Ok(())
        }
    }

    /// From the newest sample handed in back to the last one that text, or silence, was given for.
    fn behind_ms(&self) -> u32 {
        let pushed = self.shared.pushed.load(Ordering::Relaxed) / 16;
        u32::try_from(pushed).unwrap_or(u32::MAX).saturating_sub(ms(self.answered))
    }

    fn commit(&mut self, window: &Window) -> Result<(), End> {
        let mut result = self.recogniser.recognise(window, CAREFUL);
        if result == Err(SpeechError::Cancelled) {
            if self.shared.abandoned.load(Ordering::SeqCst) {
                return Err(End::Abandoned);
            }
            // Meant for a glance that had just ended.
            self.shared.stop.store(false, Ordering::SeqCst);
            result = self.recogniser.recognise(window, CAREFUL);
        }
        self.answered = self.answered.max(u64::from(window.end_ms() / crate::voice::FRAME_MS));
        match result {
            Ok(utterances) => {
                for utterance in utterances {
                    let mut segment = utterance.into_segment(self.next_index);
                    self.next_index += 1;
                    self.place(&mut segment);
                    self.tell(LiveEvent::Committed(segment));
                    self.shown = false;
                }
            }
            Err(error) => self.tell(LiveEvent::Failed(error)),
        }
        self.clear();
        Ok(())
    }

    /// From times in this stream to times in the recording.
    fn place(&self, segment: &mut Segment) {
        segment.start_ms += self.offset_ms;
        segment.end_ms += self.offset_ms;
        for word in &mut segment.words {
            word.start_ms += self.offset_ms;
            word.end_ms += self.offset_ms;
        }
    }

    /// The words of the moment, when enough is new and the processor is not busy with it all the time.
    fn glance(&mut self) -> Result<(), End> {
        let due = GLANCE_MS.max(self.glance_cost_ms.saturating_mul(2));
        if ms(self.pending.heard() - self.glanced.min(self.pending.heard())) < due {
            return Ok(());
        }
        let Some(window) = self.pending.peek() else { return Ok(()) };
        let (begun, heard) = (Instant::now(), self.pending.heard());
        self.shared.glancing.store(true, Ordering::SeqCst);
        let result = if self.shared.finishing.load(Ordering::SeqCst) {
            Err(SpeechError::Cancelled)
        } else {
            self.recogniser.glance(&window)
        };
        self.shared.glancing.store(false, Ordering::SeqCst);
        if self.shared.abandoned.load(Ordering::SeqCst) {
            return Err(End::Abandoned);
        }
        self.shared.stop.store(false, Ordering::SeqCst);
        self.glanced = heard;
        self.glance_cost_ms = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
        // A glance that failed is not missed: the careful pass over the same audio tells.
        if let Ok(text) = result
            && !text.is_empty()
        {
            let start_ms = self.pending.speech_from_ms().unwrap_or(0) + self.offset_ms;
            self.answered = self.answered.max(heard);
            self.shown = true;
            self.tell(LiveEvent::Tentative { text, start_ms });
        }
        Ok(())
    }

    /// Takes the tentative text off the screen.
    fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            let start_ms = ms(self.answered) + self.offset_ms;
            self.tell(LiveEvent::Tentative { text: String::new(), start_ms });
        }
    }
}
