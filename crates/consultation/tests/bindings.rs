//! The types that cross to the window are generated from Rust; this test keeps the screens' copy true.

use ts_rs::{Config, TS};

const PLACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/ipc/types.ts");

fn declarations() -> String {
    let config = Config::default();
    let mut text = String::from(
        "// Generated from the Rust types. To renew: UPDATE_BINDINGS=1 cargo test -p calame-consultation --test bindings\n\n",
    );
    macro_rules! declare {
        ($($type:ty),* $(,)?) => {
            $(text.push_str(&format!("export {}\n", <$type as TS>::decl(&config)));)*
        };
    }
    declare!(
        note::Language,
        note::Speaker,
        note::Word,
        note::Segment,
        note::Transcript,
        note::Kind,
        note::Polarity,
        note::Experiencer,
        note::Temporality,
        note::Flag,
        note::Author,
        note::Source,
        note::Code,
        note::Statement,
        note::SectionId,
        note::Section,
        note::Omission,
        note::Note,
        note::PaperKind,
        note::PaperLine,
        note::PaperSection,
        note::Paper,
        audio::InputDevice,
        record::State,
        record::Patient,
        record::ConsentDecision,
        record::ConsentForm,
        record::Consent,
        record::NewConsultation,
        record::Consultation,
        record::AudioFate,
        record::Backup,
        record::Holdings,
        record::RestorePreview,
        record::Doctor,
        record::PatientFile,
        record::Track,
        record::Fact,
        record::VersionKind,
        record::NoteVersion,
        record::Difference,
        record::AuditReport,
        record::AuditRow,
        consultation::Acts,
        consultation::Printers,
        consultation::DictationPhase,
        export::Letterhead,
        consultation::RecordStatus,
        consultation::ModelState,
        consultation::ModelStatus,
        consultation::Speed,
        consultation::ModelFile,
        consultation::Theme,
        consultation::Preferences,
        consultation::Status,
        consultation::ModelImport,
        consultation::Strength,
        consultation::Search,
        consultation::BackupPlan,
        consultation::BackupState,
        consultation::Restored,
        consultation::Retention,
        consultation::Phrase,
        consultation::TemplateSection,
        consultation::NoteTemplate,
        consultation::Practice,
        consultation::Signature,
        consultation::SignedPaper,
        consultation::NoteView,
        consultation::ConsultationView,
        consultation::Edit,
        consultation::WhoSpoke,
        consultation::CopyFormat,
        consultation::FailureCode,
        consultation::Failure,
        consultation::RecordingPhase,
        consultation::Stage,
        consultation::Event,
    );
    // Ids are strings on the wire.
    ["ConsultationId", "PatientId", "DoctorId"].iter().fold(text, |text, id| text.replace(id, "string"))
}

#[test]
fn the_screens_know_the_types_as_they_are() {
    let wanted = declarations();
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        std::fs::write(PLACE, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(PLACE).unwrap();
    assert_eq!(
        found, wanted,
        "renew {PLACE}: UPDATE_BINDINGS=1 cargo test -p calame-consultation --test bindings"
    );
}
