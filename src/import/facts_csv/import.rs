//! Reading facts by hand into a book: all files in one transaction. Rows that are there already are passed over, new ones are added,
//! and nothing is overwritten. Every error of every file is found before any is reported.

use super::contents::{FILES, find};
use super::corrections::{Correction, Corrections, unfollowed};
use super::definition::{FactsColumn, FactsFile, Form};
use super::directory::{self, Notation};
use super::findings::Findings;
use super::known_rows::{KnownRows, Presence};
use super::overlaps::greater_parts;
use super::parse;
use super::pledge_rows::PledgeRows;
use super::records::RecordFigure;
use super::rules::Row;
use super::summary::{FactsReport, ImportedFile};
use super::table_reader::TableReader;
use crate::error::suggest::nearest;
use crate::error::{Error, ImportCause, ImportError, usage_error};
use crate::import::source::encoding;
use crate::import::{ImportOptions, Mode, cell};
use crate::quantity::human;
use crate::store::{BookWriter, Stop};
use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Statement, params_from_iter};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// The most findings for which a name near a mistyped one is looked for.
const MAX_SUGGESTED: usize = 50;

/// Reads the files of a directory into a book.
///
/// # Errors
/// Everything that is wrong in them; the book can't be written.
pub fn import_facts(
    book: &mut BookWriter,
    directory: &Path,
    options: &ImportOptions,
    mode: Mode,
    is_strict: bool,
) -> Result<FactsReport, Error> {
    refuse_other(options)?;
    let written = Notation { encoding: encoding(options)?, separator: options.separator_byte()? };
    let mut findings = Findings::default();
    let files = directory::files(directory, &mut findings)?;
    let stop = book.stop().clone();
    book.transaction(mode == Mode::Write, |connection| {
        let sqlite = |error: rusqlite::Error| BookWriter::error(connection, &error);
        // A row with something wrong in it is not written, and others may name it.
        connection.execute_batch("pragma defer_foreign_keys = on").map_err(sqlite)?;
        let mut import = FactsImport::new(connection, findings, stop).map_err(sqlite)?;
        for (file, path) in files {
            import.read_file(file, &path, written)?;
        }
        import.finish(directory, is_strict)
    })
}

/// Refuses the options that are about a table.
fn refuse_other(options: &ImportOptions) -> Result<(), Error> {
    let (encoding, separator) = (options.encoding.clone(), options.separator.clone());
    if *options == (ImportOptions { encoding, separator, ..ImportOptions::default() }) {
        return Ok(());
    }
    let help = "with a directory of facts go `--encoding`, `--separator`, `--strict` and `--dry-run`";
    Err(usage_error("facts by hand say themselves what their columns are", help))
}

/// An import in its transaction.
struct FactsImport<'c> {
    connection: &'c Connection,
    /// The smallest parts of each unit.
    units: HashMap<String, i64>,
    /// The ids and codes of each file that others may name, of the book and of the files read so far.
    keys: BTreeMap<&'static str, BTreeSet<String>>,
    findings: Findings,
    corrections: Corrections,
    /// The rows of the file that mark a pledge or state something of one.
    pledges: PledgeRows,
    /// The parts that were greater than their whole before: that was reported when they came in.
    greater_before: BTreeSet<String>,
    /// The files that could not be read to their end.
    unread: BTreeSet<&'static str>,
    stop: Stop,
    report: FactsReport,
}

/// The statements for the rows of a file.
struct FileStatements<'c> {
    known: KnownRows<'c>,
    insert: Statement<'c>,
}

impl<'c> FactsImport<'c> {
    fn new(connection: &'c Connection, findings: Findings, stop: Stop) -> rusqlite::Result<Self> {
        let mut keys = BTreeMap::new();
        for file in FILES.iter().filter(|file| file.key.len() == 1) {
            let mut query = connection.prepare(&format!("select {} from {}", file.key[0], file.table))?;
            let found: BTreeSet<String> = query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            keys.insert(file.name, found);
        }
        let mut query = connection.prepare("select code, minor_per_unit from unit")?;
        let units = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        Ok(Self {
            connection,
            units,
            keys,
            findings,
            corrections: Corrections::default(),
            pledges: PledgeRows::default(),
            greater_before: greater_parts(connection)?,
            unread: BTreeSet::new(),
            stop,
            report: FactsReport::default(),
        })
    }

    fn sqlite(&self, error: &rusqlite::Error) -> Error {
        BookWriter::error(self.connection, error)
    }

    /// Reads a file. One that is no table of text is a finding like any other.
    fn read_file(&mut self, file: &'static FactsFile, path: &Path, written: Notation) -> Result<(), Error> {
        let done = self.read_rows(file, path, written);
        if !matches!(done, Ok(true)) {
            self.unread.insert(file.name);
        }
        let Err(Error::Import(broken)) = done else { return done.map(drop) };
        self.findings.add_file(&broken.file, broken.line, &format!("{}: {}", broken.message, broken.help));
        Ok(())
    }

    /// Reads the rows; false where the header has no columns to read them by.
    fn read_rows(&mut self, file: &'static FactsFile, path: &Path, written: Notation) -> Result<bool, Error> {
        let found = directory::open(file, path, written, &self.stop)?;
        if !found.text.is_certain {
            self.report.doubts.push(format!(
                "`{}` is not UTF-8 and does not say what it is: it was read as {}; `--encoding` says another",
                path.display(),
                found.text.encoding.name()
            ));
        }
        self.findings.begin(found.clone());
        let Some(mut rows) = TableReader::open(file, &found, &mut self.findings)? else { return Ok(false) };
        let connection = self.connection;
        let statements = || -> rusqlite::Result<FileStatements<'c>> {
            Ok(FileStatements { known: KnownRows::new(connection, file)?, insert: connection.prepare(&file.insert())? })
        };
        let mut statements = statements().map_err(|error| self.sqlite(&error))?;
        self.pledges = PledgeRows::of(file);
        let mut done = ImportedFile { file: found.file.name(), ..ImportedFile::default() };
        while rows.read()? {
            done.rows += 1;
            match self.read_row(file, &rows, &mut statements).map_err(|error| self.sqlite(&error))? {
                Some(Presence::New) => done.added += 1,
                Some(_) => done.unchanged += 1,
                None => {}
            }
        }
        drop(statements);
        if file.name == "facts" {
            let written = self.corrections.write(self.connection, &self.keys["facts"], &mut self.findings);
            self.report.corrected = written.map_err(|error| self.sqlite(&error))?;
        }
        self.pledges.check(self.connection, &mut self.findings).map_err(|error| self.sqlite(&error))?;
        self.report.files.push(done);
        Ok(true)
    }

    /// Reads a row; `None` where something is wrong with it.
    fn read_row(
        &mut self,
        file: &'static FactsFile,
        rows: &TableReader,
        statements: &mut FileStatements<'c>,
    ) -> rusqlite::Result<Option<Presence>> {
        let before = self.findings.len();
        if rows.is_misquoted() {
            self.findings.add(
                rows.line(),
                0,
                "a quote in this row does not enclose its cell: take it away, or double it",
            );
        }
        if let Some(at) = rows.stray() {
            self.findings.add(rows.line(), at, "there is no column above this cell");
        }
        let mut cells: Vec<Option<String>> = Vec::with_capacity(file.columns.len());
        for (at, column) in file.columns.iter().enumerate() {
            cells.push(self.read_cell(file, column, rows, at));
        }
        self.add_keys(file, &cells);
        let is_readable = self.findings.len() == before;
        if is_readable {
            self.check_stage(file, rows, &cells)?;
            self.check_references(file, rows, &cells);
            for (column, message) in (Row { file, cells: &cells }).violations() {
                self.findings.add(rows.line(), rows.place(file.position(column).unwrap_or_default()), message);
            }
        }
        let known = statements.known.find(&cells, rows)?;
        match known {
            Presence::Twice(line) => {
                self.findings.add(
                    rows.line(),
                    rows.place(0),
                    format!("its {} stands on line {line} already", file.key.join(", ")),
                );
            }
            // A cell that can't be read has been said to be wrong.
            Presence::Other(column) if self.findings.len() == before => {
                self.findings.add(rows.line(), rows.place(column), Self::overwriting(file, &cells, column));
            }
            Presence::New | Presence::Same | Presence::Other(_) => {}
        }
        if self.findings.len() > before {
            return Ok(None);
        }
        if known == Presence::New && !self.write(file, rows, &cells, &mut statements.insert)? {
            return Ok(None);
        }
        self.add_corrections(file, rows, &cells);
        self.pledges.add(rows, &cells);
        Ok(Some(known))
    }

    fn read_cell(
        &mut self,
        file: &'static FactsFile,
        column: &'static FactsColumn,
        rows: &TableReader,
        at: usize,
    ) -> Option<String> {
        let (place, written) = rows.cell(at)?;
        match parse::cell(column.form, written) {
            Ok(None) if column.is_required => {
                let message = format!("`{}` of {}.csv can't be empty: {}", column.name, file.name, column.meaning);
                self.findings.add(rows.line(), place, message);
                None
            }
            Ok(cell) => cell,
            Err(message) => {
                self.findings.add(rows.line(), place, message);
                None
            }
        }
    }

    /// Adds the id of a row, even of one with something wrong in it: what names it is not wrong for that.
    fn add_keys(&mut self, file: &'static FactsFile, cells: &[Option<String>]) {
        let [key] = file.key_positions()[..] else { return };
        let Some(id) = &cells[key] else { return };
        if let Some(keys) = self.keys.get_mut(file.name).filter(|keys| !keys.contains(id)) {
            keys.insert(id.clone());
        }
        if file.name == "units" {
            let places = file.position("places").and_then(|at| cells[at].as_deref()?.parse::<u32>().ok());
            self.units.entry(id.clone()).or_insert(places.map_or(1, |places| 10_i64.pow(places)));
        }
    }

    fn check_references(&mut self, file: &'static FactsFile, rows: &TableReader, cells: &[Option<String>]) {
        for (at, column) in file.columns.iter().enumerate() {
            let (Some(id), Some(name)) = (&cells[at], target(column.form)) else { continue };
            // Rows that a file which can't be read may have are not missed.
            if self.keys[name].contains(id) || self.unread.contains(name) {
                continue;
            }
            let message = self.unknown_reference(name, id);
            self.findings.add(rows.line(), rows.place(at), message);
        }
    }

    fn unknown_reference(&self, name: &str, id: &str) -> String {
        let missing = match name {
            "figures" => format!("neither figures.csv nor the book has a number of the fact `{id}`"),
            _ => format!("neither {name}.csv nor the book has `{id}`"),
        };
        // Of ids that are numbers every other one is near.
        let is_word = find(name).is_some_and(|file| file.columns[0].form == Form::Code);
        let keys = self.keys[name].iter().map(String::as_str).filter(|_| is_word);
        let near = if self.findings.len() < MAX_SUGGESTED { nearest(id, keys) } else { None };
        near.map_or_else(|| missing.clone(), |near| format!("{missing}: did you mean `{near}`?"))
    }

    /// Compares the stage of a row with that of its fact's figure; makes fact and figure of a record that the row takes its number from.
    fn check_stage(
        &mut self,
        file: &'static FactsFile,
        rows: &TableReader,
        cells: &[Option<String>],
    ) -> rusqlite::Result<()> {
        let (Some(stage_at), Some(fact_at)) = (file.position("stage"), file.position("fact")) else { return Ok(()) };
        let Some(column_at) = file.position("column") else { return Ok(()) };
        let Some(fact) = &cells[fact_at] else { return Ok(()) };
        let stage = cells[stage_at].as_deref();
        if let Some(stage) =
            stage.filter(|stage| !self.unread.contains("stage_codes") && !self.keys["stage_codes"].contains(*stage))
        {
            let message = self.unknown_reference("stage_codes", stage);
            self.findings.add(rows.line(), rows.place(stage_at), message);
            return Ok(());
        }
        if let Some(column) = &cells[column_at]
            && let Err((at, message)) = self.take_record(fact, column, stage)?
        {
            let at = match at {
                RecordCell::Fact => fact_at,
                RecordCell::Column => column_at,
                RecordCell::Stage => stage_at,
            };
            self.findings.add(rows.line(), rows.place(at), message);
            // That there is no such figure has been said by this.
            self.add_record_keys(fact);
            return Ok(());
        }
        let stage_of = "select stage from figure where fact = ?1";
        let stated: Option<Option<String>> =
            self.connection.query_row(stage_of, [fact], |row| row.get(0)).optional()?;
        match (stated, stage) {
            (Some(None), _) => {
                let message = format!("the number of `{fact}` has no stage: give it one in figures.csv");
                self.findings.add(rows.line(), rows.place(fact_at), message);
            }
            (Some(Some(stated)), Some(stage)) if stated != stage => {
                let message = format!("figures.csv puts `{fact}` at the stage `{stated}`: the two must agree");
                self.findings.add(rows.line(), rows.place(stage_at), message);
            }
            _ => {}
        }
        Ok(())
    }

    /// Makes a fact and a figure of a record, unless the book has them already; then they must be the same.
    fn take_record(
        &mut self,
        fact: &str,
        column: &str,
        stage: Option<&str>,
    ) -> rusqlite::Result<Result<(), (RecordCell, String)>> {
        let figure = match RecordFigure::read(self.connection, fact, column)? {
            Ok(figure) => figure,
            Err(message) => return Ok(Err((RecordCell::Column, message))),
        };
        if self.keys["figures"].contains(fact) {
            let is_other = figure.is_other(self.connection)?;
            let message = || format!("the book has another number of `{fact}` already: a record states one number");
            return Ok(if is_other { Err((RecordCell::Fact, message())) } else { Ok(()) });
        }
        let Some(stage) = stage else {
            return Ok(Err((RecordCell::Stage, format!("say at which stage `{fact}` is: the record does not"))));
        };
        if let Err(message) = figure.write(self.connection, stage)? {
            return Ok(Err((RecordCell::Column, message)));
        }
        self.report.records.push(fact.to_owned());
        self.add_record_keys(fact);
        Ok(Ok(()))
    }

    /// Adds the id of a record to the facts that have a number.
    fn add_record_keys(&mut self, fact: &str) {
        for name in ["facts", "figures"] {
            if let Some(keys) = self.keys.get_mut(name) {
                keys.insert(fact.to_owned());
            }
        }
    }

    /// Writes a new row; false where the book refuses it.
    fn write(
        &mut self,
        file: &'static FactsFile,
        rows: &TableReader,
        cells: &[Option<String>],
        insert: &mut Statement<'c>,
    ) -> rusqlite::Result<bool> {
        let values = match stored(file, cells, &self.units) {
            Ok(values) => values,
            Err((column, message)) => {
                self.findings.add(rows.line(), rows.place(file.position(column).unwrap_or_default()), message);
                return Ok(false);
            }
        };
        match insert.execute(params_from_iter(values)) {
            Ok(_) => Ok(true),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                let (at, message) = refusal(file, &error.to_string());
                self.findings.add(rows.line(), rows.place(at), message);
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    fn add_corrections(&mut self, file: &'static FactsFile, rows: &TableReader, cells: &[Option<String>]) {
        let Some(at) = file.columns.iter().position(|column| column.form == Form::Corrected) else { return };
        let (Some(list), Some(new)) = (&cells[at], &cells[0]) else { return };
        for old in list.split_whitespace() {
            let (new, line, cell) = (new.clone(), rows.line(), rows.place(at));
            self.corrections.add(Correction { new, old: old.to_owned(), line, cell });
        }
    }

    /// The message for a row that is in the book with another content.
    fn overwriting(file: &FactsFile, cells: &[Option<String>], column: usize) -> String {
        let key: Vec<&str> = file.key_positions().into_iter().filter_map(|at| cells[at].as_deref()).collect();
        let key = key.join(" ");
        let column = file.columns[column].name;
        let help = match file.name {
            "facts" | "figures" => {
                format!(
                    "a correction is a fact of its own, with a number of its own, and names `{key}` in `supersedes`"
                )
            }
            _ => "nothing is overwritten: give the new row an id of its own, or write it as the book has it".to_owned(),
        };
        format!("the book has `{key}` with another `{column}`: {help}")
    }

    /// The report, where nothing is wrong.
    fn finish(mut self, directory: &Path, is_strict: bool) -> Result<FactsReport, Error> {
        let name = directory.display().to_string();
        self.findings.finish(&name)?;
        let stale = unfollowed(self.connection, &self.report.corrected);
        self.report.doubts.extend(stale.map_err(|error| BookWriter::error(self.connection, &error))?);
        let greater = greater_parts(self.connection).map_err(|error| BookWriter::error(self.connection, &error))?;
        self.report.doubts.extend(greater.difference(&self.greater_before).cloned());
        if let (true, Some(first)) = (is_strict, self.report.doubts.first()) {
            let message = format!("it is in doubt: {first}");
            let help = "without `--strict` it is imported, and the doubts are reported".to_owned();
            return Err(ImportError {
                file: name,
                cause: ImportCause::Doubtful,
                line: None,
                message,
                help,
                question: None,
            }
            .into());
        }
        self.report.directory.clone_from(&name);
        let added: u64 = self.report.files.iter().map(|file| file.added).sum();
        if added > 0 || !self.report.corrected.is_empty() {
            let detail = format!("{} of facts from {name}", human::count(added, "row"));
            BookWriter::note(self.connection, "import", "facts", &detail)
                .map_err(|error| BookWriter::error(self.connection, &error))?;
        }
        Ok(self.report)
    }
}

/// The cell that is to blame for a record that is no figure.
enum RecordCell {
    Fact,
    Column,
    Stage,
}

/// The file that a cell names a row of.
fn target(form: Form) -> Option<&'static str> {
    match form {
        Form::Reference(name) => Some(name),
        Form::Unit => Some("units"),
        _ => None,
    }
}

/// The values of the columns that hold a row; the column that can't be held, and why.
fn stored(
    file: &'static FactsFile,
    cells: &[Option<String>],
    units: &HashMap<String, i64>,
) -> Result<Vec<Value>, (&'static str, String)> {
    let text = |cell: &Option<String>| cell.clone().map_or(Value::Null, Value::Text);
    let (of_unit, finer) = parts(file, cells, units);
    let per_unit = of_unit * finer;
    let mut values = Vec::new();
    for (column, cell) in file.columns.iter().zip(cells) {
        match column.form {
            _ if !column.is_kept() => {}
            Form::Unit => {
                let finer = if finer == 1 { Value::Null } else { finer.into() };
                values.extend([text(cell), cell.as_ref().map_or(Value::Null, |_| of_unit.into()), finer]);
            }
            Form::Places => {
                let places = cell.as_deref().and_then(|places| places.parse().ok()).unwrap_or_default();
                values.push(10_i64.pow(places).into());
            }
            Form::Amount => values.push(match cell {
                None => Value::Null,
                Some(amount) => minor(amount, per_unit).ok_or_else(|| too_fine(column.name, amount, per_unit))?.into(),
            }),
            _ => values.push(text(cell)),
        }
    }
    let number = |name: &str| cells[file.position(name)?].as_deref().and_then(|amount| minor(amount, per_unit));
    if file.position("upper").is_some() && matches!((number("amount"), number("upper")), (Some(a), Some(b)) if b <= a) {
        return Err(("upper", "the upper end is not above the lower one".to_owned()));
    }
    Ok(values)
}

/// The smallest parts of the unit of a row, and how many finer ones make one of them: more than one only for a record of a table,
/// whose digits are as its file has them.
fn parts(file: &'static FactsFile, cells: &[Option<String>], units: &HashMap<String, i64>) -> (i64, i64) {
    let cell = |name: &str| file.position(name).and_then(|at| cells[at].as_deref());
    let of_unit = cell("unit").and_then(|unit| units.get(unit)).copied().unwrap_or(1);
    if !cell("fact").is_some_and(|fact| fact.contains(':')) {
        return (of_unit, 1);
    }
    let places =
        |name: &str| cell(name).and_then(|amount| amount.split_once('.')).map_or(0, |(_, digits)| digits.len());
    let places = places("amount").max(places("upper")).min(9);
    (of_unit, (10_i64.pow(u32::try_from(places).unwrap_or(9)) / of_unit).max(1))
}

/// A canonical decimal as a whole number of parts; `None` where it has finer ones, or is too great.
fn minor(amount: &str, per_unit: i64) -> Option<i64> {
    cell::minor(amount.parse().ok()?, per_unit.ilog10())
}

fn too_fine(column: &'static str, amount: &str, per_unit: i64) -> (&'static str, String) {
    let places = per_unit.ilog10();
    (column, format!("`{amount}` does not fit: its unit is counted to {places} decimal places, and 18 digits are kept"))
}

/// The column and the message of a row that breaks a rule of the book.
fn refusal(file: &FactsFile, error: &str) -> (usize, String) {
    let unique = error.strip_prefix("UNIQUE constraint failed: ");
    let column = unique.and_then(|columns| columns.split(", ").next()?.split_once('.')).map(|(_, column)| column);
    match column.and_then(|column| file.position(column)) {
        Some(at) => (at, format!("another row has the same `{}`", file.columns[at].name)),
        None => (0, format!("the row breaks a rule of the book: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::minor;

    #[test]
    fn amounts_become_whole_numbers_of_parts() {
        for (amount, per_unit, expected) in [
            ("1600000000", 100, Some(160_000_000_000)),
            ("0.5", 100, Some(50)),
            ("-0.05", 100, Some(-5)),
            ("0.005", 100, None),
            ("5000", 1, Some(5000)),
            ("123456789012345678", 1_000_000, None),
        ] {
            assert_eq!(minor(amount, per_unit), expected, "{amount}");
        }
    }
}
