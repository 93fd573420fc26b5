use std::collections::BTreeSet;

use note::{
    Author, Experiencer, Kind, Language, Note, Omission, Polarity, SectionId, Source, Statement, Temporality,
};
use serde::{Deserialize, Serialize};

use crate::restructured::restructured;
use crate::{Failure, FailureCode, NoteView};

/// One act of the doctor on a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Edit {
    SetText {
        id: String,
        text: String,
    },
    Delete {
        id: String,
    },
    Move {
        id: String,
        section: SectionId,
        /// At the end when absent.
        position: Option<u32>,
    },
    Add {
        section: SectionId,
        text: String,
    },
    /// One statement becomes two, side by side; both keep its sources.
    Split {
        id: String,
        first: String,
        second: String,
    },
    /// Two statements become one, in the place of `into`, with the sources of both.
    Merge {
        id: String,
        into: String,
    },
    Check {
        id: String,
        checked: bool,
    },
    AcceptOmission {
        segment: u32,
        quote: String,
        section: SectionId,
    },
    DismissOmission {
        segment: u32,
        quote: String,
    },
}

/// What undo brings back.
#[derive(Debug, Clone, PartialEq)]
struct Snapshot {
    note: Note,
    checked: BTreeSet<String>,
}

/// A draft under the doctor's hands: every edit can be undone and redone.
#[derive(Debug, Clone)]
pub struct Review {
    now: Snapshot,
    past: Vec<Snapshot>,
    future: Vec<Snapshot>,
    typed: u32,
}

/// A doctor who needs more steps back than this reopens the draft's saved versions.
const STEPS: usize = 500;

impl Review {
    #[must_use]
    pub fn new(note: Note, checked: impl IntoIterator<Item = String>) -> Self {
        let typed = note
            .statements()
            .filter_map(|(_, s)| s.id.strip_prefix("dr-")?.parse::<u32>().ok())
            .max()
            .unwrap_or(0);
        let now = Snapshot { note, checked: checked.into_iter().collect() };
        Self { now, past: Vec::new(), future: Vec::new(), typed }
    }

    #[must_use]
    pub const fn note(&self) -> &Note {
        &self.now.note
    }

    #[must_use]
    pub fn checked(&self) -> Vec<String> {
        self.now.checked.iter().cloned().collect()
    }

    #[must_use]
    pub fn is_checked(&self, id: &str) -> bool {
        self.now.checked.contains(id)
    }

    #[must_use]
    pub fn pending(&self) -> Vec<String> {
        let critical = self.now.note.statements().filter(|(_, s)| s.is_critical());
        critical.filter(|(_, s)| !self.is_checked(&s.id)).map(|(_, s)| s.id.clone()).collect()
    }

    #[must_use]
    pub fn view(&self, version: u32) -> NoteView {
        NoteView {
            note: self.now.note.clone(),
            checked: self.checked(),
            pending: self.pending(),
            can_undo: !self.past.is_empty(),
            can_redo: !self.future.is_empty(),
            version,
        }
    }

    /// # Errors
    /// When the edit names a statement or passage which is not there, or gives an empty text: nothing changes then.
    pub fn apply(&mut self, edit: Edit) -> Result<(), Failure> {
        let mut next = self.now.clone();
        match edit {
            Edit::SetText { id, text } => set_text(&mut next, &id, &text)?,
            Edit::Delete { id } => {
                next.note.remove(&id).ok_or_else(|| gone(&id))?;
                next.checked.remove(&id);
            }
            Edit::Move { id, section, position } => relocate(&mut next.note, &id, section, position)?,
            Edit::Add { section, text } => {
                let id = self.fresh_id();
                let text = some_text(&text)?;
                next.checked.insert(id.clone());
                next.note.push(section, typed(id, text, Kind::Other, Vec::new(), Some(Author::Doctor)));
            }
            Edit::Split { id, first, second } => {
                let fresh = self.fresh_id();
                split(&mut next, &id, fresh, &first, &second)?;
            }
            Edit::Merge { id, into } => merge(&mut next, &id, &into)?,
            Edit::Check { id, checked } => {
                next.note.statement(&id).ok_or_else(|| gone(&id))?;
                if checked {
                    next.checked.insert(id);
                } else {
                    next.checked.remove(&id);
                }
            }
            Edit::AcceptOmission { segment, quote, section } => {
                take_omission(&mut next.note, segment, &quote)?;
                let id = self.fresh_id();
                let text = capitalised(&quote);
                next.checked.insert(id.clone());
                next.note.push(section, typed(id, text, Kind::Other, vec![Source { segment, quote }], None));
            }
            Edit::DismissOmission { segment, quote } => {
                take_omission(&mut next.note, segment, &quote)?;
            }
        }
        self.advance(next);
        Ok(())
    }

    /// The transcript was corrected: `before` and `after` are what the structuring makes of it. The doctor's own edits stay.
    pub fn restructure(&mut self, before: &Note, after: Note) {
        let (note, checked) = restructured(&self.now.note, &self.now.checked, before, after);
        self.advance(Snapshot { note, checked });
    }

    fn advance(&mut self, next: Snapshot) {
        if next != self.now {
            if self.past.len() == STEPS {
                self.past.remove(0);
            }
            self.past.push(std::mem::replace(&mut self.now, next));
            self.future.clear();
        }
    }

    /// False when there is nothing to undo.
    pub fn undo(&mut self) -> bool {
        step(&mut self.past, &mut self.now, &mut self.future)
    }

    /// False when there is nothing to redo.
    pub fn redo(&mut self) -> bool {
        step(&mut self.future, &mut self.now, &mut self.past)
    }

    fn fresh_id(&mut self) -> String {
        // Never given twice, even when the statement that had it was undone.
        self.typed += 1;
        format!("dr-{}", self.typed)
    }
}

fn step(from: &mut Vec<Snapshot>, now: &mut Snapshot, to: &mut Vec<Snapshot>) -> bool {
    let Some(snapshot) = from.pop() else { return false };
    to.push(std::mem::replace(now, snapshot));
    true
}

fn set_text(next: &mut Snapshot, id: &str, text: &str) -> Result<(), Failure> {
    let text = some_text(text)?;
    let statement = next.note.statement_mut(id).ok_or_else(|| gone(id))?;
    if statement.text != text {
        statement.text = text;
        reworded(statement);
    }
    next.checked.insert(id.to_owned());
    Ok(())
}

fn reworded(statement: &mut Statement) {
    statement.author = Some(Author::Doctor);
    statement.confidence = 1.0;
    // They described the former wording: a stale dose is worse than none.
    statement.attributes.clear();
    statement.concept = None;
    statement.codes.clear();
    statement.suggestions.clear();
}

/// Cutting is no look at what is cut: the parts are as checked as the whole was, unless the words changed too.
fn split(next: &mut Snapshot, id: &str, fresh: String, first: &str, second: &str) -> Result<(), Failure> {
    let (first, second) = (some_text(first)?, some_text(second)?);
    let (section, whole) = next.note.statement(id).ok_or_else(|| gone(id))?;
    let words = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let is_checked = next.checked.contains(id) || words(&whole.text) != words(&format!("{first}{second}"));
    let mut parts = [whole.clone(), whole.clone()];
    for (part, (id, text)) in parts.iter_mut().zip([(id.to_owned(), first), (fresh, second)]) {
        if is_checked {
            next.checked.insert(id.clone());
        }
        part.id = id;
        part.text = text;
        reworded(part);
    }
    let home = next.note.sections.iter_mut().find(|s| s.id == section);
    let statements = &mut home.ok_or_else(|| gone(id))?.statements;
    let at = statements.iter().position(|s| s.id == id).ok_or_else(|| gone(id))?;
    statements.splice(at..=at, parts);
    Ok(())
}

/// The whole is checked when both parts were. What is said of the patient never joins what is said of the family.
fn merge(next: &mut Snapshot, id: &str, into: &str) -> Result<(), Failure> {
    let experiencer = |id: &str| next.note.statement(id).map(|(_, s)| s.experiencer).ok_or_else(|| gone(id));
    if id == into || experiencer(id)? != experiencer(into)? {
        return Err(Failure::of(FailureCode::InvalidInput).with("field", "into"));
    }
    // Of two neighbours the one that stands first is read first.
    let order: Vec<_> = next.note.statements().map(|(_, s)| s.id.as_str()).collect();
    let is_before = order.iter().position(|o| *o == id) < order.iter().position(|o| *o == into);
    let stop = if next.note.language == Language::Fr { "\u{202f}; " } else { "; " };
    let was_checked = next.checked.remove(id);
    let (_, part) = next.note.remove(id).ok_or_else(|| gone(id))?;
    let whole = next.note.statement_mut(into).ok_or_else(|| gone(into))?;
    let (head, tail) = if is_before { (&part.text, &whole.text) } else { (&whole.text, &part.text) };
    whole.text = format!("{}{stop}{tail}", head.trim_end_matches(['.', ';', ' ', '\u{202f}']));
    reworded(whole);
    if whole.kind != part.kind {
        whole.kind = Kind::Other;
    }
    for source in part.sources {
        if !whole.sources.contains(&source) {
            whole.sources.push(source);
        }
    }
    for flag in part.flags {
        if !whole.flags.contains(&flag) {
            whole.flags.push(flag);
        }
    }
    if !was_checked {
        next.checked.remove(into);
    }
    Ok(())
}

fn relocate(note: &mut Note, id: &str, section: SectionId, position: Option<u32>) -> Result<(), Failure> {
    let (_, statement) = note.remove(id).ok_or_else(|| gone(id))?;
    note.push(section, statement);
    let Some(home) = note.sections.iter_mut().find(|s| s.id == section) else { return Ok(()) };
    if let Some(at) = position
        && let Some(moved) = home.statements.pop()
    {
        let at = (at as usize).min(home.statements.len());
        home.statements.insert(at, moved);
    }
    Ok(())
}

fn take_omission(note: &mut Note, segment: u32, quote: &str) -> Result<Omission, Failure> {
    let at = note.omissions.iter().position(|o| o.segment == segment && o.quote == quote);
    at.map(|at| note.omissions.remove(at)).ok_or_else(|| gone("omission"))
}

fn typed(id: String, text: String, kind: Kind, sources: Vec<Source>, author: Option<Author>) -> Statement {
    Statement {
        id,
        kind,
        text,
        concept: None,
        polarity: Polarity::Present,
        experiencer: Experiencer::Patient,
        temporality: Temporality::Current,
        attributes: Default::default(),
        sources,
        confidence: 1.0,
        flags: Vec::new(),
        author,
        codes: Vec::new(),
        suggestions: Vec::new(),
    }
}

fn gone(id: &str) -> Failure {
    Failure::of(FailureCode::NotFound).with("id", id)
}

fn some_text(text: &str) -> Result<String, Failure> {
    let text = one_line(text);
    if text.is_empty() { Err(Failure::of(FailureCode::InvalidInput).with("field", "text")) } else { Ok(text) }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.trim().chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// One line, single spaces; no-break spaces are typography and stay.
fn one_line(text: &str) -> String {
    let breaking = |c: char| c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}');
    text.split(breaking).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use note::Flag;
    use proptest::prelude::*;

    fn draft() -> Review {
        let mut note = Note::new(Language::Fr);
        let quote = vec![Source { segment: 2, quote: "amlodipine cinq".into() }];
        let mut drug = typed("st-1".into(), "Amlodipine 5 mg".into(), Kind::Drug, quote, None);
        drug.flags.push(Flag::Critical);
        drug.attributes.insert("dose".into(), "5 mg".into());
        note.push(SectionId::Ordonnance, drug);
        note.omissions.push(Omission { segment: 4, quote: "des vertiges".into(), concept: None });
        Review::new(note, [])
    }

    #[test]
    fn an_edited_statement_keeps_its_source_and_counts_as_seen() {
        let mut review = draft();
        assert_eq!(review.pending(), ["st-1"]);
        review.apply(Edit::SetText { id: "st-1".into(), text: " Amlodipine\n10 mg ".into() }).unwrap();
        let (_, drug) = review.note().statement("st-1").unwrap();
        assert_eq!(drug.text, "Amlodipine 10 mg");
        assert_eq!(drug.sources.len(), 1);
        assert!(drug.by_doctor() && drug.attributes.is_empty());
        assert!(review.pending().is_empty());
    }

    #[test]
    fn an_accepted_omission_becomes_a_sourced_statement() {
        let mut review = draft();
        let accept =
            Edit::AcceptOmission { segment: 4, quote: "des vertiges".into(), section: SectionId::Histoire };
        review.apply(accept.clone()).unwrap();
        let (section, statement) = review.note().statement("dr-1").unwrap();
        assert_eq!((section, statement.text.as_str()), (SectionId::Histoire, "Des vertiges"));
        assert_eq!(statement.sources, [Source { segment: 4, quote: "des vertiges".into() }]);
        assert!(review.note().omissions.is_empty());
        assert_eq!(review.apply(accept).unwrap_err().code, FailureCode::NotFound);
    }

    #[test]
    fn an_empty_text_is_refused_and_changes_nothing() {
        let mut review = draft();
        let refused = review.apply(Edit::SetText { id: "st-1".into(), text: " \n".into() });
        assert_eq!(refused.unwrap_err().code, FailureCode::InvalidInput);
        assert!(!review.view(1).can_undo);
    }

    #[test]
    fn a_statement_moves_to_the_place_named() {
        let mut review = draft();
        review.apply(Edit::Add { section: SectionId::Conduite, text: "Repos".into() }).unwrap();
        let to_first = Edit::Move { id: "st-1".into(), section: SectionId::Conduite, position: Some(0) };
        review.apply(to_first).unwrap();
        let order: Vec<_> = review.note().statements().map(|(_, s)| s.id.as_str()).collect();
        assert_eq!(order, ["st-1", "dr-1"]);
        assert_eq!(review.note().sections.len(), 1);
    }

    #[test]
    fn a_statement_splits_in_two_that_keep_its_source_and_wait_as_it_did() {
        let mut review = draft();
        let split = |first: &str, second: &str| Edit::Split {
            id: "st-1".into(),
            first: first.into(),
            second: second.into(),
        };
        assert!(review.apply(split("Amlodipine 5 mg", " ")).is_err());
        review.apply(split("Amlodipine", "5 mg")).unwrap();
        let all: Vec<_> =
            review.note().statements().map(|(_, s)| (s.text.as_str(), s.sources.len())).collect();
        assert_eq!(all, [("Amlodipine", 1), ("5 mg", 1)]);
        assert_eq!(review.pending().len(), 2);
        review.undo();
        assert_eq!(review.pending(), ["st-1"]);
    }

    #[test]
    fn two_statements_merge_with_both_sources_and_wait_for_whichever_was_not_seen() {
        let mut review = draft();
        let accept =
            Edit::AcceptOmission { segment: 4, quote: "des vertiges".into(), section: SectionId::Ordonnance };
        review.apply(accept).unwrap();
        review.apply(Edit::Merge { id: "st-1".into(), into: "dr-1".into() }).unwrap();
        let (_, whole) = review.note().statement("dr-1").unwrap();
        assert_eq!(whole.text, "Amlodipine 5 mg\u{202f}; Des vertiges");
        assert_eq!(whole.sources.iter().map(|s| s.segment).collect::<Vec<_>>(), [4, 2]);
        assert!(whole.is_critical() && review.pending() == ["dr-1"]);
        assert!(review.note().statement("st-1").is_none());
    }

    #[test]
    fn the_family_never_merges_into_the_patient() {
        let mut review = draft();
        let mut mother =
            typed("st-2".into(), "Diabète".into(), Kind::Condition, vec![], Some(Author::Doctor));
        mother.experiencer = Experiencer::Family;
        review.now.note.push(SectionId::Ordonnance, mother);
        let refused = review.apply(Edit::Merge { id: "st-2".into(), into: "st-1".into() });
        assert_eq!(refused.unwrap_err().code, FailureCode::InvalidInput);
        assert_eq!(review.note().statements().count(), 2);
    }

    fn any_edit() -> impl Strategy<Value = Edit> {
        let id = prop_oneof![Just("st-1".to_owned()), Just("dr-1".into()), Just("dr-2".into())];
        let section = (0..SectionId::ORDER.len()).prop_map(|at| SectionId::ORDER[at]);
        prop_oneof![
            (id.clone(), "[a-z ]{0,8}").prop_map(|(id, text)| Edit::SetText { id, text }),
            id.clone().prop_map(|id| Edit::Delete { id }),
            (id.clone(), section.clone(), proptest::option::of(0u32..4))
                .prop_map(|(id, section, position)| Edit::Move { id, section, position }),
            (section.clone(), "[a-z ]{0,8}").prop_map(|(section, text)| Edit::Add { section, text }),
            (id.clone(), any::<bool>()).prop_map(|(id, checked)| Edit::Check { id, checked }),
            (id.clone(), "[a-z ]{0,8}", "[a-z ]{0,8}").prop_map(|(id, first, second)| Edit::Split {
                id,
                first,
                second
            }),
            (id.clone(), id.clone()).prop_map(|(id, into)| Edit::Merge { id, into }),
            section.prop_map(|section| Edit::AcceptOmission {
                segment: 4,
                quote: "des vertiges".into(),
                section
            }),
        ]
    }

    proptest! {
        #[test]
        fn undoing_everything_brings_back_the_draft_and_redoing_the_result(
            edits in prop::collection::vec(any_edit(), 0..30)
        ) {
            let mut review = draft();
            let start = review.now.clone();
            for edit in edits { let _ = review.apply(edit); }
            let end = review.now.clone();
            while review.undo() {}
            prop_assert_eq!(&review.now, &start);
            while review.redo() {}
            prop_assert_eq!(&review.now, &end);
        }

        #[test]
        fn edits_keep_sections_in_order_and_ids_unique(edits in prop::collection::vec(any_edit(), 0..30)) {
            let mut review = draft();
            for edit in edits { let _ = review.apply(edit); }
            let sections: Vec<_> = review.note().sections.iter().map(|s| s.id).collect();
            prop_assert!(sections.is_sorted() && review.note().sections.iter().all(|s| !s.statements.is_empty()));
            let mut ids: Vec<_> = review.note().statements().map(|(_, s)| s.id.clone()).collect();
            let count = ids.len();
            ids.sort();
            ids.dedup();
            prop_assert_eq!(ids.len(), count);
        }
    }
}
