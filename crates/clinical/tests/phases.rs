//! Where the visit stands decides where a fact goes: told, found, taken or prescribed.
#![allow(clippy::unwrap_used)]
mod common;

use common::{find, french, texts};
use note::SectionId;

#[test]
fn looking_at_papers_or_asking_of_walking_is_no_examination() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nP: J'ai apporté mes analyses.\nD: On regarde ça. Vous marchez un peu ?\n\
         P: Oui, tous les jours.\nD: Des palpitations ?\nP: Oui, des palpitations.",
    );
    assert_eq!(find(&note, "palpitations").map(|(section, _)| section), Some(SectionId::Histoire));
}

#[test]
fn a_drug_asked_of_after_a_first_look_is_taken_not_prescribed() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nP: Je tousse.\nD: Vos jambes gonflent ? Montrez-moi.\nP: Non, voilà.\n\
         D: Votre Spiriva, vous le prenez tous les jours ?\nP: Oui.\nD: Le Lévothyrox, soixante-quinze ?\nP: Oui.",
    );
    for drug in ["tiotropium", "lévothyroxine"] {
        assert_eq!(find(&note, drug).map(|(section, _)| section), Some(SectionId::Traitements), "{drug}");
    }
}

#[test]
fn what_is_heard_goes_on_as_a_finding_after_so() {
    let note = french(
        "P: Je tousse.\nD: Je vous examine. La tension, treize huit.\n\
         D: Donc un peu de sibilants des deux côtés.\nD: C'est une bronchite.",
    );
    assert_eq!(
        find(&note, "sibilants").map(|(section, _)| section),
        Some(SectionId::Examen),
        "{:?}",
        texts(&note)
    );
    assert_eq!(find(&note, "bronchite").map(|(section, _)| section), Some(SectionId::Conclusion));
}
