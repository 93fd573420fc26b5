use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use consultation::{ConsultationId, DoctorId, Language, PatientId, SectionId};

use crate::arguments::{Access, Form};

#[derive(Args)]
pub struct RecordCommand {
    #[command(flatten)]
    pub access: Access,
    #[command(subcommand)]
    pub act: RecordAct,
}

/// A section by the name that notes give it in JSON.
fn section(name: &str) -> Result<SectionId, String> {
    serde_json::from_value(name.into()).map_err(|error| error.to_string())
}

#[derive(Clone, Copy, ValueEnum)]
pub enum ConsentForm {
    Oral,
    Written,
}

#[derive(Subcommand)]
pub enum RecordAct {
    /// Create a record and print its recovery code, which is kept nowhere else
    Init,
    /// Bring an audio file in: transcribe it and draft its note. You state that the patient agreed
    Import {
        /// WAV, FLAC, MP3, Ogg (Vorbis, Opus) or M4A
        audio: PathBuf,
        /// Language that is spoken: fr or en
        #[arg(long)]
        language: Language,
        /// Name or path of a model
        #[arg(long, env = "CALAME_MODEL")]
        model: Option<String>,
        /// How the patient agreed, as it is written into the record
        #[arg(long, value_enum, default_value_t = ConsentForm::Oral)]
        consent: ConsentForm,
    },
    /// List consultations, newest first
    List,
    /// Print a consultation's note as text, or all of it as JSON
    Show {
        id: ConsultationId,
        #[arg(long)]
        json: bool,
    },
    /// Find consultations by words, accents or not
    Search {
        #[arg(required_unless_present_any = ["patient", "drug", "diagnosis", "from", "to"])]
        text: Option<String>,
        /// Words of the patient's name, number or birth date
        #[arg(long, default_value = "")]
        patient: String,
        /// Words of a treatment or prescription
        #[arg(long, default_value = "")]
        drug: String,
        /// Words of a condition or conclusion
        #[arg(long, default_value = "")]
        diagnosis: String,
        /// First day (2026-11-24)
        #[arg(long)]
        from: Option<NaiveDate>,
        /// Last day
        #[arg(long)]
        to: Option<NaiveDate>,
    },
    /// Validate a note in a doctor's name; it can then no longer change
    Validate {
        id: ConsultationId,
        /// Name of the doctor who read the note
        #[arg(long)]
        author: String,
        /// State that every critical item was looked at
        #[arg(long)]
        checked: bool,
    },
    /// Write a validated note as PDF or text; drafts are refused
    Export {
        id: ConsultationId,
        #[command(flatten)]
        form: Form,
    },
    /// List the versions of a note: each save of the draft, the signed note, each addendum
    Versions { id: ConsultationId },
    /// Print what changed from one version of a note to another, statement by statement
    Diff {
        id: ConsultationId,
        /// Number of the older version, as `versions` lists it
        older: u32,
        /// Number of the newer one
        newer: u32,
    },
    /// Add to a validated note, in a doctor's name: a new signed version, beside those before it
    Addendum {
        id: ConsultationId,
        /// What is added, one statement each
        #[arg(required = true)]
        text: Vec<String>,
        /// Section of the note it goes into: motif, histoire, examen, conclusion, suivi…
        #[arg(long, value_parser = section)]
        section: SectionId,
        /// Name of the doctor who adds it
        #[arg(long)]
        author: String,
        /// State that every critical item added was looked at
        #[arg(long)]
        checked: bool,
    },
    /// Decide what becomes of the audio of a validated consultation
    Audio {
        id: ConsultationId,
        #[command(flatten)]
        fate: Fate,
    },
    /// Find patients by name, number or birth date
    Patients {
        #[arg(default_value = "")]
        text: String,
    },
    /// Print what signed notes say of a patient over time: vitals, labs, treatments, allergies, conditions
    Timeline { patient: PatientId },
    /// Write all that is held on a patient into one ZIP archive, in the clear
    Access {
        patient: PatientId,
        /// The archive to write
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Erase a consultation, or a patient with all of theirs, for good
    Erase {
        #[command(flatten)]
        what: Erased,
        /// Why; kept with the erasure, without identity
        #[arg(long)]
        why: String,
    },
    /// Copy the record into a folder, encrypted, and read the copy back from end to end
    Backup {
        /// A folder that exists, best on another disk
        #[arg(long, value_name = "FOLDER")]
        to: PathBuf,
        /// How many copies of this record stay in the folder
        #[arg(long, default_value_t = 14)]
        keep: u32,
    },
    /// List the copies of records in a folder
    Backups { folder: PathBuf },
    /// Tell what restoring a backup would replace and lose; with --yes, restore it. What it replaces is kept aside
    Restore {
        /// The copy; its passphrase is the one of its day
        backup: PathBuf,
        /// Do it
        #[arg(long)]
        yes: bool,
    },
    /// The words of the practice that the recogniser leans towards: drugs, colleagues, places
    Vocabulary {
        #[command(subcommand)]
        act: VocabularyAct,
    },
    /// The doctors who share the record
    Doctors {
        #[command(subcommand)]
        act: DoctorsAct,
    },
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Erased {
    /// A consultation
    pub consultation: Option<ConsultationId>,
    /// A patient, with every consultation
    #[arg(long)]
    pub patient: Option<PatientId>,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Fate {
    /// Erase it now
    #[arg(long)]
    pub erase: bool,
    /// Erase it after so many days
    #[arg(long, value_name = "DAYS")]
    pub after: Option<u32>,
    /// Keep it, for a reason
    #[arg(long, value_name = "REASON")]
    pub keep: Option<String>,
}

#[derive(Subcommand)]
pub enum VocabularyAct {
    /// List them
    List,
    /// Add words, or those of a file
    Add {
        #[arg(required_unless_present = "from")]
        words: Vec<String>,
        /// File with one word a line
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
    },
    /// Take words out
    Remove {
        #[arg(required = true)]
        words: Vec<String>,
    },
}

#[derive(Subcommand)]
pub enum DoctorsAct {
    /// List them, the owner first
    List,
    /// Let a doctor in (for the owner)
    Add {
        /// As their notes are signed
        name: String,
        /// File whose first line is their passphrase
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: PathBuf,
        /// They share their signed notes with the others, and read theirs
        #[arg(long)]
        shares: bool,
    },
    /// Take a doctor's way in away; their signed notes stay (for the owner)
    Remove { doctor: DoctorId },
}
