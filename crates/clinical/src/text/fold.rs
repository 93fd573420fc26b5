use note::Language;
use unicode_normalization::UnicodeNormalization as _;

/// Lower case, without accents, ligatures undone: the form in which words are compared.
pub(crate) fn fold(word: &str) -> String {
    if word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        return word.to_owned();
    }
    let mut folded = String::with_capacity(word.len());
    for c in word.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)) {
        for lower in c.to_lowercase() {
            match lower {
                'œ' => folded.push_str("oe"),
                'æ' => folded.push_str("ae"),
                'μ' => folded.push('µ'),
                other => folded.push(other),
            }
        }
    }
    folded
}

/// Words whose last letter is not a plural and whose shortened form means something else.
const WHOLE: [&str; 12] =
    ["mois", "vers", "sous", "moins", "tous", "toux", "yes", "this", "his", "has", "sats", "fits"];

/// The inflection-insensitive key of a folded word: without plural, and in French without the feminine of participles.
pub(crate) fn key(folded: &str, language: Language) -> &str {
    if folded.len() <= 3 || WHOLE.contains(&folded) {
        return folded;
    }
    let singular = match language {
        Language::Fr => folded.strip_suffix(['s', 'x']).unwrap_or(folded),
        Language::En if folded.ends_with("ss") => folded,
        Language::En => folded.strip_suffix('s').unwrap_or(folded),
    };
    match language {
        Language::Fr if singular.ends_with("ee") => singular.strip_suffix('e').unwrap_or(singular),
        _ => singular,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_ligatures_do_not_count() {
        assert_eq!(fold("Œdème"), "oedeme");
        assert_eq!(fold("FIÈVRE"), "fievre");
        assert_eq!(fold("e\u{301}té"), "ete");
    }

    #[test]
    fn plural_and_feminine_share_a_key() {
        for form in ["opere", "opere", "operee", "operes", "operees"] {
            assert_eq!(key(form, Language::Fr), "opere");
        }
        assert_eq!(key("mois", Language::Fr), "mois");
        assert_eq!(key("headaches", Language::En), "headache");
        assert_eq!(key("illness", Language::En), "illness");
    }
}
