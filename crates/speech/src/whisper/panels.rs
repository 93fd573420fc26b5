//! Matrices in the order in which they are multiplied.
//!
//! A matrix of `n` rows and `k` columns, whose product with a row of `k` numbers gives `n`, is kept in panels of [`LANES`] of
//! its rows, with the numbers of one column side by side. Weights are kept in eight bits with one scale per 32 numbers of a
//! row, as in the files (q8_0), and expanded a piece at a time into the fastest cache, where they serve for many rows.

use super::kernels::{BLOCK, LANES, ROWS, compress, expand, multiply_tile};

/// Columns expanded at a time: 16 kB.
const DEPTH: usize = 256;
/// Rows of the left side that stay in the second cache meanwhile.
const HEIGHT: usize = 32 * ROWS;

/// A matrix to multiply with.
pub(crate) struct Panels {
    rows: usize,
    /// Columns, rounded up to whole blocks; those beyond the matrix are zero.
    depth: usize,
    numbers: Numbers,
}

enum Numbers {
    Eight { scales: Vec<[f32; LANES]>, numbers: Vec<[i8; LANES]> },
    Full(Vec<[f32; LANES]>),
}

/// Rows of numbers within a longer slice.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    numbers: &'a [f32],
    count: usize,
    stride: usize,
    columns: usize,
}

impl<'a> Rows<'a> {
    /// Rows that follow one another.
    pub fn new(numbers: &'a [f32], count: usize, columns: usize) -> Self {
        Self { numbers, count, stride: columns, columns }
    }

    /// Rows of `columns` numbers that begin at multiples of `stride`.
    pub fn apart(numbers: &'a [f32], count: usize, stride: usize, columns: usize) -> Self {
        Self { numbers, count, stride, columns }
    }
}

impl Panels {
    /// `row(at, numbers)` fills in a row.
    pub fn full(rows: usize, columns: usize, mut row: impl FnMut(usize, &mut [f32])) -> Self {
        let depth = columns.next_multiple_of(BLOCK);
        let mut numbers = vec![[0.0; LANES]; rows.div_ceil(LANES) * depth];
        let mut one = vec![0.0; depth];
        for at in 0..rows {
            row(at, &mut one[..columns]);
            let panel = &mut numbers[at / LANES * depth..][..depth];
            for (lanes, number) in panel.iter_mut().zip(&one) {
                lanes[at % LANES] = *number;
            }
        }
        Self { rows, depth, numbers: Numbers::Full(numbers) }
    }

    /// The matrix whose columns are `column(at)`.
    pub fn full_of_columns<'a>(rows: usize, columns: usize, column: impl Fn(usize) -> &'a [f32]) -> Self {
        let depth = columns.next_multiple_of(BLOCK);
        let mut numbers = vec![[0.0; LANES]; rows.div_ceil(LANES) * depth];
        for at in 0..columns {
            for (panel, part) in column(at)[..rows].chunks(LANES).enumerate() {
                numbers[panel * depth + at][..part.len()].copy_from_slice(part);
            }
        }
        Self { rows, depth, numbers: Numbers::Full(numbers) }
    }

    /// As [`Panels::full_of_columns`], in eight bits.
    pub fn eight_of_columns<'a>(rows: usize, columns: usize, column: impl Fn(usize) -> &'a [f32]) -> Self {
        let depth = columns.next_multiple_of(BLOCK);
        let panels = rows.div_ceil(LANES);
        let mut numbers = vec![[0; LANES]; panels * depth];
        let mut scales = vec![[0.0; LANES]; panels * (depth / BLOCK)];
        for block in 0..depth / BLOCK {
            let from = block * BLOCK;
            for panel in 0..panels {
                let mut full = [[0.0; LANES]; BLOCK];
                for (at, lanes) in (from..columns).zip(&mut full) {
                    let part = &column(at)[panel * LANES..rows.min((panel + 1) * LANES)];
                    lanes[..part.len()].copy_from_slice(part);
                }
                let scales = &mut scales[panel * (depth / BLOCK) + block];
                let eight = &mut numbers[panel * depth + from..][..BLOCK];
                compress(&full, scales, eight);
            }
        }
        Self { rows, depth, numbers: Numbers::Eight { scales, numbers } }
    }

    /// As [`Panels::full`], in eight bits.
    pub fn eight(rows: usize, columns: usize, mut row: impl FnMut(usize, &mut [f32])) -> Self {
        let mut one = vec![0.0; columns.next_multiple_of(BLOCK)];
        Self::from_blocks(rows, columns, |at, blocks| {
            row(at, &mut one[..columns]);
            for (numbers, (scale, eight)) in one.as_chunks::<BLOCK>().0.iter().zip(blocks) {
                (*scale, *eight) = quantised(numbers);
            }
        })
    }

    /// `row(at, blocks)` fills in the blocks of a row: for each, its scale and its numbers.
    pub fn from_blocks(
        rows: usize,
        columns: usize,
        mut row: impl FnMut(usize, &mut [(f32, [i8; BLOCK])]),
    ) -> Self {
        let depth = columns.next_multiple_of(BLOCK);
        let panels = rows.div_ceil(LANES);
        let mut numbers = vec![[0; LANES]; panels * depth];
        let mut scales = vec![[0.0; LANES]; panels * (depth / BLOCK)];
        let mut blocks = vec![(0.0, [0; BLOCK]); depth / BLOCK];
        for at in 0..rows {
            row(at, &mut blocks);
            let (panel, lane) = (at / LANES, at % LANES);
            for (number, (scale, eight)) in blocks.iter().enumerate() {
                scales[panel * (depth / BLOCK) + number][lane] = *scale;
                let lanes = &mut numbers[panel * depth + number * BLOCK..][..BLOCK];
                for (lanes, value) in lanes.iter_mut().zip(eight) {
                    lanes[lane] = *value;
                }
            }
        }
        Self { rows, depth, numbers: Numbers::Eight { scales, numbers } }
    }

    /// Rows of the matrix: columns of a product with it.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Least length of a row of the product.
    pub fn width(&self) -> usize {
        self.rows.next_multiple_of(LANES)
    }

    /// One row of the matrix.
    pub fn row(&self, at: usize, out: &mut [f32]) {
        let (panel, lane) = (at / LANES, at % LANES);
        match &self.numbers {
            Numbers::Full(numbers) => {
                for (o, lanes) in out.iter_mut().zip(&numbers[panel * self.depth..]) {
                    *o = lanes[lane];
                }
            }
            Numbers::Eight { scales, numbers } => {
                let scales = &scales[panel * (self.depth / BLOCK)..];
                for (k, (o, lanes)) in out.iter_mut().zip(&numbers[panel * self.depth..]).enumerate() {
                    *o = f32::from(lanes[lane]) * scales[k / BLOCK][lane];
                }
            }
        }
    }

    /// Adds the product of `left` with this matrix to `out`, whose rows begin at multiples of `stride` and have room for
    /// [`Panels::width`] numbers. Where the left side has fewer columns than this, only as many count.
    pub fn multiply(&self, left: Rows<'_>, out: &mut [f32], stride: usize) {
        self.multiply_first(self.rows, left, out, stride);
    }

    /// As [`Panels::multiply`], for the first rows of this matrix alone.
    pub fn multiply_first(&self, rows: usize, left: Rows<'_>, out: &mut [f32], stride: usize) {
        let columns = left.columns.min(self.depth);
        let mut expanded = [[0.0; LANES]; DEPTH];
        for top in (0..left.count).step_by(HEIGHT) {
            let bottom = (top + HEIGHT).min(left.count);
            for panel in 0..rows.min(self.rows).div_ceil(LANES) {
                for from in (0..columns).step_by(DEPTH) {
                    let deep = (columns - from).min(DEPTH);
                    let piece = match &self.numbers {
                        Numbers::Full(numbers) => &numbers[panel * self.depth + from..][..deep],
                        Numbers::Eight { scales, numbers } => {
                            let numbers = &numbers[panel * self.depth + from..][..deep];
                            let scales = &scales[(panel * self.depth + from) / BLOCK..];
                            for ((block, scales), out) in
                                numbers.chunks(BLOCK).zip(scales).zip(expanded.chunks_mut(BLOCK))
                            {
                                expand(block, scales, out);
                            }
                            &expanded[..deep]
                        }
                    };
                    for row in (top..bottom).step_by(ROWS) {
                        multiply_tile(
                            (bottom - row).min(ROWS),
                            &left.numbers[row * left.stride + from..],
                            left.stride,
                            piece,
                            &mut out[row * stride + panel * LANES..],
                            stride,
                        );
                    }
                }
            }
        }
    }
}

/// A block in eight bits, as whisper.cpp's tools make it.
pub(super) fn quantised(numbers: &[f32; BLOCK]) -> (f32, [i8; BLOCK]) {
    let largest = numbers.iter().fold(0.0_f32, |largest, n| largest.max(n.abs()));
    let scale = largest / 127.0;
    let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
    #[expect(clippy::cast_possible_truncation, reason = "within -127 to 127 by the choice of the scale")]
    (scale, numbers.map(|n| (n * inverse).round() as i8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_of_columns_is_the_same_as_one_of_rows() {
        let column = |at: usize| -> Vec<f32> { (0..40).map(|n| number(n * 1_000 + at)).collect() };
        let columns: Vec<Vec<f32>> = (0..50).map(column).collect();
        let by_rows = |at: usize, row: &mut [f32]| {
            row.iter_mut().zip(&columns).for_each(|(x, column)| *x = column[at]);
        };
        let column = |at: usize| columns[at].as_slice();
        let product = |panels: &Panels| {
            let mut out = vec![0.0; panels.width()];
            panels.multiply(Rows::new(&columns.concat()[..50], 1, 50), &mut out, 48);
            out
        };
        assert_eq!(
            product(&Panels::full(40, 50, by_rows)),
            product(&Panels::full_of_columns(40, 50, column))
        );
        let eight = product(&Panels::eight_of_columns(40, 50, column));
        for (a, b) in product(&Panels::eight(40, 50, by_rows)).iter().zip(eight) {
            assert!((a - b).abs() < 0.05, "{a} {b}");
        }
    }

    #[expect(clippy::cast_precision_loss)]
    fn number(at: usize) -> f32 {
        ((at * 7919 % 2003) as f32 - 1001.0) / 1001.0
    }

    #[test]
    fn both_kinds_give_the_product_of_any_shape() {
        for (rows, columns, left) in [(16, 32, 1), (50, 80, 7), (33, 600, 200), (1, 1, 3)] {
            let fill = |at: usize, row: &mut [f32]| {
                row.iter_mut().enumerate().for_each(|(k, x)| *x = number(at * 1_000 + k));
            };
            let a: Vec<f32> = (0..left * columns).map(|at| number(at + 17)).collect();
            for (panels, fault) in
                [(Panels::full(rows, columns, fill), 2e-3), (Panels::eight(rows, columns, fill), 0.15)]
            {
                let width = panels.width();
                let mut out = vec![0.0; left * width];
                panels.multiply(Rows::new(&a, left, columns), &mut out, width);
                for i in 0..left {
                    for n in 0..rows {
                        let right: f32 =
                            (0..columns).map(|k| a[i * columns + k] * number(n * 1_000 + k)).sum();
                        assert!((out[i * width + n] - right).abs() < fault, "{rows} {columns} {i} {n}");
                    }
                }
                let mut row = vec![0.0; columns];
                panels.row(rows - 1, &mut row);
                assert!((row[columns - 1] - number((rows - 1) * 1_000 + columns - 1)).abs() < 0.01);
            }
        }
    }
}
