//! One transcription by Calame, timed, for `cargo xtask bench speech`: from a file, or as if it were spoken now.
//!
//! `measure MODEL AUDIO.wav fr|en THREADS [--live] [--prompt] [--vocabulary FILE] [--print] [--events] [--hour SPEED]`
//!
//! `--hour` repeats AUDIO, with ten seconds of silence in between, for sixty minutes of a live session, SPEED times as fast as
//! it is said, and prints the memory in use at each fifth minute.
//!
//! AUDIO is 16 kHz mono. The last line printed is JSON: text, wall_s, cpu_s, peak_bytes, and for a live session the lags of
//! committed words behind speech. Loading the model is not timed: it is paid once a day.
#![allow(clippy::print_stdout, clippy::cast_precision_loss)]

use std::error::Error;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use note::{Language, Segment};
use speech::{Live, LiveEvent, Model, Options, transcribe};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str| arguments.iter().any(|a| a == name);
    let [model, audio, language, threads, ..] = &arguments[..] else {
        return Err("usage: measure MODEL AUDIO.wav fr|en THREADS [--live] [--prompt] [--vocabulary FILE] [--print] [--events] [--hour SPEED]".into());
    };
    let samples = hound::WavReader::open(audio)?.into_samples::<i16>().collect::<Result<Vec<_>, _>>()?;
    let model = Model::open(Path::new(model))?;
    let mut options = Options { threads: threads.parse()?, ..Options::new(language.parse::<Language>()?) };
    if let Some(at) = arguments.iter().position(|a| a == "--vocabulary") {
        let file = arguments.get(at + 1).ok_or("--vocabulary asks for a file, a word on each line")?;
        options.vocabulary = std::fs::read_to_string(file)?.lines().map(str::to_owned).collect();
    }
    if let Some(at) = arguments.iter().position(|a| a == "--hour") {
        let speed = arguments.get(at + 1).ok_or("--hour asks for a speed")?.parse()?;
        return hour(&model, options, &samples, speed);
    }
    if flag("--prompt") {
        options = options.with_style_prompt();
    }
    let (begun, used) = (Instant::now(), processor_seconds()?);
    let (segments, lags) = if flag("--live") {
        live(&model, options, &samples)?
    } else {
        (file(&model, &options, &samples)?, None)
    };
    let (wall, used) = (begun.elapsed().as_secs_f64(), processor_seconds()? - used);
    if flag("--print") {
        for s in &segments {
            println!("{:>7} {:>7} {}{}", s.start_ms, s.end_ms, if s.suspect { "? " } else { "" }, s.text);
        }
    }
    let text = segments.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(" ");
    let mut result = serde_json::json!({
        "text": text, "wall_s": wall, "cpu_s": used, "peak_bytes": status("VmHWM:")? * 1024,
    });
    if let Some(lags) = lags {
        result["live"] = serde_json::json!({
            "shown_median_ms": percentile(&lags.shown, 50),
            "shown_p95_ms": percentile(&lags.shown, 95),
            "firm_median_ms": percentile(&lags.firm, 50),
            "firm_p95_ms": percentile(&lags.firm, 95),
            "firm_text": lags.firm_text,
            "committed_median_ms": percentile(&lags.committed, 50),
            "committed_p95_ms": percentile(&lags.committed, 95),
            "stop_to_end_ms": lags.stop_to_end,
            "behind_ms": lags.behind,
            "resident_bytes": lags.resident,
        });
    }
    println!("{result}");
    Ok(())
}

fn file(model: &Arc<Model>, options: &Options, samples: &[i16]) -> Outcome<Vec<Segment>> {
    let total_ms = u32::try_from(samples.len() / 16)?;
    let mut blocks = samples.chunks(16_000).map(<[i16]>::to_vec);
    let transcript =
        transcribe(model, options, &mut blocks, Some(total_ms), &mut |_| ControlFlow::Continue(()))?;
    Ok(transcript.segments)
}

struct Lags {
    /// From the end of each word to its first showing, tentative or not, ascending.
    shown: Vec<u32>,
    /// From the end of each word to the moment from which it stands until the careful pass, ascending; words that the careful
    /// pass alone heard count from there.
    firm: Vec<u32>,
    /// What stood before the careful pass.
    firm_text: String,
    /// From the end of each word to its commitment, ascending.
    committed: Vec<u32>,
    stop_to_end: u32,
    /// As far as it ever said to be behind.
    behind: u32,
    /// Memory every tenth of the time.
    resident: Vec<u64>,
}

fn percentile(sorted: &[u32], p: usize) -> u32 {
    sorted.get(sorted.len() * p / 100).copied().unwrap_or(0)
}

/// What a live session told, and when.
#[derive(Default)]
struct Told {
    segments: Vec<Segment>,
    /// When each committed word was.
    committed: Vec<u32>,
    /// When so many words were on the screen for the first time.
    shown: Vec<u32>,
    /// Words in the order they became firm, with the moment.
    firm: Vec<(String, u32)>,
    /// How many of those a careful pass has taken the place of.
    replaced: usize,
    behind: u32,
    finished: u32,
}

impl Told {
    fn tell(&mut self, event: LiveEvent, now: u32) {
        match event {
            LiveEvent::Committed(segment) => {
                self.committed.extend(segment.words.iter().map(|_| now));
                self.shown.resize(self.shown.len().max(self.committed.len()), now);
                self.segments.push(segment);
            }
            LiveEvent::Tentative { firm, text, .. } => {
                let firm: Vec<&str> = firm.split_whitespace().collect();
                let all = self.committed.len() + firm.len() + text.split_whitespace().count();
                self.shown.resize(self.shown.len().max(all), now);
                // A commitment takes words off the front; what is left goes on.
                let goes_on = |from: &usize| {
                    let old = self.firm.get(*from..).unwrap_or_default();
                    old.len() <= firm.len() && old.iter().zip(&firm).all(|(old, new)| old.0 == *new)
                };
                self.replaced = (self.replaced..=self.firm.len()).find(goes_on).unwrap_or(self.firm.len());
                let known = self.firm.len() - self.replaced;
                self.firm.extend(firm.iter().skip(known).map(|word| ((*word).to_owned(), now)));
            }
            LiveEvent::Behind { ms } => self.behind = self.behind.max(ms),
            LiveEvent::Failed(error) => println!("failed: {error}"),
            LiveEvent::Finished => self.finished = now,
        }
    }

    fn lags(&self, stopped: u32, resident: Vec<u64>) -> Lags {
        let words: Vec<&note::Word> = self.segments.iter().flat_map(|s| &s.words).collect();
        let since = |times: &mut dyn Iterator<Item = u32>| {
            let mut lags: Vec<u32> =
                words.iter().zip(times).map(|(word, at)| at.saturating_sub(word.end_ms)).collect();
            lags.sort_unstable();
            lags
        };
        let said: Vec<String> = words.iter().map(|word| plain(&word.text)).collect();
        let stood: Vec<String> = self.firm.iter().map(|(word, _)| plain(word)).collect();
        let mut standing = self.committed.clone();
        for (word, at) in matched(&said, &stood) {
            standing[word] = standing[word].min(self.firm[at].1);
        }
        let text: Vec<&str> = self.firm.iter().map(|(word, _)| word.as_str()).collect();
        Lags {
            shown: since(&mut self.shown.iter().copied()),
            firm: since(&mut standing.into_iter()),
            firm_text: text.join(" "),
            committed: since(&mut self.committed.iter().copied()),
            stop_to_end: self.finished - stopped,
            behind: self.behind,
            resident,
        }
    }
}

fn plain(word: &str) -> String {
    word.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The places of words that two texts share, on the cheapest way from one to the other; a word that was replaced is shared
/// as well: something stood there.
fn matched(one: &[String], other: &[String]) -> Vec<(usize, usize)> {
    let width = other.len() + 1;
    let mut costs = vec![0_u32; (one.len() + 1) * width];
    for i in 0..=one.len() {
        for j in 0..width {
            costs[i * width + j] = match (i, j) {
                (0, j) => j as u32,
                (i, 0) => i as u32,
                (i, j) => {
                    let change = costs[(i - 1) * width + j - 1] + u32::from(one[i - 1] != other[j - 1]);
                    change.min(costs[(i - 1) * width + j] + 1).min(costs[i * width + j - 1] + 1)
                }
            };
        }
    }
    let (mut i, mut j, mut pairs) = (one.len(), other.len(), Vec::new());
    while i > 0 && j > 0 {
        let here = costs[i * width + j];
        if here == costs[(i - 1) * width + j - 1] + u32::from(one[i - 1] != other[j - 1]) {
            (i, j) = (i - 1, j - 1);
            pairs.push((i, j));
        } else if here == costs[(i - 1) * width + j] + 1 {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    pairs
}

fn live(model: &Arc<Model>, options: Options, samples: &[i16]) -> Outcome<(Vec<Segment>, Option<Lags>)> {
    let (live, events) = Live::start(Arc::clone(model), options, 0, 0)?;
    let begun = Instant::now();
    let now = move || u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
    let traced = std::env::args().any(|a| a == "--events");
    let listener = std::thread::spawn(move || {
        let mut told = Told::default();
        for event in events {
            if traced {
                println!("{:>7} {event:?}", now());
            }
            told.tell(event, now());
        }
        told
    });
    let blocks = samples.chunks(1_600);
    let tenth = blocks.len() / 10 + 1;
    let mut resident = Vec::new();
    for (at, block) in blocks.enumerate() {
        let due = Duration::from_millis(100 * (at as u64 + 1));
        std::thread::sleep(due.saturating_sub(begun.elapsed()));
        live.push(block);
        if at % tenth == 0 {
            resident.push(status("VmRSS:")? * 1024);
        }
    }
    let stopped = now();
    live.finish()?;
    let told = listener.join().map_err(|_| "the listener failed")?;
    let lags = told.lags(stopped, resident);
    Ok((told.segments, Some(lags)))
}

fn hour(model: &Arc<Model>, options: Options, samples: &[i16], speed: f64) -> Outcome<()> {
    let (live, events) = Live::start(Arc::clone(model), options, 0, 0)?;
    let listener = std::thread::spawn(move || {
        let (mut words, mut behind, mut failures) = (0, 0, 0);
        for event in events {
            match event {
                LiveEvent::Committed(segment) => words += segment.words.len(),
                LiveEvent::Behind { ms } => behind = behind.max(ms),
                LiveEvent::Failed(_) => failures += 1,
                _ => {}
            }
        }
        (words, behind, failures)
    });
    let begun = Instant::now();
    let silence = vec![0_i16; 160_000];
    let mut sound = std::iter::repeat_with(|| samples.chunks(1_600).chain(silence.chunks(1_600))).flatten();
    for tenth in 1..=36_000_u32 {
        let due = Duration::from_secs_f64(f64::from(tenth) / 10.0 / speed);
        std::thread::sleep(due.saturating_sub(begun.elapsed()));
        if let Some(block) = sound.next() {
            live.push(block);
        }
        if tenth % 3_000 == 0 {
            let (now, most) = (status("VmRSS:")? / 1024, status("VmHWM:")? / 1024);
            println!("{:>3} min: {now} MB, at most {most} MB so far", tenth / 600);
        }
    }
    live.finish()?;
    let (words, behind, failures) = listener.join().map_err(|_| "the listener failed")?;
    println!("{words} words, {behind} ms behind at most, {failures} failures");
    Ok(())
}

/// What all threads used of the processor, on Linux.
fn processor_seconds() -> Outcome<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name may hold spaces; what counts comes after it, in hundredths of a second.
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let fields: Vec<&str> = after.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    Ok((ticks(11) + ticks(12)) / 100.0)
}

/// A line of the process's status, in kB.
fn status(name: &str) -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    Ok(line.and_then(|l| l.split_whitespace().next()).and_then(|n| n.parse().ok()).unwrap_or(0))
}
