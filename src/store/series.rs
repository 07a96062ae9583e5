//! The bounds of `generate_series`, checked before it counts: past the end of 64 bits the library that has it would panic within SQLite,
//! through which nothing can unwind. A bound that is computed is wrapped in a function that checks it; a view of a file that has
//! one is not read, since its text can't be changed.

use crate::syntax::expr::Tokens;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Result};
use std::ops::Range;

/// The table function.
pub(crate) const SERIES: &str = "generate_series";

/// The function around a computed bound: returns it, or fails where the series could overflow. No statement of a user can name it.
pub(crate) const BOUND_FUNCTION: &str = "pledgebook_series_bound";

/// The greatest bound and step, and the negative of the least: the sum of two fits 64 bits, and so does their difference.
pub(crate) const MAX_BOUND: i64 = (1 << 62) - 1;

/// The message of a bound beyond that.
pub(crate) const MESSAGE: &str = "`generate_series` can't count so far: its numbers have 64 bits";

/// Registers the function around computed bounds.
pub(super) fn register_bound_function(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function(BOUND_FUNCTION, 1, flags, |context| match context.get_raw(0) {
        ValueRef::Integer(bound) if !(-MAX_BOUND..=MAX_BOUND).contains(&bound) => {
            Err(rusqlite::Error::UserFunctionError(MESSAGE.into()))
        }
        ValueRef::Real(bound) if bound.abs() > 4e18 => Err(rusqlite::Error::UserFunctionError(MESSAGE.into())),
        // What is no whole number the series refuses itself.
        bound => Value::try_from(bound).map_err(|error| rusqlite::Error::UserFunctionError(error.into())),
    })
}

/// The bounds and steps in the calls of a text that are computed, or too large, as ranges of tokens.
pub(crate) fn computed_bounds(tokens: &Tokens<'_>) -> Vec<Range<usize>> {
    let calls = (0..tokens.count()).filter(|at| is_series(tokens, *at)).filter_map(|at| tokens.arguments(at + 1));
    // `with generate_series(a, b) as (…)` names columns.
    let calls = calls.filter(|(_, end)| !(tokens.word(*end) == "as" && is_cte_body(tokens, end + 1)));
    let bounds = calls.flat_map(|(arguments, _)| arguments);
    bounds.filter(|bound| !bound.is_empty() && !is_literal(tokens, bound)).collect()
}

/// True if the definition of a view counts to a bound that is not known to be small, however it says it.
pub(super) fn has_unchecked_bounds(definition: &str) -> bool {
    if !definition.to_ascii_lowercase().contains(SERIES) {
        return false;
    }
    let tokens = Tokens::new(definition);
    let is_hidden = |at: usize| {
        tokens.token(at).is_some_and(|token| HIDDEN_COLUMNS.contains(&&*token.name(definition).to_ascii_lowercase()))
    };
    !computed_bounds(&tokens).is_empty() || (0..tokens.count()).any(is_hidden)
}

/// The columns by which a condition can set a bound.
pub(super) const HIDDEN_COLUMNS: [&str; 3] = ["start", "stop", "step"];

fn is_series(tokens: &Tokens<'_>, at: usize) -> bool {
    let name = tokens.word(at);
    name.trim_matches(['"', '`', '[', ']', '\'']) == SERIES && tokens.word(at + 1) == "("
}

fn is_cte_body(tokens: &Tokens<'_>, at: usize) -> bool {
    ["(", "not", "materialized"].contains(&&*tokens.word(at))
}

/// True for a whole number that is not too large, with or without a sign, and for NULL.
fn is_literal(tokens: &Tokens<'_>, bound: &Range<usize>) -> bool {
    let last = bound.end - 1;
    let is_signed = bound.len() == 2 && ["+", "-"].contains(&&*tokens.word(bound.start));
    let word = tokens.word(last);
    let is_value = word == "null" || word.parse::<i64>().is_ok_and(|number| number <= MAX_BOUND);
    is_value && (bound.len() == 1 || is_signed)
}

#[cfg(test)]
mod tests {
    use super::{computed_bounds, has_unchecked_bounds};
    use crate::syntax::expr::Tokens;

    #[test]
    fn literals_need_no_check() {
        for (sql, computed) in [
            ("select * from generate_series(1, -5, null)", &[][..]),
            ("select * from generate_series(1, (select max(a) from t), :n)", &["(select max(a) from t)", ":n"]),
            ("select * from \"Generate_Series\"(a + 1)", &["a + 1"]),
            ("select * from generate_series(1, 9223372036854775807)", &["9223372036854775807"]),
            ("with generate_series(a, b) as (select 1, 2) select a from generate_series", &[]),
            ("select 'generate_series(n)' -- generate_series(n)", &[]),
        ] {
            let tokens = Tokens::new(sql);
            let found: Vec<&str> = computed_bounds(&tokens).iter().map(|bound| tokens.text(bound)).collect();
            assert_eq!(found, computed, "{sql}");
        }
    }

    #[test]
    fn a_stored_view_is_unchecked_unless_its_bounds_are_small_literals() {
        assert!(!has_unchecked_bounds("create view v as select value from generate_series(1, 10)"));
        assert!(!has_unchecked_bounds("create view v as select stop from t"));
        for body in
            ["generate_series(1, n)", "generate_series where stop = n", "generate_series(1, 9223372036854775807)"]
        {
            assert!(has_unchecked_bounds(&format!("create view v as select value from t, {body}")), "{body}");
        }
    }
}
