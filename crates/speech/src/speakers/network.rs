//! CAM++ (3D-Speaker): speech to the 192 numbers of a voice. Written after the paper (Wang et al., 2023) and its published
//! weights; normalisations are folded into the products before them when the weights are converted.

use super::fbank::MELS;
use super::layers::{Conv1, Conv2, Image, Norm, Rows, relu};
use super::weights::{Fault, Weights};

/// Numbers of a voice.
pub(super) const SIZE: usize = 192;
/// Channels of the first convolutions, of the first layer over time, and what each layer of a block adds.
const HEAD: usize = 32;
const FIRST: usize = 128;
const GROWTH: usize = 32;
const BOTTLENECK: usize = 128;
/// Layers and dilation of each block.
const BLOCKS: [(usize, usize); 3] = [(12, 1), (24, 2), (16, 2)];
/// Frames over which a layer looks around for its context.
const CONTEXT: usize = 100;

pub(super) struct Network {
    start: Conv2,
    residuals: Vec<Residual>,
    end: Conv2,
    first: Conv1,
    blocks: Vec<(Vec<Dense>, Norm, Conv1)>,
    /// The last product and normalisation: mean and deviation over time to the voice.
    last: Vec<f32>,
    last_norm: Norm,
}

/// Two convolutions beside a shortcut.
struct Residual {
    one: Conv2,
    two: Conv2,
    shortcut: Option<Conv2>,
}

/// One layer of a block: its output is put beside its input.
struct Dense {
    norm: Norm,
    narrow: Conv1,
    local: Conv1,
    context: Conv1,
    gate: Conv1,
}

impl Network {
    pub fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let w = Weights::read(bytes)?;
        let start = image_conv(&w, "head.conv1", 1, 3, 1)?;
        let mut residuals = Vec::new();
        for layer in ["layer1", "layer2"] {
            for (at, stride) in [(0, 2), (1, 1)] {
                let name = format!("head.{layer}.{at}");
                let shortcut = (at == 0)
                    .then(|| image_conv(&w, &format!("{name}.shortcut.0"), HEAD, 1, stride))
                    .transpose()?;
                residuals.push(Residual {
                    one: image_conv(&w, &format!("{name}.conv1"), HEAD, 3, stride)?,
                    two: image_conv(&w, &format!("{name}.conv2"), HEAD, 3, 1)?,
                    shortcut,
                });
            }
        }
        let end = image_conv(&w, "head.conv2", HEAD, 3, 2)?;
        let first =
            Conv1 { stride: 2, ..conv(&w, "xvector.tdnn.linear", [FIRST, HEAD * MELS / 8, 5], true)? };
        let mut channels = FIRST;
        let mut blocks = Vec::new();
        for (at, (layers, dilation)) in BLOCKS.into_iter().enumerate() {
            let mut block = Vec::with_capacity(layers);
            for layer in 0..layers {
                let name = format!("xvector.block{}.tdnnd{}", at + 1, layer + 1);
                block.push(dense(&w, &name, channels, dilation)?);
                channels += GROWTH;
            }
            let name = format!("xvector.transit{}", at + 1);
            let transit_norm = norm(&w, &format!("{name}.nonlinear.batchnorm"), channels)?;
            let transit =
                conv(&w, &format!("{name}.linear"), [channels / 2, channels, 1], at + 1 == BLOCKS.len())?;
            channels /= 2;
            blocks.push((block, transit_norm, transit));
        }
        let last = w.take("xvector.dense.linear.weight", &[SIZE, 2 * channels, 1])?;
        let last_norm = norm(&w, "xvector.dense.nonlinear.batchnorm", SIZE)?;
        Ok(Self { start, residuals, end, first, blocks, last, last_norm })
    }

    /// The voice in features of [`super::fbank::features`]; at least two frames after halving are needed.
    pub fn voice(&self, features: Vec<f32>, frames: usize) -> Result<Vec<f32>, Fault> {
        let mut image = self.start.apply(&Image { data: features, height: MELS, frames })?;
        relu(&mut image.data);
        for residual in &self.residuals {
            image = residual.apply(image)?;
        }
        let mut image = self.end.apply(&image)?;
        relu(&mut image.data);
        // Channels and bands are all channels from here on.
        let mut rows = self.first.apply(&Rows { data: image.data, frames })?;
        relu(&mut rows.data);
        for (block, norm, transit) in &self.blocks {
            for layer in block {
                layer.extend(&mut rows)?;
            }
            rows = transit.apply(&norm.apply_relu(&rows))?;
        }
        relu(&mut rows.data);
        Ok(self.pool(&rows))
    }

    /// Mean and deviation of each channel, then the last product.
    fn pool(&self, rows: &Rows) -> Vec<f32> {
        #[expect(clippy::cast_precision_loss, reason = "frames of some seconds")]
        let count = rows.frames as f32;
        let (mut means, mut deviations) = (Vec::new(), Vec::new());
        for row in rows.data.chunks_exact(rows.frames.max(1)) {
            let mean = row.iter().sum::<f32>() / count;
            let squares: f32 = row.iter().map(|value| (value - mean) * (value - mean)).sum();
            means.push(mean);
            deviations.push((squares / (count - 1.0).max(1.0)).sqrt());
        }
        means.append(&mut deviations);
        let products = self.last.chunks_exact(means.len().max(1)).map(|row| dot(row, &means));
        let norms = self.last_norm.scale.iter().zip(&self.last_norm.shift);
        products.zip(norms).map(|(value, (scale, shift))| value * scale + shift).collect()
    }
}

impl Residual {
    fn apply(&self, image: Image) -> Result<Image, Fault> {
        let mut inner = self.one.apply(&image)?;
        relu(&mut inner.data);
        let mut out = self.two.apply(&inner)?;
        let beside = match &self.shortcut {
            Some(shortcut) => shortcut.apply(&image)?,
            None => image,
        };
        for (value, beside) in out.data.iter_mut().zip(&beside.data) {
            *value = (*value + beside).max(0.0);
        }
        Ok(out)
    }
}

impl Dense {
    fn extend(&self, rows: &mut Rows) -> Result<(), Fault> {
        let mut narrow = self.narrow.apply(&self.norm.apply_relu(rows))?;
        relu(&mut narrow.data);
        let mut local = self.local.apply(&narrow)?;
        let mut context = self.context.apply(&around(&narrow))?;
        relu(&mut context.data);
        let gate = self.gate.apply(&context)?;
        // The context is the same over each stretch of frames.
        for (row, gates) in local.data.chunks_exact_mut(rows.frames).zip(gate.data.chunks_exact(gate.frames))
        {
            for (stretch, gate) in row.chunks_mut(CONTEXT).zip(gates) {
                let gate = 1.0 / (1.0 + (-gate).exp());
                stretch.iter_mut().for_each(|value| *value *= gate);
            }
        }
        rows.data.append(&mut local.data);
        Ok(())
    }
}

/// Mean over all frames plus mean over each stretch of [`CONTEXT`] frames; one value per stretch.
#[expect(clippy::cast_precision_loss, reason = "frames of some seconds")]
fn around(rows: &Rows) -> Rows {
    let stretches = rows.frames.div_ceil(CONTEXT);
    let mut data = Vec::with_capacity(rows.channels() * stretches);
    for row in rows.data.chunks_exact(rows.frames.max(1)) {
        let whole = row.iter().sum::<f32>() / row.len() as f32;
        data.extend(row.chunks(CONTEXT).map(|part| whole + part.iter().sum::<f32>() / part.len() as f32));
    }
    Rows { data, frames: stretches }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn image_conv(
    w: &Weights<'_>,
    name: &str,
    inputs: usize,
    kernel: usize,
    stride: usize,
) -> Result<Conv2, Fault> {
    Ok(Conv2 {
        weight: w.take(&format!("{name}.weight"), &[HEAD, inputs, kernel, kernel])?,
        bias: w.take(&format!("{name}.bias"), &[HEAD])?,
        outputs: HEAD,
        kernel,
        stride,
    })
}

fn conv(w: &Weights<'_>, name: &str, shape: [usize; 3], bias: bool) -> Result<Conv1, Fault> {
    let [outputs, _, kernel] = shape;
    Ok(Conv1 {
        weight: w.take(&format!("{name}.weight"), &shape)?,
        bias: bias.then(|| w.take(&format!("{name}.bias"), &[outputs])).transpose()?,
        outputs,
        kernel,
        stride: 1,
        dilation: 1,
    })
}

fn norm(w: &Weights<'_>, name: &str, channels: usize) -> Result<Norm, Fault> {
    Ok(Norm {
        scale: w.take(&format!("{name}.scale"), &[channels])?,
        shift: w.take(&format!("{name}.shift"), &[channels])?,
    })
}

fn dense(w: &Weights<'_>, name: &str, channels: usize, dilation: usize) -> Result<Dense, Fault> {
    let local = conv(w, &format!("{name}.cam_layer.linear_local"), [GROWTH, BOTTLENECK, 3], false)?;
    Ok(Dense {
        norm: norm(w, &format!("{name}.nonlinear1.batchnorm"), channels)?,
        narrow: conv(w, &format!("{name}.linear1"), [BOTTLENECK, channels, 1], true)?,
        local: Conv1 { dilation, ..local },
        context: conv(w, &format!("{name}.cam_layer.linear1"), [BOTTLENECK / 2, BOTTLENECK, 1], true)?,
        gate: conv(w, &format!("{name}.cam_layer.linear2"), [GROWTH, BOTTLENECK / 2, 1], true)?,
    })
}
