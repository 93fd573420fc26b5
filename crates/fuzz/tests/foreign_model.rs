//! Speech models that are damaged, or made to harm: refused before the native library sees them.

#![allow(clippy::unwrap_used)] // Test code.

use fuzz::{cases, damage, damages, within};
use proptest::prelude::*;
use speech::catalogue;

/// A file of some two megabytes is looked at; a vocabulary or a table that is believed takes gigabytes.
const MEMORY: usize = 16 << 20;

/// Some part of a Whisper model in ggml form, and the places in it that its reader looks at: dimensions, filters, a
/// vocabulary, and tensors as the file goes on. It need not be whole: what is damaged never is.
fn model() -> (Vec<u8>, Vec<usize>) {
    let mut bytes = Vec::new();
    let mut marks = vec![0];
    let mut put = |numbers: &[u32]| numbers.iter().for_each(|n| bytes.extend(n.to_le_bytes()));
    put(&[0x6767_6d6c, 51_865, 1500, 32, 1, 4, 448, 32, 1, 1, 80, 2007, 80, 201]);
    put(&vec![0.01_f32.to_bits(); 80 * 201]);
    put(&[50_257]);
    marks.push(bytes.len() - 4);
    for token in 0..50_257_u32 {
        bytes.extend(1_u32.to_le_bytes());
        bytes.push(if token == 220 { b' ' } else { b'x' });
    }
    let tensors: [(&str, u32, &[u32], usize); 5] = [
        ("encoder.positional_embedding", 0, &[32, 1500], 32 * 1500 * 4),
        ("encoder.conv1.weight", 1, &[3, 80, 32], 3 * 80 * 32 * 2),
        ("encoder.conv1.bias", 0, &[1, 32], 32 * 4),
        ("decoder.token_embedding.weight", 8, &[32, 51_865], 51_865 * 34),
        ("encoder.blocks.0.mlp.0.weight", 8, &[32, 128], 128 * 34),
    ];
    for (name, kind, shape, size) in tensors {
        marks.push(bytes.len());
        for number in [u32::try_from(shape.len()).unwrap(), u32::try_from(name.len()).unwrap(), kind] {
            bytes.extend(number.to_le_bytes());
        }
        shape.iter().for_each(|n| bytes.extend(n.to_le_bytes()));
        bytes.extend(name.as_bytes());
        bytes.resize(bytes.len() + size, 0);
    }
    (bytes, marks)
}

#[test]
fn the_undamaged_part_is_read_to_its_end() {
    let (bytes, _) = model();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("part.bin");
    std::fs::write(&path, &bytes).unwrap();
    let said = catalogue::verify(&path).unwrap_err().to_string();
    assert!(said.contains("cut short") && said.contains(&bytes.len().to_string()), "{said}");
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn a_damaged_model_is_refused_and_leaves_nothing_behind(all in damages()) {
        let (whole, marks) = model();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("foreign.bin");
        std::fs::write(&path, damage(&whole, &marks, &all)).unwrap();
        let models = folder.path().join("models");
        let done = within(MEMORY, move || {
            let verified = catalogue::verify(&path).is_err();
            let go_on = &mut |_| std::ops::ControlFlow::Continue(());
            let imported = [false, true].map(|lean| catalogue::import(&path, &models, lean, go_on).is_err());
            (verified, imported == [true, true], std::fs::read_dir(&models).map_or(0, Iterator::count))
        });
        prop_assert_eq!(done, Ok((true, true, 0)));
    }
}
