//! How French patients and doctors speak: one test for each family of turns of speech.
#![allow(clippy::unwrap_used)]
mod common;

use common::{find, french, texts};
use note::{Experiencer, Kind, Note, Polarity, SectionId};

fn says(note: &Note, text: &str) -> bool {
    texts(note).iter().any(|t| t == text)
}

const CHILD: &str = "D: C'est pour le petit ?\nC: Oui, il a de la fièvre, la crèche m'a appelée.\n";
const LOOKING: &str = "P: J'ai mal au ventre.\nD: Je vous examine. La tension, douze sept.\n";
const DECIDED: &str =
    "P: Je tousse.\nD: Je vous examine. La tension, douze sept.\nD: C'est donc une bronchite.\n";

#[test]
fn a_complaint_keeps_the_place_where_it_is_felt() {
    for (said, written) in [
        ("J'ai des fourmis dans les pieds.", "Fourmillements dans les pieds"),
        ("J'ai des boutons sur le visage.", "Boutons sur le visage"),
        ("J'ai des crampes dans mes mollets.", "Crampes dans les mollets"),
    ] {
        let note = french(&format!("D: Qu'est-ce qui vous amène ?\nP: {said}"));
        assert!(says(&note, written), "{said}: {:?}", texts(&note));
    }
}

#[test]
fn a_sign_keeps_its_site_its_side_and_its_size() {
    let note = french(&format!(
        "{LOOKING}D: Une plaie de la face palmaire de la main gauche, de trois centimètres.\nD: Un hématome frontal droit."
    ));
    assert!(says(&note, "Plaie de la face palmaire de la main gauche 3 cm"), "{:?}", texts(&note));
    assert!(says(&note, "Hématome frontal droit"), "{:?}", texts(&note));
}

#[test]
fn what_is_denied_while_looking_is_a_sign_and_no_conclusion() {
    let note = french(&format!("{LOOKING}D: Pas de fracture, pas de corps étranger."));
    assert_eq!(find(&note, "fracture").unwrap().0, SectionId::Examen);
    let asked = french(&format!("{LOOKING}D: Pas de déficit, vous sentez bien partout ?\nP: Mardi."));
    assert_eq!(find(&asked, "déficit").unwrap().1.polarity, Polarity::Absent);
}

#[test]
fn a_pressure_is_read_in_each_posture_and_in_two_words() {
    let note = french(&format!("{LOOKING}D: Allongé, quinze sur huit. Debout, treize sur sept."));
    assert!(texts(&note).iter().any(|t| t.starts_with("TA debout 13/7")), "{:?}", texts(&note));
    let low = french("P: Je suis fatiguée.\nD: Je prends la tension. La tension, dix sept.");
    assert_eq!(find(&low, "tension").unwrap().1.attributes["value"], "10/7");
}

#[test]
fn a_birth_weight_is_no_weight_of_today() {
    let note = french(&format!(
        "{CHILD}D: Il est né à terme ?\nC: Oui, né à trente-neuf semaines, trois kilos deux."
    ));
    let (section, weight) = find(&note, "poids").unwrap();
    assert_eq!(section, SectionId::Antecedents);
    assert!(weight.text.contains("naissance"));
}

#[test]
fn an_allergy_of_the_husband_is_not_the_childs() {
    let note = french(&format!(
        "{CHILD}D: Des allergies connues ?\nC: Aucune à ma connaissance. Mon mari est allergique à la pénicilline par contre."
    ));
    assert!(find(&note, "pénicilline").is_none(), "{:?}", texts(&note));
    assert!(says(&note, "Pas d'allergie connue"), "{:?}", texts(&note));
}

#[test]
fn whom_a_companion_names_first_is_the_patient() {
    let note = french("C: Bonjour, c'est pour maman. Elle est tombée dimanche.\nD: Bonjour madame.");
    let (section, fall) = find(&note, "chute").unwrap();
    assert_eq!((section, fall.experiencer), (SectionId::Motif, Experiencer::Patient));
}

#[test]
fn a_disease_of_a_brother_or_sister_is_a_contact() {
    let note = french(&format!("{CHILD}C: Mon aîné, lui, il a la varicelle."));
    let (section, contact) = find(&note, "varicelle").unwrap();
    assert_eq!((section, contact.experiencer), (SectionId::Histoire, Experiencer::Family));
}

#[test]
fn a_likeness_leaves_the_disease_to_the_patient() {
    let note = french("D: Des maladies ?\nP: J'ai du cholestérol comme mon père.");
    assert_eq!(find(&note, "cholestérol").unwrap().1.experiencer, Experiencer::Patient);
}

#[test]
fn where_vaccines_are_asked_a_disease_is_its_vaccine() {
    let note = french(
        "P: Je tousse.\nD: Le vaccin contre la grippe, le Covid ?\nP: La grippe oui, en octobre. Le Covid jamais.",
    );
    assert!(note.statements().all(|(_, s)| s.kind != Kind::Condition), "{:?}", texts(&note));
    assert_eq!(find(&note, "vaccin antigrippal").unwrap().1.polarity, Polarity::Present);
    let had =
        french("P: Je tousse.\nD: Vous êtes vacciné contre la rougeole ?\nP: J'ai eu la rougeole petit.");
    assert!(find(&had, "rougeole").is_some_and(|(_, s)| s.kind == Kind::Condition), "{:?}", texts(&had));
}

#[test]
fn a_test_for_today_or_tomorrow_is_ordered_and_not_done() {
    let note = french(&format!("{DECIDED}D: Il faut une radio du thorax cet après-midi."));
    let (section, test) = find(&note, "radiographie thoracique").unwrap();
    assert_eq!((section, test.kind), (SectionId::Conduite, Kind::TestOrder));
}

#[test]
fn a_class_of_drugs_gives_way_to_the_drug_that_is_named() {
    let note = french(
        "P: Je suis tombé.\nD: Vous prenez un anticoagulant ?\nP: Oui, l'Eliquis, deux et demi matin et soir.",
    );
    assert!(find(&note, "anticoagulant").is_none(), "{:?}", texts(&note));
    assert!(says(&note, "Eliquis 2,5 matin et soir"), "{:?}", texts(&note));
}

#[test]
fn a_drug_of_someone_else_or_only_offered_is_no_treatment() {
    let friend = french(&format!("{DECIDED}P: L'implant, ma copine en a un."));
    assert!(find(&friend, "implant").is_none(), "{:?}", texts(&friend));
    let choice = french(&format!("{DECIDED}D: Je vous propose soit un implant, soit une pilule."));
    assert!(choice.statements().all(|(section, _)| section != SectionId::Ordonnance), "{:?}", texts(&choice));
}

#[test]
fn a_drug_named_on_the_way_to_an_allergy_is_no_treatment() {
    let note = french(
        "D: Des allergies ?\nP: Le Bétadine... enfin, la Bétadine, ça m'a fait un eczéma il y a deux ans.",
    );
    assert!(note.statements().all(|(section, _)| section == SectionId::Allergies), "{:?}", texts(&note));
}

#[test]
fn halves_and_points_that_are_not_said_are_read() {
    let half = french(&format!("{DECIDED}D: Je vous mets du propranolol, une demie trois fois par jour."));
    assert_eq!(find(&half, "propranolol").unwrap().1.attributes["dose"], "½");
    let folic = french(&format!("{DECIDED}D: Je vous prescris de l'acide folique, zéro quatre, le matin."));
    assert_eq!(find(&folic, "acide folique").unwrap().1.attributes["dose"], "0,4");
}

#[test]
fn who_stopped_smoking_long_ago_does_not_smoke() {
    let note = french(
        "P: Je tousse.\nD: Vous ne fumez toujours pas ?\nP: Ah non, ça fait vingt ans que j'ai arrêté. Un paquet par jour pendant quinze ans.",
    );
    assert!(find(&note, "tabagisme sevré").is_some(), "{:?}", texts(&note));
    assert!(!texts(&note).iter().any(|t| t.starts_with("Tabac")), "{:?}", texts(&note));
}

#[test]
fn what_a_list_answered_as_a_whole_denies_later_is_denied() {
    let note = french(
        "P: Je tousse.\nD: De la fièvre, des frissons ?\nP: Trente-huit deux hier soir. Des frissons non.",
    );
    assert_eq!(find(&note, "frissons").unwrap().1.polarity, Polarity::Absent);
    assert_eq!(find(&note, "fièvre").unwrap().1.polarity, Polarity::Present);
}

#[test]
fn an_operation_goes_to_the_disease_it_was_for() {
    let note = french("D: Des opérations ?\nP: Une invagination, on m'a opéré à deux ans.");
    assert!(
        texts(&note).iter().any(|t| t.starts_with("Opération : invagination intestinale")),
        "{:?}",
        texts(&note)
    );
}

#[test]
fn times_of_the_clock_are_no_delay() {
    let note = french(&format!("{DECIDED}D: Et demain, un petit contrôle, passez vers douze heures."));
    assert!(texts(&note).iter().any(|t| t.starts_with("Revoir demain")), "{:?}", texts(&note));
}

#[test]
fn adjectives_agree_in_the_plural() {
    let note = french(&format!("{LOOKING}D: Des sibilants diffus des deux côtés."));
    assert!(texts(&note).iter().any(|t| t.contains("Sibilants diffus bilatéraux")), "{:?}", texts(&note));
}

#[test]
fn infections_and_vitamins_listed_after_a_test_are_looked_for() {
    let note =
        french(&format!("{DECIDED}D: Je vous prescris une prise de sang, NFS, VIH, syphilis, vitamine D."));
    for concept in ["VIH", "syphilis", "vitamine D"] {
        let (section, test) = find(&note, concept).unwrap();
        assert_eq!((section, test.kind), (SectionId::Conduite, Kind::TestOrder), "{concept}");
    }
}

#[test]
fn a_disease_of_childhood_is_past_and_a_drug_once_given_is_no_treatment() {
    let note = french(
        "D: Vous avez de l'asthme ?\nP: Quand j'étais petit, plus maintenant.\nP: On m'avait donné du Seroplex pendant un an.",
    );
    let (_, asthma) = find(&note, "asthme").unwrap();
    assert_eq!((asthma.polarity, asthma.temporality), (Polarity::Present, note::Temporality::Past));
    assert!(note.statements().all(|(section, _)| section != SectionId::Traitements), "{:?}", texts(&note));
}

#[test]
fn the_last_word_on_a_dose_holds() {
    let note = french(&format!(
        "P: Je prends du candésartan seize.\n{DECIDED}D: On renouvelle le candésartan seize.\nD: Non, on monte le candésartan à trente-deux."
    ));
    let doses: Vec<_> = note
        .statements()
        .filter(|(section, _)| *section == SectionId::Ordonnance)
        .filter_map(|(_, s)| s.attributes.get("dose").cloned())
        .collect();
    assert_eq!(doses, ["32"]);
}

#[test]
fn whoever_concludes_after_looking_is_the_doctor_even_unnamed() {
    let note = french(
        "?: qu'est-ce qui vous amène\n?: je dors plus j'ai plus envie de rien\n?: je vais vous prendre la tension douze sept\n?: bon pour moi c'est un épisode dépressif d'intensité modérée",
    );
    assert_eq!(find(&note, "dépression").unwrap().0, SectionId::Conclusion);
    assert_eq!(find(&note, "tension artérielle").unwrap().1.attributes["value"], "12/7");
}
