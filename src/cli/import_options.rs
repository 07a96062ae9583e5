//! The options of `import` as they are typed, and the file of them that repeats an import.

use crate::error::{Error, usage_error};
use crate::import::{ColumnType, DateFormats, DecimalOption, ImportOptions, TotalsOption};
use clap::Args;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The options of `import`, besides its files.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct ImportArguments {
    /// The name of the table; else it is made of the file's.
    #[arg(long = "as", value_name = "NAME")]
    pub(super) name: Option<String>,
    /// The source whose options are taken for the rest; without it the newest with the same header, with `none` none.
    #[arg(long, value_name = "SOURCE|none")]
    like: Option<String>,
    /// The sheet of a workbook, by name or number; `all` takes each as a table of its own.
    #[arg(long, value_name = "NAME|N|all")]
    sheet: Option<String>,
    /// The path of the rows in JSON: '$.data.flows'.
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// The line of the column names, or the lines, as 3-5.
    #[arg(long, value_name = "N|A-B")]
    header_row: Option<String>,
    /// The encoding of the text, as windows-1252.
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// The separator of the cells: one character, or `tab`.
    #[arg(long, value_name = "CHARACTER")]
    separator: Option<String>,
    /// The quote around cells: one character, or none.
    #[arg(long, value_name = "CHARACTER|none")]
    quote: Option<String>,
    /// Takes rows that have fewer or more cells than the header as they are.
    #[arg(long)]
    ragged: bool,
    /// The decimal mark of numbers that can be read in two ways: point or comma.
    #[arg(long, value_name = "MARK", value_parser = decimal)]
    decimal: Option<DecimalOption>,
    /// The unit of a column: amount='EUR million', amount=@currency, amount=none; repeatable.
    #[arg(long, value_name = "COLUMN=UNIT")]
    unit: Vec<String>,
    /// A unit to add to the book, with its kind and name: MGA=currency:ariary, barrel=count:barrel, quarter=time:quarter, permille=ratio:permille; repeatable.
    #[arg(long, value_name = "CODE=KIND:NAME")]
    new_unit: Vec<String>,
    /// The type of a column: id=text, amount=decimal, year=integer, share=real, day=date; repeatable.
    #[arg(long = "type", value_name = "COLUMN=TYPE")]
    types: Vec<String>,
    /// A format of a column of dates: day=%d/%m/%Y; repeatable, also for one column, whose formats are tried in their order.
    #[arg(long, value_name = "COLUMN=FORMAT")]
    date: Vec<String>,
    /// A text that says a number is missing, and why: amount=xxx, amount=secret:withheld; repeatable.
    #[arg(long, value_name = "COLUMN=MARK[:REASON]")]
    missing: Vec<String>,
    /// The lines of the file that are the table, with its header: 10-272, or 10- to the end.
    #[arg(long, value_name = "A-B")]
    lines: Option<String>,
    /// A column whose blank cells mean the text above, as in merged cells; repeatable.
    #[arg(long, value_name = "COLUMN")]
    fill: Vec<String>,
    /// Columns that become rows, as years do: 1960..2023; `--name` and `--value` name what they hold.
    #[arg(long, value_name = "FIRST..LAST")]
    long: Option<String>,
    /// The column that the headers of `--long` become, as year.
    #[arg(long = "name", value_name = "NAME")]
    long_name: Option<String>,
    /// The column that the cells of `--long` become, as gdp.
    #[arg(long = "value", value_name = "NAME", requires = "long")]
    long_value: Option<String>,
    /// Rows that are sums of others: keep looks for none, flag takes a word for enough, drop leaves them out; else those are flagged
    /// whose numbers are exactly a sum.
    #[arg(long, value_name = "HOW", value_parser = totals)]
    totals: Option<TotalsOption>,
    /// The stage of all numbers, as committed, or of each by a column: '@measure', '@measure:Promise=pledged,Paid=disbursed'; none takes
    /// none where a known publisher has a column of them.
    #[arg(long, value_name = "STAGE|@COLUMN|none")]
    stage: Option<String>,
    /// The columns by which a row is known: id, or donor,year.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    key: Vec<String>,
    /// The title of the source.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// The publisher.
    #[arg(long, value_name = "TEXT")]
    publisher: Option<String>,
    /// The address of the source.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The date of publication: 2025-01-31, 2025-01, 2025.
    #[arg(long, value_name = "DATE")]
    published: Option<String>,
    /// The terms under which the source may be used, as 'CC BY 4.0' or their address.
    #[arg(long, value_name = "TEXT")]
    licence: Option<String>,
    /// The source of which the file is a new version, as S2: it takes its name and, unless `--like` says otherwise, its options.
    #[arg(long, value_name = "SOURCE")]
    pub(super) revision_of: Option<String>,
    /// A file of all these options in TOML, as every import prints them.
    #[arg(long = "options", value_name = "FILE")]
    options: Option<PathBuf>,
    /// Ends the import where anything is in doubt.
    #[arg(long)]
    pub(super) strict: bool,
    /// Reports what an import would make, and leaves the book as it is.
    #[arg(long)]
    pub(super) dry_run: bool,
}

fn decimal(word: &str) -> Result<DecimalOption, String> {
    DecimalOption::parse(word).map_err(|_| "it is point or comma".to_owned())
}

fn totals(word: &str) -> Result<TotalsOption, String> {
    match word {
        "keep" => Ok(TotalsOption::Keep),
        "flag" => Ok(TotalsOption::Flag),
        "drop" => Ok(TotalsOption::Drop),
        _ => Err("it is keep, flag or drop".to_owned()),
    }
}

impl ImportArguments {
    /// The options of an import: those of the file, and over them those of the command line.
    pub(super) fn options(&self) -> Result<ImportOptions, Error> {
        let mut options = match &self.options {
            Some(path) => read_options(path)?,
            None => ImportOptions::default(),
        };
        if self.revision_of.is_some() {
            options.revision_of.clone_from(&self.revision_of);
            options.like.clone_from(&self.revision_of);
        }
        let texts = [
            (&self.name, &mut options.name),
            (&self.like, &mut options.like),
            (&self.sheet, &mut options.sheet),
            (&self.path, &mut options.path),
            (&self.header_row, &mut options.header_row),
            (&self.encoding, &mut options.encoding),
            (&self.separator, &mut options.separator),
            (&self.quote, &mut options.quote),
            (&self.title, &mut options.title),
            (&self.publisher, &mut options.publisher),
            (&self.url, &mut options.url),
            (&self.published, &mut options.published),
            (&self.licence, &mut options.licence),
        ];
        for (typed, option) in texts {
            if typed.is_some() {
                option.clone_from(typed);
            }
        }
        options.ragged |= self.ragged;
        options.decimal = self.decimal.or(options.decimal);
        self.add_row_options(&mut options)?;
        self.add_column_options(&mut options)?;
        Ok(options)
    }
}

impl ImportArguments {
    /// Adds the options of single columns.
    fn add_column_options(&self, options: &mut ImportOptions) -> Result<(), Error> {
        for word in &self.unit {
            let (column, unit) = column_value("--unit", word)?;
            options.unit.insert(column, unit);
        }
        for word in &self.new_unit {
            let (code, words) = column_value("--new-unit", word)?;
            options.new_unit.insert(code, words);
        }
        for word in &self.types {
            let (column, kind) = column_value("--type", word)?;
            let kind = match kind.as_str() {
                "integer" => ColumnType::Integer,
                "decimal" => ColumnType::Decimal,
                "real" => ColumnType::Real,
                "date" => ColumnType::Date,
                "text" => ColumnType::Text,
                _ => {
                    let help = "a column is integer, decimal, real, date or text";
                    return Err(usage_error(&format!("`{kind}` is no type"), help));
                }
            };
            options.types.insert(column, kind);
        }
        let mut dates: BTreeMap<String, DateFormats> = BTreeMap::new();
        for word in &self.date {
            let (column, format) = column_value("--date", word)?;
            match dates.get_mut(&column) {
                Some(formats) => formats.push(format),
                None => drop(dates.insert(column, DateFormats::One(format))),
            }
        }
        options.date.extend(dates);
        for word in &self.missing {
            let (column, mark) = column_value("--missing", word)?;
            options.missing.entry(column).or_default().push(mark);
        }
        Ok(())
    }

    /// Adds the options of what the rows are.
    fn add_row_options(&self, options: &mut ImportOptions) -> Result<(), Error> {
        let texts = [
            (&self.lines, &mut options.lines),
            (&self.long, &mut options.long),
            (&self.long_name, &mut options.long_name),
            (&self.long_value, &mut options.long_value),
        ];
        for (typed, option) in texts {
            if typed.is_some() {
                option.clone_from(typed);
            }
        }
        if options.long.is_none() && (self.long_name.is_some() || self.long_value.is_some()) {
            let help =
                "`--name` and `--value` name the columns that `--long FIRST..LAST` makes; `--as NAME` names the table";
            return Err(usage_error("there are no columns that become rows", help));
        }
        for (typed, option) in [(&self.fill, &mut options.fill), (&self.key, &mut options.key)] {
            if !typed.is_empty() {
                option.clone_from(typed);
            }
        }
        options.totals = self.totals.or(options.totals);
        self.stage.iter().try_for_each(|stage| add_stage(stage, options))
    }
}

/// `committed`, `@measure`, or `@measure:Promise=pledged,Paid=disbursed`.
fn add_stage(text: &str, options: &mut ImportOptions) -> Result<(), Error> {
    let (stage, words) = match text.split_once(':').filter(|_| text.starts_with('@')) {
        Some((column, words)) => (column, words),
        None => (text, ""),
    };
    options.stage = Some(stage.to_owned());
    for word in words.split(',').filter(|word| !word.is_empty()) {
        let (word, stage) = word.rsplit_once('=').ok_or_else(|| {
            let help = format!(
                "write `--stage '{stage}:{word}=committed'`; words with commas go into the file of `--options`"
            );
            usage_error(&format!("`{word}` is mapped to no stage"), &help)
        })?;
        options.stages.insert(word.to_owned(), stage.to_owned());
    }
    Ok(())
}

fn column_value(option: &str, word: &str) -> Result<(String, String), Error> {
    let parts = word.split_once('=').filter(|(column, _)| !column.is_empty());
    parts.map(|(column, value)| (column.to_owned(), value.to_owned())).ok_or_else(|| {
        usage_error(&format!("`{option} {word}` names no column"), &format!("write `{option} COLUMN=…`"))
    })
}

fn read_options(path: &Path) -> Result<ImportOptions, Error> {
    let unusable = |why: &dyn std::fmt::Display| {
        usage_error(
            &format!("can't use the options in `{}`: {why}", path.display()),
            "it is a file that an import printed",
        )
    };
    let text = fs::read_to_string(path).map_err(|error| unusable(&error))?;
    toml::from_str(&text).map_err(|error| unusable(&error.message()))
}
