use std::path::PathBuf;

use chrono::Local;
use export::{Document, Subject};
use note::{Language, Paper, PaperKind, ValidatedNote, ValidatedPaper};
use record::{ConsultationId, Record};

use crate::exporting::{file_prefix, free_name, heading, write_document};
use crate::{Calame, Clip, CopyFormat, Failure, FailureCode, Signature};

/// A signed paper, as a screen lists it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, ts_rs::TS)]
pub struct SignedPaper {
    pub paper: Paper,
    pub signature: Signature,
}

impl From<&ValidatedPaper> for SignedPaper {
    fn from(signed: &ValidatedPaper) -> Self {
        let signature = Signature {
            author: signed.author().into(),
            at: signed.at().to_rfc3339(),
            sha256: signed.sha256().into(),
        };
        Self { paper: signed.paper().clone(), signature }
    }
}

impl Calame {
    /// A letter, prescription, certificate or summary, made from the signed note for the doctor to correct. Nothing is
    /// kept until it is signed.
    ///
    /// # Errors
    /// Before validation.
    pub fn paper_draft(&self, id: &ConsultationId, kind: PaperKind) -> Result<Paper, Failure> {
        let record = self.inner.record()?;
        let heading = heading(&record.consultation(id)?);
        Ok(export::compose(kind, &signed_note(&record, id)?, &heading)?)
    }

    /// The pages as they would print, marked as a draft.
    ///
    /// # Errors
    /// Before validation of the note.
    pub fn paper_preview(&self, id: &ConsultationId, paper: &Paper) -> Result<Vec<String>, Failure> {
        let record = self.inner.record()?;
        signed_note(&record, id)?;
        self.with_page(&record, id, Subject::DraftPaper(paper), |page| Ok(export::preview(page)?))
    }

    /// Signs a paper in the doctor's name and keeps it for good.
    ///
    /// # Errors
    /// Before validation of the note, for an empty paper, and while no doctor is named.
    pub fn sign_paper(&self, id: &ConsultationId, paper: Paper) -> Result<SignedPaper, Failure> {
        let author = self.practice()?.letterhead.doctor;
        let record = self.inner.record()?;
        let note = signed_note(&record, id)?;
        let signed = ValidatedPaper::sign(paper, &note, &author, self.inner.now())?;
        record.add_paper(id, &signed)?;
        Ok(SignedPaper::from(&signed))
    }

    /// The signed papers of a consultation, newest first.
    ///
    /// # Errors
    /// When there is no such consultation.
    pub fn papers(&self, id: &ConsultationId) -> Result<Vec<SignedPaper>, Failure> {
        Ok(self.inner.record()?.papers(id)?.iter().map(SignedPaper::from).collect())
    }

    /// Writes a signed paper as a PDF into the practice's folder and gives its path.
    ///
    /// # Errors
    /// When no such paper was signed, and when the folder cannot be written.
    pub fn export_paper_pdf(&self, id: &ConsultationId, sha256: &str) -> Result<PathBuf, Failure> {
        let record = self.inner.record()?;
        let signed = signed_paper(&record, id, sha256)?;
        let pdf =
            self.with_page(&record, id, Subject::ValidatedPaper(&signed), |page| Ok(export::pdf(page)?))?;
        // No name: a file list is read by whoever passes.
        let word = file_word(signed.paper().kind, signed.paper().language);
        let day = signed.at().with_timezone(&Local).format("%Y-%m-%d-%Hh%M");
        let prefix = file_prefix(&record.consultation(id)?);
        let path = free_name(&self.export_folder()?, &format!("{prefix}{word}-{day}"), "pdf");
        record.log_paper_export(id, &signed, "pdf", self.inner.now())?;
        write_document(&path, &pdf)?;
        Ok(path)
    }

    /// What a copy of a signed paper puts on the clipboard.
    ///
    /// # Errors
    /// When no such paper was signed.
    pub fn clip_paper(&self, id: &ConsultationId, sha256: &str, format: CopyFormat) -> Result<Clip, Failure> {
        let record = self.inner.record()?;
        let signed = signed_paper(&record, id, sha256)?;
        let clip = self.with_page(&record, id, Subject::ValidatedPaper(&signed), |page| {
            let html = (format == CopyFormat::Rich).then(|| export::html(page));
            Ok(Clip { plain: export::text(page), html })
        })?;
        let form = if clip.html.is_some() { "rich text" } else { "plain text" };
        record.log_paper_export(id, &signed, form, self.inner.now())?;
        Ok(clip)
    }

    pub(crate) fn with_page<T>(
        &self,
        record: &Record,
        id: &ConsultationId,
        subject: Subject<'_>,
        make: impl FnOnce(&Document<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let (letterhead, heading) = (self.practice()?.letterhead, heading(&record.consultation(id)?));
        make(&Document { subject, letterhead: &letterhead, heading: &heading })
    }
}

fn signed_note(record: &Record, id: &ConsultationId) -> Result<ValidatedNote, Failure> {
    record.validated(id)?.ok_or_else(|| Failure::of(FailureCode::NotValidated))
}

pub(crate) fn signed_paper(
    record: &Record,
    id: &ConsultationId,
    sha256: &str,
) -> Result<ValidatedPaper, Failure> {
    let papers = record.papers(id)?;
    papers
        .into_iter()
        .find(|paper| paper.sha256() == sha256)
        .ok_or_else(|| Failure::of(FailureCode::NotValidated))
}

const fn file_word(kind: PaperKind, language: Language) -> &'static str {
    match (language, kind) {
        (Language::Fr, PaperKind::Referral) => "courrier",
        (Language::Fr, PaperKind::Prescription) => "ordonnance",
        (Language::Fr, PaperKind::Certificate) => "certificat",
        (Language::Fr, PaperKind::Summary) => "resume",
        (Language::En, kind) => kind.name(),
    }
}
