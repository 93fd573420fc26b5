//! What the page template is given. Nothing in it is markup.

use chrono::{Datelike as _, NaiveDate};
use note::Language;
use serde::Serialize;

use crate::subject::Part;
use crate::{Document, Letterhead, Subject, characters, typography, wording, world};

#[derive(Serialize)]
pub struct Page {
    /// For the file's metadata: a draft says so there too.
    title: String,
    name: String,
    author: Vec<String>,
    date: Option<Date>,
    language: &'static str,
    region: &'static str,
    letterhead: Sender,
    patient: Patient,
    consulted: String,
    /// A draft, or an exercise. Said in the body too: what lies behind a page and below it is not read aloud.
    mark: Option<Mark>,
    recipient: Vec<String>,
    opening: Vec<String>,
    sections: Vec<Section>,
    closing: Vec<String>,
    nothing: Option<&'static str>,
    signature: Option<Signature>,
    footer: Vec<String>,
    page: &'static str,
}

#[derive(Serialize)]
struct Date {
    year: i32,
    month: u32,
    day: u32,
}

#[derive(Serialize)]
struct Sender {
    name: String,
    details: Vec<String>,
    contact: Vec<String>,
}

#[derive(Serialize)]
struct Patient {
    name: String,
    details: Vec<String>,
}

#[derive(Serialize)]
struct Mark {
    notice: &'static str,
    watermark: [&'static str; 2],
}

#[derive(Serialize)]
struct Section {
    title: String,
    statements: Vec<String>,
}

#[derive(Serialize)]
struct Signature {
    author: String,
    validated: String,
}

impl Page {
    pub fn of(document: &Document<'_>) -> Self {
        let (subject, heading) = (document.subject, document.heading);
        let language = subject.language();
        let line = |text: &str| shown(language, text);
        let lines = |all: &[String]| {
            all.iter().map(|text| line(text)).filter(|text| !text.is_empty()).collect::<Vec<_>>()
        };
        let sections = sections(subject);
        let mark =
            wording::mark(document).map(|wording::Mark { notice, watermark }| Mark { notice, watermark });
        let name = line(subject.title());
        let title = match &mark {
            Some(mark) => format!("{name} – {}", mark.notice),
            None => name.clone(),
        };
        let (author, date, signature, footer) = match subject.signed() {
            Some(signed) => {
                let validated = line(&wording::validated(subject, heading).unwrap_or_default());
                let author = line(signed.author);
                let notice = mark.as_ref().map(|mark| mark.notice.to_owned());
                let footer =
                    notice.into_iter().chain([validated.clone(), wording::fingerprint(signed)]).collect();
                let date = date(wording::local(signed, heading).date_naive());
                (vec![author.clone()], Some(date), Some(Signature { author, validated }), footer)
            }
            None => {
                let day = heading.consulted_at.map(|at| at.date_naive()).or(heading.printed_on);
                let date = day.map(date);
                (Vec::new(), date, None, mark.iter().map(|mark| mark.notice.to_owned()).collect())
            }
        };
        let birth = heading.birth_date.map(|birth| wording::born(language, birth));
        let number = filled(heading.patient_identifier.as_deref());
        let number = number.map(|number| wording::identifier(language, number));
        let consulted = wording::consulted(language, heading).filter(|_| subject.tells_visit());
        Self {
            title,
            name,
            author,
            date,
            language: language.code(),
            region: match language {
                Language::Fr => "FR",
                Language::En => "GB",
            },
            letterhead: sender(language, document.letterhead),
            patient: Patient {
                name: line(heading.patient_name.as_deref().unwrap_or_default()),
                details: birth.into_iter().chain(number).map(|detail| line(&detail)).collect(),
            },
            consulted: consulted.unwrap_or_default(),
            mark,
            recipient: lines(subject.recipient()),
            opening: lines(subject.opening()),
            nothing: (sections.is_empty() && subject.tells_visit()).then(|| wording::nothing(language)),
            sections,
            closing: lines(subject.closing()),
            signature,
            footer,
            page: wording::page(language),
        }
    }
}

fn sender(language: Language, letterhead: &Letterhead) -> Sender {
    let rpps = filled(Some(&letterhead.rpps)).map(|number| format!("RPPS\u{a0}{number}"));
    let lines = |all: &mut dyn Iterator<Item = &str>| {
        all.map(|line| shown(language, line)).filter(|line| !line.is_empty()).collect::<Vec<_>>()
    };
    let ways = [letterhead.phone.as_str(), letterhead.email.as_str()];
    Sender {
        name: shown(language, &letterhead.doctor),
        details: lines(&mut std::iter::once(letterhead.specialty.as_str()).chain(rpps.as_deref())),
        contact: lines(&mut letterhead.address.iter().map(String::as_str).chain(ways)),
    }
}

/// Parts in their order, without what would print as nothing.
fn sections(subject: Subject<'_>) -> Vec<Section> {
    let language = subject.language();
    let section = |part: Part<'_>| Section {
        title: shown(language, part.title),
        statements: part
            .lines
            .iter()
            .map(|line| shown(language, line))
            .filter(|line| !line.is_empty())
            .collect(),
    };
    subject.parts().into_iter().map(section).filter(|section| !section.statements.is_empty()).collect()
}

fn shown(language: Language, text: &str) -> String {
    typography::set(language, &characters::drawn(text, world::can_draw))
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn date(day: NaiveDate) -> Date {
    Date { year: day.year(), month: day.month(), day: day.day() }
}
