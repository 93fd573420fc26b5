use std::io::Write as _;
use std::path::{Path, PathBuf};

use chrono::Local;
use export::{Document, Heading, Subject};
use note::{Language, SectionId, ValidatedNote};
use record::{Consultation, ConsultationId, Record};

use crate::{Calame, CopyFormat, Failure, FailureCode, Practice};

/// What goes to the clipboard: `html` only for the rich form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clip {
    pub plain: String,
    pub html: Option<String>,
}

/// A validated note with what its documents need around it.
struct Exported {
    record: Record,
    signed: ValidatedNote,
    practice: Practice,
    heading: Heading,
}

impl Exported {
    fn document(&self) -> Document<'_> {
        Document {
            subject: Subject::Validated(&self.signed),
            letterhead: &self.practice.letterhead,
            heading: &self.heading,
        }
    }
}

impl Calame {
    /// Writes the validated note as a PDF into the practice's folder and gives its path.
    ///
    /// # Errors
    /// Before validation, and when the folder cannot be written.
    pub fn export_pdf(&self, id: &ConsultationId) -> Result<PathBuf, Failure> {
        let folder = self.export_folder()?;
        let consultation = self.inner.record()?.consultation(id)?;
        let started = consultation.created_at.with_timezone(&Local);
        // No name: a file list is read by whoever passes.
        let stem = started.format("consultation-%Y-%m-%d-%Hh%M").to_string();
        let stem = format!("{}{stem}", file_prefix(&consultation));
        let path = free_name(&folder, &stem, "pdf");
        self.export_pdf_to(id, &path)?;
        Ok(path)
    }

    /// # Errors
    /// Before validation, and when the file cannot be written.
    pub fn export_pdf_to(&self, id: &ConsultationId, path: &Path) -> Result<(), Failure> {
        let exported = self.exported(id)?;
        let pdf = export::pdf(&exported.document())?;
        exported.record.log_export(id, "pdf", self.inner.now())?;
        write_document(path, &pdf)
    }

    /// The pages of the PDF as they will print, one SVG each; marked as a draft before validation.
    ///
    /// # Errors
    /// Without a note.
    pub fn preview(&self, id: &ConsultationId) -> Result<Vec<String>, Failure> {
        let record = self.inner.record()?;
        let (letterhead, heading) = (self.practice()?.letterhead, heading(&record.consultation(id)?));
        let pages =
            |subject| export::preview(&Document { subject, letterhead: &letterhead, heading: &heading });
        if let Some(signed) = record.validated(id)? {
            return Ok(pages(Subject::Validated(&signed))?);
        }
        let note = self.with_review(&record, id, |review| review.note().clone())?;
        Ok(pages(Subject::Draft(&note))?)
    }

    /// The validated note as plain text.
    ///
    /// # Errors
    /// Before validation.
    pub fn export_text(&self, id: &ConsultationId) -> Result<String, Failure> {
        Ok(self.clip(id, CopyFormat::Plain)?.plain)
    }

    /// What a copy of one section puts on the clipboard: its lines, for a field that has a title already.
    ///
    /// # Errors
    /// Before validation, and for a section that the note does not have.
    pub fn clip_section(
        &self,
        id: &ConsultationId,
        section: SectionId,
        format: CopyFormat,
    ) -> Result<Clip, Failure> {
        let exported = self.exported(id)?;
        let document = exported.document();
        let plain = export::section_text(&document, section);
        if plain.is_empty() {
            return Err(Failure::of(FailureCode::NotFound).with("field", "section"));
        }
        let html = (format == CopyFormat::Rich).then(|| export::section_html(&document, section));
        let kind = if html.is_some() { "rich text of a section" } else { "plain text of a section" };
        exported.record.log_export(id, kind, self.inner.now())?;
        Ok(Clip { plain, html })
    }

    /// What a copy puts on the clipboard.
    ///
    /// # Errors
    /// Before validation.
    pub fn clip(&self, id: &ConsultationId, format: CopyFormat) -> Result<Clip, Failure> {
        let exported = self.exported(id)?;
        let document = exported.document();
        let html = (format == CopyFormat::Rich).then(|| export::html(&document));
        let kind = if html.is_some() { "rich text" } else { "plain text" };
        let clip = Clip { plain: export::text(&document), html };
        exported.record.log_export(id, kind, self.inner.now())?;
        Ok(clip)
    }

    pub(crate) fn export_folder(&self) -> Result<PathBuf, Failure> {
        let chosen = self.practice()?.export_folder;
        Ok(chosen.map_or_else(|| self.inner.places.exports.clone(), PathBuf::from))
    }

    fn exported(&self, id: &ConsultationId) -> Result<Exported, Failure> {
        let record = self.inner.record()?;
        let consultation = record.consultation(id)?;
        let signed = record.validated(id)?.ok_or_else(|| Failure::of(FailureCode::NotValidated))?;
        Ok(Exported { record, signed, practice: self.practice()?, heading: heading(&consultation) })
    }
}

pub(crate) fn heading(consultation: &Consultation) -> Heading {
    let patient = consultation.patient.clone().unwrap_or_default();
    Heading {
        patient_name: patient.name,
        patient_identifier: patient.identifier,
        birth_date: patient.birth_date,
        consulted_at: Some(consultation.created_at.with_timezone(&Local).fixed_offset()),
        printed_on: None,
        exercise: consultation.exercise,
    }
}

/// A file of an exercise says so among the others of its folder.
pub(crate) fn file_prefix(consultation: &Consultation) -> &'static str {
    match (consultation.exercise, consultation.language) {
        (false, _) => "",
        (true, Language::Fr) => "exercice-",
        (true, Language::En) => "practice-",
    }
}

pub(crate) fn write_document(path: &Path, pdf: &[u8]) -> Result<(), Failure> {
    write_whole(path, pdf).map_err(|source| unwritable(&source, path))
}

/// A document could not be written where it was to go.
pub(crate) fn unwritable(source: &std::io::Error, path: &Path) -> Failure {
    let failure = Failure::io(source, path);
    match failure.code {
        FailureCode::DiskFull => failure,
        _ => Failure { code: FailureCode::ExportFolder, details: failure.details },
    }
}

/// A name that no file has yet: an export never overwrites.
pub(crate) fn free_name(folder: &Path, stem: &str, kind: &str) -> PathBuf {
    let first = folder.join(format!("{stem}.{kind}"));
    let others = (2..10_000).map(|n| folder.join(format!("{stem}-{n}.{kind}")));
    std::iter::once(first.clone()).chain(others).find(|path| !path.exists()).unwrap_or(first)
}

fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let part = path.with_added_extension("part");
    let written = std::fs::File::create(&part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&part, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written
}
