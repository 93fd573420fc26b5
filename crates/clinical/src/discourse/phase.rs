//! Opening, history, examination, conclusion, plan: where the visit stands.

use std::ops::Range;

use super::asking::second_person;
use super::{Discourse, Phase, Role, Scene};
use crate::analysis::Analysis;
use crate::lexicon::{Cue, Family};
use crate::quantity::number_at;

impl Discourse {
    /// Moves the phase on; it never goes back further than one step, as visits do not.
    pub(super) fn advance(&mut self, scene: &Scene<'_>) {
        let (a, run) = (scene.analysis, &scene.run);
        if scene.by_patient() {
            return;
        }
        // "Vous prenez votre tension ?" examines nobody.
        let spoken_of = !second_person(a, run)
            && (run.len() <= 6
                || run
                    .clone()
                    .any(|at| number_at(&a.tokens, at, self.lexicon.language).is_some_and(|n| !n.article)));
        // "La tension, la prostate, l'arthrose avec la prothèse en 2016": named, not taken.
        let taken = |end: usize| {
            run.len() <= 6
                || (end..run.end.min(end + 8)).any(|at| {
                    number_at(&a.tokens, at, self.lexicon.language)
                        .is_some_and(|n| !n.article && !(1900.0..2100.0).contains(&n.value))
                })
        };
        let vital = spoken_of
            && a.mentions_in(run).any(|m| m.of(self.lexicon, Family::Vital).is_some() && taken(m.tokens.end))
            && !self.concluded;
        let starts_looking = a.raw
            && ["je", "on"].contains(&a.word(run.start))
            && a.word(run.start + 1) == "regarde"
            && !a.mentions_in(run).any(|m| {
                m.of(self.lexicon, Family::Test).or_else(|| m.of(self.lexicon, Family::Lab)).is_some()
            });
        let looks = starts_looking || run.len() <= 3 && run.clone().any(|i| a.word(i) == "regarde");
        // "Montrez-moi ça", "on va regarder ça" before a word of complaint asks for one, or means papers.
        let shown = run
            .clone()
            .any(|at| ["montre", "montrez", "voir", "show", "regarde", "regarder"].contains(&a.word(at)));
        let papers = self.phase == Phase::Opening
            && run.clone().any(|at| ["regarde", "regarder"].contains(&a.word(at)))
            && run.len() <= 6;
        let heard = !papers && !shown
            || self.phase > Phase::Opening
            || !papers && (self.complaints > 0 || self.questions > 1 || !self.facts.is_empty());
        // "Does it hurt when you take a deep breath?" is still asked; "can you take a deep breath?" examines.
        // So in French: "vous marchez ?" is asked, "je peux voir ?" looks.
        let bids = self.lexicon.language == note::Language::Fr
            && (!run.clone().any(|at| ["vous", "tu"].contains(&a.word(at)))
                || shown
                || !scene.question
                || self.phase >= Phase::Examination);
        let told_to = bids
            || !scene.question
            || run.clone().take(3).any(|at| ["can", "could", "would", "shall", "let"].contains(&a.word(at)));
        // "On regarde ça après": not yet.
        let put_off = a.find(Cue::Examination, run).is_some_and(|c| {
            (c.tokens.end..c.tokens.end + 2)
                .any(|i| ["apres", "later", "ensuite", "afterwards"].contains(&a.word(i)))
        });
        if a.has(Cue::Examination, run) && heard && told_to && !put_off
            || looks && heard && !scene.question
            || vital && !scene.question && scene.role == Role::Doctor
        {
            if !self.concluded {
                self.phase = Phase::Examination;
            }
            self.examined = true;
        }
        // Where nothing is examined (a low mood), only plain words of conclusion count.
        let firm = firm(a, run);
        let named = a.mentions_in(run).any(|m| m.of(self.lexicon, Family::Condition).is_some());
        if firm && named && !scene.question && scene.role == Role::Doctor && self.phase == Phase::History {
            self.examined = true;
        }
        // "Donc un peu des ronchi des deux côtés" goes on with what is heard.
        let goes_on = !named
            && self.lexicon.language == note::Language::Fr
            && a.find(Cue::Conclusion, run).is_some_and(|c| {
                c.tokens.clone().all(|at| ["donc", "un", "une"].contains(&a.word(at)))
                    || a.word(c.tokens.end - 1) == "dirais"
            });
        let concludes = a.has(Cue::Conclusion, run) && self.examined && !scene.question && !goes_on;
        if concludes && self.phase < Phase::Plan {
            self.phase = Phase::Conclusion;
            self.concluded = true;
        }
        // A video call examines nobody: once enough was asked, a doctor who says what will be done has concluded.
        let plans = a.has(Cue::Plan, run)
            && !scene.question
            && scene.role == Role::Doctor
            && self.questions >= 4
            && !vital;
        if plans {
            self.examined = true;
            self.phase = Phase::Plan;
        }
        let prescribes = !vital
            && a.any(&[Cue::Prescribe, Cue::Order, Cue::Renew], run)
            && !scene.question
            && scene.role == Role::Doctor;
        if prescribes && (self.examined || self.phase >= Phase::Conclusion) {
            self.phase = Phase::Plan;
        }
        // Plans made before the patient was heard out are no plan yet: the questions go on.
        let asks = scene.question && self.phase >= Phase::Conclusion && !self.concluded;
        let asked = a.mentions_in(run).any(|m| {
            m.of(self.lexicon, Family::Symptom).or_else(|| m.of(self.lexicon, Family::Condition)).is_some()
        });
        // Words of examination heard in the history ("if you press on it"): nothing was found yet, and the questions go on.
        let unfounded = self.lexicon.language == note::Language::En
            && scene.question
            && self.phase == Phase::Examination
            && (second_person(a, run) || run.clone().take(3).any(|at| a.word(at) == "any"))
            && !self
                .facts
                .iter()
                .any(|f| f.section == note::SectionId::Examen && f.kind != note::Kind::Vital);
        // Asked of treatments, allergies or the family with hardly a sign found: the history was not over.
        let of_background = a.any(
            &[
                Cue::TopicTreatment,
                Cue::TopicAllergy,
                Cue::TopicFamily,
                Cue::TopicHistory,
                Cue::TopicSurgery,
                Cue::TopicOccupation,
            ],
            run,
        );
        // "Votre Spiriva, vous le prenez tous les jours ?"
        let of_background = of_background
            || self.lexicon.language == note::Language::Fr
                && a.has(Cue::Take, run)
                && a.mentions_in(run).any(|m| m.of(self.lexicon, Family::Drug).is_some());
        let in_examination = |f: &&crate::fact::Fact| f.section == note::SectionId::Examen;
        // Words of conclusion ("c'est beaucoup") that named nothing concluded nothing.
        let founded = self.facts.iter().any(|f| {
            matches!(
                f.section,
                note::SectionId::Conclusion | note::SectionId::Ordonnance | note::SectionId::Conduite
            )
        });
        let early = self.lexicon.language == note::Language::Fr
            && (self.phase == Phase::Examination && !self.concluded
                || self.phase == Phase::Conclusion && !founded)
            && scene.question
            && self.facts.iter().filter(in_examination).count() <= 2
            && !self.facts.iter().filter(in_examination).any(|f| f.kind == note::Kind::Vital);
        // "Du sang dans les urines ?" is no question of the hand; "douloureux, là ?" is.
        let felt = a.has(Cue::Pain, run)
            || a.mentions_in(run).any(|m| {
                m.of(self.lexicon, Family::Anatomy).or_else(|| m.of(self.lexicon, Family::Finding)).is_some()
            });
        if (asks || unfounded) && asked
            || early && (of_background || asked && (second_person(a, run) || !felt))
        {
            self.phase = Phase::History;
            self.concluded = false;
        }
        self.questions = self.questions.saturating_add(u8::from(scene.question));
        if self.phase == Phase::Opening && scene.question && (self.complaints > 0 || self.questions > 3) {
            self.phase = Phase::History;
        }
    }
}

/// Plain words of conclusion: "donc c'est", "pour moi", "I think".
pub(super) fn firm(analysis: &Analysis, run: &Range<usize>) -> bool {
    const OPENINGS: &[&str] = &[
        "donc",
        "pour",
        "je",
        "au",
        "en",
        "diagnostic",
        "i",
        "sounds",
        "looks",
        "so",
        "assessment",
        "impression",
        "most",
        "appears",
    ];
    const WEIGHING: &[&str] = &[
        "sound",
        "sounds",
        "typical",
        "consistent",
        "suggestive",
        "likely",
        "keeping",
        "points",
        "pointing",
        "fit",
        "fits",
        "could",
        "might",
        "may",
    ];
    analysis.cues.iter().any(|c| {
        c.cue == Cue::Conclusion
            && run.contains(&c.tokens.start)
            && (OPENINGS.contains(&analysis.word(c.tokens.start))
                || c.tokens.clone().any(|at| WEIGHING.contains(&analysis.word(at))))
    })
}
