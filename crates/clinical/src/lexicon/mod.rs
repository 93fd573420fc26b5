//! The words of one language, compiled once from `assets/lexicon`.

mod cue;
mod entry;
mod parse;
mod sound;
mod trie;

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use note::Language;

pub(crate) use cue::Cue;
pub(crate) use entry::{Entry, EntryId, Family};
use sound::sound;
pub(crate) use trie::{Match, Trie};

use crate::text::{fold, key, tokenize};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    Curated,
    Generated,
}

include!(concat!(env!("OUT_DIR"), "/lexicon_files.rs"));

/// Names with one sound.
#[derive(Default)]
struct Sounding {
    spelt: Vec<String>,
    entries: Vec<EntryId>,
    unclear: bool,
}

/// Shorter words sound like too many others.
const SOUNDED: usize = 6;

/// All entries of a language and the automata that find them.
pub(crate) struct Lexicon {
    pub language: Language,
    entries: Vec<Entry>,
    /// What a note is made of: symptoms, drugs, sites...
    pub clinical: Trie,
    /// Mother, neighbour...
    pub people: Trie,
    pub units: Trie,
    /// "Matin et soir", "par voie orale": wordings of posology.
    pub timing: Trie,
    /// "Sec", "sévère": adjectives that belong to the mention beside them.
    pub qualifiers: Trie,
    /// "L'appétit", "vous dormez": functions a doctor asks of.
    pub functions: Trie,
    /// "Bien", "nulle": how they go.
    pub verdicts: Trie,
    /// Words which turn the meaning; little words count in them.
    pub cues: Trie,
    /// Drug names of one word, folded and as written.
    drug_names: Vec<(String, String)>,
    /// Drugs and allergens of one word by how their names sound.
    sounds: HashMap<String, Sounding>,
}

impl Lexicon {
    pub fn of(language: Language) -> &'static Self {
        static FR: OnceLock<Lexicon> = OnceLock::new();
        static EN: OnceLock<Lexicon> = OnceLock::new();
        match language {
            Language::Fr => FR.get_or_init(|| Self::compile(Language::Fr)),
            Language::En => EN.get_or_init(|| Self::compile(Language::En)),
        }
    }

    pub fn entry(&self, id: EntryId) -> &Entry {
        // Ids are only made by `compile`, so the fallback is never reached.
        const NONE: &Entry = &Entry::EMPTY;
        self.entries.get(id.0 as usize).unwrap_or(NONE)
    }

    fn compile(language: Language) -> Self {
        let mut lexicon = Self {
            language,
            entries: Vec::new(),
            clinical: Trie::stemmed(language),
            people: Trie::stemmed(language),
            units: Trie::stemmed(language),
            timing: Trie::exact(language),
            qualifiers: Trie::exact(language),
            functions: Trie::exact(language),
            verdicts: Trie::exact(language),
            cues: Trie::exact(language),
            drug_names: Vec::new(),
            sounds: HashMap::new(),
        };
        // Generated words never displace curated ones, nor common words.
        let mut taken: HashSet<Vec<String>> = HashSet::new();
        for layer in [Layer::Curated, Layer::Generated] {
            let mut added = Vec::new();
            for (_, _, stem, text) in FILES.iter().filter(|f| f.0 == language.code() && f.1 == layer) {
                if *stem == "never" {
                    taken.extend(parse::lines(text).map(|line| lexicon.clinical.path(line.concept)));
                } else if let Some(family) = Family::of_file(stem) {
                    for line in parse::lines(text) {
                        lexicon.add(family, layer, &line, &taken, &mut added);
                    }
                }
            }
            taken.extend(added);
        }
        lexicon
    }

    fn add(
        &mut self,
        family: Family,
        layer: Layer,
        line: &parse::Line<'_>,
        taken: &HashSet<Vec<String>>,
        added: &mut Vec<Vec<String>>,
    ) {
        let id = EntryId(u32::try_from(self.entries.len()).unwrap_or(u32::MAX));
        let entry = Entry::new(family, line);
        // Cues and wordings name a class, which nobody says.
        let own =
            (!matches!(family, Family::Cue | Family::Function | Family::Verdict)).then_some(line.concept);
        for form in own.into_iter().chain(line.forms()) {
            let (form, misheard) = form.strip_prefix('~').map_or((form, false), |rest| (rest, true));
            let path = self.clinical.path(form);
            if layer == Layer::Generated && taken.contains(&path) {
                continue;
            }
            self.trie_of(family).insert(form, id, misheard);
            if family == Family::Drug && path.len() == 1 && !misheard {
                self.drug_names.push((fold(form), form.to_owned()));
            }
            if matches!(family, Family::Drug | Family::Allergen) && path.len() == 1 && form.len() >= SOUNDED {
                let spelt = self.clinical.path(form);
                let slot = self.sounds.entry(sound(&fold(form))).or_default();
                // A word may be a drug and an allergen; two words that sound alike tell nothing.
                slot.unclear |=
                    !slot.entries.is_empty() && slot.spelt != spelt && !slot.entries.contains(&id);
                slot.spelt = spelt;
                if !slot.entries.contains(&id) {
                    slot.entries.push(id);
                }
            }
            added.push(path);
        }
        self.entries.push(entry);
    }

    fn trie_of(&mut self, family: Family) -> &mut Trie {
        match family {
            Family::People => &mut self.people,
            Family::Unit => &mut self.units,
            Family::Timing => &mut self.timing,
            Family::Qualifier => &mut self.qualifiers,
            Family::Function => &mut self.functions,
            Family::Verdict => &mut self.verdicts,
            Family::Cue => &mut self.cues,
            _ => &mut self.clinical,
        }
    }

    /// The drug or allergen whose name sounds like `folded` without being spelt so; none when it could be two.
    pub fn sounds_like(&self, folded: &str) -> Option<&[EntryId]> {
        if folded.len() < SOUNDED {
            return None;
        }
        self.sounds.get(&sound(folded)).filter(|s| !s.unclear).map(|s| s.entries.as_slice())
    }

    /// Drug names of one word that resemble `heard`, best first: candidates to show, never to apply.
    pub fn similar_drugs(&self, heard: &str) -> Vec<String> {
        let heard = fold(heard);
        if heard.len() < 5 {
            return Vec::new();
        }
        let mut close: Vec<(f64, &str)> = self
            .drug_names
            .iter()
            .filter(|(name, _)| name.len().abs_diff(heard.len()) <= 3)
            .map(|(name, written)| (strsim::jaro_winkler(name, &heard), name.as_str(), written.as_str()))
            .filter(|(score, name, _)| {
                *score >= 0.88 && strsim::damerau_levenshtein(name, &heard) * 3 <= heard.len()
            })
            .map(|(score, _, written)| (score, written))
            .collect();
        close.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        let mut names: Vec<String> = Vec::new();
        for (_, name) in close {
            if names.len() < 3 && !names.iter().any(|n| n == name) {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// The vital sign whose values are read in a given form ("pressure", "weight").
    pub fn vital(&self, form: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| {
            e.family == Family::Vital
                && (e.attribute("form") == Some(form) || e.attribute("lone") == Some(form))
        })
    }

    /// The vital sign counted per minute at the wrist.
    pub fn heart_rate(&self) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|e| e.family == Family::Vital && ["FC", "HR"].iter().any(|short| e.has("short", short)))
    }

    /// The vital sign or laboratory value of this name.
    pub fn measured(&self, concept: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| matches!(e.family, Family::Vital | Family::Lab) && e.concept == concept)
    }

    pub fn vital_id(&self, form: &str) -> Option<EntryId> {
        let wanted = self.vital(form)?;
        let at = self.entries.iter().position(|e| std::ptr::eq(e, wanted))?;
        u32::try_from(at).ok().map(EntryId)
    }

    /// Whether this word occurs anywhere in the lexicon.
    pub fn knows(&self, word: &str) -> bool {
        let folded = fold(word);
        let key = key(&folded, self.language);
        [&self.clinical, &self.people, &self.units, &self.qualifiers].iter().any(|trie| trie.knows(key))
            || [&self.cues, &self.timing].iter().any(|trie| trie.knows(&folded))
    }

    /// The entries a wording stands for, if it is exactly one form.
    #[cfg(test)]
    pub fn lookup(&self, wording: &str) -> Vec<&Entry> {
        let tokens = tokenize(wording);
        self.clinical
            .matches(&tokens)
            .into_iter()
            .flat_map(|m| self.clinical.forms(&m).iter().map(|f| self.entry(f.entry)).collect::<Vec<_>>())
            .collect()
    }
}

/// Words of a form, as keys.
fn keys(form: &str, language: Language) -> Vec<String> {
    tokenize(form).iter().map(|t| key(&t.folded, language).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symptom_is_found_by_lay_words_whatever_the_little_words() {
        let french = Lexicon::of(Language::Fr);
        for said in ["mal à la gorge", "mal de gorge", "MAL DE GORGE"] {
            let found = french.lookup(said);
            assert!(found.iter().any(|e| e.concept == "mal de gorge"), "{said}");
        }
    }

    #[test]
    fn both_lexicons_hold_entries_of_every_family() {
        for language in Language::ALL {
            let lexicon = Lexicon::of(language);
            for family in Family::ALL {
                assert!(lexicon.entries.iter().any(|e| e.family == family), "{language}: {family:?}");
            }
        }
    }

    #[test]
    fn a_name_heard_badly_has_candidates() {
        let names = Lexicon::of(Language::Fr).similar_drugs("amoxiciline");
        assert_eq!(names.first().map(String::as_str), Some("amoxicilline"));
        assert!(Lexicon::of(Language::Fr).similar_drugs("bonjour").is_empty());
    }
}
