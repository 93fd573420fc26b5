//! Drugs: taken before, prescribed today, stopped, kept off.

use note::{Flag, Kind, SectionId, Temporality};

use super::{Discourse, Phase, Scene, Topic};
use crate::analysis::Mention;
use crate::context::About;
use crate::fact::{Action, Fact};
use crate::lexicon::{Cue, Family};
use crate::wording::capital;

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
        let of_another = !a.any(&[Cue::Took, Cue::Take], &clause)
            && ["de", "a"].contains(&a.word(after))
            && a.people.iter().any(|p| (after + 1..after + 3).contains(&p.tokens.start));
        let less = a.word(at.wrapping_sub(1)) == "de" && a.word(at.wrapping_sub(2)) == "moins";
        // "L'implant, ma copine en a un": the owner comes after.
        let theirs = scene.by_patient()
            && a.people.iter().any(|p| {
                (after..after + 3).contains(&p.tokens.start)
                    && scene.run.contains(&p.tokens.start)
                    && scene.about(p.tokens.start) != About::Patient
            })
            && !a.any(&[Cue::Take, Cue::Took], &(scene.run.start..at));
        // "Le Xatral, ah non, ça c'était à papa."
        let put_right = scene.by_patient()
            && a.people.iter().any(|p| {
                (after..after + 9).contains(&p.tokens.start)
                    && scene.run.contains(&p.tokens.start)
                    && (after..p.tokens.start).any(|i| ["non", "no"].contains(&a.word(i)))
                    && (after..p.tokens.start).any(|i| ["c", "that", "it"].contains(&a.word(i)))
            });
        let theirs = theirs || put_right;
        // "Soit un implant, soit un stérilet": nothing is decided.
        let offered = scene.by_doctor()
            && (1..=2).any(|back| ["soit", "either"].contains(&a.word(at.wrapping_sub(back))));
        // "J'ai une boîte de Ciflox dans le placard": at hand, not taken.
        let box_near = (at.saturating_sub(4)..after + 6)
            .any(|i| scene.run.contains(&i) && ["boite", "boites", "box", "packet"].contains(&a.word(i)));
        let at_hand = box_near && self.phase <= Phase::History && !a.any(&[Cue::Take, Cue::Took], &scene.run);
        // "L'amoxicilline, j'en ai pris plein de fois": borne before, not taken now.
        let had = (scene.run.start..at)
            .any(|i| a.word(i) == "deja" && ["eu", "pris"].contains(&a.word(i + 1)) && scene.by_patient());
        let before_now = had && a.times_in(&scene.run).next().is_none()
            || a.has(Cue::Took, &scene.run)
                && scene.by_patient()
                && scene.run.clone().any(|i| {
                    ["plein", "plusieurs", "deja", "souvent", "lots"].contains(&a.word(i))
                        && (["de", "fois", "of"].contains(&a.word(i + 1)) || a.word(i) == "deja")
                })
                && a.times_in(&scene.run).next().is_none();
        // "J'ai fait une urticaire. On m'a mis de la cortisone": what treated the reaction.
        let treated = self.topic == Some(Topic::Allergy)
            && scene.by_patient()
            && !a.times_in(&scene.run).any(|w| w.kind == crate::quantity::WhenKind::Since)
            && ["on", "ils", "they"].contains(&a.word(scene.run.start));
        // "Et après Ventoline, plus six pour cent": a test.
        let tested = scene.by_doctor()
            && ["apres", "post", "after"].contains(&a.word(at.wrapping_sub(1)))
            && !a.has(Cue::Prescribe, &scene.run);
        // "Il prend du bisoprolol", says who speaks for themselves.
        let taker = a.cues.iter().rev().find(|c| {
            [Cue::Take, Cue::Took].contains(&c.cue) && (scene.run.start..at).contains(&c.tokens.start)
        });
        let another_takes = scene.role == super::Role::Patient
            && !self.proxied
            && taker.is_some_and(|c| {
                let third = |i: usize| ["il", "elle", "ils", "elles", "he", "she"].contains(&a.word(i));
                third(c.tokens.start) || c.tokens.start > scene.run.start && third(c.tokens.start - 1)
            });
        if treated
            || another_takes
            || tested
            || before_now
            || scene.about(at) != About::Patient
            || of_another
            || less
            || theirs
            || offered
            || at_hand
        {
            return;
        }
        if entry.has("is", "class") && self.member_named(scene, entry, after..scene.run.end) {
            return;
        }
        if self.looked_for(scene, mention) {
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
        // "C'est plus l'irbésartan, c'est le valsartan": what was told of it is taken back.
        let replaced = (2..=4).any(|back| {
            at.checked_sub(back).is_some_and(|i| {
                a.word(i) == "est"
                    && a.word(i + 1) == "plus"
                    && ["c", "n"].contains(&a.word(i.wrapping_sub(1)))
            })
        });
        if replaced && scene.by_patient() {
            for known in self.facts.iter_mut().filter(|f| {
                f.kind == Kind::Drug && f.section == SectionId::Traitements && f.concept == concept
            }) {
                known.withdrawn = true;
            }
            return;
        }
        if scene.by_patient() {
            // "J'ai failli prendre son antibiotique, du Ciflox."
            let refused = a.cues.iter().rev().find(|c| {
                [Cue::NotTaken, Cue::Take, Cue::Took].contains(&c.cue) && before.contains(&c.tokens.start)
            });
            if a.any(&[Cue::NotTaken], &rest)
                || refused.is_some_and(|c| {
                    c.cue == Cue::NotTaken && c.tokens.clone().any(|i| a.word(i) == "failli")
                })
                || mark.negated
                || mark.conditional && !a.any(&[Cue::Take], &before)
            {
                return;
            }
            // "Penicillin's fine": borne, not taken.
            let borne = self.lexicon.language == note::Language::En
                && (after..after + 3).any(|i| ["fine", "okay", "ok", "alright"].contains(&a.word(i)));
            if borne {
                return;
            }
            let takes = a.any(&[Cue::Take, Cue::Took], &scene.run);
            // "Et les cachets ? — Le Kardégic soixante-quinze, un sachet le midi": told in full, whenever it is asked.
            let listed = self.phase >= Phase::Conclusion && !takes && {
                let read = self.read(scene, mention.tokens.end..self.posology_end(scene, mention), true);
                let whole =
                    read.dose.is_some() && read.frequency.is_some() || self.topic == Some(Topic::Treatment);
                whole && !self.known(&concept, SectionId::Ordonnance)
            };
            if self.phase >= Phase::Conclusion && !takes && !listed {
                return;
            }
            if class && !takes && self.topic != Some(Topic::Treatment) {
                return;
            }
            // "Simvastatin… I've not been good at taking the statin."
            let named_before = self
                .facts
                .iter()
                .any(|f| f.kind == Kind::Drug && f.section == SectionId::Traitements && f.place.0 == a.index);
            if class && named_before && self.lexicon.language == note::Language::En {
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
            // "J'avais l'amlodipine avant, mais ça me gonflait les chevilles."
            let before_this = (scene.run.start..at)
                .any(|i| ["avais", "prenais", "avait", "prenait"].contains(&a.word(i)))
                && (after..after + 3).any(|i| scene.run.contains(&i) && a.word(i) == "avant");
            if stopped_before || before_this || a.has(Cue::Stopped, &(at..scene.run.end)) {
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
            if self.among_tests(scene, mention) {
                self.order_level(scene, fact, mention);
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
                    // "Amoxicilline, la pipette au poids. — D'accord. — Matin et soir": how comes later.
                    let named_first = at <= scene.run.start + 1
                        && !a.mentions.iter().any(|m| {
                            m.tokens.start > at
                                && m.of(self.lexicon, Family::Drug).is_some_and(|e| e.concept != concept)
                        });
                    if named_first
                        && self.phase >= Phase::Conclusion
                        && self.lexicon.language == note::Language::Fr
                    {
                        self.wondered = Some(super::Wondered::of(scene, mention));
                    }
                }
                return;
            } else if class {
                return;
            } else {
                let used = (scene.run.start..at).any(|i| ["je", "j", "i"].contains(&a.word(i)));
                // "I've got metformin one thousand twice a day, lisinopril twenty": the list that the doctor reads.
                let read = self.read(scene, mention.tokens.end..self.posology_end(scene, mention), true);
                let listed = scene.role == super::Role::Doctor
                    && !scene.question
                    && (read.dose.is_some() || read.frequency.is_some());
                // "And you had been on metoprolol after that."
                let past = (scene.run.start..at).any(|i| {
                    a.word(i) == "had" && a.word(i + 1) == "been"
                        || a.word(i) == "used" && a.word(i + 1) == "to"
                        || ["aviez", "avais", "preniez", "prenais"].contains(&a.word(i))
                }) && !a.times_in(&scene.run).any(|w| w.kind == crate::quantity::WhenKind::Since);
                let told = !past
                    && (listed
                        || a.any(&[Cue::Take, Cue::Stopped], &scene.run) && !used
                        || scene.role == super::Role::Narrator
                        || a.times_in(&scene.run).any(|w| w.kind == crate::quantity::WhenKind::Since)
                        || ["arret"].contains(&a.word(at.wrapping_sub(2))));
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
        // "La statine ? — J'ai arrêté. C'était l'atorvastatine": the class asked for gets its name.
        let stopped = self.last_drug.and_then(|last| self.facts.get(last)).is_some_and(|f| {
            f.action == Some(Action::Stopped) && f.sources.iter().any(|s| s.segment == a.index)
        });
        if stopped
            && scene.by_patient()
            && ["etait", "etaient"].iter().any(|w| (1..=3).any(|back| a.word(at.wrapping_sub(back)) == *w))
            && let Some(old) = self.last_drug.and_then(|last| self.facts.get_mut(last))
        {
            old.concept = concept;
            old.name = fact.name;
            old.cite(a.quote(&mention.tokens));
            return;
        }
        // "C'était les Nurofen, pour les dents": what was the cause then.
        let cause = scene.by_patient()
            && self.lexicon.language == note::Language::Fr
            && (2..=4).any(|back| {
                at.checked_sub(back)
                    .is_some_and(|i| i >= scene.run.start && a.word(i) == "c" && a.word(i + 1) == "etait")
            });
        if cause {
            return;
        }
        self.retract(scene, at);
        let added = self.add(scene, fact, &mention.tokens);
        self.last_drug = Some(added);
        let run = mention.tokens.end..self.posology_end(scene, mention);
        self.pose(scene, added, run, true);
        self.dose_before(scene, added, mention);
        self.form_said(scene, added, mention);
        self.raised_to(scene, added, mention);
    }

    /// "We'll check your vitamin D and a full blood count": a level, not a prescription.
    fn among_tests(&self, scene: &Scene<'_>, mention: &Mention) -> bool {
        let a = scene.analysis;
        let at = mention.tokens.start;
        let is_test = |m: &&Mention| {
            m.of(self.lexicon, Family::Test).or_else(|| m.of(self.lexicon, Family::Lab)).is_some()
        };
        let last = a.mentions_in(&(scene.run.start..at)).filter(is_test).last().map(|m| m.tokens.end);
        let Some(last) = last.filter(|_| self.lexicon.language == note::Language::En) else { return false };
        let read = self.read(scene, mention.tokens.end..self.posology_end(scene, mention), true);
        a.has(Cue::Order, &(scene.run.start..last))
            && !a.has(Cue::Prescribe, &(last..at))
            && read.frequency.is_none()
            && at - last <= 12
    }

    fn order_level(&mut self, scene: &Scene<'_>, mut fact: Fact, mention: &Mention) {
        fact.section = SectionId::Conduite;
        fact.kind = Kind::TestOrder;
        fact.concept = format!("{} level", fact.concept);
        fact.name = None;
        fact.temporality = Temporality::Planned;
        fact.group = Some((scene.analysis.index, u32::try_from(scene.run.start).unwrap_or(0)));
        self.add(scene, fact, &mention.tokens);
    }

    /// Whether the doctor prescribes this drug today.
    pub(super) fn prescribing(&self, scene: &Scene<'_>, mention: &Mention) -> bool {
        let a = scene.analysis;
        let at = mention.tokens.start;
        if a.any(&[Cue::Prescribe, Cue::Renew, Cue::Increase, Cue::Decrease], &(scene.run.start..at)) {
            return true;
        }
        // "Et le périndopril, on monte à dix."
        let after = mention.tokens.end..scene.run.end.min(mention.tokens.end + 6);
        let raised = a.cues.iter().any(|c| {
            [Cue::Increase, Cue::Decrease].contains(&c.cue)
                && after.contains(&c.tokens.start)
                && (c.tokens.end..scene.run.end.min(c.tokens.end + 2))
                    .any(|i| crate::quantity::number_at(&a.tokens, i, self.lexicon.language).is_some())
        });
        let weighed = scene.run.clone().any(|i| {
            ["pourrait", "pourrais", "pourra", "faudrait", "aurait", "aurais", "si", "hesite", "voulais"]
                .contains(&a.word(i))
        });
        if raised && !weighed && self.lexicon.language == note::Language::Fr {
            return true;
        }
        // "Le gliclazide, on le diminue": decided of what is taken, though the dose comes later.
        let changed = a.cues.iter().any(|c| {
            [Cue::Increase, Cue::Decrease].contains(&c.cue)
                && (mention.tokens.end..scene.run.end.min(mention.tokens.end + 4)).contains(&c.tokens.start)
        });
        let taken = mention
            .of(self.lexicon, Family::Drug)
            .is_some_and(|e| self.known(&e.concept, note::SectionId::Traitements));
        if changed && taken && !weighed && self.examined && self.lexicon.language == note::Language::Fr {
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
    pub(super) fn last_is_prescription(&self, scene: &Scene<'_>) -> bool {
        self.last_drug
            .and_then(|at| self.facts.get(at))
            .is_some_and(|f| f.section == SectionId::Ordonnance && f.place.0 == scene.analysis.index)
    }

    /// Whether a drug of this class is named in the run: the class is not worth its own line.
    pub(super) fn member_named(
        &self,
        scene: &Scene<'_>,
        class: &crate::lexicon::Entry,
        run: std::ops::Range<usize>,
    ) -> bool {
        let mut named = scene.analysis.mentions_in(&run);
        named.any(|m| m.of(self.lexicon, Family::Drug).is_some_and(|e| e.belongs_to(class)))
    }

    /// What the nearest verb does to the drug: the one before it, else any of the sentence.
    pub(super) fn action(&self, scene: &Scene<'_>, at: usize) -> Option<Action> {
        let a = scene.analysis;
        let acts = [
            (Cue::Prescribe, None),
            (Cue::Increase, Some(Action::Increase)),
            (Cue::Decrease, Some(Action::Decrease)),
            (Cue::Renew, Some(Action::Renew)),
        ];
        let act = |cue: Cue| acts.iter().find(|(c, _)| *c == cue).map(|(_, action)| *action);
        // "On pourrait monter à quarante... non": proposed aloud, not done.
        let within = |c: &&crate::analysis::CueHit| {
            scene.run.contains(&c.tokens.start) && !a.mark(c.tokens.start).hypothetical
        };
        // "Increase the fibre, and I can send you some Laxido": the verb belongs to what stands beside it.
        let beside = |c: &&crate::analysis::CueHit| {
            self.lexicon.language == note::Language::Fr
                || !matches!(c.cue, Cue::Increase | Cue::Decrease)
                || c.tokens.start >= at
                || at - c.tokens.end.min(at) <= 4
        };
        let before = a
            .cues
            .iter()
            .filter(within)
            .rev()
            .filter(|c| c.tokens.start < at && beside(c))
            .find_map(|c| act(c.cue));
        before.or_else(|| a.cues.iter().filter(within).filter(beside).find_map(|c| act(c.cue))).flatten()
    }

    /// "J'avais eu du Seroplex pendant un an, en 2016": over long ago.
    fn taken_once(&self, scene: &Scene<'_>, at: usize) -> bool {
        let a = scene.analysis;
        // "On m'avait donné du Seroplex pendant un an": so much of it, and no more.
        let dated = a.times_in(&scene.run).any(|w| {
            w.kind == crate::quantity::WhenKind::For
                && ["avait", "avais", "had"]
                    .iter()
                    .any(|word| (scene.run.start..at).any(|i| a.word(i) == *word))
        }) || a.times_in(&scene.run).any(|w| {
            w.kind == crate::quantity::WhenKind::At
                && (w.year.is_some() || ["an", "ans", "years"].iter().any(|unit| w.span.ends_with(unit)))
        });
        a.mark(at).past
            && dated
            && !a.times_in(&scene.run).any(|w| w.kind == crate::quantity::WhenKind::Since)
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
