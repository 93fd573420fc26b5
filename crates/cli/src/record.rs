use std::path::{Path, PathBuf};
use std::sync::Arc;

use consultation::{
    Calame, ConsentDecision, ConsentForm, ConsultationId, Engine, Event, Language, NewConsultation, Places,
    Practice, Search, SystemClock,
};
use zeroize::Zeroizing;

use crate::arguments::{Access, AuditAct, AuditCommand, Form};
use crate::failure::CliError;
use crate::progress::Progress;
use crate::record_arguments::{self, RecordAct, RecordCommand};
use crate::record_keeping as keeping;
use crate::{print, print_json};

/// What `record import` prints. Written as it is: a detour through a JSON value would widen its 32-bit numbers.
#[derive(serde::Serialize)]
struct Imported<'a> {
    id: &'a ConsultationId,
    transcript: &'a consultation::Transcript,
    note: Option<&'a consultation::Note>,
}

pub fn run(what: &RecordCommand) -> Result<(), CliError> {
    match &what.act {
        RecordAct::Init => init(&what.access),
        RecordAct::Import { audio, language, model, consent } => {
            import(&what.access, audio.clone(), *language, model.as_deref(), *consent)
        }
        RecordAct::List => print_json(&unlocked(&what.access)?.consultations("")?),
        RecordAct::Search { text, patient, drug, diagnosis, from, to } => {
            let search = Search {
                text: text.clone().unwrap_or_default(),
                patient: patient.clone(),
                drug: drug.clone(),
                diagnosis: diagnosis.clone(),
                from: *from,
                to: *to,
            };
            print_json(&unlocked(&what.access)?.find(&search)?)
        }
        RecordAct::Show { id, json } => show(&what.access, id, *json),
        RecordAct::Validate { id, author, checked } => {
            let app = unlocked(&what.access)?;
            let view = app.validate_as(id, author, *checked)?;
            // The command ends here: the audio goes before it does.
            app.settle()?;
            print_json(&view.signature)
        }
        RecordAct::Export { id, form } => export(&what.access, id, form),
        RecordAct::Backups { folder } => {
            print_json(&app(&what.access, None, Arc::new(|_| {}))?.backups_in(folder))
        }
        RecordAct::Restore { backup, yes } => {
            let app = app(&what.access, None, Arc::new(|_| {}))?;
            keeping::restore(&app, backup, &passphrase(&what.access)?, *yes)
        }
        act => keeping::run(&unlocked(&what.access)?, act),
    }
}

pub fn audit(what: &AuditCommand) -> Result<(), CliError> {
    let app = unlocked(&what.access)?;
    match what.act {
        AuditAct::Export => print_json(&app.audit_rows()?),
        AuditAct::Verify => {
            let report = app.verify_audit()?;
            print_json(&report)?;
            match report.first_broken {
                None => Ok(()),
                Some(row) => Err(CliError::Input(format!("the audit trail is broken at row {row}"))),
            }
        }
    }
}

fn init(access: &Access) -> Result<(), CliError> {
    let app = app(access, None, Arc::new(|_| {}))?;
    let code = app.create_record(&passphrase(access)?, &Practice::default())?;
    eprintln!("calame: record created; print the recovery code and keep it safe, it is shown only now");
    print(&code)
}

fn import(
    access: &Access,
    audio: PathBuf,
    language: Language,
    model: Option<&str>,
    consent: record_arguments::ConsentForm,
) -> Result<(), CliError> {
    let progress = Arc::new(Progress::new());
    let follower = Arc::clone(&progress);
    let sink = Arc::new(move |event: Event| match event {
        Event::Problem { failure, .. } => eprintln!("calame: {failure}"),
        other => follower.follow(&other),
    });
    let app = app(access, model, sink)?;
    app.unlock(&passphrase(access)?)?;
    let new = NewConsultation { patient: None, reason: None, language };
    let id = app.create_consultation(&new)?.consultation.id;
    let form = match consent {
        record_arguments::ConsentForm::Oral => ConsentForm::Oral,
        record_arguments::ConsentForm::Written => ConsentForm::Written,
    };
    app.record_consent(&id, ConsentDecision::Informed, form)?;
    let imported = app.import_audio_and_wait(&id, &audio);
    progress.end();
    if let Err(failure) = imported {
        // A file that gave nothing leaves no empty consultation behind; audio that came in stays.
        if app.consultation(&id)?.consultation.audio_ms == 0 {
            app.erase_consultation(&id, "nothing was imported")?;
        } else {
            eprintln!("calame: the audio is kept as consultation {id}");
        }
        return Err(failure.into());
    }
    let view = app.consultation(&id)?;
    print_json(&Imported {
        id: &id,
        transcript: &view.transcript,
        note: view.note.as_ref().map(|view| &view.note),
    })
}

fn show(access: &Access, id: &ConsultationId, json: bool) -> Result<(), CliError> {
    let view = unlocked(access)?.consultation(id)?;
    if json {
        return print_json(&view);
    }
    let Some(note) = &view.note else { return Err(CliError::Input("there is no note yet".into())) };
    let mut text = String::new();
    for section in &note.note.sections {
        text.push_str(&format!("{}\n", section.title));
        for statement in &section.statements {
            let waits = if note.pending.contains(&statement.id) { " [!]" } else { "" };
            text.push_str(&format!("  - {}{waits}\n", statement.text));
        }
    }
    match &view.signature {
        Some(signature) => text.push_str(&format!("\nValidated: {} ({})", signature.author, signature.at)),
        None => text.push_str(&format!("\nDraft: {} critical items to look at [!]", note.pending.len())),
    }
    print(&text)
}

fn export(access: &Access, id: &ConsultationId, form: &Form) -> Result<(), CliError> {
    let app = unlocked(access)?;
    if let Some(path) = &form.pdf {
        return Ok(app.export_pdf_to(id, path)?);
    }
    let format = if form.html { consultation::CopyFormat::Rich } else { consultation::CopyFormat::Plain };
    let clip = app.clip(id, format)?;
    print(&clip.html.unwrap_or(clip.plain))
}

fn unlocked(access: &Access) -> Result<Calame, CliError> {
    let app = app(access, None, Arc::new(|_| {}))?;
    app.unlock(&passphrase(access)?)?;
    Ok(app)
}

fn app(access: &Access, model: Option<&str>, sink: consultation::EventSink) -> Result<Calame, CliError> {
    let mut places = Places::of_this_user()?;
    places.record =
        access.record.clone().ok_or_else(|| CliError::Input("name the record: --record FILE".into()))?;
    let engine = Engine::named(&places.models, model);
    Ok(Calame::new(places, engine, Arc::new(SystemClock), sink))
}

fn passphrase(access: &Access) -> Result<Zeroizing<String>, CliError> {
    let path = access.passphrase_file.as_ref().ok_or_else(|| {
        CliError::Input("name a file that holds the passphrase: --passphrase-file FILE".into())
    })?;
    first_line(path)
}

pub fn first_line(path: &Path) -> Result<Zeroizing<String>, CliError> {
    let text = Zeroizing::new(std::fs::read_to_string(path).map_err(|e| CliError::file(path, e))?);
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}
