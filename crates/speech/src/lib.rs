//! 16 kHz mono samples to words, with Whisper, offline.
//!
//! Audio is cut at pauses into windows ([`transcribe`] for files, [`Live`] while people speak), each window is decoded
//! by itself, and guards watch what the model says. Silence is never decoded. Nothing here opens a socket, and no log
//! message holds what was said.

pub mod catalogue;
mod crew;
mod decode;
mod error;
mod files;
mod glimpse;
mod guards;
mod kind;
mod layout;
mod live;
mod model;
mod quantise;
mod recognise;
mod sentences;
pub mod speakers;
mod speed;
mod voice;
mod whisper;
mod whisper_cpp;
mod window;
mod words;

use note::Language;

pub use error::SpeechError;
pub use files::{Progress, transcribe};
pub use live::{Live, LiveEvent};
pub use model::{Backend, Model};
pub use speed::{Speed, measure};
pub use whisper::bias::is_too_short;

/// How to transcribe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Fixed for a consultation, never guessed.
    pub language: Language,
    /// Processor threads in all. A pass takes one.
    pub threads: usize,
    /// Text in the style and with the words to be expected; it precedes every window.
    pub prompt: Option<String>,
    /// Words that the practice uses and the model hardly knows: drugs, colleagues, places. The search leans towards them.
    pub vocabulary: Vec<String>,
}

impl Options {
    /// Both cores where there are two, else all but one, six at most. No prompt: see [`Options::with_style_prompt`].
    #[must_use]
    pub fn new(language: Language) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            language,
            threads: cores.saturating_sub(1).clamp(cores.min(2), 6),
            prompt: None,
            vocabulary: Vec::new(),
        }
    }

    /// With a short prompt in the style of a consultation. It is not the default: on speech that is no consultation it
    /// did not lower the error rate, and the model then sets fewer times, so that passages are found less exactly.
    #[must_use]
    pub fn with_style_prompt(mut self) -> Self {
        let prompt = match self.language {
            Language::Fr => include_str!("../../../assets/models/prompt.fr.txt"),
            Language::En => include_str!("../../../assets/models/prompt.en.txt"),
        };
        self.prompt = Some(prompt.trim().to_owned());
        self
    }
}
