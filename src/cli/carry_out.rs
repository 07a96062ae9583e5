//! Carries a plan out: opens the book, asks, and sends the answers where they belong.

use super::arguments::Asked;
use super::plan::{Plan, Task};
use super::{prompt, script_help};
use crate::error::{Error, StoreError};
use crate::script::library::{self, Script};
use crate::session::{Session, Settings};
use crate::sql::{Output, Text};
use crate::terminal::{self, Flow, Language};
use std::io::{self, Read, Write};
use std::path::Path;

/// Does what the plan says.
///
/// # Errors
/// The first error of what was asked; at the prompt, only what ends the prompt itself.
pub(super) fn carry_out(plan: &Plan) -> Result<(), Error> {
    match &plan.task {
        Task::Script(name, words) => run_script(plan, name, words),
        Task::Scripts => list_scripts(),
        Task::Prompt => prompt::run(open(plan)?, plan),
        Task::Input => {
            with_answers(plan, |session, answers| entries(session, &standard_input()?, "standard input", answers))
        }
        Task::Asked(asked) => {
            with_answers(plan, |session, answers| asked.iter().try_for_each(|asked| ask(session, asked, answers)))
        }
    }
}

/// Opens the book and hands the answers to `-o FILE` or to standard output.
fn with_answers(plan: &Plan, work: impl FnOnce(&mut Session, &mut Answers) -> Result<(), Error>) -> Result<(), Error> {
    let mut session = open(plan)?;
    let Some(destination) = &plan.destination else {
        let output = session.output(terminal::results(), notices(plan), None)?;
        return work(&mut session, &mut Answers { output, settings: plan.settings.clone(), plan });
    };
    let (unfinished, file) = destination.begin()?;
    let output = session.output(file, notices(plan), None)?;
    work(&mut session, &mut Answers { output, settings: plan.settings.clone(), plan })?;
    unfinished.finish()
}

/// Where the answers of a run go.
struct Answers<'p> {
    output: Output,
    /// The settings that the output was made by.
    settings: Settings,
    plan: &'p Plan,
}

impl Answers<'_> {
    /// The output by the settings as they are now: a text may hold `.mode`. A file keeps the format that it began with.
    fn current(&mut self, session: &Session) -> Result<Output, Error> {
        if session.settings != self.settings && self.plan.destination.is_none() {
            self.output = session.output(terminal::results(), notices(self.plan), Some(&self.output))?;
            self.settings = session.settings.clone();
        }
        Ok(self.output.clone())
    }
}

fn notices(plan: &Plan) -> Box<dyn Write> {
    if plan.is_quiet { Box::new(io::sink()) } else { Box::new(terminal::remarks()) }
}

fn open(plan: &Plan) -> Result<Session, Error> {
    let mut session = Session::open(plan.book.as_deref())?;
    terminal::install(session.book().stop())?;
    session.settings = plan.settings.clone();
    Ok(session)
}

fn ask(session: &mut Session, asked: &Asked, answers: &mut Answers) -> Result<(), Error> {
    match asked {
        Asked::Command(text) => {
            let output = answers.current(session)?;
            session.eval(&Text::new("-c", text), None, &output).map(|_| ())
        }
        Asked::File(path) if path == Path::new("-") => entries(session, &standard_input()?, "standard input", answers),
        Asked::File(path) => {
            let name = path.display().to_string();
            let text = library::read_text(path)?;
            let output = answers.current(session)?;
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("sql") => session.eval(&Text::new(&name, &text), Some(Language::Sql), &output).map(|_| ()),
                Some("rhai") => {
                    let script = library::script(&name, &name, &text)?;
                    session.eval(&script.text, Some(Language::Script), &output).map(|_| ())
                }
                _ => entries(session, &text, &name, answers),
            }
        }
    }
}

/// Runs a text as it would be typed at the prompt, entry by entry; the first error ends it.
fn entries(session: &mut Session, text: &str, name: &str, answers: &mut Answers) -> Result<(), Error> {
    let (mut from, mut line) = (0, 1);
    while let Some(entry) = terminal::next_entry(text, from, &|variable| session.has_variable(variable)) {
        line += text[from..entry.start].matches('\n').count();
        from = entry.start;
        let output = answers.current(session)?;
        let flow = session.eval(&Text::from_line(name, &text[entry.clone()], line), None, &output)?;
        if flow == Flow::Quit {
            return Ok(());
        }
        line += text[from..entry.end].matches('\n').count();
        from = entry.end;
    }
    Ok(())
}

/// All of standard input.
fn standard_input() -> Result<String, Error> {
    let mut bytes = Vec::new();
    let fail =
        |why: String| StoreError { path: "standard input".into(), cause: crate::error::StoreCause::Unreadable(why) };
    io::stdin().lock().read_to_end(&mut bytes).map_err(|error| fail(error.kind().to_string()))?;
    String::from_utf8(bytes).map_err(|_| fail("it is no text in UTF-8".to_owned()).into())
}

fn run_script(plan: &Plan, name: &str, words: &[String]) -> Result<(), Error> {
    let script = if name == "-" {
        library::script("standard_input", "standard input", &standard_input()?)?
    } else {
        library::find(name)?
    };
    if words.iter().any(|word| word == "--help" || word == "-h") {
        return print(&script_help::help(&script.header));
    }
    with_answers(plan, |session, answers| session.run_script(&script, words, &answers.output))
}

fn list_scripts() -> Result<(), Error> {
    let scripts = library::all()?;
    let width = scripts.iter().map(|script| script.header.name.len()).max().unwrap_or_default();
    let line = |script: &Script| format!("{:width$}  {}\n", script.header.name, script.header.summary);
    print(&scripts.iter().map(line).collect::<String>())
}

fn print(text: &str) -> Result<(), Error> {
    let mut out = terminal::results();
    out.write_all(text.as_bytes())?;
    out.flush().map_err(Error::from)
}
