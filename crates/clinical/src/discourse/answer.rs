//! Questions wait for their answer; the two together make the fact, with both as sources.

use std::ops::Range;

use note::{Kind, Polarity, Source};

use super::reply::Answer;
use super::{Discourse, Phase, Role, Scene, Topic};
use crate::analysis::Mention;
use crate::context::About;
use crate::fact::{Fact, Place};
use crate::lexicon::{Cue, Family};
use crate::quantity::WhenKind;
use crate::text::Gap;

/// What was asked, by name.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub mention: Mention,
    pub source: Source,
    pub place: Place,
    pub about: About,
    /// Facts to add if the answer is yes, and if it is no.
    pub yes: Option<Fact>,
    pub no: Option<Fact>,
}

/// Questions not yet answered, one list per question of the same turn.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    pub questions: Vec<Vec<Asked>>,
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
            // "Le bisoprolol, non pardon, le périndopril": the name before is taken back.
            let wrong = asked.last().is_some_and(|before: &Asked| {
                let between = before.mention.tokens.end..mention.tokens.start;
                let same = before.yes.as_ref().zip(yes.as_ref()).is_some_and(|(b, y)| b.kind == y.kind);
                same && between.len() <= 6 && a.has(Cue::Correction, &between)
            });
            if wrong {
                asked.pop();
            }
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
                // "Pas d'aspirine ? — Si, un ibuprofène": the answer names another.
                let instead = asked.mention.of(self.lexicon, Family::Drug).is_some()
                    && answer != Some(Answer::No)
                    && !own
                    && a.mentions_in(&scene.run).any(|m| m.of(self.lexicon, Family::Drug).is_some());
                if instead {
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
                // What is answered stands before what the question took for granted.
                if timed
                    && a.times_in(&scene.run)
                        .any(|w| matches!(w.kind, WhenKind::Since | WhenKind::At | WhenKind::Age))
                {
                    fact.attributes.remove("onset");
                    fact.attributes.remove("year");
                }
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
                let allergy = fact.kind == Kind::Allergy;
                let added = self.add(scene, fact, &opening);
                if allergy {
                    self.last_allergy = Some(added);
                }
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
}
