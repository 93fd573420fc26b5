//! How strong the drug under discussion is, told or put right in the sentences after its name.

use note::{Kind, SectionId};

use super::{Discourse, Phase, Scene};
use crate::analysis::Mention;
use crate::fact::Fact;
use crate::lexicon::Cue;
use crate::quantity::{Number, number_at};
use crate::text::Gap;

/// Words that may stand before a strength: "le huit", "c'est écrit huit cent cinquante", "de la mille".
const LEADING: &[&str] = &[
    "le", "la", "les", "du", "de", "des", "en", "a", "est", "ecrit", "marque", "non", "oui", "euh", "bon",
    "je", "crois", "c", "pardon", "voila", "enfin", "plutot", "ca", "ah", "mais", "it", "s", "the", "um",
    "uh", "think", "no", "yes", "yeah", "sorry", "i", "attendez", "alors", "went", "up", "down", "that",
];
/// A sentence about something else has more words than these beside its number.
const MOST: usize = 14;

impl Discourse {
    /// "Le Tahor. Dix. Non, vingt": a sentence that is little more than a number is the strength of the drug just spoken of;
    /// after "non" it corrects the one before, and a doctor who says it again has the last word. True when it was one.
    pub(super) fn strength_told(&mut self, scene: &Scene<'_>, at: usize) -> bool {
        let a = scene.analysis;
        let Some(fact) = self.facts.get(at).filter(|f| f.kind == Kind::Drug) else { return false };
        let last = fact.sources.iter().map(|s| s.segment).max().unwrap_or(fact.place.0);
        let of_other = a.mentions_in(&scene.run).next().is_some();
        if a.index.saturating_sub(last) > 2 || of_other || scene.run.len() > MOST {
            return false;
        }
        let words = || scene.run.clone().take(3);
        let corrects = words().any(|i| ["non", "no", "pardon", "sorry", "plutot"].contains(&a.word(i)));
        if corrects && self.entire(scene, at) {
            return true;
        }
        let Some(number) = self.bare_strength(scene) else { return false };
        let Some(fact) = self.facts.get(at) else { return false };
        let before = fact.attributes.get("dose").cloned();
        // "Un le matin. Le cinquante.": how many was told before how strong.
        let count = before
            .as_deref()
            .filter(|d| number.value >= 5.0 && (*d == "½" || d.parse::<f64>().is_ok_and(|n| n <= 4.0)))
            .map(str::to_owned);
        let sure = corrects || scene.role == super::Role::Doctor && a.index > fact.place.0;
        if before.is_some() && !sure && count.is_none() {
            return false;
        }
        let dose = match count {
            Some(count) => format!("{}, {count}", number.text),
            None => number.text,
        };
        let often = self.read(scene, number.tokens.end..scene.run.end, false).frequency;
        let Some(fact) = self.facts.get_mut(at) else { return false };
        fact.attributes.insert("dose".into(), dose);
        fact.cite(a.quote(&number.tokens));
        if let Some(often) = often {
            fact.set("frequency", often);
            fact.cite(a.quote(&scene.run));
        }
        true
    }

    /// A number that nothing is counted with, alone in its clause.
    fn bare_strength(&self, scene: &Scene<'_>) -> Option<Number> {
        let a = scene.analysis;
        let short = scene.run.len() <= 7;
        scene.run.clone().find_map(|i| {
            let number = number_at(&a.tokens, i, self.lexicon.language)
                .filter(|n| !n.article && n.tokens.end <= scene.run.end && n.value >= 2.0)?;
            let led = (scene.run.start..i).all(|w| LEADING.contains(&a.word(w)));
            let end = number.tokens.end;
            let ends = end >= scene.run.end
                || a.tokens.get(end - 1).is_some_and(|t| t.after >= Gap::Comma)
                || [
                    "now",
                    "milligrammes",
                    "mg",
                    "microgrammes",
                    "micro",
                    "sur",
                    "oui",
                    "le",
                    "matin",
                    "soir",
                ]
                .contains(&a.word(end));
            let timed = a.times.iter().any(|w| w.tokens.contains(&i));
            let counts = [
                "fois", "par", "kilos", "kg", "ans", "ou", "a", "times", "or", "to", "per", "puffs", "of",
                "days", "weeks", "months", "years", "hours", "maybe",
            ]
            .contains(&a.word(end))
                && end < scene.run.end;
            // Only a name may stand between: "le Tahor, dix".
            (led && ends && !timed && !counts && (short || i > scene.run.start)).then_some(number)
        })
    }

    /// "Un demi. Enfin non, un entier."
    fn entire(&mut self, scene: &Scene<'_>, at: usize) -> bool {
        let a = scene.analysis;
        let entire = scene.run.clone().take(5).find(|i| {
            ["entier", "entiere"].contains(&a.word(*i)) && ["un", "une"].contains(&a.word(i.wrapping_sub(1)))
        });
        let (Some(entire), Some(fact)) = (entire, self.facts.get_mut(at)) else { return false };
        fact.attributes.insert("dose".into(), "1".into());
        fact.cite(a.quote(&(entire - 1..entire + 1)));
        true
    }

    /// "Le gliclazide, on le diminue. — Et… ? — Vous étiez à soixante, vous passez à trente": the dose after a change comes in
    /// a sentence of its own.
    pub(super) fn changed_later(&mut self, scene: &Scene<'_>, at: usize) -> bool {
        let a = scene.analysis;
        let open = |f: &&Fact| {
            f.section == SectionId::Ordonnance
                && f.action.is_some()
                && !f.attributes.contains_key("dose")
                && a.index.saturating_sub(f.place.0) <= 4
        };
        let waits = self.facts.get(at).filter(open).is_some();
        if !waits || !scene.by_doctor() || scene.question || self.phase < Phase::Conclusion {
            return false;
        }
        let changes = a.any(&[Cue::Increase, Cue::Decrease], &scene.run);
        if !changes || a.mentions_in(&scene.run).next().is_some() {
            return false;
        }
        let here = Mention { tokens: scene.run.start..scene.run.start, entries: Vec::new(), misheard: false };
        self.raised_to(scene, at, &here);
        let often = self.read(scene, scene.run.clone(), false).frequency;
        let Some(fact) = self.facts.get_mut(at).filter(|f| f.attributes.contains_key("dose")) else {
            return false;
        };
        if let Some(often) = often {
            fact.set("frequency", often);
        }
        fact.cite(a.quote(&scene.run));
        true
    }
}
