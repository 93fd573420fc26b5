//! Reads a CTranslate2 `model.bin` (binary version 6), borrowing its data.
//!
//! The layout, all little-endian: `u32` version, string (name of the specification), `u32` revision,
//! `u32` count, then for each variable: string (name), `u8` rank, `u32` per dimension, `u8` type, `u32` size
//! in bytes, data; at the end the aliases, which nothing here needs. A string is a `u16` length that counts
//! the final NUL, then its bytes.

use std::collections::BTreeMap;

use super::bytes::Reader;

/// The version of the container that is read here.
const VERSION: u32 = 6;

/// Why a `model.bin` was refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Ct2Error {
    #[error("the file ends within {what} (at byte {at})")]
    Truncated { what: &'static str, at: usize },
    #[error("version {found} of the container is not known, only version {VERSION}")]
    Version { found: u32 },
    #[error("it holds a model of kind {found:?}, not a Whisper model")]
    Specification { found: String },
    #[error("variable {name:?} says it has {said} bytes, and its shape asks for {asked}")]
    Size { name: String, said: usize, asked: usize },
    #[error("variable {name:?} has an unknown type {kind}")]
    Kind { name: String, kind: u8 },
    #[error("a name in it is not text")]
    Name,
}

/// What a variable's numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    F32,
    I8,
    I16,
    I32,
    F16,
}

impl Kind {
    /// Size of one number in bytes.
    pub fn width(self) -> usize {
        match self {
            Kind::I8 => 1,
            Kind::I16 | Kind::F16 => 2,
            Kind::F32 | Kind::I32 => 4,
        }
    }

    fn from_code(code: u8) -> Option<Kind> {
        Some(match code {
            0 => Kind::F32,
            1 => Kind::I8,
            2 => Kind::I16,
            3 => Kind::I32,
            4 => Kind::F16,
            _ => return None,
        })
    }
}

/// One array of the model. `dims` is row-major, outermost first, and empty for a scalar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable<'a> {
    pub dims: Vec<usize>,
    pub kind: Kind,
    pub data: &'a [u8],
}

/// Every variable of a model, by name.
#[derive(Debug)]
pub struct Model<'a> {
    variables: BTreeMap<String, Variable<'a>>,
}

impl<'a> Model<'a> {
    /// Parses the whole file; nothing is copied but names and shapes.
    pub fn parse(file: &'a [u8]) -> Result<Model<'a>, Ct2Error> {
        let mut reader = Reader::new(file);
        let version = u32(&mut reader, "the version")?;
        if version != VERSION {
            return Err(Ct2Error::Version { found: version });
        }
        let specification = string(&mut reader)?;
        if specification != "WhisperSpec" {
            return Err(Ct2Error::Specification { found: specification });
        }
        u32(&mut reader, "the revision")?;
        let count = u32(&mut reader, "the number of variables")?;
        let mut variables = BTreeMap::new();
        for _ in 0..count {
            let name = string(&mut reader)?;
            let variable = variable(&mut reader, &name)?;
            variables.insert(name, variable);
        }
        Ok(Model { variables })
    }

    /// The variable of that name.
    pub fn get(&self, name: &str) -> Option<&Variable<'a>> {
        self.variables.get(name)
    }
}

fn variable<'a>(reader: &mut Reader<'a>, name: &str) -> Result<Variable<'a>, Ct2Error> {
    let rank = take(reader, 1, "a rank")?[0];
    let mut dims = Vec::with_capacity(usize::from(rank));
    for _ in 0..rank {
        dims.push(u32(reader, "a dimension")? as usize);
    }
    let code = take(reader, 1, "a type")?[0];
    let kind = Kind::from_code(code).ok_or_else(|| Ct2Error::Kind { name: name.to_owned(), kind: code })?;
    let said = u32(reader, "a size")? as usize;
    let asked = dims.iter().try_fold(kind.width(), |size, dim| size.checked_mul(*dim)).unwrap_or(usize::MAX);
    if asked != said {
        return Err(Ct2Error::Size { name: name.to_owned(), said, asked });
    }
    Ok(Variable { dims, kind, data: take(reader, said, "the data of a variable")? })
}

fn take<'a>(reader: &mut Reader<'a>, count: usize, what: &'static str) -> Result<&'a [u8], Ct2Error> {
    let at = reader.position();
    reader.take(count).ok_or(Ct2Error::Truncated { what, at })
}

fn u32(reader: &mut Reader<'_>, what: &'static str) -> Result<u32, Ct2Error> {
    let at = reader.position();
    reader.u32().ok_or(Ct2Error::Truncated { what, at })
}

fn string(reader: &mut Reader<'_>) -> Result<String, Ct2Error> {
    let at = reader.position();
    let length = reader.u16().ok_or(Ct2Error::Truncated { what: "the length of a name", at })?;
    let bytes = take(reader, usize::from(length), "a name")?;
    let text = bytes.strip_suffix(&[0]).unwrap_or(bytes);
    String::from_utf8(text.to_vec()).map_err(|_| Ct2Error::Name)
}

#[cfg(test)]
pub mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Writes a `model.bin`: name, dimensions, type code, data.
    pub fn write(variables: &[(&str, &[u32], u8, Vec<u8>)]) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend(VERSION.to_le_bytes());
        name(&mut out, "WhisperSpec");
        out.extend(3_u32.to_le_bytes());
        out.extend((variables.len() as u32).to_le_bytes());
        for (label, dims, kind, data) in variables {
            name(&mut out, label);
            out.push(dims.len() as u8);
            dims.iter().for_each(|dim| out.extend(dim.to_le_bytes()));
            out.push(*kind);
            out.extend((data.len() as u32).to_le_bytes());
            out.extend(data);
        }
        out.extend(0_u32.to_le_bytes());
        out
    }

    fn name(out: &mut Vec<u8>, text: &str) {
        out.extend((text.len() as u16 + 1).to_le_bytes());
        out.extend(text.as_bytes());
        out.push(0);
    }

    fn sample() -> Vec<u8> {
        write(&[("a/weight", &[2, 3], 4, vec![7; 12]), ("b/scale", &[], 2, vec![8, 0])])
    }

    #[test]
    fn variables_keep_their_shape_type_and_data() {
        let file = sample();
        let model = Model::parse(&file).unwrap();
        let weight = model.get("a/weight").unwrap();
        assert_eq!(
            (weight.dims.as_slice(), weight.kind, weight.data),
            ([2, 3].as_slice(), Kind::F16, [7; 12].as_slice())
        );
        assert_eq!(model.get("b/scale").unwrap().dims, Vec::<usize>::new());
        assert!(model.get("c").is_none());
    }

    #[test]
    fn every_truncation_within_the_variables_is_refused() {
        let file = sample();
        let variables_end = file.len() - 4;
        for length in 0..variables_end {
            assert!(Model::parse(&file[..length]).is_err(), "{length} bytes were accepted");
        }
    }

    #[test]
    fn a_size_that_contradicts_the_shape_is_refused() {
        let file = write(&[("a", &[2, 3], 4, vec![7; 11])]);
        assert_eq!(
            Model::parse(&file).unwrap_err(),
            Ct2Error::Size { name: "a".into(), said: 11, asked: 12 }
        );
        let huge = write(&[("a", &[u32::MAX, u32::MAX, u32::MAX], 0, vec![])]);
        assert!(matches!(Model::parse(&huge), Err(Ct2Error::Size { .. })));
    }

    #[test]
    fn another_version_or_another_kind_of_model_is_refused_by_name() {
        let mut file = sample();
        file[0] = 5;
        assert_eq!(Model::parse(&file).unwrap_err(), Ct2Error::Version { found: 5 });
        let mut file = sample();
        file[6..13].copy_from_slice(b"Generic");
        assert!(
            matches!(Model::parse(&file), Err(Ct2Error::Specification { found }) if found == "GenericSpec")
        );
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = Model::parse(&bytes);
        }

        #[test]
        fn a_damaged_file_never_panics(at in 0_usize..60, value in any::<u8>()) {
            let mut file = sample();
            let index = at % file.len();
            file[index] = value;
            let _ = Model::parse(&file);
        }
    }
}
