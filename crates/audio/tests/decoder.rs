//! What comes out of good, short, broken and foreign files.

// Test code: a failure to set a test up is a failure of the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use audio::{AudioError, AudioErrorKind, Decoder, SAMPLE_RATE};
use proptest::prelude::*;
use tempfile::TempDir;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// Everything a file gives: its samples, and its error if it has one at its end.
fn decode(path: &Path) -> (Vec<i16>, Option<AudioError>) {
    let (mut samples, mut last) = (Vec::new(), None);
    for item in Decoder::open(path).unwrap() {
        assert!(last.is_none(), "something came after the error");
        match item {
            Ok(block) => {
                assert!(!block.is_empty() && block.len() <= SAMPLE_RATE as usize);
                samples.extend(block);
            }
            Err(error) => last = Some(error),
        }
    }
    (samples, last)
}

fn refusal(path: &Path) -> AudioError {
    Decoder::open(path).err().expect("it opens")
}

fn scratch() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn write(dir: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = dir.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn wave(path: &Path, rate: u32, channels: u16, seconds: f64) {
    let spec = hound::WavSpec {
        channels,
        sample_rate: rate,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for i in 0..(f64::from(rate) * seconds).round() as u32 {
        let t = f64::from(i) / f64::from(rate);
        for channel in 0..channels {
            let hz = 300.0 + 50.0 * f64::from(channel);
            writer.write_sample((8000.0 * (t * hz * std::f64::consts::TAU).sin()) as i16).unwrap();
        }
    }
    writer.finalize().unwrap();
}

/// Best correlation of `a` with `b` when `a` is shifted by up to `reach` samples, and that shift.
fn best_correlation(a: &[i16], b: &[i16], reach: i32) -> (f64, i32) {
    let at =
        |s: &[i16], i: i32| usize::try_from(i).ok().and_then(|i| s.get(i)).map_or(0.0, |&x| f64::from(x));
    (-reach..=reach)
        .map(|shift| {
            let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
            for i in 0..b.len() as i32 {
                let (x, y) = (at(a, i + shift), at(b, i));
                (ab, aa, bb) = (ab + x * y, aa + x * x, bb + y * y);
            }
            (ab / (aa * bb).sqrt(), shift)
        })
        .max_by(|x, y| x.0.total_cmp(&y.0))
        .unwrap()
}

#[test]
fn every_kind_of_file_gives_the_same_speech_at_the_same_time() {
    let (reference, error) = decode(&fixture("speech.flac"));
    assert_eq!((reference.len(), error), (19_200, None));
    // Codec, how alike it must be, how far it may be shifted, how much longer it may be (all in 16 kHz samples).
    for (name, alike, shift, longer) in [
        ("alac.m4a", 0.9999, 0, 0),
        ("speech.mp3", 0.98, 1, 0),
        ("vorbis.ogg", 0.98, 1, 0),
        ("opus.ogg", 0.95, 2, 0),
        ("opus-stereo.opus", 0.95, 2, 0),
        ("alaw.wav", 0.90, 1, 0),
        // A last block of ADPCM is filled up.
        ("adpcm.wav", 0.95, 1, 1_300),
        ("aac-first.m4a", 0.95, 745, 1_600),
        // The AAC demuxer keeps the encoder's run-in: two frames of 1024 at 44.1 kHz.
        ("aac.m4a", 0.95, 745, 1_600),
    ] {
        let (samples, error) = decode(&fixture(name));
        assert_eq!(error, None, "{name}");
        let excess = samples.len() as i64 - reference.len() as i64;
        assert!((0..=longer).contains(&excess), "{name}: {excess} samples longer");
        let (found, at) = best_correlation(&samples, &reference, 800);
        assert!(found > alike, "{name}: correlation {found} at {at}");
        assert!(at.abs() <= shift, "{name}: shifted by {at}");
    }
}

#[test]
fn an_mp3_file_without_a_table_of_contents_is_decoded_to_its_end_although_its_length_is_misjudged() {
    let path = fixture("vbr-bare.mp3");
    let (samples, error) = decode(&path);
    assert_eq!(error, None);
    // 1.2 s and the encoder's run-in and padding.
    assert!((19_200..20_800).contains(&samples.len()), "{}", samples.len());
    // The other way round: the first frames promise less than comes.
    let mut bytes = fs::read(&path).unwrap();
    let loud = fs::read(fixture("speech.mp3")).unwrap();
    let second = loud.windows(2).skip(1_000).position(|w| w == [0xff, 0xfb]).unwrap() + 1_000;
    bytes.splice(0..0, loud[second..].iter().copied());
    let dir = scratch();
    let path = write(&dir, "two.mp3", &bytes);
    let (both, _) = decode(&path);
    let announced = Decoder::open(&path).unwrap().duration_ms().unwrap() as usize * 16;
    assert!(both.len() > samples.len() + 16_000, "{} after {announced} announced", both.len());
    assert!(both.len() > announced + 800, "{} after {announced} announced: this proves nothing", both.len());
}

#[test]
fn the_announced_duration_is_what_comes() {
    for name in ["speech.flac", "alac.m4a", "speech.mp3", "vorbis.ogg", "opus.ogg", "alaw.wav", "aac.m4a"] {
        let announced = Decoder::open(&fixture(name)).unwrap().duration_ms().expect(name);
        let (samples, _) = decode(&fixture(name));
        let real = samples.len() as i64 / 16;
        assert!(
            (i64::from(announced) - real).abs() <= 50,
            "{name}: {announced} ms announced, {real} ms came"
        );
    }
}

#[test]
fn a_sixteen_kilohertz_wave_file_comes_out_bit_by_bit() {
    let dir = scratch();
    let path = dir.path().join("mono.wav");
    wave(&path, 16_000, 1, 2.5);
    let written: Vec<i16> = hound::WavReader::open(&path).unwrap().samples().map(Result::unwrap).collect();
    assert_eq!(decode(&path), (written, None));
}

#[test]
fn any_rate_and_channel_count_of_a_wave_file_keeps_its_duration() {
    let dir = scratch();
    for (rate, channels) in
        [(8_000, 1), (11_025, 2), (22_050, 1), (32_000, 2), (44_100, 2), (48_000, 6), (96_000, 1)]
    {
        let path = dir.path().join(format!("{rate}.wav"));
        wave(&path, rate, channels, 1.75);
        let (samples, error) = decode(&path);
        assert_eq!((samples.len(), error), (28_000, None), "{rate} Hz, {channels} channels");
        assert_eq!(Decoder::open(&path).unwrap().duration_ms(), Some(1_750));
    }
}

#[test]
fn blocks_are_one_second_long_but_for_the_last() {
    let dir = scratch();
    let path = dir.path().join("long.wav");
    wave(&path, 44_100, 2, 3.25);
    let lengths: Vec<usize> = Decoder::open(&path).unwrap().map(|b| b.unwrap().len()).collect();
    assert_eq!(lengths, [16_000, 16_000, 16_000, 4_000]);
}

#[test]
fn a_file_that_is_not_there_or_is_a_folder_says_so() {
    let dir = scratch();
    let missing = dir.path().join("no such visit.wav");
    assert_eq!(refusal(&missing), AudioError::NotFound { path: missing.display().to_string() });
    assert_eq!(refusal(dir.path()).kind(), AudioErrorKind::Unreadable);
}

#[test]
fn an_empty_file_is_empty() {
    let dir = scratch();
    let path = write(&dir, "visit.mp3", b"");
    assert_eq!(refusal(&path), AudioError::Empty { file: "visit.mp3".into() });
}

#[test]
fn a_wave_file_without_samples_has_no_audio() {
    let dir = scratch();
    let path = dir.path().join("silent.wav");
    wave(&path, 48_000, 2, 0.0);
    let bytes = fs::metadata(&path).unwrap().len();
    assert_eq!(refusal(&path), AudioError::NoAudio { file: "silent.wav".into(), bytes });
}

#[test]
fn text_under_an_audio_name_is_not_audio() {
    let dir = scratch();
    let text = "Bonjour docteur, je tousse depuis trois jours.\n".repeat(200);
    for name in ["letter.wav", "letter.mp3", "letter.m4a", "letter.ogg", "letter.flac"] {
        let path = write(&dir, name, text.as_bytes());
        assert_eq!(refusal(&path), AudioError::NotAudio { file: name.into(), bytes: text.len() as u64 });
    }
}

#[test]
fn recordings_of_unsupported_kinds_are_called_by_their_kind() {
    let dir = scratch();
    for (bytes, word) in [
        (&b"\x02dss\x01\x00\x00\x00 a dictation machine"[..], "DSS"),
        (&b"#!AMR\n a telephone"[..], "AMR"),
        (&b"\x1a\x45\xdf\xa3 a browser"[..], "WebM"),
        (&b"\x30\x26\xb2\x75\x8e\x66\xcf\x11 an old one"[..], "Windows Media"),
    ] {
        let error = refusal(&write(&dir, "visit.wav", bytes));
        assert_eq!(error.kind(), AudioErrorKind::Unsupported);
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[test]
fn an_unsupported_codec_in_a_known_container_is_unsupported() {
    let dir = scratch();
    let path = dir.path().join("odd.wav");
    wave(&path, 16_000, 1, 0.1);
    let mut bytes = fs::read(&path).unwrap();
    // Format tag 0x0031: GSM 6.10, which telephone systems write.
    bytes[20..22].copy_from_slice(&0x0031u16.to_le_bytes());
    let error = refusal(&write(&dir, "gsm.wav", &bytes));
    assert_eq!(error.kind(), AudioErrorKind::Unsupported, "{error}");
    assert!(error.to_string().starts_with("gsm.wav"), "{error}");
}

#[test]
fn a_wave_file_that_is_cut_off_gives_what_is_there_and_then_says_so() {
    let dir = scratch();
    let whole = dir.path().join("whole.wav");
    wave(&whole, 48_000, 2, 4.0);
    let bytes = fs::read(&whole).unwrap();
    let path = write(&dir, "cut.wav", &bytes[..44 + 48_000 * 4 * 3 / 2 + 3]);
    let (samples, error) = decode(&path);
    assert_eq!(samples.len(), 24_000);
    let cut = AudioError::Truncated { file: "cut.wav".into(), decoded_ms: 1_500, expected_ms: Some(4_000) };
    assert_eq!(error, Some(cut));
    let (reference, _) = decode(&whole);
    // All but the last few milliseconds, where the filter looks past the end.
    assert_eq!(samples[..23_000], reference[..23_000]);
}

#[test]
fn every_kind_of_file_cut_in_the_middle_gives_its_beginning_and_then_says_so() {
    let dir = scratch();
    for name in ["speech.flac", "speech.mp3", "vorbis.ogg", "opus.ogg", "alaw.wav", "aac-first.m4a"] {
        let bytes = fs::read(fixture(name)).unwrap();
        let (whole, _) = decode(&fixture(name));
        let path = write(&dir, name, &bytes[..bytes.len() * 6 / 10]);
        match Decoder::open(&path) {
            Ok(_) => {
                let (samples, error) = decode(&path);
                assert!(samples.len() * 10 > whole.len() * 2, "{name}: {} of {}", samples.len(), whole.len());
                assert!(samples.len() < whole.len(), "{name}");
                let error = error.unwrap_or_else(|| panic!("{name} ends as if it were whole"));
                assert_eq!(error.kind(), AudioErrorKind::Truncated, "{name}: {error}");
            }
            // A second of Opus or Vorbis may be one page.
            Err(error) => assert_eq!(error.kind(), AudioErrorKind::Truncated, "{name}: {error}"),
        }
    }
}

#[test]
fn an_m4a_file_without_its_table_of_contents_is_cut_off() {
    let dir = scratch();
    for name in ["aac.m4a", "alac.m4a"] {
        let bytes = fs::read(fixture(name)).unwrap();
        let error = refusal(&write(&dir, name, &bytes[..bytes.len() / 2]));
        let cut = AudioError::Truncated { file: name.into(), decoded_ms: 0, expected_ms: None };
        assert_eq!(error, cut);
    }
}

#[test]
fn a_header_without_anything_behind_it_is_cut_off_or_has_no_audio() {
    let dir = scratch();
    for (name, keep) in [("alaw.wav", 20), ("speech.flac", 42), ("opus.ogg", 60), ("vorbis.ogg", 100)] {
        let bytes = fs::read(fixture(name)).unwrap();
        let error = refusal(&write(&dir, name, &bytes[..keep]));
        assert!(
            matches!(error.kind(), AudioErrorKind::Truncated | AudioErrorKind::NoAudio),
            "{name} cut to {keep}: {error:?}"
        );
    }
}

#[test]
fn a_piped_wave_file_of_unknown_length_is_whole() {
    let dir = scratch();
    let path = dir.path().join("pipe.wav");
    wave(&path, 16_000, 1, 1.0);
    let mut bytes = fs::read(&path).unwrap();
    for unknown in [0xffff_ffffu32, 0x7fff_f000] {
        bytes[4..8].copy_from_slice(&unknown.saturating_add(36).to_le_bytes());
        bytes[40..44].copy_from_slice(&unknown.to_le_bytes());
        let path = write(&dir, "pipe.wav", &bytes);
        let (samples, error) = decode(&path);
        assert_eq!((samples.len(), error), (16_000, None), "{unknown:x}");
        assert_eq!(Decoder::open(&path).unwrap().duration_ms(), None);
    }
}

#[test]
fn damage_in_the_middle_is_said_and_times_stay_true() {
    let dir = scratch();
    let mut bytes = fs::read(fixture("speech.flac")).unwrap();
    let middle = bytes.len() / 2;
    for byte in &mut bytes[middle..middle + 1_500] {
        *byte = 0x55;
    }
    let (samples, error) = decode(&write(&dir, "hurt.flac", &bytes));
    let error = error.expect("the damage goes unnoticed");
    assert!(error.is_partial(), "{error}");
    assert!(samples.len() > 4_000, "{} samples, {error}", samples.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..4_000), head in 0usize..7) {
        let heads: [&[u8]; 7] = [
            b"", b"RIFF\xff\xff\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0", b"fLaC\0\0\0\x22", b"OggS\0\x02", b"\0\0\0\x18ftypM4A ",
            b"ID3\x04\0\0\0\0\0\x08", b"\xff\xfb\x90\x64",
        ];
        let dir = scratch();
        let path = write(&dir, "any", &[heads[head], &bytes].concat());
        if let Ok(decoder) = Decoder::open(&path) {
            for block in decoder.take(200) {
                prop_assert!(block.is_err() || block.is_ok_and(|b| b.len() <= 16_000));
            }
        }
    }

    #[test]
    fn real_files_with_flipped_bytes_never_panic_and_always_end(
        which in 0usize..7,
        flips in prop::collection::vec((0.0f64..1.0, any::<u8>()), 1..12),
        keep in 0.1f64..1.0,
    ) {
        let names =
            ["speech.flac", "alac.m4a", "speech.mp3", "vorbis.ogg", "opus.ogg", "alaw.wav", "aac.m4a"];
        let mut bytes = fs::read(fixture(names[which])).unwrap();
        for (at, value) in flips {
            let at = (at * bytes.len() as f64) as usize;
            bytes[at] = value;
        }
        bytes.truncate((bytes.len() as f64 * keep) as usize);
        let dir = scratch();
        let path = write(&dir, names[which], &bytes);
        if let Ok(decoder) = Decoder::open(&path) {
            let items: Vec<_> = decoder.take(2_000).collect();
            prop_assert!(items.len() < 2_000, "it does not end");
            let errors = items.iter().filter(|i| i.is_err()).count();
            prop_assert!(errors <= 1);
            prop_assert!(errors == 0 || items.last().is_some_and(|i| i.is_err()));
        }
    }
}
