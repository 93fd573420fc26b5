//! Transcript to structured, sourced note. Pure: no I/O, no clock, no globals.
