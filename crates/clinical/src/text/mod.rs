//! Words: folding, tokens and sentences. Every token knows its bytes in its segment, so any run of tokens can be quoted
//! verbatim.

mod fold;
mod sentence;
mod token;
mod unpunctuated;

pub(crate) use fold::{fold, key};
pub(crate) use sentence::{Sentence, sentences};
pub(crate) use token::{Gap, Token, tokenize};
pub(crate) use unpunctuated::unpunctuated;
