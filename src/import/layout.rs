//! The place of a table in its file: the lines above it, its header, its rows, the notes below. The header is found by the rule that
//! fits most published tables, and named by the option where that is wrong.

use super::date;
use super::delimited::usual;
use super::file::ImportFile;
use super::header;
use super::marks;
use super::numbering::{Numbering, has_years_of_header, is_sequence, numbering};
use super::numeric;
use super::record::{Record, Records};
use crate::error::{AskedOption, Choice, Error, Question};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// The rows at the beginning among which the header is looked for, and by which the usual width is known.
const SAMPLE_ROWS: usize = 200;

/// The rows that a question for the header offers.
const MAX_CHOICES: usize = 8;

/// The beginning of such a row that it shows, in characters.
const SHOWN_CHARS: usize = 60;

/// A note above or below a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoteLine {
    /// The line, from 1.
    pub(super) line: u64,
    /// Its cells, joined.
    pub(super) text: String,
}

/// The place of a table in a file.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// The lines of the header.
    pub(super) header_lines: RangeInclusive<u64>,
    /// The header of each column, trimmed; empty where it has none.
    pub(super) headers: Vec<String>,
    /// The tags below the header, where there is a row of them.
    pub(super) tags: Vec<String>,
    /// The lines above.
    pub(super) above: Vec<NoteLine>,
    /// The cells of each row of the header, trimmed.
    header_rows: Vec<Vec<String>>,
    /// The usual number of filled cells of a row.
    pub(super) usual_filled: usize,
    /// True if rows may be notes or headers: in JSON each is a record.
    pub(super) has_notes: bool,
    /// The line of another row that looks like the header.
    other_header: Option<u64>,
    /// The lines around the header that may belong to it.
    around: Around,
    /// True if the option names its lines.
    is_named: bool,
}

/// The lines around a header that may belong to it.
#[derive(Debug, Clone, Default)]
struct Around {
    /// The first line above that fills as many columns as a record does, and the number of such lines.
    wide_above: Option<(u64, usize)>,
    /// The line below that has years as a second line of a header does.
    years_below: Option<u64>,
    /// The line below that numbers the columns.
    numbering: Option<NoteLine>,
    /// One that may do so, and may be a record.
    perhaps_numbering: Option<u64>,
}

impl Around {
    fn of(sample: &[Record], lines: &RangeInclusive<u64>, headers: &[String], usual_filled: usize) -> Self {
        let is_wide =
            // A line at the header may be a part of it with fewer names.
            |row: &&Record| row.line < *lines.start()
                && row.filled() > 1
                && (row.filled() * 10 >= usual_filled * 6 || row.next_line == *lines.start());
        let mut wide = sample.iter().filter(is_wide).map(|row| row.line);
        let wide_above = wide.next().map(|first| (first, 1 + wide.count()));
        let below = sample.iter().position(|row| row.line > *lines.end() && row.filled() > 0);
        let years = below.filter(|at| has_years_of_header(&sample[*at], headers, &sample[at + 1..]));
        let numbering = below.and_then(|at| Some((at, numbering(&sample[at], &sample[at + 1..])?)));
        let is_certain = numbering.is_some_and(|(_, found)| found == Numbering::Certain);
        Self {
            wide_above,
            years_below: years.map(|at| sample[at].line),
            numbering: numbering.filter(|_| is_certain).map(|(at, _)| note(&sample[at])),
            perhaps_numbering: numbering.filter(|_| !is_certain).map(|(at, _)| sample[at].line),
        }
    }
}

/// The header among the rows once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HeaderAgain {
    /// The first name that is another, with the one in its place.
    pub(super) other: Option<(String, String)>,
}

/// True for a row of tags below a header, as humanitarian data have it: `#country,#value+usd`.
fn is_tags(row: &Record) -> bool {
    let mut cells = row.cells().map(numeric::trim).filter(|cell| !cell.is_empty()).peekable();
    cells.peek().is_some()
        && cells.all(|cell| cell.starts_with('#') && cell[1..].starts_with(|c: char| c.is_alphabetic()))
}

impl Layout {
    /// Finds the header of a table, or reads it from the lines that the option names.
    ///
    /// # Errors
    /// The file can't be read; it has no row; no row can be its header.
    pub(super) fn find(
        file: &ImportFile,
        records: &mut dyn Records,
        wanted: Option<RangeInclusive<u64>>,
        has_notes: bool,
    ) -> Result<Self, Error> {
        let sample = sample(records)?;
        if sample.iter().all(|row| row.filled() == 0) {
            return Err(file.broken(None, "it has no rows", "is it the right file?"));
        }
        let widths: Vec<usize> = sample.iter().map(Record::len).collect();
        let filled: Vec<usize> = sample.iter().map(Record::filled).filter(|filled| *filled > 0).collect();
        let usual_width = usual(&widths).map_or(1, |(width, _)| width);
        let usual_filled = usual(&filled).map_or(1, |(filled, _)| filled);
        let found = || {
            let first = sample.iter().position(|row| is_header(row, usual_width));
            let found = first.map(|first| below_title(&sample[first..], usual_width, usual_filled));
            let help = "say which line it is by `--header-row N`, or `--header-row A-B` where it has several";
            let message = no_header(&sample, usual_width);
            let (line, other) = found.ok_or_else(|| file.asked(None, &message, help, header_question(&sample)))?;
            Ok::<_, Error>((line..=line, other))
        };
        let is_named = wanted.is_some();
        let (mut lines, other_header) = wanted.map_or_else(found, |lines| Ok((lines, None)))?;
        let rows: Vec<&Record> = sample.iter().filter(|row| lines.contains(&row.line)).collect();
        if rows.is_empty() {
            let help = "name the line of its column names by `--header-row`";
            return Err(file.undecided(None, &format!("nothing is written on line {}", lines.start()), help));
        }
        let mut above: Vec<NoteLine> =
            sample.iter().filter(|row| row.line < *lines.start() && row.filled() > 0).map(note).collect();
        let header_rows = rows.iter().map(|row| trimmed(row)).collect();
        let headers = headers(&rows);
        let around = if has_notes { Around::of(&sample, &lines, &headers, usual_filled) } else { Around::default() };
        if let Some(numbering) = &around.numbering {
            lines = *lines.start()..=numbering.line;
            above.push(numbering.clone());
        }
        let mut tagged = Vec::new();
        if let Some(tags) = sample.iter().find(|row| row.line > *lines.end()).filter(|row| is_tags(row)) {
            above.push(note(tags));
            tagged = trimmed(tags);
            lines = *lines.start()..=tags.line;
        }
        Ok(Self {
            headers,
            header_lines: lines,
            tags: tagged,
            above,
            header_rows,
            usual_filled,
            has_notes,
            other_header,
            around,
            is_named,
        })
    }

    /// The remark on the row that numbers the columns.
    pub(super) fn numbering_remark(&self) -> Option<String> {
        let line = self.around.numbering.as_ref()?.line;
        Some(format!("line {line} numbers the columns, and is no record"))
    }

    /// The doubts about a header that nobody has named: it may be another row, and it may say the same of several columns.
    pub(super) fn doubt(&self) -> Vec<String> {
        if self.is_named {
            return Vec::new();
        }
        let line = self.header_lines.start();
        let other = self.other_header.map(|other| {
            format!(
                "line {line} is taken for the header, not line {other}, which looks like one: `--header-row` says which"
            )
        });
        let wide = self.around.wide_above.filter(|_| other.is_none()).map(|(first, count)| {
            let lines = if count == 1 { format!("line {first} fills") } else { format!("{count} lines, from line {first} on, fill") };
            format!(
                "line {line} is taken for the header, and above it {lines} as many columns as a record: `--header-row {first}-{line}` takes \
                 a header of several lines, `--header-row {line}` this one"
            )
        });
        let years = self.around.years_below.map(|second| {
            format!(
                "line {second} has years where the rows below have other numbers: `--header-row {line}-{second}` takes it into the header, \
                 `--header-row {second}` for all of it"
            )
        });
        let numbering = self.around.perhaps_numbering.map(|second| {
            format!(
                "line {second} may number the columns: `--header-row {line}-{second}` takes it for that, `--header-row {line}` for a record"
            )
        });
        let alike = self.alike().map(|alike| format!("{alike}: `--header-row {line}` takes them so without a doubt"));
        other.into_iter().chain(wide).chain(years).chain(numbering).chain(alike).collect()
    }

    /// The first header that stands over several columns, with their names.
    fn alike(&self) -> Option<String> {
        let bases: Vec<String> = self.headers.iter().map(|header| header::snake_case(header)).collect();
        let first = &bases[repeated(&bases)?];
        let places: Vec<usize> = (0..bases.len()).filter(|at| bases[*at] == *first).collect();
        let names = header::names(&self.headers);
        let named: Vec<String> = places.iter().map(|at| format!("`{}`", names[*at])).collect();
        let (header, count) = (&self.headers[places[0]], places.len());
        Some(format!("`{header}` stands over {count} columns, from left to right {}", named.join(", ")))
    }

    /// The row of the header that a row is once more, perhaps with other names for some columns: seven tenths of the names are in their
    /// columns, at least two of them or all. A year in the column of another counts for one, but not alone.
    pub(super) fn repeated_by(&self, row: &Record) -> Option<HeaderAgain> {
        self.header_rows.iter().find_map(|names| {
            let (mut all, mut equal, mut years, mut other) = (0, 0, 0, None);
            for (at, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
                all += 1;
                let cell = numeric::trim(row.cell(at));
                match cell {
                    _ if cell.eq_ignore_ascii_case(name) => equal += 1,
                    _ if numeric::is_year(cell) && numeric::is_year(name) => years += 1,
                    _ => {}
                }
                if other.is_none() && !cell.is_empty() && !is_same_name(cell, name) {
                    other = Some(at);
                }
                // Of a row of data hardly a cell is like a header.
                if all >= 4 && equal + years == 0 {
                    return None;
                }
            }
            let alike = equal + if equal > 0 { years } else { 0 };
            let is_again = all > 0 && (alike == all || alike >= 2 && alike * 10 >= all * 7);
            let renamed = |at: usize| (names[at].clone(), numeric::trim(row.cell(at)).to_owned());
            is_again.then(|| HeaderAgain { other: other.map(renamed) })
        })
    }
}

/// True if two names of a column are the same, but for a mark without letters behind one: `n` and `n (2)`.
fn is_same_name(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let Some((start, rest)) = long.split_at_checked(short.len()) else { return false };
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    start.eq_ignore_ascii_case(short) && digits < 2 && !rest.contains(char::is_alphabetic)
}

/// The question for the line of the header, with the first rows to choose from.
fn header_question(sample: &[Record]) -> Question {
    let rows = sample.iter().filter(|row| row.filled() > 0).take(MAX_CHOICES).map(note);
    let choices = rows.map(|row| Choice {
        label: format!("line {}: {}", row.line, row.text.chars().take(SHOWN_CHARS).collect::<String>()),
        value: row.line.to_string(),
    });
    Question {
        option: AskedOption::HeaderRow,
        column: None,
        cells: Vec::new(),
        choices: choices.collect(),
        takes_text: true,
    }
}

/// The first of some texts that has stood before, but for empty ones.
fn repeated<T: AsRef<str>>(texts: &[T]) -> Option<usize> {
    let mut seen = BTreeSet::new();
    texts.iter().map(AsRef::as_ref).position(|text| !text.is_empty() && !seen.insert(text))
}

/// The message that no row can be a header: the first line may have been one, but for the names in it that are repeated.
fn no_header(sample: &[Record], usual_width: usize) -> String {
    let first = sample.iter().find(|row| row.filled() > 0);
    let cells: Vec<&str> = first.iter().flat_map(|row| row.cells()).map(numeric::trim).collect();
    let twice = repeated(&cells).map(|at| cells[at]);
    match first.zip(twice).filter(|(row, _)| has_names(row, usual_width)) {
        Some((row, twice)) => format!("line {} may be the header, and has `{twice}` more than once", row.line),
        None => "no row looks like the header of its columns".to_owned(),
    }
}

/// True for a row that can be a header: one of names, seven tenths of which differ.
fn is_header(row: &Record, usual_width: usize) -> bool {
    let cells: Vec<&str> = row.cells().map(numeric::trim).filter(|cell| !cell.is_empty()).collect();
    let different = cells.iter().collect::<BTreeSet<_>>().len();
    has_names(row, usual_width) && different * 10 >= cells.len() * 7
}

/// True for a row of names: filled to six tenths of the usual width, nine tenths of it text (a year is one).
fn has_names(row: &Record, usual_width: usize) -> bool {
    let cells: Vec<&str> = row.cells().map(numeric::trim).filter(|cell| !cell.is_empty()).collect();
    let texts = cells.iter().filter(|cell| is_name(cell)).count();
    cells.len() * 10 >= usual_width * 6 && texts * 10 >= cells.len() * 9 && !cells.is_empty()
}

/// The line of the header of rows that begin with what can be one, and the line of another that looks like one. The first may be a title
/// over several cells: then text with fewer cells goes on below it, and a fuller row of names follows, with numbers or dates below those.
/// So may records of text below a header that lacks a name; but a name is beside the next, and a title leaves cells free between its words.
fn below_title(rows: &[Record], usual_width: usize, usual_filled: usize) -> (u64, Option<u64>) {
    let first = &rows[0];
    let has_number = |row: &Record| {
        let is_number = |cell: &str| date::is_iso(cell) || !is_name(cell);
        row.cells().map(numeric::trim).any(is_number)
    };
    let mut has_text_below = false;
    for (at, row) in rows.iter().enumerate().skip(1).take_while(|(_, row)| !has_number(row)) {
        let is_full = row.filled() > first.filled() && row.filled() >= usual_filled && is_header(row, usual_width);
        let has_mark = row.cells().any(|cell| marks::reason(numeric::trim(cell)).is_some());
        if is_full {
            // A first row that is as full as most others lacks no name.
            let is_found = has_text_below
                && !has_mark
                && first.filled() < usual_filled
                && rows.get(at + 1).is_some_and(has_number);
            return match (is_found, has_gap(first)) {
                (true, true) => (row.line, Some(first.line)),
                (true, false) => (first.line, Some(row.line)),
                (false, _) => (first.line, None),
            };
        }
        has_text_below |= row.filled() > 0 && !is_header(row, usual_width);
    }
    (first.line, None)
}

/// True for a row with a blank cell between two filled ones.
fn has_gap(row: &Record) -> bool {
    let is_filled = |at: &usize| !numeric::trim(row.cell(*at)).is_empty();
    let first = (0..row.len()).find(is_filled);
    let last = (0..row.len()).rfind(is_filled);
    first.zip(last).is_some_and(|(first, last)| last - first >= row.filled())
}

/// True for a cell that may be the name of a column: no number but a year, or a scale or year beside a currency, `£000`, `EUR 2021`.
fn is_name(cell: &str) -> bool {
    let is_of_unit = |cell: &str| {
        let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
        digits.len() > 2 && digits.bytes().all(|byte| byte == b'0') || digits == "1000" || numeric::is_year(&digits)
    };
    is_year(cell) || numeric::parse(cell).is_none_or(|read| !read.affix.is_empty() && is_of_unit(cell))
}

/// True for a year, perhaps with a footnote behind it.
fn is_year(cell: &str) -> bool {
    numeric::is_year(cell.trim_end_matches(['*', '†', ' ']))
}

/// The header of each column from the rows of a header. In all rows but the last, a cell without text has that on its left.
fn headers(rows: &[&Record]) -> Vec<String> {
    let width = rows.iter().map(|row| row.len()).max().unwrap_or_default();
    // The numbers of columns are no part of their names.
    let named: Vec<&&Record> = rows.iter().filter(|row| !is_sequence(row)).collect();
    let rows = if named.is_empty() { rows.iter().collect() } else { named };
    let mut parts = vec![Vec::new(); width];
    for (at, row) in rows.iter().enumerate() {
        let mut group = "";
        for (column, parts) in parts.iter_mut().enumerate() {
            let cell = numeric::trim(row.cell(column));
            if !cell.is_empty() || at + 1 == rows.len() {
                group = cell;
            }
            if !group.is_empty() && parts.last() != Some(&group) {
                parts.push(group);
            }
        }
    }
    let joined = parts.into_iter().map(|parts| parts.join(" / "));
    joined.map(|header| header.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// The rows at the beginning.
fn sample(records: &mut dyn Records) -> Result<Vec<Record>, Error> {
    let (mut sample, mut record) = (Vec::new(), Record::default());
    while sample.len() < SAMPLE_ROWS && records.read(&mut record)? {
        sample.push(record.clone());
    }
    Ok(sample)
}

/// The cells of a row without the blanks around them.
fn trimmed(row: &Record) -> Vec<String> {
    row.cells().map(|cell| numeric::trim(cell).to_owned()).collect()
}

/// The text of a row that is no record.
pub(super) fn note(row: &Record) -> NoteLine {
    let cells: Vec<&str> = row.cells().map(numeric::trim).filter(|cell| !cell.is_empty()).collect();
    NoteLine { line: row.line, text: cells.join(" · ") }
}
