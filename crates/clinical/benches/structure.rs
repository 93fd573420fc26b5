//! Structuring a visit of 5,000 words: the budget is 50 ms on one core.
use criterion::{Criterion, criterion_group, criterion_main};

fn main_bench(_: &mut Criterion) {}
criterion_group!(benches, main_bench);
criterion_main!(benches);
