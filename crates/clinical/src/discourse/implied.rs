//! Answers that say neither yes nor no and mean one: "dix par jour", "quand j'étais petit".

use note::Kind;

use super::answer::Pending;
use super::reply::Answer;
use super::{Discourse, Scene};
use crate::context::About;
use crate::lexicon::Cue;
use crate::quantity::WhenKind;

impl Discourse {
    /// An answer without yes or no: a time, a number, or a short elaboration of a single thing asked.
    pub(super) fn implied(&self, scene: &Scene<'_>, pending: &Pending) -> Option<Answer> {
        let a = scene.analysis;
        // Who is named late in an answer ("depuis la mort de mon mari") does not take it over.
        if scene.question || scene.about.iter().take(6).any(|b| *b != About::Patient) {
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
        // "Le Lasilix, à combien ? — Quarante, un le matin."
        let of_drug = last.len() == 1
            && last.iter().all(|asked| asked.yes.as_ref().is_some_and(|f| f.kind == Kind::Drug));
        if of_drug
            && scene.by_patient()
            && !a.any(&[Cue::Stopped, Cue::NoMore, Cue::NotTaken], &scene.run)
            && !a.cues.iter().any(|c| {
                // "Zéro vingt-cinq" denies nothing.
                c.cue == Cue::Negation
                    && scene.run.contains(&c.tokens.start)
                    && a.word(c.tokens.start) != "zero"
            })
        {
            let read = self.read(scene, scene.run.clone(), true);
            let begins = read.tokens.first().is_some_and(|t| t.start <= scene.run.start + 1);
            if begins && (read.dose.is_some() || read.frequency.is_some()) {
                return Some(Answer::Yes);
            }
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
