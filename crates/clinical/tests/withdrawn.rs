//! What is taken back, put off, someone else's, or told in pieces: a wrong statement is worse than a missing one.
#![allow(clippy::unwrap_used)]
mod common;

use common::{english, find, french, texts};
use note::{Experiencer, Polarity, SectionId};

const DECIDED: &str =
    "P: Je tousse.\nD: Je vous examine. La tension, douze sept.\nD: C'est donc une bronchite.\n";

#[test]
fn whose_it_is_may_be_told_after_it() {
    let note = french("D: Des allergies ?\nP: La pénicilline, c'est mon frère.");
    assert!(find(&note, "pénicilline").is_none(), "{:?}", texts(&note));
    let note = french("D: Et dans la famille ?\nP: Ma tante. Une phlébite, à quarante ans.");
    let (_, told) = find(&note, "phlébite").unwrap();
    assert_eq!(told.experiencer, Experiencer::Family);
}

#[test]
fn what_is_put_off_is_not_decided() {
    let note = french(&format!("{DECIDED}D: Les infiltrations, c'est pour plus tard."));
    assert!(find(&note, "infiltration").is_none(), "{:?}", texts(&note));
}

#[test]
fn a_drug_that_was_only_thought_of_is_withdrawn_by_the_next() {
    let note = french(&format!(
        "{DECIDED}D: Je vous mets de la codéine. Non, plutôt du paracétamol, un gramme trois fois par jour."
    ));
    assert!(find(&note, "codéine").is_none(), "{:?}", texts(&note));
    assert!(find(&note, "paracétamol").is_some());
}

#[test]
fn a_box_in_the_cupboard_is_not_taken() {
    let note =
        french("D: Vous avez pris quelque chose ?\nP: Non, j'ai une boîte d'amoxicilline dans le tiroir.");
    assert!(find(&note, "amoxicilline").is_none(), "{:?}", texts(&note));
}

#[test]
fn a_test_under_a_condition_told_after_it_is_uncertain() {
    let note = french(&format!("{DECIDED}D: Une radio, si dans huit jours vous toussez encore."));
    assert_eq!(find(&note, "radio").unwrap().1.polarity, Polarity::Uncertain);
}

#[test]
fn a_dose_may_be_a_number_alone_and_is_corrected_by_the_next() {
    let note = french("D: Vous prenez quoi le soir ?\nP: Le soir je prends du Tahor. Dix. Non, vingt.");
    let (_, drug) = find(&note, "atorvastatine").unwrap();
    assert_eq!(drug.attributes.get("dose").map(String::as_str), Some("20"), "{:?}", texts(&note));
}

#[test]
fn kilos_gained_or_lost_are_no_weight() {
    let note = french("D: Et le poids ?\nP: Pris trois kilos cet hiver.");
    let (section, change) = find(&note, "prise de poids").unwrap();
    assert_eq!(
        (section, change.attributes.get("value").map(String::as_str)),
        (SectionId::Histoire, Some("3"))
    );
    assert!(find(&note, "poids").is_none_or(|(s, _)| s != SectionId::Examen), "{:?}", texts(&note));
}

#[test]
fn how_much_of_a_habit_is_corrected_as_it_is_told() {
    let note = french("D: L'alcool ?\nP: Un verre le soir. Bon, deux.");
    let (_, habit) = find(&note, "alcool").unwrap();
    assert!(habit.attributes.get("frequency").is_some_and(|f| f == "2 verres le soir"), "{:?}", texts(&note));
    let note = english(
        "D: Do you drink alcohol?\nP: A glass of wine most nights.\nD: No alcohol with these tablets.",
    );
    assert_ne!(find(&note, "alcohol").unwrap().1.polarity, Polarity::Absent);
}

#[test]
fn words_that_a_name_shares_with_talk_name_nothing() {
    for said in
        ["Je mets des gouttes le soir.", "Ça me prend la tête.", "Il avale tout rond.", "A priori ça va."]
    {
        let note = french(&format!("D: Racontez-moi.\nP: {said}"));
        for concept in ["goutte", "allaitement", "intoxication", "ROR"] {
            assert!(find(&note, concept).is_none(), "{said}: {:?}", texts(&note));
        }
    }
}

#[test]
fn a_neighbours_drug_left_in_its_box_is_not_taken() {
    let note = french(
        "D: Vous prenez autre chose ?\nP: Le voisin m'a donné du Voltarène mais je l'ai laissé dans la boîte.",
    );
    assert!(find(&note, "diclofénac").is_none(), "{:?}", texts(&note));
}

#[test]
fn what_the_doctor_thought_of_and_left_is_no_conclusion() {
    for said in [
        "Un psoriasis, j'y ai pensé une seconde, mais les coudes sont propres. C'est un eczéma.",
        "Je pensais un peu au psoriasis, mais non. C'est un eczéma.",
    ] {
        let note = french(&format!(
            "P: J'ai des plaques sur les mains.\nD: Je vous examine. La peau est rouge.\nD: {said}"
        ));
        assert!(find(&note, "psoriasis").is_none(), "{said}: {:?}", texts(&note));
        assert!(find(&note, "eczéma").is_some(), "{said}: {:?}", texts(&note));
    }
}

#[test]
fn a_dose_proposed_aloud_and_dropped_is_not_given() {
    let note = french(
        "P: Je viens pour le renouvellement.\nD: Je vous examine. La tension, treize huit.\n\
         D: L'atorvastatine, on pourrait monter à quarante... non, on laisse vingt.",
    );
    assert!(!texts(&note).iter().any(|t| t.contains("40")), "{:?}", texts(&note));
}

#[test]
fn a_name_with_its_relation_beside_it_is_the_relations() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nP: La pilule.\nD: Dans la famille ?\n\
         P: Phlébite, ma tante, mais c'était après un plâtre.",
    );
    let own = note.statements().any(|(_, s)| {
        s.experiencer == note::Experiencer::Patient && s.text.to_lowercase().contains("phlébite")
    });
    assert!(!own, "{:?}", texts(&note));
}

#[test]
fn what_the_patient_puts_right_is_taken_back() {
    let note = french(
        "D: Qu'est-ce qui t'amène ?\nP: J'ai mal à la gorge.\nD: Des allergies ?\nC: À la pénicilline.\n\
         P: Mais non papa, c'est Chloé, ça.",
    );
    assert!(!texts(&note).iter().any(|t| t.to_lowercase().starts_with("pénicilline")), "{:?}", texts(&note));
}

#[test]
fn what_is_over_by_the_next_words_is_not_told_as_present() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nP: Le renouvellement.\nD: La metformine, ça va ?\n\
         P: Au début j'avais la diarrhée. Plus maintenant.",
    );
    assert_ne!(find(&note, "diarrhée").map(|(_, s)| s.polarity), Some(note::Polarity::Present));
}

#[test]
fn a_fear_put_to_the_doctor_is_no_history() {
    let note = french(
        "C: Maman oublie tout.\nD: Je l'examine. La tension, treize huit.\nC: C'est Alzheimer, docteur ?\n\
         C: C'est Alzheimer docteur.",
    );
    assert!(find(&note, "Alzheimer").is_none(), "{:?}", texts(&note));
}

#[test]
fn a_relative_told_of_in_pieces_stays_the_relative() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nP: J'ai mal dans la poitrine.\nD: Dans la famille, le cœur ?\n\
         P: Mon père. Il est mort à quarante-neuf ans. Infarctus, au tennis.",
    );
    let own = note.statements().any(|(_, s)| {
        s.experiencer == Experiencer::Patient && s.concept.as_deref().is_some_and(|c| c.contains("infarctus"))
    });
    assert!(!own, "{:?}", texts(&note));
}

#[test]
fn a_companions_own_relative_is_not_the_patient() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nC: C'est pour ma femme, elle oublie tout.\nD: Elle a fait un AVC ?\n\
         C: Pas d'AVC. C'est mon frère à moi, l'AVC.",
    );
    assert_ne!(find(&note, "AVC").map(|(_, s)| s.polarity), Some(Polarity::Present), "{:?}", texts(&note));
}
