use serde::{Serialize, Serializer};

/// What is counted; consultations are added up before anything is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    pub facts: u32,
    pub found: u32,
    pub critical: u32,
    pub critical_found: u32,
    pub mentioned: u32,
    pub polarity_ok: u32,
    pub attrs: u32,
    pub attrs_ok: u32,
    pub statements: u32,
    pub matched: u32,
    pub traps: u32,
    pub sprung: u32,
    pub sourced: u32,
    pub note_words: u32,
    pub transcript_words: u32,
}

impl Counts {
    pub fn add(&mut self, other: &Self) {
        self.facts += other.facts;
        self.found += other.found;
        self.critical += other.critical;
        self.critical_found += other.critical_found;
        self.mentioned += other.mentioned;
        self.polarity_ok += other.polarity_ok;
        self.attrs += other.attrs;
        self.attrs_ok += other.attrs_ok;
        self.statements += other.statements;
        self.matched += other.matched;
        self.traps += other.traps;
        self.sprung += other.sprung;
        self.sourced += other.sourced;
        self.note_words += other.note_words;
        self.transcript_words += other.transcript_words;
    }

    #[must_use]
    pub fn figures(&self) -> Figures {
        Figures {
            recall: Share(self.found, self.facts),
            recall_critical: Share(self.critical_found, self.critical),
            mention: Share(self.mentioned, self.facts),
            attributes: Share(self.attrs_ok, self.attrs),
            precision: Share(self.matched, self.statements),
            polarity: Share(self.polarity_ok, self.mentioned),
            traps: Share(self.sprung, self.traps),
            provenance: Share(self.sourced, self.statements),
            length: Share(self.note_words, self.transcript_words),
        }
    }
}

/// The figures of docs/evaluation.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Figures {
    pub recall: Share,
    pub recall_critical: Share,
    pub mention: Share,
    pub attributes: Share,
    pub precision: Share,
    pub polarity: Share,
    pub traps: Share,
    pub provenance: Share,
    pub length: Share,
}

impl Figures {
    /// By the names they have in JSON.
    pub(crate) fn named(&self) -> [(&'static str, Option<f64>); 9] {
        [
            ("recall", self.recall.rounded()),
            ("recall_critical", self.recall_critical.rounded()),
            ("mention", self.mention.rounded()),
            ("attributes", self.attributes.rounded()),
            ("precision", self.precision.rounded()),
            ("polarity", self.polarity.rounded()),
            ("traps", self.traps.rounded()),
            ("provenance", self.provenance.rounded()),
            ("length", self.length.rounded()),
        ]
    }
}

/// So many of so many. In JSON a number of four decimals, or null when there was nothing to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share(pub u32, pub u32);

impl Share {
    /// Rounded to four decimals, the even one when it lies between two.
    #[must_use]
    pub fn rounded(self) -> Option<f64> {
        let Self(part, whole) = self;
        // Formatting rounds the very quotient; a multiplication first would round it twice.
        (whole > 0).then(|| format!("{:.4}", f64::from(part) / f64::from(whole)).parse().ok()).flatten()
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rounded().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_has_four_decimals_or_is_unknown() {
        let shown = |part, whole| serde_json::to_string(&Share(part, whole)).unwrap();
        assert_eq!(shown(2, 3), "0.6667");
        assert_eq!(shown(1, 32), "0.0312", "a tie goes to the even digit");
        assert_eq!(shown(3, 32), "0.0938");
        assert_eq!(shown(5, 5), "1.0");
        assert_eq!(shown(0, 0), "null");
    }

    #[test]
    fn consultations_weigh_by_what_they_hold() {
        let mut total = Counts { facts: 30, found: 30, ..Counts::default() };
        total.add(&Counts { facts: 10, found: 0, ..Counts::default() });
        assert_eq!(total.figures().recall.rounded(), Some(0.75));
    }
}
