//! The main job without a screen: the demonstration consultation's audio → transcript → note → validation →
//! PDF, through `calame` and an encrypted record that lives as long as the demonstration.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::ValueEnum;

use crate::command;
use crate::failure::{AtPath, Failure};
use crate::places;
use crate::progress;

/// The language of a demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    Fr,
    En,
}

impl Language {
    fn code(self) -> &'static str {
        match self {
            Language::Fr => "fr",
            Language::En => "en",
        }
    }

    fn author(self) -> &'static str {
        match self {
            Language::Fr => "Dr Camille Exemple",
            Language::En => "Dr Robin Example",
        }
    }
}

/// Does the whole job with the program `calame`; leaves the PDF in the user's data folder.
pub fn run(calame: &Path, model: &Path, language: Language) -> Result<(), Failure> {
    let audio = places::root().join("assets/demo").join(language.code()).join("consultation.ogg");
    if !audio.is_file() {
        return Err(Failure::new(
            format!("the demonstration {} is missing", audio.display()),
            "restore the file from the repository, then run the same command again",
        ));
    }
    let home = places::demonstrations()?;
    fs::create_dir_all(&home).at("create", &home)?;
    let room =
        tempfile::Builder::new().prefix("record-").tempdir_in(&home).at("create a folder in", &home)?;
    let passphrase = room.path().join("passphrase");
    fs::write(&passphrase, secret()?).at("write", &passphrase)?;
    let job = Job { calame, model, record: room.path().join("record.calame"), passphrase };

    progress::already(&format!("the same job without a screen: {}", audio.display()));
    let pdf = home.join(format!("consultation-{}.pdf", language.code()));
    job.audio_to_pdf(&audio, language, &pdf)?;
    progress::already(&format!("validated by {}; the PDF lies at {}", language.author(), pdf.display()));
    Ok(())
}

/// What every command of one demonstration shares.
struct Job<'a> {
    calame: &'a Path,
    model: &'a Path,
    record: PathBuf,
    passphrase: PathBuf,
}

impl Job<'_> {
    fn audio_to_pdf(&self, audio: &Path, language: Language, pdf: &Path) -> Result<(), Failure> {
        self.silent(&["record", "init"])?;
        let told =
            self.answer(&["record", "import", &audio.to_string_lossy(), "--language", language.code()])?;
        let id = identifier(&told).ok_or_else(|| {
            Failure::new(
                "`calame record import` gave no consultation",
                "run `calame record import --help` and report this",
            )
        })?;
        self.shown(&["record", "show", &id])?;
        self.silent(&["record", "validate", &id, "--author", language.author(), "--checked"])?;
        self.silent(&["record", "export", &id, "--pdf", &pdf.to_string_lossy()])?;
        self.silent(&["audit", "verify"])
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.calame);
        command
            .args(arguments)
            .arg("--record")
            .arg(&self.record)
            .arg("--passphrase-file")
            .arg(&self.passphrase);
        command.env("CALAME_MODEL", self.model);
        command
    }

    /// Progress (stderr) and answer (stdout) are both shown.
    fn shown(&self, arguments: &[&str]) -> Result<(), Failure> {
        command::shown(&mut self.command(arguments), "look at what calame says above")
    }

    /// Only progress is shown.
    fn silent(&self, arguments: &[&str]) -> Result<(), Failure> {
        self.answer(arguments).map(|_| ())
    }

    /// Progress is shown, the answer returned.
    fn answer(&self, arguments: &[&str]) -> Result<String, Failure> {
        let mut command = self.command(arguments);
        let output = command.stderr(Stdio::inherit()).output().at("start", self.calame)?;
        if !output.status.success() {
            return Err(Failure::new(
                format!("`calame {}` failed ({})", arguments.join(" "), output.status),
                "look at what calame says above",
            ));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// A passphrase that nobody knows; it goes with the demonstration's record.
fn secret() -> Result<String, Failure> {
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes).map_err(|error| {
        Failure::new(format!("the system gives no random numbers: {error}"), "report this")
    })?;
    Ok(hex::encode(bytes))
}

/// The first UUID in a text.
fn identifier(text: &str) -> Option<String> {
    let is_group = |(group, length): (&str, usize)| {
        group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    text.split(|character: char| !character.is_ascii_hexdigit() && character != '-')
        .find(|word| word.split('-').count() == 5 && word.split('-').zip([8, 4, 4, 4, 12]).all(is_group))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_identifier_is_found_in_plain_words_and_in_json() {
        let id = "3f2b8c1e-9a4d-4e6f-8b7a-1c2d3e4f5a6b";
        assert_eq!(identifier(&format!("{id}\n")).as_deref(), Some(id));
        assert_eq!(identifier(&format!("{{\"id\":\"{id}\",\"segments\":12}}")).as_deref(), Some(id));
        assert_eq!(identifier("no-iden-tifi-er-here"), None);
        assert_eq!(identifier("3f2b8c1e-9a4d-4e6f-8b7a"), None);
    }

    /// A `calame` that notes what it was asked, gives an identifier, and fails at `failing`. A shell writes it:
    /// were it open for writing here, a test that starts a program meanwhile would make it busy.
    #[cfg(unix)]
    fn pretend(folder: &Path, failing: &str) -> PathBuf {
        let program = folder.join("calame");
        let write = r#"cat > "$1" <<END
#!/bin/sh
echo "\$1 \$2" >> "$(dirname "$1")/asked"
echo 3f2b8c1e-9a4d-4e6f-8b7a-1c2d3e4f5a6b
[ "\$2" != "$2" ]
END
chmod +x "$1""#;
        let status = Command::new("sh").args(["-c", write, "sh"]).arg(&program).arg(failing).status();
        assert!(status.unwrap().success());
        program
    }

    #[cfg(unix)]
    #[test]
    fn the_whole_job_is_done_in_order_and_ends_at_the_first_failure() {
        for (failing, asked) in [
            (
                "none",
                "record init\nrecord import\nrecord show\nrecord validate\nrecord export\naudit verify\n",
            ),
            ("validate", "record init\nrecord import\nrecord show\nrecord validate\n"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let calame = pretend(folder.path(), failing);
            let path = |name: &str| folder.path().join(name);
            let job =
                Job { calame: &calame, model: Path::new("m"), record: path("r"), passphrase: path("p") };
            let result = job.audio_to_pdf(Path::new("a.ogg"), Language::Fr, &path("a.pdf"));
            assert_eq!(result.is_ok(), failing == "none");
            assert_eq!(fs::read_to_string(path("asked")).unwrap(), asked);
        }
    }

    #[test]
    fn each_demonstration_has_a_passphrase_of_its_own() {
        let (one, other) = (secret().unwrap(), secret().unwrap());
        assert_eq!(one.len(), 48);
        assert_ne!(one, other);
    }

    proptest! {
        #[test]
        fn any_text_is_searched_without_a_panic(text in ".{0,80}") {
            let _ = identifier(&text);
        }
    }
}
