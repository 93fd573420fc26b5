use note::{Flag, Language, Note, Omission, SectionId, Statement};
use serde_json::{Value, json};

use super::{Cause, Doubt, Presses, Step, doubts, review};
use crate::Annotated;
use crate::notes::{Consultation, Measured, score};

fn statement(text: &str, flags: &[Flag]) -> Statement {
    let mut statement: Statement =
        serde_json::from_value(json!({ "id": text, "kind": "other", "text": text, "sources": [] })).unwrap();
    statement.flags = flags.to_vec();
    statement
}

fn omission(segment: u32, quote: &str, concept: &str) -> Omission {
    Omission { segment, quote: quote.into(), concept: Some(concept.into()) }
}

/// The screens hold to the same cases (`ui/tests/doubts.shared.test.ts`).
#[test]
fn a_draft_raises_critical_statements_then_unsure_ones_then_omissions() {
    let cases: Value = serde_json::from_str(include_str!("../../tests/doubts.json")).unwrap();
    for case in cases.as_array().unwrap() {
        let note = Note::from_json(&case["note"].to_string()).unwrap();
        let statements: Vec<&str> = note.statements().map(|(_, s)| s.id.as_str()).collect();
        let raised: Vec<Value> = doubts(&note)
            .into_iter()
            .map(|doubt| match doubt {
                Doubt::Critical(at) => json!(["critical", statements[at]]),
                Doubt::Unsure(at) => json!(["unsure", statements[at]]),
                Doubt::Omission(at) => json!(["omission", note.omissions[at].quote]),
            })
            .collect();
        assert_eq!(Value::from(raised), case["doubts"], "{}", case["case"]);
    }
}

/// One error of each cause, raised and not.
fn measured() -> Measured {
    let fact = |concept: &str, more: serde_json::Value| {
        let mut fact = json!({ "section": "histoire", "concept": concept, "polarity": "present",
            "experiencer": "patient", "source_segments": [2] });
        for (key, value) in more.as_object().unwrap() {
            fact[key] = value.clone();
        }
        fact
    };
    let document = json!({
        "language": "fr",
        "segments": [{ "index": 2, "start_ms": 0, "end_ms": 10, "text": "…" }],
        "gold": {
            "facts": [
                fact("fièvre", json!({ "polarity": "absent" })),
                fact("toux", json!({ "attributes": { "onset": "lundi", "value": "grasse" } })),
                fact("otite", json!({ "also_ok": ["conclusion"] })),
                fact("vertiges rotatoires", json!({})),
                fact("insomnie", json!({})),
            ],
            "must_not": [{ "concept": "grippe", "why": "écartée" }],
        },
    });
    let annotated = Annotated::from_json(&document.to_string()).unwrap();
    let mut note = Note::new(Language::Fr);
    for (text, flags) in [
        ("Fièvre", &[Flag::Critical][..]),
        ("Toux", &[]),
        ("Otite", &[Flag::Critical]),
        ("Grippe", &[Flag::UnsureSpeaker]),
        ("Boit du café", &[]),
    ] {
        note.push(SectionId::Histoire, statement(text, flags));
    }
    note.push(SectionId::Examen, statement("Otite droite", &[]));
    note.omissions.push(omission(2, "la tête qui tourne, des vertiges", "vertiges"));
    note.omissions.push(omission(9, "mon chat", "chat"));
    let score = score(&annotated, &note);
    Measured {
        consultations: vec![Consultation { name: "a".into(), annotated, note, score, without_note: false }],
    }
}

#[test]
fn errors_are_counted_by_cause_and_by_whether_a_doubt_leads_to_them() {
    let measured = measured();
    let summary = review(&measured);
    let errors: Vec<_> =
        summary.each["a"].errors.iter().map(|e| (e.cause, e.text.as_str(), e.raised)).collect();
    assert_eq!(
        errors,
        [
            (Cause::Reading, "Fièvre", true),
            (Cause::Attribute, "Toux", false),
            (Cause::Trap, "Grippe", true),
            (Cause::Unmatched, "Boit du café", false),
            (Cause::Missed, "vertiges rotatoires", true),
            (Cause::Missed, "insomnie", false),
        ]
    );
    let figures = &summary.total.figures;
    assert_eq!((figures.doubts, figures.doubts_with_error), (5, 3));
    assert_eq!((figures.errors_raised, figures.errors_not_raised, figures.misplaced), (3, 3, 1));
    assert_eq!(summary.total.doubt_precision.rounded(), Some(0.6));
    assert_eq!(summary.total.error_recall.rounded(), Some(0.5));
    assert_eq!(summary.total.sure_error_recall.rounded(), Some(0.6));
}

#[test]
fn the_walk_costs_two_presses_for_each_doubt_and_what_is_typed() {
    let measured = measured();
    let summary = review(&measured);
    let presses = summary.total.figures.presses;
    let expected =
        Presses { begin_and_sign: 3, hear: 5, accept: 1, remove: 2, take: 1, edit: 2, typed: 6, all: 20 };
    assert_eq!(presses, expected);
    let walk = [Step::Edit { typed: "fièvre".into() }, Step::Accept, Step::Remove, Step::Take, Step::Remove];
    assert_eq!(summary.each["a"].walk, walk, "in the order in which the doubts are walked");
}
