//! Who speaks in each piece of a talk: what the voices say, what the words say, and whose turn it is, weighed together.

use note::Speaker;

/// How much a likeness counts: difference of likeness × this = difference of log-likelihood, for speech long enough.
const VOICE: f32 = 16.0;
const LONG_MS: f32 = 1_500.0;
/// A point of the words.
const POINT: f32 = 0.55;
const POINTS: f32 = 5.0;
/// Somebody else goes on: after a question, after a piece that did not end a sentence, after any other piece.
const AFTER_QUESTION: f32 = 0.85;
const WITHIN: f32 = 0.04;
const AFTER: f32 = 0.45;

/// What is known of a piece.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    pub ms: u32,
    /// Likeness to each voice, in the order of the voices; empty where too little was heard.
    pub likeness: Vec<f32>,
    /// Points for the doctor less those for anyone else, by the words.
    pub doctor: f32,
    /// It ends in a question.
    pub asks: bool,
    /// It goes on from the piece before without a break: cut for its length, not where somebody stopped.
    pub goes_on: bool,
}

/// For each piece how likely each person is who speaks, given the person behind each voice; and the logarithm of how
/// likely all of it is.
pub(super) fn weigh(pieces: &[Piece], people: &[Speaker]) -> (Vec<Vec<f32>>, f32) {
    let n = people.len();
    let (clues, most): (Vec<Vec<f32>>, Vec<f32>) = pieces.iter().map(|piece| clues(piece, people)).unzip();
    let mut all: f32 = most.iter().sum();
    let moves = |at: usize| pieces.get(at).zip(pieces.get(at.wrapping_sub(1)));
    let step = |at: usize, from: usize, to: usize| {
        let change = match moves(at) {
            Some((piece, _)) if piece.goes_on => WITHIN,
            Some((_, before)) if before.asks => AFTER_QUESTION,
            _ => AFTER,
        };
        #[expect(clippy::cast_precision_loss, reason = "three people at most")]
        let others = n.saturating_sub(1).max(1) as f32;
        if from == to { 1.0 - change } else { change / others }
    };
    // Forwards and backwards over the whole talk, scaled at each step.
    let mut forward: Vec<Vec<f32>> = Vec::with_capacity(pieces.len());
    for (at, clue) in clues.iter().enumerate() {
        let mut now: Vec<f32> = match forward.last() {
            None => clue.clone(),
            Some(before) => {
                let come = |to: usize| {
                    before.iter().enumerate().map(|(from, p)| p * step(at, from, to)).sum::<f32>()
                };
                clue.iter().enumerate().map(|(to, c)| c * come(to)).collect()
            }
        };
        all += scale(&mut now).max(f32::MIN_POSITIVE).ln();
        forward.push(now);
    }
    let mut after = vec![1.0; n];
    for (at, (forward, clue)) in forward.iter_mut().zip(&clues).enumerate().rev() {
        let here: Vec<f32> = after.iter().zip(clue).map(|(a, c)| a * c).collect();
        forward.iter_mut().zip(&after).for_each(|(f, a)| *f *= a);
        scale(forward);
        after =
            (0..n).map(|from| here.iter().enumerate().map(|(to, h)| h * step(at, from, to)).sum()).collect();
        scale(&mut after);
    }
    (forward, all)
}

/// The likelihood of a piece for each person, the largest 1, and the logarithm of that largest.
fn clues(piece: &Piece, people: &[Speaker]) -> (Vec<f32>, f32) {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a piece")]
    let length = (piece.ms as f32 / LONG_MS).min(1.0);
    let words = piece.doctor.clamp(-POINTS, POINTS) * POINT;
    let mut logs: Vec<f32> = people
        .iter()
        .enumerate()
        .map(|(at, person)| {
            let voice = piece.likeness.get(at).map_or(0.0, |likeness| likeness * VOICE * length);
            voice + if *person == Speaker::Doctor { words } else { 0.0 }
        })
        .collect();
    let most = logs.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    logs.iter_mut().for_each(|log| *log = (*log - most).exp());
    (logs, most)
}

/// Makes the sum 1, and gives the sum there was.
fn scale(values: &mut [f32]) -> f32 {
    let sum: f32 = values.iter().sum();
    if sum > 0.0 {
        values.iter_mut().for_each(|value| *value /= sum);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: [Speaker; 2] = [Speaker::Doctor, Speaker::Patient];

    fn piece(ms: u32, likeness: &[f32], doctor: f32, asks: bool) -> Piece {
        Piece { ms, likeness: likeness.to_vec(), doctor, asks, goes_on: false }
    }

    #[test]
    fn a_voice_that_is_heard_well_wins_over_the_words() {
        let pieces = [piece(3_000, &[0.8, 0.1], -3.0, false), piece(3_000, &[0.1, 0.8], 3.0, false)];
        let (who, _) = weigh(&pieces, &TWO);
        assert!(who[0][0] > 0.95 && who[1][1] > 0.95);
    }

    #[test]
    fn a_short_answer_is_the_others_and_a_piece_cut_for_its_length_the_same_ones() {
        let mut pieces = vec![
            piece(3_000, &[0.8, 0.1], 2.0, true),
            piece(300, &[], 0.0, false),
            piece(300, &[], 0.0, false),
        ];
        let (who, _) = weigh(&pieces, &TWO);
        assert!(who[1][1] > 0.7);
        pieces[2].goes_on = true;
        let (who, _) = weigh(&pieces, &TWO);
        assert!(who[2][1] > 0.7);
    }

    #[test]
    fn the_right_person_behind_each_voice_explains_the_talk_best() {
        let pieces: Vec<Piece> = (0..10)
            .map(|n| match n % 2 {
                0 => piece(2_000, &[0.7, 0.2], 2.0, true),
                _ => piece(2_000, &[0.2, 0.7], -1.0, false),
            })
            .collect();
        let (_, right) = weigh(&pieces, &TWO);
        let (_, wrong) = weigh(&pieces, &[Speaker::Patient, Speaker::Doctor]);
        assert!(right > wrong + 5.0);
    }

    #[test]
    fn nothing_known_is_nothing_said() {
        let (who, _) = weigh(&[piece(0, &[], 0.0, false)], &TWO);
        assert_eq!(who, [[0.5, 0.5]]);
        assert!(weigh(&[], &TWO).0.is_empty());
    }
}
