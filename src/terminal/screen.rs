//! Detection of terminals behind standard input, output and error, and the one way an error reaches the user. `diagnostics`
//! draws it.

use super::commands::ColorChoice;
use super::{diagnostics, streams};
use crate::error::Error;
use crate::table::wrap;
use std::borrow::Cow;
use std::env;
use std::io::{self, IsTerminal, Write};
use terminal_size::{Width, terminal_size_of};

/// The fewest columns of a terminal that tables are wrapped to.
const NARROWEST: usize = 20;

/// The properties of the standard streams that the style of the output depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is a fact of its own
pub struct Screen {
    /// True if standard output is coloured.
    pub color: bool,
    /// True if standard error is coloured.
    pub error_color: bool,
    /// True if standard output is a terminal.
    pub is_output: bool,
    /// True if standard input and output are terminals.
    pub is_interactive: bool,
}

impl Screen {
    /// Detects them from the streams and the environment (`NO_COLOR`, `TERM`).
    #[must_use]
    pub fn detect(choice: ColorChoice) -> Self {
        let output = io::stdout().is_terminal();
        let is_plain = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) || streams::is_dumb_terminal();
        Self {
            color: is_colored(choice, output, is_plain),
            error_color: is_colored(choice, io::stderr().is_terminal(), is_plain),
            is_output: output,
            is_interactive: output && io::stdin().is_terminal(),
        }
    }
}

fn is_colored(choice: ColorChoice, is_terminal: bool, is_plain: bool) -> bool {
    match choice {
        ColorChoice::Auto => is_terminal && !is_plain,
        ColorChoice::Always => true,
        ColorChoice::Never => false,
    }
}

/// The columns of the terminal behind standard output; `None` without a terminal, or where it is too narrow.
pub fn width() -> Option<usize> {
    let (Width(columns), _) = terminal_size_of(io::stdout())?;
    Some(usize::from(columns)).filter(|columns| *columns >= NARROWEST)
}

/// Writes a text for people to standard output at once; a window gets it in lines that fit it.
///
/// # Errors
/// Standard output can't be written to.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = streams::results();
    let text = width().map_or_else(|| text.into(), |columns| Cow::Owned(wrap(text, columns)));
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes an error to standard error, drawn or as a line of JSON; nothing for a silent one. A closed standard error is
/// ignored.
pub fn report_error(error: &Error, color: bool, as_json: bool) {
    let Some(report) = error.report() else { return };
    let (mut out, text): (Box<dyn Write>, String) = if as_json {
        (Box::new(streams::verbatim_notices()), diagnostics::json(&report, error.exit_code()))
    } else {
        let width = streams::error_columns().filter(|columns| *columns >= NARROWEST);
        (streams::notices(), diagnostics::draw(&report, color, width))
    };
    if matches!(error, Error::Interrupted) && streams::is_interrupt_echoed() {
        let _ = out.write_all(b"\n");
    }
    let _ = out.write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::{ColorChoice, is_colored};

    #[test]
    fn a_wish_that_was_typed_stands_above_the_environment() {
        assert!(is_colored(ColorChoice::Always, false, true));
        assert!(!is_colored(ColorChoice::Never, true, false));
        assert!(is_colored(ColorChoice::Auto, true, false));
        assert!(!is_colored(ColorChoice::Auto, true, true));
        assert!(!is_colored(ColorChoice::Auto, false, false));
    }
}
