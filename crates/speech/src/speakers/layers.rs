//! The few layers that the network of voices is made of, on rows of frames. Matrix products are `ndarray`'s.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};

use super::weights::Fault;

/// Rows (one per channel) of so many frames each, one after the other.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    pub data: Vec<f32>,
    pub frames: usize,
}

impl Rows {
    pub fn channels(&self) -> usize {
        self.data.len() / self.frames.max(1)
    }
}

pub(super) fn relu(values: &mut [f32]) {
    for value in values {
        *value = value.max(0.0);
    }
}

/// A normalisation that was not folded into the product before it: `x × scale + shift` per channel.
#[derive(Debug)]
pub(super) struct Norm {
    pub scale: Vec<f32>,
    pub shift: Vec<f32>,
}

impl Norm {
    pub fn apply_relu(&self, rows: &Rows) -> Rows {
        let mut data = Vec::with_capacity(rows.data.len());
        for (row, (scale, shift)) in
            rows.data.chunks_exact(rows.frames).zip(self.scale.iter().zip(&self.shift))
        {
            data.extend(row.iter().map(|value| (value * scale + shift).max(0.0)));
        }
        Rows { data, frames: rows.frames }
    }
}

/// A convolution over time.
#[derive(Debug)]
pub(super) struct Conv1 {
    /// `out × (in × kernel)`.
    pub weight: Vec<f32>,
    pub bias: Option<Vec<f32>>,
    pub outputs: usize,
    pub kernel: usize,
    pub stride: usize,
    pub dilation: usize,
}

impl Conv1 {
    pub fn apply(&self, rows: &Rows) -> Result<Rows, Fault> {
        if self.kernel == 1 && self.stride == 1 {
            return product(&self.weight, self.bias.as_deref(), self.outputs, &rows.data, rows.frames);
        }
        let padding = (self.kernel - 1) / 2 * self.dilation;
        let frames = (rows.frames + 2 * padding - self.dilation * (self.kernel - 1) - 1) / self.stride + 1;
        let mut columns = vec![0.0; rows.channels() * self.kernel * frames];
        let taps = columns.chunks_exact_mut(frames * self.kernel).zip(rows.data.chunks_exact(rows.frames));
        for (taps, row) in taps {
            for (tap, column) in taps.chunks_exact_mut(frames).enumerate() {
                shifted(column, row, tap * self.dilation, padding, self.stride);
            }
        }
        product(&self.weight, self.bias.as_deref(), self.outputs, &columns, frames)
    }
}

/// `to[t] = row[t × stride + offset - padding]`, zero outside.
fn shifted(to: &mut [f32], row: &[f32], offset: usize, padding: usize, stride: usize) {
    if stride == 1 {
        let (from, start) = (offset.saturating_sub(padding), padding.saturating_sub(offset));
        let count = to.len().saturating_sub(start).min(row.len().saturating_sub(from));
        if let (Some(to), Some(row)) = (to.get_mut(start..start + count), row.get(from..from + count)) {
            to.copy_from_slice(row);
        }
        return;
    }
    for (t, to) in to.iter_mut().enumerate() {
        let at = (t * stride + offset).checked_sub(padding);
        *to = at.and_then(|at| row.get(at)).copied().unwrap_or(0.0);
    }
}

/// An image: channels of `height` rows of frames.
#[derive(Debug, Clone)]
pub(super) struct Image {
    pub data: Vec<f32>,
    pub height: usize,
    pub frames: usize,
}

/// A convolution over bands and time, padded so that time keeps its length; the stride is over bands.
#[derive(Debug)]
pub(super) struct Conv2 {
    /// `out × (in × kernel × kernel)`.
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
    pub outputs: usize,
    pub kernel: usize,
    pub stride: usize,
}

impl Conv2 {
    pub fn apply(&self, image: &Image) -> Result<Image, Fault> {
        let (kernel, frames) = (self.kernel, image.frames);
        let padding = (kernel - 1) / 2;
        let channels = image.data.len() / (image.height * frames).max(1);
        let height = (image.height + 2 * padding - kernel) / self.stride + 1;
        let mut data = vec![0.0; self.outputs * height * frames];
        // Band by band: the columns of one band stay in the processor's cache.
        let mut columns = vec![0.0; channels * kernel * kernel * frames];
        for band in 0..height {
            columns.fill(0.0);
            for (channel, taps) in columns.chunks_exact_mut(kernel * kernel * frames).enumerate() {
                for (y, taps) in taps.chunks_exact_mut(kernel * frames).enumerate() {
                    let source = (band * self.stride + y).checked_sub(padding).filter(|h| *h < image.height);
                    let Some(source) = source else { continue };
                    let start = (channel * image.height + source) * frames;
                    let row = image.data.get(start..start + frames).unwrap_or_default();
                    for (x, column) in taps.chunks_exact_mut(frames).enumerate() {
                        shifted(column, row, x, padding, 1);
                    }
                }
            }
            let rows = product(&self.weight, Some(&self.bias), self.outputs, &columns, frames)?;
            for (channel, row) in rows.data.chunks_exact(frames).enumerate() {
                let start = (channel * height + band) * frames;
                if let Some(to) = data.get_mut(start..start + frames) {
                    to.copy_from_slice(row);
                }
            }
        }
        Ok(Image { data, height, frames })
    }
}

/// `weight × columns + bias`.
fn product(
    weight: &[f32],
    bias: Option<&[f32]>,
    outputs: usize,
    columns: &[f32],
    frames: usize,
) -> Result<Rows, Fault> {
    let mut data = vec![0.0; outputs * frames];
    if let Some(bias) = bias {
        for (row, bias) in data.chunks_exact_mut(frames.max(1)).zip(bias) {
            row.fill(*bias);
        }
    }
    let inner = weight.len() / outputs.max(1);
    let misfit = |_| Fault::Shape;
    let weight = ArrayView2::from_shape((outputs, inner), weight).map_err(misfit)?;
    let columns = ArrayView2::from_shape((inner, frames), columns).map_err(misfit)?;
    let mut out = ArrayViewMut2::from_shape((outputs, frames), &mut data).map_err(misfit)?;
    general_mat_mul(1.0, &weight, &columns, 1.0, &mut out);
    Ok(Rows { data, frames })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_convolution_over_time_is_the_sum_it_says() {
        let rows = Rows { data: vec![1.0, 2.0, 3.0, 4.0, 10.0, 20.0, 30.0, 40.0], frames: 4 };
        let mut conv = Conv1 {
            weight: vec![1.0, 0.0, -1.0, 0.5, 0.0, 0.0],
            bias: Some(vec![100.0]),
            outputs: 1,
            kernel: 3,
            stride: 1,
            dilation: 1,
        };
        // x0[t-1] - x0[t+1] + x1[t-1] / 2 + 100
        assert_eq!(conv.apply(&rows).unwrap().data, [98.0, 103.0, 108.0, 118.0]);
        conv.stride = 2;
        assert_eq!(conv.apply(&rows).unwrap().data, [98.0, 108.0]);
        (conv.stride, conv.dilation) = (1, 2);
        assert_eq!(conv.apply(&rows).unwrap().data, [97.0, 96.0, 106.0, 112.0]);
    }

    #[test]
    fn a_convolution_over_bands_and_time_is_the_sum_it_says() {
        let image = Image { data: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], height: 3, frames: 2 };
        let mut weight = vec![0.0; 9];
        (weight[4], weight[7]) = (1.0, 10.0);
        let mut conv = Conv2 { weight, bias: vec![0.5], outputs: 1, kernel: 3, stride: 1 };
        // itself + 10 × the band above it in number
        assert_eq!(conv.apply(&image).unwrap().data, [31.5, 42.5, 53.5, 64.5, 5.5, 6.5]);
        conv.stride = 2;
        assert_eq!(conv.apply(&image).unwrap().data, [31.5, 42.5, 5.5, 6.5]);
    }

    #[test]
    fn weights_that_do_not_fit_are_refused() {
        let rows = Rows { data: vec![0.0; 8], frames: 4 };
        let conv = Conv1 { weight: vec![0.0; 9], bias: None, outputs: 3, kernel: 1, stride: 1, dilation: 1 };
        assert!(conv.apply(&rows).is_err());
    }
}
