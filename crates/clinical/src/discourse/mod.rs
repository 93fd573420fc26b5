//! The visit as it goes: sentences come one by one, and rules turn their mentions into facts. Nothing here looks ahead, so
//! segments may be pushed while people still speak.

mod allergy;
mod answer;
mod around;
mod asked;
mod asking;
mod attach;
mod background;
mod bleeding;
mod character;
mod condition;
mod denial;
mod drug;
mod drug_talk;
mod echo;
mod follow_up;
mod function;
mod habit;
mod illness;
mod implied;
mod lone_measure;
mod looked_for;
mod measures;
mod named_test;
mod often;
mod pain;
mod phase;
mod plain;
mod plan;
mod posing;
mod reply;
mod role;
mod shot;
mod site;
mod stage;
mod strength;
mod topic;
mod turn;
mod unread;
mod weight;
mod which_side;
mod working;

use std::ops::Range;

use note::{Omission, SectionId};

use crate::analysis::{Analysis, Mention};
use crate::context::About;
use crate::fact::{Fact, Place};
use crate::lexicon::Lexicon;
use answer::Pending;
pub(crate) use role::{Role, points};
pub(crate) use unread::Unread;

/// Where the visit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Phase {
    #[default]
    Opening,
    History,
    Examination,
    Conclusion,
    Plan,
}

/// What the last question was about, besides what it named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    Allergy,
    Treatment,
    History,
    Onset,
    Frequency,
    Occupation,
    Family,
    Surgery,
    Vaccine,
    Pain,
    Worry,
    Lasting,
}

/// A vital sign or test named without its value.
#[derive(Debug, Clone)]
pub(crate) struct OpenMeasure {
    mention: Mention,
    source: note::Source,
    place: Place,
    sentences_left: u8,
}

/// "Et la Ventoline ?", asked by the patient; or a drug that the doctor named before its posology.
#[derive(Debug, Clone)]
pub(crate) struct Wondered {
    mention: Mention,
    source: note::Source,
    segment: u32,
}

impl Wondered {
    fn of(scene: &Scene<'_>, mention: &Mention) -> Self {
        let a = scene.analysis;
        Self { mention: mention.clone(), source: a.quote(&mention.tokens), segment: a.index }
    }
}

/// A question whose words are kept until its answer comes.
#[derive(Debug, Clone)]
pub(crate) struct OpenQuestion {
    text: String,
    source: note::Source,
    place: Place,
}

/// Facts of the last sentence, if another person may deny them.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    facts: Range<usize>,
    segment: u32,
}

/// A mention which no fact took.
#[derive(Debug, Clone)]
pub(crate) struct Left {
    pub omission: Omission,
}

/// Everything remembered of the visit so far.
#[derive(Clone)]
pub(crate) struct Discourse {
    lexicon: &'static Lexicon,
    pub facts: Vec<Fact>,
    pub left: Vec<Left>,
    pub unread: Vec<Unread>,
    phase: Phase,
    examined: bool,
    /// The doctor has named a conclusion.
    concluded: bool,
    pending: Option<Pending>,
    topic: Option<Topic>,
    carried: About,
    /// Nobody is named, and someone speaks for the patient.
    proxied: bool,
    /// Nobody is named, and a patient told what ails them.
    own_voice: bool,
    /// Sentences of the first person about no one else, up to two: whoever says them is the one who is seen.
    own_turns: u8,
    /// The patient is a child: someone speaks for them.
    child: bool,
    /// What their companion called the patient.
    seen_as: Option<crate::lexicon::EntryId>,
    last_role: Role,
    last_asked: bool,
    last_segment: Option<u32>,
    /// The segment before this one, and its speaker.
    spoken: Option<(u32, note::Speaker)>,
    /// Two people talk: someone asked, or spoke as "I".
    talk: bool,
    /// The drug named last, with its segment, whatever was said of it.
    named_drug: Option<(u32, Mention)>,
    /// The test named last, with its segment and words.
    named_test: Option<(u32, note::Source, String)>,
    /// A question about eating, drinking, walking and the like, which no rule reads.
    open_question: Option<OpenQuestion>,
    /// Functions the doctor asked of in this turn: "l'appétit, le sommeil ?".
    working: Vec<working::AskedOf>,
    /// What the sentence before told, which the next may deny.
    told: Option<Told>,
    /// The question before asked on which side.
    side_asked: bool,
    /// The complaints that the last question named, and its segment.
    asked_about: Option<(u32, Vec<String>)>,
    /// "A day", of "how many do you smoke a day?".
    asked_period: Option<&'static str>,
    /// The segment that asked for a score out of ten.
    scored: Option<u32>,
    last_symptom: Option<usize>,
    last_drug: Option<usize>,
    last_allergy: Option<usize>,
    open_measure: Option<OpenMeasure>,
    /// Patient's sentences that told a complaint.
    complaints: u8,
    /// Questions of the doctor.
    questions: u8,
    /// Segment of the complaint that opened the visit.
    motif: Option<u32>,
    /// Segment in which the doctor thinks aloud.
    musing: Option<u32>,
    /// A drug or device the patient asked about: the doctor's answer may prescribe it.
    wondered: Option<Wondered>,
}

/// A sentence with what was worked out about it.
pub(crate) struct Scene<'a> {
    pub analysis: &'a Analysis,
    pub run: Range<usize>,
    pub role: Role,
    pub question: bool,
    pub about: Vec<About>,
}

impl Scene<'_> {
    pub fn about(&self, at: usize) -> About {
        at.checked_sub(self.run.start).and_then(|i| self.about.get(i)).copied().unwrap_or_default()
    }

    pub fn place(&self, at: usize) -> Place {
        (self.analysis.index, u32::try_from(at).unwrap_or(u32::MAX))
    }

    pub fn clause(&self, at: usize) -> Range<usize> {
        self.analysis.clause(&self.run, at)
    }

    pub fn by_patient(&self) -> bool {
        matches!(self.role, Role::Patient | Role::Companion)
    }

    /// The doctor, or someone who dictates.
    pub fn by_doctor(&self) -> bool {
        matches!(self.role, Role::Doctor | Role::Narrator)
    }
}

impl Discourse {
    pub fn new(lexicon: &'static Lexicon) -> Self {
        Self {
            lexicon,
            facts: Vec::new(),
            left: Vec::new(),
            unread: Vec::new(),
            phase: Phase::Opening,
            examined: false,
            concluded: false,
            pending: None,
            topic: None,
            carried: About::Patient,
            proxied: false,
            own_voice: false,
            own_turns: 0,
            child: false,
            seen_as: None,
            last_role: Role::Narrator,
            last_asked: false,
            last_segment: None,
            spoken: None,
            talk: false,
            named_drug: None,
            named_test: None,
            open_question: None,
            working: Vec::new(),
            told: None,
            side_asked: false,
            asked_about: None,
            asked_period: None,
            scored: None,
            last_symptom: None,
            last_drug: None,
            last_allergy: None,
            open_measure: None,
            complaints: 0,
            questions: 0,
            motif: None,
            musing: None,
            wondered: None,
        }
    }

    pub(crate) fn add(&mut self, scene: &Scene<'_>, mut fact: Fact, tokens: &Range<usize>) -> usize {
        fact.probability = fact.probability.or_else(|| scene.analysis.least_probability(tokens));
        if scene.analysis.suspect {
            fact.flag(note::Flag::SuspectAudio);
        }
        // What a doctor finds is as good as what a patient tells of themselves.
        let found = scene.by_doctor() && !scene.question && self.phase >= Phase::Examination;
        fact.firsthand = scene.analysis.speaker != note::Speaker::Unknown
            || found
            || scene.by_patient() && role::firsthand(scene.analysis, &scene.run);
        self.facts.push(fact);
        self.facts.len() - 1
    }

    /// Keeps a mention that no rule was sure of.
    pub(crate) fn leave(&mut self, scene: &Scene<'_>, mention: &Mention, concept: &str) {
        let clause = scene.clause(mention.tokens.start);
        let run = clause.start..clause.end.max(mention.tokens.end);
        let source = scene.analysis.quote(&run);
        let omission =
            Omission { segment: source.segment, quote: source.quote, concept: Some(concept.to_owned()) };
        self.left.push(Left { omission });
    }

    /// Whether a fact of this concept already stands in a section.
    pub(crate) fn known(&self, concept: &str, section: SectionId) -> bool {
        self.facts.iter().any(|f| f.concept == concept && f.section == section)
    }
}
