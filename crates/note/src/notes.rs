use serde::{Deserialize, Serialize};

use crate::{Language, ReadError, Statement};

pub const NOTE_SCHEMA: &str = "calame.note/1";

/// A structured note: sections in the order of [`SectionId::ORDER`], empty ones left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Note {
    pub schema: String,
    pub language: Language,
    pub sections: Vec<Section>,
    /// Clinical mentions of the transcript that no statement covers.
    #[serde(default)]
    pub omissions: Vec<Omission>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub id: SectionId,
    pub title: String,
    pub statements: Vec<Statement>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Omission {
    pub segment: u32,
    pub quote: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub concept: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum SectionId {
    Motif,
    Antecedents,
    Allergies,
    /// Taken before this visit.
    Traitements,
    ModeDeVie,
    Histoire,
    /// Findings, vitals, and results brought.
    Examen,
    Conclusion,
    /// Prescribed or renewed today, with posology.
    Ordonnance,
    /// Tests, referrals, advice, leave, certificates.
    Conduite,
    /// Next appointment and safety-netting.
    Suivi,
}

impl SectionId {
    pub const ORDER: [Self; 11] = [
        Self::Motif,
        Self::Antecedents,
        Self::Allergies,
        Self::Traitements,
        Self::ModeDeVie,
        Self::Histoire,
        Self::Examen,
        Self::Conclusion,
        Self::Ordonnance,
        Self::Conduite,
        Self::Suivi,
    ];

    #[must_use]
    pub const fn title(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Fr, Self::Motif) => "Motif de consultation",
            (Language::Fr, Self::Antecedents) => "Antécédents",
            (Language::Fr, Self::Allergies) => "Allergies",
            (Language::Fr, Self::Traitements) => "Traitements en cours",
            (Language::Fr, Self::ModeDeVie) => "Mode de vie",
            (Language::Fr, Self::Histoire) => "Histoire de la maladie",
            (Language::Fr, Self::Examen) => "Examen clinique",
            (Language::Fr, Self::Conclusion) => "Conclusion",
            (Language::Fr, Self::Ordonnance) => "Ordonnance",
            (Language::Fr, Self::Conduite) => "Conduite à tenir",
            (Language::Fr, Self::Suivi) => "Suivi",
            (Language::En, Self::Motif) => "Reason for visit",
            (Language::En, Self::Antecedents) => "Past medical history",
            (Language::En, Self::Allergies) => "Allergies",
            (Language::En, Self::Traitements) => "Current medication",
            (Language::En, Self::ModeDeVie) => "Lifestyle",
            (Language::En, Self::Histoire) => "History of present illness",
            (Language::En, Self::Examen) => "Examination",
            (Language::En, Self::Conclusion) => "Assessment",
            (Language::En, Self::Ordonnance) => "Prescription",
            (Language::En, Self::Conduite) => "Plan",
            (Language::En, Self::Suivi) => "Follow-up",
        }
    }
}

impl Note {
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self { schema: NOTE_SCHEMA.into(), language, sections: Vec::new(), omissions: Vec::new() }
    }

    /// Reads a note; unknown fields are refused.
    ///
    /// # Errors
    /// When the JSON is malformed or of another schema.
    pub fn from_json(text: &str) -> Result<Self, ReadError> {
        let mut note: Self = serde_json::from_str(text)?;
        if note.schema != NOTE_SCHEMA {
            return Err(ReadError::Schema { expected: NOTE_SCHEMA, found: note.schema });
        }
        // A number too large for its field is read as infinite, which JSON cannot write again.
        for statement in note.sections.iter_mut().flat_map(|section| &mut section.statements) {
            statement.confidence = statement.confidence.clamp(0.0, 1.0);
        }
        Ok(note)
    }

    pub fn statements(&self) -> impl Iterator<Item = (SectionId, &Statement)> {
        self.sections.iter().flat_map(|section| section.statements.iter().map(move |s| (section.id, s)))
    }

    #[must_use]
    pub fn statement(&self, id: &str) -> Option<(SectionId, &Statement)> {
        self.statements().find(|(_, s)| s.id == id)
    }

    pub fn statement_mut(&mut self, id: &str) -> Option<&mut Statement> {
        self.sections.iter_mut().flat_map(|s| &mut s.statements).find(|s| s.id == id)
    }

    /// Appends to a section, which is made in its place when the note has none yet.
    pub fn push(&mut self, section: SectionId, statement: Statement) {
        let at = match self.sections.binary_search_by_key(&section, |s| s.id) {
            Ok(at) => at,
            Err(at) => {
                let title = section.title(self.language).to_owned();
                self.sections.insert(at, Section { id: section, title, statements: Vec::new() });
                at
            }
        };
        if let Some(found) = self.sections.get_mut(at) {
            found.statements.push(statement);
        }
    }

    /// Takes a statement out; its section goes with it when it was the last.
    pub fn remove(&mut self, id: &str) -> Option<(SectionId, Statement)> {
        let (at, position) = self.sections.iter().enumerate().find_map(|(at, section)| {
            section.statements.iter().position(|s| s.id == id).map(|position| (at, position))
        })?;
        let section = self.sections.get_mut(at)?;
        let taken = (section.id, section.statements.remove(position));
        if section.statements.is_empty() {
            self.sections.remove(at);
        }
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(id: &str) -> Statement {
        let json = format!(r#"{{"id":"{id}","kind":"other","text":"t","sources":[],"author":"doctor"}}"#);
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn sections_keep_the_contract_order_however_they_are_filled() {
        let mut note = Note::new(Language::Fr);
        for section in SectionId::ORDER.into_iter().rev() {
            note.push(section, statement("s"));
        }
        let order: Vec<_> = note.sections.iter().map(|s| s.id).collect();
        assert_eq!(order, SectionId::ORDER);
    }

    #[test]
    fn a_confidence_out_of_range_is_brought_back_so_that_the_note_can_be_written_and_read_again() {
        let json = r#"{"schema":"calame.note/1","language":"fr","sections":[{"id":"suivi","title":"Suivi","statements":
            [{"id":"a","kind":"other","text":"t","sources":[],"author":"doctor","confidence":1e308},
             {"id":"b","kind":"other","text":"t","sources":[],"author":"doctor","confidence":-1}]}]}"#;
        let note = Note::from_json(json).unwrap();
        assert_eq!(note.statements().map(|(_, s)| s.confidence).collect::<Vec<_>>(), [1.0, 0.0]);
        assert_eq!(Note::from_json(&serde_json::to_string(&note).unwrap()).unwrap(), note);
    }

    #[test]
    fn an_emptied_section_is_left_out() {
        let mut note = Note::new(Language::En);
        note.push(SectionId::Motif, statement("a"));
        assert_eq!(note.remove("a").map(|(section, _)| section), Some(SectionId::Motif));
        assert!(note.sections.is_empty());
        assert!(note.remove("a").is_none());
    }
}
