//! The rules of reading, one sentence each.
#![allow(clippy::unwrap_used)]
mod common;

use clinical::Clinical;
use common::{english, find, french, texts};
use note::{Experiencer, Flag, Language, Polarity, SectionId, Word};

const EXAMINED: &str = "D: Je vous examine. La tension, douze sept.\nD: C'est donc une sinusite.\n";

#[test]
fn a_question_and_its_answer_make_one_fact_with_both_sources() {
    let note = french("D: Vous avez de la fièvre ?\nP: Non, pas du tout.");
    let (section, fever) = find(&note, "fièvre").unwrap();
    assert_eq!((section, fever.polarity), (SectionId::Histoire, Polarity::Absent));
    assert_eq!(fever.sources.iter().map(|s| s.segment).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn a_question_without_an_answer_is_no_fact() {
    assert!(
        find(&french("D: Vous avez des vertiges ?\nP: Mon bus est dans dix minutes."), "vertiges").is_none()
    );
}

#[test]
fn an_answer_taken_back_counts_as_taken_back() {
    let note = french("D: Des vertiges ?\nP: Non. Enfin si, un peu.");
    assert_eq!(find(&note, "vertiges").unwrap().1.polarity, Polarity::Present);
}

#[test]
fn denial_ends_where_speech_turns() {
    let note = french("P: Je n'ai pas de fièvre mais des frissons.");
    assert_eq!(find(&note, "fièvre").unwrap().1.polarity, Polarity::Absent);
    assert_eq!(find(&note, "frissons").unwrap().1.polarity, Polarity::Present);
    let list = french("?: Pas de fièvre, de toux ni de frissons.");
    assert_eq!(texts(&list), ["Pas de fièvre, toux ni frissons"]);
}

#[test]
fn a_relatives_disease_is_the_relatives() {
    let note = french("P: Ma mère a eu un cancer du sein, elle a maigri. Moi je tousse.");
    let (section, cancer) = find(&note, "cancer du sein").unwrap();
    assert_eq!((section, cancer.experiencer), (SectionId::Antecedents, Experiencer::Family));
    assert_eq!(cancer.text, "Mère\u{a0}: cancer du sein");
    assert!(find(&note, "perte de poids").is_none());
    assert!(find(&note, "toux").is_some());
}

#[test]
fn possibilities_said_aloud_are_no_diagnoses() {
    let note = french(&format!("{EXAMINED}D: Ça pourrait être une pneumonie ou une grippe."));
    assert!(find(&note, "pneumonie").is_none() && find(&note, "grippe").is_none());
}

#[test]
fn a_prescription_is_written_in_standard_form() {
    let note = french(&format!(
        "{EXAMINED}D: Je vous mets du Doliprane, un gramme trois fois par jour pendant cinq jours."
    ));
    let (section, drug) = find(&note, "paracétamol").unwrap();
    assert_eq!(section, SectionId::Ordonnance);
    assert_eq!(drug.text, "Doliprane 1\u{a0}g ×\u{a0}3/j, 5 jours");
    assert_eq!(drug.attributes["frequency"], "3 fois par jour");
    assert!(drug.is_critical());
}

#[test]
fn drugs_taken_before_stand_apart_from_those_of_today() {
    let note = french(&format!(
        "D: Vous prenez quelque chose ?\nP: Je prends du bisoprolol, cinq milligrammes le matin.\n{EXAMINED}D: Je vous prescris de l'amoxicilline, un gramme matin et soir."
    ));
    assert_eq!(find(&note, "bisoprolol").unwrap().0, SectionId::Traitements);
    assert_eq!(find(&note, "amoxicilline").unwrap().0, SectionId::Ordonnance);
}

#[test]
fn what_was_not_taken_or_is_kept_off_is_never_a_treatment() {
    let note = french(&format!(
        "P: J'avais de l'Imodium mais je l'ai pas pris.\n{EXAMINED}D: Surtout pas d'ibuprofène."
    ));
    assert!(find(&note, "lopéramide").is_none());
    assert_eq!(find(&note, "ibuprofène").unwrap().1.polarity, Polarity::Absent);
}

#[test]
fn an_allergy_carries_its_reaction() {
    let note = french("D: Des allergies ?\nP: Oui, l'amoxicilline, ça m'a donné de l'urticaire.");
    let (section, allergy) = find(&note, "amoxicilline").unwrap();
    assert_eq!(section, SectionId::Allergies);
    assert_eq!(allergy.attributes["reaction"], "urticaire");
    assert!(allergy.is_critical());
}

#[test]
fn blood_pressure_keeps_the_said_form_beside_the_standard_one() {
    let note = french("D: Je prends la tension, quinze huit.");
    assert_eq!(texts(&note), ["TA 15/8 (150/80 mmHg)"]);
}

#[test]
fn an_implausible_value_is_flagged_and_left_as_heard() {
    let note = french("D: Je vous examine. La saturation à cent quarante.");
    let (_, value) = find(&note, "SpO2").unwrap();
    assert_eq!(value.attributes["value"], "140");
    assert!(value.flags.contains(&Flag::ImplausibleValue));
}

#[test]
fn the_wrong_side_is_taken_back() {
    let note = french("P: J'ai mal au genou gauche.\nC: Non, c'est le droit.");
    assert_eq!(find(&note, "genou").unwrap().1.attributes["laterality"], "droite");
}

#[test]
fn the_wrong_drug_is_taken_back() {
    let note = french(
        "P: Je prends de l'irbésartan, non pardon, du valsartan, quatre-vingts milligrammes le matin.",
    );
    assert!(find(&note, "irbésartan").is_none());
    assert_eq!(find(&note, "valsartan").unwrap().1.attributes["dose"], "80\u{a0}mg");
}

#[test]
fn reasons_to_come_back_are_one_statement_and_no_symptoms() {
    let note = french(&format!("{EXAMINED}D: Si vous avez de la fièvre ou des vertiges, vous revenez."));
    assert!(texts(&note).contains(&"Reconsulter si fièvre ou vertiges".to_owned()));
    assert!(find(&note, "vertiges").is_none());
}

#[test]
fn a_test_not_needed_is_not_ordered() {
    let note = french(&format!("P: Il faut une radio ?\n{EXAMINED}D: Non, pas besoin de radio."));
    assert!(find(&note, "radiographie").is_none());
}

#[test]
fn leave_which_is_declined_is_not_given() {
    let note = french(&format!("{EXAMINED}D: Pour le travail, je vous arrête ?\nP: Non, surtout pas."));
    assert!(find(&note, "arrêt de travail").is_none_or(|(_, s)| s.polarity == Polarity::Absent));
}

#[test]
fn a_drug_name_heard_badly_is_kept_as_heard_with_suggestions() {
    let mut transcript = common::transcript(
        &format!("{EXAMINED}D: Je vous mets de l'amoxiciline, un gramme matin et soir."),
        Language::Fr,
    );
    let last = transcript.segments.last_mut().unwrap();
    last.words = last
        .text
        .split_whitespace()
        .map(|w| Word {
            text: w.into(),
            start_ms: 0,
            end_ms: 1,
            probability: if w.contains("amoxi") { 0.3 } else { 0.95 },
        })
        .collect();
    last.text = last.text.replace("l'amoxiciline", "l'amoxiline");
    for word in &mut last.words {
        word.text = word.text.replace("amoxiciline", "amoxiline");
    }
    let note = Clinical::load(Language::Fr).structure(&transcript);
    let (_, drug) = find(&note, "amoxiline").unwrap();
    assert_eq!(drug.suggestions.first().map(String::as_str), Some("amoxicilline"));
    assert!(drug.flags.contains(&Flag::UncertainDrugName) && drug.flags.contains(&Flag::LowConfidenceWords));
    assert!(find(&note, "amoxicilline").is_none());
}

#[test]
fn a_name_that_only_sounds_like_a_drug_stays_as_heard_beside_the_drug_it_sounds_like() {
    let note = french("D: Vous prenez quelque chose ?\nP: Oui, du bisoprolole 5 mg le matin.");
    let (section, drug) = find(&note, "bisoprolol").unwrap();
    assert_eq!(section, SectionId::Traitements);
    assert_eq!(drug.text, "Bisoprolole 5\u{a0}mg le matin");
    assert_eq!(drug.suggestions, ["bisoprolol"]);
    assert!(drug.flags.contains(&Flag::UncertainDrugName));
}

#[test]
fn a_misspelt_allergy_is_an_allergy() {
    let note = french("?: Des allergies ?\n?: Oui, à la péniciline, j'ai eu des plaques rouges.");
    let (section, allergy) = find(&note, "pénicilline").unwrap();
    assert_eq!(section, SectionId::Allergies);
    assert!(allergy.attributes.contains_key("reaction"));
}

#[test]
fn what_is_told_and_denied_between_unknown_speakers_is_denied() {
    let note = french(
        "?: Bonjour, qu'est-ce qui vous amène ?\n?: Je tousse depuis cinq jours.\n?: Vous avez mal aux oreilles.\n?: Non, mais j'ai mal à la gorge.\n?: Hé, des frissons !\n?: Non, pas de frissons !",
    );
    assert_eq!(find(&note, "oreille").unwrap().1.polarity, Polarity::Absent);
    assert_eq!(find(&note, "frissons").unwrap().1.polarity, Polarity::Absent);
    assert_eq!(find(&note, "mal de gorge").unwrap().1.polarity, Polarity::Present);
}

#[test]
fn a_statement_to_an_unknown_listener_is_a_question_until_it_is_answered() {
    let script = "?: Bonjour, qu'est-ce qui vous amène ?\n?: Je tousse depuis cinq jours.\n?: Vous avez mal aux oreilles.";
    assert!(find(&french(script), "oreille").is_none());
    let note = french(&format!("{script}\n?: Oui."));
    assert_eq!(find(&note, "oreille").unwrap().1.polarity, Polarity::Present);
}

#[test]
fn a_yes_to_a_drug_and_its_dose_agrees_to_both_and_is_no_prescription() {
    let note = french("D: Vous prenez toujours du bisoprolol 5 mg le matin ?\nP: Oui.");
    let (section, drug) = find(&note, "bisoprolol").unwrap();
    assert_eq!(section, SectionId::Traitements);
    assert_eq!(drug.text, "Bisoprolol 5\u{a0}mg le matin");
}

#[test]
fn a_reading_taken_back_gives_way_to_the_next() {
    let note = french("D: Je vous examine. La tension, 15 8. Non, pardon, 16 8. Le pouls à 76.");
    assert_eq!(texts(&note), ["TA 16/8 (160/80 mmHg)", "FC 76/min"]);
}

#[test]
fn what_a_mother_says_of_herself_is_not_the_childs() {
    let note = french(
        "D: Il a des allergies, votre fils ?\nC: Pas qu'on sache. Moi je suis allergique aux noisettes.",
    );
    assert!(find(&note, "noisette").is_none());
    let note = french(
        "C: Il tousse depuis lundi.\nD: D'autres malades ?\nC: Il y a la varicelle qui tourne à la crèche.",
    );
    assert!(find(&note, "varicelle").is_some_and(|(_, s)| s.text.starts_with("Contage")));
}

#[test]
fn a_drug_stopped_for_what_it_did_is_no_allergy() {
    let note = french("D: Et le Tahor ?\nP: Je l'ai arrêté, le Tahor, ça me donnait des crampes.");
    let (section, drug) = find(&note, "atorvastatine").unwrap();
    assert_eq!((section, drug.attributes["reaction"].as_str()), (SectionId::Traitements, "crampes"));
    assert!(find(&note, "crampes").is_none());
}

#[test]
fn a_suspect_passage_marks_its_statements() {
    let mut transcript = common::transcript("P: J'ai de la toux depuis trois jours.", Language::Fr);
    transcript.segments[0].suspect = true;
    let note = Clinical::load(Language::Fr).structure(&transcript);
    assert!(find(&note, "toux").unwrap().1.flags.contains(&Flag::SuspectAudio));
}

#[test]
fn several_speakers_in_one_segment_are_told_apart_by_their_words() {
    let note = french("?: Vous avez de la fièvre ? Non. Vous toussez ? Oui, depuis lundi.");
    assert_eq!(find(&note, "fièvre").unwrap().1.polarity, Polarity::Absent);
    assert_eq!(find(&note, "toux").unwrap().1.polarity, Polarity::Present);
}

#[test]
fn english_follows_the_same_rules() {
    let note = english(
        "D: Any fever?\nP: No.\nP: I'm allergic to penicillin, it gave me hives.\nD: Let me examine you. Blood pressure is one thirty over eighty.\nD: I think this is sinusitis. I'll prescribe amoxicillin, 500 milligrams three times a day for seven days.",
    );
    assert_eq!(find(&note, "fever").unwrap().1.polarity, Polarity::Absent);
    assert_eq!(find(&note, "penicillin").unwrap().1.attributes["reaction"], "urticaria");
    assert_eq!(find(&note, "blood pressure").unwrap().1.attributes["value"], "130/80");
    assert_eq!(find(&note, "amoxicillin").unwrap().1.text, "Amoxicillin 500\u{a0}mg 3 times a day, 7 days");
}

#[test]
fn of_several_things_asked_the_one_named_is_the_one_there_is() {
    let note = english("D: Any medical problems? Asthma, eczema?\nP: Yes, a bit of eczema.");
    assert!(find(&note, "eczema").is_some() && find(&note, "asthma").is_none(), "{:?}", texts(&note));
    let note = french("D: Vous avez de l'asthme, de l'eczéma ?\nP: Oui, de l'eczéma.");
    assert!(find(&note, "eczéma").is_some() && find(&note, "asthme").is_none(), "{:?}", texts(&note));
}

#[test]
fn a_side_asked_for_belongs_to_what_was_told() {
    let note = english("D: What brings you in?\nP: I've got an earache.\nD: Which ear?\nP: The left one.");
    assert_eq!(find(&note, "earache").unwrap().1.attributes["laterality"], "left");
    let note = french("P: J'ai mal au genou depuis hier.\nD: Quel genou ?\nP: Le droit.");
    assert_eq!(find(&note, "genou").unwrap().1.attributes["laterality"], "droite");
}

#[test]
fn a_parent_speaks_of_the_other_parent() {
    let note = english("D: How old is she?\nC: She's four. My husband has asthma.\nD: Right.");
    assert_eq!(find(&note, "asthma").unwrap().1.experiencer, Experiencer::Family);
}
