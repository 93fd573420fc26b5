//! Foreign bytes against everything that reads them: real files, damaged in ways that parsers dislike.
//!
//! The targets are the tests of this crate. Each draws a bounded number of cases, the same in every run of
//! `cargo xtask test`; `PROPTEST_CASES=20000 PROPTEST_RNG_SEED=7 cargo test -p calame-fuzz` looks longer and elsewhere.
//! A case must neither panic, nor take more memory than it is given, nor go on for ever.

mod bounds;
mod bytes;
mod json;

pub use bounds::{cases, within};
pub use bytes::{Damage, damage, damages};
pub use json::{Change, change, changes};
