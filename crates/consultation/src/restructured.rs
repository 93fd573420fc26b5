//! A note made anew under the doctor's hands: what the doctor wrote, moved, deleted or looked at stays as it is, and the
//! rest is as the new structuring says.

use std::collections::BTreeSet;

use note::{Note, SectionId, Statement};

/// `now` is the draft with the ids looked at, `before` and `after` what the structuring made of the transcript as it was
/// and as it is. The ids of statements that did not change stay theirs.
pub(crate) fn restructured(
    now: &Note,
    checked: &BTreeSet<String>,
    before: &Note,
    mut after: Note,
) -> (Note, BTreeSet<String>) {
    let made = |id: &str| before.statement(id);
    let is_untouched = |section: SectionId, statement: &Statement| {
        statement.author.is_none()
            && made(&statement.id).is_some_and(|(home, s)| home == section && says_same(s, statement))
    };
    let (untouched, kept): (Vec<_>, Vec<_>) = now
        .statements()
        .map(|(section, statement)| (section, statement.clone()))
        .partition(|(section, statement)| is_untouched(*section, statement));
    // What the doctor has decided about: edited, moved, or deleted.
    let decided: Vec<&Statement> = before
        .statements()
        .filter(|(_, statement)| !untouched.iter().any(|(_, s)| s.id == statement.id))
        .map(|(_, statement)| statement)
        .collect();
    for section in &mut after.sections {
        section.statements.retain(|fresh| !decided.iter().any(|old| is_of_one_passage(old, fresh)));
    }
    after.sections.retain(|section| !section.statements.is_empty());

    let mut taken: BTreeSet<String> = kept.iter().map(|(_, statement)| statement.id.clone()).collect();
    let mut seen: BTreeSet<String> = taken.iter().filter(|id| checked.contains(*id)).cloned().collect();
    // Those that say what they said keep their ids, before any other may take one.
    let known = |fresh: &Statement| {
        untouched.iter().find(|(_, old)| says_same(old, fresh)).map(|(_, old)| old.id.clone())
    };
    taken.extend(untouched.iter().map(|(_, old)| old.id.clone()));
    let mut used = BTreeSet::new();
    for fresh in after.sections.iter_mut().flat_map(|section| &mut section.statements) {
        match known(fresh).filter(|id| used.insert(id.clone())) {
            Some(id) => {
                if checked.contains(&id) {
                    seen.insert(id.clone());
                }
                fresh.id = id;
            }
            None => {
                let mut id = fresh.id.clone();
                while taken.contains(&id) {
                    id.push('b');
                }
                taken.insert(id.clone());
                fresh.id = id;
            }
        }
    }
    for (section, statement) in kept {
        after.push(section, statement);
    }
    let handled = |omission: &note::Omission| {
        let same =
            |other: &&note::Omission| other.segment == omission.segment && other.quote == omission.quote;
        before.omissions.iter().any(|other| same(&other)) && !now.omissions.iter().any(|other| same(&other))
    };
    after.omissions.retain(|omission| !handled(omission));
    (after, seen)
}

fn says_same(a: &Statement, b: &Statement) -> bool {
    a.text == b.text && a.sources == b.sources
}

/// The same thing read from the same words, whoever is thought to have said them.
fn is_of_one_passage(old: &Statement, fresh: &Statement) -> bool {
    let about = old.kind == fresh.kind || old.concept.is_some() && old.concept == fresh.concept;
    about && old.sources.iter().any(|source| fresh.sources.contains(source))
}

#[cfg(test)]
mod tests {
    use note::{Author, Kind, Language, Omission, Source};

    use super::*;

    fn statement(id: &str, text: &str, segment: u32) -> Statement {
        let json = serde_json::json!({
            "id": id, "kind": "symptom", "text": text, "sources": [{"segment": segment, "quote": text}]
        });
        serde_json::from_value(json).unwrap()
    }

    fn note(statements: &[(&str, &str, u32)]) -> Note {
        let mut note = Note::new(Language::Fr);
        for (id, text, segment) in statements {
            note.push(SectionId::Histoire, statement(id, text, *segment));
        }
        note
    }

    fn texts(note: &Note) -> Vec<(String, String)> {
        note.statements().map(|(_, s)| (s.id.clone(), s.text.clone())).collect()
    }

    fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
        all.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn an_untouched_note_becomes_the_new_one_and_what_was_seen_stays_seen() {
        let before = note(&[("st-1", "Toux", 1), ("st-2", "Fièvre", 3)]);
        let checked = BTreeSet::from(["st-1".to_owned(), "st-2".to_owned()]);
        let after = note(&[("st-1", "Vertiges", 2), ("st-2", "Toux", 1)]);
        let (note, seen) = restructured(&before.clone(), &checked, &before, after);
        assert_eq!(texts(&note), pairs(&[("st-1b", "Vertiges"), ("st-1", "Toux")]));
        assert_eq!(seen, BTreeSet::from(["st-1".to_owned()]));
    }

    #[test]
    fn what_the_doctor_wrote_edited_or_deleted_stays_so() {
        let before = note(&[("st-1", "Toux", 1), ("st-2", "Fièvre", 3), ("st-3", "Nausées", 4)]);
        let mut now = note(&[("st-1", "Toux", 1), ("dr-1", "Repos", 9)]);
        let mut edited = statement("st-2", "Fièvre à 39", 3);
        edited.sources = before.statement("st-2").unwrap().1.sources.clone();
        edited.author = Some(Author::Doctor);
        now.push(SectionId::Examen, edited);
        let checked = BTreeSet::from(["st-2".to_owned(), "dr-1".to_owned()]);
        let after = note(&[("st-1", "Fièvre", 3), ("st-2", "Nausées", 4), ("st-3", "Toux", 1)]);
        let (note, seen) = restructured(&now, &checked, &before, after);
        assert_eq!(texts(&note), pairs(&[("st-1", "Toux"), ("dr-1", "Repos"), ("st-2", "Fièvre à 39")]));
        assert_eq!(seen, checked);
    }

    #[test]
    fn a_dismissed_omission_does_not_come_back_and_a_new_one_comes() {
        let omission = |segment, quote: &str| Omission { segment, quote: quote.into(), concept: None };
        let mut before = note(&[]);
        before.omissions = vec![omission(1, "vertiges"), omission(2, "toux")];
        let mut now = before.clone();
        now.omissions.remove(0);
        let mut after = note(&[]);
        after.omissions = vec![omission(1, "vertiges"), omission(2, "toux"), omission(3, "fièvre")];
        let (note, _) = restructured(&now, &BTreeSet::new(), &before, after);
        assert_eq!(note.omissions, [omission(2, "toux"), omission(3, "fièvre")]);
    }

    #[test]
    fn the_same_words_read_otherwise_are_read_anew_where_the_doctor_did_nothing() {
        let before = note(&[("st-1", "Toux", 1)]);
        let mut after = note(&[]);
        let mut other = statement("st-1", "Pas de toux", 1);
        other.sources = vec![Source { segment: 1, quote: "Toux".into() }];
        other.kind = Kind::Symptom;
        after.push(SectionId::Histoire, other);
        let (note, seen) = restructured(&before, &BTreeSet::from(["st-1".to_owned()]), &before, after);
        assert_eq!(texts(&note), pairs(&[("st-1b", "Pas de toux")]));
        assert!(seen.is_empty(), "nobody looked at it");
    }
}
