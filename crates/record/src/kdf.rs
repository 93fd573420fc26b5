use argon2::{Algorithm, Argon2, Block, Params, Version};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

pub(crate) const KEY_BYTES: usize = 32;
pub(crate) type Key = Zeroizing<[u8; KEY_BYTES]>;

/// What one guess of a passphrase costs: parameters of Argon2id, stored beside each wrapped key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KdfCost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl KdfCost {
    /// Half a second to a second and a half on the machines Calame is made for.
    pub const STANDARD: Self = Self { memory_kib: 64 * 1024, passes: 12, lanes: 1 };
    /// For a secret that is random already (128 bits or more): stretching adds nothing.
    pub(crate) const RANDOM_SECRET: Self = Self { memory_kib: 1024, passes: 1, lanes: 1 };
    /// The most memory a key file may ask for (1 GiB): a damaged or malicious file must not take the machine down.
    const MOST_MEMORY_KIB: u32 = 1024 * 1024;
    /// The most work, as memory times passes: some twenty times [`KdfCost::STANDARD`], half a minute of waiting.
    const MOST_WORK: u64 = 16 * 1024 * 1024;
    const MOST_LANES: u32 = 64;

    /// A cost other than the standard one: for slower or faster machines, and for tests. Values that Argon2 does not
    /// accept fail when the key is derived.
    #[must_use]
    pub const fn new(memory_kib: u32, passes: u32) -> Self {
        Self { memory_kib, passes, lanes: 1 }
    }

    /// The dearer of two, by memory times passes.
    pub(crate) fn or_dearer(self, other: Self) -> Self {
        if other.work() > self.work() { other } else { self }
    }

    fn work(self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }

    pub(crate) fn derive(self, secret: &[u8], salt: &[u8]) -> Result<Key, argon2::Error> {
        let Self { memory_kib, passes, lanes } = self;
        if memory_kib > Self::MOST_MEMORY_KIB || self.work() > Self::MOST_WORK || lanes > Self::MOST_LANES {
            return Err(argon2::Error::MemoryTooMuch);
        }
        let params = Params::new(memory_kib, passes, lanes, Some(KEY_BYTES))?;
        let mut memory = vec![Block::default(); params.block_count()];
        let mut key = Key::default();
        let derived = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(secret, salt, key.as_mut(), &mut memory);
        memory.iter_mut().for_each(Zeroize::zeroize);
        derived.map(|()| key)
    }
}

impl std::fmt::Display for KdfCost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "argon2id m={} t={} p={}", self.memory_kib, self.passes, self.lanes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_secret_and_salt_give_the_same_key_and_others_do_not() {
        let cost = KdfCost::new(64, 1);
        let key = |secret: &[u8], salt: &[u8]| cost.derive(secret, salt).unwrap();
        assert_eq!(key(b"secret", b"salt of 16 bytes"), key(b"secret", b"salt of 16 bytes"));
        assert_ne!(key(b"secret", b"salt of 16 bytes"), key(b"Secret", b"salt of 16 bytes"));
        assert_ne!(key(b"secret", b"salt of 16 bytes"), key(b"secret", b"salt of 16 byteS"));
    }

    #[test]
    fn a_cost_that_would_exhaust_the_machine_is_refused() {
        assert!(KdfCost::new(u32::MAX, 1).derive(b"x", b"salt of 16 bytes").is_err());
        assert!(KdfCost::new(64, u32::MAX).derive(b"x", b"salt of 16 bytes").is_err());
        assert!(KdfCost::new(1024 * 1024, 17).derive(b"x", b"salt of 16 bytes").is_err(), "a minute of work");
        let dearer = KdfCost::STANDARD.work() * 10;
        assert!(dearer < KdfCost::MOST_WORK, "the cost may rise tenfold before a new ceiling is needed");
    }

    #[test]
    fn the_standard_cost_is_never_below_what_is_recommended_for_stored_passwords() {
        let floor = KdfCost::new(64 * 1024, 3);
        assert_eq!(KdfCost::STANDARD.or_dearer(floor), KdfCost::STANDARD);
    }
}
