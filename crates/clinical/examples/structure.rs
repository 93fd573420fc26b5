//! Structures one transcript to stdout, or a folder of transcripts into another folder.
//!
//! cargo run -p calame-clinical --example structure -- TRANSCRIPT.json
//! cargo run -p calame-clinical --example structure -- DIR OUT
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::path::{Path, PathBuf};

use clinical::Clinical;
use note::Transcript;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    match arguments.as_slice() {
        [file] => println!("{}", structure(file)?),
        [folder, out] => {
            std::fs::create_dir_all(out)?;
            for entry in std::fs::read_dir(folder)? {
                let path = entry?.path();
                if path.extension().is_some_and(|e| e == "json") {
                    std::fs::write(out.join(path.file_name().unwrap_or_default()), structure(&path)?)?;
                }
            }
        }
        _ => return Err("usage: structure TRANSCRIPT.json | structure DIR OUT".into()),
    }
    Ok(())
}

fn structure(path: &Path) -> Result<String, Box<dyn Error>> {
    let transcript = Transcript::from_json_lenient(&std::fs::read_to_string(path)?)?;
    let note = Clinical::load(transcript.language).structure(&transcript);
    Ok(serde_json::to_string_pretty(&note)?)
}
