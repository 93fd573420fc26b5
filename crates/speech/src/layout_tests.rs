use std::io::Cursor;

use proptest::prelude::*;

use super::*;

/// The smallest file that is whole: one head of 32 numbers, four layers, every weight zero.
pub(crate) fn tiny_model(file_type: u32, vocabulary: u32) -> Vec<u8> {
    let head = [vocabulary, 1500, 32, 1, 4, 448, 32, 1, 1, 80, file_type];
    let dimensions = Dimensions::from_head(head);
    let mut bytes = Vec::new();
    let mut put = |numbers: &[u32]| numbers.iter().for_each(|n| bytes.extend(n.to_le_bytes()));
    put(&[MAGIC]);
    put(&head);
    put(&[80, FREQUENCIES]);
    put(&vec![0.01_f32.to_bits(); 80 * FREQUENCIES as usize]);
    put(&[50_257]);
    for token in 0..50_257_u32 {
        bytes.extend(1_u32.to_le_bytes());
        bytes.push(if token == 220 { b' ' } else { b'x' });
    }
    let mut tensors: Vec<_> = expected_tensors(&dimensions).into_iter().collect();
    tensors.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, (shape, kind)) in tensors {
        let rank = shape.iter().rposition(|&d| d != 1).map_or(1, |last| last + 1);
        for number in [u32::try_from(rank).unwrap(), u32::try_from(name.len()).unwrap(), kind.number()] {
            bytes.extend(number.to_le_bytes());
        }
        shape.iter().take(rank).for_each(|d| bytes.extend(d.to_le_bytes()));
        bytes.extend(name.as_bytes());
        bytes.resize(bytes.len() + usize::try_from(kind.bytes(&shape).unwrap()).unwrap(), 0);
    }
    bytes
}

fn read(bytes: &[u8]) -> Result<Layout, Fault> {
    Layout::read(Cursor::new(bytes))
}

#[test]
fn a_whole_model_is_accepted_and_every_tensor_found() {
    for (file_type, kind) in [(0, Kind::F32), (1, Kind::F16), (2007, Kind::Q8_0)] {
        let layout = read(&tiny_model(file_type, 51_865)).unwrap();
        assert!(!layout.dimensions.english_only());
        let embedding = layout.tensors.iter().find(|t| t.name == "decoder.token_embedding.weight").unwrap();
        assert_eq!((embedding.kind, &embedding.dimensions[..]), (kind, &[32, 51_865][..]));
    }
}

#[test]
fn an_english_only_model_is_recognised_by_its_vocabulary() {
    assert!(read(&tiny_model(1, 51_864)).unwrap().dimensions.english_only());
}

#[test]
fn anything_else_than_a_ggml_file_is_no_whisper_model() {
    for bytes in [&b""[..], b"RIFF", b"PK\x03\x04 a zip archive of some length"] {
        assert!(matches!(read(bytes), Err(Fault::NotWhisper)));
    }
}

#[test]
fn a_byte_too_many_is_refused() {
    let mut bytes = tiny_model(1, 51_865);
    bytes.push(0);
    assert!(matches!(read(&bytes), Err(Fault::Truncated { .. })));
}

#[test]
fn dimensions_out_of_range_are_refused() {
    let sound = tiny_model(1, 51_865);
    for (field, value) in [
        (0, 1_u32),
        (1, 0),
        (2, 33),
        (3, 0),
        (4, 5),
        (5, u32::MAX),
        (6, 64),
        (7, 7),
        (8, 0),
        (9, 81),
        (10, 99),
    ] {
        let mut bytes = sound.clone();
        bytes[4 + field * 4..8 + field * 4].copy_from_slice(&value.to_le_bytes());
        assert!(matches!(read(&bytes), Err(Fault::Corrupt(_))), "field {field}");
    }
}

#[test]
fn a_vocabulary_without_a_space_is_refused() {
    let mut bytes = tiny_model(1, 51_865);
    let at = bytes.windows(5).position(|w| w == [1, 0, 0, 0, b' ']).unwrap();
    bytes[at + 4] = b'y';
    assert!(matches!(read(&bytes), Err(Fault::Corrupt(_))));
}

#[test]
fn an_unknown_tensor_and_a_wrong_shape_are_refused() {
    let sound = tiny_model(1, 51_865);
    let name = b"encoder.ln_post.bias";
    let at = sound.windows(name.len()).position(|w| w == name).unwrap();
    let mut renamed = sound.clone();
    renamed[at] = b'x';
    assert!(matches!(read(&renamed), Err(Fault::Corrupt(_))));
    let mut reshaped = sound.clone();
    reshaped[at - 4] = 64;
    assert!(read(&reshaped).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_cut_anywhere_is_refused(share in 0.0..1.0_f64) {
        let sound = tiny_model(2007, 51_865);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let cut = (sound.len() as f64 * share) as usize;
        prop_assert!(read(&sound[..cut]).is_err());
    }

    #[test]
    fn noise_in_the_head_never_panics(noise in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut bytes = tiny_model(2007, 51_865);
        let start = 4.min(noise.len());
        bytes[start..noise.len()].copy_from_slice(&noise[start..]);
        let _ = read(&bytes);
    }
}
