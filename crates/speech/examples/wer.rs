//! Word error rate and speed on one recording, from a file or as if it were spoken now.
//!
//! `cargo run -p calame-speech --example wer -- MODEL AUDIO.wav REFERENCE.json [--language fr|en] [--live] [--prompt]
//! [--threads N] [--print]`
//!
//! AUDIO is 16 kHz mono WAV; REFERENCE holds `{"text": …}`. Words are compared in lower case without punctuation.
#![allow(clippy::print_stdout, clippy::cast_precision_loss)]

use std::error::Error;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use note::{Language, Segment};
use speech::{Live, LiveEvent, Model, Options, Progress, transcribe};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str| arguments.iter().any(|a| a == name);
    let [model, audio, reference, ..] = &arguments[..] else {
        return Err("usage: wer MODEL AUDIO.wav REFERENCE.json [--language fr|en] [--live] [--prompt]".into());
    };
    let language = match arguments.iter().position(|a| a == "--language").and_then(|at| arguments.get(at + 1))
    {
        Some(code) => code.parse::<Language>()?,
        None => Language::Fr,
    };
    let samples = hound::WavReader::open(audio)?.into_samples::<i16>().collect::<Result<Vec<_>, _>>()?;
    let reference: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(reference)?)?;
    let reference = words(reference["text"].as_str().unwrap_or_default());
    let model = Model::open(Path::new(model))?;
    let mut options = Options::new(language);
    if flag("--prompt") {
        options = options.with_style_prompt();
    }
    if let Some(threads) =
        arguments.iter().position(|a| a == "--threads").and_then(|at| arguments.get(at + 1))
    {
        options.threads = threads.parse()?;
    }
    let seconds = samples.len() as f64 / 16_000.0;
    let segments =
        if flag("--live") { live(&model, options, &samples)? } else { file(&model, &options, samples)? };
    if flag("--print") {
        for s in &segments {
            println!("{:>7} {:>7} {}{}", s.start_ms, s.end_ms, if s.suspect { "? " } else { "" }, s.text);
        }
    }
    let heard = words(&segments.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(" "));
    let errors = distance(&reference, &heard);
    println!(
        "WER {:.3} ({errors} errors, {} words, {} heard), {} segments, {} suspect, {seconds:.1} s of audio",
        errors as f64 / reference.len() as f64,
        reference.len(),
        heard.len(),
        segments.len(),
        segments.iter().filter(|s| s.suspect).count()
    );
    Ok(())
}

fn file(model: &std::sync::Arc<Model>, options: &Options, samples: Vec<i16>) -> Outcome<Vec<Segment>> {
    let total_ms = u32::try_from(samples.len() / 16)?;
    let begun = Instant::now();
    let mut blocks = samples.chunks(16_000).map(<[i16]>::to_vec);
    let on = &mut |progress| {
        if let Progress::Fraction(share) = progress {
            println!("{:5.1} % after {:5.1} s", share * 100.0, begun.elapsed().as_secs_f64());
        }
        ControlFlow::Continue(())
    };
    let transcript = transcribe(model, options, &mut blocks, Some(total_ms), on)?;
    let took = begun.elapsed().as_secs_f64();
    println!("{took:.1} s, {:.3} of real time", took * 1000.0 / f64::from(total_ms));
    Ok(transcript.segments)
}

fn live(model: &std::sync::Arc<Model>, options: Options, samples: &[i16]) -> Outcome<Vec<Segment>> {
    let (live, events) = Live::start(std::sync::Arc::clone(model), options, 0, 0)?;
    let begun = Instant::now();
    let now = move || u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
    let listener = std::thread::spawn(move || {
        let (mut segments, mut committed, mut shown, mut glances) = (Vec::new(), Vec::new(), Vec::new(), 0);
        // Words that the screen has shown, tentative or not, and when: a word counts once its place is reached.
        let mut reached = 0;
        for event in events {
            match event {
                LiveEvent::Committed(segment) => {
                    for word in &segment.words {
                        committed.push(now().saturating_sub(word.end_ms));
                        if word.end_ms > reached {
                            shown.push(now().saturating_sub(word.end_ms));
                        }
                    }
                    reached = reached.max(segment.end_ms);
                    segments.push(segment);
                }
                LiveEvent::Tentative { text, .. } => glances += usize::from(!text.is_empty()),
                LiveEvent::Behind { ms } => println!("behind by {ms} ms"),
                LiveEvent::Failed(error) => println!("failed: {error}"),
                LiveEvent::Finished => break,
            }
        }
        (segments, committed, glances, now())
    });
    for (at, block) in samples.chunks(1_600).enumerate() {
        let due = Duration::from_millis(100 * (at as u64 + 1));
        std::thread::sleep(due.saturating_sub(begun.elapsed()));
        live.push(block);
    }
    let stopped = now();
    live.finish()?;
    let (segments, mut lags, glances, finished) = listener.join().map_err(|_| "the listener failed")?;
    lags.sort_unstable();
    let percentile = |p: usize| lags.get(lags.len() * p / 100).copied().unwrap_or(0);
    println!(
        "committed words behind speech: median {} ms, p95 {} ms, most {} ms; {glances} glances; stop to finish {} ms",
        percentile(50),
        percentile(95),
        lags.last().copied().unwrap_or(0),
        finished - stopped
    );
    Ok(segments)
}

fn words(text: &str) -> Vec<String> {
    let kept = |c: char| if c.is_alphanumeric() { c } else { ' ' };
    text.to_lowercase().chars().map(kept).collect::<String>().split_whitespace().map(str::to_owned).collect()
}

/// Fewest substitutions, insertions and deletions from one to the other.
fn distance(a: &[String], b: &[String]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, word) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let best = (diagonal + usize::from(word != other)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], best);
        }
    }
    row[b.len()]
}
