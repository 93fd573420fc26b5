//! Drugs: taken before, prescribed today, stopped, kept off.

use std::ops::Range;

use note::{Flag, Kind, Polarity, SectionId, Temporality};

use super::answer::Answer;
use super::{Discourse, Phase, Scene, Topic};
use crate::analysis::Mention;
use crate::context::About;
use crate::fact::{Action, Fact};
use crate::lexicon::{Cue, Family};
use crate::quantity::{Posology, posology};
use crate::wording::{capital, wording};

impl Discourse {
    /// The name to write: the brand as the lexicon spells it, when a brand was said.
    pub(super) fn drug_name(&self, scene: &Scene<'_>, mention: &Mention) -> Option<String> {
        let entry = mention.of(self.lexicon, Family::Drug)?;
        let said = scene.analysis.quote(&mention.tokens).quote;
        let generic =
            crate::text::fold(&said) == crate::text::fold(&entry.concept) || entry.has("is", "class");
        // A brand is written with a capital and the international name beside it; a name heard badly, as it was heard.
        (!generic && said.split_whitespace().count() <= 2 && said.len() >= 3)
            .then(|| capital(&said.to_lowercase()))
    }

    pub(super) fn drug(&mut self, scene: &Scene<'_>, mention: &Mention) {
        let Some(entry) = mention.of(self.lexicon, Family::Drug) else { return };
        let a = scene.analysis;
        let at = mention.tokens.start;
        let mark = a.mark(at);
        let clause = scene.clause(at);
        // "La Ventoline de sa sœur", "le Doliprane de votre femme".
        let after = mention.tokens.end;
        let of_another = ["de", "a"].contains(&a.word(after))
            && a.people.iter().any(|p| (after + 1..after + 3).contains(&p.tokens.start));
        if scene.about(at) != About::Patient || of_another {
            return;
        }
        let (concept, class) = (entry.concept.clone(), entry.has("is", "class"));
        let mut fact = Fact::new(
            SectionId::Traitements,
            Kind::Drug,
            concept.clone(),
            scene.place(at),
            a.quote(&mention.tokens),
        );
        fact.name = self.drug_name(scene, mention);
        misheard(&mut fact, mention);
        // "Du Doliprane en sirop": the form of the drug just named.
        if class && ["en", "gel", "creme"].contains(&a.word(at.wrapping_sub(1))) {
            return;
        }
        let rest = clause.start..scene.run.end;
        let before = scene.run.start..at;
        let acts = [Cue::StopDrug, Cue::Renew, Cue::Prescribe, Cue::Increase, Cue::Decrease];
        let nearest = a
            .cues
            .iter()
            .rev()
            .find(|c| acts.contains(&c.cue) && before.contains(&c.tokens.start))
            .map(|c| c.cue);
        let stops = match nearest {
            Some(cue) => cue == Cue::StopDrug,
            None => a.has(Cue::StopDrug, &(at..scene.run.end.min(at + 8))),
        };
        if scene.by_patient() {
            if a.any(&[Cue::NotTaken], &rest)
                || mark.negated
                || mark.conditional && !a.any(&[Cue::Take], &before)
            {
                return;
            }
            let takes = a.any(&[Cue::Take, Cue::Took], &scene.run);
            if self.phase >= Phase::Conclusion && !takes {
                return;
            }
            if class && !takes && self.topic != Some(Topic::Treatment) {
                return;
            }
            fact.certainty = if takes || self.topic == Some(Topic::Treatment) { 0.9 } else { 0.7 };
            let since_stop = a
                .cues
                .iter()
                .rev()
                .find(|c| c.cue == Cue::Stopped && before.contains(&c.tokens.start))
                .map(|c| c.tokens.end..at);
            let stopped_before = since_stop.is_some_and(|run| !a.any(&[Cue::Take, Cue::Stop], &run));
            if stopped_before || a.has(Cue::Stopped, &(at..scene.run.end)) {
                fact.action = Some(Action::Stopped);
                fact.temporality = Temporality::Past;
            } else if self.taken_once(scene, at) {
                fact.section = SectionId::Antecedents;
                fact.temporality = Temporality::Past;
            }
        } else {
            if mark.hypothetical {
                return;
            }
            if mark.conditional {
                self.under_condition_drug(scene, fact);
                return;
            }
            if stops && !mark.negated {
                self.stop_drug(scene, fact, mention);
                return;
            }
            // Where nothing is punctuated, "surtout pas d'Advil on continue le Doliprane" forbids one only.
            let forbidden = a
                .cues
                .iter()
                .rev()
                .find(|c| {
                    c.tokens.start >= clause.start
                        && c.tokens.end <= at
                        && (c.cue == Cue::Forbid || acts.contains(&c.cue))
                })
                .is_some_and(|c| {
                    // "Pas de changement pour l'Eliquis" forbids nothing.
                    let bare = c.tokens.len() == 2 && a.word(c.tokens.start) == "pas";
                    c.cue == Cue::Forbid && (!bare || at - c.tokens.end <= 2 || mark.negated)
                });
            if mark.negated || forbidden {
                if self.phase >= Phase::Conclusion && forbidden {
                    self.keep_off(scene, fact, mention);
                }
                return;
            }
            if self.prescribing(scene, mention) {
                let read = self.read(scene, mention.tokens.end..self.posology_end(scene, mention), true);
                if class && read.is_empty() && !a.has(Cue::Renew, &scene.run) {
                    return;
                }
                fact.section = SectionId::Ordonnance;
                fact.temporality = Temporality::Planned;
                fact.action = self.action(scene, at).filter(|action| {
                    // "Continuez la crème, et Locapred cinq jours": what was not taken is not renewed.
                    *action != Action::Renew
                        || self.known(&concept, SectionId::Traitements)
                        || a.has(Cue::Renew, &(clause.start..at))
                        || a.has(Cue::Renew, &(at..clause.end))
                        || !a
                            .tokens
                            .get(scene.run.start..at)
                            .is_some_and(|t| t.iter().any(|t| t.after >= crate::text::Gap::Comma))
                });
                if self.phase == Phase::Examination {
                    self.phase = Phase::Plan;
                }
            } else if self.phase >= Phase::Examination {
                if !self.known(&concept, SectionId::Traitements)
                    && !self.known(&concept, SectionId::Ordonnance)
                    && !class
                {
                    self.leave(scene, mention, &concept);
                }
                return;
            } else if class {
                return;
            } else {
                let used = (scene.run.start..at).any(|i| ["je", "j", "i"].contains(&a.word(i)));
                let told = a.any(&[Cue::Take, Cue::Stopped], &scene.run) && !used
                    || scene.role == super::Role::Narrator
                    || a.times_in(&scene.run).any(|w| w.kind == crate::quantity::WhenKind::Since)
                    || ["arret"].contains(&a.word(at.wrapping_sub(2)));
                if !told || a.has(Cue::Forbid, &(at..scene.run.end.min(at + 6))) {
                    return;
                }
                fact.certainty = 0.75;
                if a.has(Cue::Stopped, &scene.run)
                    || a.word(at.wrapping_sub(2)) == "arret"
                    || a.word(at.wrapping_sub(1)) == "arret"
                {
                    fact.action = Some(Action::Stopped);
                    fact.temporality = Temporality::Past;
                }
            }
        }
        self.retract(scene, at);
        let added = self.add(scene, fact, &mention.tokens);
        self.last_drug = Some(added);
        let run = mention.tokens.end..self.posology_end(scene, mention);
        self.pose(scene, added, run, true);
        self.dose_before(scene, added, mention);
        self.raised_to(scene, added, mention);
    }

    /// "Le Coaprovel, on passe à trois cents": a bare number after such a verb is the dose.
    fn raised_to(&mut self, scene: &Scene<'_>, added: usize, mention: &Mention) {
        let a = scene.analysis;
        let Some(fact) = self.facts.get_mut(added).filter(|f| !f.attributes.contains_key("dose")) else {
            return;
        };
        let reach = mention.tokens.end..scene.run.end.min(mention.tokens.end + 6);
        let cue = a.cues.iter().find(|c| {
            [Cue::Increase, Cue::Decrease].contains(&c.cue)
                && reach.contains(&c.tokens.start)
                && ["a", "to"].contains(&a.word(c.tokens.end - 1))
        });
        let number = cue
            .and_then(|c| crate::quantity::number_at(&a.tokens, c.tokens.end, self.lexicon.language))
            .filter(|n| !n.article && n.tokens.end <= scene.run.end);
        if let Some(number) = number {
            fact.set("dose", number.text);
            fact.cite(a.quote(&(mention.tokens.start..number.tokens.end)));
        }
    }

    /// A word where a drug is expected, unknown, and close to the name of one: written as heard, with the names it may be.
    pub(super) fn unknown_names(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        if scene.question || scene.about.iter().any(|b| *b != About::Patient) {
            return;
        }
        for at in scene.run.clone() {
            let tokens = at..at + 1;
            let word = a.word(at);
            if word.len() < 6 || a.mark(at).negated || a.mark(at).hypothetical || self.lexicon.knows(word) {
                continue;
            }
            let heard_badly = a.least_probability(&tokens).is_some_and(|p| p < 0.6);
            let clause_end = scene.run.end.min(at + 6);
            let dosed =
                a.units.iter().any(|u| u.of == "mass" && (at + 1..clause_end).contains(&u.tokens.start));
            let expected = if scene.by_doctor() {
                self.phase >= Phase::Examination || a.has(Cue::Prescribe, &(scene.run.start..at))
            } else {
                a.any(&[Cue::Take, Cue::Took], &(scene.run.start..at)) || self.topic == Some(Topic::Treatment)
            };
            if !expected
                || !(dosed || heard_badly && a.any(&[Cue::Prescribe, Cue::Take, Cue::Renew], &scene.run))
            {
                continue;
            }
            let suggestions = self.lexicon.similar_drugs(word);
            if suggestions.is_empty() {
                continue;
            }
            let section = if scene.by_doctor() { SectionId::Ordonnance } else { SectionId::Traitements };
            let source = a.quote(&tokens);
            let mut fact =
                Fact::new(section, Kind::Drug, source.quote.to_lowercase(), scene.place(at), source);
            fact.flag(Flag::UncertainDrugName);
            fact.suggestions = suggestions;
            fact.certainty = 0.4;
            let added = self.add(scene, fact, &tokens);
            self.last_drug = Some(added);
            let mention = Mention { tokens, entries: Vec::new(), misheard: false };
            let run = at + 1..self.posology_end(scene, &mention);
            self.pose(scene, added, run, true);
        }
    }

    /// Whether the doctor prescribes this drug today.
    fn prescribing(&self, scene: &Scene<'_>, mention: &Mention) -> bool {
        let a = scene.analysis;
        let at = mention.tokens.start;
        if a.any(&[Cue::Prescribe, Cue::Renew, Cue::Increase, Cue::Decrease], &(scene.run.start..at)) {
            return true;
        }
        if self.phase < Phase::Examination
            && !(self.phase == Phase::History && self.last_is_prescription(scene))
        {
            return a.has(Cue::Prescribe, &scene.run);
        }
        let end = self.posology_end(scene, mention);
        let read = self.read(scene, mention.tokens.end..end, true);
        let posed = read.dose.is_some()
            || read.frequency.is_some()
            || read.duration.is_some()
            || self.dose_in_front(scene, mention).is_some();
        let follows = self.last_is_prescription(scene);
        let renewed = a.any(&[Cue::Renew, Cue::Prescribe], &scene.run);
        posed || renewed || follows && self.phase == Phase::Plan && scene.run.len() <= 12
    }

    /// The last drug was prescribed in this very segment: a list goes on.
    fn last_is_prescription(&self, scene: &Scene<'_>) -> bool {
        self.last_drug
            .and_then(|at| self.facts.get(at))
            .is_some_and(|f| f.section == SectionId::Ordonnance && f.place.0 == scene.analysis.index)
    }

    /// What the nearest verb does to the drug: the one before it, else any of the sentence.
    fn action(&self, scene: &Scene<'_>, at: usize) -> Option<Action> {
        let a = scene.analysis;
        let acts = [
            (Cue::Prescribe, None),
            (Cue::Increase, Some(Action::Increase)),
            (Cue::Decrease, Some(Action::Decrease)),
            (Cue::Renew, Some(Action::Renew)),
        ];
        let act = |cue: Cue| acts.iter().find(|(c, _)| *c == cue).map(|(_, action)| *action);
        let within = |c: &&crate::analysis::CueHit| scene.run.contains(&c.tokens.start);
        let before =
            a.cues.iter().filter(within).rev().filter(|c| c.tokens.start < at).find_map(|c| act(c.cue));
        before.or_else(|| a.cues.iter().filter(within).find_map(|c| act(c.cue))).flatten()
    }

    /// "J'avais eu du Seroplex pendant un an, en 2016": over long ago.
    fn taken_once(&self, scene: &Scene<'_>, at: usize) -> bool {
        let a = scene.analysis;
        let dated = a.times_in(&scene.run).any(|w| {
            w.kind == crate::quantity::WhenKind::At
                && (w.year.is_some() || ["an", "ans", "years"].iter().any(|unit| w.span.ends_with(unit)))
        });
        a.mark(at).past
            && dated
            && !a.times_in(&scene.run).any(|w| w.kind == crate::quantity::WhenKind::Since)
    }

    /// "C'est l'amlodipine. On va l'arrêter": the drug just named is stopped.
    pub(super) fn stops_it(&mut self, scene: &Scene<'_>) {
        const IT: &[&str] = &["l", "le", "la", "les", "it"];
        let a = scene.analysis;
        let Some(named) = self.named_drug.clone() else { return };
        let stops = a.cues.iter().any(|c| {
            c.cue == Cue::StopDrug
                && scene.run.contains(&c.tokens.start)
                && c.tokens.clone().any(|i| IT.contains(&a.word(i)))
        });
        let near = named.0 == a.index && (named.1.tokens.end <= scene.run.start);
        let other = a.mentions_in(&scene.run).next().is_some_and(|m| {
            m.of(self.lexicon, Family::Drug).is_some()
                && a.find(Cue::StopDrug, &scene.run).is_some_and(|c| m.tokens.start < c.tokens.start)
        });
        if !stops || !near || other || scene.question || !scene.by_doctor() {
            return;
        }
        let Some(entry) = named.1.of(self.lexicon, Family::Drug) else { return };
        let mut fact = Fact::new(
            SectionId::Conduite,
            Kind::Drug,
            entry.concept.clone(),
            scene.place(scene.run.start),
            a.quote(&named.1.tokens),
        );
        fact.name = self.drug_name(scene, &named.1);
        self.stop_drug(scene, fact, &named.1);
        self.named_drug = None;
    }

    /// "Si ça ne passe pas, je vous mets de la prednisone": decided for later, if at all.
    fn under_condition_drug(&mut self, scene: &Scene<'_>, mut fact: Fact) {
        let Some(text) = self.condition_text(scene).filter(|_| self.phase >= Phase::Conclusion) else {
            return;
        };
        if !scene.analysis.any(&[Cue::Prescribe, Cue::Renew, Cue::Increase], &scene.run) {
            return;
        }
        fact.section = SectionId::Conduite;
        fact.polarity = Polarity::Uncertain;
        fact.temporality = Temporality::Planned;
        let name = fact.name.take().unwrap_or_else(|| fact.concept.clone());
        fact.text = Some(format!("{} {} {text}", capital(&name), wording(self.lexicon.language).if_));
        fact.sources = vec![scene.analysis.quote(&scene.run)];
        let run = scene.run.clone();
        self.add(scene, fact, &run);
    }

    /// "L'irbésartan, non pardon, le valsartan": the name just said was wrong.
    fn retract(&mut self, scene: &Scene<'_>, at: usize) {
        let a = scene.analysis;
        let Some(place) = self.last_drug.and_then(|last| self.facts.get(last)).map(|f| f.place) else {
            return;
        };
        let between = if place.0 == a.index {
            place.1 as usize..at
        } else if a.index.saturating_sub(place.0) <= 2 {
            scene.run.start..at
        } else {
            return;
        };
        let refused = matches!(a.word(scene.run.start), "non" | "no")
            && at <= scene.run.start + 5
            && between.clone().any(|i| a.word(i) == "c" && a.word(i + 1) == "est" || a.word(i) == "plutot");
        let corrected = a.has(Cue::Correction, &between) && between.len() <= 14;
        if (refused || corrected) && self.last_drug.is_some_and(|last| last + 1 == self.facts.len()) {
            self.facts.pop();
            self.last_drug = None;
        }
    }

    /// The patient asks about a drug or a device in the plan.
    pub(super) fn wonder(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        let about = a.mentions_in(&scene.run).find(|m| {
            m.of(self.lexicon, Family::Drug).is_some_and(|e| !e.has("is", "class"))
                || m.of(self.lexicon, Family::Procedure).is_some_and(|e| e.has("device", "yes"))
        });
        self.wondered = about
            .filter(|m| self.phase == Phase::Plan && scene.about(m.tokens.start) == About::Patient)
            .map(|m| super::Wondered { mention: m.clone(), source: a.quote(&m.tokens), segment: a.index });
    }

    /// The doctor's answer: kept, with a posology, or refused.
    pub(super) fn answer_wonder(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        if !scene.by_doctor() || scene.question {
            return;
        }
        let Some(wondered) = self.wondered.clone() else { return };
        let late = a.index.saturating_sub(wondered.segment) > 1;
        let refused = a.any(
            &[Cue::StopDrug, Cue::Forbid, Cue::No, Cue::Negation],
            &(scene.run.start..scene.run.start + 3),
        );
        if late || refused || a.mentions_in(&scene.run).next().is_some() {
            self.wondered = None;
            return;
        }
        let run = scene.run.clone();
        let read = self.read(scene, run.clone(), false);
        let posed = read.dose.is_some() || read.frequency.is_some() || read.duration.is_some();
        if !posed && !a.has(Cue::Renew, &run) {
            return;
        }
        let device = wondered.mention.of(self.lexicon, Family::Procedure).map(|e| e.concept.clone());
        let drug = wondered.mention.of(self.lexicon, Family::Drug).map(|e| e.concept.clone());
        let Some(concept) = device.clone().or(drug) else { return };
        let kind = if device.is_some() { Kind::Procedure } else { Kind::Drug };
        let mut fact =
            Fact::new(SectionId::Ordonnance, kind, concept.clone(), scene.place(run.start), a.quote(&run));
        let said = capital(&wondered.source.quote.to_lowercase());
        if crate::text::fold(&said) != crate::text::fold(&concept) && kind == Kind::Drug {
            fact.name = Some(said);
        }
        fact.temporality = Temporality::Planned;
        fact.action = a.has(Cue::Renew, &run).then_some(Action::Renew);
        fact.certainty = 0.75;
        fact.cite(wondered.source);
        let added = self.add(scene, fact, &run);
        self.last_drug = Some(added);
        self.pose(scene, added, run, false);
        self.wondered = None;
    }

    fn stop_drug(&mut self, scene: &Scene<'_>, mut fact: Fact, mention: &Mention) {
        let here = mention.tokens.start >= scene.run.start;
        if here && !self.known(&fact.concept, SectionId::Traitements) {
            self.keep_off(scene, fact, mention);
            return;
        }
        let words = wording(self.lexicon.language);
        fact.section = SectionId::Conduite;
        fact.kind = Kind::Instruction;
        fact.temporality = Temporality::Planned;
        let name = fact.name.take().unwrap_or_else(|| fact.concept.clone());
        fact.text = Some(crate::compose::of_the(words.stop, &name, self.lexicon.language));
        fact.sources = vec![scene.analysis.quote(&scene.clause(mention.tokens.start))];
        self.add(scene, fact, &mention.tokens);
    }

    fn keep_off(&mut self, scene: &Scene<'_>, mut fact: Fact, mention: &Mention) {
        let words = wording(self.lexicon.language);
        if self.known(&fact.concept, SectionId::Allergies) {
            return;
        }
        fact.section = SectionId::Conduite;
        fact.kind = Kind::Instruction;
        fact.polarity = Polarity::Absent;
        fact.temporality = Temporality::Planned;
        let name = fact.name.take().unwrap_or_else(|| fact.concept.clone());
        fact.text = Some(crate::compose::elide(words.avoid, &name, self.lexicon.language));
        fact.sources = vec![scene.analysis.quote(&scene.clause(mention.tokens.start))];
        fact.certainty = 0.7;
        self.add(scene, fact, &mention.tokens);
    }

    /// How far a posology may reach: to the next drug, question, or other subject of the same segment.
    fn posology_end(&self, scene: &Scene<'_>, mention: &Mention) -> usize {
        let a = scene.analysis;
        let mut end = scene.run.end;
        for sentence in a.sentences.iter().filter(|s| s.tokens.start >= scene.run.end) {
            let first = sentence.tokens.start;
            let again = self.read(scene, first..sentence.tokens.end, false).dose.is_some()
                && self.read(scene, mention.tokens.end..end, true).dose.is_some();
            let goes_on = !sentence.question
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

    fn read(&self, scene: &Scene<'_>, run: Range<usize>, named: bool) -> Posology {
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
        let since =
            scene.analysis.times_in(&scene.run).find(|w| w.kind == crate::quantity::WhenKind::Since).cloned();
        let Some(fact) = self.facts.get_mut(at) else { return };
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

    /// "Un gramme de paracétamol": number, unit, "de".
    fn dose_in_front(&self, scene: &Scene<'_>, mention: &Mention) -> Option<(Range<usize>, Posology)> {
        self.dose_in_front_at(scene, mention.tokens.start)
    }

    fn dose_in_front_at(&self, scene: &Scene<'_>, at: usize) -> Option<(Range<usize>, Posology)> {
        let a = scene.analysis;
        let link = at.checked_sub(1).filter(|i| ["de", "d", "of"].contains(&a.word(*i)))?;
        (2..=5).rev().filter_map(|back| at.checked_sub(back)).find_map(|from| {
            let read = self.read(scene, from..link, false);
            let whole =
                read.dose.is_some() && read.tokens.first().is_some_and(|t| t.start == from && t.end == link);
            whole.then_some((from..link, read))
        })
    }

    fn dose_before(&mut self, scene: &Scene<'_>, at: usize, mention: &Mention) {
        if let Some((_, read)) = self.dose_in_front(scene, mention)
            && let Some(fact) = self.facts.get_mut(at)
        {
            give(fact, read, scene);
        }
    }

    /// A sentence with a posology and no drug goes on about the last one.
    pub(super) fn drug_goes_on(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        if a.mentions_in(&scene.run).next().is_some() || scene.question {
            return;
        }
        let Some(at) = self.last_drug else { return };
        let Some((section, place)) = self.facts.get(at).map(|f| (f.section, f.place)) else { return };
        // Within its own segment the posology was read already.
        let reach = if section == SectionId::Traitements { 2 } else { 4 };
        let answers = Answer::of(a, &scene.run).is_some();
        if place.0 == a.index || a.index.saturating_sub(place.0) > reach || answers && scene.by_patient() {
            return;
        }
        let fits = match section {
            SectionId::Ordonnance => scene.by_doctor() && self.phase == Phase::Plan,
            SectionId::Traitements => scene.by_patient() && self.phase <= Phase::History,
            _ => false,
        };
        let read = self.read(scene, scene.run.clone(), false);
        let starts = read.tokens.first().is_some_and(|t| t.start <= scene.run.start + 3);
        let other = a.any(&[Cue::Return, Cue::Alert, Cue::Order], &scene.run);
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
}

fn give(fact: &mut Fact, read: Posology, scene: &Scene<'_>) {
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

/// A name spelt by ear: flagged, with the name it sounds like as a suggestion.
pub(super) fn misheard(fact: &mut Fact, mention: &Mention) {
    if mention.misheard {
        fact.flag(Flag::UncertainDrugName);
        fact.suggestions = vec![fact.concept.clone()];
        fact.certainty = fact.certainty.min(0.6);
    }
}
