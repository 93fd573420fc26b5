use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};
use typst_svg::SvgOptions;

use crate::page::Page;
use crate::world::Press;
use crate::{Document, ExportError};

/// An A4 PDF with embedded fonts, tagged for screen readers (PDF/A-2a and PDF/UA-1). Equal documents give equal bytes.
/// PDF/A asks for a date: a draft that has none is written as PDF/UA-1 alone.
/// Its metadata hold the kind of document, its date and its author, and nothing about the patient.
///
/// # Errors
/// When the page cannot be laid out or written, which no text of a note causes; the message holds no text of the note.
pub fn pdf(document: &Document<'_>) -> Result<Vec<u8>, ExportError> {
    printed(document, |pages| written(pages, document))
}

/// The same pages as [`pdf`], one SVG each, to look at before anything is written.
///
/// # Errors
/// As [`pdf`].
pub fn preview(document: &Document<'_>) -> Result<Vec<String>, ExportError> {
    printed(document, |pages| {
        Ok(pages.pages().iter().map(|page| typst_svg::svg(page, &SvgOptions::default())).collect())
    })
}

fn printed<T>(
    document: &Document<'_>,
    write: impl FnOnce(&PagedDocument) -> Result<T, ExportError>,
) -> Result<T, ExportError> {
    let data = serde_json::to_string(&Page::of(document))?;
    let press = Press::new(data).ok_or_else(|| ExportError::Layout("no template".into()))?;
    let made = typst::compile::<PagedDocument>(&press)
        .output
        .map_err(|problems| ExportError::Layout(messages(problems.iter().map(|p| p.message.as_str()))))
        .and_then(|pages| write(&pages));
    // The layout cache would keep the note's text in memory.
    typst::comemo::evict(0);
    made
}

fn written(pages: &PagedDocument, document: &Document<'_>) -> Result<Vec<u8>, ExportError> {
    let Document { subject, heading, .. } = document;
    let dated = subject.signed().is_some() || heading.consulted_at.is_some() || heading.printed_on.is_some();
    let kept: &[PdfStandard] =
        if dated { &[PdfStandard::A_2a, PdfStandard::Ua_1] } else { &[PdfStandard::Ua_1] };
    let standards =
        PdfStandards::new(kept).map_err(|problem| ExportError::Pdf(problem.message().to_string()))?;
    // Archives tell documents apart by this identifier; it is hashed before it is written.
    let ident = match subject.signed() {
        Some(signed) => Smart::Custom(signed.sha256.to_owned()),
        None => Smart::Auto,
    };
    let options = PdfOptions {
        ident,
        creator: Smart::Custom(Some("Calame".into())),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(pages, &options)
        .map_err(|problems| ExportError::Pdf(messages(problems.iter().map(|p| p.message.as_str()))))
}

/// The first messages without what they quote, which may be text of the note.
fn messages<'a>(all: impl Iterator<Item = &'a str>) -> String {
    let unquoted = |message: &str| message.split(['`', '"']).step_by(2).collect::<Vec<_>>().join("…");
    all.take(3).map(unquoted).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_failure_never_quotes_the_note() {
        let said = [
            "PDF/A-2a error: the text `Camille` could not be displayed with Source Sans 3",
            "unknown key \"x\"",
        ];
        let told = super::messages(said.into_iter());
        assert_eq!(
            told,
            "PDF/A-2a error: the text … could not be displayed with Source Sans 3; unknown key …"
        );
    }
}
