//! What is asked of in the sense of its working goes well or badly.
#![allow(clippy::unwrap_used)]
mod common;

use common::{english, find, french, texts};
use note::Polarity;

fn polarity(script: &str, concept: &str) -> Option<Polarity> {
    find(&french(script), concept).map(|(_, s)| s.polarity)
}

#[test]
fn a_poor_answer_tells_of_trouble_and_a_good_one_denies_it() {
    let asked = "D: Qu'est-ce qui vous amène ?\nP: Je suis fatigué.\nD: La concentration ?\n";
    let badly = format!("{asked}P: Nulle.");
    let well = format!("{asked}P: Normale.");
    assert_eq!(polarity(&badly, "concentration"), Some(Polarity::Present));
    assert_eq!(polarity(&well, "concentration"), Some(Polarity::Absent));
    assert!(texts(&french(&well)).contains(&"Concentration conservée".to_owned()));
}

#[test]
fn no_to_a_verb_is_trouble() {
    let note = "D: Qu'est-ce qui vous amène ?\nP: Je suis triste.\nD: Vous mangez bien ?\nP: Pas trop.";
    assert_eq!(polarity(note, "appétit"), Some(Polarity::Present));
}

#[test]
fn a_good_beginning_that_turns_says_nothing() {
    let note = "D: Qu'est-ce qui vous amène ?\nP: Je suis triste.\nD: Vous dormez comment ?\n\
                P: Bien, et à trois heures je fixe le plafond.";
    assert_ne!(polarity(note, "sommeil"), Some(Polarity::Absent));
}

#[test]
fn each_function_is_answered_by_its_own_words() {
    let note = "D: Qu'est-ce qui vous amène ?\nP: Je tousse.\nD: Et l'appétit, le sommeil ?\n\
                P: L'appétit ça va. Le sommeil, bof.";
    assert_eq!(polarity(note, "appétit"), Some(Polarity::Absent));
    assert_eq!(polarity(note, "sommeil"), Some(Polarity::Present));
}

#[test]
fn a_complaint_is_not_undone() {
    let note = "D: Qu'est-ce qui vous amène ?\nP: J'ai perdu l'appétit.\nD: Le moral, l'appétit ?\nP: Ça va.";
    assert_eq!(polarity(note, "appétit"), Some(Polarity::Present));
}

#[test]
fn english_functions_too() {
    let note = english("D: What brings you in?\nP: I feel low.\nD: And your concentration?\nP: Terrible.");
    assert_eq!(find(&note, "concentration").unwrap().1.polarity, Polarity::Present);
}

#[test]
fn an_answer_that_names_one_function_answers_nothing_else() {
    let note = "D: Qu'est-ce qui vous amène ?\nP: Le renouvellement.\n\
                D: Et ça brûle quand vous urinez, il y a du sang, le jet, ça va ?\n\
                P: Le jet, c'est plus comme à vingt ans.";
    assert_eq!(polarity(note, "jet"), Some(Polarity::Present));
    assert_eq!(polarity(note, "brûlures"), None);
}
