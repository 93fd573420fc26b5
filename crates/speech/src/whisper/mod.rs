//! Whisper itself: from 16 kHz samples to tokens, in Rust alone.
//!
//! It differs from the usual programs in what costs them time. A hypothesis of the search is a path through rows of memory
//! that are never copied; hypotheses, and passages, are computed side by side so that each weight is fetched once for
//! all; the sound's keys and values are kept in eight bits; only Latin letters are looked up; and the search keeps the likeliest
//! ways instead of drawing them.

pub(crate) mod beam;
pub(crate) mod bias;
pub(crate) mod decoder;
pub(crate) mod encoder;
mod kernels;
mod mel;
mod panels;
mod rules;
pub(crate) mod vocabulary;
pub(crate) mod weights;

/// Tokens that the second half of the model can hold, prompt and text together.
const LONGEST_TEXT: usize = 448;

/// The work was broken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Braked;

/// Asked now and then whether to go on.
pub(crate) type Brake<'a> = &'a dyn Fn() -> Result<(), Braked>;
