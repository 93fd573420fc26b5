use std::collections::BTreeMap;

use note::{Experiencer, Polarity, ReadError, SectionId, Transcript};
use serde::{Deserialize, Deserializer};

/// A consultation with what a good note of it says and must not say.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotated {
    pub title: Option<String>,
    pub specialty: Option<String>,
    pub transcript: Transcript,
    pub facts: Vec<Fact>,
    pub traps: Vec<Trap>,
}

/// What annotators name, in all ways it may be worded, and where it was said.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Topic {
    pub concept: String,
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Affirmed wordings that carry the negation themselves ("nuque souple" for an absent stiff neck).
    #[serde(default)]
    pub aliases_with_polarity: Vec<String>,
    /// Segments in which it was said.
    #[serde(default)]
    pub source_segments: Vec<u32>,
}

/// What a note should say.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Fact {
    #[serde(flatten)]
    pub topic: Topic,
    pub section: SectionId,
    /// Other sections where a doctor would accept it.
    #[serde(default)]
    pub also_ok: Vec<SectionId>,
    pub polarity: Polarity,
    pub experiencer: Experiencer,
    #[serde(default, deserialize_with = "said")]
    pub attributes: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "said_otherwise")]
    pub attr_aliases: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub importance: Importance,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Importance {
    Critical,
    #[default]
    Major,
    Minor,
}

/// What a note must not assert: asked but denied, somebody else's, set aside.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Trap {
    #[serde(flatten)]
    pub topic: Topic,
    /// Why it would be wrong, for whoever reads the report.
    pub why: String,
}

#[derive(Deserialize)]
struct Document {
    title: Option<String>,
    specialty: Option<String>,
    gold: Gold,
}

#[derive(Deserialize)]
struct Gold {
    facts: Vec<Fact>,
    #[serde(default)]
    must_not: Vec<Trap>,
}

/// The transcript and the annotations of one file fail apart.
#[derive(Debug)]
pub(crate) enum Unreadable {
    Transcript(ReadError),
    Annotations(serde_json::Error),
}

impl Annotated {
    pub(crate) fn from_json(text: &str) -> Result<Self, Unreadable> {
        let transcript = Transcript::from_json_lenient(text).map_err(Unreadable::Transcript)?;
        let document: Document = serde_json::from_str(text).map_err(Unreadable::Annotations)?;
        Ok(Self {
            title: document.title,
            specialty: document.specialty,
            transcript,
            facts: document.gold.facts,
            traps: document.gold.must_not,
        })
    }
}

impl Topic {
    /// All ways to name it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [&self.concept]
            .into_iter()
            .chain(&self.aliases)
            .chain(&self.aliases_with_polarity)
            .map(String::as_str)
    }
}

impl Fact {
    #[must_use]
    pub fn is_critical(&self) -> bool {
        self.importance == Importance::Critical
    }

    #[must_use]
    pub fn accepts(&self, section: SectionId) -> bool {
        self.section == section || self.also_ok.contains(&section)
    }
}

/// Annotators write doses as text or as bare numbers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    Number(serde_json::Number),
}

impl Value {
    fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        }
    }
}

fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let given = Option::<BTreeMap<String, Value>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(given.into_iter().map(|(key, value)| (key, value.text())).collect())
}

fn said_otherwise<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Vec<String>>, D::Error> {
    let given = Option::<BTreeMap<String, Vec<Value>>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(given.into_iter().map(|(key, values)| (key, values.into_iter().map(Value::text).collect())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONSULTATION: &str = r#"{"id":"x","language":"fr","title":"Toux","extra":1,
        "segments":[{"index":0,"speaker":"patient","start_ms":0,"end_ms":900,"text":"Je tousse."}],
        "gold":{"facts":[{"id":"f1","section":"motif","concept":"toux","polarity":"present",
            "experiencer":"patient","attributes":{"value":3,"onset":"hier"},"importance":"critical"}],
          "must_not":[{"concept":"fièvre","as":"present","why":"jamais dite"}]}}"#;

    #[test]
    fn an_annotated_consultation_is_a_transcript_with_facts_and_traps() {
        let read = Annotated::from_json(CONSULTATION).unwrap();
        assert_eq!(read.transcript.segments.len(), 1);
        assert!(read.facts[0].is_critical() && read.facts[0].accepts(SectionId::Motif));
        assert_eq!(read.facts[0].attributes["value"], "3", "a bare number is what it says");
        assert_eq!(read.traps[0].topic.names().collect::<Vec<_>>(), ["fièvre"]);
    }

    #[test]
    fn a_slip_of_the_annotator_is_refused_rather_than_counted_as_missed() {
        for (right, slip) in
            [("\"present\"", "\"presnt\""), ("\"motif\"", "\"motifs\""), ("critical", "crit")]
        {
            let wrong = CONSULTATION.replacen(right, slip, 1);
            assert!(matches!(Annotated::from_json(&wrong), Err(Unreadable::Annotations(_))), "{slip}");
        }
        let cut = &CONSULTATION[..200];
        assert!(matches!(Annotated::from_json(cut), Err(Unreadable::Transcript(_))));
    }
}
