//! "Do you smoke? — No. I gave up in 2015": a no that goes on to tell of a habit left.

use note::{Kind, Language, Polarity, Temporality};

use super::{Discourse, Scene};
use crate::lexicon::Cue;

impl Discourse {
    /// Turns a denied habit of tobacco into one that was left, when the same person goes on to say so.
    pub(super) fn gave_up(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        let opening = scene.run.start..scene.run.end.min(scene.run.start + 5);
        if scene.question || !a.any(&[Cue::NoMore, Cue::Stopped], &opening) {
            return;
        }
        let Some(at) = self.facts.len().checked_sub(1) else { return };
        let when = a.times_in(&scene.run).next().cloned();
        let Some(fact) = self.facts.get_mut(at).filter(|f| {
            f.kind == Kind::Lifestyle
                && f.polarity == Polarity::Absent
                && ["tabac", "smoking"].contains(&f.concept.as_str())
                && f.sources.iter().any(|s| s.segment == a.index)
        }) else {
            return;
        };
        fact.concept =
            if self.lexicon.language == Language::Fr { "tabagisme sevré" } else { "ex-smoker" }.to_owned();
        fact.polarity = Polarity::Present;
        fact.temporality = Temporality::Past;
        fact.group = None;
        fact.cite(a.quote(&scene.run));
        if let Some(when) = when {
            if let Some(year) = when.year {
                fact.set("year", year);
            }
            fact.set("onset", when.text);
        }
    }
}
