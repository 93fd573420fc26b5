//! Reads the tensors of a PyTorch checkpoint: a zip archive with a pickle that names them and a file of numbers for each.
//! Nothing is called: the pickle's instructions are interpreted as far as a dictionary of tensors needs them, and any
//! other is refused. Instructions: the module `pickletools` of Python.

use std::collections::HashMap;
use std::io::{Cursor, Read};

/// A tensor of 32-bit numbers, its last dimension the closest together.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

/// More numbers than this are no tensor of ours.
const MOST: usize = 1 << 26;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TorchError {
    #[error("it is no archive: {0}")]
    Archive(String),
    #[error("its list of tensors is cut short")]
    Short,
    #[error("its list of tensors holds the instruction {0:#04x}, which is not read")]
    Instruction(u8),
    #[error("its list of tensors would call {0}, which is refused")]
    Call(String),
    #[error("its list of tensors does not fit together")]
    Malformed,
    #[error("the numbers of {0} are not all there")]
    Numbers(String),
}

/// All tensors of 32-bit numbers by name; counters of other kinds are left out.
pub fn read(bytes: &[u8]) -> Result<HashMap<String, Tensor>, TorchError> {
    let broken = |error: zip::result::ZipError| TorchError::Archive(error.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut member = |name: &str| {
        let mut member = archive.by_name(name).map_err(broken)?;
        let mut bytes = Vec::new();
        member
            .by_ref()
            .take(MOST as u64 * 4)
            .read_to_end(&mut bytes)
            .map_err(|error| TorchError::Archive(error.to_string()))?;
        Ok(bytes)
    };
    let list = member("archive/data.pkl")?;
    let mut tensors = HashMap::new();
    for (name, place) in list_of(&list)? {
        if !place.is_float {
            continue;
        }
        let count = place.shape.iter().try_fold(1_usize, |all, n| all.checked_mul(*n));
        let bytes = member(&format!("archive/data/{}", place.key))?;
        let (numbers, _) = bytes.as_chunks::<4>();
        let span = count.and_then(|count| Some(place.offset..place.offset.checked_add(count)?));
        let numbers = span.and_then(|span| numbers.get(span)).ok_or(TorchError::Numbers(name.clone()))?;
        let values = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        tensors.insert(name, Tensor { shape: place.shape, values });
    }
    Ok(tensors)
}

/// Where the numbers of a tensor lie.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    key: String,
    is_float: bool,
    offset: usize,
    shape: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Number(usize),
    Text(String),
    /// Something that could be called or named: "torch FloatStorage".
    Name(String),
    Tuple(Vec<Value>),
    Storage {
        key: String,
        is_float: bool,
    },
    Tensor(Place),
    Dict(Vec<(Value, Value)>),
    Plain,
}

/// The entries of the dictionary in the pickle that are tensors.
fn list_of(bytes: &[u8]) -> Result<Vec<(String, Place)>, TorchError> {
    let mut machine = Machine { bytes, stack: Vec::new(), marks: Vec::new(), memo: HashMap::new() };
    let Value::Dict(entries) = machine.run()? else { return Err(TorchError::Malformed) };
    let tensors = entries.into_iter().filter_map(|entry| match entry {
        (Value::Text(name), Value::Tensor(place)) => Some((name, place)),
        _ => None,
    });
    Ok(tensors.collect())
}

struct Machine<'a> {
    bytes: &'a [u8],
    stack: Vec<Value>,
    marks: Vec<usize>,
    memo: HashMap<usize, Value>,
}

impl Machine<'_> {
    fn run(&mut self) -> Result<Value, TorchError> {
        loop {
            let [instruction] = self.take::<1>()?;
            match instruction {
                0x80 => drop(self.take::<1>()?),           // PROTO
                b'(' => self.marks.push(self.stack.len()), // MARK
                b'}' => self.stack.push(Value::Dict(Vec::new())),
                b')' => self.stack.push(Value::Tuple(Vec::new())),
                b'N' | 0x88 | 0x89 => self.stack.push(Value::Plain), // NONE, NEWTRUE, NEWFALSE
                b'K' => {
                    let [number] = self.take()?; // BININT1
                    self.stack.push(Value::Number(usize::from(number)));
                }
                b'M' => {
                    let number = u16::from_le_bytes(self.take()?); // BININT2
                    self.stack.push(Value::Number(usize::from(number)));
                }
                b'J' => {
                    let number = i32::from_le_bytes(self.take()?); // BININT
                    let number = usize::try_from(number).map_err(|_| TorchError::Malformed)?;
                    self.stack.push(Value::Number(number));
                }
                b'X' => {
                    let length = u32::from_le_bytes(self.take()?) as usize; // BINUNICODE
                    let text = self.text(length)?;
                    self.stack.push(Value::Text(text));
                }
                b'c' => {
                    let (module, name) = (self.line()?, self.line()?); // GLOBAL
                    self.stack.push(Value::Name(format!("{module} {name}")));
                }
                b'q' => {
                    let [at] = self.take()?; // BINPUT
                    self.keep(usize::from(at))?;
                }
                b'r' => {
                    let at = u32::from_le_bytes(self.take()?) as usize; // LONG_BINPUT
                    self.keep(at)?;
                }
                b'h' => {
                    let [at] = self.take()?; // BINGET
                    self.recall(usize::from(at))?;
                }
                b'j' => {
                    let at = u32::from_le_bytes(self.take()?) as usize; // LONG_BINGET
                    self.recall(at)?;
                }
                b't' => {
                    let items = self.above_mark()?; // TUPLE
                    self.stack.push(Value::Tuple(items));
                }
                0x85..=0x87 => {
                    let count = usize::from(instruction - 0x84); // TUPLE1 to TUPLE3
                    let from = self.stack.len().checked_sub(count).ok_or(TorchError::Malformed)?;
                    let items = self.stack.split_off(from);
                    self.stack.push(Value::Tuple(items));
                }
                b'Q' => {
                    let storage = storage(self.pop()?)?; // BINPERSID
                    self.stack.push(storage);
                }
                b'R' => {
                    let (arguments, what) = (self.pop()?, self.pop()?); // REDUCE
                    self.stack.push(rebuilt(&what, arguments)?);
                }
                b's' => {
                    let (value, key) = (self.pop()?, self.pop()?); // SETITEM
                    self.set(vec![key, value])?;
                }
                b'u' => {
                    let items = self.above_mark()?; // SETITEMS
                    self.set(items)?;
                }
                b'.' => return self.pop(),
                other => return Err(TorchError::Instruction(other)),
            }
        }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], TorchError> {
        let (head, rest) = self.bytes.split_first_chunk::<N>().ok_or(TorchError::Short)?;
        self.bytes = rest;
        Ok(*head)
    }

    fn text(&mut self, length: usize) -> Result<String, TorchError> {
        let (head, rest) = self.bytes.split_at_checked(length).ok_or(TorchError::Short)?;
        self.bytes = rest;
        String::from_utf8(head.to_vec()).map_err(|_| TorchError::Malformed)
    }

    fn line(&mut self) -> Result<String, TorchError> {
        let end = self.bytes.iter().position(|byte| *byte == b'\n').ok_or(TorchError::Short)?;
        let line = self.text(end)?;
        self.take::<1>()?;
        Ok(line)
    }

    fn pop(&mut self) -> Result<Value, TorchError> {
        self.stack.pop().ok_or(TorchError::Malformed)
    }

    fn keep(&mut self, at: usize) -> Result<(), TorchError> {
        // A copy: nothing here is changed after it was kept but dictionaries, which nobody recalls.
        let top = self.stack.last().filter(|top| !matches!(top, Value::Dict(_)));
        if let Some(top) = top.cloned() {
            self.memo.insert(at, top);
        }
        if self.stack.is_empty() { Err(TorchError::Malformed) } else { Ok(()) }
    }

    fn recall(&mut self, at: usize) -> Result<(), TorchError> {
        let value = self.memo.get(&at).cloned().ok_or(TorchError::Malformed)?;
        self.stack.push(value);
        Ok(())
    }

    fn above_mark(&mut self) -> Result<Vec<Value>, TorchError> {
        let mark = self.marks.pop().ok_or(TorchError::Malformed)?;
        if mark > self.stack.len() { Err(TorchError::Malformed) } else { Ok(self.stack.split_off(mark)) }
    }

    fn set(&mut self, items: Vec<Value>) -> Result<(), TorchError> {
        let Some(Value::Dict(held)) = self.stack.last_mut() else { return Err(TorchError::Malformed) };
        let mut items = items.into_iter();
        while let Some(key) = items.next() {
            held.push((key, items.next().ok_or(TorchError::Malformed)?));
        }
        Ok(())
    }
}

/// `("storage", torch.FloatStorage, key, device, count)`.
fn storage(reference: Value) -> Result<Value, TorchError> {
    let Value::Tuple(parts) = reference else { return Err(TorchError::Malformed) };
    match parts.as_slice() {
        [Value::Text(kind), Value::Name(class), Value::Text(key), ..] if kind == "storage" => {
            Ok(Value::Storage { key: key.clone(), is_float: class == "torch FloatStorage" })
        }
        _ => Err(TorchError::Malformed),
    }
}

/// The two calls that a dictionary of tensors is made of.
fn rebuilt(what: &Value, arguments: Value) -> Result<Value, TorchError> {
    let (Value::Name(name), Value::Tuple(arguments)) = (what, arguments) else {
        return Err(TorchError::Malformed);
    };
    match name.as_str() {
        "collections OrderedDict" if arguments.is_empty() => Ok(Value::Dict(Vec::new())),
        "torch._utils _rebuild_tensor_v2" => {
            let [Value::Storage { key, is_float }, Value::Number(offset), shape, strides, ..] =
                arguments.as_slice()
            else {
                return Err(TorchError::Malformed);
            };
            let (shape, strides) = (numbers(shape)?, numbers(strides)?);
            if !is_contiguous(&shape, &strides) {
                return Err(TorchError::Malformed);
            }
            Ok(Value::Tensor(Place { key: key.clone(), is_float: *is_float, offset: *offset, shape }))
        }
        other => Err(TorchError::Call(other.to_owned())),
    }
}

fn numbers(tuple: &Value) -> Result<Vec<usize>, TorchError> {
    let Value::Tuple(items) = tuple else { return Err(TorchError::Malformed) };
    let number = |item: &Value| match item {
        Value::Number(number) => Ok(*number),
        _ => Err(TorchError::Malformed),
    };
    items.iter().map(number).collect()
}

fn is_contiguous(shape: &[usize], strides: &[usize]) -> bool {
    let mut step = 1_usize;
    shape.len() == strides.len()
        && shape.iter().zip(strides).rev().all(|(size, stride)| {
            let fits = *size == 1 || *stride == step;
            step = step.saturating_mul(*size);
            fits
        })
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use proptest::prelude::*;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn text(out: &mut Vec<u8>, text: &str) {
        out.push(b'X');
        out.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
        out.extend(text.as_bytes());
    }

    /// A checkpoint as PyTorch writes it, of tensors with their names.
    pub fn checkpoint(tensors: &[(String, Tensor)]) -> Vec<u8> {
        let mut list = b"\x80\x02}q\x00(".to_vec();
        for (at, (name, tensor)) in tensors.iter().enumerate() {
            text(&mut list, name);
            list.extend(b"ctorch._utils\n_rebuild_tensor_v2\n((");
            text(&mut list, "storage");
            list.extend(b"ctorch\nFloatStorage\n");
            text(&mut list, &at.to_string());
            text(&mut list, "cpu");
            list.extend(b"K\x01tQK\x00");
            let mut strides = Vec::new();
            let mut step = 1;
            for size in tensor.shape.iter().rev() {
                strides.insert(0, step);
                step *= size;
            }
            for numbers in [&tensor.shape, &strides] {
                list.push(b'(');
                for number in numbers {
                    list.push(b'J');
                    list.extend(i32::try_from(*number).unwrap().to_le_bytes());
                }
                list.push(b't');
            }
            list.extend(b"\x89ccollections\nOrderedDict\n)RtR");
        }
        list.extend(b"u.");
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default();
        archive.start_file("archive/data.pkl", options).unwrap();
        archive.write_all(&list).unwrap();
        for (at, (_, tensor)) in tensors.iter().enumerate() {
            archive.start_file(format!("archive/data/{at}"), options).unwrap();
            let bytes: Vec<u8> = tensor.values.iter().flat_map(|v| v.to_le_bytes()).collect();
            archive.write_all(&bytes).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    fn sample() -> Vec<(String, Tensor)> {
        let tensor = |shape: &[usize]| Tensor {
            shape: shape.to_vec(),
            values: (0..shape.iter().product()).map(|n: usize| n as f32 / 2.0).collect(),
        };
        vec![("a.weight".into(), tensor(&[2, 3, 1])), ("a.bias".into(), tensor(&[300]))]
    }

    #[test]
    fn tensors_come_back_by_name() {
        let read = read(&checkpoint(&sample())).unwrap();
        assert_eq!(read, sample().into_iter().collect());
    }

    #[test]
    fn what_would_call_something_is_refused() {
        let evil = b"\x80\x02cos\nsystem\n(X\x02\x00\x00\x00lstR.";
        assert_eq!(list_of(evil), Err(TorchError::Call("os system".into())));
        assert_eq!(list_of(b"\x80\x02\x93."), Err(TorchError::Instruction(0x93)));
        assert!(matches!(read(b"no archive"), Err(TorchError::Archive(_))));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, at in 0_usize..400, with: u8) {
            let _ = list_of(&bytes);
            let mut damaged = checkpoint(&sample());
            if let Some(byte) = damaged.get_mut(at) {
                *byte = with;
            }
            let _ = read(&damaged);
        }
    }
}
