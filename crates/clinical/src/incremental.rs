use note::{Language, Note, Segment};

use crate::analysis::Analysis;
use crate::compose::compose;
use crate::discourse::Discourse;
use crate::lexicon::Lexicon;

/// A note that grows with the visit: segments are pushed as they are recognised.
///
/// A segment costs the same however long the visit has lasted, statement ids do not change as segments arrive, and after the
/// last one the note equals what [`crate::Clinical::structure`] makes of the whole transcript.
#[derive(Clone)]
pub struct Incremental {
    lexicon: &'static Lexicon,
    discourse: Discourse,
}

impl Incremental {
    /// An empty visit in a language.
    #[must_use]
    pub fn new(language: Language) -> Self {
        let lexicon = Lexicon::of(language);
        Self { lexicon, discourse: Discourse::new(lexicon) }
    }

    /// Takes the next segment; segments come in the order of their index.
    pub fn push(&mut self, segment: &Segment) {
        self.discourse.push(&Analysis::new(self.lexicon, segment));
    }

    /// The note of what was said so far.
    #[must_use]
    pub fn note(&self) -> Note {
        compose(&self.discourse, self.lexicon.language)
    }
}
