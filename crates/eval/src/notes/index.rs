//! The page that names all consultations.

use maud::{Markup, html};
use note::Language;

use super::{Figures, Measured};
use crate::page::{Better, address, judged_tile, page, percent, t};
use crate::threshold::standing;

pub(super) fn page_of(measured: &Measured) -> String {
    let language = measured.language();
    let title = t(language, "Évaluation des notes", "Evaluation of notes");
    page(language, title, &body(measured, language, title))
}

fn body(measured: &Measured, language: Language, title: &str) -> Markup {
    let figures = measured.counts().figures();
    let count = measured.consultations.len();
    html! {
        header {
            p class="eyebrow" { "Calame" }
            h1 { (title) }
            p class="soft" { (count) " " (match count {
                1 => t(language, "consultation annotée", "annotated consultation"),
                _ => t(language, "consultations annotées", "annotated consultations"),
            }) }
        }
        dl class="tiles many" {
            @for ((name, share, better, _), figure) in columns(language, &figures).into_iter().zip(FIGURES) {
                (judged_tile(language, name, share, better, standing(figure, share.rounded())))
            }
        }
        main {
            section class="sheet scroll" {
                table {
                    thead { tr {
                        th scope="col" { (t(language, "Consultation", "Consultation")) }
                        @for (name, ..) in &columns(language, &figures) { th scope="col" { (name) } }
                    } }
                    tbody {
                        @for consultation in &measured.consultations {
                            @let each = consultation.score.counts.figures();
                            @let title = consultation.annotated.title.as_deref().unwrap_or_default();
                            tr {
                                td {
                                    a href=(address(&consultation.page_name())) { (consultation.name) }
                                    @if !title.is_empty() { " " span class="soft" { (title) } }
                                }
                                @for (name, share, better, _) in &columns(language, &each) {
                                    @let alarm = *better == Better::Low && *share == each.traps && share.0 > 0;
                                    td class=[alarm.then_some("bad")] data-label=(name) { (percent(language, *share)) }
                                }
                            }
                        }
                        tr class="total" {
                            td { (t(language, "Ensemble", "All")) }
                            @for (_, share, ..) in &columns(language, &figures) { td { (percent(language, *share)) } }
                        }
                    }
                }
            }
            section {
                h2 { (t(language, "Ce que disent les chiffres", "What the figures say")) }
                dl class="legend" {
                    @for (name, _, _, meaning) in &columns(language, &figures) { dt { (name) } dd { (meaning) } }
                }
            }
        }
    }
}

/// Names of the columns' figures.
const FIGURES: [&str; 9] = [
    "recall_critical",
    "recall",
    "mention",
    "polarity",
    "attributes",
    "precision",
    "provenance",
    "traps",
    "length",
];

type Column = (&'static str, super::Share, Better, &'static str);

fn columns(language: Language, figures: &Figures) -> [Column; 9] {
    let t = |fr, en| t(language, fr, en);
    [
        (
            t("Critiques trouvés", "Critical found"),
            figures.recall_critical,
            Better::High,
            t(
                "faits critiques dits dans la bonne section, avec la bonne polarité et la bonne personne",
                "critical facts said in the right section, with the right polarity and person",
            ),
        ),
        (
            t("Trouvés", "Found"),
            figures.recall,
            Better::High,
            t("la même chose sur tous les faits", "the same over all facts"),
        ),
        (
            t("Mentionnés", "Mentioned"),
            figures.mention,
            Better::High,
            t("faits nommés n’importe où dans la note", "facts named anywhere in the note"),
        ),
        (
            t("Polarité", "Polarity"),
            figures.polarity,
            Better::High,
            t(
                "des faits mentionnés, part dite avec la bonne polarité et la bonne personne",
                "of the facts mentioned, share with the right polarity and person",
            ),
        ),
        (
            t("Attributs", "Attributes"),
            figures.attributes,
            Better::High,
            t(
                "des attributs des faits trouvés (dose, valeur, durée…), part donnée justement",
                "of the attributes of found facts (dose, value, duration…), share given rightly",
            ),
        ),
        (
            t("Précision", "Precision"),
            figures.precision,
            Better::High,
            t(
                "énoncés qui correspondent à un fait annoté (borne basse\u{202f}: tout n’est pas annoté)",
                "statements that match an annotated fact (a lower bound: not everything is annotated)",
            ),
        ),
        (
            t("Sources", "Sources"),
            figures.provenance,
            Better::High,
            t(
                "énoncés dont chaque citation est au mot près dans la transcription",
                "statements whose every quote stands word for word in the transcript",
            ),
        ),
        (
            t("Pièges", "Traps"),
            figures.traps,
            Better::Low,
            t(
                "affirmations interdites que la note fait pourtant",
                "forbidden assertions that the note makes all the same",
            ),
        ),
        (
            t("Longueur", "Length"),
            figures.length,
            Better::Low,
            t("mots de la note sur mots prononcés", "words of the note over words spoken"),
        ),
    ]
}
