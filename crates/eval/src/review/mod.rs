//! What a doctor is asked to look at, what of it is wrong, and what is wrong without being asked about.

mod doubts;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use note::{Omission, SectionId};
use serde::Serialize;

pub use doubts::{Doubt, DoubtCounts, doubts};

use crate::Fact;
use crate::notes::words::{contains, words};
use crate::notes::{Consultation, Measured, Outcome, Share};

/// Why a statement is wrong, or that one is lacking; the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// It asserts what must not be.
    Trap,
    /// Wrong polarity or person.
    Reading,
    /// A dose, value, duration… is missing or other than annotated.
    Attribute,
    /// No annotated fact matches. Annotations are not exhaustive: such a statement may be right.
    Unmatched,
    /// An annotated fact that the note does not hold.
    Missed,
}

/// An error of the note, and whether a doubt leads to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Error {
    pub cause: Cause,
    pub section: SectionId,
    pub text: String,
    pub raised: bool,
}

/// What a doctor who knows the annotations does with a doubt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Step {
    Accept,
    Remove,
    /// Takes the annotated wording, which is typed.
    Edit {
        typed: String,
    },
    /// Takes an omission in.
    Take,
}

/// Key presses of the walk. `typed` is an estimate: the annotated wording of what is corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Presses {
    /// Tab to begin, Ctrl+Enter and Enter to sign.
    pub begin_and_sign: u32,
    /// Space, once for each doubt.
    pub hear: u32,
    /// Enter on a statement that is right, or that no annotation contradicts.
    pub accept: u32,
    /// Delete on a statement that must not be, or on an omission that is none.
    pub remove: u32,
    /// Enter on an omission that the note lacks.
    pub take: u32,
    /// E and Enter around what is typed.
    pub edit: u32,
    pub typed: u32,
    pub all: u32,
}

/// The figures of one consultation or of all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Figures {
    pub doubts: u32,
    pub doubts_by_kind: DoubtCounts,
    /// Doubts that lead to an error.
    pub doubts_with_error: u32,
    pub errors_raised: u32,
    pub errors_not_raised: u32,
    pub by_cause: BTreeMap<Cause, ByCause>,
    /// Right, but in another section than annotated; no error here.
    pub misplaced: u32,
    pub presses: Presses,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ByCause {
    pub raised: u32,
    pub not_raised: u32,
}

#[derive(Debug, Serialize)]
pub struct Summary<'a> {
    pub total: WithShares,
    pub each: BTreeMap<&'a str, Each>,
}

#[derive(Debug, Serialize)]
pub struct WithShares {
    #[serde(flatten)]
    pub figures: Figures,
    /// Of the doubts, those that lead to an error.
    pub doubt_precision: Share,
    /// Of the errors, those that a doubt leads to.
    pub error_recall: Share,
    /// The same without statements that no annotation matches, which may be right.
    pub sure_error_recall: Share,
}

#[derive(Debug, Serialize)]
pub struct Each {
    #[serde(flatten)]
    pub figures: WithShares,
    pub errors: Vec<Error>,
    /// One for each doubt, in the order of the walk.
    pub walk: Vec<Step>,
}

/// Counts doubts and errors of every consultation.
#[must_use]
pub fn review(measured: &Measured) -> Summary<'_> {
    let mut total = Figures::default();
    let mut each = BTreeMap::new();
    for consultation in &measured.consultations {
        let Reviewed { figures, errors, walk } = review_one(consultation);
        total.add(&figures);
        each.insert(consultation.name.as_str(), Each { figures: figures.with_shares(), errors, walk });
    }
    Summary { total: total.with_shares(), each }
}

struct Reviewed {
    figures: Figures,
    errors: Vec<Error>,
    walk: Vec<Step>,
}

/// What is wrong with a statement, and what would be typed to mend it.
fn wrong(consultation: &Consultation, at: usize) -> Option<(Cause, String)> {
    let Consultation { annotated, score, .. } = consultation;
    let judged = score.statements.get(at)?;
    let verdicts = || annotated.facts.iter().zip(&score.facts);
    if judged.trapped {
        return Some((Cause::Trap, String::new()));
    }
    if judged.matched && !judged.read {
        let misread = verdicts().find(|(_, v)| v.outcome == Outcome::Misread { statement: at });
        return Some((
            Cause::Reading,
            misread.map_or_else(String::new, |(fact, _)| fact.topic.concept.clone()),
        ));
    }
    let lacking: String = verdicts()
        .filter(|(_, v)| v.outcome == Outcome::Found { statement: at })
        .flat_map(|(_, v)| &v.attributes)
        .filter(|(_, _, given)| !given)
        .map(|(_, wanted, _)| wanted.as_str())
        .collect();
    if !lacking.is_empty() {
        return Some((Cause::Attribute, lacking));
    }
    (!judged.matched).then_some((Cause::Unmatched, String::new()))
}

fn review_one(consultation: &Consultation) -> Reviewed {
    let Consultation { annotated, note, score, .. } = consultation;
    let doubts = doubts(note);
    let kinds = DoubtCounts::of(&doubts);
    let mut figures = Figures { doubts: kinds.all(), doubts_by_kind: kinds, ..Figures::default() };
    let mut errors = Vec::new();

    for (at, (section, statement)) in note.statements().enumerate() {
        let raised = doubts.iter().any(|d| matches!(d, Doubt::Critical(a) | Doubt::Unsure(a) if *a == at));
        let wrong = wrong(consultation, at);
        if score.statements.get(at).is_some_and(|j| j.read && !j.right) {
            figures.misplaced += 1;
        }
        if let Some((cause, _)) = wrong {
            errors.push(Error { cause, section, text: statement.text.clone(), raised });
        }
        figures.doubts_with_error += u32::from(raised && wrong.is_some());
    }

    let missed: Vec<&Fact> = annotated
        .facts
        .iter()
        .zip(&score.facts)
        .filter(|(_, v)| v.outcome == Outcome::Absent)
        .map(|(f, _)| f)
        .collect();
    let is_lacking =
        |at: usize| note.omissions.get(at).is_some_and(|o| missed.iter().any(|fact| covers(o, fact)));
    let walk: Vec<Step> = doubts
        .iter()
        .map(|doubt| match *doubt {
            Doubt::Critical(at) | Doubt::Unsure(at) => match wrong(consultation, at) {
                Some((Cause::Trap, _)) => Step::Remove,
                // Another statement says it rightly.
                Some((Cause::Reading, typed)) if typed.is_empty() => Step::Remove,
                Some((Cause::Reading | Cause::Attribute, typed)) => Step::Edit { typed },
                _ => Step::Accept,
            },
            Doubt::Omission(at) if is_lacking(at) => Step::Take,
            Doubt::Omission(_) => Step::Remove,
        })
        .collect();
    figures.doubts_with_error +=
        walk.iter().filter(|step| matches!(step, Step::Take)).map(|_| 1).sum::<u32>();
    figures.presses.walk(&walk);
    for fact in missed {
        let raised = note.omissions.iter().any(|omission| covers(omission, fact));
        errors.push(Error {
            cause: Cause::Missed,
            section: fact.section,
            text: fact.topic.concept.clone(),
            raised,
        });
    }

    for error in &errors {
        let by_cause = figures.by_cause.entry(error.cause).or_default();
        if error.raised {
            figures.errors_raised += 1;
            by_cause.raised += 1;
        } else {
            figures.errors_not_raised += 1;
            by_cause.not_raised += 1;
        }
    }
    Reviewed { figures, errors, walk }
}

/// An omission points at a fact when it names it, or stands where it was said and shares a word of its name with it.
fn covers(omission: &Omission, fact: &Fact) -> bool {
    let said = words(&format!("{} {}", omission.quote, omission.concept.as_deref().unwrap_or_default()));
    let names: Vec<Vec<String>> = fact.topic.names().map(words).collect();
    let shares = || names.iter().flatten().any(|word| word.len() > 3 && said.contains(word));
    names.iter().any(|name| contains(&said, name))
        || (fact.topic.source_segments.contains(&omission.segment) && shares())
}

fn length(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

impl Figures {
    fn add(&mut self, other: &Self) {
        self.doubts += other.doubts;
        self.doubts_by_kind.add(other.doubts_by_kind);
        self.doubts_with_error += other.doubts_with_error;
        self.errors_raised += other.errors_raised;
        self.errors_not_raised += other.errors_not_raised;
        for (cause, counts) in &other.by_cause {
            let sum = self.by_cause.entry(*cause).or_default();
            sum.raised += counts.raised;
            sum.not_raised += counts.not_raised;
        }
        self.misplaced += other.misplaced;
        self.presses.add(other.presses);
    }

    fn with_shares(self) -> WithShares {
        let unmatched = self.by_cause.get(&Cause::Unmatched).copied().unwrap_or_default();
        let all = self.errors_raised + self.errors_not_raised;
        let sure = (self.errors_raised - unmatched.raised, all - unmatched.raised - unmatched.not_raised);
        WithShares {
            doubt_precision: Share(self.doubts_with_error, self.doubts),
            error_recall: Share(self.errors_raised, all),
            sure_error_recall: Share(sure.0, sure.1),
            figures: self,
        }
    }
}

impl Presses {
    fn walk(&mut self, steps: &[Step]) {
        self.begin_and_sign = 3;
        for step in steps {
            self.hear += 1;
            match step {
                Step::Accept => self.accept += 1,
                Step::Remove => self.remove += 1,
                Step::Take => self.take += 1,
                Step::Edit { typed } => {
                    self.edit += 2;
                    self.typed += length(typed);
                }
            }
        }
        let Self { begin_and_sign, hear, accept, remove, take, edit, typed, .. } = *self;
        self.all = begin_and_sign + hear + accept + remove + take + edit + typed;
    }

    fn add(&mut self, other: Self) {
        self.begin_and_sign += other.begin_and_sign;
        self.hear += other.hear;
        self.accept += other.accept;
        self.remove += other.remove;
        self.take += other.take;
        self.edit += other.edit;
        self.typed += other.typed;
        self.all += other.all;
    }
}
