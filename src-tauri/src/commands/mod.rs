//! One function per use case: arguments in, a view or a [`Failure`](consultation::Failure) out.

mod access;
mod exporting;
mod history;
mod keeping;
mod noting;
mod patients;
mod recording;
mod visits;

use tauri::Wry;
use tauri::ipc::Invoke;

type Answer<T> = Result<T, consultation::Failure>;

pub fn all() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        access::status,
        access::preferences_save,
        access::passphrase_strength,
        access::record_create,
        access::record_unlock,
        access::record_recover,
        access::record_lock,
        access::passphrase_change,
        access::practice,
        access::practice_save,
        access::model_import,
        access::model_pick,
        visits::consultations,
        visits::consultations_find,
        visits::consultation_create,
        visits::consultation_open,
        visits::consultation_update,
        visits::consent_record,
        visits::consultation_erase,
        recording::microphones,
        recording::microphone_test,
        recording::microphone_test_stop,
        recording::recording_start,
        recording::recording_pause,
        recording::recording_resume,
        recording::recording_stop,
        recording::recording_erase_last,
        recording::recording_mark,
        recording::app_close,
        recording::audio_import,
        recording::audio_pick,
        recording::transcribe,
        recording::job_cancel,
        recording::play,
        recording::play_stop,
        noting::note_edit,
        noting::note_undo,
        noting::note_redo,
        noting::note_validate,
        noting::speakers_correct,
        noting::voice_learn,
        noting::voice_forget,
        exporting::export_pdf,
        exporting::export_preview,
        exporting::export_copy,
        exporting::papers,
        exporting::paper_draft,
        exporting::paper_preview,
        exporting::paper_sign,
        exporting::paper_pdf,
        exporting::paper_copy,
        exporting::folder_open,
        history::note_versions,
        history::note_version,
        history::note_differences,
        history::addendum,
        history::addendum_edit,
        history::addendum_undo,
        history::addendum_redo,
        history::addendum_discard,
        history::addendum_sign,
        keeping::hand,
        keeping::folder_pick,
        keeping::backup_state,
        keeping::backup_plan_save,
        keeping::backup_now,
        keeping::backups_in,
        keeping::restore_preview,
        keeping::restore,
        keeping::doctors,
        keeping::doctor_share,
        keeping::doctor_add,
        keeping::doctor_reset,
        keeping::doctor_remove,
        keeping::audit_verify,
        patients::patients,
        patients::patient_open,
        patients::patient_of,
        patients::patient_consultations,
        patients::patient_timeline,
        patients::patient_erase,
        patients::patient_access,
        patients::audio_decide,
    ]
}
