//! The search for the likeliest words: several hypotheses side by side, for several passages at once.

use super::bias::{Bias, Place};
use super::decoder::{Ask, Passage, ask};
use super::kernels::{largest, sum_of_powers};
use super::rules::{Allowed, allowed};
use super::weights::Weights;
use super::{Brake, Braked};

/// How to search.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Search<'a> {
    /// Hypotheses followed side by side; one is greedy.
    pub beam: usize,
    /// Above 0, words are drawn by chance, the likelier the more often.
    pub temperature: f32,
    /// Words to lean towards, where several hypotheses are followed.
    pub bias: Option<&'a Bias>,
}

impl Search<'_> {
    fn leaning(&self) -> Option<&Bias> {
        self.bias.filter(|_| self.beam > 1 && self.temperature <= 0.0)
    }
}

/// What one passage begins with, and how long it may become.
#[derive(Debug, Clone)]
pub(crate) struct Opening {
    /// Text before, and the signs of language and task.
    pub prompt: Vec<u32>,
    /// Where in it the sign of the start stands.
    pub start: usize,
    /// Tokens at most.
    pub most: usize,
}

/// What was found for one passage.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    /// Tokens with the natural logarithm of their probability.
    pub tokens: Vec<(u32, f32)>,
    /// The model's belief that nobody speaks.
    pub no_speech: f32,
}

#[derive(Clone, Default)]
struct Hypothesis {
    tokens: Vec<(u32, f32)>,
    sum: f32,
    path: Vec<u32>,
    place: Place,
}

impl Hypothesis {
    /// Mean over the tokens and the end.
    fn worth(&self) -> f32 {
        self.sum / (self.tokens.len() + 1) as f32
    }
}

struct State {
    live: Vec<Hypothesis>,
    done: Vec<Hypothesis>,
    prompt: usize,
    most: usize,
    no_speech: f32,
}

/// A way on from one hypothesis; no token is the end.
struct Way {
    from: usize,
    token: Option<u32>,
    log: f32,
    sum: f32,
    place: Place,
}

/// Puts passages into words.
pub(crate) fn search(
    weights: &Weights,
    passages: &mut [Passage],
    openings: &[Opening],
    search: Search<'_>,
    brake: Brake<'_>,
) -> Result<Vec<Found>, Braked> {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let mut states = Vec::with_capacity(passages.len());
    for (number, opening) in openings.iter().enumerate() {
        brake()?;
        states.push(begin(weights, passages, number, opening, search, &mut chance));
    }
    loop {
        brake()?;
        let mut asks = Vec::new();
        for (number, state) in states.iter_mut().enumerate() {
            for hypothesis in &mut state.live {
                let Some((token, _)) = hypothesis.tokens.last() else { continue };
                hypothesis.path.push(passages[number].next_row());
                asks.push(Ask {
                    passage: number,
                    token: *token,
                    position: hypothesis.path.len() - 1,
                    path: hypothesis.path.clone(),
                    wanted: true,
                });
            }
        }
        if asks.is_empty() {
            break;
        }
        let scores = ask(weights, passages, &asks);
        let mut rows = scores.numbers.chunks_exact(scores.width);
        for state in states.iter_mut().filter(|state| !state.live.is_empty()) {
            let mut ways = Vec::new();
            for from in 0..state.live.len() {
                let Some(row) = rows.next() else { break };
                extend(weights, &state.live, from, row, search, &mut chance, &mut ways);
            }
            go_on(state, ways, search);
        }
    }
    for (passage, _) in passages.iter_mut().zip(&states) {
        passage.forget();
    }
    Ok(states.into_iter().map(best).collect())
}

fn best(state: State) -> Found {
    let no_speech = state.no_speech;
    let best = state.done.into_iter().max_by(|a, b| a.worth().total_cmp(&b.worth()));
    Found { tokens: best.unwrap_or_default().tokens, no_speech }
}

/// The prompt at once, and the first token of each hypothesis.
fn begin(
    weights: &Weights,
    passages: &mut [Passage],
    number: usize,
    opening: &Opening,
    search: Search<'_>,
    chance: &mut Chance,
) -> State {
    let mut path = Vec::with_capacity(opening.prompt.len());
    let last = opening.prompt.len() - 1;
    let mut asks = Vec::with_capacity(opening.prompt.len());
    for (position, token) in opening.prompt.iter().enumerate() {
        path.push(passages[number].next_row());
        let wanted = position == opening.start || position == last;
        asks.push(Ask { passage: number, token: *token, position, path: path.clone(), wanted });
    }
    let scores = ask(weights, passages, &asks);
    let heard = weights.vocabulary.heard.len();
    let at_start = &scores.numbers[..heard];
    let most = largest(at_start);
    let no_speech =
        (at_start[weights.vocabulary.no_speech_at()] - most).exp() / sum_of_powers(at_start, most);
    let mut state = State {
        live: vec![Hypothesis { path, ..Hypothesis::default() }],
        done: Vec::new(),
        prompt: opening.prompt.len(),
        most: opening.most,
        no_speech,
    };
    let mut ways = Vec::new();
    if let Some(row) = scores.numbers.chunks_exact(scores.width).next_back() {
        let draws = if search.temperature > 0.0 { search.beam } else { 1 };
        for _ in 0..draws {
            extend(weights, &state.live, 0, row, search, chance, &mut ways);
        }
    }
    go_on(&mut state, ways, search);
    state
}

/// Collects the likeliest ways on from a hypothesis, or one by chance.
fn extend(
    weights: &Weights,
    live: &[Hypothesis],
    from: usize,
    row: &[f32],
    search: Search<'_>,
    chance: &mut Chance,
    ways: &mut Vec<Way>,
) {
    let vocabulary = &weights.vocabulary;
    let hypothesis = &live[from];
    let Allowed { ranges, log_sum } = allowed(vocabulary, &hypothesis.tokens, row);
    let mut push = |at: usize, log: f32| {
        let token = (at != vocabulary.end_at()).then(|| vocabulary.heard[at]);
        let (place, lent) = search.leaning().map_or_else(Default::default, |bias| {
            let piece = token.map_or(&[][..], |token| vocabulary.piece(token));
            bias.step(hypothesis.place, at, piece, log)
        });
        ways.push(Way { from, token, log, sum: hypothesis.sum + log + lent, place });
    };
    if search.temperature > 0.0 {
        let numbers = || ranges.iter().flat_map(|range| range.clone().map(|at| (at, row[at])));
        let hottest = numbers().map(|(_, x)| x).fold(f32::NEG_INFINITY, f32::max);
        let weight = |x: f32| ((x - hottest) / search.temperature).exp();
        let total: f32 = numbers().map(|(_, x)| weight(x)).sum();
        let mut left = chance.next() * total;
        let drawn = numbers().find(|(_, x)| {
            left -= weight(*x);
            left <= 0.0
        });
        if let Some((at, x)) = drawn.or_else(|| numbers().max_by(|a, b| a.1.total_cmp(&b.1))) {
            push(at, x - log_sum);
        }
        return;
    }
    // One more than there are hypotheses, since one of them may be the end.
    let wanted = search.beam + 1;
    let mut top: Vec<(usize, f32)> = Vec::with_capacity(wanted + 1);
    let mut least = f32::NEG_INFINITY;
    let leaning = search.leaning().filter(|_| ranges.iter().any(|range| range.contains(&0)));
    for range in ranges {
        for (at, x) in range.clone().zip(&row[range]) {
            if *x > least {
                let place = top.partition_point(|(_, other)| other >= x);
                top.insert(place, (at, *x));
                top.truncate(wanted);
                if top.len() == wanted {
                    least = top[wanted - 1].1;
                }
            }
        }
    }
    // Those lent something may be among the best though they are not so by themselves.
    if let Some(bias) = leaning {
        let lent = bias.ways(hypothesis.place, |at| row[at] - log_sum);
        for (at, more) in lent.filter(|(at, _)| top.iter().all(|(other, _)| other != at)) {
            if row[at] + more > least {
                push(at, row[at] - log_sum);
            }
        }
    }
    for (at, x) in top {
        push(at, x - log_sum);
    }
}

/// The best ways become the hypotheses of the next round.
fn go_on(state: &mut State, mut ways: Vec<Way>, search: Search<'_>) {
    if search.temperature <= 0.0 {
        ways.sort_by(|a, b| b.sum.total_cmp(&a.sum));
    }
    let mut next: Vec<Hypothesis> = Vec::with_capacity(search.beam);
    for way in ways {
        let before = &state.live[way.from];
        let mut hypothesis = Hypothesis { sum: way.sum, place: way.place, ..before.clone() };
        match way.token {
            None => state.done.push(hypothesis),
            Some(token) => {
                hypothesis.tokens.push((token, way.log));
                next.push(hypothesis);
            }
        }
        if next.len() == search.beam {
            break;
        }
    }
    let full = next.first().is_some_and(|h| h.tokens.len() >= state.most)
        || next.first().is_some_and(|h| state.prompt + h.tokens.len() >= super::LONGEST_TEXT);
    let enough = search.temperature <= 0.0 && state.done.len() >= search.beam;
    if full && state.done.is_empty() {
        // Cut off in the middle: the best there is.
        state.done.append(&mut next);
    }
    if full || enough {
        next.clear();
    }
    state.live = next;
}

/// Chance that is the same each time.
struct Chance(u64);

impl Chance {
    /// From 0 to 1.
    fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1_u64 << 24) as f32
    }
}
