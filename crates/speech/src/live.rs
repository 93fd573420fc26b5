use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use note::{Segment, Word};

use crate::crew::{Brakes, Crew, Done, Outcome, Task, ended};
use crate::glimpse::Glimpse;
use crate::voice::frames;
use crate::window::{Lengths, Pending, Window, ms};
use crate::{Model, Options, SpeechError};

/// A window while people speak. What stays is heard in long windows, on which the model errs least; the eyes are served by
/// glances at the last few seconds meanwhile.
const FOLLOWING: Lengths = Lengths { most: frames(16_000), least: frames(7_000) };
/// When behind, long windows cost the least.
const CATCHING_UP: Lengths = Lengths { most: frames(28_000), least: frames(14_000) };
/// A pause that ends a window of so much speech: the less there is, the longer more is waited for.
const PAUSES: [(usize, usize); 3] =
    [(frames(12_000), frames(600)), (frames(6_000), frames(1_200)), (0, frames(2_500))];
/// New audio between two glances.
const GLANCE: u64 = frames(900) as u64;
/// After such a pause one more glance, which hears the last words whole.
const RESTING: usize = frames(320);
/// What a glance looks at, at most: it costs the less.
pub(crate) const GLANCED_MS: u32 = 6_500;
/// Behind from here on, and until it is less than half of it.
const BEHIND_MS: u32 = 6_000;
/// Audio kept at most while it waits: half an hour, 58 MB.
const MOST_WAITING_MS: u32 = 30 * 60 * 1000;

/// What a live recognition tells.
#[derive(Debug, Clone, PartialEq)]
pub enum LiveEvent {
    /// Words that stay. They take the place of as much of the tentative text, which is told anew.
    Committed(Segment),
    /// All words that are not committed yet, from `start_ms` on; empty when there are none. Each replaces the one before.
    Tentative {
        /// What stays as it is until its passage is committed; it only grows until then.
        firm: String,
        /// What follows it and may still change.
        text: String,
        start_ms: u32,
    },
    /// So far behind speech; 0 when it has caught up.
    Behind { ms: u32 },
    /// A passage, or all that follows, was not recognised. What was committed stays.
    Failed(SpeechError),
    /// Always the last event after [`Live::finish`].
    Finished,
}

/// Recognition beside a recording, on threads of its own with lower priority than the rest.
///
/// Dropping it without [`Live::finish`] gives up what was not committed.
#[derive(Debug)]
pub struct Live {
    feed: Sender<Message>,
    /// Samples handed in.
    pushed: Arc<AtomicU64>,
    brakes: Arc<Brakes>,
    finishing: bool,
}

enum Message {
    Audio(Vec<i16>),
    Done(Done),
    Finish,
    Abandon,
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
        let (feed, messages) = channel();
        let (events, received) = channel();
        let report = feed.clone();
        // Two at most: one commits while the other looks at what is being said.
        let mut crew = Crew::new(&model, &options, 2, move |done| {
            // Nobody waits for it once the session was given up.
            let _ = report.send(Message::Done(done));
        });
        crew.hire()?;
        let brakes = Arc::clone(&crew.brakes);
        let pushed = Arc::new(AtomicU64::new(0));
        let session = Session {
            crew,
            messages,
            events,
            pushed: Arc::clone(&pushed),
            pending: Pending::new(),
            ready: VecDeque::new(),
            under_way: BTreeMap::new(),
            finished: BTreeMap::new(),
            glance: None,
            glanced: 0,
            glimpse: Glimpse::default(),
            shown: Default::default(),
            next_index: first_index,
            offset_ms,
            answered_ms: 0,
            behind_ms: 0,
        };
        let thread = std::thread::Builder::new().name("speech session".into());
        thread.spawn(move || session.run()).map_err(|e| SpeechError::Start { why: e.to_string() })?;
        Ok((Self { feed, pushed, brakes, finishing: false }, received))
    }

    /// Hands in the next 16 kHz mono samples. Never blocks, never fails: whatever happens to the recognition, the
    /// recording goes on.
    pub fn push(&self, samples: &[i16]) {
        self.pushed.fetch_add(samples.len() as u64, Ordering::Relaxed);
        // A session that ended has told why.
        let _ = self.feed.send(Message::Audio(samples.to_vec()));
    }

    /// No more samples will come. Returns at once; the remaining events follow, [`LiveEvent::Finished`] last.
    ///
    /// # Errors
    /// When the session had ended by itself before, which it told by [`LiveEvent::Failed`].
    pub fn finish(mut self) -> Result<(), SpeechError> {
        self.finishing = true;
        self.brakes.no_glances.store(true, Ordering::Relaxed);
        self.feed.send(Message::Finish).map_err(|_| ended())
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        if !self.finishing {
            self.brakes.stop.store(true, Ordering::Relaxed);
            // A session that ended needs no telling.
            let _ = self.feed.send(Message::Abandon);
        }
    }
}

/// A window that is cut but not committed, and the tentative words over it.
struct Cut {
    end_ms: u32,
    glimpse: Glimpse,
}

/// A glance under way.
struct Glance {
    number: usize,
    /// From where on, in the stream; the words before stay as they were.
    from_ms: u32,
    /// How far it sees, in frames.
    heard: u64,
    /// Nobody spoke any more at its end.
    is_resting: bool,
}

struct Session {
    crew: Crew,
    messages: Receiver<Message>,
    events: Sender<LiveEvent>,
    pushed: Arc<AtomicU64>,
    pending: Pending,
    /// Windows that wait for a free hand.
    ready: VecDeque<(Window, Cut)>,
    under_way: BTreeMap<usize, Cut>,
    /// Done out of order.
    finished: BTreeMap<usize, Result<Vec<crate::sentences::Utterance>, SpeechError>>,
    glance: Option<Glance>,
    /// Frames heard at the last glance.
    glanced: u64,
    /// Tentative words over what is pending.
    glimpse: Glimpse,
    /// What the screen shows as firm, and as tentative.
    shown: (String, String),
    next_index: u32,
    offset_ms: u32,
    /// Up to where text was shown or silence found.
    answered_ms: u32,
    /// As last told.
    behind_ms: u32,
}

/// Why the session ends before its audio does.
enum End {
    Abandoned,
    GaveUp(SpeechError),
}

impl From<SpeechError> for End {
    fn from(error: SpeechError) -> Self {
        Self::GaveUp(error)
    }
}

impl Session {
    fn run(mut self) {
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
        let mut finishing = false;
        loop {
            let mut message = self.messages.recv().map_err(|_| End::Abandoned)?;
            // Whatever waits is taken in before anything is decided.
            loop {
                match message {
                    Message::Audio(samples) => self.pending.push(&samples),
                    Message::Done(done) => self.done(done)?,
                    Message::Finish => finishing = true,
                    Message::Abandon => return Err(End::Abandoned),
                }
                match self.messages.try_recv() {
                    Ok(next) => message = next,
                    Err(_) => break,
                }
            }
            if finishing {
                self.cut_the_rest();
            } else {
                self.watch()?;
                self.cut();
            }
            self.give(finishing)?;
            if finishing && self.ready.is_empty() && self.crew.busy() == 0 {
                self.show();
                return Ok(());
            }
        }
    }

    /// Cuts windows off what is pending where an utterance ends or a window is full.
    fn cut(&mut self) {
        let state = self.pending.state();
        if !state.speech {
            self.pending.drop_silence();
            self.glimpse.clear();
            if self.ready.is_empty() && self.under_way.is_empty() {
                self.answered_ms = ms(self.pending.heard());
            }
            return;
        }
        // What no hand is free for stays pending, where it may become part of a longer window.
        while self.ready.len() < self.hands() {
            let state = self.pending.state();
            let many = state.length > CATCHING_UP.most;
            let pause =
                PAUSES.iter().find(|(length, _)| state.length >= *length).map_or(0, |(_, pause)| *pause);
            let window = match self.pending.take_full(if many { CATCHING_UP } else { FOLLOWING }) {
                None if state.speech && state.silence >= pause => self.pending.take_all(),
                full => full,
            };
            let Some(window) = window else { break };
            self.ready(window);
        }
    }

    /// At the end all hands work at once: what is left is shared out among them.
    fn cut_the_rest(&mut self) {
        self.pending.end();
        let length = self.pending.state().length;
        let share = (length / self.crew.size + frames(1_000)).clamp(FOLLOWING.least, CATCHING_UP.most);
        let lengths = Lengths { most: share, least: share / 3 };
        while let Some(window) = self.pending.take_full(lengths) {
            self.ready(window);
        }
        if let Some(window) = self.pending.take_all() {
            self.ready(window);
        }
    }

    fn ready(&mut self, window: Window) {
        let end_ms = window.end_ms();
        let mut glimpse = self.glimpse.split(end_ms);
        // No glance looks there again.
        glimpse.settle();
        self.ready.push_back((window, Cut { end_ms, glimpse }));
    }

    /// Keeps the crew at work: what is to stay first, the words of the moment when a hand is free.
    fn give(&mut self, finishing: bool) -> Result<(), End> {
        while (finishing || self.hands() > 0)
            && self.crew.free() > 0
            && let Some((window, cut)) = self.ready.pop_front()
        {
            let number = self.crew.give(Task::Careful(vec![window]))?;
            self.under_way.insert(number, cut);
        }
        let heard = self.pending.heard();
        let state = self.pending.state();
        let spoken = heard.saturating_sub(state.silence as u64);
        // Every so often while somebody speaks, and once more when nobody does.
        let due = heard >= self.glanced + GLANCE || state.silence >= RESTING;
        if !finishing
            && due
            && spoken > self.glanced
            && self.glance.is_none()
            && self.crew.free() > 0
            && !self.is_late()
            && state.speech
            && let Some(window) = self.pending.peek().map(|window| window.last(GLANCED_MS))
        {
            let from_ms = window.source_ms(0);
            let number = self.crew.give(Task::Glance(window))?;
            let is_resting = state.silence >= RESTING;
            self.glance = Some(Glance { number, from_ms, heard, is_resting });
            self.glanced = heard;
        }
        Ok(())
    }

    /// How many hands are free for what is to stay: one is kept for glances, unless there is only one or it is late.
    fn hands(&self) -> usize {
        let kept = usize::from(self.crew.size > 1 && !self.is_late());
        (self.crew.size - kept).saturating_sub(self.under_way.len()).min(self.crew.free())
    }

    /// More waits than a window holds: words of the moment are done without until it does not.
    fn is_late(&self) -> bool {
        self.pending.state().length > CATCHING_UP.most
    }

    fn done(&mut self, done: Done) -> Result<(), End> {
        self.crew.returned();
        match done.outcome {
            Ok(Outcome::Glance(words)) => {
                let Some(glance) = self.glance.take() else { return Ok(()) };
                // Words that are not to be believed take nothing away.
                if let Some(words) = words {
                    self.glimpsed(&glance, words);
                }
                self.answered_ms = self.answered_ms.max(ms(glance.heard));
                self.show();
            }
            // A glance that failed is not missed: the careful pass over the same audio tells.
            Err(_) if self.glance.as_ref().is_some_and(|glance| glance.number == done.number) => {
                self.glance = None;
            }
            Ok(Outcome::Utterances(utterances)) => {
                self.finished.insert(done.number, Ok(utterances.into_iter().flatten().collect()));
            }
            Err(error) => {
                self.finished.insert(done.number, Err(error));
            }
        }
        self.commit();
        Ok(())
    }

    fn glimpsed(&mut self, glance: &Glance, mut words: Vec<Word>) {
        // What was cut off meanwhile keeps the words it had.
        let cut_ms = self.under_way.values().map(|cut| cut.end_ms);
        let cut_ms = cut_ms.chain(self.ready.iter().map(|(_, cut)| cut.end_ms)).max().unwrap_or(0);
        words.retain(|word| word.start_ms >= cut_ms);
        self.glimpse.see(glance.from_ms, ms(glance.heard), words);
        if glance.is_resting {
            self.glimpse.settle();
        }
    }

    /// Tells what is done, in the order it was said.
    fn commit(&mut self) {
        while let Some(entry) = self.under_way.first_entry()
            && let Some(result) = self.finished.remove(entry.key())
        {
            let cut = entry.remove();
            self.answered_ms = self.answered_ms.max(cut.end_ms);
            match result {
                Ok(utterances) => {
                    for utterance in utterances {
                        let mut segment = utterance.into_segment(self.next_index);
                        self.next_index += 1;
                        self.place(&mut segment);
                        self.tell(LiveEvent::Committed(segment));
                    }
                }
                Err(error) => self.tell(LiveEvent::Failed(error)),
            }
            self.show();
        }
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

    /// Tells all words that are not committed, when they changed.
    fn show(&mut self) {
        let waiting = self.under_way.values().chain(self.ready.iter().map(|(_, cut)| cut));
        let glimpses: Vec<&Glimpse> =
            waiting.map(|cut| &cut.glimpse).chain(std::iter::once(&self.glimpse)).collect();
        // Behind the first word that may change, nothing is firm.
        let open = glimpses.iter().position(|glimpse| glimpse.loose().next().is_some());
        let (closed, open) = glimpses.split_at(open.map_or(glimpses.len(), |at| at + 1));
        let firm: Vec<&Word> = closed.iter().flat_map(|glimpse| glimpse.firm()).collect();
        let loose = closed.iter().flat_map(|glimpse| glimpse.loose());
        let after = open.iter().flat_map(|glimpse| glimpse.firm().chain(glimpse.loose()));
        let loose: Vec<&Word> = loose.chain(after).collect();
        let shown = (joined(&firm), joined(&loose));
        if shown != self.shown {
            let first = firm.first().or(loose.first());
            let start_ms = first.map_or(self.answered_ms, |word| word.start_ms) + self.offset_ms;
            self.shown.clone_from(&shown);
            self.tell(LiveEvent::Tentative { firm: shown.0, text: shown.1, start_ms });
        }
    }

    /// Tells when the recognition falls behind and when it has caught up; gives up when it is hopeless.
    fn watch(&mut self) -> Result<(), End> {
        let pushed = u32::try_from(self.pushed.load(Ordering::Relaxed) / 16).unwrap_or(u32::MAX);
        let behind = pushed.saturating_sub(self.answered_ms);
        if behind > MOST_WAITING_MS {
            return Err(End::GaveUp(SpeechError::TooFarBehind { ms: behind }));
        }
        let told =
            if behind > BEHIND_MS || (self.behind_ms > 0 && behind > BEHIND_MS / 2) { behind } else { 0 };
        if (told == 0) != (self.behind_ms == 0) || told.abs_diff(self.behind_ms) > 2_000 {
            self.behind_ms = told;
            self.tell(LiveEvent::Behind { ms: told });
        }
        Ok(())
    }
}

fn joined(words: &[&Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}
