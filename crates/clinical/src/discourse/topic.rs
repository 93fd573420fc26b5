//! Answers to questions that name a topic rather than a thing: allergies, treatments, since when, what trade.

use note::{Kind, Polarity, SectionId, Source};

use super::reply::Answer;
use super::{Discourse, Phase, Scene, Topic};
use crate::context::About;
use crate::fact::Fact;
use crate::lexicon::Cue;
use crate::quantity::WhenKind;

impl Discourse {
    /// "Alors les allergies. J'ai Bactrim dans le dossier": a subject raised without asking, which the patient takes up.
    pub(super) fn raises_allergies(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        let early = self.phase <= Phase::Examination;
        if scene.question || scene.role != super::Role::Doctor || !early {
            return;
        }
        let raised = a.find(Cue::TopicAllergy, &scene.run).is_some() && scene.run.len() <= 12;
        let goes_on = self.topic == Some(Topic::Allergy) && self.last_segment == Some(a.index);
        if raised || goes_on {
            self.topic = Some(Topic::Allergy);
        }
    }

    pub(super) fn topic_answered(&mut self, scene: &Scene<'_>, answer: Option<Answer>, source: &Source) {
        let place = scene.place(scene.run.start);
        let mentions = scene.analysis.mentions_in(&scene.run).next().is_some();
        let words = crate::wording::wording(self.lexicon.language);
        // "Ah non, ça c'est mon fils" takes back what was noted; it denies no other allergy.
        let of_another = scene.analysis.people.iter().any(|p| {
            scene.run.contains(&p.tokens.start) && scene.analysis.word(p.tokens.start) != "connaissance"
        });
        // "No, not medicines. Just cats": there is more to come.
        let more = scene.analysis.sentences.iter().any(|s| {
            s.tokens.start == scene.run.end
                && ["just", "only", "seulement", "juste", "sauf", "mais", "si", "enfin", "but", "except"]
                    .contains(&scene.analysis.word(s.tokens.start))
        });
        let nothing = !more && matches!(answer, Some(Answer::No)) && !mentions && !of_another;
        // "Le latex. — Et aux médicaments ? — Non."
        let told = self
            .facts
            .iter()
            .any(|f| f.kind == Kind::Allergy && f.polarity == Polarity::Present && !f.withdrawn);
        let no_allergy = if told { words.no_other_allergy } else { words.no_known_allergy };
        let run = scene.run.clone();
        let denied_allergy = a_denied_allergy(scene);
        match self.topic {
            _ if denied_allergy && !mentions && scene.by_patient() => {
                let mut fact =
                    Fact::new(SectionId::Allergies, Kind::Allergy, words.allergy, place, source.clone());
                fact.polarity = Polarity::Absent;
                fact.text = Some(no_allergy.to_owned());
                self.add(scene, fact, &run);
            }
            Some(Topic::Allergy) if nothing => {
                let mut fact =
                    Fact::new(SectionId::Allergies, Kind::Allergy, words.allergy, place, source.clone());
                fact.polarity = Polarity::Absent;
                fact.text = Some(no_allergy.to_owned());
                self.add(scene, fact, &run);
                self.topic = None;
            }
            Some(Topic::Treatment) if nothing => {
                let concept = if self.lexicon.language == note::Language::Fr {
                    "traitement"
                } else {
                    "regular medication"
                };
                let mut fact = Fact::new(SectionId::Traitements, Kind::Drug, concept, place, source.clone());
                fact.polarity = Polarity::Absent;
                fact.text = Some(words.no_treatment.to_owned());
                self.add(scene, fact, &run);
                self.topic = None;
            }
            Some(Topic::History) if nothing && self.pending.as_ref().is_none_or(|p| p.is_bare()) => {
                let concept =
                    if self.lexicon.language == note::Language::Fr { "antécédent" } else { "past history" };
                let mut fact =
                    Fact::new(SectionId::Antecedents, Kind::Condition, concept, place, source.clone());
                fact.polarity = Polarity::Absent;
                fact.text = Some(words.no_history.to_owned());
                fact.certainty = 0.7;
                self.add(scene, fact, &run);
                self.topic = None;
            }
            Some(Topic::Onset) => {
                let when = scene.analysis.times_in(&scene.run).next().cloned();
                // "When did all this start?" asks of why the patient came.
                let asked = match self.lexicon.language {
                    note::Language::En => self.complaint(scene.analysis.index).or(self.last_symptom),
                    note::Language::Fr => self.last_symptom,
                };
                let symptom = asked.and_then(|at| self.facts.get_mut(at));
                if let (Some(when), Some(fact)) = (when, symptom) {
                    let text = match (when.kind, self.lexicon.language) {
                        (WhenKind::Bare, note::Language::Fr) => format!("depuis {}", when.span),
                        (WhenKind::At, note::Language::Fr)
                            if !["il y a", "en ", "vers "].iter().any(|lead| when.text.starts_with(lead)) =>
                        {
                            format!("depuis {}", when.span)
                        }
                        (WhenKind::Bare, note::Language::En) => format!("for {}", when.span),
                        _ => when.text.clone(),
                    };
                    let source = scene.analysis.quote(&when.tokens);
                    // The complaints told in one breath began together.
                    let (told, section) = (fact.place.0, fact.section);
                    fact.set("onset", text.clone());
                    fact.cite(source.clone());
                    let together = |f: &&mut Fact| {
                        section == SectionId::Motif
                            && f.section == section
                            && f.place.0 == told
                            && f.kind == Kind::Symptom
                    };
                    for fact in self.facts.iter_mut().filter(together) {
                        fact.set("onset", text.clone());
                        fact.cite(source.clone());
                    }
                    self.topic = None;
                }
            }
            Some(Topic::Lasting) => self.lasting_answered(scene),
            Some(Topic::Frequency) => self.frequency_answered(scene),
            Some(Topic::Occupation) => self.occupation_answered(scene),
            _ => {}
        }
    }

    /// A trade which the lexicon does not hold: "je suis souffleur de verre".
    pub(super) fn occupation_answered(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        if a.mentions_in(&scene.run).next().is_some()
            || !scene.by_patient()
            || scene.about.iter().any(|b| *b != About::Patient)
        {
            return;
        }
        let lead = scene.run.clone().take(5).find(|at| ["suis", "comme", "am", "as"].contains(&a.word(*at)));
        let Some(start) = lead.map(|at| at + 1).filter(|at| *at < scene.run.end) else { return };
        let start = if ["a", "an", "un", "une"].contains(&a.word(start)) { start + 1 } else { start };
        let end = scene.clause(start).end.min(start + 4).min(scene.run.end);
        if start >= end || a.mark(start).negated || ["a", "en", "au"].contains(&a.word(start)) {
            return;
        }
        let source = a.quote(&(start..end));
        let mut fact = Fact::new(
            SectionId::ModeDeVie,
            Kind::Lifestyle,
            source.quote.to_lowercase(),
            scene.place(start),
            source,
        );
        fact.certainty = 0.6;
        self.add(scene, fact, &(start..end));
        self.topic = None;
    }

    pub(super) fn frequency_answered(&mut self, scene: &Scene<'_>) {
        let Some(number) = (scene.run.start..scene.run.end.min(scene.run.start + 6))
            .find_map(|at| crate::quantity::number_at(&scene.analysis.tokens, at, self.lexicon.language))
        else {
            return;
        };
        if let Some(fact) = self.last_symptom.and_then(|at| self.facts.get_mut(at)) {
            let mut end = scene.run.end.min(number.tokens.end + 3);
            let a = scene.analysis;
            let mut count = number.text.clone();
            // "Four or five times", "eight, maybe ten times a day".
            let bridge = number.tokens.end
                + usize::from(["or", "to", "maybe", "ou", "a"].contains(&a.word(number.tokens.end)));
            let second = crate::quantity::number_at(&a.tokens, bridge, self.lexicon.language)
                .filter(|n| !n.article && n.value > number.value && n.tokens.end <= scene.run.end);
            if let Some(second) = second {
                count = format!("{count}–{}", second.text);
                end = scene.run.end.min(second.tokens.end + 3);
            }
            let told = match self.lexicon.language {
                note::Language::Fr => format!("{count} fois"),
                note::Language::En => {
                    let daily = (number.tokens.end..end).any(|i| a.word(i) == "a" && a.word(i + 1) == "day");
                    format!("{count} times{}", if daily { " a day" } else { "" })
                }
            };
            fact.set("frequency", told);
            fact.cite(scene.analysis.quote(&(number.tokens.start..end)));
            self.topic = None;
        }
    }
}

/// "Pas d'allergie", told beside other things.
fn a_denied_allergy(scene: &Scene<'_>) -> bool {
    let a = scene.analysis;
    // "Allergie non", "allergies, aucune".
    let after = |at: usize| ["non", "aucune", "rien", "none", "no"].contains(&a.word(at));
    a.find(crate::lexicon::Cue::TopicAllergy, &scene.run)
        .is_some_and(|c| a.mark(c.tokens.start).negated || after(c.tokens.end) && scene.run.len() <= 4)
        && !scene.question
        && scene.about.iter().all(|b| *b == About::Patient)
        && scene.run.len() <= 6
}
