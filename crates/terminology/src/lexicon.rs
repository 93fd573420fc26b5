//! Lines of a lexicon file, as `assets/lexicon/README.md` describes them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::name::{fold, key};

/// One concept with the ways to say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub concept: String,
    pub forms: Vec<String>,
    pub code: String,
}

/// Lines in order, a concept once, a form once: the first that has it keeps it.
#[derive(Debug, Default)]
pub struct Table {
    lines: BTreeMap<String, Line>,
    taken: BTreeSet<String>,
}

impl Table {
    pub fn add(&mut self, concept: &str, forms: impl IntoIterator<Item = String>, code: &str) {
        let own = key(concept);
        let is_known = self.lines.contains_key(&own);
        if !is_known && !self.taken.insert(own.clone()) {
            return;
        }
        let fresh: Vec<String> = forms.into_iter().filter(|form| self.taken.insert(key(form))).collect();
        let line = self.lines.entry(own).or_insert_with(|| Line {
            concept: concept.to_owned(),
            forms: Vec::new(),
            code: code.to_owned(),
        });
        line.forms.extend(fresh);
    }

    /// Names, spoken forms included.
    pub fn names(&self) -> usize {
        self.lines.values().map(|line| 1 + line.forms.len()).sum()
    }

    /// The file. `source` names a heading of `SOURCES.md`.
    pub fn written(mut self, source: &str) -> String {
        let mut text = format!("# source: {source}\n# concept\tspoken forms\tcode\n");
        let mut lines: Vec<&mut Line> = self.lines.values_mut().collect();
        lines.sort_by_key(|line| fold(&line.concept));
        for line in lines {
            line.forms.sort();
            let columns = [line.concept.as_str(), &line.forms.join(" | "), &line.code].join("\t");
            let _ = writeln!(text, "{}", columns.trim_end_matches('\t'));
        }
        text
    }
}

/// How often words are said, from the most frequent on.
#[derive(Debug, Default)]
pub struct CommonWords(BTreeMap<String, usize>);

impl CommonWords {
    pub fn ranked(words: impl IntoIterator<Item = String>) -> Self {
        let mut ranks = BTreeMap::new();
        for (rank, word) in words.into_iter().enumerate() {
            ranks.entry(fold(&word)).or_insert(rank);
        }
        Self(ranks)
    }

    /// One word, and among the `most` frequent.
    pub fn holds(&self, form: &str, most: usize) -> bool {
        self.0.get(&fold(form)).is_some_and(|rank| *rank < most)
    }

    /// No word of it is rare.
    pub fn holds_every(&self, form: &str, most: usize) -> bool {
        fold(form).split(' ').all(|word| self.holds(word, most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_belongs_to_the_first_that_has_it_and_the_file_is_in_order() {
        let mut table = Table::default();
        table.add("zolpidem", ["Stilnox".into()], "N05CF02");
        table.add("abacavir", ["Ziagen".into(), "STILNOX".into()], "");
        table.add("Zolpidem", ["Edluar".into(), "Stilnox".into()], "N05CF02");
        assert_eq!(table.names(), 5);
        assert_eq!(
            table.written("x"),
            "# source: x\n# concept\tspoken forms\tcode\nabacavir\tZiagen\nzolpidem\tEdluar | Stilnox\tN05CF02\n"
        );
    }

    #[test]
    fn words_are_common_up_to_a_rank() {
        let common = CommonWords::ranked(["de", "orange", "fracture"].map(String::from));
        assert!(common.holds("Orange", 2) && !common.holds("fracture", 2) && !common.holds("zona", 99));
        assert!(common.holds_every("fracture de", 3) && !common.holds_every("fracture ouverte", 3));
    }
}
