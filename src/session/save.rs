//! `.save`: the entries that led to the last answer become a script. It is run before it is written: one that gives
//! another answer is not saved.

use super::compose;
use super::journal::Step;
use super::{Depth, Session, Settings, Written};
use crate::error::{Error, wrong};
use crate::script::library;
use crate::sql::{CachedResult, Output};
use crate::table::visible;
use crate::terminal::{Flow, Language};
use std::cell::RefCell;
use std::io;
use std::path::Path;
use std::rc::Rc;

/// The ending of a script's file.
const ENDING: &str = "rhai";

/// How much of an entry, and of its answer, the header quotes.
const QUOTED_CHARACTERS: usize = 60;

/// Makes the script that `.save NAME [SENTENCE]` asks for; writing it is the caller's.
pub(super) fn run(session: &mut Session, words: &[String]) -> Result<Flow, Error> {
    let (name, sentence) =
        words.split_first().ok_or_else(|| wrong("`.save` needs a name", "as `.save my_question What it answers`"))?;
    let path = if Path::new(name).extension().is_some_and(|ending| ending == ENDING) {
        name.clone()
    } else {
        format!("{name}.{ENDING}")
    };
    let steps = session.journal.steps();
    check(session, &steps)?;
    let body = compose::body(&steps);
    let sentence = match sentence.join(" ") {
        empty if empty.is_empty() => default_sentence(&steps),
        sentence => sentence,
    };
    let asked_of = session
        .book
        .path()
        .map(|path| format!("// Asked of `{}`.\n", visible(&path.display().to_string())))
        .unwrap_or_default();
    let head = format!("// {}.\n//\n// Saved from the prompt.\n{asked_of}", one_line(&sentence).trim_end_matches('.'));
    let row = answer_of(session, &path, &format!("{head}\n{body}"))?;
    let example = row.map(|row| format!("// example: → {row}\n")).unwrap_or_default();
    Ok(Flow::Save(path, format!("{head}{example}\n{body}")))
}

/// Whether a script can hold what led to the answer.
fn check(session: &Session, steps: &[Step]) -> Result<(), Error> {
    if session.last.result().is_none() || steps.is_empty() {
        return Err(wrong("nothing has been answered yet", "ask first, as `F29 / F30`, then save"));
    }
    if let Some(supposed) = session.supposed.first() {
        return Err(wrong(
            &format!(
                "the last answer may rest on what is supposed of `{}`, which a script does not hold",
                supposed.id()
            ),
            "take it back by `.assume none` and ask again; a script is run with `--assume ID=VALUE`",
        ));
    }
    let Some(step) = steps.iter().find(|step| !step.entry.can_be_in_a_script()) else { return Ok(()) };
    let (how, cure) = match step.entry.language {
        Language::Command => ("came from", "a saved script is one already; ask in SQL or in a script, then save"),
        _ => ("rests on", "hold the rows in a variable, as `let rows = query(\"select …\")`, and ask that"),
    };
    Err(wrong(&format!("the last answer {how} `{}`, which no script can do", one_line(&step.entry.text)), cure))
}

/// Runs the script, and holds what it answers against the last answer; the first row of it as a table shows it.
fn answer_of(session: &Session, path: &str, text: &str) -> Result<Option<String>, Error> {
    let script = library::script("saved", path, text)?;
    let (printed, kept): (Written, Rc<RefCell<Option<CachedResult>>>) = Default::default();
    let style = Settings { notes: Depth::None, ..Settings::default() }.style(&session.book, false)?;
    let sink = crate::table::sink(crate::table::Format::Table, style, printed.clone(), io::sink());
    let newest = Rc::clone(&kept);
    let keep = Rc::new(move |kept| drop(newest.replace(Some(kept))));
    let output = Output::new(sink, Rc::new(|_| Vec::new()), Some(keep), session.book.stop().clone());
    // In a session of its own: what this one has made is not there when the script is run.
    session.open_again()?.run_alone(&script, &output)?;
    output.flush()?;
    drop(output);
    let (came, last) = (kept.take(), session.last.result());
    let is_same = came.as_ref().zip(last).is_some_and(|(came, last)| {
        came.columns == last.columns && came.rows == last.rows && came.total_rows == last.total_rows
    });
    if !is_same {
        return Err(wrong(
            "these entries alone do not lead to the last answer",
            "ask again in one entry that names all it needs, then save",
        ));
    }
    Ok(first_row(&printed.take()))
}

/// The beginning of the first line that holds values: the one below the rule of a table, or the first of all.
fn first_row(printed: &str) -> Option<String> {
    let mut below = printed.lines().skip_while(|line| !line.contains('─')).skip(1);
    let line = below.next().or_else(|| printed.lines().next())?.trim();
    let beginning: String = line.chars().take(QUOTED_CHARACTERS).collect();
    let is_cut = beginning.len() < line.len();
    // Between two columns, where it can be.
    let row = beginning.rsplit_once("  ").filter(|_| is_cut).map_or(beginning.as_str(), |(row, _)| row).trim();
    (!row.is_empty()).then(|| row.to_owned())
}

/// What the script answers, where nobody has said it.
fn default_sentence(steps: &[Step]) -> String {
    let asked = steps.last().map(|step| one_line(step.entry.text.trim_end_matches(';'))).unwrap_or_default();
    let mut quoted: String = asked.chars().take(QUOTED_CHARACTERS).collect();
    if quoted.len() < asked.len() {
        quoted.push('…');
    }
    format!("The answer to `{quoted}`")
}

/// A text on one line, as a header can hold it.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
