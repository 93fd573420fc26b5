//! Where on the body: "des fourmis dans les pieds", "une plaie de la face palmaire de la main gauche, quatre centimètres".

use std::ops::Range;

use super::{Discourse, Scene};
use crate::analysis::Mention;
use crate::fact::Fact;
use crate::lexicon::Family;
use crate::quantity::number_at;
use crate::text::Gap;

/// Words that may stand between a thing and its site.
const LINKS: &[&str] = &[
    "a", "au", "aux", "de", "du", "des", "d", "la", "l", "le", "les", "dans", "sur", "sous", "mon", "ma",
    "mes", "son", "sa", "ses", "ton", "ta", "tes", "votre", "vos", "derriere", "entre", "niveau", "tout",
    "toute", "tous", "toutes", "deux", "cote", "of", "the", "on", "in", "my", "your", "his", "her", "both",
];
/// Parts of the body that no pain is named by.
const PARTS: &[&str] = &[
    "face",
    "bord",
    "pli",
    "plis",
    "creux",
    "bout",
    "base",
    "paume",
    "ongle",
    "levre",
    "levres",
    "visage",
    "joue",
    "joues",
    "menton",
    "nez",
    "bouche",
    "langue",
    "corps",
    "peau",
    "aisselle",
    "aisselles",
    "paupiere",
    "paupieres",
    "sourcil",
    "arcade",
    "tempe",
    "pulpe",
    "coudes",
    "fesses",
    "interieur",
    "dessus",
    "front",
    "chevelu",
    "membre",
    "membres",
    "extremites",
    "bras",
    "mains",
    "pieds",
    "doigts",
    "orteils",
];
const SIDES: &[&str] = &["droit", "droite", "gauche", "droits", "droites", "gauches"];

/// "Frontal", "palmaire", "externe": adjectives of place.
fn placed(word: &str) -> bool {
    const STEMS: &[&str] = &[
        "fronta",
        "occipita",
        "tempora",
        "parieta",
        "palmaire",
        "dorsa",
        "interne",
        "externe",
        "anterieur",
        "posterieur",
        "superieur",
        "inferieur",
        "latera",
        "media",
        "centra",
        "distal",
        "proxima",
        "basal",
        "basitho",
        "apica",
        "axillaire",
        "inguina",
        "plantaire",
        "cervica",
        "lombaire",
        "thoracique",
        "abdomina",
        "periombilica",
        "ombilica",
        "facia",
        "maxillaire",
        "vertebra",
        "costa",
        "sternal",
    ];
    STEMS.iter().any(|stem| word.starts_with(stem)) && word.len() <= 16
}

impl Discourse {
    /// Adds the site said with a mention to the name of its fact, and its passage to the source.
    pub(super) fn with_site(&self, scene: &Scene<'_>, mention: &Mention, fact: &mut Fact) -> bool {
        let a = scene.analysis;
        let Some(run) = self.site_of(scene, mention) else { return false };
        let said = a.quote(&run).quote.to_lowercase();
        let known = crate::text::fold(fact.name.as_deref().unwrap_or(&fact.concept));
        if known.contains(&crate::text::fold(said.trim())) {
            return false;
        }
        // "Entorse de cheville, de la cheville droite": only the side is new.
        const AROUND: [&str; 16] = [
            "de", "du", "des", "la", "le", "les", "l", "a", "au", "aux", "dans", "sur", "droit", "droite",
            "gauche", "d",
        ];
        let mut named = run.clone().map(|i| a.word(i)).filter(|word| !AROUND.contains(word)).peekable();
        if named.peek().is_some() && named.all(|word| known.split([' ', '\'']).any(|w| w == word)) {
            return false;
        }
        let mut words: Vec<&str> = said.split(' ').collect();
        // "Dans mes pieds" is "dans les pieds" to the reader.
        for word in &mut words {
            *word = match *word {
                "mon" => "le",
                "ma" => "la",
                "mes" | "ses" | "tes" | "vos" => "les",
                other => other,
            };
        }
        let name = fact.name.clone().unwrap_or_else(|| fact.concept.clone());
        fact.name = Some(format!("{name} {}", words.join(" ")));
        fact.sources = vec![a.quote(&(mention.tokens.start..run.end.max(mention.tokens.end)))];
        true
    }

    /// The words of the site, with what leads to it.
    fn site_of(&self, scene: &Scene<'_>, mention: &Mention) -> Option<Range<usize>> {
        // Within the words of the mention itself: "fourmis dans les pieds".
        let inner = (mention.tokens.start + 1..mention.tokens.end)
            .find(|at| ["dans", "aux", "au", "sur", "a", "du", "de"].contains(&scene.analysis.word(*at)));
        let start = match inner {
            Some(at) if self.site_end(scene, at, mention.tokens.end).is_some() => at,
            Some(_) => return None,
            None => mention.tokens.end,
        };
        // "Un hématome frontal", whether the lexicon holds it whole or not.
        let last = mention.tokens.end - 1;
        if inner.is_none() && last > mention.tokens.start && placed(scene.analysis.word(last)) {
            return Some(last..mention.tokens.end);
        }
        if inner.is_none()
            && start < scene.run.end
            && placed(scene.analysis.word(start))
            && scene.analysis.tokens.get(start - 1).is_some_and(|t| t.after == Gap::None)
        {
            return Some(start..start + 1);
        }
        let glued = |at: usize| scene.analysis.tokens.get(at - 1).is_some_and(|t| t.after == Gap::None);
        let mut end = self.site_end(scene, start, scene.run.end).filter(|_| glued(start))?;
        // "De la face palmaire de la main gauche": a site of a site.
        for _ in 0..2 {
            let linked = ["de", "du", "des", "of"].contains(&scene.analysis.word(end));
            match self.site_end(scene, end, scene.run.end).filter(|_| linked && glued(end)) {
                Some(further) => end = further,
                None => break,
            }
        }
        Some(start..end)
    }

    /// Where a site that begins at `from` with its little words ends; none when no site stands there.
    fn site_end(&self, scene: &Scene<'_>, from: usize, reach: usize) -> Option<usize> {
        let a = scene.analysis;
        let mut at = from;
        while at < reach && at < from + 4 && LINKS.contains(&a.word(at)) {
            if a.tokens.get(at).is_some_and(|t| t.after >= Gap::Comma) {
                return None;
            }
            at += 1;
        }
        if at == from || at >= reach {
            return None;
        }
        let named = a
            .mentions
            .iter()
            .find(|m| m.tokens.start == at && m.of(self.lexicon, Family::Anatomy).is_some())
            .map(|m| m.tokens.end);
        let mut end =
            named.or_else(|| (PARTS.contains(&a.word(at)) || self.is_site(a.word(at))).then_some(at + 1))?;
        // "La face palmaire", "le gros orteil droit".
        let adjective = |i: usize| SIDES.contains(&a.word(i)) || placed(a.word(i));
        while end < scene.run.end
            && a.tokens.get(end - 1).is_some_and(|t| t.after == Gap::None)
            && adjective(end)
        {
            end += 1;
        }
        Some(end)
    }

    fn is_site(&self, word: &str) -> bool {
        let tokens = crate::text::tokenize(word);
        let found = self.lexicon.clinical.matches(&tokens);
        found.iter().any(|hit| {
            let mut forms = self.lexicon.clinical.forms(hit).iter();
            forms.any(|f| self.lexicon.entry(f.entry).family == Family::Anatomy)
        })
    }

    /// "Quatre centimètres", said after a sign.
    pub(super) fn with_size(&self, scene: &Scene<'_>, mention: &Mention, fact: &mut Fact) {
        let a = scene.analysis;
        let next = a
            .mentions_in(&(mention.tokens.end..scene.run.end))
            .find(|m| m.of(self.lexicon, Family::Finding).is_some())
            .map_or(scene.run.end, |m| m.tokens.start);
        let reach = mention.tokens.end..next.min(mention.tokens.end + 18);
        let unit = a.units.iter().find(|u| {
            ["cm", "mm", "centimètre", "millimètre"].iter().any(|w| u.written.starts_with(w))
                && reach.contains(&u.tokens.start)
        });
        let Some(unit) = unit else { return };
        let number = reach.clone().find_map(|at| {
            number_at(&a.tokens, at, self.lexicon.language).filter(|n| n.tokens.end == unit.tokens.start)
        });
        if let Some(number) = number {
            fact.set("value", format!("{}{}{}", number.text, crate::wording::NBSP, unit.written));
            fact.cite(a.quote(&(number.tokens.start..unit.tokens.end)));
        }
    }
}
