/// Classes of words that turn the meaning of what stands near them. `cues.tsv` gives their words.
macro_rules! cues {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Cue { $($(#[$doc])* $variant,)* }
        impl Cue {
            pub fn named(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

cues! {
    /// Denies what follows ("pas de").
    Negation = "negation",
    /// Denies what stands just before ("négatif", "non").
    NegationAfter = "negation_after",
    /// Looks like a negation and is none ("pas seulement").
    PseudoNegation = "pseudo_negation",
    /// Ends the reach of any cue ("mais").
    Stop = "stop",
    /// Makes what follows possible only ("peut-être").
    Uncertain = "uncertain",
    /// Thinking aloud: what follows is no fact ("ça peut être").
    Hypothesis = "hypothesis",
    /// Ruled out by the doctor ("on n'est pas sur").
    RuledOut = "ruled_out",
    /// What follows is a condition ("si").
    Conditional = "conditional",
    /// Read from a leaflet or a list.
    Readout = "readout",
    /// Belongs to the past ("j'ai eu", "avant").
    Past = "past",
    /// Has been stopped ("j'ai arrêté").
    Stopped = "stopped",
    /// The doctor stops a drug ("on arrête").
    StopDrug = "stop_drug",
    /// The doctor keeps off something ("surtout pas de", "pas besoin de").
    Forbid = "forbid",
    /// Not taken, not wanted ("je l'ai pas pris").
    NotTaken = "not_taken",
    /// Prescribes ("je vous mets").
    Prescribe = "prescribe",
    /// Renews ("je vous renouvelle").
    Renew = "renew",
    /// Raises a dose.
    Increase = "increase",
    /// Lowers a dose.
    Decrease = "decrease",
    /// Takes ("je prends").
    Take = "take",
    /// Took for this illness ("j'ai pris").
    Took = "took",
    /// Orders ("on va faire").
    Order = "order",
    /// Was done, has a result ("vous avez fait").
    Done = "done",
    /// Allergic to.
    Allergic = "allergic",
    /// What a drug did to someone ("ça m'a donné").
    Reacted = "reacted",
    /// Asks ("est-ce que").
    Question = "question",
    /// Opens a sentence where there is no punctuation.
    Split = "split",
    /// A patient asks the doctor ("il faut que je").
    PatientAsks = "patient_asks",
    /// An answer: yes.
    Yes = "yes",
    /// An answer: no.
    No = "no",
    /// An answer: a little.
    Some = "some",
    /// An answer: no more.
    NoMore = "no_more",
    /// An answer: do not know.
    Unknown = "unknown",
    /// An answer of normality ("ça va").
    Fine = "fine",
    /// Takes back what was just said ("non pardon").
    Correction = "correction",
    TopicAllergy = "topic_allergy",
    TopicTreatment = "topic_treatment",
    TopicHistory = "topic_history",
    TopicOnset = "topic_onset",
    TopicFrequency = "topic_frequency",
    TopicOccupation = "topic_occupation",
    TopicFamily = "topic_family",
    TopicSurgery = "topic_surgery",
    /// Asks what someone fears or thinks it is.
    TopicWorry = "topic_worry",
    /// Asks how long each bout lasts.
    TopicLasting = "topic_lasting",
    /// The doctor asks why the patient came.
    Opening = "opening",
    /// The examination begins ("je vous examine").
    Examination = "examination",
    /// The doctor concludes ("donc c'est").
    Conclusion = "conclusion",
    /// See again ("on se revoit").
    Return = "return",
    /// Come back if ("revenez", "appelez le 15").
    Alert = "alert",
    /// It is me again ("moi", "je").
    Myself = "myself",
    /// Advises ("il faut", "évitez").
    Advise = "advise",
    /// Works as ("je travaille comme").
    WorksAs = "works_as",
    /// Doctor's way of speaking.
    DoctorSpeech = "doctor_speech",
    /// Patient's way of speaking.
    PatientSpeech = "patient_speech",
    /// It hurts there ("ça fait mal", "vous avez mal").
    Pain = "pain",
    /// No improvement ("pas mieux", "persiste").
    NotBetter = "not_better",
    /// The doctor says what will be done ("what I'd suggest is").
    Plan = "plan",
    /// What stands before it is put off or was only considered ("c'est pour plus tard").
    PutOff = "put_off",
    /// Small talk: nothing clinical follows.
    SmallTalk = "small_talk",
}
