//! How the time of every view, every script of the library and what the prompt asks grows with the book: on one of 1,000
//! pledges and 10,000 facts, and on one ten times as large. What is linear takes ten times as long, and not more. Run it
//! with `cargo bench --bench growth`; a name behind `--` runs what has it in its own.

mod grown;

use pledgebook::cli::vocabulary;
use pledgebook::script::library;
use pledgebook::session::Session;
use pledgebook::store::catalogue::VIEWS;
use pledgebook::syntax::Text;
use pledgebook::table::Format;
use pledgebook::terminal::{classify, complete};
use rusqlite::Connection;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{env, fs, process};

/// The pledges of the smaller book; it has ten times as many facts.
const PLEDGES: usize = 1_000;
const TIMES: usize = 10;
/// The faster of so many runs counts.
const RUNS: usize = 2;

/// What is asked besides the views and the library.
const ASKED: [(&str, &str); 12] = [
    ("a sum by group", "select provider, q_sum(amount) from pledges where stage = 'proposed' group by provider"),
    ("a sum of everything", "select q_sum_known(amount) from pledges where stage = 'proposed'"),
    ("the greatest", "select q_max(amount) from pledges where stage = 'proposed'"),
    ("a sum that runs on", "select q_sum(amount) over (order by id) from pledges where stage = 'committed'"),
    ("plain numbers", "select sum(q_amount(amount, 'GBP')) from pledges where not q_is_unknown(amount)"),
    ("a sum in a script", "query(\"select amount from pledges where stage = 'proposed'\").sum(\"amount\")"),
    (
        "groups in a script",
        "query(\"select provider, amount from pledges where stage = 'proposed'\").group_by(\"provider\").map(|g| g.rows.sum(\"amount\")).len",
    ),
    ("a stream", "let n = 0; for r in stream(\"select amount from pledges\") { n += 1 } n"),
    (".find", ".find finance"),
    (".facts", ".facts finance"),
    (".unknowns", ".unknowns troops"),
    (".why PL100", ".why PL100"),
];

/// A question, and how it is asked of an open book.
type Asked = (String, Box<dyn Fn(&mut Session)>);

fn ask(session: &mut Session, question: &str) {
    let output = session.output(io::sink(), io::sink(), false);
    session.eval(&Text::new("bench", question), None, &output).unwrap_or_else(|error| panic!("{question}: {error}"));
}

fn questions() -> Vec<Asked> {
    let asked =
        |name: &str, question: String| -> Asked { (name.to_owned(), Box::new(move |session| ask(session, &question))) };
    let mut all: Vec<Asked> = Vec::new();
    for view in VIEWS {
        all.push(asked(&view.name, format!("select * from {}", view.name)));
        all.push(asked(&format!("count of {}", view.name), format!("select count(*) from {}", view.name)));
    }
    all.extend(ASKED.iter().map(|(name, question)| asked(name, (*question).to_owned())));
    all.push((
        ".why of a sum".to_owned(),
        Box::new(|session| {
            ask(session, "select q_sum_known(amount) from pledges where stage = 'proposed'");
            ask(session, ".why");
        }),
    ));
    for script in library::all().expect("the library is there") {
        let is_answered = script.header.parameters.iter().all(|parameter| parameter.default.is_some());
        let words = match script.header.name.as_str() {
            "in_currency" => " --rate \"1.25 USD/GBP\"",
            "evidence" => " --fact F1007",
            _ if is_answered => "",
            other => panic!("{other} needs words to run by"),
        };
        all.push(asked(&format!(".run {}", script.header.name), format!(".run {}{words}", script.header.name)));
    }
    all.push((
        "check £999".to_owned(),
        Box::new(|session| {
            let output = session.output(io::sink(), io::sink(), false);
            drop(session.check(&["£999".to_owned()], &output));
        }),
    ));
    all.push(("greeting".to_owned(), Box::new(|session| drop(session.book().extent()))));
    all.push((
        "the first Tab".to_owned(),
        Box::new(|session| {
            let typed = "select F10";
            drop(complete(typed, typed.len(), classify(typed, &|_| false), &vocabulary(session)));
        }),
    ));
    all.push((
        "a preference".to_owned(),
        Box::new(|session| {
            session.assume("prefer=S2").expect("the source is there");
            ask(session, "select q_sum_known(amount) from pledges where stage = 'proposed'");
            session.assume("prefer=stated").expect("it is taken back");
        }),
    ));
    all
}

/// Milliseconds.
fn timed(path: &Path, work: &dyn Fn(&mut Session)) -> f64 {
    let mut fastest = f64::INFINITY;
    for _ in 0..RUNS {
        let mut session = Session::open(Some(path)).expect("the file is a book");
        session.settings.format = Format::Csv;
        let start = Instant::now();
        work(&mut session);
        fastest = fastest.min(start.elapsed().as_secs_f64() * 1e3);
    }
    fastest
}

fn made(pledges: usize) -> PathBuf {
    let path = env::temp_dir().join(format!("pledgebook-{}-{pledges}.db", process::id()));
    let connection = Connection::open(&path).expect("the directory for temporary files can be written");
    grown::fill(&connection, pledges, pledges * TIMES);
    path
}

fn main() -> io::Result<()> {
    let wanted = env::args().skip(1).find(|word| !word.starts_with('-')).unwrap_or_default();
    let books = [made(PLEDGES), made(PLEDGES * TIMES)];
    writeln!(io::stdout(), "{:<34} {:>10} {:>10} {:>6}", "milliseconds", "1x", "10x", "ratio")?;
    for (name, work) in questions().into_iter().filter(|(name, _)| name.contains(&wanted)) {
        let [small, large] = [&books[0], &books[1]].map(|book| timed(book, &*work));
        writeln!(io::stdout(), "{name:<34} {small:>10.1} {large:>10.1} {:>6.1}", large / small.max(0.1))?;
    }
    books.iter().try_for_each(fs::remove_file)
}
