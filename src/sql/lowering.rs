//! Lowers a statement for SQLite: literals that are arguments of quantity functions become quantities, with all their digits, and
//! each call of `q_amount` without a unit gets an identity, so that its results can be held to one unit; a computed bound of
//! `generate_series` is checked. Errors and column names are mapped back to the statement as it was written.

use super::series_calls::SeriesCall;
use crate::store::PrepareError;
use crate::store::series::{BOUND_FUNCTION, computed_bounds};
use crate::store::udf::{self, FunctionKind};
use crate::syntax::TokenKind;
use crate::syntax::expr::Tokens;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

/// A range of the statement and its replacement for SQLite.
struct Edit {
    written: Range<usize>,
    lowered: String,
    /// True for a literal that becomes a quantity.
    is_literal: bool,
}

/// A statement as SQLite gets it.
pub(super) struct LoweredSql<'s> {
    written: &'s str,
    edits: Vec<Edit>,
}

impl<'s> LoweredSql<'s> {
    /// A statement whose calls of `at` have been found, and the word `table` by which it drops a view.
    pub(super) fn new(written: &'s str, series: &[SeriesCall], dropped: Option<Range<usize>>) -> Self {
        // Of a quantity function, or of `generate_series`.
        let calls_any = written.contains(['q', 'Q', 'g', 'G']) && written.contains('(');
        let others = if calls_any { edits(&Tokens::new(written)) } else { Vec::new() };
        // The text of a series is no part of what SQLite gets.
        let is_read = |edit: &Edit| {
            let is_within = |head: &Range<usize>| head.start < edit.written.start && edit.written.end <= head.end;
            series.iter().any(|call| is_within(&call.head))
        };
        // A call ends before whatever is put behind it.
        let mut edits: Vec<Edit> = series.iter().flat_map(look_up).collect();
        edits.extend(others.into_iter().filter(|edit| !is_read(edit)));
        edits.extend(dropped.map(|word| Edit { written: word, lowered: "view".to_owned(), is_literal: false }));
        // What is put before or behind an argument is not within its other edits.
        edits.sort_by_key(|edit| (edit.written.start, edit.written.end));
        Self { written, edits }
    }

    /// True if the text for SQLite is not the written one.
    pub(super) fn is_changed(&self) -> bool {
        !self.edits.is_empty()
    }

    /// The text for SQLite.
    pub(super) fn sql(&self) -> Cow<'s, str> {
        if self.edits.is_empty() {
            return Cow::Borrowed(self.written);
        }
        let (mut sql, mut end) = (String::new(), 0);
        for edit in &self.edits {
            sql += &self.written[end..edit.written.start];
            sql += &edit.lowered;
            end = edit.written.end;
        }
        Cow::Owned(sql + &self.written[end..])
    }

    /// The offset in the written statement of a byte of the lowered one.
    pub(super) fn offset(&self, lowered: usize) -> usize {
        written_place(self.edits.iter().map(|edit| (&edit.written, edit.lowered.len())), lowered).start
    }

    /// An error of `prepare` with its offset mapped back.
    pub(super) fn error(&self, PrepareError { error, denial }: PrepareError) -> PrepareError {
        let error = match error {
            rusqlite::Error::SqlInputError { error, msg, sql, offset } => {
                let offset = usize::try_from(offset).map_or(-1, |at| i32::try_from(self.offset(at)).unwrap_or(-1));
                rusqlite::Error::SqlInputError { error, msg, sql, offset }
            }
            other => other,
        };
        PrepareError { error, denial }
    }

    /// The name of a column, mapped back where it is its expression.
    pub(super) fn column(&self, name: &str) -> String {
        let back = |name: String, edit: &Edit| name.replace(&edit.lowered, &self.written[edit.written.clone()]);
        self.edits.iter().filter(|edit| !edit.lowered.is_empty()).fold(name.to_owned(), back)
    }

    /// The range of the only literal that became a quantity, for an error about it.
    pub(super) fn only_literal(&self) -> Option<Range<usize>> {
        let mut literals = self.edits.iter().filter(|edit| edit.is_literal);
        literals.next().filter(|_| literals.next().is_none()).map(|edit| edit.written.clone())
    }
}

/// The place in a text of a byte of the same with replacements: each is a range, in the order of the text, and the length of what
/// stands in its place. Of a byte within one that is its range.
pub(super) fn written_place<'r>(
    replacements: impl IntoIterator<Item = (&'r Range<usize>, usize)>,
    offset: usize,
) -> Range<usize> {
    // The places behind the replacement before, in both texts.
    let (mut written_end, mut end) = (0, 0);
    for (written, length) in replacements {
        let start = end + (written.start - written_end);
        if offset < start {
            break;
        }
        if offset < start + length {
            return written.clone();
        }
        (written_end, end) = (written.end, start + length);
    }
    let at = written_end + (offset - end);
    at..at
}

fn edits(tokens: &Tokens<'_>) -> Vec<Edit> {
    let (mut found, mut groups, count) = (Vec::new(), BTreeMap::new(), tokens.count());
    for at in (0..tokens.count()).filter(|at| tokens.word(at + 1) == "(") {
        let name = tokens.word(at);
        let Some(taken) = quantity_arguments(&name) else { continue };
        let Some((arguments, end)) = tokens.arguments(at + 1) else { continue };
        found.extend(arguments.iter().take(taken).filter_map(|argument| literal(tokens, argument, &name)));
        if name == "q_amount" && arguments.len() == 1 {
            let close = tokens.bytes(&(end - 1..end)).start;
            // Two that are compared or added up must have one unit in all rows.
            let other = at.checked_sub(1).filter(|before| SAME_UNIT.contains(&&*tokens.word(*before)));
            let group = *other.and_then(|other| groups.get(&other)).unwrap_or(&at);
            groups.insert(end, group);
            let is_free = is_beside_unit(tokens, at, &arguments[0]);
            let id = if is_free { 0 } else { group_id(tokens.text(&(0..count)), group) };
            found.push(Edit { written: close..close, lowered: format!(", null, null, {id}"), is_literal: false });
        }
    }
    found.extend(computed_bounds(tokens).into_iter().flat_map(|bound| check_bound(&tokens.bytes(&bound))));
    found
}

/// Makes a call of `at` one that finds its series by a number.
fn look_up(call: &SeriesCall) -> [Edit; 2] {
    [
        Edit { written: call.head.clone(), lowered: call.lowered_head(), is_literal: false },
        Edit { written: call.end..call.end, lowered: call.lowered_end().to_owned(), is_literal: false },
    ]
}

/// Wraps a bound of a series in the function that checks it.
fn check_bound(bound: &Range<usize>) -> [Edit; 2] {
    [
        Edit { written: bound.start..bound.start, lowered: format!("{BOUND_FUNCTION}("), is_literal: false },
        // The comment is what a column's name is mapped back by.
        Edit { written: bound.end..bound.end, lowered: "/*bound*/)".to_owned(), is_literal: false },
    ]
}

/// Operators whose sides have one unit.
const SAME_UNIT: [&str; 10] = ["<", "<=", ">", ">=", "=", "==", "<>", "!=", "+", "-"];

/// An identity for a group of calls within a statement, unlike any in a view that it reads.
fn group_id(sql: &str, group: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    (sql, group).hash(&mut hasher);
    1 + hasher.finish() % (1 << 30)
}

/// The number of a function's first arguments that are quantities; `None` for one that takes none.
fn quantity_arguments(name: &str) -> Option<usize> {
    match (name, udf::find(name).map(|function| function.kind)) {
        ("q" | "q_neg" | "q_round", _) => Some(1),
        ("q_add" | "q_sub" | "q_mul" | "q_div" | "q_convert" | "q_cmp", _) => Some(2),
        (_, Some(FunctionKind::Quantity | FunctionKind::PartOfQuantity)) => Some(1),
        (_, None) if udf::gives_quantities(name) => Some(usize::MAX),
        _ => None,
    }
}

/// Lowers a literal that is the whole of an argument: a decimal, with its digits as they are written, or a text.
fn literal(tokens: &Tokens<'_>, argument: &Range<usize>, function: &str) -> Option<Edit> {
    let last = argument.end.checked_sub(1).filter(|last| argument.contains(last))?;
    let sign = match (argument.len(), tokens.word(argument.start).as_str()) {
        (1, _) | (2, "+") => "",
        (2, "-") => "-",
        _ => return None,
    };
    let text = tokens.text(&(last..argument.end));
    let lowered = match tokens.kind(last)? {
        TokenKind::Number => format!("'{sign}{}'", decimal(text)?),
        // Of a script's function it is not known which arguments are texts.
        TokenKind::String if argument.len() == 1 && function != "q" && udf::find(function).is_some() => text.to_owned(),
        _ => return None,
    };
    let lowered = if function == "q" { lowered } else { format!("q({lowered})") };
    Some(Edit { written: tokens.bytes(argument), lowered, is_literal: true })
}

/// A number with a point or an exponent as the text form has it.
pub(super) fn decimal(written: &str) -> Option<String> {
    let is_decimal = written.contains(['.', 'e', 'E']) && !written.starts_with("0x") && !written.starts_with("0X");
    let digits = written.replace('_', "").to_ascii_lowercase();
    let (mantissa, power) =
        digits.split_once('e').map_or((&*digits, String::new()), |(mantissa, power)| (mantissa, format!("e{power}")));
    let mantissa =
        if mantissa.starts_with('.') { format!("0{mantissa}") } else { mantissa.trim_end_matches('.').to_owned() };
    is_decimal.then(|| format!("{mantissa}{power}"))
}

/// True if `q_unit` of the same quantity is beside a call in its list: before it in an order, anywhere in a list of columns
/// or groups of a statement that has no order. Then each number is seen, and sorted, with its unit.
fn is_beside_unit(tokens: &Tokens<'_>, at: usize, argument: &Range<usize>) -> bool {
    let of = tokens.text(argument);
    let is_unit = |place: usize| {
        tokens.word(place) == "q_unit"
            && tokens.arguments(place + 1).is_some_and(|(found, _)| found.len() == 1 && tokens.text(&found[0]) == of)
    };
    let (mut depth, mut place, mut is_before) = (0_usize, at, false);
    let clause = loop {
        let Some(before) = place.checked_sub(1) else { break String::new() };
        place = before;
        match tokens.word(place).as_str() {
            ")" => depth += 1,
            "(" if depth == 0 => break String::new(),
            "(" => depth -= 1,
            word @ ("select" | "by") if depth == 0 => break word.to_owned(),
            "from" | "where" | "having" | "on" | "case" | "+" | "-" | "/" | "%" | "<" | ">" | "=" | "<=" | ">="
                if depth == 0 =>
            {
                break String::new();
            }
            _ if depth == 0 => is_before |= is_unit(place),
            _ => {}
        }
    };
    let is_order = clause == "by" && place.checked_sub(1).is_some_and(|before| tokens.word(before) == "order");
    let is_after = || (at..tokens.count()).take_while(|place| tokens.word(*place) != "from").any(is_unit);
    let order = (0..tokens.count()).rfind(|place| tokens.word(*place) == "order");
    let is_sorted = || order.is_some_and(|order| !(order..tokens.count()).any(is_unit));
    match clause.as_str() {
        "by" if is_order => is_before,
        "by" => is_before || is_after(),
        "select" => (is_before || is_after()) && !is_sorted(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::LoweredSql;

    #[test]
    fn literal_arguments_become_quantities() {
        for (written, sql) in [
            ("select q_mul(amount, 0.1) from t", "select q_mul(amount, q('0.1')) from t"),
            ("select q_mul(-.5, 1_000.) from t", "select q_mul(q('-0.5'), q('1000')) from t"),
            ("select q_convert(a, '1.25 USD/GBP')", "select q_convert(a, q('1.25 USD/GBP'))"),
            ("select q_round(q_div(a, 1e3), -6)", "select q_round(q_div(a, q('1e3')), -6)"),
            ("select q(0.5, 'GBP'), q('5 GBP')", "select q('0.5', 'GBP'), q('5 GBP')"),
            ("select q_mul(a, 2), q_mul(a, 0.5 * 2), 0.5, 'q_mul(a, 0.5)'", ""),
            ("select q_twice(0.5, 'x')", "select q_twice(q('0.5'), 'x')"),
        ] {
            assert_eq!(LoweredSql::new(written, &[], None).sql(), if sql.is_empty() { written } else { sql });
        }
    }

    /// Groups by the order in which they come.
    fn numbered(sql: &str) -> String {
        let (mut known, mut parts) = (vec!["0".to_owned()], sql.split("null, null, "));
        let mut written = parts.next().unwrap().to_owned();
        for part in parts {
            let (number, rest) = part.split_once(')').unwrap();
            if !known.iter().any(|known| known == number) {
                known.push(number.to_owned());
            }
            let at = known.iter().position(|known| known == number).unwrap();
            written += &format!("null, null, {at}){rest}");
        }
        written
    }

    #[test]
    fn a_call_without_a_unit_gets_an_identity_unless_the_unit_is_beside_it() {
        for (written, sql) in [
            ("q_amount(a)", "q_amount(a, null, null, 1)"),
            ("q_amount(a) > q_amount(b)", "q_amount(a, null, null, 1) > q_amount(b, null, null, 1)"),
            ("q_amount(a), q_amount(b)", "q_amount(a, null, null, 1), q_amount(b, null, null, 2)"),
            ("q_amount(a, 'GBP')", "q_amount(a, 'GBP')"),
            ("q_amount(a), q_unit(a) from t", "q_amount(a, null, null, 0), q_unit(a) from t"),
            ("q_amount(a), q_unit(b) from t", "q_amount(a, null, null, 1), q_unit(b) from t"),
            ("q_unit(a) from t where q_amount(a) > 5", "q_unit(a) from t where q_amount(a, null, null, 1) > 5"),
            ("x from t order by q_unit(a), q_amount(a)", "x from t order by q_unit(a), q_amount(a, null, null, 0)"),
            ("x from t order by q_amount(a), q_unit(a)", "x from t order by q_amount(a, null, null, 1), q_unit(a)"),
            ("x from t group by q_amount(a), q_unit(a)", "x from t group by q_amount(a, null, null, 0), q_unit(a)"),
        ] {
            assert_eq!(
                numbered(&LoweredSql::new(&format!("select {written}"), &[], None).sql()),
                format!("select {sql}")
            );
        }
    }

    #[test]
    fn offsets_and_names_are_mapped_back() {
        let lowered = LoweredSql::new("select q_mul(a, 0.1), q_amount(b), c", &[], None);
        let sql = lowered.sql();
        for word in ["a,", "b", "c"] {
            let [there, here] = [&*sql, lowered.written].map(|text| text.rfind(word).unwrap());
            assert_eq!(lowered.offset(there), here, "{word}");
        }
        assert_eq!(lowered.column(&sql[sql.find("q_amount").unwrap()..sql.len() - 3]), "q_amount(b)");
        assert_eq!(lowered.column("q_mul(a, q('0.1'))"), "q_mul(a, 0.1)");
        assert_eq!(lowered.only_literal(), Some(16..19));
    }
}
