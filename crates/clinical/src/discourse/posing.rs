//! Posologies go to the drug they belong to: in its sentence, before its name, in sentences that go on about it.

use std::ops::Range;

use note::SectionId;

use super::reply::Answer;
use super::{Discourse, Phase, Scene};
use crate::analysis::Mention;
use crate::fact::Fact;
use crate::lexicon::{Cue, Family};
use crate::quantity::{Posology, posology};

impl Discourse {
    /// How far a posology may reach: to the next drug, question, or other subject of the same segment.
    pub(super) fn posology_end(&self, scene: &Scene<'_>, mention: &Mention) -> usize {
        let a = scene.analysis;
        let mut end = scene.run.end;
        for sentence in a.sentences.iter().filter(|s| s.tokens.start >= scene.run.end) {
            let first = sentence.tokens.start;
            let again = self.read(scene, first..sentence.tokens.end, false).dose.is_some()
                && self.read(scene, mention.tokens.end..end, true).dose.is_some();
            let goes_on = !sentence.question
                && !a.any(&[Cue::Take, Cue::Took], &(first..sentence.tokens.end.min(first + 5)))
                && !again
                && (self
                    .read(scene, first..sentence.tokens.end, false)
                    .tokens
                    .first()
                    .is_some_and(|t| t.start <= first + 3))
                && a.mentions_in(&sentence.tokens).next().is_none_or(|m| m.tokens.start > first + 3);
            if !goes_on {
                break;
            }
            end = sentence.tokens.end;
        }
        let next = a
            .mentions
            .iter()
            .filter(|m| m.tokens.start >= mention.tokens.end && m.tokens.start < end)
            .find(|m| {
                [Family::Drug, Family::Test, Family::Referral, Family::Leave, Family::Vital, Family::Lab]
                    .iter()
                    .any(|f| m.of(self.lexicon, *f).is_some())
            })
            .map(|m| {
                // "Et un gramme de paracétamol": the dose before the next drug is the next drug's.
                self.dose_in_front_at(scene, m.tokens.start).map_or(m.tokens.start, |(run, _)| run.start)
            });
        let turn = a
            .cues
            .iter()
            .filter(|c| matches!(c.cue, Cue::Return | Cue::Alert) && c.tokens.start > mention.tokens.end)
            .map(|c| c.tokens.start)
            .min();
        end.min(next.unwrap_or(end)).min(turn.unwrap_or(end)).min(mention.tokens.end + 45)
    }

    pub(super) fn read(&self, scene: &Scene<'_>, run: Range<usize>, named: bool) -> Posology {
        let a = scene.analysis;
        posology(&a.tokens, run, named, &a.units, &a.timing, &a.times, self.lexicon.language)
    }

    /// "Vous prenez toujours du bisoprolol, cinq milligrammes le matin ?": a yes agrees to the dose as well.
    pub(super) fn dose_asked(&self, scene: &Scene<'_>, mention: &Mention, fact: &mut Fact) {
        let read = self.read(scene, mention.tokens.end..self.posology_end(scene, mention), true);
        if !read.is_empty() {
            give(fact, read, scene);
        }
    }

    /// Reads a posology in a run and gives it to a drug.
    pub(super) fn pose(&mut self, scene: &Scene<'_>, at: usize, run: Range<usize>, named: bool) {
        let read = self.read(scene, run, named);
        if let Some(former) = &read.former {
            self.took_until_now(scene, at, former);
        }
        let since =
            scene.analysis.times_in(&scene.run).find(|w| w.kind == crate::quantity::WhenKind::Since).cloned();
        let lasting = scene
            .analysis
            .times_in(&scene.run)
            .find(|w| w.kind == crate::quantity::WhenKind::For && self.lexicon.language == note::Language::En)
            .cloned();
        let Some(fact) = self.facts.get_mut(at) else { return };
        if fact.section == SectionId::Traitements
            && fact.action.is_none()
            && let Some(when) = lasting
        {
            fact.set("duration", when.span);
            fact.cite(scene.analysis.quote(&when.tokens));
        }
        if fact.section == SectionId::Traitements
            && let Some(when) = since
        {
            fact.set("onset", when.text);
            fact.cite(scene.analysis.quote(&when.tokens));
        }
        if read.is_empty() {
            return;
        }
        give(fact, read, scene);
    }

    /// "On passe de quatre-vingts à quarante" tells what was taken before as well.
    fn took_until_now(&mut self, scene: &Scene<'_>, at: usize, former: &str) {
        let Some(new) = self.facts.get(at).filter(|f| f.section == SectionId::Ordonnance).cloned() else {
            return;
        };
        let known = self
            .facts
            .iter_mut()
            .rev()
            .find(|f| f.section == SectionId::Traitements && f.concept == new.concept && !f.withdrawn);
        if let Some(old) = known {
            if !old.attributes.contains_key("dose") {
                old.set("dose", former);
                old.cite(scene.analysis.quote(&scene.run));
            }
            return;
        }
        let mut old = new;
        old.section = SectionId::Traitements;
        old.temporality = note::Temporality::Current;
        old.action = None;
        old.attributes.clear();
        old.set("dose", former);
        old.cite(scene.analysis.quote(&scene.run));
        self.facts.push(old);
    }

    /// "Un gramme de paracétamol": number, unit, "de".
    pub(super) fn dose_in_front(
        &self,
        scene: &Scene<'_>,
        mention: &Mention,
    ) -> Option<(Range<usize>, Posology)> {
        self.dose_in_front_at(scene, mention.tokens.start)
    }

    pub(super) fn dose_in_front_at(&self, scene: &Scene<'_>, at: usize) -> Option<(Range<usize>, Posology)> {
        let a = scene.analysis;
        let link = at.checked_sub(1).filter(|i| ["de", "d", "of"].contains(&a.word(*i)))?;
        (2..=5).rev().filter_map(|back| at.checked_sub(back)).find_map(|from| {
            let read = self.read(scene, from..link, false);
            let whole =
                read.dose.is_some() && read.tokens.first().is_some_and(|t| t.start == from && t.end == link);
            whole.then_some((from..link, read))
        })
    }

    /// "Un gel, diclofénac", "Doliprane en sirop": in which form, where it was said beside the name.
    pub(super) fn form_said(&mut self, scene: &Scene<'_>, at: usize, mention: &Mention) {
        const FORMS: &[&str] = &[
            "gel",
            "creme",
            "pommade",
            "sirop",
            "collyre",
            "spray",
            "patch",
            "suppositoire",
            "suppositoires",
            "ointment",
            "cream",
            "syrup",
            "inhaler",
            "drops",
        ];
        let a = scene.analysis;
        let first = mention.tokens.start.saturating_sub(3).max(scene.run.start);
        let last = scene.run.end.min(mention.tokens.end + 3);
        let found = (mention.tokens.end..last)
            .chain(first..mention.tokens.start)
            .find(|i| FORMS.contains(&a.word(*i)) && a.mentions_in(&(*i..*i + 1)).next().is_none());
        let Some(form) = found else { return };
        if let Some(fact) = self.facts.get_mut(at) {
            let said = a.quote(&(form..form + 1)).quote.to_lowercase();
            if !fact.name.as_deref().unwrap_or_default().to_lowercase().contains(&said) {
                fact.set("route", said);
                fact.cite(a.quote(&(form.min(mention.tokens.start)..mention.tokens.end.max(form + 1))));
            }
        }
    }

    pub(super) fn dose_before(&mut self, scene: &Scene<'_>, at: usize, mention: &Mention) {
        if let Some((_, read)) = self.dose_in_front(scene, mention)
            && let Some(fact) = self.facts.get_mut(at)
        {
            give(fact, read, scene);
        }
    }

    /// The drug under discussion: what is taken of the one named last, even if only a question named it since.
    fn spoken_of(&self) -> Option<usize> {
        let named = self.named_drug.as_ref().and_then(|(_, m)| m.of(self.lexicon, Family::Drug));
        let asked = named.and_then(|entry| {
            self.facts.iter().rposition(|f| {
                f.kind == note::Kind::Drug
                    && f.section == SectionId::Traitements
                    && f.concept == entry.concept
                    && f.polarity == note::Polarity::Present
                    && !f.withdrawn
            })
        });
        let last = self.last_drug?;
        let same = self.facts.get(last).is_some_and(|f| named.is_none_or(|e| e.concept == f.concept));
        if same { Some(last) } else { asked.or(Some(last)) }
    }

    /// A sentence with a posology and no drug goes on about the last one.
    pub(super) fn drug_goes_on(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        // "Cinq milligrammes, le soir, et avec ça de l'ézétimibe": up to what is named next.
        let end = a.mentions_in(&scene.run).next().map_or(scene.run.end, |m| m.tokens.start);
        let own = scene.run.start..end;
        let read = self.read(scene, own.clone(), false);
        if scene.question
            || end < scene.run.end && read.tokens.first().is_none_or(|t| t.start > own.start + 3)
        {
            return;
        }
        // "Don't take them at night": how it is not taken.
        let kept_off = scene.run.clone().take(4).any(|i| {
            ["don", "never", "not", "jamais", "evitez", "avoid"].contains(&a.word(i))
                || a.word(i) == "ne"
                    && scene.run.clone().take(8).any(|p| ["pas", "jamais"].contains(&a.word(p)))
        });
        let Some(at) = self.spoken_of().filter(|_| !kept_off) else { return };
        // Another drug was named since: "cinq jours" is about that one.
        let other = self.named_drug.as_ref().is_some_and(|(_, named)| {
            let concept = named.of(self.lexicon, Family::Drug).map(|e| e.concept.clone());
            self.facts.get(at).is_some_and(|f| concept.is_some_and(|c| c != f.concept))
        });
        if other {
            return;
        }
        let Some((section, place)) = self.facts.get(at).map(|f| (f.section, f.place)) else { return };
        // Within its own segment the posology was read already.
        let reach = if section == SectionId::Traitements { 2 } else { 4 };
        let answers = Answer::of(a, &scene.run).is_some();
        if a.index.saturating_sub(place.0) > reach {
            return;
        }
        let before = (place.1 as usize) < scene.run.start || place.0 != a.index;
        let told = match section {
            SectionId::Traitements => self.phase <= Phase::History || scene.by_patient(),
            _ => scene.by_doctor(),
        };
        if before && told && self.strength_told(scene, at) {
            return;
        }
        if self.changed_later(scene, at) {
            return;
        }
        // How long alone must be told at once: "ça met trois semaines à agir" tells something else.
        let how = section == SectionId::Ordonnance && (read.dose.is_some() || read.frequency.is_some());
        if place.0 == a.index {
            // "Le Lévothyrox, on garde soixante-quinze. (…) Je reste à soixante-quinze, à jeun."
            let open = self.facts.get(at).is_some_and(|f| {
                f.section == SectionId::Ordonnance && !f.attributes.contains_key("frequency")
            });
            let resumes = scene
                .run
                .clone()
                .take(3)
                .any(|i| ["reste", "garde", "laisse", "continue"].contains(&a.word(i)));
            if open && resumes && before && read.frequency.is_some() && scene.by_doctor() {
                if let Some(fact) = self.facts.get_mut(at) {
                    give(fact, read, scene);
                }
                return;
            }
            self.prescribed_for(scene, at, &read);
            return;
        }
        if answers && scene.by_patient() {
            return;
        }
        let fits = match section {
            SectionId::Ordonnance => {
                scene.by_doctor() && (self.phase == Phase::Plan || how && self.phase == Phase::Conclusion)
            }
            SectionId::Traitements => scene.by_patient() && self.phase <= Phase::History,
            _ => false,
        };
        let lead = match self.lexicon.language {
            note::Language::En => 6,
            note::Language::Fr if how => 5,
            note::Language::Fr => usize::from(section == SectionId::Traitements) * 3,
        };
        let starts = read.tokens.first().is_some_and(|t| t.start <= scene.run.start + lead);
        // "Trois jours au moins, je vous signe un arrêt."
        let leave = a.mentions_in(&scene.run).any(|m| m.of(self.lexicon, Family::Leave).is_some());
        let other = leave || a.any(&[Cue::Return, Cue::Alert, Cue::Order], &scene.run);
        if fits
            && starts
            && !other
            && (read.dose.is_some()
                || read.frequency.is_some()
                || read.duration.is_some() && section == SectionId::Ordonnance)
            && let Some(fact) = self.facts.get_mut(at)
        {
            give(fact, read, scene);
        }
    }

    /// "Vous commencez ce soir. Ordonnance pour six mois.": how long, told apart from the rest.
    fn prescribed_for(&mut self, scene: &Scene<'_>, at: usize, read: &Posology) {
        const PAPER: &[&str] = &["ordonnance", "mets", "prescris", "donne", "supply", "script"];
        let a = scene.analysis;
        let paper = scene.run.clone().take(4).any(|i| PAPER.contains(&a.word(i)));
        let alone = read.dose.is_none() && read.frequency.is_none();
        let Some(fact) = self.facts.get_mut(at) else { return };
        let open = fact.section == SectionId::Ordonnance && !fact.attributes.contains_key("duration");
        if let (Some(duration), true) = (&read.duration, paper && alone && open && scene.by_doctor()) {
            fact.set("duration", duration.clone());
            fact.cite(a.quote(&scene.run));
        }
    }

    /// "Le Coaprovel, on passe à trois cents": a bare number after such a verb is the dose.
    pub(super) fn raised_to(&mut self, scene: &Scene<'_>, added: usize, mention: &Mention) {
        let a = scene.analysis;
        let Some(fact) = self.facts.get_mut(added).filter(|f| !f.attributes.contains_key("dose")) else {
            return;
        };
        let reach = mention.tokens.end..scene.run.end.min(mention.tokens.end + 6);
        let cue = a.cues.iter().find(|c| {
            [Cue::Increase, Cue::Decrease].contains(&c.cue)
                && reach.contains(&c.tokens.start)
                && !a.mark(c.tokens.start).hypothetical
                && (c.tokens.end - 1..=c.tokens.end).any(|i| ["a", "to"].contains(&a.word(i)))
        });
        let number = cue
            .and_then(|c| {
                let to = c.tokens.end + usize::from(["a", "to"].contains(&a.word(c.tokens.end)));
                crate::quantity::number_at(&a.tokens, to, self.lexicon.language)
            })
            .filter(|n| !n.article && n.tokens.end <= scene.run.end);
        if let Some(number) = number {
            fact.set("dose", number.text);
            fact.cite(a.quote(&(mention.tokens.start..number.tokens.end)));
        }
    }
}

pub(super) fn give(fact: &mut Fact, read: Posology, scene: &Scene<'_>) {
    let whole = read.tokens.iter().map(|t| t.start).min().zip(read.tokens.iter().map(|t| t.end).max());
    let parts = [("dose", read.dose), ("frequency", read.frequency), ("route", read.route)];
    for (name, value) in parts {
        if let Some(value) = value {
            fact.set(name, value);
        }
    }
    if let Some(condition) = read.condition {
        let with = fact.attributes.get("frequency").map_or(condition.clone(), |f| format!("{f} {condition}"));
        fact.attributes.insert("frequency".into(), with);
    }
    if let Some(duration) =
        read.duration.filter(|_| fact.section == SectionId::Ordonnance || fact.section == SectionId::Conduite)
    {
        fact.set("duration", duration);
    }
    if let Some((start, end)) = whole {
        let low = scene.analysis.least_probability(&(start..end));
        fact.probability = match (fact.probability, low) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let source = scene.analysis.quote(&(start..end));
        // One passage from the name to the end of its posology reads better than two.
        let joined = (fact.place.0 == scene.analysis.index)
            .then(|| {
                let name = fact.place.1 as usize;
                scene.analysis.quote(&(name.min(start)..end.max(name + 1)))
            })
            .filter(|s| s.quote.len() < 220);
        match (joined, fact.sources.first_mut()) {
            (Some(joined), Some(first)) if first.segment == joined.segment => *first = joined,
            _ => fact.cite(source),
        }
    }
}
