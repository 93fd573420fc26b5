//! What a file is, told by its first bytes: decides which error a file that cannot be opened deserves.

/// Number of bytes that [`Container::of`] looks at.
pub(super) const HEAD: usize = 16;

/// Kinds of files, decodable or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Wave,
    Flac,
    Ogg,
    Mpeg4,
    /// MP3 and ADTS AAC have no signature, only frames; an ID3 tag is the most that can be told.
    Id3,
    /// Known by name, not decodable here.
    Foreign(&'static str),
    Unknown,
}

impl Container {
    pub fn of(head: &[u8]) -> Container {
        let at = |offset: usize, magic: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(magic));
        match () {
            () if at(0, b"RIFF") && at(8, b"WAVE") => Container::Wave,
            () if at(0, b"RIFF") && head.len() < 12 => Container::Wave,
            () if at(0, b"fLaC") => Container::Flac,
            () if at(0, b"OggS") => Container::Ogg,
            () if at(4, b"ftyp") => Container::Mpeg4,
            () if at(0, b"ID3") => Container::Id3,
            () if at(0, &[0x1a, 0x45, 0xdf, 0xa3]) => Container::Foreign("Matroska or WebM"),
            () if at(0, &[0x30, 0x26, 0xb2, 0x75]) => Container::Foreign("Windows Media"),
            () if at(0, b"FORM") && (at(8, b"AIFF") || at(8, b"AIFC")) => Container::Foreign("AIFF"),
            () if at(0, b"RF64") || at(0, b"riff") => Container::Foreign("64-bit WAV"),
            () if at(0, b"RIFF") && at(8, b"AVI ") => Container::Foreign("AVI"),
            () if at(0, b"caff") => Container::Foreign("Core Audio"),
            () if at(0, b"#!AMR") => Container::Foreign("AMR"),
            () if at(1, b"dss") || at(1, b"ds2") => Container::Foreign("DSS dictation"),
            () => Container::Unknown,
        }
    }

    /// Whether it may be MP3 or ADTS AAC, the bare streams of frames.
    pub fn is_mpeg_stream(self) -> bool {
        matches!(self, Container::Id3 | Container::Unknown)
    }

    /// Whether the number of samples in the header is exact, rather than rounded to the codec's frames.
    pub fn counts_exactly(self) -> bool {
        matches!(self, Container::Wave | Container::Flac)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_first_bytes() {
        assert_eq!(Container::of(b"RIFF\x24\0\0\0WAVEfmt "), Container::Wave);
        assert_eq!(Container::of(b"RIFF\x24\0"), Container::Wave);
        assert_eq!(Container::of(b"RIFF\x24\0\0\0WEBPVP8 "), Container::Unknown);
        assert_eq!(Container::of(b"\0\0\0\x20ftypM4A "), Container::Mpeg4);
        assert_eq!(Container::of(b"\x02dss\x01"), Container::Foreign("DSS dictation"));
        assert_eq!(Container::of(b"Bonjour docteur"), Container::Unknown);
        assert_eq!(Container::of(b""), Container::Unknown);
    }
}
