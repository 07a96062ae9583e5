//! The headers of a table: the name in SQL that each becomes.

use crate::store::is_reserved;
use std::collections::BTreeSet;

/// The longest name that is made of a header, in characters.
const MAX_NAME_CHARS: usize = 60;

/// Words that a name can't be: keywords of SQL that may not be bare names, and what every table has.
const RESERVED: [&str; 71] = [
    "add",
    "all",
    "alter",
    "and",
    "as",
    "autoincrement",
    "between",
    "by",
    "case",
    "cast",
    "check",
    "collate",
    "commit",
    "constraint",
    "create",
    "current_date",
    "current_time",
    "current_timestamp",
    "default",
    "deferrable",
    "delete",
    "distinct",
    "drop",
    "else",
    "escape",
    "except",
    "exists",
    "false",
    "foreign",
    "from",
    "group",
    "having",
    "in",
    "index",
    "insert",
    "intersect",
    "into",
    "is",
    "is_total",
    "isnull",
    "join",
    "limit",
    "line",
    "line_column",
    "not",
    "nothing",
    "notnull",
    "null",
    "on",
    "or",
    "order",
    "primary",
    "raise",
    "record",
    "references",
    "returning",
    "row_stage",
    "select",
    "set",
    "table",
    "then",
    "to",
    "transaction",
    "true",
    "union",
    "unique",
    "update",
    "using",
    "values",
    "when",
    "where",
];

/// Words in the names of columns of identifiers and of places.
const IDENTIFIERS: [&str; 10] = ["id", "ids", "uuid", "code", "key", "lat", "latitude", "lng", "lon", "longitude"];

/// The name in SQL of each header: snake case, different from each other. A column without a header is named by its number.
#[must_use]
pub(super) fn names(headers: &[String]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let name = |(at, header): (usize, &String)| {
        let mut base = snake_case(header);
        if base.is_empty() {
            base = format!("column_{}", at + 1);
        }
        let numbered = (2..).map(|number| format!("{base}_{number}"));
        let free = std::iter::once(base.clone()).chain(numbered).find(|name| taken.insert(name.clone()));
        free.unwrap_or(base)
    };
    headers.iter().enumerate().map(name).collect()
}

/// Letters and digits in lower case, with `_` for what is between them.
#[must_use]
pub(super) fn snake_case(text: &str) -> String {
    let mut name = String::new();
    let mut previous = ' ';
    for c in text.chars().take(MAX_NAME_CHARS) {
        let is_part = c.is_alphanumeric();
        // `amountUSD` is two words.
        if (!is_part || c.is_uppercase() && previous.is_lowercase()) && !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        if is_part {
            name.extend(c.to_lowercase());
        }
        previous = c;
    }
    let name = name.trim_end_matches('_');
    let starts_well = name.starts_with(|c: char| c.is_alphabetic());
    match name {
        "" => String::new(),
        name if !starts_well => format!("c_{name}"),
        name if is_reserved(name) => format!("c_{name}"),
        name if RESERVED.contains(&name) => format!("{name}_"),
        name => name.to_owned(),
    }
}

/// True if a column is named as one of identifiers: numbers in it are no amounts.
#[must_use]
pub(super) fn is_identifier(name: &str) -> bool {
    name.split('_').any(|word| IDENTIFIERS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::{names, snake_case};

    /// The keywords of SQLite.
    const KEYWORDS: &str = "abort action add after all alter always analyze and as asc attach autoincrement before begin \
        between by cascade case cast check collate column commit conflict constraint create cross current current_date \
        current_time current_timestamp database default deferrable deferred delete desc detach distinct do drop each else end \
        escape except exclude exclusive exists explain fail filter first following for foreign from full generated glob group \
        groups having if ignore immediate in index indexed initially inner insert instead intersect into is isnull join key \
        last left like limit match materialized natural no not nothing notnull null nulls of offset on or order others outer \
        over partition plan pragma preceding primary query raise range recursive references regexp reindex release rename \
        replace restrict returning right rollback row rows savepoint select set table temp temporary then ties to transaction \
        trigger unbounded union unique update using vacuum values view virtual when where window with without true false rowid";

    #[test]
    fn a_name_that_is_made_of_a_keyword_is_a_column_and_nothing_else() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        for word in KEYWORDS.split_whitespace() {
            let name = snake_case(word);
            let sql = format!("select {name} from (select 7 as \"{name}\")");
            let value: Result<i64, _> = connection.query_row(&sql, [], |row| row.get(0));
            assert_eq!(value.as_ref().ok(), Some(&7), "{word}: {value:?}");
        }
    }

    #[test]
    fn headers_become_names() {
        for (header, name) in [
            ("Converted Value in EUR", "converted_value_in_eur"),
            ("amountUSD", "amount_usd"),
            ("Total ", "total"),
            ("2021", "c_2021"),
            ("Bevölkerung", "bevölkerung"),
            ("order", "order_"),
            ("Arrest/Detention > Drugs", "arrest_detention_drugs"),
            ("\u{a0}", ""),
        ] {
            assert_eq!(snake_case(header), name, "{header}");
        }
        let headers = ["Total ", "Total", "", "a"].map(str::to_owned);
        assert_eq!(names(&headers), ["total", "total_2", "column_3", "a"]);
    }
}
