//! Printing through the system's own print service, which takes the PDF from memory: no file is written on the way.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};

use export::Subject;
use note::ValidatedNote;
use record::ConsultationId;
use serde::Serialize;

use crate::{Calame, Failure, FailureCode};

/// The printers of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Printers {
    /// The one the system prints on unless told otherwise.
    pub usual: Option<String>,
    pub names: Vec<String>,
}

/// The programs of CUPS, which Linux and macOS print with: they are asked by name.
pub(crate) struct PrintService {
    submit: String,
    ask: String,
}

impl Default for PrintService {
    fn default() -> Self {
        Self { submit: "lp".into(), ask: "lpstat".into() }
    }
}

impl PrintService {
    fn printers(&self) -> Result<Printers, Failure> {
        let names: Vec<String> = self.said(&["-e"])?.lines().map(|name| name.trim().to_owned()).collect();
        let names: Vec<String> = names.into_iter().filter(|name| !name.is_empty()).collect();
        // "system default destination: NAME", or a sentence without a colon.
        let usual = self.said(&["-d"])?;
        let usual = usual.rsplit_once(':').map(|(_, name)| name.trim().to_owned());
        Ok(Printers { usual: usual.filter(|name| names.contains(name)), names })
    }

    fn said(&self, arguments: &[&str]) -> Result<String, Failure> {
        let answer = Command::new(&self.ask).args(arguments).env("LC_ALL", "C").stdin(Stdio::null()).output();
        let answer = answer.map_err(|error| absent(&error))?;
        Ok(String::from_utf8_lossy(&answer.stdout).into_owned())
    }

    /// A job that waits for its pages.
    fn job(&self, printer: Option<&str>) -> Result<Child, Failure> {
        let Printers { usual, names } = self.printers()?;
        let Some(printer) = printer.or(usual.as_deref()).or(names.first().map(String::as_str)) else {
            return Err(Failure::of(FailureCode::NoPrinter));
        };
        if !names.iter().any(|name| name == printer) {
            return Err(Failure::of(FailureCode::NoPrinter).with("printer", printer));
        }
        Command::new(&self.submit)
            // The title stands in the queue, which others of the practice see.
            .args(["-s", "-d", printer, "-t", "Calame", "-o", "media=A4", "-"])
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| absent(&error))
    }
}

fn absent(error: &std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::NotFound => Failure::of(FailureCode::NoPrintSystem),
        _ => Failure::of(FailureCode::PrintFailed).with("reason", error),
    }
}

fn send(mut job: Child, pages: &[u8]) -> Result<(), Failure> {
    let fed = job.stdin.take().map(|mut stdin| stdin.write_all(pages));
    let ended = job.wait_with_output().map_err(|error| absent(&error))?;
    match fed {
        Some(Ok(())) if ended.status.success() => Ok(()),
        _ => {
            let reason = String::from_utf8_lossy(&ended.stderr).trim().to_owned();
            Err(Failure::of(FailureCode::PrintFailed).with("reason", reason))
        }
    }
}

impl Calame {
    /// # Errors
    /// Where this system has no print service.
    pub fn printers(&self) -> Result<Printers, Failure> {
        self.inner.print_service.printers()
    }

    /// Prints the validated note, on the system's usual printer where none is named.
    ///
    /// # Errors
    /// Before validation, without a print service or printer, and when the service refuses.
    pub fn print(&self, id: &ConsultationId, printer: Option<&str>) -> Result<(), Failure> {
        let record = self.inner.record()?;
        let signed: ValidatedNote =
            record.validated(id)?.ok_or_else(|| Failure::of(FailureCode::NotValidated))?;
        let pdf = self.with_page(&record, id, Subject::Validated(&signed), |page| Ok(export::pdf(page)?))?;
        let job = self.inner.print_service.job(printer)?;
        // In the audit before the first byte leaves.
        record.log_export(id, "print", self.inner.now())?;
        send(job, &pdf)
    }

    /// Prints a signed paper.
    ///
    /// # Errors
    /// When no such paper was signed, and as [`Calame::print`].
    pub fn print_paper(
        &self,
        id: &ConsultationId,
        sha256: &str,
        printer: Option<&str>,
    ) -> Result<(), Failure> {
        let record = self.inner.record()?;
        let signed = crate::papers::signed_paper(&record, id, sha256)?;
        let pdf =
            self.with_page(&record, id, Subject::ValidatedPaper(&signed), |page| Ok(export::pdf(page)?))?;
        let job = self.inner.print_service.job(printer)?;
        record.log_paper_export(id, &signed, "print", self.inner.now())?;
        send(job, &pdf)
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// A print service of two small programs: `ask` answers as lpstat does, `submit` keeps what it is given.
    fn service(ask: &str, submit: &str) -> (tempfile::TempDir, PrintService) {
        let folder = tempfile::tempdir().unwrap();
        let program = |name: &str, script: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
            path.display().to_string()
        };
        let service = PrintService { submit: program("lp", submit), ask: program("lpstat", ask) };
        (folder, service)
    }

    const TWO: &str =
        "case $1 in -e) echo bureau; echo accueil;; -d) echo 'system default destination: accueil';; esac";

    #[test]
    fn the_pages_reach_the_usual_printer_by_a_pipe() {
        let (folder, service) = service(TWO, "cd \"${0%/*}\"; echo \"$@\" > said; cat > pages");
        let printers = service.printers().unwrap();
        assert_eq!(printers.names, ["bureau", "accueil"]);
        assert_eq!(printers.usual.as_deref(), Some("accueil"));
        send(service.job(None).unwrap(), b"%PDF-1.7 pages").unwrap();
        assert_eq!(std::fs::read(folder.path().join("pages")).unwrap(), b"%PDF-1.7 pages");
        let said = std::fs::read_to_string(folder.path().join("said")).unwrap();
        assert_eq!(said.trim(), "-s -d accueil -t Calame -o media=A4 -");
        send(service.job(Some("bureau")).unwrap(), b"x").unwrap();
        assert!(std::fs::read_to_string(folder.path().join("said")).unwrap().contains("-d bureau"));
    }

    #[test]
    fn what_is_missing_is_told_apart() {
        let nowhere = PrintService { submit: "/nowhere/lp".into(), ask: "/nowhere/lpstat".into() };
        assert_eq!(nowhere.printers().unwrap_err().code, FailureCode::NoPrintSystem);
        let (_folder, none) = service("exit 1", "exit 0");
        assert_eq!(none.job(None).unwrap_err().code, FailureCode::NoPrinter);
        let (_folder, two) = service(TWO, "cat > /dev/null; echo 'out of order' >&2; exit 1");
        assert_eq!(
            two.job(Some("-o raw")).unwrap_err().code,
            FailureCode::NoPrinter,
            "no argument of its own"
        );
        let refused = send(two.job(None).unwrap(), b"x").unwrap_err();
        assert_eq!(
            (refused.code, refused.details["reason"].as_str()),
            (FailureCode::PrintFailed, "out of order")
        );
    }
}
