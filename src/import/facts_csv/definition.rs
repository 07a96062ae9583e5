//! The definition of a file of facts by hand: its columns with the form of their cells and their meaning. Export, import and the
//! guide read it; the files themselves are listed in [`super::contents`].

use std::collections::BTreeSet;

/// A file of facts by hand, and the table of the book that it holds.
#[derive(Debug)]
pub struct FactsFile {
    /// Its name, without `.csv`.
    pub name: &'static str,
    /// The table of the book.
    pub(super) table: &'static str,
    /// The meaning of a row.
    pub meaning: &'static str,
    /// The columns that tell rows apart; none where a row may stand there twice.
    pub(super) key: &'static [&'static str],
    /// Its columns.
    pub columns: &'static [FactsColumn],
}

/// A column of such a file.
#[derive(Debug)]
pub struct FactsColumn {
    /// Its name in the header, which is that of the table's column too.
    pub name: &'static str,
    /// The form of its cells.
    pub(super) form: Form,
    /// True if no cell may be empty.
    pub(super) is_required: bool,
    /// The meaning of a cell.
    pub meaning: &'static str,
}

/// The form of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The id of the row: a letter or two and a number of at least so many digits.
    Id(&'static str, usize),
    /// The id of a fact: `F29`, `S2F01`, `S2:37`.
    FactId,
    /// A word that the row is known by.
    Code,
    /// The id or code of a row of another file, or of this one.
    Reference(&'static str),
    /// The facts that this one corrects, separated by blanks.
    Corrected,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Any text.
    Text,
    /// A text of at most so many characters.
    Line(usize),
    /// A whole number, at least this one.
    Whole(i64),
    /// A decimal, kept as a whole number of the smallest parts of the row's unit.
    Amount,
    /// The unit of the row, kept with the number of its parts.
    Unit,
    /// The decimal places of a unit, kept as the number of its parts.
    Places,
    /// A date in ISO 8601 or EDTF.
    Date,
    /// A SHA-256 digest in hexadecimal digits.
    Digest,
    /// An ISO 3166 code of three letters.
    Country,
    /// The stage of the figure of the row's fact: shown, and checked; kept with the figure.
    StageOfFact,
    /// A column of an imported table, for a record that the row takes its number from; not kept.
    ImportedColumn,
}

/// Shorthands for the tables of columns.
pub(super) const fn required(name: &'static str, form: Form, meaning: &'static str) -> FactsColumn {
    FactsColumn { name, form, is_required: true, meaning }
}

pub(super) const fn optional(name: &'static str, form: Form, meaning: &'static str) -> FactsColumn {
    FactsColumn { name, form, is_required: false, meaning }
}

impl FactsFile {
    /// The index of a column.
    pub(super) fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| known.name == column)
    }

    /// The indices of the columns that tell rows apart.
    pub(super) fn key_positions(&self) -> Vec<usize> {
        self.key.iter().filter_map(|name| self.position(name)).collect()
    }

    /// The query of all cells as the file shows them, with a condition or an order behind it.
    pub(super) fn select(&self, rest: &str) -> String {
        let columns: Vec<String> = self.columns.iter().map(FactsColumn::shown).collect();
        format!("select {} from main.{} t {rest}", columns.join(", "), self.table)
    }

    /// As [`FactsFile::select`], of a table that may lack some of the columns, which are NULL then.
    pub(super) fn select_known(&self, known: &BTreeSet<String>, rest: &str) -> String {
        let lacks = |column: &FactsColumn| column.stored() == [column.name] && !known.contains(column.name);
        let shown = |column: &FactsColumn| if lacks(column) { "null".to_owned() } else { column.shown() };
        let columns: Vec<String> = self.columns.iter().map(shown).collect();
        format!("select {} from main.{} t {rest}", columns.join(", "), self.table)
    }

    /// The statement that writes a row: a parameter for each stored column of each column, in order.
    pub(super) fn insert(&self) -> String {
        let stored: Vec<String> = self.columns.iter().flat_map(FactsColumn::stored).collect();
        let marks = vec!["?"; stored.len()].join(", ");
        format!("insert into main.{} ({}) values ({marks})", self.table, stored.join(", "))
    }
}

impl FactsColumn {
    /// The expression of a cell as the file shows it.
    fn shown(&self) -> String {
        match self.form {
            Form::Corrected => {
                "(select group_concat(id, ' ') from (select id from main.fact o where o.superseded_by = t.id \
                                order by length(id), id))"
                    .to_owned()
            }
            Form::StageOfFact => "(select stage from main.figure q where q.fact = t.fact)".to_owned(),
            Form::ImportedColumn => "null".to_owned(),
            _ => format!("t.{}", self.name),
        }
    }

    /// The columns of the table that hold a cell.
    pub(super) fn stored(&self) -> Vec<String> {
        match self.form {
            Form::Corrected | Form::StageOfFact | Form::ImportedColumn => Vec::new(),
            Form::Amount => vec![format!("{}_minor", self.name)],
            Form::Unit => ["unit", "minor_per_unit", "finer_parts"].map(str::to_owned).to_vec(),
            Form::Places => vec!["minor_per_unit".to_owned()],
            _ => vec![self.name.to_owned()],
        }
    }

    /// True if the table itself has the cell, so that a row that is there already can be compared with it.
    pub(super) fn is_kept(&self) -> bool {
        !matches!(self.form, Form::Corrected | Form::StageOfFact | Form::ImportedColumn)
    }
}
