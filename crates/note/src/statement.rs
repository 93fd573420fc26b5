use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One clinical fact, with where it was said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Stable while the consultation lives: edits and moves keep it.
    pub id: String,
    pub kind: Kind,
    /// What the note says, in the consultation's language.
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub concept: Option<String>,
    #[serde(default)]
    pub polarity: Polarity,
    #[serde(default)]
    pub experiencer: Experiencer,
    #[serde(default)]
    pub temporality: Temporality,
    #[serde(default)]
    pub attributes: Attributes,
    /// Empty only when `author` is the doctor.
    pub sources: Vec<Source>,
    /// 0 to 1, from word probabilities and rule certainty.
    #[serde(default = "certain")]
    pub confidence: f32,
    #[serde(default)]
    pub flags: Vec<Flag>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub author: Option<Author>,
    /// Attached by the doctor from a look-up, never proposed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Code>>")]
    pub codes: Vec<Code>,
    /// Other readings of an uncertain drug name: shown, never applied by themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub suggestions: Vec<String>,
}

const fn certain() -> f32 {
    1.0
}

/// Only what was said, as a doctor writes it: `value`, `unit`, `dose`, `frequency`, `duration`, `route`,
/// `laterality`, `onset`, `year`, `reaction`.
pub type Attributes = BTreeMap<String, String>;

/// A verbatim passage of one segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub segment: u32,
    pub quote: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Code {
    pub system: String,
    pub code: String,
    pub display: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Symptom,
    Condition,
    Drug,
    Allergy,
    Vital,
    Lab,
    Finding,
    Procedure,
    Lifestyle,
    Instruction,
    Referral,
    TestOrder,
    Leave,
    Followup,
    Vaccine,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Polarity {
    #[default]
    Present,
    Absent,
    Uncertain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Experiencer {
    #[default]
    Patient,
    Family,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Temporality {
    #[default]
    Current,
    Past,
    Planned,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Drug, dose, number, unit, laterality, negation or allergy: the doctor must look before validating.
    Critical,
    LowConfidenceWords,
    ImplausibleValue,
    UncertainDrugName,
    UnsureSpeaker,
    SuspectAudio,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Author {
    Doctor,
}

impl Statement {
    /// The doctor wrote or rewrote it.
    #[must_use]
    pub fn by_doctor(&self) -> bool {
        self.author == Some(Author::Doctor)
    }

    #[must_use]
    pub fn is_critical(&self) -> bool {
        self.flags.contains(&Flag::Critical)
    }
}
