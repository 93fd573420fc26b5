use super::fold;

/// What stands between a token and the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// White space, apostrophe or hyphen.
    None,
    Comma,
    Stop,
    Question,
}

/// A word, a number or a sign, with its bytes in the segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub start: usize,
    pub end: usize,
    /// The word as [`fold`] gives it; numbers keep their inner `,` `.` `/`.
    pub folded: String,
    pub after: Gap,
    /// Folding took an accent away: "à" is no "a".
    pub accented: bool,
}

impl Token {
    pub fn is(&self, word: &str) -> bool {
        self.folded == word
    }

    pub fn any(&self, words: &[&str]) -> bool {
        words.contains(&self.folded.as_str())
    }

    pub fn is_digits(&self) -> bool {
        self.folded.starts_with(|c: char| c.is_ascii_digit())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Sign,
    Other,
}

fn class(c: char) -> Class {
    if c.is_ascii_digit() {
        Class::Digit
    } else if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) {
        Class::Letter
    } else if matches!(c, '%' | '°' | '+') {
        Class::Sign
    } else {
        Class::Other
    }
}

/// Splits at white space, punctuation, apostrophes and hyphens, and between a number and the letters glued to it
/// ("10mg"). Names such as "T4" or "B12" stay whole; so do "3,5", "15/8".
pub(crate) fn tokenize(text: &str) -> Vec<Token> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let at = |i: usize| chars.get(i).map(|(_, c)| *c);
    let byte = |i: usize| chars.get(i).map_or(text.len(), |(b, _)| *b);
    let mut tokens: Vec<Token> = Vec::new();
    let mut i = 0;
    while let Some(c) = at(i) {
        let kind = class(c);
        let from = i;
        i += 1;
        match kind {
            Class::Other => {
                if let Some(last) = tokens.last_mut() {
                    let trails =
                        c == '…' || c == '.' && (at(i) == Some('.') || i >= 2 && at(i - 2) == Some('.'));
                    let next = chars.get(i..).unwrap_or_default().iter().map(|(_, c)| *c);
                    let gap = if trails && goes_on(next) { Gap::Comma } else { gap(c, at(i)) };
                    last.after = last.after.max(gap);
                }
                continue;
            }
            Class::Sign => {}
            Class::Letter => {
                while at(i).is_some_and(|c| matches!(class(c), Class::Letter | Class::Digit)) {
                    i += 1;
                }
            }
            Class::Digit => loop {
                match at(i) {
                    Some(c) if c.is_ascii_digit() => i += 1,
                    Some(',' | '.' | '/') if at(i + 1).is_some_and(|c| c.is_ascii_digit()) => i += 2,
                    _ => break,
                }
            },
        }
        let (start, end) = (byte(from), byte(i));
        let said = text.get(start..end).unwrap_or_default();
        let folded = fold(said);
        let accented = said.to_lowercase() != folded;
        tokens.push(Token { start, end, folded, after: Gap::None, accented });
    }
    if let Some(last) = tokens.last_mut() {
        last.after = last.after.max(Gap::Comma);
    }
    tokens
}

/// "Saturation… 94", "debout... onze six": a pause within a sentence, for what follows starts none.
fn goes_on(mut rest: impl Iterator<Item = char>) -> bool {
    rest.find(|c| !matches!(c, '.' | '…') && !c.is_whitespace())
        .is_some_and(|c| c.is_lowercase() || c.is_ascii_digit())
}

fn gap(c: char, next: Option<char>) -> Gap {
    match c {
        '?' => Gap::Question,
        '!' | '…' | '\n' => Gap::Stop,
        '.' if next.is_none_or(char::is_whitespace) || next == Some('.') => Gap::Stop,
        ',' | ';' | ':' | '(' | ')' | '—' | '–' | '«' | '»' | '"' | '/' | '.' => Gap::Comma,
        _ => Gap::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<String> {
        tokenize(text).into_iter().map(|t| t.folded).collect()
    }

    #[test]
    fn numbers_part_from_units_but_names_stay_whole() {
        assert_eq!(words("10mg de B12, T4 à 3,5"), ["10", "mg", "de", "b12", "t4", "a", "3,5"]);
        assert_eq!(words("TA 15/8."), ["ta", "15/8"]);
    }

    #[test]
    fn gaps_tell_what_punctuation_follows() {
        let gaps: Vec<Gap> = tokenize("Non, rien. Ça va ? D'accord").iter().map(|t| t.after).collect();
        assert_eq!(gaps, [Gap::Comma, Gap::Stop, Gap::None, Gap::Question, Gap::None, Gap::Comma],);
    }

    #[test]
    fn dots_are_a_pause_when_the_sentence_goes_on() {
        let gaps = |text: &str| tokenize(text).iter().map(|t| t.after).collect::<Vec<_>>();
        assert_eq!(gaps("Saturation... 94."), [Gap::Comma, Gap::Stop]);
        assert_eq!(gaps("Debout… onze six"), [Gap::Comma, Gap::None, Gap::Comma]);
        assert_eq!(gaps("Attendez... Voilà."), [Gap::Stop, Gap::Stop]);
    }

    proptest! {
        #[test]
        fn tokens_lie_in_order_on_character_borders(text in "\\PC{0,80}") {
            let mut last = 0;
            for token in tokenize(&text) {
                prop_assert!(token.start >= last && token.end > token.start);
                prop_assert!(text.get(token.start..token.end).is_some());
                last = token.end;
            }
        }
    }
}
