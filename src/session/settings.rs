//! How results look and the prompt behaves: what the command line, the config file, or a command has chosen. One table
//! lists the settings; `.show`, the commands that set them and the config file are made from it.

use super::Depth;
use crate::error::{Error, Limit, suggest::nearest, wrong};
use crate::store::{Book, Limits};
use crate::table::{Format, Places, Style};
use crate::terminal::{self, ColorChoice, EditMode, NOTE_LEVELS, SWITCHES};

/// What stands for NULL in tables unless another text is chosen.
const NULL_TEXT: &str = "NULL";

/// How many rows of a long table a terminal shows unless another number is chosen: a screen for each end.
const ROWS: usize = 40;

/// The settings of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is a switch of its own
pub struct Settings {
    /// The format of results.
    pub format: Format,
    /// How much is said under a result.
    pub notes: Depth,
    /// Whether tables and CSV name their columns.
    pub header: bool,
    /// Whether CSV and TSV keep a spreadsheet from computing what is text.
    pub csv_safe: bool,
    /// How many rows of a long table a terminal shows, half from each end; 0 for all.
    pub rows: usize,
    /// What stands for NULL, where not the format's own.
    pub null_text: Option<String>,
    /// When to use colour.
    pub color: ColorChoice,
    /// Whether each answer says how long it took.
    pub timer: bool,
    /// The program that shows what is longer than the screen: `auto`, `off`, or its command line.
    pub pager: String,
    /// The keys by which an entry is edited.
    pub keys: EditMode,
    /// Whether results go to a terminal: a pipe and a file get every row.
    pub is_at_terminal: bool,
    /// The columns of the terminal that tables keep to; `None` where there is none.
    pub width: Option<usize>,
    /// What an answer may take.
    pub limits: Limits,
    /// Whether a stranger's text is asked: it reads no file, and nothing that it writes reaches the terminal raw.
    pub is_sandboxed: bool,
    /// Whether results are coloured: what `color` comes to where they are written.
    pub paints: bool,
    /// Whether the newest result is kept for `last` and `.why`.
    pub keeps_last: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            format: Format::Table,
            notes: Depth::Brief,
            header: true,
            csv_safe: false,
            rows: ROWS,
            null_text: None,
            color: ColorChoice::Auto,
            timer: false,
            pager: "auto".to_owned(),
            keys: EditMode::Emacs,
            is_at_terminal: false,
            width: None,
            limits: Limits::DEFAULT,
            is_sandboxed: false,
            paints: false,
            keeps_last: true,
        }
    }
}

/// A row of the table of settings.
pub struct Setting {
    /// Its name: that of its command without the dot, and its key in the config file.
    pub name: &'static str,
    /// What it decides, as a sentence for the config file.
    pub meaning: &'static str,
    /// The values that it takes; none where it takes any text.
    pub values: fn() -> Vec<&'static str>,
    is: Is,
}

/// What a setting is: a choice of its own, or a limit.
enum Is {
    Choice { get: fn(&Settings) -> String, set: fn(&mut Settings, &str) -> bool },
    Limit(Limit),
}

/// The setting of a limit.
const fn limited(limit: Limit) -> Setting {
    Setting { name: limit.about().setting, meaning: limit.about().meaning, values: Vec::new, is: Is::Limit(limit) }
}

/// Every setting, in the order of `.show`.
pub const SETTINGS: [Setting; 17] = [
    Setting {
        name: "mode",
        meaning: "How results are written",
        values: || Format::names().collect(),
        is: Is::Choice {
            get: |settings| settings.format.name().to_owned(),
            set: |settings, word| take(&mut settings.format, word.parse().ok()),
        },
    },
    Setting {
        name: "notes",
        meaning: "How much is said under a result: a line a fact, all that the book has, nothing",
        values: || NOTE_LEVELS.to_vec(),
        is: Is::Choice {
            get: |settings| settings.notes.word().to_owned(),
            set: |settings, word| take(&mut settings.notes, Depth::read(word)),
        },
    },
    Setting {
        name: "headers",
        meaning: "Whether results name their columns",
        values: || SWITCHES.to_vec(),
        is: Is::Choice {
            get: |settings| switch(settings.header),
            set: |settings, word| take(&mut settings.header, is_on(word)),
        },
    },
    Setting {
        name: "rows",
        meaning: "How many rows of a long table a terminal shows, half from each end; 0 is all, as a pipe and a file get",
        values: Vec::new,
        is: Is::Choice {
            get: |settings| settings.rows.to_string(),
            set: |settings, word| take(&mut settings.rows, word.replace(['_', ','], "").parse().ok()),
        },
    },
    Setting {
        name: "nullvalue",
        meaning: "What stands for NULL in tables",
        values: Vec::new,
        is: Is::Choice {
            get: |settings| settings.null_text.clone().unwrap_or_else(|| NULL_TEXT.to_owned()),
            set: |settings, word| take(&mut settings.null_text, Some(Some(word.to_owned()))),
        },
    },
    Setting {
        name: "timer",
        meaning: "Whether each answer says how long it took",
        values: || SWITCHES.to_vec(),
        is: Is::Choice {
            get: |settings| switch(settings.timer),
            set: |settings, word| take(&mut settings.timer, is_on(word)),
        },
    },
    Setting {
        name: "color",
        meaning: "When to use colour; auto heeds the terminal and NO_COLOR",
        values: || ColorChoice::WORDS.to_vec(),
        is: Is::Choice {
            get: |settings| settings.color.word().to_owned(),
            set: |settings, word| take(&mut settings.color, ColorChoice::read(word)),
        },
    },
    Setting {
        name: "pager",
        meaning: "What shows an answer that is longer than the screen: auto ($PAGER, or less), off, or a command line",
        values: Vec::new,
        is: Is::Choice {
            get: |settings| settings.pager.clone(),
            set: |settings, word| {
                take(&mut settings.pager, Some(word.to_owned()).filter(|word| !word.trim().is_empty()))
            },
        },
    },
    Setting {
        name: "keys",
        meaning: "The keys by which an entry is edited",
        values: || EditMode::WORDS.to_vec(),
        is: Is::Choice {
            get: |settings| settings.keys.word().to_owned(),
            set: |settings, word| take(&mut settings.keys, EditMode::read(word)),
        },
    },
    limited(Limit::Time),
    limited(Limit::Memory),
    limited(Limit::Rows),
    limited(Limit::Output),
    limited(Limit::Depth),
    limited(Limit::Text),
    limited(Limit::Value),
    limited(Limit::Statement),
];

/// Puts a value that could be read in its place; whether there was one.
fn take<T>(place: &mut T, value: Option<T>) -> bool {
    let is_read = value.is_some();
    if let Some(value) = value {
        *place = value;
    }
    is_read
}

fn switch(is_on: bool) -> String {
    SWITCHES[usize::from(!is_on)].to_owned()
}

fn is_on(word: &str) -> Option<bool> {
    SWITCHES.iter().position(|known| *known == word).map(|at| at == 0)
}

impl Setting {
    /// The command that shows it, and sets it with a value behind.
    #[must_use]
    pub fn command(&self) -> String {
        self.limit().map_or_else(|| format!(".{}", self.name), |limit| format!(".limits {}", limit.about().name))
    }

    /// The limit that it sets; `None` where it sets none.
    #[must_use]
    pub fn limit(&self) -> Option<Limit> {
        match self.is {
            Is::Limit(limit) => Some(limit),
            Is::Choice { .. } => None,
        }
    }

    fn get(&self, settings: &Settings) -> String {
        match &self.is {
            Is::Choice { get, .. } => get(settings),
            Is::Limit(limit) => settings.limits.most(*limit).to_string(),
        }
    }

    /// Sets it; whether it takes the word.
    fn set(&self, settings: &mut Settings, word: &str) -> bool {
        match &self.is {
            Is::Choice { set, .. } => set(settings, word),
            Is::Limit(limit) => {
                let limits = limit.read(word).map(|most| settings.limits.with(*limit, most));
                take(&mut settings.limits, limits)
            }
        }
    }
}

impl Settings {
    /// Sets what is called `name`.
    ///
    /// # Errors
    /// No setting has the name, or it does not take the value.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else {
            let near = nearest(name, SETTINGS.iter().map(|setting| setting.name));
            let cure =
                near.map_or("`pledgebook config` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
            return Err(wrong(&format!("there is no setting `{name}`"), &cure));
        };
        if setting.set(self, value) {
            return Ok(());
        }
        let cure = match (setting.values)().join(", ") {
            values if values.is_empty() => match setting.limit() {
                Some(limit) => format!("it is {}", limit.range()),
                None => format!("write `.{name} {}`", terminal::placeholder(name)),
            },
            values => format!("choose one of {values}"),
        };
        Err(wrong(&format!("`{name}` can't be `{value}`"), &cure))
    }

    /// The value of what is called `name`, as it would be set; empty where no setting has the name.
    #[must_use]
    pub fn value(&self, name: &str) -> String {
        SETTINGS.iter().find(|setting| setting.name == name).map(|setting| setting.get(self)).unwrap_or_default()
    }

    /// Every setting with its value, a line each.
    pub(super) fn in_words(&self) -> String {
        let others = SETTINGS.iter().filter(|setting| setting.limit().is_none());
        let lines = others.map(|setting| format!("{:9} {}", setting.name, setting.get(self)));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The style of results of `book`.
    pub(super) fn style(&self, book: &Book, follows_answer: bool) -> Result<Style, Error> {
        let units = book.units().map_err(|error| book.error(&error))?;
        // Only a currency says how many places are meaningful; other units show what their values need.
        let currencies = units.codes().filter_map(|code| units.get(code)).filter(|unit| unit.kind == "currency");
        let places: Places = currencies.map(|unit| (unit.code.clone(), unit.places)).collect();
        let (null_text, color) = (self.null_text.clone(), self.paints);
        let (header, csv_safe) = (self.header, self.csv_safe);
        let rows = Some(self.rows).filter(|rows| self.is_at_terminal && *rows > 0);
        Ok(Style { header, null_text, color, rows, width: self.width, places, follows_answer, csv_safe })
    }
}
