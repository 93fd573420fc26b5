//! Progress on stderr: a bar on a terminal, plain lines anywhere else.

use std::cell::Cell;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Without a terminal, a step that has no measure says at this interval that it is still going on.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Without a terminal, a step with a measure tells of it at this interval.
const NEWS: Duration = Duration::from_secs(5);

/// One step under way. Dropping it without [`Step::done`] leaves its last state on the screen.
pub struct Step {
    label: String,
    started: Instant,
    bar: ProgressBar,
    plain: bool,
    said: Cell<u64>,
}

impl Step {
    /// A step measured in bytes.
    pub fn bytes(label: impl Into<String>, total: u64) -> Step {
        let bar = ProgressBar::with_draw_target(Some(total), target());
        bar.set_style(style("  {msg} {wide_bar} {bytes}/{total_bytes} {elapsed}"));
        Step::begin(label.into(), bar)
    }

    /// A step of unknown length: [`Step::beat`] shows that it lives.
    pub fn open(label: impl Into<String>) -> Step {
        let bar = ProgressBar::with_draw_target(None, target());
        bar.set_style(style("  {spinner} {msg} {elapsed}"));
        Step::begin(label.into(), bar)
    }

    fn begin(label: String, bar: ProgressBar) -> Step {
        let plain = !std::io::stderr().is_terminal();
        if plain {
            eprintln!("  {label} …");
        }
        bar.set_message(label.clone());
        bar.tick();
        Step { label, started: Instant::now(), bar, plain, said: Cell::new(0) }
    }

    /// `count` more bytes are done.
    pub fn add(&self, count: u64) {
        self.set(self.bar.position() + count);
    }

    /// `count` bytes are done in all.
    pub fn set(&self, count: u64) {
        let total = self.bar.length().unwrap_or(0);
        self.bar.set_position(count.min(total));
        let news = self.started.elapsed().as_secs() / NEWS.as_secs();
        if self.plain && news > self.said.get() {
            self.said.set(news);
            eprintln!("  {} … {} %", self.label, count.min(total) * 100 / total.max(1));
        }
    }

    /// The step goes on.
    pub fn beat(&self) {
        self.bar.tick();
        let beats = self.started.elapsed().as_secs() / HEARTBEAT.as_secs();
        if self.plain && beats > self.said.get() {
            self.said.set(beats);
            eprintln!("  {} … {} so far", self.label, seconds(self.started.elapsed()));
        }
    }

    /// The step is over: leaves one line with its time.
    pub fn done(self) {
        self.bar.finish_and_clear();
        eprintln!("  {} ({})", self.label, seconds(self.started.elapsed()));
    }

    /// The step failed: its line goes, the failure will be told.
    pub fn failed(self) {
        self.bar.finish_and_clear();
    }
}

/// One line about something that needed no work.
pub fn already(what: &str) {
    eprintln!("  {what}");
}

/// A time as a person reads it: `0.4 s`, `37 s`, `12 min 5 s`.
pub fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    if whole >= 60 {
        format!("{} min {} s", whole / 60, whole % 60)
    } else if whole >= 10 {
        format!("{whole} s")
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

fn target() -> ProgressDrawTarget {
    if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_a_person_says_them() {
        assert_eq!(seconds(Duration::from_millis(440)), "0.4 s");
        assert_eq!(seconds(Duration::from_secs(37)), "37 s");
        assert_eq!(seconds(Duration::from_secs(725)), "12 min 5 s");
    }
}
