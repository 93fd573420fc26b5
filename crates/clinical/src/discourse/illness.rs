//! Symptoms, diseases, signs.

use std::ops::Range;

use note::{Experiencer, Kind, Polarity, SectionId, Temporality};

use super::{Discourse, Phase, Role, Scene, Topic};
use crate::analysis::Mention;
use crate::context::About;
use crate::fact::Fact;
use crate::lexicon::{Cue, Family};
use crate::quantity::WhenKind;
use crate::text::Gap;

/// What follows a disease without being where it is: "une angine au début".
pub(super) const SITELESS: &[&str] = &["en", "chez", "sous"];

/// Beginnings of the words by which a doctor finds something as it should be.
const REASSURING: &[&str] = &[
    "normal", "normaux", "régul", "libre", "clair", "souple", "propre", "présent", "net", "bon", "symétri",
    "sain", "perçu",
];
/// Words of a sentence, which the name of a finding does not hold.
const TALKING: &[&str] = &[
    "je", "tu", "il", "elle", "on", "vous", "nous", "ils", "ça", "ce", "qui", "que", "y", "a", "ai", "as",
    "ont", "fait", "va", "vont", "bien", "tout", "toute", "rien", "pas", "ne", "là", "ici", "moi", "entends",
    "vois", "sens",
];

impl Discourse {
    pub(super) fn polarity(&self, scene: &Scene<'_>, at: usize) -> Polarity {
        let mark = scene.analysis.mark(at);
        if mark.negated {
            Polarity::Absent
        } else if mark.uncertain {
            Polarity::Uncertain
        } else {
            Polarity::Present
        }
    }

    /// Adjectives right beside a mention: "toux sèche", "cystite simple".
    pub(super) fn qualifiers(&self, scene: &Scene<'_>, mention: &Mention, of: &[&str]) -> Vec<String> {
        let a = scene.analysis;
        let mut end = mention.tokens.end;
        // "Une petite déshydratation".
        let mut found: Vec<String> = a
            .qualifiers
            .iter()
            .filter(|q| {
                q.tokens.end == mention.tokens.start && q.of == "any" && q.tokens.start >= scene.run.start
            })
            .filter(|q| q.tokens.len() == 1 && of.contains(&"any"))
            .map(|q| q.written.clone())
            .collect();
        // "Sibilants diffus" may be a form of the lexicon; what it adds to the concept is kept.
        let within = a.qualifiers.iter().filter(|q| {
            q.tokens.start > mention.tokens.start
                && q.tokens.end <= mention.tokens.end
                && q.of == "any"
                && !q.written.contains(' ')
        });
        found.extend(within.filter(|_| of.contains(&"any")).map(|q| q.written.clone()));
        for hit in a.qualifiers.iter().filter(|q| of.contains(&q.of.as_str())) {
            let control = hit.of == "control"
                && hit.tokens.start >= end
                && hit.tokens.start <= end + 5
                && hit.tokens.end <= scene.run.end
                && !a
                    .mentions_in(&(end..hit.tokens.start))
                    .any(|m| m.of(self.lexicon, Family::Condition).is_some());
            let joined = control
                || hit.tokens.start >= end
                    && hit.tokens.start <= end + 1
                    && hit.tokens.end <= scene.run.end
                    && (hit.tokens.start == end
                        || a.word(end).len() <= 5
                        || ["plutot", "assez"].contains(&a.word(end)))
                    && a.tokens.get(end - 1).is_some_and(|t| t.after == Gap::None)
                    && !["sans", "pas", "non"].contains(&a.word(end))
                    && !a.mentions.iter().any(|m| {
                        m.tokens.start < hit.tokens.end
                            && m.tokens.end > hit.tokens.start
                            && m.tokens != mention.tokens
                            && m.tokens.start >= mention.tokens.end
                    });
            if joined {
                // "Pas assez bien contrôlé": the opposite.
                let denied = hit.of == "control"
                    && (end..hit.tokens.start).any(|i| {
                        ["pas", "insuffisamment", "mal", "plus", "not", "poorly", "isn", "badly"]
                            .contains(&a.word(i))
                    });
                end = hit.tokens.end;
                found.push(match (denied, self.lexicon.language) {
                    (false, _) => hit.written.clone(),
                    (true, note::Language::Fr) => "mal équilibré".to_owned(),
                    (true, note::Language::En) => "poorly controlled".to_owned(),
                });
            }
        }
        found
    }

    pub(super) fn symptom(&mut self, scene: &Scene<'_>, mention: &Mention) {
        let Some(entry) = mention.of(self.lexicon, Family::Symptom) else { return };
        let a = scene.analysis;
        let at = mention.tokens.start;
        let mark = a.mark(at);
        // "Any anxiety in the family? — My mum's got anxiety."
        if let About::Family(id) = scene.about(at)
            && self.topic == Some(Topic::Family)
            && self.lexicon.language == note::Language::En
            && self.polarity(scene, at) == Polarity::Present
        {
            let mut fact = Fact::new(
                SectionId::Antecedents,
                Kind::Condition,
                entry.concept.clone(),
                scene.place(at),
                a.quote(&scene.clause(at)),
            );
            fact.experiencer = Experiencer::Family;
            fact.relation = Some(self.lexicon.entry(id).concept.clone());
            self.add(scene, fact, &mention.tokens);
            return;
        }
        // "Respire fort", said to make the patient move.
        let bid = scene.by_doctor()
            && a.cues.iter().any(|c| {
                c.cue == Cue::Examination && c.tokens.start < mention.tokens.end && at < c.tokens.end
            })
            && at == scene.run.start;
        if bid || scene.about(at) != About::Patient || mark.ruled_out || self.musing(scene) {
            return;
        }
        if mark.negated && entry.has("normal", "yes") {
            return;
        }
        // "Moi je suis épuisée", says the wife.
        let clause = scene.clause(at);
        if scene.role == Role::Companion
            && (clause.start..at).any(|i| {
                ["je", "j", "i"].contains(&a.word(i))
                    && !["trouve", "crois", "pense", "vois", "think"].contains(&a.word(i + 1))
            })
        {
            return;
        }
        // "Elle s'inquiète pour rien", says the mother of her daughter.
        const OF_THE_MIND: &[&str] = &[
            "anxiété",
            "tristesse",
            "pleurs",
            "irritabilité",
            "insomnie",
            "ronflements",
            "anxiety",
            "low mood",
        ];
        let pronoun = (clause.start..=at)
            .any(|i| ["il", "elle", "ils", "elles", "he", "she", "they"].contains(&a.word(i)));
        if scene.role == Role::Patient
            && pronoun
            && OF_THE_MIND.contains(&entry.concept.as_str())
            && !super::role::firsthand(a, &clause)
        {
            return;
        }
        let concept = self.bleeding(&entry.concept, a.index);
        let polarity = self.polarity(scene, at);
        if polarity == Polarity::Present && self.side_effect(scene, mention, &concept) {
            return;
        }
        let mut fact = Fact::new(
            SectionId::Histoire,
            Kind::Symptom,
            concept.clone(),
            scene.place(at),
            a.quote(&mention.tokens),
        );
        fact.polarity = polarity;
        if scene.by_doctor() {
            let late = self.phase >= Phase::Conclusion;
            let concludes = late
                && self.phase == Phase::Conclusion
                && a.has(Cue::Conclusion, &scene.run)
                && polarity != Polarity::Absent;
            // "The tiredness, the weight gain, that would all fit": summed up, not concluded.
            let summed_up = concludes
                && self.lexicon.language == note::Language::En
                && self.facts.iter().any(|f| {
                    f.concept == concept && matches!(f.section, SectionId::Motif | SectionId::Histoire)
                });
            if summed_up {
                return;
            }
            if concludes && !mark.conditional {
                fact.section = SectionId::Conclusion;
                fact.kind = Kind::Condition;
            } else if mark.conditional || late && scene.role == Role::Doctor {
                if !late && polarity == Polarity::Present {
                    self.leave(scene, mention, &concept);
                }
                return;
            }
            if self.phase == Phase::Examination {
                fact.section = SectionId::Examen;
                fact.kind = Kind::Finding;
            }
            fact.certainty = 0.8;
        } else {
            if mark.uncertain && polarity == Polarity::Uncertain {
                fact.certainty = 0.6;
            }
            if self.phase >= Phase::Conclusion {
                if polarity != Polarity::Present || a.has(Cue::PatientAsks, &scene.run) || mark.conditional {
                    return;
                }
                fact.certainty = 0.65;
            }
            if mark.past
                && !a.times_in(&scene.run).any(|w| w.kind == WhenKind::Since)
                && self.complaints > 0
                && self.topic != Some(Topic::Onset)
                && self.phase > Phase::Opening
            {
                fact.temporality = Temporality::Past;
            }
        }
        let long_ago = a.times_in(&scene.run).any(|w| {
            w.kind == WhenKind::At
                && (w.year.is_some()
                    || w.span.ends_with("an")
                    || w.span.ends_with("ans")
                    || w.span.ends_with("years"))
        });
        if polarity == Polarity::Absent {
            fact.group = Some((a.index, u32::try_from(scene.run.start).unwrap_or(0)));
        } else if long_ago && scene.by_patient() && (mark.past || self.phase > Phase::Opening) {
            fact.section = SectionId::Antecedents;
            fact.temporality = Temporality::Past;
        } else if self.topic == Some(Topic::History)
            && self.lexicon.language == note::Language::En
            && scene.by_patient()
            && self.phase == Phase::History
            && polarity == Polarity::Present
        {
            // "Any medical problems? — I get a bit of anxiety."
            fact.section = SectionId::Antecedents;
        } else {
            self.opens_visit(scene, &mut fact);
            self.warmth(scene, mention.tokens.end..scene.run.end, &mut fact);
            let with = self.qualifiers(scene, mention, &["any", "side"]);
            if !with.is_empty() {
                fact.name = Some(crate::compose::agree(&concept, &with, self.lexicon.language));
                fact.cite(a.quote(&(mention.tokens.start..mention.tokens.end + 1).clone()));
                fact.sources.truncate(1);
            }
            if entry.has("sited", "yes") {
                self.with_site(scene, mention, &mut fact);
            }
        }
        if polarity == Polarity::Present {
            self.kilos(scene, mention, &mut fact);
        }
        // "Se lève trois fois la nuit".
        let times = mention.tokens.clone().find_map(|i| {
            crate::quantity::number_at(&a.tokens, i, self.lexicon.language)
                .filter(|n| !n.article && ["fois", "times"].contains(&a.word(n.tokens.end)))
        });
        if let Some(times) = times.filter(|t| t.tokens.end < mention.tokens.end) {
            let word = a.word(times.tokens.end);
            let nightly = mention.tokens.clone().any(|i| a.word(i) == "nuit");
            let per = if nightly { " par nuit" } else { "" };
            fact.set("frequency", format!("{} {word}{per}", times.text));
        }
        let added = self.add(scene, fact, &mention.tokens);
        if polarity == Polarity::Present {
            self.last_symptom = Some(added);
        }
    }

    /// "De la fièvre, trente-huit cinq".
    pub(super) fn warmth(&self, scene: &Scene<'_>, run: Range<usize>, fact: &mut Fact) {
        if fact.concept != "fièvre" && fact.concept != "fever" {
            return;
        }
        if let Some((value, tokens)) =
            crate::quantity::fever(&scene.analysis.tokens, run, self.lexicon.language)
        {
            fact.set("value", value);
            fact.cite(scene.analysis.quote(&tokens));
            doubt_unpointed(scene, &tokens, fact);
        }
    }

    /// "Vous avez mesuré à combien ? — Le plus haut, c'était cette nuit, trente-neuf six."
    pub(super) fn fever_told(&mut self, scene: &Scene<'_>) {
        if !scene.by_patient() || scene.question || self.phase > Phase::History {
            return;
        }
        let a = scene.analysis;
        let Some(at) = self.facts.iter().rposition(|f| {
            ["fièvre", "fever"].contains(&f.concept.as_str())
                && f.polarity == Polarity::Present
                && !f.attributes.contains_key("value")
                && f.sources.iter().any(|s| a.index.saturating_sub(s.segment) <= 3)
        }) else {
            return;
        };
        if let Some((value, tokens)) =
            crate::quantity::fever(&a.tokens, scene.run.clone(), self.lexicon.language)
            && let Some(fact) = self.facts.get_mut(at)
        {
            fact.set("value", value);
            fact.cite(a.quote(&tokens));
            doubt_unpointed(scene, &tokens, fact);
        }
    }

    /// "J'ai pris trois kilos": how many.
    fn kilos(&self, scene: &Scene<'_>, mention: &Mention, fact: &mut Fact) {
        let a = scene.analysis;
        let clause = scene.clause(mention.tokens.start);
        // "Elle a perdu du poids, quatre kilos": the next clause may tell.
        let end = if clause.end <= mention.tokens.end + 1 { scene.run.end } else { clause.end };
        let reach = mention.tokens.start..end.min(mention.tokens.end + 4);
        let unit = a.units.iter().find(|u| u.written == "kg" && reach.contains(&u.tokens.start));
        let number = unit.and_then(|unit| {
            reach.clone().find_map(|at| {
                crate::quantity::number_at(&a.tokens, at, self.lexicon.language)
                    .filter(|n| n.tokens.end == unit.tokens.start)
            })
        });
        if let (Some(unit), Some(number)) = (unit, number) {
            fact.name = Some(match self.lexicon.language {
                note::Language::Fr => {
                    format!("{} de {}{}kg", fact.concept, number.text, crate::wording::NBSP)
                }
                note::Language::En => {
                    format!("{} of {}{}kg", fact.concept, number.text, crate::wording::NBSP)
                }
            });
            fact.set("unit", "kg");
            fact.sources = vec![a.quote(&(mention.tokens.start..unit.tokens.end.max(mention.tokens.end)))];
        }
    }

    /// The first complaints are why the patient came.
    pub(super) fn opens_visit(&mut self, scene: &Scene<'_>, fact: &mut Fact) {
        let told = scene.by_patient() || scene.role == Role::Narrator;
        if !told || self.phase > Phase::History || fact.temporality == Temporality::Past {
            return;
        }
        let opening = self.motif.is_none_or(|segment| segment == scene.analysis.index);
        if opening && (self.phase == Phase::Opening || self.complaints == 0) {
            self.motif = Some(scene.analysis.index);
            fact.section = SectionId::Motif;
        }
        self.complaints = self.complaints.saturating_add(1);
    }

    /// The doctor thinks aloud in this segment: its bare nouns are possibilities.
    pub(super) fn musing(&self, scene: &Scene<'_>) -> bool {
        self.musing == Some(scene.analysis.index) && !scene.analysis.has(Cue::Conclusion, &scene.run)
    }

    pub(super) fn finding(&mut self, scene: &Scene<'_>, mention: &Mention) {
        let Some(entry) = mention.of(self.lexicon, Family::Finding) else { return };
        let a = scene.analysis;
        let at = mention.tokens.start;
        let mark = a.mark(at);
        if mark.conditional || self.phase == Phase::Plan || scene.about(at) != About::Patient {
            return;
        }
        let normal = entry.has("normal", "yes");
        let mut fact = Fact::new(
            SectionId::Examen,
            Kind::Finding,
            entry.concept.clone(),
            scene.place(at),
            a.quote(&mention.tokens),
        );
        fact.name = self.said_by_doctor(scene, mention, &entry.concept, normal);
        fact.polarity = if normal { Polarity::Present } else { self.polarity(scene, at) };
        if self.phase == Phase::Conclusion
            && a.has(Cue::Conclusion, &(scene.run.start..at))
            && !normal
            && fact.polarity == Polarity::Present
        {
            fact.section = SectionId::Conclusion;
            fact.kind = Kind::Condition;
        }
        if normal && self.lexicon.language == note::Language::En {
            fact.group = Some((a.index, u32::MAX));
        }
        if fact.polarity == Polarity::Absent {
            fact.group = Some((a.index, u32::try_from(scene.run.start).unwrap_or(0)));
        } else if !normal {
            let with = self.qualifiers(scene, mention, &["any", "side"]);
            if !with.is_empty() {
                let name = fact.name.as_deref().unwrap_or(&entry.concept);
                fact.name = Some(crate::compose::agree(name, &with, self.lexicon.language));
            }
            self.with_site(scene, mention, &mut fact);
            self.with_size(scene, mention, &mut fact);
        }
        self.add(scene, fact, &mention.tokens);
    }

    /// A finding in the doctor's own words, as a note has them: "le tympan est rouge" is "tympan rouge".
    fn said_by_doctor(
        &self,
        scene: &Scene<'_>,
        mention: &Mention,
        concept: &str,
        normal: bool,
    ) -> Option<String> {
        if !scene.by_doctor() || mention.misheard || self.lexicon.language != note::Language::Fr {
            return None;
        }
        let said = scene.analysis.quote(&mention.tokens).quote.to_lowercase().replace('’', "'");
        let mut words: Vec<&str> = said.split_whitespace().filter(|w| !["est", "sont"].contains(w)).collect();
        while words
            .first()
            .is_some_and(|w| ["le", "la", "les", "du", "des", "un", "une", "vos", "votre"].contains(w))
        {
            words.remove(0);
        }
        let first = words.first().map(|w| w.strip_prefix("l'").or_else(|| w.strip_prefix("d'")).unwrap_or(w));
        if let (Some(first), Some(place)) = (first, words.first_mut()) {
            *place = first;
        }
        // What is a sentence rather than a name keeps the name of the lexicon.
        let is_talk = words.iter().any(|w| {
            w.contains(|c: char| !c.is_alphabetic() && !"-'".contains(c))
                || ["c'", "j'", "qu'", "n'"].iter().any(|elided| w.starts_with(elided))
                || TALKING.contains(w)
        });
        // "Irrégulier", "déficit", "pouls pédieux" say less than the lexicon's name.
        let tells = if normal {
            words.len() > 1 && words.iter().any(|w| REASSURING.iter().any(|stem| w.starts_with(stem)))
        } else {
            words.len() > 1 && words.len() >= concept.split_whitespace().count()
        };
        (!is_talk && tells && words.len() <= 6).then(|| words.join(" "))
    }

    pub(super) fn reason(&mut self, scene: &Scene<'_>, mention: &Mention) {
        let Some(entry) = mention.of(self.lexicon, Family::Reason) else { return };
        let at = mention.tokens.start;
        if scene.about(at) != About::Patient
            || self.facts.iter().any(|f| f.section == SectionId::Motif && f.concept == entry.concept)
        {
            return;
        }
        let mut fact = Fact::new(
            SectionId::Motif,
            Kind::Other,
            entry.concept.clone(),
            scene.place(at),
            scene.analysis.quote(&mention.tokens),
        );
        fact.certainty = 0.8;
        self.add(scene, fact, &mention.tokens);
    }
}

/// A temperature whose point was not written is for the doctor to look at.
fn doubt_unpointed(scene: &Scene<'_>, tokens: &Range<usize>, fact: &mut Fact) {
    let word = scene.analysis.word(tokens.start);
    if tokens.len() == 1 && word.len() == 3 && word.bytes().all(|b| b.is_ascii_digit()) {
        fact.flag(note::Flag::LowConfidenceWords);
    }
}
