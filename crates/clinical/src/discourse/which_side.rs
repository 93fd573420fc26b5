//! "Which ear? — The left one": a side asked for and given belongs to the symptom under discussion.

use super::{Discourse, Scene};
use crate::context::About;

const ASKED: [&str; 4] = ["which", "quel", "quelle", "lequel"];
/// After "quel", "which": what has two sides. "Quel genre de douleur" asks for none.
const SIDED: [&str; 34] = [
    "cote", "oreille", "oeil", "jambe", "bras", "genou", "epaule", "cheville", "hanche", "main", "pied",
    "poignet", "coude", "sein", "cuisse", "mollet", "side", "ear", "eye", "leg", "arm", "knee", "shoulder",
    "ankle", "hip", "hand", "foot", "wrist", "elbow", "breast", "thigh", "calf", "one", "testicle",
];

impl Discourse {
    /// Whether a question asks on which side.
    pub(super) fn asks_side(scene: &Scene<'_>) -> bool {
        let a = scene.analysis;
        let mut words = scene.run.clone().map(|at| (a.word(at), a.word(at + 1)));
        words.any(|(word, next)| {
            ASKED.contains(&word) && SIDED.contains(&next)
                || word == "whereabouts"
                || word == "where" && next != "you"
        })
    }

    /// Takes the side that was asked for, from a short answer.
    pub(super) fn side_answered(&mut self, scene: &Scene<'_>) {
        if !std::mem::take(&mut self.side_asked) || scene.question {
            return;
        }
        let a = scene.analysis;
        let reach = if self.lexicon.language == note::Language::En { 18 } else { 8 };
        let near = scene.run.start..scene.run.end.min(scene.run.start + reach);
        let side = near.clone().find_map(|at| match a.word(at) {
            "droite" | "droit" => Some("droite"),
            "gauche" => Some("gauche"),
            "left" => Some("left"),
            "right" if !["all", "that", "s"].contains(&a.word(at.wrapping_sub(1))) => Some("right"),
            "deux" | "both" => Some(if a.word(at) == "both" { "both" } else { "bilatéral" }),
            _ => None,
        });
        // The newest thing told that has two sides: "she has an earache, she was crying all night".
        let told = self.facts.iter_mut().rev().take(6).find(|fact| {
            let recent = fact.place.0 + 6 >= a.index && fact.experiencer == note::Experiencer::Patient;
            recent && fact.polarity == note::Polarity::Present && super::attach::has_sides(fact)
        });
        let Some(fact) = told else { return };
        if let Some(side) = side.filter(|_| scene.about(scene.run.start) != About::Other) {
            fact.set("laterality", side);
            fact.cite(a.quote(&near));
        }
    }
}
