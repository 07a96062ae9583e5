//! The user's own files: the path of the prompt's history, and the settings, a file of `name = value` lines, variables of the
//! environment, and the file that documents them all. Nothing but the prompt reads these, so that an answer in a pipe is the
//! same on every machine; the limits alone hold everywhere.

use crate::error::{Error, Frame, Place, Report, StoreCause, StoreError, usage_error};
use crate::script::library::read_text;
use crate::session::{SETTINGS, Setting, Settings};
use std::path::{Path, PathBuf};
use std::{env, fs};
use toml::de::{DeTable, DeValue};

/// The file that keeps the history: `$PLEDGEBOOK_HISTORY`, or `pledgebook/history` in `$XDG_STATE_HOME`, or in
/// `~/.local/state`. `None` where none of them is known, and where `PLEDGEBOOK_HISTORY` is set to nothing.
pub(super) fn history_path() -> Option<PathBuf> {
    user_file("PLEDGEBOOK_HISTORY", "XDG_STATE_HOME", ".local/state", "history", environment)
}

/// The file of settings: `$PLEDGEBOOK_CONFIG`, or `pledgebook/config.toml` in `$XDG_CONFIG_HOME`, or in `~/.config`.
/// `None` as for the history.
pub(super) fn config_path() -> Option<PathBuf> {
    user_file("PLEDGEBOOK_CONFIG", "XDG_CONFIG_HOME", ".config", "config.toml", environment)
}

/// The directory of copies that can be made again: `pledgebook` in `$XDG_CACHE_HOME`, or in `~/.cache`. `None` where neither is known.
pub(super) fn cache_directory() -> Option<PathBuf> {
    user_file("", "XDG_CACHE_HOME", ".cache", "", environment)
}

/// The path in a variable of the environment.
pub(super) fn environment(name: &str) -> Option<PathBuf> {
    env::var_os(name).map(PathBuf::from)
}

/// The file in the variable `override_variable`, or `pledgebook/NAME` in the directory in `xdg_variable`, or in
/// `home_folder` of the home directory.
fn user_file(
    override_variable: &str,
    xdg_variable: &str,
    home_folder: &str,
    name: &str,
    variable: impl Fn(&str) -> Option<PathBuf>,
) -> Option<PathBuf> {
    if let Some(path) = variable(override_variable) {
        return Some(path).filter(|path| !path.as_os_str().is_empty());
    }
    // A relative directory is to be ignored, by the specification of these variables.
    let absolute = |name| variable(name).filter(|path: &PathBuf| path.is_absolute());
    let directory = absolute(xdg_variable).or_else(|| Some(absolute("HOME")?.join(home_folder)));
    directory.map(|directory| directory.join("pledgebook").join(name))
}

/// The settings that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SettingsScope {
    /// All, for a person at the prompt.
    All,
    /// The limits alone: without a prompt, options alone decide the look of results.
    Limits,
}

impl SettingsScope {
    fn includes(self, name: &str) -> bool {
        self == Self::All || name.starts_with("limit")
    }
}

/// Applies the settings in `scope` of the config file, if there is one, and then of the environment.
///
/// # Errors
/// A file that can't be read, an unknown setting, a wrong value.
pub(super) fn apply(settings: &mut Settings, scope: SettingsScope) -> Result<(), Error> {
    if let Some(path) = config_path().filter(|path| path.exists()) {
        refuse_pipe(&path)?;
        apply_text(settings, scope, &path.display().to_string(), &read_text(&path, settings.limits)?)?;
    }
    apply_variables(settings, scope, |name| env::var(name).ok())
}

/// Returns an error for a pipe: one without a writer would block without end.
fn refuse_pipe(path: &Path) -> Result<(), Error> {
    let is_pipe =
        fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir() && path != Path::new("/dev/null"));
    if !is_pipe {
        return Ok(());
    }
    let cause = StoreCause::CannotReadText("it is a pipe or a device".to_owned());
    Err(StoreError { path: path.to_owned(), cause }.into())
}

/// Applies the text of a config file.
fn apply_text(settings: &mut Settings, scope: SettingsScope, source: &str, text: &str) -> Result<(), Error> {
    let at = |span: std::ops::Range<usize>, report: Report| {
        let place = Place::at_byte(source, text, span.start, span.len());
        Error::Usage(Report { frames: vec![Frame { place, label: None }], ..report })
    };
    let table = DeTable::parse(text).map_err(|error| {
        let message = format!("can't read the settings: {}", error.message());
        let help = Some("a line reads `name = \"value\"`".to_owned());
        at(error.span().unwrap_or_default(), Report::plain(message, help))
    })?;
    for (name, value) in table.get_ref() {
        let setting = SETTINGS.iter().find(|known| known.name == name.get_ref());
        let (word, is_name_wrong) = (setting_text(value.get_ref()), setting.is_none());
        if !scope.includes(name.get_ref()) {
            continue;
        }
        settings.set(name.get_ref(), &word).map_err(|error| {
            let (message, help) = message_and_help(&error);
            at(if is_name_wrong { name.span() } else { value.span() }, Report::plain(message, help))
        })?;
    }
    Ok(())
}

/// The value as the command of the setting takes it: `on` and `off` for a boolean.
fn setting_text(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Boolean(true) => "on".to_owned(),
        DeValue::Boolean(false) => "off".to_owned(),
        DeValue::Integer(number) => number.to_string(),
        other => other.type_str().to_owned(),
    }
}

/// Applies the variables of the environment, as `PLEDGEBOOK_NOTES`.
fn apply_variables(
    settings: &mut Settings,
    scope: SettingsScope,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<(), Error> {
    for Setting { name, .. } in SETTINGS.iter().filter(|setting| scope.includes(setting.name)) {
        let variable_name = variable_name_of(name);
        if let Some(value) = variable(&variable_name) {
            settings.set(name, &value).map_err(|error| {
                let (message, help) = message_and_help(&error);
                usage_error(&format!("in `{variable_name}`: {message}"), &help.unwrap_or_default())
            })?;
        }
    }
    Ok(())
}

/// The message and the help of an error, for a report that adds a place.
fn message_and_help(error: &Error) -> (String, Option<String>) {
    error.report().map(|report| (report.message, report.help)).unwrap_or_default()
}

fn variable_name_of(setting: &str) -> String {
    format!("PLEDGEBOOK_{}", setting.to_uppercase())
}

/// The comment at the start of the documented config file.
const FILE_HEAD: &str = "\
# Settings of the pledgebook prompt, each with its default. To change one, take the `#` away before it.
#
# Keep this as `~/.config/pledgebook/config.toml`, or as the file that `PLEDGEBOOK_CONFIG` names:
#
#     mkdir -p ~/.config/pledgebook
#     pledgebook config > ~/.config/pledgebook/config.toml
#
# A variable of the environment stands above the file, an option of the command line above both, and what is set
# at the prompt above them all. Only the prompt reads this, so that what is asked by `-c`, `run` or a pipe answers the
# same on every machine; the limits hold there too. A sandbox reads none of it.
";

/// A config file that documents every setting and changes none.
pub(super) fn documented_config() -> String {
    let defaults = Settings::default();
    let mut text = FILE_HEAD.to_owned();
    for setting in &SETTINGS {
        let values = (setting.values)().join(", ");
        let values = if values.is_empty() { String::new() } else { format!(" One of {values}.") };
        let (name, value) = (setting.name, defaults.value(setting.name));
        text += &format!(
            "\n# {}.{values}\n# At the prompt `{}`; in the environment `{}`.\n# {name} = {value:?}\n",
            setting.meaning,
            setting.command(),
            variable_name_of(name)
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{SETTINGS, Settings, SettingsScope, apply_text, apply_variables, documented_config, user_file};
    use crate::error::Error;
    use crate::terminal::draw;
    use std::path::{Path, PathBuf};

    fn read(text: &str) -> Result<Settings, String> {
        let mut settings = Settings::default();
        match apply_text(&mut settings, SettingsScope::All, "config.toml", text) {
            Ok(()) => Ok(settings),
            Err(error) => Err(draw(&error.report().unwrap(), false, None)),
        }
    }

    #[test]
    fn a_line_sets_what_a_command_sets() {
        let settings = read("mode = \"csv\"\ntimer = true\nheaders = false\n# a comment\nkeys = \"vi\"").unwrap();
        for (name, value) in [("mode", "csv"), ("timer", "on"), ("headers", "off"), ("keys", "vi"), ("notes", "brief")]
        {
            assert_eq!(settings.value(name), value, "{name}");
        }
    }

    #[test]
    fn an_error_is_shown_in_its_line() {
        assert_eq!(
            read("\nnots = \"full\"").unwrap_err(),
            "error: there is no setting `nots`\n --> config.toml:2:1\n  | nots = \"full\"\n  | ^^^^\n  \
             = help: did you mean `notes`?\n"
        );
        let choice = read("mode = \"xml\"").unwrap_err();
        assert!(
            choice.starts_with(
                "error: `mode` can't be `xml`\n --> config.toml:1:8\n  | mode = \"xml\"\n  |        ^^^^^\n  \
                 = help: choose one of table, csv, tsv, "
            ),
            "{choice}"
        );
        assert!(read("mode = [\"csv\"]").unwrap_err().starts_with("error: `mode` can't be `array`\n"));
        let unread = read("mode csv").unwrap_err();
        assert!(unread.starts_with("error: can't read the settings: "), "{unread}");
        assert!(unread.contains("--> config.toml:1:"), "{unread}");
    }

    #[test]
    fn a_variable_overrides_the_file() {
        let mut settings = read("notes = \"full\"").unwrap();
        let variable = |name: &str| (name == "PLEDGEBOOK_NOTES").then(|| "none".to_owned());
        apply_variables(&mut settings, SettingsScope::All, variable).unwrap();
        assert_eq!(settings.value("notes"), "none");
        let wrong =
            apply_variables(&mut settings, SettingsScope::All, |name| (name == "PLEDGEBOOK_TIMER").then(String::new));
        let Err(Error::Usage(_)) = &wrong else { panic!("{wrong:?}") };
        assert_eq!(wrong.unwrap_err().to_string(), "in `PLEDGEBOOK_TIMER`: `timer` can't be ``");
    }

    #[test]
    fn the_documented_file_names_every_setting_and_sets_none() {
        let text = documented_config();
        assert_eq!(read(&text), Ok(Settings::default()));
        let is_setting = |line: &&str| line.contains(" = ");
        let settings = text.lines().filter_map(|line| line.strip_prefix("# ")).filter(is_setting);
        let uncommented = settings.collect::<Vec<_>>().join("\n");
        assert_eq!(uncommented.lines().count(), SETTINGS.len());
        let set = read(&uncommented).unwrap();
        assert!(SETTINGS.iter().all(|setting| set.value(setting.name) == Settings::default().value(setting.name)));
    }

    fn path(variables: &[(&str, &str)]) -> Option<PathBuf> {
        user_file("PLEDGEBOOK_HISTORY", "XDG_STATE_HOME", ".local/state", "history", |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| PathBuf::from(value))
        })
    }

    #[test]
    fn the_nearest_setting_decides() {
        let home = ("HOME", "/home/a");
        let state = ("XDG_STATE_HOME", "/state");
        assert_eq!(path(&[home]).as_deref(), Some(Path::new("/home/a/.local/state/pledgebook/history")));
        assert_eq!(path(&[home, state]).as_deref(), Some(Path::new("/state/pledgebook/history")));
        assert_eq!(path(&[state, ("PLEDGEBOOK_HISTORY", "h")]).as_deref(), Some(Path::new("h")));
    }

    #[test]
    fn there_may_be_none() {
        assert_eq!(path(&[]), None);
        assert_eq!(path(&[("HOME", "/home/a"), ("PLEDGEBOOK_HISTORY", "")]), None);
        assert_eq!(path(&[("XDG_STATE_HOME", "relative")]), None);
    }
}
