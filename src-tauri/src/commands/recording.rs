use std::path::PathBuf;

use consultation::{Calame, ConsultationId, InputDevice};
use tauri::{AppHandle, State, command};
use tauri_plugin_dialog::DialogExt as _;

use super::Answer;

#[command(async)]
pub fn microphones(app: State<'_, Calame>) -> Answer<Vec<InputDevice>> {
    app.microphones()
}

#[command(async)]
pub fn microphone_test(app: State<'_, Calame>, device: Option<String>) -> Answer<()> {
    app.test_microphone(device.as_deref())
}

#[command(async)]
pub fn microphone_test_stop(app: State<'_, Calame>) {
    app.stop_microphone_test();
}

#[command(async)]
pub fn recording_start(app: State<'_, Calame>, id: ConsultationId) -> Answer<()> {
    app.start_recording(&id)
}

#[command(async)]
pub fn recording_pause(app: State<'_, Calame>) -> Answer<()> {
    app.pause_recording()
}

#[command(async)]
pub fn recording_resume(app: State<'_, Calame>) -> Answer<()> {
    app.resume_recording()
}

#[command(async)]
pub fn recording_stop(app: State<'_, Calame>) -> Answer<()> {
    app.stop_recording()
}

#[command(async)]
pub fn recording_erase_last(app: State<'_, Calame>, ms: u32) -> Answer<()> {
    app.erase_last(ms)
}

#[command(async)]
pub fn recording_mark(app: State<'_, Calame>) -> Answer<()> {
    app.mark()
}

/// The doctor's answer to a closing that asked: the recording is kept, and the app leaves.
#[command(async)]
pub fn app_close(handle: AppHandle) {
    crate::window::finish(&handle);
}

#[command(async)]
pub fn audio_import(app: State<'_, Calame>, id: ConsultationId, path: PathBuf) -> Answer<()> {
    app.import_audio(&id, path)
}

/// False when the doctor closed the file dialog.
#[command(async)]
pub fn audio_pick(handle: AppHandle, app: State<'_, Calame>, id: ConsultationId) -> Answer<bool> {
    let kinds = ["wav", "flac", "mp3", "ogg", "oga", "opus", "m4a", "mp4"];
    let picked = handle.dialog().file().add_filter("audio", &kinds).blocking_pick_file();
    match picked.and_then(|file| file.into_path().ok()) {
        Some(path) => app.import_audio(&id, path).map(|()| true),
        None => Ok(false),
    }
}

#[command(async)]
pub fn transcribe(app: State<'_, Calame>, id: ConsultationId) -> Answer<()> {
    app.transcribe(&id)
}

#[command(async)]
pub fn job_cancel(app: State<'_, Calame>, id: ConsultationId) {
    app.cancel(&id);
}

#[command(async)]
pub fn play(
    app: State<'_, Calame>,
    id: ConsultationId,
    start_ms: u32,
    end_ms: u32,
    speed: f32,
) -> Answer<()> {
    app.play(&id, start_ms, end_ms, speed)
}

#[command(async)]
pub fn play_stop(app: State<'_, Calame>) {
    app.stop_playback();
}
