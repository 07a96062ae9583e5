//! `README.md` of a package: how to read its tables, what is in them, and where it comes from.

use super::columns::PART_MEANINGS;
use super::descriptor::{Package, PackageSource};
use crate::table::visible;
use std::borrow::Cow;

/// The way to read the files, in any tool.
const READING: &str = "\
Each table is a CSV file in UTF-8: commas, quotes as RFC 4180 has them, a first line of names. An empty cell is NULL (blank, or does
not apply); an empty text stands as `\"\"`.

- **pandas**: `pandas.read_csv(\"TABLE.csv\", keep_default_na=False, na_values=[\"\"])`, or `NA` and `None` are read as missing;
  `dtype={\"COLUMN\": str}` for codes such as `00123`. Numbers become binary floats; with `dtype=str` and `decimal.Decimal` they stay exact.
- **R**: `readr::read_csv(\"TABLE.csv\")`, or the package `frictionless`, which takes types and keys from `datapackage.json`.
- **Spreadsheets**: import the file as text rather than open it, or `00123` becomes 123 and some texts become dates.
- **pledgebook**: the whole book, as one file for it and for any SQLite tool, is written by `export FILE.db`.
";

/// The meaning of the columns beside a number.
const NUMBERS: &str = "\
A column of numbers holds plain exact decimals. What else a number says stands in columns beside it, which are there only if some row
has it:
";

impl Package {
    /// The text of `README.md`.
    #[must_use]
    pub fn readme(&self) -> String {
        let mut text = format!("# {}\n\n", one_line(&self.title));
        text.push_str(&format!(
            "A [Frictionless data package](https://datapackage.org), written by {}. `datapackage.json` describes every table and\n\
             column for programs.\n\n## Reading it\n\n{READING}\n## Numbers\n\n{NUMBERS}\n",
            self.generator
        ));
        for (suffix, meaning) in PART_MEANINGS {
            text.push_str(&format!("- `…{suffix}`: {meaning}\n"));
        }
        text.push_str("\nA number that is empty and has no `…_unknown` is NULL. A sum over a column with unknowns is a sum of what is known.\n");
        text.push_str("\n## Tables\n\n");
        for table in &self.tables {
            let rows =
                if table.statistics.rows == 1 { "1 row".to_owned() } else { format!("{} rows", table.statistics.rows) };
            text.push_str(&format!("- `{}.csv`, {rows}: {}\n", table.resource, one_line(&table.statistics.meaning)));
        }
        if !self.empty.is_empty() {
            let names: Vec<String> = self.empty.iter().map(|name| format!("`{}`", one_line(name))).collect();
            text.push_str(&format!("\nWithout rows, and left out: {}.\n", names.join(", ")));
        }
        text.push_str("\n## Sources\n\n");
        self.sources.iter().for_each(|source| text.push_str(&source_line(source)));
        text.push_str("\nThe rights in a source are its publisher's; this package adds none and takes none away.\n");
        text
    }
}

/// A source in a line of a list.
fn source_line(source: &PackageSource) -> String {
    let mut parts = vec![one_line(source.title()).into_owned()];
    for column in ["publisher", "published", "url", "licence"] {
        parts.extend(source.get(column).map(|text| one_line(text).into_owned()));
    }
    parts.extend(source.get("sha256").map(|digest| format!("sha256 `{}`", one_line(digest))));
    format!("- {}: {}\n", one_line(source.get("id").unwrap_or_default()), parts.join("; "))
}

fn one_line(text: &str) -> Cow<'_, str> {
    visible(text)
}
