//! Plain values as the functions over them need them: the number that SQLite reads in one, and a value as a message
//! names it.

use rusqlite::types::{Value, ValueRef};

/// A value as a message names it.
pub(super) fn in_words(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(whole) => whole.to_string(),
        ValueRef::Real(real) => format!("{real:?}"),
        ValueRef::Text(bytes) => format!("the text {}", quoted(&String::from_utf8_lossy(bytes))),
        ValueRef::Blob(_) => "a blob".to_owned(),
    }
}

/// A text in quotes, cut where it is long. One with control characters may bear the seal, which is printed nowhere.
pub(super) fn quoted(text: &str) -> String {
    if text.contains(char::is_control) {
        return "with control characters".to_owned();
    }
    let short: String = text.chars().take(30).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    format!("'{}{more}'", short.replace('\'', "''"))
}

/// A number, also where it is all that a text says; NULL for the rest.
pub(super) fn number(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(whole) => Value::Integer(whole),
        ValueRef::Real(real) => Value::Real(real),
        ValueRef::Text(bytes) => match beginning(bytes) {
            (number, true) => number,
            _ => Value::Null,
        },
        _ => Value::Null,
    }
}

/// The number that a text begins with, and whether there are only blanks around it. This is SQLite's grammar: Rust's
/// own also reads `inf` and `nan`.
pub(super) fn beginning(text: &[u8]) -> (Value, bool) {
    // For SQLite a text ends at its first NUL.
    let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
    let text = &text[past(text, 0, is_blank)..];
    let sign = |from: usize| from + usize::from(matches!(text.get(from), Some(b'+' | b'-')));
    let digits = |from: usize| past(text, from, |byte| byte.is_ascii_digit());
    let whole = digits(sign(0));
    let mantissa = if text.get(whole) == Some(&b'.') { digits(whole + 1) } else { whole };
    let power = sign(mantissa + 1);
    let has_power = matches!(text.get(mantissa), Some(b'e' | b'E')) && digits(power) > power;
    let end = if has_power { digits(power) } else { mantissa };
    let written = str::from_utf8(&text[..end]).unwrap_or_default();
    let number = written.parse().map(Value::Integer).or_else(|_| written.parse().map(Value::Real));
    (number.unwrap_or(Value::Null), past(text, end, is_blank) == text.len())
}

/// Where the bytes of a kind end that begin at a place.
fn past(text: &[u8], from: usize, is_wanted: impl Fn(u8) -> bool) -> usize {
    from + text.iter().skip(from).take_while(|byte| is_wanted(**byte)).count()
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::SqlFunction;
    use super::{Value, beginning, in_words};
    use crate::store::chosen::Chosen;
    use crate::store::desk::Desk;
    use crate::store::guard::Guard;
    use crate::store::schema_names::SchemaNames;
    use crate::store::seal::Seal;
    use rusqlite::{Connection, Result};
    use std::sync::Arc;

    /// An empty database that has these functions.
    pub(in crate::store::functions) fn opened(functions: &[SqlFunction]) -> Connection {
        let connection = Connection::open_in_memory().expect("memory is there");
        let desk = Arc::new(Desk::new(
            Seal::new(),
            Chosen::default(),
            Arc::new(Guard::new(false, SchemaNames::default(), |_| false)),
            false,
        ));
        functions
            .iter()
            .try_for_each(|function| (function.register)(&connection, &desk))
            .expect("they can be registered");
        connection
    }

    /// The values of the one column of a `select`, or its error.
    pub(in crate::store::functions) fn answer(connection: &Connection, sql: &str) -> String {
        let values = connection.prepare(&format!("select {sql}")).and_then(|mut statement| {
            let values = statement.query_map([], |row| Ok(in_words(row.get_ref(0)?)))?;
            values.collect::<Result<Vec<_>>>()
        });
        values.map_or_else(|error| error.to_string(), |values| values.join(" "))
    }

    #[test]
    fn a_number_is_read_as_sqlite_reads_it() {
        for (text, number, is_all) in [
            (" 12 ", Value::Integer(12), true),
            ("12 pounds", Value::Integer(12), false),
            ("5+3", Value::Integer(5), false),
            ("5e", Value::Integer(5), false),
            ("-5.", Value::Real(-5.0), true),
            (".5e+1\0x", Value::Real(5.0), true),
            ("9223372036854775808", Value::Real(9_223_372_036_854_775_808.0), true),
            ("inf", Value::Null, false),
            ("+", Value::Null, true),
            ("", Value::Null, true),
        ] {
            assert_eq!(beginning(text.as_bytes()), (number, is_all), "{text}");
        }
    }
}
