use crate::analysis::{CueHit, Mention};
use crate::lexicon::{Cue, Family, Lexicon};
use crate::text::{Gap, Sentence, Token};

/// What the cues of its sentence say about a token (the ConText family of rules).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    pub negated: bool,
    pub uncertain: bool,
    pub hypothetical: bool,
    pub conditional: bool,
    pub ruled_out: bool,
    pub past: bool,
    pub allergic: bool,
}

/// How many tokens a denial reaches beyond the last thing it denied.
const REACH: usize = 7;

const SUBJECTS: &[&str] = &[
    "je", "j", "tu", "il", "elle", "on", "nous", "vous", "ils", "elles", "ca", "c", "i", "you", "he", "she",
    "it", "we", "they",
];
const DETERMINERS: &[&str] =
    &["le", "la", "les", "l", "un", "une", "du", "mon", "ma", "mes", "the", "my", "your"];
const PREPOSITIONS: &[&str] = &[
    "a", "de", "dans", "sur", "sous", "en", "par", "pour", "avec", "aux", "au", "d", "vers", "chez", "pas",
    "plus", "et", "ni", "ou", "of", "in", "on", "at", "to", "with", "tout", "toute",
];

pub(crate) fn marks(
    tokens: &[Token],
    sentence: &Sentence,
    cues: &[CueHit],
    mentions: &[Mention],
    lexicon: &Lexicon,
    marks: &mut [Marks],
) {
    let within: Vec<&CueHit> = cues.iter().filter(|c| sentence.tokens.contains(&c.tokens.start)).collect();
    let masked = |at: usize| within.iter().any(|c| c.cue == Cue::PseudoNegation && c.tokens.contains(&at));
    let scene = Scene { tokens, end: sentence.tokens.end, cues: &within, mentions, lexicon };
    for hit in &within {
        let from = hit.tokens.end;
        match hit.cue {
            // "No my mum had breast cancer", with no comma after the answer.
            Cue::Negation if answers_only(tokens, hit, sentence) => {}
            Cue::Negation if !masked(hit.tokens.start) => {
                set(marks, from..scene.denial_end(from), |m| m.negated = true);
                scene.verb_before(hit, marks);
            }
            Cue::NegationAfter if hit.tokens.len() >= 4 => {
                // "Le souffle qu'on entendait à la naissance, je ne l'entends plus."
                let before = mentions.iter().rev().find(|m| {
                    m.tokens.end <= hit.tokens.start
                        && m.tokens.start >= sentence.tokens.start
                        && hit.tokens.start - m.tokens.end <= 9
                });
                if let Some(mention) = before {
                    set(marks, mention.tokens.clone(), |m| m.negated = true);
                }
            }
            Cue::NegationAfter => {
                // "De l'urticaire, on a jamais refait d'essai": a clause of its own; "la voix, ça non" points back.
                let apart = |m: &Mention| {
                    const POINTING: &[&str] =
                        &["ca", "la", "lui", "elle", "celui", "celle", "moi", "euh", "that", "not"];
                    tokens.get(m.tokens.end - 1).is_some_and(|t| t.after >= Gap::Comma)
                        && !(m.tokens.end..hit.tokens.start).all(|i| {
                            // "Ganglions, aisselles, rien."
                            scene.is(i, POINTING) || mentions.iter().any(|other| other.tokens.contains(&i))
                        })
                };
                let before = mentions.iter().find(|m| {
                    m.tokens.end <= hit.tokens.start
                        && !apart(m)
                        && hit.tokens.start - m.tokens.end <= 2
                        && m.tokens.start >= sentence.tokens.start
                        && tokens.get(m.tokens.end - 1).is_some_and(|t| t.after < Gap::Stop)
                        && (m.tokens.end == hit.tokens.start && !sentence.question
                            || !tokens
                                .get(m.tokens.end..hit.tokens.start)
                                .is_some_and(|t| t.iter().any(|t| t.after >= Gap::Comma)))
                });
                let closes = hit.tokens.end >= sentence.tokens.end
                    || tokens.get(hit.tokens.end - 1).is_some_and(|t| t.after >= Gap::Comma)
                    || tokens.get(hit.tokens.start).is_some_and(|t| t.folded.len() > 4);
                if let Some(mention) = before.filter(|_| closes) {
                    set(marks, mention.tokens.clone(), |m| m.negated = true);
                }
            }
            Cue::PutOff => {
                let before = mentions.iter().rev().find(|m| {
                    m.tokens.end <= hit.tokens.start
                        && m.tokens.start >= sentence.tokens.start
                        && hit.tokens.start - m.tokens.end <= 4
                });
                // "On laisse le Nurofen, ça sert pas à grand-chose" stops it.
                let stopped = |m: &Mention| {
                    within.iter().any(|c| c.cue == Cue::StopDrug && c.tokens.end <= m.tokens.start)
                };
                if let Some(mention) = before.filter(|m| !stopped(m)) {
                    set(marks, mention.tokens.clone(), |m| m.hypothetical = true);
                }
            }
            Cue::Uncertain => set(marks, from..scene.clause_end(from), |m| m.uncertain = true),
            Cue::RuledOut => set(marks, from..scene.clause_end(from), |m| {
                m.ruled_out = true;
                m.negated = true;
            }),
            Cue::Hypothesis | Cue::Readout => {
                // "J'hésite avec la Rocéphine, mais vous ne vomissez pas, donc de l'Oflocet": the choice is made.
                set(marks, from..scene.turn(from + 1), |m| m.hypothetical = true);
            }
            Cue::Conditional if !starts_answer(tokens, hit, sentence) => {
                set(marks, from..sentence.tokens.end, |m| m.conditional = true);
            }
            Cue::Past => set(marks, from..scene.turn(from), |m| m.past = true),
            // "Pour les allergies, de la desloratadine" treats them.
            Cue::Allergic
                if (1..=2).any(|back| {
                    hit.tokens
                        .start
                        .checked_sub(back)
                        .is_some_and(|at| scene.is(at, &["pour", "contre", "for"]))
                }) => {}
            // "With your aspirin allergy, avoid ibuprofen": what stands before it is meant, not what follows.
            Cue::Allergic
                if hit.tokens.len() == 1
                    && scene.is(hit.tokens.start, &["allergy", "allergies"])
                    && mentions.iter().any(|m| {
                        m.tokens.end == hit.tokens.start
                            && [crate::lexicon::Family::Drug, crate::lexicon::Family::Allergen]
                                .iter()
                                .any(|family| m.of(lexicon, *family).is_some())
                    }) =>
            {
                let before = mentions.iter().find(|m| m.tokens.end == hit.tokens.start);
                if let Some(mention) = before {
                    set(marks, mention.tokens.clone(), |m| m.allergic = true);
                }
            }
            // "Not an allergy as such, but we'll go amoxicillin."
            Cue::Allergic
                if (1..=3).any(|back| {
                    hit.tokens.start.checked_sub(back).is_some_and(|at| {
                        at >= sentence.tokens.start && scene.is(at, &["not", "isn", "pas", "aucune"])
                    })
                }) && scene.turn(from) < sentence.tokens.end =>
            {
                set(marks, from..scene.turn(from), |m| m.allergic = true);
            }
            Cue::Allergic => set(marks, from..sentence.tokens.end, |m| m.allergic = true),
            _ => {}
        }
    }
    // "Vous n'êtes plus ralentie", "je ne tousse plus".
    for at in sentence.tokens.clone().skip(2) {
        let is = |i: usize, words: &[&str]| tokens.get(i).is_some_and(|t| t.any(words));
        let over = is(at, &["plus"])
            && (2..=3).any(|back| {
                at.checked_sub(back).is_some_and(|i| i >= sentence.tokens.start && is(i, &["n", "ne"]))
            })
            && !is(at + 1, &["que", "qu", "de", "ou", "tard"])
            && tokens.get(at).is_some_and(|t| t.after < Gap::Comma);
        if over {
            set(marks, at + 1..scene.clause_end(at + 1).min(at + 5), |m| m.negated = true);
        }
    }
}

/// An English "no" at the beginning, before what is a sentence of its own.
fn answers_only(tokens: &[Token], hit: &CueHit, sentence: &Sentence) -> bool {
    const OWN: &[&str] =
        &["my", "i", "it", "he", "she", "we", "they", "but", "just", "well", "the", "only", "not", "so"];
    hit.tokens.len() == 1
        && hit.tokens.start <= sentence.tokens.start + 1
        && tokens.get(hit.tokens.start).is_some_and(|t| t.is("no"))
        && tokens.get(hit.tokens.end).is_some_and(|t| t.any(OWN))
}

/// "Si, un peu" answers; "si je force" is a condition.
fn starts_answer(tokens: &[Token], hit: &CueHit, sentence: &Sentence) -> bool {
    let alone = tokens.get(hit.tokens.end - 1).is_some_and(|t| t.after >= Gap::Comma);
    alone && hit.tokens.start <= sentence.tokens.start + 2
}

fn set(marks: &mut [Marks], run: std::ops::Range<usize>, mut apply: impl FnMut(&mut Marks)) {
    for mark in marks.iter_mut().take(run.end).skip(run.start) {
        apply(mark);
    }
}

struct Scene<'a> {
    tokens: &'a [Token],
    end: usize,
    cues: &'a [&'a CueHit],
    mentions: &'a [Mention],
    lexicon: &'a Lexicon,
}

/// Words that go on with a denied list.
const LINKS: &[&str] = &["ni", "ou", "de", "d", "pas", "or", "nor", "no"];

impl Scene<'_> {
    /// The text has commas or full stops of its own.
    fn punctuated(&self) -> bool {
        self.tokens.iter().rev().skip(1).any(|t| t.after >= Gap::Comma)
    }

    fn is(&self, at: usize, words: &[&str]) -> bool {
        self.tokens.get(at).is_some_and(|t| t.any(words))
    }

    fn stops(&self, at: usize) -> bool {
        self.cues.iter().any(|c| c.cue == Cue::Stop && c.tokens.start == at)
            || self.tokens.get(at).is_some_and(|t| t.is("donc"))
    }

    /// Up to the next turning word.
    fn turn(&self, from: usize) -> usize {
        (from..self.end).find(|at| self.stops(*at)).unwrap_or(self.end)
    }

    /// Up to the next comma or turning word.
    fn clause_end(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.end {
            if self.stops(at) && at > from {
                return at;
            }
            at += 1;
            if self.tokens.get(at - 1).is_some_and(|t| t.after >= Gap::Comma) {
                return at;
            }
        }
        self.end
    }

    fn mention_at(&self, at: usize) -> Option<&Mention> {
        self.mentions.iter().find(|m| m.tokens.start == at)
    }

    /// Where "pas de" ends: at a turning word, a new subject, a new noun with its article, a comma that opens no list.
    fn denial_end(&self, from: usize) -> usize {
        let mut at = from;
        let mut last = from;
        while at < self.end {
            // "Vous ne vomissez pas, donc de l'Oflocet": what follows is no longer denied.
            if self.stops(at) && (at > from || self.is(at, &["donc"])) {
                return at;
            }
            if self.is(at, SUBJECTS) {
                return at;
            }
            if at > from {
                let comma = self.tokens.get(at - 1).is_some_and(|t| t.after >= Gap::Comma);
                if comma && !self.continues_list(at) {
                    return at;
                }
                if self.is(at, &["et", "and"]) && !comma && !self.continues_list(at + 1) {
                    return at;
                }
                let new_noun = self.is(at, DETERMINERS) && !self.is(at - 1, PREPOSITIONS);
                if new_noun {
                    return at;
                }
            }
            if let Some(mention) = self.mention_at(at) {
                // Where nothing is punctuated, a second thing is denied only if a link or nothing at all joins it to the first.
                let linked = at == last || self.is(at - 1, LINKS);
                if last > from && !linked && !self.punctuated() {
                    return last;
                }
                // A reassuring finding is not what a list denies: "pas de défense, ventre souple".
                let reassuring =
                    mention.entries.iter().any(|id| self.lexicon.entry(*id).has("normal", "yes"));
                let measured = mention.of(self.lexicon, Family::Vital).is_some();
                if (reassuring || measured) && at > from {
                    return at;
                }
                at = mention.tokens.end;
                last = at;
                continue;
            }
            if at - last > REACH {
                return last.max(from);
            }
            at += 1;
        }
        self.end
    }

    /// Whether what stands at `at` goes on with a denied list: "ni", "ou", "de", or bare nouns up to one of these.
    fn continues_list(&self, at: usize) -> bool {
        if self.is(at, LINKS) || (self.is(at, &["et", "and"]) && self.is(at + 1, LINKS)) {
            return true;
        }
        let mut next = at;
        while let Some(mention) = self.mention_at(next) {
            next = mention.tokens.end;
            if next >= self.end {
                return false;
            }
            if self.is(next, &["ni", "ou", "or", "nor"]) {
                return true;
            }
        }
        false
    }

    /// "Je tousse pas": the denial of a verb stands after it.
    fn verb_before(&self, hit: &CueHit, marks: &mut [Marks]) {
        let bare =
            hit.tokens.len() == 1 && self.is(hit.tokens.start, &["pas", "plus", "jamais", "aucunement"]);
        let ends = hit.tokens.end >= self.end
            || self.tokens.get(hit.tokens.end - 1).is_some_and(|t| t.after >= Gap::Comma)
            || self.is(
                hit.tokens.end,
                &["du", "trop", "vraiment", "tellement", "la", "le", "beaucoup", "et", "mais", "non"],
            );
        if !bare || !ends {
            return;
        }
        let verb = self.mentions.iter().find(|m| m.tokens.end == hit.tokens.start && m.tokens.len() <= 3);
        if let Some(mention) =
            verb.filter(|m| self.tokens.get(m.tokens.end - 1).is_some_and(|t| t.after == Gap::None))
        {
            for mark in marks.iter_mut().take(mention.tokens.end).skip(mention.tokens.start) {
                mark.negated = true;
            }
        }
    }
}
