//! How texts are compared: without accents, case, punctuation or plural.

use unicode_normalization::UnicodeNormalization as _;

/// The words of a text, as keys. Characters outside ASCII are dropped once their accents are taken off.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut plain = String::with_capacity(text.len());
    for c in text.nfkd().filter(char::is_ascii) {
        let kept = c.is_ascii_alphanumeric() || matches!(c, '%' | '/' | '.' | ',');
        plain.push(if kept { c.to_ascii_lowercase() } else { ' ' });
    }
    plain.split(' ').map(stem).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// One word without its plural.
fn stem(word: &str) -> &str {
    let word = word.trim_matches(['.', ',', '/']);
    if word.len() > 3 { word.strip_suffix(['s', 'x']).unwrap_or(word) } else { word }
}

/// Whether the words of `needle` stand in `haystack` side by side; no words stand nowhere.
pub(crate) fn contains(haystack: &[String], needle: &[String]) -> bool {
    !needle.is_empty() && haystack.windows(needle.len()).any(|window| window == needle)
}

/// The numbers of a text, without trailing zeros; a comma is a point.
pub(crate) fn numbers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(from) = rest.find(|c: char| c.is_ascii_digit()) {
        let tail = rest.get(from..).unwrap_or_default();
        let whole = digits(tail);
        let after = tail.get(whole..).unwrap_or_default();
        let fraction = after.strip_prefix(['.', ',']).map_or(0, digits);
        let end = if fraction > 0 { whole + 1 + fraction } else { whole };
        let number = tail.get(..end).unwrap_or_default().replace(',', ".");
        found.push(match number.contains('.') {
            true => number.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => number,
        });
        rest = tail.get(end..).unwrap_or_default();
    }
    found
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_punctuation_and_plural_do_not_count() {
        assert_eq!(words("Céphalées, l'œdème (gauche) !"), ["cephalee", "l", "deme", "gauche"]);
        assert_eq!(words("38,5\u{202f}°C — 15/8. gaz"), ["38,5", "c", "15/8", "gaz"]);
        assert_eq!(
            words("pas os bras yeux"),
            ["pas", "os", "bra", "yeu"],
            "words of three letters stay whole"
        );
        assert_eq!(words(" ... "), Vec::<String>::new());
    }

    #[test]
    fn a_name_is_found_as_whole_words_side_by_side() {
        let said = words("Douleurs thoraciques depuis hier");
        assert!(contains(&said, &words("douleur thoracique")));
        assert!(!contains(&said, &words("douleur hier")));
        assert!(!contains(&said, &words("thorac")));
        assert!(!contains(&said, &words("…")));
    }

    #[test]
    fn numbers_are_read_as_said() {
        assert_eq!(numbers("1,50 m, 38.0 °C, 1.2.3, 10 et 15/8"), ["1.5", "38", "1.2", "3", "10", "15", "8"]);
        assert_eq!(numbers("100"), ["100"], "a whole number keeps its zeros");
        assert_eq!(numbers("0.00 et 5, puis"), ["0", "5"]);
        assert_eq!(numbers("aucun"), Vec::<String>::new());
    }
}
