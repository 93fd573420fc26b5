//! Eating, drinking, walking, sleeping: what a doctor asks of daily functions is answered in any words, which are kept as said.

use note::{Kind, Polarity, SectionId};

use super::reply::Answer;
use super::{Discourse, OpenQuestion, Phase, Scene};
use crate::compose::telegraph;
use crate::context::About;
use crate::fact::Fact;
use crate::lexicon::Cue;
use crate::wording::NBSP;

/// Words of functions and circumstances, folded.
const FUNCTIONS: &[&str] = &[
    "mange",
    "manges",
    "mangez",
    "manger",
    "bois",
    "boit",
    "buvez",
    "boire",
    "eau",
    "urine",
    "urines",
    "urinez",
    "uriner",
    "pipi",
    "couches",
    "selles",
    "selle",
    "transit",
    "dort",
    "dors",
    "dormez",
    "dormir",
    "sommeil",
    "marche",
    "marcher",
    "marchez",
    "marches",
    "poser",
    "plier",
    "bouger",
    "bouge",
    "escaliers",
    "escalier",
    "effort",
    "efforts",
    "etages",
    "malade",
    "malades",
    "entourage",
    "contact",
    "voyage",
    "voyages",
    "regles",
    "rapports",
    "appetit",
    "poids",
    "moral",
    "respire",
    "pilulier",
    "oubliez",
    "oublie",
    "tolere",
    "tolerez",
    "supportez",
    "supporte",
    "autonome",
    "toilette",
    "habille",
    "courses",
    "rythme",
    "biberons",
    "biberon",
    "tetees",
    "tete",
    "allaite",
    "sort",
    "humeur",
    "energie",
    "equilibre",
    "alimentation",
    "hydrate",
    "appuyer",
    "eat",
    "eating",
    "drink",
    "drinking",
    "sleep",
    "sleeping",
    "walk",
    "walking",
    "appetite",
    "bowels",
    "urine",
    "periods",
    "travel",
    "travelled",
    "mood",
    "weight",
    "stairs",
    "ill",
    "sick",
    "anyone",
    "anybody",
    "period",
];

impl Discourse {
    /// Keeps a question about a function when no rule read anything in it.
    pub(super) fn asks_of_functions(&mut self, scene: &Scene<'_>) {
        let a = scene.analysis;
        self.open_question = None;
        let asked = self.pending.as_ref().is_some_and(super::answer::Pending::names_something);
        let function = scene.run.clone().any(|at| FUNCTIONS.contains(&a.word(at)));
        if asked
            || !function
            || self.topic.is_some_and(|topic| {
                // "When was your last period?"
                topic != super::Topic::Onset || !scene.run.clone().any(|at| a.word(at) == "period")
            })
            || self.open_measure.is_some()
            || self.phase > Phase::History
            || !(2..=if self.lexicon.language == note::Language::En { 20 } else { 12 })
                .contains(&scene.run.len())
            || scene.about.iter().any(|b| *b != About::Patient)
            || a.any(&[Cue::Hypothesis, Cue::SmallTalk], &scene.run)
        {
            return;
        }
        self.open_question = Some(OpenQuestion {
            text: telegraph(a, &asked_part(scene), self.lexicon.language),
            source: a.quote(&scene.run),
            place: scene.place(scene.run.start),
        });
    }

    /// The answer to it, in the words of both.
    pub(super) fn told_of_functions(&mut self, scene: &Scene<'_>, from: usize, answer: Option<Answer>) {
        let a = scene.analysis;
        let Some(question) = self.open_question.clone() else { return };
        if scene.question || !scene.by_patient() || question.source.segment == a.index {
            return;
        }
        self.open_question = None;
        let late = a.index.saturating_sub(question.source.segment) > 2;
        let read = self.facts.len() > from;
        let unknown = matches!(answer, Some(Answer::Unknown));
        // Who else is ill is about others.
        let around = ["malade", "entourage", "contact", "ill", "sick", "same", "unwell", "poorly"]
            .iter()
            .any(|w| crate::text::tokenize(&question.text).iter().any(|t| t.is(w)));
        let others = scene.about.iter().any(|b| *b != About::Patient) && !around;
        let long = if self.lexicon.language == note::Language::En { 24 } else { 16 };
        if late || read || unknown || scene.run.len() > long || others {
            return;
        }
        let short = telegraph(a, &scene.run, self.lexicon.language).to_lowercase();
        let bare = match answer {
            Some(Answer::No) if short.split_whitespace().count() <= 2 => Some("non"),
            Some(Answer::Yes | Answer::Fine) if short.split_whitespace().count() <= 2 => Some("oui"),
            _ => None,
        };
        // A few words are clearer whole than shortened: "une fois, un dimanche".
        let cut = short.split_whitespace().count() * 2 < scene.run.len();
        let said = if self.lexicon.language == note::Language::Fr && scene.run.len() <= 8 && cut {
            a.quote(&scene.run).quote.to_lowercase()
        } else {
            short
        };
        let said = match (bare, self.lexicon.language) {
            (Some("oui"), note::Language::En) => "yes".to_owned(),
            (Some("non"), note::Language::En) => "no".to_owned(),
            (Some(word), _) => word.to_owned(),
            (None, _) if answer == Some(Answer::Yes) && !said.starts_with("oui") => {
                format!("{}, {said}", if self.lexicon.language == note::Language::Fr { "oui" } else { "yes" })
            }
            (None, _) => said,
        };
        if question.text.is_empty() || said.is_empty() {
            return;
        }
        let colon =
            if self.lexicon.language == note::Language::Fr { format!("{NBSP}: ") } else { ": ".into() };
        let contacts = around && self.lexicon.language == note::Language::En;
        if contacts && bare.is_none() && answer == Some(Answer::No) {
            return;
        }
        let asked = if contacts { "Sick contacts" } else { question.text.as_str() };
        let text = format!("{asked}{colon}{said}");
        let mut fact = Fact::new(
            SectionId::Histoire,
            Kind::Other,
            question.text.to_lowercase(),
            question.place,
            question.source,
        );
        fact.text = Some(text);
        fact.polarity = if bare == Some("non") { Polarity::Absent } else { Polarity::Present };
        fact.certainty = 0.5;
        fact.cite(a.quote(&scene.run));
        let run = scene.run.clone();
        self.add(scene, fact, &run);
    }
}

/// A question without the words that lead up to what it asks: "and how about your periods?".
fn asked_part(scene: &Scene<'_>) -> std::ops::Range<usize> {
    const LEAD: &[&str] = &[
        "and", "how", "about", "what", "s", "so", "okay", "ok", "right", "have", "you", "any", "are", "is",
        "your", "been", "do", "does", "um", "uh", "noticed",
    ];
    let start =
        scene.run.clone().find(|at| !LEAD.contains(&scene.analysis.word(*at))).unwrap_or(scene.run.start);
    start.min(scene.run.end.saturating_sub(1))..scene.run.end
}
