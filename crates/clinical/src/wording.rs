//! Typography and the fixed words of a note, per language.

use note::Language;

/// No-break space: between a number and its unit.
pub(crate) const NBSP: char = '\u{a0}';

/// First letter in capitals.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return String::new() };
    // "eGFR" is written so.
    if chars.clone().next().is_some_and(char::is_uppercase) {
        return text.to_owned();
    }
    first.to_uppercase().chain(chars).collect()
}

/// Fixed wordings of a language.
pub(crate) struct Wording {
    pub no: &'static str,
    pub or: &'static str,
    pub no_known_allergy: &'static str,
    /// Beside an allergy that was told.
    pub no_other_allergy: &'static str,
    pub no_treatment: &'static str,
    pub no_history: &'static str,
    pub allergy: &'static str,
    pub stop: &'static str,
    pub stopped: &'static str,
    pub avoid: &'static str,
    pub renewal: &'static str,
    pub increase: &'static str,
    pub decrease: &'static str,
    pub suspicion: &'static str,
    pub see_again: &'static str,
    pub come_back: &'static str,
    pub if_: &'static str,
    pub family: &'static str,
    pub reported: &'static str,
}

const FR: Wording = Wording {
    no: "Pas de",
    or: "ni",
    no_known_allergy: "Pas d'allergie connue",
    no_other_allergy: "Pas d'autre allergie connue",
    no_treatment: "Aucun traitement en cours",
    no_history: "Pas d'antécédent notable",
    allergy: "allergie",
    stop: "Arrêt",
    stopped: "arrêté",
    avoid: "Pas de",
    renewal: "renouvellement",
    increase: "augmentation",
    decrease: "diminution",
    suspicion: "Suspicion",
    see_again: "Revoir",
    come_back: "Reconsulter",
    if_: "si",
    family: "famille",
    reported: "mesure rapportée",
};

const EN: Wording = Wording {
    no: "No",
    or: "or",
    no_known_allergy: "No known allergy",
    no_other_allergy: "No other known allergy",
    no_treatment: "No regular medication",
    no_history: "No significant past history",
    allergy: "allergy",
    stop: "Stop",
    stopped: "stopped",
    avoid: "Avoid",
    renewal: "renewed",
    increase: "increased",
    decrease: "decreased",
    suspicion: "Suspected",
    see_again: "Review",
    come_back: "Return",
    if_: "if",
    family: "family",
    reported: "reported reading",
};

pub(crate) const fn wording(language: Language) -> &'static Wording {
    match language {
        Language::Fr => &FR,
        Language::En => &EN,
    }
}
