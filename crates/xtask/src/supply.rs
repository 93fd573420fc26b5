//! What the programs are built from: every dependency under a licence that allows it, from the one registry, and no client
//! of the network in what doctors run. cargo-deny checks licences and sources as well, where it is installed; a fresh clone
//! needs neither it nor the minutes it takes to build.

use std::collections::{HashMap, HashSet};
use std::fs;

use serde::Deserialize;

use crate::cargo::cargo;
use crate::command;
use crate::failure::{AtPath, Failure};
use crate::places;

/// Says which licences are allowed, for cargo-deny and for here.
const POLICY: &str = "deny.toml";
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";
/// What doctors run.
const PROGRAMS: &[&str] = &["calame", "calame-cli"];
const PLATFORMS: &[&str] = &["x86_64-unknown-linux-gnu", "x86_64-pc-windows-msvc", "aarch64-apple-darwin"];
const NETWORK_CLIENTS: &[&str] = &[
    "attohttpc",
    "curl",
    "hickory-resolver",
    "hyper",
    "isahc",
    "native-tls",
    "quinn",
    "reqwest",
    "rustls",
    "tungstenite",
    "ureq",
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    /// None where the program itself needs it: neither its build nor its tests.
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Policy {
    licenses: Licences,
}

#[derive(Deserialize)]
struct Licences {
    allow: HashSet<String>,
}

/// Checks the dependencies as they are locked.
pub fn check() -> Result<(), Failure> {
    if command::is_in_path("cargo-deny") {
        let mut deny = cargo(&["deny", "--offline", "check", "bans", "licenses", "sources"]);
        command::shown(&mut deny, "take another library, or change deny.toml with the reason")?;
    }
    let mut wrong = foreign(&metadata(&[])?, &allowed()?);
    // What a library needs on a telephone is in no program of ours.
    for platform in PLATFORMS {
        wrong.extend(networked(&metadata(&["--filter-platform", platform])?));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Failure::new(wrong.join("\n"), format!("take another library, or add its licence to {POLICY}")))
}

fn allowed() -> Result<HashSet<String>, Failure> {
    let path = places::root().join(POLICY);
    let text = fs::read_to_string(&path).at("read", &path)?;
    let policy: Policy = toml::from_str(&text).map_err(|error| {
        Failure::new(format!("{POLICY} is not understood: {error}"), "restore it from the repository")
    })?;
    Ok(policy.licenses.allow)
}

fn metadata(more: &[&str]) -> Result<Metadata, Failure> {
    let arguments = [&["metadata", "--format-version", "1", "--locked"], more].concat();
    let json = command::answer(&mut cargo(&arguments));
    json.and_then(|json| serde_json::from_str(&json).ok()).ok_or_else(|| {
        Failure::new("cargo metadata gave no list of the dependencies", "run `cargo metadata --locked`")
    })
}

/// Under another licence, or from another place.
fn foreign(metadata: &Metadata, allowed: &HashSet<String>) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in metadata.packages.iter().filter(|package| package.source.is_some()) {
        let name = format!("{} {}", package.name, package.version);
        let licence = package.license.as_deref().unwrap_or_default();
        if !is_allowed(licence, allowed) {
            wrong.push(format!("{name} has the licence {licence:?}"));
        }
        if package.source.as_deref() != Some(REGISTRY) {
            wrong.push(format!("{name} does not come from crates.io"));
        }
    }
    wrong
}

fn networked(metadata: &Metadata) -> Vec<String> {
    let mut wrong = Vec::new();
    let names: HashMap<&str, &str> =
        metadata.packages.iter().map(|package| (package.id.as_str(), package.name.as_str())).collect();
    for program in PROGRAMS {
        match needed_by(metadata, &names, program) {
            Some(needed) => wrong.extend(
                needed
                    .iter()
                    .filter(|name| NETWORK_CLIENTS.contains(*name))
                    .map(|name| format!("{program} would hold a client of the network: {name}")),
            ),
            None => wrong.push(format!("there is no package {program}")),
        }
    }
    wrong
}

fn needed_by<'a>(
    metadata: &'a Metadata,
    names: &HashMap<&str, &'a str>,
    program: &str,
) -> Option<HashSet<&'a str>> {
    let nodes: HashMap<&str, &Node> =
        metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let root = metadata.packages.iter().find(|p| p.name == program && p.source.is_none())?;
    let (mut seen, mut next) = (HashSet::from([root.id.as_str()]), vec![root.id.as_str()]);
    while let Some(id) = next.pop() {
        for dependency in nodes.get(id).iter().flat_map(|node| &node.deps) {
            let runs = dependency.dep_kinds.iter().any(|kind| kind.kind.is_none());
            if runs && seen.insert(&dependency.pkg) {
                next.push(&dependency.pkg);
            }
        }
    }
    Some(seen.into_iter().filter_map(|id| names.get(id).copied()).collect())
}

/// Of an SPDX expression, or the older form with a slash: one of the alternatives, with all its parts.
fn is_allowed(expression: &str, allowed: &HashSet<String>) -> bool {
    let plain = expression.replace('/', " OR ");
    // The only brackets in use are around alternatives that are joined: each part then counts by itself.
    let parts: Vec<&str> = plain.split(" AND ").collect();
    parts.iter().all(|part| {
        let bare = part.trim_matches([' ', '(', ')']);
        bare.split(" OR ").any(|name| allowed.contains(name.trim_matches([' ', '(', ')'])))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_several_licences_is_enough_and_all_of_joined_ones_are_needed() {
        let allowed = allowed().unwrap();
        for fine in ["MIT", "MIT/Apache-2.0", "GPL-3.0 OR MIT", "(MIT OR GPL-2.0) AND Unicode-3.0"] {
            assert!(is_allowed(fine, &allowed), "{fine}");
        }
        for refused in ["", "GPL-3.0-only", "MIT AND GPL-3.0", "SSPL-1.0 OR AGPL-3.0"] {
            assert!(!is_allowed(refused, &allowed), "{refused}");
        }
    }

    fn metadata(licence: &str, source: &str, kind: &str) -> Metadata {
        serde_json::from_str(&format!(
            r#"{{"packages":[
              {{"id":"a","name":"calame","version":"1","license":null,"source":null}},
              {{"id":"c","name":"calame-cli","version":"1","license":null,"source":null}},
              {{"id":"b","name":"ureq","version":"3","license":"{licence}","source":"{source}"}}],
              "resolve":{{"nodes":[
              {{"id":"a","deps":[{{"pkg":"b","dep_kinds":[{{"kind":{kind}}}]}}]}},
              {{"id":"b","deps":[]}},{{"id":"c","deps":[]}}]}}}}"#
        ))
        .unwrap()
    }

    #[test]
    fn a_foreign_licence_a_foreign_source_and_a_network_client_are_told() {
        let fine = metadata("MIT", REGISTRY, "\"dev\"");
        let allowed = allowed().unwrap();
        assert!(foreign(&fine, &allowed).is_empty() && networked(&fine).is_empty());
        assert_eq!(networked(&metadata("MIT", REGISTRY, "null")).len(), 1);
        assert_eq!(foreign(&metadata("GPL-3.0", "git+https://example.org", "\"dev\""), &allowed).len(), 2);
    }
}
