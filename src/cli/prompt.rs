//! A person at a terminal: greets, hands each entry to the session, and goes on after an error.

use super::arguments::Errors;
use super::entries::{self, Entries};
use super::plan::Plan;
use super::vocabulary::vocabulary;
use crate::error::Error;
use crate::script::library;
use crate::session::Session;
use crate::sql::Text;
use crate::table::visible;
use crate::terminal::{self, Flow, Pager, Prompt, PromptStyle, Screen};
use std::cell::RefCell;
use std::io::Write;
use std::path::Path;

/// The name under which errors speak of what was typed.
const SOURCE: &str = "prompt";

/// Reads entries until the person leaves.
///
/// # Errors
/// The terminal fails, or the book is damaged; an error of an entry is reported and the prompt goes on.
pub(super) fn run(session: Session, plan: &Plan) -> Result<(), Error> {
    let watch = plan.watch(&session);
    session.check_book()?;
    drop(watch);
    let mut out = terminal::results();
    out.write_all(plan.briefly(&session, greeting).as_bytes())?;
    drop(out);
    let report = |error: &Error, color| terminal::report_error(error, color, plan.errors == Errors::Json);
    let error_color = |session: &Session| Screen::detect(session.settings.color).error_color;
    let stop = session.book().stop().clone();
    let session = RefCell::new(session);
    let prompt = Prompt {
        history: terminal::history_path(),
        stop,
        style: &|| style(&session.borrow()),
        vocabulary: &|| plan.briefly(&session.borrow(), vocabulary),
        is_variable: &|name| session.borrow().has_variable(name),
        report: &|error| report(error, error_color(&session.borrow())),
    };
    prompt.run(&mut |entered| {
        let mut session = session.borrow_mut();
        eval_each(&mut session, entered, plan, &|session, error| report(error, error_color(session)))
    })
}

/// Does what was entered at once, which may be several entries where it was pasted: in their order, each by itself, so that
/// an error of one ends no other. Ctrl-C ends them all.
fn eval_each(session: &mut Session, entered: &str, plan: &Plan, report: &dyn Fn(&Session, &Error)) -> Flow {
    let mut last = Flow::Continue;
    let mut entries = Entries::new(entered, SOURCE);
    while let Some(entry) = entries.next(&|name| session.has_variable(name)) {
        match eval(session, &entry, plan) {
            Ok(Flow::Continue) => {}
            Ok(Flow::Quit) => return Flow::Quit,
            Ok(flow) => last = flow,
            Err(error) => {
                report(session, &error);
                if matches!(error, Error::Interrupted) {
                    return last;
                }
            }
        }
    }
    last
}

fn style(session: &Session) -> PromptStyle {
    let color = Screen::detect(session.settings.color).color;
    PromptStyle { color, edit_mode: session.settings.edit_mode }
}

fn eval(session: &mut Session, entry: &Text, plan: &Plan) -> Result<Flow, Error> {
    let flow = entries::one(session, entry, &mut |session, entry| eval_one(session, entry, plan))?;
    if let Flow::Save(path, text) = &flow {
        library::save(Path::new(path), text)?;
        terminal::results()
            .write_all(format!("saved: `pledgebook {0}` runs it, `.run {0}` here\n", visible(path)).as_bytes())?;
    }
    Ok(flow)
}

/// One entry, whose answer is paged where it is longer than the screen.
fn eval_one(session: &mut Session, entry: &Text, plan: &Plan) -> Result<Flow, Error> {
    // The window may have been resized since, and a setting changed.
    session.settings.width = terminal::width();
    session.settings.use_color = Screen::detect(session.settings.color).color;
    let pager = Pager::new(&session.settings.pager);
    let notices = if plan.is_quiet { plan.notices() } else { pager.notices() };
    let output = session.output(pager.results(), notices, false)?;
    let watch = plan.watch(session);
    let done = session.eval(entry, None, &output);
    drop(watch);
    drop(output);
    pager.finish(session.book().stop())?;
    done
}

/// Three lines: what it is, what a line can be, what to try.
fn greeting(session: &Session) -> String {
    let book = session.book();
    let name = book.path().map_or("bundled book".to_owned(), |path| visible(&path.display().to_string()).into_owned());
    let extent = match book.extent() {
        Ok(Some((facts, 1))) => format!("{facts} facts from 1 source, read-only"),
        Ok(Some((facts, sources))) => format!("{facts} facts from {sources} sources, read-only"),
        Ok(None) => "a plain database without facts, read-only".to_owned(),
        Err(_) => "facts that can't be counted, read-only".to_owned(),
    };
    format!(
        "pledgebook {}, {name}: {extent}\nA line is SQL, or script, or a command that starts with a dot.\n\
         Try  select * from pledges;    F29 / F30    .why    .scripts    .help\n",
        env!("CARGO_PKG_VERSION")
    )
}
