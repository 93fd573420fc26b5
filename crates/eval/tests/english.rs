//! The English consultations of this repository, structured and held to figures: a rule that helps one visit must not harm
//! the others. French is measured on consultations that are not handed out with the program.

#![allow(clippy::unwrap_used)] // Test code.

use std::path::Path;

use eval::notes::{Share, measure};

#[test]
fn the_english_consultations_keep_their_figures() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/consultations/en");
    let measured = measure(&folder, None).unwrap();
    assert_eq!(measured.consultations.len(), 6);
    let figures = measured.counts().figures();
    let at_least = |name: &str, share: Share, floor: f64| {
        let found = share.rounded().unwrap();
        assert!(found >= floor, "{name}: {found}, at least {floor} is held");
    };
    let at_most = |name: &str, share: Share, ceiling: f64| {
        let found = share.rounded().unwrap();
        assert!(found <= ceiling, "{name}: {found}, at most {ceiling} is held");
    };
    at_least("recall of critical facts", figures.recall_critical, 0.90);
    at_least("recall", figures.recall, 0.85);
    at_least("polarity", figures.polarity, 0.96);
    at_least("attributes", figures.attributes, 0.85);
    at_least("precision", figures.precision, 0.85);
    at_least("provenance", figures.provenance, 1.0);
    at_most("traps", figures.traps, 0.03);
    at_most("length", figures.length, 0.40);
}
