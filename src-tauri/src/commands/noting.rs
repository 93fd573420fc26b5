use consultation::{Calame, ConsultationId, ConsultationView, Edit, NoteView, SectionId, WhoSpoke};
use tauri::{State, command};

use super::Answer;

#[command(async)]
pub fn note_edit(app: State<'_, Calame>, id: ConsultationId, edit: Edit) -> Answer<NoteView> {
    app.edit(&id, edit)
}

#[command(async)]
pub fn note_undo(app: State<'_, Calame>, id: ConsultationId) -> Answer<NoteView> {
    app.undo(&id)
}

#[command(async)]
pub fn note_redo(app: State<'_, Calame>, id: ConsultationId) -> Answer<NoteView> {
    app.redo(&id)
}

#[command(async)]
pub fn note_validate(app: State<'_, Calame>, id: ConsultationId) -> Answer<ConsultationView> {
    app.validate(&id)
}

#[command(async)]
pub fn speakers_correct(
    app: State<'_, Calame>,
    id: ConsultationId,
    correction: WhoSpoke,
) -> Answer<ConsultationView> {
    app.correct_speakers(&id, &correction)
}

#[command(async)]
pub fn voice_learn(app: State<'_, Calame>, id: ConsultationId) -> Answer<ConsultationView> {
    app.learn_voice(&id)
}

#[command(async)]
pub fn voice_forget(app: State<'_, Calame>) -> Answer<()> {
    app.forget_voice()
}

#[command(async)]
pub fn dictation_start(app: State<'_, Calame>, id: ConsultationId) -> Answer<()> {
    app.start_dictation(&id)
}

#[command(async)]
pub fn dictation_finish(app: State<'_, Calame>, id: ConsultationId, section: SectionId) -> Answer<NoteView> {
    app.finish_dictation(&id, section)
}

#[command(async)]
pub fn dictation_cancel(app: State<'_, Calame>) {
    app.cancel_dictation();
}
