use proptest::prelude::*;

use super::*;

/// A window of silence in which somebody is said to speak in the given stretches.
pub(crate) fn window(stretches: &[(bool, u32)]) -> Window {
    let voiced: Vec<bool> =
        stretches.iter().flat_map(|&(voiced, ms)| std::iter::repeat_n(voiced, frames(ms))).collect();
    let source = 0..voiced.len() as u64;
    Window { samples: vec![0.0; voiced.len() * FRAME], voiced, pieces: vec![Piece { source }] }
}

/// Pending audio with the given probabilities; each frame's samples hold its number.
fn pending(stretches: &[(f32, u32)]) -> Pending {
    let mut pending = Pending::new();
    pending.probabilities =
        stretches.iter().flat_map(|&(p, ms)| std::iter::repeat_n(p, frames(ms))).collect();
    let count = pending.probabilities.len();
    pending.samples = (0..count).flat_map(|n| [i16::try_from(n % 30_000).unwrap(); FRAME]).collect();
    pending
}

const LENGTHS: Lengths = Lengths { most: frames(28_000), least: frames(14_000) };

#[test]
fn silence_makes_no_window_and_takes_no_memory() {
    let mut pending = pending(&[(0.0, 60_000)]);
    pending.drop_silence();
    assert!(pending.samples.len() <= BEFORE * FRAME);
    assert_eq!(pending.heard(), frames(60_000) as u64);
    assert!(pending.take_all().is_none());
}

#[test]
fn a_long_silence_between_words_is_left_out_and_times_still_hold() {
    let mut pending = pending(&[(0.0, 1_600), (0.9, 1_600), (0.0, 32_000), (0.9, 1_600), (0.0, 1_600)]);
    let window = pending.take_all().unwrap();
    assert!(window.ms() < 5_000, "{}", window.ms());
    assert_eq!(window.voiced_ms(), 3_200);
    // The first word and the last, in the stream.
    assert_eq!(window.source_ms(0), 1_600 - 256);
    let second = 256 + 1_600 + 320 + 256;
    assert_eq!(window.source_ms(second + 16), 1_600 + 1_600 + 32_000 + 16);
    assert!(window.end_ms() <= 38_400);
}

#[test]
fn a_full_window_is_cut_at_the_longest_pause_within_reach() {
    let speech = |ms| (0.9, ms);
    let mut pending = pending(&[
        speech(16_000),
        (0.0, 320),
        speech(3_200),
        (0.0, 800),
        speech(3_200),
        (0.0, 240),
        speech(16_000),
        (0.0, 640),
    ]);
    let window = pending.take_full(LENGTHS).unwrap();
    assert!(window.end_ms() > 19_520 && window.end_ms() < 20_320, "{}", window.end_ms());
    assert!(pending.take_full(LENGTHS).is_none());
}

#[test]
fn speech_without_any_pause_is_cut_at_its_weakest_frame() {
    let mut pending = pending(&[(0.9, 24_000), (0.45, 64), (0.9, 24_000)]);
    let window = pending.take_full(LENGTHS).unwrap();
    assert!((24_000..=24_064).contains(&window.end_ms()), "{}", window.end_ms());
}

#[test]
fn a_window_that_is_not_full_waits_for_more() {
    let mut pending = pending(&[(0.9, 27_000), (0.0, 2_000)]);
    assert!(pending.take_full(LENGTHS).is_none());
    assert!(pending.take_all().is_some());
    assert!(pending.take_all().is_none());
}

#[test]
fn the_tail_of_a_window_keeps_its_place_in_the_stream() {
    let mut pending = pending(&[(0.9, 3_200), (0.0, 16_000), (0.9, 3_200), (0.0, 640)]);
    let window = pending.take_all().unwrap();
    let tail = window.tail(3_200 + 320 + 256 + 320).unwrap();
    assert_eq!(tail.source_ms(0), window.source_ms(3_200 + 320 + 256 + 320));
    assert_eq!(tail.end_ms(), window.end_ms());
    assert_eq!(tail.samples.len(), tail.voiced.len() * FRAME);
    assert!(window.tail(window.ms()).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn windows_hold_all_speech_once_in_order_and_none_is_too_long(
        stretches in proptest::collection::vec((prop_oneof![Just(0.0_f32), Just(0.9), Just(0.42)], 16_u32..20_000), 1..24)
    ) {
        let mut pending = pending(&stretches);
        let spoken: Vec<u64> = pending.regions().into_iter().flatten().map(|at| at as u64).collect();
        let mut windows = Vec::new();
        while let Some(window) = pending.take_full(LENGTHS) {
            windows.push(window);
        }
        windows.extend(pending.take_all());
        let mut held = Vec::new();
        for window in &windows {
            prop_assert!(window.voiced.len() <= LENGTHS.most + BEFORE + AFTER);
            prop_assert_eq!(window.samples.len(), window.voiced.len() * FRAME);
            prop_assert!(window.voiced.contains(&true));
            held.extend(window.pieces.iter().flat_map(|piece| piece.source.clone()));
            let times: Vec<u32> = (0..window.ms()).step_by(160).map(|t| window.source_ms(t)).collect();
            prop_assert!(times.is_sorted());
        }
        prop_assert!(held.windows(2).all(|pair| pair[0] < pair[1]));
        // A cut may leave a scrap too short for a word on its far side; nothing longer goes missing.
        let missing = spoken.iter().filter(|at| held.binary_search(at).is_err()).count();
        prop_assert!(missing <= windows.len() * frames(96), "{} frames missing", missing);
    }
}
