//! Where no rule is sure: the words themselves, shortened, when their place in the visit says that they matter.

use std::ops::Range;

use note::{Kind, Polarity, SectionId};

use super::{Discourse, Phase, Role, Scene};
use crate::compose::telegraph;
use crate::context::About;
use crate::fact::Fact;
use crate::lexicon::{Cue, Family};
use crate::text::Gap;

const SECOND: &[&str] = &["ta", "ton", "tes", "votre", "vos", "vous", "tu", "toi", "your", "you"];
const DENIALS: &[&str] = &["pas", "aucun", "aucune", "sans", "no", "not"];
const LIVING: &[&str] = &["vis", "vit", "habite", "habitons", "travaille", "bosse", "loge", "live", "work"];
/// Words that judge or count and name nothing.
const OF_NOTHING: &[&str] = &[
    "presents",
    "presentes",
    "present",
    "presente",
    "beaucoup",
    "tenue",
    "petit",
    "petite",
    "petits",
    "diminue",
    "diminuee",
    "augmente",
    "augmentee",
    "droite",
    "gauche",
    "cotes",
    "toujours",
    "encore",
    "moins",
    "mieux",
    "aussi",
    "autre",
    "autres",
    "meme",
    "comme",
    "avant",
    "apres",
    "depuis",
    "aujourd",
    "still",
    "again",
    "there",
    "little",
    "quite",
    "really",
    "sides",
    "better",
    "worse",
    "other",
    "right",
];
impl Discourse {
    /// Takes what the sentence says beside the facts it made (`from` on).
    pub(super) fn plain(&mut self, scene: &Scene<'_>, from: usize) {
        let a = scene.analysis;
        let first = a.mark(scene.run.start);
        if scene.question || first.hypothetical || a.has(Cue::SmallTalk, &scene.run) {
            return;
        }
        let silent = self.facts.len() == from;
        match (scene.role, self.phase) {
            (Role::Doctor, Phase::Examination) => self.plain_findings(scene, from),
            (Role::Patient | Role::Companion, Phase::Opening | Phase::History) if silent => {
                self.plain_reason(scene);
                self.plain_living(scene);
            }
            _ => {}
        }
    }

    /// Clauses of an examination that no finding covers.
    fn plain_findings(&mut self, scene: &Scene<'_>, from: usize) {
        let a = scene.analysis;
        let mut start = scene.run.start;
        for end in scene.run.start + 1..=scene.run.end {
            let closes = end == scene.run.end || a.tokens.get(end - 1).is_some_and(|t| t.after >= Gap::Comma);
            if !closes {
                continue;
            }
            let clause = start..end;
            // "Le genou gauche, pas d'épanchement": a site alone says what the next clause is about.
            let bare = clause.clone().all(|i| {
                [
                    "le", "la", "les", "l", "du", "de", "droit", "droite", "gauche", "au", "niveau", "alors",
                    "et", "a", "pour", "des", "deux", "cote", "cotes", "tres", "bien", "the", "left",
                    "right", "both", "sides", "now", "and", "your", "so", "then",
                ]
                .contains(&a.word(i))
                    || a.mentions_in(&clause)
                        .any(|m| m.tokens.contains(&i) && m.of(self.lexicon, Family::Anatomy).is_some())
            });
            if bare {
                start = end;
                continue;
            }
            start = end;
            let covered = self
                .facts
                .iter()
                .skip(from)
                .any(|f| f.place.0 == a.index && clause.contains(&(f.place.1 as usize)))
                || self.facts.iter().any(|f| {
                    f.section == SectionId::Examen
                        && f.place.0 == a.index
                        && clause.contains(&(f.place.1 as usize))
                });
            // "Stand up and walk", "palms up": said to make the patient move.
            const BIDS: &[&str] = &[
                "stand", "walk", "touch", "pop", "hop", "push", "pull", "follow", "squeeze", "close", "open",
                "lift", "bend", "give", "let", "put", "turn", "lie", "sit", "hold", "look", "straight",
                "palms", "breathe", "relax",
            ];
            let bids = self.lexicon.language == note::Language::En
                && clause.clone().take(4).any(|i| BIDS.contains(&a.word(i)));
            let spoken_to = bids
                || clause.clone().any(|i| {
                    SECOND.contains(&a.word(i))
                        || a.word(i).ends_with("ez")
                        || ["je", "j", "i", "ne", "on"].contains(&a.word(i))
                });
            let site = a.mentions_in(&clause).any(|m| m.of(self.lexicon, Family::Anatomy).is_some());
            let judged = a.qualifiers.iter().any(|q| q.of != "character" && clause.contains(&q.tokens.start))
                || clause.clone().any(|i| DENIALS.contains(&a.word(i)));
            let sized = (2..=14).contains(&clause.len())
                && (site || !["ca", "c", "n", "sans"].contains(&a.word(clause.start)));
            let ordered = a.mentions_in(&clause).any(|m| m.of(self.lexicon, Family::Test).is_some());
            // "The right one is normal": of what, only the sentence before tells.
            let idle = ["that", "yeah", "yes", "great", "good", "okay", "ok", "lovely", "this"];
            let nameless =
                !site && (clause.clone().any(|i| a.word(i) == "one") || idle.contains(&a.word(clause.start)));
            // "Un peu diminuée", "présents des deux côtés": of what, nobody can tell from the note.
            let after_a_site = self
                .facts
                .get(from..)
                .and_then(<[Fact]>::last)
                .is_some_and(|f| f.text.is_some() && f.section == SectionId::Examen);
            let named = site
                || after_a_site
                || clause.clone().any(|i| {
                    let word = a.word(i);
                    word.len() >= 5
                        && !word.starts_with(|c: char| c.is_ascii_digit())
                        && !a.qualifiers.iter().any(|q| q.tokens.contains(&i))
                        && !OF_NOTHING.contains(&word)
                });
            if covered
                || !named
                || nameless
                || ordered
                || spoken_to
                || !sized
                || !(site || judged && self.examining(a.index) && clause.len() <= 6)
                || a.has(Cue::Examination, &clause)
                || a.mark(clause.start).conditional
            {
                continue;
            }
            // "…, le gauche est normal" goes on about the site before.
            let goes_on = self.facts.len().checked_sub(1).filter(|at| !site && *at >= from);
            if let Some(last) = goes_on
                .and_then(|at| self.facts.get_mut(at))
                .filter(|f| f.text.is_some() && f.section == SectionId::Examen)
            {
                let more = telegraph(a, &clause, self.lexicon.language).to_lowercase();
                last.text = last.text.take().map(|text| format!("{text}, {more}"));
                last.sources = vec![a.quote(&(last.place.1 as usize..clause.end))];
                continue;
            }
            // "Quatre pas, bravo" denies nothing.
            let steps = |i: usize| {
                a.word(i) == "pas"
                    && i > clause.start
                    && crate::quantity::number_at(&a.tokens, i - 1, self.lexicon.language)
                        .is_some_and(|n| !n.article)
            };
            let absent = clause.clone().any(|i| DENIALS.contains(&a.word(i)) && !steps(i));
            self.say(
                scene,
                clause,
                SectionId::Examen,
                Kind::Finding,
                if absent { Polarity::Absent } else { Polarity::Present },
            );
        }
    }

    /// Something was examined in this segment or just before.
    fn examining(&self, segment: u32) -> bool {
        self.facts
            .iter()
            .rev()
            .take(6)
            .any(|f| f.section == SectionId::Examen && segment.saturating_sub(f.place.0) <= 2)
    }

    /// "C'est ma cheville, j'ai loupé une marche": why the patient came, where no complaint is known.
    fn plain_reason(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        let run = scene.run.clone();
        let word = |i: usize| a.word(run.start + i);
        // "C'est pour Louise" names who is seen, not why.
        const MATTERS: &[&str] = &[
            "un",
            "une",
            "le",
            "la",
            "l",
            "les",
            "mon",
            "ma",
            "mes",
            "des",
            "du",
            "de",
            "faire",
            "avoir",
            "refaire",
            "renouveler",
            "voir",
            "parler",
            "savoir",
            "ca",
        ];
        let says = word(0) == "c"
            && word(1) == "est"
            && (["mon", "ma", "mes"].contains(&word(2)) || word(2) == "pour" && MATTERS.contains(&word(3)))
            || run.clone().take(4).any(|i| {
                ["je", "on"].contains(&a.word(i))
                    && ["viens", "vient", "venais", "voudrais"].contains(&a.word(i + 1))
            })
            || ["i", "it"].contains(&word(0))
                && ["came", "s"].contains(&word(1))
                && ["my", "about", "for"].contains(&word(2));
        let first = self.phase == Phase::Opening
            && self.complaints == 0
            && !self.facts.iter().any(|f| f.section == SectionId::Motif);
        if !says
            || !first
            || !(4..=18).contains(&run.len())
            || scene.about.iter().any(|b| *b != About::Patient)
        {
            return;
        }
        self.say(scene, run, SectionId::Motif, Kind::Other, Polarity::Present);
    }

    fn plain_living(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        let run = scene.run.clone();
        let own = scene.about.iter().all(|b| *b == About::Patient);
        let english = self.lexicon.language == note::Language::En;
        let living = run.clone().any(|i| {
            LIVING.contains(&a.word(i)) && (!english || ["i", "we"].contains(&a.word(i.wrapping_sub(1))))
        });
        if living && own && (3..=16).contains(&run.len()) && !a.any(&[Cue::Negation, Cue::Unknown], &run) {
            self.say(scene, run, SectionId::ModeDeVie, Kind::Lifestyle, Polarity::Present);
        }
    }

    fn say(
        &mut self,
        scene: &Scene<'_>,
        run: Range<usize>,
        section: SectionId,
        kind: Kind,
        polarity: Polarity,
    ) {
        let text = telegraph(scene.analysis, &run, self.lexicon.language);
        if text.split_whitespace().count() < 2 {
            return;
        }
        let mut fact =
            Fact::new(section, kind, text.to_lowercase(), scene.place(run.start), scene.analysis.quote(&run));
        fact.text = Some(text);
        // Below what the screens call sure: the doctor is shown it.
        fact.certainty = 0.45;
        fact.polarity = polarity;
        self.add(scene, fact, &run);
    }
}
