//! What the guards cost: a script of a million rounds and a scan of a million rows, by the engines alone, with what the
//! program hooks into them, and through a session as a person asks, with every guard there is.

#[path = "../timing/mod.rs"]
mod timing;

use pledgebook::session::Session;
use pledgebook::store::Stop;
use pledgebook::syntax::Text;
use rhai::{Dynamic, Engine};
use rusqlite::Connection;
use std::io;

const LOOP: &str = "let n = 0; for i in 0..1000000 { n += i; } n";

const SCAN: &str = "select sum(n) from t";

const ROWS: &str = "create table t (n); with recursive r(n) as (select 1 union all select n + 1 from r where n < 1000000) \
                    insert into t select n from r";

/// How often each is done.
const RUNS: usize = 41;

/// Times all of it; `how` says whether memory is counted.
///
/// # Errors
/// Standard output can't be written.
pub(crate) fn measure(how: &str) -> io::Result<()> {
    timing::heading()?;
    let (bare, guarded) = (engine(None), engine(Some(Stop::default())));
    for (name, engine) in [("the engine alone", &bare), ("with the flag looked at", &guarded)] {
        let ast = engine.compile(LOOP).expect("it is a script");
        timing::work(&format!("a million rounds, {name}, {how}"), RUNS, || {
            engine.eval_ast::<i64>(&ast).expect("it ends");
        })?;
    }
    let mut session = Session::open(None).expect("the bundled book opens");
    let text = Text::new("loop", LOOP);
    timing::work(&format!("a million rounds, asked of a session, {how}"), RUNS, || ask(&mut session, &text))?;

    let directory = tempfile::tempdir()?;
    let path = directory.path().join("rows.db");
    let connection = Connection::open(&path).expect("the directory is ours");
    connection.execute_batch(ROWS).expect("the rows fit");
    timing::work(&format!("a million rows, the library alone, {how}"), RUNS, || {
        connection.query_row(SCAN, [], |row| row.get::<_, i64>(0)).expect("there are rows");
    })?;
    // The session's own guard, flag, limits and pass over the program are all in this one.
    let mut session = Session::open(Some(&path)).expect("the rows are a database");
    let text = Text::new("scan", SCAN);
    timing::work(&format!("a million rows, asked of a session, {how}"), RUNS, || ask(&mut session, &text))
}

fn ask(session: &mut Session, text: &Text) {
    let output = session.output(io::sink(), io::sink(), false);
    session.eval(text, None, &output).expect("it is answered");
}

/// An engine as the program sets it, with and without the flag.
fn engine(stop: Option<Stop>) -> Engine {
    let mut engine = Engine::new();
    engine.set_fast_operators(false);
    if let Some(stop) = stop {
        engine.on_progress(move |_| stop.is_raised().then_some(Dynamic::UNIT));
    }
    engine
}
