//! The frame of every page: self-contained, nothing loaded from anywhere, every text escaped by the template.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use note::Language;

use crate::Standing;
use crate::notes::Share;
pub(crate) use crate::threshold::Better;

const STYLE: &str = include_str!("style.css");

/// A whole page. It forbids itself everything but its own style sheet.
pub(crate) fn page(language: Language, title: &str, body: &Markup) -> String {
    let policy = "default-src 'none'; style-src 'unsafe-inline'";
    html! {
        (DOCTYPE)
        html lang=(language.code()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { (body) }
        }
    }
    .into_string()
}

/// One of two wordings.
pub(crate) const fn t<'a>(language: Language, fr: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::Fr => fr,
        Language::En => en,
    }
}

/// A figure with its bar and what it was counted from.
pub(crate) fn tile(language: Language, name: &str, share: Share, better: Better) -> Markup {
    judged_tile(language, name, share, better, None)
}

/// The same with its standing against the thresholds, which only a whole set has.
pub(crate) fn judged_tile(
    language: Language,
    name: &str,
    share: Share,
    better: Better,
    standing: Option<Standing>,
) -> Markup {
    let Share(part, whole) = share;
    let low = better == Better::Low;
    html! {
        div class="tile" {
            dt { (name) }
            dd {
                span class="figure" { (percent(language, share)) }
                span class="of" { (part) " / " (whole) }
                span class={ "bar" @if low { " low" } } aria-hidden="true" {
                    span style={ "width:" (width(share)) "%" } {}
                }
                (verdict(language, standing))
            }
        }
    }
}

/// How a figure stands, in words.
pub(crate) fn verdict(language: Language, standing: Option<Standing>) -> Markup {
    let (class, words) = match standing {
        None => return html! {},
        Some(Standing::Reached) => ("right", t(language, "atteint", "reached")),
        Some(Standing::Close) => ("wrong", t(language, "presque", "close")),
        Some(Standing::Short) => ("critical", t(language, "insuffisant", "falls short")),
    };
    html! { span class={ "chip verdict " (class) } { (words) } }
}

/// Width of a bar: a length over one fills it.
fn width(share: Share) -> String {
    format!("{:.1}", (share.rounded().unwrap_or(0.0) * 100.0).min(100.0))
}

/// "82 %", or a dash when there was nothing to count.
pub(crate) fn percent(language: Language, share: Share) -> String {
    match (share.rounded(), language) {
        (None, _) => "–".into(),
        (Some(value), Language::Fr) => format!("{}\u{202f}%", decimal(language, value * 100.0, 0)),
        (Some(value), Language::En) => format!("{}%", decimal(language, value * 100.0, 0)),
    }
}

/// A number as the language writes it.
pub(crate) fn decimal(language: Language, value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    if language == Language::Fr { text.replace('.', ",") } else { text }
}

/// "3:07" into the recording.
pub(crate) fn clock(ms: u32) -> String {
    let seconds = ms / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// A file name as part of an address.
pub(crate) fn address(name: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
    name.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_an_address_whatever_it_holds() {
        assert_eq!(address("a-1_b.c"), "a-1_b.c");
        assert_eq!(address("été #2/\"x\""), "%C3%A9t%C3%A9%20%232%2F%22x%22");
    }

    #[test]
    fn numbers_are_set_as_the_language_sets_them() {
        assert_eq!(percent(Language::Fr, Share(2, 3)), "67\u{202f}%");
        assert_eq!(percent(Language::En, Share(2, 3)), "67%");
        assert_eq!(percent(Language::En, Share(0, 0)), "–");
        assert_eq!(decimal(Language::Fr, 0.256, 2), "0,26");
        assert_eq!(clock(187_900), "3:07");
    }

    #[test]
    fn a_page_stands_alone() {
        let whole = page(Language::Fr, "<b>", &html! { p { "5 < 6 & 7" } });
        assert!(whole.contains("<title>&lt;b&gt;</title>") && whole.contains("5 &lt; 6 &amp; 7"));
        for remote in ["http:", "https:", "//", "src=", "<link", "<script", "url(", "@import"] {
            assert!(!whole.contains(remote), "{remote}");
        }
    }
}
