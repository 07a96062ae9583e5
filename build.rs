//! Makes the image of the bundled book: the database that `schema.sql` and the texts in `src/store/book` come to. The program maps it
//! as it is, where it would else run those texts at each start.

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
    let image = Path::new(&env::var("OUT_DIR")?).join("book.sqlite");
    fs::write(image, &*book.serialize("main")?)?;
    Ok(())
}
