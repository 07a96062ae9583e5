//! The output formats by name and by file ending. What each looks like is in the sinks.

use super::visible::visible;
use crate::error::suggest::nearest;
use std::fmt;
use std::str::FromStr;

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Columns for people: the first and last rows of a long result.
    #[default]
    Table,
    /// Comma-separated, quoted as RFC 4180 says, lines ended by a line feed.
    Csv,
    /// Tab-separated, with tab, line feed and backslash escaped.
    Tsv,
    /// One array of objects a result, on one line.
    Json,
    /// One object a row.
    Jsonl,
    /// A pipe table for documents: every row.
    Markdown,
    /// A `table` element for documents: every row.
    Html,
    /// The columns of a row one below the other, for rows that are too wide.
    Line,
    /// SQL that would store the rows.
    Insert,
}

/// Every format with its name and the ending of its files.
const FORMATS: [(Format, &str, &str); 9] = [
    (Format::Table, "table", "txt"),
    (Format::Csv, "csv", "csv"),
    (Format::Tsv, "tsv", "tsv"),
    (Format::Json, "json", "json"),
    (Format::Jsonl, "jsonl", "jsonl"),
    (Format::Markdown, "markdown", "md"),
    (Format::Html, "html", "html"),
    (Format::Line, "line", "text"),
    (Format::Insert, "insert", "sql"),
];

/// What other shells call them.
const OTHER_NAMES: [(&str, Format); 9] = [
    ("box", Format::Table),
    ("column", Format::Table),
    ("columns", Format::Table),
    ("tabs", Format::Tsv),
    ("ndjson", Format::Jsonl),
    ("md", Format::Markdown),
    ("lines", Format::Line),
    ("vertical", Format::Line),
    ("expanded", Format::Line),
];

impl Format {
    /// The names that `--format` takes, the default first.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FORMATS.iter().map(|(_, name, _)| *name)
    }

    /// The format of a file that ends in `.extension`; letter case does not matter.
    pub fn of_extension(extension: &str) -> Option<Self> {
        FORMATS.iter().find(|(_, _, ending)| ending.eq_ignore_ascii_case(extension)).map(|(format, ..)| *format)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        FORMATS.iter().find(|(format, ..)| *format == self).map_or("table", |(_, name, _)| *name)
    }

    /// Whether a program reads it: what a script prints then goes beside the data, not into it.
    pub fn is_for_machines(self) -> bool {
        !matches!(self, Format::Table | Format::Markdown | Format::Html | Format::Line)
    }
}

/// A name that no format has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFormat {
    name: String,
}

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no format `{}`; ", visible(&self.name))?;
        match nearest(&self.name, Format::names()) {
            Some(near) => write!(f, "did you mean `{near}`?"),
            None => write!(f, "there are {}", Format::names().collect::<Vec<_>>().join(", ")),
        }
    }
}

impl std::error::Error for UnknownFormat {}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let own = FORMATS.iter().find(|(_, known, _)| *known == name).map(|(format, ..)| *format);
        let other = || OTHER_NAMES.iter().find(|(known, _)| *known == name).map(|(_, format)| *format);
        own.or_else(other).ok_or_else(|| UnknownFormat { name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn a_format_is_found_by_name_and_by_ending() {
        assert_eq!("markdown".parse(), Ok(Format::Markdown));
        assert_eq!("column".parse(), Ok(Format::Table));
        assert_eq!(Format::of_extension("JSONL"), Some(Format::Jsonl));
        assert_eq!(Format::of_extension("xlsx"), None);
    }

    #[test]
    fn a_wrong_name_says_which_are_right() {
        let message = |name: &str| name.parse::<Format>().unwrap_err().to_string();
        assert_eq!(message("jsnl"), "there is no format `jsnl`; did you mean `jsonl`?");
        assert_eq!(
            message("xml"),
            "there is no format `xml`; there are table, csv, tsv, json, jsonl, markdown, html, line, insert"
        );
    }
}
