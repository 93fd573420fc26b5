//! The innermost loops: the only code here that knows of processors.
//!
//! Each is written once in plain Rust and compiled a second time for processors with wide registers; which one runs is asked
//! of the processor, never assumed. Products of matrices, where all the time goes, are written with the intrinsics.
#![expect(
    unsafe_code,
    reason = "vector instructions, each behind a check of the processor and of the lengths"
)]

/// Columns of a panel, see [`super::panels`].
pub(crate) const LANES: usize = 16;
/// Numbers of a row that share a scale.
pub(crate) const BLOCK: usize = 32;
/// Numbers of one head of attention, in all published models.
pub(crate) const HEAD: usize = 64;
/// Rows that are multiplied together.
pub(crate) const ROWS: usize = 6;

#[cfg(target_arch = "x86_64")]
fn is_wide() -> bool {
    std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")
}

/// Defines a function of plain loops, compiled twice.
macro_rules! twice {
    ($(#[$about:meta])* fn $name:ident($($argument:ident: $kind:ty),*) $(-> $result:ty)? $body:block) => {
        $(#[$about])*
        pub(crate) fn $name($($argument: $kind),*) $(-> $result)? {
            #[inline(always)]
            fn plain($($argument: $kind),*) $(-> $result)? $body
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,fma")]
                fn wide($($argument: $kind),*) $(-> $result)? {
                    plain($($argument),*)
                }
                if is_wide() {
                    // SAFETY: the processor has what `wide` is compiled for.
                    return unsafe { wide($($argument),*) };
                }
            }
            plain($($argument),*)
        }
    };
}

/// `out[i][j] += Σ a[i][p] · b[p][j]` for up to [`ROWS`] rows: row `i` of `a` begins at `i * a_stride`, that of `out` at
/// `i * out_stride`.
pub(crate) fn multiply_tile(
    rows: usize,
    a: &[f32],
    a_stride: usize,
    b: &[[f32; LANES]],
    out: &mut [f32],
    out_stride: usize,
) {
    if rows == 0 || b.is_empty() {
        return;
    }
    assert!(rows <= ROWS, "a tile has at most {ROWS} rows");
    assert!(a.len() >= (rows - 1) * a_stride + b.len(), "rows of the left side are within it");
    assert!(out.len() >= (rows - 1) * out_stride + LANES, "rows of the result are within it");
    #[cfg(target_arch = "x86_64")]
    if is_wide() {
        // SAFETY: the processor has the instructions, and the lengths were checked just now.
        unsafe {
            match rows {
                1 => wide_tile::<1>(a, a_stride, b, out, out_stride),
                2 => wide_tile::<2>(a, a_stride, b, out, out_stride),
                3 => wide_tile::<3>(a, a_stride, b, out, out_stride),
                4 => wide_tile::<4>(a, a_stride, b, out, out_stride),
                5 => wide_tile::<5>(a, a_stride, b, out, out_stride),
                _ => wide_tile::<6>(a, a_stride, b, out, out_stride),
            }
        }
        return;
    }
    for i in 0..rows {
        let row = &a[i * a_stride..i * a_stride + b.len()];
        let mut sum = [0.0; LANES];
        for (x, lanes) in row.iter().zip(b) {
            for (s, y) in sum.iter_mut().zip(lanes) {
                *s += x * y;
            }
        }
        for (o, s) in out[i * out_stride..].iter_mut().zip(sum) {
            *o += s;
        }
    }
}

/// # Safety
/// `a` holds `M` rows of `b.len()` numbers at `a_stride`, `out` holds `M` rows of [`LANES`] at `out_stride`.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn wide_tile<const M: usize>(
    a: &[f32],
    a_stride: usize,
    b: &[[f32; LANES]],
    out: &mut [f32],
    out_stride: usize,
) {
    use std::arch::x86_64::{
        _mm256_add_ps, _mm256_broadcast_ss, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_setzero_ps,
        _mm256_storeu_ps,
    };
    let mut sums = [[_mm256_setzero_ps(); 2]; M];
    let a = a.as_ptr();
    let mut lanes = b.as_ptr().cast::<f32>();
    for p in 0..b.len() {
        // SAFETY: `lanes` points at sixteen numbers; `a` has `b.len()` in each of its `M` rows.
        unsafe {
            let low = _mm256_loadu_ps(lanes);
            let high = _mm256_loadu_ps(lanes.add(8));
            lanes = lanes.add(LANES);
            let mut i = 0;
            while i < M {
                let x = _mm256_broadcast_ss(&*a.add(i * a_stride + p));
                sums[i][0] = _mm256_fmadd_ps(x, low, sums[i][0]);
                sums[i][1] = _mm256_fmadd_ps(x, high, sums[i][1]);
                i += 1;
            }
        }
    }
    let mut i = 0;
    while i < M {
        // SAFETY: `out` has sixteen numbers from `i * out_stride` on.
        unsafe {
            let at = out.as_mut_ptr().add(i * out_stride);
            _mm256_storeu_ps(at, _mm256_add_ps(_mm256_loadu_ps(at), sums[i][0]));
            let at = at.add(8);
            _mm256_storeu_ps(at, _mm256_add_ps(_mm256_loadu_ps(at), sums[i][1]));
        }
        i += 1;
    }
}

/// e to the power of `x`, to about seven digits.
#[inline(always)]
fn exp(x: f32) -> f32 {
    // Adding 1.5 · 2^23 rounds to a whole number, which then stands in the last bits.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let power = rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    let n = rounded - ROUND;
    let r = x - n * 0.693_359_4 + n * 2.121_944_4e-4;
    let series = 1.987_569_1e-4;
    let series = series * r + 1.398_199_9e-3;
    let series = series * r + 8.333_452e-3;
    let series = series * r + 4.166_579_6e-2;
    let series = series * r + 0.166_666_65;
    let series = series * r + 0.5;
    (series * r * r + r + 1.0) * f32::from_bits(power)
}

twice! {
    /// Largest number of a row.
    fn largest(row: &[f32]) -> f32 {
        let (whole, rest) = row.as_chunks::<LANES>();
        let mut most = [f32::NEG_INFINITY; LANES];
        for chunk in whole {
            for lane in 0..LANES {
                most[lane] = if chunk[lane] > most[lane] { chunk[lane] } else { most[lane] };
            }
        }
        most.iter().chain(rest).fold(f32::NEG_INFINITY, |m, x| if *x > m { *x } else { m })
    }
}

twice! {
    /// Σ e^(x − most).
    fn sum_of_powers(row: &[f32], most: f32) -> f32 {
        let (whole, rest) = row.as_chunks::<LANES>();
        let mut sums = [0.0_f32; LANES];
        for chunk in whole {
            for lane in 0..LANES {
                sums[lane] += exp(chunk[lane] - most);
            }
        }
        sums.iter().sum::<f32>() + rest.iter().map(|x| exp(*x - most)).sum::<f32>()
    }
}

twice! {
    /// A row becomes positive numbers that sum up to one.
    fn softmax(row: &mut [f32]) {
        let most = largest(row);
        let (whole, rest) = row.as_chunks_mut::<LANES>();
        let mut sums = [0.0_f32; LANES];
        for chunk in whole {
            for lane in 0..LANES {
                chunk[lane] = exp(chunk[lane] - most);
                sums[lane] += chunk[lane];
            }
        }
        let mut sum = sums.iter().sum::<f32>();
        for x in rest {
            *x = exp(*x - most);
            sum += *x;
        }
        let scale = 1.0 / sum;
        for x in row {
            *x *= scale;
        }
    }
}

twice! {
    /// The activation between two layers, by its usual approximation.
    fn gelu(row: &mut [f32]) {
        for x in row {
            let inner = 1.595_769 * (*x + 0.044_715 * *x * *x * *x);
            *x /= 1.0 + exp(-inner);
        }
    }
}

twice! {
    /// Brings a row to mean 0 and variance 1, then to the learnt scale and offset.
    fn normalise(row: &[f32], weight: &[f32], bias: &[f32], out: &mut [f32]) {
        let (whole, rest) = row.as_chunks::<LANES>();
        let mut sums = [0.0_f32; LANES];
        for chunk in whole {
            for lane in 0..LANES {
                sums[lane] += chunk[lane];
            }
        }
        let count = row.len() as f32;
        let mean = (sums.iter().sum::<f32>() + rest.iter().sum::<f32>()) / count;
        let mut sums = [0.0_f32; LANES];
        for chunk in whole {
            for lane in 0..LANES {
                sums[lane] += (chunk[lane] - mean) * (chunk[lane] - mean);
            }
        }
        let square = sums.iter().sum::<f32>() + rest.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>();
        let scale = 1.0 / (square / count + 1e-5).sqrt();
        let count = row.len();
        let (out, weight, bias) = (&mut out[..count], &weight[..count], &bias[..count]);
        for at in 0..count {
            out[at] = (row[at] - mean) * scale * weight[at] + bias[at];
        }
    }
}

/// Eight-bit numbers with one scale per column, back to what they stand for.
pub(crate) fn expand(numbers: &[[i8; LANES]], scales: &[f32; LANES], out: &mut [[f32; LANES]]) {
    let count = numbers.len().min(out.len());
    #[cfg(target_arch = "x86_64")]
    if is_wide() {
        // SAFETY: the processor has the instructions.
        unsafe { wide_expand(&numbers[..count], scales, &mut out[..count]) };
        return;
    }
    for at in 0..count {
        for lane in 0..LANES {
            out[at][lane] = f32::from(numbers[at][lane]) * scales[lane];
        }
    }
}

/// # Safety
/// `out` is as long as `numbers`.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn wide_expand(numbers: &[[i8; LANES]], scales: &[f32; LANES], out: &mut [[f32; LANES]]) {
    use std::arch::x86_64::{
        _mm_loadl_epi64, _mm256_cvtepi8_epi32, _mm256_cvtepi32_ps, _mm256_loadu_ps, _mm256_mul_ps,
        _mm256_storeu_ps,
    };
    // SAFETY: every pointer is to sixteen numbers of an array of that length.
    unsafe {
        let low = _mm256_loadu_ps(scales.as_ptr());
        let high = _mm256_loadu_ps(scales.as_ptr().add(8));
        let mut from = numbers.as_ptr();
        let mut to = out.as_mut_ptr();
        for _ in 0..numbers.len() {
            let eight = from.cast::<i8>();
            let first = _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64(eight.cast())));
            let second = _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64(eight.add(8).cast())));
            let lanes = to.cast::<f32>();
            _mm256_storeu_ps(lanes, _mm256_mul_ps(first, low));
            _mm256_storeu_ps(lanes.add(8), _mm256_mul_ps(second, high));
            from = from.add(1);
            to = to.add(1);
        }
    }
}

twice! {
    /// A block of sixteen columns in eight bits, with a scale for each.
    fn compress(full: &[[f32; LANES]; BLOCK], scales: &mut [f32; LANES], eight: &mut [[i8; LANES]]) {
        let mut most = [0.0_f32; LANES];
        for lanes in full {
            for lane in 0..LANES {
                let size = lanes[lane].abs();
                most[lane] = if size > most[lane] { size } else { most[lane] };
            }
        }
        let mut inverse = [0.0_f32; LANES];
        for lane in 0..LANES {
            scales[lane] = most[lane] / 127.0;
            inverse[lane] = if most[lane] > 0.0 { 127.0 / most[lane] } else { 0.0 };
        }
        for (lanes, out) in full.iter().zip(eight) {
            for lane in 0..LANES {
                // Rounded to even by the addition, which compiles to vector instructions.
                const ROUND: f32 = 12_582_912.0;
                out[lane] = (lanes[lane] * inverse[lane] + ROUND).to_bits().wrapping_sub(ROUND.to_bits()) as i8;
            }
        }
    }
}

twice! {
    /// Attention of one row to the rows of `keys` and `values` that `path` names, head by head; `scores` is room to work in.
    fn attend(query: &[f32], keys: &[f32], values: &[f32], path: &[u32], scores: &mut [f32], out: &mut [f32]) {
        let state = query.len();
        let scores = &mut scores[..path.len()];
        out.fill(0.0);
        for head in (0..state).step_by(HEAD) {
            let Some(own) = query[head..].first_chunk::<HEAD>() else { return };
            for (score, row) in scores.iter_mut().zip(path) {
                let Some(key) = keys[*row as usize * state + head..].first_chunk::<HEAD>() else { return };
                let mut sums = [0.0_f32; LANES];
                for part in 0..HEAD / LANES {
                    for lane in 0..LANES {
                        sums[lane] += own[part * LANES + lane] * key[part * LANES + lane];
                    }
                }
                *score = sums.iter().sum::<f32>() / 8.0;
            }
            let most = scores.iter().fold(f32::NEG_INFINITY, |m, x| if *x > m { *x } else { m });
            let mut sum = 0.0;
            let Some(out) = out[head..].first_chunk_mut::<HEAD>() else { return };
            for (score, row) in scores.iter().zip(path) {
                let Some(value) = values[*row as usize * state + head..].first_chunk::<HEAD>() else { return };
                let weight = exp(*score - most);
                sum += weight;
                for at in 0..HEAD {
                    out[at] += weight * value[at];
                }
            }
            let scale = 1.0 / sum;
            for o in out {
                *o *= scale;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::cast_precision_loss)]
    fn a_tile_is_the_product_whatever_its_shape() {
        for rows in 1..=ROWS {
            for length in [1, 7, 64, 300] {
                let a: Vec<f32> = (0..rows * 310).map(|n| ((n * 37 % 101) as f32 - 50.0) / 50.0).collect();
                let b: Vec<[f32; LANES]> = (0..length)
                    .map(|p| std::array::from_fn(|j| (((p * 16 + j) * 53 % 97) as f32 - 48.0) / 48.0))
                    .collect();
                let mut out = vec![0.5; rows * 20];
                multiply_tile(rows, &a, 310, &b, &mut out, 20);
                for i in 0..rows {
                    for j in 0..20 {
                        let product: f32 =
                            (0..length).filter(|_| j < LANES).map(|p| a[i * 310 + p] * b[p][j]).sum();
                        assert!((out[i * 20 + j] - 0.5 - product).abs() < 1e-3, "{rows} {length} {i} {j}");
                    }
                }
            }
        }
    }

    #[test]
    fn powers_are_exact_to_six_digits() {
        for step in -870..880_i16 {
            let x = f32::from(step) / 10.0;
            let right = x.exp();
            assert!((exp(x) - right).abs() <= right * 2e-6, "{x}: {} {right}", exp(x));
        }
        assert!(exp(f32::NEG_INFINITY) < 1e-37);
    }

    #[test]
    fn a_softmax_sums_up_to_one_and_keeps_the_order() {
        let mut row: Vec<f32> = (0..37_i16).map(|n| f32::from(n) / 5.0).collect();
        let total = sum_of_powers(&row, 7.2);
        let last = (row[36] - 7.2).exp() / total;
        softmax(&mut row);
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5 && row.is_sorted());
        assert!((row[36] - last).abs() < 1e-6);
    }

    #[test]
    fn a_normalised_row_has_the_learnt_mean_and_spread() {
        let row: Vec<f32> = (0..48_i16).map(f32::from).collect();
        let mut out = vec![0.0; 48];
        normalise(&row, &[2.0; 48], &[1.0; 48], &mut out);
        let mean = out.iter().sum::<f32>() / 48.0;
        let spread = out.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / 48.0;
        assert!((mean - 1.0).abs() < 1e-4 && (spread - 4.0).abs() < 1e-2);
        let mut gated = [0.0, 1.0, -1.0, 3.0];
        gelu(&mut gated);
        for (found, right) in gated.iter().zip([0.0, 0.841_2, -0.158_8, 2.996_4]) {
            assert!((found - right).abs() < 1e-3, "{found} {right}");
        }
    }
}
