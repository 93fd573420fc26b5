//! The first half of the model: a picture of sound to what the second half attends to.

use super::kernels::{HEAD, gelu, normalise, softmax};
use super::panels::{Panels, Rows};
use super::weights::{Linear, Norm, Weights, Widening};
use super::{Brake, Braked};

/// Rows that ask at once: their scores fit the second cache.
const ASKING: usize = 36;

/// What a passage sounds like, for every layer and head of the second half: keys and values.
pub(crate) struct Sound {
    pub layers: Vec<Vec<(Panels, Panels)>>,
    /// Positions of 20 ms.
    pub positions: usize,
}

/// Listens to `positions` times 20 ms of sound; `samples` that are shorter are followed by silence.
pub(crate) fn listen(
    weights: &Weights,
    samples: &[f32],
    positions: usize,
    brake: Brake<'_>,
) -> Result<Sound, Braked> {
    let (state, bands) = (weights.state, weights.mel.bands());
    let frames = positions * 2;
    // One row of silence on each side: a convolution looks at both neighbours.
    let mut picture = vec![0.0; (frames + 2) * bands];
    picture[bands..][..frames * bands].copy_from_slice(&weights.mel.picture(samples, frames));
    let [first, second] = &weights.convolutions;
    let mut wide = vec![0.0; (frames + 2) * state];
    let inner = &mut wide[state..][..frames * state];
    product(first, Rows::apart(&picture, frames, bands, 3 * bands), inner);
    gelu(inner);
    let mut x = vec![0.0; positions * state];
    product(second, Rows::apart(&wide, positions, 2 * state, 3 * state), &mut x);
    drop(wide);
    gelu(&mut x);
    for (value, position) in x.iter_mut().zip(&weights.audio_positions) {
        *value += position;
    }

    let mut room = Room::default();
    for layer in &weights.encoder {
        brake()?;
        let attention = &layer.attention;
        let normal = room.normal(&x, &attention.norm);
        let mut inner = vec![0.0; positions * 3 * state];
        product(&attention.inner, Rows::new(normal, positions, state), &mut inner);
        let mut seen = vec![0.0; positions * state];
        for head in 0..weights.heads {
            attend(&inner, state, head, positions, &mut seen);
            brake()?;
        }
        add_product(&attention.out, Rows::new(&seen, positions, state), &mut x);
        drop((inner, seen));
        widen(&layer.widening, &mut x, state, &mut room);
    }
    brake()?;
    let normal = room.normal(&x, &weights.encoder_norm);
    let mut layers = Vec::with_capacity(weights.decoder.len());
    let mut both = vec![0.0; positions * 2 * state];
    for layer in &weights.decoder {
        product(&layer.outward.key_value, Rows::new(normal, positions, state), &mut both);
        let heads = (0..weights.heads).map(|head| {
            let at =
                |position: usize, part: usize| &both[(position * 2 + part) * state + head * HEAD..][..HEAD];
            let keys = Panels::eight(positions, HEAD, |position, row| row.copy_from_slice(at(position, 0)));
            let values = Panels::eight_of_columns(HEAD, positions, |position| at(position, 1));
            (keys, values)
        });
        layers.push(heads.collect());
        brake()?;
    }
    Ok(Sound { layers, positions })
}

/// One head of attention of all positions to all.
fn attend(inner: &[f32], state: usize, head: usize, positions: usize, out: &mut [f32]) {
    let at = |position: usize, part: usize| &inner[(position * 3 + part) * state + head * HEAD..][..HEAD];
    let keys = Panels::full(positions, HEAD, |position, row| {
        for (own, key) in row.iter_mut().zip(at(position, 1)) {
            *own = key / 8.0;
        }
    });
    let values = Panels::full_of_columns(HEAD, positions, |position| at(position, 2));
    let width = keys.width();
    let mut scores = vec![0.0; ASKING * width];
    for from in (0..positions).step_by(ASKING) {
        let count = ASKING.min(positions - from);
        let scores = &mut scores[..count * width];
        scores.fill(0.0);
        keys.multiply(
            Rows::apart(&inner[from * 3 * state + head * HEAD..], count, 3 * state, HEAD),
            scores,
            width,
        );
        for row in scores.chunks_exact_mut(width) {
            softmax(&mut row[..positions]);
        }
        let rows = Rows::apart(scores, count, width, positions);
        values.multiply(rows, &mut out[from * state + head * HEAD..], state);
    }
}

/// The two wide layers after each attention.
pub(super) fn widen(widening: &Widening, x: &mut [f32], state: usize, room: &mut Room) {
    // In parts, since the middle is four times as wide.
    const PART: usize = 192;
    for part in x.chunks_mut(PART * state) {
        let count = part.len() / state;
        let normal = room.normal(part, &widening.norm);
        let mut middle = vec![0.0; count * widening.up.matrix.width()];
        product(&widening.up, Rows::new(normal, count, state), &mut middle);
        gelu(&mut middle);
        add_product(&widening.down, Rows::new(&middle, count, widening.up.matrix.rows()), part);
    }
}

/// Room for normalised rows.
#[derive(Default)]
pub(super) struct Room(Vec<f32>);

impl Room {
    pub fn normal(&mut self, x: &[f32], norm: &Norm) -> &[f32] {
        let state = norm.weight.len();
        self.0.resize(x.len(), 0.0);
        for (row, out) in x.chunks_exact(state).zip(self.0.chunks_exact_mut(state)) {
            normalise(row, &norm.weight, &norm.bias, out);
        }
        &self.0
    }
}

/// `out = left · matrix + bias`
pub(super) fn product(linear: &Linear, left: Rows<'_>, out: &mut [f32]) {
    let width = linear.matrix.width();
    for row in out.chunks_exact_mut(width) {
        row.copy_from_slice(&linear.bias);
    }
    linear.matrix.multiply(left, out, width);
}

/// `out += left · matrix + bias`
pub(super) fn add_product(linear: &Linear, left: Rows<'_>, out: &mut [f32]) {
    let width = linear.matrix.width();
    for row in out.chunks_exact_mut(width) {
        for (o, b) in row.iter_mut().zip(&linear.bias) {
            *o += b;
        }
    }
    linear.matrix.multiply(left, out, width);
}
