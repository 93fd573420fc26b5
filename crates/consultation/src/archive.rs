//! The answer to a patient who asks what is held on them: one ZIP archive with everything this doctor may read, in forms
//! that any computer opens (PDF, WAV, JSON). It is in the clear, and the doctor's to hand over.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use audio::SAMPLE_RATE;
use chrono::Local;
use export::{Document, Heading, Letterhead, Subject};
use note::Language;
use record::{Consultation, PatientFile, PatientId, Record};
use serde::Serialize;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::exporting::{heading, unwritable};
use crate::{Calame, Failure, FailureCode};

/// Read from the record at a time.
const READ_MS: u32 = 30_000;

impl Calame {
    /// Writes all that is held on a patient into the archive `path`. That it was handed out stands in the audit of each
    /// consultation.
    ///
    /// # Errors
    /// When there is no such patient, or the file cannot be written.
    pub fn export_access_to(&self, id: &PatientId, path: &Path) -> Result<(), Failure> {
        let record = self.inner.record()?;
        let (file, visits) = (record.patient(id)?, record.consultations_of(id)?);
        let practice = self.practice()?;
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| unwritable(&error, folder))?;
        }
        let part = path.with_added_extension("part");
        let written =
            write(&record, &file, &visits, &practice.letterhead, practice.consultation_language, &part)
                .and_then(|()| {
                    // Told before it leaves: where the audit cannot be written, nothing is handed out.
                    for visit in &visits {
                        record.audit("access", Some(visit.id.as_str()), "archive", self.inner.now())?;
                    }
                    std::fs::rename(&part, path).map_err(|error| unwritable(&error, path))
                });
        if written.is_err() {
            let _ = std::fs::remove_file(&part);
        }
        written
    }
}

fn write(
    record: &Record,
    file: &PatientFile,
    visits: &[Consultation],
    letterhead: &Letterhead,
    language: Language,
    path: &Path,
) -> Result<(), Failure> {
    let mut archive = Archive::create(path)?;
    let read_me = match language {
        Language::Fr => "LISEZ-MOI.txt",
        Language::En => "README.txt",
    };
    archive.text(read_me, &explanation(language, visits.len(), file.elsewhere))?;
    archive.json("patient.json", file)?;
    for (number, visit) in visits.iter().enumerate() {
        let started = visit.created_at.with_timezone(&Local).format("%Y-%m-%d-%Hh%M");
        let folder = format!("{:03}-{started}", number + 1);
        visit_into(&mut archive, &folder, record, visit, letterhead)?;
    }
    archive.finish()
}

fn visit_into(
    archive: &mut Archive<'_>,
    folder: &str,
    record: &Record,
    visit: &Consultation,
    letterhead: &Letterhead,
) -> Result<(), Failure> {
    let id = &visit.id;
    archive.json(&format!("{folder}/consultation.json"), visit)?;
    archive.json(&format!("{folder}/consents.json"), &record.consents(id)?)?;
    archive.json(&format!("{folder}/exports.json"), &record.departures(id)?)?;
    archive.json(&format!("{folder}/audit.json"), &record.audit_of(id)?)?;
    let heading = heading(visit);
    if let Some(signed) = record.validated(id)? {
        archive.pdf(&format!("{folder}/note.pdf"), Subject::Validated(&signed), letterhead, &heading)?;
    }
    for version in record.versions(id)? {
        let note = record.version(id, version.version)?;
        archive.json(&format!("{folder}/versions/{:04}.json", version.version), &(version, note))?;
    }
    for (number, paper) in record.papers(id)?.iter().rev().enumerate() {
        let name = format!("{folder}/{:02}-{}.pdf", number + 1, paper.paper().kind.name());
        archive.pdf(&name, Subject::ValidatedPaper(paper), letterhead, &heading)?;
    }
    // Of a colleague's consultation only what was signed is read here.
    if visit.colleague.is_some() {
        return Ok(());
    }
    let transcript = record.transcript(id)?;
    if !transcript.segments.is_empty() {
        archive.json(&format!("{folder}/transcript.json"), &transcript)?;
    }
    archive.sound(&format!("{folder}/recording.wav"), record, visit)
}

/// The archive being written, and where, for what a failure says.
struct Archive<'a> {
    zip: ZipWriter<BufWriter<File>>,
    path: &'a Path,
}

impl<'a> Archive<'a> {
    fn create(path: &'a Path) -> Result<Self, Failure> {
        let file = File::create(path).map_err(|error| unwritable(&error, path))?;
        Ok(Self { zip: ZipWriter::new(BufWriter::new(file)), path })
    }

    fn begin(&mut self, name: &str, method: CompressionMethod) -> Result<(), Failure> {
        let options = SimpleFileOptions::default().compression_method(method);
        self.zip.start_file(name, options).map_err(|error| self.refused(error.into()))
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.zip.write_all(bytes).map_err(|error| self.refused(error))
    }

    fn refused(&self, error: std::io::Error) -> Failure {
        unwritable(&error, self.path)
    }

    fn text(&mut self, name: &str, text: &str) -> Result<(), Failure> {
        self.begin(name, CompressionMethod::Deflated)?;
        self.put(text.as_bytes())
    }

    fn json<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), Failure> {
        let json = serde_json::to_string_pretty(value)
            .map_err(|error| Failure::of(FailureCode::ExportFailed).with("reason", error))?;
        self.text(name, &json)
    }

    fn pdf(
        &mut self,
        name: &str,
        subject: Subject<'_>,
        letterhead: &Letterhead,
        heading: &Heading,
    ) -> Result<(), Failure> {
        let pdf = export::pdf(&Document { subject, letterhead, heading })?;
        self.begin(name, CompressionMethod::Stored)?;
        self.put(&pdf)
    }

    /// Nothing where no audio is held.
    fn sound(&mut self, name: &str, record: &Record, visit: &Consultation) -> Result<(), Failure> {
        let total = record.audio_ms(&visit.id)?;
        if total == 0 {
            return Ok(());
        }
        self.begin(name, CompressionMethod::Stored)?;
        self.put(&wave_header(total))?;
        let mut from = 0;
        while from < total {
            let to = from.saturating_add(READ_MS).min(total);
            let samples = record.audio(&visit.id, from, to)?;
            let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
            self.put(&bytes)?;
            from = to;
        }
        Ok(())
    }

    fn finish(self) -> Result<(), Failure> {
        let path = self.path;
        let written = self.zip.finish().map_err(std::io::Error::from);
        let written = written.and_then(|buffer| buffer.into_inner().map_err(|error| error.into_error()));
        written.and_then(|file| file.sync_all()).map_err(|error| unwritable(&error, path))
    }
}

/// RIFF, 16-bit mono at the record's rate.
fn wave_header(length_ms: u32) -> Vec<u8> {
    let bytes = length_ms.saturating_mul(SAMPLE_RATE / 1000).saturating_mul(2);
    let mut header = Vec::with_capacity(44);
    header.extend_from_slice(b"RIFF");
    header.extend_from_slice(&bytes.saturating_add(36).to_le_bytes());
    header.extend_from_slice(b"WAVEfmt ");
    for (number, width) in [(16, 4), (1, 2), (1, 2), (SAMPLE_RATE, 4), (SAMPLE_RATE * 2, 4), (2, 2), (16, 2)]
    {
        header.extend(number.to_le_bytes().iter().take(width));
    }
    header.extend_from_slice(b"data");
    header.extend_from_slice(&bytes.to_le_bytes());
    header
}

fn explanation(language: Language, visits: usize, elsewhere: u32) -> String {
    let mut text = match language {
        Language::Fr => format!(
            "Tout ce que ce cabinet conserve sur vous dans Calame.\n\n\
             patient.json : qui vous êtes pour le cabinet.\n\
             Un dossier par consultation ({visits}), de la plus ancienne à la plus récente :\n\
             \u{2022} note.pdf : la note signée par le médecin\u{202f};\n\
             \u{2022} les courriers, ordonnances, certificats et résumés signés (PDF)\u{202f};\n\
             \u{2022} recording.wav et transcript.json : l’enregistrement et sa transcription, s’ils sont conservés\u{202f};\n\
             \u{2022} versions : chaque version de la note\u{202f};\n\
             \u{2022} consents.json, exports.json, audit.json : vos consentements, les documents sortis, et le journal \
             de ce qui a été fait.\n"
        ),
        Language::En => format!(
            "All that this practice holds on you in Calame.\n\n\
             patient.json: who you are to the practice.\n\
             One folder for each consultation ({visits}), oldest first:\n\
             \u{2022} note.pdf: the note as the doctor signed it;\n\
             \u{2022} signed letters, prescriptions, certificates and summaries (PDF);\n\
             \u{2022} recording.wav and transcript.json: the recording and its transcript, where they are kept;\n\
             \u{2022} versions: each version of the note;\n\
             \u{2022} consents.json, exports.json, audit.json: your consents, the documents that left, and the trail of \
             what was done.\n"
        ),
    };
    if elsewhere > 0 {
        text.push_str(&match language {
            Language::Fr => format!(
                "\nD’autres médecins du cabinet ont {elsewhere} consultation(s) avec vous, qu’ils ne partagent pas\u{a0}: \
                 demandez-leur aussi.\n"
            ),
            Language::En => format!(
                "\nOther doctors of the practice hold {elsewhere} consultation(s) with you that they do not share: ask \
                 them as well.\n"
            ),
        });
    }
    text
}
