use std::ops::ControlFlow;
use std::path::Path;

use consultation::{Engine, Note, Options, Places, Rendering, SystemClock, Transcript};
use consultation::{render_note_file, structure_transcript, transcribe_file};

use crate::arguments::{Export, Structure, Transcribe};
use crate::failure::CliError;
use crate::progress::Progress;
use crate::{print, print_json, vocabulary};

pub fn transcribe(what: &Transcribe) -> Result<(), CliError> {
    let engine =
        Engine::named(&Places::of_this_user()?.models, what.model.as_deref()).computed_by(what.engine.into());
    let mut options = Options::new(what.language);
    if let Some(file) = &what.vocabulary {
        options.vocabulary = vocabulary::read(file)?;
    }
    let progress = Progress::new();
    let mut on = |fraction: f32| {
        progress.fraction("transcribing", fraction);
        ControlFlow::Continue(())
    };
    let done = transcribe_file(&engine, &what.audio, options, &mut on);
    progress.end();
    let (transcript, cut_short) = done?;
    if let Some(failure) = cut_short {
        eprintln!("calame: {failure}");
    }
    print_json(&transcript)
}

pub fn structure(what: &Structure) -> Result<(), CliError> {
    if let (Some(from), Some(to)) = (&what.batch, &what.out) {
        return batch(from, to, what.lenient);
    }
    let path = what.transcript.as_deref().unwrap_or(Path::new("-"));
    print_json(&structure_transcript(&read_transcript(path, what.lenient)?))
}

/// Every transcript is tried; those that failed are named on stderr.
fn batch(from: &Path, to: &Path, lenient: bool) -> Result<(), CliError> {
    std::fs::create_dir_all(to).map_err(|e| CliError::file(to, e))?;
    let entries = std::fs::read_dir(from).map_err(|e| CliError::file(from, e))?;
    let mut files: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let mut failed = 0;
    for path in &files {
        let written = read_transcript(path, lenient).and_then(|transcript| {
            let target = to.join(path.file_name().unwrap_or_default());
            let note = serde_json::to_string_pretty(&structure_transcript(&transcript))?;
            std::fs::write(&target, note).map_err(|e| CliError::file(&target, e))
        });
        if let Err(error) = written {
            eprintln!("calame: {error}");
            failed += 1;
        }
    }
    eprintln!("calame: {} of {} transcripts structured", files.len() - failed, files.len());
    if failed > 0 { Err(CliError::Batch { failed, total: files.len() }) } else { Ok(()) }
}

pub fn export(what: &Export) -> Result<(), CliError> {
    let text = read(&what.note)?;
    let note = Note::from_json(&text).map_err(|source| document(&what.note, source))?;
    if let Some(path) = &what.form.pdf {
        let pdf = render_note_file(&note, Rendering::Pdf, &SystemClock)?;
        return std::fs::write(path, pdf).map_err(|e| CliError::file(path, e));
    }
    let rendering = if what.form.html { Rendering::Html } else { Rendering::Text };
    print(&String::from_utf8_lossy(&render_note_file(&note, rendering, &SystemClock)?))
}

fn read_transcript(path: &Path, lenient: bool) -> Result<Transcript, CliError> {
    let text = read(path)?;
    let read = if lenient { Transcript::from_json_lenient(&text) } else { Transcript::from_json(&text) };
    read.map_err(|source| document(path, source))
}

fn read(path: &Path) -> Result<String, CliError> {
    let text = if path == Path::new("-") {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(path)
    };
    text.map_err(|e| CliError::file(path, e))
}

fn document(path: &Path, source: consultation::ReadError) -> CliError {
    CliError::Document { file: path.display().to_string(), source }
}
