use super::*;
use crate::Filter;

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

/// A note with statements of these kinds, in these sections.
fn kinds(lines: &[(note::SectionId, note::Kind, &str)]) -> Note {
    let mut note = note("Vu ce jour");
    let model = note.statements().next().map(|(_, s)| s.clone()).unwrap();
    for (at, (section, kind, text)) in lines.iter().enumerate() {
        let id = format!("k-{at}");
        note.push(*section, note::Statement { id, kind: *kind, text: (*text).into(), ..model.clone() });
    }
    note
}

#[test]
fn consultations_are_found_by_patient_drug_diagnosis_and_day() {
    use note::{Kind, SectionId as S};
    let desk = Desk::new();
    let visit = |name: &str, second: i64, lines: &[(S, Kind, &str)]| {
        let new =
            NewConsultation { patient: Some(patient(name, name)), reason: None, language: Language::Fr };
        let id = desk.record.create_consultation(&new, at(second)).unwrap();
        desk.record.save_draft(&id, &kinds(lines), &[], at(second)).unwrap();
        id
    };
    let angina = visit(
        "Durand",
        100,
        &[(S::Conclusion, Kind::Other, "Angine"), (S::Ordonnance, Kind::Other, "Amoxicilline 1 g")],
    );
    let asthma = visit(
        "Durand",
        200,
        &[(S::Antecedents, Kind::Condition, "Asthme"), (S::Traitements, Kind::Drug, "Salbutamol")],
    );
    // Spoken of, and neither taken nor diagnosed.
    let spoken =
        visit("Martin", 300, &[(S::Histoire, Kind::Symptom, "Craint une angine, sans amoxicilline")]);
    let found = |filter: Filter| -> Vec<ConsultationId> {
        desk.record.find(&filter, 10).unwrap().into_iter().map(|c| c.id).collect()
    };
    let text = |text: &str| Filter { text: text.into(), ..Filter::default() };
    assert_eq!(found(text("angine")), [spoken.clone(), angina.clone()]);
    let diagnosis = |text: &str| Filter { diagnosis: text.into(), ..Filter::default() };
    assert_eq!(found(diagnosis("angi")), std::slice::from_ref(&angina));
    assert_eq!(found(diagnosis("ASTHME")), std::slice::from_ref(&asthma));
    let drug = |text: &str| Filter { drug: text.into(), ..Filter::default() };
    assert_eq!(found(drug("amoxi")), std::slice::from_ref(&angina));
    assert_eq!(found(drug("angine")), []);
    assert_eq!(found(Filter { patient: "durand".into(), ..drug("salbu") }), std::slice::from_ref(&asthma));
    assert_eq!(found(Filter { patient: "martin".into(), ..drug("salbu") }), []);
    assert_eq!(
        found(Filter { patient: "dur".into(), ..Filter::default() }),
        [asthma.clone(), angina.clone()]
    );
    let between = |from, until| Filter { from: Some(at(from)), until: Some(at(until)), ..Filter::default() };
    assert_eq!(found(between(150, 300)), std::slice::from_ref(&asthma));
    assert_eq!(found(Filter { until: None, ..between(200, 0) }), [spoken.clone(), asthma.clone()]);
    assert_eq!(found(Filter { text: "angine".into(), ..between(0, 250) }), std::slice::from_ref(&angina));
    assert_eq!(found(Filter { diagnosis: "asthme".into(), ..between(0, 150) }), []);
    assert_eq!(found(Filter { drug: " - ".into(), ..Filter::default() }), [], "no word, nothing found");
}

#[test]
fn a_negated_or_a_relatives_disease_is_no_diagnosis() {
    let desk = Desk::new();
    let id = desk.consultation();
    let mut note = kinds(&[(note::SectionId::Antecedents, note::Kind::Condition, "Diabète"); 2]);
    let section = note.sections.iter_mut().find(|s| s.id == note::SectionId::Antecedents).unwrap();
    section.statements[0].polarity = note::Polarity::Absent;
    section.statements[1].experiencer = note::Experiencer::Family;
    desk.record.save_draft(&id, &note, &[], at(2)).unwrap();
    assert_eq!(found(&desk, "diabete"), [id]);
    let filter = Filter { diagnosis: "diabete".into(), ..Filter::default() };
    assert!(desk.record.find(&filter, 10).unwrap().is_empty());
}

#[test]
fn filters_find_what_a_colleague_signed_and_nothing_they_drafted() {
    let desk = Desk::new();
    let mine = desk.consultation();
    desk.record
        .save_draft(&mine, &kinds(&[(note::SectionId::Conclusion, note::Kind::Other, "Angine")]), &[], at(2))
        .unwrap();
    let path = desk.path();
    desk.record.add_doctor("Dr B", "une autre longue phrase", true, at(3)).unwrap();
    let Desk { folder: _folder, record, .. } = desk;
    drop(record);
    let other = Record::unlock(&path, "une autre longue phrase", at(4)).unwrap();
    let filter = Filter { diagnosis: "angine".into(), from: Some(at(0)), ..Filter::default() };
    assert!(other.find(&filter, 10).unwrap().is_empty());
    drop(other);
    let owner = Record::unlock(&path, PASSPHRASE, at(5)).unwrap();
    assert_eq!(owner.find(&filter, 10).unwrap().len(), 1);
    owner.freeze(&mine, &signed("Angine")).unwrap();
    drop(owner);
    let other = Record::unlock(&path, "une autre longue phrase", at(6)).unwrap();
    let text = Filter { text: "angine".into(), from: Some(at(0)), ..Filter::default() };
    assert_eq!(other.find(&text, 10).unwrap().len(), 1);
}

#[test]
fn a_search_finds_what_was_just_saved_without_writing_and_the_same_once_it_is_indexed() {
    let desk = Desk::new();
    let ids: Vec<_> = (0..5)
        .map(|n| {
            let id = desk.consultation();
            let note = kinds(&[(note::SectionId::Ordonnance, note::Kind::Drug, "Amoxicilline")]);
            desk.record.save_draft(&id, &note, &[], at(n)).unwrap();
            id
        })
        .collect();
    desk.record.catch_up_search().unwrap();
    desk.record.save_draft(&ids[1], &note("Pharyngite"), &[], at(20)).unwrap();
    desk.record.save_draft(&ids[3], &note("Pharyngite"), &[], at(21)).unwrap();
    let drug = Filter { drug: "amox".into(), ..Filter::default() };
    let all_day = Filter { text: "phar".into(), from: Some(at(0)), ..Filter::default() };
    let newest = |filter: &Filter, limit| -> Vec<ConsultationId> {
        desk.record.find(filter, limit).unwrap().into_iter().map(|c| c.id).collect()
    };
    // Nobody can write.
    let other = desk.record.another_connection().unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for _ in 0..2 {
        assert_eq!(found(&desk, "phar"), [ids[3].clone(), ids[1].clone()]);
        assert_eq!(newest(&all_day, 10), [ids[3].clone(), ids[1].clone()]);
        assert_eq!(newest(&all_day, 1), [ids[3].clone()]);
        assert_eq!(newest(&drug, 10), [ids[4].clone(), ids[2].clone(), ids[0].clone()]);
        if desk.record.is_search_behind().unwrap() {
            other.execute_batch("COMMIT").unwrap();
            desk.record.catch_up_search().unwrap();
        }
    }
    assert!(!desk.record.is_search_behind().unwrap());
    // More changes than a search looks through are indexed by it.
    for n in 0..30 {
        let id = desk.consultation();
        desk.record.save_draft(&id, &note("Otite"), &[], at(30 + n)).unwrap();
    }
    assert_eq!(desk.record.list("otit", 50).unwrap().len(), 30);
    assert!(!desk.record.is_search_behind().unwrap());
}

#[test]
fn patients_come_last_seen_first_as_many_as_asked_with_all_their_visits() {
    let desk = Desk::new();
    let seen = |name: &str, when| {
        desk.record.create_consultation(&visit(Some(patient(name, name))), at(when)).unwrap();
    };
    let names = ["Anne Kervadec", "Anne Kerzerho", "Paul Kermarec", "Anne Le Goff"];
    for (round, when) in [0, 100, 200].into_iter().enumerate() {
        for (name, second) in names.iter().zip(0..) {
            // The last one came once.
            if round == 0 || *name != "Anne Le Goff" {
                seen(name, when + second);
            }
        }
        desk.consultation();
    }
    let listed = |query: &str, limit| -> Vec<(String, u32)> {
        let found = desk.record.patients(query, limit).unwrap();
        found.into_iter().map(|file| (file.patient.name.unwrap(), file.consultations)).collect()
    };
    let of = |name: &str, visits| (name.to_owned(), visits);
    for _ in 0..2 {
        assert_eq!(
            listed("", 10),
            [of(names[2], 3), of(names[1], 3), of(names[0], 3), of(names[3], 1)],
            "indexed: {}",
            !desk.record.is_search_behind().unwrap()
        );
        assert_eq!(listed("", 2), [of(names[2], 3), of(names[1], 3)]);
        assert_eq!(listed("ker", 2), [of(names[2], 3), of(names[1], 3)]);
        assert_eq!(listed("anne", 10), [of(names[1], 3), of(names[0], 3), of(names[3], 1)]);
        assert_eq!(listed("anne ker", 1), [of(names[1], 3)]);
        assert_eq!(listed("", 0), []);
        desk.record.catch_up_search().unwrap();
        // One that the index does not know yet stands among the others.
        desk.record.create_consultation(&visit(Some(patient("zoe", "Zoé Kerbrat"))), at(900)).unwrap();
        assert_eq!(listed("ker", 2), [of("Zoé Kerbrat", 1), of(names[2], 3)]);
        desk.record.erase_patient(&desk.record.patients("zoe", 1).unwrap()[0].id, "", at(901)).unwrap();
    }
}
