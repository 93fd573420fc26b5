//! Which prints are of one voice: groups of them, and the middle of each.

use super::Voiceprint;

/// Prints of less speech are too unsure to make a group, though they may belong to one.
const FIRM_MS: u32 = 1_200;
/// Of the longest prints, so many make the groups: the work grows with their square.
const MOST: usize = 220;
/// A voice speaks at least so long, and for so large a part of all speech; of three, each for longer: a third person is
/// the exception.
const LEAST: [(u32, f32); PEOPLE] = [(0, 0.0), (3_000, 0.04), (8_000, 0.08)];
/// The middles of two voices are less alike than this; of three, less still.
const TWO: f32 = 0.7;
const THREE: f32 = 0.45;
/// People in the room whose voices are told apart at most: doctor, patient, companion.
const PEOPLE: usize = 3;

/// A print and the speech it was taken from.
pub(super) struct Heard<'a> {
    pub print: &'a Voiceprint,
    pub ms: u32,
}

/// The middles of the voices there are, the one who speaks most first; one when no second is sure, none when little was
/// heard.
pub(super) fn middles(heard: &[Heard<'_>]) -> Vec<Voiceprint> {
    let mut firm: Vec<&Heard<'_>> = heard.iter().filter(|h| h.ms >= FIRM_MS).collect();
    // By length, in the order of time where lengths are equal: the same speech gives the same groups.
    firm.sort_by_key(|h| std::cmp::Reverse(h.ms));
    firm.truncate(MOST);
    let levels = levels(&firm);
    let mut middles = Vec::new();
    for (people, likeness) in [(1, 1.1), (2, TWO), (PEOPLE, THREE)] {
        // The coarsest level at which so many groups are more than a cough or a jingle.
        let found =
            levels.iter().map(|level| voices(&firm, level, people)).find(|voices| voices.len() >= people);
        let Some(found) = found else { break };
        let refined = refined(found, heard);
        let apart = refined
            .iter()
            .enumerate()
            .all(|(at, one)| refined.iter().skip(at + 1).all(|other| one.likeness(other) < likeness));
        if refined.len() == people && apart {
            middles = refined;
        }
    }
    middles
}

/// The groups at each level, from one group of all to many: the two most alike were made one each time.
fn levels(firm: &[&Heard<'_>]) -> Vec<Vec<Vec<usize>>> {
    let mut groups: Vec<Vec<usize>> = (0..firm.len()).map(|at| vec![at]).collect();
    let mut alike: Vec<Vec<f32>> =
        firm.iter().map(|one| firm.iter().map(|other| one.print.likeness(other.print)).collect()).collect();
    let mut levels = Vec::new();
    while !groups.is_empty() {
        // Finer than this, every voice is in pieces.
        if groups.len() <= 24 {
            levels.push(groups.clone());
        }
        let pairs = (0..groups.len()).flat_map(|a| (a + 1..groups.len()).map(move |b| (a, b)));
        let closest = pairs.max_by(|x, y| alike[x.0][x.1].total_cmp(&alike[y.0][y.1]));
        let Some((a, b)) = closest else { break };
        // The likeness of two groups is the mean over all pairs of their members.
        #[expect(clippy::cast_precision_loss, reason = "some hundred prints")]
        let (m, n) = (groups[a].len() as f32, groups[b].len() as f32);
        let mean: Vec<f32> = alike[a].iter().zip(&alike[b]).map(|(x, y)| (x * m + y * n) / (m + n)).collect();
        for (row, mean) in alike.iter_mut().zip(&mean) {
            row[a] = *mean;
        }
        alike[a] = mean;
        alike.remove(b);
        for row in &mut alike {
            row.remove(b);
        }
        let moved = groups.remove(b);
        groups[a].extend(moved);
    }
    levels.reverse();
    levels
}

/// The middles of those groups that are long enough to be one of so many people, the longest first.
fn voices(firm: &[&Heard<'_>], groups: &[Vec<usize>], people: usize) -> Vec<Voiceprint> {
    let (least_ms, least_share) = LEAST.get(people - 1).copied().unwrap_or_default();
    let length = |group: &[usize]| group.iter().filter_map(|at| firm.get(*at)).map(|h| h.ms).sum::<u32>();
    let total: u32 = firm.iter().map(|h| h.ms).sum();
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a visit")]
    let is_somebody = |ms: u32| ms >= least_ms && ms as f32 >= least_share * total as f32;
    let mut lengths: Vec<(u32, &Vec<usize>)> = groups.iter().map(|group| (length(group), group)).collect();
    lengths.retain(|(ms, _)| is_somebody(*ms));
    lengths.sort_by_key(|(ms, _)| std::cmp::Reverse(*ms));
    let middle = |group: &Vec<usize>| {
        Voiceprint::mean(group.iter().filter_map(|at| firm.get(*at)).map(|h| (h.print, weight(h.ms))))
    };
    lengths.into_iter().take(people).filter_map(|(_, group)| middle(group)).collect()
}

/// Each print goes to the middle nearest to it, and the middles follow, until they stand.
fn refined(mut middles: Vec<Voiceprint>, heard: &[Heard<'_>]) -> Vec<Voiceprint> {
    if middles.len() < 2 {
        return Voiceprint::mean(heard.iter().map(|h| (h.print, weight(h.ms)))).into_iter().collect();
    }
    for _ in 0..8 {
        let mut members: Vec<Vec<(&Voiceprint, f32)>> = vec![Vec::new(); middles.len()];
        for heard in heard {
            let nearest = (0..middles.len()).max_by(|a, b| {
                heard.print.likeness(&middles[*a]).total_cmp(&heard.print.likeness(&middles[*b]))
            });
            if let Some(members) = nearest.and_then(|at| members.get_mut(at)) {
                members.push((heard.print, weight(heard.ms)));
            }
        }
        let next: Vec<Voiceprint> = members
            .into_iter()
            .zip(&middles)
            .map(|(members, before)| Voiceprint::mean(members).unwrap_or_else(|| before.clone()))
            .collect();
        if next == middles {
            break;
        }
        middles = next;
    }
    middles
}

/// Prints of short speech are unsure, those of long speech hardly better than of three seconds.
fn weight(ms: u32) -> f32 {
    f32::from(u16::try_from(ms.min(3_000)).unwrap_or(3_000)) / 3_000.0
}

#[cfg(test)]
mod tests {
    use super::super::network::SIZE;
    use super::*;

    /// A voice along an axis, blurred the same way each time.
    fn print(axis: usize, blur: f32, seed: u32) -> Voiceprint {
        let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
        let mut numbers: Vec<f32> = (0..SIZE)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (f32::from(u16::try_from(state >> 16).unwrap()) / 65_536.0 - 0.5) * blur
            })
            .collect();
        numbers[axis] += 1.0;
        Voiceprint::of(numbers).unwrap()
    }

    fn found(voices: &[(usize, u32, usize)]) -> Vec<Voiceprint> {
        let all: Vec<(Voiceprint, u32)> = voices
            .iter()
            .flat_map(|(axis, ms, count)| {
                (0..*count).map(move |n| (print(*axis, 0.12, u32::try_from(n * 31 + axis).unwrap()), *ms))
            })
            .collect();
        middles(&all.iter().map(|(print, ms)| Heard { print, ms: *ms }).collect::<Vec<_>>())
    }

    #[test]
    fn there_are_as_many_voices_as_people_who_speak() {
        assert_eq!(found(&[]).len(), 0);
        assert_eq!(found(&[(3, 2_000, 20)]).len(), 1);
        let two = found(&[(3, 2_000, 12), (90, 2_000, 20)]);
        assert!(two.len() == 2 && two[0].likeness(&print(90, 0.0, 0)) > 0.9);
        assert_eq!(found(&[(3, 2_000, 12), (90, 2_000, 20), (150, 2_000, 9)]).len(), 3);
    }

    #[test]
    fn a_jingle_is_nobody() {
        assert_eq!(found(&[(3, 2_000, 20), (90, 2_000, 20), (150, 2_000, 1)]).len(), 2);
        assert_eq!(found(&[(3, 2_000, 20), (150, 1_300, 1)]).len(), 1);
    }
}
