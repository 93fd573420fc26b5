use super::*;

fn found(desk: &Desk, query: &str) -> Vec<ConsultationId> {
    desk.record.list(query, 10).unwrap().into_iter().map(|c| c.id).collect()
}

#[test]
fn a_search_finds_patient_reason_transcript_and_note_without_regard_to_accents_or_case() {
    let desk = Desk::new();
    let new = NewConsultation {
        patient: Some(patient("A-77", "Hélène Ménard")),
        reason: Some("Œdème des chevilles".into()),
        language: Language::Fr,
    };
    let id = desk.record.create_consultation(&new, at(1)).unwrap();
    desk.consultation();
    desk.record.record_consent(&id, &informed()).unwrap();
    desk.record.save_transcript(&id, &transcript(&["l'été dernier", "ça me gênait déjà"])).unwrap();
    desk.record.save_draft(&id, &note("Insuffisance veineuse"), &[], at(2)).unwrap();
    for query in [
        "helene",
        "MENARD",
        "ménard",
        "a-77",
        "oedeme",
        "œdème",
        "chevil",
        "ete",
        "été dernier",
        "genait",
        "l'été",
        "veineuse",
        "hel men vein",
        "1958-03-14",
        "14/03/1958",
        " gene\u{301}  ",
    ] {
        let expected: &[ConsultationId] =
            if query.contains("gene") { &[] } else { std::slice::from_ref(&id) };
        assert_eq!(found(&desk, query), expected, "{query}");
    }
    for query in ["ménager", "veineuse artérielle", "OR", "ménard NOT oedeme", "\"", "*", "(", "a\"b*", "-"]
    {
        assert_eq!(found(&desk, query), [], "{query}");
    }
}

#[test]
fn the_newest_consultation_comes_first_and_the_limit_holds() {
    let desk = Desk::new();
    let ids: Vec<_> = (0..5)
        .map(|n| {
            let new = NewConsultation { reason: Some("toux".into()), ..visit(None) };
            desk.record.create_consultation(&new, at(n)).unwrap()
        })
        .collect();
    let newest_two: Vec<_> = ids.iter().rev().take(2).cloned().collect();
    for query in ["", "toux"] {
        let listed: Vec<_> = desk.record.list(query, 2).unwrap().into_iter().map(|c| c.id).collect();
        assert_eq!(listed, newest_two);
    }
}

#[test]
fn a_search_follows_every_change() {
    let desk = Desk::new();
    let id = desk.in_state(State::Drafted);
    desk.record.save_draft(&id, &note("Angine"), &[], at(5)).unwrap();
    assert_eq!(found(&desk, "angine"), std::slice::from_ref(&id));
    desk.record.save_draft(&id, &note("Pharyngite"), &[], at(6)).unwrap();
    assert_eq!(found(&desk, "angine"), []);
    desk.record.freeze(&id, &signed("Pharyngite virale")).unwrap();
    assert_eq!(found(&desk, "virale"), std::slice::from_ref(&id));
    desk.record.erase_consultation(&id, "asked", at(7)).unwrap();
    assert_eq!(found(&desk, "pharyngite"), []);
}

#[test]
fn what_a_killed_recording_heard_is_found_once_it_is_stopped() {
    let desk = Desk::new();
    let id = desk.in_state(State::Recording);
    desk.record.append_segment(&id, &segment(0, 0, 900, "des palpitations")).unwrap();
    desk.record.set_state(&id, State::Stopped, at(5)).unwrap();
    assert_eq!(found(&desk, "palpitation"), [id]);
}
