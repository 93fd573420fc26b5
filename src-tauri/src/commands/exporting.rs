use std::path::PathBuf;

use consultation::{
    Calame, Clip, ConsultationId, CopyFormat, Failure, FailureCode, Paper, PaperKind, Printers, SectionId,
    SignedPaper,
};
use tauri::{AppHandle, State, command};
use tauri_plugin_clipboard_manager::ClipboardExt as _;

use super::Answer;

#[command(async)]
pub fn export_pdf(app: State<'_, Calame>, id: ConsultationId) -> Answer<String> {
    Ok(app.export_pdf(&id)?.display().to_string())
}

/// The pages of the PDF as they will print, one SVG each.
#[command(async)]
pub fn export_preview(app: State<'_, Calame>, id: ConsultationId) -> Answer<Vec<String>> {
    app.preview(&id)
}

#[command(async)]
pub fn export_copy(
    handle: AppHandle,
    app: State<'_, Calame>,
    id: ConsultationId,
    format: CopyFormat,
) -> Answer<()> {
    copy(&handle, app.clip(&id, format)?)
}

#[command(async)]
pub fn export_copy_section(
    handle: AppHandle,
    app: State<'_, Calame>,
    id: ConsultationId,
    section: SectionId,
    format: CopyFormat,
) -> Answer<()> {
    copy(&handle, app.clip_section(&id, section, format)?)
}

#[command(async)]
pub fn printers(app: State<'_, Calame>) -> Answer<Printers> {
    app.printers()
}

#[command(async)]
pub fn export_print(app: State<'_, Calame>, id: ConsultationId, printer: Option<String>) -> Answer<()> {
    app.print(&id, printer.as_deref())
}

#[command(async)]
pub fn paper_print(
    app: State<'_, Calame>,
    id: ConsultationId,
    sha256: String,
    printer: Option<String>,
) -> Answer<()> {
    app.print_paper(&id, &sha256, printer.as_deref())
}

#[command(async)]
pub fn papers(app: State<'_, Calame>, id: ConsultationId) -> Answer<Vec<SignedPaper>> {
    app.papers(&id)
}

/// A paper made from the signed note, for the doctor to correct.
#[command(async)]
pub fn paper_draft(app: State<'_, Calame>, id: ConsultationId, kind: PaperKind) -> Answer<Paper> {
    app.paper_draft(&id, kind)
}

#[command(async)]
pub fn paper_preview(app: State<'_, Calame>, id: ConsultationId, paper: Paper) -> Answer<Vec<String>> {
    app.paper_preview(&id, &paper)
}

#[command(async)]
pub fn paper_sign(app: State<'_, Calame>, id: ConsultationId, paper: Paper) -> Answer<SignedPaper> {
    app.sign_paper(&id, paper)
}

#[command(async)]
pub fn paper_pdf(app: State<'_, Calame>, id: ConsultationId, sha256: String) -> Answer<String> {
    Ok(app.export_paper_pdf(&id, &sha256)?.display().to_string())
}

#[command(async)]
pub fn paper_copy(
    handle: AppHandle,
    app: State<'_, Calame>,
    id: ConsultationId,
    sha256: String,
    format: CopyFormat,
) -> Answer<()> {
    copy(&handle, app.clip_paper(&id, &sha256, format)?)
}

fn copy(handle: &AppHandle, clip: Clip) -> Answer<()> {
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
