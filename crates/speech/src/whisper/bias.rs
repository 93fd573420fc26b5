//! Words of a practice that the search leans towards: names of drugs, colleagues, places that the model hardly knows.
//!
//! A hypothesis on the way to such a word is lent a little for each letter. It keeps that when the word is whole, and gives
//! it back when it turns out to be another. The model's own probabilities, by which words are doubted, stay as they are.

use std::collections::HashMap;

use super::vocabulary::Vocabulary;

/// Lent for each letter after the first two (natural logarithm), and at most for a word. With 59 words, of 29 said by a
/// synthetic voice 14 were heard instead of 5, and ordinary speech stayed within a point of errors (docs/performance.md).
const LETTER: f32 = 0.5;
const WORD: f32 = 5.0;
/// Letters that too many other words begin with as well.
const COMMON: u16 = 2;
/// What the model itself holds for less likely (natural logarithm) is not lent anything: nobody said it.
const HOPELESS: f32 = -5.5;
/// Shorter words are too easily heard in others.
const SHORTEST: usize = 4;
/// Words at most: what a practice needs, and a bound to the time each costs.
const MOST: usize = 2_000;

/// A place in the words, letter by letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Place(u32);

impl Place {
    /// Before a word, after a space.
    const OUTSIDE: Self = Self(0);
    /// Before a word that follows an apostrophe or a hyphen.
    const JOINED: Self = Self(1);
}

#[derive(Debug, Default)]
struct Node {
    letters: u16,
    is_whole: bool,
    /// Tokens that go on in a word, as places among those heard, and where they lead; in order of the tokens.
    ways: Vec<(usize, Place)>,
}

/// The words, ready for the search.
#[derive(Debug)]
pub(crate) struct Bias {
    nodes: Vec<Node>,
}

impl Bias {
    /// Nothing when none of the words is fit: each must have four letters, and not be one that the model has a single
    /// token for, which it knows well.
    pub fn new(vocabulary: &Vocabulary, words: &[String]) -> Option<Self> {
        let mut spelt: Vec<HashMap<u8, usize>> = vec![HashMap::new(), HashMap::new()];
        let mut nodes = vec![Node::default(), Node::default()];
        for word in words.iter().map(|word| word.trim()).filter(|word| is_fit(vocabulary, word)).take(MOST) {
            for form in forms(word) {
                for (from, bytes) in [(0, format!(" {form}")), (1, form.clone())] {
                    let mut at = from;
                    for byte in bytes.bytes() {
                        let letters = nodes[at].letters + u16::from(byte != b' ' && !is_inside(byte));
                        at = *spelt[at].entry(byte).or_insert_with(|| {
                            nodes.push(Node { letters, ..Node::default() });
                            nodes.len() - 1
                        });
                        if at == spelt.len() {
                            spelt.push(HashMap::new());
                        }
                    }
                    nodes[at].is_whole = true;
                }
            }
        }
        if nodes.len() == 2 {
            return None;
        }
        for (at, piece) in
            vocabulary.heard.iter().take(vocabulary.texts).map(|id| vocabulary.piece(*id)).enumerate()
        {
            if piece.is_empty() || piece == b" " {
                continue;
            }
            for (from, node) in nodes.iter_mut().enumerate() {
                let step = |at: usize, byte: &u8| spelt[at].get(byte).copied();
                if let Some(to) = piece.iter().try_fold(from, step) {
                    node.ways.push((at, Place(u32::try_from(to).unwrap_or(0))));
                }
            }
        }
        Some(Self { nodes })
    }

    fn node(&self, place: Place) -> Option<&Node> {
        self.nodes.get(place.0 as usize)
    }

    fn lent(&self, place: Place) -> f32 {
        let beyond = self.node(place).map_or(0, |node| node.letters.saturating_sub(COMMON));
        (f32::from(beyond) * LETTER).min(WORD)
    }

    /// Tokens that lead on in a word, with what they are lent; `log` gives the model's own logarithm for each.
    pub fn ways<'a>(
        &'a self,
        from: Place,
        log: impl Fn(usize) -> f32 + 'a,
    ) -> impl Iterator<Item = (usize, f32)> + 'a {
        let ways = self.node(from).map_or(&[][..], |node| &node.ways);
        let lent = self.lent(from);
        ways.iter()
            .filter(move |(at, _)| log(*at) > HOPELESS)
            .map(move |(at, to)| (*at, self.lent(*to) - lent))
    }

    /// Where a token (as its place among those heard and its bytes; none for a time or the end) leads, and what is lent, or
    /// given back where that is below 0.
    pub fn step(&self, from: Place, at: usize, piece: &[u8], log: f32) -> (Place, f32) {
        let lent = self.lent(from);
        let way = self.node(from).and_then(|node| {
            let found = node.ways.binary_search_by_key(&at, |(at, _)| *at).ok()?;
            node.ways.get(found)
        });
        // What was begun goes on, however unlikely one piece of it is.
        let begun = lent > 0.0;
        if let Some((_, to)) = way
            && (begun || log > HOPELESS)
        {
            return (*to, self.lent(*to) - lent);
        }
        let is_apart = piece.first().is_none_or(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric());
        let keeps = is_apart && self.node(from).is_some_and(|node| node.is_whole);
        let back = if keeps { 0.0 } else { -lent };
        // A word may follow another at once.
        let outside = if piece.ends_with(b"'") || piece.ends_with("’".as_bytes()) || piece.ends_with(b"-") {
            Place::JOINED
        } else {
            Place::OUTSIDE
        };
        let again = self.node(Place::OUTSIDE).filter(|_| from != Place::OUTSIDE && log > HOPELESS);
        let again = again.and_then(|node| {
            let found = node.ways.binary_search_by_key(&at, |(at, _)| *at).ok()?;
            node.ways.get(found)
        });
        match again {
            Some((_, to)) => (*to, back + self.lent(*to)),
            None => (outside, back),
        }
    }
}

/// Bytes within a character of several count once.
fn is_inside(byte: u8) -> bool {
    (0x80..0xc0).contains(&byte)
}

/// Whether a word has too few letters to lean towards: it would be heard in too many others.
#[must_use]
pub fn is_too_short(word: &str) -> bool {
    word.chars().filter(|c| c.is_alphabetic()).count() < SHORTEST
}

fn is_fit(vocabulary: &Vocabulary, word: &str) -> bool {
    !is_too_short(word) && forms(word).iter().all(|form| vocabulary.tokens(form).len() > 1)
}

/// As it is written, in small letters, and as at the beginning of a sentence.
fn forms(word: &str) -> Vec<String> {
    let small = word.to_lowercase();
    let mut letters = small.chars();
    let capital =
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
    let mut forms = vec![word.to_owned(), small, capital];
    forms.sort_unstable();
    forms.dedup();
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let mut pieces: Vec<Vec<u8>> = (0..=255_u8).map(|b| vec![b]).collect();
        let more = [" dol", "ip", "rane", " fièvre", " dou", "leur", "Dol", " Dol", "s", " le", "l'", " l"];
        pieces.extend(more.map(|p| p.as_bytes().to_vec()));
        pieces.resize(50_257, b"#filler#".to_vec());
        Vocabulary::new(51_865, pieces)
    }

    /// What a run of pieces is lent in all, when the model holds each for quite likely.
    fn lent(bias: &Bias, v: &Vocabulary, pieces: &[&str]) -> f32 {
        let mut place = Place::default();
        let mut sum = 0.0;
        for piece in pieces {
            let at = v.heard.iter().position(|id| v.piece(*id) == piece.as_bytes()).unwrap();
            let (next, more) = bias.step(place, at, piece.as_bytes(), -3.0);
            (place, sum) = (next, sum + more);
        }
        // The end.
        sum + bias.step(place, v.end_at(), b"", -1.0).1
    }

    #[test]
    fn a_whole_word_keeps_what_it_was_lent_and_another_gives_it_back() {
        let v = vocabulary();
        let bias = Bias::new(&v, &["Doliprane".into()]).unwrap();
        let whole = 7.0 * LETTER;
        for said in
            [&[" dol", "ip", "rane"][..], &[" Dol", "ip", "rane", " le"], &[" l", "'", "Dol", "ip", "rane"]]
        {
            assert!((lent(&bias, &v, said) - whole).abs() < 1e-5, "{said:?}");
        }
        for said in
            [&[" dol", "ip"][..], &[" dol", "ip", "rane", "s"], &[" dou", "leur"], &["Dol", "ip", "rane"]]
        {
            assert!(lent(&bias, &v, said).abs() < 1e-5, "{said:?}");
        }
        let twice = [" dol", "ip", "rane", " dol", "ip", "rane"];
        assert!((lent(&bias, &v, &twice) - 2.0 * whole).abs() < 1e-5);
    }

    #[test]
    fn what_nobody_said_is_lent_nothing() {
        let v = vocabulary();
        let bias = Bias::new(&v, &["Doliprane".into()]).unwrap();
        assert_eq!(bias.ways(Place::OUTSIDE, |_| HOPELESS - 1.0).count(), 0);
        assert!(bias.ways(Place::OUTSIDE, |_| -1.0).all(|(_, lent)| lent > 0.0));
        let at = v.heard.iter().position(|id| v.piece(*id) == b" dol").unwrap();
        assert_eq!(bias.step(Place::OUTSIDE, at, b" dol", HOPELESS - 1.0), (Place::OUTSIDE, 0.0));
    }

    #[test]
    fn a_letter_a_short_word_and_a_common_one_are_no_terms() {
        let v = vocabulary();
        for word in ["", "a", "B", "dol", "fièvre", "   ", "12345"] {
            assert!(Bias::new(&v, &[word.into()]).is_none(), "{word}");
        }
    }
}
