//! Answers that name what they answer, names corrected within a question, and posologies that come later.
#![allow(clippy::unwrap_used)]
mod common;

use common::{find, french, texts};
use note::{Polarity, SectionId};

const DECIDED: &str =
    "P: Je tousse.\nD: Je vous examine. La tension, douze sept.\nD: C'est donc une bronchite.\n";

#[test]
fn each_thing_asked_is_denied_by_its_own_word() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nP: J'ai mal au ventre.\n\
         D: Du sang dans les urines ? De la fièvre ? Des vomissements ?\n\
         P: Du sang non. Je suis fatigué, c'est tout. Et la fièvre, non, jamais.",
    );
    let absent = |name: &str| find(&note, name).map(|(_, s)| s.polarity) == Some(Polarity::Absent);
    assert!(absent("hématurie") || absent("sang"), "{:?}", texts(&note));
    assert!(absent("fièvre"), "{:?}", texts(&note));
}

#[test]
fn a_word_of_the_question_that_is_told_rather_than_denied_is_left_to_the_other_rules() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nP: Je suis tombé.\nD: Vous avez de la fièvre ?\n\
         P: De la fièvre, oui, depuis hier, mais je ne tousse pas, non.",
    );
    assert_eq!(find(&note, "fièvre").unwrap().1.polarity, Polarity::Present, "{:?}", texts(&note));
}

#[test]
fn an_answer_that_points_at_what_was_asked_is_an_answer() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nP: C'est pour le renouvellement.\n\
         D: Le périndopril, 5 milligrammes, vous le prenez ?\nP: Celui-là oui, je l'ai à côté du café.",
    );
    let (section, _) = find(&note, "périndopril").unwrap();
    assert_eq!(section, SectionId::Traitements);
}

#[test]
fn a_name_corrected_within_the_question_is_not_taken() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nP: C'est pour le renouvellement.\n\
         D: Vous prenez le bisoprolol, non pardon, le périndopril, 5 milligrammes le matin ?\nP: Oui.",
    );
    assert!(find(&note, "bisoprolol").is_none(), "{:?}", texts(&note));
    assert!(find(&note, "périndopril").is_some());
}

#[test]
fn a_dose_that_answers_says_that_the_drug_is_taken() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nP: C'est pour le renouvellement.\n\
         D: Le furosémide, vous en êtes à combien ?\nP: Quarante, un le matin.",
    );
    let (section, told) = find(&note, "furosémide").unwrap();
    assert_eq!(section, SectionId::Traitements);
    assert!(told.attributes.contains_key("frequency"), "{:?}", told.attributes);
}

#[test]
fn a_drug_named_before_what_is_done_to_it_is_prescribed_and_one_only_weighed_is_not() {
    let note = french(&format!("{DECIDED}D: Et le périndopril, on monte à dix."));
    let (section, told) = find(&note, "périndopril").unwrap();
    assert_eq!(
        (section, told.attributes.get("dose").map(String::as_str)),
        (SectionId::Ordonnance, Some("10"))
    );
    let note = french(&format!(
        "{DECIDED}D: L'atorvastatine, on pourrait monter à quarante, mais pas le même jour."
    ));
    assert!(find(&note, "atorvastatine").is_none(), "{:?}", texts(&note));
}

#[test]
fn how_often_may_come_after_the_patient_asked() {
    let note = french(&format!(
        "{DECIDED}D: Amoxicilline, donc.\nP: Combien de fois ?\nD: Matin et soir. Cinq jours, pas moins."
    ));
    let (section, _) = find(&note, "amoxicilline").unwrap();
    assert_eq!(section, SectionId::Ordonnance);
}

#[test]
fn a_drug_only_thought_of_takes_no_posology_that_comes_later() {
    let note = french(&format!(
        "{DECIDED}D: J'avais pensé à la paroxétine, mais je préfère la sertraline.\nP: Le soir ?\nD: Le matin."
    ));
    assert!(find(&note, "paroxétine").is_none(), "{:?}", texts(&note));
}

#[test]
fn a_choice_made_after_weighing_is_a_prescription() {
    let note = french(&format!(
        "{DECIDED}D: J'hésite avec la ceftriaxone, mais vous ne vomissez pas, donc de l'Oflocet, deux cents milligrammes."
    ));
    assert!(find(&note, "ofloxacine").is_some(), "{:?}", texts(&note));
    assert!(find(&note, "ceftriaxone").is_none(), "{:?}", texts(&note));
}

#[test]
fn what_is_borne_by_now_or_was_the_brothers_is_no_allergy() {
    let note =
        french("D: Des allergies ?\nP: L'œuf, quand il était bébé, mais maintenant il en mange sans souci.");
    assert!(find(&note, "œuf").is_none(), "{:?}", texts(&note));
    let note = french("D: Une allergie ?\nP: Allergie non. Au lait de vache, c'était le grand.");
    assert!(find(&note, "lait").is_none(), "{:?}", texts(&note));
    let note =
        french("D: Une allergie, de l'eczéma ?\nP: De l'eczéma, dans les plis. On met la crème, le Dexeryl.");
    assert!(
        find(&note, "Dexeryl").is_none_or(|(section, _)| section != SectionId::Allergies),
        "{:?}",
        texts(&note)
    );
}

#[test]
fn findings_keep_the_words_of_the_doctor() {
    let note =
        french("P: J'ai mal à l'oreille.\nD: Je vous examine. Le tympan est rouge. Pas de points blancs.");
    let texts = texts(&note);
    assert!(texts.iter().any(|t| t.contains("Tympan rouge")), "{texts:?}");
    assert!(texts.iter().any(|t| t.contains("points blancs")), "{texts:?}");
}

#[test]
fn a_posology_goes_on_after_the_patient_asked_something_else() {
    let note = french(&format!(
        "{DECIDED}D: Je vous mets de la doxycycline, cent milligrammes.\nP: C'est un antibiotique ?\n\
         D: Oui. Un matin, un soir, sept jours, avec un grand verre d'eau."
    ));
    let (_, drug) = find(&note, "doxycycline").unwrap();
    assert_eq!(drug.attributes.get("frequency").map(String::as_str), Some("matin et soir"));
    assert_eq!(drug.attributes.get("duration").map(String::as_str), Some("7 jours"));
}

#[test]
fn how_long_a_thing_takes_to_work_is_no_length_of_treatment() {
    let note = french(&format!(
        "{DECIDED}D: Je vous mets de la sertraline, cinquante milligrammes, le matin.\nP: Ça agit quand ?\n\
         D: Ça met trois semaines à agir."
    ));
    assert!(!find(&note, "sertraline").unwrap().1.attributes.contains_key("duration"), "{:?}", texts(&note));
}

#[test]
fn a_strength_before_how_many_and_when_is_the_dose() {
    let note = french(&format!("{DECIDED}D: On repart sur la sertraline. Cinquante, un le matin."));
    let (_, drug) = find(&note, "sertraline").unwrap();
    assert!(drug.attributes["dose"].starts_with("50"), "{:?}", drug.attributes);
}

#[test]
fn no_more_than_the_last_is_a_denial() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nP: Je suis fatigué.\nD: Les jambes qui gonflent, des palpitations ?\n\
         P: Les jambes non. Le cœur qui bat vite non plus.",
    );
    assert_eq!(
        find(&note, "palpitations").map(|(_, s)| s.polarity),
        Some(Polarity::Absent),
        "{:?}",
        texts(&note)
    );
}

#[test]
fn it_is_not_that_is_a_denial_across_the_article() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nC: Il tousse.\nD: Les selles ?\n\
         C: C'est pas la diarrhée, il fait une fois par jour.",
    );
    assert_ne!(
        find(&note, "diarrhée").map(|(_, s)| s.polarity),
        Some(Polarity::Present),
        "{:?}",
        texts(&note)
    );
}

#[test]
fn a_question_whether_it_is_over_is_answered_the_other_way_round() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nP: La visite d'après l'accouchement.\n\
         D: Les saignements, c'est fini ?\nP: Oui, depuis trois semaines.",
    );
    assert_ne!(
        find(&note, "saignement").map(|(_, s)| s.polarity),
        Some(Polarity::Present),
        "{:?}",
        texts(&note)
    );
}

#[test]
fn what_an_allergy_did_is_told_after_the_answer_that_names_it() {
    let note = french(
        "D: Qu'est-ce qui t'amène ?\nC: Il a mal à la gorge.\nD: Des allergies, c'est toujours l'amoxicilline ?\n\
         C: Oui, l'amoxicilline. À trois ans il a eu de l'urticaire.",
    );
    let (_, allergy) = find(&note, "amoxicilline").unwrap();
    assert!(
        allergy.attributes.get("reaction").is_some_and(|r| r.contains("urticaire")),
        "{:?}",
        texts(&note)
    );
}

#[test]
fn by_when_a_test_is_wanted_stands_beside_it() {
    let note = french(&format!("{DECIDED}D: Je demande une scintigraphie, sous dix jours."));
    assert!(texts(&note).iter().any(|t| t == "Scintigraphie sous 10 jours"), "{:?}", texts(&note));
}

#[test]
fn three_times_a_day_stays_three_across_the_comma() {
    let note = french(&format!("{DECIDED}D: Je vous mets du paracétamol, un gramme matin, midi et soir."));
    let (_, drug) = find(&note, "paracétamol").unwrap();
    assert_eq!(drug.attributes.get("frequency").map(String::as_str), Some("matin, midi et soir"));
}
