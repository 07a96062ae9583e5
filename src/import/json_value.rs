//! A value of JSON whose objects have each key once. The standard leaves open which of two values of one key counts, and a reader that
//! takes the last loses the first without a word.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// The key by which the parser hands on a number that no integer of 64 bits is, digit by digit: as an object of this one key.
const NUMBER_KEY: &str = "$serde_json::private::Number";

/// The beginning of the message about a key that is there twice; the key follows.
pub(super) const TWICE: &str = "twice: ";

/// A value of which no object has a key twice.
pub(super) struct UniqueValue(pub(super) Value);

impl<'de> Deserialize<'de> for UniqueValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor).map(Self)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value of JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(UniqueValue(element)) = elements.next_element()? {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if key == NUMBER_KEY && object.is_empty() {
                let digits: String = members.next_value()?;
                return digits.parse::<Number>().map(Value::Number).map_err(Error::custom);
            }
            if object.contains_key(&key) {
                return Err(Error::custom(format_args!("{TWICE}{key}")));
            }
            let UniqueValue(member) = members.next_value()?;
            object.insert(key, member);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::UniqueValue;
    use serde_json::Value;

    #[test]
    fn a_value_is_the_same_as_that_of_the_parser() {
        let text = r#"{"a": [1.10, 1E5, -0, -7, 7, 123456789012345678901234567890, null, true, "x\"\u0061"], "b": {"c": {}, "": []}}"#;
        let UniqueValue(value) = serde_json::from_str(text).unwrap();
        assert_eq!(value, serde_json::from_str::<Value>(text).unwrap());
        assert_eq!(value["a"][0].to_string(), "1.10");
    }

    #[test]
    fn a_key_that_is_there_twice_is_refused_on_its_line() {
        for (text, line) in [("{\"a\": 1,\n\"a\": 1}", 2), ("[{\"a\": 1},\n{\"b\": {\"c\": 1,\n\n\"\\u0063\": 2}}]", 4)]
        {
            let error = serde_json::from_str::<UniqueValue>(text).err().unwrap();
            assert_eq!((error.is_data(), error.line()), (true, line), "{text}: {error}");
        }
        assert!(serde_json::from_str::<UniqueValue>("[{\"a\": 1}, {\"a\": 1}]").is_ok());
    }
}
