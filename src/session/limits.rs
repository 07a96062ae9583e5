//! Keeping an answer to its limits where it is written, and telling and setting them.

use super::{Session, Settings};
use crate::error::{Error, Limit, wrong};
use crate::quantity::reading;
use crate::sql::Output;
use crate::store::{Limits, Stop};
use crate::terminal::LIMIT_NAMES;
use std::io::{self, Write};

/// A writer that ends the answer when it has taken as much as the limit lets it.
pub(super) struct Limited<W> {
    inner: W,
    stop: Stop,
    /// Bytes that may still be written; `None` where there is no limit.
    left: Option<u64>,
    /// Whether control characters are written as they are.
    is_raw: bool,
}

impl<W: Write> Limited<W> {
    pub(super) fn new(inner: W, stop: &Stop, settings: &Settings) -> Self {
        let most = settings.limits.output_mib;
        let left = (most > 0).then_some(most.saturating_mul(1 << 20));
        Self { inner, stop: stop.clone(), left, is_raw: !settings.is_sandboxed }
    }
}

impl<W: Write> Write for Limited<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(left) = &mut self.left {
            let Some(rest) = left.checked_sub(bytes.len() as u64) else {
                self.stop.raise_at(Limit::Output);
                return Err(io::Error::other("the limit of output is reached"));
            };
            *left = rest;
        }
        if self.is_raw {
            return self.inner.write(bytes);
        }
        self.inner.write_all(&without_controls(bytes)).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Text in which what a terminal would act on is written out. Ends of lines and tabs stay.
fn without_controls(bytes: &[u8]) -> Vec<u8> {
    if bytes.iter().all(|byte| matches!(byte, b'\n' | b'\t' | b' '..=b'~')) {
        return bytes.to_owned();
    }
    let is_shown = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    let shown = |c: char| if is_shown(c) { c.to_string() } else { c.escape_default().to_string() };
    String::from_utf8_lossy(bytes).chars().map(shown).collect::<String>().into_bytes()
}

/// `.limits`: tells them, or sets one.
pub(super) fn run(session: &mut Session, words: &[String], output: &Output) -> Result<(), Error> {
    match words {
        [] => output.print(&session.settings.limits_in_words()).map_err(Error::from),
        [name, _] if !LIMIT_NAMES.contains(&name.as_str()) => {
            let cure = format!("there are {}", LIMIT_NAMES.join(", "));
            Err(wrong(&format!("there is no limit `{name}`"), &cure))
        }
        [name, most] if name == Limit::Memory.name() && session.raises_memory(most) => {
            let message = "the limit of memory can't be raised while the program runs";
            Err(wrong(message, "start it with `--limit-memory MIB`"))
        }
        [name, most] => session.settings.set(&format!("limit_{name}"), most),
        _ => Err(wrong("`.limits` takes a name and a number", "as `.limits time 60`; 0 is none")),
    }
}

impl Session {
    /// Whether a word would raise the limit of memory, which the library that holds the book can only lower.
    pub(super) fn raises_memory(&self, word: &str) -> bool {
        let mut wanted = self.settings.clone();
        let is_number = wanted.set_limit(Limit::Memory, word);
        let (now, wanted) = (self.settings.limits.memory_mib, wanted.limits.memory_mib);
        is_number && now > 0 && (wanted == 0 || wanted > now)
    }
}

impl Settings {
    /// Every limit with what it is, a line each, and what none of them can change.
    pub(super) fn limits_in_words(&self) -> String {
        let of = |limit: Limit| {
            let (meaning, unit) = described(limit);
            let most = match self.limits.most(limit) {
                0 => "none".to_owned(),
                most => format!("{}{unit}", reading::group_digits(most.into(), None)),
            };
            format!("{:7} {most:12} {meaning}", limit.name())
        };
        let lines: Vec<String> = Limits::ALL.map(of).into_iter().chain(FIXED.map(str::to_owned)).collect();
        lines.join("\n")
    }

    /// Sets a limit by a word; whether it is a number.
    pub(super) fn set_limit(&mut self, limit: Limit, word: &str) -> bool {
        let most = word.replace(['_', ','], "").parse();
        if let Ok(most) = most {
            self.limits.set(limit, most);
        }
        most.is_ok()
    }
}

/// What a limit is of, and the unit behind its number.
fn described(limit: Limit) -> (&'static str, &'static str) {
    match limit {
        Limit::Time => ("an answer may take", " s"),
        Limit::Memory => ("the program may hold", " MiB"),
        Limit::Rows => ("an answer may have", ""),
        Limit::Output => ("an answer may write", " MiB"),
    }
}

/// The limits that are fixed.
const FIXED: [&str; 3] = [
    "depth   64           calls of scripts and SQL within each other",
    "text    64 MiB       one value of SQL; 1 MiB one statement",
    "file    64 MiB       one script or file of SQL",
];

#[cfg(test)]
mod tests {
    use super::{Limited, without_controls};
    use crate::error::{Error, Limit, LimitError};
    use crate::session::Settings;
    use crate::store::{Limits, Stop};
    use std::io::Write;

    #[test]
    fn what_is_written_beyond_the_limit_ends_the_answer() {
        let (stop, limits) = (Stop::default(), Limits { output_mib: 1, ..Limits::NONE });
        let mut written = Vec::new();
        let mut limited = Limited::new(&mut written, &stop, &Settings { limits, ..Settings::default() });
        assert!(limited.write_all(&vec![b'x'; 1 << 20]).is_ok());
        assert!(!stop.is_raised());
        assert!(limited.write_all(b"y").is_err());
        assert!(matches!(stop.why(), Error::Limit(LimitError { limit: Limit::Output, .. })));
        assert_eq!(written.len(), 1 << 20);
    }

    #[test]
    fn what_a_terminal_would_act_on_is_written_out() {
        assert_eq!(without_controls("a\u{1b}[2J\r\n\tä\u{9b}".as_bytes()), "a\\u{1b}[2J\\r\n\tä\\u{9b}".as_bytes());
        assert_eq!(without_controls(b"plain\n"), b"plain\n");
    }
}
