//! Papers from a validated note, by templates that a practice may correct (`assets/templates/papers`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use note::{
    Kind, Language, PAPER_SCHEMA, Paper, PaperKind, PaperLine, PaperSection, Polarity, SectionId, Statement,
    ValidatedNote,
};
use regex::Regex;
use serde::Deserialize;

use crate::{ExportError, Heading, wording};

/// What a doctor fills in by hand.
const BLANK: &str = "……………………………………";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    title: String,
    #[serde(default)]
    recipient: Vec<String>,
    #[serde(default)]
    opening: Vec<String>,
    #[serde(default)]
    closing: Vec<String>,
    #[serde(default)]
    section: Vec<SectionTemplate>,
    #[serde(default)]
    spell_out: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionTemplate {
    title: String,
    take: Vec<Take>,
    #[serde(default)]
    blank: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Take {
    from: SectionId,
    #[serde(default)]
    kinds: Vec<Kind>,
    #[serde(default)]
    present: bool,
}

impl Take {
    fn accepts(&self, statement: &Statement) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&statement.kind))
            && (!self.present || statement.polarity == Polarity::Present)
    }
}

type Templates = Result<BTreeMap<PaperKind, Template>, String>;

fn templates(language: Language) -> &'static Templates {
    static FRENCH: LazyLock<Templates> =
        LazyLock::new(|| read(include_str!("../../../assets/templates/papers/fr.toml")));
    static ENGLISH: LazyLock<Templates> =
        LazyLock::new(|| read(include_str!("../../../assets/templates/papers/en.toml")));
    match language {
        Language::Fr => &FRENCH,
        Language::En => &ENGLISH,
    }
}

fn read(file: &str) -> Templates {
    toml::from_str(file).map_err(|error| error.message().to_owned())
}

/// The paper that the statements of a signed note make, for the doctor to correct and to sign. Nothing is added to what
/// the note says; what the templates need and nobody gave is left as a blank.
///
/// # Errors
/// [`ExportError::Papers`] when the built-in templates cannot be read.
pub fn compose(kind: PaperKind, signed: &ValidatedNote, heading: &Heading) -> Result<Paper, ExportError> {
    let note = signed.note();
    let language = note.language;
    let all = templates(language).as_ref().map_err(|problem| ExportError::Papers(problem.clone()))?;
    let template = all.get(&kind).ok_or_else(|| ExportError::Papers(format!("no {} paper", kind.name())))?;
    let spelled = Spelling::new(&template.spell_out)?;
    let filled = |texts: &[String]| -> Vec<String> {
        texts.iter().map(|text| fill(text, language, signed.author(), heading)).collect()
    };
    let mut taken: Vec<&str> = Vec::new();
    let mut sections = Vec::new();
    for section in &template.section {
        let mut lines = Vec::new();
        for take in &section.take {
            let held = note.sections.iter().filter(|held| held.id == take.from);
            for statement in held.flat_map(|held| &held.statements).filter(|s| take.accepts(s)) {
                if !taken.contains(&statement.id.as_str()) {
                    taken.push(&statement.id);
                    let text = spelled.out(&statement.text);
                    lines.push(PaperLine { text, statement: Some(statement.id.clone()) });
                }
            }
        }
        if lines.is_empty() && section.blank {
            lines.push(PaperLine { text: BLANK.into(), statement: None });
        }
        if !lines.is_empty() {
            sections.push(PaperSection { title: section.title.clone(), lines });
        }
    }
    Ok(Paper {
        schema: PAPER_SCHEMA.into(),
        kind,
        language,
        title: template.title.clone(),
        recipient: filled(&template.recipient),
        opening: filled(&template.opening),
        sections,
        closing: filled(&template.closing),
    })
}

fn fill(text: &str, language: Language, doctor: &str, heading: &Heading) -> String {
    let given = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let patient = given(heading.patient_name.as_deref()).unwrap_or_else(|| BLANK.to_owned());
    let birth = heading.birth_date.map(|day| format!(", {}", wording::born(language, day)));
    let date = heading.consulted_at.map(|at| wording::long_date(language, at.date_naive()));
    let doctor = given(Some(doctor)).unwrap_or_else(|| BLANK.to_owned());
    text.replace("{patient}", &patient)
        .replace("{birth}", birth.as_deref().unwrap_or_default())
        .replace("{date}", date.as_deref().unwrap_or(BLANK))
        .replace("{doctor}", &doctor)
}

/// Shorthand written out for a reader who is not a doctor.
struct Spelling(Vec<(Regex, String)>);

impl Spelling {
    fn new(words: &BTreeMap<String, String>) -> Result<Self, ExportError> {
        let mut words: Vec<_> = words.iter().collect();
        // The longest first: "× 3/j" before "/j".
        words.sort_by_key(|(short, _)| std::cmp::Reverse(short.chars().count()));
        let pattern = |(short, long): (&String, &String)| {
            let number = regex::escape("{n}");
            let body = regex::escape(short).replace(&number, r"(?<n>\d+(?:[.,]\d+)?)").replace(' ', r"\s");
            let starts = short.chars().next().is_some_and(char::is_alphanumeric);
            let edge = if starts { r"\b" } else { "" };
            let end = if short.chars().next_back().is_some_and(char::is_alphanumeric) { r"\b" } else { "" };
            let regex = Regex::new(&format!("{edge}{body}{end}"));
            let regex = regex.map_err(|_| ExportError::Papers(format!("{short:?} cannot be matched")))?;
            Ok((regex, long.replace("{n}", "${n}")))
        };
        words.into_iter().map(pattern).collect::<Result<_, ExportError>>().map(Self)
    }

    fn out(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (short, long) in &self.0 {
            text = short.replace_all(&text, long.as_str()).into_owned();
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, Utc};
    use note::Note;

    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::parse_from_rfc3339("2026-11-23T11:00:00Z").unwrap().to_utc()
    }

    fn signed(language: Language) -> ValidatedNote {
        let mut note = Note::new(language);
        let lines = [
            (SectionId::Motif, "symptom", "present", "Douleur thoracique à l’effort"),
            (SectionId::Allergies, "allergy", "present", "Pénicilline : urticaire"),
            (SectionId::Conclusion, "condition", "uncertain", "Angor possible"),
            (SectionId::Ordonnance, "drug", "present", "Bisoprolol 2,5 mg, 1 cp × 1/j, 1 mois"),
            (SectionId::Ordonnance, "drug", "absent", "Arrêt de l’ibuprofène"),
            (SectionId::Conduite, "referral", "present", "Avis cardiologue"),
            (SectionId::Conduite, "leave", "present", "Arrêt de travail 3 jours"),
            (SectionId::Suivi, "followup", "present", "Revoir dans 1 mois, TA à domicile"),
        ];
        for (at, (section, kind, polarity, text)) in lines.into_iter().enumerate() {
            let json = serde_json::json!({
                "id": format!("s{at}"), "kind": kind, "polarity": polarity, "text": text, "sources": [],
                "author": "doctor"
            });
            note.push(section, serde_json::from_value(json).unwrap());
        }
        ValidatedNote::sign(note, "Dr Claire Exemple", noon(), |_| true).unwrap()
    }

    fn heading() -> Heading {
        Heading {
            exercise: false,
            patient_name: Some("Camille Modèle".into()),
            birth_date: NaiveDate::from_ymd_opt(1957, 3, 12),
            consulted_at: Some(noon().fixed_offset()),
            ..Heading::default()
        }
    }

    fn lines(paper: &Paper) -> Vec<&str> {
        paper.lines().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn every_paper_of_both_languages_can_be_composed_and_signed() {
        for language in [Language::Fr, Language::En] {
            for kind in PaperKind::ALL {
                let note = signed(language);
                let paper = compose(kind, &note, &heading()).unwrap();
                let mut paragraphs = paper.opening.iter().chain(&paper.closing).chain(&paper.recipient);
                assert!(paragraphs.all(|text| !text.contains(['{', '}'])), "{paper:?}");
                assert!(note::ValidatedPaper::sign(paper, &note, "Dr Claire Exemple", noon()).is_ok());
            }
        }
    }

    #[test]
    fn a_prescription_holds_what_is_prescribed_and_never_what_is_stopped() {
        let paper = compose(PaperKind::Prescription, &signed(Language::Fr), &heading()).unwrap();
        assert_eq!(lines(&paper), ["Bisoprolol 2,5 mg, 1 cp × 1/j, 1 mois"]);
        assert_eq!(paper.opening, ["Le 23\u{a0}novembre 2026"]);
    }

    #[test]
    fn a_letter_begins_with_what_is_asked_and_says_each_thing_once() {
        let paper = compose(PaperKind::Referral, &signed(Language::Fr), &heading()).unwrap();
        assert_eq!(lines(&paper)[..2], ["Avis cardiologue", "Douleur thoracique à l’effort"]);
        assert_eq!(paper.sections.iter().filter(|s| s.title == "Motif").count(), 1);
        let opening = "Je vous adresse Camille Modèle, né(e) le 12/03/1957, que j’ai reçu(e) en consultation le \
                       23\u{a0}novembre 2026.";
        assert_eq!(paper.opening[1], opening);
    }

    #[test]
    fn a_certificate_tells_nothing_of_the_illness_and_leaves_a_blank_for_what_nobody_said() {
        let paper = compose(PaperKind::Certificate, &signed(Language::Fr), &heading()).unwrap();
        assert_eq!(lines(&paper), ["Arrêt de travail 3 jours"]);
        let bare = Note::new(Language::Fr);
        let mut note = bare;
        let json = r#"{"id":"a","kind":"symptom","text":"Toux","sources":[],"author":"doctor"}"#;
        note.push(SectionId::Histoire, serde_json::from_str(json).unwrap());
        let note = ValidatedNote::sign(note, "Dr Claire Exemple", noon(), |_| true).unwrap();
        let paper = compose(PaperKind::Certificate, &note, &Heading::default()).unwrap();
        assert_eq!(lines(&paper), [BLANK]);
        assert!(paper.opening[0].contains(BLANK));
    }

    #[test]
    fn a_summary_writes_shorthand_out_for_the_patient() {
        let paper = compose(PaperKind::Summary, &signed(Language::Fr), &heading()).unwrap();
        let all = lines(&paper);
        assert!(all.contains(&"Bisoprolol 2,5 mg, 1 comprimé(s) 1 fois par jour, 1 mois"), "{all:?}");
        assert!(all.contains(&"Revoir dans 1 mois, tension artérielle à domicile"), "{all:?}");
    }
}
