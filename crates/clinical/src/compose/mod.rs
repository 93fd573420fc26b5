//! From facts to the note: merged, worded, flagged, in their sections.

mod doubt;
mod merge;
mod omissions;
mod phrase;
mod telegraph;

use note::{Language, Note, Polarity, SectionId, Statement};

pub(crate) use phrase::{agree, elide, of_the};
pub(crate) use telegraph::{conditions, telegraph};

use crate::discourse::Discourse;
use crate::fact::Fact;

/// Makes the note of a visit so far.
pub(crate) fn compose(discourse: &Discourse, language: Language) -> Note {
    let merged = merge::merge(&discourse.facts);
    let merged = merge::without_idle_denials(merged);
    let mut note = Note::new(language);
    for section in SectionId::ORDER {
        let mut of_section: Vec<&Fact> = merged.iter().filter(|f| f.section == section).collect();
        of_section.sort_by_key(|f| (rank(f), f.place));
        let mut at = 0;
        while let Some(fact) = of_section.get(at) {
            let grouped: Vec<&Fact> = match fact.group.filter(|_| groups(fact) && fact.text.is_none()) {
                Some(_) => of_section
                    .iter()
                    .skip(at)
                    .take_while(|f| {
                        together(fact, f, language)
                            && f.kind == fact.kind
                            && f.text.is_none()
                            && f.polarity == fact.polarity
                            && f.experiencer == fact.experiencer
                    })
                    .take(MOST_TOGETHER)
                    .copied()
                    .collect(),
                None => vec![*fact],
            };
            at += grouped.len().max(1);
            let statement = statement(&grouped, language);
            note.push(section, statement);
        }
    }
    unique_ids(&mut note);
    note.omissions = omissions::omissions(discourse, &note);
    note
}

/// More names than this in one line are not read.
const MOST_TOGETHER: usize = 6;

/// Denials, reassuring findings and tests ordered in one breath are written together.
fn groups(fact: &Fact) -> bool {
    fact.polarity == Polarity::Absent
        || fact.polarity == Polarity::Present
            && matches!(fact.kind, note::Kind::Finding | note::Kind::TestOrder)
            && !fact.attributes.keys().any(|name| name != "laterality")
}

fn together(first: &Fact, next: &Fact, language: Language) -> bool {
    let same_breath = next.group.is_some() && next.group == first.group && groups(next);
    // English visits deny one thing per question; a note denies them in one line.
    let review = language == Language::En
        && next.group.is_some()
        && first.polarity == Polarity::Absent
        && next.polarity == Polarity::Absent
        && first.kind == note::Kind::Symptom
        && next.place.0.saturating_sub(first.place.0) <= 12;
    same_breath || review
}

/// Vital signs stand first in an examination, denials last among symptoms.
fn rank(fact: &Fact) -> u8 {
    match (fact.section, fact.kind) {
        (SectionId::Examen, note::Kind::Vital) => 0,
        (SectionId::Examen, note::Kind::Lab) => 3,
        (SectionId::Examen, _) => 1,
        (SectionId::Histoire, _) if fact.polarity == Polarity::Absent => 1,
        (SectionId::Antecedents, _) if fact.experiencer == note::Experiencer::Family => 2,
        (SectionId::Antecedents, _) if fact.polarity == Polarity::Absent => 1,
        _ => 0,
    }
}

fn statement(facts: &[&Fact], language: Language) -> Statement {
    let Some(first) = facts.first() else {
        return empty();
    };
    let mut sources = Vec::new();
    for source in facts.iter().flat_map(|f| &f.sources) {
        if !sources.contains(source) {
            sources.push(source.clone());
        }
    }
    let concept = facts.iter().map(|f| f.concept.as_str()).collect::<Vec<_>>().join(", ");
    let mut attributes = first.attributes.clone();
    attributes.remove("standard");
    if let Some(relation) = &first.relation {
        attributes.insert("relation".into(), relation.clone());
    }
    let mut suggestions = first.suggestions.clone();
    suggestions.dedup();
    Statement {
        id: format!("{}-{}-{}", phrase::kind_name(first.kind), first.place.0, first.place.1),
        kind: first.kind,
        text: phrase::text(facts, language),
        concept: Some(concept),
        polarity: first.polarity,
        experiencer: first.experiencer,
        temporality: first.temporality,
        attributes,
        sources,
        confidence: doubt::confidence(facts),
        flags: doubt::flags(facts),
        author: None,
        codes: Vec::new(),
        suggestions,
    }
}

fn empty() -> Statement {
    Statement {
        id: String::new(),
        kind: note::Kind::Other,
        text: String::new(),
        concept: None,
        polarity: Polarity::default(),
        experiencer: note::Experiencer::default(),
        temporality: note::Temporality::default(),
        attributes: note::Attributes::new(),
        sources: Vec::new(),
        confidence: 0.0,
        flags: Vec::new(),
        author: None,
        codes: Vec::new(),
        suggestions: Vec::new(),
    }
}

/// One mention may make two statements (a drug renewed at another dose): the later section says so in its id.
fn unique_ids(note: &mut Note) {
    let mut seen = std::collections::HashSet::new();
    for section in &mut note.sections {
        for statement in &mut section.statements {
            if !seen.insert(statement.id.clone()) {
                statement.id = format!("{}-{:?}", statement.id, section.id).to_lowercase();
                let mut copy = 2;
                while !seen.insert(statement.id.clone()) {
                    statement.id = format!("{}-{copy}", statement.id);
                    copy += 1;
                }
            }
        }
    }
}
