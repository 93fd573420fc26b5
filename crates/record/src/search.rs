//! Full text over patient, reason, transcript and note, without regard to accents.
//!
//! The index follows when the house is kept, not at every save; until then a search looks at what was changed beside it.
//! What is erased leaves the index at once.
//!
//! The row of a consultation is its key with the sign turned: the newest come first. Looking from the newest on, FTS5 stops
//! as soon as a list is full, and replaces the rows that change most without walking over the others.
//!
//! What is looked for by kind (patient, drug, diagnosis) stands in a column of its own, each word behind the mark of its
//! kind: a beginning that stands in every transcript need not be sifted to find the few prescriptions that have it.

use std::time::{Duration, Instant};

use note::{Experiencer, Kind, Note, Polarity, SectionId, Statement};
use rusqlite::{Connection, OptionalExtension as _, Transaction};

use crate::RecordError;

/// The database is held no longer than this at once: audio may be waiting.
const STEP: Duration = Duration::from_millis(50);

/// As many as a search looks through beside the index.
const FEW: usize = 8;

/// Of a row of the index: it says what the consultation says now.
pub(crate) const UP_TO_DATE: &str = "-search.rowid NOT IN (SELECT consultation FROM search_stale)";

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

/// Brings the index nearer to the present: some consultations that are new to it, or one that it knew otherwise. Taking
/// the words of one out, every place where they stand, is the long part, and it comes with the commit.
pub(crate) fn catch_up(write: &Transaction<'_>) -> Result<(), RecordError> {
    let start = Instant::now();
    let mut next =
        write.prepare_cached("SELECT consultation FROM search_stale ORDER BY consultation DESC LIMIT 1")?;
    while start.elapsed() < STEP {
        match next.query_row([], |row| row.get(0)).optional()? {
            Some(consultation) => {
                if rebuild(write, consultation)? {
                    break;
                }
            }
            None => break,
        }
    }
    Ok(())
}

/// The columns of the index.
type Entry = [String; 5];

/// Indexes a consultation anew, and tells whether the index knew it; an exercise is not to be found.
fn rebuild(write: &Connection, consultation: i64) -> Result<bool, RecordError> {
    let mut was_known = false;
    if let Some(entry) = entry(write, consultation)? {
        was_known = remove(write, consultation)?;
        insert(write, consultation, entry)?;
    }
    write.prepare_cached("DELETE FROM search_stale WHERE consultation = ?1")?.execute([consultation])?;
    Ok(was_known)
}

fn insert(write: &Connection, consultation: i64, entry: Entry) -> Result<(), RecordError> {
    let [patient, reason, transcript, note, kinds] = entry;
    write
        .prepare_cached(
            "INSERT INTO search (rowid, patient, reason, transcript, note, kinds) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((row(consultation), patient, reason, transcript, note, kinds))?;
    Ok(())
}

/// What the index is to hold of a consultation; nothing of an exercise.
fn entry(read: &Connection, consultation: i64) -> Result<Option<Entry>, RecordError> {
    let heading = read
        .prepare_cached(
            "SELECT concat_ws(' ', p.name, p.identifier, p.birth_date, strftime('%d/%m/%Y', p.birth_date),
                substr(c.created_at, 1, 10), strftime('%d/%m/%Y', c.created_at)),
                coalesce(c.reason, '')
             FROM consultations c LEFT JOIN patients p ON p.id = c.patient WHERE c.id = ?1 AND c.exercise = 0",
        )?
        .query_row([consultation], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
        .optional()?;
    let Some((patient, reason)) = heading else { return Ok(None) };
    let transcript: String = read
        .prepare_cached(
            "SELECT coalesce(group_concat(text, char(10) ORDER BY idx), '') FROM segments WHERE consultation = ?1",
        )?
        .query_row([consultation], |row| row.get(0))?;
    let note: Option<String> = read
        .prepare_cached(
            "SELECT note FROM note_versions WHERE consultation = ?1 ORDER BY version DESC LIMIT 1",
        )?
        .query_row([consultation], |row| row.get(0))
        .optional()?;
    let said = match note {
        Some(json) => Said::of(&serde_json::from_str(&json)?),
        None => Said::default(),
    };
    let kinds = [(Of::Patient, &patient), (Of::Drug, &said.drugs), (Of::Diagnosis, &said.diagnoses)];
    let kinds = kinds.map(|(of, text)| of.mark(&fold(text))).join("\n");
    let [patient, reason, transcript, note] =
        [&patient, &reason, &transcript, &said.all].map(|text| fold(text));
    Ok(Some([patient, reason, transcript, note, kinds]))
}

/// The few consultations that the index is behind, indexed in memory for one search: replacing a row of the index so
/// that no word stays behind takes longer than a key may.
pub(crate) struct Behind(Option<Connection>);

impl Behind {
    /// `None` when there are so many that they are better indexed first.
    pub(crate) fn of(read: &Connection) -> Result<Option<Self>, RecordError> {
        let mut behind = read.prepare_cached("SELECT consultation FROM search_stale LIMIT ?1")?;
        let behind: Vec<i64> = behind.query_map([FEW + 1], |row| row.get(0))?.collect::<Result<_, _>>()?;
        if behind.len() > FEW {
            return Ok(None);
        }
        if behind.is_empty() {
            return Ok(Some(Self(None)));
        }
        let memory = Connection::open_in_memory()?;
        memory.execute_batch(
            "PRAGMA temp_store = MEMORY;
             CREATE VIRTUAL TABLE search USING fts5 (
               patient, reason, transcript, note, kinds, tokenize = 'unicode61 remove_diacritics 2'
             );
             BEGIN",
        )?;
        for consultation in behind {
            if let Some(entry) = entry(read, consultation)? {
                insert(&memory, consultation, entry)?;
            }
        }
        memory.execute_batch("COMMIT")?;
        Ok(Some(Self(Some(memory))))
    }

    /// Which of them match, as a JSON array of keys.
    pub(crate) fn matching(&self, expression: &str) -> Result<String, RecordError> {
        let Some(memory) = &self.0 else { return Ok("[]".into()) };
        let query = "SELECT json_group_array(-rowid) FROM search WHERE search MATCH ?1";
        Ok(memory.query_row(query, [expression], |row| row.get(0))?)
    }
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

/// Takes a consultation out of the index, every word of it. Tells whether it was there.
pub(crate) fn remove(write: &Connection, consultation: i64) -> Result<bool, RecordError> {
    Ok(write.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([row(consultation)])? > 0)
}

const fn row(consultation: i64) -> i64 {
    -consultation
}

/// What a word can be looked for as.
#[derive(Clone, Copy)]
pub(crate) enum Of {
    Patient,
    Drug,
    Diagnosis,
}

/// The marks: private characters, which the tokenizer takes for letters and no text keeps (see [`fold`]).
const MARKS: std::ops::RangeInclusive<char> = '\u{e000}'..='\u{e002}';

impl Of {
    const fn mark_of(self) -> char {
        match self {
            Self::Patient => '\u{e000}',
            Self::Drug => '\u{e001}',
            Self::Diagnosis => '\u{e002}',
        }
    }

    /// Every word of a folded text behind the mark.
    fn mark(self, text: &str) -> String {
        let mut marked = String::with_capacity(text.len() * 2);
        let mut inside = false;
        for c in text.chars() {
            let letter = c.is_alphanumeric() || (inside && is_combining(c));
            if letter && !inside {
                marked.push(self.mark_of());
            }
            inside = letter;
            marked.push(c);
        }
        marked
    }
}

/// An accent that stands behind its letter.
const fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// What was typed, as a query: each word begins a word of the consultation, or of one kind in it. `None` when it holds
/// no word.
pub(crate) fn expression(query: &str, of: Option<Of>) -> Option<String> {
    let words: Vec<String> = fold(query)
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .map(|word| of.map_or_else(|| word.to_owned(), |of| of.mark(word)))
        // Quoted, nothing in it is an operator.
        .map(|word| format!("\"{}\"*", word.replace('"', " ")))
        .collect();
    if words.is_empty() { None } else { Some(words.join(" ")) }
}

/// Ligatures are no accents to the tokenizer: "œdème" is also found as "oedeme".
fn fold(text: &str) -> String {
    let text = text.replace(['œ', 'Œ'], "oe").replace(['æ', 'Æ'], "ae");
    text.replace(|c: char| c == '\0' || MARKS.contains(&c), " ")
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
        assert_eq!(expression("mal de  gorg", None).as_deref(), Some("\"mal\"* \"de\"* \"gorg\"*"));
        assert_eq!(expression("Œdème", None).as_deref(), Some("\"oedème\"*"));
    }

    #[test]
    fn every_word_of_a_kind_stands_behind_its_mark_and_no_text_brings_one_along() {
        assert_eq!(Of::Drug.mark("l'été 1 g"), "\u{e001}l'\u{e001}été \u{e001}1 \u{e001}g");
        assert_eq!(Of::Patient.mark("e\u{301}te\u{301}"), "\u{e000}e\u{301}te\u{301}");
        assert_eq!(
            expression("amoxi\u{e000}x", Some(Of::Drug)).as_deref(),
            Some("\"\u{e001}amoxi\"* \"\u{e001}x\"*")
        );
    }

    #[test]
    fn operators_and_quotes_are_only_text() {
        assert_eq!(
            expression("a\" OR \"b NEAR(", None).as_deref(),
            Some("\"a \"* \"OR\"* \" b\"* \"NEAR(\"*")
        );
        assert_eq!(expression(" - \"\" * ", None), None);
    }
}
