//! Vital signs and laboratory values.

use note::{Flag, Kind, Polarity, SectionId};

use super::{Discourse, OpenMeasure, Phase, Scene};
use crate::analysis::Mention;
use crate::context::About;
use crate::fact::{Action, Fact};
use crate::lexicon::{Cue, Entry, Family};
use crate::quantity::{Measure, measure};

const BORN: &[&str] = &["ne", "nee", "naissance", "born", "birth"];

impl Discourse {
    /// "Debout, douze sept": how the patient stood or lay when the pressure just ahead was taken.
    pub(super) fn posture(&self, scene: &Scene<'_>, at: usize) -> Option<&'static str> {
        const POSTURES: &[(&[&str], &str, &str)] = &[
            (&["debout", "standing", "orthostatisme"], "debout", "standing"),
            (&["allonge", "allongee", "couche", "couchee", "lying"], "couché", "lying"),
            (&["assis", "assise", "sitting"], "assis", "sitting"),
        ];
        let near = at.saturating_sub(4).max(scene.run.start)..at;
        let last = near
            .rev()
            .find_map(|i| POSTURES.iter().find(|(words, ..)| words.contains(&scene.analysis.word(i))))?;
        Some(if self.lexicon.language == note::Language::Fr { last.1 } else { last.2 })
    }

    /// Reads every value of a sentence; names without a value wait for one.
    pub(super) fn measures(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        let named: Vec<Mention> = a
            .mentions_in(&scene.run)
            .filter(|m| {
                m.of(self.lexicon, Family::Vital).or_else(|| m.of(self.lexicon, Family::Lab)).is_some()
                    || self.salt(m).is_some()
            })
            .cloned()
            .collect();
        let mut taken: Vec<std::ops::Range<usize>> = Vec::new();
        self.scales(scene);
        let first = named.first().map_or(scene.run.end, |m| m.tokens.start);
        let again = first > scene.run.start && self.remeasured(scene, first, &mut taken);
        if named.is_empty() && !again {
            self.close_measure(scene, &mut taken);
        }
        for (at, mention) in named.iter().enumerate() {
            let end = named.get(at + 1).map_or(scene.run.end, |next| next.tokens.start);
            if let Some(tokens) = self.named_measure(scene, mention, end) {
                taken.push(tokens);
            }
        }
        if !scene.question {
            self.heart_rate(scene);
            self.lone_measures(scene, &taken);
        }
    }

    /// "Votre tension est pas tout à fait contrôlée": a judgement of the disease, not a value.
    pub(super) fn controlled(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        if !scene.by_doctor() || scene.question || !self.examined || self.phase < Phase::Examination {
            return;
        }
        let named = a.mentions_in(&scene.run).find(|m| {
            m.of(self.lexicon, Family::Vital).is_some_and(|e| e.attribute("form") == Some("pressure"))
        });
        let Some(named) = named.cloned() else { return };
        let reach = named.tokens.end..scene.clause(named.tokens.start).end;
        let control = a.qualifiers.iter().find(|q| q.of == "control" && reach.contains(&q.tokens.start));
        let Some(control) = control.filter(|_| !a.mark(named.tokens.start).conditional) else { return };
        let denied = (reach.start..control.tokens.start)
            .any(|i| ["pas", "not", "insuffisamment"].contains(&a.word(i)));
        let (disease, good, bad) = match self.lexicon.language {
            note::Language::Fr => ("hypertension artérielle", "bien équilibrée", "mal équilibrée"),
            note::Language::En => ("hypertension", "well controlled", "poorly controlled"),
        };
        let bad_word = control.written.starts_with("mal") || control.written.starts_with("poorly");
        let run = named.tokens.start..control.tokens.end;
        let mut fact = Fact::new(
            SectionId::Conclusion,
            Kind::Condition,
            disease,
            scene.place(named.tokens.start),
            a.quote(&run),
        );
        fact.name = Some(format!("{disease} {}", if denied || bad_word { bad } else { good }));
        fact.certainty = 0.75;
        self.add(scene, fact, &run);
    }

    /// "Une TSH dans six semaines": a value that is asked for.
    fn orders_lab(&mut self, scene: &Scene<'_>, mention: &Mention, entry: &Entry) -> bool {
        let a = scene.analysis;
        let when = a.times_in(&scene.run).find(|w| w.kind == crate::quantity::WhenKind::In).cloned();
        let planned = self.phase >= Phase::Conclusion
            && (a.any(&[Cue::Order, Cue::Prescribe, Cue::Renew], &scene.run)
                || when.is_some()
                || a.mentions_in(&(scene.run.start..mention.tokens.start))
                    .any(|m| m.of(self.lexicon, Family::Test).is_some())
                || scene.role == super::Role::Narrator);
        if !planned || a.mark(mention.tokens.start).conditional {
            return false;
        }
        let mut fact = Fact::new(
            SectionId::Conduite,
            Kind::TestOrder,
            entry.concept.clone(),
            scene.place(mention.tokens.start),
            a.quote(&mention.tokens),
        );
        fact.temporality = note::Temporality::Planned;
        if let Some(when) = when {
            fact.set("onset", when.text);
            fact.cite(a.quote(&when.tokens));
        }
        self.add(scene, fact, &mention.tokens);
        true
    }

    /// "Montez sur la balance": the next number is a weight.
    fn scales(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        let at = scene.run.clone().find(|at| {
            // "On a scale of zero to ten" weighs nobody.
            ["montez", "balance", "scale", "scales"].contains(&a.word(*at))
                && !(a.word(*at) == "scale" && ["of", "from"].contains(&a.word(at + 1)))
        });
        // "Il fait plus de cinquante kilos ?"
        let at = at.or_else(|| {
            let kilos = a.units.iter().find(|u| u.written == "kg" && scene.run.contains(&u.tokens.start));
            let weighs = scene
                .run
                .clone()
                .take(4)
                .any(|i| ["fait", "faites", "fais", "pese", "pesez"].contains(&a.word(i)));
            kilos.filter(|_| scene.question && weighs).map(|u| u.tokens.start)
        });
        let table = scene.run.clone().any(|at| ["table", "lit", "bed", "couch"].contains(&a.word(at)));
        if let Some(at) = at.filter(|_| scene.by_doctor() && !table && self.phase <= Phase::Conclusion)
            && let Some(weight) = self.lexicon.vital_id("weight")
        {
            let mention = Mention { tokens: at..at + 1, entries: vec![weight], misheard: false };
            let source = a.quote(&mention.tokens);
            self.open_measure =
                Some(OpenMeasure { mention, source, place: scene.place(at), sentences_left: 3 });
        }
    }

    /// The blood test of a salt that is also given as a drug.
    fn salt(&self, mention: &Mention) -> Option<&'static Entry> {
        let drug = mention.of(self.lexicon, Family::Drug)?;
        self.lexicon.measured(drug.attribute("lab")?)
    }

    fn named_measure(
        &mut self,
        scene: &Scene<'_>,
        mention: &Mention,
        end: usize,
    ) -> Option<std::ops::Range<usize>> {
        let a = scene.analysis;
        let salt = self.salt(mention);
        let entry = mention
            .of(self.lexicon, Family::Vital)
            .or_else(|| mention.of(self.lexicon, Family::Lab))
            .or(salt)?
            .clone();
        let mark = a.mark(mention.tokens.start);
        if scene.about(mention.tokens.start) != About::Patient || mark.hypothetical {
            return None;
        }
        let found =
            measure(&a.tokens, &mention.tokens, end, &entry, &a.times, &a.units, self.lexicon.language);
        let worded = self.qualified(scene, mention, end);
        let found = found.filter(|f| worded.as_ref().is_none_or(|w| w.1.start > f.tokens.start));
        // "Le pouls je les ai, des deux côtés": a number far from the name that cannot be its value is something else.
        let found = found.filter(|f| {
            f.plausible
                || f.tokens.start.saturating_sub(mention.tokens.end) <= 2
                || a.word(f.tokens.end) == "par"
        });
        // "Potassium, un comprimé" is given; "potassium 5,6" was measured.
        let found = found.filter(|f| {
            salt.is_none() || f.plausible && f.tokens.start.saturating_sub(mention.tokens.end) <= 1
        });
        if salt.is_some() && found.is_none() {
            return None;
        }
        if let Some(found) = found {
            let conditional = mark.conditional || a.mark(found.tokens.start).conditional;
            // A target or a threshold is no measure.
            if conditional || a.has(Cue::Advise, &scene.run) && self.phase == Phase::Plan {
                return None;
            }
            let tokens = found.tokens.clone();
            self.measured(scene, &entry, found, mention.tokens.start, None);
            return Some(tokens);
        }
        if let Some(result) = worded {
            self.result(scene, &entry, mention, &result);
            return Some(result.1);
        }
        // "Nitrites positifs, pas de protéines": an analyte of the strip that was denied.
        let among = self.facts.last().is_some_and(|f| f.kind == Kind::Lab && f.place.0 == a.index);
        if mark.negated && entry.family == Family::Lab && among && scene.by_doctor() && !scene.question {
            let mut fact = Fact::new(
                SectionId::Examen,
                Kind::Lab,
                entry.concept.clone(),
                scene.place(mention.tokens.start),
                a.quote(&mention.tokens),
            );
            fact.polarity = Polarity::Absent;
            fact.text = Some(crate::compose::elide(
                crate::wording::wording(self.lexicon.language).no,
                &entry.concept,
                self.lexicon.language,
            ));
            fact.certainty = 0.8;
            self.add(scene, fact, &mention.tokens);
            return None;
        }
        let vital = entry.family == Family::Vital;
        if !vital
            && scene.by_doctor()
            && !scene.question
            && !mark.negated
            && self.orders_lab(scene, mention, &entry)
        {
            return None;
        }
        let usual = a
            .tokens
            .get(scene.run.clone())
            .is_some_and(|t| t.iter().any(|t| t.any(&["habitude", "habituellement", "usually"])));
        if self.phase <= Phase::Examination
            && !mark.conditional
            && !mark.negated
            && !usual
            && (vital || scene.question || scene.by_patient())
        {
            self.open_measure = Some(OpenMeasure {
                mention: mention.clone(),
                source: a.quote(&mention.tokens),
                place: scene.place(mention.tokens.start),
                sentences_left: 4,
            });
        }
        None
    }

    /// "Nitrites positifs", "bandelette négative": a result in words.
    fn qualified(
        &self,
        scene: &Scene<'_>,
        mention: &Mention,
        end: usize,
    ) -> Option<(String, std::ops::Range<usize>)> {
        let a = scene.analysis;
        let reach = end.min(mention.tokens.end + 6);
        a.qualifiers
            .iter()
            .find(|q| q.of == "result" && q.tokens.start >= mention.tokens.end && q.tokens.start < reach)
            .map(|q| (q.written.clone(), q.tokens.clone()))
    }

    fn result(
        &mut self,
        scene: &Scene<'_>,
        entry: &Entry,
        mention: &Mention,
        result: &(String, std::ops::Range<usize>),
    ) {
        let a = scene.analysis;
        if scene.question || a.mark(mention.tokens.start).conditional {
            return;
        }
        let run = mention.tokens.start..result.1.end;
        let mut fact = Fact::new(
            SectionId::Examen,
            Kind::Lab,
            entry.concept.clone(),
            scene.place(mention.tokens.start),
            a.quote(&run),
        );
        if entry.family == Family::Vital {
            fact.kind = Kind::Vital;
            if scene.by_patient() || self.phase > Phase::Examination {
                return;
            }
        }
        fact.name = entry.attribute("short").map(str::to_owned);
        fact.set("value", result.0.clone());
        if result.0.starts_with("négati") || result.0.starts_with("negati") {
            fact.polarity = Polarity::Absent;
        }
        fact.certainty = 0.85;
        self.add(scene, fact, &run);
    }

    pub(super) fn measured(
        &mut self,
        scene: &Scene<'_>,
        entry: &Entry,
        found: Measure,
        named_at: usize,
        from: Option<OpenMeasure>,
    ) {
        let a = scene.analysis;
        let run = named_at.min(found.tokens.start)..found.tokens.end;
        let (section, kind) = match entry.family {
            Family::Lab => (SectionId::Examen, Kind::Lab),
            _ => (SectionId::Examen, Kind::Vital),
        };
        let mut fact = Fact::new(section, kind, entry.concept.clone(), scene.place(named_at), a.quote(&run));
        fact.name = entry.attribute("short").map(str::to_owned);
        let number: String = found.value.clone();
        if let Some(standard) = &found.standard {
            fact.set("standard", standard.clone());
        }
        fact.set("value", number);
        if let Some(unit) = &found.unit {
            fact.set("unit", unit.clone());
        }
        if !found.plausible {
            fact.flag(Flag::ImplausibleValue);
        }
        fact.certainty = 0.95;
        if let Some(open) = from {
            fact.place = open.place;
            fact.cite(open.source);
            fact.certainty = 0.85;
        }
        if entry.attribute("form") == Some("pressure")
            && let Some(posture) = self.posture(scene, found.tokens.start)
        {
            fact.name = fact.name.map(|name| format!("{name} {posture}"));
        }
        if entry.attribute("lone") == Some("weight") && scene.run.clone().any(|i| BORN.contains(&a.word(i))) {
            fact.section = SectionId::Antecedents;
            fact.name = Some(match self.lexicon.language {
                note::Language::Fr => "poids de naissance".into(),
                note::Language::En => "birth weight".into(),
            });
        }
        if scene.by_patient() && entry.attribute("form") == Some("temperature") {
            fact.section = SectionId::Histoire;
            fact.action = Some(Action::Reported);
        }
        if a.mark(named_at).past && a.times_in(&scene.run).next().is_some() {
            fact.certainty = 0.6;
        }
        self.add(scene, fact, &run);
    }

    /// "15 8." "Non, pardon, 16 8": the value just read is taken back for this one.
    fn remeasured(&mut self, scene: &Scene<'_>, end: usize, taken: &mut Vec<std::ops::Range<usize>>) -> bool {
        let a = scene.analysis;
        let run = &scene.run;
        let opening = run.start..run.end.min(run.start + 4);
        if !a.any(&[Cue::Correction, Cue::No], &opening) || scene.question {
            return false;
        }
        let Some(last) = self
            .facts
            .last()
            .filter(|f| matches!(f.kind, Kind::Vital | Kind::Lab) && a.index.saturating_sub(f.place.0) <= 1)
        else {
            return false;
        };
        let Some(entry) = self.lexicon.measured(&last.concept).cloned() else { return false };
        let start = run.start..run.start;
        let Some(found) = measure(&a.tokens, &start, end, &entry, &a.times, &a.units, self.lexicon.language)
        else {
            return false;
        };
        self.facts.pop();
        taken.push(found.tokens.clone());
        let at = found.tokens.start;
        self.measured(scene, &entry, found, at, None);
        true
    }

    /// A value that comes after its name was said in an earlier sentence.
    fn close_measure(&mut self, scene: &Scene<'_>, taken: &mut Vec<std::ops::Range<usize>>) {
        let Some(mut open) = self.open_measure.take() else { return };
        let a = scene.analysis;
        let Some(entry) = open
            .mention
            .of(self.lexicon, Family::Vital)
            .or_else(|| open.mention.of(self.lexicon, Family::Lab))
            .cloned()
        else {
            return;
        };
        let start = scene.run.start..scene.run.start;
        let end = scene.run.end;
        // A laboratory value named a while ago is only taken up by "elle est à sept".
        let linked = |found: &Measure| {
            entry.family == Family::Vital
                || found
                    .tokens
                    .start
                    .checked_sub(1)
                    .is_some_and(|i| ["a", "est", "is", "at", "was"].contains(&a.word(i)))
                || scene.run.len() <= 4
        };
        match measure(&a.tokens, &start, end, &entry, &a.times, &a.units, self.lexicon.language) {
            Some(found)
                if !scene.question
                    && linked(&found)
                    && found.plausible
                    && !self.weight_change(scene, &found) =>
            {
                taken.push(found.tokens.clone());
                let at = found.tokens.start;
                self.measured(scene, &entry, found, at, Some(open));
            }
            _ if open.sentences_left > 0 => {
                open.sentences_left -= 1;
                self.open_measure = Some(open);
            }
            _ => {}
        }
    }
}
