//! Carries a plan out: opens the book, asks, and sends the answers where they belong.

use super::arguments::Asked;
use super::plan::{Plan, Task};
use super::waiting::Received;
use super::{config, entries, examples, options, prompt, waiting};
use crate::error::{Error, Frame, wrong};
use crate::script::library;
use crate::session::{Session, Settings, asks_for_help, list_scripts, script_help};
use crate::sql::{Output, Text};
use crate::store::Stop;
use crate::table::{JSON_SCHEMA, Medium, Selection, visible_lines};
use crate::terminal::{self, Flow, Language};
use std::io::Write;
use std::path::Path;

/// Does what the plan says.
///
/// # Errors
/// The first error of what was asked; at the prompt, only what ends the prompt itself.
pub(super) fn carry_out(plan: &Plan) -> Result<(), Error> {
    match &plan.task {
        Task::Script(name, words) => run_script(plan, name, words),
        Task::Scripts => print(&format!("{}\n", list_scripts()?)),
        Task::Check(figures) => with_answers(plan, |session, answers| {
            let _watch = plan.watch(session);
            session.check(figures, &answers.output)
        }),
        Task::Completions(shell) => print(&options::completions(*shell)),
        Task::Man => print(&options::manual()?),
        Task::Config => print(&config::documented()),
        Task::JsonSchema => print(JSON_SCHEMA),
        Task::Test(names) => examples::run(open(plan)?, plan, names),
        Task::Help(None) => print(&options::long_help()),
        Task::Help(Some(name)) => print(&visible_lines(&open(plan)?.help(name, options::topics())?)),
        Task::Prompt => prompt::run(open(plan)?, plan),
        Task::Input => with_answers(plan, standard_input),
        Task::Asked(asked) => {
            with_answers(plan, |session, answers| asked.iter().try_for_each(|asked| ask(session, asked, answers)))
        }
    }
}

/// Opens the book and hands the answers to `-o FILE` or to standard output. Expectations that fail end nothing: they
/// are told when everything has been asked.
fn with_answers(plan: &Plan, work: impl FnOnce(&mut Session, &mut Answers) -> Result<(), Error>) -> Result<(), Error> {
    let mut session = open(plan)?;
    let selection = Selection::of(plan.result);
    let Some(destination) = &plan.destination else {
        let mut answers = Answers::new(&session, plan, selection, Medium::Stream, terminal::results())?;
        work(&mut session, &mut answers)?;
        return answers.verdict();
    };
    let (unfinished, file, medium) = destination.begin()?;
    let medium = destination.medium_of(session.settings.format, medium);
    let mut answers = Answers::new(&session, plan, selection, medium, file)?;
    let done = work(&mut session, &mut answers).and_then(|()| answers.output.finish().map_err(Error::from));
    destination.refuse_several(answers.settings.format, &answers.selection)?;
    done.map_err(|error| destination.told_of(error))?;
    answers.refuse_missing()?;
    unfinished.finish()?;
    answers.verdict()
}

/// Where the answers of a run go.
struct Answers<'p> {
    output: Output,
    /// The settings that the output was made by.
    settings: Settings,
    plan: &'p Plan,
    /// Which results are written.
    selection: Selection,
    has_answered: bool,
    /// The expectations that failed so far.
    failed: Vec<Frame>,
}

impl<'p> Answers<'p> {
    fn new(
        session: &Session,
        plan: &'p Plan,
        selection: Selection,
        medium: Medium,
        out: impl Write + 'static,
    ) -> Result<Self, Error> {
        let output = session.output_into(medium, selection.clone(), out, plan.notices(), false)?;
        let settings = plan.settings.clone();
        Ok(Self { output, settings, plan, selection, has_answered: false, failed: Vec::new() })
    }

    /// Asks one thing of the session, by the settings as they are now: a text may hold `.mode`. A file keeps the format
    /// that it began with.
    fn ask(&mut self, session: &mut Session, text: &Text, language: Option<Language>) -> Result<Flow, Error> {
        self.has_answered |= self.output.has_answered();
        if session.settings != self.settings && self.plan.destination.is_none() {
            let (selection, notices) = (self.selection.clone(), self.plan.notices());
            let stream = Medium::Stream;
            self.output = session.output_into(stream, selection, terminal::results(), notices, self.has_answered)?;
            self.settings = session.settings.clone();
        }
        let _watch = self.plan.watch(session);
        let done = session.eval(text, language, &self.output);
        self.note_failed(done, Flow::Continue)
    }

    /// Takes note of expectations that failed, so that what follows is asked all the same.
    fn note_failed<T>(&mut self, done: Result<T, Error>, otherwise: T) -> Result<T, Error> {
        match done {
            Err(Error::Expectation(failed)) => {
                self.failed.extend(failed);
                Ok(otherwise)
            }
            done => done,
        }
    }

    /// Refuses the choice of a result that the answer does not have.
    fn refuse_missing(&self) -> Result<(), Error> {
        let Some(wanted) = self.selection.missing() else { return Ok(()) };
        let count = match self.selection.count() {
            0 => "the answer has none".to_owned(),
            1 => "the answer has one".to_owned(),
            count => format!("the answer has {count}"),
        };
        Err(wrong(&format!("there is no result {wanted}: {count}"), "results are counted from 1, in order"))
    }

    fn verdict(self) -> Result<(), Error> {
        self.refuse_missing()?;
        if self.failed.is_empty() { Ok(()) } else { Err(Error::Expectation(self.failed)) }
    }
}

fn open(plan: &Plan) -> Result<Session, Error> {
    let mut session = Session::open(plan.book.as_deref())?;
    terminal::install_signal_handlers(session.book().stop())
        .map_err(|error| Error::Fault(format!("can't watch for Ctrl-C: {error}")))?;
    session.settings = plan.settings.clone();
    plan.assume.iter().try_for_each(|assumed| session.assume(assumed))?;
    Ok(session)
}

fn ask(session: &mut Session, asked: &Asked, answers: &mut Answers) -> Result<(), Error> {
    let path = match asked {
        Asked::Command(text) => {
            let ask = &mut |session: &mut Session, entry: &Text| answers.ask(session, entry, None);
            return entries::one(session, &Text::new("-c", text), ask).and_then(|flow| entries::refuse_outside(&flow));
        }
        Asked::File(path) if path == Path::new("-") => {
            return standard_input(session, answers);
        }
        Asked::File(path) => path,
    };
    let name = path.display().to_string();
    let text = waiting::text(path, answers.plan.settings.limits, session.book().stop())?;
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("sql") => answers.ask(session, &Text::new(&name, &text), Some(Language::Sql)).map(|_| ()),
        Some("rhai") => {
            let stem = path.file_stem().map_or_else(|| name.clone(), |stem| stem.to_string_lossy().into_owned());
            let script = library::script(&stem, &name, &text)?.at(path);
            let _watch = answers.plan.watch(session);
            let done = session.run_script(&script, &[], &answers.output);
            answers.note_failed(done, ())
        }
        _ => entries(session, &text.into(), &name, answers),
    }
}

/// Runs a text as it would be typed at the prompt; the first error ends it.
fn entries(session: &mut Session, received: &Received, name: &str, answers: &mut Answers) -> Result<(), Error> {
    entries::run(session, received, name, &mut |session, entry| answers.ask(session, entry, None)).map(drop)
}

/// Runs what standard input holds.
fn standard_input(session: &mut Session, answers: &mut Answers) -> Result<(), Error> {
    let received = waiting::standard_input(answers.plan.settings.limits, session.book().stop())?;
    entries(session, &received, "standard input", answers)
}

fn run_script(plan: &Plan, name: &str, words: &[String]) -> Result<(), Error> {
    let script = if name == "-" {
        library::script(
            "standard_input",
            "standard input",
            &waiting::standard_input_text(plan.settings.limits, &Stop::default())?,
        )?
    } else {
        library::find(name, plan.settings.limits)?
    };
    if asks_for_help(words) {
        return print(&visible_lines(&script_help(&script.header, name)));
    }
    with_answers(plan, |session, answers| {
        let _watch = plan.watch(session);
        let done = session.run_script(&script, words, &answers.output);
        answers.note_failed(done, ())
    })
}

fn print(text: &str) -> Result<(), Error> {
    let mut out = terminal::results();
    out.write_all(text.as_bytes())?;
    out.flush().map_err(Error::from)
}
