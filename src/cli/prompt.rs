//! A person at a terminal: greets, hands each entry to the session, and goes on after an error.

use super::arguments::Errors;
use super::entries;
use super::plan::Plan;
use crate::error::Error;
use crate::script::library::Script;
use crate::script::{ParameterType, functions, library};
use crate::session::Session;
use crate::sql::Text;
use crate::terminal::{self, Flow, Prompt, ScriptNames, Vocabulary};
use std::cell::RefCell;
use std::io::Write;

/// The name under which errors speak of what was typed.
const SOURCE: &str = "prompt";

/// Reads entries until the person leaves.
///
/// # Errors
/// The terminal fails; an error of an entry is reported and the prompt goes on.
pub(super) fn run(session: Session, plan: &Plan) -> Result<(), Error> {
    let mut out = terminal::results();
    out.write_all(greeting(&session).as_bytes())?;
    drop(out);
    let session = RefCell::new(session);
    let prompt = Prompt {
        history: terminal::history_path(),
        color: plan.screen.color,
        vocabulary: &|| vocabulary(&session.borrow()),
        is_variable: &|name| session.borrow().has_variable(name),
    };
    prompt.run(&mut |entry| {
        let evaluated = eval(&mut session.borrow_mut(), entry, plan);
        evaluated.unwrap_or_else(|error| {
            terminal::report_error(&error, plan.screen.error_color, plan.errors == Errors::Json);
            Flow::Continue
        })
    })
}

fn eval(session: &mut Session, entry: &str, plan: &Plan) -> Result<Flow, Error> {
    entries::one(session, &Text::new(SOURCE, entry), &mut |session, entry| {
        // The window may have been resized since.
        session.settings.width = plan.settings.width.and(terminal::width());
        let output = session.output(terminal::results(), plan.notices(), false)?;
        session.eval(entry, None, &output)
    })
}

/// Three lines: what it is, what a line can be, what to try.
fn greeting(session: &Session) -> String {
    let book = session.book();
    let name = book.path().map_or("bundled book".to_owned(), |path| path.display().to_string());
    let extent = match book.extent() {
        Some((facts, 1)) => format!("{facts} facts from 1 source, read-only"),
        Some((facts, sources)) => format!("{facts} facts from {sources} sources, read-only"),
        None => "a plain database without facts, read-only".to_owned(),
    };
    format!(
        "pledgebook {}, {name}: {extent}\nA line is SQL, or script, or a command that starts with a dot.\n\
         Try  select * from pledges;    F29 / F30    .why    .scripts    .help\n",
        env!("CARGO_PKG_VERSION")
    )
}

/// The names that Tab completes, as they stand now. What can't be read is not offered.
fn vocabulary(session: &Session) -> Vocabulary {
    let book = session.book();
    let ids = book.ids().unwrap_or_default();
    let relations = book.relations().unwrap_or_default().into_iter();
    let relations = relations.map(|(name, _)| (name.clone(), book.columns(&name).unwrap_or_default())).collect();
    Vocabulary {
        relations,
        sql_functions: book.sql_functions().unwrap_or_default(),
        script_functions: functions::all().map(|function| function.name.to_owned()).collect(),
        variables: session.own_names(),
        scripts: scripts(&ids),
        ids,
    }
}

/// The scripts of the library, with their parameters and the values that those take where they can be listed.
fn scripts(ids: &[String]) -> Vec<ScriptNames> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let values = |kind: &ParameterType| match kind {
        ParameterType::Choice(choices) => choices.clone(),
        ParameterType::Bool => words(&["true", "false"]),
        ParameterType::Fact => ids.iter().filter(|id| id.contains('F')).cloned().collect(),
        _ => Vec::new(),
    };
    let named = |script: Script| ScriptNames {
        parameters: script.header.parameters.iter().map(|one| (one.flag(), values(&one.kind))).collect(),
        name: script.header.name,
    };
    library::all().unwrap_or_default().into_iter().map(named).collect()
}
