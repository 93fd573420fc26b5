use std::ops::Range;

use note::Speaker;

use crate::analysis::{Analysis, PersonHit};
use crate::lexicon::{EntryId, Lexicon};
use crate::text::Gap;

/// Whom a passage speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum About {
    #[default]
    Patient,
    /// A blood relation, as the lexicon names it.
    Family(EntryId),
    /// A spouse, a colleague, a neighbour.
    Other,
}

const FIRST: &[&str] = &["je", "j", "moi", "i", "me", "myself"];
const SECOND: &[&str] = &["vous", "tu", "toi", "t", "you", "your"];
const THIRD: &[&str] = &["il", "elle", "ils", "elles", "lui", "he", "she", "they"];
const OWN: &[&str] = &["mon", "ma", "mes", "my", "our", "notre", "nos"];

/// What is known of the one who is seen, when someone else speaks for them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Seen {
    pub child: bool,
    /// What the companion called them: "maman", "mon fils".
    pub named: Option<EntryId>,
}

/// Whom each token of a sentence speaks of; `carried` is where the sentence before it left off.
pub(crate) fn abouts(
    analysis: &Analysis,
    sentence: &Range<usize>,
    speaker: Speaker,
    carried: About,
    seen: Seen,
    answering: bool,
    lexicon: &Lexicon,
) -> Vec<About> {
    let mut now = match carried {
        // "Elle a eu des rayons" goes on about the sister.
        About::Patient => About::Patient,
        person if opens_with(analysis, sentence, THIRD) => person,
        // "Ma tante. Une embolie, à quarante ans."
        person if told_in_pieces(analysis, sentence) => person,
        // "Mon frère, on lui a trouvé la bactérie. — L'Hélicobacter.": whose it is was told, and may be anyone's.
        _ if speaker == Speaker::Doctor && echoes(analysis, sentence) => About::Other,
        // "Votre père avait quelque chose ? — Oui, un cancer."
        person @ About::Family(_) if answering && !speaks_of_self(analysis, sentence) => person,
        _ => About::Patient,
    };
    let mut of = vec![About::Patient; sentence.len()];
    for at in sentence.clone() {
        let resets = match speaker {
            Speaker::Doctor => SECOND,
            Speaker::Companion => &["il", "elle", "he", "she"],
            _ => FIRST,
        };
        let starts_clause =
            at == sentence.start || analysis.tokens.get(at - 1).is_some_and(|t| t.after >= Gap::Comma);
        let same_subject = speaker == Speaker::Companion && !starts_clause;
        let token_resets = analysis.tokens.get(at).is_some_and(|t| t.any(resets))
            && !same_subject
            && !(speaker == Speaker::Companion && at == sentence.start && now != About::Patient)
            && !(speaker == Speaker::Companion && self_same(now, analysis.word(at), lexicon));
        if token_resets {
            now = About::Patient;
        }
        // "Moi je suis allergique", says the mother.
        if speaker == Speaker::Companion && starts_of_themselves(analysis, at) {
            now = About::Other;
        } else if speaker == Speaker::Companion
            && starts_clause
            && now == About::Other
            && at > sentence.start
            && (at..at + 3).any(|i| {
                analysis
                    .tokens
                    .get(i)
                    .is_some_and(|t| t.any(THIRD) || t.any(&["son", "sa", "ses", "his", "her"]))
            })
        {
            now = About::Patient;
        }
        // "Une migraine, comme ma mère": the patient has it too.
        let alike = (1..=2).any(|back| ["comme", "like"].contains(&analysis.word(at.wrapping_sub(back))));
        if let Some(hit) = analysis.people.iter().find(|p| p.tokens.start == at).filter(|_| !alike)
            && let Some(person) = person(analysis, hit, speaker, seen, lexicon)
        {
            now = person;
            backwards(analysis, sentence, hit, person, &mut of);
        }
        if let Some(slot) = of.get_mut(at - sentence.start) {
            *slot = now;
        }
    }
    of
}

/// "Son père ronfle, il fait de l'apnée": "il" is the father still.
fn self_same(now: About, pronoun: &str, lexicon: &Lexicon) -> bool {
    const MEN: &[&str] = &[
        "père",
        "frère",
        "grand-père",
        "oncle",
        "fils",
        "aîné",
        "cadet",
        "jumeau",
        "neveu",
        "father",
        "brother",
        "grandfather",
        "uncle",
        "son",
    ];
    let About::Family(person) = now else { return false };
    let man = MEN.contains(&lexicon.entry(person).concept.as_str());
    if man { ["il", "he"].contains(&pronoun) } else { ["elle", "she"].contains(&pronoun) }
}

/// "Je suis…", "j'ai eu…", "moi, mon arthrose": a companion tells of themselves, unless of what they saw, gave or think.
fn starts_of_themselves(analysis: &Analysis, at: usize) -> bool {
    const ON_THE_PATIENT: &[&str] = &[
        "donne",
        "mets",
        "crois",
        "pense",
        "trouve",
        "vois",
        "veux",
        "sais",
        "voudrais",
        "viens",
        "amene",
        "dis",
        "le",
        "la",
        "l",
        "les",
        "lui",
        "fais",
        "prepare",
        "surveille",
        "peux",
        "dois",
        "remarque",
        "note",
        "appelle",
        "vous",
        "voulais",
        "demande",
        "leur",
        "laisse",
        "garde",
        "verifie",
        "comprends",
        "reste",
        "m",
        "me",
        "think",
        "gave",
        "give",
        "noticed",
        "see",
        "saw",
        "know",
        "want",
    ];
    const DONE: &[&str] = &[
        "peur",
        "impression",
        "donne",
        "mis",
        "vu",
        "note",
        "pris",
        "remarque",
        "appele",
        "essaye",
        "trouve",
        "amene",
        "emmene",
        "arrete",
        "continue",
        "verifie",
        "regarde",
        "oublie",
        "pas",
        "du",
        "rien",
        "tout",
        "l",
        "lui",
        "given",
        "seen",
        "noticed",
    ];
    let word = |i: usize| analysis.word(i);
    if ["mon", "ma", "mes", "my"].contains(&word(at)) {
        // "Mon arthrose"; "mon mari" is a person, seen to elsewhere.
        return !analysis.people.iter().any(|p| (at..at + 2).contains(&p.tokens.start));
    }
    if ["moi", "nous"].contains(&word(at)) {
        // "C'est moi qui les lui donne".
        let acts = word(at + 1) == "qui" && ["les", "le", "la", "l", "lui"].contains(&word(at + 2));
        return !acts && !["a", "aide", "dit", "chez", "avec"].contains(&word(at.wrapping_sub(1)));
    }
    if !["je", "j", "i"].contains(&word(at)) {
        return false;
    }
    match word(at + 1) {
        "ai" | "have" | "ve" => {
            let done = (at + 2..at + 4).any(|i| DONE.contains(&word(i)));
            let pain = word(at + 2) == "mal";
            pain || !done
                || ["eu", "de", "des", "un", "une"].contains(&word(at + 2)) && word(at + 3) != "peur"
        }
        next => !ON_THE_PATIENT.contains(&next),
    }
}

/// A name alone, as one repeats it.
fn echoes(analysis: &Analysis, sentence: &Range<usize>) -> bool {
    let opens = analysis.sentences.first().is_some_and(|s| s.tokens.start == sentence.start);
    let named = analysis.mentions.iter().any(|m| {
        m.tokens.start >= sentence.start
            && m.tokens.start <= sentence.start + 1
            && m.tokens.end <= sentence.end
            && m.tokens.end + 1 >= sentence.end
    });
    opens
        && named
        && sentence.len() <= 4
        && !speaks_of_self(analysis, sentence)
        && !opens_with(analysis, sentence, SECOND)
}

/// A short piece with no subject of its own, after a short piece of the same turn that names a person.
fn told_in_pieces(analysis: &Analysis, sentence: &Range<usize>) -> bool {
    let subjectless = |run: &Range<usize>| {
        analysis.tokens.get(run.clone()).is_some_and(|t| {
            t.iter().all(|t| {
                !t.any(FIRST) && !t.any(SECOND) && !t.any(&["on", "non", "oui", "yes", "no", "c", "ca"])
            })
        })
    };
    let before = analysis.sentences.iter().find(|s| s.tokens.end == sentence.start).map(|s| s.tokens.clone());
    before.is_some_and(|before| {
        before.len() <= 9
            && sentence.len() <= 8
            && subjectless(&before)
            && subjectless(sentence)
            && (analysis.people.iter().any(|p| before.contains(&p.tokens.start))
                // "Mon père. Il est mort à quarante-neuf ans. Infarctus, au tennis."
                || opens_with(analysis, &before, THIRD))
    })
}

fn speaks_of_self(analysis: &Analysis, sentence: &Range<usize>) -> bool {
    analysis
        .tokens
        .get(sentence.clone())
        .is_some_and(|t| t.iter().any(|t| t.any(FIRST) || t.any(&["non", "no", "nan"])))
}

fn opens_with(analysis: &Analysis, sentence: &Range<usize>, words: &[&str]) -> bool {
    // "Mais surtout elle a eu un cancer."
    const JOINING: &[&str] =
        &["mais", "surtout", "et", "puis", "alors", "enfin", "apres", "but", "and", "then", "also", "so"];
    let start = sentence
        .clone()
        .take(3)
        .find(|at| !analysis.tokens.get(*at).is_some_and(|t| t.any(JOINING)))
        .unwrap_or(sentence.start);
    let sentence = start..sentence.end;
    let end = sentence.end.min(sentence.start + 3);
    analysis.tokens.get(sentence.start..end).is_some_and(|t| t.iter().any(|t| t.any(words)))
        && !analysis
            .tokens
            .get(sentence.start..end)
            .is_some_and(|t| t.iter().any(|t| t.any(FIRST) || t.any(SECOND)))
}

fn person(
    analysis: &Analysis,
    hit: &PersonHit,
    speaker: Speaker,
    seen: Seen,
    lexicon: &Lexicon,
) -> Option<About> {
    let entry = lexicon.entry(hit.entry);
    let child = seen.child;
    // "Médecin du travail" is where one is sent.
    if analysis.mentions.iter().any(|m| {
        m.tokens.start <= hit.tokens.start
            && hit.tokens.end <= m.tokens.end
            && m.tokens.len() > hit.tokens.len()
            && [
                crate::lexicon::Family::Referral,
                crate::lexicon::Family::Leave,
                crate::lexicon::Family::Instruction,
                crate::lexicon::Family::Test,
            ]
            .iter()
            .any(|family| m.of(lexicon, *family).is_some())
    }) {
        return None;
    }
    let at = hit.tokens.start;
    let after = hit.tokens.end;
    // "Ma fille m'a dit": she speaks, she is not spoken of.
    if ["m", "me", "m'a", "told", "says", "said", "thinks"].contains(&analysis.word(after))
        || analysis.word(after) == "qui" && analysis.word(after + 1) == "m"
    {
        return None;
    }
    // "C'est mon frère à moi": the companion's.
    if speaker == Speaker::Companion && analysis.word(after) == "a" && analysis.word(after + 1) == "moi" {
        return Some(About::Other);
    }
    let own = analysis.word(at.wrapping_sub(1));
    let own = OWN.contains(&own) || OWN.contains(&analysis.word(at));
    // "C'est pour maman", and so on: she is the one who is seen.
    if speaker == Speaker::Companion && seen.named == Some(hit.entry) {
        return Some(About::Patient);
    }
    let another = seen.named.is_some();
    if speaker == Speaker::Companion && (own && !another || entry.has("child", "yes")) {
        // A parent speaks of the child who is the patient; a wife, of the husband who is.
        if entry.has("child", "yes") || !child {
            return Some(About::Patient);
        }
    }
    Some(match entry.attribute("who") {
        Some("family") => About::Family(hit.entry),
        Some("companion") => return None,
        _ if speaker == Speaker::Companion && child && own => About::Family(hit.entry),
        _ => About::Other,
    })
}

/// "Un cancer chez ma mère": the person comes after what is said of them.
fn backwards(analysis: &Analysis, sentence: &Range<usize>, hit: &PersonHit, person: About, of: &mut [About]) {
    let lead = (1..=2)
        .map(|back| analysis.word(hit.tokens.start.wrapping_sub(back)))
        .find(|w| ["chez", "in", "pour"].contains(w));
    let lead_in = analysis.word(hit.tokens.start) == "dans" || analysis.word(hit.tokens.start) == "chez";
    // "La pénicilline, c'est ma femme": whose it is comes after, across the comma.
    if let Some(from) = attributed(analysis, sentence, hit) {
        for slot in of.iter_mut().take(hit.tokens.start - sentence.start).skip(from - sentence.start) {
            *slot = person;
        }
        return;
    }
    if lead.is_none() && !lead_in {
        return;
    }
    let mut at = hit.tokens.start;
    while at > sentence.start {
        at -= 1;
        if analysis.tokens.get(at).is_some_and(|t| t.after >= Gap::Comma || t.any(FIRST))
            && at + 2 < hit.tokens.start
        {
            break;
        }
        if let Some(slot) = of.get_mut(at - sentence.start) {
            *slot = person;
        }
    }
}

/// Where that begins which "c'est mon frère" closes: the clause before it, short and about no one else.
fn attributed(analysis: &Analysis, sentence: &Range<usize>, hit: &PersonHit) -> Option<usize> {
    let start = hit.tokens.start;
    // "Ma" stands inside the hit or just before it.
    let before = start.checked_sub(1).filter(|at| OWN.contains(&analysis.word(*at)));
    let person = if OWN.contains(&analysis.word(start)) { start } else { before.unwrap_or(start) };
    // "Phlébite, ma tante, mais c'était après un plâtre."
    let apposed = OWN.contains(&analysis.word(person))
        && person > sentence.start
        && person - sentence.start <= 4
        && analysis.tokens.get(person - 1).is_some_and(|t| t.after == Gap::Comma)
        && analysis.tokens.get(hit.tokens.end.saturating_sub(1)).is_some_and(|t| t.after >= Gap::Comma)
        && analysis.mentions.iter().any(|m| {
            m.tokens.end == person && m.tokens.start >= sentence.start && m.tokens.start <= sentence.start + 1
        });
    if apposed {
        return Some(sentence.start);
    }
    let verb = person.checked_sub(1)?;
    let subject = verb.checked_sub(1)?;
    let says = ["est", "etait"].contains(&analysis.word(verb)) && analysis.word(subject) == "c"
        || ["s", "was"].contains(&analysis.word(verb)) && ["that", "it"].contains(&analysis.word(subject));
    let from = (sentence.start..subject).rev().take(8).take_while(|at| {
        let token = analysis.tokens.get(*at);
        !token.is_some_and(|t| t.any(FIRST) || t.any(SECOND))
            && !analysis.people.iter().any(|p| p.tokens.contains(at))
    });
    let from = from.last()?;
    let named = analysis.mentions.iter().any(|m| (from..subject).contains(&m.tokens.start));
    // "C'est ma mère qui dit" tells who speaks.
    let speaks = ["qui", "who"].contains(&analysis.word(hit.tokens.end));
    (says && named && !speaks).then_some(from)
}
