//! `calame eval`: figures on stdout, pages into a folder.

use std::path::Path;

use consultation::{Engine, Language, Places};

use crate::arguments::{Annotated, EvalAct, EvalCommand};
use crate::failure::CliError;
use crate::print_json;
use crate::progress::Progress;

pub fn run(what: &EvalCommand) -> Result<(), CliError> {
    match &what.act {
        EvalAct::Notes { annotated, out, check } => {
            let measured = measured(annotated)?;
            if let Some(out) = out {
                measured.write_pages(out)?;
            }
            print_json(&measured.summary())?;
            reached(*check, &measured.unreached())
        }
        EvalAct::Review { annotated } => print_json(&::eval::review::review(&measured(annotated)?)),
        EvalAct::Speech { folder, model, language, out, check } => {
            let measured = speech(folder, model.as_deref(), *language, out.as_deref())?;
            print_json(&measured.summary())?;
            reached(*check, &measured.unreached())
        }
        EvalAct::Speakers { folder, model, by_words } => speakers(folder, model.as_deref(), *by_words),
    }
}

fn measured(annotated: &Annotated) -> Result<::eval::notes::Measured, CliError> {
    let measured = ::eval::notes::measure(&annotated.folder, annotated.notes.as_deref())?;
    for consultation in measured.consultations.iter().filter(|c| c.without_note) {
        eprintln!("calame: no note for {}: it counts as empty", consultation.name);
    }
    Ok(measured)
}

/// The figures were printed either way.
fn reached(check: bool, unreached: &[String]) -> Result<(), CliError> {
    if check && !unreached.is_empty() {
        return Err(CliError::Input(format!("below the thresholds: {}", unreached.join("; "))));
    }
    Ok(())
}

fn speech(
    folder: &Path,
    model: Option<&str>,
    language: Language,
    out: Option<&Path>,
) -> Result<::eval::speech::Measured, CliError> {
    let engine = Engine::named(&Places::of_this_user()?.models, model);
    let progress = Progress::new();
    let measured = ::eval::speech::measure(folder, &engine, language, &mut |_, done, count, share| {
        #[expect(clippy::cast_precision_loss, reason = "a share, for the eyes")]
        progress.fraction("transcribing", (done as f32 + share) / count.max(1) as f32);
    });
    progress.end();
    let measured = measured?;
    for name in &measured.unreferenced {
        eprintln!("calame: {name} has no reference beside it and was not measured");
    }
    if let Some(out) = out {
        measured.write_pages(out)?;
    }
    Ok(measured)
}

fn speakers(folder: &Path, model: Option<&str>, by_words: bool) -> Result<(), CliError> {
    let engine = Engine::named(&Places::of_this_user()?.models, model);
    let engine = if by_words { engine.without_voices() } else { engine };
    let progress = Progress::new();
    let summary = ::eval::speakers::measure(folder, &engine, &mut |_, done, count, share| {
        #[expect(clippy::cast_precision_loss, reason = "a share, for the eyes")]
        progress.fraction("transcribing", (done as f32 + share) / count.max(1) as f32);
    });
    progress.end();
    print_json(&summary?)
}
