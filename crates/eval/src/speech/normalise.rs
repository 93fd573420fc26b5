//! What counts as the same word in a transcript and in its reference; docs/evaluation.md tells it to readers.

use note::Language;
use text2num::{Language as Numbers, replace_numbers_in_text};
use unicode_normalization::UnicodeNormalization as _;

/// The words of a text: lower case, without punctuation, numbers in digits, units as abbreviations. Accents count.
pub(super) fn words(text: &str, language: Language) -> Vec<String> {
    let text = join_thousands(text).replace(['’', '‘', 'ʼ'], "'").nfkc().collect::<String>().to_lowercase();
    let text = text.replace('œ', "oe").replace('æ', "ae");
    // One sign, read in two words of which one is a number.
    let text = text.replace("pour cent", "%").replace("per cent", "%");
    let digits = replace_numbers_in_text(&text, &numbers(language), 0.0);
    let mut words: Vec<String> = Vec::new();
    for word in split(&digits, language) {
        let unit = unit(&word, language);
        // A degree is one of Celsius, said or not.
        if !(matches!(unit, "c" | "celsius") && words.last().is_some_and(|last| last == "°")) {
            words.push(unit.to_owned());
        }
    }
    words
}

fn numbers(language: Language) -> Numbers {
    match language {
        Language::Fr => Numbers::french(),
        Language::En => Numbers::english(),
    }
}

/// "1 000" with a no-break space is one number.
fn join_thousands(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let mut joined = String::with_capacity(text.len());
    for (at, c) in chars.iter().enumerate() {
        let between = at > 0 && digit(at - 1) && (1..=3).all(|n| digit(at + n)) && !digit(at + 4);
        if !(between && matches!(c, '\u{a0}' | '\u{202f}' | '\u{2009}')) {
            joined.push(*c);
        }
    }
    joined
}

/// Runs of letters and runs of digits, and the signs that are read aloud. In English an apostrophe belongs to its word.
fn split(text: &str, language: Language) -> Vec<String> {
    #[derive(PartialEq, Clone, Copy)]
    enum Class {
        Letters,
        Digits,
        Sign,
        Between,
    }
    let class = |c: char| match c {
        '0'..='9' => Class::Digits,
        '%' | '°' => Class::Sign,
        '\'' if language == Language::En => Class::Letters,
        c if c.is_alphanumeric() => Class::Letters,
        _ => Class::Between,
    };
    let mut words: Vec<String> = Vec::new();
    let mut last = Class::Between;
    for c in text.chars() {
        let now = class(c);
        match words.last_mut() {
            Some(word) if now == last && matches!(now, Class::Letters | Class::Digits) => word.push(c),
            _ if now == Class::Between => {}
            _ => words.push(c.into()),
        }
        last = now;
    }
    let words = words.into_iter().map(|word| word.trim_matches('\'').to_owned());
    words.filter(|word| !word.is_empty()).collect()
}

/// The short form of a unit that is written out; any other word as it is.
fn unit(word: &str, language: Language) -> &str {
    let singular = word.strip_suffix('s').unwrap_or(word);
    match (language, singular) {
        (_, "milligramme" | "milligram") => "mg",
        (_, "microgramme" | "microgram" | "mcg" | "μg" | "µg") => "µg",
        (_, "gramme" | "gram") => "g",
        (_, "kilogramme" | "kilogram" | "kilo") => "kg",
        (_, "millilitre" | "milliliter") => "ml",
        (_, "centilitre" | "centiliter") => "cl",
        (_, "litre" | "liter") => "l",
        (_, "millimètre" | "millimetre" | "millimeter") => "mm",
        (_, "centimètre" | "centimetre" | "centimeter") => "cm",
        (_, "degré" | "degree") => "°",
        (_, "pourcent" | "percent") => "%",
        (_, "minute") => "min",
        (Language::Fr, "heure") => "h",
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(language: Language, a: &str, b: &str) {
        assert_eq!(words(a, language), words(b, language), "{a} | {b}");
    }

    #[test]
    fn case_and_punctuation_do_not_count_and_accents_do() {
        same(Language::Fr, "Bonjour, qu’est-ce qui vous amène ?", "bonjour qu'est ce qui vous amène");
        same(Language::Fr, "Le cœur… va « bien ».", "le coeur va bien");
        same(Language::En, "Don't you worry - it's fine!", "don’t you worry it's fine");
        assert_ne!(words("où", Language::Fr), words("ou", Language::Fr));
        assert_eq!(words("… !", Language::Fr), Vec::<String>::new());
    }

    #[test]
    fn a_number_is_the_same_in_words_and_in_digits() {
        same(Language::Fr, "trente-huit cinq", "38,5");
        same(Language::Fr, "trente-huit virgule cinq", "38,5");
        same(Language::Fr, "quatre-vingt-dix-huit", "98");
        same(Language::Fr, "quinze huit", "15/8");
        same(Language::Fr, "mille milligrammes", "1\u{202f}000 mg");
        same(Language::Fr, "douze heures trente", "12h30");
        same(Language::En, "one hundred and twenty over eighty", "120 over 80");
        same(Language::En, "Twenty-five milligrams", "25mg");
    }

    #[test]
    fn units_are_the_same_written_out_or_not() {
        same(Language::Fr, "98 pour cent, 38 degrés", "98 %, 38 °C");
        same(Language::En, "98 percent, two litres, 37 degrees celsius", "98%, 2 l, 37 °C");
        same(Language::Fr, "un gramme de paracétamol", "1 g de paracétamol");
    }

    #[test]
    fn groups_of_digits_that_are_no_thousands_stay_apart() {
        assert_eq!(words("06\u{a0}12\u{a0}34", Language::Fr), ["06", "12", "34"]);
    }
}
