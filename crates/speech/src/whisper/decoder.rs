//! The second half of the model: from the words so far to the probabilities of the next.

use super::encoder::{Room, Sound, add_product, product, widen};
use super::kernels::{HEAD, LANES, attend, softmax};
use super::panels::Rows;
use super::weights::Weights;

/// A passage being put into words: its sound, and what was computed for the words so far, of all hypotheses.
pub(crate) struct Passage {
    sound: Sound,
    /// Keys and values of each layer, a row for each token computed.
    memory: Vec<(Vec<f32>, Vec<f32>)>,
    rows: u32,
}

/// One token to be computed.
pub(crate) struct Ask {
    /// Which of the passages.
    pub passage: usize,
    pub token: u32,
    pub position: usize,
    /// The rows of the passage's memory that this token follows, in order; its own comes last.
    pub path: Vec<u32>,
    /// Whether the probabilities after it are wanted.
    pub wanted: bool,
}

impl Passage {
    pub fn new(sound: Sound) -> Self {
        let memory = sound.layers.iter().map(|_| (Vec::new(), Vec::new())).collect();
        Self { sound, memory, rows: 0 }
    }

    /// A row of memory for a token about to be asked for.
    pub fn next_row(&mut self) -> u32 {
        self.rows += 1;
        self.rows - 1
    }

    pub fn forget(&mut self) {
        self.memory.iter_mut().for_each(|(keys, values)| {
            keys.clear();
            values.clear();
        });
        self.rows = 0;
    }
}

/// For each wanted token, a row of scores over the vocabulary's heard tokens; rows are `width` apart.
pub(crate) struct Scores {
    pub numbers: Vec<f32>,
    pub width: usize,
}

/// Computes tokens side by side; those of one passage follow one another, and their rows were drawn in the same order.
pub(crate) fn ask(weights: &Weights, passages: &mut [Passage], asks: &[Ask]) -> Scores {
    let state = weights.state;
    let count = asks.len();
    let mut x = vec![0.0; count * state];
    for (row, ask) in x.chunks_exact_mut(state).zip(asks) {
        let at = weights.rows.get(ask.token as usize).copied().unwrap_or(0);
        weights.tokens.row(at as usize, row);
        let position = weights.text_positions.chunks_exact(state).nth(ask.position);
        for (value, position) in row.iter_mut().zip(position.unwrap_or_default()) {
            *value += position;
        }
    }
    let mut room = Room::default();
    let mut inner = vec![0.0; count * 3 * state];
    let mut seen = vec![0.0; count * state];
    let mut query = vec![0.0; count * state];
    let longest = asks.iter().map(|ask| ask.path.len()).max().unwrap_or(0);
    let mut scores = vec![0.0; longest];
    for (number, layer) in weights.decoder.iter().enumerate() {
        let attention = &layer.attention;
        product(&attention.inner, Rows::new(room.normal(&x, &attention.norm), count, state), &mut inner);
        for (row, ask) in inner.chunks_exact(3 * state).zip(asks) {
            let (keys, values) = &mut passages[ask.passage].memory[number];
            keys.extend_from_slice(&row[state..2 * state]);
            values.extend_from_slice(&row[2 * state..]);
        }
        for ((row, ask), out) in inner.chunks_exact(3 * state).zip(asks).zip(seen.chunks_exact_mut(state)) {
            let (keys, values) = &passages[ask.passage].memory[number];
            attend(&row[..state], keys, values, &ask.path, &mut scores, out);
        }
        add_product(&attention.out, Rows::new(&seen, count, state), &mut x);

        let outward = &layer.outward;
        product(&outward.query, Rows::new(room.normal(&x, &outward.norm), count, state), &mut query);
        seen.fill(0.0);
        let mut from = 0;
        for group in asks.chunk_by(|a, b| a.passage == b.passage) {
            let sound = &passages[group[0].passage].sound;
            hear(sound, number, &query[from * state..], group.len(), state, &mut seen[from * state..]);
            from += group.len();
        }
        add_product(&outward.out, Rows::new(&seen, count, state), &mut x);
        widen(&layer.widening, &mut x, state, &mut room);
    }

    let normal = room.normal(&x, &weights.decoder_norm);
    let wanted: Vec<f32> = normal
        .chunks_exact(state)
        .zip(asks)
        .filter(|(_, ask)| ask.wanted)
        .flat_map(|(row, _)| row.iter().copied())
        .collect();
    let heard = weights.vocabulary.heard.len();
    let width = heard.next_multiple_of(LANES);
    let rows = wanted.len() / state;
    let mut numbers = vec![0.0; rows * width];
    weights.tokens.multiply_first(heard, Rows::new(&wanted, rows, state), &mut numbers, width);
    Scores { numbers, width }
}

/// Attention of some rows to the sound of their passage.
fn hear(sound: &Sound, layer: usize, query: &[f32], count: usize, state: usize, out: &mut [f32]) {
    for (head, (keys, values)) in sound.layers[layer].iter().enumerate() {
        let width = keys.width();
        let mut scores = vec![0.0; count * width];
        keys.multiply(Rows::apart(&query[head * HEAD..], count, state, HEAD), &mut scores, width);
        for row in scores.chunks_exact_mut(width) {
            let row = &mut row[..sound.positions];
            row.iter_mut().for_each(|score| *score /= 8.0);
            softmax(row);
        }
        let rows = Rows::apart(&scores, count, width, sound.positions);
        values.multiply(rows, &mut out[head * HEAD..], state);
    }
}
