//! How far `generate_series` may count: its table adds up in 64 bits and would begin again from below. Bounds that are
//! written as numbers are looked at here, before anything runs.

use crate::syntax::expr::Words;
use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind};

/// The largest bound in either direction: half of what 64 bits hold, so that no sum or difference of a bound and a step
/// leaves them.
const FARTHEST: u64 = 1 << 62;

/// The first argument of a call of `generate_series` that is a number beyond the bound.
pub(super) fn too_far(sql: &str) -> Option<Token> {
    tokens(sql).find(|token| token.is_word(sql, "generate_series"))?;
    let words = Words::new(sql);
    let calls = (0..words.count()).filter(|at| words.word(*at) == "generate_series");
    let arguments = calls.filter_map(|at| words.arguments(at + 1)).flat_map(|(arguments, _)| arguments);
    arguments
        .filter_map(|argument| words.token(argument.end.checked_sub(1)?))
        .find(|last| is_too_far(last, sql))
        .cloned()
}

fn is_too_far(token: &Token, sql: &str) -> bool {
    let text = token.text(sql).to_ascii_lowercase().replace('_', "");
    let is_hexadecimal = text.starts_with("0x");
    let digits = if is_hexadecimal { u64::from_str_radix(&text[2..], 16) } else { text.parse() };
    token.kind == TokenKind::Number && !text.contains('.') && digits.map_or(true, |number| number > FARTHEST)
}

#[cfg(test)]
mod tests {
    use super::too_far;

    #[test]
    fn only_numbers_beyond_half_of_64_bits_are_too_far() {
        for sql in
            ["1, 9223372036854775807", "-4611686018427387905, 1", "1, 2, 0x7fffffffffffffff", "1, 99999999999999999999"]
        {
            let sql = format!("select value from generate_series({sql})");
            assert!(too_far(&sql).is_some(), "{sql}");
        }
        assert_eq!(too_far("select 9223372036854775807 from generate_series(1, 4611686018427387904, 1)"), None);
        assert_eq!(too_far("select 9223372036854775807"), None);
    }
}
