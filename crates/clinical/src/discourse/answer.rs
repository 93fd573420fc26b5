//! Questions wait for their answer; the two together make the fact, with both as sources.

use std::ops::Range;

use note::{Kind, Polarity, SectionId, Source};

use super::{Discourse, Phase, Role, Scene, Topic};
use crate::analysis::{Analysis, Mention};
use crate::context::About;
use crate::fact::{Fact, Place};
use crate::lexicon::{Cue, Family};
use crate::quantity::WhenKind;
use crate::text::Gap;

/// What was asked, by name.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    mention: Mention,
    source: Source,
    place: Place,
    about: About,
    /// Facts to add if the answer is yes, and if it is no.
    yes: Option<Fact>,
    no: Option<Fact>,
}

/// Questions not yet answered, one list per question of the same turn.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    questions: Vec<Vec<Asked>>,
    segment: u32,
}

impl Pending {
    /// No question named anything.
    pub fn is_bare(&self) -> bool {
        self.questions.iter().all(Vec::is_empty)
    }

    /// Something was asked by a name the lexicon holds.
    pub fn names_something(&self) -> bool {
        self.questions.iter().flatten().any(|asked| asked.yes.is_some() || asked.no.is_some())
    }
}

/// The bare sense of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    Some,
    NoMore,
    Unknown,
    Fine,
}

const OPENERS: &[&str] =
    &["euh", "ah", "oh", "ben", "bah", "alors", "enfin", "et", "eh", "hein", "well", "um", "uh", "so"];

impl Answer {
    /// How a sentence begins, if as an answer.
    pub fn of(analysis: &Analysis, run: &Range<usize>) -> Option<Self> {
        let mut at = run.start;
        while at < run.end && OPENERS.contains(&analysis.word(at)) {
            at += 1;
        }
        let starts = |cue: Cue| {
            analysis
                .cues
                .iter()
                .any(|c| c.cue == cue && (c.tokens.start == at || c.tokens.start == run.start))
        };
        let word = analysis.tokens.get(at)?;
        let alone = word.after >= Gap::Comma || at + 1 >= run.end;
        if starts(Cue::NoMore) {
            return Some(Self::NoMore);
        }
        // "Zéro vingt-cinq, un le soir" is a dose.
        let dose = word.is("zero")
            && crate::quantity::number_at(&analysis.tokens, at, note::Language::Fr)
                .is_some_and(|n| n.value > 0.0);
        if starts(Cue::No) && !dose {
            // "Jamais de…", "rien dans l'estomac": whole sentences that deny by themselves read as no as well.
            if let Some(si) = self::turns(analysis, run) {
                // "Non. Enfin si, du Levothyrox" says what else there is, not yes to what was asked.
                let more = analysis.mentions.iter().any(|m| (si..si + 8).contains(&m.tokens.start));
                return Some(if more { Self::Unknown } else { Self::Yes });
            }
            // "Non, j'ai arrêté il y a dix ans."
            let soon = at..run.end.min(at + 9);
            // The English "no" denies as well; it is the answer itself here.
            let rest = at + usize::from(word.is("no"))..run.end.min(at + 4);
            let over = analysis.any(&[Cue::NoMore, Cue::Stopped], &soon);
            return Some(if over && !analysis.has(Cue::Negation, &rest) { Self::NoMore } else { Self::No });
        }
        if starts(Cue::Unknown) {
            return Some(Self::Unknown);
        }
        if starts(Cue::Some) {
            return Some(Self::Some);
        }
        if starts(Cue::Yes) && (!word.is("si") || alone) {
            // "I did, I packed it in eight years ago."
            let soon = at + 1..run.end.min(at + 7);
            let left =
                ["i", "yeah", "yes"].contains(&word.folded.as_str()) && analysis.has(Cue::NoMore, &soon);
            return Some(if left { Self::NoMore } else { Self::Yes });
        }
        // "On a tout introduit, rien."
        let last = run.end.saturating_sub(1);
        let stands_alone = analysis.tokens.get(last.wrapping_sub(1)).is_some_and(|t| t.after >= Gap::Comma);
        if run.len() <= 8
            && stands_alone
            && last > run.start
            && ["rien", "non", "aucune", "aucun", "no", "nothing"].contains(&analysis.word(last))
        {
            return Some(Self::No);
        }
        // "Soixante-quinze, oui."
        let named = analysis.mentions_in(run).next().is_some();
        let closes = !named
            && run.len() <= 4
            && run.len() > 1
            && ["oui", "ouais", "yes", "yeah"].contains(&analysis.word(last));
        if closes {
            return Some(Self::Yes);
        }
        // "There was a bit of pink when I wiped, yeah."
        let agrees = stands_alone
            && (3..=16).contains(&run.len())
            && ["yes", "yeah", "yep"].contains(&analysis.word(last))
            && !analysis.has(Cue::Negation, run)
            && !analysis.people.iter().any(|p| run.contains(&p.tokens.start));
        if agrees {
            return Some(Self::Yes);
        }
        starts(Cue::Fine).then_some(Self::Fine)
    }
}

/// "Ça sort quelque chose quand tu tousses ?": the cough is when, not what.
fn circumstance(scene: &Scene<'_>, mention: &Mention) -> bool {
    let a = scene.analysis;
    let clause = scene.clause(mention.tokens.start);
    // "Apart from the headaches, any other problems?"
    let aside = (1..=3).any(|back| {
        mention.tokens.start.checked_sub(back).is_some_and(|at| {
            a.word(at) == "from" && ["apart", "aside"].contains(&a.word(at.wrapping_sub(1)))
        })
    });
    if aside {
        return true;
    }
    (clause.start + 1..mention.tokens.start)
        .rev()
        .take(4)
        .any(|at| ["quand", "lorsque", "when"].contains(&a.word(at)))
}

/// "Non. Enfin si, un peu": the no is taken back.
fn turns(analysis: &Analysis, run: &Range<usize>) -> Option<usize> {
    let reach = analysis.tokens.len().min(run.start + 8);
    (run.start + 1..reach).find(|&at| {
        let before = analysis.word(at - 1);
        analysis.word(at) == "si"
            && (["euh", "enfin", "ah", "mais", "bon"].contains(&before)
                || analysis.tokens.get(at).is_some_and(|t| t.after >= Gap::Comma)
                    && analysis.tokens.get(at - 1).is_some_and(|t| t.after >= Gap::Comma))
    })
}

impl Discourse {
    /// Remembers what a question names.
    pub(super) fn pend(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        self.side_asked = Self::asks_side(scene);
        let mut asked = Vec::new();
        for mention in a.mentions_in(&scene.run) {
            let mark = a.mark(mention.tokens.start);
            let about = scene.about(mention.tokens.start);
            if about == About::Other || mark.hypothetical || circumstance(scene, mention) {
                continue;
            }
            // "Pas de déficit, vous sentez bien ?": seen already, not asked.
            let seen = mark.negated
                && self.phase == Phase::Examination
                && self.examined
                && mention.of(self.lexicon, Family::Finding).is_some()
                && mention.of(self.lexicon, Family::Symptom).is_none();
            if seen {
                self.finding(scene, mention);
                continue;
            }
            let (yes, no) = self.asked_facts(scene, mention, about);
            asked.push(Asked {
                mention: mention.clone(),
                source: a.quote(&mention.tokens),
                place: scene.place(mention.tokens.start),
                about,
                yes,
                no,
            });
        }
        asked.extend(self.asked_pains(scene).into_iter().map(|(fact, mention)| {
            let mut no = fact.clone();
            no.polarity = Polarity::Absent;
            Asked {
                source: a.quote(&mention.tokens),
                place: fact.place,
                about: About::Patient,
                yes: Some(fact),
                no: Some(no),
                mention,
            }
        }));
        let same_turn = self.last_role == Role::Doctor;
        match &mut self.pending {
            Some(pending) if same_turn && pending.segment + 1 >= a.index && scene.role == Role::Doctor => {
                if !asked.is_empty() {
                    pending.questions.push(asked);
                }
            }
            slot => *slot = Some(Pending { questions: vec![asked], segment: a.index }),
        }
    }

    /// What "yes" and "no" would mean for a mention.
    fn asked_facts(
        &self,
        scene: &Scene<'_>,
        mention: &Mention,
        about: About,
    ) -> (Option<Fact>, Option<Fact>) {
        let source = scene.analysis.quote(&mention.tokens);
        let place = scene.place(mention.tokens.start);
        let examined = self.phase == Phase::Examination && self.examined;
        let families = [
            (Family::Finding, Kind::Finding, SectionId::Examen),
            (Family::Symptom, Kind::Symptom, if examined { SectionId::Examen } else { SectionId::Histoire }),
            (Family::Condition, Kind::Condition, SectionId::Antecedents),
            (Family::Drug, Kind::Drug, SectionId::Traitements),
            (Family::Procedure, Kind::Procedure, SectionId::Antecedents),
            (Family::Vaccine, Kind::Vaccine, SectionId::Antecedents),
            (Family::Lifestyle, Kind::Lifestyle, SectionId::ModeDeVie),
            (Family::Leave, Kind::Leave, SectionId::Conduite),
        ];
        if mention.entries.iter().any(|id| self.lexicon.entry(*id).has("ask", "no")) {
            return (None, None);
        }
        let Some((entry, kind, section)) = families
            .into_iter()
            .filter(|(family, ..)| *family != Family::Finding || examined)
            .find_map(|(family, kind, section)| mention.of(self.lexicon, family).map(|e| (e, kind, section)))
        else {
            return (None, None);
        };
        // "Des allergies, c'est toujours la codéine ?": a yes confirms the allergy; a no is told of allergies as a whole.
        let substance = matches!(kind, Kind::Drug)
            || mention.of(self.lexicon, Family::Allergen).is_some() && kind != Kind::Symptom;
        if self.topic == Some(Topic::Allergy) && substance && !entry.has("is", "class") {
            let mut yes =
                Fact::new(SectionId::Allergies, Kind::Allergy, entry.concept.clone(), place, source);
            yes.name = self.drug_name(scene, mention);
            yes.certainty = 0.75;
            return (Some(yes), None);
        }
        if scene.analysis.mark(mention.tokens.start).allergic
            || kind == Kind::Drug && Self::asks_tolerance(scene, mention.tokens.start)
            || kind == Kind::Drug
                && self.phase >= Phase::Conclusion
                && self.lexicon.language == note::Language::En
        {
            return (None, None);
        }
        let concept = self.bleeding(&entry.concept, scene.analysis.index);
        let mut yes = Fact::new(section, kind, concept, place, source);
        yes.certainty = 0.85;
        if matches!(kind, Kind::Condition | Kind::Finding)
            && let Some(side) = super::attach::side(scene.analysis, &scene.run)
        {
            yes.set("laterality", side);
        }
        // "Any surgeries, you had your gallbladder out?": the one named is the answer.
        let vague = kind == Kind::Procedure && ["operation", "opération"].contains(&entry.concept.as_str());
        let other = vague
            && scene
                .analysis
                .mentions_in(&scene.run)
                .any(|m| m.of(self.lexicon, Family::Procedure).is_some_and(|e| e.concept != entry.concept));
        if other {
            return (None, None);
        }
        // "Any anti-inflammatories, things like ibuprofen?"
        let class = kind == Kind::Drug
            && entry.has("is", "class")
            && self.lexicon.language == note::Language::En
            && scene
                .analysis
                .mentions_in(&scene.run)
                .any(|m| m.of(self.lexicon, Family::Drug).is_some_and(|e| !e.has("is", "class")));
        if class {
            return (None, None);
        }
        if kind == Kind::Drug {
            yes.name = self.drug_name(scene, mention);
            super::drug::misheard(&mut yes, mention);
            self.dose_asked(scene, mention, &mut yes);
        }
        if let About::Family(id) = about {
            if kind != Kind::Condition {
                return (None, None);
            }
            yes.experiencer = note::Experiencer::Family;
            yes.relation = Some(self.lexicon.entry(id).concept.clone());
        } else if self.topic == Some(Topic::Family) && kind == Kind::Condition {
            yes.experiencer = note::Experiencer::Family;
        }
        if entry.has("normal", "yes") {
            return (Some(yes), None);
        }
        if self.phase == Phase::Opening && self.comes_for(scene, mention) {
            yes.section = SectionId::Motif;
            return (Some(yes), None);
        }
        let mut no = yes.clone();
        no.polarity = Polarity::Absent;
        if kind == Kind::Leave {
            return (None, None);
        }
        if kind == Kind::Vaccine {
            yes.temporality = note::Temporality::Past;
            return (Some(yes).filter(|_| self.phase <= Phase::History), None);
        }
        (Some(yes), Some(no))
    }

    /// "Vous venez pour la contraception ?"
    fn comes_for(&self, scene: &Scene<'_>, mention: &Mention) -> bool {
        const COMING: &[&str] = &["venez", "viens", "vient", "voit", "voyait", "vois", "c", "here", "come"];
        let a = scene.analysis;
        let before = scene.run.start..mention.tokens.start;
        let lead = before.clone().rev().take(4).any(|at| ["pour", "for", "about"].contains(&a.word(at)));
        lead && before.clone().any(|at| COMING.contains(&a.word(at)))
    }

    /// Joins an answer to what was asked.
    pub(super) fn answered(&mut self, scene: &Scene<'_>, answer: Option<Answer>) {
        let a = scene.analysis;
        if a.sentences.first().is_some_and(|s| s.tokens.start != scene.run.start)
            && self.pending.is_none()
            && self.topic.is_none()
        {
            return;
        }
        self.side_answered(scene);
        let opening = scene.run.start..(scene.run.start + 3).min(scene.run.end);
        let source = a.quote(&self.answer_run(scene));
        self.topic_answered(scene, answer, &source);
        if answer == Some(Answer::No) && scene.by_patient() {
            self.declined(scene, &source);
        }
        let Some(pending) = self.pending.take() else { return };
        let many = pending.questions.len();
        let answer = answer.or_else(|| self.implied(scene, &pending));
        let group = scene.place(scene.run.start);
        let named_any = a.raw
            && pending.questions.iter().flatten().any(|asked| {
                let mut said = a.mentions_in(&scene.run);
                said.any(|m| m.entries.iter().any(|e| asked.mention.entries.contains(e)))
            });
        for (at, question) in pending.questions.into_iter().enumerate() {
            let last = at + 1 == many;
            // "La voix non": the answer speaks of this one itself.
            let names = |asked: &Asked| {
                let mut said = a.mentions_in(&scene.run);
                said.any(|m| m.entries.iter().any(|e| asked.mention.entries.contains(e)))
            };
            // "Asthma, eczema? — She has a bit of eczema": yes to the one, and nothing to the other.
            let chosen = (question.len() > 1 || a.raw && many > 1 && named_any)
                && (question.iter().any(names) || named_any);
            for asked in question {
                let own = names(&asked);
                let fact = match answer {
                    Some(Answer::Yes | Answer::Some) if chosen && !own => None,
                    // Where nothing is punctuated, "no never an ulcer" answers the last of several things named.
                    Some(Answer::No) if chosen && !own && a.raw => None,
                    Some(Answer::NoMore)
                        if asked.yes.as_ref().is_some_and(|f| {
                            f.kind == Kind::Lifestyle && ["tabac", "smoking"].contains(&f.concept.as_str())
                        }) =>
                    {
                        asked.yes.map(|mut f| {
                            f.concept =
                                if f.concept == "tabac" { "tabagisme sevré" } else { "ex-smoker" }.into();
                            f.temporality = note::Temporality::Past;
                            f
                        })
                    }
                    // "Le Flixotide, tu le prends ? — J'ai arrêté en janvier."
                    Some(Answer::NoMore) if asked.yes.as_ref().is_some_and(|f| f.kind == Kind::Drug) => {
                        asked.yes.map(|mut f| {
                            f.action = Some(crate::fact::Action::Stopped);
                            f.temporality = note::Temporality::Past;
                            f
                        })
                    }
                    Some(Answer::Yes | Answer::Some) if last || many == 1 => asked.yes,
                    Some(Answer::No) => asked.no.filter(|_| asked.about == About::Patient),
                    Some(Answer::NoMore) if last => asked.no.filter(|_| asked.about == About::Patient),
                    _ => None,
                };
                // "Un anticoagulant ? — Oui, l'Eliquis": the answer names it.
                let class = asked.mention.of(self.lexicon, Family::Drug).filter(|e| e.has("is", "class"));
                if class.is_some_and(|class| self.member_named(scene, class, scene.run.clone())) {
                    continue;
                }
                // "De la fièvre, des frissons ? — Trente-huit deux. Des frissons non": told by itself.
                let told_later = answer != Some(Answer::No)
                    && a.mentions.iter().any(|m| {
                        m.tokens.start >= scene.run.end
                            && a.mark(m.tokens.start).negated
                            && m.entries.iter().any(|e| asked.mention.entries.contains(e))
                    });
                if told_later {
                    continue;
                }
                // "Vous avez été opéré ? — De l'appendicite": the answer says more than yes.
                let names_disease =
                    a.mentions_in(&scene.run).any(|m| m.of(self.lexicon, Family::Condition).is_some());
                let told = self.topic == Some(Topic::Surgery) && a.mentions_in(&scene.run).next().is_some()
                    || self.topic == Some(Topic::Family) && names_disease && !a.people.is_empty();
                let Some(mut fact) = fact
                    .filter(|_| !told)
                    .filter(|_| !own || matches!(answer, Some(Answer::No | Answer::Yes)))
                else {
                    continue;
                };
                fact.cite(source.clone());
                fact.place = asked.place;
                if fact.polarity == Polarity::Absent {
                    fact.group = Some(group);
                }
                if answer == Some(Answer::NoMore) {
                    fact.certainty = 0.75;
                }
                // "Au début oui, maintenant ça va."
                let young = fact.kind == Kind::Condition && a.has(Cue::Past, &opening);
                if answer == Some(Answer::Yes) && (a.has(Cue::NoMore, &scene.run) || young) {
                    fact.temporality = note::Temporality::Past;
                }
                fact.cite(asked.source);
                let present = fact.polarity == Polarity::Present;
                if present
                    && fact.kind == Kind::Lifestyle
                    && let Some((often, tokens)) = self.counted_answer(scene)
                {
                    fact.set("frequency", often);
                    fact.cite(a.quote(&tokens));
                }
                if present
                    && fact.kind == Kind::Lifestyle
                    && let Some(said) = self.amount_said(scene, &scene.run)
                {
                    fact.set("frequency", a.quote(&said).quote);
                    fact.cite(a.quote(&said));
                }
                let stopped = fact.action == Some(crate::fact::Action::Stopped);
                let timed = present && (fact.kind != Kind::Drug || stopped);
                for when in a.times_in(&scene.run).filter(|_| timed) {
                    let name = if matches!(when.kind, WhenKind::For | WhenKind::Bare) {
                        "duration"
                    } else {
                        "onset"
                    };
                    let lately = fact.kind == Kind::Lifestyle
                        && fact.temporality != note::Temporality::Past
                        && when.kind != WhenKind::Since;
                    if when.kind != WhenKind::In && !lately {
                        fact.set(name, when.text.clone());
                        if let Some(year) = &when.year {
                            fact.set("year", year.clone());
                        }
                        fact.cite(a.quote(&when.tokens));
                    }
                }
                let sided = if self.lexicon.language == note::Language::En { &scene.run } else { &opening };
                if let Some(side) = super::attach::side(a, sided)
                    .filter(|_| matches!(fact.kind, Kind::Symptom | Kind::Finding))
                {
                    fact.set("laterality", side);
                }
                if present {
                    self.warmth(scene, scene.run.clone(), &mut fact);
                }
                let symptom = fact.kind == Kind::Symptom;
                let drug = fact.kind == Kind::Drug;
                let added = self.add(scene, fact, &opening);
                if present && symptom {
                    self.last_symptom = Some(added);
                }
                if present && drug {
                    self.last_drug = Some(added);
                    if !stopped {
                        self.pose(scene, added, scene.run.clone(), true);
                    }
                }
            }
        }
    }

    /// The words of an answer worth citing: up to its first comma or the whole short sentence.
    pub(super) fn answer_run(&self, scene: &Scene<'_>) -> Range<usize> {
        let a = scene.analysis;
        let comma = scene.run.clone().find(|at| a.tokens.get(*at).is_some_and(|t| t.after >= Gap::Comma));
        let end = comma.map_or(scene.run.end, |at| at + 1).min(scene.run.start + 12);
        scene.run.start..end.max(scene.run.start + 1).min(scene.run.end)
    }

    /// An answer without yes or no: a time, a number, or a short elaboration of a single thing asked.
    fn implied(&self, scene: &Scene<'_>, pending: &Pending) -> Option<Answer> {
        let a = scene.analysis;
        if scene.question || scene.about.iter().any(|b| *b != About::Patient) {
            return None;
        }
        let last = pending.questions.last()?;
        let timed = a.times_in(&scene.run).any(|w| match w.kind {
            WhenKind::In => false,
            WhenKind::Bare => w.tokens.start <= scene.run.start + 1,
            WhenKind::Age | WhenKind::At => w.tokens.start <= scene.run.start + 6,
            _ => w.tokens.start <= scene.run.start + 4,
        });
        let of_signs = last.iter().any(|asked| asked.yes.as_ref().is_some_and(|f| f.kind == Kind::Finding));
        if timed && !of_signs && last.len() <= 2 && !a.has(Cue::Negation, &scene.run) {
            return Some(Answer::Yes);
        }
        // "De l'asthme ? — Quand j'étais petit."
        let opening = scene.run.start..scene.run.end.min(scene.run.start + 3);
        let disease = last.len() == 1
            && last.iter().all(|asked| asked.yes.as_ref().is_some_and(|f| f.kind == Kind::Condition));
        let young = a.cues.iter().any(|c| {
            c.cue == Cue::Past
                && opening.contains(&c.tokens.start)
                && c.tokens
                    .clone()
                    .any(|i| ["quand", "enfance", "petit", "jeune", "enfant"].contains(&a.word(i)))
        });
        if disease && young && scene.by_patient() {
            return Some(Answer::Yes);
        }
        // "Vous fumez ? — Dix par jour."
        let habit = last.len() == 1
            && last.iter().all(|asked| asked.yes.as_ref().is_some_and(|f| f.kind == Kind::Lifestyle));
        let counted = scene.run.clone().any(|at| {
            crate::quantity::number_at(&a.tokens, at, self.lexicon.language).is_some_and(|n| !n.article)
        });
        if habit
            && (counted || self.amount_said(scene, &scene.run).is_some())
            && scene.by_patient()
            && !a.any(&[Cue::Negation, Cue::Stopped, Cue::NoMore], &scene.run)
        {
            return Some(Answer::Yes);
        }
        // "Une fois ou deux, la dernière c'était il y a trois ans."
        let opening = scene.run.start..scene.run.end.min(scene.run.start + 3);
        let times = opening.clone().any(|at| ["fois", "times"].contains(&a.word(at)) && at > opening.start);
        if times && last.len() == 1 && scene.by_patient() && !a.has(Cue::Negation, &opening) {
            return Some(Answer::Yes);
        }
        // "Tous les soirs", "trois fois par semaine".
        let read = self.read(scene, scene.run.clone(), false);
        let counted =
            read.frequency.is_some() && read.tokens.first().is_some_and(|t| t.start <= scene.run.start + 1);
        let often = counted
            || a.timing.iter().any(|t| {
                t.of == "frequency"
                    && t.tokens.start <= scene.run.start + 1
                    && t.tokens.start >= scene.run.start
            });
        if often && last.len() <= 2 && scene.by_patient() && !a.has(Cue::Negation, &scene.run) {
            return Some(Answer::Yes);
        }
        let denied = a.any(
            &[Cue::Negation, Cue::Unknown, Cue::Hypothesis, Cue::NotTaken, Cue::Conditional],
            &scene.run,
        );
        let alone = last.len() == 1
            && last.first().is_some_and(|asked| {
                asked.yes.as_ref().is_some_and(|f| {
                    matches!(f.kind, Kind::Symptom | Kind::Drug)
                        || f.kind == Kind::Lifestyle && self.lexicon.language == note::Language::En
                })
            });
        // "Surtout la nuit", "là, sur le côté", "quand je marche" say how; anything else says nothing.
        const HOW: &[&str] = &[
            "la",
            "ici",
            "surtout",
            "quand",
            "sur",
            "dans",
            "en",
            "au",
            "aux",
            "c",
            "ca",
            "partout",
            "plutot",
            "seulement",
            "juste",
            "here",
            "mostly",
            "mainly",
            "when",
            "only",
            "especially",
            "on",
            "at",
            "it",
        ];
        let how = HOW.contains(&a.word(scene.run.start));
        let short = how && scene.run.len() <= 8 && a.mentions_in(&scene.run).next().is_none();
        (alone && short && !denied && pending.questions.len() == 1 && scene.by_patient())
            .then_some(Answer::Some)
    }
}
