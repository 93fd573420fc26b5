use crate::{Document, wording};

/// Plain text for the practice's own software: a line per statement, ordinary spaces.
#[must_use]
pub fn text(document: &Document<'_>) -> String {
    let note = document.subject.note();
    let language = note.language;
    let signature = wording::signature(language, document);
    let mut lines = Vec::new();
    if signature.is_none() {
        lines.extend([wording::draft(language).to_owned(), String::new()]);
    }
    let consulted = wording::consulted(language, document.heading);
    if !consulted.is_empty() {
        lines.extend([consulted, String::new()]);
    }
    for section in &note.sections {
        lines.push(section.title.to_uppercase());
        lines.extend(section.statements.iter().map(|statement| format!("- {}", statement.text)));
        lines.push(String::new());
    }
    match signature {
        Some((who, _)) => lines.push(who),
        None => {
            lines.pop();
        }
    }
    lines.join("\n").chars().map(ordinary).collect()
}

/// Older software shows a box for a narrow no-break space.
const fn ordinary(c: char) -> char {
    match c {
        '\u{202f}' | '\u{a0}' | '\u{2009}' => ' ',
        other => other,
    }
}
