//! Lists the lexicon files so that a new one, curated or generated, is compiled in without touching code.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../assets/lexicon");
    let mut table = String::from("pub(crate) const FILES: &[(&str, Layer, &str, &str)] = &[\n");
    for language in ["fr", "en"] {
        let curated = root.join(language);
        list(&mut table, language, "Curated", &curated)?;
        list(&mut table, language, "Generated", &curated.join("generated"))?;
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("lexicon_files.rs");
    fs::write(out, table)
}

fn list(table: &mut String, language: &str, layer: &str, folder: &Path) -> io::Result<()> {
    println!("cargo:rerun-if-changed={}", folder.display());
    if !folder.is_dir() {
        return Ok(());
    }
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
    files.sort();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "tsv")) {
        let stem = file.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        let path = fs::canonicalize(file)?;
        println!("cargo:rerun-if-changed={}", path.display());
        let _ = writeln!(table, "    ({language:?}, Layer::{layer}, {stem:?}, include_str!({path:?})),");
    }
    Ok(())
}
