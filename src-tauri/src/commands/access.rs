use std::path::PathBuf;

use consultation::{Calame, ModelFile, ModelImport, Practice, Preferences, Speed, Status, Strength};
use tauri::{AppHandle, State, WebviewWindow, command};
use tauri_plugin_dialog::DialogExt as _;
use zeroize::Zeroizing;

use super::Answer;

#[command(async)]
pub fn status(app: State<'_, Calame>) -> Status {
    app.status()
}

#[command(async)]
pub fn preferences_save(
    window: WebviewWindow,
    app: State<'_, Calame>,
    preferences: Preferences,
) -> Answer<Status> {
    let status = app.save_preferences(preferences)?;
    // A window that cannot be resized shows its words all the same.
    let _ = window.set_zoom(status.preferences.zoom());
    Ok(status)
}

#[command(async)]
pub fn passphrase_strength(app: State<'_, Calame>, passphrase: String) -> Strength {
    app.strength(&Zeroizing::new(passphrase))
}

#[command(async)]
pub fn record_create(app: State<'_, Calame>, passphrase: String, practice: Practice) -> Answer<String> {
    Ok(app.create_record(&Zeroizing::new(passphrase), &practice)?.to_string())
}

#[command(async)]
pub fn record_unlock(app: State<'_, Calame>, passphrase: String) -> Answer<Status> {
    app.unlock(&Zeroizing::new(passphrase))
}

#[command(async)]
pub fn record_recover(app: State<'_, Calame>, code: String, passphrase: String) -> Answer<String> {
    Ok(app.recover(&Zeroizing::new(code), &Zeroizing::new(passphrase))?.to_string())
}

#[command(async)]
pub fn record_lock(app: State<'_, Calame>) -> Status {
    app.lock()
}

#[command(async)]
pub fn passphrase_change(app: State<'_, Calame>, current: String, passphrase: String) -> Answer<()> {
    app.change_passphrase(&Zeroizing::new(current), &Zeroizing::new(passphrase))
}

#[command(async)]
pub fn practice(app: State<'_, Calame>) -> Answer<Practice> {
    app.practice()
}

#[command(async)]
pub fn practice_save(app: State<'_, Calame>, practice: Practice) -> Answer<Practice> {
    app.save_practice(practice)
}

#[command(async)]
pub fn vocabulary(app: State<'_, Calame>) -> Answer<Vec<String>> {
    app.vocabulary()
}

#[command(async)]
pub fn vocabulary_save(app: State<'_, Calame>, words: Vec<String>) -> Answer<Vec<String>> {
    app.set_vocabulary(words)
}

#[command(async)]
pub fn model_import(app: State<'_, Calame>, path: PathBuf) -> Answer<ModelImport> {
    app.import_model(&path)
}

/// None when the doctor closed the file dialog.
#[command(async)]
pub fn model_pick(handle: AppHandle, app: State<'_, Calame>) -> Answer<Option<ModelImport>> {
    let picked = handle.dialog().file().add_filter("ggml", &["bin"]).blocking_pick_file();
    picked.and_then(|file| file.into_path().ok()).map(|path| app.import_model(&path)).transpose()
}

/// Those on this machine.
#[command(async)]
pub fn models(app: State<'_, Calame>) -> Vec<ModelFile> {
    app.models()
}

#[command(async)]
pub fn model_use(app: State<'_, Calame>, file: String) -> Answer<Status> {
    app.use_model(&file)
}

/// Answers when the model is measured, some seconds later.
#[command(async)]
pub fn model_measure(app: State<'_, Calame>, file: String) -> Answer<Speed> {
    app.measure_model(&file)
}

#[command(async)]
pub fn model_measure_cancel(app: State<'_, Calame>) {
    app.cancel_measuring();
}
