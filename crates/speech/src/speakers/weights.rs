//! The file of weights: tensors by name, each checked before use.

use half::f16;
use safetensors::{Dtype, SafeTensors};

/// What is wrong with a file of weights.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    #[error("it is no file of tensors: {0}")]
    NotTensors(String),
    #[error("the tensor {0} is missing")]
    Missing(String),
    #[error("the tensor {0} has another shape or type than this network's")]
    Tensor(String),
    #[error("the shapes of its tensors do not fit together")]
    Shape,
}

pub(super) struct Weights<'a>(SafeTensors<'a>);

impl<'a> Weights<'a> {
    pub fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        SafeTensors::deserialize(bytes).map(Self).map_err(|e| Fault::NotTensors(e.to_string()))
    }

    /// Numbers of 16 or 32 bits, in the shape wanted, all of them finite.
    pub fn take(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Fault> {
        let tensor = self.0.tensor(name).map_err(|_| Fault::Missing(name.into()))?;
        let values: Vec<f32> = match tensor.dtype() {
            _ if tensor.shape() != shape => return Err(Fault::Tensor(name.into())),
            Dtype::F16 => {
                let (pairs, _) = tensor.data().as_chunks::<2>();
                pairs.iter().map(|bytes| f16::from_le_bytes(*bytes).to_f32()).collect()
            }
            Dtype::F32 => {
                let (fours, _) = tensor.data().as_chunks::<4>();
                fours.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
            }
            _ => return Err(Fault::Tensor(name.into())),
        };
        if values.iter().all(|value| value.is_finite()) {
            Ok(values)
        } else {
            Err(Fault::Tensor(name.into()))
        }
    }
}
