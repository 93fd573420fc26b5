//! Patients, their course over time, and their rights.

use std::path::PathBuf;

use consultation::{
    AudioFate, Calame, Consultation, ConsultationId, ConsultationView, Fact, PatientFile, PatientId,
};
use tauri::{State, command};

use super::Answer;

#[command(async)]
pub fn patients(app: State<'_, Calame>, query: String) -> Answer<Vec<PatientFile>> {
    app.patients(&query)
}

#[command(async)]
pub fn patient_open(app: State<'_, Calame>, patient: PatientId) -> Answer<PatientFile> {
    app.patient(&patient)
}

/// The patient of a consultation; none where nobody was named.
#[command(async)]
pub fn patient_of(app: State<'_, Calame>, id: ConsultationId) -> Answer<Option<PatientFile>> {
    app.patient_of(&id)
}

#[command(async)]
pub fn patient_consultations(app: State<'_, Calame>, patient: PatientId) -> Answer<Vec<Consultation>> {
    app.consultations_of(&patient)
}

#[command(async)]
pub fn patient_timeline(app: State<'_, Calame>, patient: PatientId) -> Answer<Vec<Fact>> {
    app.timeline(&patient)
}

/// Gives the number of consultations erased.
#[command(async)]
pub fn patient_erase(app: State<'_, Calame>, patient: PatientId, why: String) -> Answer<u32> {
    app.erase_patient(&patient, &why)
}

/// Gives the path of the archive; in the export folder where none is named.
#[command(async)]
pub fn patient_access(
    app: State<'_, Calame>,
    patient: PatientId,
    folder: Option<PathBuf>,
) -> Answer<PathBuf> {
    app.export_access(&patient, folder.as_deref())
}

#[command(async)]
pub fn audio_decide(app: State<'_, Calame>, id: ConsultationId, fate: AudioFate) -> Answer<ConsultationView> {
    app.decide_audio(&id, &fate)
}
