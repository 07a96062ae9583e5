//! The book as a data package: every view that people read and what was noted of imports, table by table. Each is read twice, once to
//! learn what its rows hold and once to write them, so that memory does not grow with the rows.

use super::{Session, require_book};
use crate::error::{Error, usage_error};
use crate::sql::{Author, Cell, NoParameters, Prepared, prepare_one};
use crate::store::catalogue::ColumnKind;
use crate::store::{RelationKind, quote_identifier};
use crate::syntax::Text;
use crate::table::package::{
    Package, PackageSource, PackageTable, TableFile, TableStatistics, WrittenFile, resource_name,
};
use std::collections::BTreeSet;
use std::io::Write;

/// Rows that are read at once.
const CHUNK_ROWS: usize = 256;

/// The names, kinds and meanings of columns.
type Columns = &'static [(&'static str, ColumnKind, &'static str)];

const fn text(name: &'static str, meaning: &'static str) -> (&'static str, ColumnKind, &'static str) {
    (name, ColumnKind::Text, meaning)
}

/// The storage classes of a column of whole numbers, and of one of numbers.
const INTEGERS: &str = "'integer', 'null'";
const NUMBERS: &str = "'integer', 'real', 'null'";

/// Tables of a package that are no views of the book: name, meaning, columns, and the statement that gives their rows.
const DETAILS: [(&str, &str, Columns, &str); 3] = [
    (
        "codes",
        "one code of a closed list, with its meaning",
        &[text("list", "the list, as in `reason`"), text("code", "the code"), text("meaning", "its meaning")],
        "select 'attribution' as list, code, meaning from attribution union all select 'certainty', code, meaning from certainty \
         union all select 'kind', code, meaning from fact_kind union all select 'reason', code, meaning from reason \
         union all select 'stage', code, meaning from stage union all select 'status', code, meaning from status order by 1, 2",
    ),
    (
        "imports",
        "one imported table: the file that it was, and the options that repeat its import",
        &[
            text("source", "the source that it is"),
            text("name", "the table"),
            text("file", "the file as it was named"),
            text("sha256", "the digest of its bytes"),
            ("records", ColumnKind::Integer, "the number of its records"),
            text("options", "the options, as TOML"),
        ],
        "select source, name, file, sha256, records, options from imported_table \
         order by cast(substr(source, 2) as integer)",
    ),
    (
        "import_notes",
        "one line of a file above or below its table: a title, a footnote",
        &[
            text("source", "the source that the file is"),
            ("line", ColumnKind::Integer, "the line of the file"),
            text("text", "its text"),
        ],
        "select source, line, text from imported_note order by cast(substr(source, 2) as integer), line",
    ),
];

/// Columns by name that hold a key of another table, where they do: column, table, column there.
const REFERENCES: [(&str, &str, &str); 11] = [
    ("source", "sources", "id"),
    ("fact", "facts", "id"),
    ("unknown", "unknowns", "id"),
    ("tension", "tensions", "id"),
    ("pledge", "pledges", "id"),
    ("actor", "actors", "name"),
    ("provider", "actors", "name"),
    ("recipient", "actors", "name"),
    ("announcer", "actors", "name"),
    ("earlier", "events", "label"),
    ("later", "events", "label"),
];

/// Names of columns that may be the key of their table.
const KEYS: [&str; 3] = ["id", "code", "label"];

/// A table to be written.
struct ExportedTable {
    statistics: TableStatistics,
    sql: String,
    /// The source that it was imported as.
    source: Option<String>,
}

impl Session {
    /// Writes the book as a data package named `name`, each file to the writer that `create` returns for its name.
    ///
    /// # Errors
    /// A plain database, which has no catalogue; assumptions in force; the book can't be read; a file can't be written.
    pub fn export_package<W: Write>(
        &self,
        name: &str,
        create: &mut dyn FnMut(&str) -> Result<W, Error>,
    ) -> Result<(), Error> {
        require_book(&self.book, "catalogue to describe its tables by")?;
        if !self.supposed.is_empty() {
            return Err(usage_error("an export is of the book as its sources have it", "leave out `--assume`"));
        }
        self.begin_work()?;
        // While a statement is at work the book stays as it is: every table is read twice.
        let mut snapshot = prepare_one(
            &self.book,
            &Text::new("export", "select name from sqlite_schema"),
            &NoParameters,
            Author::Program,
        )?;
        snapshot.fetch(1, &mut Vec::new())?;
        let style = self.settings.style(&self.book, false);
        let generator = format!("pledgebook {}", env!("CARGO_PKG_VERSION"));
        let mut taken = BTreeSet::new();
        let title = format!("The book `{name}`");
        let name = resource_name(name, &mut BTreeSet::new());
        let mut package = Package { name, title, generator, sources: self.package_sources()?, ..Package::default() };
        for mut table in self.exported_tables()? {
            self.read(&table.sql, |cells| {
                table.statistics.add(cells);
                Ok(())
            })?;
            if table.statistics.rows == 0 {
                package.empty.push(table.statistics.name().to_owned());
                continue;
            }
            let resource = resource_name(table.statistics.name(), &mut taken);
            let mut file = TableFile::begin(&table.statistics, &style, create(&format!("{resource}.csv"))?)?;
            self.read(&table.sql, |cells| file.row(cells).map_err(Error::from))?;
            package.tables.push(self.package_table(&table, file.finish()?, resource)?);
        }
        for table in &mut package.tables {
            table.references = self.references_of(table)?;
        }
        for (file, text) in [("datapackage.json", package.descriptor()), ("README.md", package.readme())] {
            let mut out = create(file)?;
            out.write_all(text.as_bytes())?;
            out.flush()?;
        }
        Ok(())
    }

    /// The tables of the book that a package holds.
    fn exported_tables(&self) -> Result<Vec<ExportedTable>, Error> {
        let mut imported = Vec::new();
        let mut tables: Vec<ExportedTable> = Vec::new();
        let has_imports = self.count("select count(*) from sqlite_schema where name = 'imported_note'")? > 0;
        if has_imports {
            self.read("select source, name from imported_table", |cells| {
                if let [Cell::Text(source), Cell::Text(name)] = cells {
                    imported.push((source.clone().into_owned(), name.clone().into_owned()));
                }
                Ok(())
            })?;
        }
        let declared = if has_imports { self.declared_columns()? } else { Vec::new() };
        for view in self.book.catalogue().iter() {
            let columns: Vec<String> = view.columns.iter().map(|column| quote_identifier(&column.name)).collect();
            let sql = format!("select {} from {}", columns.join(", "), quote_identifier(&view.name));
            let mut statistics = TableStatistics::of(view);
            for (_, column, kind) in declared.iter().filter(|(name, ..)| *name == *view.name) {
                statistics.declare(column, kind);
            }
            let source = imported.iter().find(|(_, name)| *name == *view.name).map(|(source, _)| source.clone());
            tables.push(ExportedTable { statistics, sql, source });
        }
        tables.extend(self.own_tables()?);
        let details = DETAILS.iter().take(if has_imports { DETAILS.len() } else { 1 });
        tables.extend(details.map(|(name, meaning, columns, sql)| ExportedTable {
            statistics: TableStatistics::new(name, meaning, columns),
            sql: (*sql).to_owned(),
            source: None,
        }));
        Ok(tables)
    }

    /// The columns of imported tables with a type of their own in a table schema: table, column and type.
    fn declared_columns(&self) -> Result<Vec<(String, String, &'static str)>, Error> {
        let sql = "select t.name, c.name, c.kind from imported_column c join imported_table t on t.source = c.source \
                   where c.kind in ('date', 'real')";
        let mut found = Vec::new();
        self.read(sql, |cells| {
            if let [Cell::Text(table), Cell::Text(column), Cell::Text(kind)] = cells {
                let kind = if kind == "date" { "date" } else { "number" };
                found.push((table.clone().into_owned(), column.clone().into_owned(), kind));
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// The tables and views of the person whose book it is, without views that can't be read any more.
    fn own_tables(&self) -> Result<Vec<ExportedTable>, Error> {
        let relations = self.book.relations().map_err(|error| self.book.error(&error))?;
        let unreadable = self.book.unreadable_views();
        let is_readable = |name: &String| unreadable.iter().all(|(view, _)| view != name);
        let own = relations.iter().filter(|(name, kind)| *kind == RelationKind::Own && is_readable(name));
        own.map(|(name, _)| self.own_table(name)).collect()
    }

    fn own_table(&self, name: &str) -> Result<ExportedTable, Error> {
        let quoted = quote_identifier(name);
        let sql = format!("select * from {quoted}");
        let prepared = prepare_one(&self.book, &Text::new("export", &sql), &NoParameters, Author::Program)?;
        let mut holds_only = Vec::new();
        let others = prepared.columns().iter().flat_map(|column| {
            let name = quote_identifier(&column.name);
            [INTEGERS, NUMBERS].map(|types| format!("ifnull(max(typeof({name}) not in ({types})), 0)"))
        });
        let others = others.collect::<Vec<_>>().join(", ");
        self.read(&format!("select {others} from {quoted}"), |cells| {
            holds_only = cells.iter().map(|cell| *cell == Cell::Integer(0)).collect();
            Ok(())
        })?;
        let (mut columns, mut declared) = (Vec::new(), Vec::new());
        for (column, holds_only) in prepared.columns().iter().zip(holds_only.chunks(2)) {
            let name = column.name.as_str();
            let kind = match () {
                () if column.is_quantity => ColumnKind::Quantity,
                () if holds_only[0] => ColumnKind::Integer,
                () => ColumnKind::Text,
            };
            if kind == ColumnKind::Text && holds_only[1] {
                declared.push(name);
            }
            columns.push((name, kind, "a column of one's own"));
        }
        let mut statistics = TableStatistics::new(name, "a row of a table of one's own", &columns);
        for column in declared {
            statistics.declare(column, "number");
        }
        Ok(ExportedTable { statistics, sql, source: None })
    }

    /// A table with its file, and its key where it has one.
    fn package_table(&self, table: &ExportedTable, file: WrittenFile, resource: String) -> Result<PackageTable, Error> {
        let statistics = table.statistics.clone();
        let first = statistics.first_column().unwrap_or_default();
        let is_key = if table.source.is_some() {
            statistics.has_ordered_records()
        } else {
            KEYS.contains(&first) && self.is_unique(statistics.name(), first)?
        };
        let key = is_key.then(|| first.to_owned());
        let (references, source) = (Vec::new(), table.source.clone());
        Ok(PackageTable { statistics, file, resource, key, references, source })
    }

    /// The references of a table of the book's own that hold for every row.
    fn references_of(&self, table: &PackageTable) -> Result<Vec<(String, String, String)>, Error> {
        let mut found = Vec::new();
        let is_view = self.book.catalogue().find(table.statistics.name()).is_some();
        if table.source.is_some() || !is_view {
            return Ok(found);
        }
        for (column, target, key) in REFERENCES {
            let is_there = table.statistics.has_column(column) && table.statistics.name() != target;
            if is_there && self.is_unique(target, key)? && self.refers(table.statistics.name(), column, target, key)? {
                found.push((column.to_owned(), target.to_owned(), key.to_owned()));
            }
        }
        Ok(found)
    }

    fn is_unique(&self, view: &str, column: &str) -> Result<bool, Error> {
        let (view, column) = (quote_identifier(view), quote_identifier(column));
        Ok(self.count(&format!("select count(*) - count(distinct {column}) from {view}"))? == 0)
    }

    fn refers(&self, view: &str, column: &str, target: &str, key: &str) -> Result<bool, Error> {
        let [view, column, target, key] = [view, column, target, key].map(quote_identifier);
        let sql = format!("select count(*) from {view} where {column} not in (select {key} from {target})");
        let used = self.count(&format!("select count({column}) from {view}"))?;
        Ok(used > 0 && self.count(&sql)? == 0)
    }

    /// The sources of the book, in the order of their ids.
    fn package_sources(&self) -> Result<Vec<PackageSource>, Error> {
        let Some(view) = self.book.catalogue().find("sources") else { return Ok(Vec::new()) };
        let names: Vec<&str> = view.columns.iter().map(|column| &*column.name).collect();
        let mut sources = Vec::new();
        let sql = format!("select {} from sources order by cast(substr(id, 2) as integer)", names.join(", "));
        self.read(&sql, |cells| {
            let known = names.iter().zip(cells).filter_map(|(name, cell)| match cell {
                Cell::Text(text) => Some(((*name).to_owned(), text.clone().into_owned())),
                _ => None,
            });
            sources.push(PackageSource(known.collect()));
            Ok(())
        })?;
        Ok(sources)
    }

    fn count(&self, sql: &str) -> Result<i64, Error> {
        let mut count = 0;
        self.read(sql, |cells| {
            if let [Cell::Integer(found)] = cells {
                count = *found;
            }
            Ok(())
        })?;
        Ok(count)
    }

    /// Passes each row of a statement of the program's own to `row`.
    fn read(&self, sql: &str, mut row: impl FnMut(&[Cell<'_>]) -> Result<(), Error>) -> Result<(), Error> {
        let mut prepared: Prepared =
            prepare_one(&self.book, &Text::new("export", sql), &NoParameters, Author::Program)?;
        let mut rows = Vec::with_capacity(CHUNK_ROWS);
        loop {
            let is_at_end = prepared.fetch(CHUNK_ROWS, &mut rows)?;
            rows.drain(..).try_for_each(|cells: Vec<Cell<'static>>| row(&cells))?;
            if self.book.stop().is_raised() {
                return Err(self.book.stop().cause());
            }
            if is_at_end {
                return Ok(());
            }
        }
    }
}
