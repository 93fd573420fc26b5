//! A Whisper model of CTranslate2 → the ggml file of whisper.cpp, with 16-bit weights.
//!
//! CTranslate2 joins the query, key and value matrices of an attention by rows (key and value across
//! attentions), and gives the key a bias of zeros, which whisper.cpp has no tensor for. Vectors, the biases
//! of the convolutions and both positional embeddings become 32-bit floats; everything else stays at 16.

use std::io::{self, Write};
use std::ops::Range;

use half::f16;

use super::ct2::{self, Model, Variable};
use super::ggml::{Head, Kind, Sizes, Tensor};
use super::mel;

/// Why a model could not be converted.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    #[error("the model has no variable {0:?}")]
    Missing(String),
    #[error("variable {name:?} has the shape {dims:?}, which is not Whisper's")]
    Shape { name: String, dims: Vec<usize> },
    #[error("variable {name:?} is of integers, not of floats")]
    Kind { name: String },
    #[error("the bias of the keys in {name:?} is not zero: whisper.cpp cannot hold it")]
    KeyBias { name: String },
    #[error("cannot write the model: {0}")]
    Io(#[from] io::Error),
}

/// Where one tensor of ggml comes from.
#[derive(Debug, PartialEq, Eq)]
struct Piece {
    name: String,
    variable: String,
    /// One of equal parts of the rows, `0..1` of 1 for all of them.
    part: (usize, usize),
    float32: bool,
}

/// Writes the ggml file; `on` is told the bytes written, tensor by tensor.
pub fn write(
    model: &Model<'_>,
    tokens: Vec<Vec<u8>>,
    out: &mut impl Write,
    on: &mut dyn FnMut(u64),
) -> Result<(), ConvertError> {
    let sizes = sizes(model)?;
    let filters = mel::filters(sizes.mels as usize);
    Head { sizes, filters, tokens }.write(out)?;
    for piece in pieces(sizes.audio_layers, sizes.text_layers) {
        let tensor = tensor(model, &piece)?;
        tensor.write(out)?;
        on(tensor.data.len() as u64);
    }
    Ok(())
}

/// The model's sizes, from the shapes of its variables.
fn sizes(model: &Model<'_>) -> Result<Sizes, ConvertError> {
    let [vocabulary, text_state] = shape(model, "decoder/embeddings/weight")?;
    let [text_context, _] = shape(model, "decoder/position_encodings/encodings")?;
    let [audio_context, audio_state] = shape(model, "encoder/position_encodings/encodings")?;
    let [_, mels, _] = shape(model, "encoder/conv1/weight")?;
    Ok(Sizes {
        vocabulary,
        audio_context,
        audio_state,
        audio_heads: heads(model, "encoder/num_heads")?,
        audio_layers: layers(model, "encoder"),
        text_context,
        text_state,
        text_heads: heads(model, "decoder/num_heads")?,
        text_layers: layers(model, "decoder"),
        mels,
        file_type: Kind::F16.code(),
    })
}

fn find<'m, 'a>(model: &'m Model<'a>, name: &str) -> Result<&'m Variable<'a>, ConvertError> {
    model.get(name).ok_or_else(|| ConvertError::Missing(name.to_owned()))
}

fn shape<const RANK: usize>(model: &Model<'_>, name: &str) -> Result<[u32; RANK], ConvertError> {
    let dims = &find(model, name)?.dims;
    let narrow: Option<Vec<u32>> = dims.iter().map(|dim| u32::try_from(*dim).ok()).collect();
    narrow
        .and_then(|narrow| narrow.try_into().ok())
        .ok_or_else(|| ConvertError::Shape { name: name.to_owned(), dims: dims.clone() })
}

fn heads(model: &Model<'_>, name: &str) -> Result<u32, ConvertError> {
    let variable = find(model, name)?;
    match (variable.kind, variable.data) {
        (ct2::Kind::I16, [low, high]) => Ok(u32::from(u16::from_le_bytes([*low, *high]))),
        _ => Err(ConvertError::Shape { name: name.to_owned(), dims: variable.dims.clone() }),
    }
}

fn layers(model: &Model<'_>, side: &str) -> u32 {
    (0..)
        .take_while(|layer| model.get(&format!("{side}/layer_{layer}/ffn/linear_0/weight")).is_some())
        .count() as u32
}

/// Every tensor, in the order of OpenAI's checkpoints, which published ggml files keep.
fn pieces(audio_layers: u32, text_layers: u32) -> Vec<Piece> {
    let mut list = Pieces(Vec::new());
    list.position("decoder");
    list.position("encoder");
    list.matrix("decoder.token_embedding.weight", "decoder/embeddings/weight");
    for layer in 0..text_layers {
        let (to, from) = (format!("decoder.blocks.{layer}"), format!("decoder/layer_{layer}"));
        list.feed_forward(&to, &from);
        list.self_attention(&to, &from);
        list.cross_attention(&to, &from);
    }
    list.normalisation("decoder.ln", "decoder/layer_norm");
    for number in [1, 2] {
        list.matrix(&format!("encoder.conv{number}.weight"), &format!("encoder/conv{number}/weight"));
        list.vector(&format!("encoder.conv{number}.bias"), &format!("encoder/conv{number}/bias"), (0, 1));
    }
    for layer in 0..audio_layers {
        let (to, from) = (format!("encoder.blocks.{layer}"), format!("encoder/layer_{layer}"));
        list.feed_forward(&to, &from);
        list.self_attention(&to, &from);
    }
    list.normalisation("encoder.ln_post", "encoder/layer_norm");
    list.0
}

struct Pieces(Vec<Piece>);

impl Pieces {
    fn add(&mut self, name: &str, variable: &str, part: (usize, usize), float32: bool) {
        self.0.push(Piece { name: name.to_owned(), variable: variable.to_owned(), part, float32 });
    }

    fn matrix(&mut self, name: &str, variable: &str) {
        self.add(name, variable, (0, 1), false);
    }

    fn vector(&mut self, name: &str, variable: &str, part: (usize, usize)) {
        self.add(name, variable, part, true);
    }

    fn position(&mut self, side: &str) {
        let variable = format!("{side}/position_encodings/encodings");
        self.vector(&format!("{side}.positional_embedding"), &variable, (0, 1));
    }

    fn normalisation(&mut self, to: &str, from: &str) {
        self.vector(&format!("{to}.weight"), &format!("{from}/gamma"), (0, 1));
        self.vector(&format!("{to}.bias"), &format!("{from}/beta"), (0, 1));
    }

    fn linear(&mut self, to: &str, from: &str, part: (usize, usize)) {
        self.add(&format!("{to}.weight"), &format!("{from}/weight"), part, false);
        self.vector(&format!("{to}.bias"), &format!("{from}/bias"), part);
    }

    fn key(&mut self, to: &str, from: &str, part: (usize, usize)) {
        self.add(&format!("{to}.weight"), &format!("{from}/weight"), part, false);
    }

    fn feed_forward(&mut self, to: &str, from: &str) {
        self.normalisation(&format!("{to}.mlp_ln"), &format!("{from}/ffn/layer_norm"));
        self.linear(&format!("{to}.mlp.0"), &format!("{from}/ffn/linear_0"), (0, 1));
        self.linear(&format!("{to}.mlp.2"), &format!("{from}/ffn/linear_1"), (0, 1));
    }

    fn self_attention(&mut self, to: &str, from: &str) {
        self.normalisation(&format!("{to}.attn_ln"), &format!("{from}/self_attention/layer_norm"));
        let joined = format!("{from}/self_attention/linear_0");
        self.linear(&format!("{to}.attn.query"), &joined, (0, 3));
        self.key(&format!("{to}.attn.key"), &joined, (1, 3));
        self.linear(&format!("{to}.attn.value"), &joined, (2, 3));
        self.linear(&format!("{to}.attn.out"), &format!("{from}/self_attention/linear_1"), (0, 1));
    }

    fn cross_attention(&mut self, to: &str, from: &str) {
        self.normalisation(&format!("{to}.cross_attn_ln"), &format!("{from}/attention/layer_norm"));
        self.linear(&format!("{to}.cross_attn.query"), &format!("{from}/attention/linear_0"), (0, 1));
        let joined = format!("{from}/attention/linear_1");
        self.key(&format!("{to}.cross_attn.key"), &joined, (0, 2));
        self.linear(&format!("{to}.cross_attn.value"), &joined, (1, 2));
        self.linear(&format!("{to}.cross_attn.out"), &format!("{from}/attention/linear_2"), (0, 1));
    }
}

fn tensor(model: &Model<'_>, piece: &Piece) -> Result<Tensor<Vec<u8>>, ConvertError> {
    let variable = find(model, &piece.variable)?;
    let wrong = || ConvertError::Shape { name: piece.variable.clone(), dims: variable.dims.clone() };
    let (part, parts) = piece.part;
    let rows = *variable.dims.first().filter(|rows| rows.is_multiple_of(parts)).ok_or_else(wrong)?;
    if parts > 1 && variable.dims.len() == 1 {
        refuse_key_bias(variable, parts, &piece.variable)?;
    }
    let taken = rows / parts;
    let bytes_per_row = variable.data.len().checked_div(rows).unwrap_or(0);
    let range: Range<usize> = part * taken * bytes_per_row..(part + 1) * taken * bytes_per_row;
    let data = variable.data.get(range).ok_or_else(wrong)?;

    let mut dims = variable.dims.clone();
    dims[0] = taken;
    if piece.name.contains(".conv") && dims.len() == 1 {
        dims.push(1);
    }
    let dims =
        dims.iter().rev().map(|dim| u32::try_from(*dim)).collect::<Result<_, _>>().map_err(|_| wrong())?;
    let kind = if piece.float32 { Kind::F32 } else { Kind::F16 };
    let data = floats(variable.kind, data, kind)
        .ok_or_else(|| ConvertError::Kind { name: piece.variable.clone() })?;
    Ok(Tensor { name: piece.name.clone(), dims, kind, data })
}

/// The keys are the second of three parts, or the first of two.
fn refuse_key_bias(variable: &Variable<'_>, parts: usize, name: &str) -> Result<(), ConvertError> {
    let size = variable.data.len() / parts;
    let at = (parts - 2) * size;
    if variable.data[at..at + size].iter().all(|byte| *byte == 0) {
        Ok(())
    } else {
        Err(ConvertError::KeyBias { name: name.to_owned() })
    }
}

/// The same numbers at the asked width; `None` for integers.
fn floats(from: ct2::Kind, data: &[u8], to: Kind) -> Option<Vec<u8>> {
    Some(match (from, to) {
        (ct2::Kind::F16, Kind::F16) | (ct2::Kind::F32, Kind::F32) => data.to_vec(),
        (ct2::Kind::F16, Kind::F32) => data
            .as_chunks()
            .0
            .iter()
            .flat_map(|bytes| f16::from_le_bytes(*bytes).to_f32().to_le_bytes())
            .collect(),
        (ct2::Kind::F32, Kind::F16) => data
            .as_chunks()
            .0
            .iter()
            .flat_map(|bytes| f16::from_f32(f32::from_le_bytes(*bytes)).to_le_bytes())
            .collect(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::ct2::tests::write as write_ct2;
    use super::super::ggml::File;
    use super::*;

    const STATE: u32 = 32;
    type Parts = Vec<(&'static str, Vec<u32>, u8, Vec<u8>)>;

    /// Row `r` of a matrix holds the number `r`, so that a split by rows shows.
    fn rows(count: u32, width: u32) -> Vec<u8> {
        (0..count).flat_map(|row| f16::from_f32(row as f32).to_le_bytes().repeat(width as usize)).collect()
    }

    /// A model of one layer on each side.
    fn tiny() -> Parts {
        let vector = |name, count: u32| (name, vec![count], 4, vec![0; count as usize * 2]);
        let matrix =
            |name, rows_count: u32, width: u32| (name, vec![rows_count, width], 4, rows(rows_count, width));
        vec![
            matrix("decoder/embeddings/weight", 5, STATE),
            matrix("decoder/position_encodings/encodings", 4, STATE),
            ("decoder/num_heads", vec![], 2, vec![2, 0]),
            vector("decoder/layer_norm/gamma", STATE),
            vector("decoder/layer_norm/beta", STATE),
            matrix("encoder/position_encodings/encodings", 6, STATE),
            ("encoder/num_heads", vec![], 2, vec![2, 0]),
            ("encoder/conv1/weight", vec![STATE, 8, 3], 4, vec![0; 32 * 8 * 3 * 2]),
            vector("encoder/conv1/bias", STATE),
            ("encoder/conv2/weight", vec![STATE, STATE, 3], 4, vec![0; 32 * 32 * 3 * 2]),
            vector("encoder/conv2/bias", STATE),
            vector("encoder/layer_norm/gamma", STATE),
            vector("encoder/layer_norm/beta", STATE),
            vector("encoder/layer_0/ffn/layer_norm/gamma", STATE),
            vector("encoder/layer_0/ffn/layer_norm/beta", STATE),
            matrix("encoder/layer_0/ffn/linear_0/weight", STATE * 4, STATE),
            vector("encoder/layer_0/ffn/linear_0/bias", STATE * 4),
            matrix("encoder/layer_0/ffn/linear_1/weight", STATE, STATE * 4),
            vector("encoder/layer_0/ffn/linear_1/bias", STATE),
            vector("encoder/layer_0/self_attention/layer_norm/gamma", STATE),
            vector("encoder/layer_0/self_attention/layer_norm/beta", STATE),
            matrix("encoder/layer_0/self_attention/linear_0/weight", STATE * 3, STATE),
            vector("encoder/layer_0/self_attention/linear_0/bias", STATE * 3),
            matrix("encoder/layer_0/self_attention/linear_1/weight", STATE, STATE),
            vector("encoder/layer_0/self_attention/linear_1/bias", STATE),
        ]
    }

    fn convert(parts: &Parts) -> Result<Vec<u8>, ConvertError> {
        let parts: Vec<_> = parts.iter().map(|(n, d, k, b)| (*n, d.as_slice(), *k, b.clone())).collect();
        let file = write_ct2(&parts);
        let mut out = Vec::new();
        write(&Model::parse(&file).unwrap(), vec![b"a".to_vec()], &mut out, &mut |_| {})?;
        Ok(out)
    }

    fn first_number(file: &File<'_>, name: &str) -> f32 {
        let tensor = file.tensors.iter().find(|tensor| tensor.name == name).unwrap();
        match tensor.kind {
            Kind::F16 => f16::from_le_bytes(tensor.data[..2].try_into().unwrap()).to_f32(),
            _ => f32::from_le_bytes(tensor.data[..4].try_into().unwrap()),
        }
    }

    #[test]
    fn sizes_come_from_the_shapes() {
        let out = convert(&tiny()).unwrap();
        let sizes = File::parse(&out).unwrap().head.sizes;
        assert_eq!((sizes.vocabulary, sizes.audio_context, sizes.audio_state, sizes.mels), (5, 6, 32, 8));
        assert_eq!((sizes.audio_layers, sizes.text_layers, sizes.audio_heads, sizes.file_type), (1, 0, 2, 1));
    }

    #[test]
    fn a_joined_attention_is_split_by_rows_into_query_key_and_value() {
        let out = convert(&tiny()).unwrap();
        let file = File::parse(&out).unwrap();
        let start = |name: &str| first_number(&file, &format!("encoder.blocks.0.attn.{name}.weight"));
        assert_eq!((start("query"), start("key"), start("value")), (0.0, 32.0, 64.0));
        assert!(file.tensors.iter().all(|tensor| tensor.name != "encoder.blocks.0.attn.key.bias"));
    }

    #[test]
    fn vectors_and_positions_are_32_bits_and_the_biases_of_convolutions_have_two_dimensions() {
        let out = convert(&tiny()).unwrap();
        let file = File::parse(&out).unwrap();
        for tensor in &file.tensors {
            let wide = tensor.dims.len() == 1
                || tensor.name.ends_with("positional_embedding")
                || tensor.name.starts_with("encoder.conv") && tensor.name.ends_with("bias");
            assert_eq!(tensor.kind == Kind::F32, wide, "{}", tensor.name);
        }
        let bias = file.tensors.iter().find(|tensor| tensor.name == "encoder.conv1.bias").unwrap();
        assert_eq!(bias.dims, [1, 32]);
    }

    #[test]
    fn a_bias_of_the_keys_or_a_missing_variable_is_refused_by_name() {
        let mut parts = tiny();
        let bias =
            parts.iter_mut().find(|part| part.0 == "encoder/layer_0/self_attention/linear_0/bias").unwrap();
        bias.3[64] = 1;
        assert!(matches!(convert(&parts), Err(ConvertError::KeyBias { .. })));
        let mut parts = tiny();
        parts.retain(|part| part.0 != "encoder/conv2/bias");
        assert!(matches!(convert(&parts), Err(ConvertError::Missing(name)) if name == "encoder/conv2/bias"));
    }
}
