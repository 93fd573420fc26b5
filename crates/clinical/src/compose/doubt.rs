use note::{Flag, Kind, Polarity};

use crate::fact::Fact;

/// Below this a word may well be another.
const UNSURE: f32 = 0.5;

pub(crate) fn confidence(facts: &[&Fact]) -> f32 {
    let rule = facts.iter().map(|f| f.certainty).fold(1.0_f32, f32::min);
    let heard = facts.iter().filter_map(|f| f.probability).fold(1.0_f32, f32::min);
    // A doubtful word lowers trust without drowning the rule's own certainty.
    (rule * (0.4 + 0.6 * heard)).clamp(0.0, 1.0)
}

/// What the doctor must look at. Kept sparse: a plain symptom told in plain words carries nothing.
pub(crate) fn flags(facts: &[&Fact]) -> Vec<Flag> {
    let mut flags: Vec<Flag> = Vec::new();
    if facts.iter().any(|f| critical(f)) {
        flags.push(Flag::Critical);
    }
    if facts.iter().any(|f| f.probability.is_some_and(|p| p < UNSURE)) {
        flags.push(Flag::LowConfidenceWords);
    }
    for flag in facts.iter().flat_map(|f| &f.flags) {
        if !flags.contains(flag) {
            flags.push(*flag);
        }
    }
    flags.sort();
    flags
}

fn critical(fact: &Fact) -> bool {
    let numbers = ["dose", "value", "laterality"].iter().any(|name| fact.attributes.contains_key(*name));
    match fact.kind {
        Kind::Drug => fact.polarity == Polarity::Present || fact.flags.contains(&Flag::UncertainDrugName),
        Kind::Allergy => true,
        Kind::Vital | Kind::Lab | Kind::Leave => numbers || fact.attributes.contains_key("duration"),
        Kind::Instruction => fact.polarity == Polarity::Absent,
        Kind::Symptom | Kind::Finding | Kind::Condition | Kind::Procedure => {
            fact.attributes.contains_key("laterality") || fact.flags.contains(&Flag::ImplausibleValue)
        }
        _ => false,
    }
}
