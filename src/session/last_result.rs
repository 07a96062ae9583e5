//! The last result of a session: kept when it has been shown, provided to SQL as `last` and to scripts when they next
//! run; and its cells, found by row, counted from 1, and by the name of the column.

use super::example;
use crate::error::{Error, suggest, usage_error};
use crate::quantity::Quantity;
use crate::sql::{AppendedColumns, CachedResult, Cell, Header, MAX_CACHED_ROWS, OnResult, Origin, Output, temp_table};
use crate::store::{Book, Dependencies, TableSource};
use std::cell::{Cell as Flag, RefCell};
use std::rc::Rc;

/// The last result of a session. Clones share it.
#[derive(Clone)]
pub(super) struct LastResult {
    book: Rc<Book>,
    kept: Rc<RefCell<Option<Rc<CachedResult>>>>,
    is_new: Rc<Flag<bool>>,
    /// The number of results so far.
    count: Rc<Flag<usize>>,
}

impl LastResult {
    pub(super) fn new(book: &Rc<Book>) -> Self {
        Self { book: Rc::clone(book), kept: Rc::default(), is_new: Rc::default(), count: Rc::default() }
    }

    /// The callback that an output passes its results to.
    pub(super) fn sink(&self) -> OnResult {
        let last = self.clone();
        Rc::new(move |kept| last.keep(Rc::new(kept)))
    }

    fn keep(&self, kept: Rc<CachedResult>) {
        let offer = if kept.is_cut() {
            TableSource::TooLong(kept.total_rows, MAX_CACHED_ROWS)
        } else {
            let reliance = Dependencies { tracked: kept.named.about_book(), untracked: kept.assumed.clone() };
            temp_table(&kept.columns, &vec![!kept.holds_cells(); kept.columns.len()], Rc::clone(&kept.rows), reliance)
        };
        // A result that SQL can't be offered is still one that scripts and `.why` can use.
        let _ = self.book.set_last_result(offer);
        self.kept.replace(Some(kept));
        self.is_new.set(true);
        self.count.set(self.count.get() + 1);
    }

    /// The number of results so far.
    pub(super) fn count(&self) -> usize {
        self.count.get()
    }

    /// The last result, if it is newer than the previous call.
    pub(super) fn take_new(&self) -> Option<Rc<CachedResult>> {
        self.is_new.take().then(|| self.kept.borrow().clone()).flatten()
    }

    /// Shows every row of the last result.
    ///
    /// # Errors
    /// There is none; the writer's.
    pub(super) fn show(&self, output: &Output) -> Result<(), Error> {
        let Some(kept) = self.result() else {
            let help = format!("ask for one first, as `{}`", example::of_rows(&self.book));
            return Err(usage_error("no result has been shown yet", &help));
        };
        let assumptions = !(kept.assumed.is_empty() && kept.named.about_book().is_empty());
        output.begin(&Header {
            columns: kept.columns.clone(),
            is_whole: true,
            appended: AppendedColumns { assumptions, ..AppendedColumns::default() },
            assumed: kept.assumed.clone(),
            ..Header::default()
        })?;
        kept.rows.iter().try_for_each(|row| output.row(row))?;
        output.end(kept.origin.clone())?;
        if kept.is_cut() {
            let (most, all) = (kept.rows.len(), kept.total_rows);
            output.notice(&format!("these are the first {most} of {all} rows; `-o FILE.csv` carries every row"))?;
        }
        Ok(())
    }

    /// The last result, if there is one.
    pub(super) fn result(&self) -> Option<Rc<CachedResult>> {
        self.kept.borrow().clone()
    }
}

/// A quantity of the last result.
pub(super) struct FoundQuantity {
    pub(super) quantity: Quantity,
    /// Its derivation, where it is known.
    pub(super) derivation: Option<String>,
    /// Its row, from 0.
    pub(super) row: usize,
    /// Its column, from 0.
    pub(super) column: usize,
}

/// True if a word is the number of a row.
pub(super) fn is_row(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_digit())
}

pub(super) fn first_quantity(book: &Book, kept: &CachedResult) -> Result<FoundQuantity, Error> {
    let mut found = (0..kept.rows.len()).flat_map(|row| quantities(kept, row));
    let help = || format!("ask for one first, as `{}`", example::of_number(book));
    found.next().ok_or_else(|| usage_error("the newest result has no quantity", &help()))
}

/// Every quantity of a result, row by row.
pub(super) fn all_quantities(kept: &CachedResult) -> Vec<FoundQuantity> {
    (0..kept.rows.len()).flat_map(|row| quantities(kept, row)).collect()
}

pub(super) fn quantities_of_row(kept: &CachedResult, word: &str) -> Result<Vec<FoundQuantity>, Error> {
    let row = row_index(kept, word)?;
    let found = quantities(kept, row);
    if found.is_empty() {
        let help = match kept.columns.iter().find(|column| matches!(column.name.as_str(), "fact" | "facts" | "id")) {
            Some(column) => format!("`.why {word} {}` explains the facts that it names", column.name),
            None => "`.why F29` explains a fact".to_owned(),
        };
        return Err(usage_error(&format!("row {word} has no quantity"), &help));
    }
    Ok(found)
}

pub(super) fn quantity_of_cell(kept: &CachedResult, row_word: &str, name: &str) -> Result<FoundQuantity, Error> {
    let (row, column) = (row_index(kept, row_word)?, column_index(kept, name)?);
    match &kept.rows[row][column] {
        Cell::Quantity(quantity) => Ok(quantity_at(kept, row, column, quantity)),
        cell => {
            let what = match cell {
                Cell::Null => "NULL: there is no value",
                Cell::Text(_) => "text",
                _ => "a plain number, and rests on no fact",
            };
            let message = format!("`{name}` of row {row_word} is {what}");
            let others = column_names(kept, |at| kept.columns[at].is_quantity || is_quantity(kept, row, at));
            let help = if others.is_empty() {
                "`.why F29` explains a fact".to_owned()
            } else {
                format!("its quantities are in {others}")
            };
            Err(usage_error(&message, &help))
        }
    }
}

/// The ids in a cell of text that contains nothing else.
pub(super) fn ids_of_cell(kept: &CachedResult, row_word: &str, name: &str) -> Result<Option<String>, Error> {
    let (row, column) = (row_index(kept, row_word)?, column_index(kept, name)?);
    let Cell::Text(text) = &kept.rows[row][column] else { return Ok(None) };
    let is_id =
        |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase()) && word.ends_with(|c: char| c.is_ascii_digit());
    let names_ids = !text.trim().is_empty() && text.split_whitespace().all(is_id);
    Ok(names_ids.then(|| text.to_string()))
}

/// The line that names the cell explained, of several with a quantity, and the command for another.
pub(super) fn chosen_cell_text(kept: &CachedResult, found: &[FoundQuantity]) -> Option<String> {
    let all = (0..kept.rows.len()).map(|row| quantities(kept, row).len()).sum::<usize>();
    let [one] = found else { return None };
    let name = &kept.columns[one.column].name;
    (all > 1).then(|| format!("row {}, `{name}`; `.why ROW COLUMN` explains another", one.row + 1))
}

fn row_index(kept: &CachedResult, word: &str) -> Result<usize, Error> {
    let count = kept.rows.len();
    let number = word.parse::<usize>().ok().filter(|_| is_row(word));
    match number.and_then(|number| number.checked_sub(1)).filter(|row| *row < count) {
        Some(row) => Ok(row),
        None if kept.is_cut() => Err(usage_error(
            &format!("row {word} is not kept"),
            &format!("the first {MAX_CACHED_ROWS} rows are, counted from 1"),
        )),
        None if count == 0 => Err(usage_error("the newest result has no rows", "ask for one that has some first")),
        None if count == 1 => {
            Err(usage_error(&format!("there is no row `{word}`"), "the newest result has one row, row 1"))
        }
        None => Err(usage_error(&format!("there is no row `{word}`"), &format!("rows are numbered from 1 to {count}"))),
    }
}

fn column_index(kept: &CachedResult, name: &str) -> Result<usize, Error> {
    let found = kept.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name));
    found.ok_or_else(|| {
        let near = suggest::nearest_column(name, kept.columns.iter().map(|column| column.name.as_str()));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the columns are {}", column_names(kept, |_| true)),
        };
        usage_error(&format!("the newest result has no column `{name}`"), &help)
    })
}

fn column_names(kept: &CachedResult, is_wanted: impl Fn(usize) -> bool) -> String {
    let wanted = kept.columns.iter().enumerate().filter(|(at, _)| is_wanted(*at));
    wanted.map(|(_, column)| format!("`{}`", column.name)).collect::<Vec<_>>().join(", ")
}

fn is_quantity(kept: &CachedResult, row: usize, column: usize) -> bool {
    matches!(kept.rows[row][column], Cell::Quantity(_))
}

fn quantities(kept: &CachedResult, row: usize) -> Vec<FoundQuantity> {
    let cells = kept.rows[row].iter().enumerate();
    cells
        .filter_map(|(column, cell)| match cell {
            Cell::Quantity(quantity) => Some(quantity_at(kept, row, column, quantity)),
            _ => None,
        })
        .collect()
}

fn quantity_at(kept: &CachedResult, row: usize, column: usize, quantity: &Quantity) -> FoundQuantity {
    let derivation = match &kept.origin {
        Origin::Computed(derivations) => derivations.iter().find(|(r, c, _)| (*r, *c) == (row, column)),
        Origin::Statement(_) | Origin::Untold => None,
    };
    FoundQuantity {
        quantity: quantity.clone(),
        derivation: derivation.map(|(.., derivation)| derivation.clone()),
        row,
        column,
    }
}
