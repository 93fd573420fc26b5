use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::RecordError;

/// Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Seven random groups (140 bits) and one that checks them.
const SECRET: usize = 28;
const CHECK: usize = 4;
const GROUP: usize = 4;

/// The printed code that opens the record when the passphrase is lost. Shown once, kept nowhere, wiped from memory.
/// Its `Display` is `XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX`.
pub struct RecoveryCode {
    secret: Zeroizing<[u8; SECRET]>,
}

impl RecoveryCode {
    pub(crate) fn generate() -> Result<Self, RecordError> {
        let mut secret = Zeroizing::new([0; SECRET]);
        getrandom::fill(secret.as_mut())?;
        // 256 is a multiple of 32: every letter is equally likely.
        secret.iter_mut().for_each(|byte| *byte = letter(*byte));
        Ok(Self { secret })
    }

    /// Reads what was typed from paper: case, spaces and dashes do not matter, O is 0, I and L are 1.
    pub(crate) fn parse(typed: &str) -> Result<Self, RecordError> {
        let mut letters = Zeroizing::new(Vec::with_capacity(SECRET + CHECK));
        for c in typed.chars().filter(|c| c.is_alphanumeric()) {
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let known = u8::try_from(c).ok().filter(|c| ALPHABET.contains(c));
            letters.push(known.ok_or(RecordError::WrongRecoveryCode)?);
        }
        let mut secret = Zeroizing::new([0; SECRET]);
        if letters.len() != SECRET + CHECK {
            return Err(RecordError::WrongRecoveryCode);
        }
        secret.iter_mut().zip(letters.iter()).for_each(|(to, from)| *to = *from);
        let code = Self { secret };
        if letters.ends_with(&code.check()) { Ok(code) } else { Err(RecordError::WrongRecoveryCode) }
    }

    pub(crate) fn secret(&self) -> &[u8] {
        self.secret.as_ref()
    }

    /// Tells a slip of the pen from a wrong code before anything is derived.
    fn check(&self) -> [u8; CHECK] {
        let digest =
            Sha256::new().chain_update(b"calame recovery code").chain_update(self.secret()).finalize();
        let mut check = [0; CHECK];
        check.iter_mut().zip(digest).for_each(|(to, from)| *to = letter(from));
        check
    }
}

fn letter(byte: u8) -> u8 {
    ALPHABET.get(usize::from(byte % 32)).copied().unwrap_or(b'0')
}

impl fmt::Display for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let check = self.check();
        for (at, letter) in self.secret.iter().chain(&check).enumerate() {
            if at > 0 && at % GROUP == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*letter))?;
        }
        Ok(())
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_has_eight_groups_of_four() {
        let code = RecoveryCode::generate().unwrap().to_string();
        assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [4; 8]);
    }

    #[test]
    fn a_code_never_shows_in_debug_output() {
        let code = RecoveryCode::generate().unwrap();
        assert!(!format!("{code:?}").contains(code.to_string().split('-').next().unwrap()));
    }

    #[test]
    fn a_code_is_read_in_lower_case_without_dashes_and_with_confused_letters() {
        let code = RecoveryCode::generate().unwrap();
        let typed = code.to_string().to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        assert_eq!(RecoveryCode::parse(&typed).unwrap().secret(), code.secret());
        let typed = code.to_string().replace('-', "").replace('0', "O").replace('1', "I");
        assert_eq!(RecoveryCode::parse(&typed).unwrap().secret(), code.secret());
    }

    #[test]
    fn every_single_wrong_letter_is_noticed() {
        let secret = Zeroizing::new(std::array::from_fn(|at| letter(at as u8 * 7)));
        let code = RecoveryCode { secret }.to_string().replace('-', "").into_bytes();
        for at in 0..code.len() {
            for wrong in ALPHABET.iter().filter(|l| **l != code[at]) {
                let mut typed = code.clone();
                typed[at] = *wrong;
                assert!(RecoveryCode::parse(&String::from_utf8(typed).unwrap()).is_err());
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(typed in "\\PC{0,60}") {
            let _ = RecoveryCode::parse(&typed);
        }
    }
}
