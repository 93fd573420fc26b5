use note::{Experiencer, Kind, Language, Polarity, SectionId, Temporality};

use crate::fact::{Action, Fact};
use crate::wording::{NBSP, capital, wording};

pub(crate) const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Symptom => "symptom",
        Kind::Condition => "condition",
        Kind::Drug => "drug",
        Kind::Allergy => "allergy",
        Kind::Vital => "vital",
        Kind::Lab => "lab",
        Kind::Finding => "finding",
        Kind::Procedure => "procedure",
        Kind::Lifestyle => "lifestyle",
        Kind::Instruction => "instruction",
        Kind::Referral => "referral",
        Kind::TestOrder => "test",
        Kind::Leave => "leave",
        Kind::Followup => "followup",
        Kind::Vaccine => "vaccine",
        Kind::Other => "other",
    }
}

fn vowel(word: &str) -> bool {
    let folded = crate::text::fold(word);
    folded.starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h'])
        && !folded.starts_with("ho")
        && !folded.starts_with("yaourt")
        && !["hernie", "hematome bilateral"].iter().any(|w| folded.starts_with(w))
}

/// "Pas de fièvre", "Pas d'arthrose".
pub(crate) fn elide(lead: &str, word: &str, language: Language) -> String {
    if language == Language::Fr && lead.ends_with(" de") && vowel(word) {
        format!("{}'{word}", lead.strip_suffix('e').unwrap_or(lead))
    } else {
        format!("{lead} {word}")
    }
}

/// "Arrêt du Nurofen", "Arrêt de l'Imodium".
pub(crate) fn of_the(lead: &str, name: &str, language: Language) -> String {
    match language {
        Language::Fr if vowel(name) => format!("{lead} de l'{name}"),
        Language::Fr => format!("{lead} du {name}"),
        Language::En => format!("{lead} {name}"),
    }
}

/// Adds qualifiers to a name: "toux" + "sec" = "toux sèche".
pub(crate) fn agree(concept: &str, with: &[String], language: Language) -> String {
    let mut text = concept.to_owned();
    for qualifier in with {
        if crate::text::fold(&text).contains(&crate::text::fold(qualifier)) {
            continue;
        }
        if language == Language::Fr {
            text = format!("{text} {}", gendered(concept, qualifier));
        } else {
            text = format!("{qualifier} {text}");
        }
    }
    text
}

const FEMININE_ENDS: &[&str] = &[
    "tion", "sion", "ie", "ite", "ose", "ure", "eur", "ée", "tte", "ance", "ence", "ule", "ine", "oux",
    "èvre", "ique", "onne", "algie", "lle", "gie", "se",
];

fn feminine(noun: &str) -> bool {
    let head = noun.split(' ').next().unwrap_or(noun);
    FEMININE_ENDS.iter().any(|end| head.ends_with(end)) && !["malaise", "asthme", "pleur"].contains(&head)
}

fn gendered(noun: &str, qualifier: &str) -> String {
    let (head, tail) = qualifier
        .rsplit_once(' ')
        .filter(|(lead, _)| ["bien", "mal"].contains(lead))
        .map_or(("", qualifier), |(lead, word)| (lead, word));
    if qualifier.contains(' ') && head.is_empty() {
        return qualifier.to_owned();
    }
    let first = noun.split(' ').next().unwrap_or_default();
    let many = first.ends_with('s') && !["abcès", "pus", "accès", "virus", "ms", "corps"].contains(&first);
    let one = first.strip_suffix('s').filter(|_| many).unwrap_or(first);
    let plural = |word: String| {
        if many && !word.ends_with(['s', 'x']) { format!("{word}s") } else { word }
    };
    if !feminine(one) {
        return plural(match qualifier.strip_suffix("al").filter(|_| many) {
            Some(stem) => format!("{stem}aux"),
            None => qualifier.to_owned(),
        });
    }
    let word = match tail {
        "sec" => "sèche".to_owned(),
        "gras" => "grasse".to_owned(),
        "aigu" => "aiguë".to_owned(),
        "léger" => "légère".to_owned(),
        "bénin" => "bénigne".to_owned(),
        "saisonnier" => "saisonnière".to_owned(),
        "bactérien" => "bactérienne".to_owned(),
        "positif" => "positive".to_owned(),
        "négatif" => "négative".to_owned(),
        w if w.ends_with('e') => w.to_owned(),
        w => format!("{w}e"),
    };
    let word = plural(word);
    if head.is_empty() { word } else { format!("{head} {word}") }
}

/// The wording of a statement made of one fact, or of several denied together.
pub(crate) fn text(facts: &[&Fact], language: Language) -> String {
    let Some(fact) = facts.first() else { return String::new() };
    if let Some(text) = &fact.text {
        return text.clone();
    }
    if facts.len() > 1 && fact.polarity == Polarity::Present {
        return listed(facts, language);
    }
    if facts.len() > 1 {
        return denied(facts, language);
    }
    let text = match fact.kind {
        Kind::Vital | Kind::Lab => measure(fact, language),
        Kind::Drug => drug(fact, language),
        Kind::Allergy => allergy(fact, language),
        Kind::Leave
        | Kind::TestOrder
        | Kind::Referral
        | Kind::Instruction
        | Kind::Procedure
        | Kind::Vaccine => act(fact, language),
        _ => plain(fact, language),
    };
    capital(&text)
}

fn denied(facts: &[&Fact], language: Language) -> String {
    let words = wording(language);
    let mut names: Vec<String> = Vec::new();
    for fact in facts {
        let name = sided(fact, language);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let last = names.pop().unwrap_or_default();
    let list = if names.is_empty() { last } else { format!("{} {} {last}", names.join(", "), words.or) };
    capital(&elide(words.no, &list, language))
}

/// "Chest clear, heart sounds normal".
fn listed(facts: &[&Fact], language: Language) -> String {
    let mut names: Vec<String> = Vec::new();
    for fact in facts {
        let name = sided(fact, language);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    capital(&names.join(", "))
}

fn sided(fact: &Fact, language: Language) -> String {
    let name = fact.name.as_deref().unwrap_or(&fact.concept);
    match fact.attributes.get("laterality") {
        Some(side) if fact.kind == Kind::Vaccine => match language {
            Language::Fr => format!("{name}, côté {}", if side == "droite" { "droit" } else { side }),
            Language::En => format!("{name}, {side} side"),
        },
        Some(side) if side == "bilatéral" && !name.contains("bilat") => {
            agree(name, std::slice::from_ref(side), language)
        }
        // "Au bras droit" names the side already.
        Some(side) if side == "droite" && name.split(' ').any(|w| w == "droit" || w == "droits") => {
            name.to_owned()
        }
        Some(side) if !(name.contains(side.as_str()) || side == "bilatéral" && name.contains("bilat")) => {
            match language {
                Language::Fr
                    if fact.kind == Kind::Symptom && !SITES.iter().any(|site| name.contains(site)) =>
                {
                    format!("{name} à {side}")
                }
                Language::Fr if side == "droite" && !feminine_side(name) => format!("{name} droit"),
                Language::Fr => format!("{name} {side}"),
                // "Pain radiating down the left leg".
                Language::En if name.contains(" the ") => name.replacen(" the ", &format!(" the {side} "), 1),
                Language::En if side == "both sides" => format!("bilateral {name}"),
                Language::En => format!("{side} {name}"),
            }
        }
        _ => name.to_owned(),
    }
}

/// Sites that carry the adjective: "douleur du genou droit".
const SITES: &[&str] = &[
    "genou",
    "bras",
    "coude",
    "poignet",
    "pouce",
    "doigt",
    "mollet",
    "pied",
    "talon",
    "orteil",
    "sein",
    "œil",
    "testicule",
    "avant-bras",
    "cheville",
    "épaule",
    "hanche",
    "main",
    "jambe",
    "cuisse",
    "oreille",
    "malléole",
    "fesse",
    "aine",
    "otalgie",
];

fn feminine_side(name: &str) -> bool {
    const FEMININE: &[&str] = &[
        "cheville",
        "épaule",
        "hanche",
        "main",
        "jambe",
        "cuisse",
        "oreille",
        "côte",
        "malléole",
        "fesse",
        "otalgie",
        "sciatique",
        "joue",
        "fosse",
        "conjonctivite",
        "otite",
        "lombaire",
        "aine",
    ];
    FEMININE.iter().any(|site| name.contains(site))
        || feminine(name) && !name.contains(" du ") && !name.contains("genou")
}

fn plain(fact: &Fact, language: Language) -> String {
    let words = wording(language);
    let mut text = sided(fact, language);
    if let Some(value) = fact.attributes.get("value").filter(|v| !text.contains(v.as_str())) {
        text = format!("{text} {value}");
    }
    for name in ["character", "severity"] {
        if let Some(told) = fact.attributes.get(name).filter(|t| !text.contains(t.as_str())) {
            text = format!("{text}, {told}");
        }
    }
    let nightly = |often: &str| {
        text.contains("nocturne") && often == "la nuit" || text.contains("octuria") && often == "at night"
    };
    if let Some(frequency) = fact.attributes.get("frequency").filter(|f| !nightly(f)) {
        let frequency =
            frequency.strip_suffix(", la nuit").filter(|_| text.contains("nocturne")).unwrap_or(frequency);
        text = format!("{text}, {frequency}");
    }
    if fact.experiencer == Experiencer::Family {
        let relation = fact.relation.as_deref().unwrap_or(words.family);
        let colon = if language == Language::Fr { format!("{NBSP}: ") } else { ": ".into() };
        text = format!("{}{colon}{text}", capital(relation));
    }
    if fact.polarity == Polarity::Absent {
        return elide(words.no, &text, language);
    }
    if let Some(onset) = fact.attributes.get("onset").filter(|o| !text.contains(o.as_str())) {
        text = format!("{text} {onset}");
    }
    if let Some(duration) = fact.attributes.get("duration") {
        text = format!("{text} ({duration})");
    }
    if fact.polarity == Polarity::Uncertain {
        if fact.section == SectionId::Conclusion {
            text = elide(&format!("{} de", words.suspicion), &text, language);
            if language == Language::En {
                text = text.replacen(" de ", " ", 1);
            }
        } else {
            text.push_str(" ?");
        }
    }
    text
}

fn measure(fact: &Fact, language: Language) -> String {
    let name = fact.name.as_deref().unwrap_or(&fact.concept);
    let value = fact.attributes.get("value").map_or("", String::as_str);
    let mut text = format!("{name}{NBSP}{value}");
    match (fact.attributes.get("standard"), fact.attributes.get("unit")) {
        (Some(standard), _) => text = format!("{text} ({standard})"),
        (None, Some(unit)) if unit.starts_with('/') => text = format!("{text}{unit}"),
        (None, Some(unit)) => text = format!("{text}{NBSP}{unit}"),
        (None, None) => {}
    }
    if let Some(when) = fact.attributes.get("onset").filter(|_| fact.kind == Kind::Lab) {
        text = format!("{text} ({when})");
    }
    if fact.action == Some(Action::Reported) {
        text = format!("{text} ({})", wording(language).reported);
    }
    text
}

/// "3 fois par jour" as it is written: "× 3/j".
fn shortened(frequency: &str, language: Language) -> String {
    if language == Language::En {
        return frequency.to_owned();
    }
    frequency
        .split(", ")
        .map(|part| {
            let short = part
                .replace(" fois par jour", "/j")
                .replace(" fois par semaine", "/sem")
                .replace(" fois par mois", "/mois");
            if short == part { short } else { format!("×{NBSP}{short}") }
        })
        .collect::<Vec<_>>()
        .join(", ")
}

fn drug(fact: &Fact, language: Language) -> String {
    let words = wording(language);
    let name = fact.name.clone().unwrap_or_else(|| fact.concept.clone());
    if fact.polarity == Polarity::Absent {
        return elide(words.no, &name, language);
    }
    let mut text = name;
    if let Some(dose) = fact.attributes.get("dose") {
        text = format!("{text} {dose}");
    }
    if let Some(route) = fact.attributes.get("route") {
        text = format!("{text} {route}");
    }
    if let Some(frequency) = fact.attributes.get("frequency") {
        text = format!("{text} {}", shortened(frequency, language));
    }
    if let Some(duration) = fact.attributes.get("duration") {
        text = format!("{text}, {duration}");
    }
    match fact.action {
        Some(Action::Renew) => format!("{text} ({})", words.renewal),
        Some(Action::Increase) => format!("{text} ({})", words.increase),
        Some(Action::Decrease) => format!("{text} ({})", words.decrease),
        Some(Action::Stopped) => {
            let when = fact.attributes.get("onset").map(|onset| format!(" {onset}")).unwrap_or_default();
            let why = fact.attributes.get("reaction").map(|why| format!(" ({why})")).unwrap_or_default();
            format!("{text}, {}{when}{why}", words.stopped)
        }
        _ => match fact.attributes.get("onset") {
            Some(onset) => format!("{text} {onset}"),
            None => text,
        },
    }
}

fn allergy(fact: &Fact, language: Language) -> String {
    let words = wording(language);
    let mut text = fact
        .name
        .clone()
        .filter(|n| crate::text::fold(n) != crate::text::fold(&fact.concept))
        .map_or_else(|| fact.concept.clone(), |name| format!("{name} ({})", fact.concept));
    if fact.polarity == Polarity::Absent {
        return match language {
            Language::Fr => format!("Pas d'allergie{NBSP}: {text}"),
            Language::En => format!("{} {} to {text}", words.no, words.allergy),
        };
    }
    if let Some(reaction) = fact.attributes.get("reaction") {
        let colon = if language == Language::Fr { format!("{NBSP}: ") } else { ": ".into() };
        text = format!("{text}{colon}{reaction}");
    }
    if let Some(onset) = fact.attributes.get("onset") {
        text = format!("{text} ({onset})");
    }
    text
}

fn act(fact: &Fact, language: Language) -> String {
    let words = wording(language);
    let mut text = sided(fact, language);
    if let Some(value) = fact.attributes.get("value").filter(|v| !text.contains(v.as_str())) {
        let unit = fact.attributes.get("unit").map(|u| format!(" {u}")).unwrap_or_default();
        text = format!("{text}, {value}{unit}");
    }
    if let Some(frequency) = fact.attributes.get("frequency") {
        text = format!("{text} {}", shortened(frequency, language));
    }
    let said = crate::text::fold(&text);
    if let Some(onset) = fact.attributes.get("onset").filter(|o| !said.contains(&crate::text::fold(o))) {
        text = format!("{text} {onset}");
    }
    if let Some(duration) = fact.attributes.get("duration").filter(|d| !said.contains(&crate::text::fold(d)))
    {
        let lead = if fact.kind == Kind::Leave { " " } else { ", " };
        text = format!("{text}{lead}{duration}");
    }
    if fact.polarity == Polarity::Absent && fact.kind != Kind::Instruction {
        text = elide(words.no, &text, language);
    }
    if fact.polarity == Polarity::Uncertain
        && !text.contains(&format!(" {} ", words.if_))
        && fact.temporality == Temporality::Planned
    {
        text = format!("{text} ({})", if language == Language::Fr { "selon évolution" } else { "if needed" });
    }
    text
}
