//! The packages that terminologies come in: opened as archives, never installed or run.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::error::TermsError;

/// One file of a package, as it was when its licence and content were reviewed.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// Also a heading of `SOURCES.md`.
    pub package: &'static str,
    pub member: &'static str,
    pub sha256: &'static str,
}

pub const FRENCH_DRUGS: Source = Source {
    package: "edsnlp",
    member: "edsnlp/resources/drugs.json",
    sha256: "5c34d8cda6c3dc4357bee5a6b08e14c5aed731a373ed5eb333f5c3fda5e77221",
};
pub const FRENCH_CONDITIONS: Source = Source {
    package: "edsnlp",
    member: "edsnlp/resources/cim10.csv.gz",
    sha256: "52e1d40fd11c64d2558e6852bc36d616fc78bebee77d3579a4d4f28aee386af8",
};
pub const ENGLISH_CONDITIONS: Source = Source {
    package: "simple-icd-10-cm",
    member: "simple_icd_10_cm/data/icd10c-tabular-April-1-2026.xml",
    sha256: "f161f8182aff3ce3a2a78e202f8259c08eaee2c670a9e45b0072445c52302935",
};
pub const ENGLISH_DRUGS: Source = Source {
    package: "drug-named-entity-recognition",
    member: "drug_named_entity_recognition/drug_ner_dictionary.pkl.bz2",
    sha256: "ec10a1c7b633fc4bae8d0eecff053892c0e37f49e18eaf59c8a1e9f40fc80d9d",
};
pub const FRENCH_WORDS: Source = Source {
    package: "pyspellchecker",
    member: "spellchecker/resources/fr.json.gz",
    sha256: "04c256f6d06c4cadef640b63002e0e390008265e38d3def97172c292d09a141d",
};
pub const ENGLISH_WORDS: Source = Source {
    package: "pyspellchecker",
    member: "spellchecker/resources/en.json.gz",
    sha256: "2474a48af86fd81dccea9edd0bba6cd36dd2ecedc0ae217cefcb233bba28613c",
};

/// More than any of these files takes.
const LARGEST: u64 = 64 << 20;

impl Source {
    /// The file, from the wheel in `folder/PACKAGE/`.
    ///
    /// # Errors
    /// When the wheel is not there, is damaged, or holds another version of the file.
    pub fn read(&self, folder: &Path) -> Result<Vec<u8>, TermsError> {
        let broken = |problem: String| TermsError::Package { package: self.package, problem };
        let wheel = self.wheel(&folder.join(self.package))?;
        let file = File::open(&wheel).map_err(|error| TermsError::io(&wheel, error))?;
        let mut archive = zip::ZipArchive::new(file).map_err(|error| broken(error.to_string()))?;
        let member = archive.by_name(self.member).map_err(|error| broken(error.to_string()))?;
        let mut bytes = Vec::new();
        member.take(LARGEST).read_to_end(&mut bytes).map_err(|error| broken(error.to_string()))?;
        let found = hex::encode(Sha256::digest(&bytes));
        if found == self.sha256 {
            Ok(bytes)
        } else {
            Err(TermsError::Changed { package: self.package, member: self.member, found })
        }
    }

    fn wheel(&self, folder: &Path) -> Result<PathBuf, TermsError> {
        let mut entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        entries
            .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
            .ok_or_else(|| TermsError::Missing { package: self.package, folder: folder.to_owned() })
    }

    /// What a decompressor of this file says when it cannot go on.
    pub fn broken(&self, problem: impl ToString) -> TermsError {
        TermsError::Package { package: self.package, problem: problem.to_string() }
    }
}
