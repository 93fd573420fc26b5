//! What no statement covers is shown as an omission, in the words that were said.
#![allow(clippy::unwrap_used)]
mod common;

use common::{english, french};
use note::Note;

fn quotes(note: &Note) -> Vec<&str> {
    note.omissions.iter().map(|o| o.quote.as_str()).collect()
}

#[test]
fn a_finding_in_words_no_rule_reads_is_shown_rather_than_lost() {
    let note = french(
        "P: Je viens pour les points.\nD: Je vous examine. La tension, douze sept.\n\
         D: Le périnée est un peu mou. Respirez bien.",
    );
    let read = note.statements().any(|(_, s)| s.text.contains("érinée"));
    assert!(read || quotes(&note).contains(&"Le périnée est un peu mou"), "{:?}", quotes(&note));
    assert!(!quotes(&note).contains(&"Respirez bien"), "what makes the patient move is no finding");
}

#[test]
fn an_answer_that_no_rule_reads_is_shown_with_what_was_asked() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nP: Je tousse.\nD: Et l'appétit, le sommeil ?\n\
         P: Comme un chat dans une gare, docteur.",
    );
    let covered = note.statements().any(|(_, s)| s.sources.iter().any(|q| q.segment == 3));
    assert!(covered || note.omissions.iter().any(|o| o.segment == 3 && o.concept.is_some()));
}

#[test]
fn what_a_statement_covers_and_what_others_have_is_no_omission() {
    let note = french(
        "D: Qu'est-ce qui vous amène ?\nP: J'ai de la fièvre depuis lundi. Mon voisin a une pneumonie.\n\
         D: Je pense que c'est peut-être une grippe.",
    );
    assert_eq!(quotes(&note), Vec::<&str>::new());
}

#[test]
fn english_answers_are_shown_as_well() {
    let note = english(
        "D: What brings you in?\nP: My knee hurts.\nD: Any swelling or locking?\n\
         P: Only after football, like a door that sticks.",
    );
    let covered = note.statements().any(|(_, s)| s.sources.iter().any(|q| q.segment == 3));
    assert!(covered || note.omissions.iter().any(|o| o.segment == 3), "{:?}", quotes(&note));
}

#[test]
fn the_list_stays_short_and_in_the_order_of_the_visit() {
    let mut script = String::from("P: Bonjour.\nD: Je vous examine. La tension, douze sept.\n");
    for part in ["genou", "coude", "poignet", "mollet", "talon", "pouce", "menton", "front", "nez", "cou"] {
        script.push_str(&format!("D: Le {part} est comme avant, en somme.\n"));
    }
    let note = french(&script);
    assert!(note.omissions.len() <= 8);
    assert!(note.omissions.is_sorted_by_key(|o| o.segment));
}
