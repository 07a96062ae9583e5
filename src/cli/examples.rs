//! Runs the examples in the headers of scripts, with whatever the scripts expect of themselves, and reports as a test
//! runner does: a line a case, what was expected and what came where one failed, and how many did.

use super::plan::Plan;
use crate::error::{Error, UsageError};
use crate::script::library::{self, Script};
use crate::session::{Session, Settings, SharedBuffer};
use crate::terminal::{self, split_arguments};
use std::io::Write;

/// What stands before the lines of a case that failed.
const INDENT: &str = "          ";

/// A run of a script.
#[derive(Clone)]
struct Case {
    script: Script,
    /// As it is typed behind `run`.
    line: String,
    words: Vec<String>,
    /// What the answer holds; of a script without an example nothing is expected but what it expects itself.
    expected: Option<String>,
}

/// Runs the examples of these scripts, or of the whole library where none is named.
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
    // What is expected is written as a table shows it.
    let (limits, is_sandboxed) = (plan.settings.limits, plan.settings.is_sandboxed);
    session.settings = Settings { limits, is_sandboxed, keep_last: false, ..Settings::default() };
    let mut failed = 0;
    for case in &cases {
        let watch = plan.watch(&session);
        let wrong = case.run(&mut session)?;
        drop(watch);
        failed += usize::from(wrong.is_some());
        let mark = if wrong.is_none() { "ok    " } else { "FAILED" };
        print(&format!("{mark}  {}\n{}", case.line, wrong.unwrap_or_default()))?;
    }
    print(&format!("{} ok, {failed} failed\n", cases.len() - failed))?;
    if failed == 0 { Ok(()) } else { Err(Error::Examples { failed, of: cases.len() }) }
}

/// The examples of a script; one that has none is run once, as it is.
fn cases(script: &Script) -> Result<Vec<Case>, UsageError> {
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
    /// Runs it; what went wrong in lines, `None` where all is as expected.
    ///
    /// # Errors
    /// What ends more than the script: Ctrl-C, a limit, a fault of the program.
    fn run(&self, session: &mut Session) -> Result<Option<String>, Error> {
        let kept = SharedBuffer::default();
        let output = session.output(kept.clone(), kept.clone(), false)?;
        let done = session.run_script(&self.script, &self.words, &output);
        drop(output);
        let answer = kept.take();
        let error = match done {
            Err(error @ (Error::Interrupted | Error::Limit(_) | Error::Fault(_))) => return Err(error),
            done => done.err().and_then(|error| error.report()),
        };
        let missing = self.expected.as_ref().filter(|expected| !answer.contains(expected.as_str()));
        if error.is_none() && missing.is_none() {
            return Ok(None);
        }
        let expected = missing.map(|expected| told("expected", expected)).unwrap_or_default();
        let error = error.map(|report| terminal::draw(&report, false)).unwrap_or_default();
        Ok(Some([expected, told("came", &[answer, error].concat())].concat()))
    }
}

/// A text under its label, its lines one under the other.
fn told(label: &str, text: &str) -> String {
    let mut lines = if text.is_empty() { vec!["nothing"] } else { text.lines().collect() };
    let first = format!("{INDENT}{label:8}  {}\n", lines.remove(0));
    let line = |line: &str| format!("{INDENT}{:8}  {line}", "").trim_end().to_owned() + "\n";
    std::iter::once(first).chain(lines.into_iter().map(line)).collect()
}

/// What is shown at once: a case may take its time.
fn print(text: &str) -> Result<(), Error> {
    let mut out = terminal::results();
    out.write_all(text.as_bytes())?;
    out.flush().map_err(Error::from)
}
