use proptest::prelude::*;

use super::*;
use crate::window::tests::window;

fn tokens(pieces: &[&[u8]]) -> Vec<Token> {
    pieces.iter().map(|bytes| Token::Text { bytes: bytes.to_vec(), probability: 0.5 }).collect()
}

fn joined(words: &[Heard]) -> String {
    words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_character_spread_over_tokens_comes_back_whole() {
    let heard = words(
        &tokens(&[b" d\xc3", b"\xa9j", b"\xc3\xa0", b" 38", b",5 \xc2\xb0", b"C"]),
        &window(&[(true, 2_000)]),
    );
    assert_eq!(joined(&heard), "déjà 38,5 °C");
}

#[test]
fn a_mark_set_apart_in_french_is_no_word_of_its_own() {
    let heard = words(&tokens(&[b" Depuis", b" quand", b" ?", b" Hier", b"."]), &window(&[(true, 2_000)]));
    let texts: Vec<_> = heard.iter().map(|w| w.text.as_str()).collect();
    assert_eq!(texts, ["Depuis", "quand ?", "Hier."]);
}

#[test]
fn bytes_that_are_no_text_are_left_out_and_the_rest_kept() {
    let heard = words(&tokens(&[b" fi\xc3", b" toux\xff"]), &window(&[(true, 1_000)]));
    assert_eq!(joined(&heard), "fi toux");
}

#[test]
fn the_probability_of_a_word_is_the_mean_over_its_tokens() {
    let pieces = [(&b" para"[..], 0.9_f32), (b"cet", 0.4), (b"amol", 0.6)];
    let tokens: Vec<_> =
        pieces.iter().map(|(b, p)| Token::Text { bytes: b.to_vec(), probability: *p }).collect();
    let heard = words(&tokens, &window(&[(true, 1_000)]));
    assert!((heard[0].probability - 0.6).abs() < 1e-4);
}

#[test]
fn times_follow_the_models_own_and_words_do_not_lie_in_pauses() {
    let mut spoken = vec![Token::Time(0)];
    spoken.extend(tokens(&[b" un", b" deux"]));
    spoken.extend([Token::Time(960), Token::Time(3_200)]);
    spoken.extend(tokens(&[b" trois"]));
    spoken.push(Token::Time(4_160));
    let heard = words(&spoken, &window(&[(true, 960), (false, 2_240), (true, 960)]));
    assert_eq!((heard[0].start_ms, heard[1].end_ms), (0, 960));
    assert_eq!((heard[2].start_ms, heard[2].end_ms), (3_200, 4_160));
}

#[test]
fn a_word_stretched_over_a_pause_is_drawn_to_where_somebody_speaks() {
    let mut spoken = vec![Token::Time(0)];
    spoken.extend(tokens(&[b" bonjour", b" madame"]));
    spoken.push(Token::Time(4_800));
    // Said at once, then a long silence that the model counted in.
    let heard = words(&spoken, &window(&[(true, 1_280), (false, 3_520)]));
    assert!(heard[1].end_ms <= 1_280);
}

proptest! {
    #[test]
    fn any_cut_of_the_bytes_of_a_text_joins_back_to_it(
        text in "[a-zéèàùçœ0-9'’%°…]{1,12}( [a-zéèàùçœ0-9'’%°]{1,12}){0,12}",
        cuts in proptest::collection::vec(1_usize..5, 1..60),
    ) {
        let text: String = unicode_normalization::UnicodeNormalization::nfc(text.as_str()).collect();
        let bytes = format!(" {text}").into_bytes();
        let mut rest = &bytes[..];
        let mut pieces = Vec::new();
        for size in cuts.iter().cycle() {
            // A token never holds a space except as its first byte, as in the model's vocabulary.
            let mut size = (*size).min(rest.len());
            if let Some(space) = rest[1..size.max(1)].iter().position(|b| *b == b' ') {
                size = space + 1;
            }
            let (piece, others) = rest.split_at(size);
            pieces.push(piece);
            rest = others;
            if rest.is_empty() { break; }
        }
        let heard = words(&tokens(&pieces), &window(&[(true, 9_600)]));
        prop_assert_eq!(joined(&heard), text);
        prop_assert!(heard.iter().all(|w| w.start_ms <= w.end_ms));
        prop_assert!(heard.windows(2).all(|w| w[0].start_ms <= w[1].start_ms));
    }

    #[test]
    fn no_tokens_whatever_make_it_panic_or_leave_the_window(
        raw in proptest::collection::vec(
            prop_oneof![
                any::<u32>().prop_map(Token::Time),
                (proptest::collection::vec(any::<u8>(), 0..6), 0.0..1.0_f32)
                    .prop_map(|(bytes, probability)| Token::Text { bytes, probability }),
            ],
            0..40,
        )
    ) {
        let window = window(&[(false, 160), (true, 1_600), (false, 800), (true, 320)]);
        let heard = words(&raw, &window);
        for word in &heard {
            prop_assert!(!word.text.is_empty() && word.start_ms <= word.end_ms && word.end_ms <= window.ms());
            prop_assert!((0.0..=1.0).contains(&word.probability));
            prop_assert_eq!(word.text.split_whitespace().collect::<Vec<_>>().join(" "), word.text.as_str());
        }
        prop_assert!(heard.windows(2).all(|w| w[0].start_ms <= w[1].start_ms));
    }
}
