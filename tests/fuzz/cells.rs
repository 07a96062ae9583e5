//! CSV: awkward texts, whose cells a small reader of our own finds again.

use crate::asker::Asker;
use crate::random::Random;
use crate::{Target, mutate};
use pledgebook::table::Format;
use pledgebook::terminal::Language;

/// Texts that are awkward in CSV.
const TEXTS: [&str; 12] =
    ["", "a,b", "say \"x\"", "\"", "\"\"", "two\nlines", "\r\n", "\r", "=1+1", " blank ", "\\N", "NULL"];

/// A session that answers in CSV.
pub(crate) struct Cells(Asker);

impl Target for Cells {
    fn new() -> Self {
        Self(Asker::bundled(Format::Csv))
    }

    /// Each piece is a cell of a row.
    fn input(random: &mut Random) -> Vec<String> {
        let texts = TEXTS.map(str::to_owned);
        let width = 1 + random.below(6);
        let mut cell = || mutate::spoilt(random, &texts).concat().replace('\0', "0");
        (0..width).map(|_| cell()).collect()
    }

    fn check(&mut self, pieces: &[String]) -> Result<(), String> {
        if pieces.is_empty() {
            return Ok(());
        }
        let literal = |text: &String| format!("'{}'", text.replace('\'', "''"));
        let columns: Vec<String> = pieces.iter().map(literal).collect();
        let names: Vec<String> = pieces.iter().map(|name| format!("\"n{}\"", name.replace('"', "\"\""))).collect();
        let pairs: Vec<String> = columns.iter().zip(&names).map(|(cell, name)| format!("{cell} as {name}")).collect();
        let answer = self.0.ask(&format!("select {}", pairs.join(", ")), Language::Sql)?;
        if let Some(error) = answer.error {
            // A statement that is too long, names that are the same.
            let is_expected = ["limit", "twice", "interrupted"].iter().any(|words| error.contains(words));
            return if is_expected { Ok(()) } else { Err(error) };
        }
        let expected: Vec<Vec<String>> = vec![pieces.iter().map(|name| format!("n{name}")).collect(), pieces.to_vec()];
        let found = read(&answer.printed);
        if found == expected { Ok(()) } else { Err(format!("{expected:?}\nis written as\n{:?}", answer.printed)) }
    }
}

/// The cells of CSV, as RFC 4180 has it, with line feeds.
pub(crate) fn read(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut is_quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if is_quoted && rest.peek() == Some(&'"') => cell.extend(rest.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    rows
}
