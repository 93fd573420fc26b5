use note::{Flag, Kind, Note, SectionId, Source, Statement};
use serde_json::{Value, json};

use super::{Counts, Outcome, score};
use crate::Annotated;

/// A consultation of one segment with these facts and traps.
fn annotated(facts: &Value, traps: &Value) -> Annotated {
    let document = json!({
        "language": "fr",
        "segments": [
            { "index": 4, "start_ms": 0, "end_ms": 9000, "text": "Une toux depuis lundi, pas de fièvre, l'amoxicilline 1 g." },
        ],
        "gold": { "facts": facts, "must_not": traps },
    });
    Annotated::from_json(&document.to_string()).unwrap()
}

fn fact(section: &str, concept: &str) -> Value {
    json!({ "section": section, "concept": concept, "polarity": "present", "experiencer": "patient" })
}

/// `fact` with other fields.
fn with(mut fact: Value, more: Value) -> Value {
    for (key, value) in more.as_object().unwrap() {
        fact[key] = value.clone();
    }
    fact
}

fn statement(text: &str, more: Value) -> Statement {
    let plain = json!({ "id": text, "kind": "other", "text": text, "sources": [] });
    serde_json::from_value(with(plain, more)).unwrap()
}

fn note(statements: Vec<(SectionId, Statement)>) -> Note {
    let mut note = Note::new(note::Language::Fr);
    for (section, statement) in statements {
        note.push(section, statement);
    }
    note
}

fn outcome(fact: Value, said: Vec<(SectionId, Statement)>) -> Outcome {
    score(&annotated(&json!([fact]), &json!([])), &note(said)).facts[0].outcome
}

const FOUND: Outcome = Outcome::Found { statement: 0 };
const MISREAD: Outcome = Outcome::Misread { statement: 0 };

#[test]
fn a_fact_is_found_by_any_of_its_names_in_its_section_or_an_accepted_one() {
    let cough = || with(fact("motif", "toux"), json!({ "aliases": ["tousse"], "also_ok": ["histoire"] }));
    let said = |section, text| vec![(section, statement(text, json!({})))];
    assert_eq!(outcome(cough(), said(SectionId::Motif, "Toux sèche")), FOUND);
    assert_eq!(outcome(cough(), said(SectionId::Histoire, "Tousse la nuit")), FOUND);
    assert_eq!(
        outcome(cough(), said(SectionId::Examen, "Toux")),
        Outcome::Misplaced { statement: 0, section: SectionId::Examen }
    );
    assert_eq!(outcome(cough(), said(SectionId::Motif, "Toussotement")), Outcome::Absent);
    let by_concept = vec![(SectionId::Motif, statement("Gêne", json!({ "concept": "toux" })))];
    assert_eq!(outcome(cough(), by_concept), FOUND);
}

#[test]
fn polarity_and_person_must_be_right() {
    let fever = || with(fact("histoire", "fièvre"), json!({ "polarity": "absent" }));
    let said = |text, more| vec![(SectionId::Histoire, statement(text, more))];
    assert_eq!(outcome(fever(), said("Fièvre", json!({}))), MISREAD);
    assert_eq!(outcome(fever(), said("Pas de fièvre", json!({ "polarity": "absent" }))), FOUND);
    assert_eq!(
        outcome(fever(), said("Fièvre", json!({ "polarity": "absent", "experiencer": "family" }))),
        MISREAD
    );
    let family = || with(fact("antecedents", "diabète"), json!({ "experiencer": "family" }));
    let own = vec![(SectionId::Antecedents, statement("Diabète", json!({})))];
    assert_eq!(outcome(family(), own), MISREAD);
}

#[test]
fn an_affirmed_wording_may_carry_the_negation() {
    let neck = || {
        let more = json!({ "polarity": "absent", "aliases_with_polarity": ["nuque souple"] });
        with(fact("examen", "raideur de nuque"), more)
    };
    let said = |text| vec![(SectionId::Examen, statement(text, json!({})))];
    assert_eq!(outcome(neck(), said("Nuque souple")), FOUND);
    assert_eq!(outcome(neck(), said("Raideur de nuque")), MISREAD);
}

#[test]
fn of_several_statements_that_name_a_fact_one_right_one_is_enough() {
    let said = vec![
        (SectionId::Antecedents, statement("Toux chez la mère", json!({ "experiencer": "family" }))),
        (SectionId::Histoire, statement("Toux", json!({}))),
    ];
    assert_eq!(outcome(fact("histoire", "toux"), said), Outcome::Found { statement: 1 });
}

#[test]
fn attributes_of_found_facts_are_looked_for_in_the_field_and_in_the_text() {
    let drug = with(
        fact("ordonnance", "amoxicilline"),
        json!({ "attributes": { "dose": "1 g", "frequency": "matin et soir", "duration": "7 jours", "route": " " },
                "attr_aliases": { "frequency": ["deux fois par jour"] } }),
    );
    let given = |more| {
        let said = note(vec![(SectionId::Ordonnance, statement("Amoxicilline 1,0 g", more))]);
        let scored = score(&annotated(&json!([drug]), &json!([])), &said);
        (scored.counts.attrs, scored.counts.attrs_ok)
    };
    assert_eq!(given(json!({})), (3, 1), "blank attributes are not counted; 1,0 is 1");
    assert_eq!(
        given(json!({ "attributes": { "duration": "pendant 7 j", "frequency": "soir et matin" } })),
        (3, 3)
    );
    assert_eq!(given(json!({ "attributes": { "frequency": "Deux fois par jour" } })), (3, 2));
    assert_eq!(given(json!({ "attributes": { "frequency": "matin" } })), (3, 1));
}

#[test]
fn attributes_of_facts_that_were_not_found_are_not_counted() {
    let drug = with(fact("ordonnance", "amoxicilline"), json!({ "attributes": { "dose": "1 g" } }));
    let said = note(vec![(SectionId::Traitements, statement("Amoxicilline 1 g", json!({})))]);
    assert_eq!(score(&annotated(&json!([drug]), &json!([])), &said).counts.attrs, 0);
}

#[test]
fn a_trap_is_sprung_by_an_assertion_only() {
    let trap = json!([{ "concept": "fièvre", "why": "niée" }]);
    let sprung = |more: Value| {
        let said = note(vec![(SectionId::Histoire, statement("Fièvre", more))]);
        score(&annotated(&json!([]), &trap), &said).traps[0]
    };
    assert_eq!(sprung(json!({})), Some(0));
    assert_eq!(sprung(json!({ "polarity": "absent" })), None);
    assert_eq!(sprung(json!({ "polarity": "uncertain" })), None);
    assert_eq!(sprung(json!({ "experiencer": "family" })), None);
}

#[test]
fn a_statement_that_rightly_says_a_fact_falls_into_no_trap() {
    let trap = json!([{ "concept": "amoxicilline", "why": "allergie, non prescrite" }]);
    let allergy = json!([fact("allergies", "allergie à l'amoxicilline")]);
    let said = |section| note(vec![(section, statement("Allergie à l'amoxicilline", json!({})))]);
    assert_eq!(score(&annotated(&allergy, &trap), &said(SectionId::Allergies)).traps, [None]);
    assert_eq!(score(&annotated(&allergy, &trap), &said(SectionId::Ordonnance)).traps, [Some(0)]);
}

#[test]
fn a_quote_must_stand_in_the_segment_it_names() {
    let sourced = |quotes: &[(u32, &str)]| {
        let mut said = statement("Toux", json!({}));
        said.flags.push(Flag::Critical);
        assert_eq!(said.kind, Kind::Other);
        said.sources =
            quotes.iter().map(|&(segment, quote)| Source { segment, quote: quote.into() }).collect();
        score(&annotated(&json!([]), &json!([])), &note(vec![(SectionId::Motif, said)])).counts.sourced
    };
    assert_eq!(sourced(&[(4, "toux depuis lundi")]), 1);
    assert_eq!(sourced(&[(4, "toux depuis mardi")]), 0);
    assert_eq!(sourced(&[(5, "toux depuis lundi")]), 0);
    assert_eq!(sourced(&[(4, "toux"), (4, "")]), 0);
    assert_eq!(sourced(&[]), 0, "a note has no doctor's own statements before its review");
}

#[test]
fn everything_is_counted_once() {
    let facts = json!([
        with(fact("motif", "toux"), json!({ "importance": "critical", "attributes": { "onset": "lundi" } })),
        with(fact("histoire", "fièvre"), json!({ "polarity": "absent", "importance": "minor" })),
        with(fact("ordonnance", "amoxicilline"), json!({ "importance": "critical" })),
    ]);
    let traps = json!([{ "concept": "asthme", "why": "demandé" }, { "concept": "grippe", "why": "écartée" }]);
    let quote = json!({ "sources": [{ "segment": 4, "quote": "Une toux" }] });
    let said = note(vec![
        (SectionId::Motif, statement("Toux depuis lundi", quote)),
        (SectionId::Histoire, statement("Fièvre", json!({}))),
        (SectionId::Conclusion, statement("Asthme", json!({}))),
    ]);
    let expected = Counts {
        facts: 3,
        found: 1,
        critical: 2,
        critical_found: 1,
        mentioned: 2,
        polarity_ok: 1,
        attrs: 1,
        attrs_ok: 1,
        statements: 3,
        matched: 2,
        traps: 2,
        sprung: 1,
        sourced: 1,
        note_words: 5,
        transcript_words: 11,
    };
    assert_eq!(score(&annotated(&facts, &traps), &said).counts, expected);
}
