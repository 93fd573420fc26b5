//! From the names of terminologies to names that doctors write and people say.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Lower case, no accents, words of letters and digits parted by one space.
pub fn fold(text: &str) -> String {
    let bare = text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    let spaced: String = bare
        .flat_map(|c| match c {
            'œ' => ['o', 'e'],
            'æ' => ['a', 'e'],
            c if c.is_alphanumeric() => [c, '\0'],
            _ => [' ', '\0'],
        })
        .filter(|c| *c != '\0')
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Words which do not tell one form from another. The matcher's own list is longer; a form it takes for another one is
/// dropped there.
const LITTLE: [&str; 20] = [
    "le", "la", "les", "l", "un", "une", "du", "de", "d", "des", "a", "au", "aux", "the", "an", "of", "in",
    "on", "at", "en",
];

/// Two forms with the same key are the same form.
pub fn key(form: &str) -> String {
    let folded = fold(form);
    let words: Vec<&str> = folded.split(' ').collect();
    let last = words.len().saturating_sub(1);
    let kept = words.iter().enumerate().filter(|(at, word)| *at == last || !LITTLE.contains(word));
    kept.map(|(_, word)| singular(word)).collect::<Vec<_>>().join(" ")
}

fn singular(word: &str) -> &str {
    let stem = word.strip_suffix(['s', 'x']).unwrap_or(word);
    if stem.len() >= 3 { stem } else { word }
}

/// "DOLIPRANE" to "Doliprane", "PIVALONE ENFANT" to "Pivalone Enfant".
pub fn titled(brand: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect()
        })
    };
    brand.split_whitespace().map(capital).collect::<Vec<_>>().join(" ")
}

/// A French international name with its accents. Sources give it without; in these learned words an `e` that ends its
/// syllable is `é`, and `è` before a last silent `e` (rules of French spelling, 1990).
pub fn accented(name: &str) -> String {
    name.split(' ')
        .map(|word| if word.len() < 5 { word.to_owned() } else { accented_word(word) })
        .collect::<Vec<_>>()
        .join(" ")
}

fn accented_word(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let mut out = String::with_capacity(word.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        out.push(if *letter == 'e' { e_at(&letters, at) } else { *letter });
    }
    out
}

fn e_at(letters: &[char], at: usize) -> char {
    let is_vowel = |c: &char| "aeiouy".contains(*c);
    let rest = letters.get(at + 1..).unwrap_or_default();
    let onset = rest.iter().take_while(|c| !is_vowel(c)).count();
    let consonants: String = rest.iter().take(onset).collect();
    let after = rest.get(onset..).unwrap_or_default();
    match (consonants.as_str(), after) {
        // A last e, or one before the last consonants, is as it is written; so are eu, eau and ee.
        (_, []) => 'e',
        ("", [next, ..]) => {
            if matches!(next, 'u' | 'e') || (*next == 'a' && after.get(1) == Some(&'u')) {
                'e'
            } else {
                'é'
            }
        }
        // A vowel before it makes another sound of it: "oestradiol".
        _ if at > 0 && matches!(letters.get(at - 1), Some('o' | 'a')) && consonants.len() > 1 => 'e',
        (one, [last]) if *last == 'e' && is_onset(one) => 'è',
        (one, _) if is_onset(one) => 'é',
        _ => 'e',
    }
}

/// Whether these consonants begin one syllable together.
fn is_onset(consonants: &str) -> bool {
    const PAIRS: [&str; 20] = [
        "ph", "th", "ch", "qu", "gn", "bl", "br", "cl", "cr", "dr", "fl", "fr", "gl", "gr", "pl", "pr", "tr",
        "vr", "rh", "chl",
    ];
    (consonants.chars().count() == 1 && consonants != "x") || PAIRS.contains(&consonants)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn french_international_names_get_their_accents() {
        for written in [
            "paracétamol",
            "méthotrexate",
            "kétoprofène",
            "lévomépromazine",
            "métronidazole",
            "prednisone",
            "codéine",
            "vérapamil",
            "escitalopram",
            "gentamicine",
            "oméprazole",
            "énalapril",
            "metformine",
            "cétirizine",
            "clopidogrel",
            "ézétimibe",
            "acide zolédronique",
            "spironolactone",
            "leuproréline",
        ] {
            assert_eq!(accented(&fold(written)), written);
        }
    }

    #[test]
    fn forms_are_the_same_whatever_little_words_accents_and_plural() {
        assert_eq!(key("Douleurs de la gorge"), key("douleur gorge"));
        assert_eq!(key("hépatite A"), "hepatite a");
        assert_ne!(key("hépatite A"), key("hépatite B"));
        assert_eq!(fold("œdème – L’œil"), "oedeme l oeil");
        assert_eq!(titled("PIVALONE  ENFANT"), "Pivalone Enfant");
    }

    proptest! {
        #[test]
        fn accents_change_nothing_else(name in "[a-z]{0,20}( [a-z]{0,9})?") {
            prop_assert_eq!(fold(&accented(&name)), fold(&name));
        }
    }
}
