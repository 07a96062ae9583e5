//! A result for people: the rows that are kept while they arrive, and then the columns of finished text that every rendering
//! has in common.

use super::cell::{CellText, Escape, cell_scale, cell_text, heading_unit, references, shown, shown_places};
use crate::quantity::Scale;
use crate::sql::{Cell, Header, Layout, Note};
use crate::table::format::Style;
use crate::table::summary::{Common, Summary};
use std::collections::VecDeque;

/// A column of a table for people.
pub(super) struct DisplayColumn {
    /// The name, with the unit that all cells share.
    pub(super) heading: String,
    /// True if the column is right-aligned.
    pub(super) is_numeric: bool,
    /// The texts of the shown rows.
    pub(super) cells: Vec<CellText>,
}

/// The rows that are kept: all, or the first and last ones of a long result, in memory that does not grow with it.
pub(super) struct RowBuffer {
    /// The number of rows that are kept from the start and from the end; `None` keeps all.
    ends: Option<(usize, usize)>,
    head: Vec<Vec<Cell<'static>>>,
    tail: VecDeque<Vec<Cell<'static>>>,
    total: usize,
}

impl RowBuffer {
    /// Keeps `rows` rows, half of them from each end.
    pub(super) fn head_and_tail(rows: usize) -> Self {
        Self { ends: Some((rows.div_ceil(2), rows / 2)), ..Self::unlimited() }
    }

    /// Keeps every row.
    pub(super) fn unlimited() -> Self {
        Self { ends: None, head: Vec::new(), tail: VecDeque::new(), total: 0 }
    }

    /// Returns true if every row is kept.
    pub(super) fn keeps_all(&self) -> bool {
        self.ends.is_none()
    }

    /// The index of the kept row before which others are omitted.
    pub(super) fn gap(&self) -> Option<usize> {
        (self.total > self.kept()).then_some(self.head.len())
    }

    /// Adds a row; the oldest of the tail makes room, and its memory is used again.
    pub(super) fn push(&mut self, cells: &[Cell<'_>]) {
        self.total += 1;
        let owned = cells.iter().map(|cell| cell.clone().into_owned());
        let (first, last) = self.ends.unwrap_or((usize::MAX, 0));
        if self.head.len() < first {
            self.head.push(owned.collect());
            return;
        }
        if last == 0 {
            return;
        }
        let mut row = if self.tail.len() == last { self.tail.pop_front() } else { None }.unwrap_or_default();
        row.clear();
        row.extend(owned);
        self.tail.push_back(row);
    }

    /// The kept rows, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[Cell<'static>]> + Clone {
        self.head.iter().chain(&self.tail).map(Vec::as_slice)
    }

    /// The number of all rows.
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// The number of kept rows.
    pub(super) fn kept(&self) -> usize {
        self.head.len() + self.tail.len()
    }
}

/// A result while its rows arrive, and then as columns.
pub(super) struct BufferedResult {
    pub(super) header: Header,
    pub(super) summary: Summary,
    pub(super) rows: RowBuffer,
    pub(super) escape: Escape,
}

impl BufferedResult {
    pub(super) fn new(header: &Header, rows: RowBuffer, escape: Escape) -> Self {
        let mut summary = Summary::default();
        summary.assumptions.update(&header.assumed);
        Self { header: header.clone(), summary, rows, escape }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, cells: &[Cell<'_>]) {
        self.summary.update(cells);
        self.rows.push(cells);
    }

    /// A column without the unit in its heading and without references. Rows of one unit have the same decimal places.
    pub(super) fn column(&self, index: usize, style: &Style) -> DisplayColumn {
        let unit = self.summary.unit(index);
        let limit = |of: Option<&_>| of.and_then(|unit| style.places.limit(unit));
        let of_column = self.scale(index, style);
        let scale = |cell: &_| if unit.is_some() { of_column } else { cell_scale(cell, style) };
        let places_of =
            |cell: &Cell<'static>| shown_places(&shown(cell, scale(cell), style), limit(unit), scale(cell), style);
        let most = of_column.and(limit(unit)).unwrap_or(u32::MAX);
        // A small amount among millions has its own digits, and gives the others no zeros.
        let places = self.cells(index).map(|cell| places_of(cell).min(most)).max().unwrap_or(0);
        let places_of_small =
            |shown: &Cell<'_>| if of_column.is_some() { shown_places(shown, limit(unit), of_column, style) } else { 0 };
        let text = |cell: &Cell<'static>| {
            let scale = scale(cell);
            let cell = &*shown(cell, scale, style);
            let places = match cell {
                Cell::Quantity(quantity) if style.digits.significant.is_some() || unit.is_none() => {
                    shown_places(cell, limit(quantity.unit()), scale, style)
                }
                _ => places.max(places_of_small(cell)),
            };
            let mut text = cell_text(cell, places, scale, style, self.escape);
            if unit.is_some() && style.header {
                text.unit.clear();
            }
            text
        };
        let about = &self.header.columns[index];
        DisplayColumn {
            heading: (self.escape)(&about.name),
            is_numeric: about.is_quantity || self.is_numeric(index),
            cells: self.cells(index).map(text).collect(),
        }
    }

    /// The unit for the heading: the common one of all rows, unless it is that of plain numbers; with the scale of its numbers.
    pub(super) fn unit(&self, index: usize, style: &Style) -> Option<String> {
        let unit = self.summary.unit(index).filter(|unit| !unit.is_one())?;
        Some((self.escape)(&heading_unit(unit, self.scale(index, style))))
    }

    /// The scale of all money of a column of one unit; `None` if a number of it can't be printed so.
    fn scale(&self, index: usize, style: &Style) -> Option<Scale> {
        let is_money = self.summary.unit(index).is_some_and(|unit| style.places.is_money(unit));
        let scale = style.digits.scale.filter(|_| is_money)?;
        let is_counted = |cell: &Cell<'_>| match cell {
            Cell::Quantity(quantity) => scale.count(quantity.amount()).is_some(),
            _ => true,
        };
        self.cells(index).all(is_counted).then_some(scale)
    }

    /// The shown cells of a column.
    pub(super) fn cells(&self, index: usize) -> impl Iterator<Item = &Cell<'static>> + Clone {
        self.rows.iter().map(move |row| &row[index])
    }

    fn is_numeric(&self, index: usize) -> bool {
        let mut known = self.cells(index).filter(|cell| **cell != Cell::Null).peekable();
        known.peek().is_some() && known.all(|cell| !matches!(cell, Cell::Text(_) | Cell::Blob(_) | Cell::Truth(_)))
    }

    /// The lines above the table: its title, and the stamp of a result with assumptions.
    pub(super) fn lines_above(&self) -> Vec<String> {
        let lines = self.header.title.iter().cloned().chain(self.summary.assumptions.stamp());
        lines.map(|line| (self.escape)(&line)).collect()
    }

    /// The common stage of all figures as the first note; the metrics layout has a column for it.
    pub(super) fn stage_note(&self) -> Option<Note> {
        if self.header.layout == Layout::Metrics {
            return None;
        }
        let shared = self.summary.stages();
        let stages = shared.one().filter(|stages| !stages.is_empty())?;
        Some(Note::new("stage", "", &stages.to_string()))
    }
}

/// The columns of an ordinary result: a common unit in the heading, and the references of a quantity after its digits.
pub(super) fn plain_columns(result: &BufferedResult, style: &Style) -> Vec<DisplayColumn> {
    let has_stages = result.summary.stages() == Common::Several;
    (0..result.header.columns.len()).map(|index| plain_column(result, index, has_stages, style)).collect()
}

fn plain_column(result: &BufferedResult, index: usize, has_stages: bool, style: &Style) -> DisplayColumn {
    let mut column = result.column(index, style);
    if let (true, Some(unit)) = (style.header, result.unit(index, style)) {
        column.heading = format!("{} ({unit})", column.heading);
    }
    for (text, cell) in column.cells.iter_mut().zip(result.cells(index)) {
        if let Cell::Quantity(quantity) = cell {
            let refs = references(quantity, &result.summary, has_stages, result.escape);
            text.refs = if refs.is_empty() { refs } else { format!("[{refs}]") };
        }
    }
    column
}

/// The indices of the columns of the metrics layout.
const METRIC: usize = 0;
const VALUE: usize = 1;
const RANGE: usize = 2;
const STAGE: usize = 3;
const NOTE: usize = 4;

/// The columns of the standard result of metrics, without empty ones: metric, value, range, stage, facts, note. Common
/// properties are in the headings: the unit in the first, the reason for the range in that of the range.
pub(super) fn metric_columns(result: &BufferedResult, style: &Style) -> Vec<DisplayColumn> {
    let mut columns = vec![result.column(METRIC, style), result.column(VALUE, style)];
    if let (true, Some(unit)) = (style.header, result.unit(VALUE, style)) {
        columns[0].heading = unit;
    }
    let reason = shared_note(result);
    if has_any(result, RANGE) {
        columns.push(range_column(result, style, reason.as_deref()));
    }
    if has_any(result, STAGE) {
        columns.push(sparse_column(result, STAGE, style));
    }
    columns.extend(facts_column(result));
    if reason.is_none() && has_any(result, NOTE) {
        columns.push(sparse_column(result, NOTE, style));
    }
    columns
}

/// The common note of the rows, if exactly the rows with a range have one.
fn shared_note(result: &BufferedResult) -> Option<String> {
    let mut shared = None;
    for (range, note) in result.cells(RANGE).zip(result.cells(NOTE)) {
        match (range, note) {
            (Cell::Null, Cell::Null) => {}
            (Cell::Null, _) => return None,
            (_, Cell::Text(note)) if shared.is_none_or(|known| known == note) => shared = Some(note),
            _ => return None,
        }
    }
    shared.map(|note| (result.escape)(note))
}

fn has_any(result: &BufferedResult, index: usize) -> bool {
    result.cells(index).any(|cell| *cell != Cell::Null)
}

/// A column in which NULL is blank: in this layout it means that the column does not apply.
fn sparse_column(result: &BufferedResult, index: usize, style: &Style) -> DisplayColumn {
    let mut column = result.column(index, style);
    for (text, cell) in column.cells.iter_mut().zip(result.cells(index)) {
        if *cell == Cell::Null {
            *text = CellText::default();
        }
    }
    column
}

/// The range, with its reason as the heading and its unit if that is not the unit of the value.
fn range_column(result: &BufferedResult, style: &Style, reason: Option<&str>) -> DisplayColumn {
    let mut column = sparse_column(result, RANGE, style);
    let heading = reason.unwrap_or(&column.heading);
    column.heading = match result.unit(RANGE, style) {
        Some(unit) if style.header && result.summary.unit(RANGE) != result.summary.unit(VALUE) => {
            format!("{heading} ({unit})")
        }
        _ => heading.to_owned(),
    };
    column
}

/// The references of the value and of the range of each row, with the stages of a row without a stage of its own.
fn facts_column(result: &BufferedResult) -> Option<DisplayColumn> {
    let cells: Vec<CellText> = result.rows.iter().map(|row| facts_cell(row, result)).collect();
    let has_any = cells.iter().any(|text| !text.main.is_empty());
    has_any.then(|| DisplayColumn { heading: "facts".to_owned(), is_numeric: false, cells })
}

fn facts_cell(row: &[Cell<'_>], result: &BufferedResult) -> CellText {
    let [value, range] = [VALUE, RANGE].map(|index| match &row[index] {
        Cell::Quantity(quantity) => references(quantity, &result.summary, row[STAGE] == Cell::Null, result.escape),
        _ => String::new(),
    });
    let main = match (value.is_empty(), range.is_empty() || range == value) {
        (_, true) => value,
        (true, false) => format!("range {range}"),
        (false, false) => format!("{value}; range {range}"),
    };
    CellText { main, ..CellText::default() }
}

#[cfg(test)]
mod tests {
    use crate::quantity::{Digits, Scale};
    use crate::sql::{Cell, Header, Layout, Sink};
    use crate::table::fixture::{check, facts, header, quantity, result, style, text, written};
    use crate::table::{Format, Style};
    use rust_decimal::Decimal;

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
 metric                value               range      facts           note
 ──────  ────────────────────────────  ─────────────  ──────────────  ───────
 a                         2 GBP          1 to 3 GBP  F29             rounded
 b       unknown: not stated (troops)                 U11
 c                     ≈0.25           >0 to 0.5      F30; range F44  guessed
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
                vec![
                    Cell::Null,
                    quantity("-0.5 GBP [F01 F02 F03 F04 F05]"),
                    Cell::Decimal(Decimal::TEN),
                    Cell::Real(1e20),
                ],
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
        check(Format::Table, Style { header: false, null_text: "-".into(), ..style() }, amounts, expected);
    }

    #[test]
    fn differing_properties_are_in_the_cells() {
        let expected = "
WHAT-IF  assumes rate = 1.25 USD/GBP  given 4,500 missiles

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
    fn other_values_in_a_column_leave_unit_and_stage_in_the_cells() {
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
    fn money_in_a_scale_says_so_where_its_unit_is_said() {
        let table = |cells: &[&str], style: Style| {
            let rows: Vec<_> = cells.iter().map(|cell| vec![quantity(cell)]).collect();
            written(Format::Table, style, |sink| result(sink, &header(&["value*"]), &rows, &[])).0
        };
        let digits = |scale, significant| Style { digits: Digits { scale, significant }, ..style() };
        let millions = || digits(Some(Scale::Million), None);
        let of_one_unit = [
            "1600000000 GBP [F29]",
            "1234567.89 GBP",
            "5000 GBP",
            "0.05 GBP",
            "1..3000000 GBP",
            "unknown(not_stated) GBP",
        ];
        let expected = "
   value (GBP million)
 ─────────────────────────
   1,600.00 [F29]
      ≈1.23
      0.005
 0.00000005
 0.000001 to 3
 unknown: not stated
";
        let lines = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(lines(&table(&of_one_unit, millions()))[4..], lines(expected)[4..]);
        let mixed =
            table(&["1600000000 GBP", "5 missile", "320000 GBP/missile", "unknown(not_stated) GBP"], millions());
        for part in ["1,600 GBP million", "5 missiles", "320,000 GBP/missile", "unknown: not stated (GBP)"] {
            assert!(mixed.contains(part), "{part}: {mixed}");
        }
        let alone = table(&["1600000000 GBP"], Style { header: false, ..millions() });
        assert!(alone.contains("1,600 GBP million"), "{alone}");
        // The places of a currency would leave ≈0.01 of the first, and no figure but 0 of the others.
        for (exact, shown) in [
            ("5000 GBP", "0.005 GBP million"),
            ("1234567 GBP", "1.234567 GBP million"),
            ("4321.99 GBP", "≈0.00432 GBP million"),
            ("1234567 JPY", "1.234567 JPY million"),
            ("1234567.89 JPY", "≈1.23 JPY million"),
            ("≈123456789 GBP", "≈123.46 GBP million"),
        ] {
            let mixed = table(&[exact, "5 missile"], millions());
            assert!(mixed.contains(shown), "{shown}: {mixed}");
        }
        // A number of which no digit would be left keeps its column in its unit.
        let tiny = table(&["0.0000000000000000000000000001 GBP", "1600000000 GBP"], millions());
        assert!(tiny.contains("value (GBP)") && tiny.contains("1,600,000,000"), "{tiny}");
        let figures = table(&["1234567 GBP", "0.012345 GBP", "5 GBP", "310400..<329100 GBP"], digits(None, Some(2)));
        for part in [" ≈1,200,000", " ≈0.012", " 5", "≈310,000 to <≈330,000"] {
            assert!(figures.contains(part), "{part}: {figures}");
        }
        let both = table(&["1234567 GBP"], digits(Some(Scale::Million), Some(2)));
        assert!(both.contains("value (GBP million)") && both.contains("≈1.2"), "{both}");
    }
}
