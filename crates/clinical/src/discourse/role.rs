use std::ops::Range;

use note::Speaker;

use crate::analysis::Analysis;
use crate::lexicon::Cue;

/// Who speaks in a sentence, as far as it is known or can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Doctor,
    Patient,
    Companion,
    /// No telling, or the doctor dictating.
    Narrator,
}

impl Role {
    pub const fn speaker(self) -> Speaker {
        match self {
            Self::Doctor => Speaker::Doctor,
            Self::Patient => Speaker::Patient,
            Self::Companion => Speaker::Companion,
            Self::Narrator => Speaker::Unknown,
        }
    }
}

/// What is known of who spoke before, where nobody is named.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Before {
    pub role: Role,
    /// The last sentence asked something.
    pub asked: bool,
    /// The last sentence stood in another segment.
    pub changed: bool,
    /// Someone was heard asking or telling as "I": this is a talk, not a dictation.
    pub talk: bool,
    /// The doctor examines or concludes already.
    pub late: bool,
}

const SECOND: &[&str] =
    &["vous", "tu", "votre", "vos", "ton", "tes", "toi", "t", "you", "your", "avez", "etes", "prenez"];
const FIRST: &[&str] = &["je", "j", "moi", "mon", "ma", "mes", "m", "me", "i", "my", "nous"];
/// "Je vous examine", "je lui mets": an "I" who acts on another.
const OBJECTS: &[&str] = &[
    "vous",
    "te",
    "t",
    "lui",
    "leur",
    "you",
    "le",
    "l",
    "la",
    "vais",
    "regarde",
    "pense",
    "prescris",
    "note",
    "desinfecte",
    "mets",
    "fais",
    "palpe",
    "appuie",
    "examine",
    "ecoute",
    "ausculte",
    "recouds",
    "prefere",
    "propose",
    "demande",
    "renouvelle",
    "vois",
    "retrouve",
    "entends",
    "dirais",
    "conseille",
    "reste",
    "marque",
    "adresse",
    "envoie",
    "laisse",
    "passe",
    "tape",
    "rajoute",
    "ajoute",
    "refais",
    "garde",
    "mesure",
    "crois",
    "comprends",
    "dicte",
    "lave",
    "anesthesie",
    "pose",
    "appelle",
    "renvoie",
    "souhaite",
    "revois",
    "verifie",
    "prends",
    "ll",
    "think",
    "see",
    "hear",
    "feel",
    "suggest",
];

/// What the words of a sentence alone say of who speaks.
struct Said {
    /// Words of address, two at most.
    second: usize,
    /// "Je" of one's own.
    own: bool,
    opening: bool,
    asks_as_patient: bool,
    /// Points for either.
    doctor: usize,
    patient: usize,
}

impl Said {
    fn of(analysis: &Analysis, run: &Range<usize>) -> Self {
        let count =
            |cue: Cue| analysis.cues.iter().filter(|c| c.cue == cue && run.contains(&c.tokens.start)).count();
        let word = |at: usize| analysis.word(at);
        let second = run.clone().filter(|at| SECOND.contains(&word(*at))).count().min(2);
        let first = run
            .clone()
            .filter(|at| FIRST.contains(&word(*at)) && !OBJECTS.contains(&word(at + 1)))
            .count()
            .min(2);
        let own = first > 0
            && run.clone().any(|at| ["je", "j", "i"].contains(&word(at)) && !OBJECTS.contains(&word(at + 1)));
        let opening = count(Cue::Opening) > 0;
        Self {
            second,
            own,
            opening,
            asks_as_patient: count(Cue::PatientAsks) > 0,
            doctor: count(Cue::DoctorSpeech)
                + usize::from(opening) * 3
                + count(Cue::Prescribe) * 2
                + count(Cue::Examination) * 2
                + second,
            patient: count(Cue::PatientSpeech).min(2) + count(Cue::Took) + first,
        }
    }
}

/// Points for the doctor and for a patient (or who speaks for one), by the words of a sentence alone.
pub(crate) fn points(analysis: &Analysis, run: &Range<usize>, question: bool) -> (usize, usize) {
    let said = Said::of(analysis, run);
    let theirs = question && !said.opening && said.own;
    let doctor = said.doctor + usize::from(question && !theirs) * 2;
    (doctor, said.patient + usize::from(theirs) * 3)
}

/// The role of a sentence: as given, else guessed from the turns of speech of doctors and of patients, and from whose turn it is.
pub(crate) fn role(
    analysis: &Analysis,
    run: &Range<usize>,
    question: bool,
    answers: bool,
    before: Before,
) -> Role {
    match analysis.speaker {
        Speaker::Doctor => return Role::Doctor,
        Speaker::Patient => return Role::Patient,
        Speaker::Companion => return Role::Companion,
        Speaker::Unknown => {}
    }
    let said = Said::of(analysis, run);
    let Said { second, own, opening, .. } = said;
    // A patient's own question: "je peux…", or, once the doctor has decided, "il faut…".
    let interrupts =
        before.late && before.changed && before.role == Role::Doctor && !before.asked && second == 0;
    let theirs =
        question && !opening && (own || interrupts || before.late && second == 0 && said.asks_as_patient);
    // The doctor's "oui" to a patient's question answers nothing that was asked.
    let answers = answers && !(before.changed && matches!(before.role, Role::Patient | Role::Companion));
    // "Pour moi c'est une sinusite": once the patient was looked at, whoever concludes is the doctor.
    let concludes = before.late
        && !question
        && !(before.asked && before.role == Role::Doctor)
        && analysis.cues.iter().any(|c| {
            c.cue == Cue::Conclusion
                && c.tokens.len() >= 3
                && run.contains(&c.tokens.start)
                && c.tokens.start <= run.start + 3
        });
    let doctor = said.doctor
        + usize::from(concludes) * 3
        + usize::from(question && !theirs) * 2
        + usize::from(
            before.talk && before.changed && matches!(before.role, Role::Patient | Role::Companion),
        )
        + 2 * usize::from(before.talk && !before.changed && before.role == Role::Doctor && !before.asked);
    let patient = said.patient
        + usize::from(theirs) * 3
        + usize::from(answers) * 2
        + 2 * usize::from(before.talk && before.asked && before.role == Role::Doctor && !question)
        + usize::from(
            before.talk
                && !before.changed
                && matches!(before.role, Role::Patient | Role::Companion)
                && !question,
        );
    match doctor.cmp(&patient) {
        std::cmp::Ordering::Greater => Role::Doctor,
        std::cmp::Ordering::Less => Role::Patient,
        std::cmp::Ordering::Equal if !before.talk => Role::Narrator,
        // Nothing tells: whoever spoke goes on within a segment, and turns alternate between segments.
        std::cmp::Ordering::Equal => match (before.changed, before.role) {
            (false, role) if !before.asked => role,
            (true, Role::Patient | Role::Companion) => Role::Doctor,
            (true, Role::Doctor) if before.asked => Role::Patient,
            // A short remark with nothing clinical in it, between two turns of the doctor.
            (true, Role::Doctor)
                if run.len() <= 6
                    && analysis.mentions_in(run).next().is_none()
                    && !numbered(analysis, run) =>
            {
                Role::Patient
            }
            _ if before.late => Role::Doctor,
            _ => Role::Narrator,
        },
    }
}

fn numbered(analysis: &Analysis, run: &Range<usize>) -> bool {
    analysis.tokens.get(run.clone()).is_some_and(|t| t.iter().any(crate::text::Token::is_digits))
        || analysis.times_in(run).next().is_some()
}

/// Whether a sentence speaks of its speaker: "j'ai", "mon dos".
pub(crate) fn firsthand(analysis: &Analysis, run: &Range<usize>) -> bool {
    run.clone().any(|at| FIRST.contains(&analysis.word(at)))
}
