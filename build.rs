//! Makes the image of the bundled book: the database that `schema.sql` and the texts in `src/store/book` come to. The program maps it
//! as it is, where it would else run those texts at each start. The names of its tables and views are written beside it: to read them
//! from the image, SQLite parses every definition in it.

use rusqlite::Connection;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The tables and views.
const SCHEMA: &str = "schema.sql";

/// The directory of the texts with the facts, in the order of their names.
const BOOK: &str = "src/store/book";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={SCHEMA}");
    println!("cargo::rerun-if-changed={BOOK}");
    let mut texts: Vec<PathBuf> =
        fs::read_dir(BOOK)?.map(|entry| Ok(entry?.path())).collect::<Result<_, Box<dyn Error>>>()?;
    texts.retain(|path| path.extension().is_some_and(|ending| ending == "sql"));
    texts.sort();
    let mut book = Connection::open_in_memory()?;
    book.execute_batch("pragma foreign_keys = on; begin; pragma defer_foreign_keys = on")?;
    for path in [Path::new(SCHEMA)].into_iter().chain(texts.iter().map(PathBuf::as_path)) {
        let text = fs::read_to_string(path)?;
        book.execute_batch(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    book.execute_batch("commit; vacuum")?;
    let output = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(output.join("book.sqlite"), &*book.serialize("main")?)?;
    fs::write(output.join("book.names"), names(&book)?)?;
    Ok(())
}

/// Each table and view with the definition that a view has, both ended by a NUL.
fn names(book: &Connection) -> rusqlite::Result<String> {
    let sql = "select name, iif(type = 'view', sql, '') from sqlite_schema where type in ('table', 'view')";
    let mut statement = book.prepare(sql)?;
    let rows =
        statement.query_map([], |row| Ok(format!("{}\0{}\0", row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    rows.collect()
}
