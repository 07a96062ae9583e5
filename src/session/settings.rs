//! Settings of a session, from the command line, the config file, or a command; the limits of an answer are among
//! them. One table lists the settings; `.show`, the commands that set them and the config file are made from it.

use super::Session;
use crate::error::{Error, Limit, LimitSpec, suggest::nearest, usage_error};
use crate::quantity::digits::MAX_FIGURES;
use crate::quantity::{Digits, Scale, human};
use crate::script;
use crate::sql::Output;
use crate::store::{Book, Limits, fixed_bounds};
use crate::table::{Format, Places, Style};
use crate::terminal::{self, Choice, ColorChoice, EditMode, NoteLevel};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The rows of a long table that a terminal shows unless another number is chosen: a screen for each end.
const DEFAULT_ROWS: usize = 40;

/// The settings of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is a switch of its own
pub struct Settings {
    /// The format of results.
    pub format: Format,
    /// The level of detail under a result.
    pub notes: NoteLevel,
    /// The digits that people see of a number.
    pub digits: Digits,
    /// True if tables and CSV name their columns.
    pub header: bool,
    /// True if CSV and TSV keep a spreadsheet from computing text.
    pub csv_safe: bool,
    /// True if CSV and TSV begin with a byte order mark.
    pub bom: bool,
    /// True if JSON has numbers where a binary number holds a quantity's exactly.
    pub json_numbers: bool,
    /// The most rows of a table that a terminal shows, half from each end; 0 for all.
    pub rows: usize,
    /// The text for NULL in formats for people.
    pub null_text: String,
    /// The condition for coloured output.
    pub color: ColorChoice,
    /// True if the time of each answer is reported.
    pub timer: bool,
    /// True if each statement is reported as SQLite runs it.
    pub echo_sql: bool,
    /// The program that shows an answer longer than the screen: `auto`, `off`, or its command line.
    pub pager: String,
    /// The keys by which an entry is edited.
    pub edit_mode: EditMode,
    /// True if results go to a terminal: a pipe and a file get every row.
    pub to_terminal: bool,
    /// The columns of the terminal that tables are wrapped to; `None` without a terminal.
    pub width: Option<usize>,
    /// The limits of an answer.
    pub limits: Limits,
    /// True if input is untrusted: it reads no file, and its control characters are escaped.
    pub is_sandboxed: bool,
    /// True if results are coloured: the value of `color` for their destination.
    pub use_color: bool,
    /// True if the last result is kept for `last` and `.why`.
    pub keep_last: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            format: Format::Table,
            notes: NoteLevel::Brief,
            digits: Digits::default(),
            header: true,
            csv_safe: false,
            bom: false,
            json_numbers: false,
            rows: DEFAULT_ROWS,
            null_text: "NULL".to_owned(),
            color: ColorChoice::Auto,
            timer: false,
            echo_sql: false,
            pager: "auto".to_owned(),
            edit_mode: EditMode::Emacs,
            to_terminal: false,
            width: None,
            limits: Limits::DEFAULT,
            is_sandboxed: false,
            use_color: false,
            keep_last: true,
        }
    }
}

/// A row of the table of settings.
#[derive(Clone, Copy)]
pub struct Setting {
    /// Its name: that of its command without the dot, and its key in the config file.
    pub name: &'static str,
    /// Its effect, as a sentence for the config file.
    pub meaning: &'static str,
    /// Its values; none where it takes any text.
    pub values: fn() -> Vec<&'static str>,
    kind: SettingKind,
}

/// The kind of a setting: a choice with a value of its own, or a limit.
#[derive(Clone, Copy)]
enum SettingKind {
    Choice { get: fn(&Settings) -> String, set: fn(&mut Settings, &str) -> bool },
    Limit(Limit),
}

const fn limit_setting(limit: Limit) -> Setting {
    Setting {
        name: limit.spec().setting,
        meaning: limit.spec().description,
        values: Vec::new,
        kind: SettingKind::Limit(limit),
    }
}

/// Every setting, in the order of `.show`: the choices, then the limits.
pub const SETTINGS: [Setting; CHOICES.len() + Limit::ALL.len()] = {
    let (mut all, mut at) = ([CHOICES[0]; CHOICES.len() + Limit::ALL.len()], 0);
    while at < all.len() {
        all[at] = if at < CHOICES.len() { CHOICES[at] } else { limit_setting(Limit::ALL[at - CHOICES.len()]) };
        at += 1;
    }
    all
};

/// A setting whose values are the words of a type.
macro_rules! choice {
    ($name:literal, $meaning:literal, $field:ident: $words:ty) => {
        Setting {
            name: $name,
            meaning: $meaning,
            values: <$words>::names,
            kind: SettingKind::Choice {
                get: |settings| settings.$field.name().to_owned(),
                set: |settings, word| assign(&mut settings.$field, <$words>::from_name(word)),
            },
        }
    };
}

/// The settings that are no limits.
const CHOICES: [Setting; 13] = [
    choice!("mode", "How results are written", format: Format),
    choice!("notes", "Notes under a result: a line a fact, all that the book has, nothing", notes: NoteLevel),
    choice!("headers", "Whether results name their columns", header: bool),
    Setting {
        name: "scale",
        meaning: "Money in tables in thousands, millions or billions; off is in its unit, and machine formats have every digit",
        values: <Option<Scale>>::names,
        kind: SettingKind::Choice {
            get: |settings| settings.digits.scale.name().to_owned(),
            set: |settings, word| assign(&mut settings.digits.scale, <Option<Scale>>::from_name(word)),
        },
    },
    Setting {
        name: "significant",
        meaning: "How many significant figures of a number tables show, from 1 to 28; off is all of them",
        values: Vec::new,
        kind: SettingKind::Choice {
            get: |settings| settings.digits.significant.map_or("off".to_owned(), |figures| figures.to_string()),
            set: set_significant,
        },
    },
    Setting {
        name: "rows",
        meaning: "How many rows of a long table a terminal shows, half from each end; 0 is all, as a pipe and a file get",
        values: Vec::new,
        kind: SettingKind::Choice {
            get: |settings| settings.rows.to_string(),
            set: |settings, word| assign(&mut settings.rows, word.replace(['_', ','], "").parse().ok()),
        },
    },
    Setting {
        name: "nullvalue",
        meaning: "Text for NULL in tables",
        values: Vec::new,
        kind: SettingKind::Choice {
            get: |settings| settings.null_text.clone(),
            set: |settings, word| assign(&mut settings.null_text, Some(word.to_owned())),
        },
    },
    choice!("json_numbers", "Whether JSON has a quantity's number as a number, where a double keeps its digits", json_numbers: bool),
    choice!("timer", "Whether each answer says how long it took", timer: bool),
    choice!("sql", "Whether each answer says which SQL ran: that of a statement on quantities calls functions", echo_sql: bool),
    choice!("color", "Use of colour; auto follows the terminal and NO_COLOR", color: ColorChoice),
    Setting {
        name: "pager",
        meaning: "What shows an answer that is longer than the screen: auto ($PAGER, or less), off, or a command line",
        values: Vec::new,
        kind: SettingKind::Choice {
            get: |settings| settings.pager.clone(),
            set: |settings, word| {
                assign(&mut settings.pager, Some(word.to_owned()).filter(|word| !word.trim().is_empty()))
            },
        },
    },
    choice!("keys", "The keys by which an entry is edited", edit_mode: EditMode),
];

/// Sets the number of significant figures; `off` is all.
fn set_significant(settings: &mut Settings, word: &str) -> bool {
    let figures = word.parse().ok().filter(|figures| (1..=MAX_FIGURES).contains(figures));
    let is_read = word == "off" || figures.is_some();
    if is_read {
        settings.digits.significant = figures;
    }
    is_read
}

/// Assigns a value that could be parsed; true if there was one.
fn assign<T>(place: &mut T, value: Option<T>) -> bool {
    let is_read = value.is_some();
    if let Some(value) = value {
        *place = value;
    }
    is_read
}

impl Setting {
    /// The command that shows it, and with a value sets it.
    pub fn command(&self) -> String {
        self.limit().map_or_else(|| format!(".{}", self.name), |limit| format!(".limits {}", limit.spec().name))
    }

    /// The limit that it sets; `None` where it sets none.
    pub fn limit(&self) -> Option<Limit> {
        match self.kind {
            SettingKind::Limit(limit) => Some(limit),
            SettingKind::Choice { .. } => None,
        }
    }

    fn get(&self, settings: &Settings) -> String {
        match &self.kind {
            SettingKind::Choice { get, .. } => get(settings),
            SettingKind::Limit(limit) => settings.limits.most(*limit).to_string(),
        }
    }

    /// Sets it; true if the word is a value of it.
    fn set(&self, settings: &mut Settings, word: &str) -> bool {
        match &self.kind {
            SettingKind::Choice { set, .. } => set(settings, word),
            SettingKind::Limit(limit) => {
                let limits = limit.parse(word).map(|most| settings.limits.with(*limit, most));
                assign(&mut settings.limits, limits)
            }
        }
    }
}

impl Settings {
    /// Sets the setting `name`.
    ///
    /// # Errors
    /// No setting has the name, or it does not take the value.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else {
            let near = nearest(name, SETTINGS.iter().map(|setting| setting.name));
            let help =
                near.map_or("`pledgebook config` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
            return Err(usage_error(&format!("there is no setting `{name}`"), &help));
        };
        if setting.set(self, value) {
            return Ok(());
        }
        if let Some(hint) = terminal::format_hint(value).filter(|_| name == "mode") {
            return Err(usage_error(&format!("`{name}` can't be `{value}`"), hint));
        }
        let help = match (setting.values)().join(", ") {
            values if values.is_empty() => match setting.limit() {
                Some(limit) => format!("it is {}", limit.describe_values()),
                None => format!("write `.{name} {}`", terminal::value_placeholder(name)),
            },
            values => format!("choose one of {values}"),
        };
        Err(usage_error(&format!("`{name}` can't be `{value}`"), &help))
    }

    /// The value of the setting `name`, as it would be set; empty where there is no such setting.
    pub fn value(&self, name: &str) -> String {
        SETTINGS.iter().find(|setting| setting.name == name).map(|setting| setting.get(self)).unwrap_or_default()
    }

    /// Every setting with its value, a line each.
    pub(super) fn list_text(&self) -> String {
        let others = SETTINGS.iter().filter(|setting| setting.limit().is_none());
        let width = SETTINGS.iter().filter(|setting| setting.limit().is_none()).map(|setting| setting.name.len()).max();
        let width = width.unwrap_or_default();
        let lines = others.map(|setting| format!("{:width$} {}", setting.name, setting.get(self)));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The same for a file of a format: nothing of the screen bears on it.
    #[must_use]
    pub fn of_file(&self, format: Format) -> Self {
        Self { format, width: None, to_terminal: false, use_color: false, ..self.clone() }
    }

    pub(super) fn style(&self, book: &Rc<Book>, follows_answer: bool) -> Style {
        let book = Rc::clone(book);
        let places = Places::read_by(move || places(&book));
        let (null_text, color) = (self.null_text.clone(), self.use_color);
        let (header, csv_safe, bom, json_numbers) = (self.header, self.csv_safe, self.bom, self.json_numbers);
        let rows = Some(self.rows).filter(|rows| self.to_terminal && *rows > 0);
        let (width, digits) = (self.width, self.digits);
        Style { header, null_text, color, rows, width, places, follows_answer, digits, csv_safe, bom, json_numbers }
    }
}

/// The decimal places of the currencies of a book: no other unit defines any, and shows what its values need. Where there is an amount to be
/// shown, its unit has been read.
fn places(book: &Book) -> BTreeMap<String, u32> {
    let Ok(units) = book.units() else { return BTreeMap::new() };
    let currencies = units.codes().filter_map(|code| units.get(code)).filter(|unit| unit.kind == "currency");
    currencies.map(|unit| (unit.code.clone(), unit.places)).collect()
}

/// `.limits`: lists them, or sets one.
pub(super) fn run_limits(session: &mut Session, words: &[String], output: &Output) -> Result<(), Error> {
    let [name, word] = words else {
        return match words {
            [] => output.say(&session.settings.limits_text()).map_err(Error::from),
            _ => Err(usage_error("`.limits` takes a name and a number", "as `.limits time 60`")),
        };
    };
    let Some(limit) = Limit::from_name(name) else {
        let names = Limit::ALL.map(|limit| limit.spec().name).join(", ");
        return Err(usage_error(&format!("there is no limit `{name}`"), &format!("there are {names}")));
    };
    session.refuse_raise(limit, word)?;
    session.settings.set(limit.spec().setting, word)
}

impl Session {
    /// Refuses to raise a limit that can only be lowered.
    fn refuse_raise(&self, limit: Limit, word: &str) -> Result<(), Error> {
        let rises = limit.parse(word).is_some_and(|most| self.settings.limits.would_raise(limit, most));
        if !(rises && limit.is_lower_only()) {
            return Ok(());
        }
        let LimitSpec { name, option, placeholder, .. } = limit.spec();
        let message = format!("the limit of {name} can't be raised while the program runs");
        Err(usage_error(&message, &format!("start it with `--{option} {placeholder}`")))
    }
}

impl Settings {
    /// Every limit with its description, a line each, and the bounds that are fixed.
    fn limits_text(&self) -> String {
        let set = Limit::ALL.map(|limit| {
            let LimitSpec { name, unit, subject, .. } = limit.spec();
            let most = match self.limits.most(limit) {
                0 => "none".to_owned(),
                most => format!("{}{unit}", grouped(most)),
            };
            format!("{name:9}  {most:11}  {subject}")
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
    human::group_digits(number.into(), None)
}
