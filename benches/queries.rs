//! How long questions take once the book is open: statements with and without quantities and scripts in process,
//! and a million rows of CSV beside the stock shell. Run it with `cargo bench --bench queries`.

mod timing;

use pledgebook::session::Session;
use pledgebook::sql::Text;
use pledgebook::table::Format;
use std::io;
use timing::PROGRAM;

/// Questions of one kind each, asked in one session.
const QUESTIONS: [(&str, &str); 5] = [
    ("a constant", "select 1"),
    ("55 rows of text", "select id, subject, action, object from facts"),
    ("55 rows with a column of quantities", "select id, subject, action, quantity from facts"),
    ("a quotient in a script", "F29 / F30"),
    ("a script over 55 rows", "let n = 0; for fact in query(\"select quantity from facts\") { n += 1 } n"),
];

const MILLION: &str =
    "with recursive t(n) as (select 1 union all select n + 1 from t where n < 1000000) select n, n * 2 from t";

fn main() -> io::Result<()> {
    timing::heading()?;
    let mut session = Session::open(None).expect("the bundled book opens");
    session.settings.format = Format::Csv;
    for (name, question) in QUESTIONS {
        let text = Text::new(name, question);
        timing::work(name, 200, || {
            let output = session.output(io::sink(), io::sink(), false).expect("the book has units");
            session.eval(&text, None, &output).expect("the question is well formed");
        })?;
    }
    timing::process("pledgebook --csv, a million rows", 3, PROGRAM, &["--csv", "-c", MILLION])?;
    timing::process("sqlite3 -csv, a million rows", 3, "sqlite3", &["-csv", ":memory:", MILLION])
}
