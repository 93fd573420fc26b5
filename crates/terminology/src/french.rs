//! French drugs (ATC) and conditions (CIM-10).

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use flate2::read::GzDecoder;
use serde::Deserialize;

use crate::error::TermsError;
use crate::lexicon::{CommonWords, Table};
use crate::name::{accented, fold, titled};
use crate::source::{FRENCH_CONDITIONS, FRENCH_DRUGS};
use crate::tidy;

/// A brand among so many frequent words is said for other reasons.
const COMMON_BRAND: usize = 30_000;
/// The same for a condition: an ordinary word often names one ("rage", "retard").
const COMMON_CONDITION: usize = 4_000;

/// ATC code to names: brands in capitals, international names and classes in lower case without accents.
pub fn drugs(json: &[u8], common: &CommonWords) -> Result<Table, TermsError> {
    let codes: BTreeMap<String, Vec<String>> =
        serde_json::from_slice(json).map_err(|error| FRENCH_DRUGS.broken(error))?;
    let mut table = Table::default();
    // Substances first: a brand that also stands under a class belongs to its substance.
    let is_substance = |code: &str| code.len() == 7;
    let (substances, classes): (Vec<_>, Vec<_>) = codes.iter().partition(|(code, _)| is_substance(code));
    let short = short_brands(&codes, common);
    for (code, names) in substances.into_iter().chain(classes) {
        // V: contrast agents, radionuclides, dressings: no GP says them.
        if code.starts_with('V') && !code.starts_with("V03") {
            continue;
        }
        let substance = names.iter().find(|name| is_substance(code) && is_international(name));
        let mut brands: Vec<String> =
            names.iter().filter(|name| is_brand(name, substance, common)).map(|name| titled(name)).collect();
        let alone = short.iter().filter(|(_, of)| *of == code).map(|(name, _)| titled(name));
        match substance {
            Some(_) => brands.extend(alone.filter(|name| !brands.contains(name)).collect::<Vec<_>>()),
            None => {
                for name in alone {
                    let whole = brands.iter().position(|brand| brand.starts_with(&format!("{name} ")));
                    if let Some(whole) = whole {
                        let brand = brands.remove(whole);
                        table.add(&name, [brand], code);
                    }
                }
            }
        }
        match substance {
            Some(name) => table.add(&turned(&accented(name)), brands, code),
            None => {
                for brand in brands {
                    table.add(&brand, [], code);
                }
            }
        }
    }
    Ok(table)
}

/// "Spiolto" of "SPIOLTO RESPIMAT": the first word of brands in two words, where it names one substance and nothing else.
fn short_brands<'a>(
    codes: &'a BTreeMap<String, Vec<String>>,
    common: &CommonWords,
) -> BTreeMap<&'a str, &'a str> {
    /// First words that say no brand by themselves.
    const PIECES: [&str; 6] = ["rhino", "dermo", "chibro", "magne", "antibio", "potassium"];
    let mut firsts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    for (code, names) in codes.iter().filter(|(code, _)| code.len() == 7) {
        let substance = names.iter().find(|name| is_international(name));
        for name in names.iter().filter(|name| is_brand(name, substance, common)) {
            match name.split_once(' ') {
                Some((first, _)) => {
                    firsts.entry(first).or_default().insert(code);
                }
                None => {
                    taken.insert(name);
                }
            }
        }
    }
    firsts
        .into_iter()
        .filter(|(first, of)| {
            let folded = fold(first);
            of.len() == 1
                && folded.len() >= 5
                && !PIECES.contains(&folded.as_str())
                && !taken.contains(first)
                && !common.holds(&folded, usize::MAX)
                && !is_plural_of_word(&folded, common)
        })
        .filter_map(|(first, of)| of.into_iter().next().map(|code| (first, code)))
        .collect()
}

/// "salicylique acide" as it is said: acid or salt first.
fn turned(name: &str) -> String {
    const SALTS: [&str; 14] = [
        "chlorure",
        "sulfate",
        "gluconate",
        "lactate",
        "carbonate",
        "bicarbonate",
        "citrate",
        "phosphate",
        "iodure",
        "fluorure",
        "bitartrate",
        "hydroxyde",
        "oxyde",
        "bromure",
    ];
    match name.split_once(' ') {
        Some((what, "acide")) => format!("acide {what}"),
        Some((metal, salt)) if SALTS.contains(&salt) => {
            let of = if metal.starts_with(['a', 'e', 'i', 'o', 'u', 'é', 'h']) { "d'" } else { "de " };
            format!("{salt} {of}{metal}")
        }
        _ => name.to_owned(),
    }
}

/// A substance by its name, not a class, an association without names, or what a bad replacement left in the source.
fn is_international(name: &str) -> bool {
    const NOT: [&str; 15] = [
        "association",
        "autres",
        "divers",
        "preparation",
        "combinaison",
        "medicament",
        "produits",
        "vitamines",
        "opioides",
        "anti",
        "extrait",
        "sans",
        "diuretiques",
        "oligo",
        "poly",
    ];
    let is_plain = |c: char| c.is_ascii_lowercase() || c == ' ' || c == '-';
    name.chars().all(is_plain)
        && name.len() >= 5
        && name.split(' ').count() <= 4
        && !NOT.iter().any(|word| name.split(' ').any(|part| part.starts_with(word)))
}

fn is_brand(name: &str, substance: Option<&String>, common: &CommonWords) -> bool {
    let is_capital = |c: char| c.is_ascii_uppercase() || c == ' ' || c == '-';
    let folded = fold(name);
    // A generic is the substance with the name of its maker.
    let is_generic = |substance: &String| {
        let stem: String = substance.chars().take(5).collect();
        folded.contains(&stem)
    };
    name.chars().all(is_capital)
        && folded.len() >= 4
        && folded.split(' ').count() <= 2
        && !substance.is_some_and(is_generic)
        && !common.holds_every(name, COMMON_BRAND)
        && !is_plural_of_word(&folded, common)
}

/// The matcher takes a last s or x for a plural: "Angiox" would be found in "angio-œdème".
fn is_plural_of_word(folded: &str, common: &CommonWords) -> bool {
    const ROOTS: [&str; 6] = ["angio", "cardio", "gastro", "neuro", "dermo", "pneumo"];
    folded
        .strip_suffix(['s', 'x'])
        .is_some_and(|stem| ROOTS.contains(&stem) || common.holds(stem, usize::MAX))
}

#[derive(Deserialize)]
struct Row {
    code: String,
    long: String,
}

/// CIM-10 rows: code without its point, and the full name.
pub fn conditions(gz: &[u8], common: &CommonWords) -> Result<Table, TermsError> {
    let mut text = String::new();
    GzDecoder::new(gz).read_to_string(&mut text).map_err(|error| FRENCH_CONDITIONS.broken(error))?;
    let mut table = Table::default();
    for row in csv::Reader::from_reader(text.as_bytes()).deserialize() {
        let row: Row = row.map_err(|error| FRENCH_CONDITIONS.broken(error))?;
        let Some(code) = tidy::dotted(&row.code) else { continue };
        let Some(name) = tidy::french(&row.long) else { continue };
        if common.holds(&name, COMMON_CONDITION) {
            continue;
        }
        table.add(&name, [], &code);
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_substance_has_its_brands_and_generics_and_ordinary_words_are_left_out() {
        let json = br#"{
            "M01AE03": ["KETUM", "PROFENID", "KETOPROFENE ARROW", "ORANGE", "ketoprofene"],
            "M01AE": ["KETUM", "XENID", "anti-inflammatoires"],
            "A03AX58": ["METEOSPASMYL", "alverine en association"],
            "V08AB02": ["OMNIPAQUE", "iohexol"]
        }"#;
        let common = CommonWords::ranked(["orange".to_owned()]);
        let text = drugs(json, &common).unwrap().written("edsnlp");
        let body: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(
            body,
            ["kétoprofène\tKetum | Profenid\tM01AE03", "Meteospasmyl\t\tA03AX58", "Xenid\t\tM01AE"]
        );
    }

    #[test]
    fn a_brand_in_two_words_is_said_by_its_first_where_that_names_one_substance() {
        let json = br#"{"R03BB54": ["SPIOLTO RESPIMAT"], "A10AE05": ["insuline detemir", "LEVEMIR PENFILL"],
            "R03AK06": ["AERIS DISKUS"], "R03BA05": ["AERIS HALER"]}"#;
        let text = drugs(json, &CommonWords::ranked([])).unwrap().written("edsnlp");
        assert!(text.contains("Spiolto\tSpiolto Respimat\tR03BB54"), "{text}");
        assert!(text.contains("Levemir | "), "{text}");
        assert!(!text.contains("Aeris |") && !text.contains("\nAeris\t"), "{text}");
    }

    #[test]
    fn acids_and_salts_come_first() {
        assert_eq!(turned("salicylique acide"), "acide salicylique");
        assert_eq!(turned("potassium chlorure"), "chlorure de potassium");
        assert_eq!(turned("aluminium hydroxyde"), "hydroxyde d'aluminium");
        assert_eq!(turned("caspofungine"), "caspofungine");
    }

    #[test]
    fn conditions_are_said_shortly_with_their_code() {
        let csv = "code,type,ssr,psy,short,long\n\
                   I10,0,N,0,HTA,Hypertension essentielle (primitive)\n\
                   G439,0,N,0,M,\"Migraine, sans précision\"\nG438,0,N,0,M,Autres migraines\n\
                   A82,0,N,0,R,Rage\nW01,0,N,0,C,Chute de plain-pied\n";
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(csv.as_bytes()).unwrap();
        let common = CommonWords::ranked(["rage".to_owned()]);
        let text = conditions(&gz.finish().unwrap(), &common).unwrap().written("edsnlp");
        let body: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(body, ["hypertension essentielle\t\tI10", "migraine\t\tG43.9"]);
    }
}
