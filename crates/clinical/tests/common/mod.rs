//! Reading the scripted visits of the tests. All people in them are invented.
#![allow(dead_code, clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clinical::Clinical;
use note::{
    Experiencer, Flag, Language, Note, Polarity, SectionId, Segment, Speaker, Statement, Temporality,
    Transcript,
};

/// A script has one turn a line: `D:` doctor, `P:` patient, `C:` companion, `?:` unknown.
pub fn transcript(script: &str, language: Language) -> Transcript {
    let mut transcript = Transcript::new(language);
    for (index, line) in (0u32..).zip(script.lines().filter(|l| !l.trim().is_empty())) {
        let (who, text) = line.split_once(':').unwrap();
        let speaker = match who {
            "D" => Speaker::Doctor,
            "P" => Speaker::Patient,
            "C" => Speaker::Companion,
            _ => Speaker::Unknown,
        };
        transcript.segments.push(Segment {
            index,
            speaker,
            start_ms: index * 4000,
            end_ms: index * 4000 + 3900,
            text: text.trim().to_owned(),
            words: vec![],
            suspect: false,
        });
    }
    transcript
}

/// The note of a French script.
pub fn french(script: &str) -> Note {
    Clinical::load(Language::Fr).structure(&transcript(script, Language::Fr))
}

/// The note of an English script.
pub fn english(script: &str) -> Note {
    Clinical::load(Language::En).structure(&transcript(script, Language::En))
}

/// The first statement whose concept holds the words.
pub fn find<'a>(note: &'a Note, concept: &str) -> Option<(SectionId, &'a Statement)> {
    note.statements().find(|(_, s)| s.concept.as_deref().is_some_and(|c| c.contains(concept)))
}

/// What the statements say, with plain spaces.
pub fn texts(note: &Note) -> Vec<String> {
    note.statements().map(|(_, s)| s.text.replace('\u{a0}', " ")).collect()
}

/// The scripts of a language, by name.
pub fn scripts(language: Language) -> Vec<(PathBuf, Transcript)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/visits").join(language.code());
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let script = std::fs::read_to_string(&path).unwrap();
            (path, transcript(&script, language))
        })
        .collect()
}

/// A note as a reviewer reads it: sections, texts, what is not plain about them, and the segments they come from.
pub fn rendered(note: &Note) -> String {
    let mut text = String::new();
    for section in &note.sections {
        writeln!(text, "## {}", section.title).unwrap();
        for s in &section.statements {
            let mut marks = Vec::new();
            match s.polarity {
                Polarity::Present => {}
                Polarity::Absent => marks.push("absent".to_owned()),
                Polarity::Uncertain => marks.push("uncertain".to_owned()),
            }
            if s.experiencer == Experiencer::Family {
                marks.push("family".into());
            }
            if s.temporality == Temporality::Past {
                marks.push("past".into());
            }
            for flag in &s.flags {
                if *flag == Flag::Critical {
                    marks.push("!".into());
                } else {
                    marks.push(format!("{flag:?}"));
                }
            }
            let mut segments: Vec<u32> = s.sources.iter().map(|q| q.segment).collect();
            segments.dedup();
            let plain = s.text.replace(['\u{a0}', '\u{202f}'], "_");
            writeln!(text, "- {plain}  [{}] <{segments:?}", marks.join(" ")).unwrap();
        }
    }
    for omission in &note.omissions {
        writeln!(text, "? {} <{}", omission.quote, omission.segment).unwrap();
    }
    text
}
