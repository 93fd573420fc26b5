//! Where one clause ends and the next begins in speech that nobody punctuated.
//!
//! A subject pronoun that opens a clause of its own ("… ça tord | j'ai vomi …") starts a sentence there, with the "et", "mais" or
//! "donc" that leads it in. Nothing is cut inside a subordinate ("quand je tousse"), before an object ("je vous donne"), or
//! between a noun and the pronoun that takes it up ("le Kardégic je l'ai arrêté").

use note::Language;

use super::Token;

/// Subjects that open a clause.
const SUBJECTS_FR: &[&str] = &["je", "j", "tu", "vous", "on", "nous", "c"];
const SUBJECTS_EN: &[&str] = &["i", "you", "we"];
/// After these a subject belongs to what went before.
const BINDERS_FR: &[&str] = &[
    "que", "qu", "qui", "quand", "si", "s", "comme", "dont", "ou", "lorsque", "lorsqu", "puisque", "puisqu",
    "parce", "sinon", "ne", "n", "pas", "est", "ce", "je", "j", "tu", "il", "elle", "on", "nous", "vous",
    "ils", "elles", "ca", "de", "d", "a", "pour", "avec", "chez", "sans", "entre", "comment", "combien",
    "pourquoi", "quel", "quelle", "quoi", "depuis", "dont", "tant", "des", "euh", "ben", "bah", "bon", "la",
    "le", "les", "l", "non", "oui", "ouais", "ah", "oh", "alors", "donc", "voila", "moi", "toi", "fois",
    "moment", "jour", "nuit", "soir", "matin", "apres", "avant", "aussi", "meme", "dire", "crois", "pense",
    "sais", "dit", "faut", "y", "en", "c", "s", "t", "m", "me", "te", "se", "lui", "leur",
];
const BINDERS_EN: &[&str] = &[
    "that",
    "who",
    "when",
    "if",
    "as",
    "because",
    "which",
    "where",
    "while",
    "what",
    "how",
    "why",
    "do",
    "did",
    "does",
    "are",
    "were",
    "have",
    "had",
    "has",
    "can",
    "could",
    "would",
    "should",
    "will",
    "to",
    "for",
    "with",
    "of",
    "and",
    "i",
    "you",
    "we",
    "he",
    "she",
    "it",
    "they",
    "think",
    "know",
    "since",
    "than",
    "before",
    "after",
    "until",
    "once",
    "the",
    "thing",
    "things",
    "time",
    "times",
    "day",
    "night",
    "said",
    "say",
    "says",
    "told",
    "tell",
    "thought",
    "not",
    "d",
    "ll",
    "m",
    "s",
    "ve",
    "re",
    "everything",
    "anything",
    "something",
    "mean",
    "give",
    "gave",
    "um",
    "uh",
    "er",
    "well",
    "yeah",
    "no",
    "yes",
    "make",
    "makes",
    "let",
    "all",
    "unless",
    "whether",
    "or",
    "see",
    "at",
    "on",
    "in",
    "about",
    "like",
    "whatever",
];
/// Words that lead a clause in and belong to it.
const LEADS_FR: &[&str] = &["et", "mais", "car"];
const LEADS_EN: &[&str] = &["but"];
/// An object pronoun after the subject takes up the noun before it.
const OBJECTS_FR: &[&str] = &["l", "le", "la", "les", "en", "y"];
/// A clause needs this many words before the next may begin.
const SHORTEST: usize = 4;

/// The tokens at which a clause begins, in order.
///
/// `taken_up` gives, for a subject at a token, where the name begins that stands just before it and belongs to its clause.
pub(crate) fn unpunctuated(
    tokens: &[Token],
    language: Language,
    taken_up: impl Fn(usize) -> Option<usize>,
) -> Vec<usize> {
    let (subjects, binders, leads) = match language {
        Language::Fr => (SUBJECTS_FR, BINDERS_FR, LEADS_FR),
        Language::En => (SUBJECTS_EN, BINDERS_EN, LEADS_EN),
    };
    let any = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|t| t.any(words));
    let mut found = Vec::new();
    let mut from = 0;
    for at in 1..tokens.len() {
        let led = at >= 2 && any(at - 1, leads);
        let start = if led { at - 1 } else { at };
        let joined = start.checked_sub(1).is_none_or(|before| any(before, binders));
        let noun = (language == Language::Fr).then(|| noun_before(tokens, at)).flatten();
        let object = (at + 1..at + 3).any(|i| any(i, OBJECTS_FR));
        // "… et le Spiriva vous continuez", "… la kiné je vous la mets": the noun opens the clause.
        let noun = taken_up(at).or_else(|| noun.filter(|noun| object || any(*noun, &["et"])));
        if let Some(noun) = noun.filter(|_| any(at, subjects)) {
            let led = noun.checked_sub(1).filter(|i| any(*i, &["et", "and"]));
            let noun = led.unwrap_or(noun);
            if noun >= from + SHORTEST {
                found.push(noun);
                from = noun;
            }
            continue;
        }
        let takes_up = language == Language::Fr && any(at + 1, OBJECTS_FR) && !led;
        let clause = any(at, subjects) && at + 1 < tokens.len();
        if clause && !joined && !takes_up && !inverted(tokens, at) && start >= from + SHORTEST {
            found.push(start);
            from = start;
        }
    }
    found
}

/// Where "et le Spiriva", "la kiné respiratoire" begins, if that is what stands just before `at`.
fn noun_before(tokens: &[Token], at: usize) -> Option<usize> {
    const ARTICLES: &[&str] = &["le", "la", "les", "mon", "ma", "mes", "votre", "vos", "l"];
    let any = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|t| t.any(words));
    let article = (2..=3).filter_map(|back| at.checked_sub(back)).find(|i| any(*i, ARTICLES))?;
    match article.checked_sub(1) {
        Some(before) if any(before, &["et"]) => Some(before),
        Some(before) if any(before, BINDERS_FR) || any(before, &["dans", "sur", "sous", "par", "contre"]) => {
            None
        }
        _ => Some(article),
    }
}

/// "Avez-vous": the pronoun stands after its verb.
fn inverted(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|t| t.is("vous"))
        && at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|t| t.folded.ends_with("ez"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokenize;

    fn cut(text: &str) -> Vec<String> {
        let tokens = tokenize(text);
        let mut starts = unpunctuated(&tokens, Language::Fr, |_| None);
        starts.insert(0, 0);
        starts.push(tokens.len());
        starts
            .windows(2)
            .map(|w| tokens[w[0]..w[1]].iter().map(|t| t.folded.as_str()).collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn a_new_subject_opens_a_clause() {
        assert_eq!(
            cut("c'est la gastro ce soir j'ai vomi toute la journée et je dors mal"),
            ["c est la gastro ce soir j ai vomi toute la journee", "et je dors mal"]
        );
        assert_eq!(cut("la gorge me brûle j'ai mangé hier"), ["la gorge me brule", "j ai mange hier"]);
    }

    #[test]
    fn a_subordinate_or_a_noun_taken_up_is_not_cut() {
        assert_eq!(cut("ça me lance surtout quand je tousse fort").len(), 1);
        assert_eq!(cut("pour le cœur le kardégic je l'ai arrêté").len(), 1);
        assert_eq!(cut("depuis hier soir avez-vous mal au ventre").len(), 1);
    }
}
