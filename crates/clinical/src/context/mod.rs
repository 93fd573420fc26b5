//! What surrounds a mention and turns its meaning: denial, doubt, condition, time, and whose it is.

mod person;
mod scope;

pub(crate) use person::{About, Seen, abouts};
pub(crate) use scope::{Marks, marks};
