use std::ops::Range;

use note::Kind;

use crate::Clinical;
use crate::lexicon::{Family, Lexicon};
use crate::text::tokenize;

/// A clinical word or wording that stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// [`Kind::Other`] for a part of the body.
    pub kind: Kind,
    pub concept: String,
    /// Bytes of the text.
    pub range: Range<usize>,
}

impl Clinical {
    /// The clinical terms of any text in this language, in order, none overlapping another. Nothing is read but the
    /// words: what is denied is a term too. Frequent errors of recognisers, which the note understands, are no terms.
    #[must_use]
    pub fn terms(&self, text: &str) -> Vec<Term> {
        let lexicon = Lexicon::of(self.language);
        let tokens = tokenize(text);
        let found = lexicon.clinical.matches(&tokens);
        let terms = found.into_iter().filter_map(|hit| {
            let forms = lexicon.clinical.forms(&hit).iter().filter(|form| !form.misheard);
            let (kind, concept) = forms
                .map(|form| lexicon.entry(form.entry))
                .find_map(|entry| Some((kind(entry.family)?, entry.concept.clone())))?;
            let (first, last) = (tokens.get(hit.tokens.start)?, tokens.get(hit.tokens.end.checked_sub(1)?)?);
            Some(Term { kind, concept, range: first.start..last.end })
        });
        terms.collect()
    }
}

/// None for words that tell of life or of the visit rather than of medicine.
fn kind(family: Family) -> Option<Kind> {
    Some(match family {
        Family::Symptom => Kind::Symptom,
        Family::Condition => Kind::Condition,
        Family::Drug => Kind::Drug,
        Family::Allergen => Kind::Allergy,
        Family::Finding => Kind::Finding,
        Family::Vital => Kind::Vital,
        Family::Lab => Kind::Lab,
        Family::Test => Kind::TestOrder,
        Family::Procedure => Kind::Procedure,
        Family::Referral => Kind::Referral,
        Family::Vaccine => Kind::Vaccine,
        Family::Anatomy => Kind::Other,
        Family::Lifestyle
        | Family::Occupation
        | Family::Instruction
        | Family::Leave
        | Family::Reason
        | Family::People
        | Family::Unit
        | Family::Function
        | Family::Verdict
        | Family::Timing
        | Family::Qualifier
        | Family::Cue => return None,
    })
}

#[cfg(test)]
mod tests {
    use note::Language;

    use super::*;

    #[test]
    fn terms_are_found_where_they_stand_whatever_is_said_of_them() {
        let text = "Pas de fièvre, bonjour, du paracétamol et un mal de gorge.";
        let terms = Clinical::load(Language::Fr).terms(text);
        let found: Vec<_> = terms.iter().map(|t| (t.kind, &text[t.range.clone()])).collect();
        assert_eq!(
            found,
            [(Kind::Symptom, "fièvre"), (Kind::Drug, "paracétamol"), (Kind::Symptom, "mal de gorge")]
        );
    }

    #[test]
    fn small_talk_holds_none() {
        assert_eq!(Clinical::load(Language::En).terms("Good morning, please take a seat over there."), []);
    }
}
