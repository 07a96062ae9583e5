//! A result as a table of a page: finished cells, the ids in it, its caption; and the metrics of scripts, of which those with and
//! without an assumption stand side by side.

use super::record::{AnswerPart, RecordedResult};
use crate::quantity::{Amount, Quantity, Ref, human};
use crate::report::{Cell, Column, Role, Row, Stamp, Table};
use crate::session::named_ids::{ids_in_text, may_name_ids};
use crate::sql::{self, Header, Layout};
use crate::table::{Style, TextColumn, text_columns};

/// The columns of the metrics, by their places.
pub(super) const METRIC: usize = 0;
pub(super) const VALUE: usize = 1;
pub(super) const RANGE: usize = 2;
pub(super) const STAGE: usize = 3;
pub(super) const NOTE: usize = 4;

/// The word before the name of a metric that rests on an assumption.
const WHAT_IF: &str = "WHAT-IF ";

/// The note of the same metric without it.
const AS_STATED: &str = "as stated";

/// Columns whose texts are code words.
const CODED: [&str; 7] = ["certainty", "stage", "status", "reason", "force", "kind", "attribution"];

/// The code words that say how firm a fact is.
const FIRMNESS: [&str; 2] = ["certainty", "stage"];

/// The most facts of a row that are listed.
const MOST_IDS: usize = 8;

/// A result as a table.
pub(super) fn table(result: &RecordedResult, caption: &str, command: Option<&str>, style: &Style) -> Table {
    let (mut columns, mut cells) = if result.header.layout == Layout::Metrics {
        metric_columns(result, style)
    } else {
        plain_columns(result, style)
    };
    add_facts(result, &mut columns, &mut cells);
    let row =
        |at: usize| Row { stamp: stamp_of(result, at), cells: cells.iter().map(|column| column[at].clone()).collect() };
    let rows: Vec<Row> = (0..result.rows.len()).map(row).collect();
    let is_cut = result.total > rows.len();
    let caption = if is_cut {
        let [shown, total] = [rows.len(), result.total].map(|count| human::group_digits(count.into(), None));
        format!("{caption}: first {shown} of {total} rows, in the order of the question")
    } else {
        caption.to_owned()
    };
    let rest = command.filter(|_| is_cut).map(str::to_owned);
    Table { caption, common: Vec::new(), columns, rows, total: result.total, rest }
}

/// The mark of a row that rests on an assumption.
fn stamp_of(result: &RecordedResult, row: usize) -> Option<Stamp> {
    let rests = |cell: &sql::Cell<'_>| matches!(cell, sql::Cell::Quantity(quantity) if !quantity.assumptions().about_book().is_empty());
    result.rows[row].iter().any(rests).then_some(Stamp::WhatIf)
}

/// The columns of a result as it came.
fn plain_columns(result: &RecordedResult, style: &Style) -> (Vec<Column>, Vec<Vec<Cell>>) {
    let texts = text_columns(&result.header, &result.rows, style);
    texts.into_iter().enumerate().map(|(at, texts)| column(result, at, texts)).unzip()
}

fn column(result: &RecordedResult, at: usize, texts: TextColumn) -> (Column, Vec<Cell>) {
    let name = result.header.columns[at].name.as_str();
    let has_ids = may_name_ids(name) && all_ids(result, at);
    let coded = CODED.contains(&name);
    let cells: Vec<Cell> = result
        .rows
        .iter()
        .zip(&texts.cells)
        .map(|(row, text)| cell(&row[at], text, has_ids, coded, &empty_cell(result, at)))
        .collect();
    let role = if has_ids {
        Role::Ids
    } else if texts.is_numeric {
        Role::Number
    } else if FIRMNESS.contains(&name) {
        Role::Firmness
    } else {
        Role::Text
    };
    (Column { name: texts.name.replace('_', " "), unit: texts.unit, role }, cells)
}

/// True if the texts of a column are ids, and there are some.
fn all_ids(result: &RecordedResult, column: usize) -> bool {
    let mut texts = result.rows.iter().filter_map(|row| match &row[column] {
        sql::Cell::Null => None,
        sql::Cell::Text(text) => Some(ids_in_text(text).is_some()),
        _ => Some(false),
    });
    texts.next().is_some_and(|first| first) && texts.all(|is_id| is_id)
}

/// The cell that a NULL in a column of a result is: only the book says that something does not apply.
fn empty_cell(result: &RecordedResult, column: usize) -> Cell {
    let is_of_book = result.of_book.get(column).copied().unwrap_or_default();
    if result.is_of_tables && !is_of_book { Cell::Empty } else { Cell::Null }
}

/// A cell by its value and its text.
fn cell(value: &sql::Cell<'static>, text: &str, has_ids: bool, is_coded: bool, empty: &Cell) -> Cell {
    match value {
        sql::Cell::Null => empty.clone(),
        sql::Cell::Text(ids) if has_ids => {
            Cell::Ids(ids.split_whitespace().map(str::to_owned).collect(), String::new())
        }
        sql::Cell::Text(_) if is_coded => Cell::Text(text.replace('_', " ")),
        sql::Cell::Text(_) | sql::Cell::Blob(_) | sql::Cell::Truth(_) => Cell::Text(text.to_owned()),
        sql::Cell::Quantity(quantity) if quantity.is_unknown() => {
            Cell::Unknown(text.to_owned(), questions_of(quantity))
        }
        _ => Cell::Number(text.to_owned()),
    }
}

/// The open questions that a quantity names.
fn questions_of(quantity: &Quantity) -> Vec<String> {
    quantity.facts().iter().filter(|one| matches!(one, Ref::Unknown(_))).map(|one| one.to_string()).collect()
}

/// The ids of the facts of a quantity; of many records their number.
fn facts_of(quantity: &Quantity) -> Vec<String> {
    let facts = quantity.facts().without_questions();
    if facts.is_empty() {
        return Vec::new();
    }
    let has_records = facts.record_sources().next().is_some();
    let ids: Vec<String> = facts.iter().take(MOST_IDS + 1).map(|one| one.to_string()).collect();
    if has_records || ids.len() > MOST_IDS { vec![human::facts(&facts)] } else { ids }
}

/// Adds the facts of the quantities of each row, unless columns of ids name them.
fn add_facts(result: &RecordedResult, columns: &mut Vec<Column>, cells: &mut Vec<Vec<Cell>>) {
    let named = |row: usize| -> Vec<String> {
        let ids = cells.iter().filter_map(|column| if let Cell::Ids(ids, _) = &column[row] { Some(ids) } else { None });
        ids.flatten().flat_map(|text| ids_in_text(text).unwrap_or_default()).collect()
    };
    let facts: Vec<Cell> = result
        .rows
        .iter()
        .enumerate()
        .map(|(at, row)| {
            let known = named(at);
            let (mut ids, mut assumed) = (Vec::new(), Vec::new());
            for cell in row {
                let sql::Cell::Quantity(quantity) = cell else { continue };
                for id in facts_of(quantity) {
                    if !known.contains(&id) && !ids.contains(&id) {
                        ids.push(id);
                    }
                }
                for assumption in quantity.assumptions().iter().filter(|one| !one.is_given()) {
                    let remark = format!("{} assumed", assumption.name());
                    if !assumed.contains(&remark) {
                        assumed.push(remark);
                    }
                }
            }
            if ids.is_empty() && assumed.is_empty() {
                empty_cell(result, usize::MAX)
            } else {
                Cell::Ids(ids, assumed.join(", "))
            }
        })
        .collect();
    if facts.iter().any(|cell| matches!(cell, Cell::Ids(..))) {
        columns.push(Column { name: "facts".to_owned(), unit: String::new(), role: Role::Ids });
        cells.push(facts);
    }
}

/// The pairs of rows of a metric without and with an assumption: the indices of both.
pub(super) fn pairs(result: &RecordedResult) -> Vec<(usize, usize)> {
    if result.header.layout != Layout::Metrics {
        return Vec::new();
    }
    let text = |row: usize, column: usize| match &result.rows[row][column] {
        sql::Cell::Text(text) => &**text,
        _ => "",
    };
    let is_pair = |at: &usize| {
        text(*at, NOTE) == AS_STATED && text(at + 1, METRIC).strip_prefix(WHAT_IF) == Some(text(*at, METRIC))
    };
    (0..result.rows.len().saturating_sub(1)).filter(is_pair).map(|at| (at, at + 1)).collect()
}

/// The columns of the metrics. One metric has its name in the caption; a range has its reason for a name.
fn metric_columns(result: &RecordedResult, style: &Style) -> (Vec<Column>, Vec<Vec<Cell>>) {
    let texts = text_columns(&result.header, &result.rows, style);
    let has_any = |at: usize| result.rows.iter().any(|row| row[at] != sql::Cell::Null);
    let pairs = pairs(result);
    let is_pair = !pairs.is_empty() && pairs.len() * 2 == result.rows.len();
    let reason = shared_reason(result);
    let mut all = Vec::new();
    for (at, texts) in texts.into_iter().enumerate() {
        let (mut column, mut cells) = column(result, at, texts);
        match at {
            METRIC if is_pair => {
                "case".clone_into(&mut column.name);
                cells = case_cells(result, &pairs);
            }
            METRIC if result.rows.len() == 1 => continue,
            METRIC => cells = cells.into_iter().map(without_what_if).collect(),
            RANGE if has_any(at) => column.name = reason.clone().unwrap_or(column.name),
            NOTE if is_pair => "change".clone_into(&mut column.name),
            NOTE if reason.is_some() => continue,
            _ if at > VALUE && !has_any(at) => continue,
            _ => {}
        }
        if at == NOTE && is_pair {
            (column.role, column.unit) = (Role::Number, "%".to_owned());
            cells = cells.into_iter().map(change_cell).collect();
        }
        if at == STAGE {
            column.role = Role::Firmness;
        }
        all.push((column, cells));
    }
    all.into_iter().unzip()
}

/// The name of a metric without the word that its mark has.
fn without_what_if(cell: Cell) -> Cell {
    match cell {
        Cell::Text(text) => Cell::Text(text.strip_prefix(WHAT_IF).map_or(text.clone(), str::to_owned)),
        cell => cell,
    }
}

/// The change of a metric in percent; the one without the assumption has none.
fn change_cell(cell: Cell) -> Cell {
    match cell {
        Cell::Text(text) if text == AS_STATED => Cell::Null,
        Cell::Text(text) => {
            text.strip_suffix(" %").map_or(Cell::Text(text.clone()), |digits| Cell::Number(digits.to_owned()))
        }
        cell => cell,
    }
}

/// `as stated` and what is assumed, with the name of the metric where there are several.
fn case_cells(result: &RecordedResult, pairs: &[(usize, usize)]) -> Vec<Cell> {
    let name = |row: usize| match &result.rows[row][METRIC] {
        sql::Cell::Text(text) if pairs.len() > 1 => format!("{}, ", text.trim_start_matches(WHAT_IF)),
        _ => String::new(),
    };
    let assumed = |row: usize| match &result.rows[row][VALUE] {
        sql::Cell::Quantity(quantity) => human::assumptions(&quantity.assumptions().about_book()).join(", "),
        _ => String::new(),
    };
    pairs
        .iter()
        .flat_map(|(stated, supposed)| {
            [format!("{}{AS_STATED}", name(*stated)), format!("{}{}", name(*supposed), assumed(*supposed))]
        })
        .map(Cell::Text)
        .collect()
}

/// The common note of the rows, if exactly the rows with a range have one.
fn shared_reason(result: &RecordedResult) -> Option<String> {
    let mut shared: Option<&str> = None;
    for row in &result.rows {
        match (&row[RANGE], &row[NOTE]) {
            (sql::Cell::Null, sql::Cell::Null) => {}
            (sql::Cell::Null, _) => return None,
            (_, sql::Cell::Text(note)) if shared.is_none_or(|known| known == note) => shared = Some(note),
            _ => return None,
        }
    }
    shared.map(str::to_owned)
}

/// The only number that the parts of an answer are: a value, a metric, the only cell of a row. Of a metric with and without an
/// assumption it is the one with it.
pub(super) fn only_cell(parts: &[AnswerPart]) -> Option<(&RecordedResult, usize, usize)> {
    let mut results =
        parts.iter().filter_map(|part| if let AnswerPart::Result(result) = part { Some(&**result) } else { None });
    let (Some(only), None) = (results.next(), results.next()) else { return None };
    if only.header.layout == Layout::Metrics {
        return match (only.rows.len(), pairs(only).as_slice()) {
            (1, _) => Some((only, 0, VALUE)),
            (2, [(_, supposed)]) => Some((only, *supposed, VALUE)),
            _ => None,
        };
    }
    let is_number = |cell: &sql::Cell<'_>| !matches!(cell, sql::Cell::Null | sql::Cell::Text(_) | sql::Cell::Blob(_));
    let is_one = only.rows.len() == 1 && only.total == 1 && only.rows[0].len() == 1 && is_number(&only.rows[0][0]);
    is_one.then_some((only, 0, 0))
}

/// True for a value that is unknown for a reason.
pub(super) fn is_unknown_for(quantity: &Quantity, reason: crate::quantity::Reason) -> bool {
    matches!(quantity.amount(), Amount::Unknown(reasons) if reasons.iter().any(|one| one == reason))
}

/// The digits and the unit of a single cell.
pub(super) fn value_text(cell: &sql::Cell<'static>, style: &Style) -> (String, String) {
    let column = sql::Column { name: String::new(), is_quantity: matches!(cell, sql::Cell::Quantity(_)) };
    let texts = text_columns(&Header { columns: vec![column], ..Header::default() }, &[vec![cell.clone()]], style);
    texts.into_iter().next().map(|column| (column.cells.concat(), column.unit)).unwrap_or_default()
}
