//! Full text over patient, reason, transcript and note, without regard to accents.
//!
//! The index follows when it is asked, and when a note is signed: replacing a row so that none of its words stays behind
//! costs a tenth of a second, which no save of a draft should wait for. What is erased leaves the index at once.

use std::time::{Duration, Instant};

use note::{Experiencer, Kind, Note, Polarity, SectionId, Statement};
use rusqlite::{Connection, OptionalExtension as _};

use crate::RecordError;

/// The database is held no longer than this at once: audio may be waiting.
const STEP: Duration = Duration::from_millis(50);

/// Notes that the index of a consultation is behind, in the transaction that changed it.
pub(crate) fn outdate(write: &Connection, consultation: i64) -> Result<(), RecordError> {
    write
        .prepare_cached("INSERT OR IGNORE INTO search_stale (consultation) VALUES (?1)")?
        .execute([consultation])?;
    Ok(())
}

pub(crate) fn is_behind(read: &Connection) -> Result<bool, RecordError> {
    Ok(read.prepare_cached("SELECT 1 FROM search_stale LIMIT 1")?.exists([])?)
}

/// Brings the index nearer to the present.
pub(crate) fn catch_up(write: &Connection) -> Result<(), RecordError> {
    let start = Instant::now();
    let mut next = write.prepare_cached("SELECT consultation FROM search_stale LIMIT 1")?;
    while start.elapsed() < STEP {
        match next.query_row([], |row| row.get(0)).optional()? {
            Some(consultation) => rebuild(write, consultation)?,
            None => break,
        }
    }
    Ok(())
}

/// Indexes a consultation anew; an exercise is not to be found.
pub(crate) fn rebuild(write: &Connection, consultation: i64) -> Result<(), RecordError> {
    let is_exercise: Option<bool> = write
        .prepare_cached("SELECT exercise FROM consultations WHERE id = ?1")?
        .query_row([consultation], |row| row.get(0))
        .optional()?;
    if is_exercise == Some(true) {
        write.prepare_cached("DELETE FROM search_stale WHERE consultation = ?1")?.execute([consultation])?;
        return Ok(());
    }
    let heading = write
        .prepare_cached(
            "SELECT concat_ws(' ', p.name, p.identifier, p.birth_date, strftime('%d/%m/%Y', p.birth_date),
                substr(c.created_at, 1, 10), strftime('%d/%m/%Y', c.created_at)),
                coalesce(c.reason, '')
             FROM consultations c LEFT JOIN patients p ON p.id = c.patient WHERE c.id = ?1",
        )?
        .query_row([consultation], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let transcript: String = write
        .prepare_cached(
            "SELECT coalesce(group_concat(text, char(10) ORDER BY idx), '') FROM segments WHERE consultation = ?1",
        )?
        .query_row([consultation], |row| row.get(0))?;
    let note: Option<String> = write
        .prepare_cached(
            "SELECT note FROM note_versions WHERE consultation = ?1 ORDER BY version DESC LIMIT 1",
        )?
        .query_row([consultation], |row| row.get(0))
        .optional()?;
    let said = match note {
        Some(json) => Said::of(&serde_json::from_str(&json)?),
        None => Said::default(),
    };
    remove(write, consultation)?;
    let columns = [&heading.0, &heading.1, &transcript, &said.all, &said.drugs, &said.diagnoses];
    let [patient, reason, transcript, note, drug, diagnosis] = columns.map(|text| fold(text));
    write
        .prepare_cached(
            "INSERT INTO search (rowid, patient, reason, transcript, note, drug, diagnosis)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((consultation, patient, reason, transcript, note, drug, diagnosis))?;
    write.prepare_cached("DELETE FROM search_stale WHERE consultation = ?1")?.execute([consultation])?;
    Ok(())
}

/// After more was learnt of a patient whom several consultations may share.
pub(crate) fn outdate_patient(write: &Connection, patient: i64) -> Result<(), RecordError> {
    write
        .prepare_cached(
            "INSERT OR IGNORE INTO search_stale (consultation) SELECT id FROM consultations WHERE patient = ?1",
        )?
        .execute([patient])?;
    Ok(())
}

/// Takes a consultation out of the index, every word of it.
pub(crate) fn remove(write: &Connection, consultation: i64) -> Result<(), RecordError> {
    write.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([consultation])?;
    Ok(())
}

/// What was typed, as a query: each word begins a word of the consultation. `None` when it holds no word.
pub(crate) fn expression(query: &str) -> Option<String> {
    let words: Vec<String> = fold(query)
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        // Quoted, nothing in it is an operator.
        .map(|word| format!("\"{}\"*", word.replace('"', " ")))
        .collect();
    if words.is_empty() { None } else { Some(words.join(" ")) }
}

/// Ligatures are no accents to the tokenizer: "œdème" is also found as "oedeme".
fn fold(text: &str) -> String {
    text.replace(['œ', 'Œ'], "oe").replace(['æ', 'Æ'], "ae").replace('\0', " ")
}

/// The words of a note, and again those of its drugs and of its diagnoses.
#[derive(Default)]
struct Said {
    all: String,
    drugs: String,
    diagnoses: String,
}

impl Said {
    fn of(note: &Note) -> Self {
        let mut said = Self::default();
        for (section, statement) in note.statements() {
            let words = words(statement);
            let add = |text: &mut String| {
                text.push_str(&words);
                text.push('\n');
            };
            add(&mut said.all);
            if statement.polarity == Polarity::Absent || statement.experiencer == Experiencer::Family {
                continue;
            }
            // What a doctor types has no kind: its section says what it is.
            let is_drug = matches!(section, SectionId::Traitements | SectionId::Ordonnance)
                && statement.kind == Kind::Other;
            if is_drug || statement.kind == Kind::Drug {
                add(&mut said.drugs);
            }
            if section == SectionId::Conclusion || statement.kind == Kind::Condition {
                add(&mut said.diagnoses);
            }
        }
        said
    }
}

fn words(statement: &Statement) -> String {
    let mut words = vec![statement.text.as_str()];
    words.extend(statement.concept.as_deref());
    words.extend(statement.codes.iter().flat_map(|code| [code.code.as_str(), code.display.as_str()]));
    words.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_typed_becomes_a_quoted_prefix() {
        assert_eq!(expression("mal de  gorg").as_deref(), Some("\"mal\"* \"de\"* \"gorg\"*"));
        assert_eq!(expression("Œdème").as_deref(), Some("\"oedème\"*"));
    }

    #[test]
    fn operators_and_quotes_are_only_text() {
        assert_eq!(expression("a\" OR \"b NEAR(").as_deref(), Some("\"a \"* \"OR\"* \" b\"* \"NEAR(\"*"));
        assert_eq!(expression(" - \"\" * "), None);
    }
}
