//! Where a line of the page may and may not break.

use note::Language;
use unicode_normalization::char::is_combining_mark;

const NO_BREAK: char = '\u{a0}';
const MAY_BREAK: char = '\u{200b}';

/// Keeps a number with its unit and French punctuation with its word, and lets words wider than a line break.
pub fn set(language: Language, line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let mut set = String::with_capacity(line.len());
    for (at, word) in words.iter().enumerate() {
        push_breakable(&mut set, word);
        if let Some(next) = words.get(at + 1) {
            set.push(if belong_together(language, word, next) { NO_BREAK } else { ' ' });
        }
    }
    set
}

fn belong_together(language: Language, word: &str, next: &str) -> bool {
    let Some((last, first)) = word.chars().next_back().zip(next.chars().next()) else { return false };
    let measure =
        last.is_ascii_digit() && !first.is_ascii_digit() && next.chars().count() <= 6 && first != '-';
    let closing = last.is_alphanumeric() || matches!(last, ')' | '°' | '%' | '»');
    let french = language == Language::Fr
        && (last == '«' || (closing && matches!(next, ":" | ";" | "!" | "?" | "%" | "»" | "»," | "».")));
    measure || french
}

/// No line of the page holds this many characters.
const LONG: usize = 40;

fn push_breakable(set: &mut String, word: &str) {
    if word.chars().count() <= LONG {
        set.push_str(word);
        return;
    }
    let mut since = 0;
    for c in word.chars() {
        if since >= LONG / 4 && !is_combining_mark(c) {
            set.push(MAY_BREAK);
            since = 0;
        }
        set.push(c);
        since += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(language: Language, line: &str) -> String {
        set(language, line).replace(NO_BREAK, "~")
    }

    #[test]
    fn a_dose_never_parts_from_its_unit() {
        assert_eq!(shown(Language::En, "Paracetamol 1 g, 5 days"), "Paracetamol 1~g, 5~days");
        assert_eq!(shown(Language::Fr, "TA 152/94 mmHg, poids 82 kg"), "TA 152/94~mmHg, poids 82~kg");
        assert_eq!(shown(Language::En, "call 01 00 00"), "call 01 00 00");
    }

    #[test]
    fn french_punctuation_stays_with_its_word() {
        let line = "Pénicilline : urticaire ; dit « ça gratte »";
        assert_eq!(shown(Language::Fr, line), "Pénicilline~: urticaire~; dit «~ça gratte~»");
        assert_eq!(shown(Language::En, line), line);
        assert_eq!(shown(Language::Fr, ": : :"), ": : :");
    }

    #[test]
    fn a_word_wider_than_the_page_may_break() {
        assert_eq!(set(Language::Fr, "anticonstitutionnellement"), "anticonstitutionnellement");
        let broken = set(Language::Fr, &"x".repeat(90));
        assert!(broken.split(MAY_BREAK).all(|part| part.len() <= LONG / 4), "{broken}");
        assert_eq!(broken.replace(MAY_BREAK, ""), "x".repeat(90));
    }
}
