//! Formal names of classifications, cut to what is said; none when nobody would say it.

/// The code with its point, when it is one of a disease that general practice meets; none for extensions of coding,
/// external causes, reasons for encounters and circumstances of birth.
pub fn dotted(code: &str) -> Option<String> {
    let code = code.replace('.', "");
    let chapter = code.chars().next()?;
    let number: u32 = code.get(1..3)?.parse().ok()?;
    let is_kept = match chapter {
        'A'..='N' => true,
        'O' => !(48..=84).contains(&number),
        'Q' => true,
        'S' => true,
        'T' => number < 36 || number == 78,
        _ => false,
    };
    let is_short = code.len() <= 4 && code.chars().all(|c| c.is_ascii_alphanumeric());
    (is_kept && is_short).then(|| match code.split_at(3) {
        (category, "") => category.to_owned(),
        (category, rest) => format!("{category}.{rest}"),
    })
}

/// Longer names are not said in one breath.
const MOST_WORDS: usize = 5;

pub fn french(name: &str) -> Option<String> {
    const NOT: [&str; 46] = [
        "autre",
        "autres",
        "non classé",
        "non classée",
        "non classés",
        "non classées",
        "au cours de",
        "précisé",
        "précisée",
        "précisés",
        "précisées",
        "séquelles",
        "classés ailleurs",
        "classées ailleurs",
        "certaine",
        "certaines",
        "certains",
        "dû à",
        "due à",
        "dus à",
        "dues à",
        "associé",
        "associée",
        "associés",
        "associées",
        "mettant",
        "sauf",
        "y compris",
        "et/ou",
        "relatif",
        "relative",
        "résultant",
        "consécutif",
        "consécutive",
        "suite à",
        "par",
        "sièges",
        "siège",
        "localisations",
        "localisation",
        "avec",
        "sans mention",
        "survenant",
        "imputable",
        "stade",
        "lésion à localisations",
    ];
    let name = bare(name);
    let name = cut(&name, &[", sans précision", ", non précisé", ", non précisée", " sans précision"]);
    spoken(&name, &NOT)
}

pub fn english(name: &str) -> Option<String> {
    const NOT: [&str; 34] = [
        "other",
        "others",
        "elsewhere",
        "unspecified",
        "specified",
        "due to",
        "with",
        "without",
        "in diseases",
        "associated",
        "sequela",
        "sequelae",
        "encounter",
        "including",
        "involving",
        "resulting",
        "following",
        "affecting",
        "complicating",
        "multiple sites",
        "site",
        "sites",
        "stage",
        "secondary to",
        "so stated",
        "not stated",
        "certain",
        "mention",
        "and/or",
        "by",
        "type unspecified",
        "use",
        "abuse",
        "as the",
    ];
    let name = bare(name);
    let name = cut(&name, &[", unspecified", " nos", " (nos)"]);
    let name = name.strip_prefix("Unspecified ").unwrap_or(&name).to_owned();
    // "Gastritis, acute": turned round as it is said.
    let turned = match name.split_once(", ") {
        Some((noun, one)) if one.split(' ').count() == 1 && !one.contains(',') => {
            format!("{one} {}", uncapital(noun))
        }
        _ => name,
    };
    spoken(&turned, &NOT)
}

/// Without what stands in brackets.
fn bare(name: &str) -> String {
    let mut depth = 0_u32;
    let mut kept = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cut(name: &str, endings: &[&str]) -> String {
    let lower = name.to_lowercase();
    for ending in endings {
        if lower.ends_with(ending)
            && let Some(rest) = name.get(..name.len().saturating_sub(ending.len()))
        {
            return rest.trim_end_matches(',').trim().to_owned();
        }
    }
    name.to_owned()
}

fn spoken(name: &str, not: &[&str]) -> Option<String> {
    let lower = format!(" {} ", name.to_lowercase().replace(',', " , "));
    let is_formal = not.iter().any(|word| lower.contains(&format!(" {word} ")));
    let words = name.split(' ').count();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let is_plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '\'' | '’'));
    (!is_formal && is_plain && words <= MOST_WORDS && letters >= 4).then(|| uncapital(name))
}

/// The capital of a sentence goes; that of a name or an abbreviation stays.
fn uncapital(name: &str) -> String {
    let mut letters = name.chars();
    let (Some(first), second) = (letters.next(), letters.clone().next()) else { return String::new() };
    if second.is_some_and(char::is_uppercase) {
        return name.to_owned();
    }
    first.to_lowercase().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_names_lose_their_formality_or_are_left() {
        assert_eq!(french("Rhinopharyngite (aiguë) [rhume banal]").as_deref(), Some("rhinopharyngite"));
        assert_eq!(french("Migraine, sans précision").as_deref(), Some("migraine"));
        assert_eq!(french("Hépatite alcoolique").as_deref(), Some("hépatite alcoolique"));
        assert_eq!(french("Autres migraines"), None);
        assert_eq!(french("Tumeur maligne : bronche, sans précision"), None);
        assert_eq!(french("VIH"), None, "too short to be sure of");
    }

    #[test]
    fn english_names_are_turned_round_as_they_are_said() {
        assert_eq!(english("Gastritis, acute").as_deref(), Some("acute gastritis"));
        assert_eq!(
            english("Upper respiratory infection NOS").as_deref(),
            Some("upper respiratory infection")
        );
        assert_eq!(english("Unspecified asthma").as_deref(), Some("asthma"));
        assert_eq!(english("Asthma with acute exacerbation"), None);
    }

    #[test]
    fn only_codes_of_diseases_are_kept() {
        assert_eq!(dotted("I10").as_deref(), Some("I10"));
        assert_eq!(dotted("G439").as_deref(), Some("G43.9"));
        assert_eq!(dotted("J45.0").as_deref(), Some("J45.0"));
        for code in ["W01", "Z00", "E1100", "T40", "", "X"] {
            assert_eq!(dotted(code), None, "{code}");
        }
    }
}
