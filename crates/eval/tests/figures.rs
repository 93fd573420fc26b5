//! The consultations of this repository, structured and held to figures: a rule that helps one visit must not harm the others.

#![allow(clippy::unwrap_used)] // Test code.

use std::path::Path;

use eval::notes::{Share, measure};

/// The least (for traps: the most) that is held.
struct Held {
    recall_critical: f64,
    recall: f64,
    polarity: f64,
    attributes: f64,
    precision: f64,
    traps: f64,
}

fn keep(folder: &str, consultations: usize, held: &Held) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/consultations").join(folder);
    let measured = measure(&folder, None).unwrap();
    assert_eq!(measured.consultations.len(), consultations);
    let figures = measured.counts().figures();
    let at_least = |name: &str, share: Share, floor: f64| {
        let found = share.rounded().unwrap();
        assert!(found >= floor, "{name}: {found}, at least {floor} is held");
    };
    let at_most = |name: &str, share: Share, ceiling: f64| {
        let found = share.rounded().unwrap();
        assert!(found <= ceiling, "{name}: {found}, at most {ceiling} is held");
    };
    at_least("recall of critical facts", figures.recall_critical, held.recall_critical);
    at_least("recall", figures.recall, held.recall);
    at_least("polarity", figures.polarity, held.polarity);
    at_least("attributes", figures.attributes, held.attributes);
    at_least("precision", figures.precision, held.precision);
    at_least("provenance", figures.provenance, 1.0);
    at_most("traps", figures.traps, held.traps);
    at_most("length", figures.length, 0.40);
}

#[test]
fn the_english_consultations_keep_their_figures() {
    let held = Held {
        recall_critical: 0.90,
        recall: 0.85,
        polarity: 0.96,
        attributes: 0.85,
        precision: 0.85,
        traps: 0.03,
    };
    keep("en", 6, &held);
}

#[test]
fn the_visits_of_english_speaking_practices_keep_their_figures() {
    let held = Held {
        recall_critical: 0.76,
        recall: 0.71,
        polarity: 0.93,
        attributes: 0.63,
        precision: 0.63,
        traps: 0.19,
    };
    keep("en-primary-care", 6, &held);
}

#[test]
fn the_french_consultations_keep_their_figures() {
    let held = Held {
        recall_critical: 0.79,
        recall: 0.73,
        polarity: 0.95,
        attributes: 0.72,
        precision: 0.61,
        traps: 0.10,
    };
    keep("fr", 16, &held);
}
