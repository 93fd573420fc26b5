//! Allergies, what is not borne, and what happened then.

use note::{Kind, Polarity, SectionId};

use super::{Discourse, Phase, Scene, Topic};
use crate::analysis::Mention;
use crate::context::About;
use crate::fact::Fact;
use crate::lexicon::{Cue, Family};

impl Discourse {
    /// An allergy, or a reaction to the last one. True when the mention was taken.
    pub(super) fn allergy(&mut self, scene: &Scene<'_>, mention: &Mention) -> bool {
        let a = scene.analysis;
        let at = mention.tokens.start;
        let mark = a.mark(at);
        let asked = self.topic == Some(Topic::Allergy) && scene.by_patient();
        // "La doxycycline. J'étais au soleil, on m'a mis de la cortisone": once an allergy is named, a sentence that tells what
        // happened names no other.
        let narrates = ["j", "je", "il", "elle", "on", "ils", "c", "ca", "i", "it", "they"]
            .contains(&a.word(scene.run.start))
            && self
                .last_allergy
                .and_then(|last| self.facts.get(last))
                .is_some_and(|f| f.sources.iter().any(|s| s.segment == a.index));
        let asked = asked && !narrates;
        let told = (mark.allergic
            || self.forbidden_after(scene, mention)
            || self.reaction_to(scene, mention).is_some())
            && !scene.question;
        let substance =
            mention.of(self.lexicon, Family::Drug).or_else(|| mention.of(self.lexicon, Family::Allergen));
        if (asked || told)
            && scene.about(at) == About::Patient
            && let Some(substance) = substance.filter(|_| {
                !mark.hypothetical
                    || told
                        && !a
                            .find(Cue::Allergic, &scene.run)
                            .is_some_and(|c| a.mark(c.tokens.start).hypothetical)
            })
        {
            if scene.by_doctor() && self.phase == Phase::Plan && !told {
                return false;
            }
            let of_sentence = scene.run.clone();
            // "L'amoxicilline, j'en ai pris plein de fois": borne.
            let often = of_sentence.clone().any(|i| {
                ["plein", "plusieurs", "souvent", "lots", "loads"].contains(&a.word(i))
                    && ["de", "fois", "of"].contains(&a.word(i + 1))
            });
            if asked
                && !told
                && (often && a.has(Cue::Took, &of_sentence) || a.has(Cue::NotTaken, &of_sentence))
            {
                return true;
            }
            // "La Bétadine, ça va": borne well.
            let borne = mention.tokens.end..scene.run.end.min(mention.tokens.end + 3);
            if asked
                && (0..2).any(|i| {
                    ["ca va", "c'est bon"].contains(
                        &format!("{} {}", a.word(borne.start + i), a.word(borne.start + i + 1)).as_str(),
                    )
                })
            {
                return true;
            }
            // "L'œuf, quand il était bébé, mais maintenant il en mange."
            let rest = mention.tokens.end..of_sentence.end;
            let has = |words: &[&str]| rest.clone().any(|i| words.contains(&a.word(i)));
            // "Le lait de vache, c'était le grand."
            let of_another =
                has(&["etait", "est"]) && has(&["grand", "grande", "aine", "ainee", "frere", "soeur"]);
            // "On met la crème, le Dexeryl": an answer about something else.
            let applied =
                (of_sentence.start..at).any(|i| ["met", "mets", "mettons", "mettait"].contains(&a.word(i)));
            if of_another || applied && !told {
                return of_another;
            }
            if has(&["maintenant", "now"])
                && has(&["mange", "manges", "supporte", "tolere", "passe", "eats", "fine"])
            {
                return true;
            }
            if a.has(Cue::Take, &(of_sentence.start..at)) && !asked {
                return false;
            }
            let name = substance.concept.clone();
            let mut fact = Fact::new(
                SectionId::Allergies,
                Kind::Allergy,
                name.clone(),
                scene.place(at),
                a.quote(&mention.tokens),
            );
            if substance.family == Family::Drug {
                fact.name = self.drug_name(scene, mention);
            } else if mention.misheard {
                fact.name = Some(a.quote(&mention.tokens).quote.to_lowercase());
            }
            super::drug::misheard(&mut fact, mention);
            if mark.negated {
                fact.polarity = Polarity::Absent;
            }
            if let Some(reaction) = self.reaction_to(scene, mention) {
                fact.set("reaction", reaction);
            }
            // "Non. Enfin si, le latex": the denial just told was hasty.
            if fact.polarity == note::Polarity::Present {
                let general = crate::wording::wording(self.lexicon.language).no_known_allergy;
                for told in self.facts.iter_mut().filter(|f| {
                    f.kind == Kind::Allergy
                        && f.text.as_deref() == Some(general)
                        && f.sources.iter().any(|s| s.segment == a.index)
                }) {
                    told.withdrawn = true;
                }
            }
            let added = self.add(scene, fact, &mention.tokens);
            self.last_allergy = Some(added);
            return true;
        }
        // What happened then: hives, swelling.
        let reaction =
            mention.of(self.lexicon, Family::Symptom).or_else(|| mention.of(self.lexicon, Family::Condition));
        // "Urticaire et œdème au Bactrim, 2018. C'est noté": the doctor says again what was told.
        if reaction.is_some() && scene.by_doctor() && !scene.question && self.phase <= Phase::Examination {
            let again = a
                .mentions_in(&scene.run)
                .filter_map(|m| {
                    m.of(self.lexicon, Family::Drug).or_else(|| m.of(self.lexicon, Family::Allergen))
                })
                .find_map(|e| {
                    self.facts.iter().position(|f| {
                        f.kind == Kind::Allergy && f.concept == e.concept && f.polarity == Polarity::Present
                    })
                });
            if let Some(known) = again {
                let concept = reaction.map(|e| said_reaction(scene, mention, &e.concept)).unwrap_or_default();
                let source = a.quote(&mention.tokens);
                if let Some(fact) =
                    self.facts.get_mut(known).filter(|f| !f.attributes.contains_key("reaction"))
                {
                    fact.set("reaction", concept);
                    fact.cite(source);
                }
                return true;
            }
        }
        let asked = asked || narrates;
        let fresh = self.last_allergy.and_then(|at| {
            let near = |segment: u32| segment == a.index || asked && a.index.saturating_sub(segment) <= 2;
            let fact = self.facts.get(at)?;
            let told = near(fact.place.0) || fact.sources.iter().any(|s| near(s.segment));
            told.then_some((at, fact.place.0))
        });
        if let (Some(reaction), Some((last, _))) = (reaction, fresh) {
            if scene.about(at) != About::Patient || mark.negated || scene.question {
                return false;
            }
            // What a doctor concludes beside an allergy is no reaction.
            if scene.by_doctor()
                && self.phase >= Phase::Examination
                && !a.has(Cue::Reacted, &scene.run)
                && self.lexicon.language == note::Language::En
            {
                return false;
            }
            let concept = said_reaction(scene, mention, &reaction.concept);
            let source = a.quote(&mention.tokens);
            if let Some(fact) = self.facts.get_mut(last) {
                let told = match fact.attributes.get("reaction") {
                    Some(before) if before.contains(&concept) => before.clone(),
                    Some(before) => format!("{before}, {concept}"),
                    None => concept,
                };
                fact.attributes.insert("reaction".into(), told);
                fact.cite(source);
                // "À trois ans il a eu de l'urticaire."
                let then = a.times_in(&scene.run).find(|w| {
                    matches!(w.kind, crate::quantity::WhenKind::Age | crate::quantity::WhenKind::At)
                });
                if let Some(when) = then {
                    fact.set("onset", when.text.clone());
                    if let Some(year) = &when.year {
                        fact.set("year", year.clone());
                    }
                    fact.cite(a.quote(&when.tokens));
                }
                return true;
            }
        }
        false
    }

    /// "Il avait vomi, il était gris. C'était à l'hôpital, 2016": when an allergy just told showed itself.
    pub(super) fn when_allergic(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        if scene.question || !scene.by_patient() || scene.run.len() > 10 {
            return;
        }
        let Some(at) = self.last_allergy else { return };
        let last = self.facts.len().saturating_sub(at) <= 2;
        let Some(fact) = self.facts.get_mut(at).filter(|f| {
            last && f.polarity == Polarity::Present
                && !f.attributes.contains_key("year")
                && f.sources.iter().any(|s| s.segment == a.index)
        }) else {
            return;
        };
        let when = a.times_in(&scene.run).find(|w| w.year.is_some());
        let bare = scene.run.clone().find_map(|i| {
            crate::quantity::number_at(&a.tokens, i, self.lexicon.language)
                .filter(|n| (1930.0..2100.0).contains(&n.value) && n.value.fract() == 0.0)
        });
        let told = match (when, bare) {
            (Some(when), _) => when.year.clone().map(|year| (year, when.text.clone(), when.tokens.clone())),
            (None, Some(number)) => Some((number.text.clone(), number.text, number.tokens)),
            _ => None,
        };
        if let Some((year, text, tokens)) = told {
            fact.set("year", year);
            fact.set("onset", text);
            fact.cite(a.quote(&tokens));
        }
    }

    /// "L'Advil, on me l'a interdit".
    pub(super) fn forbidden_after(&self, scene: &Scene<'_>, mention: &Mention) -> bool {
        let a = scene.analysis;
        let reach = mention.tokens.end..scene.run.end.min(mention.tokens.end + 8);
        let other = a.mentions_in(&reach).any(|m| {
            m.of(self.lexicon, Family::Drug).or_else(|| m.of(self.lexicon, Family::Allergen)).is_some()
        });
        let named = a.cues.iter().any(|c| {
            c.cue == Cue::Allergic
                    && reach.contains(&c.tokens.start)
                    && c.tokens.len() >= 2
                    // "Allergie à" speaks of what follows it.
                    && !["allerg", "intoler", "react"].iter().any(|w| a.word(c.tokens.start).starts_with(w))
        });
        // "La Bétadine, ça m'a fait un eczéma".
        let reacted = a.find(Cue::Reacted, &reach).is_some_and(|cue| {
            let after = cue.tokens.end..scene.run.end.min(cue.tokens.end + 5);
            a.mentions_in(&after).any(|m| {
                m.of(self.lexicon, Family::Symptom)
                    .or_else(|| m.of(self.lexicon, Family::Condition))
                    .is_some()
            })
        });
        // What made a drug be stopped is a side effect, unless it is called an allergy.
        let stopped = a.has(Cue::Stopped, &scene.run);
        // What is taken every day is borne, whatever it does.
        let taken =
            reach.clone().any(|at| a.timing.iter().any(|t| t.tokens.start == at && t.of == "frequency"))
                || self.topic == Some(Topic::Treatment)
                || a.has(Cue::Take, &scene.run);
        let stopped = stopped || taken;
        let another = a.people.iter().any(|p| reach.contains(&p.tokens.start));
        let class = mention.of(self.lexicon, Family::Drug).is_some_and(|e| e.has("is", "class"));
        (named || reacted && scene.by_patient() && !stopped && !class)
            && !another
            && !other
            && mention.of(self.lexicon, Family::Drug).is_some()
    }

    /// "Crise d'asthme à l'ibuprofène": what the drug did.
    pub(super) fn reaction_to(&self, scene: &Scene<'_>, mention: &Mention) -> Option<String> {
        mention.of(self.lexicon, Family::Drug)?;
        let a = scene.analysis;
        let before = a.mentions_in(&scene.run).filter(|m| m.tokens.end <= mention.tokens.start).last()?;
        let link = a.tokens.get(before.tokens.end..mention.tokens.start)?;
        let caused = !link.is_empty()
            && link.len() <= 2
            && link.iter().all(|t| t.any(&["a", "l", "au", "aux", "la", "to", "from"]))
            && link.iter().any(|t| t.any(&["a", "au", "aux", "to", "from"]));
        let reaction = before
            .of(self.lexicon, Family::Symptom)
            .or_else(|| before.of(self.lexicon, Family::Condition))?;
        caused.then(|| said_reaction(scene, before, &reaction.concept))
    }
}

/// A reaction in the words used, when they name it ("crise d'asthme"), else as a doctor writes it.
pub(super) fn said_reaction(scene: &Scene<'_>, mention: &Mention, concept: &str) -> String {
    const SPOKEN: &[&str] = &[
        "ca", "j", "je", "il", "elle", "me", "m", "se", "la", "le", "les", "a", "ai", "mal", "fait", "envie",
        "it", "i", "my",
    ];
    let a = scene.analysis;
    // "Les mains qui gonflent".
    let from =
        mention.tokens.start - usize::from(a.word(mention.tokens.start) == "qui" && mention.tokens.start > 0);
    // "Des plaques aux mains", "des cloques plein les bras": with where, up to what opens another clause.
    const WHERE: &[&str] = &["aux", "au", "sur", "plein"];
    const LITTLE: &[&str] = &["le", "la", "les", "l", "du", "des", "de", "tout", "toute"];
    let end = mention.tokens.end;
    let within = |at: usize| {
        at < scene.run.end && a.tokens.get(at - 1).is_some_and(|t| t.after < crate::text::Gap::Comma)
    };
    let to = if !within(end) {
        end
    } else if a.word(end) == "partout" {
        end + 1
    } else if WHERE.contains(&a.word(end)) {
        let noun = (end + 1..end + 4).take_while(|at| within(*at)).find(|at| !LITTLE.contains(&a.word(*at)));
        noun.map_or(end, |at| at + 1)
    } else {
        end
    };
    let sited = to > end;
    let named = (mention.tokens.len() >= 2 || sited)
        && !mention.tokens.clone().any(|at| SPOKEN.contains(&a.word(at)));
    if named { a.quote(&(from..to)).quote.to_lowercase() } else { concept.to_owned() }
}
