//! The network that tells voices apart: a checkpoint of 3D-Speaker's CAM++ becomes one file of tensors, its
//! normalisations folded into the products before them, its large matrices in 16 bits.

use std::collections::{BTreeMap, HashMap};

use half::f16;
use safetensors::tensor::{Dtype, TensorView, serialize};

use super::torch::Tensor;

/// As the model was trained.
const EPSILON: f32 = 1e-5;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum VoicesError {
    #[error("the checkpoint has no {0}")]
    Missing(String),
    #[error("the shapes of {0} do not fit together")]
    Shape(String),
    #[error("the tensors cannot be written: {0}")]
    Write(String),
}

/// Products whose normalisation comes right after them, and that normalisation.
fn folded(name: &str) -> Option<String> {
    let at = |from: &str, to: &str| name.strip_suffix(from).map(|stem| format!("{stem}{to}"));
    if name.starts_with("head.") {
        let shortcut = at("shortcut.0.weight", "shortcut.1");
        return shortcut.or_else(|| at("conv1.weight", "bn1")).or_else(|| at("conv2.weight", "bn2"));
    }
    match name {
        "xvector.tdnn.linear.weight" => Some("xvector.tdnn.nonlinear.batchnorm".into()),
        "xvector.transit3.linear.weight" => Some("xvector.out_nonlinear.batchnorm".into()),
        _ if name.contains(".tdnnd") => at("linear1.weight", "nonlinear2.batchnorm")
            .filter(|_| !name.ends_with("cam_layer.linear1.weight")),
        _ => None,
    }
}

/// The bytes of the file, the same for the same checkpoint.
pub fn convert(checkpoint: &HashMap<String, Tensor>) -> Result<Vec<u8>, VoicesError> {
    let mut out: BTreeMap<String, Tensor> = BTreeMap::new();
    let mut norms: Vec<&str> =
        checkpoint.keys().filter_map(|name| name.strip_suffix(".running_mean")).collect();
    norms.sort_unstable();
    let weights =
        checkpoint.iter().filter(|(name, tensor)| name.ends_with(".weight") && tensor.shape.len() > 1);
    for (name, tensor) in weights {
        let stem = name.strip_suffix(".weight").unwrap_or(name);
        let mut weight = tensor.clone();
        if let Some(norm) = folded(name) {
            norms.retain(|other| *other != norm);
            let (scale, shift) = affine(checkpoint, &norm)?;
            let rows = weight.shape.first().copied().unwrap_or(0);
            if scale.len() != rows || rows == 0 {
                return Err(VoicesError::Shape(norm));
            }
            let width = weight.values.len() / rows;
            for (row, scale) in weight.values.chunks_exact_mut(width.max(1)).zip(&scale) {
                row.iter_mut().for_each(|value| *value *= scale);
            }
            out.insert(format!("{stem}.bias"), Tensor { shape: vec![rows], values: shift });
        } else if let Some(bias) = checkpoint.get(&format!("{stem}.bias")) {
            out.insert(format!("{stem}.bias"), bias.clone());
        }
        out.insert(name.clone(), weight);
    }
    for norm in norms {
        let (scale, shift) = affine(checkpoint, norm)?;
        for (part, values) in [("scale", scale), ("shift", shift)] {
            out.insert(format!("{norm}.{part}"), Tensor { shape: vec![values.len()], values });
        }
    }
    written(&out)
}

/// A normalisation as `x × scale + shift`. One that learnt nothing has no weight and no bias.
fn affine(checkpoint: &HashMap<String, Tensor>, norm: &str) -> Result<(Vec<f32>, Vec<f32>), VoicesError> {
    let part = |part: &str| checkpoint.get(&format!("{norm}.{part}")).map(|tensor| tensor.values.as_slice());
    let missing = |what: &str| VoicesError::Missing(format!("{norm}.{what}"));
    let mean = part("running_mean").ok_or_else(|| missing("running_mean"))?;
    let variance = part("running_var").ok_or_else(|| missing("running_var"))?;
    let ones = vec![1.0; mean.len()];
    let zeros = vec![0.0; mean.len()];
    let (weight, bias) = (part("weight").unwrap_or(&ones), part("bias").unwrap_or(&zeros));
    if [variance.len(), weight.len(), bias.len()] != [mean.len(); 3] {
        return Err(VoicesError::Shape(norm.into()));
    }
    let scale: Vec<f32> = weight.iter().zip(variance).map(|(w, v)| w / (v + EPSILON).sqrt()).collect();
    let shift = bias.iter().zip(mean).zip(&scale).map(|((b, m), s)| b - m * s).collect();
    Ok((scale, shift))
}

fn written(tensors: &BTreeMap<String, Tensor>) -> Result<Vec<u8>, VoicesError> {
    let mut bytes = Vec::with_capacity(tensors.len());
    for (name, tensor) in tensors {
        // Vectors are few and their small numbers matter.
        let is_small = tensor.shape.len() == 1;
        let data: Vec<u8> = if is_small {
            tensor.values.iter().flat_map(|value| value.to_le_bytes()).collect()
        } else {
            tensor.values.iter().flat_map(|value| f16::from_f32(*value).to_le_bytes()).collect()
        };
        bytes.push((name, tensor, if is_small { Dtype::F32 } else { Dtype::F16 }, data));
    }
    let views: Vec<(&str, TensorView<'_>)> = bytes
        .iter()
        .map(|(name, tensor, kind, data)| {
            let view = TensorView::new(*kind, tensor.shape.clone(), data);
            view.map(|view| (name.as_str(), view)).map_err(|error| VoicesError::Write(error.to_string()))
        })
        .collect::<Result<_, _>>()?;
    serialize(views, None).map_err(|error| VoicesError::Write(error.to_string()))
}

#[cfg(test)]
mod tests {
    use safetensors::SafeTensors;

    use super::*;

    fn tensor(shape: &[usize], values: &[f32]) -> Tensor {
        Tensor { shape: shape.to_vec(), values: values.to_vec() }
    }

    fn normalised(name: &str, all: &mut HashMap<String, Tensor>) {
        for (part, values) in [
            ("weight", [2.0, 1.0]),
            ("bias", [0.5, 0.0]),
            ("running_mean", [1.0, 0.0]),
            ("running_var", [4.0, 1.0]),
        ] {
            all.insert(format!("{name}.{part}"), tensor(&[2], &values));
        }
    }

    #[test]
    fn a_normalisation_after_a_product_is_folded_into_it_and_any_other_stays() {
        let mut checkpoint = HashMap::new();
        checkpoint.insert("head.conv1.weight".to_owned(), tensor(&[2, 1, 1, 1], &[3.0, 5.0]));
        normalised("head.bn1", &mut checkpoint);
        checkpoint.insert("xvector.transit1.linear.weight".to_owned(), tensor(&[1, 2, 1], &[3.0, 5.0]));
        normalised("xvector.transit1.nonlinear.batchnorm", &mut checkpoint);
        let bytes = convert(&checkpoint).unwrap();
        assert_eq!(bytes, convert(&checkpoint).unwrap());
        let read = SafeTensors::deserialize(&bytes).unwrap();
        let mut names = read.names();
        names.sort();
        assert_eq!(
            names,
            [
                "head.conv1.bias",
                "head.conv1.weight",
                "xvector.transit1.linear.weight",
                "xvector.transit1.nonlinear.batchnorm.scale",
                "xvector.transit1.nonlinear.batchnorm.shift"
            ]
        );
        let values = |name: &str| {
            let data = read.tensor(name).unwrap().data().to_vec();
            data.chunks(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect::<Vec<_>>()
        };
        // (3 x - 1) × 2 / 2 + 0.5
        assert!((values("head.conv1.bias")[0] + 0.5).abs() < 1e-4);
        let weight = read.tensor("head.conv1.weight").unwrap().data().to_vec();
        assert!((f16::from_le_bytes([weight[0], weight[1]]).to_f32() - 3.0).abs() < 1e-2);
        assert!((values("xvector.transit1.nonlinear.batchnorm.shift")[0] + 0.5).abs() < 1e-4);
    }

    #[test]
    fn a_checkpoint_that_lacks_something_says_what() {
        let mut checkpoint = HashMap::new();
        checkpoint.insert("head.conv1.weight".to_owned(), tensor(&[2, 1, 1, 1], &[3.0, 5.0]));
        assert_eq!(convert(&checkpoint), Err(VoicesError::Missing("head.bn1.running_mean".into())));
    }
}
