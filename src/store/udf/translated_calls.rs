//! Tests of the functions of translated statements as SQL calls them, on the bundled book: their answers, their errors with the
//! site, and their remarks. A quantity of a source is written in `«»`.

use super::{Failure, GapCount, LiteralArguments, Remarks};
use crate::store::{Book, open};
use rusqlite::types::Value;
use std::sync::Arc;

/// A statement with its quantities tagged.
fn tagged(book: &Book, sql: &str) -> String {
    let mut parts = sql.split('«');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (quantity, rest) = part.split_once('»').unwrap();
        text.push_str(&format!("'{}'{rest}", book.tagged(quantity)));
    }
    text
}

/// The values of a query, row by row, each in the text form or as SQL writes it; or the message, help and site of its error.
fn run(book: &Book, sql: &str, literals: &LiteralArguments) -> Result<Vec<String>, String> {
    let shown = |value: Value| match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(whole) => whole.to_string(),
        Value::Real(real) => format!("{real:?}"),
        Value::Text(text) => book.untagged(&text).map_or_else(|| format!("'{text}'"), str::to_owned),
        Value::Blob(bytes) => format!("{} bytes", bytes.len()),
    };
    let text = tagged(book, sql);
    let read = || {
        book.privileged(|connection| {
            let mut statement = connection.prepare(&text)?;
            statement.query_map([], |row| row.get::<_, Value>(0))?.collect::<rusqlite::Result<Vec<Value>>>()
        })
    };
    match book.run_step(Some(&Arc::new(literals.clone())), read) {
        Ok(values) => Ok(values.into_iter().map(shown).collect()),
        Err(error) => Err(match book.take_function_error() {
            Some(found) => match found.cause {
                Failure::BuiltIn(cause) => {
                    format!("{} | {} | {:?}", cause.message(), cause.help_in_sql().unwrap_or_default(), found.site)
                }
                Failure::Script(error) => error.to_string(),
            },
            None => format!("{error}"),
        }),
    }
}

#[track_caller]
fn check(cases: &[(&str, &str)]) -> Remarks {
    let book = open(None).unwrap();
    for (expression, expected) in cases {
        let values = run(&book, &format!("select {expression}"), &LiteralArguments::default());
        assert_eq!(values.map(|values| values.join(" | ")), Ok((*expected).to_owned()), "{expression}");
    }
    book.take_remarks()
}

#[track_caller]
fn refused(sql: &str, message: &str, help: &str, site: usize) {
    let error = run(&open(None).unwrap(), sql, &LiteralArguments::default()).unwrap_err();
    assert!(error.starts_with(message), "{sql}: {error}");
    assert!(error.contains(help) && error.ends_with(&format!("| Some({site})")), "{sql}: {error}");
}

/// Rows of one column `a`.
fn rows(values: &[&str]) -> String {
    let values: Vec<String> = values.iter().map(|value| format!("({value})")).collect();
    format!("with t(a) as (values {})", values.join(", "))
}

#[track_caller]
fn check_rows(values: &[&str], expression: &str, expected: &str) -> Remarks {
    let book = open(None).unwrap();
    let sql = format!("{} select {expression} from t", rows(values));
    let found = run(&book, &sql, &LiteralArguments::default());
    assert_eq!(found.map(|values| values.join(" | ")), Ok(expected.to_owned()), "{sql}");
    book.take_remarks()
}

#[test]
fn arithmetic_is_exact_and_null_gives_null() {
    let remarks = check(&[
        ("pledgebook_add(1, «1 GBP [F29]», «2 GBP [F30]»)", "3 GBP [F29 F30]"),
        ("pledgebook_add(1, «1 GBP [F29]», 0)", "1 GBP [F29]"),
        ("pledgebook_sub(1, 0, «1 GBP [F29]»)", "-1 GBP [F29]"),
        ("pledgebook_add(1, «1 GBP [F29]», q('0.0'))", "1 GBP [F29]"),
        ("pledgebook_add(1, NULL, «1 GBP»)", "NULL"),
        ("pledgebook_mul(1, «10 GBP [F29]», q('0.05'))", "0.5 GBP [F29; given=0.05]"),
        ("pledgebook_div(1, «10 GBP [F29]», 4)", "2.5 GBP [F29]"),
        ("pledgebook_div(1, «10 GBP», 0)", "NULL"),
        ("pledgebook_div(1, «unknown(not_stated) GBP», «0 missile»)", "NULL"),
        ("pledgebook_neg(1, «10 GBP»)", "-10 GBP"),
        ("pledgebook_neg(1, NULL)", "NULL"),
        ("pledgebook_round(1, «2.55 GBP», 1)", "≈2.6±5e-2 GBP"),
        ("pledgebook_round(1, «2 GBP», 99)", "2 GBP"),
        ("pledgebook_round(1, «2555 GBP», -2)", "≈2600±45e-0 GBP"),
        ("pledgebook_abs(1, «-5..<-3 GBP»)", "3<..5 GBP"),
        ("pledgebook_abs(1, «-5..0 GBP»)", "0..5 GBP"),
        ("pledgebook_abs(1, «-5<..3 GBP»)", "0..<5 GBP"),
        ("pledgebook_abs(1, «-5<..5 GBP»)", "0..5 GBP"),
        ("pledgebook_abs(1, «<3 GBP»)", ">=0 GBP"),
        ("pledgebook_abs(1, «unknown(not_stated) GBP [U11]»)", "unknown(not_stated) GBP [U11]"),
        ("pledgebook_sign(1, «-5 GBP»)", "-1"),
        ("pledgebook_sign(1, «>5 GBP»)", "1"),
        ("pledgebook_sign(1, «-1..5 GBP»)", "NULL"),
    ]);
    assert_eq!((remarks.operators.divided_by_zero, remarks.operators.undecided), (2, 1));
}

#[test]
fn a_bare_number_beside_a_unit_is_refused_with_the_text_to_write() {
    let message = "100 has no unit, and beside it is 1 GBP";
    refused("select pledgebook_add(7, «1 GBP», 100)", message, "write `q('100 GBP')` in its place", 7);
    refused("select pledgebook_sub(7, 100, «1 GBP»)", message, "write `q('100 GBP')` in its place", 7);
    refused("select pledgebook_add(7, «1 GBP», «1 USD»)", "can't add `USD` to `GBP`", "q_convert", 7);
    refused("select pledgebook_add(7, «1 GBP», 'x')", "`+` does not take the text 'x'", "`q('x')`", 7);
    refused("select pledgebook_div(7, «1 GBP», «≈0±5e-1»)", "division by 0", "may be 0", 7);
}

#[test]
fn a_literal_is_given_at_its_own_site() {
    let book = open(None).unwrap();
    let mut literals = LiteralArguments::default();
    literals.insert("pledgebook_mul", Some(1), 2);
    literals.insert("pledgebook_greatest", Some(3), 2);
    let answer = |sql: &str| run(&book, sql, &literals).unwrap().join(" | ");
    assert_eq!(answer("select pledgebook_mul(1, «5 GBP [F29]», 3)"), "15 GBP [F29; given=3]");
    assert_eq!(answer("select pledgebook_mul(2, «5 GBP [F29]», 3)"), "15 GBP [F29]");
    assert_eq!(answer("select pledgebook_greatest(3, «5 GBP [F29]», 7)"), "7 GBP [given=7 GBP]");
    assert_eq!(answer("select pledgebook_greatest(4, «5 GBP [F29]», 7)"), "7 GBP");
}

#[test]
fn comparisons_are_1_0_or_null() {
    let remarks = check(&[
        ("pledgebook_gt(1, «5 GBP», 3)", "1"),
        ("pledgebook_lt(1, q('2.5'), «5 GBP»)", "1"),
        ("pledgebook_ge(1, «5 GBP», '5 GBP')", "1"),
        ("pledgebook_gt(2, «5 GBP», 0)", "1"),
        ("pledgebook_ge(2, «>=2 GBP», «2 GBP»)", "1"),
        ("pledgebook_gt(2, «>=2 GBP», «2 GBP»)", "NULL"),
        ("pledgebook_lt(2, «unknown(not_stated) GBP», «2 GBP»)", "NULL"),
        ("pledgebook_eq(2, «5 GBP», «5 USD»)", "0"),
        ("pledgebook_ne(2, «5 GBP», «unknown(not_stated) USD»)", "1"),
        ("pledgebook_eq(2, «0 GBP», 0)", "1"),
        ("pledgebook_eq(2, NULL, «5 GBP»)", "NULL"),
        ("pledgebook_between(2, «5 GBP», «1 GBP», «5 GBP»)", "1"),
        ("pledgebook_between(2, «5 GBP», «6 GBP», «unknown(not_stated) GBP»)", "0"),
        ("pledgebook_between(2, «5 GBP», NULL, «unknown(not_stated) GBP»)", "NULL"),
        ("pledgebook_in(2, «5 GBP», «6 GBP», «5 USD», «5.0 GBP»)", "1"),
        ("pledgebook_in(2, «5 GBP», «6 GBP», NULL)", "NULL"),
        ("pledgebook_in(2, «5 GBP», «6 GBP», «≈5 GBP»)", "NULL"),
    ]);
    let taken: Vec<String> = remarks.operators.taken_units.iter().map(ToString::to_string).collect();
    assert_eq!(taken, ["GBP"]);
    let counts = (remarks.operators.unknown_compared, remarks.operators.undecided, remarks.operators.units_compared);
    assert_eq!(counts, (2, 2, 3));
}

#[test]
fn a_bare_number_is_compared_in_one_unit_a_site() {
    let sql = |site: &str| format!("{} select pledgebook_gt({site}, a, 3) from t", rows(&["«5 EUR»", "«2 GBP»"]));
    let message = "3 has no unit, and is compared with values in `EUR` and in `GBP`";
    refused(&sql("4"), message, "`q('3 EUR')`", 4);
    refused("select pledgebook_lt(5, «1 GBP», «1 USD»)", "can't compare `GBP` with `USD`", "q_convert", 5);
    refused("select pledgebook_lt(5, «1 GBP [@proposed]», «1 GBP [@delivered]»)", "a comparison would mix", "", 5);
    let zero = format!("{} select pledgebook_ge(4, a, 0) from t", rows(&["«5 EUR»", "«2 GBP»"]));
    assert_eq!(run(&open(None).unwrap(), &zero, &LiteralArguments::default()).unwrap(), ["1", "1"]);
}

#[test]
fn values_are_passed_on() {
    let remarks = check(&[
        ("pledgebook_nullif(1, «5 GBP [F29]», 5)", "NULL"),
        ("pledgebook_nullif(1, «5 GBP [F29]», «5 USD»)", "5 GBP [F29]"),
        ("pledgebook_nullif(1, «unknown(not_stated) GBP», «5 GBP»)", "unknown(not_stated) GBP"),
        ("pledgebook_least(1, «5 GBP [F29]», «3 GBP [F30]»)", "3 GBP [F30]"),
        ("pledgebook_least(1, «5 GBP [F29]», 0)", "0 GBP"),
        ("pledgebook_least(1, «5 GBP [F29]», NULL)", "NULL"),
        ("pledgebook_greatest(1, «5 GBP [F29]», «unknown(not_stated) GBP [U11]»)", "unknown(not_stated) GBP [F29 U11]"),
        ("pledgebook_of(1, «5 GBP [F29]»)", "5 GBP [F29]"),
        ("pledgebook_of(1, 0)", "0"),
        ("pledgebook_of(1, NULL)", "NULL"),
    ]);
    assert_eq!(remarks.operators.unknown_compared, 1);
    refused("select pledgebook_of(2, 'none')", "the text 'none' is among quantities", "a column of its own", 2);
    refused("select pledgebook_of(2, 5)", "5 has no unit, and is among quantities", "`q('5 UNIT')`", 2);
    let seen = format!("{} select pledgebook_of(2, a) from t", rows(&["«1 EUR»", "7"]));
    refused(&seen, "7 has no unit, and is among quantities", "write `q('7 EUR')` in its place", 2);
    check_rows(&["«2 [F29]»", "1"], "pledgebook_of(2, a)", "2 [F29] | 1");
}

#[test]
fn orders_are_those_of_quantities() {
    let values = ["«10 EUR»", "NULL", "«unknown(not_stated) EUR»", "«9.5 EUR»", "«-2..3 EUR»"];
    let ordered = |is_descending: u8, direction: &str| {
        format!("group_concat(q_text(a), ', ' order by pledgebook_order(1, a, {is_descending}, 1) {direction})")
    };
    let remarks = check_rows(&values, &ordered(0, ""), "'-2..3 EUR, 9.5 EUR, 10 EUR, unknown(not_stated) EUR'");
    assert_eq!((remarks.operators.placed_last, remarks.operators.placed_by_lower_end), (1, 1));
    check_rows(&values, &ordered(1, "desc"), "'10 EUR, 9.5 EUR, -2..3 EUR, unknown(not_stated) EUR'");
}

#[test]
fn a_second_unit_is_refused_where_there_is_a_first() {
    let mixed = ["«10 EUR»", "0", "«9 GBP»"];
    let remarks = check_rows(&["«10 EUR»", "«9 GBP»"], "typeof(pledgebook_order(1, a, 0, 0))", "'blob' | 'blob'");
    assert!(remarks.operators.ordered_by_unit);
    let sql = |expression: &str| format!("{} select {expression} from t", rows(&mixed));
    refused(
        &sql("pledgebook_order(1, a, 0, 1)"),
        "values in `EUR` and in `GBP` can't be ranked together",
        "q_unit(…) = 'EUR'",
        1,
    );
    refused(&sql("pledgebook_key(1, a, 1)"), "a 0 without unit may be among values", "`q('0 EUR')`", 1);
    refused(&sql("pledgebook_equality_key(1, a)"), "a 0 without unit may be among values", "`q('0 EUR')`", 1);
    refused(&sql("pledgebook_top_key(1, a, 0)"), "no row has the least or the greatest", "group by q_unit(…)", 1);
    check_rows(&["«10 EUR»", "«9 GBP»"], "count(distinct pledgebook_equality_key(1, a))", "2");
    check_rows(&["«0 EUR»", "«0 GBP»"], "count(distinct pledgebook_equality_key(1, a))", "2");
    check_rows(&["0", "«0 EUR»", "«5 EUR»"], "count(distinct pledgebook_equality_key(1, a))", "2");
    let remarks = check_rows(&["«unknown(conflict) EUR»", "«≈5 EUR»"], "pledgebook_equality_key(1, a)", "NULL | NULL");
    assert_eq!((remarks.operators.unknown_compared, remarks.operators.undecided), (1, 1));
}

#[test]
fn the_top_row_is_the_row_of_the_quantity() {
    let values = ["«10 EUR [F01]»", "«9 EUR [F02]»", "0"];
    let top = |of: &str| format!("pledgebook_top(1, {of}(pledgebook_top_key(1, a, {})))", u8::from(of == "min"));
    check_rows(&values, &top("max"), "10 EUR [F01]");
    check_rows(&values, &top("min"), "0 EUR");
    check_rows(&["NULL"], &top("min"), "NULL");
    let sql = |value: &str| format!("{} select {} from t", rows(&[value]), top("max"));
    let open = "which row has the least or the greatest value is open";
    refused(&sql("«unknown(not_stated) EUR»"), &format!("{open}: one is unknown: not stated (EUR)"), "q_is_unknown", 1);
    refused(&sql("«1..2 EUR»"), &format!("{open}: one is 1 to 2 EUR"), "q_lo(…) = q_hi(…)", 1);
}

#[test]
fn aggregates_are_null_of_no_rows_and_take_zeros() {
    for (name, empty) in [("sum", "NULL"), ("avg", "NULL"), ("min", "NULL"), ("median", "NULL"), ("total", "0")] {
        check_rows(&["NULL"], &format!("pledgebook_{name}(1, a)"), empty);
    }
    let values = ["«1 EUR [F01]»", "0", "«8 EUR [F02]»", "NULL"];
    for (name, expected) in [
        ("sum", "9 EUR [F01 F02]"),
        ("total", "9 EUR [F01 F02]"),
        ("avg", "3 EUR [F01 F02]"),
        ("min", "0 EUR"),
        ("max", "8 EUR [F02]"),
        ("median", "1 EUR [F01]"),
    ] {
        check_rows(&values, &format!("pledgebook_{name}(1, a)"), expected);
    }
    check_rows(&["«1 [F01]»", "«≈2±1e-1 [F02]»", "«≈2.1±5e-1 [F03]»"], "pledgebook_median(1, a)", "≈2±6e-1 [F02 F03]");
    check_rows(
        &["«3 EUR [F01]»", "«1 EUR [F02]»", "«unknown(conflict) EUR [U11]»"],
        "pledgebook_median(1, a)",
        "unknown(conflict) EUR [F01 F02 U11]",
    );
    check_rows(&["0", "0"], "pledgebook_sum(1, a)", "0");
    let twice = ["«5 EUR [F01]»", "«5.0 EUR [F02]»", "«7 EUR [F03]»", "0", "«0 EUR»"];
    check_rows(&twice, "pledgebook_sum_distinct(1, a)", "12 EUR [F01 F02 F03]");
    check_rows(&twice, "pledgebook_avg_distinct(1, a)", "4 EUR [F01 F02 F03]");
    let stages = ["«5 EUR [F01; @proposed]»", "«5 EUR [F02; @delivered]»"];
    check_rows(&stages, "pledgebook_same(1, a)", "5 EUR [F01 F02; @delivered+proposed]");
    check_rows(
        &["«1 EUR [F01]»", "«2 EUR [F02]»"],
        "pledgebook_sum(1, a) over (rows unbounded preceding)",
        "1 EUR [F01] | 3 EUR [F01 F02]",
    );
}

#[test]
fn aggregates_refuse_what_has_no_answer() {
    let sql = |name: &str, values: &[&str]| format!("{} select pledgebook_{name}(6, a) from t", rows(values));
    refused(&sql("sum", &["«1 EUR»", "5"]), "can't sum `EUR` and a plain number", "'EUR'", 6);
    refused(&sql("median", &["«1 EUR»", "«1..2 EUR»"]), "the `median` of ranges is open", "q_lo(…)", 6);
    refused(&sql("avg", &["«1 EUR»", "«1 GBP»"]), "can't sum `EUR` and `GBP`", "", 6);
    refused(&sql("sum_distinct", &["«1 EUR»", "«1 GBP»"]), "can't sum `EUR` and `GBP`", "", 6);
    refused(&sql("max", &["1.5"]), "`max` does not take the REAL 1.5", "`q('0.5')`", 6);
}

#[test]
fn unknown_rows_that_leave_an_aggregate_open_are_counted() {
    let values = ["«1 EUR»", "«unknown(not_stated) EUR»", "NULL", "«2 EUR»"];
    let remarks = check_rows(&values, "pledgebook_sum(9, a)", "unknown(not_stated) EUR");
    let open: Vec<_> = remarks.gaps.open().map(|(place, rows)| (place.site, place.call, *rows)).collect();
    assert_eq!(open, [(Some(9), "sum(", GapCount { unknown: 1, all: 3, nulls: 1, is_open: true })]);
    let over = "q_max(a) over (rows between unbounded preceding and current row)";
    let unknown = "unknown(not_stated) EUR";
    let remarks = check_rows(&values, over, &["1 EUR", unknown, unknown, unknown].join(" | "));
    let open: Vec<_> = remarks.gaps.open().map(|(place, rows)| (place.site, place.call, *rows)).collect();
    assert_eq!(open, [(None, "q_max(", GapCount { unknown: 1, all: 3, nulls: 1, is_open: true })]);
    assert_eq!(check_rows(&values, "q_sum_known(a)", "3 EUR [unknown_left_out=1]").gaps.open().count(), 0);
}
