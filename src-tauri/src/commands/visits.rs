use consultation::{
    Calame, ConsentDecision, ConsentForm, Consultation, ConsultationId, ConsultationView, Language,
    NewConsultation, Patient, Search,
};
use tauri::{State, command};

use super::Answer;

#[command(async)]
pub fn consultations(app: State<'_, Calame>, query: String) -> Answer<Vec<Consultation>> {
    app.consultations(&query)
}

/// By patient, drug, diagnosis and days besides words.
#[command(async)]
pub fn consultations_find(app: State<'_, Calame>, search: Search) -> Answer<Vec<Consultation>> {
    app.find(&search)
}

#[command(async)]
pub fn consultation_create(app: State<'_, Calame>, new: NewConsultation) -> Answer<ConsultationView> {
    app.create_consultation(&new)
}

#[command(async)]
pub fn consultation_open(app: State<'_, Calame>, id: ConsultationId) -> Answer<ConsultationView> {
    app.consultation(&id)
}

#[command(async)]
pub fn consultation_update(
    app: State<'_, Calame>,
    id: ConsultationId,
    patient: Option<Patient>,
    reason: Option<String>,
) -> Answer<ConsultationView> {
    app.update_consultation(&id, patient.as_ref(), reason.as_deref())
}

#[command(async)]
pub fn consent_record(
    app: State<'_, Calame>,
    id: ConsultationId,
    decision: ConsentDecision,
    form: ConsentForm,
) -> Answer<ConsultationView> {
    app.record_consent(&id, decision, form)
}

#[command(async)]
pub fn consultation_erase(app: State<'_, Calame>, id: ConsultationId, why: Option<String>) -> Answer<()> {
    app.erase_consultation(&id, why.as_deref().unwrap_or_default())
}

/// The exercise that was begun, if any.
#[command(async)]
pub fn exercise(app: State<'_, Calame>) -> Answer<Option<Consultation>> {
    app.exercise()
}

#[command(async)]
pub fn exercise_start(app: State<'_, Calame>, language: Language) -> Answer<ConsultationView> {
    app.start_exercise(language)
}

#[command(async)]
pub fn exercise_erase(app: State<'_, Calame>) -> Answer<()> {
    app.erase_exercise()
}
