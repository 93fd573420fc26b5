//! Reads the plain data of a Python pickle (protocol 4): strings, lists, dictionaries, numbers and truth values. Any
//! other instruction is refused, above all those that would call something. (`serde-pickle` loses shared strings of the
//! one file that is read here.) Instructions: the module `pickletools` of Python.

use std::collections::BTreeMap;

/// A value, as its place in [`Pickle`].
pub type Id = usize;

#[derive(Debug, PartialEq)]
enum Node {
    Text(String),
    List(Vec<Id>),
    Dict(Vec<(Id, Id)>),
    /// A number or a truth value, which nobody asks for.
    Plain,
}

#[derive(Debug)]
pub struct Pickle {
    nodes: Vec<Node>,
    root: Id,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PickleError {
    #[error("the data end too early")]
    Short,
    #[error("instruction {0:#04x} is none of plain data")]
    Refused(u8),
    #[error("the instructions do not fit together")]
    Malformed,
    #[error("a text is not UTF-8")]
    NotText,
}

impl Pickle {
    /// # Errors
    /// For cut data, and for anything but plain data.
    pub fn read(bytes: &[u8]) -> Result<Self, PickleError> {
        let mut machine =
            Machine { bytes, nodes: Vec::new(), stack: Vec::new(), marks: Vec::new(), memo: Vec::new() };
        machine.run()
    }

    pub fn root(&self) -> Id {
        self.root
    }

    pub fn text(&self, id: Id) -> Option<&str> {
        match self.nodes.get(id)? {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn list(&self, id: Id) -> &[Id] {
        match self.nodes.get(id) {
            Some(Node::List(items)) => items,
            _ => &[],
        }
    }

    /// The entries of a dictionary whose keys are texts.
    pub fn entries(&self, id: Id) -> BTreeMap<&str, Id> {
        match self.nodes.get(id) {
            Some(Node::Dict(entries)) => {
                entries.iter().filter_map(|(key, value)| Some((self.text(*key)?, *value))).collect()
            }
            _ => BTreeMap::new(),
        }
    }
}

struct Machine<'a> {
    bytes: &'a [u8],
    nodes: Vec<Node>,
    stack: Vec<Id>,
    marks: Vec<usize>,
    memo: Vec<Id>,
}

impl Machine<'_> {
    fn run(&mut self) -> Result<Pickle, PickleError> {
        loop {
            let [instruction] = self.take::<1>()?;
            match instruction {
                0x80 => drop(self.take::<1>()?),           // PROTO
                0x95 => drop(self.take::<8>()?),           // FRAME
                b'(' => self.marks.push(self.stack.len()), // MARK
                0x94 => self.memo.push(self.top()?),       // MEMOIZE
                b'h' => {
                    let [at] = self.take::<1>()?; // BINGET
                    self.recall(usize::from(at))?;
                }
                b'j' => {
                    let at = u32::from_le_bytes(self.take::<4>()?); // LONG_BINGET
                    self.recall(usize::try_from(at).map_err(|_| PickleError::Malformed)?)?;
                }
                0x8c => {
                    let [length] = self.take::<1>()?; // SHORT_BINUNICODE
                    self.push_text(usize::from(length))?;
                }
                b'X' => {
                    let length = u32::from_le_bytes(self.take::<4>()?); // BINUNICODE
                    self.push_text(usize::try_from(length).map_err(|_| PickleError::Malformed)?)?;
                }
                b'G' => {
                    self.take::<8>()?; // BINFLOAT
                    self.push(Node::Plain);
                }
                0x88 | 0x89 | b'N' => self.push(Node::Plain), // NEWTRUE, NEWFALSE, NONE
                b'K' => {
                    self.take::<1>()?; // BININT1
                    self.push(Node::Plain);
                }
                b']' => self.push(Node::List(Vec::new())), // EMPTY_LIST
                b'}' => self.push(Node::Dict(Vec::new())), // EMPTY_DICT
                b'a' => {
                    let item = self.pop()?; // APPEND
                    self.append(&[item])?;
                }
                b'e' => {
                    let items = self.above_mark()?; // APPENDS
                    self.append(&items)?;
                }
                b's' => {
                    let value = self.pop()?; // SETITEM
                    let key = self.pop()?;
                    self.set(&[key, value])?;
                }
                b'u' => {
                    let items = self.above_mark()?; // SETITEMS
                    self.set(&items)?;
                }
                b'.' => {
                    let root = self.pop()?; // STOP
                    return Ok(Pickle { nodes: std::mem::take(&mut self.nodes), root });
                }
                other => return Err(PickleError::Refused(other)),
            }
        }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], PickleError> {
        let (head, rest) = self.bytes.split_first_chunk::<N>().ok_or(PickleError::Short)?;
        self.bytes = rest;
        Ok(*head)
    }

    fn push_text(&mut self, length: usize) -> Result<(), PickleError> {
        let (head, rest) = self.bytes.split_at_checked(length).ok_or(PickleError::Short)?;
        self.bytes = rest;
        let text = std::str::from_utf8(head).map_err(|_| PickleError::NotText)?.to_owned();
        self.push(Node::Text(text));
        Ok(())
    }

    fn push(&mut self, node: Node) {
        self.stack.push(self.nodes.len());
        self.nodes.push(node);
    }

    fn pop(&mut self) -> Result<Id, PickleError> {
        self.stack.pop().ok_or(PickleError::Malformed)
    }

    fn top(&self) -> Result<Id, PickleError> {
        self.stack.last().copied().ok_or(PickleError::Malformed)
    }

    fn recall(&mut self, at: usize) -> Result<(), PickleError> {
        let id = self.memo.get(at).copied().ok_or(PickleError::Malformed)?;
        self.stack.push(id);
        Ok(())
    }

    fn above_mark(&mut self) -> Result<Vec<Id>, PickleError> {
        let mark = self.marks.pop().ok_or(PickleError::Malformed)?;
        if mark > self.stack.len() { Err(PickleError::Malformed) } else { Ok(self.stack.split_off(mark)) }
    }

    fn append(&mut self, items: &[Id]) -> Result<(), PickleError> {
        let list = self.top()?;
        match self.nodes.get_mut(list) {
            Some(Node::List(held)) => held.extend_from_slice(items),
            _ => return Err(PickleError::Malformed),
        }
        Ok(())
    }

    fn set(&mut self, items: &[Id]) -> Result<(), PickleError> {
        let dict = self.top()?;
        match self.nodes.get_mut(dict) {
            Some(Node::Dict(held)) => {
                let (pairs, odd) = items.as_chunks::<2>();
                if !odd.is_empty() {
                    return Err(PickleError::Malformed);
                }
                held.extend(pairs.iter().map(|[key, value]| (*key, *value)));
            }
            _ => return Err(PickleError::Malformed),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `{"a": ["b", "b"], "c": True}` as Python writes it, the second "b" by memo.
    const SAMPLE: &[u8] = b"\x80\x04\x95\x1a\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x01a\x94]\x94(\x8c\x01b\x94h\x03e\x8c\x01c\x94\x88u.";

    #[test]
    fn plain_data_is_read_with_what_is_shared() {
        let pickle = Pickle::read(SAMPLE).unwrap();
        let entries = pickle.entries(pickle.root());
        let texts: Vec<_> = pickle.list(entries["a"]).iter().map(|id| pickle.text(*id)).collect();
        assert_eq!(texts, [Some("b"), Some("b")]);
        assert_eq!(pickle.text(entries["c"]), None);
    }

    #[test]
    fn what_would_call_something_is_refused() {
        assert_eq!(Pickle::read(b"\x80\x04cos\nsystem\n.").unwrap_err(), PickleError::Refused(b'c'));
        assert_eq!(Pickle::read(b"\x80\x04R.").unwrap_err(), PickleError::Refused(b'R'));
        assert_eq!(Pickle::read(&SAMPLE[..20]).unwrap_err(), PickleError::Short);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, at in 0..SAMPLE.len(), with: u8) {
            let _ = Pickle::read(&bytes);
            let mut damaged = SAMPLE.to_vec();
            damaged[at] = with;
            if let Ok(pickle) = Pickle::read(&damaged) {
                let _ = pickle.entries(pickle.root());
            }
        }
    }
}
