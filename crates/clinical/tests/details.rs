//! How much, how often, since when and how far: details told in pieces go to what they belong to.
#![allow(clippy::unwrap_used)]
mod common;

use common::{english, find, french, texts};
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
fn a_drug_that_was_given_and_left_is_not_taken() {
    let note = asked("Vous avez pris quelque chose ?", "Ma sœur m'a donné du Ciflox. Mais je l'ai pas pris.");
    assert!(!texts(&note).iter().any(|t| t.contains("Ciflox")), "{:?}", texts(&note));
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
fn what_is_concluded_in_any_words_is_concluded() {
    let note = french(
        "P: Je me suis tordu la cheville.\nD: Je vous examine. La tension, douze sept. Poumons libres. Cœur régulier.\n\
         D: Donc : entorse de la cheville droite. Et un asthme pas assez bien contrôlé.",
    );
    let concluded = |text: &str| {
        note.sections
            .iter()
            .any(|s| s.id == SectionId::Conclusion && s.statements.iter().any(|s| s.text.contains(text)))
    };
    assert!(concluded("Entorse de cheville droite"), "{:?}", texts(&note));
    assert!(concluded("Asthme mal équilibré"), "{:?}", texts(&note));
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

#[test]
fn a_strength_is_told_and_put_right_over_several_turns() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nP: C'est pour le renouvellement.\nD: Vous prenez quoi ?\n\
         P: La metformine, un le matin et un le soir.\nD: Et c'est de la mille ?\n\
         P: Mille, oui. Euh non, attendez, c'est écrit huit cent cinquante sur la boîte.",
    );
    assert!(detail(&note, "metformine", "dose").contains("850"), "{:?}", texts(&note));
}

#[test]
fn a_dose_answers_for_the_drug_that_was_asked_about() {
    let note = english(
        "D: What can I do for you?\nP: I need my repeat.\nD: What do you take?\n\
         P: The levothyroxine, in the morning. And the ramipril.\nD: And the ramipril, is that the two point five?\n\
         P: No, it went up, it's five now.",
    );
    assert_eq!(detail(&note, "ramipril", "dose"), "5");
    assert!(detail(&note, "levothyroxine", "dose").starts_with("none"));
}

#[test]
fn how_a_drug_is_not_taken_is_no_posology() {
    let note = english(
        "P: I have a cough.\nD: I'll listen to your chest. Your temperature is thirty-seven.\nD: This is a flare of your asthma.\n\
         D: I'll prescribe prednisolone, eight tablets in the morning.\nP: Eight!\nD: Don't take them at night, you'll not sleep.",
    );
    assert!(!texts(&note).iter().any(|t| t.contains("at night")), "{:?}", texts(&note));
}

#[test]
fn a_decided_change_waits_for_its_dose() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nP: Le diabète.\nD: Vous prenez quoi ?\nP: Le gliclazide, soixante, le matin.\n\
         D: Je vous examine. La tension, treize huit.\nD: Le gliclazide, on le diminue.\nP: J'en prends plus ?\n\
         D: Si, vous étiez à soixante, vous passez à trente, toujours le matin.",
    );
    let all = texts(&note);
    assert!(all.contains(&"Gliclazide 30 le matin (diminution)".to_owned()), "{all:?}");
}

#[test]
fn what_was_taken_once_and_what_was_only_asked_are_not_taken_now() {
    let note = asked("Elle a déjà eu des antibiotiques ?", "Non.");
    assert!(!texts(&note).iter().any(|t| t.contains("antibiotique")), "{:?}", texts(&note));
    let note = asked("Pas d'aspirine ?", "Si, je prends un ibuprofène à ma femme.");
    assert!(find(&note, "ibuprofène").is_some() && find(&note, "aspirine").is_none(), "{:?}", texts(&note));
}

#[test]
fn an_allergy_of_somebody_else_denies_no_allergy() {
    let note =
        asked("L'allergie à l'amoxicilline, c'est noté ?", "Ah non, ça c'est mon fils. Moi c'est le latex.");
    assert!(!texts(&note).iter().any(|t| t.contains("Pas d'allergie")), "{:?}", texts(&note));
}

#[test]
fn what_is_over_is_denied() {
    let note = french(
        "P: Je suis fatiguée.\nD: Je vous examine. La tension, douze sept. Vous n'êtes plus ralentie.",
    );
    assert!(!texts(&note).iter().any(|t| t.starts_with("Ralentissement")), "{:?}", texts(&note));
    let note = asked("Et l'alcool ?", "L'alcool, rien.");
    assert!(!texts(&note).contains(&"Alcool".to_owned()), "{:?}", texts(&note));
}

#[test]
fn a_value_or_a_day_put_right_is_the_last_one() {
    let note =
        french("D: Je vous examine. La hauteur utérine à vingt-trois... non, vingt-quatre centimètres.");
    assert!(texts(&note).iter().any(|t| t.contains("24")), "{:?}", texts(&note));
    let note =
        french("D: Qu'est-ce qui vous amène ?\nP: J'ai de la fièvre depuis mardi. Non, lundi, pardon.");
    assert_eq!(detail(&note, "fièvre", "onset"), "depuis lundi");
}

#[test]
fn abbreviations_are_said_in_capitals() {
    let note = french("D: Vous avez bu cinq verres ? Relâche ta jambe. Je vous examine.");
    assert!(!texts(&note).iter().any(|t| t.starts_with("BU") || t.starts_with("TA")), "{:?}", texts(&note));
}

#[test]
fn a_reaction_is_told_with_where_it_was_and_no_more() {
    let reaction = |said: &str| detail(&asked("Des allergies ?", said), "latex", "reaction");
    assert_eq!(reaction("Le latex. Ça me fait des plaques aux mains."), "plaques aux mains");
    assert_eq!(
        reaction("Le latex. J'ai eu des plaques rouges partout quand j'étais petit."),
        "plaques rouges partout"
    );
    assert_eq!(reaction("Le latex. J'ai des boutons sur tout le corps depuis."), "boutons sur tout le corps");
}

#[test]
fn what_was_taken_before_is_over_and_what_it_did_is_told_with_it() {
    let note = asked(
        "Vous prenez quoi ?",
        "Le ramipril. J'avais l'amlodipine avant, mais ça me gonflait les chevilles.",
    );
    let told = texts(&note).into_iter().find(|t| t.starts_with("Amlodipine"));
    assert!(told.is_some_and(|t| t.contains("arrêté") && t.contains("gonfl")), "{:?}", texts(&note));
}

#[test]
fn what_the_doctor_does_not_say_is_not_concluded() {
    let note = french(&format!("{DECIDED}D: Je ne dis pas que c'est un mélanome, mais il faut l'enlever."));
    assert!(find(&note, "mélanome").is_none(), "{:?}", texts(&note));
    let note = french(&format!("{DECIDED}D: Non, ça rebondit à l'arrêt."));
    assert!(find(&note, "arrêt de travail").is_none(), "{:?}", texts(&note));
}

#[test]
fn signs_that_call_for_the_emergency_department_are_kept() {
    let note = french(&format!(
        "{DECIDED}D: Si le pied se met à tomber, ou si vous arrivez plus à uriner, urgences tout de suite."
    ));
    assert!(texts(&note).iter().any(|t| t.contains("urgences si pied")), "{:?}", texts(&note));
}

#[test]
fn a_fever_heard_without_its_point_is_written_with_it_and_doubted() {
    let note = french("D: Vous avez de la fièvre ?\nP: Oui, hier soir, j'avais 385 de fièvre.");
    let (_, fever) = find(&note, "fièvre").unwrap();
    assert!(fever.text.contains("38,5\u{a0}°C"), "{}", fever.text);
    assert!(fever.flags.contains(&note::Flag::LowConfidenceWords));
}

#[test]
fn advice_tells_how_long_each_day() {
    let note =
        french(&format!("{DECIDED}D: Essayez de manger moins salé et de marcher trente minutes par jour."));
    assert!(texts(&note).iter().any(|t| t.contains("30 minutes par jour")), "{:?}", texts(&note));
}

#[test]
fn an_allergy_that_was_told_leaves_only_others_to_deny() {
    let note = french("D: Des allergies ?\nP: Le latex.\nD: Et aux médicaments ?\nP: Non, aucun.");
    let all = texts(&note);
    assert!(
        all.contains(&"Latex".to_owned()) && all.contains(&"Pas d'autre allergie connue".to_owned()),
        "{all:?}"
    );
    assert!(!all.iter().any(|t| t.contains("traitement")), "{all:?}");
}

#[test]
fn breath_is_no_murmur() {
    let note = french(
        "D: Reprenez votre souffle. Je vous examine. La tension, douze sept.\nD: Souffle là-dedans, fort.",
    );
    assert!(!texts(&note).iter().any(|t| t.contains("ouffle")), "{:?}", texts(&note));
}
