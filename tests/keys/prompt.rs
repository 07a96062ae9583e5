//! A person at the prompt: keys that go in, and what is waited for. Whoever waits, waits for something to be seen, never
//! for a time to pass.

use crate::keys::seen::{LINES, PATIENCE, PROMPT, Seen};
use pty_process::Size;
use pty_process::blocking::Pty;
use std::io::Write;
use std::path::PathBuf;
use std::process::Child;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// Keys by their names.
pub(crate) const CTRL_C: &str = "\x03";
pub(crate) const CTRL_D: &str = "\x04";
const CTRL_L: &str = "\x0c";
pub(crate) const CTRL_R: &str = "\x12";
pub(crate) const TAB: &str = "\t";
pub(crate) const ENTER: &str = "\r";
pub(crate) const ALT_ENTER: &str = "\x1b\r";
pub(crate) const UP: &str = "\x1b[A";
pub(crate) const LEFT: &str = "\x1b[D";
pub(crate) const BACKSPACE: &str = "\x7f";

/// The program on its terminal.
pub(crate) struct Prompt {
    pub(crate) pty: Pty,
    pub(crate) child: Child,
    pub(crate) seen: Arc<Seen>,
    pub(crate) directory: PathBuf,
}

impl Prompt {
    /// Presses keys, and waits for nothing.
    pub(crate) fn type_keys(&mut self, keys: &str) {
        (&self.pty).write_all(keys.as_bytes()).expect("the program reads");
    }

    /// Presses keys on a cleared screen and waits until an entry has been answered; the screen then, from the entry
    /// to its answer.
    #[track_caller]
    pub(crate) fn ask(&mut self, keys: &str) -> String {
        let before = self.prompts();
        self.type_keys(&format!("{CTRL_L}{keys}{ENTER}"));
        self.wait_for_prompts(before + 1);
        let screen = self.screen();
        screen.strip_suffix(PROMPT).expect("the prompt stands last").trim_end().to_owned()
    }

    /// What the answer to an entry of one line is.
    #[track_caller]
    pub(crate) fn answer(&mut self, keys: &str) -> String {
        let screen = self.ask(keys);
        screen.split_once('\n').map_or_else(String::new, |(_, answer)| answer.to_owned())
    }

    /// The screen, without blanks at the ends of lines.
    pub(crate) fn screen(&self) -> String {
        self.seen.lock().screen()
    }

    /// Everything that the terminal was sent, escape sequences included.
    pub(crate) fn sent(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().bytes).into_owned()
    }

    /// How many entries the program has begun to read.
    pub(crate) fn prompts(&self) -> usize {
        self.seen.lock().prompts
    }

    /// When the program began to read the newest entry.
    pub(crate) fn prompted(&self) -> Instant {
        self.seen.lock().prompted
    }

    /// Waits for text to be seen.
    #[track_caller]
    pub(crate) fn wait_for(&self, text: &str) {
        self.seen.wait_until(text, |so_far| so_far.screen().contains(text));
    }

    /// Waits for text to be sent that was not when the newest entry was begun, even if it scrolls away at once.
    #[track_caller]
    pub(crate) fn wait_for_bytes(&self, text: &str) {
        let has_text = |bytes: &[u8]| bytes.windows(text.len()).any(|bytes| bytes == text.as_bytes());
        self.seen.wait_until(text, |so_far| has_text(&so_far.bytes[so_far.entry..]));
    }

    /// Waits until the line of the cursor is this one.
    #[track_caller]
    pub(crate) fn wait_for_line(&self, line: &str) {
        self.seen.wait_until(line, |so_far| so_far.line() == line);
    }

    /// Waits for the prompt of so many entries to have been drawn, the last of them empty.
    #[track_caller]
    pub(crate) fn wait_for_prompts(&mut self, prompts: usize) {
        self.seen.wait_until("the prompt", |so_far| so_far.line() == PROMPT && so_far.prompts >= prompts);
    }

    /// The size of the window changes under the program.
    pub(crate) fn resize(&self, columns: u16) {
        self.pty.resize(Size::new(LINES, columns)).expect("it can be resized");
        self.seen.resize(columns);
    }

    /// Waits for the program to end; its exit code.
    #[track_caller]
    pub(crate) fn exit_code(&mut self) -> Option<i32> {
        self.seen.wait_until("the end", |so_far| so_far.has_ended);
        self.child.wait().expect("it is a child").code()
    }

    /// Waits until the program has worked for so long since this was called, or asks for the next entry.
    #[track_caller]
    pub(crate) fn wait_for_work(&self, long: Duration) {
        let (prompts, begun, start) = (self.prompts(), work(self.child.id()), Instant::now());
        while self.prompts() == prompts && work(self.child.id()) < begun + long {
            assert!(start.elapsed() < PATIENCE, "it does not work; the screen is\n{}", self.screen());
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// How long a process has worked, as the system counts it in hundredths of a second.
#[cfg(target_os = "linux")]
fn work(id: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // Behind the name, which may have spaces in it, the times are the 12th and the 13th.
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ').skip(11).take(2);
    let ticks: u64 = fields.filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// Where the system does not say, time passes instead.
#[cfg(not(target_os = "linux"))]
fn work(_: u32) -> Duration {
    use std::sync::LazyLock;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}

impl Drop for Prompt {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
