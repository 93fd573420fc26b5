//! The cargo commands that tasks run. Every one takes the whole workspace, so that features unify in one way
//! and nothing is built twice.

use std::path::PathBuf;
use std::process::Command;

use serde::Deserialize;

use crate::command;
use crate::failure::Failure;
use crate::places;

/// The package of whole-job tests.
const WHOLE_JOB: &str = "calame-tests";

/// `cargo` in the checkout.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(places::root());
    command
}

/// The built program `name`.
pub fn program(name: &str, release: bool) -> PathBuf {
    let profile = if release { "release" } else { "debug" };
    places::target().join(profile).join(name).with_extension(std::env::consts::EXE_EXTENSION)
}

/// Targets of `cargo test --test`, sorted by whether they belong to the whole-job tests.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct TestTargets {
    pub whole_job: Vec<String>,
    pub others: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// The integration tests of the workspace.
pub fn test_targets() -> Result<TestTargets, Failure> {
    let json = command::answer(&mut cargo(&["metadata", "--no-deps", "--format-version", "1"]));
    json.and_then(|json| targets_of(&json)).ok_or_else(|| {
        Failure::new(
            "cargo metadata gave no list of the tests",
            "run `cargo metadata --no-deps` and correct what it says",
        )
    })
}

fn targets_of(json: &str) -> Option<TestTargets> {
    let metadata: Metadata = serde_json::from_str(json).ok()?;
    let mut found = TestTargets::default();
    for package in metadata.packages {
        let list = if package.name == WHOLE_JOB { &mut found.whole_job } else { &mut found.others };
        list.extend(
            package
                .targets
                .into_iter()
                .filter(|target| target.kind.iter().any(|kind| kind == "test"))
                .map(|target| target.name),
        );
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_job_tests_are_told_from_the_others() {
        let json = r#"{"packages":[
            {"name":"calame-record","targets":[{"name":"record","kind":["lib"]},{"name":"power_cut","kind":["test"]}]},
            {"name":"calame-tests","targets":[{"name":"window","kind":["test"]},{"name":"headless","kind":["test"]}]}]}"#;
        let found = targets_of(json).unwrap();
        assert_eq!(found.whole_job, ["window", "headless"]);
        assert_eq!(found.others, ["power_cut"]);
        assert_eq!(targets_of("{"), None);
    }
}
