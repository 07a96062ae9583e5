//! Functions of texts. Quantities have no place here.

use super::values::quoted;
use super::{Kind, PURE, SqlFunction};
use regex::Regex;
use rusqlite::Result;
use rusqlite::functions::Context;
use rusqlite::types::ValueRef;
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[SqlFunction] = &[SqlFunction {
    name: "regexp",
    signature: "regexp(pattern, text)",
    meaning: "1 where a regular expression matches anywhere in a text, otherwise 0; `text regexp pattern` asks the same",
    example: "select regexp('^F', 'F29')",
    answer: "1",
    kind: Kind::Plain,
    register: |connection, _| connection.create_scalar_function("regexp", 2, PURE, |context| matches(context)),
}];

fn matches(context: &Context<'_>) -> Result<Option<bool>> {
    let (Some(pattern), Some(text)) = (written(context.get_raw(0)), written(context.get_raw(1))) else {
        return Ok(None);
    };
    // SQLite keeps it as long as the pattern is the same for every row.
    let compiled = context.get_or_create_aux(0, |_| Regex::new(&pattern).map_err(|error| refusal(&pattern, &error)))?;
    Ok(Some(compiled.is_match(&text)))
}

/// The crate draws the pattern with a caret below it; its last line says what is wrong.
fn refusal(pattern: &str, error: &regex::Error) -> String {
    let drawn = error.to_string();
    let last = drawn.lines().last().unwrap_or_default();
    let cause = last.strip_prefix("error: ").unwrap_or(last).trim_end_matches('.').to_lowercase();
    format!("`regexp` can't read the pattern {}: {cause}", quoted(pattern))
}

/// A value as the text that it is compared as.
fn written(value: ValueRef<'_>) -> Option<Cow<'_, str>> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(whole) => Some(whole.to_string().into()),
        ValueRef::Real(real) => Some(format!("{real:?}").into()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(String::from_utf8_lossy(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::FUNCTIONS;
    use crate::store::functions::values::tests::{answer, opened};

    #[test]
    fn an_expression_is_searched_for_in_texts_and_numbers() {
        let connection = opened(FUNCTIONS);
        for (sql, expected) in [
            ("'abc' regexp 'b'", "1"),
            ("'abc' regexp '^b'", "0"),
            ("'Élan' regexp '(?i)^é'", "1"),
            ("120 regexp '^12'", "1"),
            ("1.5 regexp '^1\\.5$'", "1"),
            ("NULL regexp '('", "NULL"),
            ("'abc' regexp NULL", "NULL"),
            ("'abc' regexp column1 from (values ('a'), ('z'), ('c$'), ('^c'))", "1 0 1 0"),
            ("'a' regexp '('", "`regexp` can't read the pattern '(': unclosed group"),
            ("'a' regexp char(1) || '('", "`regexp` can't read the pattern with control characters: unclosed group"),
        ] {
            assert_eq!(answer(&connection, sql), expected, "{sql}");
        }
        let huge = answer(&connection, "'a' regexp 'a{1000}{1000}{1000}'");
        assert!(huge.starts_with("`regexp` can't read the pattern 'a{1000}{1000}{1000}': compiled regex"), "{huge}");
    }
}
