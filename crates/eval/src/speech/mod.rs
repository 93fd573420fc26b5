//! Transcripts against what was said.

mod align;
mod compare;
mod normalise;
mod page;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Instant;

use consultation::{Engine, Options, transcribe_file};
use note::{Language, Transcript};
use serde::{Deserialize, Serialize};

pub use compare::{Compared, Counts, Figures, compare};

use crate::folder::{files, make, read, stem, write};
use crate::threshold::{standing, unreached};
use crate::{EvalError, Standing};

/// All recordings of a folder that have a reference, transcribed and measured.
pub struct Measured {
    pub model: String,
    pub recordings: Vec<Recording>,
    /// Audio without a reference beside it.
    pub unreferenced: Vec<String>,
}

pub struct Recording {
    /// Name of its file, without extension.
    pub name: String,
    pub language: Language,
    pub transcript: Transcript,
    pub compared: Compared,
    /// The file is cut short or damaged: what it holds was compared.
    pub damaged: Option<String>,
}

/// `NAME.ref.json`; other fields (origin, licence) are for people.
#[derive(Deserialize)]
struct Reference {
    text: String,
    language: Option<Language>,
}

const AUDIO: [&str; 9] = ["wav", "flac", "mp3", "ogg", "oga", "opus", "m4a", "mp4", "aac"];

/// Transcribes every audio file of `folder` that has a `NAME.ref.json` or `NAME.txt` beside it. `language` is for
/// references that name none. `on` hears the file's name, how many are done of how many, and the share of this one.
///
/// # Errors
/// When the folder, a reference, the model or an audio file cannot be read.
pub fn measure(
    folder: &Path,
    engine: &Engine,
    language: Language,
    on: &mut dyn FnMut(&str, usize, usize, f32),
) -> Result<Measured, EvalError> {
    let audio = |name: &str| {
        let extension = Path::new(name).extension().unwrap_or_default().to_ascii_lowercase();
        AUDIO.iter().any(|known| extension == *known)
    };
    let (mut pairs, mut unreferenced) = (Vec::new(), Vec::new());
    for path in files(folder, audio, "audio file")? {
        match reference(&path, language)? {
            Some(reference) => pairs.push((path, reference)),
            None => unreferenced.push(path.file_name().unwrap_or_default().to_string_lossy().into_owned()),
        }
    }
    if pairs.is_empty() {
        return Err(EvalError::Nothing {
            what: "audio file with a reference (NAME.ref.json or NAME.txt)",
            folder: folder.into(),
        });
    }
    let mut measured = Measured { model: String::new(), recordings: Vec::new(), unreferenced };
    let count = pairs.len();
    for (done, (path, (text, language))) in pairs.into_iter().enumerate() {
        let name = stem(&path);
        let failed = |source| EvalError::Speech { file: path.clone(), source };
        // Loading is paid once a day: it is not part of the speed.
        engine.model(language).map_err(failed)?;
        let start = Instant::now();
        let (transcript, damage) = transcribe_file(engine, &path, Options::new(language), &mut |share| {
            on(&name, done, count, share);
            ControlFlow::Continue(())
        })
        .map_err(failed)?;
        let work = start.elapsed();
        if let Some(model) = &transcript.model {
            measured.model.clone_from(model);
        }
        let compared = compare(&text, &transcript, work);
        let damaged = damage.map(|failure| failure.to_string());
        measured.recordings.push(Recording { name, language, transcript, compared, damaged });
    }
    Ok(measured)
}

fn reference(audio: &Path, language: Language) -> Result<Option<(String, Language)>, EvalError> {
    let json = audio.with_extension("ref.json");
    if json.is_file() {
        let given: Reference = serde_json::from_str(&read(&json)?)
            .map_err(|source| EvalError::Annotations { file: json, source })?;
        return Ok(Some((given.text, given.language.unwrap_or(language))));
    }
    let plain: PathBuf = audio.with_extension("txt");
    if plain.is_file() { Ok(Some((read(&plain)?, language))) } else { Ok(None) }
}

#[derive(Debug, Serialize)]
pub struct Summary<'a> {
    pub model: &'a str,
    pub total: Figures,
    /// Of the whole set against the thresholds.
    pub standing: BTreeMap<&'static str, Standing>,
    pub counts: Counts,
    pub each: BTreeMap<&'a str, Each<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub unreferenced: &'a [String],
}

#[derive(Debug, Serialize)]
pub struct Each<'a> {
    #[serde(flatten)]
    pub figures: Figures,
    pub counts: Counts,
    /// Terms of the reference that were not heard, by concept.
    pub terms_lost: &'a [String],
    /// Terms heard that nobody said.
    pub terms_invented: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub damaged: Option<&'a str>,
}

impl Measured {
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut total = Counts::default();
        for recording in &self.recordings {
            total.add(&recording.compared.counts);
        }
        total
    }

    /// What is printed.
    #[must_use]
    pub fn summary(&self) -> Summary<'_> {
        let counts = self.counts();
        let each = self.recordings.iter().map(|recording| {
            let Compared { counts, terms_lost, terms_invented, .. } = &recording.compared;
            let figures = counts.figures();
            let damaged = recording.damaged.as_deref();
            (recording.name.as_str(), Each { figures, counts: *counts, terms_lost, terms_invented, damaged })
        });
        let total = counts.figures();
        let named = total.named(counts.silent).into_iter();
        Summary {
            model: &self.model,
            total,
            standing: named.filter_map(|(name, value)| Some((name, standing(name, value)?))).collect(),
            counts,
            each: each.collect(),
            unreferenced: &self.unreferenced,
        }
    }

    /// Figures of the whole set that do not reach their threshold, in words.
    #[must_use]
    pub fn unreached(&self) -> Vec<String> {
        let counts = self.counts();
        unreached(&counts.figures().named(counts.silent))
    }

    /// Writes a page for each recording and an index of them.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write_pages(&self, out: &Path) -> Result<(), EvalError> {
        make(out)?;
        for recording in &self.recordings {
            write(&out.join(recording.page_name()), &page::of_recording(recording))?;
        }
        write(&out.join("index.html"), &page::of_all(self))
    }

    fn language(&self) -> Language {
        let english = self.recordings.iter().all(|r| r.language == Language::En);
        if english { Language::En } else { Language::Fr }
    }
}

impl Recording {
    fn page_name(&self) -> String {
        format!("{}.speech.html", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_json_or_plain_text_beside_the_audio() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("a.ref.json"), r#"{"text":"Hello.","language":"en","origin":"typed"}"#).unwrap();
        std::fs::write(at("b.v2.txt"), "Bonjour.").unwrap();
        std::fs::write(at("silence.ref.json"), r#"{"text":""}"#).unwrap();
        std::fs::write(at("broken.ref.json"), r#"{"txt":""}"#).unwrap();
        let read = |name| reference(&at(name), Language::Fr);
        assert_eq!(read("a.mp3").unwrap(), Some(("Hello.".into(), Language::En)));
        assert_eq!(read("b.v2.wav").unwrap(), Some(("Bonjour.".into(), Language::Fr)));
        assert_eq!(read("silence.wav").unwrap(), Some((String::new(), Language::Fr)));
        assert_eq!(read("nothing.wav").unwrap(), None);
        assert!(read("broken.wav").is_err());
    }

    #[test]
    fn a_folder_without_references_is_refused_before_any_work() {
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::named(folder.path(), None);
        let measure = || measure(folder.path(), &engine, Language::Fr, &mut |_, _, _, _| ()).map(|_| ());
        assert!(matches!(measure(), Err(EvalError::Nothing { what: "audio file", .. })));
        std::fs::write(folder.path().join("a.WAV"), "").unwrap();
        assert!(matches!(measure(), Err(EvalError::Nothing { .. })));
    }
}
