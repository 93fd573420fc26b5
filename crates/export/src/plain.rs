use note::SectionId;

use crate::characters::ordinary;
use crate::{Document, wording};

/// Plain text for the practice's own software: a title per section, a line per statement, no blank line at the end, and
/// characters that software of any age can store. A draft or an exercise says so in its first line.
///
/// The patient is not named: it is pasted into the patient's own file, and the clipboard is read by other programs.
#[must_use]
pub fn text(document: &Document<'_>) -> String {
    let subject = document.subject;
    let language = subject.language();
    let mut paragraphs = Vec::new();
    paragraphs.extend(wording::mark(document).map(|mark| ordinary(mark.notice)));
    if subject.tells_visit() {
        paragraphs.extend(wording::consulted(language, document.heading).map(|line| ordinary(&line)));
    } else {
        paragraphs.push(ordinary(&subject.title().to_uppercase()));
        paragraphs.push(subject.recipient().iter().map(|line| ordinary(line)).collect::<Vec<_>>().join("\n"));
    }
    paragraphs.extend(subject.opening().iter().map(|paragraph| ordinary(paragraph)));
    for part in subject.parts() {
        let mut lines = listed(&part.lines);
        if !lines.is_empty() {
            let title = ordinary(&part.title.to_uppercase());
            lines.splice(..0, Some(title).filter(|title| !title.is_empty()));
            paragraphs.push(lines.join("\n"));
        }
    }
    paragraphs.extend(subject.closing().iter().map(|paragraph| ordinary(paragraph)));
    paragraphs.extend(wording::validated(subject, document.heading).map(|signature| ordinary(&signature)));
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs.join("\n\n")
}

/// One section as plain text, for a field of the practice's own software that has a title already: a line per statement.
/// Empty where the note has no such section.
#[must_use]
pub fn section_text(document: &Document<'_>, section: SectionId) -> String {
    let lines = listed(&document.subject.section(section));
    if lines.is_empty() {
        return String::new();
    }
    let mark = wording::mark(document).map(|mark| ordinary(mark.notice));
    mark.into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

fn listed(lines: &[&str]) -> Vec<String> {
    let lines = lines.iter().map(|line| ordinary(line)).filter(|line| !line.is_empty());
    lines.map(|line| format!("- {line}")).collect()
}
