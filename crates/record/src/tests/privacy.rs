use std::path::Path;

use super::*;

const NAME: &str = "Anne-Sophie Kervadec";
const NUMBER: &str = "2580375123456";
const REASON: &str = "acouphènes pulsatiles";
const SPOKEN: &str = "j'entends mon cœur battre dans l'oreille gauche";
const WRITTEN: &str = "Acouphène pulsatile unilatéral gauche";
const DOCTOR: &str = "Dr Claire Martin";

fn whole_visit(desk: &Desk) -> ConsultationId {
    let record = &desk.record;
    let new = NewConsultation {
        patient: Some(patient(NUMBER, NAME)),
        reason: Some(REASON.into()),
        language: Language::Fr,
    };
    let id = record.create_consultation(&new, at(1)).unwrap();
    record.record_consent(&id, &informed()).unwrap();
    record.set_state(&id, State::Recording, at(2)).unwrap();
    record.audio_writer(&id).unwrap().append(&tone(0, 48_000), at(3)).unwrap();
    record.append_segment(&id, &segment(0, 0, 3000, SPOKEN)).unwrap();
    record.set_state(&id, State::Stopped, at(4)).unwrap();
    record.save_transcript(&id, &transcript(&[SPOKEN])).unwrap();
    record.save_draft(&id, &note("Vertiges rotatoires"), &[], at(5)).unwrap();
    // Indexed with words that the next draft no longer has.
    assert_eq!(record.list("rotatoires", 1).unwrap().len(), 1);
    record.save_draft(&id, &note(WRITTEN), &[], at(5)).unwrap();
    record.freeze(&id, &signed(WRITTEN)).unwrap();
    record.log_export(&id, "pdf", at(6)).unwrap();
    record.set_setting("practice", &DOCTOR).unwrap();
    id
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// Every byte of every file the record made.
fn assert_sealed(folder: &Path) {
    let audio: Vec<u8> = tone(4_000, 16).into_iter().flat_map(i16::to_le_bytes).collect();
    let texts =
        [NAME, "Kervadec", NUMBER, REASON, SPOKEN, WRITTEN, DOCTOR, PASSPHRASE, "consultations", "SQLite"];
    let mut needles: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    needles.extend(texts.iter().map(|text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()));
    needles.push(audio);
    let mut searched = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        searched += bytes.len();
        for needle in &needles {
            assert!(
                !contains(&bytes, needle),
                "{} holds {:?}",
                path.display(),
                String::from_utf8_lossy(needle)
            );
        }
    }
    assert!(searched > 100_000, "only {searched} bytes were searched");
}

#[test]
fn no_file_holds_a_word_or_a_sound_of_the_patient_while_open_or_closed() {
    let desk = Desk::new();
    let id = whole_visit(&desk);
    // The write-ahead log and its index are there.
    assert!(crate::files::beside(&desk.path(), "-wal").exists());
    assert_sealed(desk.folder.path());
    assert_eq!(desk.record.list("kervadec", 1).unwrap()[0].id, id);
    let Desk { folder, record, .. } = desk;
    drop(record);
    assert_sealed(folder.path());
}

#[test]
fn neither_the_audit_nor_an_error_holds_patient_text() {
    let desk = Desk::new();
    let id = whole_visit(&desk);
    let record = &desk.record;
    record.erase_audio(&id, &format!("asked by {NAME}"), at(8)).unwrap();
    let mut told = vec![
        format!("{:?}", record.save_draft(&id, &note(WRITTEN), &[], at(9))),
        format!("{:?}", record.update_consultation(&id, Some(&patient(NUMBER, NAME)), Some(REASON), at(9))),
        format!("{:?}", record.append_segment(&id, &segment(0, 0, 1, SPOKEN))),
    ];
    record.erase_consultation(&id, &format!("asked by {NAME}"), at(9)).unwrap();
    told.extend(record.audit_rows().unwrap().iter().map(|row| format!("{row:?}")));
    for line in &told {
        for secret in [NAME, "Kervadec", NUMBER, REASON, SPOKEN, WRITTEN] {
            assert!(!line.contains(secret), "{line}");
        }
    }
}

/// Every page of the database without its encryption, free pages and slack included: AES-256-CBC, the vector and the
/// authentication code in the last 80 bytes of a page, a salt in the first 16 of the file.
fn pages_in_clear(desk: &Desk) -> Vec<u8> {
    use aes::cipher::block_padding::NoPadding;
    use aes::cipher::{BlockModeDecrypt as _, KeyIvInit as _};
    let mut clear = Vec::new();
    for (number, page) in std::fs::read(desk.path()).unwrap().chunks_exact(4096).enumerate() {
        let (body, reserve) = page.split_at(4096 - 80);
        let body = if number == 0 { &body[16..] } else { body };
        let iv: [u8; 16] = reserve[..16].try_into().unwrap();
        let cipher = cbc::Decryptor::<aes::Aes256>::new(&desk.record.raw_key().into(), &iv.into());
        let mut body = body.to_vec();
        clear.extend_from_slice(cipher.decrypt_padded::<NoPadding>(&mut body).unwrap());
    }
    clear
}

#[test]
fn an_erased_consultation_leaves_no_byte_of_itself_inside_the_database() {
    let desk = Desk::new();
    let id = whole_visit(&desk);
    let other = desk.in_state(State::Exported);
    let secrets = [
        NAME,
        "kervadec",
        "Kervadec",
        NUMBER,
        REASON,
        SPOKEN,
        WRITTEN,
        "pulsatile",
        "unilateral",
        "rotatoires",
    ];
    let sound: Vec<u8> = tone(30_000, 8).into_iter().flat_map(i16::to_le_bytes).collect();
    desk.record.catch_up_search().unwrap();
    desk.record.reclaim();
    let before = pages_in_clear(&desk);
    assert!(secrets.iter().all(|secret| *secret == "unilateral" || contains(&before, secret.as_bytes())));
    assert!(contains(&before, &sound));

    desk.record.erase_consultation(&id, "asked by the patient", at(9)).unwrap();
    let after = pages_in_clear(&desk);
    let log = std::fs::metadata(crate::files::beside(&desk.path(), "-wal")).unwrap();
    assert_eq!(log.len(), 0, "the write-ahead log is emptied into the pages");
    assert!(contains(&after, b"Mal de gorge"), "the other consultation is still there");
    for secret in secrets {
        assert!(!contains(&after, secret.as_bytes()), "{secret}");
    }
    assert!(!contains(&after, &sound));
    assert!(desk.record.validated(&other).unwrap().is_some());
}

#[test]
fn an_erased_patient_leaves_no_byte_in_any_file_of_the_record() {
    let desk = Desk::new();
    let id = whole_visit(&desk);
    let new = NewConsultation {
        patient: Some(patient(NUMBER, NAME)),
        reason: Some(REASON.into()),
        language: Language::Fr,
    };
    desk.record.create_consultation(&new, at(7)).unwrap();
    desk.record.save_addendum(&id, &note("Ajout pulsatile"), &[], at(7)).unwrap();
    let kept = crate::AudioFate::Keep { reason: format!("asked by {NAME}") };
    desk.record.decide_audio(&id, &kept, at(7)).unwrap();
    desk.record.catch_up_search().unwrap();
    assert_eq!(desk.record.list("pulsatile", 9).unwrap().len(), 2);
    let patient = desk.record.patient_of(&id).unwrap().unwrap();
    assert_eq!(desk.record.erase_patient(&patient, "asked", at(9)).unwrap(), 2);
    let after = pages_in_clear(&desk);
    let log = std::fs::metadata(crate::files::beside(&desk.path(), "-wal")).unwrap();
    assert_eq!(log.len(), 0);
    for secret in [NAME, "kervadec", "Kervadec", NUMBER, SPOKEN, WRITTEN, "pulsatile", patient.as_str()] {
        assert!(!contains(&after, secret.as_bytes()), "{secret}");
    }
    let sound: Vec<u8> = tone(30_000, 8).into_iter().flat_map(i16::to_le_bytes).collect();
    assert!(!contains(&after, &sound));
}

#[test]
fn audio_erased_after_validation_leaves_no_byte_of_sound() {
    let desk = Desk::new();
    let id = desk.in_state(State::Drafted);
    desk.record.freeze_and_decide(&id, &signed("Mal de gorge"), &crate::AudioFate::Erase).unwrap();
    let sound: Vec<u8> = tone(20_000, 8).into_iter().flat_map(i16::to_le_bytes).collect();
    desk.record.finish_erasures(at(9)).unwrap();
    assert!(!contains(&pages_in_clear(&desk), &sound));
}

#[test]
fn the_files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    whole_visit(&desk);
    for file in std::fs::read_dir(desk.folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", file.path().display());
    }
}
