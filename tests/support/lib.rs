//! What whole-job tests share.

pub mod virtual_mic;
