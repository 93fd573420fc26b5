//! Structuring a visit of 5,000 words: the budget is 50 ms on one core.
#![allow(clippy::unwrap_used)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::hint::black_box;

use clinical::{Clinical, Incremental};
use criterion::{Criterion, criterion_group, criterion_main};
use note::{Language, Transcript};

/// The scripted visits one after another until there are `words` words.
fn long_visit(language: Language, words: usize) -> Transcript {
    let scripts = common::scripts(language);
    let mut visit = Transcript::new(language);
    let mut said = 0;
    for segment in scripts.iter().flat_map(|(_, t)| &t.segments).cycle() {
        if said >= words {
            break;
        }
        said += segment.text.split_whitespace().count();
        let mut segment = segment.clone();
        segment.index = u32::try_from(visit.segments.len()).unwrap();
        visit.segments.push(segment);
    }
    visit
}

fn structure(c: &mut Criterion) {
    for language in Language::ALL {
        let visit = long_visit(language, 5000);
        let clinical = Clinical::load(language);
        c.bench_function(&format!("structure 5000 words {language}"), |b| {
            b.iter(|| black_box(clinical.structure(black_box(&visit))));
        });
    }
    let visit = long_visit(Language::Fr, 5000);
    let mut grown = Incremental::new(Language::Fr);
    for segment in &visit.segments {
        grown.push(segment);
    }
    c.bench_function("note of 5000 words fr", |b| b.iter(|| black_box(grown.note())));
}

criterion_group!(benches, structure);
criterion_main!(benches);
