//! "Any blood in that?": which bleeding is asked for, only the complaint under discussion tells.

use note::Kind;

use super::Discourse;

/// What the lexicon calls a bleeding without a place.
const PLACELESS: &str = "bleeding";
const PLACES: [(&[&str], &str); 5] = [
    (&["stool", "diarrh", "constip", "bowel", "loose"], "blood in stool"),
    (&["urin", "dysuria", "nocturia", "pee"], "haematuria"),
    (&["vomit"], "vomiting blood"),
    (&["cough", "phlegm", "sputum", "chest"], "coughing up blood"),
    (&["nose"], "nosebleed"),
];

impl Discourse {
    /// The bleeding meant by a concept of the lexicon: itself, or that of the last complaint which can bleed.
    pub(super) fn bleeding(&self, concept: &str, segment: u32) -> String {
        if concept != PLACELESS {
            return concept.to_owned();
        }
        let place = self
            .facts
            .iter()
            .rev()
            .filter(|f| f.kind == Kind::Symptom && segment.saturating_sub(f.place.0) <= 12)
            .find_map(|f| PLACES.iter().find(|(words, _)| words.iter().any(|w| f.concept.contains(w))));
        place.map_or_else(|| PLACELESS.to_owned(), |(_, name)| (*name).to_owned())
    }
}
