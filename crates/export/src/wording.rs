//! Dates and fixed words, as a doctor of each language writes them.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, Offset as _, Utc};
use note::Language;

use crate::subject::Signed;
use crate::{Document, Heading, Subject};

/// The form of tables and signatures: "23/11/2026". English spells the month, since 3/4 is not the same day everywhere.
fn short_date(language: Language, date: NaiveDate) -> String {
    match language {
        Language::Fr => date.format("%d/%m/%Y").to_string(),
        Language::En => date.format("%-d %b %Y").to_string(),
    }
}

/// "23 novembre 2026", and "1er" for the first of a month.
pub fn long_date(language: Language, date: NaiveDate) -> String {
    const MONTHS: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    match language {
        Language::Fr => {
            let day = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
            let month = MONTHS.get(date.month0() as usize).copied().unwrap_or_default();
            format!("{day}\u{a0}{month} {}", date.year())
        }
        Language::En => date.format("%-d\u{a0}%B %Y").to_string(),
    }
}

/// "14 h 05", held together by no-break spaces.
fn hour(language: Language, at: DateTime<FixedOffset>) -> String {
    match language {
        Language::Fr => at.format("%-H\u{a0}h\u{a0}%M").to_string(),
        Language::En => at.format("%H:%M").to_string(),
    }
}

/// Why a document is not to be taken for a final one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// In one line.
    pub notice: &'static str,
    /// In the two lines that lie across a page.
    pub watermark: [&'static str; 2],
}

/// None for a signed document of a real visit.
pub fn mark(document: &Document<'_>) -> Option<Mark> {
    let language = document.subject.language();
    if document.heading.exercise {
        return Some(match language {
            Language::Fr => Mark {
                notice: "EXERCICE – patient inventé, document sans valeur",
                watermark: ["EXERCICE", "sans valeur"],
            },
            Language::En => Mark {
                notice: "PRACTICE – invented patient, document of no value",
                watermark: ["PRACTICE", "of no value"],
            },
        });
    }
    document.subject.signed().is_none().then_some(match language {
        Language::Fr => Mark { notice: "BROUILLON – non validé", watermark: ["BROUILLON", "non validé"] },
        Language::En => Mark { notice: "DRAFT – not validated", watermark: ["DRAFT", "not validated"] },
    })
}

pub const fn title(language: Language) -> &'static str {
    match language {
        Language::Fr => "Compte rendu de consultation",
        Language::En => "Consultation note",
    }
}

pub const fn page(language: Language) -> &'static str {
    match language {
        Language::Fr => "page",
        Language::En => "Page",
    }
}

/// Where a note says nothing at all: an empty sheet could be taken for a failure of the printer.
pub const fn nothing(language: Language) -> &'static str {
    match language {
        Language::Fr => "Aucun élément consigné.",
        Language::En => "Nothing recorded.",
    }
}

/// "Consultation du 23 novembre 2026 à 14 h 05".
pub fn consulted(language: Language, heading: &Heading) -> Option<String> {
    let at = heading.consulted_at?;
    let (day, hour) = (long_date(language, at.date_naive()), hour(language, at));
    Some(match language {
        Language::Fr => format!("Consultation du {day} à {hour}"),
        Language::En => format!("Consultation on {day} at {hour}"),
    })
}

pub fn born(language: Language, birth: NaiveDate) -> String {
    match language {
        Language::Fr => format!("né(e) le {}", short_date(language, birth)),
        Language::En => format!("born {}", long_date(language, birth)),
    }
}

pub fn identifier(language: Language, number: &str) -> String {
    match language {
        Language::Fr => format!("dossier n°\u{a0}{number}"),
        Language::En => format!("record no.\u{a0}{number}"),
    }
}

/// "Validé par Dr Claire Martin le 23/11/2026 à 14 h 20": None for a draft.
pub fn validated(subject: Subject<'_>, heading: &Heading) -> Option<String> {
    let signed = subject.signed()?;
    let (author, at) = (signed.author, local(signed, heading));
    let language = subject.language();
    let (day, hour) = (short_date(language, at.date_naive()), hour(language, at));
    Some(match language {
        Language::Fr => format!("Validé par {author} le {day} à {hour}"),
        Language::En => format!("Validated by {author} on {day} at {hour}"),
    })
}

/// The beginning of the SHA-256: enough to tell two versions apart on paper.
pub fn fingerprint(signed: Signed<'_>) -> String {
    format!("SHA-256 {}…", signed.sha256.get(..16).unwrap_or_default())
}

/// When it was validated, in the practice's time.
pub fn local(signed: Signed<'_>, heading: &Heading) -> DateTime<FixedOffset> {
    let offset = heading.consulted_at.map_or_else(|| Utc.fix(), |at| *at.offset());
    signed.at.with_timezone(&offset)
}
