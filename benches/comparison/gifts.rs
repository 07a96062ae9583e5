//! The generated rows, in a SQLite file, as a table of text, in a workbook, in a book, and in a file of `DuckDB`.

use rusqlite::Connection;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The rows of the workbook, at most: more than a tenth of a million takes long to write.
const WORKBOOK_ROWS: usize = 100_000;

/// The files of one number of rows.
pub(crate) struct Gifts {
    sqlite: PathBuf,
    duckdb: PathBuf,
    csv: PathBuf,
    workbook: PathBuf,
    /// A book with the rows as an imported table.
    book: PathBuf,
    /// A book without facts.
    empty: PathBuf,
}

impl Gifts {
    /// Returns the files, and writes those that are not there yet by `program`; that of `DuckDB` only by its own shell.
    ///
    /// # Errors
    /// The folder for temporary files of the build can't be written, the program fails.
    pub(crate) fn generated(rows: usize, program: &str, duckdb: Option<&str>) -> io::Result<Self> {
        let file =
            |name: &str, ending: &str| Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{rows}.{ending}"));
        let gifts = Gifts {
            sqlite: file("gifts", "db"),
            duckdb: file("gifts", "duckdb"),
            csv: file("gifts", "csv"),
            workbook: file("gifts", "xlsx"),
            book: file("book", "db"),
            empty: file("empty", "db"),
        };
        write_once(&gifts.sqlite, |path| {
            Connection::open(path).and_then(|file| file.execute_batch(&sql(rows))).map_err(io::Error::other)
        })?;
        write_once(&gifts.csv, |path| write_csv(&gifts.sqlite, path))?;
        write_once(&gifts.empty, |path| run(program, [OsStr::new("init"), path.as_os_str(), OsStr::new("--empty")]))?;
        write_once(&gifts.book, |path| {
            fs::copy(&gifts.empty, path)?;
            let words = ["import", "--as", "gifts"].map(OsStr::new);
            run(program, [path.as_os_str(), words[0], gifts.csv.as_os_str(), words[1], words[2]])
        })?;
        write_once(&gifts.workbook, |path| {
            // The name says the format, which that of a file that is not complete does not.
            let complete = path.with_extension("xlsx");
            let query = format!("select * from gifts limit {WORKBOOK_ROWS}");
            let words = ["-c", &query, "-o"].map(OsStr::new);
            run(program, [gifts.sqlite.as_os_str(), words[0], words[1], words[2], complete.as_os_str()])?;
            fs::rename(complete, path)
        })?;
        if let Some(shell) = duckdb {
            // A shell that can't read them fails at each task and says so there.
            drop(write_once(&gifts.duckdb, |path| import(shell, &gifts.csv, path)));
        }
        Ok(gifts)
    }

    /// Returns an argument with the paths in it filled in.
    pub(crate) fn with_paths(&self, argument: &str) -> String {
        let paths = [
            ("{sqlite}", &self.sqlite),
            ("{duckdb}", &self.duckdb),
            ("{csv}", &self.csv),
            ("{workbook}", &self.workbook),
            ("{book}", &self.book),
            ("{own}", &self.own(true)),
            ("{new}", &self.own(false)),
        ];
        paths.iter().fold(argument.to_owned(), |text, (name, path)| text.replace(name, &path.to_string_lossy()))
    }

    /// A database that is new at each run: a book without facts, or none at all.
    fn own(&self, is_book: bool) -> PathBuf {
        self.empty.with_extension(if is_book { "own" } else { "new" })
    }

    /// Makes the databases that are new at each run.
    ///
    /// # Errors
    /// They can't be written.
    pub(crate) fn renew(&self) -> io::Result<()> {
        match fs::remove_file(self.own(false)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        fs::copy(&self.empty, self.own(true)).map(drop)
    }
}

fn run<'w>(program: &str, words: impl IntoIterator<Item = &'w OsStr>) -> io::Result<()> {
    let status = Command::new(program).args(words).stdin(Stdio::null()).stdout(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("`{program}` failed"))) }
}

/// Writes a file under another name first, so that an interrupted run leaves no half of it.
fn write_once(path: &Path, write: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    let partial = path.with_extension("partial");
    if partial.exists() {
        fs::remove_file(&partial)?;
    }
    write(&partial)?;
    fs::rename(&partial, path)
}

/// The rows: a thousand donors, amounts below a million with two decimals as text, days of four years, and months that
/// are null in every tenth row.
fn sql(rows: usize) -> String {
    format!(
        "begin;
         create table gifts (
             id integer primary key, donor text not null, amount text not null, day text not null, months integer
         );
         with recursive n(i) as (select 1 union all select i + 1 from n where i < {rows})
         insert into gifts
         select i, printf('donor %04d', i * 7919 % 1000), printf('%d.%02d', i * 7907 % 1000000, i * 104729 % 100),
                date('2022-01-01', printf('%d days', i * 31 % 1461)), iif(i % 10 = 0, null, i * 13 % 120)
         from n;
         commit;"
    )
}

fn write_csv(sqlite: &Path, csv: &Path) -> io::Result<()> {
    let file = Connection::open(sqlite).map_err(io::Error::other)?;
    let mut text = BufWriter::new(File::create(csv)?);
    writeln!(text, "id,donor,amount,day,months")?;
    let mut write = || -> rusqlite::Result<()> {
        let sql = "select printf('%d,%s,%s,%s,%s', id, donor, amount, day, ifnull(months, '')) from gifts";
        let mut statement = file.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let line = row.get_ref(0)?.as_str()?;
            writeln!(text, "{line}").map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
        }
        text.flush().map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
    };
    write().map_err(io::Error::other)
}

fn import(shell: &str, csv: &Path, duckdb: &Path) -> io::Result<()> {
    let columns = "{'id': 'bigint', 'donor': 'varchar', 'amount': 'varchar', 'day': 'date', 'months': 'bigint'}";
    let sql = format!(
        "create table gifts as select * from read_csv('{}', header = true, columns = {columns})",
        csv.display()
    );
    run(shell, [duckdb.as_os_str(), OsStr::new("-c"), OsStr::new(&sql)])
}
