//! Answers that name what they answer: "du sang, non", "dans la poitrine rien", "la tête non la hanche".

use std::ops::Range;

use super::answer::{Asked, Pending};
use super::{Discourse, Scene};
use crate::context::About;
use crate::text::{Gap, fold};

const DENYING: &[&str] = &["non", "rien", "jamais"];
/// What may stand beside the word that is taken up.
const BESIDE: &[&str] = &[
    "le", "la", "les", "l", "du", "de", "d", "des", "un", "une", "au", "aux", "a", "dans", "pour", "cote",
    "niveau", "et", "mais", "moi", "ben", "bah", "euh", "alors", "ah", "oh", "sinon", "mes", "mon", "ma",
];
/// Words before the denial at most.
const REACH: usize = 6;
/// Letters of a word that says which thing is meant.
const TELLING: usize = 4;

impl Discourse {
    /// Denies what the answer takes up by its own words, in the whole segment, and takes it off the questions.
    pub(super) fn echoed(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        if scene.question || self.lexicon.language != note::Language::Fr {
            return;
        }
        let Some(mut pending) = self.pending.take() else { return };
        let denials: Vec<usize> = (scene.run.start + 1..a.tokens.len())
            .filter(|at| DENYING.contains(&a.word(*at)))
            .filter(|at| a.raw || a.tokens.get(*at).is_some_and(|t| t.after >= Gap::Comma))
            .collect();
        for at in denials {
            let Some((asked, said)) = self.taken_up(scene, &mut pending, at) else { continue };
            let Some(mut fact) = asked.no.filter(|_| asked.about == About::Patient) else { continue };
            fact.place = asked.place;
            fact.cite(a.quote(&said));
            fact.group = Some((a.index, u32::try_from(said.start).unwrap_or(0)));
            self.add(scene, fact, &said);
        }
        let is_left = pending.questions.iter().any(|question| !question.is_empty());
        self.pending = is_left.then_some(pending);
    }

    /// What was asked in the words before a denial, and where those words stand.
    fn taken_up(&self, scene: &Scene<'_>, pending: &mut Pending, at: usize) -> Option<(Asked, Range<usize>)> {
        for question in &mut pending.questions {
            let mut asked = question.iter().enumerate();
            let found =
                asked.find_map(|(number, asked)| Some((number, self.words_before(scene, asked, at)?)));
            if let Some((number, words)) = found {
                return Some((question.remove(number), words.start..at + 1));
            }
        }
        None
    }

    /// The words right before a denial when they are nothing but words of the question, and begin something.
    fn words_before(&self, scene: &Scene<'_>, asked: &Asked, at: usize) -> Option<Range<usize>> {
        let a = scene.analysis;
        asked.no.as_ref()?;
        let words: Vec<String> = fold(&asked.source.quote)
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.len() >= TELLING && !BESIDE.contains(word))
            .map(|word| word.trim_end_matches('s').to_owned())
            .collect();
        let is_echo = |i: usize| words.iter().any(|word| a.word(i).trim_end_matches('s') == word);
        let mut from = at;
        let mut echoes = 0;
        while from > scene.run.start && at - from < REACH {
            let before = from - 1;
            let ends = a.tokens.get(before).is_some_and(|t| t.after >= Gap::Comma);
            if ends && before + 1 != at || !(is_echo(before) || BESIDE.contains(&a.word(before))) {
                break;
            }
            echoes += usize::from(is_echo(before));
            from = before;
        }
        let begins =
            from == scene.run.start || a.raw || a.tokens.get(from - 1).is_some_and(|t| t.after >= Gap::Comma);
        (echoes > 0 && begins && from < at).then_some(from..at)
    }
}
