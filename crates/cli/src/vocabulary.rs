//! `calame record vocabulary`: the words of the practice that the recogniser leans towards.

use std::path::Path;

use consultation::{Calame, vocabulary_of_text};

use crate::failure::CliError;
use crate::print_json;
use crate::record_arguments::VocabularyAct;

pub fn run(app: &Calame, act: &VocabularyAct) -> Result<(), CliError> {
    let mut words = app.vocabulary()?;
    match act {
        VocabularyAct::List => return print_json(&words),
        VocabularyAct::Add { words: more, from } => {
            words.extend(more.iter().cloned());
            if let Some(file) = from {
                words.extend(read(file)?);
            }
        }
        VocabularyAct::Remove { words: those } => {
            let is_meant =
                |word: &String| those.iter().any(|that| that.to_lowercase() == word.to_lowercase());
            if let Some(unknown) =
                those.iter().find(|that| !words.iter().any(|word| word.to_lowercase() == that.to_lowercase()))
            {
                return Err(CliError::Input(format!("{unknown} is not in the vocabulary")));
            }
            words.retain(|word| !is_meant(word));
        }
    }
    print_json(&app.set_vocabulary(words)?)
}

/// One word a line.
pub fn read(file: &Path) -> Result<Vec<String>, CliError> {
    let text = std::fs::read_to_string(file).map_err(|e| CliError::file(file, e))?;
    Ok(vocabulary_of_text(&text))
}
