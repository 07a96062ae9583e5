//! The headers of a table: the name in SQL that each becomes, and the unit that it states.

use super::numeric;
use crate::quantity::{Strictness, Unit, UnitRegistry, parse_quantity};
use rust_decimal::Decimal;
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

/// Words in the names of columns of identifiers.
const IDENTIFIERS: [&str; 5] = ["id", "ids", "uuid", "code", "key"];

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
        name if RESERVED.contains(&name) => format!("{name}_"),
        name => name.to_owned(),
    }
}

/// True if a column is named as one of identifiers: numbers in it are no amounts.
#[must_use]
pub(super) fn is_identifier(name: &str) -> bool {
    name.split('_').any(|word| IDENTIFIERS.contains(&word))
}

/// A unit, and what a number in the table is to be multiplied by: a million in `EUR million`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ScaledUnit {
    /// The unit.
    pub(super) unit: Unit,
    /// The factor, a power of ten as a rule.
    pub(super) factor: Decimal,
}

/// The unit that a header states: in parentheses, behind `in`, or as a code at its end. A header that is a code alone states none: in a
/// table of rates it names the other side.
#[must_use]
pub(super) fn stated_unit(header: &str, units: &UnitRegistry) -> Option<ScaledUnit> {
    // `People in state` does not count states.
    let is_money_or_share = |scaled: &ScaledUnit| {
        let kinds = scaled.unit.powers().map(|(code, _)| units.get(code).map(|unit| unit.kind.as_str()));
        kinds.into_iter().all(|kind| matches!(kind, Some("currency" | "ratio")))
    };
    phrases(header).into_iter().filter_map(|phrase| parse_unit(phrase, units)).find(is_money_or_share)
}

/// A phrase of a header with the sign of a currency that may be several: `$`.
#[must_use]
pub(super) fn open_sign<'h>(header: &'h str, units: &UnitRegistry) -> Option<&'h str> {
    let has_sign = |phrase: &&str| phrase.contains(numeric::CURRENCY_SIGNS);
    phrases(header).into_iter().filter(has_sign).find(|phrase| parse_unit(phrase, units).is_none())
}

/// The parts of a header that may be a unit.
fn phrases(header: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for part in header.split('(').skip(1) {
        let inner = part.split(')').next().unwrap_or_default();
        found.extend(inner.split([',', ';']).map(numeric::trim));
    }
    found.extend(header.rsplit_once(" in ").map(|(_, phrase)| phrase.split('(').next().unwrap_or_default()));
    found.extend(camel_code(header));
    let stripped = |phrase: &'_ str| -> usize { phrase.len() - phrase.strip_prefix("in ").unwrap_or(phrase).len() };
    found.into_iter().map(|phrase| &phrase[stripped(phrase)..]).collect()
}

/// The code at the end of `amountUSD`.
fn camel_code(header: &str) -> Option<&str> {
    let start = header.len().checked_sub(3).filter(|start| *start > 0 && header.is_char_boundary(*start))?;
    let (before, code) = header.split_at(start);
    (before.ends_with(|c: char| c.is_lowercase()) && code.bytes().all(|byte| byte.is_ascii_uppercase())).then_some(code)
}

/// Words beside a unit that do not change it.
const QUALIFIERS: [&str; 5] = ["constant", "current", "nominal", "of", "prices"];

/// Words that a base year stands beside, as in `constant 2015 US$`.
const BASE_YEAR_WORDS: [&str; 2] = ["constant", "prices"];

/// A unit as a header or an option writes it: `EUR million`, `million US$`, `USD mn`, `%`, `GBP/missile`.
#[must_use]
pub(super) fn parse_unit(phrase: &str, units: &UnitRegistry) -> Option<ScaledUnit> {
    let phrase = numeric::trim(phrase);
    if phrase == "%" {
        return Some(ScaledUnit { unit: units.parse_unit("percent").ok()?, factor: Decimal::ONE });
    }
    let has_base_year = phrase.split_whitespace().any(|word| BASE_YEAR_WORDS.contains(&word));
    let is_said_otherwise = |word: &&str| QUALIFIERS.contains(word) || has_base_year && numeric::is_year(word);
    let words: Vec<&str> = phrase.split_whitespace().filter(|word| !is_said_otherwise(word)).collect();
    if words.is_empty() || words.iter().any(|word| word.contains(|c: char| c.is_ascii_digit())) {
        return None;
    }
    let (scales, words): (Vec<&str>, Vec<&str>) = words.into_iter().partition(|word| is_scale(word));
    // Scales go first, where a figure has them: `1 million USD`.
    let mut figure = vec!["1"];
    let singular: Vec<String> = scales.iter().map(|scale| scale.trim_end_matches('s').to_lowercase()).collect();
    figure.extend(singular.iter().map(String::as_str));
    figure.extend(words.iter().copied());
    let quantity = parse_quantity(&figure.join(" "), units, Strictness::Prose).ok()?;
    let factor = quantity.number()?;
    let unit = quantity.unit().filter(|unit| !unit.is_one())?.clone();
    Some(ScaledUnit { unit, factor })
}

fn is_scale(word: &str) -> bool {
    let word = word.to_lowercase();
    ["thousand", "k", "million", "mn", "m", "mln", "billion", "bn", "trillion", "tn"]
        .contains(&word.trim_end_matches('s'))
}

#[cfg(test)]
mod tests {
    use super::{names, parse_unit, snake_case};
    use crate::quantity::{BaseUnit, UnitRegistry};

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
    fn a_base_year_is_no_part_of_a_unit() {
        let usd = BaseUnit { code: "USD".into(), kind: "currency".into(), places: 2, name: "US dollar".into() };
        let units = UnitRegistry::new(vec![usd]);
        for (phrase, is_dollars) in
            [("constant 2015 USD", true), ("2015 USD", false), ("constant 2015", false), ("USD prices of 2015", true)]
        {
            let unit = parse_unit(phrase, &units).map(|unit| unit.unit.to_string());
            assert_eq!(unit.as_deref(), is_dollars.then_some("USD"), "{phrase}");
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
