//! Which characters each form of a note can carry. Words are never lost: what a form cannot carry is replaced by its
//! equivalent, and only what has none is marked.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// One line of NFC text: line breaks and control characters are spaces, runs of spaces are one, and invisible
/// characters that reorder or hide text are gone.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.nfc().filter(|c| !is_invisible(*c)) {
        let c = if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
        if c != ' ' || !(line.is_empty() || line.ends_with(' ')) {
            line.push(c);
        }
    }
    line.trim().to_owned()
}

/// Marks of direction, joiners of nothing, soft hyphens, variation selectors, tags, and what is no character at all.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        || (c as u32) & 0xfffe == 0xfffe
        || matches!(c, '\u{fdd0}'..='\u{fdef}')
}

/// One line that a font can draw. A question mark would change what a note says, so an empty square stands for a
/// character that has no equivalent: PDF/A refuses those which the font does not hold.
pub fn drawn(text: &str, can_draw: impl Fn(char) -> bool) -> String {
    const MISSING: char = '□';
    let draws = |c: char| !is_private(c) && can_draw(c);
    let mut line = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        if draws(c) {
            line.push(c);
            continue;
        }
        let mut equivalent = [c].into_iter().nfkd().filter(|part| !is_combining_mark(*part)).peekable();
        match equivalent.peek() {
            None => {}
            Some(_) => line.extend(equivalent.map(|part| if draws(part) { part } else { MISSING })),
        }
    }
    line
}

const fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}')
}

/// One line for practice software of any age, which stores Windows-1252: other characters become their equivalent, or
/// stay when they have none.
pub fn ordinary(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            // Even where it is stored, a no-break space makes searches miss.
            '\u{a0}' | '\u{202f}' | '\u{2000}'..='\u{200a}' | '\u{205f}' | '\u{3000}' => line.push(' '),
            '\u{2010}'..='\u{2012}' | '\u{2212}' => line.push('-'),
            '\u{2015}' => line.push('—'),
            '≤' => line.push_str("<="),
            '≥' => line.push_str(">="),
            '≈' => line.push('~'),
            '≠' => line.push_str("<>"),
            '→' => line.push_str("->"),
            '←' => line.push_str("<-"),
            '′' => line.push('\''),
            '″' => line.push('"'),
            '\u{3bc}' => line.push('µ'),
            c if in_windows_1252(c) => line.push(c),
            c if [c].into_iter().nfkd().all(in_windows_1252) => line.extend([c].into_iter().nfkd()),
            c => line.push(c),
        }
    }
    line
}

const fn in_windows_1252(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='ÿ'
        | '€' | '‚' | 'ƒ' | '„' | '…' | '†' | '‡' | 'ˆ' | '‰' | 'Š' | '‹' | 'Œ' | 'Ž'
        | '‘' | '’' | '“' | '”' | '•' | '–' | '—' | '˜' | '™' | 'š' | '›' | 'œ' | 'ž' | 'Ÿ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_one_line_whatever_was_typed() {
        assert_eq!(one_line("  Repos\r\n\tau lit\u{0}\u{2028} 3 jours \n"), "Repos au lit 3 jours");
        assert_eq!(one_line("\u{202e}gm 5\u{202c}"), "gm 5", "no mark may turn a dose around");
        assert_eq!(one_line("fie\u{300}vre\u{feff}"), "fièvre");
        assert_eq!(one_line("\u{7}\n"), "");
    }

    #[test]
    fn what_a_font_lacks_is_drawn_as_its_equivalent_or_marked() {
        let latin = |c: char| c.is_ascii() || "éè°□\u{a0}\u{e001}".contains(c);
        assert_eq!(drawn("37 ℃, 5 ㎎, ﬁèvre, SpO₂", latin), "37 °C, 5 mg, fièvre, SpO2");
        assert_eq!(drawn("Šimek", latin), "Simek");
        assert_eq!(drawn("toux 😷 שלום", latin), "toux □ □□□□");
        assert_eq!(drawn("\u{e001}", latin), "□", "a private character means nothing to a reader");
    }

    #[test]
    fn practice_software_gets_characters_it_can_store() {
        assert_eq!(ordinary("T° 38,5\u{202f}°C\u{a0}; SpO₂ ≥ 95 %"), "T° 38,5 °C ; SpO2 >= 95 %");
        assert_eq!(
            ordinary("œdème – « côté gauche » … 5 μg → 10 µg"),
            "œdème – « côté gauche » … 5 µg -> 10 µg"
        );
        assert_eq!(ordinary("Ёлка"), "Ёлка", "a name is kept even where some software cannot show it");
    }
}
