use super::cue::Cue;
use super::parse::Line;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct EntryId(pub u32);

/// What an entry is about: one lexicon file each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Family {
    Symptom,
    Condition,
    Drug,
    Allergen,
    Finding,
    Vital,
    Lab,
    Test,
    Procedure,
    Referral,
    Vaccine,
    Lifestyle,
    Occupation,
    Instruction,
    Leave,
    Anatomy,
    Reason,
    People,
    Unit,
    Timing,
    Qualifier,
    /// Eating, sleeping, walking: what is asked of in the sense of its working.
    Function,
    /// "Nulle", "ça passe": how a function goes.
    Verdict,
    Cue,
}

impl Family {
    pub const ALL: [Self; 24] = [
        Self::Symptom,
        Self::Condition,
        Self::Drug,
        Self::Allergen,
        Self::Finding,
        Self::Vital,
        Self::Lab,
        Self::Test,
        Self::Procedure,
        Self::Referral,
        Self::Vaccine,
        Self::Lifestyle,
        Self::Occupation,
        Self::Instruction,
        Self::Leave,
        Self::Anatomy,
        Self::Reason,
        Self::People,
        Self::Unit,
        Self::Timing,
        Self::Qualifier,
        Self::Function,
        Self::Verdict,
        Self::Cue,
    ];

    const FILES: [&'static str; 24] = [
        "symptoms",
        "conditions",
        "drugs",
        "allergens",
        "findings",
        "vitals",
        "labs",
        "tests",
        "procedures",
        "referrals",
        "vaccines",
        "lifestyle",
        "occupations",
        "instructions",
        "leave",
        "anatomy",
        "reasons",
        "people",
        "units",
        "timing",
        "qualifiers",
        "functions",
        "verdicts",
        "cues",
    ];

    pub fn of_file(stem: &str) -> Option<Self> {
        Self::FILES.iter().position(|f| *f == stem).and_then(|at| Self::ALL.get(at).copied())
    }
}

/// One concept.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub family: Family,
    pub concept: String,
    /// Set for entries of [`Family::Cue`].
    pub cue: Option<Cue>,
    attributes: Vec<(String, String)>,
}

impl Entry {
    pub const EMPTY: Self =
        Self { family: Family::Cue, concept: String::new(), cue: None, attributes: Vec::new() };

    pub fn new(family: Family, line: &Line<'_>) -> Self {
        Self {
            family,
            concept: line.concept.to_owned(),
            cue: (family == Family::Cue).then(|| Cue::named(line.concept)).flatten(),
            attributes: line
                .attributes()
                .chain((family == Family::Drug && !line.code.is_empty()).then_some(("code", line.code)))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        }
    }

    /// Whether a drug is one of a class of drugs, by the ATC codes which the class holds.
    pub fn belongs_to(&self, class: &Self) -> bool {
        let Some(code) = self.attribute("code") else { return false };
        class
            .attribute("atc")
            .or_else(|| class.attribute("code"))
            .is_some_and(|held| held.split(',').any(|prefix| code.starts_with(prefix)))
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str, value: &str) -> bool {
        self.attribute(name) == Some(value)
    }

    pub fn number(&self, name: &str) -> Option<f64> {
        self.attribute(name)?.parse().ok()
    }
}
