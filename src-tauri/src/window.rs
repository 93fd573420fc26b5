use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use consultation::{Calame, Event};
use tauri::{
    App, AppHandle, Emitter as _, Manager as _, WebviewUrl, WebviewWindowBuilder, Window, WindowEvent,
};

use crate::EVENTS;

/// Opens the one window. Its title never names a patient.
pub fn open(app: &App) -> Result<(), Box<dyn std::error::Error>> {
    let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("Calame")
        .inner_size(1280.0, 800.0)
        .min_inner_size(960.0, 640.0)
        // Only the app's own pages: a link never takes the window elsewhere.
        .on_navigation(|url| url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost"))
        .build()?;
    Ok(window.set_zoom(app.state::<Calame>().status().preferences.zoom())?)
}

/// When the window was last asked to close while a recording ran.
#[derive(Default)]
pub struct CloseAsked(Mutex<Option<Instant>>);

/// Asked again this soon, the window closes: nobody is held by a page that does not answer.
const INSISTING: Duration = Duration::from_secs(6);

/// Closing while a recording runs asks first, and then puts it on disk, whole.
pub fn on_event(window: &Window, event: &WindowEvent) {
    if matches!(event, WindowEvent::Destroyed) {
        return window.state::<Calame>().rest();
    }
    let WindowEvent::CloseRequested { api, .. } = event else { return };
    if window.state::<Calame>().status().recording.is_none() {
        return;
    }
    api.prevent_close();
    let asked = window.state::<CloseAsked>();
    let before = asked.0.lock().unwrap_or_else(PoisonError::into_inner).replace(Instant::now());
    if before.is_some_and(|at| at.elapsed() < INSISTING) {
        finish(window.app_handle());
    } else {
        // A window that cannot be told is closed by the second try.
        let _ = window.emit(EVENTS, Event::CloseAsked);
    }
}

/// Ends a recording under way as "stop" does, and leaves.
pub fn finish(handle: &AppHandle) {
    let app = handle.state::<Calame>().inner().clone();
    let handle = handle.clone();
    std::thread::spawn(move || {
        app.finish_recording();
        app.rest();
        handle.exit(0);
    });
}
