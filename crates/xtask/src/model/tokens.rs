//! The vocabulary of a Hugging Face `tokenizer.json`, as the bytes each token stands for.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The token after the last ordinary one.
const END_OF_TEXT: &str = "<|endoftext|>";

/// Why a vocabulary was refused.
#[derive(Debug, thiserror::Error)]
pub enum TokensError {
    #[error("tokenizer.json cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    #[error("tokenizer.json has no {END_OF_TEXT} token")]
    NoEnd,
    #[error("tokenizer.json gives no token for number {0}")]
    Missing(u32),
    #[error("token {token:?} holds a character that stands for no byte")]
    Character { token: String },
}

#[derive(Deserialize)]
struct File {
    model: Vocabulary,
    #[serde(default)]
    added_tokens: Vec<Added>,
}

#[derive(Deserialize)]
struct Vocabulary {
    vocab: BTreeMap<String, u32>,
}

#[derive(Deserialize)]
struct Added {
    id: u32,
    content: String,
}

/// The bytes of every ordinary token, in order of number; the special ones, from `<|endoftext|>` on, are
/// not in a ggml file.
pub fn parse(json: &[u8]) -> Result<Vec<Vec<u8>>, TokensError> {
    let file: File = serde_json::from_slice(json)?;
    let added = file.added_tokens.iter().find(|token| token.content == END_OF_TEXT).map(|token| token.id);
    let end = added.or_else(|| file.model.vocab.get(END_OF_TEXT).copied()).ok_or(TokensError::NoEnd)?;
    let by_number: BTreeMap<u32, &str> =
        file.model.vocab.iter().map(|(text, id)| (*id, text.as_str())).collect();
    (0..end).map(|id| decode(by_number.get(&id).ok_or(TokensError::Missing(id))?)).collect()
}

/// Byte-level BPE writes each byte as one printable character; this goes back.
fn decode(token: &str) -> Result<Vec<u8>, TokensError> {
    token
        .chars()
        .map(|character| byte_of(character).ok_or_else(|| TokensError::Character { token: token.to_owned() }))
        .collect()
}

/// Printable Latin-1 characters stand for themselves; the 68 other bytes are U+0100, U+0101… in their order.
fn byte_of(character: char) -> Option<u8> {
    let code = u32::from(character);
    if let Ok(byte) = u8::try_from(code) {
        return is_printable(byte).then_some(byte);
    }
    (0..=u8::MAX).filter(|byte| !is_printable(*byte)).nth(usize::try_from(code.checked_sub(256)?).ok()?)
}

fn is_printable(byte: u8) -> bool {
    matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tokens_come_in_order_of_number_as_bytes() {
        let json = r#"{"model":{"vocab":{"Ġthe":1,"!":0,"":2}},"added_tokens":[{"id":3,"content":"<|endoftext|>"}]}"#;
        assert_eq!(parse(json.as_bytes()).unwrap(), [b"!".to_vec(), b" the".to_vec(), vec![]]);
    }

    #[test]
    fn the_end_may_also_stand_in_the_vocabulary() {
        let json = r#"{"model":{"vocab":{"a":0,"<|endoftext|>":1,"<|fr|>":2}}}"#;
        assert_eq!(parse(json.as_bytes()).unwrap(), [b"a".to_vec()]);
    }

    #[test]
    fn a_hole_in_the_numbers_and_a_foreign_character_are_refused() {
        let hole = r#"{"model":{"vocab":{"a":0,"<|endoftext|>":2}}}"#;
        assert!(matches!(parse(hole.as_bytes()), Err(TokensError::Missing(1))));
        let foreign = r#"{"model":{"vocab":{"中":0,"<|endoftext|>":1}}}"#;
        assert!(matches!(parse(foreign.as_bytes()), Err(TokensError::Character { .. })));
    }

    #[test]
    fn every_byte_has_exactly_one_character() {
        let found: Vec<u8> = (0..512).filter_map(char::from_u32).filter_map(byte_of).collect();
        let mut sorted = found.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..=255).collect::<Vec<u8>>());
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in ".{0,40}") {
            let _ = parse(&bytes);
            let _ = decode(&text);
        }
    }
}
