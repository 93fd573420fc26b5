//! English drugs (international and brand names) and conditions (ICD-10-CM).

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use bzip2::read::BzDecoder;

use crate::error::TermsError;
use crate::lexicon::{CommonWords, Table};
use crate::name::{fold, titled};
use crate::pickle::{Id, Pickle};
use crate::source::{ENGLISH_CONDITIONS, ENGLISH_DRUGS};
use crate::tidy;

const COMMON_DRUG: usize = 20_000;
const COMMON_CONDITION: usize = 6_000;

/// Drugs that patients take, with their brands.
pub fn drugs(pickle: &[u8], common: &CommonWords) -> Result<Table, TermsError> {
    let mut plain = Vec::new();
    BzDecoder::new(pickle).read_to_end(&mut plain).map_err(|error| ENGLISH_DRUGS.broken(error))?;
    let pickle = Pickle::read(&plain).map_err(|error| ENGLISH_DRUGS.broken(error))?;
    let parts = pickle.entries(pickle.root());
    let part = |name: &str| parts.get(name).map(|id| pickle.entries(*id)).unwrap_or_default();
    let is_name = |name: &str| {
        let plain = name.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | '-'));
        plain && name.len() >= 5 && name.split(' ').count() <= 3 && !common.holds_every(name, COMMON_DRUG)
    };
    // Described for patients by a public health service: what general practice meets.
    let is_met =
        |about: Id| ["medline_plus_id", "nhs_url"].iter().any(|at| pickle.entries(about).contains_key(at));
    let taken: BTreeSet<&str> = part("drug_canonical_to_data")
        .into_iter()
        .filter(|(name, about)| is_name(name) && is_met(*about))
        .map(|(name, _)| name)
        .collect();
    let mut brands: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (variant, canonicals) in part("drug_variant_to_canonical") {
        // One that names several drugs names none.
        let [canonical] = pickle.list(canonicals) else { continue };
        let Some(canonical) = pickle.text(*canonical) else { continue };
        if is_brand(variant, canonical) && is_name(variant) {
            brands.entry(canonical).or_default().push(titled(variant));
        }
    }
    let mut table = Table::default();
    for name in taken {
        table.add(name, brands.remove(name).unwrap_or_default(), "");
    }
    Ok(table)
}

/// One word that is not the substance again: in another language, as a salt, or with the name of its maker.
fn is_brand(variant: &str, canonical: &str) -> bool {
    let stem: String = canonical.chars().take(5).collect();
    variant.len() <= 14 && !variant.contains([' ', '-']) && !fold(variant).contains(&fold(&stem))
}

/// Conditions with what the classification includes under them: often closer to speech, and a concept of its own, since
/// it may say more than its heading.
pub fn conditions(xml: &[u8], common: &CommonWords) -> Result<Table, TermsError> {
    let text = std::str::from_utf8(xml).map_err(|error| ENGLISH_CONDITIONS.broken(error))?;
    let tree = roxmltree::Document::parse(text).map_err(|error| ENGLISH_CONDITIONS.broken(error))?;
    let mut table = Table::default();
    for entry in tree.descendants().filter(|node| node.has_tag_name("diag")) {
        let child = |name: &str| entry.children().find(|node| node.has_tag_name(name));
        let Some(code) = child("name").and_then(|node| node.text()).and_then(tidy::dotted) else { continue };
        let included = child("inclusionTerm").into_iter().flat_map(|terms| terms.children());
        let names = child("desc").into_iter().chain(included).filter_map(|node| node.text());
        for name in names.filter_map(tidy::english).filter(|name| !common.holds(name, COMMON_CONDITION)) {
            table.add(&name, [], &code);
        }
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brand_is_one_word_of_its_own() {
        assert!(is_brand("ziagen", "abacavir"));
        for other in ["lisinoprilum", "lisinopril dihydrate", "apo-lisinopril"] {
            assert!(!is_brand(other, "lisinopril"), "{other}");
        }
    }

    #[test]
    fn conditions_come_with_what_they_include() {
        let xml =
            br"<x><diag><name>J06</name><desc>Acute upper respiratory infections of multiple sites</desc>
            <diag><name>J06.9</name><desc>Acute upper respiratory infection, unspecified</desc>
            <inclusionTerm><note>Upper respiratory disease, acute</note></inclusionTerm></diag></diag>
            <diag><name>W01</name><desc>Fall</desc></diag></x>";
        let text = conditions(xml, &CommonWords::default()).unwrap().written("x");
        let body: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(
            body,
            ["acute upper respiratory disease\t\tJ06.9", "acute upper respiratory infection\t\tJ06.9"]
        );
    }
}
