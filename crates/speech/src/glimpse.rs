//! The words of the moment: what successive glances at the last seconds agree on stands firm, the rest may still change.

use note::Word;

use crate::guards::plain;

/// Words that ended so long before the end of a glance do not get clearer by further ones.
const SETTLED_MS: u32 = 2_000;
/// Words that reach nearer to the end of a glance may be cut in the middle, and are not firm before the next.
const EDGE_MS: u32 = 160;

/// A word, and whether it stays until the careful pass over its passage.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    word: Word,
    is_firm: bool,
}

/// What glances saw, in order; what is firm comes first.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Glimpse(Vec<Seen>);

impl Glimpse {
    /// Takes in a glance that heard from `from_ms` to `to_ms`.
    pub fn see(&mut self, from_ms: u32, to_ms: u32, heard: Vec<Word>) {
        // What began before is out of sight, agreed on or not.
        let (mut known, before): (Vec<Seen>, Vec<Seen>) = std::mem::take(&mut self.0)
            .into_iter()
            .partition(|seen| seen.is_firm || seen.word.start_ms < from_ms);
        known.iter_mut().for_each(|seen| seen.is_firm = true);
        let within = known.iter().position(|seen| seen.word.end_ms > from_ms).unwrap_or(known.len());
        let fresh = fresh(known.get(within..).unwrap_or_default(), heard);
        let agreed = fresh.iter().zip(&before).take_while(|(new, old)| same(new, &old.word)).count();
        let settled = to_ms.saturating_sub(SETTLED_MS);
        let old = fresh.iter().take_while(|word| word.end_ms <= settled).count();
        let sure = fresh.iter().take_while(|word| word.end_ms + EDGE_MS <= to_ms).count();
        let firm = agreed.min(sure).max(old);
        let fresh = fresh.into_iter().enumerate();
        known.extend(fresh.map(|(at, word)| Seen { word, is_firm: at < firm }));
        self.0 = known;
    }

    /// Nothing more is said for now: what was seen stays.
    pub fn settle(&mut self) {
        self.0.iter_mut().for_each(|seen| seen.is_firm = true);
    }

    /// Takes off the words that begin before `end_ms`.
    pub fn split(&mut self, end_ms: u32) -> Self {
        let within = self.0.iter().take_while(|seen| seen.word.start_ms < end_ms).count();
        let rest = self.0.split_off(within);
        Self(std::mem::replace(&mut self.0, rest))
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn firm(&self) -> impl Iterator<Item = &Word> {
        self.0.iter().filter(|seen| seen.is_firm).map(|seen| &seen.word)
    }

    pub fn loose(&self) -> impl Iterator<Item = &Word> {
        self.0.iter().filter(|seen| !seen.is_firm).map(|seen| &seen.word)
    }
}

fn same(one: &Word, other: &Word) -> bool {
    plain(&one.text) == plain(&other.text)
}

/// What of `heard` comes after the `known` words, which a glance hears again, not always the same. Times of words are too rough
/// to tell: the beginning of `heard` that is most like them is taken for them.
fn fresh(known: &[Seen], mut heard: Vec<Word>) -> Vec<Word> {
    let Some(last) = known.last() else { return heard };
    // Costs of turning all that is known into the first words of what was heard, as many as the place in the row.
    let mut row: Vec<usize> = (0..=heard.len()).collect();
    for (at, seen) in known.iter().enumerate() {
        let mut diagonal = at;
        let mut left = at + 1;
        for (place, word) in std::iter::once(None).chain(heard.iter().map(Some)).enumerate() {
            let Some(above) = row.get(place).copied() else { break };
            let cost = word.map_or(at + 1, |word| {
                (diagonal + usize::from(!same(&seen.word, word))).min(above + 1).min(left + 1)
            });
            (diagonal, left) = (above, cost);
            if let Some(own) = row.get_mut(place) {
                *own = cost;
            }
        }
    }
    // Where several places are as good, one that ends in the same word, then the one whose time is nearest.
    let end_of = |place: usize| match place.checked_sub(1) {
        Some(before) => heard.get(before).map_or(0, |word| word.end_ms),
        None => heard.first().map_or(0, |word| word.start_ms),
    };
    let apart = |place: usize| end_of(place).abs_diff(last.word.end_ms) / 100;
    let ends_otherwise = |place: usize| {
        let end = place.checked_sub(1).and_then(|before| heard.get(before));
        end.is_none_or(|word| !same(word, &last.word))
    };
    let best = row.iter().enumerate();
    let best = best.min_by_key(|(place, cost)| (**cost, ends_otherwise(*place), apart(*place)));
    let likeness = best.map_or(usize::MAX, |(_, cost)| *cost);
    let place = match best {
        Some((place, _)) if likeness * 3 <= known.len() * 2 => place,
        // Hardly alike: then the times have to do.
        _ => heard.iter().take_while(|word| word.start_ms + 100 < last.word.end_ms).count(),
    };
    heard.split_off(place.min(heard.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(text: &str, from_ms: u32) -> Vec<Word> {
        let word = |(at, text): (u32, &str)| {
            let start_ms = from_ms + at * 300;
            Word { text: text.into(), start_ms, end_ms: start_ms + 280, probability: 0.9 }
        };
        (0..).zip(text.split_whitespace()).map(word).collect()
    }

    fn firm(glimpse: &Glimpse) -> String {
        glimpse.firm().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn loose(glimpse: &Glimpse) -> String {
        glimpse.loose().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_two_glances_agree_on_stands_and_the_rest_may_change() {
        let mut glimpse = Glimpse::default();
        glimpse.see(0, 1_300, said("j'ai mal au vent", 0));
        assert_eq!((firm(&glimpse).as_str(), loose(&glimpse).as_str()), ("", "j'ai mal au vent"));
        glimpse.see(0, 2_200, said("J'ai mal au ventre depuis hier", 0));
        assert_eq!(firm(&glimpse), "J'ai mal au");
        assert_eq!(loose(&glimpse), "ventre depuis hier");
    }

    #[test]
    fn a_firm_word_stays_though_a_later_glance_hears_it_otherwise() {
        let mut glimpse = Glimpse::default();
        glimpse.see(0, 2_000, said("je prends du doliprane le", 0));
        glimpse.see(0, 2_000, said("je prends du doliprane le", 0));
        glimpse.see(0, 3_000, said("je prenais du dolly prane le soir et", 0));
        assert_eq!(firm(&glimpse), "je prends du doliprane le");
        assert_eq!(loose(&glimpse), "soir et");
    }

    #[test]
    fn a_glance_that_begins_in_the_middle_goes_on_where_the_words_end() {
        let mut glimpse = Glimpse::default();
        for _ in 0..2 {
            glimpse.see(0, 3_000, said("depuis trois jours avec de la fièvre", 0));
        }
        // The first word is cut, and times are off by half a second.
        glimpse.see(600, 4_500, said("ours avec de la fièvre et des frissons", 1_100));
        assert_eq!(firm(&glimpse), "depuis trois jours avec de la fièvre");
        assert_eq!(loose(&glimpse), "et des frissons");
    }

    #[test]
    fn what_is_long_past_stands_even_when_glances_differ() {
        let mut glimpse = Glimpse::default();
        glimpse.see(0, 2_000, said("un deux", 0));
        glimpse.see(0, 4_000, said("hein deux trois", 0));
        assert_eq!(firm(&glimpse), "hein deux trois");
        glimpse.see(2_500, 9_000, Vec::new());
        assert_eq!(firm(&glimpse), "hein deux trois");
    }

    #[test]
    fn a_word_at_the_very_end_waits() {
        let mut glimpse = Glimpse::default();
        for _ in 0..2 {
            glimpse.see(0, 600, said("bonjour doc", 0));
        }
        assert_eq!((firm(&glimpse).as_str(), loose(&glimpse).as_str()), ("bonjour", "doc"));
        glimpse.settle();
        assert_eq!(firm(&glimpse), "bonjour doc");
    }

    #[test]
    fn a_cut_takes_the_words_before_it() {
        let mut glimpse = Glimpse::default();
        glimpse.see(0, 1_000, said("un deux trois quatre", 0));
        let cut = glimpse.split(600);
        assert_eq!((loose(&cut).as_str(), loose(&glimpse).as_str()), ("un deux", "trois quatre"));
    }

    proptest! {
        #[test]
        fn firm_words_are_never_taken_back(
            glances in proptest::collection::vec(proptest::collection::vec("[abc]", 0..12), 1..12)
        ) {
            let mut glimpse = Glimpse::default();
            for (at, words) in (0..).zip(glances) {
                let before: Vec<Word> = glimpse.firm().cloned().collect();
                glimpse.see(at * 700, at * 700 + 3_000, said(&words.join(" "), at * 700));
                let after: Vec<Word> = glimpse.firm().cloned().collect();
                prop_assert!(after.starts_with(&before));
                let flags: Vec<bool> = glimpse.0.iter().map(|seen| seen.is_firm).collect();
                prop_assert!(flags.is_sorted_by(|a, b| a >= b));
            }
        }
    }
}
