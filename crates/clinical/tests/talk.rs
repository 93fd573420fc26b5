//! Talk of any kind against the clinical rules: whatever a recogniser may write, the note is sound. Bounded in every run of
//! the tests; `PROPTEST_CASES=20000 PROPTEST_RNG_SEED=7 cargo test -p calame-clinical --test talk` looks longer and elsewhere.

#![allow(clippy::unwrap_used)] // Test code.

use std::path::Path;
use std::sync::OnceLock;

use clinical::{Clinical, Incremental};
use note::{Language, Note, Segment, Speaker, Transcript, Word};
use proptest::prelude::*;

/// What recognisers and typists leave in a text, besides words.
const ODD: &[&str] = &[
    "?",
    ".",
    ",",
    "…",
    "-",
    "'",
    "’",
    "«",
    "\u{a0}",
    "\u{202f}",
    "\u{200b}",
    "e\u{301}",
    "ﬁ",
    "İ",
    "ß",
    "µ",
    "%",
    "°",
    "0",
    "38,5",
    "15/8",
    "1/2/3",
    "140/",
    "99999999999999999999",
    "3.",
    ".5",
    "10mg",
    "<UNSURE>",
    "\n",
    "\t",
    "no",
    "non",
    "if",
    "si",
    "not",
    "pas",
    "and",
    "et",
    "a",
    "à",
    "le",
    "the",
    "twice a day",
    "trois fois par jour",
    "blood pressure",
    "tension",
    "years ago",
    "depuis",
    "since",
    "allergic to",
    "allergique à",
    "my mother",
    "ma mère",
];

/// Every form of the lexicon of a language: rules meet each other in ways no visit has yet.
fn forms(language: Language) -> &'static [String] {
    static FR: OnceLock<Vec<String>> = OnceLock::new();
    static EN: OnceLock<Vec<String>> = OnceLock::new();
    let read = || {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/lexicon").join(language.code());
        let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        let texts = files
            .iter()
            .filter(|p| p.extension().is_some_and(|e| e == "tsv"))
            .map(|p| std::fs::read_to_string(p).unwrap());
        texts
            .flat_map(|text| {
                let lines = text.lines().filter(|l| !l.starts_with('#'));
                lines
                    .flat_map(|l| l.split('\t').take(2).flat_map(|c| c.split('|')))
                    .map(|form| form.trim().trim_start_matches('~').to_owned())
                    .filter(|form| !form.is_empty())
                    .collect::<Vec<_>>()
            })
            .collect()
    };
    match language {
        Language::Fr => FR.get_or_init(read),
        Language::En => EN.get_or_init(read),
    }
}

fn piece(language: Language) -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(forms(language)),
        3 => prop::sample::select(ODD).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
        // One word again and again, as a recogniser that loops.
        1 => (prop::sample::select(forms(language)), 1..60_usize).prop_map(|(form, times)| format!("{form} ").repeat(times)),
    ]
}

fn speaker() -> impl Strategy<Value = Speaker> {
    prop_oneof![
        Just(Speaker::Doctor),
        Just(Speaker::Patient),
        Just(Speaker::Companion),
        Just(Speaker::Unknown)
    ]
}

fn talk(language: Language) -> impl Strategy<Value = Transcript> {
    let turn = (
        speaker(),
        prop::collection::vec(piece(language), 0..24),
        any::<bool>(),
        any::<bool>(),
        0.0..1.0_f32,
    );
    prop::collection::vec(turn, 0..14).prop_map(move |turns| {
        let mut transcript = Transcript::new(language);
        for (index, (speaker, pieces, glued, suspect, probability)) in (0u32..).zip(turns) {
            let text = pieces.join(if glued { "" } else { " " });
            // Word times and probabilities of a recogniser need not agree with the text.
            let words = text
                .split(' ')
                .take(30)
                .map(|w| Word { text: w.to_owned(), start_ms: 9, end_ms: 3, probability })
                .collect();
            let words = if suspect { words } else { Vec::new() };
            transcript.segments.push(Segment {
                index: index * 3,
                speaker,
                start_ms: 0,
                end_ms: 0,
                text,
                words,
                suspect,
            });
        }
        transcript
    })
}

fn sound(transcript: &Transcript) -> Result<(), TestCaseError> {
    let clinical = Clinical::load(transcript.language);
    let note = clinical.structure(transcript);
    prop_assert_eq!(note::check_sources(&note, transcript), []);
    prop_assert!(note.statements().all(|(_, s)| !s.sources.is_empty() && !s.text.trim().is_empty()));
    prop_assert_eq!(&Note::from_json(&serde_json::to_string(&note).unwrap()).unwrap(), &note);
    let mut visit = Incremental::new(transcript.language);
    transcript.segments.iter().for_each(|segment| visit.push(segment));
    prop_assert_eq!(visit.note(), note);
    Ok(())
}

/// So many cases, or what `PROPTEST_CASES` says; a case that was found becomes a test by its name.
fn cases(number: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: asked.unwrap_or(number), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn french_talk_gives_a_sound_note(transcript in talk(Language::Fr)) {
        sound(&transcript)?;
    }

    #[test]
    fn english_talk_gives_a_sound_note(transcript in talk(Language::En)) {
        sound(&transcript)?;
    }
}
