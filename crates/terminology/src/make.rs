//! Writes the generated lexicons.

use std::path::Path;

use crate::error::TermsError;
use crate::lexicon::{CommonWords, Table};
use crate::source::{
    ENGLISH_CONDITIONS, ENGLISH_DRUGS, ENGLISH_WORDS, FRENCH_CONDITIONS, FRENCH_DRUGS, FRENCH_WORDS, Source,
};
use crate::{english, french, words};

/// How a file is made of its source.
type Maker = fn(&[u8], &CommonWords) -> Result<Table, TermsError>;

/// A file, its source, and how it is made.
type Work = (&'static str, Source, Maker);

/// Language, words, and what is made.
const PLAN: [(&str, Source, [Work; 2]); 2] = [
    (
        "fr",
        FRENCH_WORDS,
        [("drugs", FRENCH_DRUGS, french::drugs), ("conditions", FRENCH_CONDITIONS, french::conditions)],
    ),
    (
        "en",
        ENGLISH_WORDS,
        [("drugs", ENGLISH_DRUGS, english::drugs), ("conditions", ENGLISH_CONDITIONS, english::conditions)],
    ),
];

/// Writes `LANGUAGE/generated/*.tsv` and `common/LANGUAGE.txt` below `lexicons`, from the wheels in `wheels`.
pub fn all(wheels: &Path, lexicons: &Path) -> Result<(), TermsError> {
    for (language, frequent, files) in PLAN {
        let ranked = words::ranked(&frequent, &frequent.read(wheels)?)?;
        write(
            &lexicons.join("common").join(language).with_extension("txt"),
            &words::written(&frequent, &ranked),
        )?;
        let common = CommonWords::ranked(ranked);
        for (name, source, make) in files {
            let table = make(&source.read(wheels)?, &common)?;
            eprintln!("  {language} {name}: {} names from {}", table.names(), source.package);
            let file = lexicons.join(language).join("generated").join(name).with_extension("tsv");
            write(&file, &table.written(source.package))?;
        }
    }
    Ok(())
}

fn write(file: &Path, text: &str) -> Result<(), TermsError> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|error| TermsError::io(folder, error))?;
    }
    std::fs::write(file, text).map_err(|error| TermsError::io(file, error))
}
