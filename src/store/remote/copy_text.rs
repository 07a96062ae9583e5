//! The text form of `copy`: a row is a line, a tab stands between two values, `\N` is NULL, and a backslash escapes.

use super::factbook::text_of;
use crate::store::record_table::RecordTable;
use rusqlite::types::{Value, ValueRef};

/// Appends a value as it is written there.
pub(super) fn append(value: Option<&str>, text: &mut String) {
    let Some(value) = value else { return text.push_str("\\N") };
    for c in value.chars() {
        match c {
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c => text.push(c),
        }
    }
}

/// Appends a value of SQLite; an error says what it is that the server can't keep.
pub(super) fn append_value(value: ValueRef<'_>, text: &mut String) -> Result<(), &'static str> {
    match value {
        // The shortest text that is read as the same number.
        ValueRef::Real(number) => text.push_str(&number.to_string()),
        value => append(text_of(value)?.as_deref(), text),
    }
    Ok(())
}

/// Reads the values of a line: the record, and the columns of a table. `None` where it is not one of its rows.
pub(super) fn read_line(line: &str, table: &RecordTable, values: &mut Vec<Value>) -> Option<()> {
    values.clear();
    for (at, value) in line.split('\t').enumerate() {
        let declared = match at.checked_sub(1) {
            None => "INTEGER NOT NULL",
            Some(at) => &table.columns.get(at)?.1,
        };
        values.push(match (value, declared) {
            ("\\N", "INTEGER NOT NULL") => return None,
            ("\\N", _) => Value::Null,
            (text, "TEXT") => Value::Text(unescaped(text)?),
            (text, "REAL") => Value::Real(text.parse().ok()?),
            (text, _) => Value::Integer(text.parse().ok()?),
        });
    }
    (values.len() == table.columns.len() + 1).then_some(())
}

/// A text without its escapes; `None` where it ends in one.
fn unescaped(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        plain.push(match characters.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            other => other,
        });
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_as_the_same() {
        let columns = [("a", "TEXT"), ("b", "INTEGER"), ("c", "REAL")];
        let columns = columns.map(|(name, declared)| (name.to_owned(), declared.to_owned())).to_vec();
        let table = RecordTable { columns, key: Vec::new() };
        for text in ["", "\\N", "\\.", "a\tb\nc\rd", "\u{b}\u{c}\u{8}\\t", "'\"\u{7f}é\u{1f600}"] {
            for (whole, real) in [(i64::MIN, 0.1), (0, -0.0), (i64::MAX, f64::MAX), (-7, f64::MIN_POSITIVE)] {
                let mut line = "5\t".to_owned();
                append(Some(text), &mut line);
                for value in [ValueRef::Integer(whole), ValueRef::Real(real)] {
                    line.push('\t');
                    append_value(value, &mut line).unwrap();
                }
                let mut read = Vec::new();
                read_line(&line, &table, &mut read).unwrap();
                let expected = [Value::Integer(5), Value::Text(text.to_owned()), Value::Integer(whole)];
                assert_eq!(read[..3], expected, "{line}");
                assert!(matches!(read[3], Value::Real(found) if found.to_bits() == real.to_bits()), "{line}");
            }
        }
    }

    #[test]
    fn what_is_no_row_is_refused() {
        let columns = vec![("a".to_owned(), "INTEGER NOT NULL".to_owned()), ("b".to_owned(), "TEXT".to_owned())];
        let table = RecordTable { columns, key: Vec::new() };
        let mut values = Vec::new();
        assert!(read_line("1\t2\t\\N", &table, &mut values).is_some());
        for line in ["", "1", "1\t2", "1\t2\tx\ty", "\\N\t2\tx", "1\t\\N\tx", "1\tz\tx", "1\t2\tx\\", "1.5\t2\tx"] {
            assert!(read_line(line, &table, &mut values).is_none(), "{line}");
        }
    }
}
