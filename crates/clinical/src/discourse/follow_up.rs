//! When to come back, and what should bring the patient back sooner.

use note::{Kind, Language, SectionId, Temporality};

use super::{Discourse, Phase, Scene};
use crate::fact::Fact;
use crate::lexicon::{Cue, Family};
use crate::quantity::WhenKind;
use crate::wording::wording;

impl Discourse {
    /// The next visit and the reasons to come back sooner: these sentences are one statement each.
    pub(super) fn follow_up(&mut self, scene: &Scene<'_>) -> bool {
        let a = scene.analysis;
        if !scene.by_doctor() || scene.question || self.phase < Phase::History {
            return false;
        }
        let words = wording(self.lexicon.language);
        let run = &scene.run;
        let condition = self.condition_text(scene);
        let alert = a.has(Cue::Alert, run);
        let worse = a.has(Cue::NotBetter, run);
        let orders = a.mentions_in(run).any(|m| {
            [Family::Test, Family::Drug, Family::Referral].iter().any(|f| {
                m.of(self.lexicon, *f)
                    .is_some_and(|e| e.concept != "urgences" && e.concept != "emergency department")
            })
        }) && !alert;
        let other_plan = run.clone().skip(1).any(|i| {
            ["on", "je", "j"].contains(&a.word(i))
                && a.tokens.get(i - 1).is_some_and(|t| t.after >= crate::text::Gap::Comma)
        });
        if let Some(text) = condition.filter(|_| (alert || worse && !other_plan) && !orders) {
            let urgent =
                a.tokens.get(run.clone()).is_some_and(|t| {
                    t.iter().any(|t| t.any(&["urgences", "urgence", "emergency", "hospital", "casualty"]))
                }) || run.clone().any(|i| a.word(i) == "a" && a.word(i + 1) == "and" && a.word(i + 2) == "e");
            let call = a
                .tokens
                .get(run.clone())
                .is_some_and(|t| t.iter().any(|t| t.any(&["15", "quinze", "samu", "999", "911", "112"])))
                || run.clone().any(|i| (0..3).all(|n| a.word(i + n) == "nine"));
            let action = match (call, urgent, self.lexicon.language) {
                (true, _, Language::Fr) => "Appeler le 15",
                (true, _, Language::En) => "Call emergency services",
                (_, true, Language::Fr) => "Reconsulter ou urgences",
                (_, true, Language::En) => "Emergency department",
                _ => words.come_back,
            };
            // "…let us know and we'll send off a stool sample."
            let tests: Vec<&str> = a
                .mentions_in(run)
                .filter_map(|m| m.of(self.lexicon, Family::Test))
                .map(|e| e.concept.as_str())
                .filter(|name| !text.contains(name))
                .collect();
            let text = if tests.is_empty() { text } else { format!("{text}: {}", tests.join(", ")) };
            let mut fact = Fact::new(
                SectionId::Suivi,
                Kind::Followup,
                "reconsulter",
                scene.place(run.start),
                a.quote(run),
            );
            fact.concept =
                if self.lexicon.language == Language::Fr { "reconsulter" } else { "safety net" }.into();
            // "Come back in three days if the fever's not settled": the day and the reason in one line.
            let dated = a
                .times_in(run)
                .find(|w| w.kind == WhenKind::In)
                .filter(|w| !urgent && !call && a.has(Cue::Return, run) && !text.contains(w.span.as_str()));
            fact.text = Some(match dated {
                Some(when) => format!("{} {} {} {text}", words.see_again, when.text, words.if_),
                None => format!("{action} {} {text}", words.if_),
            });
            fact.temporality = Temporality::Planned;
            if let Some(when) = a.times_in(run).find(|w| matches!(w.kind, WhenKind::In | WhenKind::Bare)) {
                fact.set("duration", when.span.clone());
            }
            fact.certainty = 0.85;
            self.add(scene, fact, run);
            return true;
        }
        // "Rappelez-moi lundi."
        let calls = alert
            && run.len() <= 10
            && !a.has(Cue::Conditional, run)
            && a.times_in(run).any(|w| matches!(w.kind, WhenKind::In | WhenKind::At));
        let again = a.has(Cue::Return, run) || calls && self.phase >= Phase::Conclusion;
        let clock = |w: &&crate::quantity::When| {
            w.span.contains("heure") && ["a", "vers"].contains(&a.word(w.tokens.start.wrapping_sub(1)))
        };
        // "Vendredi, onze heures": the hour stands beside its day.
        let day = a.times_in(run).any(|w| w.kind == WhenKind::At);
        let hour = |w: &&crate::quantity::When| day && w.kind == WhenKind::Bare && w.span.contains("heure");
        let of = |kind: WhenKind| a.times_in(run).find(|w| w.kind == kind && !clock(w) && !hour(w)).cloned();
        let when = of(WhenKind::In).or_else(|| of(WhenKind::Bare)).or_else(|| of(WhenKind::At));
        if let (true, Some(when)) = (again && !a.mark(run.start).conditional, when) {
            let mut fact =
                Fact::new(SectionId::Suivi, Kind::Followup, "revoir", scene.place(run.start), a.quote(run));
            let said = a.quote(&when.tokens).quote.to_lowercase();
            fact.concept = format!(
                "{} {said}",
                if self.lexicon.language == Language::Fr { "contrôle" } else { "review" }
            );
            fact.temporality = Temporality::Planned;
            fact.set("duration", when.span.clone());
            let aged = when.tokens.start > run.start && a.word(when.tokens.start - 1) == "a";
            let lead = match (when.kind, self.lexicon.language) {
                (WhenKind::Bare, Language::Fr) if aged => format!("à {}", when.span),
                (WhenKind::Bare, Language::Fr) => format!("dans {}", when.span),
                (WhenKind::Bare, Language::En) => format!("in {}", when.span),
                _ => when.text.clone(),
            };
            let with = a
                .mentions_in(run)
                .find_map(|m| m.of(self.lexicon, Family::Referral))
                .filter(|_| self.lexicon.language == Language::En)
                .map(|e| format!(" with {}", e.concept));
            let tail = with.unwrap_or_else(|| self.tail(scene, when.tokens.end));
            fact.text = Some(format!("{} {lead}{tail}", words.see_again));
            self.add(scene, fact, run);
            return true;
        }
        false
    }

    /// "avec le bilan": what the visit is for, if it follows shortly.
    pub(super) fn tail(&self, scene: &Scene<'_>, from: usize) -> String {
        let a = scene.analysis;
        let lead = ["avec", "pour", "with", "for", "to"];
        let starts = (from..scene.run.end.min(from + 2)).find(|at| lead.contains(&a.word(*at)));
        let Some(start) = starts else { return String::new() };
        let clause = scene.clause(start);
        let end = clause.end.min(start + 8);
        let text = a.quote(&(start..end)).quote;
        format!(" {text}")
    }

    /// The conditions of a sentence: what follows "si", without the main clause.
    pub(super) fn condition_text(&self, scene: &Scene<'_>) -> Option<String> {
        let a = scene.analysis;
        let first = a.cues.iter().find(|c| {
            c.cue == Cue::Conditional
                && scene.run.contains(&c.tokens.start)
                && !["quand", "when", "des"].contains(&a.word(c.tokens.start))
        })?;
        let start = first.tokens.end;
        // The main clause begins at the first comma whose next words act.
        let acts = |at: usize| {
            let comma = a.tokens.get(at - 1).is_some_and(|t| t.after >= crate::text::Gap::Comma);
            a.cues.iter().any(|c| {
                matches!(c.cue, Cue::Alert | Cue::Return | Cue::Order | Cue::Prescribe)
                    && c.tokens.start == at
            }) || comma && ["on", "je", "j", "nous", "we", "i"].contains(&a.word(at))
                || a.word(at) == "faut"
                || a.word(at) == "il" && a.word(at + 1) == "faut"
                || (["on", "vous", "tu", "je", "we"].contains(&a.word(at)) || comma && a.word(at) == "la")
                    && a.cues.iter().any(|c| {
                        matches!(c.cue, Cue::Alert | Cue::Order | Cue::Return | Cue::Prescribe)
                            && c.tokens.start >= at
                            && c.tokens.start <= at + 4
                    })
        };
        let mut end = scene.run.end;
        for at in start + 1..scene.run.end {
            let comma = a.tokens.get(at - 1).is_some_and(|t| t.after >= crate::text::Gap::Comma);
            if (comma || a.raw) && acts(at) {
                end = at;
                break;
            }
        }
        // "Si vous ne voulez pas", "si vous préférez": a wish, no sign.
        let wished = (start..end.min(start + 5)).any(|i| {
            [
                "voulez",
                "veux",
                "souhaitez",
                "preferez",
                "preferes",
                "pouvez",
                "peux",
                "want",
                "prefer",
                "like",
            ]
            .contains(&a.word(i))
        });
        (end > start && !wished).then(|| crate::compose::conditions(a, &(start..end), self.lexicon.language))
    }
}
