//! Whole results as people see them: tables, markdown and single values.

use super::fixture::{facts, header, hostile, metric, note, quantity, result, style, text, written};
use super::{Format, Style};
use crate::sql::{Cell, Header, Layout, Sink};
use rust_decimal::Decimal;

/// Compares with a block that begins on its own line.
#[track_caller]
fn check(format: Format, style: Style, work: impl FnOnce(&mut dyn Sink), expected: &str) {
    let (out, _) = written(format, style, work);
    assert_eq!(out, expected[1..], "got:\n{out}");
}

#[test]
fn a_metric_has_its_unit_and_its_reason_in_the_headings() {
    let expected = "
Pledged finance per missile: a quotient of two stated figures, not a price

 GBP/missile                    value  if £1.6bn is rounded  stage     facts
 ───────────────────────────  ───────  ────────────────────  ────────  ───────
 pledged finance per missile  320,000   310,000 to <330,000  proposed  F29 F30

 F29  ¶4.2   UK would provide export finance to Ukraine: £1.6 billion
 F30  ¶4.2   with its help Ukraine would acquire 5,000 additional missiles
             both proposed by Starmer, as S1 reports him
 not stated  whole cost or part (U17), approval (U18), delivery (U16)
";
    check(Format::Table, style(), metric, expected);
}

#[test]
fn metrics_of_several_units_and_reasons_say_them_row_by_row() {
    let metrics = |sink: &mut dyn Sink| {
        let rows = [
            vec![text("a"), quantity("2 GBP [F29]"), quantity("1..3 GBP [F29]"), Cell::Null, text("rounded")],
            vec![text("b"), quantity("unknown(not_stated) troop [U11]"), Cell::Null, Cell::Null, Cell::Null],
            vec![text("c"), quantity("≈0.25 [F30]"), quantity("0<..0.5 [F44]"), Cell::Null, text("guessed")],
        ];
        let names = ["metric", "value*", "range*", "stage", "note"];
        result(sink, &Header { layout: Layout::Metrics, ..header(&names) }, &rows, &[]);
    };
    let expected = "
 metric                value              range      facts           note
 ──────  ───────────────────────────  ─────────────  ──────────────  ───────
 a                         2 GBP         1 to 3 GBP  F29             rounded
 b       unknown: not stated (troop)                 U11
 c                     ≈0.25          >0 to 0.5      F30; range F44  guessed
";
    check(Format::Table, style(), metrics, expected);
}

#[test]
fn a_shared_unit_moves_into_the_heading_with_common_places() {
    let amounts = |sink: &mut dyn Sink| {
        let rows = [
            vec![
                Cell::Integer(2025),
                quantity("1600000000 GBP [F29]"),
                Cell::Decimal(Decimal::new(15, 1)),
                Cell::Real(0.5),
            ],
            vec![Cell::Integer(1), quantity("≈355555.5555 GBP [F29 F30]"), Cell::Null, Cell::Null],
            vec![Cell::Null, quantity("-0.5 GBP [F01 F02 F03 F04 F05]"), Cell::Decimal(Decimal::TEN), Cell::Real(1e20)],
            vec![Cell::Null, quantity("unknown(not_stated)"), Cell::Null, Cell::Null],
        ];
        result(sink, &header(&["year", "amount*", "factor", "real"]), &rows, &[]);
    };
    let expected = "
 year         amount (GBP)            factor      real
 ────  ─────────────────────────────  ──────  ────────
 2025     1,600,000,000.00 [F29]         1.5      ≈0.5
    1          ≈355,555.56 [F29 F30]    NULL      NULL
 NULL                -0.50 [5 facts]    10.0  ≈1.0e+20
 NULL  unknown: not stated              NULL      NULL
";
    check(Format::Table, style(), amounts, expected);
    let expected = "
 2025     1,600,000,000.00 GBP [F29]       1.5      ≈0.5
    1          ≈355,555.56 GBP [F29 F30]     -         -
    -                -0.50 GBP [5 facts]  10.0  ≈1.0e+20
    -  unknown: not stated                   -         -
";
    check(Format::Table, Style { header: false, null_text: Some("-".into()), ..style() }, amounts, expected);
}

#[test]
fn what_differs_stands_in_the_cells() {
    let expected = "
WHAT-IF  assumes rate = 1.25 USD/GBP  given 4,500 missile

 id                          amount
 ────  ──────────────────────────────────────────────────────────────────────────
 F29                  1,600,000,000 GBP         [F29; @proposed]
 F30            310,000 to <330,000 GBP/missile [F29 F30; @proposed; given; rate]
 U11   unknown: not stated, unnamed             [F38 U11]
 none                          NULL
 x                           ≈0.333
";
    check(Format::Table, style(), facts, expected);
    let staged = |sink: &mut dyn Sink| {
        let rows = [
            [quantity("1 GBP [F01; @proposed; given=1 GBP]")],
            [quantity("2 GBP [F02; @committed; given=2 GBP]")],
            [quantity("3 GBP")],
        ];
        result(sink, &header(&["amount*"]), &rows.map(Vec::from), &[]);
    };
    let expected = "
 amount (GBP)
 ────────────────────────────────
 1 [F01; @proposed; given 1 GBP]
 2 [F02; @committed; given 2 GBP]
 3
";
    check(Format::Table, style(), staged, expected);
}

/// A unit or a stage that is said once is said of every known cell, so that none may be without it.
#[test]
fn what_stands_among_quantities_takes_nothing_from_them() {
    let table = |cells: [Cell<'static>; 2]| {
        let work = |sink: &mut dyn Sink| result(sink, &header(&["value"]), &cells.map(|cell| vec![cell]), &[]);
        written(Format::Table, style(), work).0
    };
    let staged = || quantity("1600000000 GBP [F29; @proposed]");
    let shared = "
   value (GBP)
 ───────────────────
 1,600,000,000 [F29]
          NULL

 stage  proposed
";
    assert_eq!(table([staged(), Cell::Null]), shared[1..]);
    assert!(table([staged(), quantity("unknown(not_stated)")]).ends_with("\n\n stage  proposed\n"));
    for other in [Cell::Integer(1), text("x"), Cell::Truth(true), Cell::Decimal(Decimal::ONE), quantity("7")] {
        for cells in [[staged(), other.clone()], [other.clone(), staged()]] {
            let drawn = table(cells);
            assert!(!drawn.contains("(GBP)") && !drawn.contains("stage"), "{drawn}");
            assert!(drawn.contains("1,600,000,000 GBP [F29; @proposed]"), "{drawn}");
        }
    }
}

#[test]
fn hostile_text_stays_in_its_cell() {
    let expected = r#"
 text
 ────────────────
 \u{1b}[31mred
 a|b
 line\nfeed
 tab\there
 say "hi", please
 北京 q̃
 \u{202e}gpj.exe
 back\slash
 ""
 NULL
 "NULL"
 ""NULL""
 """"
"#;
    check(Format::Table, style(), hostile, expected);
}

#[test]
fn hostile_headings_titles_and_notes_are_visible_too() {
    let work = |sink: &mut dyn Sink| {
        let title = Some("a\u{1b}[2Jb".to_owned());
        let header = Header { title, ..header(&["x\ny|z", "item_count"]) };
        result(sink, &header, &[vec![text("_a_ <b> [c](d)"), Cell::Null]], &[note("F\n1", "¶1", "*x*\ty")]);
    };
    let expected = r"
a\u{1b}[2Jb

 x\ny|z          item_count
 ──────────────  ──────────
 _a_ <b> [c](d)  NULL

 F\n1  ¶1  *x*\ty
";
    check(Format::Table, style(), work, expected);
}

#[test]
fn a_long_table_shows_both_ends_and_says_so() {
    let long = |sink: &mut dyn Sink| {
        let rows: Vec<_> = (1..=1_234).map(|n| vec![Cell::Integer(n)]).collect();
        result(sink, &header(&["n"]), &rows, &[]);
    };
    let (out, _) = written(Format::Table, style(), long);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[..4], ["    n", " ────", "    1", "    2"]);
    assert_eq!(lines[21..24], ["   20", "    ·", " 1215"]);
    assert_eq!(
        lines[42..],
        [" 1234", " 1,234 rows (40 shown); .last shows all, --csv, --json or -o FILE.csv carry every row"]
    );
    assert_eq!(written(Format::Markdown, style(), long).0.lines().count(), 1_236);
}

#[test]
fn results_and_values_are_parted_and_print_goes_between() {
    let work = |sink: &mut dyn Sink| {
        sink.print("first").unwrap();
        result(sink, &header(&["n", "amount*"]), &[], &[]);
        sink.value(&quantity("320000 GBP/missile [F29 F30; @proposed]")).unwrap();
        sink.value(&Cell::Null).unwrap();
        sink.print("between").unwrap();
        sink.value(&quantity("2000000000 USD [F29; @proposed; rate=1.25 USD/GBP]")).unwrap();
        sink.value(&quantity("unknown(not_stated) troop [F38 U11]")).unwrap();
        sink.value(&text("two\nlines\u{1b}")).unwrap();
        sink.value(&text("")).unwrap();
        sink.value(&Cell::Real(0.1)).unwrap();
        sink.value(&Cell::Decimal(Decimal::new(12_345_675, 2))).unwrap();
    };
    let expected = "
first

 n  amount
 ─  ──────
 0 rows

320,000 GBP/missile  [F29 F30]  stage proposed

NULL

between

2,000,000,000 USD  [F29]  stage proposed  WHAT-IF  assumes rate = 1.25 USD/GBP

unknown: not stated (troop)  [F38 U11]

two
lines\\u{1b}

\"\"

≈0.1

123,456.75
";
    check(Format::Table, style(), work, expected);
}
