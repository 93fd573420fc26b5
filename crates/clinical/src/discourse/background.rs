//! What a person brings along: allergies, operations, vaccines, habits, trade.

use std::ops::Range;

use note::{Kind, Polarity, SectionId, Temporality};

use super::{Discourse, Phase, Scene, Topic};
use crate::analysis::Mention;
use crate::context::About;
use crate::fact::Fact;
use crate::lexicon::{Cue, Family};
use crate::quantity::number_at;

impl Discourse {
    pub(super) fn procedure(&mut self, scene: &Scene<'_>, mention: &Mention) {
        let Some(entry) = mention.of(self.lexicon, Family::Procedure) else { return };
        let a = scene.analysis;
        let at = mention.tokens.start;
        let mark = a.mark(at);
        // "My brother's had a stent put in."
        if let About::Family(id) = scene.about(at)
            && self.topic == Some(Topic::Family)
            && !mark.negated
            && !entry.has("device", "yes")
        {
            let mut fact = Fact::new(
                SectionId::Antecedents,
                Kind::Procedure,
                entry.concept.clone(),
                scene.place(at),
                a.quote(&scene.clause(at)),
            );
            fact.experiencer = note::Experiencer::Family;
            fact.relation = Some(self.lexicon.entry(id).concept.clone());
            fact.temporality = Temporality::Past;
            let relation = self.lexicon.entry(id).concept.clone();
            let colon = if self.lexicon.language == note::Language::Fr { "\u{a0}: " } else { ": " };
            fact.text = Some(format!("{}{colon}{}", crate::wording::capital(&relation), entry.concept));
            self.add(scene, fact, &mention.tokens);
            return;
        }
        if scene.about(at) != About::Patient || mark.conditional || mark.uncertain {
            return;
        }
        let device = entry.has("device", "yes");
        let mut fact = Fact::new(
            SectionId::Antecedents,
            Kind::Procedure,
            entry.concept.clone(),
            scene.place(at),
            a.quote(&mention.tokens),
        );
        let late = self.phase >= Phase::Examination && self.examined;
        if scene.by_doctor() && late {
            // "To talk about having your tonsils out" decides nothing.
            let talked_of = (1..=6).any(|back| {
                at.checked_sub(back).is_some_and(|i| ["about", "discuss", "consider"].contains(&a.word(i)))
            });
            if mark.negated || talked_of && self.lexicon.language == note::Language::En {
                return;
            }
            let acts = scene.run.clone().any(|i| ["je", "j", "i"].contains(&a.word(i)));
            if self.phase < Phase::Conclusion
                && !acts
                && !a.any(&[Cue::Prescribe, Cue::Order, Cue::Advise], &scene.run)
            {
                return;
            }
            fact.section = if device { SectionId::Ordonnance } else { SectionId::Conduite };
            fact.temporality = Temporality::Planned;
            let next = a.mentions_in(&(mention.tokens.end..scene.run.end)).next();
            let run = mention.tokens.end..next.map_or(scene.run.end, |m| m.tokens.start);
            let read = crate::quantity::posology(
                &a.tokens,
                run,
                false,
                &a.units,
                &a.timing,
                &a.times,
                self.lexicon.language,
            );
            if let Some(duration) = read.duration {
                fact.set("duration", duration);
            }
            if let Some(frequency) = read.frequency {
                fact.set("frequency", frequency);
            }
            if let Some(when) = a.times_in(&scene.run).find(|w| w.kind == crate::quantity::WhenKind::In) {
                fact.attributes.remove("duration");
                fact.set("onset", when.text.clone());
            }
            fact.sources = vec![a.quote(&scene.clause(at))];
        } else {
            // Crutches seen at the door were neither had nor given.
            if device && (scene.by_patient() || scene.role == super::Role::Doctor) {
                return;
            }
            fact.temporality = Temporality::Past;
            if mark.negated {
                fact.polarity = Polarity::Absent;
                fact.temporality = Temporality::Current;
            }
            // "Opéré" alone says little: its clause is the statement.
            let vague = ["opération", "hospitalisation", "operation"].contains(&entry.concept.as_str());
            if vague && fact.polarity == Polarity::Present {
                let clause = scene.clause(at);
                let surgery = entry.concept == "opération" || entry.concept == "operation";
                let told = self.facts.iter_mut().rev().take(2).find(|f| {
                    surgery
                        && matches!(f.kind, Kind::Condition | Kind::Procedure)
                        && f.section == SectionId::Antecedents
                        && f.polarity == Polarity::Present
                        && f.place.0 == a.index
                        && (f.place.1 as usize) >= scene.run.start
                        && clause.start.saturating_sub(f.place.1 as usize) <= 6
                });
                if let Some(disease) = told {
                    let name = disease.name.clone().unwrap_or_else(|| disease.concept.clone());
                    let done = match self.lexicon.language {
                        note::Language::Fr => {
                            crate::compose::agree(&name, &["opéré".into()], note::Language::Fr)
                        }
                        note::Language::En => format!("{name}, operated"),
                    };
                    if disease.kind == Kind::Condition {
                        disease.name = Some(done);
                    }
                    disease.cite(a.quote(&clause));
                    return;
                }
                if self.facts.iter().any(|f| {
                    f.section == SectionId::Antecedents
                        && f.place.0 == a.index
                        && scene.clause(f.place.1 as usize) == clause
                }) {
                    return;
                }
                fact.sources = vec![a.quote(&clause)];
                // "Hospitalisé pour une pneumonie" tells more than its name; "restés deux nuits à l'hôpital" does not.
                let why = clause.clone().any(|i| ["pour", "for", "with"].contains(&a.word(i)));
                if surgery || why {
                    fact.name = Some(crate::compose::telegraph(a, &clause, self.lexicon.language));
                }
                fact.certainty = 0.7;
            }
            if late {
                return;
            }
        }
        self.add(scene, fact, &mention.tokens);
    }

    pub(super) fn vaccine(&mut self, scene: &Scene<'_>, mention: &Mention) {
        let Some(entry) = mention.of(self.lexicon, Family::Vaccine) else { return };
        let a = scene.analysis;
        let at = mention.tokens.start;
        let mark = a.mark(at);
        if scene.about(at) != About::Patient || mark.conditional {
            return;
        }
        let mut fact = Fact::new(
            SectionId::Antecedents,
            Kind::Vaccine,
            entry.concept.clone(),
            scene.place(at),
            a.quote(&mention.tokens),
        );
        fact.temporality = Temporality::Past;
        let dated = a.times_in(&scene.run).next().is_some() || a.has(Cue::Done, &scene.run);
        let acts = a.any(&[Cue::Prescribe, Cue::Order, Cue::Advise], &scene.run) || self.phase == Phase::Plan;
        if mark.negated {
            fact.polarity = Polarity::Absent;
        } else if scene.by_doctor()
            && (acts && !dated
                || self.phase >= Phase::Examination
                    && !a.times_in(&scene.run).any(|w| w.year.is_some())
                    && !scene.question)
        {
            fact.section = SectionId::Conduite;
            fact.temporality = Temporality::Planned;
        } else if scene.by_patient() && self.phase >= Phase::Conclusion {
            return;
        }
        fact.certainty = 0.8;
        self.add(scene, fact, &mention.tokens);
    }

    pub(super) fn lifestyle(&mut self, scene: &Scene<'_>, mention: &Mention) {
        let Some(entry) = mention.of(self.lexicon, Family::Lifestyle) else { return };
        let a = scene.analysis;
        let at = mention.tokens.start;
        let mark = a.mark(at);
        let late = self.phase >= Phase::Conclusion;
        // "Le bébé ? — Il danse toute la nuit."
        let subject = a.word(at.wrapping_sub(1));
        let theirs = scene.role == super::Role::Patient
            && self.lexicon.language == note::Language::Fr
            && ["il", "elle", "ils", "elles"].contains(&subject)
            && !self.proxied;
        // "C'est énorme, vous fumez", where nobody writes the question mark.
        let asked = scene.role == super::Role::Doctor
            && a.raw
            && ["vous", "tu", "you"].contains(&subject)
            && !self.counted(scene, mention);
        if scene.about(at) != About::Patient || mark.conditional || late || theirs || asked {
            return;
        }
        // "I don't drink enough water" is not teetotal.
        const OF_WATER: &[&str] = &[
            "much", "enough", "plenty", "water", "a", "lot", "that", "coffee", "tea", "anything", "fizzy",
            "loads",
        ];
        if entry.concept == "teetotal"
            && OF_WATER.contains(&a.word(mention.tokens.end))
            && mention.tokens.end < scene.run.end
        {
            return;
        }
        if self.lexicon.language == note::Language::En {
            // "I had a bit of anxiety at uni": when, not what they do.
            let studies = self.topic == Some(Topic::Occupation)
                || (scene.run.start..at).any(|i| ["m", "am", "still", "re"].contains(&a.word(i)));
            if entry.concept == "student" && !studies {
                return;
            }
            // "I did smoke a bit of weed."
            let weed = a.mentions_in(&(mention.tokens.end..mention.tokens.end + 5)).any(|m| {
                m.of(self.lexicon, Family::Lifestyle).is_some_and(|e| e.attribute("topic") == Some("drugs"))
            });
            if weed && entry.attribute("topic") == Some("tobacco") {
                return;
            }
        }
        // Coffee and wine are small talk until someone says how much.
        if self.topic == Some(Topic::Vaccine)
            && ["work", "school"].contains(&entry.attribute("topic").unwrap_or_default())
        {
            return;
        }
        let small = ["coffee", "travel", "sleep"].contains(&entry.attribute("topic").unwrap_or_default());
        if small && !self.counted(scene, mention) {
            return;
        }
        // "En sport je ne peux plus courir" says nothing of habits.
        let practised = mention.tokens.len() > 1
            || self.counted(scene, mention)
            || scene.run.clone().any(|i| {
                ["fais", "fait", "faites", "pratique", "joue", "fois", "do", "play", "run"]
                    .contains(&a.word(i))
            });
        if entry.concept == "activité physique" && !practised {
            return;
        }
        let mut fact = Fact::new(
            SectionId::ModeDeVie,
            Kind::Lifestyle,
            entry.concept.clone(),
            scene.place(at),
            a.quote(&mention.tokens),
        );
        // "Ça fait vingt ans que j'ai arrêté. Un paquet par jour pendant quinze ans."
        let over = entry.attribute("topic") == Some("tobacco")
            && self.facts.iter().rev().take(4).any(|f| {
                ["tabagisme sevré", "ex-smoker"].contains(&f.concept.as_str())
                    && f.sources.iter().any(|s| s.segment == a.index)
            });
        let stopped = (a.any(&[Cue::Stopped, Cue::NoMore], &scene.run) || over)
            && entry.attribute("topic") == Some("tobacco")
            && !mark.negated;
        if !stopped
            && self.lexicon.language == note::Language::En
            && a.any(&[Cue::Stopped], &(scene.run.start..at))
        {
            return;
        }
        if entry.attribute("topic") == Some("drugs") && a.any(&[Cue::NoMore], &scene.run) && !mark.negated {
            fact.temporality = Temporality::Past;
        }
        // "No coffee after midday", once told of: advice, no denial.
        let told = self.facts.iter().any(|f| {
            f.kind == Kind::Lifestyle && f.concept == fact.concept && f.polarity == Polarity::Present
        });
        if mark.negated && told && (scene.role != super::Role::Patient || self.phase > Phase::History) {
            return;
        }
        // "Et l'alcool, rien."
        let denied_after = mention.tokens.end < scene.run.end
            && ["rien", "zero", "jamais", "aucun", "aucune", "non", "none", "nothing", "never"]
                .contains(&a.word(mention.tokens.end))
            && !scene.question
            && crate::quantity::number_at(&a.tokens, mention.tokens.end + 1, self.lexicon.language).is_none();
        if mark.negated || denied_after {
            fact.polarity = Polarity::Absent;
            fact.group = None;
        } else if stopped
            || mark.past && entry.attribute("topic") == Some("tobacco") && a.has(Cue::Stopped, &scene.run)
        {
            fact.temporality = Temporality::Past;
            fact.concept =
                if self.lexicon.language == note::Language::Fr { "tabagisme sevré" } else { "ex-smoker" }
                    .into();
        }
        let run = scene.run.clone();
        let read = crate::quantity::posology(
            &a.tokens,
            run.clone(),
            false,
            &a.units,
            &a.timing,
            &a.times,
            self.lexicon.language,
        );
        // "Pas une goutte" is no amount.
        let counts = !entry.has("amount", "no");
        let amount = [read.dose, read.frequency].into_iter().flatten().filter(|_| counts).collect::<Vec<_>>();
        let amount = amount.join(" ");
        let said = self.amount_said(scene, &run).filter(|_| counts);
        if let Some(said) = said.filter(|_| amount.is_empty() && fact.polarity == Polarity::Present) {
            fact.set("frequency", a.quote(&said).quote);
            fact.cite(a.quote(&said));
        }
        if !amount.is_empty() && fact.polarity == Polarity::Present {
            fact.set("frequency", amount);
            fact.cite(a.quote(&scene.clause(at)));
            fact.sources.rotate_left(1);
            fact.sources.truncate(1);
        }
        fact.certainty = 0.8;
        self.add(scene, fact, &mention.tokens);
    }

    /// "About ten a day", "a couple of beers on the weekend": how much, as it was said. French amounts are read as
    /// posologies are.
    pub(super) fn amount_said(&self, scene: &Scene<'_>, run: &Range<usize>) -> Option<Range<usize>> {
        if self.lexicon.language == note::Language::Fr {
            return None;
        }
        let a = scene.analysis;
        let word = |at: usize| a.word(at);
        let period = |at: usize| match (word(at), word(at + 1)) {
            ("a" | "per" | "each" | "every", "day" | "week" | "night" | "month" | "weekend") => Some(at + 2),
            ("weekend" | "weekends", _) => Some(at + 1),
            _ => None,
        };
        let end = run.clone().find_map(|at| period(at).filter(|end| *end <= run.end && at > run.start))?;
        let is_count = |at: usize| {
            ["couple", "few", "bottle", "glass", "pack", "pint"].contains(&word(at))
                || number_at(&a.tokens, at, self.lexicon.language).is_some_and(|n| !n.article)
        };
        let start = (run.start..end.saturating_sub(1)).find(|at| is_count(*at))?;
        (end - start <= 8).then_some(start..end)
    }

    fn counted(&self, scene: &Scene<'_>, mention: &Mention) -> bool {
        let from = mention.tokens.start.saturating_sub(3).max(scene.run.start);
        (from..mention.tokens.start).any(|at| {
            number_at(&scene.analysis.tokens, at, self.lexicon.language).is_some_and(|n| !n.article)
        })
    }

    pub(super) fn occupation(&mut self, scene: &Scene<'_>, mention: &Mention) {
        let Some(entry) = mention.of(self.lexicon, Family::Occupation) else { return };
        let a = scene.analysis;
        let at = mention.tokens.start;
        let asked = self.topic == Some(Topic::Occupation);
        let near = scene.clause(at).start..at;
        // "C'est la pharmacienne" names someone else.
        let is = a.has(Cue::WorksAs, &near)
            || (1..=2).any(|back| {
                at.checked_sub(back).is_some_and(|i| {
                    ["suis", "am", "est", "es", "etes", "comme", "as"].contains(&a.word(i))
                        && a.word(i.wrapping_sub(1)) != "c"
                })
            });
        if !(asked || is)
            || scene.about(at) != About::Patient
            || a.mark(at).negated
            || scene.by_doctor() && !is
        {
            return;
        }
        // "Conseillère dans une banque" is more than the name of the trade.
        let clause = scene.clause(at);
        let start = (clause.start..at)
            .rev()
            .find(|i| ["suis", "am", "est", "es", "etes", "comme", "as", "is"].contains(&a.word(*i)))
            .map_or(at, |i| i + 1);
        let stop = a
            .times_in(&clause)
            .map(|t| t.tokens.start)
            .chain(
                (at..clause.end)
                    .filter(|i| ["et", "donc", "alors", "and", "so", "mais", "but"].contains(&a.word(*i))),
            )
            .min()
            .unwrap_or(clause.end);
        let run = start..stop.clamp(mention.tokens.end, start.max(mention.tokens.end) + 6);
        let whole = run.len() > mention.tokens.len() && run.start <= at && run.len() <= 8 && start < at + 1;
        let mut fact = Fact::new(
            SectionId::ModeDeVie,
            Kind::Lifestyle,
            entry.concept.clone(),
            scene.place(at),
            a.quote(if whole { &run } else { &mention.tokens }),
        );
        if whole {
            fact.name = Some(a.quote(&run).quote.to_lowercase());
        } else if self.lexicon.language == note::Language::En {
            // "A trainee solicitor": as said, with the word before that belongs to it.
            const APART: &[&str] =
                &["a", "an", "the", "as", "m", "am", "s", "is", "in", "for", "i", "at", "my", "um", "uh"];
            let from = at
                .checked_sub(1)
                .filter(|i| *i >= clause.start && !APART.contains(&a.word(*i)) && a.word(*i).len() > 3)
                .unwrap_or(at);
            fact.name = Some(a.quote(&(from..mention.tokens.end)).quote.to_lowercase());
        }
        self.add(scene, fact, &mention.tokens);
    }
}
