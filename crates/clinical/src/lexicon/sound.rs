//! How words sound, so that a name a recogniser spelt by ear can be told.

/// A key shared by spellings that sound alike in French: "péniciline" and "pénicilline", "bisoprolole" and "bisoprolol".
/// Takes a folded word.
pub(crate) fn sound(folded: &str) -> String {
    let mut key = String::with_capacity(folded.len());
    let letters: Vec<char> = folded.chars().filter(char::is_ascii_alphanumeric).collect();
    let at = |i: usize| letters.get(i).copied().unwrap_or(' ');
    let soft = |c: char| matches!(c, 'e' | 'i' | 'y');
    let mut i = 0;
    while i < letters.len() {
        let (here, next, third) = (at(i), at(i + 1), at(i + 2));
        let (sound, length) = match (here, next, third) {
            ('e', 'a', 'u') => ('o', 3),
            ('a', 'u', _) => ('o', 2),
            ('a' | 'e', 'i' | 'y', 'n') if !vowel(at(i + 3)) => ('1', 3),
            ('a' | 'e', 'i' | 'y', _) | ('o' | 'a', 'e', _) => ('e', 2),
            ('i' | 'y', 'n' | 'm', c) if !vowel(c) && c != next => ('1', 2),
            ('e' | 'a', 'n' | 'm', c) if !vowel(c) && c != next => ('2', 2),
            ('p', 'h', _) => ('f', 2),
            ('c', 'h', 'l' | 'r' | 'o') => ('k', 2),
            ('c', 'h', _) => ('8', 2),
            ('q', 'u', _) | ('c', 'k', _) => ('k', 2),
            ('g', 'u', c) if soft(c) => ('g', 2),
            ('c', 'c', c) if soft(c) => ('k', 1),
            ('c', c, _) if soft(c) => ('s', 1),
            ('c' | 'q', ..) => ('k', 1),
            ('g', c, _) if soft(c) => ('j', 1),
            ('y', ..) => ('i', 1),
            ('z', ..) => ('s', 1),
            ('w', ..) => ('v', 1),
            ('h', ..) => (' ', 1),
            (c, ..) => (c, 1),
        };
        if sound != ' ' && !key.ends_with(sound) {
            key.push(sound);
        }
        i += length;
    }
    while key.len() > 3 && key.ends_with(['e', 's']) {
        key.pop();
    }
    key
}

const fn vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_that_sound_alike_share_a_key_and_other_names_do_not() {
        for (heard, meant) in [
            ("peniciline", "penicilline"),
            ("bisoprolole", "bisoprolol"),
            ("amoxiciline", "amoxicilline"),
            ("ramiprile", "ramipril"),
            ("levotirox", "levothyrox"),
            ("paracetamole", "paracetamol"),
            ("metphormine", "metformine"),
            ("iboprofene", "iboprofene"),
        ] {
            assert_eq!(sound(heard), sound(meant), "{heard}");
        }
        for (one, other) in
            [("bisoprolol", "metoprolol"), ("prednisone", "prednisolone"), ("lasilix", "lasix")]
        {
            assert_ne!(sound(one), sound(other));
        }
    }
}
