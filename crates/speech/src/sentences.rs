//! From words to segments: sentences, or what is said between two pauses. A note quotes segments, so they are short.

use note::{Segment, Speaker, Word};

/// A pause that ends an utterance even without a full stop.
const PAUSE_MS: u32 = 1_000;
/// Beyond this many letters a comma ends the segment, beyond twice as many any word does.
const LONG: usize = 180;

/// A segment that has no index yet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Utterance {
    pub words: Vec<Word>,
    pub suspect: bool,
}

impl Utterance {
    pub fn text(&self) -> String {
        self.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    pub fn start_ms(&self) -> u32 {
        self.words.first().map_or(0, |w| w.start_ms)
    }

    pub fn end_ms(&self) -> u32 {
        self.words.last().map_or(0, |w| w.end_ms)
    }

    /// The words of a segment, joined by single spaces, are its text.
    pub fn into_segment(self, index: u32) -> Segment {
        Segment {
            index,
            speaker: Speaker::Unknown,
            start_ms: self.start_ms(),
            end_ms: self.end_ms(),
            text: self.text(),
            words: self.words,
            suspect: self.suspect,
        }
    }
}

/// Cuts words into utterances; none is lost, moved or changed.
pub(crate) fn utterances(words: Vec<Word>) -> Vec<Utterance> {
    let mut all = Vec::new();
    let mut current: Vec<Word> = Vec::new();
    let mut letters = 0;
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        letters += word.text.chars().count() + 1;
        let ends = words.peek().is_none_or(|next| {
            next.start_ms.saturating_sub(word.end_ms) >= PAUSE_MS
                || ends_sentence(&word.text, &next.text)
                || (letters > LONG && word.text.ends_with([',', ';', ':']))
                || letters > 2 * LONG
        });
        current.push(word);
        if ends {
            all.push(Utterance { words: std::mem::take(&mut current), suspect: false });
            letters = 0;
        }
    }
    all
}

fn ends_sentence(word: &str, next: &str) -> bool {
    let word = word.trim_end_matches(['»', '"', '”', ')', ' ']);
    if word.ends_with(['?', '!', '…']) {
        return true;
    }
    let Some(before) = word.strip_suffix('.') else { return false };
    let goes_on =
        next.trim_start_matches(['«', '"', '“', '(', '-', '–', '—', ' ']).starts_with(char::is_lowercase);
    !goes_on && !is_abbreviation(before)
}

fn is_abbreviation(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    // Initials, and the titles of both languages.
    matches!(letters[..], [c] if c.is_uppercase())
        || ["Dr", "Pr", "Mr", "Mrs", "Ms", "Mme", "Mlle", "MM", "St", "Ste", "No", "vs", "etc"]
            .contains(&word)
            && word != "etc"
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spoken(text: &str) -> Vec<Word> {
        let word = |(at, text): (usize, &str)| {
            let start_ms = u32::try_from(at).unwrap() * 300;
            Word { text: text.into(), start_ms, end_ms: start_ms + 280, probability: 0.9 }
        };
        text.split_whitespace().enumerate().map(word).collect()
    }

    fn cut(text: &str) -> Vec<String> {
        utterances(spoken(text)).iter().map(Utterance::text).collect()
    }

    #[test]
    fn each_sentence_is_a_segment() {
        assert_eq!(
            cut("Bonjour. Qu'est-ce qui vous amène? J'ai de la fièvre, 38.5 hier."),
            ["Bonjour.", "Qu'est-ce qui vous amène?", "J'ai de la fièvre, 38.5 hier."]
        );
    }

    #[test]
    fn titles_initials_and_a_lower_case_word_do_not_end_a_sentence() {
        assert_eq!(cut("Le Dr. Martin et M. Durand sont là.").len(), 1);
        assert_eq!(cut("Euh... je crois.").len(), 1);
    }

    #[test]
    fn a_pause_ends_an_utterance_without_a_full_stop() {
        let mut words = spoken("depuis hier le ventre");
        words.iter_mut().skip(2).for_each(|w| {
            w.start_ms += 2_000;
            w.end_ms += 2_000;
        });
        assert_eq!(utterances(words).len(), 2);
    }

    #[test]
    fn text_without_punctuation_is_still_cut_to_a_size_one_can_quote() {
        let long = "alors ".repeat(300);
        assert!(cut(&long).iter().all(|text| text.chars().count() <= 2 * LONG + 10));
    }

    proptest! {
        #[test]
        fn cutting_loses_and_changes_nothing(text in "([a-zé]{1,9}[.,?]? ){0,80}") {
            let words = spoken(&text);
            let again: Vec<Word> = utterances(words.clone()).into_iter().flat_map(|u| u.words).collect();
            prop_assert_eq!(words, again);
        }

        #[test]
        fn the_words_of_a_segment_joined_by_spaces_are_its_text(text in "([A-Za-zé]{1,9}[.,?]? ){1,40}") {
            for utterance in utterances(spoken(&text)) {
                let segment = utterance.into_segment(7);
                let joined = segment.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
                prop_assert_eq!(joined, segment.text);
                prop_assert!(segment.start_ms <= segment.end_ms);
            }
        }
    }
}
