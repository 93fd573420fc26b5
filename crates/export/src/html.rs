use note::SectionId;

use crate::characters::one_line;
use crate::{Document, wording};

/// Semantic HTML for the rich clipboard: headings and lists, no style of its own, every text escaped. A draft or an
/// exercise says so first. The patient is not named, as in [`text`](crate::text).
#[must_use]
pub fn html(document: &Document<'_>) -> String {
    let subject = document.subject;
    let language = subject.language();
    let mut page = format!("<article lang=\"{}\">", language.code());
    if let Some(mark) = wording::mark(document) {
        push(&mut page, "<p><strong>", mark.notice, "</strong></p>");
    }
    if subject.tells_visit() {
        if let Some(consulted) = wording::consulted(language, document.heading) {
            push(&mut page, "<p>", &consulted, "</p>");
        }
    } else {
        push(&mut page, "<h2>", &one_line(subject.title()), "</h2>");
    }
    let paragraphs = |page: &mut String, all: &[String]| {
        for line in all.iter().map(|line| one_line(line)).filter(|line| !line.is_empty()) {
            push(page, "<p>", &line, "</p>");
        }
    };
    paragraphs(&mut page, subject.recipient());
    paragraphs(&mut page, subject.opening());
    for part in subject.parts() {
        let lines: Vec<String> =
            part.lines.iter().map(|line| one_line(line)).filter(|line| !line.is_empty()).collect();
        if !lines.is_empty() {
            let title = one_line(part.title);
            if !title.is_empty() {
                push(&mut page, "<h3>", &title, "</h3>");
            }
            list(&mut page, &lines);
        }
    }
    paragraphs(&mut page, subject.closing());
    if let Some(signature) = wording::validated(subject, document.heading) {
        push(&mut page, "<p>", &one_line(&signature), "</p>");
    }
    page.push_str("</article>");
    page
}

/// One section as rich text, without its title: see [`section_text`](crate::section_text).
#[must_use]
pub fn section_html(document: &Document<'_>, section: SectionId) -> String {
    let lines = document.subject.section(section);
    let lines: Vec<String> = lines.into_iter().map(one_line).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        return String::new();
    }
    let mut page = format!("<article lang=\"{}\">", document.subject.language().code());
    if let Some(mark) = wording::mark(document) {
        push(&mut page, "<p><strong>", mark.notice, "</strong></p>");
    }
    list(&mut page, &lines);
    page.push_str("</article>");
    page
}

fn list(page: &mut String, lines: &[String]) {
    page.push_str("<ul>");
    for line in lines {
        push(page, "<li>", line, "</li>");
    }
    page.push_str("</ul>");
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
