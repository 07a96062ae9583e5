//! What functions make of what they are handed, as far as storage classes go, and which of their arguments they take for
//! numbers. It knows no program.

use super::storage::{Classes, Value};
use crate::store::udf::{self, FunctionKind};

/// Functions that give a whole number, a REAL, a text, whatever they are handed.
const WHOLE: [&str; 20] = [
    "count",
    "length",
    "octet_length",
    "instr",
    "unicode",
    "sign",
    "json_array_length",
    "json_valid",
    "random",
    "changes",
    "total_changes",
    "row_number",
    "rank",
    "dense_rank",
    "ntile",
    "unixepoch",
    "glob",
    "like",
    "q_amount",
    "q_cmp",
];
const REAL: [&str; 5] = ["avg", "total", "julianday", "percent_rank", "cume_dist"];
const TEXT: [&str; 27] = [
    "upper",
    "lower",
    "trim",
    "ltrim",
    "rtrim",
    "substr",
    "substring",
    "replace",
    "hex",
    "quote",
    "char",
    "concat",
    "concat_ws",
    "group_concat",
    "string_agg",
    "printf",
    "format",
    "typeof",
    "date",
    "time",
    "datetime",
    "timediff",
    "json_object",
    "json_array",
    "json_type",
    "json_group_array",
    "json_group_object",
];

/// Functions that hand on one of their arguments.
const PASSING: [&str; 12] = [
    "coalesce",
    "ifnull",
    "iif",
    "if",
    "max",
    "min",
    "nullif",
    "lag",
    "lead",
    "first_value",
    "last_value",
    "nth_value",
];

/// What a function gives.
pub(super) fn of(name: &str, arguments: &[Value], format: Option<&str>) -> Classes {
    let all = || arguments.iter().fold(Classes::NONE, |all, value| all.or(value.classes));
    let first = arguments.first().map(|value| value.classes).unwrap_or_default();
    match name {
        "q_is_unknown" => Classes::WHOLE,
        "sum" | "abs" | "ceil" | "ceiling" | "floor" | "trunc" => first.as_number(),
        "round" => Classes::REAL,
        "strftime" if format.is_some_and(is_number_format) => Classes::NUMBER_TEXT,
        "strftime" => Classes::TEXT,
        "json_extract" | "->>" | "->" => Classes::ANY,
        "nullif" | "likely" | "unlikely" | "likelihood" => first,
        "iif" | "if" => arguments.iter().skip(1).fold(Classes::NONE, |all, value| all.or(value.classes)),
        "lag" | "lead" => first.or(arguments.get(2).map(|value| value.classes).unwrap_or_default()),
        "nth_value" => first,
        name if PASSING.contains(&name) => all(),
        name if WHOLE.contains(&name) => Classes::WHOLE,
        name if REAL.contains(&name) => Classes::REAL,
        name if TEXT.contains(&name) => Classes::TEXT,
        name => match udf::kind_of(name) {
            Some(FunctionKind::Quantity | FunctionKind::FromPlain) => Classes::NONE,
            Some(FunctionKind::PartOfQuantity) => Classes::TEXT,
            Some(FunctionKind::Plain) => Classes::REAL,
            None => Classes::NONE,
        },
    }
}

/// The places of the arguments that a function makes numbers of.
pub(super) fn numeric(name: &str, format: Option<&str>) -> Vec<usize> {
    match name {
        "sum" | "total" | "avg" | "abs" | "round" => vec![0],
        "printf" | "format" => format.map(numeric_places).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The places of the arguments that a format writes as numbers, the format being the first.
fn numeric_places(format: &str) -> Vec<usize> {
    let (mut found, mut place, mut characters) = (Vec::new(), 1, format.chars());
    while characters.by_ref().any(|c| c == '%') {
        for c in characters.by_ref() {
            match c {
                '0'..='9' | '-' | '+' | ' ' | '#' | ',' | '!' | '.' | 'l' => continue,
                '*' => {
                    place += 1;
                    continue;
                }
                'd' | 'i' | 'u' | 'x' | 'X' | 'o' | 'f' | 'F' | 'e' | 'E' | 'g' | 'G' | 'r' => {
                    found.push(place);
                    place += 1;
                }
                '%' | 'n' => {}
                _ => place += 1,
            }
            break;
        }
    }
    found
}

/// Whether a format of `strftime` gives digits alone.
fn is_number_format(format: &str) -> bool {
    !format.is_empty()
        && format.split('%').enumerate().all(|(at, part)| match at {
            0 => part.is_empty(),
            _ => part.len() == 1 && "YmdHMSjsfJwWuVU".contains(part),
        })
}

#[cfg(test)]
mod tests {
    use super::{is_number_format, numeric_places};

    #[test]
    fn a_format_says_which_arguments_are_numbers() {
        assert_eq!(numeric_places("%d"), [1]);
        assert_eq!(numeric_places("%s: %,d %% %-8.2f %*d"), [2, 3, 5]);
        assert!(numeric_places("100 %").is_empty());
        assert!(
            is_number_format("%Y") && is_number_format("%Y%m") && !is_number_format("%Y-%m") && !is_number_format("")
        );
    }
}
