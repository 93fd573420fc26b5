use note::{Kind, Polarity, SectionId};

use crate::fact::Fact;

/// One fact per thing: what is told again adds its sources and attributes to the first telling.
pub(crate) fn merge(facts: &[Fact]) -> Vec<Fact> {
    let mut merged: Vec<Fact> = Vec::new();
    for fact in facts.iter().filter(|f| !f.withdrawn) {
        // A later denial of what was told stays beside it only when it was told elsewhere.
        let same = merged.iter().position(|known| same(known, fact));
        match same.and_then(|at| merged.get_mut(at)) {
            Some(known) => {
                if known.polarity != fact.polarity {
                    settle(known, fact.clone());
                } else {
                    // "Non, on monte plutôt à trente-deux": today's last word on a dose holds.
                    let changed = fact.section == SectionId::Ordonnance
                        && matches!(
                            fact.action,
                            Some(crate::fact::Action::Increase | crate::fact::Action::Decrease)
                        )
                        && fact.attributes.contains_key("dose")
                        && known.attributes.get("dose") != fact.attributes.get("dose");
                    if changed {
                        known.attributes.remove("dose");
                        known.action = fact.action;
                    }
                    known.absorb(fact.clone());
                }
            }
            None => merged.push(fact.clone()),
        }
    }
    merged
}

fn same(known: &Fact, fact: &Fact) -> bool {
    if known.concept != fact.concept || known.experiencer != fact.experiencer {
        return false;
    }
    if known.kind == Kind::Followup {
        return known.text == fact.text;
    }
    if known.experiencer == note::Experiencer::Family
        && known.relation.is_some()
        && fact.relation.is_some()
        && known.relation != fact.relation
    {
        return false;
    }
    let sides = |f: &Fact| f.attributes.get("laterality").cloned();
    if let (Some(a), Some(b)) = (sides(known), sides(fact))
        && a != b
    {
        return false;
    }
    // Two readings of one sign are two facts; the same reading told again is one.
    if matches!(known.kind, Kind::Vital | Kind::Lab) && matches!(fact.kind, Kind::Vital | Kind::Lab) {
        return known.attributes.get("value") == fact.attributes.get("value")
            && known.section == fact.section;
    }
    place(known) == place(fact)
}

/// Sections in which the same fact is one statement.
fn place(fact: &Fact) -> u8 {
    match fact.section {
        SectionId::Motif | SectionId::Histoire => 1,
        SectionId::Antecedents => 2,
        SectionId::Allergies => 3,
        SectionId::Traitements => 4,
        SectionId::ModeDeVie => 5,
        SectionId::Examen => 6,
        SectionId::Conclusion => 7,
        SectionId::Ordonnance => 8,
        SectionId::Conduite => 9,
        SectionId::Suivi => 10,
    }
}

/// Told once yes and once no: what was affirmed stands, with both passages to hear; but where nobody knows who spoke, what
/// was affirmed may have been a question, and the denial stands.
fn settle(known: &mut Fact, fact: Fact) {
    let asked = |f: &Fact| f.polarity == Polarity::Present && !f.firsthand;
    let keep_new = if asked(known) || asked(&fact) {
        known.polarity == Polarity::Present && fact.polarity == Polarity::Absent
    } else {
        known.polarity != Polarity::Present && fact.polarity == Polarity::Present
    };
    // "You could also be anaemic, so low in iron": said again in the same breath, it is no surer.
    let breath = known.place.0 == fact.place.0 && known.section == note::SectionId::Conclusion;
    let keep_new = keep_new && !(breath && known.polarity == Polarity::Uncertain);
    let low = known.certainty.min(fact.certainty).min(0.6);
    if keep_new {
        let mut fresh = fact;
        fresh.place = known.place;
        fresh.kind = known.kind;
        for source in known.sources.drain(..) {
            fresh.cite(source);
        }
        *known = fresh;
    } else {
        for source in fact.sources {
            known.cite(source);
        }
    }
    known.certainty = low;
}

/// "Aucun traitement" does not stand beside a treatment told after all, nor "pas d'allergie connue" beside an allergy.
pub(crate) fn without_idle_denials(facts: Vec<Fact>) -> Vec<Fact> {
    const NOTHING: &[&str] =
        &["traitement", "allergie", "antécédent", "regular medication", "allergy", "past history"];
    let idle = |fact: &Fact| {
        fact.polarity == Polarity::Absent
            && fact.text.is_some()
            && NOTHING.contains(&fact.concept.as_str())
            && facts.iter().any(|other| {
                other.section == fact.section
                    && other.polarity == Polarity::Present
                    && other.experiencer == fact.experiencer
                    && other.kind == fact.kind
                    && (fact.place.0..=fact.place.0 + 1).contains(&other.place.0)
                    && other.action != Some(crate::fact::Action::Stopped)
            })
    };
    // "La Bétadine… enfin la Bétadine, ça m'a fait un eczéma": named on the way to an allergy.
    let allergen = |fact: &Fact| {
        fact.section == SectionId::Traitements
            && fact.polarity == Polarity::Present
            && fact.attributes.is_empty()
            && facts.iter().any(|other| {
                other.section == SectionId::Allergies
                    && other.polarity == Polarity::Present
                    && other.concept == fact.concept
                    && other.place.0.abs_diff(fact.place.0) <= 1
            })
    };
    let kept: Vec<bool> = facts.iter().map(|fact| !idle(fact) && !allergen(fact)).collect();
    facts.into_iter().zip(kept).filter(|(_, keep)| *keep).map(|(fact, _)| fact).collect()
}
