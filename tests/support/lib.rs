//! What whole-job tests share.

pub mod calame;
pub mod demo;
pub mod desktop;
pub mod paper;
pub mod recorder;
pub mod virtual_mic;
pub mod webdriver;
