use std::ops::Range;

use super::{Gap, Token};

/// A run of tokens up to a full stop or a question mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sentence {
    pub tokens: Range<usize>,
    /// Ends with a question mark.
    pub question: bool,
    /// Ends with punctuation; recognisers often give none.
    pub closed: bool,
}

/// Cuts at full stops and question marks, and before the tokens which `opens` marks: where speech is not punctuated,
/// such words ("alors", "vous avez") are all there is to tell one sentence from the next.
pub(crate) fn sentences(tokens: &[Token], opens: impl Fn(usize) -> bool) -> Vec<Sentence> {
    let mut found = Vec::new();
    let mut from = 0;
    for (i, token) in tokens.iter().enumerate() {
        let last = i + 1 == tokens.len();
        let closed = token.after >= Gap::Stop;
        if closed || last || opens(i + 1) {
            found.push(Sentence { tokens: from..i + 1, question: token.after == Gap::Question, closed });
            from = i + 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokenize;

    #[test]
    fn a_question_mark_ends_a_question() {
        let tokens = tokenize("De la fièvre ? Non. Et puis");
        let cut: Vec<_> =
            sentences(&tokens, |_| false).into_iter().map(|s| (s.tokens, s.question, s.closed)).collect();
        assert_eq!(cut, [(0..3, true, true), (3..4, false, true), (4..6, false, false)]);
    }
}
