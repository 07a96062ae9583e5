//! How long questions take once the book is open: statements with and without quantities and scripts in process,
//! and a million rows of CSV beside the stock shell. Run it with `cargo bench --bench queries`.

mod processes;
mod timing;

use pledgebook::session::Session;
use pledgebook::store::bundled;
use pledgebook::syntax::Text;
use pledgebook::table::Format;
use processes::PROGRAM;
use rusqlite::Connection;
use std::io;

/// Questions of one kind each, asked in one session. Those over quantities pay for the pass over their program; the
/// pass over `item_count` is the longest that a single view needs.
const QUESTIONS: [(&str, &str); 9] = [
    ("a constant", "select 1"),
    ("the facts as text", TEXTS),
    ("the facts with a column of quantities", "select id, subject, action, quantity from facts"),
    ("the facts by plain columns of the view", "select id, subject, action, gloss from facts"),
    ("a sum of quantities by group", "select q_unit(quantity) as unit, q_sum(quantity) from figures group by unit"),
    ("a quotient in SQL, by the longest program", "select q_div(amount, item_count) from pledges"),
    ("a refusal with the statement to write", "select amount / item_count from pledges"),
    ("a quotient in a script", "F29 / F30"),
    ("a script over the facts", "let n = 0; for fact in query(\"select quantity from facts\") { n += 1 } n"),
];

const TEXTS: &str = "select id, subject, action, object from facts";

const NUMBERS: &str =
    "with recursive t(n) as (select 1 union all select n + 1 from t where n < 1000000) select sum(n) from t";

const QUANTITIES: &str =
    "with recursive t(n) as (select 1 union all select n + 1 from t where n < 1000000) select q_sum(:F29) from t";

/// The same rows of text by SQLite alone: what a statement without quantities could cost at least.
fn by_the_library() -> io::Result<()> {
    let connection = Connection::open_in_memory().expect("memory is there");
    connection.execute_batch(bundled::SCHEMA).expect("the schema runs");
    for (_, data) in bundled::DATA {
        connection.execute_batch(data).expect("the data fit the schema");
    }
    timing::work("the facts as text, by the library alone", 200, || {
        let mut statement = connection.prepare(TEXTS).expect("the statement is well formed");
        let mut rows = statement.query([]).expect("it takes no parameters");
        let mut length = 0;
        while let Some(row) = rows.next().expect("the book is whole") {
            length += (0..4).filter_map(|at| row.get_ref(at).ok()?.as_str().ok().map(str::len)).sum::<usize>();
        }
        assert!(length > 0, "the rows hold text");
    })
}

const MILLION: &str =
    "with recursive t(n) as (select 1 union all select n + 1 from t where n < 1000000) select n, n * 2 from t";

fn main() -> io::Result<()> {
    timing::heading()?;
    let mut session = Session::open(None).expect("the bundled book opens");
    session.settings.format = Format::Csv;
    for (name, question) in QUESTIONS {
        let text = Text::new(name, question);
        timing::work(name, 200, || {
            let output = session.output(io::sink(), io::sink(), false);
            // A refusal is an answer as good as any.
            drop(session.eval(&text, None, &output));
        })?;
    }
    by_the_library()?;
    for (name, question) in [("a million numbers summed", NUMBERS), ("a million quantities summed", QUANTITIES)] {
        processes::process(name, 3, PROGRAM, &["--csv", "-c", question])?;
    }
    processes::process("pledgebook --csv, a million rows", 3, PROGRAM, &["--csv", "-c", MILLION])?;
    processes::process("sqlite3 -csv, a million rows", 3, "sqlite3", &["-csv", ":memory:", MILLION])
}
