//! How long it takes until a question can be asked: opening the bundled book in process, and whole processes
//! beside the stock shell and Python. Run it with `cargo bench --bench startup`.

mod timing;

use pledgebook::store;
use std::io;
use std::time::Duration;
use timing::PROGRAM;

/// What opening the bundled book may take, in process, when nothing else runs.
const OPENING: Duration = Duration::from_millis(3);

/// The same question to Python's own SQLite.
const PYTHON: &str = "import sqlite3; print(sqlite3.connect(':memory:').execute('select 1').fetchone())";

fn main() -> io::Result<()> {
    timing::heading()?;
    let fastest = timing::work("open the bundled book (at most 3)", 200, || {
        store::open(None).expect("the bundled book opens");
    })?;
    timing::process("pledgebook --version", 50, PROGRAM, &["--version"])?;
    timing::process("pledgebook -c 'select 1'", 50, PROGRAM, &["-c", "select 1"])?;
    timing::process("pledgebook -c 'F29 / F30'", 50, PROGRAM, &["-c", "F29 / F30"])?;
    timing::process("sqlite3 :memory: 'select 1'", 50, "sqlite3", &[":memory:", "select 1"])?;
    timing::process("python3, its sqlite3, 'select 1'", 10, "python3", &["-c", PYTHON])?;
    assert!(fastest <= OPENING, "opening the bundled book takes {fastest:?}");
    Ok(())
}
