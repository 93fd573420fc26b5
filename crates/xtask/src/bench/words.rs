//! Word errors, counted in one way for all engines.

/// Words in lower case, without punctuation.
pub fn words(text: &str) -> Vec<String> {
    let kept = |c: char| if c.is_alphanumeric() { c } else { ' ' };
    text.to_lowercase().chars().map(kept).collect::<String>().split_whitespace().map(str::to_owned).collect()
}

/// Fewest substitutions, insertions and deletions from one to the other.
pub fn errors(reference: &[String], heard: &[String]) -> usize {
    let mut row: Vec<usize> = (0..=heard.len()).collect();
    for (i, word) in reference.iter().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, other) in heard.iter().enumerate() {
            let best = (diagonal + usize::from(word != other)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], best);
        }
    }
    row[heard.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_error_counts_once() {
        let count = |a: &str, b: &str| errors(&words(a), &words(b));
        assert_eq!(count("J'ai mal, docteur.", "j ai mal docteur"), 0);
        assert_eq!(count("un deux trois", "un douze trois"), 1);
        assert_eq!(count("un deux trois", "un trois"), 1);
        assert_eq!(count("un deux trois", "un deux deux trois"), 1);
        assert_eq!(count("", "un"), 1);
    }
}
