//! Guards against invention: a model that hears nothing sometimes writes all the same.

use note::Language;

use crate::window::Window;
use crate::words::Heard;

/// Why a passage is not believed at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Doubt {
    /// The same words over and over.
    Loop,
    /// The model itself holds its words for unlikely.
    Unlikely,
    /// Words where hardly anybody speaks.
    Silence,
    /// More words than a mouth can say.
    TooFast,
    /// A phrase of subtitles, learnt with the model's training films.
    Phantom,
}

/// Mean natural logarithm of probabilities below which text is not believed (Whisper's own threshold).
const UNLIKELY: f32 = -1.0;
/// Letters per second of speech. Fast French runs at about 20.
const FASTEST: f32 = 30.0;
/// Less speech than this says no word.
const NOTHING_MS: u32 = 120;
/// The name of a sound is no longer, in words.
const LONGEST_SOUND: usize = 6;

/// What is doubtful about the words of one pass.
pub(crate) fn doubts(
    words: &[Heard],
    window: &Window,
    average_log: f32,
    no_speech: f32,
    language: Language,
) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    if words.is_empty() {
        return doubts;
    }
    if is_loop(words.iter().map(|w| w.text.as_str())) {
        doubts.push(Doubt::Loop);
    }
    if average_log < UNLIKELY {
        doubts.push(Doubt::Unlikely);
    }
    if window.voiced_ms() < NOTHING_MS || (no_speech > 0.6 && average_log < -0.7) {
        doubts.push(Doubt::Silence);
    }
    if is_too_fast(words, window.voiced_ms()) {
        doubts.push(Doubt::TooFast);
    }
    let text = words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
    if is_phantom(&text, language) {
        doubts.push(Doubt::Phantom);
    }
    doubts
}

fn is_too_fast(words: &[Heard], voiced_ms: u32) -> bool {
    let letters = words.iter().flat_map(|w| w.text.chars()).filter(|c| c.is_alphanumeric()).count();
    #[expect(clippy::cast_precision_loss, reason = "a window is at most half a minute")]
    let (letters, seconds) = (letters as f32, voiced_ms as f32 / 1000.0);
    letters > 20.0 && letters > FASTEST * seconds
}

/// Whether some words come again and again without anything between them.
pub(crate) fn is_loop<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    let words: Vec<String> = words.map(plain).collect();
    // "1-1-1-1" is written as one word.
    let words: Vec<&str> = words.iter().flat_map(|word| word.split(' ')).filter(|w| !w.is_empty()).collect();
    (1..=12).any(|length| {
        // People do say "non non non non", and read long lists of the same shape; nobody says a sentence three times.
        let times = match length {
            1 => 6,
            2 => 4,
            _ => 3,
        };
        let mut run = 0;
        words.iter().zip(words.iter().skip(length)).any(|(a, b)| {
            run = if a == b { run + 1 } else { 0 };
            run >= length * (times - 1)
        })
    })
}

/// Whether a sentence is nothing but a phrase known from subtitles.
pub(crate) fn is_phantom(sentence: &str, language: Language) -> bool {
    let sentence = plain(sentence);
    !sentence.is_empty()
        && phantoms(language).any(|phrase| match phrase.strip_suffix('…') {
            Some(beginning) => sentence.starts_with(&plain(beginning)),
            None => sentence == plain(phrase),
        })
}

/// Whether a sentence names a sound instead of saying words: `[Musique]`, `*tousse*`, `♪`.
pub(crate) fn is_annotation(sentence: &str) -> bool {
    let sentence = sentence.trim().trim_end_matches(['.', ' ']);
    let enclosed = |open: char, close: char| {
        sentence.strip_prefix(open).and_then(|s| s.strip_suffix(close)).is_some_and(|s| !s.contains(open))
    };
    enclosed('[', ']')
        || enclosed('(', ')')
        || enclosed('*', '*')
        || enclosed('♪', '♪')
        || !sentence.chars().any(char::is_alphanumeric)
}

/// Words without the sounds named among them, as in `[Musique] Bonjour`.
pub(crate) fn without_sounds(words: Vec<Heard>) -> Vec<Heard> {
    let closes = |word: &Heard| word.text.trim_end_matches(['.', ',', ' ']).ends_with(']');
    let mut kept = Vec::with_capacity(words.len());
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        if !word.text.trim_start().starts_with('[') {
            kept.push(word);
            continue;
        }
        let mut sound = vec![word];
        while !sound.last().is_some_and(closes)
            && sound.len() < LONGEST_SOUND
            && let Some(next) = words.next()
        {
            sound.push(next);
        }
        // A bracket that nothing closes encloses no name of a sound.
        if !sound.last().is_some_and(closes) {
            kept.append(&mut sound);
        }
    }
    kept
}

fn phantoms(language: Language) -> impl Iterator<Item = &'static str> {
    let list = match language {
        Language::Fr => include_str!("../../../assets/models/phantoms.fr.txt"),
        Language::En => include_str!("../../../assets/models/phantoms.en.txt"),
    };
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Lower case, words apart by one space, no punctuation.
pub(crate) fn plain(text: &str) -> String {
    let lower = text.to_lowercase().replace('’', "'");
    let kept: String = lower.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looped(text: &str) -> bool {
        is_loop(text.split_whitespace())
    }

    #[test]
    fn a_sentence_said_three_times_is_a_loop() {
        assert!(looped("Il a mal. Je ne sais pas. Je ne sais pas. Je ne sais pas."));
        assert!(looped("merci beaucoup merci beaucoup merci beaucoup merci beaucoup"));
        assert!(looped("ah ah ah ah ah ah ah"));
        assert!(looped("il pèse 1-1-1-1-1-1-1-1"));
    }

    #[test]
    fn ordinary_repetitions_are_no_loop() {
        assert!(!looped("Non, non, non, pas du tout."));
        assert!(!looped("un le matin, un le midi, un le soir"));
        assert!(!looped("Je ne sais pas. Je ne sais pas, peut-être."));
        assert!(!looped("15, 16, 17, 18"));
        assert!(!looped(""));
    }

    #[test]
    fn subtitle_phrases_are_recognised_whatever_their_dress() {
        for phrase in [
            "Sous-titres réalisés par la communauté d'Amara.org",
            "Sous-titres réalisés para la communauté d’Amara.org.",
            "Merci d'avoir regardé cette vidéo !",
        ] {
            assert!(is_phantom(phrase, Language::Fr), "{phrase}");
        }
        assert!(is_phantom("Thanks for watching!", Language::En));
    }

    #[test]
    fn what_a_doctor_says_is_no_phantom() {
        for phrase in
            ["Merci docteur, au revoir.", "Vous avez regardé cette vidéo ?", "À bientôt, Madame.", ""]
        {
            assert!(!is_phantom(phrase, Language::Fr), "{phrase}");
        }
        assert!(!is_phantom("Thank you, doctor.", Language::En));
    }

    #[test]
    fn named_sounds_are_told_from_words() {
        for sound in ["[Musique]", "(rires)", "*tousse*", "♪ ♪", "...", "[Bruit de clavier]."] {
            assert!(is_annotation(sound), "{sound}");
        }
        assert!(!is_annotation("(38,5) ce matin"));
        assert!(!is_annotation("Oui."));
    }

    #[test]
    fn a_sound_named_among_words_is_left_out() {
        let heard = |text: &str| -> Vec<Heard> {
            let word = |text: &str| Heard { text: text.into(), start_ms: 0, end_ms: 0, probability: 1.0 };
            text.split(' ').map(word).collect()
        };
        let kept = |text: &str| {
            without_sounds(heard(text)).into_iter().map(|w| w.text).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(kept("[Musique] Bonjour. [Bruit de clavier]. Asseyez-vous."), "Bonjour. Asseyez-vous.");
        assert_eq!(
            kept("Il a [dit qu'il prenait un comprimé le soir"),
            "Il a [dit qu'il prenait un comprimé le soir"
        );
        assert_eq!(kept("[Musique] [Musique]"), "");
    }

    #[test]
    fn more_letters_than_a_mouth_can_say_are_too_fast() {
        let word =
            Heard { text: "anticonstitutionnellement".into(), start_ms: 0, end_ms: 0, probability: 1.0 };
        assert!(is_too_fast(&vec![word.clone(); 4], 1_000));
        assert!(!is_too_fast(&[word], 1_500));
    }
}
