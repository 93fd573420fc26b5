use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::page::Page;
use crate::world::Press;
use crate::{Document, ExportError};

/// An A4 PDF with embedded fonts, tagged for screen readers (PDF/A-2a and PDF/UA-1).
///
/// # Errors
/// When the page cannot be laid out or written; the message holds no text of the note.
pub fn pdf(document: &Document<'_>) -> Result<Vec<u8>, ExportError> {
    let data = serde_json::to_string(&Page::of(document))?;
    let press = Press::new(data).ok_or_else(|| ExportError::Layout("no template".into()))?;
    let pages = typst::compile::<PagedDocument>(&press)
        .output
        .map_err(|problems| ExportError::Layout(messages(problems.iter().map(|p| p.message.as_str()))))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|problem| ExportError::Pdf(problem.message().to_string()))?;
    let options =
        PdfOptions { creator: Smart::Custom(Some("Calame".into())), standards, ..PdfOptions::default() };
    let written = typst_pdf::pdf(&pages, &options)
        .map_err(|problems| ExportError::Pdf(messages(problems.iter().map(|p| p.message.as_str()))));
    // The layout cache would keep the note's text in memory.
    typst::comemo::evict(0);
    written
}

fn messages<'a>(all: impl Iterator<Item = &'a str>) -> String {
    all.take(3).collect::<Vec<_>>().join("; ")
}
