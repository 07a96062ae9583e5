//! JSON in scripts: any document as a value with exact numbers, and plain values as a document.

use super::ScriptFunction;
use crate::quantity::exact_decimal;
use crate::script::table::{Table, TableRow};
use crate::script::value::{Scalar, ScriptResult, argument_error, check_interrupt, describe, from_number, scalar};
use crate::store::Stop;
use rhai::{Array, Dynamic, Map};

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        signature: "parse_json(text)",
        meaning: "the value that a JSON document writes: a map, an array, a text, an exact number, true or false, or () for null",
        example: "parse_json(`{\"rates\": [1.10, 2]}`).rates[0] * 2",
        answer: "2.2",
        register: |engine, runtime| {
            let stop = runtime.book.stop().clone();
            engine.register_fn("parse_json", move |text: &str| parse(&stop, text));
            engine.register_fn("parse_json", |other: Dynamic| -> ScriptResult<()> {
                Err(argument_error(
                    format!("`parse_json` wants a text, not {}", describe(&other)),
                    "as `parse_json(\"[1, 2]\")`",
                ))
            });
        },
    },
    ScriptFunction {
        signature: "to_json(value) · value.to_json()",
        meaning: "a plain value, map, array or row as JSON, its numbers exact; a quantity, whose unit and facts it would drop, is an error",
        example: "[1.50, \"a\", ()].to_json()",
        answer: "[1.5,\"a\",null]",
        register: |engine, runtime| {
            let [one, two, three] = [(); 3].map(|()| runtime.book.stop().clone());
            engine.register_fn("to_json", move |value: Dynamic| write(&one, &value));
            engine.register_fn("to_json", move |map: Map| write(&two, &Dynamic::from_map(map)));
            engine.register_fn("to_json", move |values: Array| write(&three, &Dynamic::from_array(values)));
        },
    },
];

/// The most levels of a document.
const MAX_LEVELS: usize = 128;

/// A document while it is read.
struct Reader<'t> {
    text: &'t str,
    at: usize,
    levels: usize,
    stop: &'t Stop,
}

fn parse(stop: &Stop, text: &str) -> ScriptResult<Dynamic> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { text, at: 0, levels: 0, stop };
    let value = reader.value()?;
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.wrong("the end of the document")),
    }
}

impl Reader<'_> {
    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.text.as_bytes().get(self.at).copied()
    }

    /// Takes a byte if it is the next.
    fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn value(&mut self) -> ScriptResult<Dynamic> {
        check_interrupt(self.stop)?;
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => self.string().map(Dynamic::from),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> ScriptResult<Dynamic>) -> ScriptResult<Dynamic> {
        if self.levels == MAX_LEVELS {
            return Err(self.refusal(self.at, &format!("it is nested more than {MAX_LEVELS} deep")));
        }
        self.at += 1;
        self.levels += 1;
        let value = read(self)?;
        self.levels -= 1;
        Ok(value)
    }

    fn object(&mut self) -> ScriptResult<Dynamic> {
        let mut map = Map::new();
        if self.eat(b'}') {
            return Ok(Dynamic::from_map(map));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.wrong("a name in double quotes"));
            }
            let at = self.at;
            let name = self.string()?;
            if !self.eat(b':') {
                return Err(self.wrong("`:`"));
            }
            let value = self.value()?;
            if map.insert(name.as_str().into(), value).is_some() {
                return Err(self.refusal(at, &format!("the name `{name}` stands there twice")));
            }
            if self.eat(b'}') {
                return Ok(Dynamic::from_map(map));
            }
            if !self.eat(b',') {
                return Err(self.wrong("`,` or `}`"));
            }
        }
    }

    fn array(&mut self) -> ScriptResult<Dynamic> {
        let mut values = Array::new();
        if self.eat(b']') {
            return Ok(Dynamic::from_array(values));
        }
        loop {
            values.push(self.value()?);
            if self.eat(b']') {
                return Ok(Dynamic::from_array(values));
            }
            if !self.eat(b',') {
                return Err(self.wrong("`,` or `]`"));
            }
        }
    }

    /// A text, from its opening quote on.
    fn string(&mut self) -> ScriptResult<String> {
        let (start, bytes) = (self.at, self.text.as_bytes());
        let mut end = start + 1;
        while let Some(byte) = bytes.get(end).filter(|byte| **byte != b'"') {
            end += if *byte == b'\\' { 2 } else { 1 };
        }
        if end >= bytes.len() {
            return Err(self.refusal(start, "the text there has no end"));
        }
        self.at = end + 1;
        let written = &self.text[start..self.at];
        serde_json::from_str(written)
            .map_err(|_| self.refusal(start, "the text there has a wrong escape or a line break"))
    }

    fn number(&mut self) -> ScriptResult<Dynamic> {
        let start = self.at;
        let is_part = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        self.at += self.text.as_bytes()[start..].iter().take_while(is_part).count();
        let written = &self.text[start..self.at];
        // The library knows the grammar, as of `01` and `1.`.
        if serde_json::from_str::<serde_json::Number>(written).is_err() {
            return Err(self.refusal(start, &format!("`{written}` is no number")));
        }
        exact_decimal(written).map(from_number).map_err(|error| self.refusal(start, &error.message()))
    }

    fn word(&mut self) -> ScriptResult<Dynamic> {
        let rest = &self.text[self.at..];
        let known = [("true", Dynamic::TRUE), ("false", Dynamic::FALSE), ("null", Dynamic::UNIT)];
        match known.into_iter().find(|(word, _)| rest.starts_with(word)) {
            Some((word, value)) => {
                self.at += word.len();
                Ok(value)
            }
            None => Err(self.wrong("a value")),
        }
    }

    /// The error that something else is wanted next.
    fn wrong(&mut self, wanted: &str) -> Box<rhai::EvalAltResult> {
        self.peek();
        let found = match self.text[self.at..].chars().next() {
            Some(found) => format!("{wanted} is wanted there, not `{}`", found.escape_debug()),
            None => format!("it ends there, and {wanted} is wanted"),
        };
        self.refusal(self.at, &found)
    }

    fn refusal(&self, at: usize, why: &str) -> Box<rhai::EvalAltResult> {
        let before = &self.text[..at];
        let line = before.matches('\n').count() + 1;
        let column = before[before.rfind('\n').map_or(0, |newline| newline + 1)..].chars().count() + 1;
        let message = format!("`parse_json` can't read line {line}, column {column} of the text: {why}");
        argument_error(message, "mend the document; `try { … } catch (error) { … }` goes on without it")
    }
}

fn write(stop: &Stop, value: &Dynamic) -> ScriptResult<String> {
    let mut text = String::new();
    write_value(stop, value, MAX_LEVELS, &mut text)?;
    Ok(text)
}

fn write_value(stop: &Stop, value: &Dynamic, levels: usize, text: &mut String) -> ScriptResult<()> {
    check_interrupt(stop)?;
    if levels == 0 {
        return Err(argument_error(
            format!("`to_json` writes at most {MAX_LEVELS} levels"),
            "write its parts one by one",
        ));
    }
    if let Some(map) = value.read_lock::<Map>() {
        let members = map.iter().map(|(name, value)| (name.as_str(), value));
        return write_members(stop, members, levels, text);
    }
    if let Some(values) = value.read_lock::<Array>() {
        return write_elements(stop, values.iter(), levels, text);
    }
    if let Some(row) = value.read_lock::<TableRow>() {
        return write_row(stop, &row, levels, text);
    }
    if let Some(table) = value.read_lock::<Table>() {
        let rows: Vec<Dynamic> = (0..table.rows.len()).map(|at| Dynamic::from(table.row(at))).collect();
        return write_elements(stop, rows.iter(), levels, text);
    }
    match scalar(value) {
        Scalar::Integer(whole) => text.push_str(&whole.to_string()),
        Scalar::Decimal(decimal) => text.push_str(&decimal.normalize().to_string()),
        Scalar::Real(real) if real.is_finite() => text.push_str(&format!("{real:?}")),
        Scalar::Truth(truth) => text.push_str(if truth { "true" } else { "false" }),
        Scalar::Null => text.push_str("null"),
        Scalar::Text(written) => write_text(&written, text),
        _ => return Err(no_json(value)),
    }
    Ok(())
}

fn write_text(written: &str, text: &mut String) {
    text.push_str(&serde_json::Value::from(written).to_string());
}

fn write_row(stop: &Stop, row: &TableRow, levels: usize, text: &mut String) -> ScriptResult<()> {
    let members = row.columns.iter().map(|column| column.name.as_str()).zip(row.values.iter());
    write_members(stop, members, levels, text)
}

fn write_members<'v>(
    stop: &Stop,
    members: impl Iterator<Item = (&'v str, &'v Dynamic)>,
    levels: usize,
    text: &mut String,
) -> ScriptResult<()> {
    text.push('{');
    for (at, (name, value)) in members.enumerate() {
        text.push_str(if at > 0 { "," } else { "" });
        write_text(name, text);
        text.push(':');
        write_value(stop, value, levels - 1, text)?;
    }
    text.push('}');
    Ok(())
}

fn write_elements<'v>(
    stop: &Stop,
    values: impl Iterator<Item = &'v Dynamic>,
    levels: usize,
    text: &mut String,
) -> ScriptResult<()> {
    text.push('[');
    for (at, value) in values.enumerate() {
        text.push_str(if at > 0 { "," } else { "" });
        write_value(stop, value, levels - 1, text)?;
    }
    text.push(']');
    Ok(())
}

fn no_json(value: &Dynamic) -> Box<rhai::EvalAltResult> {
    let help = if let Scalar::Quantity(_) = scalar(value) {
        "`show(x)` with `--json` keeps its unit and facts; `.amount` is the number alone, `${x}` its text"
    } else {
        "give it numbers, texts, arrays and maps"
    };
    argument_error(format!("`to_json` would not keep what {} is", describe(value)), help)
}
