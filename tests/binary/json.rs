//! What the program writes as JSON is as the schema says that it ships, and the standard result is the same in CSV.

use crate::binary::{answer, ask, long, scratch};
use jsonschema::Validator;
use pledgebook::script::library;
use pledgebook::table::json_schema;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;

/// Results of every kind of cell: bounds, ranges, unknowns, inexact and supposed numbers, mixed stages, REAL, NULL,
/// texts, blobs, names that stand twice, no rows.
const AWKWARD: &[&str] = &[
    "rounding_range(F29) / F30",
    "rounding_range(F29) / rounding_range(F30)",
    "[F29, F30, U11, F29 / F30, 7, 2.50, 1 / 3, true, \"text\"]",
    "U11 + U10",
    "percent(U16 / F29)",
    "q(\">5000 missile\")",
    "q(\"<=0.05 GBP\")",
    "q(\"-0.5\") * 3",
    "q(\"unknown(not_in_book) GBP\")",
    "F29 / q(\"3 GBP\")",
    "convert(F29, q(\"1.25 USD/GBP\")) * q(\"0.5\")",
    "F29 * F29 / F30",
    "[#{a: F29}, #{a: ()}]",
    "select 0.1 + 0.2, -1.5e300, 1e-300, 9007199254740993, x'0aff', null, '', 'a\"b', char(10) as two, 1 as n, 2 as n",
    "select * from facts",
    "select * from pledges",
    "select * from participants",
    "select * from event_order",
    "select * from unknowns",
    "select q('1 GBP [S1:1-90]') where 0",
    "select q_sum(amount) from pledges where id = 'PL9'",
    "select id from facts where 0",
];

/// The schema, or one of its parts.
fn schema(part: Option<&str>) -> Validator {
    schema_of(part, false)
}

/// The same of numbers as numbers.
fn schema_of(part: Option<&str>, has_numbers: bool) -> Validator {
    let mut schema: Value = serde_json::from_str(&json_schema(has_numbers)).expect("the schema is JSON");
    if let Some(part) = part {
        let root = schema.as_object_mut().expect("the schema is an object");
        root.remove("anyOf");
        root.insert("$ref".to_owned(), json!(format!("#/$defs/{part}")));
    }
    jsonschema::draft202012::meta::validate(&schema).expect("the schema is one");
    jsonschema::validator_for(&schema).expect("the schema compiles")
}

/// The documents of an output, one a line, each checked.
#[track_caller]
fn checked(asked: &str, output: &str, validator: &Validator) -> Vec<Value> {
    let document = |line: &str| -> Value {
        let document = serde_json::from_str(line).unwrap_or_else(|error| panic!("{asked}: {error}: {line}"));
        if let Err(error) = validator.validate(&document) {
            panic!("{asked}: {error} at {}:\n{line}", error.instance_path());
        }
        document
    };
    output.lines().map(document).collect()
}

/// What the command line of an example prints, with options before it.
fn example(directory: &Path, options: &str, script: &str, arguments: &str) -> String {
    let line = format!("pledgebook {options} run {script} {arguments}");
    let mut shell = scratch::command("sh", directory);
    let answer = answer(shell.arg("-c").arg(&line).stdin(Stdio::null()).output().expect("there is a shell"));
    assert_eq!(answer.code, Some(0), "{line}: {answer:?}");
    answer.out
}

/// The examples of the library: the script, and the words behind its name.
fn examples() -> Vec<(String, String)> {
    let scripts = library::all().expect("the library's headers can be read");
    let of_script = |script: library::Script| {
        let name = script.header.name.clone();
        script.header.examples.into_iter().map(move |example| (name.clone(), example.arguments))
    };
    scripts.into_iter().flat_map(of_script).collect()
}

#[test]
fn the_program_prints_its_schema() {
    let answer = ask(&scratch::directory("json_schema"), &["json-schema"]);
    assert_eq!((answer.code, answer.out), (Some(0), json_schema(false)));
}

#[test]
fn every_example_of_the_library_is_as_the_schema_says() {
    let directory = scratch::directory("json_library");
    let (results, rows) = (schema(Some("result")), schema(Some("row")));
    for (place, (script, arguments)) in examples().into_iter().enumerate() {
        // The usual run supposes something of every other example.
        for (turn, supposed) in ["", "--assume F30=4500 --assume F29=2bn"].into_iter().enumerate() {
            if !long::is_asked() && place % 2 != turn {
                continue;
            }
            let asked = format!("{script} {arguments} {supposed}");
            let as_json = example(&directory, &format!("--json {supposed}"), &script, &arguments);
            let as_lines = example(&directory, &format!("--format jsonl {supposed}"), &script, &arguments);
            let all: Vec<Value> = checked(&asked, &as_json, &results)
                .into_iter()
                .flat_map(|result| result.as_array().cloned().unwrap_or_default())
                .collect();
            assert_eq!(all, checked(&asked, &as_lines, &rows), "{asked}");
        }
    }
}

#[test]
fn awkward_values_are_as_the_schema_says() {
    let directory = scratch::directory("json_awkward");
    let (results, rows) = (schema(Some("result")), schema(Some("row")));
    let numbers = schema_of(Some("result"), true);
    for asked in AWKWARD {
        let answer = ask(&directory, &["--json", "-c", asked]);
        assert_eq!(answer.code, Some(0), "{asked}: {answer:?}");
        assert_eq!(checked(asked, &answer.out, &results).len(), 1, "{asked}");
        checked(asked, &ask(&directory, &["--format", "jsonl", "-c", asked]).out, &rows);
        checked(asked, &ask(&directory, &["--json", "--json-numbers", "-c", asked]).out, &numbers);
    }
}

#[test]
fn what_rows_may_rest_on_is_as_the_schema_says() {
    let directory = scratch::directory("json_assumed");
    let (results, rows) = (schema(Some("result")), schema(Some("row")));
    for (assumed, asked) in [
        ("A1", "select earlier, later from event_order"),
        ("A5", "select cost_coverage as assumptions from pledge_items"),
        ("A6", "select count(*) from participants"),
        ("A3=0.55..0.75", "select actor, number from participants"),
        ("F30=>5,000", "select id, quantity from figures"),
        ("F30=4500", "F30.amount"),
        ("F30=4500", "[#{n: F30.amount, q: F29}]"),
        ("A4=1.25 USD/GBP", "convert(F29, \"USD\").amount"),
    ] {
        let answer = ask(&directory, &["--json", "--assume", assumed, "-c", asked]);
        assert_eq!(answer.code, Some(0), "{assumed}, {asked}: {answer:?}");
        let result = checked(asked, &answer.out, &results).remove(0);
        let named = |row: &Value| {
            let last = row.as_object().and_then(|row| row.iter().find(|(name, _)| name.starts_with("assumptions")));
            let last = row.get("assumptions_2").or(last.map(|(_, value)| value));
            last.and_then(Value::as_object).is_some_and(|named| !named.is_empty())
        };
        let all = result.as_array().expect("a result is an array");
        assert!(all.iter().any(named), "{assumed}, {asked}: {answer:?}");
        checked(asked, &ask(&directory, &["--format", "jsonl", "--assume", assumed, "-c", asked]).out, &rows);
    }
}

#[test]
fn a_checked_figure_is_as_the_schema_says() {
    let directory = scratch::directory("json_check");
    let (results, verdicts) = (schema(Some("result")), schema(Some("verdicts")));
    for figure in ["£320,000 per missile", "5,000 missiles", "£1.5bn", "£3", "£0.3m per missile", "50%", "2 states"]
    {
        let answer = ask(&directory, &["--json", "check", figure]);
        assert!(!checked(figure, &answer.out, &results).is_empty(), "{figure}: {answer:?}");
        checked(figure, &answer.out, &verdicts);
    }
    for options in [&["£1.6bn", "£5 missiles", "£999bn"][..], &["4,000 missiles", "£3", "--assume", "F30=4000"]] {
        let answer = ask(&directory, &[&["--json", "check"], options].concat());
        assert_eq!(answer.code, Some(5), "{answer:?}");
        checked("several figures", &answer.out, &verdicts);
    }
}

#[test]
fn errors_are_as_the_schema_says() {
    let directory = scratch::directory("json_errors");
    let failures = schema(Some("failure"));
    for asked in ["select nowhere from pledges", "F29 + F30", "throw \"a\\nb\"", ".nothing", "expect(1 == 2, \"x\")"] {
        let answer = ask(&directory, &["--errors", "json", "-c", asked]);
        assert_eq!(checked(asked, &answer.err, &failures).len(), 1, "{asked}: {answer:?}");
    }
}

#[test]
fn what_breaks_the_contract_is_refused() {
    let all = schema(None);
    let amount = json!({"value": "1.5", "unit": "GBP", "stage": [], "facts": ["F29"]});
    assert!(all.is_valid(&json!([{ "amount": amount }])));
    let mut number = amount.clone();
    number["value"] = json!(1.5);
    assert!(schema_of(None, true).is_valid(&json!([{ "amount": number }])));
    for (member, value) in [
        ("value", json!(1.5)),
        ("value", json!("1.50")),
        ("value", json!("-0")),
        ("value", json!(null)),
        ("facts", json!(["29"])),
        ("unit", json!("£")),
        ("unknown", json!(["not_stated"])),
        ("lo", json!("1")),
        ("exact", json!(true)),
        ("assumptions", json!({})),
        ("note", json!("mine")),
    ] {
        let mut changed = amount.clone();
        changed[member] = value.clone();
        assert!(!all.is_valid(&json!([{ "amount": changed }])), "{member}: {value}");
    }
    let mut unknown = json!({"value": null, "unit": null, "stage": [], "facts": [], "unknown": ["not_stated"]});
    assert!(all.is_valid(&json!([{ "amount": unknown }])));
    unknown["value"] = json!("0");
    assert!(!all.is_valid(&json!([{ "amount": unknown }])), "an unknown is not 0");
}

#[test]
fn the_standard_result_is_the_same_in_json_and_csv() {
    let directory = scratch::directory("json_metrics");
    let metrics = schema(Some("metrics"));
    let mut found = 0;
    for (script, arguments) in examples() {
        let as_json = example(&directory, "--json", &script, &arguments);
        for result in as_json.lines().filter(|line| line.starts_with("[{\"metric\":")) {
            found += 1;
            let rows = checked(&script, result, &metrics).remove(0);
            let as_csv = example(&directory, "--csv", &script, &arguments);
            let mut lines = as_csv.lines();
            // What a row supposes is the last column, where anything is supposed.
            let names: Vec<&str> = ["metric", "value", "range", "stage", "note", "assumptions"]
                .into_iter()
                .filter(|name| rows[0].get(name).is_some())
                .collect();
            let heading: Vec<String> = names.iter().flat_map(|name| columns(name)).collect();
            // Tables that are shown come first.
            assert!(lines.any(|line| line == heading.join(",")), "{script}:\n{as_csv}");
            for row in rows.as_array().expect("a result is an array") {
                let cells = names.iter().flat_map(|column| match *column {
                    "assumptions" => vec![supposed(&row[*column])],
                    _ => in_csv(column, &row[*column]),
                });
                let cells: Vec<String> = cells.collect();
                assert_eq!(lines.next(), Some(cells.join(",").as_str()), "{script}");
            }
        }
    }
    assert!(found > 6, "{found}");
}

/// The columns of CSV for one of the standard result.
fn columns(name: &str) -> Vec<String> {
    let parts = ["", "_unit", "_stage", "_facts", "_assumptions"];
    let count = if matches!(name, "value" | "range") { parts.len() } else { 1 };
    parts[..count].iter().map(|part| format!("{name}{part}")).collect()
}

/// A cell of JSON as the cells of CSV: a quantity in its text form, part by part.
fn in_csv(column: &str, cell: &Value) -> Vec<String> {
    let Some(quantity) = cell.as_object() else {
        let text = cell.as_str().unwrap_or_default();
        let quoted =
            if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() };
        return columns(column)
            .into_iter()
            .enumerate()
            .map(|(at, _)| if at == 0 { quoted.clone() } else { String::new() })
            .collect();
    };
    let text = |name: &str| quantity.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let list = |name: &str, separator: &str| {
        let items = quantity.get(name).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).collect::<Vec<_>>().join(separator)
    };
    let value = if quantity.contains_key("unknown") {
        format!("unknown({})", list("unknown", ","))
    } else if quantity.contains_key("lo") {
        let open = |name: &str| if quantity[name] == json!(true) { "<" } else { "" };
        format!("{}{}..{}{}", text("lo"), open("lo_open"), open("hi_open"), text("hi"))
    } else {
        let mark = if quantity.contains_key("exact") { "≈" } else { "" };
        format!("{mark}{}", text("value"))
    };
    let supposed = quantity.get("assumptions").map(supposed).unwrap_or_default();
    vec![value, text("unit"), list("stage", "+"), list("facts", " "), supposed]
}

/// Assumptions of JSON as a cell of CSV.
fn supposed(assumptions: &Value) -> String {
    let each = assumptions.as_object().into_iter().flatten();
    let each = each.map(|(name, values)| format!("{name}={}", values[0].as_str().unwrap_or_default()));
    each.collect::<Vec<_>>().join("; ")
}
