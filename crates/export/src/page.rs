//! What the page template is given.

use chrono::Datelike as _;
use note::Language;
use serde::Serialize;

use crate::{Document, Subject, wording, world};

#[derive(Serialize)]
pub struct Page {
    title: &'static str,
    author: Vec<String>,
    date: Date,
    lang: &'static str,
    region: &'static str,
    draft: Option<&'static str>,
    footer: String,
    letterhead: Letterhead,
    patient: Patient,
    consulted: String,
    sections: Vec<Section>,
    signature: Vec<String>,
}

#[derive(Serialize)]
struct Date {
    year: i32,
    month: u32,
    day: u32,
}

#[derive(Serialize)]
struct Letterhead {
    doctor: String,
    details: Vec<String>,
    contact: Vec<String>,
}

#[derive(Serialize)]
struct Patient {
    name: String,
    details: Vec<String>,
}

#[derive(Serialize)]
struct Section {
    title: String,
    statements: Vec<String>,
}

impl Page {
    pub fn of(document: &Document<'_>) -> Self {
        let note = document.subject.note();
        let (language, heading, letterhead) = (note.language, document.heading, document.letterhead);
        let signature = wording::signature(language, document);
        let draft = signature.is_none().then(|| wording::draft(language));
        let footer = match (&signature, draft) {
            (Some((who, fingerprint)), _) => format!("{who} · {fingerprint}"),
            (None, words) => words.unwrap_or_default().to_owned(),
        };
        // A draft has no date of its own: the day of the visit, else a fixed one, so that equal notes give equal files.
        let day = match document.subject {
            Subject::Validated(signed) => wording::local(signed, heading).date_naive(),
            Subject::Draft(_) => heading.consulted_at.map(|at| at.date_naive()).unwrap_or_default(),
        };
        let rpps = (!letterhead.rpps.trim().is_empty()).then(|| format!("RPPS {}", letterhead.rpps.trim()));
        let birth = heading.birth_date.map(|birth| wording::born(language, birth));
        let number = heading.patient_identifier.as_deref().map(|n| wording::identifier(language, n));
        Self {
            title: wording::title(language),
            author: (!letterhead.doctor.trim().is_empty())
                .then(|| shown(&letterhead.doctor))
                .into_iter()
                .collect(),
            date: Date { year: day.year(), month: day.month(), day: day.day() },
            lang: language.code(),
            region: match language {
                Language::Fr => "FR",
                Language::En => "GB",
            },
            draft,
            footer: shown(&footer),
            letterhead: Letterhead {
                doctor: shown(&letterhead.doctor),
                details: filled([letterhead.specialty.clone()].into_iter().chain(rpps)),
                contact: filled(
                    letterhead
                        .address
                        .iter()
                        .cloned()
                        .chain([letterhead.phone.clone(), letterhead.email.clone()]),
                ),
            },
            patient: Patient {
                name: shown(heading.patient_name.as_deref().unwrap_or_default()),
                details: filled(birth.into_iter().chain(number)),
            },
            consulted: wording::consulted(language, heading),
            sections: note
                .sections
                .iter()
                .map(|section| Section {
                    title: shown(&section.title),
                    statements: section.statements.iter().map(|s| shown(&s.text)).collect(),
                })
                .collect(),
            signature: signature.map(|(who, fingerprint)| vec![shown(&who), fingerprint]).unwrap_or_default(),
        }
    }
}

fn filled(lines: impl Iterator<Item = String>) -> Vec<String> {
    lines.map(|line| shown(&line)).filter(|line| !line.is_empty()).collect()
}

/// One line; PDF/A refuses characters that the fonts cannot draw, so a mark stands for each of them.
fn shown(text: &str) -> String {
    let drawn = |c: char| match c {
        '\t' | '\n' | '\r' => Some(' '),
        '\u{202f}' => Some('\u{a0}'),
        c if c.is_control() => None,
        c if world::can_draw(c) => Some(c),
        _ => Some('?'),
    };
    text.trim().chars().filter_map(drawn).collect()
}
