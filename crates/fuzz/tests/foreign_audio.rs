//! Audio files that are damaged, or made to harm.

#![allow(clippy::unwrap_used)] // Test code.

use std::path::{Path, PathBuf};

use audio::{Decoder, SAMPLE_RATE};
use fuzz::{cases, damage, damages, within};
use proptest::prelude::*;

const FILES: [&str; 11] = [
    "aac-first.m4a",
    "aac.m4a",
    "adpcm.wav",
    "alac.m4a",
    "alaw.wav",
    "opus-stereo.opus",
    "opus.ogg",
    "speech.flac",
    "speech.mp3",
    "vbr-bare.mp3",
    "vorbis.ogg",
];

/// A second of blocks, the resampler's tables, a codec's frames: far less. A header that is believed takes gigabytes.
const MEMORY: usize = 96 << 20;

/// The longest that is taken for a recording, in samples.
const LONGEST: u64 = 25 * 3600 * SAMPLE_RATE as u64;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../audio/tests/fixtures").join(name)
}

/// Places that a container's parser looks at: the tags of its parts.
fn marks(bytes: &[u8]) -> Vec<usize> {
    let tags: [&[u8]; 14] = [
        b"fmt ", b"data", b"fact", b"OggS", b"Opus", b"vorbis", b"moov", b"stsz", b"stco", b"stsc", b"stts",
        b"mdhd", b"esds", b"alac",
    ];
    let at = |tag: &[u8]| bytes.windows(tag.len()).position(|window| window == tag);
    let mut marks: Vec<usize> = tags.into_iter().filter_map(at).collect();
    marks.push(0);
    marks
}

/// Decodes to the end. What comes is sound in blocks, then at most one error, then nothing.
fn decode(path: &Path) {
    let Ok(mut decoder) = Decoder::open(path) else { return };
    let _ = decoder.duration_ms();
    let (mut samples, mut ended) = (0_u64, false);
    for block in &mut decoder {
        assert!(!ended, "nothing follows an error");
        match block {
            Ok(block) => {
                assert!(
                    !block.is_empty() && block.len() <= SAMPLE_RATE as usize,
                    "a block of {}",
                    block.len()
                );
                samples += block.len() as u64;
            }
            Err(_) => ended = true,
        }
        assert!(samples <= LONGEST, "more than a day of sound");
    }
    assert!(decoder.next().is_none());
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_damaged_audio_file_gives_sound_or_an_error(name in prop::sample::select(&FILES[..]), all in damages()) {
        let whole = std::fs::read(fixture(name)).unwrap();
        let damaged = damage(&whole, &marks(&whole), &all);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("foreign");
        std::fs::write(&path, damaged).unwrap();
        let done = within(MEMORY, move || decode(&path));
        prop_assert!(done.is_ok(), "{name}: {}", done.unwrap_err());
    }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn bytes_behind_the_signature_of_any_kind_of_file_give_sound_or_an_error(
        signature in prop::sample::select(vec![
            &b""[..], b"RIFF\xff\xff\xff\xffWAVEfmt ", b"fLaC\0\0\0\x22", b"OggS\0\x02", b"\0\0\0\x20ftypM4A ",
            b"ID3\x04\0\0\x7f\x7f\x7f\x7f", b"\xff\xfb\x90\x00", b"\xff\xf1\x50\x80",
        ]),
        noise in prop::collection::vec(any::<u8>(), 0..3_000),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("foreign");
        std::fs::write(&path, [signature, &noise].concat()).unwrap();
        let done = within(MEMORY, move || decode(&path));
        prop_assert!(done.is_ok(), "{}", done.unwrap_err());
    }
}
