//! Numbers as spoken or written, and what is made of them: measures, times, posologies.

mod ceiling;
mod moment;
mod number;
mod posology;
mod time;
mod time_en;
mod value;

pub(crate) use number::{Number, number_at};
pub(crate) use posology::{Posology, posology};
pub(crate) use time::{When, WhenKind, time_at, times};
pub(crate) use value::{Hit, Measure, fever, lone_measure, measure};
