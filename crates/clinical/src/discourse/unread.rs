//! What was said and no rule took: stretches of speech that hold something clinical. A note shows those that no statement
//! covers as omissions, so that what was missed is seen.

use std::ops::Range;

use note::Source;

use super::reply::Answer;
use super::{Discourse, Phase, Role, Scene};
use crate::analysis::{Analysis, Mention};
use crate::context::About;
use crate::fact::Place;
use crate::lexicon::{Cue, Family};
use crate::quantity::number_at;
use crate::text::Gap;

/// A clause that says something clinical.
#[derive(Debug, Clone)]
pub(crate) struct Unread {
    pub place: Place,
    pub source: Source,
    /// What it names.
    pub named: Vec<Named>,
    /// What the question it answers named.
    pub asked: Option<String>,
    /// What it weighs beside the names, if nothing in it was taken: numbers, dates, an answer, an examination.
    pub weight: u8,
}

/// A name the lexicon holds, as it was said.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub quote: String,
    pub concept: String,
    pub weight: u8,
}

/// The question that a sentence answers, when it does.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asking {
    /// A doctor asked just before, and someone else speaks now.
    asked: bool,
    /// The first thing the question named.
    named: Option<String>,
}

impl Discourse {
    /// What the next sentence would answer; taken before the rules read it and forget the question.
    pub(super) fn asking(&self, analysis: &Analysis) -> Asking {
        let asked =
            self.last_asked && self.last_role == Role::Doctor && self.last_segment != Some(analysis.index);
        let named = self.pending.as_ref().filter(|_| asked).and_then(|pending| {
            let first = pending.questions.iter().flatten().next()?;
            first.mention.entries.first().map(|id| self.lexicon.entry(*id).concept.clone())
        });
        Asking { asked, named }
    }

    /// Notes the clauses of a sentence that hold something clinical, whoever took them.
    pub(super) fn heed(&mut self, scene: &Scene<'_>, answer: Option<Answer>, asking: &Asking) {
        let idle = self.phase == Phase::Opening && scene.by_doctor();
        if scene.question || idle {
            return;
        }
        let a = scene.analysis;
        for (nth, clause) in clauses(a, &scene.run).into_iter().enumerate() {
            let answers = nth == 0 && scene.by_patient() && asking.asked && answer != Some(Answer::Unknown);
            if self.supposed(scene, &clause) {
                continue;
            }
            let named = self.named(scene, &clause);
            let weight = self.weight(scene, &clause)
                + if answers && clause.len() >= 2 { 2 + u8::from(asking.named.is_some()) } else { 0 };
            if weight + named.iter().map(|n| n.weight).max().unwrap_or_default() == 0 {
                continue;
            }
            self.unread.push(Unread {
                place: scene.place(clause.start),
                source: a.quote(&clause),
                named,
                asked: asking.named.clone().filter(|_| answers),
                weight,
            });
        }
    }

    /// Another person's, read out, imagined, or said to make the patient move.
    fn supposed(&self, scene: &Scene<'_>, clause: &Range<usize>) -> bool {
        let a = scene.analysis;
        let of_another = clause.clone().any(|at| scene.about(at) == About::Other);
        let bids = scene.by_doctor()
            && self.phase <= Phase::Examination
            && a.word(clause.start).len() > 4
            && a.word(clause.start).ends_with("ez");
        let advises = scene.by_doctor() && a.any(&[Cue::Forbid, Cue::RuledOut], clause);
        of_another
            || bids
            || advises
            || a.any(
                &[Cue::Hypothesis, Cue::Readout, Cue::Conditional, Cue::PatientAsks, Cue::Unknown],
                clause,
            )
    }

    fn weight(&self, scene: &Scene<'_>, clause: &Range<usize>) -> u8 {
        let a = scene.analysis;
        let examining = scene.by_doctor() && self.phase == Phase::Examination;
        let measured = a.units.iter().any(|u| clause.contains(&u.tokens.start))
            || a.timing.iter().any(|u| clause.contains(&u.tokens.start));
        let counted = clause
            .clone()
            .any(|at| number_at(&a.tokens, at, self.lexicon.language).is_some_and(|n| !n.article));
        let dated = a.times_in(clause).next().is_some();
        // Advice and plans that no rule could word are better read in the transcript than badly worded.
        let planned = scene.by_doctor()
            && self.phase >= Phase::Conclusion
            && a.any(&[Cue::Advise, Cue::Order, Cue::Return, Cue::Alert], clause);
        2 * u8::from(measured && counted)
            + u8::from(counted || dated)
            + 4 * u8::from(planned)
            + if examining { 1 + 3 * u8::from(describes(a, clause)) } else { 0 }
    }

    fn named(&self, scene: &Scene<'_>, clause: &Range<usize>) -> Vec<Named> {
        let examining = scene.by_doctor() && self.phase == Phase::Examination;
        // What a doctor says outside the examination and the plan mostly explains or sums up.
        let explains = scene.by_doctor() && !examining && self.phase != Phase::Plan;
        let a = scene.analysis;
        a.mentions_in(clause)
            .filter_map(|m| {
                let entry = self.lexicon.entry(*m.entries.first()?);
                let weight = self.worth(m, examining).saturating_sub(u8::from(explains));
                let quote = a.quote(&m.tokens).quote;
                (weight > 0).then(|| Named { quote, concept: entry.concept.clone(), weight })
            })
            .collect()
    }

    fn worth(&self, mention: &Mention, examining: bool) -> u8 {
        let worth = |family| match family {
            Family::Drug | Family::Allergen => 4,
            Family::Symptom | Family::Condition | Family::Procedure | Family::Vaccine | Family::Lab => 3,
            Family::Vital | Family::Leave => 3,
            Family::Finding if examining => 3,
            Family::Anatomy if examining => 2,
            Family::Test | Family::Lifestyle => 2,
            Family::Occupation | Family::Referral | Family::Instruction => 1,
            Family::Anatomy | Family::Finding => 1,
            _ => 0,
        };
        mention.entries.iter().map(|id| worth(self.lexicon.entry(*id).family)).max().unwrap_or_default()
    }
}

/// "Le périnée est faible", "the wound looks clean": a thing and how it is.
fn describes(analysis: &Analysis, clause: &Range<usize>) -> bool {
    const ARTICLES: &[&str] = &["le", "la", "les", "l", "the", "your"];
    const VERBS: &[&str] = &["est", "sont", "reste", "restent", "is", "are", "looks", "feels", "seems"];
    let opens = clause.clone().take(2).any(|at| ARTICLES.contains(&analysis.word(at)));
    opens && clause.clone().skip(2).take(5).any(|at| VERBS.contains(&analysis.word(at)))
}

/// The stretches between commas.
fn clauses(analysis: &Analysis, run: &Range<usize>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut start = run.start;
    for at in run.clone() {
        let ends = at + 1 == run.end || analysis.tokens.get(at).is_some_and(|t| t.after >= Gap::Comma);
        if ends {
            found.push(start..at + 1);
            start = at + 1;
        }
    }
    found
}
