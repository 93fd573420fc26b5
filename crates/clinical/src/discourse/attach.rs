//! Times and sides go to the fact they stand beside.

use std::ops::Range;

use note::{Kind, Polarity, SectionId, Temporality};

use super::{Discourse, Scene};
use crate::analysis::Analysis;
use crate::fact::Fact;
use crate::quantity::WhenKind;

/// Symptoms that have a side.
const SIDED: &[&str] = &[
    "jambe",
    "bras",
    "oreille",
    "gonflement",
    "craquement",
    "torsion",
    "boiterie",
    "fourmillement",
    "faiblesse",
    "coupure",
    "ecchymose",
    "brûlure cutanée",
    "morsure",
    "grosseur",
    "oculaire",
    "leg",
    "arm",
    "ear",
    "swelling",
    "numb",
    "weakness",
    "cut",
    "bruis",
    "lump",
    "eye",
];

/// The side named in a run: the last one, which is what a correction ends on.
pub(super) fn side(analysis: &Analysis, run: &Range<usize>) -> Option<&'static str> {
    let tokens = analysis.tokens.get(run.clone())?;
    for (i, token) in tokens.iter().enumerate() {
        let denied = i > 0 && tokens.get(i - 1).is_some_and(|t| t.any(&["pas", "not"]))
            || i > 1 && tokens.get(i - 2).is_some_and(|t| t.any(&["pas", "not"]));
        let side = match token.folded.as_str() {
            "droite" | "droit" => "droite",
            "gauche" => "gauche",
            "right"
                if !tokens.get(i + 1).is_some_and(|t| t.any(&["now", "away", "so"]))
                    && (i > 0 || tokens.len() == 1) =>
            {
                "right"
            }
            "left" if i > 0 => "left",
            "both"
                if tokens.get(i + 1).is_some_and(|t| {
                    t.any(&[
                        "sides",
                        "of",
                        "ears",
                        "eyes",
                        "legs",
                        "arms",
                        "feet",
                        "hands",
                        "knees",
                        "hips",
                        "ankles",
                        "shoulders",
                        "lungs",
                        "wrists",
                        "big",
                        "breasts",
                        "calves",
                    ])
                }) =>
            {
                "both sides"
            }
            _ => continue,
        };
        // "Is that right?", "all right".
        let agreed = side == "right"
            && i > 0
            && tokens
                .get(i - 1)
                .is_some_and(|t| t.any(&["that", "s", "all", "about", "just", "not", "quite", "is"]));
        if agreed {
            continue;
        }
        let straight_on = i > 0 && tokens.get(i - 1).is_some_and(|t| t.is("tout"));
        if !(denied || straight_on) {
            return Some(side);
        }
    }
    None
}

/// Whether what a fact is about stands on one side of the body.
pub(super) fn has_sides(fact: &Fact) -> bool {
    const PAINS: [&str; 9] =
        ["douleur", "pain", "otalgie", "oreille", "mal ", "headache", "earache", "cramp", "tingling"];
    let words: Vec<&str> = fact.concept.split([' ', '\'']).collect();
    PAINS.iter().any(|word| fact.concept.contains(word))
        || SIDED.iter().any(|word| match *word {
            // Not the "ear" of "tearfulness".
            "ear" | "arm" | "leg" | "eye" | "cut" => {
                words.iter().any(|w| w.starts_with(word)) || fact.concept.contains(&format!("{word} "))
            }
            word => fact.concept.contains(word),
        })
}

/// "Sous dix jours": by when, not how long.
fn soon(analysis: &Analysis, when: &crate::quantity::When) -> bool {
    ["sous", "within"].contains(&analysis.word(when.tokens.start.wrapping_sub(1)))
}

impl Discourse {
    /// Gives times of the sentence to the facts it made.
    pub(super) fn attach_times(&mut self, scene: &Scene<'_>, from: usize) {
        let a = scene.analysis;
        self.time_put_right(scene, from);
        self.manner(scene, from);
        let distance = |when: &crate::quantity::When| {
            let place = u32::try_from(when.tokens.start).unwrap_or(u32::MAX);
            self.facts
                .iter()
                .skip(from)
                .filter(|f| f.place.0 == a.index)
                .map(|f| f.place.1.abs_diff(place))
                .min()
                .unwrap_or(u32::MAX)
        };
        let mut nearest_first: Vec<crate::quantity::When> = a.times_in(&scene.run).cloned().collect();
        nearest_first.sort_by_key(|when| distance(when));
        for when in &nearest_first {
            let name = match when.kind {
                WhenKind::For if self.lexicon.language == note::Language::En => "onset",
                WhenKind::Since | WhenKind::At | WhenKind::Age => "onset",
                WhenKind::For | WhenKind::Bare => "duration",
                WhenKind::In => continue,
            };
            let name = if name == "duration" && soon(a, when) { "onset" } else { name };
            // "Un Vogalène, ce matin": when a drug was taken for this illness.
            if when.kind == WhenKind::At && scene.by_patient() && self.taken_then(scene, when, from) {
                continue;
            }
            let place = u32::try_from(when.tokens.start).unwrap_or(u32::MAX);
            let wants = |f: &Fact| {
                f.place.0 == a.index
                    && f.polarity != Polarity::Absent
                    && !f.attributes.contains_key(name)
                    && match f.kind {
                        Kind::Symptom => name == "onset" || when.kind == WhenKind::For,
                        Kind::Lifestyle => when.kind == WhenKind::Since || f.temporality == Temporality::Past,
                        Kind::Drug => {
                            name == "onset"
                                && when.kind != WhenKind::For
                                && f.action == Some(crate::fact::Action::Stopped)
                        }
                        Kind::Condition | Kind::Procedure | Kind::Vaccine | Kind::Allergy => {
                            (f.section != SectionId::Conclusion || when.year.is_some())
                                && (name == "onset" || when.kind == WhenKind::For)
                        }
                        // "La prise de sang du mois dernier, hémoglobine douze sept."
                        Kind::Lab => when.kind == WhenKind::At && f.section == SectionId::Examen,
                        // "Une écho, cette semaine", "sous dix jours".
                        Kind::TestOrder | Kind::Referral => {
                            let beside = (1..=4).contains(&place.saturating_sub(f.place.1));
                            scene.by_doctor()
                                && !a.raw
                                && f.section == SectionId::Conduite
                                && beside
                                && (when.kind == WhenKind::At && when.year.is_none() || soon(a, when))
                        }
                        _ => false,
                    }
            };
            let nearest = self
                .facts
                .iter()
                .enumerate()
                .skip(from)
                .filter(|(_, f)| wants(f))
                .min_by_key(|(_, f)| f.place.1.abs_diff(place))
                .map(|(at, _)| at);
            // "Ça fait trois semaines" alone speaks of what was told just before, in the same breath.
            let here = |at: usize| {
                self.facts.get(at).is_some_and(|f| f.place.0 == a.index && f.polarity == Polarity::Present)
            };
            let told = self.last_symptom.filter(|at| {
                let lasting = when.kind == WhenKind::For && self.lexicon.language == note::Language::En;
                (when.kind == WhenKind::Since || lasting)
                    && scene.by_patient()
                    && self.facts.len() == from
                    && here(*at)
            });
            let last = self.facts.len().checked_sub(1).filter(|at| {
                // "J'ai arrêté. En 2019."
                let habit = self
                    .facts
                    .get(*at)
                    .is_some_and(|f| f.kind == Kind::Lifestyle && f.temporality != Temporality::Past);
                let lasting = when.kind == WhenKind::Since
                    && self.facts.get(*at).is_some_and(|f| {
                        f.kind == Kind::Condition
                            || f.kind == Kind::Drug && f.action == Some(crate::fact::Action::Stopped)
                    });
                let cited =
                    self.facts.get(*at).is_some_and(|f| f.sources.iter().any(|s| s.segment == a.index));
                scene.run.len() <= 5
                    && !habit
                    && (when.kind == WhenKind::At || lasting)
                    && scene.by_patient()
                    && (here(*at) || cited)
            });
            let target = nearest.or(told).or(last);
            if let Some(fact) = target.and_then(|at| self.facts.get_mut(at)) {
                if let Some(year) = &when.year {
                    fact.set("year", year.clone());
                }
                let lead =
                    if soon(a, when) { format!("{} ", a.word(when.tokens.start - 1)) } else { String::new() };
                fact.set(name, format!("{lead}{}", when.text));
                fact.cite(a.quote(&when.tokens));
            }
        }
    }

    /// "Ça a gonflé tout de suite", "c'est venu d'un coup": how a complaint began.
    fn manner(&mut self, scene: &Scene<'_>, from: usize) {
        const MANNERS: &[(&[&str], &str)] = &[
            (&["tout", "de", "suite"], "immédiat"),
            (&["aussitot"], "immédiat"),
            (&["immediatement"], "immédiat"),
            (&["d", "un", "coup"], "de début brutal"),
            (&["d", "un", "seul", "coup"], "de début brutal"),
            (&["brutalement"], "de début brutal"),
            (&["brusquement"], "de début brutal"),
            (&["subitement"], "de début brutal"),
            (&["progressivement"], "de début progressif"),
            (&["petit", "a", "petit"], "de début progressif"),
        ];
        let a = scene.analysis;
        if !scene.by_patient() || self.lexicon.language != note::Language::Fr {
            return;
        }
        let told = scene.run.clone().find_map(|at| {
            let (words, written) = MANNERS
                .iter()
                .find(|(words, _)| words.iter().enumerate().all(|(i, w)| a.word(at + i) == *w))?;
            Some((at..at + words.len(), *written))
        });
        let Some((tokens, written)) = told else { return };
        let fact = self.facts.iter_mut().skip(from).rev().find(|f| {
            f.kind == Kind::Symptom
                && f.polarity == Polarity::Present
                && f.place.0 == a.index
                && (f.place.1 as usize) < tokens.start
                && tokens.start - (f.place.1 as usize) <= 6
        });
        if let Some(fact) = fact.filter(|f| !f.attributes.contains_key("character")) {
            fact.set("character", written);
            if !fact.attributes.contains_key("onset") && written == "immédiat" {
                fact.attributes.remove("character");
                fact.set("onset", written);
            }
            fact.cite(a.quote(&tokens));
        }
    }

    /// "Depuis mardi. Non, lundi, pardon": the last time named is the right one.
    fn time_put_right(&mut self, scene: &Scene<'_>, from: usize) {
        let a = scene.analysis;
        let corrects =
            scene.run.clone().take(2).any(|i| ["non", "pardon", "no", "sorry"].contains(&a.word(i)));
        if !corrects || !scene.by_patient() || self.facts.len() > from {
            return;
        }
        let within = scene.run.start..scene.run.end.min(scene.run.start + 8);
        let Some(when) = a.times_in(&within).filter(|w| w.kind == WhenKind::At).last().cloned() else {
            return;
        };
        let lead = if self.lexicon.language == note::Language::Fr { "depuis" } else { "since" };
        let told = self.last_symptom.and_then(|at| self.facts.get_mut(at)).filter(|f| {
            f.place.0 == a.index && f.attributes.get("onset").is_some_and(|o| o.starts_with(lead))
        });
        if let Some(fact) = told {
            fact.attributes.insert("onset".into(), format!("{lead} {}", when.span));
            fact.cite(a.quote(&when.tokens));
        }
    }

    fn taken_then(&mut self, scene: &Scene<'_>, when: &crate::quantity::When, from: usize) -> bool {
        const LATELY: &[&str] =
            &["hier", "ce matin", "cette nuit", "avant-hier", "yesterday", "this morning", "last night"];
        let a = scene.analysis;
        let lately = LATELY.iter().any(|w| when.text.contains(w));
        let drug = self.facts.iter_mut().skip(from).filter(|f| {
            f.kind == Kind::Drug
                && f.section == SectionId::Traitements
                && f.action.is_none()
                && f.place.0 == a.index
                && (f.place.1 as usize) < when.tokens.start
                && !["frequency", "onset"].iter().any(|name| {
                    f.attributes.get(*name).is_some_and(|v| !LATELY.iter().any(|w| v.contains(w)))
                })
        });
        let Some(fact) = drug.last().filter(|_| lately) else { return false };
        let told = match fact.attributes.get("frequency") {
            Some(before) => format!(
                "{before} {} {}",
                if self.lexicon.language == note::Language::Fr { "et" } else { "and" },
                when.text
            ),
            None => when.text.clone(),
        };
        fact.attributes.insert("frequency".into(), told);
        fact.cite(a.quote(&when.tokens));
        true
    }

    /// Gives the side named in the clause of a fact to it.
    pub(super) fn number_of_laterality(&mut self, scene: &Scene<'_>, from: usize) {
        let a = scene.analysis;
        for fact in self.facts.iter_mut().skip(from) {
            let sided = matches!(
                fact.kind,
                Kind::Symptom | Kind::Finding | Kind::Condition | Kind::Procedure | Kind::Vaccine
            );
            if !sided || fact.place.0 != a.index || fact.attributes.contains_key("laterality") {
                continue;
            }
            let at = fact.place.1 as usize;
            let clause = scene.clause(at);
            let near = if fact.section == SectionId::Conclusion {
                // Up to the next disease: the side is that of the one before it.
                use crate::lexicon::Family::{Condition, Finding, Symptom};
                let next = a
                    .mentions_in(&(at + 1..scene.run.end))
                    .find(|m| [Condition, Finding, Symptom].iter().any(|f| m.of(self.lexicon, *f).is_some()))
                    .map_or(scene.run.end, |m| m.tokens.start);
                clause.start..next.max(clause.start)
            } else {
                at.saturating_sub(4).max(clause.start)..clause.end.min(at + 7)
            };
            let both = a
                .qualifiers
                .iter()
                .find(|q| q.of == "side" && scene.run.contains(&q.tokens.start) && scene.run.len() <= 14);
            if let Some(both) =
                both.filter(|_| fact.kind == Kind::Finding && fact.polarity == Polarity::Present)
            {
                fact.set("laterality", both.written.clone());
                continue;
            }
            let named = side(a, &near).filter(|_| {
                !crate::text::fold(&fact.concept).contains(" droit")
                    && !crate::text::fold(&fact.concept).contains(" gauche")
            });
            // "Cramps, sort of low down on the left": up to the next thing named.
            let further = a
                .mentions_in(&(at + 1..scene.run.end))
                .find(|m| m.of(self.lexicon, crate::lexicon::Family::Anatomy).is_none())
                .map_or(scene.run.end, |m| m.tokens.start)
                .min(at + 16);
            let english = self.lexicon.language == note::Language::En
                && fact.kind == Kind::Symptom
                && fact.polarity == Polarity::Present;
            let named = named.or_else(|| side(a, &(at..further.max(at))).filter(|_| english));
            if let Some(side) = named.filter(|_| fact.kind != Kind::Symptom || has_sides(fact)) {
                fact.set("laterality", side);
            }
        }
    }
}
