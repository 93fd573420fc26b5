//! M4A files that are cut off.
//!
//! The demuxer passes over a part which claims to end behind the end of the file, and with it over all sound that is
//! there. So the file is presented to it as long as its parts say it is; reading then fails where the file ends.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

/// More parts than this at the top level are a damaged file.
const MOST_PARTS: usize = 10_000;

/// A file with the length that its parts declare.
pub(super) struct Declared {
    file: File,
    length: u64,
}

impl Declared {
    /// `bytes` is the real length; the file is left at its beginning.
    pub fn new(mut file: File, bytes: u64) -> io::Result<Declared> {
        let length = declared_length(&mut file, bytes)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(Declared { file, length })
    }
}

/// Where the last part of the file ends by its own account, at least `bytes`.
fn declared_length(file: &mut (impl Read + Seek), bytes: u64) -> io::Result<u64> {
    let mut at = 0u64;
    for _ in 0..MOST_PARTS {
        let mut head = [0u8; 16];
        if at.checked_add(head.len() as u64).is_none_or(|end| end > bytes) {
            break;
        }
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut head)?;
        let [a, b, c, d, _, _, _, _, long @ ..] = head;
        let size = match u32::from_be_bytes([a, b, c, d]) {
            // To the end of the file.
            0 => return Ok(bytes),
            1 => u64::from_be_bytes(long),
            size => u64::from(size),
        };
        if size < 8 {
            break;
        }
        at = at.saturating_add(size);
    }
    // A length beyond what a file can have is damage too.
    Ok(if at > i64::MAX as u64 { bytes } else { at.max(bytes) })
}

impl Read for Declared {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

impl Seek for Declared {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match to {
            // The demuxer asks for the length in this way.
            SeekFrom::End(offset) => {
                let at = self.length.checked_add_signed(offset).ok_or(io::ErrorKind::InvalidInput)?;
                self.file.seek(SeekFrom::Start(at))
            }
            other => self.file.seek(other),
        }
    }
}

impl MediaSource for Declared {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.length)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn length_of(parts: &[(u32, usize)]) -> u64 {
        let mut file = Vec::new();
        for &(size, written) in parts {
            file.extend_from_slice(&size.to_be_bytes());
            file.extend_from_slice(b"part");
            file.resize(file.len() + written - 8, 0);
        }
        let bytes = file.len() as u64;
        declared_length(&mut Cursor::new(file), bytes).unwrap()
    }

    #[test]
    fn a_whole_file_is_as_long_as_it_is() {
        assert_eq!(length_of(&[(24, 24), (100, 100)]), 124);
        assert_eq!(length_of(&[(24, 24), (0, 100)]), 124);
    }

    #[test]
    fn a_file_that_is_cut_off_is_as_long_as_its_parts_say() {
        assert_eq!(length_of(&[(24, 24), (5_000, 100)]), 5_024);
    }

    #[test]
    fn nonsense_leaves_the_length_alone() {
        assert_eq!(length_of(&[(3, 40)]), 40);
        assert_eq!(length_of(&[]), 0);
        assert_eq!(length_of(&[(1, 40)]), 40);
    }
}
