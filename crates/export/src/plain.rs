use crate::characters::ordinary;
use crate::{Document, Subject, wording};

/// Plain text for the practice's own software: a title per section, a line per statement, no blank line at the end, and
/// characters that software of any age can store. A draft says so in its first line.
///
/// The patient is not named: it is pasted into the patient's own file, and the clipboard is read by other programs.
#[must_use]
pub fn text(document: &Document<'_>) -> String {
    let note = document.subject.note();
    let mut paragraphs = Vec::new();
    if let Subject::Draft(_) = document.subject {
        paragraphs.push(ordinary(wording::draft(note.language)));
    }
    paragraphs.extend(wording::consulted(note.language, document.heading).map(|line| ordinary(&line)));
    for section in &note.sections {
        let statements: Vec<String> = section
            .statements
            .iter()
            .map(|statement| ordinary(&statement.text))
            .filter(|line| !line.is_empty())
            .map(|line| format!("- {line}"))
            .collect();
        if !statements.is_empty() {
            let title = ordinary(&section.title.to_uppercase());
            paragraphs.push(format!("{title}\n{}", statements.join("\n")));
        }
    }
    paragraphs
        .extend(wording::validated(document.subject, document.heading).map(|signature| ordinary(&signature)));
    paragraphs.join("\n\n")
}
