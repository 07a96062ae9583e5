//! The operators, comparisons and aggregates of SQL in the place of the functions that do the same: `x + y` where `q_add(x, y)` is
//! written, `x < y` for `q_cmp(x, y) < 0`, `sum(x)` for `q_sum(x)`.

/// The functions of two, and their operators.
const OPERATORS: [(&str, &str); 4] = [("q_add", "+"), ("q_sub", "-"), ("q_mul", "*"), ("q_div", "/")];

/// The comparisons of `q_cmp` with 0.
const COMPARISONS: [&str; 6] = ["<", "<=", "=", "<>", ">=", ">"];

/// The aggregates that both have.
const AGGREGATES: [&str; 4] = ["sum", "avg", "min", "max"];

/// A statement with operators; the same text where it calls none of those functions.
pub(crate) fn with_operators(sql: &str) -> String {
    let mut text =
        AGGREGATES.iter().fold(sql.to_owned(), |text, name| text.replace(&format!("q_{name}("), &format!("{name}(")));
    let compared: Vec<usize> = text.match_indices("q_cmp(").map(|(at, _)| at).collect();
    for at in compared.into_iter().rev() {
        let (arguments, end) = arguments(&text, at + "q_cmp(".len());
        // What is only shown stays a function.
        let Some((how, rest)) = text[end..].trim_start().split_once(" 0").filter(|(how, _)| COMPARISONS.contains(how))
        else {
            continue;
        };
        let comparison = format!("({} {how} {}){rest}", arguments[0], arguments[1]);
        text.replace_range(at.., &comparison);
    }
    // The last call has none of them in it.
    while let Some((at, name)) = calls(&text).max() {
        let (arguments, end) = arguments(&text, at + name.len() + 1);
        let operator = OPERATORS.iter().find(|(known, _)| *known == name).map(|(_, operator)| *operator);
        let written = match (&arguments[..], operator) {
            ([left, right], Some(operator)) => format!("({left} {operator} {right})"),
            ([operand], None) if name == "q_neg" => format!("(- {operand})"),
            _ => format!("round({})", arguments.join(",")),
        };
        text.replace_range(at..end, &written);
    }
    text
}

/// The calls of these functions, by their places.
fn calls(text: &str) -> impl Iterator<Item = (usize, &'static str)> {
    let names = OPERATORS.iter().map(|(name, _)| *name).chain(["q_neg", "q_round"]);
    names.filter_map(|name| Some((text.rfind(&format!("{name}("))?, name)))
}

/// The arguments from a place behind a parenthesis on, and the place behind the one that closes it.
fn arguments(text: &str, start: usize) -> (Vec<&str>, usize) {
    let (mut depth, mut from, mut found) = (0, start, Vec::new());
    for (at, byte) in text.bytes().enumerate().skip(start) {
        match byte {
            b'(' => depth += 1,
            b',' if depth == 0 => {
                found.push(&text[from..at]);
                from = at + 1;
            }
            b')' if depth == 0 => {
                found.push(&text[from..at]);
                return (found, at + 1);
            }
            b')' => depth -= 1,
            _ => {}
        }
    }
    panic!("a call is not closed: {text}")
}

#[test]
fn calls_become_operators() {
    for (functions, operators) in [
        ("select q_add(x, q_mul(y, 2)) from t", "select (x +  (y *  2)) from t"),
        ("select q_neg(q_round(x, 2)), q_sum(x)", "select (- round(x, 2)), sum(x)"),
        ("select k where q_cmp(x, y) = 0 or q_cmp(y, x) < 0", "select k where (x =  y) or (y <  x)"),
        ("select id", "select id"),
    ] {
        assert_eq!(with_operators(functions), operators);
    }
}
