use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Language, ReadError};

pub const TRANSCRIPT_SCHEMA: &str = "calame.transcript/1";

/// What was said, in segments whose `index` never changes once given, so that a note can cite them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Transcript {
    pub schema: String,
    pub language: Language,
    /// Name of the speech model; absent for a typed or imported transcript.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub model: Option<String>,
    #[serde(default)]
    pub duration_ms: u32,
    pub segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    pub index: u32,
    #[serde(default)]
    pub speaker: Speaker,
    pub start_ms: u32,
    pub end_ms: u32,
    pub text: String,
    /// Empty for a typed or imported transcript.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Word>>")]
    pub words: Vec<Word>,
    /// The guards of the recogniser doubt this passage (loop, text on silence, other language).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub suspect: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Word {
    pub text: String,
    pub start_ms: u32,
    pub end_ms: u32,
    /// 0 to 1.
    pub probability: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    Doctor,
    Patient,
    Companion,
    #[default]
    Unknown,
}

impl Transcript {
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self { schema: TRANSCRIPT_SCHEMA.into(), language, model: None, duration_ms: 0, segments: Vec::new() }
    }

    #[must_use]
    pub fn segment(&self, index: u32) -> Option<&Segment> {
        // Indices are ascending but need not be dense once segments were erased.
        self.segments.binary_search_by_key(&index, |s| s.index).ok().and_then(|at| self.segments.get(at))
    }

    /// Reads a transcript; unknown fields are refused.
    ///
    /// # Errors
    /// When the JSON is malformed, of another schema, or its segments are out of order.
    pub fn from_json(text: &str) -> Result<Self, ReadError> {
        serde_json::from_str::<Self>(text)?.checked()
    }

    /// Reads a transcript that carries other fields too (an annotated consultation): they are dropped.
    ///
    /// # Errors
    /// As [`Transcript::from_json`].
    pub fn from_json_lenient(text: &str) -> Result<Self, ReadError> {
        let mut value: Value = serde_json::from_str(text)?;
        keep(&mut value, &["schema", "language", "model", "duration_ms", "segments"]);
        if let Some(object) = value.as_object_mut() {
            object.entry("schema").or_insert_with(|| TRANSCRIPT_SCHEMA.into());
        }
        for segment in value.get_mut("segments").and_then(Value::as_array_mut).into_iter().flatten() {
            keep(segment, &["index", "speaker", "start_ms", "end_ms", "text", "words", "suspect"]);
            for word in segment.get_mut("words").and_then(Value::as_array_mut).into_iter().flatten() {
                keep(word, &["text", "start_ms", "end_ms", "probability"]);
            }
        }
        serde_json::from_value::<Self>(value)?.checked()
    }

    fn checked(mut self) -> Result<Self, ReadError> {
        if self.schema != TRANSCRIPT_SCHEMA {
            return Err(ReadError::Schema { expected: TRANSCRIPT_SCHEMA, found: self.schema });
        }
        let mut last = None;
        for segment in &self.segments {
            if last.is_some_and(|l| segment.index <= l) {
                return Err(ReadError::Segment { index: segment.index, problem: "is out of order" });
            }
            if segment.end_ms < segment.start_ms {
                return Err(ReadError::Segment { index: segment.index, problem: "ends before it starts" });
            }
            last = Some(segment.index);
        }
        // A number too large for its field is read as infinite, which JSON cannot write again.
        for word in self.segments.iter_mut().flat_map(|s| &mut s.words) {
            word.probability = word.probability.clamp(0.0, 1.0);
        }
        let end = self.segments.iter().map(|s| s.end_ms).max().unwrap_or(0);
        self.duration_ms = self.duration_ms.max(end);
        Ok(self)
    }
}

fn keep(value: &mut Value, names: &[&str]) {
    if let Some(object) = value.as_object_mut() {
        object.retain(|key, _| names.contains(&key.as_str()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMAL: &str = r#"{"schema":"calame.transcript/1","language":"fr","duration_ms":900,
        "segments":[{"index":0,"speaker":"doctor","start_ms":0,"end_ms":900,"text":"Bonjour"}]}"#;

    #[test]
    fn reads_back_what_it_writes() {
        let read = Transcript::from_json(MINIMAL).unwrap();
        let again = Transcript::from_json(&serde_json::to_string(&read).unwrap()).unwrap();
        assert_eq!(read, again);
    }

    #[test]
    fn refuses_unknown_fields_unless_lenient() {
        let extra = MINIMAL.replacen('{', r#"{"gold":{},"#, 1);
        assert!(Transcript::from_json(&extra).is_err());
        assert!(Transcript::from_json_lenient(&extra).is_ok());
    }

    #[test]
    fn refuses_segments_that_repeat_an_index() {
        let twice = MINIMAL.replace(
            r#""text":"Bonjour"}"#,
            r#""text":"Bonjour"},{"index":0,"start_ms":900,"end_ms":1000,"text":"x"}"#,
        );
        assert!(matches!(Transcript::from_json(&twice), Err(ReadError::Segment { index: 0, .. })));
    }

    #[test]
    fn a_probability_out_of_range_is_brought_back_so_that_it_can_be_written_and_read_again() {
        let word = |p| format!(r#"{{"text":"Bonjour","start_ms":0,"end_ms":900,"probability":{p}}}"#);
        let words = format!(r#""text":"Bonjour","words":[{},{}]"#, word("1e308"), word("-0.5"));
        let read = Transcript::from_json(&MINIMAL.replace(r#""text":"Bonjour""#, &words)).unwrap();
        assert_eq!(read.segments[0].words.iter().map(|w| w.probability).collect::<Vec<_>>(), [1.0, 0.0]);
        assert_eq!(Transcript::from_json(&serde_json::to_string(&read).unwrap()).unwrap(), read);
    }

    #[test]
    fn refuses_another_schema() {
        let other = MINIMAL.replace("transcript/1", "transcript/9");
        assert!(matches!(Transcript::from_json(&other), Err(ReadError::Schema { .. })));
    }
}
