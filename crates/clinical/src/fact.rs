use note::{Attributes, Experiencer, Flag, Kind, Polarity, SectionId, Source, Temporality};

/// Where a fact was first said: segment, then token.
pub(crate) type Place = (u32, u32);

/// What a rule read: a statement before wording, merging and doubt.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fact {
    pub section: SectionId,
    pub kind: Kind,
    pub concept: String,
    /// The name to write when it differs from the concept: a brand, the name with its qualifiers.
    pub name: Option<String>,
    /// The whole wording, when a rule composed it.
    pub text: Option<String>,
    pub polarity: Polarity,
    pub experiencer: Experiencer,
    /// "mère", for a relative's condition.
    pub relation: Option<String>,
    pub temporality: Temporality,
    pub attributes: Attributes,
    pub sources: Vec<Source>,
    pub place: Place,
    /// Facts denied by one answer share a group and are written together.
    pub group: Option<Place>,
    /// Certainty of the rule, 0 to 1.
    pub certainty: f32,
    pub flags: Vec<Flag>,
    pub suggestions: Vec<String>,
    /// Lowest word probability of its words.
    pub probability: Option<f32>,
    /// Told by a known speaker, or by someone of themselves: a denial does not undo it.
    pub firsthand: bool,
    /// What is done to a treatment.
    pub action: Option<Action>,
    /// Taken back by whoever said it: no statement is made of it.
    pub withdrawn: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Renew,
    Increase,
    Decrease,
    Stopped,
    /// Reported by the patient, not measured here.
    Reported,
}

impl Fact {
    pub fn new(
        section: SectionId,
        kind: Kind,
        concept: impl Into<String>,
        place: Place,
        source: Source,
    ) -> Self {
        Self {
            section,
            kind,
            concept: concept.into(),
            name: None,
            text: None,
            polarity: Polarity::Present,
            experiencer: Experiencer::Patient,
            relation: None,
            temporality: Temporality::Current,
            attributes: Attributes::new(),
            sources: vec![source],
            place,
            group: None,
            certainty: 0.9,
            flags: Vec::new(),
            suggestions: Vec::new(),
            probability: None,
            firsthand: true,
            action: None,
            withdrawn: false,
        }
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.attributes.entry(name.to_owned()).or_insert_with(|| value.into());
    }

    pub fn flag(&mut self, flag: Flag) {
        if !self.flags.contains(&flag) {
            self.flags.push(flag);
        }
    }

    pub fn cite(&mut self, source: Source) {
        if !self.sources.contains(&source) {
            self.sources.push(source);
        }
    }

    /// Turns what was told into its denial, for the words that deny it; nobody comes for what they do not have.
    pub fn deny(&mut self, source: Source) {
        self.polarity = Polarity::Absent;
        if self.section == SectionId::Motif {
            self.section = SectionId::Histoire;
        }
        self.attributes.clear();
        self.cite(source);
    }

    /// Takes over what another telling of the same fact adds.
    pub fn absorb(&mut self, other: Self) {
        for (name, value) in other.attributes {
            self.attributes.entry(name).or_insert(value);
        }
        for source in other.sources {
            self.cite(source);
        }
        for flag in other.flags {
            self.flag(flag);
        }
        self.certainty = self.certainty.max(other.certainty);
        self.action = self.action.or(other.action);
        self.name = self.name.take().or(other.name);
        self.probability = match (self.probability, other.probability) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
}
