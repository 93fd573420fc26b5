use std::collections::{HashMap, HashSet};

use note::{Note, Omission, Source};

use crate::discourse::{Discourse, Unread};
use crate::fact::Place;
use crate::text::fold;

/// At most this many are shown: a list nobody reads helps nobody.
const MOST: usize = 8;

/// What weighs less is left out: small talk, thanks, bare assent.
const LEAST: u8 = 3;

/// Clinical speech that no statement covers, in the order it was said, the weightiest kept where there is too much.
pub(crate) fn omissions(discourse: &Discourse, note: &Note) -> Vec<Omission> {
    let said: Vec<String> = note
        .statements()
        .map(|(_, s)| fold(&format!("{} {}", s.text, s.concept.as_deref().unwrap_or_default())))
        .collect();
    let told = |concept: &str| said.iter().any(|s| s.contains(concept));
    let mut seen = HashSet::new();
    let mut found: Vec<(u8, Place, Omission)> = Vec::new();
    for left in &discourse.left {
        let concept = fold(left.omission.concept.as_deref().unwrap_or_default());
        if !told(&concept) && seen.insert(concept) {
            found.push((5, (left.omission.segment, 0), left.omission.clone()));
        }
    }
    let mut shown: HashSet<u32> = found.iter().map(|(_, place, _)| place.0).collect();
    let mut sources: HashMap<u32, Vec<&str>> = HashMap::new();
    for source in discourse.facts.iter().flat_map(|f| &f.sources) {
        sources.entry(source.segment).or_default().push(&source.quote);
    }
    let quotes = |segment: u32| sources.get(&segment).map(Vec::as_slice).unwrap_or_default();
    for unread in &discourse.unread {
        let quotes = quotes(unread.source.segment);
        if quotes.iter().any(|q| q.contains(unread.source.quote.as_str())) {
            continue;
        }
        let Some((weight, concept)) = weigh(unread, quotes, &told).filter(|(weight, _)| *weight >= LEAST)
        else {
            continue;
        };
        let folded = concept.map(fold).unwrap_or_default();
        let again = !folded.is_empty() && !seen.insert(folded);
        // One passage of a segment leads to the rest of it.
        if !again && shown.insert(unread.place.0) {
            let Source { segment, quote } = unread.source.clone();
            found.push((
                weight,
                unread.place,
                Omission { segment, quote, concept: concept.map(str::to_owned) },
            ));
        }
    }
    found.sort_by_key(|(weight, place, _)| (std::cmp::Reverse(*weight), *place));
    found.truncate(MOST);
    found.sort_by_key(|(_, place, _)| *place);
    found.into_iter().map(|(_, _, omission)| omission).collect()
}

/// What a clause holds that no source covers, and the name to show for it.
fn weigh<'a>(
    unread: &'a Unread,
    quotes: &[&str],
    told: &impl Fn(&str) -> bool,
) -> Option<(u8, Option<&'a str>)> {
    let untouched = !quotes.iter().any(|q| unread.source.quote.contains(q));
    let left = unread.named.iter().filter(|n| !quotes.iter().any(|q| q.contains(n.quote.as_str())));
    let left: Vec<(u8, &str)> = left
        .map(|n| (n.weight.saturating_sub(2 * u8::from(told(&fold(&n.concept)))), n.concept.as_str()))
        .collect();
    let names: u8 = left.iter().map(|(weight, _)| *weight).fold(0, u8::saturating_add).min(6);
    let heaviest = left.iter().max_by_key(|(weight, _)| *weight).map(|(_, concept)| *concept);
    if !untouched && heaviest.is_none() {
        return None;
    }
    let concept = heaviest.or(unread.asked.as_deref());
    // A number alone tells no one what it is of.
    let bare = concept.is_none() && unread.weight < 4;
    (!bare).then_some((names + if untouched { unread.weight } else { 0 }, concept))
}
