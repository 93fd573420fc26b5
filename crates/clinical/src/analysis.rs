//! What can be read in one segment alone: tokens, sentences, and everything the lexicon knows in it.

use std::ops::Range;

use note::{Segment, Source, Speaker};

use crate::context::{Marks, marks};
use crate::lexicon::{Cue, Entry, EntryId, Family, Lexicon, Match, Trie};
use crate::quantity::{Hit, When, times};
use crate::text::{Gap, Sentence, Token, sentences, tokenize, unpunctuated};

/// An entry, or several that share a wording, said at some place.
#[derive(Debug, Clone)]
pub(crate) struct Mention {
    pub tokens: Range<usize>,
    pub entries: Vec<EntryId>,
    pub misheard: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct CueHit {
    pub tokens: Range<usize>,
    pub cue: Cue,
}

#[derive(Debug, Clone)]
pub(crate) struct PersonHit {
    pub tokens: Range<usize>,
    pub entry: EntryId,
}

/// One segment, read.
#[derive(Debug, Clone)]
pub(crate) struct Analysis {
    pub index: u32,
    pub speaker: Speaker,
    pub text: String,
    pub tokens: Vec<Token>,
    pub sentences: Vec<Sentence>,
    pub mentions: Vec<Mention>,
    pub cues: Vec<CueHit>,
    pub people: Vec<PersonHit>,
    pub times: Vec<When>,
    pub units: Vec<Hit>,
    pub timing: Vec<Hit>,
    pub qualifiers: Vec<Hit>,
    pub marks: Vec<Marks>,
    /// Probability of each token, when the recogniser gave them.
    pub probabilities: Vec<Option<f32>>,
    pub suspect: bool,
    /// The recogniser gave no punctuation.
    pub raw: bool,
}

impl Analysis {
    pub fn new(lexicon: &Lexicon, segment: &Segment) -> Self {
        let tokens = tokenize(&segment.text);
        let raw = !tokens.is_empty() && !tokens.iter().any(|t| t.after >= Gap::Stop);
        let timing = hits(lexicon, &lexicon.timing, &tokens);
        let mut cues = cues(lexicon, &tokens);
        // "Si vous avez mal" in a posology is no condition of what follows; "ce serait bien de" advises.
        let posed = |at: usize| timing.iter().any(|t| t.of == "condition" && t.tokens.contains(&at));
        let advised: Vec<Range<usize>> =
            cues.iter().filter(|c| c.cue == Cue::Advise).map(|c| c.tokens.clone()).collect();
        let turns: Vec<Range<usize>> =
            cues.iter().filter(|c| c.cue == Cue::Stop).map(|c| c.tokens.clone()).collect();
        cues.retain(|c| {
            let at = c.tokens.start;
            // "Par contre le Tahor" protects against nothing.
            c.cue != Cue::Hypothesis
                || !advised.iter().any(|t| t.start == at && t.len() > c.tokens.len())
                    && !turns.iter().any(|t| t.start < at && at < t.end)
        });
        let splits: Vec<usize> =
            cues.iter().filter(|c| c.cue == Cue::Split).map(|c| c.tokens.start).collect();
        // "Si vous vomissez, vous arrêtez": the main clause of a condition opens no sentence.
        let conditions: Vec<usize> = cues
            .iter()
            .filter(|c| c.cue == Cue::Conditional && !posed(c.tokens.start))
            .map(|c| c.tokens.start)
            .collect();
        let acts = |at: usize| {
            tokens.get(at).is_some_and(|t| t.any(&["vous", "on", "il", "we", "then"]))
                && tokens.get(at + 1).is_some()
        };
        let conditioned = |at: usize| acts(at) && conditions.iter().any(|c| *c < at && at - *c <= 14);
        // "If you get any weakness", "I won't give you any diazepam": such an "any" opens no question.
        let inner = |at: usize| {
            const BEFORE: &[&str] = &[
                "get", "gets", "have", "got", "had", "notice", "noticed", "give", "you", "of", "without",
                "there", "see", "develop", "not", "never", "t", "taking", "take", "for", "with", "in", "on",
                "to", "isn", "be", "been",
            ];
            let taken_back = tokens.get(at).is_some_and(|t| t.is("let"))
                && tokens.get(at.wrapping_sub(1)).is_some_and(|t| t.is("no"));
            taken_back
                || tokens.get(at).is_some_and(|t| t.is("any"))
                    && (tokens.get(at.wrapping_sub(1)).is_some_and(|t| t.any(BEFORE))
                        || conditions.iter().any(|c| *c < at && at - *c <= 10))
        };
        // "… Xarelto je renouvelle": the drug opens its clause, unless a verb just before it has it as its object.
        let mut mentions = mentions(lexicon, &tokens);
        let taken_up = |at: usize| {
            let drug =
                mentions.iter().find(|m| m.tokens.end == at && m.of(lexicon, Family::Drug).is_some())?;
            let first = drug.tokens.start;
            let article = first.checked_sub(1).filter(|i| {
                tokens
                    .get(*i)
                    .is_some_and(|t| t.any(&["le", "la", "les", "l", "du", "de", "d", "the", "your"]))
            });
            let from = article.unwrap_or(first);
            let governed = cues.iter().any(|c| c.cue != Cue::Split && c.tokens.end == from);
            (!governed).then_some(from)
        };
        let turns_here = if raw { unpunctuated(&tokens, lexicon.language, taken_up) } else { Vec::new() };
        let opens = |at: usize| {
            raw && turns_here.binary_search(&at).is_ok() && !posed(at) && !conditioned(at)
                || raw
                    && splits.contains(&at)
                    && !conditioned(at)
                    && !inner(at)
                    && tokens.get(at.wrapping_sub(1)).is_some_and(|t| {
                        !t.any(&[
                            "que", "qui", "si", "et", "donc", "alors", "d", "accord", "est", "je", "on", "qu",
                        ])
                    })
        };
        let mut sentences = sentences(&tokens, opens);
        for sentence in &mut sentences {
            sentence.question &= !tagged(&tokens, &sentence.tokens, &cues);
        }
        let warned: Vec<Range<usize>> = sentences
            .iter()
            .filter(|s| {
                cues.iter()
                    .any(|c| matches!(c.cue, Cue::Alert | Cue::Return) && s.tokens.contains(&c.tokens.start))
            })
            .map(|s| s.tokens.clone())
            .collect();
        let kept = |at: usize| !posed(at) || warned.iter().any(|run| run.contains(&at));
        cues.retain(|c| c.cue != Cue::Conditional || kept(c.tokens.start));
        let mut marked = vec![Marks::default(); tokens.len()];
        let units = hits(lexicon, &lexicon.units, &tokens);
        // "Dose-poids" is a unit, not a weight.
        mentions.retain(|m| {
            !units.iter().any(|u| {
                u.tokens.len() > m.tokens.len()
                    && u.tokens.start <= m.tokens.start
                    && m.tokens.end <= u.tokens.end
            })
        });
        // "Ms Clarke" has no multiple sclerosis.
        mentions.retain(|m| {
            let said = tokens.get(m.tokens.start).and_then(|t| segment.text.get(t.start..t.end));
            // "TA" and "BU" are said in capitals; "ta jambe" and "vous avez bu" are no abbreviations.
            let small = |s: &str| {
                matches!(s.to_lowercase().as_str(), "ta" | "bu" | "fa" | "pa" | "tr")
                    && s.chars().any(char::is_lowercase)
            };
            m.tokens.len() > 1 || said != Some("Ms") && !said.is_some_and(small)
        });
        // "Huit semaines d'aménorrhée" counts the weeks of a pregnancy.
        mentions.retain(|m| {
            !tokens.get(m.tokens.start).is_some_and(|t| t.is("amenorrhee"))
                || !(1..=2).any(|back| {
                    m.tokens
                        .start
                        .checked_sub(back)
                        .and_then(|i| tokens.get(i))
                        .is_some_and(|t| t.is("semaines"))
                })
        });
        // "Souffle fort", "reprenez votre souffle": breath, no murmur.
        mentions.retain(|m| {
            let at = m.tokens.start;
            let opens = at == 0 || tokens.get(at - 1).is_some_and(|t| t.after >= Gap::Stop);
            let own = at > 0 && tokens.get(at - 1).is_some_and(|t| t.any(&["votre", "ton", "tu", "mon"]));
            m.tokens.len() > 1
                || !tokens.get(at).is_some_and(|t| t.is("souffle"))
                || !(opens && tokens.len() > 1 || own)
        });
        // "Des gouttes" are no gout.
        mentions.retain(|m| {
            let plural =
                m.tokens.len() == 1 && tokens.get(m.tokens.start).is_some_and(|t| t.folded.ends_with('s'));
            !plural || !m.entries.iter().any(|id| lexicon.entry(*id).has("number", "singular"))
        });
        polite(&tokens, &mut cues);
        refused(&mut cues);
        sounded(lexicon, &tokens, &cues, &units, &mut mentions);
        for sentence in &sentences {
            marks(&tokens, sentence, &cues, &mentions, lexicon, &mut marked);
        }
        Self {
            index: segment.index,
            speaker: segment.speaker,
            text: segment.text.clone(),
            sentences,
            cues,
            people: people(lexicon, &tokens),
            times: times(&tokens, lexicon.language),
            units,
            timing,
            qualifiers: hits(lexicon, &lexicon.qualifiers, &tokens),
            marks: marked,
            probabilities: probabilities(segment, &tokens),
            suspect: segment.suspect,
            raw,
            mentions,
            tokens,
        }
    }

    /// The words of a run of tokens, verbatim, without the white space and punctuation around them.
    pub fn quote(&self, tokens: &Range<usize>) -> Source {
        let start = self.tokens.get(tokens.start).map_or(0, |t| t.start);
        let last = tokens.end.max(tokens.start + 1) - 1;
        let end = self.tokens.get(last).map_or(self.text.len(), |t| t.end);
        let quote = self.text.get(start..end.max(start)).unwrap_or(&self.text).to_owned();
        Source { segment: self.index, quote }
    }

    pub fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| t.folded.as_str())
    }

    /// Whether a cue of this class begins within the run.
    pub fn has(&self, cue: Cue, within: &Range<usize>) -> bool {
        self.find(cue, within).is_some()
    }

    pub fn find(&self, cue: Cue, within: &Range<usize>) -> Option<&CueHit> {
        self.cues.iter().find(|c| c.cue == cue && within.contains(&c.tokens.start))
    }

    pub fn any(&self, wanted: &[Cue], within: &Range<usize>) -> bool {
        self.cues.iter().any(|c| wanted.contains(&c.cue) && within.contains(&c.tokens.start))
    }

    /// The part of the sentence between commas and turning words that holds the token.
    pub fn clause(&self, sentence: &Range<usize>, at: usize) -> Range<usize> {
        let breaks = |i: usize| self.cues.iter().any(|c| c.cue == Cue::Stop && c.tokens.start == i);
        let mut start = at;
        while start > sentence.start
            && self.tokens.get(start - 1).is_some_and(|t| t.after < Gap::Comma)
            && !breaks(start)
        {
            start -= 1;
        }
        let mut end = at + 1;
        while end < sentence.end
            && self.tokens.get(end - 1).is_some_and(|t| t.after < Gap::Comma)
            && !breaks(end)
        {
            end += 1;
        }
        start..end
    }

    pub fn mentions_in(&self, run: &Range<usize>) -> impl Iterator<Item = &Mention> {
        let run = run.clone();
        self.mentions.iter().filter(move |m| run.start <= m.tokens.start && m.tokens.start < run.end)
    }

    pub fn times_in(&self, run: &Range<usize>) -> impl Iterator<Item = &When> {
        let run = run.clone();
        self.times.iter().filter(move |w| run.start <= w.tokens.start && w.tokens.end <= run.end)
    }

    pub fn mark(&self, at: usize) -> Marks {
        self.marks.get(at).copied().unwrap_or_default()
    }

    /// The lowest word probability of a run.
    pub fn least_probability(&self, run: &Range<usize>) -> Option<f32> {
        self.probabilities.get(run.clone())?.iter().copied().flatten().min_by(f32::total_cmp)
    }
}

/// "I'm not going to give you": what stands inside a refusal does not prescribe.
fn refused(cues: &mut Vec<CueHit>) {
    let refusals: Vec<Range<usize>> =
        cues.iter().filter(|c| c.cue == Cue::Forbid).map(|c| c.tokens.clone()).collect();
    cues.retain(|c| {
        !matches!(c.cue, Cue::Prescribe | Cue::Order | Cue::Renew)
            || !refusals.iter().any(|r| r.start < c.tokens.start && c.tokens.start < r.end)
    });
}

/// "If you could get those done": asks politely, under no condition.
fn polite(tokens: &[Token], cues: &mut Vec<CueHit>) {
    let word = |at: usize| tokens.get(at).map_or("", |t| t.folded.as_str());
    cues.retain(|c| {
        let after = c.tokens.end;
        c.cue != Cue::Conditional
            || !(word(after) == "you"
                && ["could", "like", "wouldn", "ring", "want"].contains(&word(after + 1))
                || word(after.wrapping_sub(1)) == "you"
                    && ["could", "like", "wouldn", "ring", "want"].contains(&word(after)))
    });
}

/// "…straight to A and E, OK?": the mark belongs to the last word alone, the rest is said.
fn tagged(tokens: &[Token], run: &Range<usize>, cues: &[CueHit]) -> bool {
    const TAGS: &[&str] = &[
        "ok", "okay", "alright", "right", "yeah", "yes", "all", "d", "accord", "hein", "oui", "voila", "eh",
    ];
    const SAYING: &[Cue] =
        &[Cue::Conditional, Cue::Alert, Cue::Return, Cue::Prescribe, Cue::Advise, Cue::Order];
    let comma = run.clone().rev().skip(1).find(|at| tokens.get(*at).is_some_and(|t| t.after >= Gap::Comma));
    comma.is_some_and(|at| {
        let tag = at + 1..run.end;
        at >= run.start + 3
            && tag.len() <= 2
            && tokens.get(tag).is_some_and(|t| t.iter().all(|t| t.any(TAGS)))
            && cues.iter().any(|c| SAYING.contains(&c.cue) && run.contains(&c.tokens.start))
    })
}

impl Mention {
    /// The entry of a family, when the wording can mean one.
    pub fn of<'a>(&self, lexicon: &'a Lexicon, family: Family) -> Option<&'a Entry> {
        self.entries.iter().map(|id| lexicon.entry(*id)).find(|e| e.family == family)
    }
}

fn mentions(lexicon: &Lexicon, tokens: &[Token]) -> Vec<Mention> {
    lexicon
        .clinical
        .matches(tokens)
        .into_iter()
        .map(|found| {
            let forms = lexicon.clinical.forms(&found);
            Mention {
                entries: forms.iter().map(|f| f.entry).collect(),
                misheard: forms.iter().all(|f| f.misheard),
                tokens: found.tokens,
            }
        })
        .collect()
}

/// Adds drugs and allergens whose names are spelt by ear, or cut in two, where talk is of treatments or allergies.
fn sounded(lexicon: &Lexicon, tokens: &[Token], cues: &[CueHit], units: &[Hit], mentions: &mut Vec<Mention>) {
    const OF_DRUGS: &[Cue] = &[
        Cue::Take,
        Cue::Took,
        Cue::Prescribe,
        Cue::Renew,
        Cue::Increase,
        Cue::Decrease,
        Cue::Stopped,
        Cue::StopDrug,
        Cue::Forbid,
        Cue::Allergic,
        Cue::TopicAllergy,
        Cue::TopicTreatment,
    ];
    let expected = tokens.len() <= 14
        || cues.iter().any(|c| OF_DRUGS.contains(&c.cue))
        || units.iter().any(|u| u.of == "mass" || u.of == "form");
    if !expected {
        return;
    }
    let free = |run: &Range<usize>, mentions: &[Mention]| {
        !mentions.iter().any(|m| m.tokens.start < run.end && run.start < m.tokens.end)
    };
    for (at, token) in tokens.iter().enumerate() {
        let (one, two) = (at..at + 1, at..at + 2);
        if token.is_digits() || !free(&one, mentions) {
            continue;
        }
        let known = lexicon.knows(&token.folded);
        let next = tokens.get(at + 1).filter(|next| {
            token.after == Gap::None
                && free(&two, mentions)
                && !next.is_digits()
                && (!known || !lexicon.knows(&next.folded))
                && token.folded.len() >= 2
                && next.folded.len() >= 3
        });
        let found = (!known && token.folded.len() >= 5)
            .then(|| lexicon.sounds_like(&token.folded))
            .flatten()
            .map(|ids| (ids, one))
            .or_else(|| Some((lexicon.sounds_like(&format!("{}{}", token.folded, next?.folded))?, two)));
        if let Some((ids, run)) = found {
            mentions.push(Mention { tokens: run, entries: ids.to_vec(), misheard: true });
        }
    }
    mentions.sort_by_key(|m| m.tokens.start);
}

fn cues(lexicon: &Lexicon, tokens: &[Token]) -> Vec<CueHit> {
    let mut found = Vec::new();
    for hit in lexicon.cues.overlapping(tokens) {
        for form in lexicon.cues.forms(&hit) {
            if let Some(cue) = lexicon.entry(form.entry).cue {
                found.push(CueHit { tokens: hit.tokens.clone(), cue });
            }
        }
    }
    found
}

fn people(lexicon: &Lexicon, tokens: &[Token]) -> Vec<PersonHit> {
    let first = |found: Match| {
        let entry = lexicon.people.forms(&found).first()?.entry;
        Some(PersonHit { tokens: found.tokens, entry }).filter(|hit| called_grown(tokens, &hit.tokens))
    };
    lexicon.people.matches(tokens).into_iter().filter_map(first).collect()
}

/// "Le grand" is the elder child where it stands for a name; "un grand verre" is no one.
fn called_grown(tokens: &[Token], run: &Range<usize>) -> bool {
    let word = |at: usize| tokens.get(at).map_or("", |t| t.folded.as_str());
    if run.len() > 1 || !["grand", "grande"].contains(&word(run.start)) {
        return true;
    }
    let named = ["mon", "ma", "le", "la", "notre"].contains(&word(run.start.wrapping_sub(1)));
    let ends = tokens.get(run.start).is_some_and(|t| t.after >= Gap::Comma) || run.end >= tokens.len();
    named
        && (ends
            || ["est", "a", "il", "elle", "lui", "etait", "aussi", "qui", "fait"].contains(&word(run.end)))
}

fn hits(lexicon: &Lexicon, trie: &Trie, tokens: &[Token]) -> Vec<Hit> {
    let hit = |found: Match| {
        let entry = lexicon.entry(trie.forms(&found).first()?.entry);
        let of = entry.attribute("of").unwrap_or_default().to_owned();
        Some(Hit { tokens: found.tokens, written: entry.concept.clone(), of })
    };
    trie.matches(tokens).into_iter().filter_map(hit).collect()
}

/// Gives each token the probability of the word it comes from. Words are looked for in order, so that a recogniser
/// whose words do not add up to its text costs some probabilities and nothing else.
fn probabilities(segment: &Segment, tokens: &[Token]) -> Vec<Option<f32>> {
    let mut of = vec![None; tokens.len()];
    let mut from = 0;
    for word in &segment.words {
        let wanted = word.text.trim();
        let Some(at) =
            segment.text.get(from..).and_then(|rest| rest.find(wanted)).filter(|_| !wanted.is_empty())
        else {
            continue;
        };
        let (start, end) = (from + at, from + at + wanted.len());
        for (slot, token) in of.iter_mut().zip(tokens) {
            if token.start < end && token.end > start {
                *slot = Some(slot.map_or(word.probability, |p: f32| p.min(word.probability)));
            }
        }
        from = end;
    }
    of
}
