//! The statements that make a temporary table of a select and that drop a table: their words, around the select.

use super::ast::{Name, Span};
use super::cursor::{Cursor, Parsed, Unparsed};
use super::parser::Parser;

/// `create temp table … as` a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TempTableAs {
    /// The name of the table.
    pub name: String,
    /// The place of the select.
    pub select: Span,
}

/// Parses `create temp table … as` a select; `None` for any other text, and for a select as [`parse`](super::parse) has it.
#[must_use]
pub fn parse_temp_table_as(sql: &str) -> Option<TempTableAs> {
    let lower = sql.to_ascii_lowercase();
    temp_table_as(Parser::new(Cursor::new(sql, &lower)?)).ok()
}

fn temp_table_as(mut parser: Parser<'_>) -> Parsed<TempTableAs> {
    parser.cursor.expect("create")?;
    let is_temp = parser.cursor.eat("temp") || parser.cursor.eat("temporary");
    parser.cursor.expect("table")?;
    parser.cursor.eat_all(&["if", "not", "exists"]);
    let table = parser.table_name()?;
    parser.cursor.expect("as")?;
    let is_in_temp = |schema: &Name| schema.text.eq_ignore_ascii_case("temp");
    if !is_temp && !table.schema.as_ref().is_some_and(is_in_temp) {
        return Err(Unparsed);
    }
    Ok(TempTableAs { name: table.name.text, select: parser.statement()?.span })
}

/// The word `table` of `drop table`, and the name of the table; `None` for any other text.
#[must_use]
pub fn parse_drop_table(sql: &str) -> Option<(Span, String)> {
    let lower = sql.to_ascii_lowercase();
    let mut parser = Parser::new(Cursor::new(sql, &lower)?);
    parser.cursor.expect("drop").ok()?;
    let start = parser.cursor.start();
    parser.cursor.expect("table").ok()?;
    let word = parser.cursor.span_from(start);
    parser.cursor.eat_all(&["if", "exists"]);
    Some((word, parser.table_name().ok()?.name.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql: &str, expected: Option<(&str, &str)>) {
        let found = parse_temp_table_as(sql);
        let found = found.as_ref().map(|table| (table.name.as_str(), &sql[table.select.clone()]));
        assert_eq!(found, expected, "{sql}");
    }

    #[test]
    fn a_temporary_table_of_rows_is_known_by_its_words() {
        check("create temp table t as select 1", Some(("t", "select 1")));
        check(
            "CREATE temporary TABLE if not exists \"a b\" -- x\n as with c as (select 1) select * from c; ",
            Some(("a b", "with c as (select 1) select * from c")),
        );
        check("create table temp.t as values (1)", Some(("t", "values (1)")));
        check("create temp table temp.t as select 1", Some(("t", "select 1")));
        check("create table t as select 1", None);
        check("create temp table t (a)", None);
        check("create temp view t as select 1", None);
        check("create temp table t as select 1; select 2", None);
        check("select 1", None);
    }

    #[test]
    fn a_table_is_dropped_by_its_word() {
        for (sql, expected) in [
            ("drop table t", Some((5..10, "t"))),
            ("DROP /* x */ TABLE if exists temp.\"T t\";", Some((13..18, "T t"))),
            ("drop view t", None),
            ("select 1", None),
        ] {
            assert_eq!(parse_drop_table(sql), expected.map(|(word, name)| (word, name.to_owned())), "{sql}");
        }
    }
}
