use std::collections::HashSet;

use note::{Note, Omission};

use crate::discourse::Left;
use crate::text::fold;

/// At most this many are shown: a list nobody reads helps nobody.
const MOST: usize = 8;

/// Mentions that no statement covers, one per concept.
pub(crate) fn omissions(left: &[Left], note: &Note) -> Vec<Omission> {
    let said: Vec<String> = note
        .statements()
        .map(|(_, s)| fold(&format!("{} {}", s.text, s.concept.as_deref().unwrap_or_default())))
        .collect();
    let mut seen = HashSet::new();
    left.iter()
        .filter(|l| {
            let concept = fold(l.omission.concept.as_deref().unwrap_or_default());
            !said.iter().any(|s| s.contains(&concept)) && seen.insert(concept)
        })
        .map(|l| l.omission.clone())
        .take(MOST)
        .collect()
}
