//! The test runner of `pledgebook test`: runs the examples in the headers of scripts and the expectations in their code, and
//! prints a line a case, the expected and the actual output of a failed one, and the number of failures.

use super::plan::Plan;
use crate::error::Error;
use crate::script::library::{self, Script};
use crate::session::{Session, Settings, SharedBuffer};
use crate::terminal::{self, split_arguments};

/// The indentation of the output of a failed case.
const INDENT: &str = "          ";

/// A run of a script.
#[derive(Clone)]
struct Case {
    script: Script,
    /// The script and its arguments, as typed after `run`.
    line: String,
    words: Vec<String>,
    /// A part of the output; `None` for a script without examples, which has its own expectations alone.
    expected: Option<String>,
}

/// Runs the examples of these scripts; without names, those of the whole library.
///
/// # Errors
/// A script that can't be found or read, before anything runs; examples that failed; Ctrl-C.
pub(super) fn run(mut session: Session, plan: &Plan, names: &[String]) -> Result<(), Error> {
    let find = |name: &str| library::find(name, plan.settings.limits);
    let scripts = match names {
        [] => library::names().map(find).collect::<Result<Vec<_>, _>>()?,
        names => names.iter().map(|name| find(name)).collect::<Result<_, _>>()?,
    };
    let cases = scripts.iter().map(cases).collect::<Result<Vec<_>, _>>()?.concat();
    // The headers give the expected output as a table.
    let (limits, is_sandboxed) = (plan.settings.limits, plan.settings.is_sandboxed);
    session.settings = Settings { limits, is_sandboxed, keep_last: false, ..Settings::default() };
    let (mut failed, mut skipped) = (0, 0);
    for case in &cases {
        let watch = plan.watch(&session);
        let outcome = case.run(&mut session)?;
        drop(watch);
        let (mark, lines) = match outcome {
            Outcome::Answered => ("ok    ", String::new()),
            Outcome::Failed(lines) => ("FAILED", lines),
            Outcome::Skipped(why) => ("skip  ", labelled("since", &why)),
        };
        failed += usize::from(mark == "FAILED");
        skipped += usize::from(mark == "skip  ");
        super::print(&format!("{mark}  {}\n{lines}", case.line))?;
    }
    let skips = if skipped == 0 { String::new() } else { format!(", {skipped} skipped") };
    super::print(&format!("{} ok, {failed} failed{skips}\n", cases.len() - failed - skipped))?;
    if failed == 0 { Ok(()) } else { Err(Error::Examples(failed, cases.len())) }
}

/// The outcome of a case.
enum Outcome {
    /// The answer is as expected.
    Answered,
    /// It is not: the lines that say how.
    Failed(String),
    /// The book lacks what the script needs.
    Skipped(String),
}

/// The cases of a script: its examples, or one run without arguments.
fn cases(script: &Script) -> Result<Vec<Case>, Error> {
    let name = script.header.name.clone();
    let case = |typed: &str, expected: Option<String>| {
        let line = format!("{name} {typed}").trim_end().to_owned();
        Ok(Case { script: script.clone(), line, words: split_arguments(typed)?, expected })
    };
    if script.header.examples.is_empty() {
        return case("", None).map(|case| vec![case]);
    }
    let examples = script.header.examples.iter();
    examples.map(|example| case(&example.arguments, Some(example.answer.clone()))).collect()
}

impl Case {
    /// Runs the case.
    ///
    /// # Errors
    /// Ctrl-C, a limit, a fault of the program: they end the whole test.
    fn run(&self, session: &mut Session) -> Result<Outcome, Error> {
        let written = SharedBuffer::default();
        let output = session.output(written.clone(), written.clone(), false);
        let done = session.run_script(&self.script, &self.words, &output);
        drop(output);
        let answer = written.take();
        let error = match done {
            Err(error @ (Error::Interrupted | Error::Limit(_) | Error::Fault(_))) => return Err(error),
            Err(Error::Lacking(why)) => return Ok(Outcome::Skipped(why.message)),
            done => done.err().and_then(|error| error.report()),
        };
        let missing = self.expected.as_ref().filter(|expected| !answer.contains(expected.as_str()));
        if error.is_none() && missing.is_none() {
            return Ok(Outcome::Answered);
        }
        let expected = missing.map(|expected| labelled("expected", expected)).unwrap_or_default();
        let error = error.map(|report| terminal::draw(&report, false, None)).unwrap_or_default();
        Ok(Outcome::Failed([expected, labelled("came", &[answer, error].concat())].concat()))
    }
}

/// A text with its label before its first line.
fn labelled(label: &str, text: &str) -> String {
    let mut lines = if text.is_empty() { vec!["nothing"] } else { text.lines().collect() };
    let first = format!("{INDENT}{label:8}  {}\n", lines.remove(0));
    let line = |line: &str| format!("{INDENT}{:8}  {line}", "").trim_end().to_owned() + "\n";
    std::iter::once(first).chain(lines.into_iter().map(line)).collect()
}
