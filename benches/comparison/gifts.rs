//! The generated rows, in a SQLite file and, for a shell that needs its own format, in a file of `DuckDB`.

use rusqlite::Connection;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The files of one number of rows.
pub(crate) struct Gifts {
    sqlite: PathBuf,
    duckdb: PathBuf,
}

impl Gifts {
    /// Returns the files, and writes those that are not there yet; that of `DuckDB` only by its own shell.
    ///
    /// # Errors
    /// The folder for temporary files of the build can't be written.
    pub(crate) fn generated(rows: usize, duckdb: Option<&str>) -> io::Result<Self> {
        let file = |ending: &str| Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("gifts-{rows}.{ending}"));
        let gifts = Gifts { sqlite: file("db"), duckdb: file("duckdb") };
        write_once(&gifts.sqlite, |path| {
            Connection::open(path).and_then(|file| file.execute_batch(&sql(rows))).map_err(io::Error::other)
        })?;
        if let Some(shell) = duckdb {
            let csv = file("csv");
            write_once(&csv, |path| write_csv(&gifts.sqlite, path).map_err(io::Error::other))?;
            // A shell that can't read them fails at each task and says so there.
            drop(write_once(&gifts.duckdb, |path| import(shell, &csv, path)));
        }
        Ok(gifts)
    }

    /// Returns an argument with the paths in it filled in.
    pub(crate) fn with_paths(&self, argument: &str) -> String {
        let [sqlite, duckdb] = [&self.sqlite, &self.duckdb].map(|path| path.to_string_lossy());
        argument.replace("{sqlite}", &sqlite).replace("{duckdb}", &duckdb)
    }
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

fn write_csv(sqlite: &Path, csv: &Path) -> rusqlite::Result<()> {
    let file = Connection::open(sqlite)?;
    let mut statement =
        file.prepare("select printf('%d,%s,%s,%s,%s', id, donor, amount, day, ifnull(months, '')) from gifts")?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    fs::write(csv, lines.join("\n")).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

fn import(shell: &str, csv: &Path, duckdb: &Path) -> io::Result<()> {
    let columns = "{'id': 'bigint', 'donor': 'varchar', 'amount': 'varchar', 'day': 'date', 'months': 'bigint'}";
    let sql = format!(
        "create table gifts as select * from read_csv('{}', header = false, columns = {columns})",
        csv.display()
    );
    let arguments = [duckdb.as_os_str(), OsStr::new("-c"), OsStr::new(&sql)];
    let status = Command::new(shell).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("the rows were not imported")) }
}
