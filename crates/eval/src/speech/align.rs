//! The cheapest way from one text to another, word by word.

/// What became of one word of the reference, or where one came from nowhere. Positions in either text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Same(usize, usize),
    Substituted(usize, usize),
    Deleted(usize),
    Inserted(usize),
}

/// Cells of a table that is held whole; larger ones are cut in two first, so that memory grows with length alone.
const TABLE: usize = 4_000_000;

/// Fewest substitutions, deletions and insertions, in order.
pub(super) fn align<T: Eq>(reference: &[T], heard: &[T]) -> Vec<Step> {
    let mut steps = Vec::with_capacity(reference.len().max(heard.len()));
    part(reference, heard, (0, 0), TABLE, &mut steps);
    steps
}

/// Aligns two stretches which begin at `from`.
fn part<T: Eq>(reference: &[T], heard: &[T], from: (usize, usize), table: usize, steps: &mut Vec<Step>) {
    let (rows, columns) = (reference.len(), heard.len());
    if rows < 2 || columns < 2 || rows.saturating_mul(columns) <= table {
        return small(reference, heard, from, steps);
    }
    // Where the cheapest way crosses the middle of the reference (Hirschberg).
    let (first, second) = reference.split_at(rows / 2);
    let to = costs(first.iter(), heard.iter());
    let back = costs(second.iter().rev(), heard.iter().rev());
    let crossing = to.iter().zip(back.iter().rev()).enumerate().min_by_key(|(_, (a, b))| *a + *b);
    let (left, right) = heard.split_at(crossing.map_or(0, |(at, _)| at));
    part(first, left, from, table, steps);
    part(second, right, (from.0 + first.len(), from.1 + left.len()), table, steps);
}

/// Cost of turning the whole of `a` into each beginning of `b`.
fn costs<'t, T: Eq + 't>(
    a: impl Iterator<Item = &'t T>,
    b: impl ExactSizeIterator<Item = &'t T> + Clone,
) -> Vec<usize> {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, word) in a.enumerate() {
        let mut last = at + 1;
        let mut diagonal = at;
        for (cell, other) in row.iter_mut().skip(1).zip(b.clone()) {
            let best = (diagonal + usize::from(word != other)).min(*cell + 1).min(last + 1);
            diagonal = std::mem::replace(cell, best);
            last = best;
        }
        if let Some(first) = row.first_mut() {
            *first = at + 1;
        }
    }
    row
}

fn small<T: Eq>(reference: &[T], heard: &[T], from: (usize, usize), steps: &mut Vec<Step>) {
    let width = heard.len() + 1;
    let mut table: Vec<u32> = Vec::with_capacity((reference.len() + 1) * width);
    let cell = |table: &[u32], i: usize, j: usize| table.get(i * width + j).copied().unwrap_or(u32::MAX - 1);
    for i in 0..=reference.len() {
        for j in 0..width {
            let cost = match (i.checked_sub(1), j.checked_sub(1)) {
                (None, None) => 0,
                (Some(above), None) => cell(&table, above, j) + 1,
                (None, Some(left)) => cell(&table, i, left) + 1,
                (Some(above), Some(left)) => {
                    let differs = u32::from(reference.get(above) != heard.get(left));
                    let diagonal = cell(&table, above, left) + differs;
                    diagonal.min(cell(&table, above, j) + 1).min(cell(&table, i, left) + 1)
                }
            };
            table.push(cost);
        }
    }
    let (mut i, mut j) = (reference.len(), heard.len());
    let begun = steps.len();
    while i > 0 || j > 0 {
        let here = cell(&table, i, j);
        let step = match (i.checked_sub(1), j.checked_sub(1)) {
            (Some(above), Some(left))
                if reference.get(above) == heard.get(left) && cell(&table, above, left) == here =>
            {
                Step::Same(from.0 + above, from.1 + left)
            }
            (Some(above), Some(left)) if cell(&table, above, left) + 1 == here => {
                Step::Substituted(from.0 + above, from.1 + left)
            }
            (Some(above), _) if cell(&table, above, j) + 1 == here => Step::Deleted(from.0 + above),
            (_, Some(left)) => Step::Inserted(from.1 + left),
            (Some(above), None) => Step::Deleted(from.0 + above),
            (None, None) => break,
        };
        (i, j) = match step {
            Step::Same(..) | Step::Substituted(..) => (i - 1, j - 1),
            Step::Deleted(_) => (i - 1, j),
            Step::Inserted(_) => (i, j - 1),
        };
        steps.push(step);
    }
    if let Some(new) = steps.get_mut(begun..) {
        new.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    fn errors(steps: &[Step]) -> usize {
        steps.iter().filter(|step| !matches!(step, Step::Same(..))).count()
    }

    #[test]
    fn the_cheapest_way_is_found() {
        for (a, b, cost) in
            [("", "", 0), ("abc", "", 3), ("", "ab", 2), ("kitten", "sitting", 3), ("flaw", "lawn", 2)]
        {
            assert_eq!(errors(&align(&letters(a), &letters(b))), cost, "{a} {b}");
        }
        assert_eq!(
            align(&letters("abc"), &letters("axcd")),
            [Step::Same(0, 0), Step::Substituted(1, 1), Step::Same(2, 2), Step::Inserted(3)]
        );
        assert_eq!(align(&letters("ab"), &letters("b")), [Step::Deleted(0), Step::Same(1, 0)]);
    }

    #[test]
    fn cutting_the_table_in_two_changes_no_cost_and_loses_no_word() {
        // Two texts that differ in many ways, by a small generator.
        let mut state = 7_u32;
        let mut draw = |n: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % n
        };
        for _ in 0..40 {
            let a: Vec<u32> = (0..draw(60)).map(|_| draw(5)).collect();
            let b: Vec<u32> = (0..draw(60)).map(|_| draw(5)).collect();
            let mut cut = Vec::new();
            part(&a, &b, (0, 0), 4, &mut cut);
            assert_eq!(errors(&cut), errors(&align(&a, &b)));
            let left = cut.iter().filter_map(|step| match *step {
                Step::Same(i, _) | Step::Substituted(i, _) | Step::Deleted(i) => Some(i),
                Step::Inserted(_) => None,
            });
            let right = cut.iter().filter_map(|step| match *step {
                Step::Same(_, j) | Step::Substituted(_, j) | Step::Inserted(j) => Some(j),
                Step::Deleted(_) => None,
            });
            assert!(left.eq(0..a.len()) && right.eq(0..b.len()));
            assert!(cut.iter().all(|step| match *step {
                Step::Same(i, j) => a[i] == b[j],
                Step::Substituted(i, j) => a[i] != b[j],
                _ => true,
            }));
        }
    }
}
