//! What is said about drugs besides taking and prescribing them: stopped, kept off, asked for, taken back, heard badly.

use note::{Flag, Kind, Polarity, SectionId, Temporality};

use super::{Discourse, Phase, Scene, Topic};
use crate::analysis::Mention;
use crate::context::About;
use crate::fact::{Action, Fact};
use crate::lexicon::{Cue, Family};
use crate::wording::{capital, wording};

impl Discourse {
    /// "C'est l'amlodipine. On va l'arrêter": the drug just named is stopped.
    pub(super) fn stops_it(&mut self, scene: &Scene<'_>) {
        const IT: &[&str] = &["l", "le", "la", "les", "it", "those", "them", "these", "that"];
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

    /// "Atorvastatine, vingt. Mais le cardiologue l'a arrêtée": whoever told of the drug goes on to say it is over.
    pub(super) fn was_stopped(&mut self, scene: &Scene<'_>) {
        const IT: &[&str] = &["l", "le", "la", "les", "en", "it", "them", "that", "those"];
        let a = scene.analysis;
        // "Ma sœur m'a donné du Ciflox. Je l'ai pas pris": never taken.
        let left = a.find(Cue::NotTaken, &scene.run);
        let Some(cue) = a.find(Cue::Stopped, &scene.run).or(left).cloned() else { return };
        let other = a.mentions_in(&scene.run).any(|m| {
            [Family::Drug, Family::Lifestyle, Family::Symptom, Family::Occupation]
                .iter()
                .any(|family| m.of(self.lexicon, *family).is_some())
                && !cue.tokens.contains(&m.tokens.start)
        });
        if !scene.by_patient() || scene.question || other {
            return;
        }
        let of_it = (cue.tokens.start.saturating_sub(2).max(scene.run.start)
            ..scene.run.end.min(cue.tokens.end + 1))
            .any(|i| IT.contains(&a.word(i)));
        let ends = a.tokens.get(cue.tokens.end - 1).is_some_and(|t| t.after >= crate::text::Gap::Comma)
            || a.times_in(&(cue.tokens.end..scene.run.end)).any(|w| w.tokens.start == cue.tokens.end);
        let when = a.times_in(&scene.run).next().cloned();
        let answers = self.last_role == super::Role::Doctor && self.last_segment != Some(a.index);
        let Some(at) = self.last_drug.filter(|_| of_it || ends) else { return };
        let Some(fact) = self.facts.get_mut(at).filter(|f| {
            f.section == SectionId::Traitements
                && f.action.is_none()
                && f.polarity == Polarity::Present
                // "Glipizide, five milligrams. — No, they stopped it in April."
                && f.sources.iter().any(|s| a.index.saturating_sub(s.segment) <= u32::from(answers))
        }) else {
            return;
        };
        if cue.cue == Cue::NotTaken {
            // A list that was read out ("le Tahor. Je l'ai pas pris ce matin") is taken all the same.
            fact.withdrawn = of_it && when.is_none() && !fact.attributes.contains_key("frequency");
            return;
        }
        fact.action = Some(Action::Stopped);
        fact.temporality = Temporality::Past;
        if let Some(when) = when.filter(|w| w.kind != crate::quantity::WhenKind::For) {
            fact.attributes.insert("onset".into(), when.text);
        }
        fact.cite(a.quote(&scene.run));
    }

    /// "Si ça ne passe pas, je vous mets de la prednisone": decided for later, if at all.
    pub(super) fn under_condition_drug(&mut self, scene: &Scene<'_>, mut fact: Fact) {
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
    pub(super) fn retract(&mut self, scene: &Scene<'_>, at: usize) {
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
        if (refused || corrected)
            && let Some(wrong) = self.last_drug.take().and_then(|last| self.facts.get_mut(last))
        {
            wrong.withdrawn = true;
        }
    }

    pub(super) fn stop_drug(&mut self, scene: &Scene<'_>, mut fact: Fact, mention: &Mention) {
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

    pub(super) fn keep_off(&mut self, scene: &Scene<'_>, mut fact: Fact, mention: &Mention) {
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

    /// The patient asks about a drug or a device in the plan.
    pub(super) fn wonder(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        let about = a.mentions_in(&scene.run).find(|m| {
            m.of(self.lexicon, Family::Drug).is_some_and(|e| !e.has("is", "class"))
                || m.of(self.lexicon, Family::Procedure).is_some_and(|e| e.has("device", "yes"))
        });
        let asked = about
            .filter(|m| self.phase >= Phase::Conclusion && scene.about(m.tokens.start) == About::Patient)
            .map(|m| super::Wondered::of(scene, m));
        // "Combien de fois ?" asks about the drug that was just named.
        self.wondered = asked.or(self.wondered.take().filter(|before| before.segment + 1 == a.index));
    }

    /// The doctor's answer: kept, with a posology, or refused.
    pub(super) fn answer_wonder(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        if !scene.by_doctor() || scene.question {
            return;
        }
        let Some(wondered) = self.wondered.clone() else { return };
        // "Locapred. Plus douce. Une fois par jour": how comes in the same breath.
        if a.index == wondered.segment && wondered.mention.tokens.end > scene.run.start {
            return;
        }
        let late = a.index.saturating_sub(wondered.segment) > 2;
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
        let change = a.find(Cue::Increase, &run).map(|_| Action::Increase);
        let change = change.or_else(|| a.find(Cue::Decrease, &run).map(|_| Action::Decrease));
        if !posed && change.is_none() && !a.has(Cue::Renew, &run) {
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
        fact.action = change.or_else(|| a.has(Cue::Renew, &run).then_some(Action::Renew));
        fact.certainty = 0.75;
        fact.cite(wondered.source);
        let added = self.add(scene, fact, &run);
        self.last_drug = Some(added);
        // "On le descend à trente": the bare number is the dose.
        let here = Mention { tokens: run.start..run.start, entries: Vec::new(), misheard: false };
        if change.is_some() {
            self.raised_to(scene, added, &here);
        }
        // "Tu la gardes en secours. Deux bouffées si gêne."
        let whole = run.start..self.posology_end(scene, &here).max(run.end);
        self.pose(scene, added, whole, false);
        self.wondered = None;
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
}
