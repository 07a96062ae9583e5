//! CSV and TSV: awkward texts and NULL, whose cells small readers of our own find again.

use crate::fuzz::asker::Asker;
use crate::fuzz::{Target, mutate};
use crate::scratch::random::Random;
use pledgebook::table::Format;
use pledgebook::terminal::Language;

/// Texts that are awkward in CSV.
const TEXTS: [&str; 12] =
    ["", "a,b", "say \"x\"", "\"", "\"\"", "two\nlines", "\r\n", "\r", "=1+1", " blank ", "\\N", "NULL"];

/// What stands for NULL among the pieces.
const NULL: &str = "\0";

/// A session that answers in CSV and in TSV.
pub(crate) struct Cells(Asker);

impl Target for Cells {
    fn new() -> Self {
        Self(Asker::bundled(Format::Csv))
    }

    /// Each piece is a cell of a row.
    fn input(random: &mut Random) -> Vec<String> {
        let texts = TEXTS.map(str::to_owned);
        let width = 1 + random.below(6);
        let mut cell = || match random.below(8) {
            0 => NULL.to_owned(),
            1 => random.word(&TEXTS).to_owned(),
            _ => mutate::spoilt(random, &texts).concat().replace('\0', "0"),
        };
        (0..width).map(|_| cell()).collect()
    }

    fn check(&mut self, pieces: &[String]) -> Result<(), String> {
        if pieces.is_empty() {
            return Ok(());
        }
        let literal = |text: &String| {
            if text == NULL { "null".to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
        };
        // Names that are the same would be told apart.
        let names = pieces.iter().enumerate().map(|(at, name)| format!("n{at}{}", name.replace('\0', "0")));
        let names: Vec<String> = names.collect();
        let pairs: Vec<String> = pieces
            .iter()
            .zip(&names)
            .map(|(cell, name)| format!("{} as \"{}\"", literal(cell), name.replace('"', "\"\"")))
            .collect();
        let sql = format!("select {}", pairs.join(", "));
        let header = names.into_iter().map(Some).collect();
        let expected: Rows = vec![header, pieces.iter().map(|cell| Some(cell.clone()).filter(|c| c != NULL)).collect()];
        for (format, read) in [(Format::Csv, rows as fn(&str) -> Rows), (Format::Tsv, rows_of_tsv)] {
            self.0.0.settings.format = format;
            let answer = self.0.ask(&sql, Language::Sql)?;
            if let Some(error) = answer.error {
                // A statement that is too long, names that are the same.
                let is_expected = ["limit", "twice", "interrupted"].iter().any(|words| error.contains(words));
                return if is_expected { Ok(()) } else { Err(error) };
            }
            if read(&answer.printed) != expected {
                return Err(format!("{expected:?}\nis written as\n{:?}", answer.printed));
            }
        }
        Ok(())
    }
}

/// Rows of cells; NULL is none.
pub(crate) type Rows = Vec<Vec<Option<String>>>;

/// The texts of CSV; NULL and the empty text are one here.
pub(crate) fn read(text: &str) -> Vec<Vec<String>> {
    rows(text).into_iter().map(|row| row.into_iter().map(Option::unwrap_or_default).collect()).collect()
}

/// The cells of CSV, as RFC 4180 has it, with line feeds. A carriage return ends a line too where no quotes hold it.
pub(crate) fn rows(text: &str) -> Rows {
    let (mut rows, mut row, mut cell, mut is_quoted) = (Vec::new(), Vec::new(), None::<String>, false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if is_quoted && rest.peek() == Some(&'"') => cell.get_or_insert_default().extend(rest.next()),
            '"' => {
                is_quoted = !is_quoted;
                cell.get_or_insert_default();
            }
            ',' if !is_quoted => row.push(cell.take()),
            '\n' | '\r' if !is_quoted => {
                row.push(cell.take());
                rows.push(std::mem::take(&mut row));
            }
            c => cell.get_or_insert_default().push(c),
        }
    }
    rows
}

/// The cells of TSV: a backslash before what would part them, and `""` for the empty text.
fn rows_of_tsv(text: &str) -> Rows {
    let cell = |written: &str| match written {
        "" => None,
        "\"\"" => Some(String::new()),
        written => {
            let (mut cell, mut rest) = (String::new(), written.chars());
            while let Some(c) = rest.next() {
                match (c, if c == '\\' { rest.next() } else { None }) {
                    (_, Some('n')) => cell.push('\n'),
                    (_, Some('r')) => cell.push('\r'),
                    (_, Some('t')) => cell.push('\t'),
                    (_, Some(escaped)) => cell.push(escaped),
                    (c, None) => cell.push(c),
                }
            }
            Some(cell)
        }
    };
    text.strip_suffix('\n').unwrap_or(text).split('\n').map(|line| line.split('\t').map(cell).collect()).collect()
}

/// Rows without an order of their own, in order, with numbers that are no whole ones written in one way.
pub(crate) fn settled(rows: Rows) -> Rows {
    let settle = |text: String| match text.parse::<f64>() {
        Ok(number) if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') => format!("{:e}", number + 0.0),
        _ => text,
    };
    let row = |row: Vec<Option<String>>| row.into_iter().map(|cell| cell.map(settle)).collect();
    let mut rows: Rows = rows.into_iter().map(row).collect();
    rows.sort();
    rows
}

/// A blob as CSV has it.
pub(crate) fn in_hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
