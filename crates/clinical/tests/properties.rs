//! What holds of every note, whatever was said.
#![allow(clippy::unwrap_used)]
mod common;

use std::collections::HashMap;

use clinical::{Clinical, Incremental};
use note::{Language, Note, SectionId, Segment, Speaker, Transcript, Word};
use proptest::prelude::*;

fn speaker() -> impl Strategy<Value = Speaker> {
    prop_oneof![
        Just(Speaker::Doctor),
        Just(Speaker::Patient),
        Just(Speaker::Companion),
        Just(Speaker::Unknown)
    ]
}

fn visit(turns: Vec<(Speaker, String, bool)>, language: Language) -> Transcript {
    let mut transcript = Transcript::new(language);
    for (index, (speaker, text, words)) in (0u32..).zip(turns) {
        let words = if words {
            text.split_whitespace()
                .map(|w| Word { text: w.to_owned(), start_ms: 0, end_ms: 1, probability: 0.4 })
                .collect()
        } else {
            vec![]
        };
        let (start_ms, end_ms) = (index * 1000, index * 1000 + 900);
        // Indices need not be dense: passages may have been erased.
        transcript.segments.push(Segment {
            index: index * 2,
            speaker,
            start_ms,
            end_ms,
            text,
            words,
            suspect: false,
        });
    }
    transcript
}

/// Sentences of the scripted visits, shuffled, cut and said by anyone.
fn shuffled(language: Language) -> impl Strategy<Value = Transcript> {
    let sentences: Vec<String> = common::scripts(language)
        .into_iter()
        .flat_map(|(_, t)| t.segments)
        .flat_map(|s| s.text.split_inclusive(['.', '?', ',']).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let turn = (speaker(), prop::collection::vec(prop::sample::select(sentences), 1..5), any::<bool>());
    prop::collection::vec(turn, 1..25).prop_map(move |turns| {
        visit(turns.into_iter().map(|(who, said, words)| (who, said.concat(), words)).collect(), language)
    })
}

fn arbitrary(language: Language) -> impl Strategy<Value = Transcript> {
    prop::collection::vec((speaker(), "\\PC{0,60}", any::<bool>()), 0..8)
        .prop_map(move |turns| visit(turns, language))
}

fn sound(transcript: &Transcript) -> Result<Note, TestCaseError> {
    let note = Clinical::load(transcript.language).structure(transcript);
    prop_assert_eq!(note::check_sources(&note, transcript), []);
    for (_, statement) in note.statements() {
        prop_assert!(!statement.text.trim().is_empty());
        prop_assert!((0.0..=1.0).contains(&statement.confidence));
    }
    for omission in &note.omissions {
        let segment = transcript.segment(omission.segment);
        prop_assert!(segment.is_some_and(|s| s.text.contains(&omission.quote)));
    }
    let order: Vec<usize> =
        note.sections.iter().map(|s| SectionId::ORDER.iter().position(|id| *id == s.id).unwrap()).collect();
    prop_assert!(order.windows(2).all(|pair| pair[0] < pair[1]), "sections out of order: {order:?}");
    let mut ids = std::collections::HashSet::new();
    prop_assert!(note.statements().all(|(_, s)| ids.insert(s.id.clone())), "an id stands twice");
    prop_assert!(note.omissions.len() <= 8);
    let read = Note::from_json(&serde_json::to_string(&note).unwrap()).unwrap();
    prop_assert_eq!(read.statements().count(), note.statements().count());
    prop_assert_eq!(&Clinical::load(transcript.language).structure(transcript), &note);
    Ok(note)
}

/// Pushed one by one, ids keep their meaning, and the last note is that of the whole.
fn grows(transcript: &Transcript) -> Result<(), TestCaseError> {
    let mut visit = Incremental::new(transcript.language);
    let mut known: HashMap<String, note::Kind> = HashMap::new();
    for segment in &transcript.segments {
        visit.push(segment);
        for (_, statement) in visit.note().statements() {
            let before = known.insert(statement.id.clone(), statement.kind);
            prop_assert!(before.is_none_or(|kind| kind == statement.kind));
        }
    }
    prop_assert_eq!(visit.note(), Clinical::load(transcript.language).structure(transcript));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn arbitrary_text_gives_a_sound_note(transcript in arbitrary(Language::Fr)) {
        sound(&transcript)?;
        grows(&transcript)?;
    }

    #[test]
    fn arbitrary_english_text_gives_a_sound_note(transcript in arbitrary(Language::En)) {
        sound(&transcript)?;
    }

    #[test]
    fn shuffled_french_speech_gives_a_sound_note(transcript in shuffled(Language::Fr)) {
        sound(&transcript)?;
        grows(&transcript)?;
    }

    #[test]
    fn shuffled_english_speech_gives_a_sound_note(transcript in shuffled(Language::En)) {
        sound(&transcript)?;
        grows(&transcript)?;
    }
}
