//! What the programs are built from: every dependency under a licence that allows it, from the one registry, and no client
//! of the network in what doctors run.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use crate::cargo::cargo;
use crate::command;
use crate::failure::Failure;

/// Permissive licences, and the weak copyleft of some files that are used unchanged.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "WTFPL",
    "Zlib",
    "blessing",
    "bzip2-1.0.6",
];
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

/// Checks the dependencies as they are locked.
pub fn check() -> Result<(), Failure> {
    let mut wrong = foreign(&metadata(&[])?);
    // What a library needs on a telephone is in no program of ours.
    for platform in PLATFORMS {
        wrong.extend(networked(&metadata(&["--filter-platform", platform])?));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        wrong.join("\n"),
        "take another library, or add its licence to crates/xtask/src/supply.rs",
    ))
}

fn metadata(more: &[&str]) -> Result<Metadata, Failure> {
    let arguments = [&["metadata", "--format-version", "1", "--locked"], more].concat();
    let json = command::answer(&mut cargo(&arguments));
    json.and_then(|json| serde_json::from_str(&json).ok()).ok_or_else(|| {
        Failure::new("cargo metadata gave no list of the dependencies", "run `cargo metadata --locked`")
    })
}

/// Under another licence, or from another place.
fn foreign(metadata: &Metadata) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in metadata.packages.iter().filter(|package| package.source.is_some()) {
        let name = format!("{} {}", package.name, package.version);
        let licence = package.license.as_deref().unwrap_or_default();
        if !is_allowed(licence) {
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
fn is_allowed(expression: &str) -> bool {
    let plain = expression.replace('/', " OR ").replace(" WITH LLVM-exception", "");
    // The only brackets in use are around alternatives that are joined: each part then counts by itself.
    let parts: Vec<&str> = plain.split(" AND ").collect();
    parts.iter().all(|part| {
        let bare = part.trim_matches([' ', '(', ')']);
        bare.split(" OR ").any(|name| ALLOWED.contains(&name.trim_matches([' ', '(', ')'])))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_several_licences_is_enough_and_all_of_joined_ones_are_needed() {
        for fine in ["MIT", "MIT/Apache-2.0", "GPL-3.0 OR MIT", "(MIT OR GPL-2.0) AND Unicode-3.0"] {
            assert!(is_allowed(fine), "{fine}");
        }
        for refused in ["", "GPL-3.0-only", "MIT AND GPL-3.0", "SSPL-1.0 OR AGPL-3.0"] {
            assert!(!is_allowed(refused), "{refused}");
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
        assert!(foreign(&fine).is_empty() && networked(&fine).is_empty());
        assert_eq!(networked(&metadata("MIT", REGISTRY, "null")).len(), 1);
        assert_eq!(foreign(&metadata("GPL-3.0", "git+https://example.org", "\"dev\"")).len(), 2);
    }
}
