//! How much, how often, since when and how far: details told in pieces go to what they belong to.
#![allow(clippy::unwrap_used)]
mod common;

use common::{find, french, texts};
use note::{Note, SectionId};

const DECIDED: &str =
    "P: Je tousse.\nD: Je vous examine. La tension, douze sept.\nD: C'est donc une bronchite.\n";

fn detail(note: &Note, concept: &str, name: &str) -> String {
    find(note, concept)
        .and_then(|(_, told)| told.attributes.get(name).cloned())
        .unwrap_or_else(|| format!("none in {:?}", texts(note)))
}

fn asked(question: &str, answer: &str) -> Note {
    french(&format!(
        "D: Qu'est-ce qui vous amène ?\nP: C'est pour le renouvellement.\nD: {question}\nP: {answer}"
    ))
}

#[test]
fn a_dose_may_come_after_the_verb_that_keeps_the_drug() {
    let note = asked("Et le Xarelto ?", "Le Xarelto j'en suis toujours à vingt, le soir.");
    assert_eq!(detail(&note, "rivaroxaban", "dose"), "20");
}

#[test]
fn zero_before_a_number_opens_a_dose_and_denies_nothing() {
    let note = asked("L'alprazolam, vous le prenez toujours ?", "Zéro vingt-cinq, un le soir.");
    assert_eq!(detail(&note, "alprazolam", "dose"), "0,25, 1");
}

#[test]
fn a_strength_told_after_the_count_keeps_both() {
    let note =
        asked("Et l'Atarax, vous le prenez ?", "Un demi. Enfin non, un entier, le soir. Le vingt-cinq.");
    assert_eq!(detail(&note, "hydroxyzine", "dose"), "25, 1");
}

#[test]
fn a_changed_dose_tells_the_one_before_as_well() {
    let note = french(&format!(
        "{DECIDED}D: Le valsartan, on baisse, on passe de quatre-vingts à quarante, le matin."
    ));
    let all = texts(&note);
    assert!(all.iter().any(|t| t.contains("Valsartan 80")), "{all:?}");
    assert!(all.iter().any(|t| t.contains("Valsartan 40 le matin (diminution)")), "{all:?}");
}

#[test]
fn a_dose_that_follows_another_keeps_their_order() {
    let note = french(&format!(
        "{DECIDED}D: Je vous prescris de la sertraline, un comprimé et demi pendant une semaine, puis deux comprimés le matin."
    ));
    assert_eq!(detail(&note, "sertraline", "dose"), "1½ comprimé pendant 1 semaine puis 2 comprimés");
}

#[test]
fn the_most_that_may_be_taken_is_not_how_often_it_is_taken() {
    let note = french(&format!(
        "{DECIDED}D: Je vous prescris du paracétamol, un gramme toutes les six heures, maximum quatre par jour."
    ));
    assert_eq!(detail(&note, "paracétamol", "frequency"), "toutes les 6 heures max 4/j");
}

#[test]
fn a_percentage_measured_after_a_drug_is_no_dose() {
    let note = french(&format!(
        "{DECIDED}D: Je vous prescris de la Ventoline. Plus six pour cent après. Deux bouffées si gêne."
    ));
    assert!(!detail(&note, "salbutamol", "dose").contains('%'));
}

#[test]
fn a_drug_that_somebody_stopped_is_told_as_stopped() {
    let note =
        asked("Vos médicaments ?", "Atorvastatine, vingt. Mais le cardiologue l'a arrêtée l'an dernier.");
    assert!(texts(&note).iter().any(|t| t.contains("arrêté l'an dernier")), "{:?}", texts(&note));
}

#[test]
fn a_drug_borne_many_times_before_is_not_taken_now() {
    let note = asked("Des allergies ?", "Le sparadrap. L'amoxicilline, j'en ai pris plein de fois.");
    let taken = note.sections.iter().find(|s| s.id == SectionId::Traitements);
    assert!(taken.is_none(), "{:?}", texts(&note));
}

#[test]
fn an_allergy_raised_without_a_question_is_taken_up_as_one() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nP: J'ai mal à la gorge.\nD: Alors les allergies. J'ai Bactrim dans le dossier.\n\
         P: Oui, le Bactrim. J'ai fait une urticaire, en 2018.",
    );
    let (section, told) = find(&note, "cotrimoxazole").unwrap();
    assert_eq!(section, SectionId::Allergies, "{:?}", texts(&note));
    assert_eq!(told.attributes.get("year").map(String::as_str), Some("2018"));
}

#[test]
fn a_year_told_alone_is_when_the_allergy_showed() {
    let note = asked("Des allergies ?", "La codéine. J'ai vomi. C'était à l'hôpital, 2016.");
    assert_eq!(detail(&note, "codéine", "year"), "2016");
}

#[test]
fn how_often_goes_to_the_complaint_it_follows() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nP: J'ai vomi toute la nuit, au moins sept fois, et j'ai de la fièvre.",
    );
    let all = texts(&note);
    assert!(all.contains(&"Vomissements nocturnes, au moins 7 fois".to_owned()), "{all:?}");
    assert!(all.contains(&"Fièvre".to_owned()), "{all:?}");
}

#[test]
fn the_stage_of_a_disease_stands_with_it() {
    let note = french(
        "P: Je tousse.\nD: Je vous examine. La tension, douze sept.\nD: C'est donc une BPCO, stade deux.",
    );
    assert!(texts(&note).iter().any(|t| t.contains("stade 2")), "{:?}", texts(&note));
}

#[test]
fn a_breath_within_a_time_does_not_cut_it() {
    let note = french("D: Des antécédents ?\nP: L'hypertension, depuis, oh, vingt ans. Un AVC à Noël 2016.");
    assert_eq!(detail(&note, "hypertension artérielle", "onset"), "depuis 20 ans");
    assert_eq!(detail(&note, "AVC", "year"), "2016");
}

#[test]
fn the_age_of_somebody_is_no_duration() {
    let note = french("D: C'est votre deuxième grossesse ?\nP: Oui, Inès a trois ans.");
    assert!(!texts(&note).iter().any(|t| t.contains("3 ans")), "{:?}", texts(&note));
}
