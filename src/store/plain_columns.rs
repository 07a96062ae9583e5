//! The plain columns of imported tables, by which a translated statement compares, orders and adds up quantities of one unit without
//! their texts. What can't be read so is left to the texts.

use super::guard::RecordView;
use super::guard::ctes::split_view_definition;
use super::{Book, quote_identifier};
use crate::quantity::RecordForm;
use rusqlite::Result;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// The column with the number of the record in [`PlainTable::select`].
pub(crate) const RECORD: &str = "pledgebook_record";

/// An imported table with the plain columns of its quantities beside them.
#[derive(Debug)]
pub(crate) struct PlainTable {
    /// The names of the columns of its view, in their order.
    pub(crate) columns: Vec<String>,
    /// For each of them its plain columns, if it is a quantity that has them.
    quantities: Vec<Option<PlainQuantity>>,
    /// The select that takes the place of the view.
    pub(crate) select: String,
}

/// The plain columns of a quantity, as [`PlainTable::select`] names them.
#[derive(Debug)]
pub(crate) struct PlainQuantity {
    /// The whole number of smallest parts; NULL where the quantity is unknown.
    pub(crate) minor: String,
    /// The reason why it is unknown; `None` where it never is.
    pub(crate) reason: Option<String>,
    /// The column of that number in the plain table, in quotes.
    pub(crate) stored: String,
    /// The number of its form, by which functions know it.
    pub(crate) form_number: usize,
    pub(crate) form: Arc<RecordForm>,
}

impl PlainQuantity {
    /// True if it has no unit that a bare number could take.
    pub(crate) fn is_unitless(&self) -> bool {
        self.form.unit().is_one()
    }

    /// The decimal places of its smallest part.
    pub(crate) fn places(&self) -> u32 {
        self.form.places()
    }

    /// True if its numbers compare with those of another as they are stored.
    pub(crate) fn compares_with(&self, other: &Self) -> bool {
        self.form.compares_with(&other.form)
    }
}

impl PlainTable {
    /// The column of a name, with its plain columns if it is a quantity that has them.
    pub(crate) fn column(&self, name: &str) -> Option<(usize, Option<&PlainQuantity>)> {
        let at = self.columns.iter().position(|column| column.eq_ignore_ascii_case(name))?;
        Some((at, self.quantities[at].as_ref()))
    }

    /// The plain columns of a quantity, by the place of its column.
    pub(crate) fn quantity(&self, at: usize) -> Option<&PlainQuantity> {
        self.quantities.get(at)?.as_ref()
    }

    fn new(book: &Book, view: &RecordView, whole_numbers: &BTreeSet<String>) -> Option<Self> {
        let (mut quantities, mut plain) = (Vec::new(), vec![format!("record as {RECORD}")]);
        for (at, column) in view.columns.iter().enumerate() {
            let Some(of_view) = column.plain.as_ref().filter(|plain| whole_numbers.contains(&plain.minor)) else {
                quantities.push(None);
                continue;
            };
            let texts = (&*of_view.before_record, &*of_view.after_record);
            let form = RecordForm::parse(of_view.places, texts, book.units().ok()?)?;
            let (minor, reason) = (format!("pledgebook_minor_{at}"), format!("pledgebook_reason_{at}"));
            plain.push(format!("{} as {minor}", of_view.minor));
            plain.extend(of_view.reason.iter().map(|column| format!("{column} as {reason}")));
            let (form_number, form) = book.udf.keep_record_form(form);
            let reason = of_view.reason.as_ref().map(|_| reason);
            let stored = of_view.minor.clone();
            quantities.push(Some(PlainQuantity { minor, reason, stored, form_number, form }));
        }
        let columns = view.columns.iter().map(|column| column.name.clone()).collect();
        quantities.iter().any(Option::is_some).then(|| Self { columns, quantities, select: view.select(&plain) })
    }
}

impl Book {
    /// The imported table behind a view, if the numbers of any of its quantities can be read from plain columns; `None` while a
    /// what-if may have changed them.
    pub(crate) fn plain_table(&self, view: &str) -> Option<Rc<PlainTable>> {
        let view = self.catalogue.imported().find(|known| known.name.eq_ignore_ascii_case(view))?;
        if self.has_what_if() {
            return None;
        }
        let key = view.name.to_ascii_lowercase();
        if let Some(known) = self.plain_tables.borrow().get(&key) {
            return known.clone();
        }
        let sql = "select sql from main.sqlite_schema where type = 'view' and name = ?1";
        let stored: Option<String> = self.query_optional(sql, [&*view.name], |row| row.get(0)).ok()?;
        let view = stored.as_deref().and_then(split_view_definition).and_then(|body| RecordView::of(view, body));
        let table = match view {
            Some(view) => PlainTable::new(self, &view, &self.whole_numbers(&view.table).ok()?).map(Rc::new),
            None => None,
        };
        self.plain_tables.borrow_mut().insert(key, table.clone());
        table
    }

    /// False if a quantity is known to be unknown in no row of a view: of an imported table its plain column says so.
    pub(crate) fn may_be_unknown(&self, view: &str, column: &str) -> bool {
        let Some(table) = self.plain_table(view) else { return true };
        let Some((_, Some(quantity))) = table.column(column) else { return true };
        let Some(reason) = &quantity.reason else { return false };
        let sql = format!("select 1 from ({}) where {reason} is not null limit 1", table.select);
        self.query_optional(&sql, [], |_| Ok(())).map_or(true, |found| found.is_some())
    }

    /// The columns of a table that SQLite itself keeps to whole numbers, as SQL names them.
    fn whole_numbers(&self, table: &str) -> Result<BTreeSet<String>> {
        let sql = "select c.name from pragma_table_info(?1, 'main') as c
                   where c.type = 'INTEGER' and (select strict from pragma_table_list where schema = 'main' and name = ?1)";
        self.privileged(|connection| {
            let mut columns = connection.prepare(sql)?;
            columns.query_map([table], |row| Ok(quote_identifier(&row.get::<_, String>(0)?)))?.collect()
        })
    }
}
