use consultation::Calame;
use tauri::{App, Manager as _, WebviewUrl, WebviewWindowBuilder, Window, WindowEvent};

/// Opens the one window. Its title never names a patient.
pub fn open(app: &App) -> Result<(), Box<dyn std::error::Error>> {
    WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("Calame")
        .inner_size(1280.0, 800.0)
        .min_inner_size(960.0, 640.0)
        // Only the app's own pages: a link never takes the window elsewhere.
        .on_navigation(|url| url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost"))
        .build()?;
    Ok(())
}

/// Closing while a recording runs first puts it on disk, whole.
pub fn on_event(window: &Window, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else { return };
    let app = window.state::<Calame>().inner().clone();
    if app.status().recording.is_none() {
        return;
    }
    api.prevent_close();
    let handle = window.app_handle().clone();
    std::thread::spawn(move || {
        app.finish_recording();
        handle.exit(0);
    });
}
