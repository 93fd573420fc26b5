use std::ops::Range;

use note::Language;

use crate::text::{Gap, Token};

/// A number of the text, written or spoken.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Number {
    pub value: f64,
    /// As written in a note: decimal comma in French.
    pub text: String,
    pub tokens: Range<usize>,
    /// "Un", "une", "a", "one": perhaps no number at all.
    pub article: bool,
}

/// The number that begins at token `at`, taking as many words as belong to it: "soixante-dix-sept" is one, "quinze
/// huit" are two.
pub(crate) fn number_at(tokens: &[Token], at: usize, language: Language) -> Option<Number> {
    let first = tokens.get(at)?;
    // "Point three five milligrams": nothing is said before the point.
    if language == Language::En
        && first.is("point")
        && !(at > 0
            && tokens
                .get(at - 1)
                .is_some_and(|t| t.any(&["the", "a", "that", "this", "one", "some", "no", "my", "good"])))
        && let Some((fraction, digits, end)) = spoken_fraction(tokens, at, language)
    {
        let text = format!("0{}{digits}", separator(language));
        return Some(Number { value: fraction, text, tokens: at..end, article: false });
    }
    let (mut value, mut end, mut text) = if first.is_digits() {
        digits(tokens, at, language)?
    } else {
        let (whole, end) = match language {
            Language::Fr => french(tokens, at)?,
            Language::En => english(tokens, at)?,
        };
        (f64::from(whole), end, whole.to_string())
    };
    let article = end == at + 1 && first.any(&["un", "une", "a", "an", "one"]);
    if joined(tokens, end)
        && let Some((fraction, digits, after)) = spoken_fraction(tokens, end, language)
    {
        value += fraction;
        text = format!("{text}{}{digits}", separator(language));
        end = after;
    }
    Some(Number { value, text, tokens: at..end, article: article && end == at + 1 })
}

pub(crate) const fn separator(language: Language) -> char {
    match language {
        Language::Fr => ',',
        Language::En => '.',
    }
}

/// Whether token `at` follows the one before without punctuation.
fn joined(tokens: &[Token], at: usize) -> bool {
    at > 0 && at < tokens.len() && tokens.get(at - 1).is_some_and(|t| t.after == Gap::None)
}

fn word(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |t| t.folded.as_str())
}

fn digits(tokens: &[Token], at: usize, language: Language) -> Option<(f64, usize, String)> {
    let said = word(tokens, at);
    if said.contains('/') || said.matches([',', '.']).count() > 1 {
        return None;
    }
    let plain = said.replace(',', ".");
    let value: f64 = plain.parse().ok()?;
    let text = plain.replace('.', &separator(language).to_string());
    // "1 000 mg": a group of three digits after a small number.
    let group = word(tokens, at + 1);
    if !plain.contains('.')
        && said.len() <= 3
        && value >= 1.0
        && group.len() == 3
        && joined(tokens, at + 1)
        && group.starts_with('0')
        && let Ok(rest) = group.parse::<f64>()
    {
        return Some((value * 1000.0 + rest, at + 2, format!("{text}{group}")));
    }
    Some((value, at + 1, text))
}

/// "Virgule quatre", "point five", "et demi": the fraction, its digits, and where it ends.
fn spoken_fraction(tokens: &[Token], at: usize, language: Language) -> Option<(f64, String, usize)> {
    let half = |end| Some((0.5, "5".to_owned(), end));
    match (language, word(tokens, at), word(tokens, at + 1)) {
        (Language::Fr, "et", "demi" | "demie") => half(at + 2),
        (Language::En, "and", "a") if word(tokens, at + 2) == "half" => half(at + 3),
        (Language::Fr, "virgule", _) | (Language::En, "point", _) => {
            let mut end = at + 1;
            let mut digits = String::new();
            while word(tokens, end) == "zero"
                || (language == Language::En && matches!(word(tokens, end), "oh" | "o"))
            {
                digits.push('0');
                end += 1;
            }
            if let Some((whole, after)) = cardinal(tokens, end, language) {
                digits.push_str(&whole.to_string());
                end = after;
                // "Point three five": digit by digit.
                while language == Language::En && whole <= 9 && joined(tokens, end) {
                    let Some(digit) = english_unit(word(tokens, end)).filter(|d| *d <= 9) else { break };
                    digits.push_str(&digit.to_string());
                    end += 1;
                }
            }
            let fraction: f64 = format!("0.{digits}").parse().ok().filter(|_| !digits.is_empty())?;
            Some((fraction, digits, end))
        }
        _ => None,
    }
}

fn cardinal(tokens: &[Token], at: usize, language: Language) -> Option<(u32, usize)> {
    if let Ok(value) = word(tokens, at).parse() {
        return Some((value, at + 1));
    }
    match language {
        Language::Fr => french(tokens, at),
        Language::En => english(tokens, at),
    }
}

fn french_unit(word: &str) -> Option<u32> {
    Some(match word {
        "zero" => 0,
        "un" | "une" => 1,
        "deux" => 2,
        "trois" => 3,
        "quatre" => 4,
        "cinq" => 5,
        "six" => 6,
        "sept" => 7,
        "huit" => 8,
        "neuf" => 9,
        "dix" => 10,
        "onze" => 11,
        "douze" => 12,
        "treize" => 13,
        "quatorze" => 14,
        "quinze" => 15,
        "seize" => 16,
        _ => return None,
    })
}

/// 1 to 19, with "dix-sept" to "dix-neuf".
fn french_teen(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    let value = french_unit(word(tokens, at))?;
    if value == 10
        && joined(tokens, at + 1)
        && let Some(unit @ 7..=9) = french_unit(word(tokens, at + 1))
    {
        return Some((10 + unit, at + 2));
    }
    Some((value, at + 1))
}

fn french_below_hundred(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    let (base, mut end) = match word(tokens, at) {
        "quatre" if joined(tokens, at + 1) && matches!(word(tokens, at + 1), "vingt" | "vingts") => {
            (80, at + 2)
        }
        "vingt" | "vingts" => (20, at + 1),
        "trente" => (30, at + 1),
        "quarante" => (40, at + 1),
        "cinquante" => (50, at + 1),
        "soixante" => (60, at + 1),
        "septante" => (70, at + 1),
        "huitante" | "octante" => (80, at + 1),
        "nonante" => (90, at + 1),
        _ => return french_teen(tokens, at),
    };
    if !joined(tokens, end) {
        return Some((base, end));
    }
    if word(tokens, end) == "et" && matches!(word(tokens, end + 1), "un" | "une" | "onze") {
        end += 1;
    }
    let reach = if base == 60 || base == 80 { 19 } else { 9 };
    match french_teen(tokens, end) {
        Some((rest, after)) if (1..=reach).contains(&rest) => {
            // "Trente un comprimé" is not thirty-one without its "et", but recognisers drop it: the number wins.
            Some((base + rest, after))
        }
        _ => Some((base, end)),
    }
}

fn french_below_thousand(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    let is_hundred = |at| matches!(word(tokens, at), "cent" | "cents");
    let (hundreds, end) = if is_hundred(at) {
        (1, at + 1)
    } else {
        let (value, end) = french_below_hundred(tokens, at)?;
        if !(2..=9).contains(&value) || !is_hundred(end) || !joined(tokens, end) {
            return Some((value, end));
        }
        (value, end + 1)
    };
    match french_below_hundred(tokens, end).filter(|(rest, _)| joined(tokens, end) && *rest > 0) {
        Some((rest, after)) => Some((hundreds * 100 + rest, after)),
        None => Some((hundreds * 100, end)),
    }
}

fn french(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    let (thousands, end) = if word(tokens, at) == "mille" {
        (1, at + 1)
    } else {
        let (value, end) = french_below_thousand(tokens, at)?;
        if word(tokens, end) != "mille" || !joined(tokens, end) {
            return Some((value, end));
        }
        (value, end + 1)
    };
    match french_below_thousand(tokens, end).filter(|(rest, _)| joined(tokens, end) && *rest > 0) {
        Some((rest, after)) => Some((thousands * 1000 + rest, after)),
        None => Some((thousands * 1000, end)),
    }
}

fn english_unit(word: &str) -> Option<u32> {
    const WORDS: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    WORDS.iter().position(|w| *w == word).and_then(|at| u32::try_from(at).ok())
}

fn english_tens(word: &str) -> Option<u32> {
    const WORDS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    WORDS.iter().position(|w| *w == word).and_then(|at| u32::try_from(at + 2).ok()).map(|tens| tens * 10)
}

fn english_below_hundred(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    if let Some(tens) = english_tens(word(tokens, at)) {
        return match english_unit(word(tokens, at + 1)).filter(|_| joined(tokens, at + 1)) {
            Some(unit @ 1..=9) => Some((tens + unit, at + 2)),
            _ => Some((tens, at + 1)),
        };
    }
    english_unit(word(tokens, at)).map(|unit| (unit, at + 1))
}

fn english(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    let (value, end) = match word(tokens, at) {
        "a" if matches!(word(tokens, at + 1), "hundred" | "thousand") => (1, at + 1),
        _ => english_below_hundred(tokens, at)?,
    };
    let after_and = |end: usize| if word(tokens, end) == "and" { end + 1 } else { end };
    match word(tokens, end) {
        "hundred" => {
            let rest_at = after_and(end + 1);
            match english_below_hundred(tokens, rest_at).filter(|_| joined(tokens, end + 1)) {
                Some((rest, after)) => Some((value * 100 + rest, after)),
                None => Some((value * 100, end + 1)),
            }
        }
        "thousand" => match english(tokens, after_and(end + 1)).filter(|_| joined(tokens, end + 1)) {
            Some((rest, after)) if rest < 1000 => Some((value * 1000 + rest, after)),
            _ => Some((value * 1000, end + 1)),
        },
        // "One thirty": a hundred and thirty.
        _ if (1..=9).contains(&value) && joined(tokens, end) => match english_below_hundred(tokens, end) {
            Some((rest @ 10..=99, after)) => Some((value * 100 + rest, after)),
            _ => Some((value, end)),
        },
        // "Twenty seventeen": a year.
        _ if matches!(value, 19 | 20) && joined(tokens, end) => match english_below_hundred(tokens, end) {
            Some((rest @ 10..=99, after)) => Some((value * 100 + rest, after)),
            _ => Some((value, end)),
        },
        _ => Some((value, end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokenize;

    fn all(text: &str, language: Language) -> Vec<String> {
        let tokens = tokenize(text);
        let mut found = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            match number_at(&tokens, at, language) {
                Some(number) => {
                    at = number.tokens.end;
                    found.push(number.text);
                }
                None => at += 1,
            }
        }
        found
    }

    #[test]
    fn french_numbers_are_read_as_they_are_said() {
        for (said, read) in [
            ("soixante-dix-sept", "77"),
            ("soixante et onze", "71"),
            ("quatre-vingt-dix-neuf", "99"),
            ("quatre vingts", "80"),
            ("cent vingt-quatre", "124"),
            ("trois cent dix", "310"),
            ("deux mille dix-neuf", "2019"),
            ("mille", "1000"),
            ("sept virgule quatre", "7,4"),
            ("zéro virgule zéro cinq", "0,05"),
            ("quatre-vingt-sept et demi", "87,5"),
            ("1 000", "1000"),
            ("38.2", "38,2"),
        ] {
            assert_eq!(all(said, Language::Fr), [read], "{said}");
        }
    }

    #[test]
    fn two_french_numbers_in_a_row_stay_two() {
        assert_eq!(all("quinze huit", Language::Fr), ["15", "8"]);
        assert_eq!(all("trente-huit cinq", Language::Fr), ["38", "5"]);
        assert_eq!(all("dix-sept neuf", Language::Fr), ["17", "9"]);
        assert_eq!(all("cent trente sur quatre-vingts", Language::Fr), ["130", "80"]);
    }

    #[test]
    fn english_numbers_are_read_as_they_are_said() {
        for (said, read) in [
            ("one hundred and thirty five", "135"),
            ("one thirty five", "135"),
            ("a hundred", "100"),
            ("thirty-eight point five", "38.5"),
            ("point three five milligrams", "0.35"),
            ("two and a half", "2.5"),
            ("twenty seventeen", "2017"),
            ("two thousand and nineteen", "2019"),
            ("five hundred", "500"),
        ] {
            assert_eq!(all(said, Language::En), [read], "{said}");
        }
    }
}
