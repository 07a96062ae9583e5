//! `.copy`: the last result as a text for the clipboard of the terminal. The caller writes it there.

use super::{Session, Settings, SharedBuffer};
use crate::error::{Error, usage_error};
use crate::table::{Format, Medium, Selection};
use crate::terminal::{Flow, MAX_CLIPBOARD_BYTES, format_hint};

/// The format without another: a spreadsheet makes cells of it when it is pasted.
const DEFAULT_FORMAT: Format = Format::Tsv;

/// Makes the text of `.copy [FORMAT]`.
pub(super) fn run(session: &mut Session, words: &[String]) -> Result<Flow, Error> {
    let format = match words {
        [] => DEFAULT_FORMAT,
        [name] => Format::from_name(name).ok_or_else(|| no_format(name))?,
        _ => return Err(usage_error("`.copy` takes one format", "as `.copy csv`")),
    };
    if let Some(last) = session.last.result().filter(|last| last.is_cut()) {
        let (kept, all) = (last.rows.len(), last.total_rows);
        return Err(too_much(&format!("the last result has {all} rows, of which {kept} are kept")));
    }
    let text = last_result_as(session, format)?;
    if text.len() > MAX_CLIPBOARD_BYTES {
        let size = text.len();
        return Err(too_much(&format!(
            "the last result has {size} bytes as {}, and a terminal's clipboard takes {MAX_CLIPBOARD_BYTES}",
            format.name()
        )));
    }
    Ok(Flow::Copy { text, format: format.name() })
}

/// Every row of the last result as a file of the format has it.
fn last_result_as(session: &mut Session, format: Format) -> Result<String, Error> {
    let settings = Settings { keep_last: false, bom: false, ..session.settings.of_file(format) };
    let (text, aside) = (SharedBuffer::default(), SharedBuffer::default());
    let output = session.output_by(&settings, Medium::Stream, Selection::default(), text.clone(), aside, false);
    session.last.show(&output)?;
    output.finish()?;
    Ok(text.take())
}

fn no_format(name: &str) -> Error {
    let names = format!("choose one of {}", Format::names().join(", "));
    usage_error(&format!("`.copy` can't write `{name}`"), format_hint(name).unwrap_or(&names))
}

/// The error of a result that does not fit.
fn too_much(message: &str) -> Error {
    usage_error(message, "start with `-o FILE`, or say `.once FILE` and ask again: a file takes every row")
}
