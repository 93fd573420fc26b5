use std::sync::Mutex;

use consultation::{Event, Stage};
use indicatif::{ProgressBar, ProgressStyle};

/// A bar on stderr where it is a terminal; nothing otherwise.
pub struct Progress {
    bar: ProgressBar,
    stage: Mutex<Option<Stage>>,
}

impl Progress {
    pub fn new() -> Self {
        let bar = ProgressBar::new(1000);
        if let Ok(style) = ProgressStyle::with_template("{msg:24} {bar:40} {percent:>3} %  {eta}") {
            bar.set_style(style);
        }
        Self { bar, stage: Mutex::new(None) }
    }

    pub fn fraction(&self, message: &'static str, fraction: f32) {
        self.bar.set_message(message);
        self.bar.set_position((fraction.clamp(0.0, 1.0) * 1000.0) as u64);
    }

    /// Follows the events of a job.
    pub fn follow(&self, event: &Event) {
        let Event::Progress { stage, fraction, .. } = event else { return };
        let Ok(mut last) = self.stage.lock() else { return };
        if *last != Some(*stage) {
            *last = Some(*stage);
            self.bar.reset();
        }
        let message = match stage {
            Stage::LoadingModel => "loading the model",
            Stage::Reading => "reading the audio",
            Stage::Transcribing => "transcribing",
            Stage::Structuring => "structuring",
        };
        self.fraction(message, fraction.unwrap_or(0.0));
    }

    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
