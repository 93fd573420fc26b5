//! Calame, the desktop face: a window, thin commands, events. No rule, no SQL, no loop over audio.

mod commands;
mod window;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use consultation::{ASK_EVERY_S, Calame, Engine, Event, Places, SystemClock};
use tauri::{Emitter as _, Manager as _};

/// Name of the one channel on which the window hears of [`Event`]s.
const EVENTS: &str = "calame";

/// Locks an idle or woken screen and does what is due, until the app ends.
fn keep_watch(calame: &Calame) {
    loop {
        std::thread::sleep(Duration::from_secs(ASK_EVERY_S.into()));
        calame.tick();
    }
}

/// Opens the window and runs until it closes.
#[must_use]
pub fn run() -> ExitCode {
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(commands::all())
        .setup(|app| {
            let handle = app.handle().clone();
            let sink = Arc::new(move |event: Event| {
                // A window that is gone has nobody left to tell.
                let _ = handle.emit(EVENTS, event);
            });
            let places = Places::of_this_user()?;
            let engine = Engine::of_this_user(&places, std::env::var("CALAME_MODEL").ok().as_deref());
            let calame = Calame::new(places, engine, Arc::new(SystemClock), sink);
            app.manage(calame.clone());
            // Opened, the window is watched: it locks when nobody is there any more.
            calame.touch();
            std::thread::spawn(move || keep_watch(&calame));
            app.manage(window::CloseAsked::default());
            window::open(app)
        })
        .on_window_event(window::on_event)
        .run(tauri::generate_context!());
    match app {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("calame: the window could not be opened: {error}");
            ExitCode::FAILURE
        }
    }
}
