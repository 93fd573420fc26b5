//! One note against one annotated consultation.

use note::{Experiencer, Note, Polarity, SectionId, Statement, Transcript};

use super::figures::Counts;
use super::words::{contains, numbers, words};
use crate::{Annotated, Fact};

/// What became of everything that was annotated and of everything that was written. Positions of statements count
/// through the whole note, in reading order.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    pub counts: Counts,
    /// One for each fact, in the order of the annotations.
    pub facts: Vec<Verdict>,
    /// For each trap, the first statement that fell into it.
    pub traps: Vec<Option<usize>>,
    /// One for each statement.
    pub statements: Vec<Judged>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub outcome: Outcome,
    /// Of a fact that was found: every attribute, as annotated, and whether the note gives it.
    pub attributes: Vec<(String, String, bool)>,
}

/// Where a fact stands in the note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Found {
        statement: usize,
    },
    Absent,
    /// Named, but with another polarity or of another person.
    Misread {
        statement: usize,
    },
    /// Said rightly where no doctor would look for it.
    Misplaced {
        statement: usize,
        section: SectionId,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Judged {
    /// It names some annotated fact.
    pub matched: bool,
    /// It names one with the right polarity and person.
    pub read: bool,
    /// It says one rightly and in its place.
    pub right: bool,
    /// It asserts what must not be.
    pub trapped: bool,
    /// Each of its quotes stands in the segment it names, and there is one.
    pub sourced: bool,
}

/// A statement with its words, which are looked at once for every fact.
struct Said<'a> {
    section: SectionId,
    statement: &'a Statement,
    words: Vec<String>,
}

impl Said<'_> {
    fn names(&self, names: &[Vec<String>]) -> bool {
        names.iter().any(|name| contains(&self.words, name))
    }

    fn reads(&self, fact: &Named<'_>) -> bool {
        let Named { fact, negated, .. } = fact;
        let same = self.statement.polarity == fact.polarity;
        let affirmed_negation = self.statement.polarity == Polarity::Present
            && fact.polarity == Polarity::Absent
            && self.names(negated);
        (same || affirmed_negation) && self.statement.experiencer == fact.experiencer
    }

    fn says(&self, fact: &Named<'_>) -> bool {
        self.names(&fact.names) && self.reads(fact) && fact.fact.accepts(self.section)
    }

    /// Asserts it as the patient's own and present, which is how a bare statement is read; but one that is `right` about
    /// an annotated fact falls into no trap.
    fn springs(&self, trap: &[Vec<String>], right: bool) -> bool {
        let asserts = self.statement.polarity == Polarity::Present
            && self.statement.experiencer == Experiencer::Patient;
        asserts && !right && self.names(trap)
    }

    fn gives(&self, key: &str, wanted: &str) -> bool {
        let given = self.statement.attributes.get(key).map_or("", String::as_str);
        let text = format!("{given} {}", self.statement.text);
        let figures = numbers(wanted);
        if !figures.is_empty() {
            let have = numbers(&text);
            return figures.iter().all(|figure| have.contains(figure));
        }
        let (have, want) = (words(&text), words(wanted));
        contains(&have, &want) || want.iter().all(|word| have.contains(word))
    }
}

struct Named<'a> {
    fact: &'a Fact,
    names: Vec<Vec<String>>,
    negated: Vec<Vec<String>>,
}

impl<'a> Named<'a> {
    fn of(fact: &'a Fact) -> Self {
        let negated = fact.topic.aliases_with_polarity.iter().map(|name| words(name)).collect();
        Self { fact, names: fact.topic.names().map(words).collect(), negated }
    }
}

/// Compares a note with the annotations.
#[must_use]
pub fn score(annotated: &Annotated, note: &Note) -> Score {
    let said: Vec<Said<'_>> = note
        .statements()
        .map(|(section, statement)| {
            let concept = statement.concept.as_deref().unwrap_or_default();
            Said { section, statement, words: words(&format!("{} {concept}", statement.text)) }
        })
        .collect();
    let facts: Vec<Named<'_>> = annotated.facts.iter().map(Named::of).collect();
    let traps: Vec<Vec<Vec<String>>> =
        annotated.traps.iter().map(|trap| trap.topic.names().map(words).collect()).collect();
    let judge = |s: &Said<'_>| {
        let right = facts.iter().any(|fact| s.says(fact));
        Judged {
            matched: facts.iter().any(|fact| s.names(&fact.names)),
            read: facts.iter().any(|fact| s.names(&fact.names) && s.reads(fact)),
            right,
            trapped: traps.iter().any(|names| s.springs(names, right)),
            sourced: sourced(s.statement, &annotated.transcript),
        }
    };
    let statements: Vec<Judged> = said.iter().map(judge).collect();
    let verdicts: Vec<Verdict> = facts.iter().map(|fact| verdict(fact, &said)).collect();
    let sprung = |names: &Vec<Vec<String>>| {
        said.iter().zip(&statements).position(|(s, judged)| s.springs(names, judged.right))
    };
    let traps: Vec<Option<usize>> = traps.iter().map(sprung).collect();
    let counts = count(annotated, &said, &verdicts, &traps, &statements);
    Score { counts, facts: verdicts, traps, statements }
}

fn verdict(fact: &Named<'_>, said: &[Said<'_>]) -> Verdict {
    let naming = || said.iter().enumerate().filter(|(_, s)| s.names(&fact.names));
    let read = || naming().filter(|(_, s)| s.reads(fact));
    let placed: Vec<(usize, &Said<'_>)> = read().filter(|(_, s)| fact.fact.accepts(s.section)).collect();
    let outcome = match (naming().next(), read().next(), placed.first()) {
        (None, ..) => Outcome::Absent,
        (Some((statement, _)), None, _) => Outcome::Misread { statement },
        (_, Some((statement, s)), None) => Outcome::Misplaced { statement, section: s.section },
        (_, _, Some((statement, _))) => Outcome::Found { statement: *statement },
    };
    let attributes = fact.fact.attributes.iter().filter(|(_, wanted)| !wanted.trim().is_empty());
    let attributes = attributes
        .filter(|_| !placed.is_empty())
        .map(|(key, wanted)| {
            let otherwise = fact.fact.attr_aliases.get(key).map_or(&[][..], Vec::as_slice);
            let accepted = || [wanted].into_iter().chain(otherwise);
            let given = placed.iter().any(|(_, s)| accepted().any(|wanted| s.gives(key, wanted)));
            (key.clone(), wanted.clone(), given)
        })
        .collect();
    Verdict { outcome, attributes }
}

fn sourced(statement: &Statement, transcript: &Transcript) -> bool {
    let holds = |segment, quote: &str| transcript.segment(segment).is_some_and(|s| s.text.contains(quote));
    !statement.sources.is_empty()
        && statement.sources.iter().all(|s| !s.quote.is_empty() && holds(s.segment, &s.quote))
}

fn count(
    annotated: &Annotated,
    said: &[Said<'_>],
    verdicts: &[Verdict],
    traps: &[Option<usize>],
    judged: &[Judged],
) -> Counts {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut counts = Counts {
        facts: number(verdicts.len()),
        statements: number(said.len()),
        matched: number(judged.iter().filter(|j| j.matched).count()),
        sourced: number(judged.iter().filter(|j| j.sourced).count()),
        traps: number(traps.len()),
        sprung: number(traps.iter().flatten().count()),
        note_words: said.iter().map(|s| number(words(&s.statement.text).len())).sum(),
        transcript_words: annotated.transcript.segments.iter().map(|s| number(words(&s.text).len())).sum(),
        ..Counts::default()
    };
    for (fact, verdict) in annotated.facts.iter().zip(verdicts) {
        let (mentioned, read, found) = match verdict.outcome {
            Outcome::Absent => (0, 0, 0),
            Outcome::Misread { .. } => (1, 0, 0),
            Outcome::Misplaced { .. } => (1, 1, 0),
            Outcome::Found { .. } => (1, 1, 1),
        };
        let critical = u32::from(fact.is_critical());
        counts.mentioned += mentioned;
        counts.polarity_ok += read;
        counts.found += found;
        counts.critical += critical;
        counts.critical_found += critical * found;
        counts.attrs += number(verdict.attributes.len());
        counts.attrs_ok += number(verdict.attributes.iter().filter(|(_, _, given)| *given).count());
    }
    counts
}
