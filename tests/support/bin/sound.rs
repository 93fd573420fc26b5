//! Records and plays with the `audio` crate in a process of its own, since a sound server is found by the environment.
//!
//! * `calame-test-sound list`: the microphones, as `id <tab> name <tab> default?`.
//! * `calame-test-sound record FILE [DEVICE]`: 16 kHz mono samples go to FILE as raw little-endian; events are printed,
//!   one a line; `pause`, `resume` and `stop` are read from standard input.
//! * `calame-test-sound play WAV SPEED`: plays a file and prints positions in milliseconds.

// Standard output is what the tests read.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use audio::{Capture, CaptureEvent, Decoder, Player};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["list"] => list(),
        ["record", file] => record(Path::new(file), None),
        ["record", file, device] => record(Path::new(file), Some(device)),
        ["play", wav, speed] => play(Path::new(wav), speed.parse()?),
        _ => Err("usage: list | record FILE [DEVICE] | play WAV SPEED".into()),
    }
}

fn list() -> Result<(), Box<dyn Error>> {
    for device in audio::input_devices()? {
        println!("{}\t{}\t{}", device.id, device.name, device.is_default);
    }
    Ok(())
}

fn record(file: &Path, device: Option<&str>) -> Result<(), Box<dyn Error>> {
    let mut file = File::create(file)?;
    let (capture, events) = match Capture::start(device) {
        Ok(started) => started,
        Err(error) => {
            println!("error {:?}: {error}", error.kind());
            return Ok(());
        }
    };
    let (commands, orders) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if commands.send(line).is_err() {
                return;
            }
        }
    });
    let mut capture = Some(capture);
    let (mut total, mut loudest) = (0usize, 0.0f32);
    loop {
        for order in orders.try_iter() {
            match (order.as_str(), capture.take()) {
                ("stop", Some(running)) => running.stop(),
                (pause @ ("pause" | "resume"), Some(running)) => {
                    running.set_paused(pause == "pause");
                    println!("{pause}d");
                    capture = Some(running);
                }
                (_, unchanged) => capture = unchanged,
            }
        }
        match events.recv_timeout(Duration::from_millis(20)) {
            Ok(CaptureEvent::Started { device, native_rate, channels }) => {
                println!("started {native_rate} {channels} {device}");
            }
            Ok(CaptureEvent::Samples(samples)) => {
                let bytes: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
                file.write_all(&bytes)?;
                total += samples.len();
                println!("samples {total}");
            }
            Ok(CaptureEvent::Level { peak, .. }) => loudest = loudest.max(peak),
            Ok(CaptureEvent::Overrun { lost_ms }) => println!("overrun {lost_ms}"),
            Ok(CaptureEvent::Lost(error)) => {
                println!("lost {:?}: {error}", error.kind());
                return Ok(());
            }
            Ok(CaptureEvent::Ended) => {
                println!("ended {total} {loudest}");
                return Ok(());
            }
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err("the recording ended without a last event".into());
            }
        }
    }
}

fn play(wav: &Path, speed: f32) -> Result<(), Box<dyn Error>> {
    let mut samples = Vec::new();
    for block in Decoder::open(wav)? {
        samples.extend(block?);
    }
    let player = match Player::play(samples, speed) {
        Ok(player) => player,
        Err(error) => {
            println!("error {:?}: {error}", error.kind());
            return Ok(());
        }
    };
    while !player.is_finished() {
        println!("at {}", player.position_ms());
        std::thread::sleep(Duration::from_millis(50));
    }
    println!("at {}", player.position_ms());
    match player.error() {
        Some(error) => println!("error {:?}: {error}", error.kind()),
        None => println!("finished"),
    }
    Ok(())
}
