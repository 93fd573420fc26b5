use std::ops::Range;

use note::Language;

use super::{Number, When, number_at};
use crate::lexicon::Entry;
use crate::text::{Gap, Token};
use crate::wording::NBSP;

/// The value of a vital sign or of a test, in standard form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Measure {
    /// "15/8", "38,5", "2+".
    pub value: String,
    pub unit: Option<String>,
    /// The same in another standard unit, for reading: "150/80 mmHg".
    pub standard: Option<String>,
    pub plausible: bool,
    pub tokens: Range<usize>,
}

/// Units as they stand in the text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hit {
    pub tokens: Range<usize>,
    pub written: String,
    pub of: String,
}

/// How far after its name a value may stand, in tokens.
const REACH: usize = 9;

/// The value that follows the name of a vital sign or test, before `end`.
pub(crate) fn measure(
    tokens: &[Token],
    name: &Range<usize>,
    end: usize,
    entry: &Entry,
    times: &[When],
    units: &[Hit],
    language: Language,
) -> Option<Measure> {
    let form = entry.attribute("form").unwrap_or("number");
    let end = end.min(name.end + REACH).min(tokens.len());
    let mut at = name.end;
    while at < end {
        let dated = times.iter().find(|t| t.tokens.contains(&at));
        if let Some(when) = dated {
            at = when.tokens.end;
            continue;
        }
        let found = match form {
            "pressure" => pressure(tokens, at, language),
            "temperature" => temperature(tokens, at, entry, language),
            "height" => height(tokens, at, language),
            _ => number(tokens, at, entry, units, language),
        };
        if let Some(found) = found {
            // "À vingt-trois... non, vingt-quatre."
            let next = found.tokens.end;
            let corrects =
                tokens.get(next).is_some_and(|t| t.any(&["non", "pardon", "plutot", "no", "sorry"]))
                    && tokens.get(next - 1).is_some_and(|t| t.after == Gap::Comma);
            let again = (next + 1..next + 3)
                .filter(|_| corrects && form == "number")
                .find_map(|at| number(tokens, at, entry, units, language).filter(|m| m.plausible));
            return Some(match again {
                Some(again) => Measure { tokens: found.tokens.start..again.tokens.end, ..again },
                None => found,
            });
        }
        at += 1;
    }
    None
}

/// A value that says by itself what it is: "soixante-neuf kilos", "un mètre soixante", "15/8".
pub(crate) fn lone_measure(
    tokens: &[Token],
    at: usize,
    language: Language,
) -> Option<(&'static str, Measure)> {
    if let Some(found) = height(tokens, at, language) {
        return Some(("height", found));
    }
    if tokens.get(at).is_some_and(|t| t.folded.contains('/')) {
        return pressure(tokens, at, language).filter(|m| m.plausible).map(|m| ("pressure", m));
    }
    // "Allongée, quinze sur huit", "one twelve over sixty-four".
    if let Some(found) = pressure(tokens, at, language).filter(|m| m.plausible)
        && found.tokens.clone().any(|i| tokens.get(i).is_some_and(|t| t.any(&["sur", "over"])))
    {
        return Some(("pressure", found));
    }
    // "Quatorze sept." alone in its sentence.
    let standing = |t: &Token| {
        t.after == Gap::Comma
            && t.any(&[
                "debout", "couche", "couchee", "allonge", "allongee", "assis", "assise", "standing", "lying",
            ])
    };
    let opens = at == 0 || tokens.get(at - 1).is_some_and(|t| t.after >= Gap::Stop || standing(t));
    if opens
        && let Some(found) = pressure(tokens, at, language).filter(|m| m.plausible && m.standard.is_some())
        && tokens.get(found.tokens.end - 1).is_some_and(|t| {
            // "Douze sept, parfait."
            t.after >= Gap::Stop
                || t.after == Gap::Comma
                    && tokens.get(found.tokens.end).is_some_and(|t| {
                        t.any(&[
                            "parfait",
                            "impeccable",
                            "tres",
                            "bien",
                            "super",
                            "nickel",
                            "bon",
                            "c",
                            "ca",
                            "perfect",
                            "good",
                            "lovely",
                            "great",
                        ])
                    })
        })
    {
        return Some(("pressure", found));
    }
    let number = number_at(tokens, at, language).filter(|n| !n.article)?;
    if let Some(found) = bare_temperature(tokens, at, &number, language) {
        return Some(("temperature", found));
    }
    let after = tokens.get(number.tokens.end)?;
    if after.any(&["kilo", "kilos", "kg", "kilogrammes"]) && number.value >= 2.0 && number.value <= 300.0 {
        let (value, end) = with_decimal(tokens, &number, number.tokens.end + 1, language);
        return Some((
            "weight",
            Measure { value, unit: Some("kg".into()), standard: None, plausible: true, tokens: at..end },
        ));
    }
    None
}

/// "Trente-huit huit." alone in its sentence.
fn bare_temperature(tokens: &[Token], at: usize, number: &Number, language: Language) -> Option<Measure> {
    let opens = at == 0 || tokens.get(at - 1).is_some_and(|t| t.after >= Gap::Comma);
    let found = temperature(tokens, at, &Entry::EMPTY, language).filter(|_| opens)?;
    let closes = tokens.get(found.tokens.end - 1).is_some_and(|t| t.after >= Gap::Comma);
    let precise = found.value.contains([',', '.']);
    (closes && precise && (34.0..=42.0).contains(&number.value.floor())).then_some(found)
}

/// "Soixante-neuf kilos cinq": the figure after the unit is the decimal.
fn with_decimal(tokens: &[Token], number: &Number, end: usize, language: Language) -> (String, usize) {
    let joined = tokens.get(end - 1).is_some_and(|t| t.after == Gap::None);
    match number_at(tokens, end, language) {
        Some(tenth)
            if joined
                && !tenth.article
                && tenth.text.len() <= 3
                && !tenth.text.contains([',', '.'])
                && tenth.value >= 1.0 =>
        {
            // "Onze kilos deux cents": two hundred grams are two tenths.
            let digits = if tenth.text.len() == 3 { tenth.text.trim_end_matches('0') } else { &tenth.text };
            (format!("{}{}{digits}", number.text, super::number::separator(language)), tenth.tokens.end)
        }
        _ => (number.text.clone(), end),
    }
}

fn bounded(value: f64, entry: &Entry) -> bool {
    entry.number("min").is_none_or(|min| value >= min) && entry.number("max").is_none_or(|max| value <= max)
}

fn pressure(tokens: &[Token], at: usize, language: Language) -> Option<Measure> {
    let first = tokens.get(at)?;
    let (high, low, end) =
        if let Some((high, low)) = first.folded.split_once('/').filter(|_| first.is_digits()) {
            (high.replace(',', ".").parse().ok()?, low.replace(',', ".").parse().ok()?, at + 1)
        } else {
            let high = number_at(tokens, at, language).filter(|n| !n.article)?;
            // "Dix sept" is a number of its own, and a pressure of ten over seven.
            let said_in_two = high.tokens.len() == 2
                && tokens.get(at).is_some_and(|t| t.is("dix"))
                && (17.0..=19.0).contains(&high.value);
            if said_in_two && number_at(tokens, high.tokens.end, language).is_none_or(|n| n.article) {
                let low = high.value - 10.0;
                return Some(Measure {
                    value: format!("10/{low:.0}"),
                    unit: Some("cmHg".into()),
                    standard: Some(format!("100/{:.0}{NBSP}mmHg", low * 10.0)),
                    plausible: true,
                    tokens: high.tokens,
                });
            }
            let mut next = high.tokens.end;
            if tokens.get(next).is_some_and(|t| t.any(&["sur", "over"])) {
                next += 1;
            }
            let low = number_at(tokens, next, language).filter(|n| !n.article)?;
            (high.value, low.value, low.tokens.end)
        };
    if high <= low || high < 5.0 || low < 3.0 {
        return None;
    }
    let write = |n: f64| {
        let text = if n.fract() == 0.0 { format!("{n:.0}") } else { format!("{n}") };
        text.replace('.', &super::number::separator(language).to_string())
    };
    let value = format!("{}/{}", write(high), write(low));
    // Below 30 the figure is in centimetres of mercury, as French doctors say it.
    let centimetres = high < 30.0;
    let scale = if centimetres { 10.0 } else { 1.0 };
    let plausible = (60.0..=260.0).contains(&(high * scale)) && (30.0..=150.0).contains(&(low * scale));
    let standard = centimetres.then(|| format!("{:.0}/{:.0}{NBSP}mmHg", high * 10.0, low * 10.0));
    let unit = Some(if centimetres { "cmHg" } else { "mmHg" }.to_owned());
    Some(Measure { value, unit, standard, plausible, tokens: at..end })
}

/// "Trente-huit cinq": the value of a fever.
pub(crate) fn fever(
    tokens: &[Token],
    run: Range<usize>,
    language: Language,
) -> Option<(String, Range<usize>)> {
    run.into_iter().find_map(|at| {
        if let Some(unpointed) = unpointed_fever(tokens, at, language) {
            return Some(unpointed);
        }
        let found = temperature(tokens, at, &Entry::EMPTY, language)?;
        let plausible = found.unit.as_deref() == Some("°F")
            || found.value.starts_with('3')
            || found.value.starts_with("4");
        plausible.then(|| (format!("{}{NBSP}{}", found.value, found.unit.unwrap_or_default()), found.tokens))
    })
}

/// "385 de fièvre": recognisers leave the point of "trente-huit cinq" out.
fn unpointed_fever(tokens: &[Token], at: usize, language: Language) -> Option<(String, Range<usize>)> {
    let said = tokens.get(at).filter(|t| t.folded.len() == 3 && t.is_digits())?;
    let tenths: u32 = said.folded.parse().ok().filter(|n| (360..=425).contains(n))?;
    let of = |i: usize, words: &[&str]| tokens.get(i).is_some_and(|t| t.any(words));
    let fever = of(at + 1, &["de", "of"]) && of(at + 2, &["fievre", "temperature", "fever"]);
    let point = super::number::separator(language);
    fever.then(|| (format!("{}{point}{}{NBSP}°C", tenths / 10, tenths % 10), at..at + 1))
}

fn temperature(tokens: &[Token], at: usize, entry: &Entry, language: Language) -> Option<Measure> {
    let number = number_at(tokens, at, language).filter(|n| !n.article)?;
    let mut end = number.tokens.end;
    let mut value = number.value;
    let mut text = number.text.clone();
    if !(30.0..=110.0).contains(&value) {
        return None;
    }
    if tokens.get(end).is_some_and(|t| t.any(&["degre", "degres", "°"])) {
        end += 1;
    }
    let joined = tokens.get(end - 1).is_some_and(|t| t.after == Gap::None);
    if value.fract() == 0.0
        && joined
        && let Some(tenth) =
            number_at(tokens, end, language).filter(|n| n.value < 10.0 && n.value.fract() == 0.0)
    {
        value += tenth.value / 10.0;
        text = format!("{text}{}{}", super::number::separator(language), tenth.text);
        end = tenth.tokens.end;
    }
    // English-speaking patients may use Fahrenheit, which no one confuses above 90.
    let unit = if language == Language::En && value >= 90.0 { "°F" } else { "°C" };
    let plausible = if unit == "°F" { (93.0..=109.0).contains(&value) } else { bounded(value, entry) };
    Some(Measure { value: text, unit: Some(unit.into()), standard: None, plausible, tokens: at..end })
}

fn height(tokens: &[Token], at: usize, language: Language) -> Option<Measure> {
    let number = number_at(tokens, at, language)?;
    let after = tokens.get(number.tokens.end)?;
    if after.any(&["cm", "centimetre", "centimetres", "centimeters"])
        && (40.0..=220.0).contains(&number.value)
    {
        let value = number.text;
        let end = number.tokens.end + 1;
        return Some(Measure {
            value,
            unit: Some("cm".into()),
            standard: None,
            plausible: true,
            tokens: at..end,
        });
    }
    if !after.any(&["metre", "metres", "m", "meter"]) || !(1.0..=2.5).contains(&number.value) {
        return None;
    }
    let end = number.tokens.end + 1;
    if number.value.fract() != 0.0 {
        let value = format!("{:.0}", number.value * 100.0);
        return Some(Measure {
            value,
            unit: Some("cm".into()),
            standard: None,
            plausible: true,
            tokens: at..end,
        });
    }
    let rest = number_at(tokens, end, language).filter(|n| !n.article && n.value < 100.0)?;
    let value = format!("{:.0}", number.value * 100.0 + rest.value);
    Some(Measure {
        value,
        unit: Some("cm".into()),
        standard: None,
        plausible: true,
        tokens: at..rest.tokens.end,
    })
}

fn number(tokens: &[Token], at: usize, entry: &Entry, units: &[Hit], language: Language) -> Option<Measure> {
    let number = number_at(tokens, at, language).filter(|n| {
        // "Une croix", "un gramme dix".
        !n.article || tokens.get(n.tokens.end).is_some_and(|t| cross(t) || t.any(&["gramme", "gram"]))
    })?;
    let mut end = number.tokens.end;
    if tokens.get(end).is_some_and(cross) {
        return Some(Measure {
            value: format!("{}+", number.text),
            unit: None,
            standard: None,
            plausible: true,
            tokens: at..end + 1,
        });
    }
    if tokens.get(end).is_some_and(|t| t.any(&["fois", "times", "x", "fingers", "doigts"]))
        || units.iter().any(|u| u.tokens.start == end && u.of == "form")
    {
        return None;
    }
    // "Zéro quatre-vingt-dix": the point is not said.
    if number.value == 0.0
        && let Some(rest) = number_at(tokens, end, language)
            .filter(|n| !n.article && n.value < 100.0 && n.value.fract() == 0.0)
    {
        let value = format!("0{}{}", super::number::separator(language), rest.text);
        let unit =
            entry.attribute("unit").filter(|_| entry.attribute("assume") != Some("no")).map(str::to_owned);
        return Some(Measure { value, unit, standard: None, plausible: true, tokens: at..rest.tokens.end });
    }
    let said = units.iter().find(|u| u.tokens.start == end && u.of != "form" && u.of != "time");
    if said.is_some_and(|u| u.written == "kg") && entry.attribute("unit") != Some("kg") {
        return None;
    }
    let (mut value, mut number_value) = (number.text.clone(), number.value);
    if let Some(unit) = said {
        end = unit.tokens.end;
        if unit.written == "kg" {
            let (text, after) = with_decimal(tokens, &number, end, language);
            number_value = text.replace(',', ".").parse().unwrap_or(number_value);
            value = text;
            end = after;
        }
        // "Un gramme dix": glucose is said so.
        if unit.written == "g"
            && let Some(rest) = number_at(tokens, end, language)
                .filter(|n| !n.article && n.value < 100.0 && n.value.fract() == 0.0)
        {
            number_value += rest.value / 100.0;
            value =
                format!("{number_value:.2}").replace('.', &super::number::separator(language).to_string());
            end = rest.tokens.end;
        }
    }
    // "Sept deux" of a value that is told in tenths.
    if said.is_none()
        && entry.has("tenths", "yes")
        && number_value.fract() == 0.0
        && tokens.get(end - 1).is_some_and(|t| t.after == Gap::None)
        && let Some(tenth) = number_at(tokens, end, language)
            .filter(|n| !n.article && n.value < 10.0 && n.value.fract() == 0.0)
    {
        number_value += tenth.value / 10.0;
        value = format!("{value}{}{}", super::number::separator(language), tenth.text);
        end = tenth.tokens.end;
    }
    let known = entry.attribute("unit").filter(|_| entry.attribute("assume") != Some("no"));
    let unit = match (said.map(|u| u.written.clone()), known) {
        // The usual unit of the test says "g/L" where people say "grammes".
        (Some(said), Some(known)) if known.starts_with(&said) => Some(known.to_owned()),
        (Some(said), _) => Some(said),
        (None, known) => known.map(str::to_owned),
    };
    let plausible = unit.as_deref() != entry.attribute("unit") || bounded(number_value, entry);
    Some(Measure { value, unit, standard: None, plausible, tokens: at..end })
}

/// "Deux plus", "une croix": how strongly a strip turned.
fn cross(token: &Token) -> bool {
    token.any(&["+", "plus", "croix"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokenize;

    fn pressure_of(said: &str) -> Option<(String, Option<String>)> {
        pressure(&tokenize(said), 0, Language::Fr).map(|m| (m.value, m.standard))
    }

    #[test]
    fn blood_pressure_keeps_what_was_said_beside_millimetres() {
        let same = Some(("15/8".to_owned(), Some(format!("150/80{NBSP}mmHg"))));
        for said in ["quinze huit", "15 8", "15/8", "quinze sur huit"] {
            assert_eq!(pressure_of(said), same, "{said}");
        }
        assert_eq!(pressure_of("cent vingt-quatre sur soixante-dix"), Some(("124/70".into(), None)));
        assert_eq!(pressure_of("huit quinze"), None);
    }

    #[test]
    fn an_implausible_pressure_is_kept_and_marked() {
        let read = pressure(&tokenize("29/5"), 0, Language::Fr).unwrap();
        assert_eq!((read.value.as_str(), read.plausible), ("29/5", false));
    }

    #[test]
    fn heights_and_weights_are_known_without_a_name() {
        let of = |said: &str| lone_measure(&tokenize(said), 0, Language::Fr).map(|(k, m)| (k, m.value));
        assert_eq!(of("un mètre soixante-quatre"), Some(("height", "164".into())));
        assert_eq!(of("soixante-neuf kilos"), Some(("weight", "69".into())));
        assert_eq!(of("douze kilos cinq"), Some(("weight", "12,5".into())));
        assert_eq!(of("trois jours"), None);
    }
}
