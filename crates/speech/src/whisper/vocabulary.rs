//! The model's tokens: pieces of words, times, and signs between.

use std::collections::HashMap;
use std::ops::Range;

use note::Language;

/// Tokens of a Whisper model, and the order in which their probabilities are computed.
pub(crate) struct Vocabulary {
    pieces: Vec<Vec<u8>>,
    ids: HashMap<Vec<u8>, u32>,
    pub start: u32,
    pub transcribe: u32,
    pub previous: u32,
    pub first_time: u32,
    pub is_multilingual: bool,
    /// Tokens that may be heard, in this order: text in Latin letters, the end, times; then the sign of no speech.
    pub heard: Vec<u32>,
    /// How many of them are text.
    pub texts: usize,
}

/// Times from 0 to 30 s in steps of 20 ms.
pub(crate) const TIMES: usize = 1501;

impl Vocabulary {
    /// `size` is that of the model, `pieces` the bytes of its text tokens, from number 0 on.
    pub fn new(size: u32, pieces: Vec<Vec<u8>>) -> Self {
        let is_multilingual = size > 51_864;
        let end = if is_multilingual { 50_257 } else { 50_256 };
        // A model of version 3 knows a hundred languages, the others ninety-nine, those for English one that has no sign.
        let after_languages = if is_multilingual { size - 1_507 } else { 50_357 };
        let ids = pieces.iter().cloned().zip(0..).collect();
        let texts: Vec<u32> =
            (0..end).zip(&pieces).filter(|(_, piece)| is_latin(piece)).map(|(id, _)| id).collect();
        let first_time = after_languages + 6;
        let no_speech = after_languages + 4;
        let mut heard = texts.clone();
        heard.push(end);
        heard.extend((first_time..).take(TIMES));
        heard.push(no_speech);
        Self {
            pieces,
            ids,
            start: end + 1,
            transcribe: after_languages + 1,
            previous: after_languages + 3,
            first_time,
            is_multilingual,
            heard,
            texts: texts.len(),
        }
    }

    /// Where the end, the times and the sign of no speech stand among [`Vocabulary::heard`].
    pub fn end_at(&self) -> usize {
        self.texts
    }

    pub fn times_at(&self) -> Range<usize> {
        self.texts + 1..self.texts + 1 + TIMES
    }

    pub fn no_speech_at(&self) -> usize {
        self.texts + 1 + TIMES
    }

    pub fn piece(&self, id: u32) -> &[u8] {
        self.pieces.get(id as usize).map_or(&[], Vec::as_slice)
    }

    /// What stands before the first word: the language and the task.
    pub fn opening(&self, language: Language) -> Vec<u32> {
        let language = match language {
            Language::En => 1,
            Language::Fr => 7,
        };
        if self.is_multilingual {
            vec![self.start, self.start + language, self.transcribe]
        } else {
            vec![self.start]
        }
    }

    /// Text as tokens: words apart, each in the longest pieces there are.
    pub fn tokens(&self, text: &str) -> Vec<u32> {
        let mut tokens = Vec::new();
        let mut words: Vec<Vec<u8>> = Vec::new();
        for word in text.split_whitespace() {
            // Marks are pieces of their own, as in the texts the model learnt from.
            let mut current: Vec<u8> = vec![b' '];
            let mut in_word = None;
            for c in word.chars() {
                let is_word = c.is_alphanumeric();
                if in_word.is_some_and(|before| before != is_word) {
                    words.push(std::mem::take(&mut current));
                }
                in_word = Some(is_word);
                current.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
            words.push(current);
        }
        for word in words {
            let mut rest = word.as_slice();
            while !rest.is_empty() {
                let found = (1..=rest.len()).rev().find_map(|length| {
                    let id = self.ids.get(&rest[..length])?;
                    Some((*id, length))
                });
                // Every byte is a piece, so that this always goes on.
                let (id, length) = found.map_or((None, 1), |(id, length)| (Some(id), length));
                tokens.extend(id);
                rest = &rest[length..];
            }
        }
        tokens
    }
}

/// Whether a piece may be of a French or an English text: Latin letters with their accents, typographic marks, and bytes
/// that continue a character begun in the piece before. Other scripts are never what was said here.
fn is_latin(piece: &[u8]) -> bool {
    let mut expected = 0;
    piece.iter().enumerate().all(|(at, byte)| match byte {
        0x20..=0x7e => {
            let whole = expected == 0;
            expected = 0;
            whole
        }
        // Accented letters and the marks of Latin-1; œ and its capital.
        0xc2 | 0xc3 | 0xc5 => {
            expected = 1;
            true
        }
        // Quotation marks, dashes, the euro, notes of music.
        0xe2 => {
            expected = 2;
            true
        }
        0x80..=0xbf => {
            let known = at == 0 || expected > 0 || piece[..at].iter().all(|b| (0x80..0xc0).contains(b));
            expected = usize::saturating_sub(expected, 1);
            known
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Vocabulary {
        let mut pieces: Vec<Vec<u8>> = (0..=255_u8).map(|b| vec![b]).collect();
        pieces.extend(
            [" bon", "jour", " bonjour", "é", "œ", "мир", "你", " le"].map(|p| p.as_bytes().to_vec()),
        );
        pieces.resize(50_257, "filler".into());
        Vocabulary::new(51_865, pieces)
    }

    #[test]
    fn the_signs_stand_where_the_published_models_have_them() {
        let signs = |size| {
            let v = Vocabulary::new(size, Vec::new());
            (v.start, v.transcribe, v.previous, v.heard[v.no_speech_at()], v.first_time)
        };
        assert_eq!(signs(51_865), (50_258, 50_359, 50_361, 50_362, 50_364));
        assert_eq!(signs(51_866), (50_258, 50_360, 50_362, 50_363, 50_365));
        assert_eq!(signs(51_864), (50_257, 50_358, 50_360, 50_361, 50_363));
        assert_eq!(small().opening(Language::Fr), [50_258, 50_265, 50_359]);
    }

    #[test]
    fn other_scripts_are_not_heard() {
        for piece in [" bonjour", "é", "œ", "’", "\u{2014}", "38,5", "°"] {
            assert!(is_latin(piece.as_bytes()), "{piece}");
        }
        assert!(is_latin(&[0xc3]) && is_latin(&[0xa9]) && is_latin(&[b' ', 0xc3]));
        for piece in ["мир", "你", "λ", "ا", "\u{1f600}"] {
            assert!(!is_latin(piece.as_bytes()), "{piece}");
        }
    }

    #[test]
    fn text_becomes_the_longest_pieces() {
        let vocabulary = small();
        let text = |tokens: Vec<u32>| -> Vec<Vec<u8>> {
            tokens.iter().map(|t| vocabulary.piece(*t).to_vec()).collect()
        };
        assert_eq!(text(vocabulary.tokens("bonjour")), [b" bonjour".to_vec()]);
        let bytes: Vec<u8> = text(vocabulary.tokens("bonsoir, l'été")).concat();
        assert_eq!(String::from_utf8(bytes).unwrap(), " bonsoir, l'été");
    }
}
