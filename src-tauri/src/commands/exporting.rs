use std::path::PathBuf;

use consultation::{Calame, ConsultationId, CopyFormat, Failure, FailureCode};
use tauri::{AppHandle, State, command};
use tauri_plugin_clipboard_manager::ClipboardExt as _;

use super::Answer;

#[command(async)]
pub fn export_pdf(app: State<'_, Calame>, id: ConsultationId) -> Answer<String> {
    Ok(app.export_pdf(&id)?.display().to_string())
}

#[command(async)]
pub fn export_copy(
    handle: AppHandle,
    app: State<'_, Calame>,
    id: ConsultationId,
    format: CopyFormat,
) -> Answer<()> {
    let clip = app.clip(&id, format)?;
    let clipboard = handle.clipboard();
    let copied = match clip.html {
        Some(html) => clipboard.write_html(html, Some(clip.plain)),
        None => clipboard.write_text(clip.plain),
    };
    copied.map_err(|error| Failure::of(FailureCode::ExportFailed).with("reason", error))
}

/// Opens the folder of an exported file in the system's file browser.
#[command(async)]
pub fn folder_open(path: PathBuf) -> Answer<()> {
    let folder =
        path.parent().filter(|folder| folder.is_dir()).ok_or_else(|| Failure::of(FailureCode::NotFound))?;
    opener::open(folder).map_err(|error| Failure::of(FailureCode::NotFound).with("reason", error))
}
