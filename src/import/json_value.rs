//! A value of JSON whose objects have each key once, and the line on which each object begins. The standard leaves open which of two
//! values of one key counts, and a reader that takes the last loses the first without a word.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::io::{self, Read};

/// The key by which the parser hands on a number that no integer of 64 bits is, digit by digit: as an object of this one key.
const NUMBER_KEY: &str = "$serde_json::private::Number";

/// The beginning of the message about a key that is there twice; the key follows.
pub(super) const TWICE: &str = "twice: ";

/// Lines of a text of JSON: that which its parser has come to, and those on which its objects begin.
pub(super) struct JsonLines {
    here: Cell<u64>,
    /// In the order of the text, an object before those in it.
    pub(super) objects: RefCell<Vec<u64>>,
}

impl JsonLines {
    pub(super) fn new() -> Self {
        Self { here: Cell::new(1), objects: RefCell::default() }
    }
}

/// A reader that counts the lines of what is read, for a parser that takes one byte after the other.
pub(super) struct CountedLines<'l, R> {
    pub(super) source: R,
    pub(super) lines: &'l JsonLines,
}

impl<R: Read> Read for CountedLines<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        let ends: u64 = buffer[..length].iter().map(|byte| u64::from(*byte == b'\n')).sum();
        self.lines.here.set(self.lines.here.get() + ends);
        Ok(length)
    }
}

/// A value of which no object has a key twice; the line of each is noted.
#[derive(Clone, Copy)]
pub(super) struct UniqueValue<'l>(pub(super) &'l JsonLines);

impl<'de> DeserializeSeed<'de> for UniqueValue<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for UniqueValue<'_> {
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
        while let Some(element) = elements.next_element_seed(self)? {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let (mut object, line) = (Map::new(), self.0.here.get());
        let mut next = members.next_key::<String>()?;
        if next.as_deref() == Some(NUMBER_KEY) {
            let digits: String = members.next_value()?;
            return digits.parse::<Number>().map(Value::Number).map_err(Error::custom);
        }
        self.0.objects.borrow_mut().push(line);
        while let Some(key) = next {
            if object.contains_key(&key) {
                return Err(Error::custom(format_args!("{TWICE}{key}")));
            }
            let member = members.next_value_seed(self)?;
            object.insert(key, member);
            next = members.next_key()?;
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::{CountedLines, JsonLines, UniqueValue};
    use serde::de::DeserializeSeed;
    use serde_json::{Deserializer, Error, Value};

    fn read(text: &str) -> Result<(Value, Vec<u64>), Error> {
        let lines = JsonLines::new();
        let source = CountedLines { source: text.as_bytes(), lines: &lines };
        let value = UniqueValue(&lines).deserialize(&mut Deserializer::from_reader(source))?;
        Ok((value, lines.objects.into_inner()))
    }

    #[test]
    fn a_value_is_the_same_as_that_of_the_parser() {
        let text = r#"{"a": [1.10, 1E5, -0, -7, 7, 123456789012345678901234567890, null, true, "x\"\u0061"], "b": {"c": {}, "": []}}"#;
        let (value, _) = read(text).unwrap();
        assert_eq!(value, serde_json::from_str::<Value>(text).unwrap());
        assert_eq!(value["a"][0].to_string(), "1.10");
    }

    #[test]
    fn an_object_has_the_line_of_its_brace() {
        let (_, lines) = read("[\n{\"a\": {\n\"n\": 1.5}},\n\n {}, {\n}\n]").unwrap();
        assert_eq!(lines, [2, 2, 5, 5]);
    }

    #[test]
    fn a_key_that_is_there_twice_is_refused_on_its_line() {
        for (text, line) in [("{\"a\": 1,\n\"a\": 1}", 2), ("[{\"a\": 1},\n{\"b\": {\"c\": 1,\n\n\"\\u0063\": 2}}]", 4)]
        {
            let error = read(text).err().unwrap();
            assert_eq!((error.is_data(), error.line()), (true, line), "{text}: {error}");
        }
        assert!(read("[{\"a\": 1}, {\"a\": 1}]").is_ok());
    }
}
