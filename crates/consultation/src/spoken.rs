//! What was dictated, as a doctor writes it: the recogniser spells a temperature as it is said.

use note::Language;

/// Of a living body, in degrees Celsius.
const DEGREES: std::ops::RangeInclusive<u32> = 34..=42;
/// Words between a temperature and what tells that it is one.
const NEAR: usize = 4;

/// Temperatures as numbers ("38 cinq de fièvre", "fièvre à 385" → 38,5), and the decimal sign of the language.
pub(crate) fn written(text: &str, language: Language) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut written: Vec<String> = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let tells = tells_of_fever(&words, at, language);
        let (found, taken) = match tenths(word, words.get(at + 1).copied(), language).filter(|_| tells) {
            Some((degrees, tenth, end, taken)) => (format!("{degrees}{}{tenth}{end}", sign(language)), taken),
            None => (decimal(word, language), 1),
        };
        written.push(found);
        at += taken;
    }
    written.join(" ")
}

const fn sign(language: Language) -> char {
    match language {
        Language::Fr => ',',
        Language::En => '.',
    }
}

/// "38.5" in French is "38,5"; what is no plain decimal number stays.
fn decimal(word: &str, language: Language) -> String {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (number, end) = split_end(word);
    match number.split_once('.') {
        Some((whole, rest)) if language == Language::Fr && is_number(whole) && is_number(rest) => {
            format!("{whole},{rest}{end}")
        }
        _ => word.to_owned(),
    }
}

/// Degrees, their tenths, the mark behind, and the words that this takes: of "38 5", "38 cinq", "38-5" or "385".
fn tenths<'a>(
    word: &'a str,
    next: Option<&'a str>,
    language: Language,
) -> Option<(u32, u32, &'a str, usize)> {
    let (number, end) = split_end(word);
    let of_body = |degrees: &u32| DEGREES.contains(degrees);
    if let Some((degrees, tenth)) = number.split_once('-') {
        return Some((degrees.parse().ok().filter(of_body)?, digit(tenth, language)?, end, 1));
    }
    let said: u32 = number.parse().ok()?;
    if number.len() == 3 {
        return Some((Some(said / 10).filter(of_body)?, said % 10, end, 1));
    }
    let degrees = Some(said).filter(of_body).filter(|_| end.is_empty())?;
    let (next, end) = split_end(next?);
    Some((degrees, digit(next, language)?, end, 2))
}

fn digit(word: &str, language: Language) -> Option<u32> {
    if let Ok(number) = word.parse::<u32>() {
        return Some(number).filter(|number| *number < 10 && word.len() == 1);
    }
    let words = match language {
        Language::Fr => ["un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
        Language::En => ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    };
    let place = words.iter().position(|known| *known == word.to_lowercase())?;
    u32::try_from(place + 1).ok()
}

/// A word and the punctuation behind it.
fn split_end(word: &str) -> (&str, &str) {
    let number = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')']);
    word.split_at(number.len())
}

fn tells_of_fever(words: &[&str], at: usize, language: Language) -> bool {
    let stems = match language {
        Language::Fr => ["fièvre", "température", "degré"],
        Language::En => ["fever", "temperature", "degree"],
    };
    let near = words.get(at.saturating_sub(NEAR)..(at + 2 + NEAR).min(words.len())).unwrap_or_default();
    near.iter().any(|word| stems.iter().any(|stem| word.to_lowercase().starts_with(stem)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temperature_is_written_as_a_number_however_it_was_spelt() {
        for said in ["38 cinq", "38 5", "385", "38-5", "38.5", "38,5"] {
            let said = format!("J'avais {said} de fièvre hier soir.");
            assert_eq!(written(&said, Language::Fr), "J'avais 38,5 de fièvre hier soir.");
        }
        assert_eq!(written("Fièvre à 39 deux.", Language::Fr), "Fièvre à 39,2.");
        assert_eq!(
            written("température 37 8, pas de frissons", Language::Fr),
            "température 37,8, pas de frissons"
        );
        assert_eq!(written("temperature of 38 five", Language::En), "temperature of 38.5");
    }

    #[test]
    fn other_numbers_stay_as_they_were_heard() {
        for said in [
            "Poids 71 kg, taille 385 mm",
            "Fièvre depuis 3 jours, 40 mg de furosémide",
            "un comprimé à 38 cinq fois",
            "fièvre à 38, deux jours de suite",
            "rendez-vous le 12.11.2026, fièvre",
            "Bisoprolol 10 mg",
        ] {
            assert_eq!(written(said, Language::Fr), said);
        }
        assert_eq!(written("La créatinine est à 9.5.", Language::Fr), "La créatinine est à 9,5.");
        assert_eq!(written("creatinine 9.5", Language::En), "creatinine 9.5");
    }
}
