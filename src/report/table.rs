//! Wide tables laid out for a page of any width: what is the same in every row goes to the caption, runs of the first column become
//! groups of rows, words that tell what a row is go small under its name, and how firm a fact is goes under its id.

use super::model::{Cell, Column, Role, Row, Stamp, Table};

/// A table as it is drawn.
pub(super) struct LaidTable {
    pub(super) caption: String,
    /// The values that every row has.
    pub(super) common: Vec<String>,
    pub(super) columns: Vec<LaidColumn>,
    pub(super) groups: Vec<RowGroup>,
    /// True for the columns of a single row one below the other.
    pub(super) is_upright: bool,
    pub(super) overflow: Overflow,
}

/// The behaviour of a table where the page is too narrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overflow {
    /// Its words wrap.
    Wraps,
    /// It scrolls sideways by itself.
    Scrolls,
    /// It scrolls under its first column, and has the whole width of the page.
    Wide,
}

/// A column with those that went under it.
pub(super) struct LaidColumn {
    pub(super) column: Column,
    pub(super) under: Vec<Column>,
}

/// Rows under a heading of their own.
pub(super) struct RowGroup {
    pub(super) heading: Option<String>,
    pub(super) rows: Vec<LaidRow>,
}

/// A row, each cell with those that went under it.
pub(super) struct LaidRow {
    pub(super) stamp: Option<Stamp>,
    pub(super) cells: Vec<(Cell, Vec<Cell>)>,
}

/// The most columns that stay beside each other before words go under the name of the row.
const MOST_COLUMNS: usize = 4;

/// The most characters of a value that goes to the caption.
const MOST_COMMON_CHARS: usize = 60;

/// The width of a telephone, and of a letter and a gap between columns, in rem.
const NARROW_REM: f64 = 18.0;
const LETTER_REM: f64 = 0.42;
const GAP_REM: f64 = 0.9;

/// The most columns of numbers of a table that is not wide.
const MOST_NUMBERS: usize = 4;

/// Lays a table out.
pub(super) fn lay_out(table: &Table) -> LaidTable {
    let mut plan = Plan::new(table);
    if table.rows.len() > 1 {
        plan.move_id_back();
        plan.take_common();
        plan.take_groups();
        plan.put_firmness_under_ids();
        plan.put_words_under_name();
    }
    plan.finish()
}

/// The place of each column of a table.
struct Plan<'t> {
    table: &'t Table,
    common: Vec<String>,
    /// The column whose runs are groups.
    group: Option<usize>,
    /// The columns in order, each with those under it.
    places: Vec<(usize, Vec<usize>)>,
}

impl<'t> Plan<'t> {
    fn new(table: &'t Table) -> Self {
        let places = (0..table.columns.len()).map(|at| (at, Vec::new())).collect();
        Self { table, common: table.common.clone(), group: None, places }
    }

    fn role(&self, column: usize) -> Role {
        self.table.columns[column].role
    }

    fn cells(&self, column: usize) -> impl Iterator<Item = &'t Cell> {
        self.table.rows.iter().map(move |row| &row.cells[column])
    }

    /// A row is known by words: an id before them goes to the end.
    fn move_id_back(&mut self) {
        let is_led_by_id = self.places.len() > 1 && self.role(0) == Role::Ids && self.role(1) == Role::Text;
        if is_led_by_id {
            self.places.rotate_left(1);
        }
    }

    /// Takes the columns out that have one value in every row.
    fn take_common(&mut self) {
        let table = self.table;
        let mut kept = vec![self.places[0].clone()];
        for place in self.places.split_off(1) {
            let column = &table.columns[place.0];
            let first = &table.rows[0].cells[place.0];
            let is_shared = matches!(column.role, Role::Text | Role::Firmness)
                && self.cells(place.0).all(|cell| cell == first)
                && first.words().chars().count() <= MOST_COMMON_CHARS;
            match first {
                Cell::Null | Cell::Empty if is_shared => {
                    self.common.push(format!("{}: {}, in any row", column.name, first.spoken()));
                }
                Cell::Text(text) if is_shared => self.common.push(format!("{}: {text}, in every row", column.name)),
                _ => kept.push(place),
            }
        }
        self.places = kept;
    }

    /// Makes groups of the runs of the first column, if it has few values, each in one run.
    fn take_groups(&mut self) {
        let first = self.places[0].0;
        let is_named_otherwise = self.places.get(1).is_some_and(|next| self.role(next.0) == Role::Text);
        if !matches!(self.role(first), Role::Text | Role::Firmness) || !is_named_otherwise {
            return;
        }
        let words: Vec<String> = self.cells(first).map(Cell::words).collect();
        let runs: Vec<&[String]> = words.chunk_by(|one, other| one == other).collect();
        let is_once = |run: &&[String]| runs.iter().filter(|other| other[0] == run[0]).count() == 1;
        if runs.len() * 3 <= words.len() * 2 && runs.iter().all(|run| is_once(run) && !run[0].is_empty()) {
            self.group = Some(first);
            self.places.remove(0);
        }
    }

    /// Puts stage and certainty under the ids of the facts.
    fn put_firmness_under_ids(&mut self) {
        let Some(ids) = self.places.iter().rposition(|place| self.role(place.0) == Role::Ids) else { return };
        let ids = self.places[ids].0;
        let is_firmness = |place: &(usize, Vec<usize>)| self.table.columns[place.0].role == Role::Firmness;
        // The name of the row stays.
        let first = self.places.remove(0);
        let (under, kept): (Vec<_>, Vec<_>) = self.places.drain(..).partition(is_firmness);
        self.places = std::iter::once(first).chain(kept).collect();
        if let Some(place) = self.places.iter_mut().find(|place| place.0 == ids) {
            place.1.extend(under.into_iter().map(|place| place.0));
        }
    }

    /// Puts texts under the name of the row, where there are many columns.
    fn put_words_under_name(&mut self) {
        if self.places.len() <= MOST_COLUMNS {
            return;
        }
        let first = self.places.remove(0);
        let is_text = |place: &(usize, Vec<usize>)| self.table.columns[place.0].role == Role::Text;
        let (under, kept): (Vec<_>, Vec<_>) = self.places.drain(..).partition(is_text);
        let under = first.1.iter().copied().chain(under.into_iter().map(|place| place.0)).collect();
        self.places = std::iter::once((first.0, under)).chain(kept).collect();
    }

    fn finish(self) -> LaidTable {
        let table = self.table;
        let column = |at: &usize| table.columns[*at].clone();
        let columns: Vec<LaidColumn> = self
            .places
            .iter()
            .map(|(at, under)| LaidColumn { column: column(at), under: under.iter().map(column).collect() })
            .collect();
        let row = |row: &Row| LaidRow {
            stamp: row.stamp,
            cells: self
                .places
                .iter()
                .map(|(at, under)| (row.cells[*at].clone(), under.iter().map(|at| row.cells[*at].clone()).collect()))
                .collect(),
        };
        let groups = match self.group {
            None => vec![RowGroup { heading: None, rows: table.rows.iter().map(row).collect() }],
            Some(at) => table
                .rows
                .chunk_by(|one, other| one.cells[at] == other.cells[at])
                .map(|rows| RowGroup { heading: Some(rows[0].cells[at].words()), rows: rows.iter().map(row).collect() })
                .collect(),
        };
        let is_upright = table.rows.len() == 1 && columns.len() > 1;
        let overflow = self.overflow(is_upright);
        LaidTable { caption: table.caption.clone(), common: self.common, columns, groups, is_upright, overflow }
    }

    /// The behaviour of the table where its longest words are wider than a telephone.
    fn overflow(&self, is_upright: bool) -> Overflow {
        let numbers = self.places.iter().filter(|place| self.role(place.0) == Role::Number).count();
        if numbers > MOST_NUMBERS && !is_upright {
            return Overflow::Wide;
        }
        let words: Vec<usize> = self.places.iter().map(|place| self.longest_word(place.0)).collect();
        // The columns of a single row stand one below the other, behind their names.
        let (letters, gaps) = if is_upright {
            (2 * words.iter().copied().max().unwrap_or_default(), 1)
        } else {
            (words.iter().sum(), words.len().saturating_sub(1))
        };
        // The counts are small.
        let (letters, gaps) = (f64::from(bounded(letters)), f64::from(bounded(gaps)));
        if letters * LETTER_REM + gaps * GAP_REM > NARROW_REM { Overflow::Scrolls } else { Overflow::Wraps }
    }

    /// The characters of the longest word of a column.
    fn longest_word(&self, column: usize) -> usize {
        let longest = |text: &str| text.split(' ').map(|word| word.chars().count()).max().unwrap_or_default();
        let name = longest(&self.table.columns[column].name);
        self.cells(column).map(|cell| longest(&cell.words())).max().unwrap_or_default().max(name)
    }
}

/// A count as a small number.
fn bounded(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Overflow, lay_out};
    use crate::report::model::{Cell, Column, Role, Row, Table};

    fn table(columns: &[(&str, Role)], rows: &[&[&str]]) -> Table {
        let cell = |(text, (_, role)): (&&str, &(&str, Role))| match (*text, role) {
            ("", _) => Cell::Null,
            (text, Role::Number) => Cell::Number(text.to_owned()),
            (text, Role::Ids) => Cell::Ids(text.split(' ').map(str::to_owned).collect(), String::new()),
            (text, _) => Cell::Text(text.to_owned()),
        };
        Table {
            columns: columns
                .iter()
                .map(|(name, role)| Column { name: (*name).to_owned(), role: *role, ..Column::default() })
                .collect(),
            rows: rows
                .iter()
                .map(|row| Row { cells: row.iter().zip(columns).map(cell).collect(), stamp: None })
                .collect(),
            total: rows.len(),
            ..Table::default()
        }
    }

    const PEOPLE: &[(&str, Role)] = &[
        ("certainty", Role::Firmness),
        ("actor", Role::Text),
        ("role", Role::Text),
        ("in what", Role::Text),
        ("number", Role::Number),
        ("fact", Role::Ids),
    ];

    #[test]
    fn runs_become_groups_and_words_go_under_the_name() {
        let laid = lay_out(&table(
            PEOPLE,
            &[
                &["expected", "France", "plays", "initiative", "", "F49"],
                &["expected", "UK", "plays", "coalition", "", "F48"],
                &["likely", "Latvia", "takes part", "initiative", "", "F52"],
                &["likely", "Estonia", "takes part", "initiative", "2", "F50"],
            ],
        ));
        let headings: Vec<_> = laid.groups.iter().map(|group| group.heading.clone().unwrap()).collect();
        assert_eq!(headings, ["expected", "likely"]);
        let names: Vec<&str> = laid.columns.iter().map(|laid| laid.column.name.as_str()).collect();
        assert_eq!(names, ["actor", "number", "fact"]);
        assert_eq!(laid.columns[0].under.len(), 2);
    }

    #[test]
    fn one_value_in_every_row_goes_to_the_caption() {
        let columns = &[("earlier", Role::Text), ("relation", Role::Text), ("later", Role::Text), ("fact", Role::Ids)];
        let laid = lay_out(&table(columns, &[&["a", "before", "b", "F01"], &["c", "before", "d", "F02"]]));
        assert_eq!(laid.common, ["relation: before, in every row"]);
        assert_eq!(laid.columns.len(), 3);
    }

    #[test]
    fn firmness_goes_under_the_fact_and_an_id_goes_last() {
        let columns = &[("id", Role::Ids), ("gloss", Role::Text), ("certainty", Role::Firmness)];
        let laid = lay_out(&table(columns, &[&["F01", "one", "likely"], &["F02", "two", "expected"]]));
        assert_eq!(laid.columns[0].column.name, "gloss");
        assert_eq!(laid.columns[1].under[0].name, "certainty");
    }

    #[test]
    fn one_row_is_upright_and_many_numbers_are_wide() {
        let columns: Vec<(&str, Role)> = ["a", "b", "c", "d", "e", "f"].map(|name| (name, Role::Number)).into();
        let row: &[&str] = &["1", "2", "3", "4", "5", "6"];
        assert!(lay_out(&table(&columns, &[row])).is_upright);
        assert_eq!(lay_out(&table(&columns, &[row, row])).overflow, Overflow::Wide);
    }

    #[test]
    fn long_words_scroll() {
        let word = "w".repeat(60);
        let rows: &[&[&str]] = &[&[&word, "a"], &["b", "c"]];
        assert_eq!(lay_out(&table(&[("x", Role::Text), ("y", Role::Text)], rows)).overflow, Overflow::Scrolls);
    }
}
