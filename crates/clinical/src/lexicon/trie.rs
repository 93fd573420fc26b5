use std::collections::HashMap;
use std::ops::Range;

use note::Language;

use super::entry::EntryId;
use super::keys;
use crate::text::{Gap, Token, key};

/// Words which count neither in a form nor in speech, unless the form holds nothing else.
const LITTLE_FR: &[&str] = &[
    "le", "la", "les", "l", "un", "une", "du", "de", "d", "des", "a", "au", "aux", "dans", "sur", "en",
    "mon", "ma", "mes", "son", "sa", "ses", "ton", "ta", "tes", "votre", "vos", "leur", "ce", "cette", "ces",
];
const LITTLE_EN: &[&str] = &[
    "the", "a", "an", "of", "my", "your", "his", "her", "their", "in", "on", "at", "this", "that", "some",
    "any",
];
/// Words that may stand inside a form as it is spoken.
const FILLER_FR: &[&str] = &[
    "euh", "hein", "ben", "bah", "tres", "vraiment", "assez", "aussi", "bien", "encore", "quand", "meme",
    "toujours", "peu", "super", "parfois", "eu", "souvent", "deux", "trois", "quatre", "cinq", "six", "sept",
    "huit", "dix",
];
const FILLER_EN: &[&str] = &[
    "um",
    "uh",
    "er",
    "erm",
    "very",
    "really",
    "quite",
    "bit",
    "like",
    "just",
    "also",
    "little",
    "sort",
    "kind",
    "pretty",
    "actually",
    "always",
    "still",
    "two",
    "three",
    "four",
    "five",
    "six",
    "maybe",
    "even",
    "been",
    "getting",
    "particularly",
    "particular",
    "more",
    "lot",
];

/// One way to say an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Form {
    pub entry: EntryId,
    /// A frequent error of recognisers, not a word anyone says.
    pub misheard: bool,
}

/// Where a form stands: a run of tokens, and the node that names its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Match {
    pub tokens: Range<usize>,
    node: u32,
}

/// Longest match over words: each word of the text is looked at a bounded number of times, whatever the size of the lexicon.
pub(crate) struct Trie {
    language: Language,
    exact: bool,
    words: HashMap<String, u32>,
    edges: HashMap<(u32, u32), u32>,
    forms: Vec<Vec<Form>>,
}

impl Trie {
    /// Inflection and little words do not count.
    pub fn stemmed(language: Language) -> Self {
        Self::new(language, false)
    }

    /// Every word counts, as folded.
    pub fn exact(language: Language) -> Self {
        Self::new(language, true)
    }

    fn new(language: Language, exact: bool) -> Self {
        Self { language, exact, words: HashMap::new(), edges: HashMap::new(), forms: vec![Vec::new()] }
    }

    fn little(&self, word: &str) -> bool {
        !self.exact
            && match self.language {
                Language::Fr => LITTLE_FR.contains(&word),
                Language::En => LITTLE_EN.contains(&word),
            }
    }

    fn filler(&self, word: &str) -> bool {
        !self.exact
            && match self.language {
                Language::Fr => FILLER_FR.contains(&word),
                Language::En => FILLER_EN.contains(&word),
            }
    }

    /// "I've put on quite a bit of weight".
    fn most_skipped(&self) -> usize {
        if self.language == Language::En { 4 } else { 3 }
    }

    /// The words of a form that count.
    pub fn path(&self, form: &str) -> Vec<String> {
        if self.exact {
            return crate::text::tokenize(form).into_iter().map(|t| t.folded).collect();
        }
        let all = keys(form, self.language);
        // The last word counts whatever it is: "vitamine D", "hépatite A".
        let last = all.len().saturating_sub(1);
        let kept = all.iter().enumerate().filter(|(at, word)| *at == last || !self.little(word));
        let heavy: Vec<String> = kept.map(|(_, word)| word.clone()).collect();
        heavy
    }

    pub fn insert(&mut self, form: &str, entry: EntryId, misheard: bool) {
        let mut node = 0;
        let path = self.path(form);
        if path.is_empty() {
            return;
        }
        for word in path {
            let fresh = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
            let word = *self.words.entry(word).or_insert(fresh);
            let next = u32::try_from(self.forms.len()).unwrap_or(u32::MAX);
            let edge = *self.edges.entry((node, word)).or_insert(next);
            if edge == next {
                self.forms.push(Vec::new());
            }
            node = edge;
        }
        if let Some(forms) = self.forms.get_mut(node as usize)
            && !forms.iter().any(|f| f.entry == entry)
        {
            forms.push(Form { entry, misheard });
        }
    }

    pub fn forms(&self, found: &Match) -> &[Form] {
        self.forms.get(found.node as usize).map_or(&[], Vec::as_slice)
    }

    pub fn knows(&self, key: &str) -> bool {
        self.words.contains_key(key)
    }

    /// The matches of a text, leftmost and longest, none overlapping another.
    pub fn matches(&self, tokens: &[Token]) -> Vec<Match> {
        let ids = self.ids(tokens);
        let mut found = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            match self.longest(tokens, &ids, at) {
                Some(hit) => {
                    at = hit.tokens.end;
                    found.push(hit);
                }
                None => at += 1,
            }
        }
        found
    }

    /// Every match at every token, short and long: they overlap.
    pub fn overlapping(&self, tokens: &[Token]) -> Vec<Match> {
        let ids = self.ids(tokens);
        let mut found = Vec::new();
        for from in 0..tokens.len() {
            let mut node = 0;
            for (at, word) in ids.iter().enumerate().skip(from) {
                let Some(next) = word.and_then(|word| self.edges.get(&(node, word)).copied()) else { break };
                node = next;
                if self.forms.get(node as usize).is_some_and(|forms| !forms.is_empty()) {
                    found.push(Match { tokens: from..at + 1, node });
                }
                if tokens.get(at).is_some_and(|t| t.after >= Gap::Comma) {
                    break;
                }
            }
        }
        found
    }

    fn ids(&self, tokens: &[Token]) -> Vec<Option<u32>> {
        tokens
            .iter()
            .map(|token| {
                let word = if self.exact { token.folded.as_str() } else { key(&token.folded, self.language) };
                self.words.get(word).copied()
            })
            .collect()
    }

    fn longest(&self, tokens: &[Token], ids: &[Option<u32>], from: usize) -> Option<Match> {
        let mut node = 0;
        let mut best = None;
        let mut skipped = 0;
        for at in from..tokens.len() {
            let token = tokens.get(at)?;
            let edge = ids.get(at).copied().flatten().and_then(|word| self.edges.get(&(node, word)).copied());
            if let Some(next) = edge {
                node = next;
                skipped = 0;
                if self.forms.get(node as usize).is_some_and(|forms| !forms.is_empty()) {
                    best = Some(Match { tokens: from..at + 1, node });
                }
            } else if at > from
                && skipped < self.most_skipped()
                && (self.little(&token.folded) || self.filler(&token.folded))
            {
                skipped += 1;
            } else {
                break;
            }
            if token.after >= Gap::Comma {
                break;
            }
        }
        best
    }
}
