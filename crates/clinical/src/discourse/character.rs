//! What a pain is like, how bad, where and how often: told in sentences of their own, they belong to the complaint under
//! discussion.

use note::{Kind, Language, Polarity};

use super::{Discourse, Phase, Scene};
use crate::context::About;
use crate::fact::Fact;
use crate::lexicon::{Cue, Family};
use crate::quantity::number_at;

/// How many segments back the complaint may have been told.
const REACH: u32 = 14;

fn hurts(fact: &Fact) -> bool {
    ["pain", "ache", "cramp", "douleur", "mal ", "céphalée", "sore"]
        .iter()
        .any(|word| fact.concept.contains(word))
}

impl Discourse {
    /// Gives the character, severity and frequency told in a sentence to the last complaint, where it has none of its own.
    pub(super) fn characters(&mut self, scene: &Scene<'_>, from: usize) {
        if self.lexicon.language != Language::En
            || !scene.by_patient()
            || self.phase > Phase::History
            || scene.about.iter().any(|b| *b != About::Patient)
        {
            return;
        }
        self.severity(scene);
        let a = scene.analysis;
        let others = a.mentions_in(&scene.run).any(|m| {
            [Family::Symptom, Family::Drug, Family::Condition, Family::Lifestyle, Family::Vital, Family::Lab]
                .iter()
                .any(|family| m.of(self.lexicon, *family).is_some())
        });
        let own = self
            .facts
            .iter()
            .enumerate()
            .skip(from)
            .find(|(_, f)| f.kind == Kind::Symptom && f.polarity == Polarity::Present)
            .map(|(at, _)| at);
        let target = own.or(if others { None } else { self.complaint(a.index) });
        let Some(at) = target else { return };
        let of_function = self
            .facts
            .iter()
            .rev()
            .take(3)
            .any(|f| f.kind == Kind::Other && f.sources.iter().any(|s| s.segment == a.index));
        let told = self.often_said(scene, others);
        let weighed = self.weight_said(scene);
        let Some(fact) = self.facts.get_mut(at) else { return };
        if let Some((amount, tokens)) =
            weighed.filter(|_| ["weight gain", "weight loss"].contains(&fact.concept.as_str()))
        {
            fact.set("value", amount);
            fact.cite(a.quote(&tokens));
        }
        if hurts(fact) {
            for hit in a.qualifiers.iter().filter(|q| {
                q.of == "character"
                    && scene.run.contains(&q.tokens.start)
                    && !a.mark(q.tokens.start).negated
                    && !a.mentions.iter().any(|m| {
                        m.tokens.start < q.tokens.end && q.tokens.start < m.tokens.end && m.tokens.len() > 1
                    })
            }) {
                let before = fact.attributes.get("character").cloned();
                let whole = match before {
                    Some(before) if before.contains(&hit.written) => before,
                    Some(before) => format!("{before}, {}", hit.written),
                    None => hit.written.clone(),
                };
                fact.attributes.insert("character".into(), whole);
                fact.cite(a.quote(&hit.tokens));
            }
        }
        if let Some((often, tokens)) =
            told.filter(|_| !of_function).filter(|_| !fact.attributes.contains_key("frequency"))
        {
            fact.set("frequency", often);
            fact.cite(a.quote(&tokens));
        }
    }

    /// "About a stone", "ten pounds": how much was gained or lost.
    fn weight_said(&self, scene: &Scene<'_>) -> Option<(String, std::ops::Range<usize>)> {
        let a = scene.analysis;
        let unit = a.units.iter().find(|u| {
            ["kg", "lb", "stone"].contains(&u.written.as_str()) && scene.run.contains(&u.tokens.start)
        })?;
        let half = a.word(unit.tokens.start.wrapping_sub(2)) == "half";
        let one = unit.tokens.start.checked_sub(1).filter(|at| a.word(*at) == "a");
        if let Some(at) = one {
            let count = if half { "½" } else { "1" };
            return Some((format!("{count} {}", unit.written), at..unit.tokens.end));
        }
        let number = scene.run.clone().find_map(|at| {
            number_at(&a.tokens, at, Language::En).filter(|n| n.tokens.end == unit.tokens.start)
        })?;
        let count = if half {
            "½".to_owned()
        } else if number.article {
            "1".to_owned()
        } else {
            number.text
        };
        Some((format!("{count} {}", unit.written), number.tokens.start..unit.tokens.end))
    }

    /// The last complaint told, if not long ago.
    pub(super) fn complaint(&self, segment: u32) -> Option<usize> {
        // "When you say diarrhoea…? — Eight, maybe ten times a day": of what was asked.
        let asked = self.asked_about.as_ref().filter(|(at, _)| segment.saturating_sub(*at) <= 2);
        let named = asked.and_then(|(_, concepts)| {
            self.facts.iter().rposition(|f| {
                concepts.contains(&f.concept) && f.kind == Kind::Symptom && f.polarity == Polarity::Present
            })
        });
        // "How long do they last?" asks of why the patient came, whatever else was told since.
        let opening = self.facts.iter().position(|f| {
            f.kind == Kind::Symptom && f.polarity == Polarity::Present && f.section == note::SectionId::Motif
        });
        let last = self.last_symptom.filter(|at| {
            self.facts.get(*at).is_some_and(|f| f.section == note::SectionId::Motif || f.place.0 == segment)
        });
        named.or(last).or(opening).or(self.last_symptom).filter(|at| {
            self.facts.get(*at).is_some_and(|f| {
                f.polarity == Polarity::Present
                    && (f.section == note::SectionId::Motif
                        || f.sources.iter().any(|s| segment.saturating_sub(s.segment) <= REACH))
            })
        })
    }

    /// "Two or three times a week", of what was told before.
    fn often_said(&self, scene: &Scene<'_>, others: bool) -> Option<(String, std::ops::Range<usize>)> {
        // "Twice a day" about the drug asked for is no frequency of the complaint before it.
        if others || self.last_drug > self.last_symptom || self.topic == Some(super::Topic::Treatment) {
            return None;
        }
        let read = self.read(scene, scene.run.clone(), false);
        let often = read.frequency.filter(|f| f.contains(" a ") || f.starts_with("every "))?;
        let start = read.tokens.iter().map(|t| t.start).min()?;
        let end = read.tokens.iter().map(|t| t.end).max()?;
        Some((often, start..end))
    }

    /// "Out of ten? — About an eight."
    fn severity(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        let scored = self.scored == Some(a.index.saturating_sub(1));
        let said = scene.run.clone().find(|at| {
            a.word(*at) == "out" && a.word(at + 1) == "of" && ["ten", "10"].contains(&a.word(at + 2))
        });
        let run = match said {
            Some(at) => scene.run.start.max(at.saturating_sub(5))..at,
            None if scored => scene.run.clone(),
            None => return,
        };
        let mut numbers = run.clone().filter_map(|at| {
            number_at(&a.tokens, at, Language::En)
                .filter(|n| !n.article && n.value <= 10.0 && n.tokens.end <= scene.run.end)
        });
        let pair = numbers.next().map(|first| {
            let next = numbers.find(|n| n.tokens.start > first.tokens.start);
            (first, next)
        });
        let Some((first, next)) = pair else { return };
        let range = next.filter(|n| {
            ["or", "to", "maybe"].contains(&a.word(n.tokens.start.wrapping_sub(1)))
                || n.tokens.start == first.tokens.end
        });
        let (text, end) = match range {
            Some(next) => (format!("{}–{}/10", first.text, next.text), next.tokens.end),
            None => (format!("{}/10", first.text), first.tokens.end),
        };
        let pain = self.facts.iter().enumerate().rev().find(|(_, f)| {
            f.kind == Kind::Symptom
                && f.polarity == Polarity::Present
                && hurts(f)
                && a.index.saturating_sub(f.place.0) <= 2 * REACH
        });
        let Some(at) = pain.map(|(at, _)| at) else { return };
        if let Some(fact) = self.facts.get_mut(at) {
            fact.set("severity", text);
            fact.cite(a.quote(&(first.tokens.start..end)));
        }
        self.scored = None;
    }

    /// Remembers that a score out of ten was asked for.
    pub(super) fn asks_score(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        let asked = scene
            .run
            .clone()
            .any(|at| ["of", "to"].contains(&a.word(at)) && ["ten", "10"].contains(&a.word(at + 1)));
        if asked {
            self.scored = Some(a.index);
        }
    }

    /// Remembers the period of "how many a day?".
    pub(super) fn asks_period(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        let word = |at: usize| a.word(at);
        let counts = scene
            .run
            .clone()
            .any(|at| word(at) == "how" && ["many", "much", "often"].contains(&word(at + 1)));
        self.asked_period =
            scene.run.clone().filter(|_| counts).find_map(|at| match (word(at), word(at + 1)) {
                ("a" | "per" | "each", "day") => Some("a day"),
                ("a" | "per" | "each", "week") => Some("a week"),
                ("a" | "per" | "each", "night") => Some("a night"),
                _ => None,
            });
    }

    /// "About fifteen", of what was asked by the day.
    pub(super) fn counted_answer(&self, scene: &Scene<'_>) -> Option<(String, std::ops::Range<usize>)> {
        let a = scene.analysis;
        let period = self.asked_period?;
        let first = scene.run.clone().take(8).find_map(|at| {
            number_at(&a.tokens, at, Language::En).filter(|n| !n.article && n.tokens.end <= scene.run.end)
        })?;
        let bridge =
            first.tokens.end + usize::from(["or", "to", "maybe"].contains(&a.word(first.tokens.end)));
        let second = number_at(&a.tokens, bridge, Language::En)
            .filter(|n| !n.article && n.value > first.value && n.tokens.end <= scene.run.end);
        Some(match second {
            Some(second) => {
                (format!("{}–{} {period}", first.text, second.text), first.tokens.start..second.tokens.end)
            }
            None => (format!("{} {period}", first.text), first.tokens.clone()),
        })
    }

    /// "How long does each one last? — Ten, fifteen minutes."
    pub(super) fn lasting_answered(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        let when = a
            .times_in(&scene.run)
            .find(|w| matches!(w.kind, crate::quantity::WhenKind::Bare | crate::quantity::WhenKind::For));
        let (Some(when), Some(at)) = (when.cloned(), self.complaint(a.index)) else { return };
        if let Some(fact) = self.facts.get_mut(at) {
            fact.set("duration", when.span.clone());
            fact.cite(a.quote(&when.tokens));
            self.topic = None;
        }
    }

    /// Whether a drug is only asked about as borne ("are you OK with penicillin?") or as had once ("steroids before?").
    pub(super) fn asks_tolerance(scene: &Scene<'_>, at: usize) -> bool {
        let a = scene.analysis;
        let with = ["with", "to"].contains(&a.word(at.wrapping_sub(1)))
            && (scene.run.start..at).any(|i| {
                ["okay", "ok", "fine", "problem", "problems", "allergic", "reaction", "tolerate"]
                    .contains(&a.word(i))
            });
        let with = with
            || (at + 1..scene.run.end)
                .any(|i| ["alright", "okay", "ok", "fine", "right"].contains(&a.word(i)) && i <= at + 4);
        let once = self::late(scene, at) || a.has(Cue::TopicAllergy, &scene.run);
        with || once
    }
}

/// "Have you had steroids before?", "have you ever had antibiotics?"
fn late(scene: &Scene<'_>, at: usize) -> bool {
    let a = scene.analysis;
    (at..scene.run.end).any(|i| a.word(i) == "before" && i + 1 >= scene.run.end)
        || (scene.run.start..at).any(|i| a.word(i) == "ever")
}
