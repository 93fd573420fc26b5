//! Pages of what was heard against what was said.

use maud::{Markup, html};
use note::Language;

use super::{Counts, Measured, Recording};
use crate::page::{Better, address, clock, decimal, judged_tile, page, percent, t, verdict};
use crate::threshold::standing;

pub(super) fn of_recording(recording: &Recording) -> String {
    let language = recording.language;
    let compared = &recording.compared;
    let silent = compared.counts.silent > 0;
    let body = html! {
        header {
            p class="eyebrow" { a href="index.html" { (t(language, "Tous les enregistrements", "All recordings")) } }
            h1 { (recording.name) }
            @if let Some(damaged) = &recording.damaged { p class="notice" { (damaged) } }
        }
        (tiles(language, &compared.counts, false))
        main {
            section class="sheet" {
                h2 { (t(language, "Ce qui a été entendu", "What was heard")) }
                @if silent {
                    p class="from" { (t(language, "Rien n’est dit dans cet enregistrement\u{202f}: chaque mot entendu est inventé.",
                        "Nothing is said in this recording: every word heard is invented.")) }
                } @else {
                    p class="from" {
                        del { (t(language, "barré", "struck")) } (t(language, "\u{a0}: dit, mal entendu ou perdu. ", ": said, misheard or lost. "))
                        ins { (t(language, "rouge", "red")) } (t(language, "\u{a0}: entendu à la place ou en trop.", ": heard instead, or added."))
                    }
                }
                p class="heard" {
                    @for passage in &compared.passages {
                        @if passage.same { (passage.said.join(" ")) " " } @else {
                            @if !passage.said.is_empty() { del { (passage.said.join(" ")) } " " }
                            @if !passage.heard.is_empty() { ins { (passage.heard.join(" ")) } " " }
                        }
                    }
                }
            }
            (terms(language, t(language, "Termes médicaux perdus", "Medical terms lost"), &compared.terms_lost))
            (terms(language, t(language, "Termes médicaux inventés", "Medical terms invented"), &compared.terms_invented))
            section class="sheet" {
                h2 { (t(language, "La transcription", "The transcript")) }
                @for segment in &recording.transcript.segments {
                    div class={ "said" @if segment.suspect { " unread" } } {
                        span class="who" { (clock(segment.start_ms)) }
                        span { (segment.text) @if segment.suspect {
                            span class="from" { (t(language, "marqué douteux par la reconnaissance", "marked as doubtful by the recogniser")) }
                        } }
                    }
                }
            }
        }
    };
    page(language, &recording.name, &body)
}

fn terms(language: Language, title: &str, terms: &[String]) -> Markup {
    html! {
        @if !terms.is_empty() {
            section class="sheet" {
                h2 { (title) span class="count" { (terms.len()) } }
                p { @for term in terms { span class="chip wrong" lang=(language.code()) { (term) } " " } }
            }
        }
    }
}

/// `judged` against the thresholds, when it is of the whole set.
fn tiles(language: Language, counts: &Counts, judged: bool) -> Markup {
    let figures = counts.figures();
    let named = figures.named(counts.silent);
    let value =
        |figure: &str| named.iter().find(|(name, _)| judged && *name == figure).and_then(|(_, value)| *value);
    let standing = |figure| standing(figure, value(figure));
    html! {
        dl class="tiles" {
            (judged_tile(language, t(language, "Mots erronés (WER)", "Word error rate (WER)"), figures.wer, Better::Low, standing("wer")))
            (judged_tile(language, t(language, "Termes médicaux entendus", "Medical terms heard"), figures.term_recall, Better::High, None))
            (judged_tile(language, t(language, "Médicaments entendus", "Drugs heard"), figures.drug_recall, Better::High, standing("drug_recall")))
            div class="tile" {
                dt { (t(language, "Calcul / audio", "Work / audio")) }
                dd {
                    span class="figure" { (factor(language, figures.real_time_factor)) }
                    span class="of" { (seconds(language, counts.work_ms)) " / " (seconds(language, counts.audio_ms)) }
                    (verdict(language, standing("real_time_factor")))
                }
            }
            @if counts.silent > 0 {
                div class="tile" {
                    dt { (t(language, "Mots inventés sur du silence", "Words invented on silence")) }
                    dd {
                        span class="figure" { (counts.invented_words) }
                        span class="of" { (counts.invented_terms) " " (t(language, "médicaux", "medical")) }
                        (verdict(language, standing("invented_terms")))
                    }
                }
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "some millions of milliseconds at most")]
fn seconds(language: Language, ms: u64) -> String {
    format!("{}\u{202f}s", decimal(language, ms as f64 / 1000.0, 0))
}

fn factor(language: Language, factor: Option<f64>) -> String {
    factor.map_or_else(|| "–".into(), |factor| decimal(language, factor, 2))
}

pub(super) fn of_all(measured: &Measured) -> String {
    let language = measured.language();
    let title = t(language, "Évaluation de la transcription", "Evaluation of transcripts");
    let heads = [
        t(language, "Enregistrement", "Recording"),
        t(language, "Mots", "Words"),
        "WER",
        t(language, "Termes", "Terms"),
        t(language, "Médicaments", "Drugs"),
        t(language, "Termes inventés", "Invented terms"),
        t(language, "Mots sur silence", "Words on silence"),
        t(language, "Calcul / audio", "Work / audio"),
    ];
    let row = |counts: &Counts| {
        let figures = counts.figures();
        let invented = counts.terms_invented + counts.invented_terms;
        html! {
            td { (counts.words) }
            td { (percent(language, figures.wer)) }
            td { (percent(language, figures.term_recall)) }
            td { (percent(language, figures.drug_recall)) }
            td class=[(invented > 0).then_some("bad")] { (invented) }
            td class=[(counts.invented_words > 0).then_some("bad")] {
                @if counts.silent > 0 { (counts.invented_words) } @else { "–" }
            }
            td { (factor(language, figures.real_time_factor)) }
        }
    };
    let total = measured.counts();
    let count = measured.recordings.len();
    let body = html! {
        header {
            p class="eyebrow" { "Calame" }
            h1 { (title) }
            p class="soft" { (t(language, "Modèle", "Model")) " " (measured.model) " · " (count) " "
                (match count {
                    1 => t(language, "enregistrement", "recording"),
                    _ => t(language, "enregistrements", "recordings"),
                }) }
        }
        (tiles(language, &total, true))
        main {
            section class="sheet scroll" {
                table {
                    thead { tr { @for head in heads { th scope="col" { (head) } } } }
                    tbody {
                        @for recording in &measured.recordings {
                            tr {
                                td { a href=(address(&recording.page_name())) { (recording.name) } }
                                (row(&recording.compared.counts))
                            }
                        }
                        tr class="total" { td { (t(language, "Ensemble", "All")) } (row(&total)) }
                    }
                }
            }
            @if !measured.unreferenced.is_empty() {
                p class="notice" { (t(language, "Sans référence, non mesurés\u{202f}: ", "Without a reference, not measured: "))
                    (measured.unreferenced.join(", ")) }
            }
        }
    };
    page(language, title, &body)
}
