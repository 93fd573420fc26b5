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
        let vital = spoken_of
            && a.mentions_in(run).any(|m| m.of(self.lexicon, Family::Vital).is_some())
            && !self.concluded;
        let starts_looking = a.raw
            && ["je", "on"].contains(&a.word(run.start))
            && a.word(run.start + 1) == "regarde"
            && !a.mentions_in(run).any(|m| {
                m.of(self.lexicon, Family::Test).or_else(|| m.of(self.lexicon, Family::Lab)).is_some()
            });
        let looks = starts_looking || run.len() <= 3 && run.clone().any(|i| a.word(i) == "regarde");
        // "Montrez-moi ça" before a word of complaint asks for one.
        let shown = run.clone().any(|at| ["montre", "montrez", "voir", "show"].contains(&a.word(at)));
        let heard = !shown
            || self.phase > Phase::Opening
            || self.complaints > 0
            || self.questions > 1
            || !self.facts.is_empty();
        // "Does it hurt when you take a deep breath?" is still asked; "can you take a deep breath?" examines.
        let told_to = self.lexicon.language == note::Language::Fr
            || !scene.question
            || run.clone().take(3).any(|at| ["can", "could", "would", "shall", "let"].contains(&a.word(at)));
        // "On regarde ça après": not yet.
        let put_off = a.find(Cue::Examination, run).is_some_and(|c| {
            (c.tokens.end..c.tokens.end + 2)
                .any(|i| ["apres", "later", "ensuite", "afterwards"].contains(&a.word(i)))
        });
        if a.has(Cue::Examination, run) && heard && told_to && !put_off
            || looks && !scene.question
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
        let concludes = a.has(Cue::Conclusion, run) && self.examined && !scene.question;
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
        let in_examination = |f: &&crate::fact::Fact| f.section == note::SectionId::Examen;
        let early = self.lexicon.language == note::Language::Fr
            && self.phase == Phase::Examination
            && !self.concluded
            && scene.question
            && self.facts.iter().filter(in_examination).count() <= 2
            && !self.facts.iter().filter(in_examination).any(|f| f.kind == note::Kind::Vital);
        if (asks || unfounded) && asked || early && (of_background || asked && second_person(a, run)) {
            self.phase = Phase::History;
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
