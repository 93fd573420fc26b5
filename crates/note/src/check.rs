use crate::{Note, SectionId, Transcript};

/// A breach of the source law: a statement has a verbatim source or was written by the doctor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    #[error("statement {0} has no source and was not written by the doctor")]
    NoSource(String),
    #[error("statement {statement} cites segment {segment}, which does not exist")]
    NoSegment { statement: String, segment: u32 },
    #[error("statement {statement} cites words that segment {segment} does not hold")]
    NotVerbatim { statement: String, segment: u32 },
    #[error("two statements share the id {0}")]
    RepeatedId(String),
    #[error("section {0:?} is empty, repeated or out of order")]
    SectionOrder(SectionId),
}

/// Every breach of the source law and of the order of sections, in reading order.
#[must_use]
pub fn check_sources(note: &Note, transcript: &Transcript) -> Vec<Violation> {
    let mut breaches = Vec::new();
    let mut last = None;
    for section in &note.sections {
        if section.statements.is_empty() || last.is_some_and(|l| l >= section.id) {
            breaches.push(Violation::SectionOrder(section.id));
        }
        last = Some(section.id);
    }
    let mut seen = std::collections::HashSet::new();
    for (_, statement) in note.statements() {
        if !seen.insert(statement.id.as_str()) {
            breaches.push(Violation::RepeatedId(statement.id.clone()));
        }
        if statement.sources.is_empty() && !statement.by_doctor() {
            breaches.push(Violation::NoSource(statement.id.clone()));
        }
        for source in &statement.sources {
            let (statement, segment) = (statement.id.clone(), source.segment);
            match transcript.segment(segment) {
                None => breaches.push(Violation::NoSegment { statement, segment }),
                Some(found) if source.quote.is_empty() || !found.text.contains(&source.quote) => {
                    breaches.push(Violation::NotVerbatim { statement, segment });
                }
                Some(_) => {}
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Language, Segment, Source, Speaker, Statement};

    fn transcript() -> Transcript {
        let mut transcript = Transcript::new(Language::Fr);
        transcript.segments.push(Segment {
            index: 3,
            speaker: Speaker::Patient,
            start_ms: 0,
            end_ms: 10,
            text: "mal à la gorge".into(),
            words: vec![],
            suspect: false,
        });
        transcript
    }

    fn note(sources: Vec<Source>) -> Note {
        let mut note = Note::new(Language::Fr);
        let mut statement: Statement =
            serde_json::from_str(r#"{"id":"s","kind":"symptom","text":"Mal de gorge","sources":[]}"#)
                .unwrap();
        statement.sources = sources;
        note.push(SectionId::Histoire, statement);
        note
    }

    #[test]
    fn a_verbatim_quote_passes() {
        let sound = note(vec![Source { segment: 3, quote: "mal à la gorge".into() }]);
        assert_eq!(check_sources(&sound, &transcript()), []);
    }

    #[test]
    fn an_invented_statement_is_caught() {
        assert_eq!(check_sources(&note(vec![]), &transcript()), [Violation::NoSource("s".into())]);
        let altered = note(vec![Source { segment: 3, quote: "mal de gorge".into() }]);
        assert!(matches!(check_sources(&altered, &transcript())[..], [Violation::NotVerbatim { .. }]));
        let elsewhere = note(vec![Source { segment: 4, quote: "mal".into() }]);
        assert!(matches!(check_sources(&elsewhere, &transcript())[..], [Violation::NoSegment { .. }]));
    }
}
