use crate::{Document, wording};

/// Semantic HTML for the rich clipboard: headings and lists, no style of its own.
#[must_use]
pub fn html(document: &Document<'_>) -> String {
    let note = document.subject.note();
    let language = note.language;
    let signature = wording::signature(language, document);
    let mut page = format!("<article lang=\"{}\">", language.code());
    if signature.is_none() {
        page.push_str(&format!("<p><strong>{}</strong></p>", escaped(wording::draft(language))));
    }
    let consulted = wording::consulted(language, document.heading);
    if !consulted.is_empty() {
        page.push_str(&format!("<p>{}</p>", escaped(&consulted)));
    }
    for section in &note.sections {
        page.push_str(&format!("<h3>{}</h3><ul>", escaped(&section.title)));
        for statement in &section.statements {
            page.push_str(&format!("<li>{}</li>", escaped(&statement.text)));
        }
        page.push_str("</ul>");
    }
    if let Some((who, _)) = signature {
        page.push_str(&format!("<p>{}</p>", escaped(&who)));
    }
    page.push_str("</article>");
    page
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
