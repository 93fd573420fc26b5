use crate::characters::one_line;
use crate::{Document, Subject, wording};

/// Semantic HTML for the rich clipboard: headings and lists, no style of its own, every text escaped. A draft says so
/// first. The patient is not named, as in [`text`](crate::text).
#[must_use]
pub fn html(document: &Document<'_>) -> String {
    let note = document.subject.note();
    let mut page = format!("<article lang=\"{}\">", note.language.code());
    if let Subject::Draft(_) = document.subject {
        push(&mut page, "<p><strong>", wording::draft(note.language), "</strong></p>");
    }
    if let Some(consulted) = wording::consulted(note.language, document.heading) {
        push(&mut page, "<p>", &consulted, "</p>");
    }
    for section in &note.sections {
        let statements: Vec<String> = section
            .statements
            .iter()
            .map(|statement| one_line(&statement.text))
            .filter(|line| !line.is_empty())
            .collect();
        if !statements.is_empty() {
            push(&mut page, "<h3>", &one_line(&section.title), "</h3><ul>");
            for statement in &statements {
                push(&mut page, "<li>", statement, "</li>");
            }
            page.push_str("</ul>");
        }
    }
    if let Some(signature) = wording::validated(document.subject, document.heading) {
        push(&mut page, "<p>", &one_line(&signature), "</p>");
    }
    page.push_str("</article>");
    page
}

fn push(page: &mut String, before: &str, text: &str, after: &str) {
    page.push_str(before);
    for c in text.chars() {
        match c {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            c => page.push(c),
        }
    }
    page.push_str(after);
}
