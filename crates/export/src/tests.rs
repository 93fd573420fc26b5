use std::process::Command;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use note::{Language, Note, SectionId, ValidatedNote};
use proptest::prelude::*;

use crate::*;

fn note(language: Language, lines: &[(SectionId, &str)]) -> Note {
    let mut note = Note::new(language);
    for (at, (section, text)) in lines.iter().enumerate() {
        let json = serde_json::json!({
            "id": format!("s{at}"), "kind": "other", "text": text, "sources": [], "author": "doctor"
        });
        note.push(*section, serde_json::from_value(json).unwrap());
    }
    note
}

fn french() -> Note {
    note(
        Language::Fr,
        &[
            (SectionId::Motif, "Mal de gorge depuis 3 jours"),
            (SectionId::Allergies, "Pénicilline : urticaire"),
            (SectionId::Examen, "TA 152/94 mmHg ; T° 38,5\u{202f}°C"),
            (SectionId::Ordonnance, "Paracétamol 1\u{202f}g × 3/j, 5 jours"),
        ],
    )
}

fn letterhead() -> Letterhead {
    Letterhead {
        doctor: "Dr Claire Exemple".into(),
        specialty: "Médecine générale".into(),
        rpps: "10000000000".into(),
        address: vec!["1 rue de l'Exemple".into(), "00000 Ville".into()],
        phone: "01 00 00 00 00".into(),
        email: String::new(),
    }
}

fn heading() -> Heading {
    Heading {
        patient_name: Some("Camille Modèle".into()),
        patient_identifier: Some("A-17".into()),
        birth_date: NaiveDate::from_ymd_opt(1957, 3, 12),
        consulted_at: DateTime::<FixedOffset>::parse_from_rfc3339("2026-11-23T14:05:00+01:00").ok(),
        printed_on: None,
        exercise: false,
    }
}

fn signed(note: Note) -> ValidatedNote {
    let at = DateTime::parse_from_rfc3339("2026-11-23T13:20:00Z").unwrap().with_timezone(&Utc);
    ValidatedNote::sign(note, "Dr Claire Exemple", at, |_| true).unwrap()
}

fn run(tool: &str, arguments: &[&str]) -> String {
    let output = Command::new(tool).args(arguments).output();
    let output = output.unwrap_or_else(|e| panic!("{tool} is needed for this test (poppler-utils): {e}"));
    assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn written(pdf: &[u8]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("note.pdf");
    std::fs::write(&path, pdf).unwrap();
    let path = path.display().to_string();
    (folder, path)
}

#[test]
fn a_validated_note_becomes_a_signed_page_with_embedded_fonts() {
    let (signed, letterhead, heading) = (signed(french()), letterhead(), heading());
    let document =
        Document { subject: Subject::Validated(&signed), letterhead: &letterhead, heading: &heading };
    let (_folder, path) = written(&pdf(&document).unwrap());
    let page = run("pdftotext", &["-layout", &path, "-"]).replace(['\u{a0}', '\u{202f}'], " ");
    for expected in [
        "Dr Claire Exemple",
        "RPPS 10000000000",
        "Camille Modèle",
        "né(e) le 12/03/1957",
        "Consultation du 23 novembre 2026 à 14 h 05",
        "Pénicilline : urticaire",
        "TA 152/94 mmHg ; T° 38,5 °C",
        "Paracétamol 1 g × 3/j, 5 jours",
        "Validé par Dr Claire Exemple le 23/11/2026 à 14 h 20",
        "1/1",
    ] {
        assert!(page.contains(expected), "{expected:?} is missing from:\n{page}");
    }
    assert!(!page.contains("BROUILLON"));
    let fonts = run("pdffonts", &[&path]);
    let embedded = fonts.lines().skip(2).filter(|line| line.contains(" yes yes "));
    assert_eq!(embedded.count(), fonts.lines().skip(2).count(), "{fonts}");
    let info = run("pdfinfo", &[&path]);
    assert!(info.contains("595.276 x 841.89") && !info.contains("Camille"), "{info}");
}

#[test]
fn a_paper_is_a_draft_until_it_is_signed_for_itself() {
    let (note, letterhead, heading) = (signed(french()), letterhead(), heading());
    let paper = compose(note::PaperKind::Prescription, &note, &heading).unwrap();
    let page = |subject: Subject<'_>| {
        let document = Document { subject, letterhead: &letterhead, heading: &heading };
        let (_folder, path) = written(&pdf(&document).unwrap());
        let page = run("pdftotext", &["-layout", &path, "-"]).replace(['\u{a0}', '\u{202f}'], " ");
        (page, text(&document), html(&document))
    };
    let (sheet, plain, rich) = page(Subject::DraftPaper(&paper));
    assert!(sheet.contains("BROUILLON") && plain.starts_with("BROUILLON") && rich.contains("BROUILLON"));
    let at = note.at();
    let signed = note::ValidatedPaper::sign(paper, &note, "Dr Claire Exemple", at).unwrap();
    let (sheet, plain, rich) = page(Subject::ValidatedPaper(&signed));
    for expected in ["Ordonnance", "Camille Modèle", "Le 23 novembre 2026", "Paracétamol 1 g × 3/j, 5 jours"]
    {
        assert!(sheet.contains(expected), "{expected:?} is missing from:\n{sheet}");
    }
    assert!(!sheet.contains("BROUILLON") && !sheet.contains("Mal de gorge"), "{sheet}");
    assert_eq!(
        plain,
        "ORDONNANCE\n\nLe 23 novembre 2026\n\n- Paracétamol 1 g × 3/j, 5 jours\n\n\
         Validé par Dr Claire Exemple le 23/11/2026 à 14 h 20"
    );
    assert!(rich.contains("<h2>Ordonnance</h2><p>Le 23\u{a0}novembre 2026</p><ul><li>"), "{rich}");
}

#[test]
fn a_draft_says_so_in_every_form() {
    let (draft, letterhead, heading) = (french(), letterhead(), heading());
    let document = Document { subject: Subject::Draft(&draft), letterhead: &letterhead, heading: &heading };
    let (_folder, path) = written(&pdf(&document).unwrap());
    assert!(run("pdftotext", &[&path, "-"]).contains("BROUILLON"));
    assert!(text(&document).starts_with("BROUILLON – non validé\n"));
    assert!(html(&document).contains("BROUILLON"));
}

#[test]
fn a_draft_of_no_known_visit_is_printed_all_the_same() {
    let (draft, letterhead) = (french(), Letterhead::default());
    let printed_on = NaiveDate::from_ymd_opt(2026, 11, 23);
    for (heading, archived) in
        [(Heading { printed_on, ..Heading::default() }, true), (Heading::default(), false)]
    {
        let document =
            Document { subject: Subject::Draft(&draft), letterhead: &letterhead, heading: &heading };
        let made = pdf(&document).unwrap();
        let (_folder, path) = written(&made);
        assert!(run("pdftotext", &[&path, "-"]).contains("Mal de gorge depuis 3 jours"));
        let metadata = String::from_utf8_lossy(&made);
        assert_eq!(metadata.contains("pdfaid:part"), archived, "a file without a date is no archive file");
    }
}

#[test]
fn plain_text_holds_every_statement_in_order_with_ordinary_spaces() {
    let (signed, heading) = (signed(french()), Heading::default());
    let letterhead = Letterhead::default();
    let document =
        Document { subject: Subject::Validated(&signed), letterhead: &letterhead, heading: &heading };
    assert_eq!(
        text(&document),
        "MOTIF DE CONSULTATION\n- Mal de gorge depuis 3 jours\n\nALLERGIES\n- Pénicilline : urticaire\n\n\
         EXAMEN CLINIQUE\n- TA 152/94 mmHg ; T° 38,5 °C\n\nORDONNANCE\n- Paracétamol 1 g × 3/j, 5 jours\n\n\
         Validé par Dr Claire Exemple le 23/11/2026 à 13 h 20"
    );
}

#[test]
fn rich_text_cannot_be_injected() {
    let draft = note(Language::En, &[(SectionId::Histoire, "<script>alert('x')</script> & \"quotes\"")]);
    let (letterhead, heading) = (Letterhead::default(), Heading::default());
    let page =
        html(&Document { subject: Subject::Draft(&draft), letterhead: &letterhead, heading: &heading });
    assert!(!page.contains("<script>") && page.contains("&lt;script&gt;"));
}

#[test]
fn a_preview_shows_each_page_without_reaching_outside() {
    let lines: Vec<String> = (0..120).map(|n| format!("Ligne {n}")).collect();
    let lines: Vec<_> = lines.iter().map(|line| (SectionId::Histoire, line.as_str())).collect();
    let (draft, letterhead, heading) = (note(Language::Fr, &lines), letterhead(), heading());
    let document = Document { subject: Subject::Draft(&draft), letterhead: &letterhead, heading: &heading };
    let pages = preview(&document).unwrap();
    let (_folder, path) = written(&pdf(&document).unwrap());
    assert!(run("pdfinfo", &[&path]).contains(&format!("Pages:           {}", pages.len())));
    for page in &pages {
        let links = page.matches("http").count();
        assert!(page.starts_with("<svg") && links == page.matches("http://www.w3.org/").count());
    }
}

#[test]
fn a_long_note_numbers_its_pages() {
    let lines: Vec<String> =
        (0..120).map(|n| format!("Ligne {n} : douleur à la marche, sans fièvre")).collect();
    let lines: Vec<_> = lines.iter().map(|line| (SectionId::Histoire, line.as_str())).collect();
    let (signed, letterhead, heading) = (signed(note(Language::Fr, &lines)), letterhead(), heading());
    let document =
        Document { subject: Subject::Validated(&signed), letterhead: &letterhead, heading: &heading };
    let (_folder, path) = written(&pdf(&document).unwrap());
    let text = run("pdftotext", &[&path, "-"]);
    assert!(text.contains("1/3") && text.contains("3/3"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn nothing_a_person_says_can_break_the_page(said in "\\PC{0,60}|[#$*_<>@`\\\\\\[\\]{}~/=+\"' -]{0,40}|.{0,40}") {
        let draft = note(Language::Fr, &[(SectionId::Histoire, &said), (SectionId::Suivi, "Revoir")]);
        let (letterhead, heading) = (letterhead(), heading());
        let document = Document { subject: Subject::Draft(&draft), letterhead: &letterhead, heading: &heading };
        let made = pdf(&document);
        prop_assert!(made.as_ref().is_ok_and(|pdf| pdf.starts_with(b"%PDF-")), "{:?}", made.err());
    }
}

#[test]
fn an_exercise_says_so_in_every_form_even_signed() {
    let (signed, letterhead) = (signed(french()), letterhead());
    let heading = Heading { exercise: true, ..heading() };
    let document =
        Document { subject: Subject::Validated(&signed), letterhead: &letterhead, heading: &heading };
    let (_folder, path) = written(&pdf(&document).unwrap());
    let page = run("pdftotext", &["-layout", &path, "-"]);
    assert!(page.matches("EXERCICE – patient inventé").count() >= 2, "in the body and at the foot: {page}");
    assert!(page.contains("sans valeur") && page.contains("Validé par Dr Claire Exemple"));
    assert!(run("pdfinfo", &[&path]).contains("EXERCICE"));
    assert!(text(&document).starts_with("EXERCICE"));
    assert!(html(&document).contains("<strong>EXERCICE"));
    assert!(section_text(&document, SectionId::Motif).starts_with("EXERCICE"));
    assert!(section_html(&document, SectionId::Motif).contains("<strong>EXERCICE"));
}

#[test]
fn one_section_is_its_lines_and_nothing_else() {
    let (signed, letterhead, heading) = (signed(french()), letterhead(), heading());
    let document =
        Document { subject: Subject::Validated(&signed), letterhead: &letterhead, heading: &heading };
    assert_eq!(section_text(&document, SectionId::Ordonnance), "- Paracétamol 1 g × 3/j, 5 jours");
    assert_eq!(
        section_html(&document, SectionId::Motif),
        "<article lang=\"fr\"><ul><li>Mal de gorge depuis 3 jours</li></ul></article>"
    );
    assert_eq!(section_text(&document, SectionId::Suivi), "");
}
