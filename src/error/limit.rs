//! The limits of an answer: a table of their names, units, ranges and defaults, and the error of a limit that was reached. The values in
//! force are not kept here.

use super::Report;

/// A limited resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Seconds that an answer may take.
    Time,
    /// MiB that the program may allocate.
    Memory,
    /// Rows that an answer may have.
    Rows,
    /// MiB that an answer may write.
    Output,
    /// Calls of scripts and SQL within each other.
    Depth,
    /// MiB of a script, a file of SQL, or what comes from standard input.
    Text,
    /// MiB of a text or blob in SQL.
    Value,
    /// MiB of a statement of SQL.
    Statement,
}

/// The names, unit and range of a limit.
#[derive(Debug)]
pub struct LimitSpec {
    /// The name in `.limits NAME`.
    pub name: &'static str,
    /// The command-line option, without dashes.
    pub option: &'static str,
    /// The name in the config file.
    pub setting: &'static str,
    /// The placeholder for the number in help.
    pub placeholder: &'static str,
    /// The unit as printed after a number, with its leading space.
    pub unit: &'static str,
    /// The description after a number: `600 s  an answer may take`.
    pub subject: &'static str,
    /// The description of the option in help.
    pub description: &'static str,
    /// The largest value; `None` if there is none, in which case 0 means no limit.
    pub ceiling: Option<u64>,
    /// The value unless another is set: more than ordinary work takes.
    pub default: u64,
    /// The value for an untrusted script.
    pub sandbox: u64,
}

/// The deepest level of calls for which a stack is available on every platform.
const MAX_CALLS: u64 = 1_000;

/// SQLite stores no value and parses no statement of more than 1,000,000,000 bytes (`SQLITE_MAX_LENGTH`), in MiB.
const MAX_MIB: u64 = 953;

/// One row for each [`Limit`], in the order of its variants.
static TABLE: [LimitSpec; 8] = [
    LimitSpec {
        name: "time",
        option: "limit-time",
        setting: "limit_time",
        placeholder: "SECONDS",
        unit: " s",
        subject: "an answer may take",
        description: "Seconds that an answer may take; 0 sets no limit",
        ceiling: None,
        default: 600,
        sandbox: 1,
    },
    LimitSpec {
        name: "memory",
        option: "limit-memory",
        setting: "limit_memory",
        placeholder: "MIB",
        unit: " MiB",
        subject: "the program may hold",
        description: "MiB that the program may hold; 0 sets no limit",
        ceiling: None,
        default: 2_048,
        sandbox: 64,
    },
    LimitSpec {
        name: "rows",
        option: "limit-rows",
        setting: "limit_rows",
        placeholder: "ROWS",
        unit: "",
        subject: "an answer may have",
        description: "Rows that an answer may have; 0 sets no limit",
        ceiling: None,
        default: 100_000_000,
        sandbox: 100_000,
    },
    LimitSpec {
        name: "output",
        option: "limit-output",
        setting: "limit_output",
        placeholder: "MIB",
        unit: " MiB",
        subject: "an answer may write",
        description: "MiB that an answer may write; 0 sets no limit",
        ceiling: None,
        default: 16_384,
        sandbox: 1,
    },
    LimitSpec {
        name: "depth",
        option: "limit-depth",
        setting: "limit_depth",
        placeholder: "CALLS",
        unit: " calls",
        subject: "scripts and SQL may be within each other",
        description: "Calls that scripts and SQL may be within each other; at most 1,000",
        ceiling: Some(MAX_CALLS),
        default: 64,
        sandbox: 64,
    },
    LimitSpec {
        name: "text",
        option: "limit-text",
        setting: "limit_text",
        placeholder: "MIB",
        unit: " MiB",
        subject: "a script, a file of SQL or standard input may have",
        description: "MiB that a script, a file of SQL or standard input may have; 0 sets no limit",
        ceiling: None,
        default: 64,
        sandbox: 1,
    },
    LimitSpec {
        name: "value",
        option: "limit-value",
        setting: "limit_value",
        placeholder: "MIB",
        unit: " MiB",
        subject: "a text in SQL may have",
        description: "MiB that a text in SQL may have; at most 953",
        ceiling: Some(MAX_MIB),
        default: 64,
        sandbox: 16,
    },
    LimitSpec {
        name: "statement",
        option: "limit-statement",
        setting: "limit_statement",
        placeholder: "MIB",
        unit: " MiB",
        subject: "a statement of SQL may have",
        description: "MiB that a statement of SQL may have; at most 953",
        ceiling: Some(MAX_MIB),
        default: 1,
        sandbox: 1,
    },
];

impl Limit {
    /// Every limit, in the order of printing.
    pub const ALL: [Limit; TABLE.len()] = [
        Limit::Time,
        Limit::Memory,
        Limit::Rows,
        Limit::Output,
        Limit::Depth,
        Limit::Text,
        Limit::Value,
        Limit::Statement,
    ];

    /// The names, unit and range.
    #[must_use]
    pub const fn spec(self) -> &'static LimitSpec {
        &TABLE[self as usize]
    }

    /// The limit of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|limit| limit.spec().name == name)
    }

    /// True if it can only be lowered while the program runs: SQLite's heap limit can't be raised, and the size of the stack is
    /// fixed.
    #[must_use]
    pub fn is_lower_only(self) -> bool {
        matches!(self, Limit::Memory | Limit::Depth)
    }

    /// Parses a value, as `1_200`; `None` if it is no number or out of range.
    #[must_use]
    pub fn parse(self, word: &str) -> Option<u64> {
        let most: u64 = word.replace(['_', ','], "").parse().ok()?;
        self.spec().ceiling.is_none_or(|ceiling| (1..=ceiling).contains(&most)).then_some(most)
    }

    /// Describes the values that it takes.
    #[must_use]
    pub fn describe_values(self) -> String {
        match self.spec().ceiling {
            Some(most) => format!("a whole number from 1 to {most}"),
            None => "a whole number; 0 is none".to_owned(),
        }
    }

    /// The help on setting another value.
    #[must_use]
    pub fn help(self) -> String {
        let LimitSpec { name, option, placeholder, ceiling, .. } = self.spec();
        let range = if ceiling.is_some() { "" } else { ", 0 none" };
        if self.is_lower_only() {
            return format!("`--{option} {placeholder}` sets another{range}, when the program starts");
        }
        format!("`--{option} {placeholder}` or `.limits {name} {placeholder}` sets another{range}")
    }
}

/// A limit that stopped an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitError {
    /// The limit.
    pub limit: Limit,
    /// Its value, in its own unit.
    pub most: u64,
    /// True if the output format keeps all rows in memory until the last one.
    pub holds_rows: bool,
}

impl LimitError {
    pub(super) fn report(&self) -> Report {
        let help = match self.limit {
            Limit::Memory if self.holds_rows => {
                format!("`--format csv` writes rows as they come; {}", self.limit.help())
            }
            limit => limit.help(),
        };
        Report::plain(self.message(), Some(help))
    }

    /// The message, without help.
    pub(crate) fn message(&self) -> String {
        let LimitSpec { name, unit, .. } = self.limit.spec();
        let word = if self.limit == Limit::Memory { "beyond" } else { "after" };
        let unit = if unit.is_empty() { format!(" {name}") } else { (*unit).to_owned() };
        format!("stopped {word} {}{unit}, the limit of {name}", self.most)
    }
}

/// Rows of an imported table on a server that are more than an answer may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooManyRows {
    /// Their number in words.
    pub rows: String,
    /// The imported table.
    pub table: String,
    /// The limit.
    pub most: u64,
    /// The address of the book.
    pub address: String,
}

impl TooManyRows {
    pub(super) fn report(&self) -> Report {
        let Self { rows, table, most, address } = self;
        let option = Limit::Rows.spec().option;
        Report::plain(
            format!("this would copy {rows} of `{table}` from the server, and an answer may have {most}"),
            Some(format!(
                "`pledgebook {address} pull mine.db` writes them into a file to ask; `--{option} N` raises the limit"
            )),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Limit, TABLE};

    #[test]
    fn each_limit_is_what_its_row_says() {
        for (limit, about) in Limit::ALL.into_iter().zip(&TABLE) {
            assert_eq!(limit.spec().name, about.name);
            assert_eq!(format!("{limit:?}").to_lowercase(), about.name);
            assert_eq!(Limit::from_name(about.name), Some(limit));
            assert_eq!(about.option, format!("limit-{}", about.name));
            assert_eq!(about.setting, format!("limit_{}", about.name));
        }
    }

    #[test]
    fn a_number_is_taken_up_to_the_ceiling() {
        assert_eq!(Limit::Time.parse("1_200"), Some(1_200));
        assert_eq!(Limit::Time.parse("0"), Some(0));
        assert_eq!(Limit::Depth.parse("1000"), Some(1_000));
        for word in ["0", "1001", "-1", "", "many", "18446744073709551616"] {
            assert_eq!(Limit::Depth.parse(word), None, "{word}");
        }
    }
}
