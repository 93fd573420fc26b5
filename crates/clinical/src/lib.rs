//! Transcript to structured, sourced note. Pure: no I/O, no clock.
//!
//! Rules over lexicons (`assets/lexicon`): every statement is selected from what was said and cites it verbatim; nothing is invented.
//! [`Clinical::structure`] reads a whole transcript, [`Incremental`] a visit under way.

mod analysis;
mod compose;
mod context;
mod discourse;
mod fact;
mod incremental;
mod lexicon;
mod quantity;
mod terms;
mod text;
mod turns;
mod wording;

pub use incremental::Incremental;
use note::{Language, Note, Transcript};
pub use terms::Term;
pub use turns::{Evidence, Turns};

use crate::lexicon::Lexicon;

/// The compiled lexicon and rules of one language.
pub struct Clinical {
    language: Language,
}

impl Clinical {
    /// The rules of a language. The first call compiles its lexicon (some tens of milliseconds); later calls are free.
    #[must_use]
    pub fn load(language: Language) -> &'static Self {
        static FR: Clinical = Clinical { language: Language::Fr };
        static EN: Clinical = Clinical { language: Language::En };
        Lexicon::of(language);
        match language {
            Language::Fr => &FR,
            Language::En => &EN,
        }
    }

    /// The note of a whole transcript. Statements cite their segments verbatim; `note::check_sources` finds no breach.
    #[must_use]
    pub fn structure(&self, transcript: &Transcript) -> Note {
        let mut visit = Incremental::new(self.language);
        for segment in &transcript.segments {
            visit.push(segment);
        }
        visit.note()
    }
}
