//! Versions of a note, and addenda.

use consultation::{Calame, ConsultationId, ConsultationView, Difference, Edit, Note, NoteVersion, NoteView};
use tauri::{State, command};

use super::Answer;

#[command(async)]
pub fn note_versions(app: State<'_, Calame>, id: ConsultationId) -> Answer<Vec<NoteVersion>> {
    app.versions(&id)
}

#[command(async)]
pub fn note_version(app: State<'_, Calame>, id: ConsultationId, version: u32) -> Answer<Note> {
    app.version(&id, version)
}

#[command(async)]
pub fn note_differences(
    app: State<'_, Calame>,
    id: ConsultationId,
    older: u32,
    newer: u32,
) -> Answer<Vec<Difference>> {
    app.differences(&id, older, newer)
}

/// The addendum as it was left, or one that begins with the signed note.
#[command(async)]
pub fn addendum(app: State<'_, Calame>, id: ConsultationId) -> Answer<NoteView> {
    app.addendum(&id)
}

#[command(async)]
pub fn addendum_edit(app: State<'_, Calame>, id: ConsultationId, edit: Edit) -> Answer<NoteView> {
    app.edit_addendum(&id, edit)
}

#[command(async)]
pub fn addendum_undo(app: State<'_, Calame>, id: ConsultationId) -> Answer<NoteView> {
    app.undo_addendum(&id)
}

#[command(async)]
pub fn addendum_redo(app: State<'_, Calame>, id: ConsultationId) -> Answer<NoteView> {
    app.redo_addendum(&id)
}

#[command(async)]
pub fn addendum_discard(app: State<'_, Calame>, id: ConsultationId) -> Answer<ConsultationView> {
    app.discard_addendum(&id)
}

#[command(async)]
pub fn addendum_sign(app: State<'_, Calame>, id: ConsultationId) -> Answer<ConsultationView> {
    app.sign_addendum(&id)
}
