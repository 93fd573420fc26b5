use proptest::prelude::*;
use serde_json::{Value, json};

/// One change to a document that stays well-formed JSON: what a checker of bytes never gets to.
#[derive(Debug, Clone)]
pub enum Change {
    /// The value at this place, counted through the whole document, becomes another.
    Replace(usize, Value),
    /// It is there twice, where it stands in a list.
    Double(usize),
    Remove(usize),
    /// It moves under another name, where it has one.
    Rename(usize, String),
}

/// Values at which readers stumble.
fn odd() -> impl Strategy<Value = Value> {
    let fixed = vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(4_294_967_295_u64),
        json!(4_294_967_296_u64),
        json!(u64::MAX),
        json!(1e308),
        json!(0.5),
        json!(""),
        json!([]),
        json!({}),
        json!("\u{0}\u{202e}\u{feff}e\u{301}👩‍⚕️"),
        json!("present"),
        json!("family"),
        json!("examen"),
        json!("fr"),
        json!("x".repeat(5_000)),
    ];
    let nested = (1_usize..200).prop_map(|depth| (0..depth).fold(json!(1), |inner, _| json!([inner])));
    prop_oneof![6 => prop::sample::select(fixed), 2 => "\\PC{0,40}".prop_map(Value::from), 1 => nested]
}

/// One to five changes.
pub fn changes() -> impl Strategy<Value = Vec<Change>> {
    let one = prop_oneof![
        5 => (any::<usize>(), odd()).prop_map(|(at, value)| Change::Replace(at, value)),
        1 => any::<usize>().prop_map(Change::Double),
        2 => any::<usize>().prop_map(Change::Remove),
        1 => (any::<usize>(), "[a-z_]{1,12}").prop_map(|(at, name)| Change::Rename(at, name)),
    ];
    prop::collection::vec(one, 1..=5)
}

/// The document with its changes.
#[must_use]
pub fn change(document: &Value, changes: &[Change]) -> Value {
    let mut document = document.clone();
    for change in changes {
        let (Change::Replace(at, _) | Change::Double(at) | Change::Remove(at) | Change::Rename(at, _)) =
            change;
        let places = count(&document);
        let mut at = at % places.max(1);
        visit(&mut document, &mut at, change);
    }
    document
}

/// Values below this one.
fn count(value: &Value) -> usize {
    match value {
        Value::Array(list) => list.iter().map(|inner| 1 + count(inner)).sum(),
        Value::Object(fields) => fields.values().map(|inner| 1 + count(inner)).sum(),
        _ => 0,
    }
}

/// Goes to the place and changes what is there; true once that is done.
fn visit(value: &mut Value, at: &mut usize, change: &Change) -> bool {
    match value {
        Value::Array(list) => {
            for index in 0..list.len() {
                if *at == 0 {
                    in_list(list, index, change);
                    return true;
                }
                *at -= 1;
                if list.get_mut(index).is_some_and(|inner| visit(inner, at, change)) {
                    return true;
                }
            }
        }
        Value::Object(fields) => {
            let names: Vec<String> = fields.keys().cloned().collect();
            for name in names {
                if *at == 0 {
                    in_fields(fields, &name, change);
                    return true;
                }
                *at -= 1;
                if fields.get_mut(&name).is_some_and(|inner| visit(inner, at, change)) {
                    return true;
                }
            }
        }
        _ => {}
    }
    false
}

fn in_list(list: &mut Vec<Value>, index: usize, change: &Change) {
    match change {
        Change::Remove(_) => {
            list.remove(index);
        }
        Change::Double(_) | Change::Rename(..) => {
            let copy = list.get(index).cloned().unwrap_or_default();
            list.insert(index, copy);
        }
        Change::Replace(_, new) => {
            if let Some(old) = list.get_mut(index) {
                old.clone_from(new);
            }
        }
    }
}

fn in_fields(fields: &mut serde_json::Map<String, Value>, name: &str, change: &Change) {
    match change {
        Change::Remove(_) | Change::Double(_) => {
            fields.remove(name);
        }
        Change::Rename(_, new) => {
            if let Some(value) = fields.remove(name) {
                fields.insert(new.clone(), value);
            }
        }
        Change::Replace(_, new) => {
            fields.insert(name.to_owned(), new.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_change_is_done_at_its_place() {
        let document = json!({ "a": [1, { "b": 2 }], "c": 3 });
        let done = |one| change(&document, &[one]);
        assert_eq!(done(Change::Replace(0, json!(9))), json!({ "a": 9, "c": 3 }));
        assert_eq!(done(Change::Double(1)), json!({ "a": [1, 1, { "b": 2 }], "c": 3 }));
        assert_eq!(done(Change::Remove(3)), json!({ "a": [1, {}], "c": 3 }));
        assert_eq!(done(Change::Rename(4, "d".into())), json!({ "a": [1, { "b": 2 }], "d": 3 }));
        assert_eq!(done(Change::Remove(5)), json!({ "c": 3 }), "places are counted round");
        assert_eq!(change(&json!(1), &[Change::Remove(7)]), json!(1));
    }
}
