//! Paths of the user's own files: the history of the prompt and the settings. It reads neither.

use std::env;
use std::path::PathBuf;

/// The file that keeps the history: `$PLEDGEBOOK_HISTORY`, or `pledgebook/history` in `$XDG_STATE_HOME`, or in
/// `~/.local/state`. `None` where none of them is known, and where `PLEDGEBOOK_HISTORY` is set to nothing.
pub fn history_path() -> Option<PathBuf> {
    resolve("PLEDGEBOOK_HISTORY", "XDG_STATE_HOME", ".local/state", "history", environment)
}

/// The file of settings: `$PLEDGEBOOK_CONFIG`, or `pledgebook/config.toml` in `$XDG_CONFIG_HOME`, or in `~/.config`.
/// `None` as for the history.
pub fn config_path() -> Option<PathBuf> {
    resolve("PLEDGEBOOK_CONFIG", "XDG_CONFIG_HOME", ".config", "config.toml", environment)
}

fn environment(name: &str) -> Option<PathBuf> {
    env::var_os(name).map(PathBuf::from)
}

/// The file in the variable `override_variable`, or `pledgebook/NAME` in the directory in `xdg_variable`, or in
/// `home_folder` of the home directory.
fn resolve(
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

#[cfg(test)]
mod tests {
    use super::resolve;
    use std::path::{Path, PathBuf};

    fn path(variables: &[(&str, &str)]) -> Option<PathBuf> {
        resolve("PLEDGEBOOK_HISTORY", "XDG_STATE_HOME", ".local/state", "history", |name| {
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
