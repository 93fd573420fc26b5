//! Dates and fixed words, as a doctor of each language writes them.

use chrono::{DateTime, FixedOffset, NaiveDate, Offset as _, Utc};
use note::{Language, ValidatedNote};

use crate::{Document, Heading, Subject};

pub fn date(language: Language, date: NaiveDate) -> String {
    date.format(match language {
        Language::Fr => "%d/%m/%Y",
        Language::En => "%-d %B %Y",
    })
    .to_string()
}

/// "23/11/2026 à 14 h 05": no-break spaces within the hour.
fn moment(language: Language, at: DateTime<FixedOffset>) -> String {
    let day = date(language, at.date_naive());
    match language {
        Language::Fr => format!("{day} à {}\u{a0}h\u{a0}{}", at.format("%-H"), at.format("%M")),
        Language::En => format!("{day} at {}", at.format("%H:%M")),
    }
}

pub const fn draft(language: Language) -> &'static str {
    match language {
        Language::Fr => "BROUILLON – non validé",
        Language::En => "DRAFT – not validated",
    }
}

pub const fn title(language: Language) -> &'static str {
    match language {
        Language::Fr => "Compte rendu de consultation",
        Language::En => "Consultation note",
    }
}

pub fn consulted(language: Language, heading: &Heading) -> String {
    let Some(at) = heading.consulted_at else { return String::new() };
    match language {
        Language::Fr => format!("Consultation du {}", moment(language, at)),
        Language::En => format!("Consultation of {}", moment(language, at)),
    }
}

pub fn born(language: Language, birth: NaiveDate) -> String {
    match language {
        Language::Fr => format!("né(e) le {}", date(language, birth)),
        Language::En => format!("born {}", date(language, birth)),
    }
}

pub fn identifier(language: Language, number: &str) -> String {
    match language {
        Language::Fr => format!("Dossier n°\u{a0}{number}"),
        Language::En => format!("Record no.\u{a0}{number}"),
    }
}

/// Who validated, when, and the beginning of the note's fingerprint.
pub fn signature(language: Language, document: &Document<'_>) -> Option<(String, String)> {
    let Subject::Validated(signed) = document.subject else { return None };
    let at = local(signed, document.heading);
    let fingerprint = signed.sha256().get(..16).unwrap_or_default();
    Some(match language {
        Language::Fr => (
            format!("Validé par {} le {}", signed.author(), moment(language, at)),
            format!("empreinte SHA-256\u{a0}: {fingerprint}…"),
        ),
        Language::En => (
            format!("Validated by {} on {}", signed.author(), moment(language, at)),
            format!("SHA-256 fingerprint: {fingerprint}…"),
        ),
    })
}

pub fn local(signed: &ValidatedNote, heading: &Heading) -> DateTime<FixedOffset> {
    let offset = heading.consulted_at.map_or_else(|| Utc.fix(), |at| *at.offset());
    signed.at().with_timezone(&offset)
}
