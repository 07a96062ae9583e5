//! Lowers a statement to what the functions of quantities take: a number with a point and a text that are written out as a
//! quantity are said to be one, with all their digits, and each call of `q_amount` without a unit is told apart from the others.
//! What a person sees is the statement as it was written: places and names of columns are led back to it.

use super::lex::TokenKind;
use super::operands::Words;
use crate::store::udf::{self, FunctionKind};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

/// A piece of the statement and what stands there for SQLite.
struct Edit {
    written: Range<usize>,
    lowered: String,
}

/// A statement as SQLite gets it.
pub(super) struct Lowered<'s> {
    written: &'s str,
    edits: Vec<Edit>,
}

impl<'s> Lowered<'s> {
    pub(super) fn new(written: &'s str) -> Self {
        let calls_any = written.contains(['q', 'Q']) && written.contains('(');
        let edits = if calls_any { edits(&Words::new(written)) } else { Vec::new() };
        Self { written, edits }
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

    /// The place in the written statement of a byte of the lowered one.
    pub(super) fn offset(&self, lowered: usize) -> usize {
        let mut grown = 0;
        for edit in &self.edits {
            let start = edit.written.start + grown;
            if lowered < start {
                break;
            }
            if lowered < start + edit.lowered.len() {
                return edit.written.start;
            }
            grown = grown + edit.lowered.len() - edit.written.len();
        }
        lowered - grown
    }

    /// An error of `prepare` with its place led back.
    pub(super) fn error(&self, error: rusqlite::Error) -> rusqlite::Error {
        match error {
            rusqlite::Error::SqlInputError { error, msg, sql, offset } => {
                let offset = usize::try_from(offset).map_or(-1, |at| i32::try_from(self.offset(at)).unwrap_or(-1));
                rusqlite::Error::SqlInputError { error, msg, sql, offset }
            }
            other => other,
        }
    }

    /// The name of a column, which is its expression where it has no other.
    pub(super) fn column(&self, name: &str) -> String {
        let back = |name: String, edit: &Edit| name.replace(&edit.lowered, &self.written[edit.written.clone()]);
        self.edits.iter().fold(name.to_owned(), back)
    }

    /// The place of the only piece that was said to be a quantity, for an error about it.
    pub(super) fn only_literal(&self) -> Option<Range<usize>> {
        let mut literals = self.edits.iter().filter(|edit| !edit.written.is_empty());
        literals.next().filter(|_| literals.next().is_none()).map(|edit| edit.written.clone())
    }
}

fn edits(words: &Words<'_>) -> Vec<Edit> {
    let (mut found, mut groups, count) = (Vec::new(), BTreeMap::new(), words.count());
    for at in (0..words.count()).filter(|at| words.word(at + 1) == "(") {
        let name = words.word(at);
        let Some(taken) = quantity_arguments(&name) else { continue };
        let Some((arguments, end)) = words.arguments(at + 1) else { continue };
        found.extend(arguments.iter().take(taken).filter_map(|argument| literal(words, argument, &name)));
        if name == "q_amount" && arguments.len() == 1 {
            let close = words.bytes(&(end - 1..end)).start;
            // Two that are compared or added up must have one unit, whatever rows they meet.
            let other = at.checked_sub(1).filter(|before| ALIKE.contains(&&*words.word(*before)));
            let group = *other.and_then(|other| groups.get(&other)).unwrap_or(&at);
            groups.insert(end, group);
            let is_free = is_beside_unit(words, at, &arguments[0]);
            let place = if is_free { 0 } else { place(words.text(&(0..count)), group) };
            found.push(Edit { written: close..close, lowered: format!(", null, null, {place}") });
        }
    }
    found.sort_by_key(|edit| edit.written.start);
    found
}

/// Operators whose sides have one unit.
const ALIKE: [&str; 10] = ["<", "<=", ">", ">=", "=", "==", "<>", "!=", "+", "-"];

/// A number for a group of calls within a statement, which none in a view that it reads has.
fn place(sql: &str, group: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    (sql, group).hash(&mut hasher);
    1 + hasher.finish() % (1 << 30)
}

/// How many of a function's first arguments are quantities; `None` for one that takes none.
fn quantity_arguments(name: &str) -> Option<usize> {
    match (name, udf::find(name).map(|function| function.kind)) {
        ("q" | "q_neg" | "q_round", _) => Some(1),
        ("q_add" | "q_sub" | "q_mul" | "q_div" | "q_convert" | "q_cmp", _) => Some(2),
        (_, Some(FunctionKind::Quantity | FunctionKind::PartOfQuantity)) => Some(1),
        (_, None) if udf::gives_quantities(name) => Some(usize::MAX),
        _ => None,
    }
}

/// A literal that is the whole of an argument: a decimal, with its digits as they are written, or a text.
fn literal(words: &Words<'_>, argument: &Range<usize>, function: &str) -> Option<Edit> {
    let last = argument.end.checked_sub(1).filter(|last| argument.contains(last))?;
    let sign = match (argument.len(), words.word(argument.start).as_str()) {
        (1, _) | (2, "+") => "",
        (2, "-") => "-",
        _ => return None,
    };
    let text = words.text(&(last..argument.end));
    let lowered = match words.kind(last)? {
        TokenKind::Number => format!("'{sign}{}'", decimal(text)?),
        // Of a script's function it is not known which arguments are texts.
        TokenKind::Text if argument.len() == 1 && function != "q" && udf::find(function).is_some() => text.to_owned(),
        _ => return None,
    };
    let lowered = if function == "q" { lowered } else { format!("q({lowered})") };
    Some(Edit { written: words.bytes(argument), lowered })
}

/// A number with a point or an exponent as the text form has it.
fn decimal(written: &str) -> Option<String> {
    let is_decimal = written.contains(['.', 'e', 'E']) && !written.starts_with("0x") && !written.starts_with("0X");
    let digits = written.replace('_', "").to_ascii_lowercase();
    let (mantissa, power) =
        digits.split_once('e').map_or((&*digits, String::new()), |(mantissa, power)| (mantissa, format!("e{power}")));
    let mantissa =
        if mantissa.starts_with('.') { format!("0{mantissa}") } else { mantissa.trim_end_matches('.').to_owned() };
    is_decimal.then(|| format!("{mantissa}{power}"))
}

/// Whether `q_unit` of the same quantity stands beside a call in its list: before it in an order, anywhere in a list of columns
/// or groups of a statement that has no order. Then each number is seen, and sorted, with its unit.
fn is_beside_unit(words: &Words<'_>, at: usize, argument: &Range<usize>) -> bool {
    let of = words.text(argument);
    let is_unit = |place: usize| {
        words.word(place) == "q_unit"
            && words.arguments(place + 1).is_some_and(|(found, _)| found.len() == 1 && words.text(&found[0]) == of)
    };
    let (mut depth, mut place, mut is_before) = (0_usize, at, false);
    let clause = loop {
        let Some(before) = place.checked_sub(1) else { break String::new() };
        place = before;
        match words.word(place).as_str() {
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
    let is_order = clause == "by" && place.checked_sub(1).is_some_and(|before| words.word(before) == "order");
    let is_after = || (at..words.count()).take_while(|place| words.word(*place) != "from").any(is_unit);
    let order = (0..words.count()).rfind(|place| words.word(*place) == "order");
    let is_sorted = || order.is_some_and(|order| !(order..words.count()).any(is_unit));
    match clause.as_str() {
        "by" if is_order => is_before,
        "by" => is_before || is_after(),
        "select" => (is_before || is_after()) && !is_sorted(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::Lowered;

    #[test]
    fn literals_of_quantities_are_said_to_be_some() {
        for (written, sql) in [
            ("select q_mul(amount, 0.1) from t", "select q_mul(amount, q('0.1')) from t"),
            ("select q_mul(-.5, 1_000.) from t", "select q_mul(q('-0.5'), q('1000')) from t"),
            ("select q_convert(a, '1.25 USD/GBP')", "select q_convert(a, q('1.25 USD/GBP'))"),
            ("select q_round(q_div(a, 1e3), -6)", "select q_round(q_div(a, q('1e3')), -6)"),
            ("select q(0.5, 'GBP'), q('5 GBP')", "select q('0.5', 'GBP'), q('5 GBP')"),
            ("select q_mul(a, 2), q_mul(a, 0.5 * 2), 0.5, 'q_mul(a, 0.5)'", ""),
            ("select q_twice(0.5, 'x')", "select q_twice(q('0.5'), 'x')"),
        ] {
            assert_eq!(Lowered::new(written).sql(), if sql.is_empty() { written } else { sql });
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
    fn a_call_without_a_unit_is_told_apart_unless_the_unit_stands_beside() {
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
            assert_eq!(numbered(&Lowered::new(&format!("select {written}")).sql()), format!("select {sql}"));
        }
    }

    #[test]
    fn places_and_names_are_led_back() {
        let lowered = Lowered::new("select q_mul(a, 0.1), q_amount(b), c");
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
