//! Second tables in a file, below the first or beside it. Their rows are never appended: names of columns in the middle of a table, as
//! its rows above and below show them, are an error that names the lines of each; what only may be one is a doubt.

use super::column::{ColumnProfile, Evidence};
use super::file::ImportFile;
use super::header;
use super::marks;
use super::numeric;
use super::record::Record;
use super::row_counts::RowCounts;
use super::second_header::{SecondHeader, Sign, is_header_like};
use crate::error::Error;

/// The search for a second table below the first, row by row.
pub(super) struct SecondTables<'f> {
    file: &'f ImportFile,
    /// The first line of the header.
    header_line: u64,
    /// The header of each column.
    headers: &'f [String],
    /// True where columns become rows: no count is of a column of the file then.
    is_long: bool,
    /// A row that is a header if numbers follow in these columns; true if that is certain then.
    waiting: Option<(SecondHeader, Vec<usize>, bool)>,
    /// The first row that may be one, and the column of a word that no other row has then.
    uncertain: Option<(SecondHeader, usize)>,
    /// The first row with names of columns or with years in their place, and its text.
    named: Option<(SecondHeader, String)>,
    names: ColumnNames,
    /// The line of the row before.
    last_line: u64,
}

/// The names of the columns, as they are looked for in rows.
struct ColumnNames {
    /// Lengths of names in bytes, a bit each: most cells have none of them.
    lengths: u64,
    /// The columns that are years, with their differences from the first.
    years: Vec<(usize, i32)>,
}

impl ColumnNames {
    fn new(headers: &[String]) -> Self {
        let lengths = headers.iter().fold(0, |lengths, name| lengths | length_bit(name));
        let years: Vec<(usize, i32)> =
            headers.iter().enumerate().filter_map(|(at, name)| Some((at, year(name)?))).collect();
        let first = years.first().map_or(0, |(_, year)| *year);
        Self { lengths, years: years.into_iter().map(|(at, year)| (at, year - first)).collect() }
    }

    /// The text of a row that names columns: that of its first cell its own, or two any; or that has other years below those of the header.
    fn in_row(&self, row: &Record, headers: &[String]) -> Option<String> {
        let mut named = 0;
        for (at, cell) in
            row.cells().map(numeric::trim).enumerate().filter(|(_, cell)| self.lengths & length_bit(cell) != 0)
        {
            let is_own = headers.get(at).is_some_and(|name| is_name(cell, name));
            if is_own && row.filled() > 1 && (0..at).all(|before| numeric::trim(row.cell(before)).is_empty()) {
                return Some(cell.to_owned());
            }
            named += usize::from(
                numeric::parse(cell).is_none() && (is_own || headers.iter().any(|name| is_name(cell, name))),
            );
            if named > 1 {
                return Some(cell.to_owned());
            }
        }
        let [(first, _), _, ..] = *self.years.as_slice() else { return None };
        let start = year(numeric::trim(row.cell(first)))?;
        let goes_on = self.years.iter().all(|(at, after)| year(numeric::trim(row.cell(*at))) == Some(start + after));
        goes_on.then(|| start.to_string())
    }
}

fn length_bit(text: &str) -> u64 {
    if text.is_empty() { 0 } else { 1 << text.len().min(63) }
}

fn year(text: &str) -> Option<i32> {
    text.parse().ok().filter(|_| numeric::is_year(text))
}

impl<'f> SecondTables<'f> {
    /// The search below a header.
    pub(super) fn new(file: &'f ImportFile, header_line: u64, headers: &'f [String], is_long: bool) -> Self {
        let names = ColumnNames::new(headers);
        Self {
            file,
            header_line,
            headers,
            is_long,
            waiting: None,
            uncertain: None,
            named: None,
            names,
            last_line: header_line,
        }
    }

    /// Looks at the rows that a blank row or a title makes candidates, before the row that was read last is counted.
    ///
    /// # Errors
    /// One of them is a second header.
    pub(super) fn check(&mut self, candidates: Vec<SecondHeader>, profiles: &[ColumnProfile]) -> Result<(), Error> {
        let profiles = if self.is_long { &[] } else { profiles };
        for second in candidates {
            let words = |is_numeric: &dyn Fn(&ColumnProfile) -> bool| -> Vec<usize> {
                let is_word = |at: &usize| {
                    let cell = numeric::trim(second.row.cell(*at));
                    let is_name = |profile: &ColumnProfile| {
                        numeric::parse(cell).is_none() || numeric::is_year(cell) && !profile.are_all_years()
                    };
                    !cell.is_empty()
                        && marks::reason(cell).is_none()
                        && profiles.get(*at).is_some_and(|profile| is_numeric(profile) && is_name(profile))
                };
                (0..second.row.len()).filter(is_word).collect()
            };
            let are_most = |words: &[usize]| !words.is_empty() && words.len() * 2 + 1 >= second.row.filled();
            if second.sign != Sign::Gap || are_most(&words(&ColumnProfile::is_mostly_numbers)) {
                return Err(second.question(self.file, self.header_line));
            }
            // One row above says little: the rows below say the rest.
            let words = words(&ColumnProfile::reads_numbers);
            if are_most(&words) {
                self.waiting = Some((second, words, true));
            }
        }
        Ok(())
    }

    /// Looks at a row once it is counted, with the words in columns of numbers.
    ///
    /// # Errors
    /// The row before is a second header: this one has numbers below its names.
    pub(super) fn add(&mut self, row: &Record, counts: &RowCounts) -> Result<(), Error> {
        let words = &counts.words;
        if let Some((second, columns, is_certain)) = self.waiting.take_if(|(second, ..)| row.line > second.row.line)
            && let Some(column) = columns.iter().find(|at| numeric::parse(numeric::trim(row.cell(**at))).is_some())
        {
            if is_certain {
                return Err(second.question(self.file, self.header_line));
            }
            self.uncertain.get_or_insert((second, *column));
        }
        let are_all_words = !words.is_empty() && words.len() == counts.numeric;
        if self.waiting.is_none() && are_all_words && self.may_be_names(row, &counts.profiles) {
            let is_named =
                (0..row.len()).any(|at| self.headers.get(at).is_some_and(|name| is_name(row.cell(at), name)));
            let second = SecondHeader { row: row.clone(), last_line: self.last_line, sign: Sign::Numbers };
            self.waiting = Some((second, words.clone(), words.len() > 1 || is_named));
        }
        if self.named.is_none()
            && self.last_line > self.header_line
            && let Some(text) = self.names.in_row(row, self.headers)
        {
            let second = SecondHeader { row: row.clone(), last_line: self.last_line, sign: Sign::Numbers };
            self.named = Some((second, text));
        }
        self.last_line = row.line;
        Ok(())
    }

    /// True for a row of texts that no row above has, as far as those are counted, but for names of its columns.
    fn may_be_names(&self, row: &Record, profiles: &[ColumnProfile]) -> bool {
        let is_new = |at: usize| {
            let cell = numeric::trim(row.cell(at));
            let is_counted_once = |profile: &ColumnProfile| {
                profile.texts.all().iter().find(|found| found.text == cell).is_none_or(|found| found.count == 1)
            };
            cell.is_empty()
                || self.headers.get(at).is_some_and(|name| is_name(cell, name))
                || profiles.get(at).is_none_or(is_counted_once)
        };
        let columns = self.headers.iter().filter(|header| !header.is_empty()).count();
        row.filled() * 10 >= columns * 6 && is_header_like(row) && (0..row.len()).all(is_new)
    }

    /// The doubt about a row that may be a second header.
    pub(super) fn doubt(&self, profiles: &[ColumnProfile]) -> Option<String> {
        self.uncertain_doubt(profiles).or_else(|| {
            let (second, text) = self.named.as_ref()?;
            // A word that other rows have is no name.
            let is_word = |profile: &ColumnProfile| {
                profile.texts.all().iter().any(|found| found.text == *text && found.count > 1)
            };
            if profiles.iter().any(is_word) {
                return None;
            }
            let (line, help) = (second.row.line, second.help(self.header_line));
            Some(format!("line {line} has `{text}` as a header has: a second table may begin there; {help}"))
        })
    }

    fn uncertain_doubt(&self, profiles: &[ColumnProfile]) -> Option<String> {
        let (second, column) = self.uncertain.as_ref()?;
        let word = numeric::trim(second.row.cell(*column));
        // A word that other rows have is no name.
        profiles[*column].texts.all().iter().find(|found| found.text == word && found.count == 1)?;
        let (line, help) = (second.row.line, second.help(self.header_line));
        Some(format!(
            "line {line} has `{word}` where the rows above and below have numbers: a second table may begin there; {help}"
        ))
    }
}

fn is_name(cell: &str, name: &str) -> bool {
    !name.is_empty() && numeric::trim(cell).eq_ignore_ascii_case(name)
}

/// The doubt about a second table beside the first: behind a column with nothing in it, not even a name, columns of labels and of numbers
/// follow as they do before it.
pub(super) fn doubt_beside(headers: &[String], profiles: &[ColumnProfile], header_line: u64) -> Option<String> {
    let evidence = |at: usize| profiles[at].evidence(&|_| false);
    let is_blank = |at: &usize| headers[*at].is_empty() && evidence(*at) == Evidence::Empty;
    let is_label =
        |at: usize| matches!(evidence(at), Evidence::Text | Evidence::Dates(_)) || profiles[at].are_all_years();
    let is_number = |at: usize| {
        let is_numeric = matches!(evidence(at), Evidence::Numbers(_) | Evidence::TextByMisfits | Evidence::Ambiguous);
        is_numeric && !is_label(at)
    };
    let is_table = |mut columns: std::ops::Range<usize>| {
        columns.clone().all(|at| !headers[at].is_empty())
            && columns.next().is_some_and(is_label)
            && columns.any(is_number)
    };
    let blanks: Vec<usize> = (0..headers.len()).filter(is_blank).collect();
    let blank = blanks.iter().enumerate().find_map(|(number, blank)| {
        let start = number.checked_sub(1).map_or(0, |before| blanks[before] + 1);
        let end = blanks.get(number + 1).map_or(headers.len(), |next| *next);
        (is_table(start..*blank) && is_table(blank + 1..end)).then_some(*blank)
    })?;
    let name = &header::names(headers)[blank + 1];
    Some(format!(
        "a second table may be beside the first, from `{name}` on: column {} is blank; save each as a file of its own, or \
         `--lines {header_line}-` takes all of it for one table",
        blank + 1
    ))
}
