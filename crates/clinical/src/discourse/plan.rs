//! What is decided: tests, referrals, leave, advice, the next visit, when to come back sooner.

use note::{Kind, Language, Polarity, SectionId, Temporality};

use super::{Discourse, Phase, Scene};
use crate::analysis::Mention;
use crate::context::About;
use crate::fact::Fact;
use crate::lexicon::{Cue, Family};
use crate::quantity::WhenKind;
use crate::wording::wording;

/// "Aujourd'hui", "cet après-midi", "demain", "la semaine prochaine": not done yet.
fn to_come(when: &crate::quantity::When) -> bool {
    const SOON: &[&str] = &[
        "aujourd'hui",
        "cet après-midi",
        "ce soir",
        "demain",
        "cette semaine",
        "prochain",
        "today",
        "tomorrow",
        "next",
    ];
    when.kind == WhenKind::At
        && (SOON.iter().any(|word| when.text.contains(word)) || when.text.starts_with("this "))
}

impl Discourse {
    pub(super) fn test(&mut self, scene: &Scene<'_>, mention: &Mention) -> bool {
        let Some(entry) = mention.of(self.lexicon, Family::Test) else { return false };
        let a = scene.analysis;
        let at = mention.tokens.start;
        let mut mark = a.mark(at);
        mark.conditional |=
            scene.by_doctor() && a.has(Cue::NotBetter, &scene.run) && a.has(Cue::Conditional, &scene.run);
        // "Une IRM, si au bout de six semaines…": the condition follows.
        let shortly = mention.tokens.end..scene.run.end.min(mention.tokens.end + 3);
        mark.conditional |= scene.by_doctor() && !scene.question && a.has(Cue::Conditional, &shortly);
        let clause = scene.clause(at);
        let after = (1..=2).any(|back| {
            at.checked_sub(back)
                .is_some_and(|i| ["apres", "avant", "selon", "after", "before"].contains(&a.word(i)))
        });
        if scene.about(at) != About::Patient || mark.hypothetical || after && self.phase >= Phase::Conclusion
        {
            return true;
        }
        let mut fact = Fact::new(
            SectionId::Conduite,
            Kind::TestOrder,
            entry.concept.clone(),
            scene.place(at),
            a.quote(&mention.tokens),
        );
        let ordered = a.any(&[Cue::Order, Cue::Prescribe], &scene.run);
        let past = a.times_in(&scene.run).find(|w| matches!(w.kind, WhenKind::At) && !to_come(w)).cloned();
        // "If the ECG is normal I'll arrange a tape" orders the tape.
        let asked_for = a.cues.iter().any(|c| {
            c.cue == Cue::Conditional
                && scene.run.contains(&c.tokens.start)
                && c.tokens.end <= at
                && at - c.tokens.end <= 2
                && self.lexicon.language == Language::En
        });
        if asked_for && scene.by_doctor() {
            return true;
        }
        let done = a.has(Cue::Done, &scene.run) || past.is_some();
        if scene.by_doctor() && !scene.question {
            let useless = a.cues.iter().any(|c| {
                c.cue == Cue::Forbid
                    && c.tokens.start >= at
                    && c.tokens.end <= scene.run.end
                    && c.tokens.clone().any(|i| {
                        [
                            "rien",
                            "utile",
                            "interet",
                            "indique",
                            "indiquee",
                            "necessaire",
                            "passe",
                            "passer",
                            "oublie",
                        ]
                        .contains(&a.word(i))
                    })
            });
            // "La radio était propre", "j'appelle la radio": seen already, or a place.
            let seen = (mention.tokens.end..mention.tokens.end + 2).any(|i| {
                ["etait", "etaient", "montrait", "montre", "montrent", "was", "were", "showed", "shows"]
                    .contains(&a.word(i))
            });
            let place = (1..=2).any(|back| {
                at.checked_sub(back).is_some_and(|i| ["appelle", "appellent"].contains(&a.word(i)))
            });
            if seen && self.lexicon.language == Language::Fr || place {
                return true;
            }
            if useless || mark.negated || a.has(Cue::Forbid, &(clause.start..at)) {
                return true;
            }
            if ordered || self.phase >= Phase::Conclusion && self.examined && !done {
                fact.temporality = Temporality::Planned;
                if mark.conditional {
                    fact.polarity = Polarity::Uncertain;
                    fact.sources = vec![a.quote(&scene.run)];
                    fact.name = Some(self.under_condition(scene, &entry.concept));
                } else if let Some(when) = a.times_in(&scene.run).find(|w| {
                    let next = a
                        .mentions
                        .iter()
                        .find(|m| m.tokens.start >= mention.tokens.end && m.tokens.start < w.tokens.start);
                    (w.kind == WhenKind::In || to_come(w))
                        && next.is_none_or(|m| m.of(self.lexicon, Family::Test).is_none())
                }) {
                    fact.set("onset", when.text.clone());
                    fact.sources =
                        vec![a.quote(&(at.min(when.tokens.start)..mention.tokens.end.max(when.tokens.end)))];
                }
                if self.lexicon.language == Language::En && fact.polarity == Polarity::Present {
                    fact.group = Some((a.index, u32::try_from(scene.run.start).unwrap_or(0)));
                }
                self.add(scene, fact, &mention.tokens);
                return true;
            }
        }
        let told = self.phase <= Phase::Conclusion || past.is_some() && !ordered;
        if done && !mark.negated && !mark.conditional && told {
            fact.section = SectionId::Antecedents;
            fact.kind = Kind::Procedure;
            fact.temporality = Temporality::Past;
            fact.certainty = 0.7;
            let result = a.qualifiers.iter().find(|q| {
                q.of == "result" && scene.run.start <= q.tokens.start && q.tokens.end <= scene.run.end
            });
            if let Some(result) = result {
                fact.set("value", result.written.clone());
            }
            if let Some(when) = past {
                fact.set("onset", when.text);
                if let Some(year) = when.year {
                    fact.set("year", year);
                }
            }
            if fact.attributes.is_empty() && scene.by_patient() {
                return true;
            }
            fact.sources = vec![a.quote(&scene.run)];
            self.add(scene, fact, &mention.tokens);
        }
        true
    }

    fn under_condition(&self, scene: &Scene<'_>, concept: &str) -> String {
        match self.condition_text(scene) {
            Some(text) => format!("{concept} {} {text}", wording(self.lexicon.language).if_),
            None => concept.to_owned(),
        }
    }

    pub(super) fn referral(&mut self, scene: &Scene<'_>, mention: &Mention) -> bool {
        let Some(entry) = mention.of(self.lexicon, Family::Referral) else { return false };
        let a = scene.analysis;
        let at = mention.tokens.start;
        let mark = a.mark(at);
        // "I'm a nurse" is a trade.
        if scene.by_patient() && self.lexicon.language == Language::En {
            return false;
        }
        let acts = a.any(&[Cue::Order, Cue::Prescribe], &scene.run)
            || self.phase >= Phase::Conclusion && self.examined;
        if !scene.by_doctor()
            || scene.question
            || !acts
            || mark.negated
            || mark.hypothetical
            || scene.about(at) != About::Patient
        {
            return true;
        }
        // "The nurse will show you" sends nobody anywhere.
        let helps = entry.concept == "practice nurse"
            && !scene.run.clone().any(|i| ["refer", "see", "appointment"].contains(&a.word(i)));
        let away = helps
            || entry.concept == "emergency department" && !(a.any(&[Cue::Order, Cue::Plan], &scene.run));
        if away
            || entry.concept == "urgences" && !a.has(Cue::Order, &scene.run)
            || a.has(Cue::Done, &(scene.run.start..at)) && !a.has(Cue::Order, &scene.run)
        {
            return true;
        }
        let mut fact = Fact::new(
            SectionId::Conduite,
            Kind::Referral,
            entry.concept.clone(),
            scene.place(at),
            a.quote(&mention.tokens),
        );
        fact.temporality = Temporality::Planned;
        if mark.conditional {
            fact.polarity = Polarity::Uncertain;
            fact.sources = vec![a.quote(&scene.run)];
            fact.name = Some(self.under_condition(scene, &entry.concept));
        }
        if let Some(unit) = a.units.iter().find(|u| {
            u.of == "count" && scene.run.contains(&u.tokens.start) && u.written.starts_with("séance")
        }) {
            let number = (scene.run.start..unit.tokens.start).rev().find_map(|i| {
                crate::quantity::number_at(&a.tokens, i, self.lexicon.language)
                    .filter(|n| n.tokens.end == unit.tokens.start)
            });
            if let Some(number) = number {
                fact.set("value", number.text);
                fact.set("unit", "séances");
                fact.sources =
                    vec![a.quote(&(at.min(number.tokens.start)..mention.tokens.end.max(unit.tokens.end)))];
            }
        }
        let soon = |w: &&crate::quantity::When| {
            w.kind == WhenKind::In
                || w.kind == WhenKind::At
                    && ["prochain", "demain", "next", "tomorrow"].iter().any(|t| w.text.contains(t))
        };
        if let Some(when) = a.times_in(&scene.run).find(soon).filter(|_| !mark.conditional) {
            fact.set("onset", when.text.clone());
        }
        self.add(scene, fact, &mention.tokens);
        true
    }

    pub(super) fn leave_of(&mut self, scene: &Scene<'_>, mention: &Mention) -> bool {
        let Some(entry) = mention.of(self.lexicon, Family::Leave) else { return false };
        if entry.has("kind", "none") {
            return true;
        }
        let a = scene.analysis;
        let at = mention.tokens.start;
        let mark = a.mark(at);
        // "Ça rebondit à l'arrêt": of the treatment.
        let of_drug = a.word(at.wrapping_sub(1)) == "l"
            && a.word(at.wrapping_sub(2)) == "a"
            && a.tokens.get(at.wrapping_sub(2)).is_some_and(|t| t.accented)
            && mention.tokens.len() == 1;
        if of_drug {
            return true;
        }
        if entry.concept.starts_with("arrêt")
            && a.tokens.get(mention.tokens.clone()).is_some_and(|t| t.len() == 1)
            && !self.stops_work(scene, mention)
        {
            return false;
        }
        if scene.by_patient() {
            let asks =
                self.phase == Phase::Opening && self.complaints == 0 && entry.has("kind", "certificate");
            if asks {
                let mut fact = Fact::new(
                    SectionId::Motif,
                    Kind::Other,
                    entry.concept.clone(),
                    scene.place(at),
                    a.quote(&mention.tokens),
                );
                fact.certainty = 0.85;
                self.motif = Some(a.index);
                self.add(scene, fact, &mention.tokens);
            } else if mark.negated || a.has(Cue::NotTaken, &scene.run) {
                // The patient declines what was just proposed.
                self.facts.retain(|f| !(f.kind == Kind::Leave && a.index.saturating_sub(f.place.0) <= 2));
                self.last_symptom = None;
                self.last_drug = None;
                self.last_allergy = None;
            }
            return true;
        }
        let forbidden = a.find(Cue::Forbid, &(scene.clause(at).start..at)).is_some();
        // "Vous voulez un arrêt, quelques jours ?", where nobody writes the question mark.
        let offered = (1..=3).any(|back| {
            at.checked_sub(back)
                .is_some_and(|i| ["voulez", "veux", "voudriez", "souhaitez", "want"].contains(&a.word(i)))
        });
        if offered
            || mark.negated
            || forbidden
            || mark.hypothetical
            || scene.question
            || scene.about(at) != About::Patient
        {
            return true;
        }
        let mut fact = Fact::new(
            SectionId::Conduite,
            Kind::Leave,
            entry.concept.clone(),
            scene.place(at),
            a.quote(&mention.tokens),
        );
        fact.temporality = Temporality::Planned;
        if mark.conditional {
            fact.polarity = Polarity::Uncertain;
        }
        let when = a.times_in(&scene.run).find(|w| {
            matches!(w.kind, WhenKind::For | WhenKind::Bare) && w.tokens.start >= at.saturating_sub(4)
        });
        if let Some(when) = when {
            fact.set("duration", when.span.clone());
            fact.sources =
                vec![a.quote(&(at.min(when.tokens.start)..mention.tokens.end.max(when.tokens.end)))];
        } else if self.phase < Phase::Conclusion && !a.any(&[Cue::Prescribe, Cue::Order], &scene.run) {
            return true;
        }
        self.add(scene, fact, &mention.tokens);
        true
    }

    /// "Arrêt" alone is sick leave only beside work or a time, never beside a drug.
    fn stops_work(&self, scene: &Scene<'_>, mention: &Mention) -> bool {
        let a = scene.analysis;
        let drug = a.mentions_in(&scene.run).any(|m| {
            m.of(self.lexicon, Family::Drug).or_else(|| m.of(self.lexicon, Family::Lifestyle)).is_some()
        });
        let after = scene.run.clone();
        let _ = mention;
        !drug
            && (a.times_in(&after).any(|w| matches!(w.kind, WhenKind::For | WhenKind::Bare))
                || self.phase >= Phase::Conclusion)
    }

    pub(super) fn instruction(&mut self, scene: &Scene<'_>, mention: &Mention) -> bool {
        let Some(entry) = mention.of(self.lexicon, Family::Instruction) else { return false };
        let a = scene.analysis;
        let at = mention.tokens.start;
        let mark = a.mark(at);
        let advises = a.any(&[Cue::Advise, Cue::Prescribe], &scene.run);
        if !scene.by_doctor() || scene.question || scene.about(at) != About::Patient {
            return false;
        }
        if self.phase < Phase::Conclusion && !(advises && self.phase > Phase::Opening) {
            return false;
        }
        // "Vous marchez moins vite", "bougez le pouce", "marchez jusqu'à la porte" advise no exercise.
        let moves = entry.concept.starts_with("activité physique")
            && mention.tokens.len() == 1
            && (["moins", "plus", "jusqu", "le", "la", "les", "l", "vers", "comme", "droit", "sur", "mieux"]
                .contains(&a.word(mention.tokens.end))
                && mention.tokens.end < scene.run.end
                || self.phase == Phase::Examination);
        if moves {
            return true;
        }
        if mark.conditional
            && !scene.analysis.word(at.wrapping_sub(1)).is_empty()
            && a.mark(scene.run.start).conditional
        {
            return true;
        }
        let denied = mark.negated
            && !["pas", "no", "sans", "don"].contains(&a.word(at))
            && !["pas", "no"].contains(&entry.concept.split(' ').next().unwrap_or_default());
        if denied && !entry.concept.contains("sans") && !entry.concept.contains("éviction") {
            return true;
        }
        let mut fact = Fact::new(
            SectionId::Conduite,
            Kind::Instruction,
            entry.concept.clone(),
            scene.place(at),
            a.quote(&mention.tokens),
        );
        fact.temporality = Temporality::Planned;
        let reach = scene.clause(at).end.max(mention.tokens.end);
        let read = crate::quantity::posology(
            &a.tokens,
            mention.tokens.end..scene.run.end.min(reach + 10),
            false,
            &a.units,
            &a.timing,
            &a.times,
            self.lexicon.language,
        );
        // "Marcher trente minutes par jour": so long, each day.
        let daily =
            read.frequency.as_deref() == Some("par jour") || read.frequency.as_deref() == Some("a day");
        let each = a
            .times
            .iter()
            .find(|w| {
                daily
                    && w.kind == WhenKind::Bare
                    && (w.span.contains("min") || w.span.contains("heure") || w.span.contains("hour"))
                    && read.tokens.first().is_some_and(|t| t.start == w.tokens.end)
            })
            .cloned();
        if let Some(frequency) = read.frequency.clone().or(read.dose.clone()) {
            fact.set(
                "frequency",
                each.as_ref().map_or(frequency.clone(), |w| format!("{} {frequency}", w.span)),
            );
        }
        // "Glace, vingt minutes": a short while is a duration of advice as well.
        let while_ = a.times.iter().find(|w| {
            matches!(w.kind, WhenKind::For | WhenKind::Bare)
                && w.tokens.start >= at
                && w.tokens.end <= reach + 10
                && w.tokens.end <= scene.run.end
                && w.tokens.start <= mention.tokens.end + 3
                && !read.tokens.iter().any(|t| t.start < w.tokens.end && w.tokens.start < t.end)
        });
        if let Some(short) = while_.filter(|w| read.duration.is_none() && each.as_ref() != Some(*w)) {
            fact.set("duration", short.span.clone());
        }
        // "Un litre et demi d'eau par jour": the amount stands before.
        let amount = a
            .units
            .iter()
            .find(|u| u.of == "volume" && u.tokens.start <= mention.tokens.end && u.tokens.start + 4 > at)
            .and_then(|unit| {
                let number = (scene.clause(at).start..unit.tokens.start).find_map(|i| {
                    crate::quantity::number_at(&a.tokens, i, self.lexicon.language)
                        .filter(|n| n.tokens.end == unit.tokens.start)
                })?;
                let first = number.tokens.start.checked_sub(2).filter(|_| {
                    ["a", "ou", "to", "or"].contains(&a.word(number.tokens.start.wrapping_sub(1)))
                });
                let low = first.and_then(|i| crate::quantity::number_at(&a.tokens, i, self.lexicon.language));
                let low = low.map(|n| format!("{}–", n.text)).unwrap_or_default();
                Some(format!("{low}{} {}", number.text, unit.written))
            });
        if let Some(amount) = amount {
            fact.set("value", amount);
        }
        if let Some(duration) = read.duration {
            fact.set("duration", duration);
        }
        if let Some(last) = read.tokens.last().filter(|_| !fact.attributes.is_empty()) {
            fact.sources = vec![a.quote(&(at..last.end))];
        }
        fact.certainty = 0.8;
        self.add(scene, fact, &mention.tokens);
        true
    }
}
