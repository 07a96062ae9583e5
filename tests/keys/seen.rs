//! What the terminal has been sent: the bytes, the screen that they draw, and when the program asked for an entry.

use std::fs::File;
use std::io::Read;
use std::num::NonZeroU16;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long anything may take to be seen; it takes milliseconds where nothing else runs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// What stands before an entry.
pub(crate) const PROMPT: &str = "pledgebook>";

/// Lines of the window: as many as most tests print, so that nothing scrolls away.
pub(crate) const LINES: u16 = 60;

/// What the prompt writes whenever it begins to read an entry: it asks to be told what is pasted.
const READING: &[u8] = b"\x1b[?2004h";

/// What the terminal has been sent so far.
pub(crate) struct Seen {
    so_far: Mutex<SoFar>,
    /// Something has been added.
    added: Condvar,
}

/// All of it at one moment.
pub(crate) struct SoFar {
    parser: vt100::Parser,
    pub(crate) bytes: Vec<u8>,
    /// How many entries the program has begun to read, and when it did so last.
    pub(crate) prompts: usize,
    pub(crate) prompted: Instant,
    /// Where in the bytes that was.
    pub(crate) entry: usize,
    pub(crate) has_ended: bool,
}

impl Seen {
    pub(crate) fn new(columns: u16) -> Self {
        let parser = vt100::Parser::new(lines(), width(columns), 0);
        Self {
            so_far: Mutex::new(SoFar {
                parser,
                bytes: Vec::new(),
                prompts: 0,
                prompted: Instant::now(),
                entry: 0,
                has_ended: false,
            }),
            added: Condvar::new(),
        }
    }

    /// Reads until the program has closed its side, which Linux tells by an error.
    pub(crate) fn read(&self, mut from: File) {
        let mut buffer = vec![0; 1 << 16];
        loop {
            let length = from.read(&mut buffer).unwrap_or(0);
            let mut so_far = self.lock();
            so_far.add(&buffer[..length]);
            so_far.has_ended = length == 0;
            self.added.notify_all();
            if length == 0 {
                return;
            }
        }
    }

    /// A test that failed while it looked has changed nothing.
    pub(crate) fn lock(&self) -> MutexGuard<'_, SoFar> {
        self.so_far.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The window has other columns from now on.
    pub(crate) fn resize(&self, columns: u16) {
        self.lock().parser.set_size(lines(), width(columns));
    }

    /// Waits until something is seen, which `what` names.
    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, is_seen: impl Fn(&SoFar) -> bool) {
        let end = Instant::now() + PATIENCE;
        let mut so_far = self.lock();
        while !is_seen(&so_far) {
            let left = end.saturating_duration_since(Instant::now());
            let screen = || so_far.screen();
            assert!(!left.is_zero(), "waited for {what:?}; the screen is\n{}", screen());
            assert!(!so_far.has_ended, "the program ended before {what:?} was seen; the screen is\n{}", screen());
            (so_far, _) = self.added.wait_timeout(so_far, left).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn lines() -> NonZeroU16 {
    width(LINES)
}

fn width(columns: u16) -> NonZeroU16 {
    NonZeroU16::new(columns).expect("a window has columns")
}

impl SoFar {
    /// The screen, without blanks at the ends of lines.
    pub(crate) fn screen(&self) -> String {
        let text = self.parser.screen().contents();
        text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned()
    }

    /// The line that the cursor is in.
    pub(crate) fn line(&self) -> String {
        let screen = self.parser.screen();
        let (row, _) = screen.cursor_position();
        screen.rows(0, screen.size().1.get()).nth(row.into()).unwrap_or_default().trim_end().to_owned()
    }

    fn add(&mut self, bytes: &[u8]) {
        self.parser.process(bytes);
        let before = self.bytes.len().saturating_sub(READING.len() - 1);
        self.bytes.extend_from_slice(bytes);
        let prompts = self.bytes[before..].windows(READING.len()).filter(|bytes| *bytes == READING).count();
        if prompts > 0 {
            self.prompts += prompts;
            self.prompted = Instant::now();
            self.entry = before;
        }
    }
}
