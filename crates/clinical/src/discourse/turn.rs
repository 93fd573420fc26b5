//! One sentence: who speaks, question or not, what phase; then each mention goes to the rules of its kind.

use std::ops::Range;

use super::reply::Answer;
use super::role::{Before, firsthand, role};
use super::{Discourse, Phase, Role, Scene, Topic};
use crate::analysis::{Analysis, Mention};
use crate::context::{About, Seen, abouts};
use crate::lexicon::{Cue, Family};

impl Discourse {
    /// Who spoke last.
    pub(crate) fn last_role(&self) -> Role {
        self.last_role
    }

    /// Somebody speaks for the patient, who may be a child.
    pub(crate) fn is_spoken_for(&self) -> bool {
        self.proxied
    }

    /// Takes the next segment.
    pub fn push(&mut self, analysis: &Analysis) {
        // A relative named in this segment is whom its later "elle" means.
        let companion = analysis.speaker == note::Speaker::Companion;
        if companion || analysis.speaker == note::Speaker::Doctor && self.phase <= Phase::History {
            self.child |= self.speaks_for_child(analysis);
        }
        self.notice_patient(analysis);
        // For a parent, "elle" at the beginning of an answer is the child again.
        let mut person = if companion { About::Patient } else { self.carried };
        for sentence in &analysis.sentences {
            let run = sentence.tokens.clone();
            let answer = Answer::of(analysis, &run);
            let waiting = self.pending.is_some() || self.topic.is_some();
            let before = Before {
                role: self.last_role,
                asked: self.last_asked,
                changed: self.last_segment != Some(analysis.index),
                talk: self.talk,
                late: self.phase >= Phase::Examination,
            };
            let plain = matches!(answer, Some(Answer::Yes | Answer::No))
                && before.changed
                && before.role == Role::Doctor;
            let answers = answer.is_some() && waiting || plain;
            let mut guessed = role(analysis, &run, sentence.question, answers, before);
            if analysis.speaker == note::Speaker::Unknown {
                self.proxied |= self.speaks_of_another(analysis, &run, guessed);
                if self.proxied && guessed == Role::Patient {
                    guessed = Role::Companion;
                    person = if before.changed { About::Patient } else { person };
                }
            }
            let question = sentence.question && !self.rising(analysis, &run, guessed)
                || self.asks(analysis, &run, guessed);
            let answering = self.last_asked
                && self.last_role == Role::Doctor
                && self.last_segment != Some(analysis.index)
                && matches!(guessed, Role::Patient);
            let about =
                abouts(analysis, &run, guessed.speaker(), person, self.seen(), answering, self.lexicon);
            let scene = Scene { analysis, run, role: guessed, question, about };
            let asking = self.asking(analysis);
            self.sentence(&scene, answer);
            self.heed(&scene, answer, &asking);
            // Only someone who was named is spoken of further: not the mother who said "moi".
            let named = analysis.people.iter().any(|p| scene.run.contains(&p.tokens.start));
            self.carried =
                scene.about.last().copied().filter(|_| named || person != About::Patient).unwrap_or_default();
            if let Some(named) = scene.about.iter().rev().find(|b| **b != About::Patient).filter(|_| named) {
                person = *named;
            }
            self.last_role = scene.role;
            self.last_asked = scene.question;
            self.last_segment = Some(analysis.index);
            let ails =
                analysis.mentions_in(&scene.run).any(|m| m.of(self.lexicon, Family::Symptom).is_some());
            self.own_voice |=
                scene.role == Role::Patient && ails && firsthand(analysis, &scene.run) && !named;
            let of_a_third =
                scene.run.clone().any(|at| ["il", "elle", "he", "she"].contains(&analysis.word(at)));
            let of_oneself = scene.by_patient() && !scene.question && !named && !of_a_third;
            self.own_turns += u8::from(self.own_turns < 2 && of_oneself && firsthand(analysis, &scene.run));
            self.talk |= scene.question || firsthand(analysis, &scene.run) && scene.by_patient();
        }
        self.spoken = Some((analysis.index, analysis.speaker));
    }

    fn seen(&self) -> Seen {
        Seen { child: self.child, named: self.seen_as }
    }

    /// "C'est pour maman", "mon fils a vomi": the first one a companion names is who they came with.
    fn notice_patient(&mut self, analysis: &Analysis) {
        if analysis.speaker != note::Speaker::Companion
            || self.seen_as.is_some()
            || self.phase > Phase::Opening
        {
            return;
        }
        let first = analysis.people.iter().find(|p| {
            let at = p.tokens.start;
            let before =
                [analysis.word(at.wrapping_sub(1)), analysis.word(at.wrapping_sub(2)), analysis.word(at)];
            let has = |words: &[&str]| before.iter().any(|w| words.contains(w));
            let brought = has(&["pour", "for", "amene", "emmene", "brought"]);
            // Brothers and sisters are spoken of beside the child who is seen.
            let own = has(&["mon", "ma", "my"]) && !self.child;
            brought || own || self.lexicon.entry(p.entry).has("child", "yes")
        });
        self.seen_as = first.map(|p| p.entry);
    }

    /// Early on, "il tousse ?" or "c'est pour ma fille": the patient does not speak for themselves.
    fn speaks_of_another(&self, analysis: &Analysis, run: &Range<usize>, role: Role) -> bool {
        if self.phase > Phase::History || self.questions > 5 || self.carried != About::Patient || !self.talk {
            return false;
        }
        // Who said "j'ai mal" speaks for themselves, whomever they name later.
        if self.own_voice || self.own_turns >= 2 {
            return false;
        }
        // "C'est pour ma fille", "mon fils tousse"; "je souffle quand je monte chez ma fille" speaks of oneself.
        let brought =
            run.clone().any(|at| ["pour", "amene", "emmene", "for", "brought"].contains(&analysis.word(at)));
        let child = analysis.people.iter().any(|p| {
            run.contains(&p.tokens.start)
                && self.lexicon.entry(p.entry).has("child", "yes")
                && (brought || p.tokens.start <= run.start + 2)
        });
        // By language: "Hé, des frissons ?" is no "he".
        let third = match self.lexicon.language {
            note::Language::Fr => ["il", "elle"],
            note::Language::En => ["he", "she"],
        };
        let subject = run.clone().take(3).any(|at| {
            third.contains(&analysis.word(at))
                && !["y", "faut", "fait", "s", "me", "m", "parait", "est"].contains(&analysis.word(at + 1))
        });
        let others = analysis.people.iter().any(|p| run.contains(&p.tokens.start)) && !child;
        if others || firsthand(analysis, run) && !child {
            return false;
        }
        match role {
            Role::Doctor => subject,
            // "Il oublie tout", before the patient said a word.
            _ => self.phase == Phase::Opening && (child || subject && self.complaints == 0),
        }
    }

    fn speaks_for_child(&self, analysis: &Analysis) -> bool {
        analysis.people.iter().any(|p| self.lexicon.entry(p.entry).has("child", "yes"))
            || analysis.tokens.iter().any(|t| {
                t.any(&[
                    "biberon",
                    "biberons",
                    "couches",
                    "doudou",
                    "tetees",
                    "nourrice",
                    "bonhomme",
                    "maternelle",
                    "pediatre",
                    "creche",
                    "couche",
                    "ecole",
                    "college",
                    "bebe",
                    "nursery",
                    "diaper",
                    "nappy",
                    "toddler",
                    "preschool",
                    "kindergarten",
                    "daycare",
                    "teething",
                    "breastfeeding",
                    "calpol",
                ])
            })
            || small_age(analysis, self.lexicon)
    }

    fn sentence(&mut self, scene: &Scene<'_>, answer: Option<Answer>) {
        self.advance(scene);
        self.notice_test(scene);
        let answers = match scene.role {
            Role::Patient | Role::Companion => true,
            Role::Narrator => !scene.question,
            Role::Doctor => scene.analysis.speaker == note::Speaker::Unknown && !scene.question,
        };
        if answers && !self.answers_of_working(scene) {
            self.echoed(scene);
            self.answered(scene, answer);
        }
        if self.correct(scene) {
            return;
        }
        self.denied(scene, answer);
        self.outgrown(scene, answer);
        self.put_right(scene);
        if scene.by_doctor()
            && (scene.question || scene.role == Role::Doctor && self.last_role != Role::Doctor)
        {
            if !scene.question && self.pending.is_some() && self.last_role == Role::Doctor {
                // The doctor goes on after asking: the question still waits.
            } else if !scene.question {
                self.pending = None;
                self.topic = None;
            }
        }
        self.raises_allergies(scene);
        if scene.question && scene.by_doctor() {
            self.ask(scene);
            return;
        }
        if scene.question && scene.by_patient() {
            self.measures(scene);
            self.wonder(scene);
            return;
        }
        if scene.by_doctor() && thinks_aloud(scene.analysis, &scene.run) {
            self.musing = Some(scene.analysis.index);
        }
        if self.follow_up(scene) {
            return;
        }
        let before = self.facts.len();
        self.measures(scene);
        for mention in scene.analysis.mentions_in(&scene.run).cloned().collect::<Vec<_>>() {
            self.mention(scene, &mention);
        }
        self.pains(scene);
        self.sites(scene);
        self.unknown_names(scene);
        self.answer_wonder(scene);
        self.drug_goes_on(scene);
        self.stops_it(scene);
        self.was_stopped(scene);
        self.when_allergic(scene);
        self.orders_it(scene);
        self.controlled(scene);
        self.told_of_working(scene, before, answer);
        self.told_of_functions(scene, before, answer);
        self.plain(scene, before);
        if let Some(drug) = scene
            .analysis
            .mentions_in(&scene.run)
            .filter(|m| m.of(self.lexicon, Family::Drug).is_some())
            .last()
        {
            self.named_drug = Some((scene.analysis.index, drug.clone()));
        }
        self.attach_times(scene, before);
        self.characters(scene, before);
        if scene.by_patient() {
            self.gave_up(scene);
            self.habit_amount(scene);
        }
        self.number_of_laterality(scene, before);
        self.fever_told(scene);
        self.frequencies(scene, before);
        self.stages(scene, before);
        self.pace(scene, before);
        let deniable = scene.role != Role::Patient && scene.role != Role::Companion
            || scene.analysis.speaker == note::Speaker::Unknown && !firsthand(scene.analysis, &scene.run);
        if deniable && self.phase <= Phase::Examination && self.facts.len() > before {
            self.told = Some(super::Told { facts: before..self.facts.len(), segment: scene.analysis.index });
        }
    }

    fn ask(&mut self, scene: &Scene<'_>) {
        let (a, run) = (scene.analysis, &scene.run);
        let topics = [
            (Cue::TopicWorry, Topic::Worry),
            (Cue::TopicAllergy, Topic::Allergy),
            (Cue::TopicFamily, Topic::Family),
            (Cue::TopicLasting, Topic::Lasting),
            (Cue::TopicOnset, Topic::Onset),
            (Cue::TopicFrequency, Topic::Frequency),
            (Cue::TopicOccupation, Topic::Occupation),
            (Cue::TopicTreatment, Topic::Treatment),
            (Cue::TopicHistory, Topic::History),
            (Cue::TopicSurgery, Topic::Surgery),
        ];
        let site = a.mentions_in(run).any(|m| {
            m.of(self.lexicon, Family::Anatomy).or_else(|| m.of(self.lexicon, Family::Symptom)).is_some()
        });
        let pain = (a.has(Cue::Pain, run) && !site).then_some(Topic::Pain);
        // "Allergique à quelque chose ? La Bétadine, les anesthésiques ?" goes on asking about allergies.
        let kept = self.topic.filter(|topic| {
            *topic == Topic::Allergy
                && self.last_role == Role::Doctor
                && self.last_segment == Some(a.index)
                && run.len() <= 8
        });
        let habit = a.mentions_in(run).any(|m| m.of(self.lexicon, Family::Lifestyle).is_some());
        let named = topics
            .iter()
            .find(|(cue, topic)| a.has(*cue, run) && !(habit && *topic == Topic::Frequency))
            .map(|(_, topic)| *topic);
        let vaccine = (a.mentions_in(run).any(|m| m.of(self.lexicon, Family::Vaccine).is_some())
            || run.clone().any(|at| {
                ["vaccin", "immunis", "immuniz"].iter().any(|stem| a.word(at).starts_with(stem))
                    || ["rappel", "rappels", "booster", "jab"].contains(&a.word(at))
            }))
        .then_some(Topic::Vaccine);
        self.topic = named.or(vaccine).or(pain).or(kept);
        self.asks_score(scene);
        self.asks_period(scene);
        let complaints: Vec<String> = a
            .mentions_in(run)
            .filter_map(|m| m.of(self.lexicon, Family::Symptom))
            .map(|e| e.concept.clone())
            .collect();
        self.asked_about = (!complaints.is_empty()).then_some((a.index, complaints));
        self.measures(scene);
        self.pend(scene);
        let drug = a
            .mentions_in(run)
            .filter(|m| m.of(self.lexicon, Family::Drug).is_some_and(|e| !e.has("is", "class")));
        if let Some(drug) = drug.last() {
            self.named_drug = Some((a.index, drug.clone()));
        }
        self.asks_of_working(scene);
        self.asks_of_functions(scene);
    }

    fn mention(&mut self, scene: &Scene<'_>, mention: &Mention) {
        let at = mention.tokens.start;
        let mark = scene.analysis.mark(at);
        let about = scene.about(at);
        if mark.hypothetical && !mark.allergic || about == About::Other {
            return;
        }
        if self.allergy(scene, mention) {
            return;
        }
        let is = |family| mention.of(self.lexicon, family).is_some();
        // "Potassium 5,6" was just read as a result; it is no drug here.
        let read = self
            .facts
            .iter()
            .rev()
            .take(4)
            .any(|f| matches!(f.kind, note::Kind::Lab | note::Kind::Vital) && f.place == scene.place(at));
        if read {
            return;
        }
        if is(Family::Drug) && !is(Family::Lifestyle)
            || is(Family::Drug) && scene.by_doctor() && self.phase == Phase::Plan
        {
            self.drug(scene, mention);
        } else if is(Family::Finding) && scene.by_doctor() && self.phase >= Phase::Examination {
            self.finding(scene, mention);
        } else if is(Family::Reason) && self.phase == Phase::Opening && self.complaints < 2 && !mark.negated {
            self.reason(scene, mention);
        } else if is(Family::Symptom) {
            self.symptom(scene, mention);
        } else if is(Family::Vaccine) {
            self.vaccine(scene, mention);
        } else if is(Family::Leave) && self.leave_of(scene, mention)
            || is(Family::Test) && self.test(scene, mention)
            || is(Family::Referral) && self.referral(scene, mention)
        {
            // Each of these says whether the mention was its own.
        } else if is(Family::Condition) {
            self.condition(scene, mention);
        } else if is(Family::Procedure) {
            self.procedure(scene, mention);
        } else if is(Family::Instruction) && self.instruction(scene, mention) {
            // Taken as advice.
        } else if is(Family::Lifestyle) {
            self.lifestyle(scene, mention);
        } else if is(Family::Occupation) {
            self.occupation(scene, mention);
        } else if is(Family::Finding) && scene.by_doctor() && !scene.question {
            self.finding(scene, mention);
        }
    }
}

/// "Ça peut être…", "on pourrait évoquer…": not every possibility ("risque de", "plus tard") is thinking aloud.
fn thinks_aloud(analysis: &Analysis, run: &Range<usize>) -> bool {
    const DOUBTING: &[&str] = &[
        "peut",
        "pourrait",
        "serait",
        "evoquer",
        "discuter",
        "differentiel",
        "demande",
        "penser",
        "could",
        "might",
        "may",
        "wonder",
    ];
    analysis.cues.iter().any(|c| {
        c.cue == Cue::Hypothesis
            && run.contains(&c.tokens.start)
            && c.tokens.clone().any(|at| DOUBTING.contains(&analysis.word(at)))
    })
}

/// "She's four", "il a trois ans": no one says so of a grown-up.
fn small_age(analysis: &Analysis, lexicon: &crate::lexicon::Lexicon) -> bool {
    const UNITS: [&str; 10] =
        ["ans", "mois", "years", "year", "months", "month", "weeks", "semaines", "yrs", "and"];
    (0..analysis.tokens.len()).any(|at| {
        let third = ["she", "he", "il", "elle"].contains(&analysis.word(at));
        let number_at = (at + 1..at + 3).find(|i| !["s", "is", "a", "has"].contains(&analysis.word(*i)));
        let Some(number_at) = number_at.filter(|i| third && *i > at + 1) else { return false };
        let Some(number) = crate::quantity::number_at(&analysis.tokens, number_at, lexicon.language) else {
            return false;
        };
        let after = analysis.word(number.tokens.end);
        let ends = analysis
            .tokens
            .get(number.tokens.end.saturating_sub(1))
            .is_some_and(|t| t.after >= crate::text::Gap::Comma);
        !number.article && number.value < 15.0 && (UNITS.contains(&after) || ends)
    })
}
