//! Standard output and error as writers, and the progress line on standard error that both erase before they write. The
//! line is drawn once work has taken two seconds, and redrawn each second. There is one standard error, hence one state for
//! the process; the thread that draws is started by the first work that could need it.

use super::lock;
use crate::quantity::human;
use crate::store::Stop;
use crate::table::WrapWriter;
use std::env;
use std::io::{self, BufWriter, IsTerminal, Stderr, Stdout, Write};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use terminal_size::{Width, terminal_size_of};

/// The size of the buffer before a pipe or a file.
const BUFFER_BYTES: usize = 1 << 16;

/// A writer to standard output: line by line to a terminal, buffered to anything else.
pub fn results() -> Box<dyn Write> {
    let out = io::stdout();
    if out.is_terminal() { Box::new(ResultWriter(out)) } else { Box::new(BufWriter::with_capacity(BUFFER_BYTES, out)) }
}

/// A writer of notices for people to standard error, in lines that fit a window.
pub fn notices() -> Box<dyn Write> {
    Box::new(WrapWriter::new(verbatim_notices(), error_columns()))
}

/// The columns of the terminal behind standard error.
pub(super) fn error_columns() -> Option<usize> {
    let (Width(columns), _) = terminal_size_of(io::stderr())?;
    Some(usize::from(columns)).filter(|columns| *columns > 0)
}

/// The same for what other programs read.
pub(super) fn verbatim_notices() -> impl Write {
    NoticeWriter(io::stderr())
}

/// A writer to a terminal behind standard output.
struct ResultWriter(Stdout);

impl Write for ResultWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        end_progress();
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A writer to standard error.
struct NoticeWriter(Stderr);

impl Write for NoticeWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = lock(&STATE);
        state.erase();
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The time before the line is first drawn.
const DELAY: Duration = Duration::from_secs(2);

const REDRAW_INTERVAL: Duration = Duration::from_secs(1);

/// The fewest rows that are shown: the program itself reads some.
const MIN_SHOWN_ROWS: u64 = 1_000;

/// The columns of a terminal that does not say how many it has.
const DEFAULT_COLUMNS: usize = 80;

/// The sequence that erases the line and returns to its start.
const ERASE_LINE: &str = "\r\u{1b}[K";

static STATE: Mutex<ProgressState> =
    Mutex::new(ProgressState { work: None, has_thread: false, is_drawn: false, is_erased: false });

/// Signals that work began or ended.
static WORK_CHANGED: Condvar = Condvar::new();

struct ProgressState {
    work: Option<ProgressWork>,
    has_thread: bool,
    /// True if the line is on the screen.
    is_drawn: bool,
    /// True if it was erased, and nothing has been written since.
    is_erased: bool,
}

struct ProgressWork {
    started: Instant,
    /// The time of the next redraw.
    due: Instant,
    stop: Stop,
}

/// A guard for running work: while it lives, the progress line is drawn when due.
pub struct Progress(());

impl Progress {
    /// Starts the clock of work that counts the rows it reads in `stop`. `None` where standard error is no terminal
    /// that can erase a line.
    #[must_use]
    pub fn begin(stop: &Stop) -> Option<Self> {
        if is_dumb_terminal() || !io::stderr().is_terminal() {
            return None;
        }
        let mut state = lock(&STATE);
        if !state.has_thread {
            // Without a thread there is no line, and no harm.
            state.has_thread = thread::Builder::new().name("progress".into()).spawn(draw_when_due).is_ok();
        }
        let started = Instant::now();
        state.work = Some(ProgressWork { started, due: started + DELAY, stop: stop.clone() });
        state.is_erased = false;
        WORK_CHANGED.notify_one();
        Some(Self(()))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let mut state = lock(&STATE);
        state.work = None;
        state.erase();
    }
}

/// Ends the progress line, since the answer is being written to the terminal.
pub(super) fn end_progress() {
    let mut state = lock(&STATE);
    state.work = None;
    state.erase();
    state.is_erased = false;
}

/// True if the cursor is behind the `^C` that the system echoes: erasing the line erases that too.
pub(super) fn is_interrupt_echoed() -> bool {
    io::stderr().is_terminal() && !lock(&STATE).is_erased
}

/// True if the terminal can't move its cursor.
pub(super) fn is_dumb_terminal() -> bool {
    env::var_os("TERM").is_some_and(|terminal| terminal == "dumb")
}

impl ProgressState {
    fn erase(&mut self) {
        if std::mem::take(&mut self.is_drawn) {
            // Where standard error is closed there is nothing to erase.
            let _ = io::stderr().write_all(ERASE_LINE.as_bytes());
            self.is_erased = true;
        }
    }

    fn draw(&mut self, now: Instant) {
        let Some(work) = &mut self.work else { return };
        work.due = now + REDRAW_INTERVAL;
        let columns = error_columns().unwrap_or(DEFAULT_COLUMNS);
        let line = progress_line(now - work.started, work.stop.rows(), work.stop.is_raised(), columns);
        self.is_drawn = true;
        let _ = io::stderr().write_all(format!("{ERASE_LINE}{line}").as_bytes());
    }
}

/// The text of the line, shortened until it fits into one line of the window. Work that is to stop may be in a step
/// that can't be interrupted.
fn progress_line(elapsed: Duration, rows: u64, is_stopping: bool, columns: usize) -> String {
    let seconds = format!("… {} s", elapsed.as_secs());
    let rows = if rows >= MIN_SHOWN_ROWS {
        format!(", {} rows read", human::group_digits(rows.into(), None))
    } else {
        String::new()
    };
    let hint = if is_stopping { "stopping; Ctrl-C again ends the program" } else { "Ctrl-C stops it" };
    let whole = [format!("{seconds}{rows}; {hint}"), format!("{seconds}{rows}"), seconds];
    whole.into_iter().find(|line| line.chars().count() < columns).unwrap_or_default()
}

fn draw_when_due() {
    let mut guard = lock(&STATE);
    loop {
        let now = Instant::now();
        let wait = guard.work.as_ref().map(|work| work.due.saturating_duration_since(now));
        guard = match wait {
            None => WORK_CHANGED.wait(guard).unwrap_or_else(PoisonError::into_inner),
            Some(Duration::ZERO) => {
                guard.draw(now);
                guard
            }
            Some(wait) => WORK_CHANGED.wait_timeout(guard, wait).unwrap_or_else(PoisonError::into_inner).0,
        };
    }
}
