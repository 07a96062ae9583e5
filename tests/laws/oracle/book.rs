//! A book with the tables of a case, and a session that asks it.

use super::answered;
use super::run::Tables;
use super::select::Select;
use super::tables::{Table, known};
use crate::scratch::printed::Printed;
use pledgebook::import::{ImportOptions, Mode, import};
use pledgebook::session::{NoteLevel, Session};
use pledgebook::store::{BookWriter, create_book};
use pledgebook::syntax::Text;
use pledgebook::table::Format;
use pledgebook::terminal::Language;
use serde_json::Value as Json;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::{fs, io, process};

pub(super) struct Book {
    session: Session,
    /// The tables as the oracle reads them.
    pub(super) known: Tables,
    tables: Vec<Table>,
    directory: PathBuf,
}

impl Book {
    pub(super) fn new(tables: &[Table]) -> Self {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("oracle_{}", process::id()));
        if directory.exists() {
            fs::remove_dir_all(&directory).expect("what an earlier case left can be removed");
        }
        fs::create_dir_all(&directory).expect("the directory for temporary files can be written");
        let path = directory.join("book.db");
        create_book(&path, false).expect("a book can be made");
        let mut writer = BookWriter::open(&path).expect("the book opens");
        for table in tables.iter().filter(|table| table.is_imported()) {
            let file = directory.join(format!("{}.csv", table.name));
            fs::write(&file, table.csv()).expect("the directory is writable");
            let options: ImportOptions = toml::from_str(&table.options()).expect("the options are TOML");
            if let Err(error) = import(&mut writer, &file, &options, Mode::Write, false) {
                panic!("{}\n{error}", table.csv());
            }
        }
        drop(writer);
        let mut session = Session::open(Some(&path)).expect("the book opens");
        session.settings.format = Format::Jsonl;
        session.settings.notes = NoteLevel::None;
        session.settings.keep_last = false;
        let mut book = Self { session, known: known(tables), tables: tables.to_vec(), directory };
        let given = tables.iter().filter(|table| !table.is_imported() && !table.is_inline());
        let given = given.map(|table| format!("create temp table {} as {}", table.name, table.query()));
        for sql in given.chain(tables.iter().flat_map(Table::copies)) {
            book.said(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        book
    }

    /// The program's rows, or its message.
    pub(super) fn ask(&mut self, select: &Select) -> Result<Vec<Vec<Json>>, String> {
        let sql = written(&self.tables, select);
        let said = catch_unwind(AssertUnwindSafe(|| self.said(&sql))).map_err(|panic| {
            let words = panic.downcast_ref::<String>().cloned();
            format!(
                "panicked: {}",
                words.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default()
            )
        })?;
        let names: Vec<String> = (0..select.items.len()).map(|at| select.name(at)).collect();
        Ok(answered::rows(&said?, &names))
    }

    fn said(&mut self, text: &str) -> Result<String, String> {
        let printed = Printed::default();
        let output = self.session.output(printed.clone(), io::sink(), false);
        let done = self.session.eval(&Text::new("case", text), Some(Language::Sql), &output);
        drop(output);
        let printed = String::from_utf8(printed.0.take()).expect("the program prints UTF-8");
        done.map(|_| printed).map_err(|error| error.to_string())
    }
}

impl Drop for Book {
    fn drop(&mut self) {
        // Where it can't be removed, the next case of this process or a clean does.
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Whether a name is in a statement.
fn names(sql: &str, name: &str) -> bool {
    sql.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
}

/// A statement with the tables in front that are written into it.
fn written(tables: &[Table], select: &Select) -> String {
    let sql = select.to_string();
    let inline: Vec<String> = tables
        .iter()
        .filter(|table| table.is_inline() && names(&sql, &table.name))
        .map(|table| format!("{} as ({})", table.name, table.query()))
        .collect();
    match sql.strip_prefix("with ") {
        _ if inline.is_empty() => sql,
        Some(rest) => format!("with {}, {rest}", inline.join(", ")),
        None => format!("with {} {sql}", inline.join(", ")),
    }
}

/// A statement and the tables that it reads, for whoever does it by hand.
pub(super) fn told(tables: &[Table], select: &Select) -> String {
    let sql = written(tables, select);
    let mut told = String::new();
    for table in tables.iter().filter(|table| table.names().iter().any(|name| names(&sql, name))) {
        if table.is_imported() {
            told += &format!("{}.csv\n{}{}", table.name, table.csv(), table.options());
            let copies =
                table.copies().into_iter().filter(|copy| names(&sql, copy.split(' ').nth(3).unwrap_or_default()));
            copies.for_each(|copy| told += &(copy + ";\n"));
        } else if !table.is_inline() {
            told += &format!("create temp table {} as {};\n", table.name, table.query());
        }
    }
    format!("{told}{sql};")
}
