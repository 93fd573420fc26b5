//! A recording through the whole app, with a recogniser that dies in the middle of it:
//! `calame-test-recording FOLDER MANNER MILLISECONDS`.
//!
//! * `tells`: it says that it failed, then nothing more.
//! * `vanishes`: its thread ends without a word.
//! * `panics`: it panics in the thread that feeds it.
//!
//! Problems are printed as they come, then the saved time every half second. At `lock` on standard input the screen is
//! locked, at `stop` the recording ends, and what the record then holds is printed as one line of JSON.

// Standard output is what the test reads.
#![allow(clippy::print_stdout, clippy::panic)]

use std::error::Error;
use std::io::BufRead;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use consultation::{
    Calame, ConsentDecision, ConsentForm, Engine, Event, Hearing, Language, LiveEvent, Model,
    NewConsultation, Options, Places, Practice, Recogniser, RecordStatus, RecordingPhase, SpeechError,
    SystemClock,
};

const PASSPHRASE: &str = "lanterne violette sur la dune 47";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, manner, lives_ms] = arguments.as_slice() else {
        return Err("usage: FOLDER MANNER MILLISECONDS".into());
    };
    let folder = Path::new(folder);
    let places = Places {
        record: folder.join("record.calame"),
        preferences: folder.join("preferences.json"),
        exports: folder.join("exports"),
        ..Places::of_this_user()?
    };
    let manner = match manner.as_str() {
        "tells" => Manner::Tells,
        "vanishes" => Manner::Vanishes,
        "panics" => Manner::Panics,
        _ => return Err("unknown manner".into()),
    };
    let mortal = Mortal { lives: lives_ms.parse::<u64>()? * 16, manner };
    let model = std::env::var("CALAME_MODEL").ok();
    let engine = Engine::named(&places.models, model.as_deref()).heard_by(Arc::new(mortal));
    let (sender, events) = channel();
    let sender = Mutex::new(sender);
    let sink = Arc::new(move |event| {
        if let Ok(sender) = sender.lock() {
            let _ = sender.send(event);
        }
    });
    let app = Calame::new(places, engine, Arc::new(SystemClock), sink);
    let _ = app.create_record(PASSPHRASE, &Practice::default())?;
    let visit = NewConsultation { patient: None, reason: None, language: Language::Fr };
    let id = app.create_consultation(&visit)?.consultation.id;
    app.record_consent(&id, ConsentDecision::Informed, ConsentForm::Oral)?;
    app.start_recording(&id)?;
    let orders = app.clone();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            match line.as_str() {
                "lock" => drop(orders.lock()),
                _ => drop(orders.stop_recording()),
            }
        }
    });
    let mut told_ms = None;
    for event in events {
        match event {
            Event::Problem { failure, .. } => println!("problem {:?}", failure.code),
            Event::Recording { phase: RecordingPhase::Recording, saved_ms, .. }
                if told_ms.is_none_or(|told| saved_ms >= told + 500) =>
            {
                told_ms = Some(saved_ms);
                println!("saved {saved_ms}");
            }
            Event::Ready { .. } => break,
            _ => {}
        }
    }
    if app.status().record == RecordStatus::Locked {
        app.unlock(PASSPHRASE)?;
    }
    let view = app.consultation(&id)?;
    let statements = view.note.map_or(0, |view| view.note.statements().count());
    let last_ms = view.transcript.segments.last().map_or(0, |segment| segment.end_ms);
    let (state, audio_ms) = (view.consultation.state, view.consultation.audio_ms);
    let held = serde_json::json!(
        { "state": state, "audio_ms": audio_ms, "statements": statements, "last_ms": last_ms }
    );
    println!("held {held}");
    Ok(())
}

#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Tells,
    Vanishes,
    Panics,
}

/// Hears nothing, and dies after so many samples.
struct Mortal {
    lives: u64,
    manner: Manner,
}

struct Dying {
    lives: u64,
    heard: AtomicU64,
    manner: Manner,
    events: Mutex<Option<Sender<LiveEvent>>>,
}

impl Recogniser for Mortal {
    fn listen(
        &self,
        _: Arc<Model>,
        _: Options,
        _: u32,
        _: u32,
    ) -> Result<(Box<dyn Hearing>, Receiver<LiveEvent>), SpeechError> {
        let (events, received) = channel();
        let events = Mutex::new(Some(events));
        let dying = Dying { lives: self.lives, heard: AtomicU64::new(0), manner: self.manner, events };
        Ok((Box::new(dying), received))
    }
}

impl Hearing for Dying {
    fn hear(&self, samples: &[i16]) {
        let heard = self.heard.fetch_add(samples.len() as u64, Ordering::Relaxed);
        if heard < self.lives {
            return;
        }
        assert!(self.manner != Manner::Panics, "a recogniser that panics");
        let events = self.events.lock().ok().and_then(|mut events| events.take());
        if let (Some(events), Manner::Tells) = (events, self.manner) {
            let _ = events.send(LiveEvent::Failed(SpeechError::Start { why: "a fault on purpose".into() }));
        }
    }

    fn finish(self: Box<Self>) -> Result<(), SpeechError> {
        Err(SpeechError::Start { why: "it is dead".into() })
    }
}
