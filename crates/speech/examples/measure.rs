//! One transcription by Calame, timed, for `cargo xtask bench speech`: from a file, or as if it were spoken now.
//!
//! `measure MODEL AUDIO.wav fr|en THREADS [--live] [--prompt] [--print]`
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
        return Err("usage: measure MODEL AUDIO.wav fr|en THREADS [--live] [--prompt] [--print]".into());
    };
    let samples = hound::WavReader::open(audio)?.into_samples::<i16>().collect::<Result<Vec<_>, _>>()?;
    let model = Model::open(Path::new(model))?;
    let mut options = Options { threads: threads.parse()?, ..Options::new(language.parse::<Language>()?) };
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
            "committed_median_ms": percentile(&lags.words, 50),
            "committed_p95_ms": percentile(&lags.words, 95),
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
    /// From the end of each word to its commitment, ascending.
    words: Vec<u32>,
    stop_to_end: u32,
    /// As far as it ever said to be behind.
    behind: u32,
    /// Memory every tenth of the time.
    resident: Vec<u64>,
}

fn percentile(sorted: &[u32], p: usize) -> u32 {
    sorted.get(sorted.len() * p / 100).copied().unwrap_or(0)
}

fn live(model: &Arc<Model>, options: Options, samples: &[i16]) -> Outcome<(Vec<Segment>, Option<Lags>)> {
    let (live, events) = Live::start(Arc::clone(model), options, 0, 0)?;
    let begun = Instant::now();
    let now = move || u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
    let listener = std::thread::spawn(move || {
        let (mut segments, mut words, mut behind): (Vec<Segment>, Vec<u32>, u32) = Default::default();
        // When so many words were on the screen for the first time.
        let (mut count, mut showings): (usize, Vec<u32>) = Default::default();
        for event in events {
            match event {
                LiveEvent::Committed(segment) => {
                    words.extend(segment.words.iter().map(|word| now().saturating_sub(word.end_ms)));
                    count += segment.words.len();
                    showings.resize(showings.len().max(count), now());
                    segments.push(segment);
                }
                LiveEvent::Tentative { text, .. } => {
                    let all = count + text.split_whitespace().count();
                    showings.resize(showings.len().max(all), now());
                }
                LiveEvent::Behind { ms } => behind = behind.max(ms),
                LiveEvent::Failed(error) => println!("failed: {error}"),
                LiveEvent::Finished => break,
            }
        }
        let ends = segments.iter().flat_map(|s| &s.words).map(|w| w.end_ms);
        let shown: Vec<u32> = ends.zip(showings).map(|(end, at)| at.saturating_sub(end)).collect();
        (segments, words, shown, behind, now())
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
    let (segments, mut words, mut shown, behind, finished) =
        listener.join().map_err(|_| "the listener failed")?;
    words.sort_unstable();
    shown.sort_unstable();
    let lags = Lags { shown, words, stop_to_end: finished - stopped, behind, resident };
    Ok((segments, Some(lags)))
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
