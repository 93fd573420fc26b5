//! What may be wrong in lexicons, told by file and line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::TermsError;
use crate::lexicon::CommonWords;
use crate::name::{fold, key};
use crate::words;

/// A name among so many frequent words is said for other reasons, unless the file of exceptions holds it.
const COMMON: usize = 1_500;

/// Names that must be there: language, files that count together, how many, spoken forms included.
const WANTED: [(&str, &[&str], usize); 6] = [
    ("fr", &["drugs"], 3_000),
    ("fr", &["conditions"], 2_000),
    ("fr", &["symptoms", "findings"], 1_000),
    ("en", &["drugs"], 1_500),
    ("en", &["conditions"], 1_000),
    ("en", &["symptoms", "findings"], 500),
];

/// What was found.
#[derive(Debug, Default)]
pub struct Report {
    pub problems: Vec<String>,
    /// By language and kind: concepts, and names with their spoken forms.
    pub counts: BTreeMap<(String, String), (usize, usize)>,
}

impl Report {
    /// Says everything; true when nothing is wrong.
    pub fn told(&self) -> bool {
        for problem in &self.problems {
            eprintln!("{problem}");
        }
        for ((language, kind), (concepts, names)) in &self.counts {
            eprintln!("  {language} {kind}: {concepts} concepts, {names} names");
        }
        self.problems.is_empty()
    }
}

struct Lexicon {
    path: PathBuf,
    language: &'static str,
    kind: String,
    is_generated: bool,
    text: String,
}

/// Looks at every file below `root`, the folder `assets/lexicon`.
pub fn all(root: &Path) -> Result<Report, TermsError> {
    let mut report = Report::default();
    let sources = read(&root.join("SOURCES.md"))?;
    for language in ["fr", "en"] {
        let frequent = read(&root.join("common").join(language).with_extension("txt"))?;
        let exceptions = read(&root.join("common").join(format!("{language}.exceptions.tsv")))?;
        origin(&mut report, &format!("common/{language}.txt"), &frequent, &sources);
        let files = files(root, language)?;
        look(&mut report, root, &files, &sources, &words::read(&frequent), &exceptions);
    }
    for (language, kinds, wanted) in WANTED {
        let count =
            |kind: &&str| report.counts.get(&(language.to_owned(), (*kind).to_owned())).map_or(0, |c| c.1);
        let found: usize = kinds.iter().map(count).sum();
        if found < wanted {
            report
                .problems
                .push(format!("{language} {}: {found} names, {wanted} are wanted", kinds.join("+")));
        }
    }
    Ok(report)
}

fn files(root: &Path, language: &'static str) -> Result<Vec<Lexicon>, TermsError> {
    let mut found = Vec::new();
    for (folder, is_generated) in
        [(root.join(language), false), (root.join(language).join("generated"), true)]
    {
        let entries = std::fs::read_dir(&folder).map_err(|error| TermsError::io(&folder, error))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.extension().is_some_and(|extension| extension == "tsv") {
                let kind = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                let text = read(&path)?;
                found.push(Lexicon { path, language, kind, is_generated, text });
            }
        }
    }
    found.sort_by(|a, b| (a.is_generated, &a.path).cmp(&(b.is_generated, &b.path)));
    Ok(found)
}

fn look(
    report: &mut Report,
    root: &Path,
    files: &[Lexicon],
    sources: &str,
    common: &CommonWords,
    exceptions: &str,
) {
    // A form of the curated layer keeps a generated one out, so only one layer can clash with itself.
    let mut owners: BTreeMap<(bool, String), Vec<Owner>> = BTreeMap::new();
    let is_exception = |kind: &str, form: &str| {
        exceptions.lines().any(|line| {
            let mut columns = line.split('\t');
            columns.next().map(fold) == Some(fold(form)) && columns.next() == Some(kind)
        })
    };
    for file in files {
        let name = file.path.strip_prefix(root).unwrap_or(&file.path).display().to_string();
        if file.is_generated {
            origin(report, &name, &file.text, sources);
        }
        for (number, line) in file.text.lines().enumerate() {
            let place = format!("{name}:{}", number + 1);
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
            let column = |at: usize| columns.get(at).copied().unwrap_or_default();
            let concept = column(0);
            report.problems.extend(malformed(&columns, &file.kind).map(|why| format!("{place}: {why}")));
            if matches!(
                file.kind.as_str(),
                "cues" | "qualifiers" | "timing" | "units" | "people" | "functions" | "verdicts" | "never"
            ) {
                continue;
            }
            let spoken: Vec<&str> =
                column(1).split('|').map(str::trim).filter(|form| !form.is_empty()).collect();
            let count = report.counts.entry((file.language.to_owned(), file.kind.clone())).or_default();
            count.0 += 1;
            count.1 += 1 + spoken.len();
            for form in std::iter::once(concept).chain(spoken) {
                let form = form.trim_start_matches('~');
                if is_clash(&file.kind, form, common) && !is_exception(&file.kind, form) {
                    report
                        .problems
                        .push(format!("{place}: {form:?} is said for other reasons ({})", file.kind));
                }
                let owner = Owner {
                    kind: file.kind.clone(),
                    concept: concept.to_owned(),
                    written: form.to_lowercase(),
                    place: place.clone(),
                };
                if is_exception(&file.kind, form) {
                    continue;
                }
                owners.entry((file.is_generated, key(form))).or_default().push(owner);
            }
        }
    }
    for ((_, form), owners) in &owners {
        report.problems.extend(duplicated(form, owners));
    }
}

/// The first line of a file that was made names where it comes from, and that is described with its licence.
fn origin(report: &mut Report, name: &str, text: &str, sources: &str) {
    let source = text.lines().next().and_then(|line| line.strip_prefix("# source: ")).unwrap_or_default();
    let section = sources.split("\n## ").find(|section| section.lines().next() == Some(source));
    if source.is_empty() {
        report.problems.push(format!("{name}:1: it does not say its source"));
    } else if !section.is_some_and(|section| section.contains("Licence:")) {
        report.problems.push(format!("{name}:1: SOURCES.md tells no licence of {source}"));
    }
}

fn malformed(columns: &[&str], kind: &str) -> Option<String> {
    if columns.len() > 4 {
        return Some(format!("{} columns, at most 4 are known", columns.len()));
    }
    let column = |at: usize| columns.get(at).copied().unwrap_or_default();
    if column(0).is_empty() {
        return Some("no concept".to_owned());
    }
    if column(1).split('|').count() > 1 && column(1).split('|').any(|form| form.trim().is_empty()) {
        return Some("an empty spoken form".to_owned());
    }
    if column(3).split(';').any(|pair| !pair.trim().is_empty() && !pair.contains('=')) {
        return Some(format!("{:?} is no list of key=value", column(3)));
    }
    let code = column(2);
    let is_right = match kind {
        _ if code.is_empty() => true,
        "drugs" | "vaccines" => is_atc(code),
        "conditions" | "symptoms" | "findings" => is_icd(code),
        _ => true,
    };
    (!is_right).then(|| format!("{code:?} is no code of {kind}"))
}

/// One letter, two digits, two letters, two digits, or the beginning of it.
fn is_atc(code: &str) -> bool {
    const SHAPE: [fn(&char) -> bool; 7] = [
        char::is_ascii_uppercase,
        char::is_ascii_digit,
        char::is_ascii_digit,
        char::is_ascii_uppercase,
        char::is_ascii_uppercase,
        char::is_ascii_digit,
        char::is_ascii_digit,
    ];
    let letters: Vec<char> = code.chars().collect();
    letters.len() <= 7 && letters.len() != 2 && letters.iter().zip(SHAPE).all(|(letter, is)| is(letter))
}

fn is_icd(code: &str) -> bool {
    let (category, rest) = code.split_once('.').unwrap_or((code, "0"));
    let mut letters = category.chars();
    letters.next().is_some_and(|c| c.is_ascii_uppercase())
        && letters.clone().count() == 2
        && letters.next().is_some_and(|c| c.is_ascii_digit())
        && letters.all(|c| c.is_ascii_alphanumeric())
        && (1..=4).contains(&rest.len())
        && rest.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Drugs and conditions are the kinds whose false finding harms most.
fn is_clash(kind: &str, form: &str, common: &CommonWords) -> bool {
    let is_one_word = !fold(form).contains(' ');
    let is_short = fold(form).len() < 3;
    matches!(kind, "drugs" | "conditions" | "vaccines")
        && is_one_word
        && (is_short || common.holds(form, COMMON))
}

/// Who has a form.
struct Owner {
    kind: String,
    concept: String,
    written: String,
    place: String,
}

/// A form of two concepts of one kind; or of a drug and of something else. A plural beside its singular is only more
/// than is needed.
fn duplicated(form: &str, owners: &[Owner]) -> Vec<String> {
    let mut found = Vec::new();
    for (at, one) in owners.iter().enumerate() {
        for before in owners.iter().take(at) {
            let is_same_kind = one.kind == before.kind;
            // To be allergic to a drug is an allergy by either file.
            let is_drug = [one, before].iter().filter(|owner| owner.kind == "drugs").count() == 1
                && [one, before].iter().all(|owner| owner.kind != "allergens");
            if one.place == before.place {
                if one.written == before.written {
                    found.push(format!("{}: {form:?} stands twice", one.place));
                }
            } else if is_same_kind || is_drug {
                let (place, other) = (&one.place, &before.place);
                found.push(format!(
                    "{place}: {form:?} is {:?} here and {:?} at {other}",
                    one.concept, before.concept
                ));
            }
        }
    }
    found
}

fn read(path: &Path) -> Result<String, TermsError> {
    std::fs::read_to_string(path).map_err(|error| TermsError::io(path, error))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Lexicons with one French drug file, and nothing wrong but what is asked for.
    fn problems(drugs: &str, generated: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for language in ["fr", "en"] {
            fs::create_dir_all(root.join(language).join("generated")).unwrap();
        }
        fs::create_dir_all(root.join("common")).unwrap();
        for (file, text) in [
            ("SOURCES.md", "# Where\n\n## list\nLicence: MIT.\n\n## bare\nNothing.\n"),
            ("common/fr.txt", "# source: list\na\norange\nfer\n"),
            ("common/en.txt", "# source: list\na\n"),
            ("common/fr.exceptions.tsv", "# form\tkind\treason\nfer\tdrugs\tthe metal\n"),
            ("common/en.exceptions.tsv", ""),
            ("fr/drugs.tsv", drugs),
            ("fr/generated/drugs.tsv", generated),
        ] {
            fs::write(root.join(file), text).unwrap();
        }
        all(root).unwrap().problems.into_iter().filter(|problem| !problem.contains("are wanted")).collect()
    }

    const GOOD: &str = "# source: list\n";

    #[test]
    fn what_is_right_is_not_told() {
        let drugs = "# pain\nparacétamol\tDoliprane | ~doliprame\tN02BE01\nfer\nmorphiniques\t\t\tis=class\n";
        assert_eq!(problems(drugs, GOOD), Vec::<String>::new());
    }

    #[test]
    fn a_common_word_never_becomes_a_drug_unless_it_is_an_exception() {
        for name in ["A", "Orange", "~orange", "b"] {
            let told = problems(&format!("x-one\t{name}\n"), GOOD);
            assert!(told.len() == 1 && told[0].starts_with("fr/drugs.tsv:1: "), "{name}: {told:?}");
        }
    }

    #[test]
    fn a_form_of_two_concepts_is_told_with_both_places() {
        let told = problems("amlodipine\tAmlor\nnifédipine\tAmlors\n", GOOD);
        assert_eq!(
            told,
            ["fr/drugs.tsv:2: \"amlor\" is \"nifédipine\" here and \"amlodipine\" at fr/drugs.tsv:1"]
        );
        let told = problems("amlodipine\tAmlor | amlor\n", GOOD);
        assert_eq!(told, ["fr/drugs.tsv:1: \"amlor\" stands twice"]);
        assert!(problems("amlodipine\tAmlor\n", "# source: list\nnifédipine\tAmlor\n").is_empty());
    }

    #[test]
    fn bad_lines_and_codes_are_told() {
        for (line, why) in [
            ("a\tb\tN02BE01\tis=class\tmore", "5 columns"),
            ("\tDoliprane", "no concept"),
            ("paracétamol\tDoliprane |  | Dafalgan", "an empty spoken form"),
            ("paracétamol\t\tN2BE01", "no code"),
            ("paracétamol\t\tN02BE01\tclass", "key=value"),
        ] {
            let told = problems(line, GOOD);
            assert!(told.iter().any(|problem| problem.contains(why)), "{line}: {told:?}");
        }
        assert!(is_icd("J45") && is_icd("J45.0") && is_icd("M1A.00") && !is_icd("45J") && !is_icd("J4"));
    }

    #[test]
    fn a_file_without_origin_or_licence_is_told() {
        assert_eq!(problems("", "# made\n"), ["fr/generated/drugs.tsv:1: it does not say its source"]);
        let told = problems("", "# source: bare\n");
        assert_eq!(told, ["fr/generated/drugs.tsv:1: SOURCES.md tells no licence of bare"]);
    }
}
