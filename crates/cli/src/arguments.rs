use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use consultation::{Backend, Language};

use crate::record_arguments::RecordCommand;

/// Turns a consultation into a sourced, structured note, offline.
///
/// Nothing here uses the network. Results go to standard output as JSON, progress to standard error. Exit codes: 0 done,
/// 1 failed (one line says why), 2 bad usage.
#[derive(Parser)]
#[command(name = "calame", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Example, from a recording to a printable draft:\n  \
    calame transcribe visit.m4a --language fr > transcript.json\n  \
    calame structure transcript.json > note.json\n  \
    calame export note.json --pdf note.pdf\n\n\
    Example, with an encrypted record:\n  \
    calame record init --record visits.calame --passphrase-file secret.txt\n  \
    calame record import visit.m4a --language fr --record visits.calame --passphrase-file secret.txt")]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Audio file → transcript (calame.transcript/1)
    Transcribe(Transcribe),
    /// Transcript → note (calame.note/1)
    Structure(Structure),
    /// Note file → PDF, plain text or HTML, marked as a draft: only a record holds validated notes
    Export(Export),
    /// Work with an encrypted record
    Record(RecordCommand),
    /// The record's audit trail
    Audit(AuditCommand),
    /// Speech models on this machine
    Models(ModelsCommand),
    /// Measure notes and transcripts against references (docs/evaluation.md)
    Eval(EvalCommand),
}

#[derive(Args)]
pub struct Transcribe {
    /// WAV, FLAC, MP3, Ogg (Vorbis, Opus) or M4A, at any rate
    pub audio: PathBuf,
    /// Language that is spoken: fr or en
    #[arg(long)]
    pub language: Language,
    /// Name or path of a model
    #[arg(long, env = "CALAME_MODEL")]
    pub model: Option<String>,
    /// File of words to lean towards, one a line: drugs, colleagues, places
    #[arg(long, value_name = "FILE")]
    pub vocabulary: Option<PathBuf>,
    /// What computes the model
    #[arg(long, value_enum, default_value_t = EngineKind::Calame)]
    pub engine: EngineKind,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum EngineKind {
    /// Calame's own, as in a recording
    Calame,
    /// whisper.cpp: slower, an independent second reading
    #[value(name = "whisper.cpp")]
    WhisperCpp,
}

impl From<EngineKind> for Backend {
    fn from(kind: EngineKind) -> Self {
        match kind {
            EngineKind::Calame => Self::Own,
            EngineKind::WhisperCpp => Self::WhisperCpp,
        }
    }
}

#[derive(Args)]
pub struct Structure {
    /// Transcript to read ("-" for standard input)
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    pub transcript: Option<PathBuf>,
    /// Structure every .json of this folder instead
    #[arg(long, requires = "out")]
    pub batch: Option<PathBuf>,
    /// Where the notes of a batch go, under the same file names
    #[arg(long, requires = "batch")]
    pub out: Option<PathBuf>,
    /// Drop fields the contract does not know instead of refusing the file
    #[arg(long)]
    pub lenient: bool,
}

#[derive(Args)]
pub struct Export {
    /// Note to read ("-" for standard input)
    pub note: PathBuf,
    #[command(flatten)]
    pub form: Form,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Form {
    /// Write a PDF here
    #[arg(long, value_name = "OUT")]
    pub pdf: Option<PathBuf>,
    /// Print plain text
    #[arg(long)]
    pub text: bool,
    /// Print HTML
    #[arg(long)]
    pub html: bool,
}

#[derive(Args)]
pub struct Access {
    /// The record's file; its keys lie beside it
    #[arg(long, value_name = "FILE", env = "CALAME_RECORD", global = true)]
    pub record: Option<PathBuf>,
    /// File whose first line is the passphrase
    #[arg(long, value_name = "FILE", env = "CALAME_PASSPHRASE_FILE", global = true)]
    pub passphrase_file: Option<PathBuf>,
}

#[derive(Args)]
pub struct AuditCommand {
    #[command(flatten)]
    pub access: Access,
    #[command(subcommand)]
    pub act: AuditAct,
}

#[derive(Subcommand)]
pub enum AuditAct {
    /// Check the chain of the audit trail; exit code 1 when it is broken
    Verify,
    /// Print every act as JSON
    Export,
}

#[derive(Args)]
pub struct ModelsCommand {
    #[command(subcommand)]
    pub act: ModelsAct,
}

#[derive(Subcommand)]
pub enum ModelsAct {
    /// Known and installed models
    List,
    /// Bring a model file into the folder of models, checked whole, in eight bits where it is wider
    Import {
        file: PathBuf,
        /// Keep the numbers as wide as they are
        #[arg(long)]
        as_is: bool,
    },
    /// Check the installed models from the first byte to the last
    Verify,
    /// Measure how fast the installed models are on this machine, with speech that is built in
    Bench {
        /// Name or path of one model
        #[arg(long, env = "CALAME_MODEL")]
        model: Option<String>,
    },
}

#[derive(Args)]
#[command(
    after_help = "Figures go to standard output as JSON; --out also writes pages to read in a browser, which load \
    nothing from anywhere. The format of the references and the meaning of the figures: docs/evaluation.md."
)]
pub struct EvalCommand {
    #[command(subcommand)]
    pub act: EvalAct,
}

#[derive(Subcommand)]
pub enum EvalAct {
    /// Notes against annotated consultations: what was found, missed, misread, and which traps were sprung
    Notes {
        #[command(flatten)]
        annotated: Annotated,
        /// Write a page for each consultation and an index here
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Fail unless every figure of the whole set reaches its threshold
        #[arg(long)]
        check: bool,
    },
    /// Transcripts against what was said: word errors, medical terms, speed, words invented on silence
    Speech {
        /// Folder of audio files with NAME.ref.json ({"text": …, "language": …}) or NAME.txt beside them; an empty text
        /// is a recording in which nothing is said
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Name or path of a model
        #[arg(long, env = "CALAME_MODEL")]
        model: Option<String>,
        /// Language of references that name none: fr or en
        #[arg(long, default_value = "fr")]
        language: Language,
        /// Write a page for each recording and an index here
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Fail unless every figure of the whole set reaches its threshold
        #[arg(long)]
        check: bool,
    },
    /// Who spoke against who did: speech given to the wrong person
    Speakers {
        /// Folder of audio files with NAME.turns.json beside them: a transcript in which people are named
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Name or path of a model
        #[arg(long, env = "CALAME_MODEL")]
        model: Option<String>,
        /// Do without voices: by what is said alone
        #[arg(long)]
        by_words: bool,
    },
    /// What a doctor is asked to look at in a draft, how much of it is wrong, what is wrong unasked, and the key presses
    Review {
        #[command(flatten)]
        annotated: Annotated,
    },
}

#[derive(Args)]
pub struct Annotated {
    /// Folder of annotated consultations (.json: a transcript with its "gold")
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Take the notes of this folder, under the same file names, instead of structuring each transcript
    #[arg(long, value_name = "DIR")]
    pub notes: Option<PathBuf>,
}
