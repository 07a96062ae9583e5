//! The pager: an answer longer than the screen goes to a program that the user leaves by its own keys. A shorter
//! one is buffered until it is complete and then written as it is. The caller decides whether the session is interactive.

use super::commands::split_arguments;
use super::signals::wait_for_exit;
use super::{streams, watchdog};
use crate::store::Stop;
use crate::table::WrapWriter;
use std::cell::RefCell;
use std::io::{self, Write};
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};
use std::{env, mem};
use terminal_size::{Height, Width, terminal_size_of};
use unicode_width::UnicodeWidthStr;

/// The pager where neither a setting nor the environment names one.
const DEFAULT_PAGER: &str = "less";

/// The options of `less` unless `LESS` is set: it leaves at once if the text fits the screen, keeps colours, leaves the
/// text on the screen, ends by Ctrl-C, and says how it is left.
const LESS_OPTIONS: &str = "-FRXK -Psmore below; q leaves";

/// A question that is typed at the pager, where the prompt is expected, writes no file and starts no program.
const LESS_SECURE: (&str, &str) = ("LESSSECURE", "1");

/// The rows of the screen that are left for the prompt.
const PROMPT_ROWS: usize = 1;

/// The longest time that an answer is buffered: a slower one is written as it comes, and not paged.
const MAX_HOLD: Duration = Duration::from_secs(1);

/// A buffer for one answer, and the pager for a long one. Clones share it.
#[derive(Clone)]
pub struct Pager(Rc<RefCell<PagerState>>);

struct PagerState {
    /// The words of the pager's command line; empty where nothing is paged.
    program: Vec<String>,
    /// The rows that fit the screen, and its columns.
    screen: (usize, usize),
    /// The text written so far, each piece with true if it is a notice.
    buffered: Vec<(bool, Vec<u8>)>,
    /// The row and column of the end of that text, on a screen of endless length.
    end: (usize, usize),
    /// The time of the first write.
    started: Option<Instant>,
    running: Option<Child>,
}

impl Pager {
    /// A pager by the setting: `auto`, `off`, or a command line. Nothing is paged where standard output is no terminal that
    /// could show it.
    #[must_use]
    pub fn new(setting: &str) -> Self {
        let is_dumb_terminal = env::var_os("TERM").is_none_or(|terminal| terminal == "dumb");
        let size = terminal_size_of(io::stdout()).filter(|_| !is_dumb_terminal && setting != "off");
        let (program, screen) = match size {
            Some((Width(columns), Height(rows))) if columns > 0 && usize::from(rows) > PROMPT_ROWS => {
                (program(setting, env::var("PAGER").ok()), (usize::from(rows) - PROMPT_ROWS, usize::from(columns)))
            }
            _ => (Vec::new(), (0, 1)),
        };
        Self(Rc::new(RefCell::new(PagerState {
            program,
            screen,
            buffered: Vec::new(),
            end: (0, 0),
            started: None,
            running: None,
        })))
    }

    /// A writer for the answer.
    pub fn results(&self) -> Box<dyn Write> {
        Box::new(PagerWriter { pager: self.clone(), is_notice: false })
    }

    /// A writer for notices, in lines that fit the window, in order with the answer.
    pub fn notices(&self) -> Box<dyn Write> {
        let writer = PagerWriter { pager: self.clone(), is_notice: true };
        Box::new(WrapWriter::new(writer, streams::error_columns()))
    }

    /// Writes the buffered text, or waits until the user has left the pager.
    ///
    /// # Errors
    /// The terminal can't be written to.
    pub fn finish(self, stop: &Stop) -> io::Result<()> {
        let mut state = self.0.borrow_mut();
        if let Some(mut child) = state.running.take() {
            wait_for_exit(&mut child, stop)?;
        }
        state.write_buffered()
    }
}

/// The words of the pager's command line.
fn program(setting: &str, pager: Option<String>) -> Vec<String> {
    let line = if setting == "auto" { pager.unwrap_or_else(|| DEFAULT_PAGER.to_owned()) } else { setting.to_owned() };
    // What can't be taken apart pages nothing.
    split_arguments(&line).unwrap_or_default()
}

impl PagerState {
    fn write(&mut self, bytes: &[u8], is_notice: bool) -> io::Result<()> {
        if self.program.is_empty() {
            return write_directly(bytes, is_notice);
        }
        if let Some(stdin) = self.running.as_mut().filter(|_| !is_notice).and_then(|child| child.stdin.as_mut()) {
            return stdin.write_all(bytes);
        }
        self.buffered.push((is_notice, bytes.to_owned()));
        if self.running.is_none() {
            self.end = end_position(bytes, self.end, self.screen.1);
            let started = *self.started.get_or_insert_with(Instant::now);
            if self.end.0 > self.screen.0 {
                self.start()?;
            } else if started.elapsed() > MAX_HOLD {
                self.program.clear();
                self.write_buffered()?;
            }
        }
        Ok(())
    }

    /// Starts the pager with the buffered text and stops the clock of the time limit; writes directly where there is no
    /// such program.
    fn start(&mut self) -> io::Result<()> {
        let mut command = Command::new(&self.program[0]);
        command.args(&self.program[1..]).stdin(Stdio::piped());
        for (name, value) in [("LESS", LESS_OPTIONS), ("LESSCHARSET", "utf-8"), LESS_SECURE] {
            if env::var_os(name).is_none() {
                command.env(name, value);
            }
        }
        // The screen is the pager's from now on.
        streams::end_progress();
        watchdog::suspend_time_limit();
        let Ok(mut child) = command.spawn() else {
            self.program.clear();
            return self.write_buffered();
        };
        let stdin = child.stdin.as_mut().expect("it was asked to be piped");
        let (notices, results): (Vec<_>, Vec<_>) = mem::take(&mut self.buffered).into_iter().partition(|(is, _)| *is);
        self.buffered = notices;
        let written = results.iter().try_for_each(|(_, bytes)| stdin.write_all(bytes));
        self.running = Some(child);
        written
    }

    fn write_buffered(&mut self) -> io::Result<()> {
        mem::take(&mut self.buffered).into_iter().try_for_each(|(is_notice, bytes)| write_directly(&bytes, is_notice))
    }
}

/// Writes without buffering.
fn write_directly(bytes: &[u8], is_notice: bool) -> io::Result<()> {
    let mut stream: Box<dyn Write> = if is_notice { Box::new(streams::verbatim_notices()) } else { streams::results() };
    stream.write_all(bytes)?;
    stream.flush()
}

/// The row and column of the end of a text that begins at a row and column, on a screen of so many columns. Escape
/// sequences take no room.
fn end_position(bytes: &[u8], (mut row, mut column): (usize, usize), columns: usize) -> (usize, usize) {
    for (at, line) in String::from_utf8_lossy(bytes).split('\n').enumerate() {
        if at > 0 {
            (row, column) = (row + 1, 0);
        }
        column += strip_escapes(line).width();
        row += column.saturating_sub(1) / columns;
        column = if column > columns { (column - 1) % columns + 1 } else { column };
    }
    (row, column)
}

/// A line without its escape sequences, which end by a letter.
fn strip_escapes(line: &str) -> String {
    let mut pieces = line.split('\u{1b}');
    let first = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces.map(|piece| piece.split_once(|c: char| c.is_ascii_alphabetic()).map_or("", |(_, rest)| rest));
    std::iter::once(first.as_str()).chain(rest).collect()
}

struct PagerWriter {
    pager: Pager,
    is_notice: bool,
}

impl Write for PagerWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pager.0.borrow_mut().write(bytes, self.is_notice).map(|()| bytes.len())
    }

    /// Does nothing: the buffer is written when the answer is complete.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{end_position, program};

    #[test]
    fn rows_are_counted_as_a_screen_shows_them() {
        assert_eq!(end_position(b"a\nb\n", (0, 0), 10), (2, 0));
        assert_eq!(end_position(b"0123456789", (0, 0), 10), (0, 10));
        assert_eq!(end_position(b"0123456789a", (0, 0), 10), (1, 1));
        assert_eq!(end_position(b"a", (0, 10), 10), (1, 1));
        assert_eq!(end_position("\u{1b}[2m0123456789\u{1b}[0m\n".as_bytes(), (3, 0), 10), (4, 0));
        assert_eq!(end_position("北".repeat(10).as_bytes(), (0, 0), 10), (1, 10));
    }

    #[test]
    fn the_setting_stands_above_the_environment() {
        assert_eq!(program("auto", None), ["less"]);
        assert_eq!(program("auto", Some("most -s".to_owned())), ["most", "-s"]);
        assert_eq!(program("bat 'a b'", Some("most".to_owned())), ["bat", "a b"]);
        assert!(program("auto", Some(String::new())).is_empty());
    }
}
