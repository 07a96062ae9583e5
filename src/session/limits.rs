//! Keeping an answer to its limits where it is written, and telling and setting them.

use super::{Session, Settings};
use crate::error::{About, Error, Limit, wrong};
use crate::quantity::reading;
use crate::script;
use crate::sql::Output;
use crate::store::{Stop, fixed_bounds};
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
        let left = settings.limits.bytes(Limit::Output);
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
    let [name, word] = words else {
        return match words {
            [] => output.print(&session.settings.limits_in_words()).map_err(Error::from),
            _ => Err(wrong("`.limits` takes a name and a number", "as `.limits time 60`")),
        };
    };
    let Some(limit) = Limit::named(name) else {
        let names = Limit::ALL.map(|limit| limit.about().name).join(", ");
        return Err(wrong(&format!("there is no limit `{name}`"), &format!("there are {names}")));
    };
    session.refuse_rise(limit, word)?;
    session.settings.set(limit.about().setting, word)
}

impl Session {
    /// Refuses to raise a limit that can only be lowered.
    pub(super) fn refuse_rise(&self, limit: Limit, word: &str) -> Result<(), Error> {
        let rises = limit.read(word).is_some_and(|most| self.settings.limits.would_raise(limit, most));
        if !(rises && limit.only_falls()) {
            return Ok(());
        }
        let About { name, option, placeholder, .. } = limit.about();
        let message = format!("the limit of {name} can't be raised while the program runs");
        Err(wrong(&message, &format!("start it with `--{option} {placeholder}`")))
    }
}

impl Settings {
    /// Every limit with what it is of, a line each, and the bounds that nothing sets.
    pub(super) fn limits_in_words(&self) -> String {
        let set = Limit::ALL.map(|limit| {
            let About { name, unit, of, .. } = limit.about();
            let most = match self.limits.most(limit) {
                0 => "none".to_owned(),
                most => format!("{}{unit}", grouped(most)),
            };
            format!("{name:9}  {most:11}  {of}")
        });
        let bounds = script::FIXED_BOUNDS.into_iter().map(|(most, of)| (most as u64, of)).chain(fixed_bounds());
        let fixed = bounds.enumerate().map(|(at, (most, of))| {
            let name = if at == 0 { "fixed" } else { "" };
            format!("{name:9}  {:11}  {of}", grouped(most))
        });
        set.into_iter().chain(fixed).collect::<Vec<_>>().join("\n")
    }
}

fn grouped(number: u64) -> String {
    reading::group_digits(number.into(), None)
}

#[cfg(test)]
mod tests {
    use super::{Limited, without_controls};
    use crate::error::{Error, Limit, LimitError};
    use crate::session::Settings;
    use crate::store::{Limits, Stop};
    use std::io::Write;

    #[test]
    fn what_is_written_beyond_the_limit_ends_the_answer() {
        let (stop, limits) = (Stop::default(), Limits::NONE.with(Limit::Output, 1));
        let mut written = Vec::new();
        let mut limited = Limited::new(&mut written, &stop, &Settings { limits, ..Settings::default() });
        assert!(limited.write_all(&vec![b'x'; 1 << 20]).is_ok());
        assert!(!stop.is_raised());
        assert!(limited.write_all(b"y").is_err());
        assert!(matches!(stop.cause(), Error::Limit(LimitError { limit: Limit::Output, .. })));
        assert_eq!(written.len(), 1 << 20);
    }

    #[test]
    fn what_a_terminal_would_act_on_is_written_out() {
        assert_eq!(without_controls("a\u{1b}[2J\r\n\tä\u{9b}".as_bytes()), "a\\u{1b}[2J\\r\n\tä\\u{9b}".as_bytes());
        assert_eq!(without_controls(b"plain\n"), b"plain\n");
    }
}
