use proptest::prelude::*;

/// One damage to a file.
#[derive(Debug, Clone)]
pub enum Damage {
    Byte(Place, u8),
    /// A number as formats write it: of 16, 32 or 64 bits, either end first.
    Number {
        at: Place,
        value: u64,
        bytes: usize,
        big_end_first: bool,
    },
    Remove(Place, usize),
    Repeat(Place, usize),
    Insert(Place, Vec<u8>),
    /// All that follows is gone.
    Cut(Place),
    /// A stretch comes from another file.
    Foreign(Place, Vec<u8>),
}

/// Where: headers matter most, so half of the damage is done to them.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// Among the first bytes.
    Head(usize),
    /// Share of the whole.
    Anywhere(f64),
    /// Near one of the places that the target names: a table, a trailer.
    Near(usize, usize),
}

impl Place {
    fn of(self, length: usize, marks: &[usize]) -> usize {
        let at = match self {
            Self::Head(at) => at,
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a place in a small file"
            )]
            Self::Anywhere(share) => (length as f64 * share) as usize,
            Self::Near(mark, after) => marks.get(mark % marks.len().max(1)).copied().unwrap_or(0) + after,
        };
        at.min(length)
    }
}

/// Numbers at which parsers stumble.
const EDGES: [u64; 16] = [
    0,
    1,
    2,
    7,
    0x7f,
    0x80,
    0xff,
    0x100,
    0x7fff,
    0xffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_fff8,
    0xffff_ffff,
    0x7fff_ffff_ffff_ffff,
    u64::MAX,
];

fn place() -> impl Strategy<Value = Place> {
    prop_oneof![
        3 => (0_usize..96).prop_map(Place::Head),
        2 => (0.0..1.0_f64).prop_map(Place::Anywhere),
        2 => (any::<usize>(), 0_usize..64).prop_map(|(mark, after)| Place::Near(mark, after)),
    ]
}

fn one() -> impl Strategy<Value = Damage> {
    let number = prop_oneof![3 => prop::sample::select(&EDGES[..]), 1 => any::<u64>()];
    let few = || prop::collection::vec(any::<u8>(), 1..24);
    prop_oneof![
        4 => (place(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        5 => (place(), number, prop::sample::select(vec![2_usize, 4, 4, 8]), any::<bool>())
            .prop_map(|(at, value, bytes, big_end_first)| Damage::Number { at, value, bytes, big_end_first }),
        1 => (place(), 1_usize..200).prop_map(|(at, n)| Damage::Remove(at, n)),
        1 => (place(), 1_usize..2_000).prop_map(|(at, n)| Damage::Repeat(at, n)),
        1 => (place(), few()).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        1 => place().prop_map(Damage::Cut),
        1 => (place(), few()).prop_map(|(at, bytes)| Damage::Foreign(at, bytes)),
    ]
}

/// One to six damages.
pub fn damages() -> impl Strategy<Value = Vec<Damage>> {
    prop::collection::vec(one(), 1..=6)
}

/// The file with its damages. `marks` are places worth damaging.
#[must_use]
pub fn damage(file: &[u8], marks: &[usize], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for damage in damages {
        let place = |at: &Place| at.of(bytes.len(), marks);
        match damage {
            Damage::Byte(at, byte) => write(&mut bytes, at.of(file.len(), marks), &[*byte]),
            Damage::Number { at, value, bytes: width, big_end_first } => {
                let at = place(at);
                if *big_end_first {
                    let all = value.to_be_bytes();
                    write(&mut bytes, at, all.get(8 - width.min(&8)..).unwrap_or(&all));
                } else {
                    let all = value.to_le_bytes();
                    write(&mut bytes, at, all.get(..*width).unwrap_or(&all));
                }
            }
            Damage::Remove(at, n) => {
                let at = place(at);
                bytes.drain(at..(at + n).min(bytes.len()));
            }
            Damage::Repeat(at, n) => {
                let at = place(at);
                let stretch = bytes.get(at..(at + n).min(bytes.len())).unwrap_or_default().to_vec();
                bytes.splice(at..at, stretch);
            }
            Damage::Insert(at, new) => {
                let at = place(at);
                bytes.splice(at..at, new.iter().copied());
            }
            Damage::Cut(at) => {
                let at = place(at);
                bytes.truncate(at);
            }
            Damage::Foreign(at, new) => {
                let at = place(at);
                write(&mut bytes, at, new);
            }
        }
    }
    bytes
}

/// Writes over what is there, as far as it goes.
fn write(bytes: &mut [u8], at: usize, new: &[u8]) {
    for (old, new) in bytes.iter_mut().skip(at).zip(new) {
        *old = *new;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_damage_is_what_it_says() {
        let file = b"0123456789";
        let done = |one| damage(file, &[5], &[one]);
        assert_eq!(done(Damage::Byte(Place::Near(3, 1), b'x')), b"012345x789");
        let number =
            |big_end_first| Damage::Number { at: Place::Head(2), value: 0x6162, bytes: 2, big_end_first };
        assert_eq!(done(number(true)), b"01ab456789");
        assert_eq!(done(number(false)), b"01ba456789");
        assert_eq!(done(Damage::Remove(Place::Anywhere(0.5), 3)), b"0123489");
        assert_eq!(done(Damage::Repeat(Place::Head(0), 2)), b"010123456789");
        assert_eq!(done(Damage::Insert(Place::Head(90), b"x".to_vec())), b"0123456789x");
        assert_eq!(done(Damage::Cut(Place::Head(4))), b"0123");
        assert_eq!(done(Damage::Foreign(Place::Head(8), b"xyz".to_vec())), b"01234567xy");
    }

    proptest! {
        #[test]
        fn damage_can_be_done_to_any_file(file in prop::collection::vec(any::<u8>(), 0..40), all in damages()) {
            let damaged = damage(&file, &[], &all);
            prop_assert!(damaged.len() <= file.len() + 6 * 2_000 * 64);
        }
    }
}
