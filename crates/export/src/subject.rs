use chrono::{DateTime, Utc};
use note::{Language, Note, Paper, SectionId, ValidatedNote, ValidatedPaper};

use crate::wording;

/// What a document is made of. A draft is marked as one in every form and on every page.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    Validated(&'a ValidatedNote),
    Draft(&'a Note),
    ValidatedPaper(&'a ValidatedPaper),
    DraftPaper(&'a Paper),
}

/// Who signed a document, when, and its SHA-256.
#[derive(Clone, Copy)]
pub(crate) struct Signed<'a> {
    pub author: &'a str,
    pub at: DateTime<Utc>,
    pub sha256: &'a str,
}

/// A heading, which may be empty, and the lines below it.
pub(crate) struct Part<'a> {
    pub title: &'a str,
    pub lines: Vec<&'a str>,
}

impl<'a> Subject<'a> {
    pub(crate) fn language(self) -> Language {
        self.content().either(|note| note.language, |paper| paper.language)
    }

    pub(crate) fn title(self) -> &'a str {
        self.content().either(|note| wording::title(note.language), |paper| paper.title.as_str())
    }

    /// A note tells when the visit was; a paper says it in its own words.
    pub(crate) fn tells_visit(self) -> bool {
        self.content().either(|_| true, |_| false)
    }

    pub(crate) fn recipient(self) -> &'a [String] {
        self.content().either(|_| &[][..], |paper| &paper.recipient)
    }

    pub(crate) fn opening(self) -> &'a [String] {
        self.content().either(|_| &[][..], |paper| &paper.opening)
    }

    pub(crate) fn closing(self) -> &'a [String] {
        self.content().either(|_| &[][..], |paper| &paper.closing)
    }

    pub(crate) fn parts(self) -> Vec<Part<'a>> {
        let of_note = |note: &'a Note| {
            let part = |section: &'a note::Section| Part {
                title: &section.title,
                lines: section.statements.iter().map(|s| s.text.as_str()).collect(),
            };
            note.sections.iter().map(part).collect()
        };
        let of_paper = |paper: &'a Paper| {
            let part = |section: &'a note::PaperSection| Part {
                title: &section.title,
                lines: section.lines.iter().map(|line| line.text.as_str()).collect(),
            };
            paper.sections.iter().map(part).collect()
        };
        self.content().either(of_note, of_paper)
    }

    /// The statements of one section of a note; a paper has none.
    pub(crate) fn section(self, id: SectionId) -> Vec<&'a str> {
        let of_note = |note: &'a Note| {
            let sections = note.sections.iter().filter(|section| section.id == id);
            sections.flat_map(|section| &section.statements).map(|s| s.text.as_str()).collect()
        };
        self.content().either(of_note, |_| Vec::new())
    }

    /// None for a draft.
    pub(crate) fn signed(self) -> Option<Signed<'a>> {
        match self {
            Self::Validated(note) => {
                Some(Signed { author: note.author(), at: note.at(), sha256: note.sha256() })
            }
            Self::ValidatedPaper(paper) => {
                Some(Signed { author: paper.author(), at: paper.at(), sha256: paper.sha256() })
            }
            Self::Draft(_) | Self::DraftPaper(_) => None,
        }
    }

    const fn content(self) -> Content<'a> {
        match self {
            Self::Validated(signed) => Content::Note(signed.note()),
            Self::Draft(note) => Content::Note(note),
            Self::ValidatedPaper(signed) => Content::Paper(signed.paper()),
            Self::DraftPaper(paper) => Content::Paper(paper),
        }
    }
}

enum Content<'a> {
    Note(&'a Note),
    Paper(&'a Paper),
}

impl<'a> Content<'a> {
    fn either<T>(self, of_note: impl FnOnce(&'a Note) -> T, of_paper: impl FnOnce(&'a Paper) -> T) -> T {
        match self {
            Self::Note(note) => of_note(note),
            Self::Paper(paper) => of_paper(paper),
        }
    }
}
