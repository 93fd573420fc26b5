//! "L'appétit ? — Bof." What is asked of in the sense of its working goes well or badly; `functions.tsv` names the trouble of
//! each, `verdicts.tsv` the words for well and badly.

use std::ops::Range;

use note::{Kind, Polarity, SectionId, Source};

use super::reply::Answer;
use super::{Discourse, Phase, Scene};
use crate::analysis::Analysis;
use crate::context::About;
use crate::fact::{Fact, Place};
use crate::lexicon::{Cue, Entry, EntryId, Lexicon};
use crate::text::{Gap, fold, tokenize};

/// A function the doctor asked of.
#[derive(Debug, Clone)]
pub(crate) struct AskedOf {
    of: EntryId,
    source: Source,
    place: Place,
    /// Asked with a verb ("vous dormez ?"), so that "non" tells of trouble; "le sommeil ?" is answered by words.
    by_verb: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Well,
    Badly,
}

/// An answer of more words tells a story.
const LONGEST: usize = 18;

impl Discourse {
    /// Keeps the functions a question names.
    pub(super) fn asks_of_working(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        let goes_on = self.working.last().is_some_and(|asked| asked.source.segment == a.index);
        if !goes_on {
            self.working.clear();
        }
        let early = self.phase <= Phase::History && scene.run.len() <= LONGEST;
        if !early || a.any(&[Cue::Hypothesis, Cue::Negation, Cue::TopicOnset], &scene.run) {
            return;
        }
        for (tokens, of) in functions(self.lexicon, a, &scene.run) {
            let named = a.mentions.iter().any(|m| {
                m.tokens.start < tokens.end && tokens.start < m.tokens.end && m.tokens.end > tokens.end
            });
            if named || scene.about(tokens.start) != About::Patient {
                continue;
            }
            const SUBJECTS: &[&str] =
                &["vous", "tu", "il", "elle", "ca", "y", "you", "he", "she", "they", "is", "are"];
            let by_verb = scene.run.clone().any(|at| SUBJECTS.contains(&a.word(at)));
            let place = scene.place(tokens.start);
            self.working.push(AskedOf { of, source: a.quote(&tokens), place, by_verb });
        }
    }

    /// "Ça brûle, et le jet, ça va ? — Le jet, c'est plus comme à vingt ans.": the answer is of that function alone.
    pub(super) fn answers_of_working(&self, scene: &Scene<'_>) -> bool {
        functions(self.lexicon, scene.analysis, &scene.run).iter().any(|(tokens, of)| {
            tokens.start <= scene.run.start + 1 && self.working.iter().any(|asked| asked.of == *of)
        })
    }

    /// Reads how they go, from an answer or from what the patient tells of them.
    pub(super) fn told_of_working(&mut self, scene: &Scene<'_>, from: usize, answer: Option<Answer>) {
        let a = scene.analysis;
        let stale = self.working.last().is_some_and(|asked| a.index > asked.source.segment + 2);
        if !scene.by_patient() || stale {
            self.working.clear();
            return;
        }
        let others = scene.about.iter().any(|about| *about != About::Patient);
        if scene.question || others || scene.run.len() > LONGEST || self.phase > Phase::History {
            return;
        }
        let echoed = functions(self.lexicon, a, &scene.run);
        if echoed.is_empty() {
            // Another rule read the answer, or it names something of its own: its words say more.
            if self.facts.len() == from && a.mentions_in(&scene.run).next().is_none() {
                self.tell_all(scene, answer);
            }
            return;
        }
        for (nth, (tokens, of)) in echoed.iter().enumerate() {
            let end = echoed.get(nth + 1).map_or(scene.run.end, |(next, _)| next.start);
            let said = tokens.end..end;
            let asked = self.working.iter().position(|asked| asked.of == *of);
            let verdict = verdict(self.lexicon, a, &said, self.lexicon.entry(*of));
            let Some(verdict) = verdict.filter(|_| said.len() <= 8 || asked.is_some()) else { continue };
            let asked = asked.map(|at| self.working.remove(at));
            let own = AskedOf {
                of: *of,
                source: a.quote(tokens),
                place: scene.place(tokens.start),
                by_verb: false,
            };
            self.tell(scene, asked.unwrap_or(own), verdict, &(tokens.start..end));
        }
    }

    fn tell_all(&mut self, scene: &Scene<'_>, answer: Option<Answer>) {
        let asked = std::mem::take(&mut self.working);
        for one in asked {
            let entry = self.lexicon.entry(one.of);
            // A longer answer says more than its first word.
            let plain = match answer.filter(|_| scene.run.len() <= 4) {
                Some(Answer::Yes | Answer::Fine) if one.by_verb => Some(Verdict::Well),
                Some(Answer::Fine) => Some(Verdict::Well),
                Some(Answer::No | Answer::NoMore | Answer::Some) if one.by_verb => Some(Verdict::Badly),
                _ => None,
            };
            let said = verdict(self.lexicon, scene.analysis, &scene.run, entry).or(plain);
            if let Some(verdict) = said.filter(|_| answer != Some(Answer::Unknown)) {
                self.tell(scene, one, verdict, &scene.run.clone());
            }
        }
    }

    fn tell(&mut self, scene: &Scene<'_>, asked: AskedOf, verdict: Verdict, run: &Range<usize>) {
        let entry = self.lexicon.entry(asked.of);
        let known = |polarity: Polarity| {
            self.facts.iter().any(|f| f.concept == entry.concept && f.polarity == polarity)
        };
        // What the patient complained of before is not undone by "ça va".
        if known(Polarity::Present) {
            return;
        }
        let mut fact =
            Fact::new(SectionId::Histoire, Kind::Symptom, entry.concept.clone(), asked.place, asked.source);
        fact.certainty = 0.7;
        if verdict == Verdict::Well {
            fact.polarity = Polarity::Absent;
            fact.text = entry.attribute("good").map(str::to_owned);
        }
        fact.cite(scene.analysis.quote(run));
        self.add(scene, fact, run);
        self.open_question = None;
        self.pending = None;
    }
}

/// The functions named in a run.
fn functions(lexicon: &Lexicon, analysis: &Analysis, run: &Range<usize>) -> Vec<(Range<usize>, EntryId)> {
    let Some(tokens) = analysis.tokens.get(run.clone()) else { return Vec::new() };
    let found = lexicon.functions.matches(tokens);
    let mut named: Vec<(Range<usize>, EntryId)> = Vec::new();
    for hit in found {
        let Some(form) = lexicon.functions.forms(&hit).first() else { continue };
        if !named.iter().any(|(_, of)| *of == form.entry) {
            named.push((run.start + hit.tokens.start..run.start + hit.tokens.end, form.entry));
        }
    }
    named
}

/// How it goes: the words of the function itself first, then the first general word.
fn verdict(lexicon: &Lexicon, analysis: &Analysis, run: &Range<usize>, of: &Entry) -> Option<Verdict> {
    let tokens = analysis.tokens.get(run.clone())?;
    let words: Vec<&str> = tokens.iter().map(|t| t.folded.as_str()).collect();
    let told = of.attribute("poor").into_iter().flat_map(|list| list.split('/')).any(|poor| {
        let wanted: Vec<String> = tokenize(&fold(poor)).into_iter().map(|t| t.folded).collect();
        words.windows(wanted.len().max(1)).any(|run| run.iter().eq(wanted.iter()))
    });
    if told {
        return Some(Verdict::Badly);
    }
    let first = lexicon.verdicts.matches(tokens).into_iter().next()?;
    let far = tokens.iter().take(first.tokens.start).filter(|t| t.after >= Gap::Stop).count() > 0;
    let class = lexicon.entry(lexicon.verdicts.forms(&first).first()?.entry);
    if class.concept == "poor" {
        return (!far).then_some(Verdict::Badly);
    }
    // "Comme une masse, et à trois heures, les yeux ouverts": what goes on may turn it.
    let rest = run.start + first.tokens.end..run.end;
    let turns = rest.len() > 5 || analysis.has(Cue::Stop, &rest) || analysis.times_in(&rest).next().is_some();
    (!far && !turns).then_some(Verdict::Well)
}
