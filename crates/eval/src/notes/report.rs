//! The page of one consultation.

use maud::{Markup, html};
use note::{Experiencer, Language, Polarity, SectionId, Statement};

use super::transcript::transcript;
use super::{Consultation, Outcome, Verdict};
use crate::Fact;
use crate::page::{Better, page, t, tile};

/// The page: figures, what went wrong by kind, the note with its verdicts, the transcript with what is cited.
pub(super) fn page_of(consultation: &Consultation) -> String {
    let language = consultation.annotated.transcript.language;
    let title = consultation.annotated.title.as_deref().unwrap_or(&consultation.name);
    let report = Report {
        consultation,
        language,
        statements: consultation.note.statements().collect(),
        verdicts: consultation.annotated.facts.iter().zip(&consultation.score.facts).collect(),
    };
    page(language, title, &report.body(title))
}

struct Report<'a> {
    consultation: &'a Consultation,
    language: Language,
    statements: Vec<(SectionId, &'a Statement)>,
    verdicts: Vec<(&'a Fact, &'a Verdict)>,
}

impl Report<'_> {
    fn t<'t>(&self, fr: &'t str, en: &'t str) -> &'t str {
        t(self.language, fr, en)
    }

    fn body(&self, title: &str) -> Markup {
        let annotated = &self.consultation.annotated;
        html! {
            header {
                p class="eyebrow" {
                    a href="index.html" { (self.t("Toutes les consultations", "All consultations")) }
                    " · " (self.consultation.name)
                    @if let Some(specialty) = &annotated.specialty { " · " (specialty) }
                }
                h1 { (title) }
                @if self.consultation.without_note {
                    p class="notice" { (self.t("Aucune note de ce nom n’a été donnée\u{202f}: elle compte comme vide.",
                        "No note of this name was given: it counts as empty.")) }
                }
            }
            (self.tiles())
            main class="columns" {
                div { (self.traps()) (self.misread()) (self.missed()) (self.misplaced()) (self.attributes())
                    (self.unmatched()) (self.found()) (self.avoided()) (self.note()) }
                section class="sheet aside" tabindex="0" aria-label=(self.t("Transcription", "Transcript")) {
                    h2 { (self.t("Transcription", "Transcript")) }
                    p class="from" { (self.t("Surligné\u{202f}: ce que la note cite. Trait ocre\u{202f}: un fait attendu y a été dit et manque.",
                        "Highlighted: what the note cites. Ochre line: an expected fact was said here and is missing.")) }
                    (transcript(self.consultation))
                }
            }
        }
    }

    fn tiles(&self) -> Markup {
        let f = self.consultation.score.counts.figures();
        let l = self.language;
        html! {
            dl class="tiles" {
                (tile(l, self.t("Faits critiques trouvés", "Critical facts found"), f.recall_critical, Better::High))
                (tile(l, self.t("Faits trouvés", "Facts found"), f.recall, Better::High))
                (tile(l, self.t("Polarité et personne justes", "Polarity and person right"), f.polarity, Better::High))
                (tile(l, self.t("Attributs donnés", "Attributes given"), f.attributes, Better::High))
                (tile(l, self.t("Énoncés attendus", "Statements expected"), f.precision, Better::High))
                (tile(l, self.t("Énoncés sourcés", "Statements sourced"), f.provenance, Better::High))
                (tile(l, self.t("Pièges tombés", "Traps sprung"), f.traps, Better::Low))
                (tile(l, self.t("Longueur de la note", "Length of the note"), f.length, Better::Low))
            }
        }
    }

    /// A sheet of rows, or nothing when there are none.
    fn sheet(&self, title: &str, explained: &str, rows: &[Markup]) -> Markup {
        html! {
            @if !rows.is_empty() {
                section class="sheet" {
                    h2 { (title) span class="count" { (rows.len()) } }
                    @if !explained.is_empty() { p class="from" { (explained) } }
                    ul class="rows" { @for row in rows { (row) } }
                }
            }
        }
    }

    fn traps(&self) -> Markup {
        let Consultation { annotated, score, .. } = self.consultation;
        let sprung = annotated.traps.iter().zip(&score.traps).filter_map(|(trap, at)| Some((trap, (*at)?)));
        let rows: Vec<Markup> = sprung
            .map(|(trap, at)| {
                html! {
                    li class="bad" {
                        span class="name" { (trap.topic.concept) } " " (self.segments(&trap.topic.source_segments))
                        span class="from" { (self.t("Pourquoi c’est faux\u{202f}: ", "Why it is wrong: ")) (trap.why) }
                        (self.written(at))
                    }
                }
            })
            .collect();
        let explained =
            self.t("La note affirme ce qu’elle ne devait pas.", "The note asserts what it must not.");
        self.sheet(self.t("Pièges tombés", "Traps sprung"), explained, &rows)
    }

    fn misread(&self) -> Markup {
        let rows: Vec<Markup> = self
            .verdicts
            .iter()
            .filter_map(|(fact, verdict)| match verdict.outcome {
                Outcome::Misread { statement } => {
                    let reading = self.reading(fact.polarity, fact.experiencer);
                    Some(html! { li class="bad" {
                        (self.fact(fact)) span class="from" { (self.t("Attendu\u{202f}: ", "Expected: ")) (reading) }
                        (self.written(statement))
                    } })
                }
                _ => None,
            })
            .collect();
        self.sheet(self.t("Mauvaise polarité ou personne", "Wrong polarity or person"), "", &rows)
    }

    fn missed(&self) -> Markup {
        let mut absent: Vec<&Fact> = self
            .verdicts
            .iter()
            .filter(|(_, verdict)| verdict.outcome == Outcome::Absent)
            .map(|(f, _)| *f)
            .collect();
        absent.sort_by_key(|fact| !fact.is_critical());
        let row = |fact: &&Fact| {
            let class = if fact.is_critical() { "bad" } else { "look" };
            let reading = (fact.polarity, fact.experiencer) != (Polarity::Present, Experiencer::Patient);
            let omitted = self
                .consultation
                .note
                .omissions
                .iter()
                .any(|o| fact.topic.source_segments.contains(&o.segment));
            html! { li class=(class) {
                (self.fact(fact))
                @if reading { span class="from" { (self.reading(fact.polarity, fact.experiencer)) } }
                @if !fact.attributes.is_empty() { span class="from" { (listed(fact)) } }
                @if omitted { span class="from" { (self.t("Une omission est signalée dans ce passage.", "An omission is pointed out in this passage.")) } }
            } }
        };
        let rows: Vec<Markup> = absent.iter().map(row).collect();
        self.sheet(self.t("Faits manqués", "Missed facts"), "", &rows)
    }

    fn misplaced(&self) -> Markup {
        let rows: Vec<Markup> = self
            .verdicts
            .iter()
            .filter_map(|(fact, verdict)| match verdict.outcome {
                Outcome::Misplaced { statement, section } => Some(html! { li class="look" {
                    (self.fact(fact))
                    span class="from" { (self.t("Rangé dans\u{202f}: ", "Found in: ")) (section.title(self.language)) }
                    (self.written(statement))
                } }),
                _ => None,
            })
            .collect();
        self.sheet(self.t("Mauvaise section", "Wrong section"), "", &rows)
    }

    fn attributes(&self) -> Markup {
        let rows: Vec<Markup> = self
            .verdicts
            .iter()
            .filter_map(|(fact, verdict)| match verdict.outcome {
                Outcome::Found { statement } if verdict.attributes.iter().any(|(_, _, given)| !given) => {
                    Some(html! { li class="look" {
                        (self.fact(fact))
                        @for (key, wanted, given) in &verdict.attributes {
                            " " span class={ "chip " (if *given { "right" } else { "wrong" }) } {
                                (if *given { "✓ " } else { "✗ " }) (self.attribute(key)) " " (wanted)
                            }
                        }
                        (self.written(statement))
                    } })
                }
                _ => None,
            })
            .collect();
        self.sheet(self.t("Attributs absents ou faux", "Attributes missing or wrong"), "", &rows)
    }

    fn unmatched(&self) -> Markup {
        let judged = self.statements.iter().zip(&self.consultation.score.statements).enumerate();
        let rows: Vec<Markup> = judged
            .filter(|(_, (_, judged))| !judged.matched)
            .map(|(at, _)| html! { li class="look" { (self.written(at)) } })
            .collect();
        let explained = self.t(
            "À lire un par un\u{202f}: les annotations ne disent pas tout, un énoncé d’ici peut être juste.",
            "To be read one by one: annotations do not say everything, a statement here may be right.",
        );
        self.sheet(
            self.t("Énoncés sans fait annoté", "Statements that match no annotated fact"),
            explained,
            &rows,
        )
    }

    fn found(&self) -> Markup {
        let rows: Vec<Markup> = self
            .verdicts
            .iter()
            .filter_map(|(fact, verdict)| match verdict.outcome {
                Outcome::Found { statement } => {
                    Some(html! { li class="good" { (self.fact(fact)) (self.written(statement)) } })
                }
                _ => None,
            })
            .collect();
        self.sheet(self.t("Faits trouvés", "Facts found"), "", &rows)
    }

    fn avoided(&self) -> Markup {
        let Consultation { annotated, score, .. } = self.consultation;
        let avoided = annotated.traps.iter().zip(&score.traps).filter(|(_, at)| at.is_none());
        let rows: Vec<Markup> = avoided
            .map(|(trap, _)| {
                html! { li class="good" {
                    span class="name" { (trap.topic.concept) } " " (self.segments(&trap.topic.source_segments))
                    span class="from" { (trap.why) }
                } }
            })
            .collect();
        self.sheet(self.t("Pièges évités", "Traps avoided"), "", &rows)
    }

    /// The note as it stands, each statement with its verdict.
    fn note(&self) -> Markup {
        let sections = &self.consultation.note.sections;
        let firsts = sections.iter().scan(0, |next, section| {
            let first = *next;
            *next += section.statements.len();
            Some(first)
        });
        html! {
            section class="sheet note" {
                h2 { (self.t("La note", "The note")) span class="count" { (self.statements.len()) } }
                @for (section, first) in sections.iter().zip(firsts) {
                    h3 { (section.title) }
                    ul class="rows" {
                        @for (at, statement) in (first..).zip(&section.statements) {
                            li id={ "n" (at + 1) } class=(self.verdict_class(at)) {
                                (at + 1) ". " (statement.text)
                                @for source in &statement.sources {
                                    span class="from" {
                                        a href={ "#s" (source.segment) } { "[" (source.segment) "]" } " " (self.t("«\u{202f}", "“")) (source.quote) (self.t("\u{202f}»", "”"))
                                    }
                                }
                            }
                        }
                    }
                }
                @if !self.consultation.note.omissions.is_empty() {
                    h3 { (self.t("Omissions signalées", "Omissions pointed out")) }
                    ul class="rows" {
                        @for omission in &self.consultation.note.omissions {
                            li { (omission.quote) " " (self.segments(&[omission.segment])) }
                        }
                    }
                }
            }
        }
    }

    fn verdict_class(&self, at: usize) -> &'static str {
        match self.consultation.score.statements.get(at) {
            Some(judged) if judged.trapped || !judged.sourced => "bad",
            Some(judged) if judged.right => "good",
            _ => "look",
        }
    }

    fn fact(&self, fact: &Fact) -> Markup {
        html! {
            span class="name" { (fact.topic.concept) } " "
            span class="chip" { (fact.section.title(self.language)) } " "
            @if fact.is_critical() { span class="chip critical" { (self.t("critique", "critical")) } " " }
            (self.segments(&fact.topic.source_segments))
        }
    }

    fn segments(&self, segments: &[u32]) -> Markup {
        html! { @for index in segments { a class="soft" href={ "#s" (index) } { "[" (index) "]" } " " } }
    }

    fn written(&self, at: usize) -> Markup {
        let Some((section, statement)) = self.statements.get(at) else { return html! {} };
        html! {
            span class="from" {
                a href={ "#n" (at + 1) } { (at + 1) } ". " (statement.text)
                " (" (section.title(self.language)) (self.t("\u{202f}; ", "; ")) (self.reading(statement.polarity, statement.experiencer)) ")"
            }
        }
    }

    fn reading(&self, polarity: Polarity, experiencer: Experiencer) -> String {
        let polarity = match polarity {
            Polarity::Present => self.t("présent", "present"),
            Polarity::Absent => self.t("absent", "absent"),
            Polarity::Uncertain => self.t("incertain", "uncertain"),
        };
        match experiencer {
            Experiencer::Patient => polarity.to_owned(),
            Experiencer::Family => format!("{polarity}, {}", self.t("famille", "family")),
        }
    }

    /// An attribute as a reader names it.
    fn attribute<'k>(&self, key: &'k str) -> &'k str {
        match (self.language, key) {
            (Language::En, _) => key,
            (_, "value") => "valeur",
            (_, "unit") => "unité",
            (_, "frequency") => "fréquence",
            (_, "duration") => "durée",
            (_, "route") => "voie",
            (_, "laterality") => "côté",
            (_, "onset") => "début",
            (_, "year") => "année",
            (_, "reaction") => "réaction",
            _ => key,
        }
    }
}

fn listed(fact: &Fact) -> String {
    fact.attributes.values().map(String::as_str).collect::<Vec<_>>().join(", ")
}
