//! Writes a sample PDF of an invented note, for looking at the page: `sample fr|en OUT.pdf [draft|referral|prescription|certificate|summary]`.

use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use export::{Document, Heading, Letterhead, Subject, compose, pdf};
use note::{Language, Note, PaperKind, SectionId, ValidatedNote, ValidatedPaper};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [language, path, rest @ ..] = arguments.as_slice() else {
        return Err("usage: sample fr|en OUT.pdf [draft|referral|prescription|certificate|summary]".into());
    };
    let language: Language = language.parse()?;
    let note = sample(language)?;
    let at: DateTime<Utc> = "2026-11-23T13:20:00Z".parse()?;
    let signed = ValidatedNote::sign(note.clone(), "Dr Claire Exemple", at, |_| true)?;
    let letterhead = Letterhead {
        doctor: "Dr Claire Exemple".into(),
        specialty: "Médecine générale".into(),
        rpps: "10000000000".into(),
        address: vec!["1 rue de l’Exemple".into(), "00000 Ville-Modèle".into()],
        phone: "01 00 00 00 00".into(),
        email: "cabinet@exemple.invalid".into(),
    };
    let heading = Heading {
        patient_name: Some("Camille Modèle".into()),
        patient_identifier: Some("A-17".into()),
        birth_date: NaiveDate::from_ymd_opt(1957, 3, 12),
        consulted_at: Some(DateTime::parse_from_rfc3339("2026-11-23T14:05:00+01:00")?),
        printed_on: None,
        exercise: false,
    };
    let wish = rest.first().map(String::as_str);
    let kind = PaperKind::ALL.into_iter().find(|kind| Some(kind.name()) == wish);
    let paper = kind.map(|kind| compose(kind, &signed, &heading)).transpose()?;
    let paper =
        paper.map(|paper| ValidatedPaper::sign(paper, &signed, "Dr Claire Exemple", at)).transpose()?;
    let subject = match (&paper, wish) {
        (Some(paper), _) => Subject::ValidatedPaper(paper),
        (None, Some(_)) => Subject::Draft(&note),
        (None, None) => Subject::Validated(&signed),
    };
    let document = Document { subject, letterhead: &letterhead, heading: &heading };
    for run in ["first", "second"] {
        let start = Instant::now();
        let bytes = pdf(&document)?;
        eprintln!("{run} export: {} ms, {} bytes", start.elapsed().as_millis(), bytes.len());
        std::fs::write(path, bytes)?;
    }
    Ok(())
}

fn sample(language: Language) -> Result<Note, Failure> {
    use SectionId as S;
    let lines: &[(S, &str)] = match language {
        Language::Fr => &[
            (S::Motif, "Mal de gorge depuis 3 jours, renouvellement du traitement"),
            (S::Antecedents, "HTA depuis 2015"),
            (S::Antecedents, "Père : infarctus à 62 ans"),
            (S::Allergies, "Pénicilline : urticaire"),
            (S::Traitements, "Amlodipine 5 mg, 1 cp le matin"),
            (S::Histoire, "Odynophagie, fièvre à 38,5 °C hier soir"),
            (S::Histoire, "Pas de toux, pas de dyspnée, pas de douleur thoracique"),
            (S::Examen, "TA 152/94 mmHg, FC 76/min, T° 37,8 °C, poids 82 kg"),
            (S::Examen, "Gorge rouge, pas d’adénopathie, auscultation pulmonaire normale"),
            (S::Conclusion, "Angine probablement virale ; HTA non équilibrée"),
            (S::Ordonnance, "Paracétamol 1 g × 3/j, 5 jours, si fièvre ou douleur"),
            (S::Ordonnance, "Amlodipine 10 mg, 1 cp le matin, 3 mois"),
            (S::Conduite, "Automesure tensionnelle 3 jours"),
            (S::Suivi, "Revoir dans 1 mois ; avant si fièvre au-delà de 3 jours"),
        ],
        Language::En => &[
            (S::Motif, "Right knee pain after a fall"),
            (S::Allergies, "Ibuprofen: rash"),
            (S::Traitements, "Metformin 500 mg twice daily"),
            (S::Examen, "BP 132/84 mmHg, weight 78 kg; no effusion, no instability"),
            (S::Ordonnance, "Paracetamol 1 g up to four times daily, 5 days"),
            (S::Suivi, "Review in 2 weeks if no better"),
        ],
    };
    let mut note = Note::new(language);
    for (at, (section, text)) in lines.iter().enumerate() {
        let json = serde_json::json!({
            "id": format!("s{at}"), "kind": "other", "text": text, "sources": [], "author": "doctor"
        });
        note.push(*section, serde_json::from_value(json)?);
    }
    Ok(note)
}
