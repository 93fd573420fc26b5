//! `calame record`: history, patients and their rights, backups, doctors.

use std::path::Path;

use chrono::{TimeDelta, Utc};
use consultation::{AudioFate, Calame, ConsultationId, Edit, RestorePreview, SectionId};

use crate::failure::CliError;
use crate::print_json;
use crate::record::first_line;
use crate::record_arguments::{DoctorsAct, Erased, Fate, RecordAct};
use crate::vocabulary;

pub fn run(app: &Calame, act: &RecordAct) -> Result<(), CliError> {
    match act {
        RecordAct::Versions { id } => print_json(&app.versions(id)?),
        RecordAct::Diff { id, older, newer } => print_json(&app.differences(id, *older, *newer)?),
        RecordAct::Addendum { id, text, section, author, checked } => {
            // What the window left unsigned is not signed from here unseen.
            if app.consultation(id)?.has_addendum_draft {
                return Err(CliError::Input(
                    "an addendum is being written in the window: sign or discard it there".into(),
                ));
            }
            add(app, id, *section, text, author, *checked).inspect_err(|_| drop(app.discard_addendum(id)))
        }
        RecordAct::Audio { id, fate } => {
            app.decide_audio(id, &fate_of(fate))?;
            app.settle()?;
            print_json(&app.consultation(id)?.audio_fate)
        }
        RecordAct::Patients { text } => print_json(&app.patients(text)?),
        RecordAct::Timeline { patient } => print_json(&app.timeline(patient)?),
        RecordAct::Access { patient, to } => {
            app.export_access_to(patient, to)?;
            eprintln!("calame: the archive is in the clear: hand it over, and keep no copy lying about");
            print_json(&serde_json::json!({ "path": to }))
        }
        RecordAct::Erase { what, why } => erase(app, what, why),
        RecordAct::Backup { to, keep } => {
            let plan = consultation::BackupPlan { keep: *keep, ..app.backup_state()?.plan };
            app.save_backup_plan(plan)?;
            print_json(&app.back_up(Some(to))?)
        }
        RecordAct::Vocabulary { act } => vocabulary::run(app, act),
        RecordAct::Doctors { act } => doctors(app, act),
        _ => Err(CliError::Input("this is not done here".into())),
    }
}

fn add(
    app: &Calame,
    id: &ConsultationId,
    section: SectionId,
    text: &[String],
    author: &str,
    checked: bool,
) -> Result<(), CliError> {
    for text in text {
        app.edit_addendum(id, Edit::Add { section, text: text.clone() })?;
    }
    print_json(&app.sign_addendum_as(id, author, checked)?.signature)
}

/// Without `yes`, only tells what would happen.
pub fn restore(app: &Calame, backup: &Path, secret: &str, yes: bool) -> Result<(), CliError> {
    let preview = app.preview_restore(backup, secret)?;
    eprintln!("calame: {}", words(&preview));
    if !yes {
        eprintln!("calame: nothing was changed; add --yes to restore");
        return print_json(&preview);
    }
    print_json(&app.restore(backup, secret)?)
}

fn words(preview: &RestorePreview) -> String {
    let held = &preview.backup;
    let newest = held
        .last_at
        .map_or_else(String::new, |at| format!(", the newest of {}", at.format("%Y-%m-%d %H:%M UTC")));
    let mut text = format!("the backup holds {} consultations{newest}", held.consultations);
    text.push_str(&match (&preview.present, preview.replaces) {
        (Some(now), _) => format!(
            "; it replaces a record of {} consultations, which is kept aside: {} that the backup does not hold would no \
             longer be there, {} would go back to an earlier state, {} erased since stay erased",
            now.consultations, preview.lost, preview.older, preview.erased_since
        ),
        (None, true) => "; it replaces a record that this passphrase does not open, which is kept aside".to_owned(),
        (None, false) => "; there is no record in its place".to_owned(),
    });
    text
}

fn erase(app: &Calame, what: &Erased, why: &str) -> Result<(), CliError> {
    let erased = match (&what.consultation, &what.patient) {
        (Some(id), _) => app.erase_consultation(id, why).map(|()| 1)?,
        (None, Some(patient)) => app.erase_patient(patient, why)?,
        (None, None) => return Err(CliError::Input("name a consultation or a patient".into())),
    };
    print_json(&serde_json::json!({ "consultations": erased }))
}

fn doctors(app: &Calame, act: &DoctorsAct) -> Result<(), CliError> {
    print_json(&match act {
        DoctorsAct::List => app.doctors()?,
        DoctorsAct::Add { name, new_passphrase_file, shares } => {
            app.add_doctor(name, &first_line(new_passphrase_file)?, *shares)?
        }
        DoctorsAct::Remove { doctor } => app.remove_doctor(doctor)?,
    })
}

fn fate_of(fate: &Fate) -> AudioFate {
    match (&fate.keep, fate.after) {
        (Some(reason), _) => AudioFate::Keep { reason: reason.clone() },
        (None, Some(days)) => AudioFate::EraseAt { at: Utc::now() + TimeDelta::days(i64::from(days)) },
        (None, None) => AudioFate::Erase,
    }
}
