use note::{Flag, Note};
use serde::Serialize;

/// Below this, what was understood is rather a guess.
const UNSURE_BELOW: f32 = 0.5;

/// What a fresh draft asks the doctor to look at, as the review screen walks it (`ui/src/review/doubts.ts`). Positions
/// count statements through the note, and omissions, in reading order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Validation waits for it.
    Critical(usize),
    /// Heard or understood badly.
    Unsure(usize),
    /// Said, and covered by no statement.
    Omission(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct DoubtCounts {
    pub critical: u32,
    pub unsure: u32,
    pub omissions: u32,
}

/// In the order of the walk: critical statements, unsure ones, omissions.
#[must_use]
pub fn doubts(note: &Note) -> Vec<Doubt> {
    let statements = || note.statements().map(|(_, s)| s).enumerate();
    let critical = statements().filter(|(_, s)| s.is_critical()).map(|(at, _)| Doubt::Critical(at));
    let unsure = statements()
        .filter(|(_, s)| !s.is_critical() && !s.by_doctor())
        .filter(|(_, s)| s.confidence < UNSURE_BELOW || s.flags.iter().any(|flag| *flag != Flag::Critical));
    let omissions = (0..note.omissions.len()).map(Doubt::Omission);
    critical.chain(unsure.map(|(at, _)| Doubt::Unsure(at))).chain(omissions).collect()
}

impl DoubtCounts {
    #[must_use]
    pub fn of(doubts: &[Doubt]) -> Self {
        let mut counts = Self::default();
        for doubt in doubts {
            match doubt {
                Doubt::Critical(_) => counts.critical += 1,
                Doubt::Unsure(_) => counts.unsure += 1,
                Doubt::Omission(_) => counts.omissions += 1,
            }
        }
        counts
    }

    pub fn add(&mut self, other: Self) {
        self.critical += other.critical;
        self.unsure += other.unsure;
        self.omissions += other.omissions;
    }

    #[must_use]
    pub const fn all(self) -> u32 {
        self.critical + self.unsure + self.omissions
    }
}
