//! `cargo xtask lexicon`: the generated lexicons from open terminologies, and the check of all lexicons.

use crate::cargo::cargo;
use crate::command;
use crate::failure::Failure;
use crate::model::fetch::{self, Package};
use crate::places;

/// Where terminologies come from; `assets/lexicon/SOURCES.md` tells their licences. The files in them are pinned by
/// checksum where they are read.
const PACKAGES: [Package; 4] = [
    Package { name: "edsnlp", version: "0.23.0", wheel_bytes: 3_169_309 },
    Package { name: "simple-icd-10-cm", version: "1.5.0", wheel_bytes: 1_076_390 },
    Package { name: "drug-named-entity-recognition", version: "2.0.9", wheel_bytes: 1_603_469 },
    Package { name: "pyspellchecker", version: "0.9.1", wheel_bytes: 7_237_189 },
];

/// Fetches what is not in the user's cache yet and writes the generated files.
pub fn make() -> Result<(), Failure> {
    let wheels = places::terminologies()?;
    for package in &PACKAGES {
        fetch::ensure(package, &wheels)?;
    }
    terminology(&["make", &wheels.display().to_string()])?;
    check()
}

/// Looks at every lexicon file. Needs no network.
pub fn check() -> Result<(), Failure> {
    terminology(&["check"])
}

fn terminology(task: &[&str]) -> Result<(), Failure> {
    let lexicons = places::root().join("assets/lexicon").display().to_string();
    let mut arguments = vec!["run", "--quiet", "--package", "calame-terminology", "--", &lexicons];
    arguments.extend(task);
    command::shown(
        &mut cargo(&arguments),
        "correct the lexicon files named above, then run the same command again",
    )
}
