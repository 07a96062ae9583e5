//! How long it takes until a question can be asked: opening the bundled book in process, and whole processes
//! beside the stock shell and Python. Run it with `cargo bench --bench startup`.

mod processes;
mod timing;

use pledgebook::store;
use processes::PROGRAM;
use std::io;

/// The same question to Python's own SQLite.
const PYTHON: &str = "import sqlite3; print(sqlite3.connect(':memory:').execute('select 1').fetchone())";

fn main() -> io::Result<()> {
    timing::heading()?;
    timing::work("open the bundled book (about 3 is the aim)", 200, || {
        store::open(None).expect("the bundled book opens");
    })?;
    processes::process("pledgebook --version", 50, PROGRAM, &["--version"])?;
    processes::process("pledgebook -c 'select 1'", 50, PROGRAM, &["-c", "select 1"])?;
    processes::process("pledgebook -c 'F29 / F30'", 50, PROGRAM, &["-c", "F29 / F30"])?;
    processes::process("sqlite3 :memory: 'select 1'", 50, "sqlite3", &[":memory:", "select 1"])?;
    processes::process("python3, its sqlite3, 'select 1'", 10, "python3", &["-c", PYTHON])
}
