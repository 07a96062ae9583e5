//! The files that a command can name, written as `terminal::arguments` reads them. It lists directories and opens nothing.

use super::offer::Offer;
use crate::table::visible;
use std::fs;
use std::path::Path;

/// How many entries of a directory are looked at.
const MOST_ENTRIES: usize = 10_000;

/// The files and directories that the argument `typed` may become; a directory ends in `/` so that it can go on. Hidden
/// ones are there once the dot is typed; names that would move the cursor never.
pub(super) fn files(typed: &str, fits: impl Fn(&str) -> bool) -> Vec<Offer> {
    let (quote, path) = unquoted(typed);
    let (directory, beginning) =
        path.rsplit_once('/').map_or(("", &*path), |(_, name)| (&path[..path.len() - name.len()], name));
    let names: Vec<String> = entries(directory, beginning, fits);
    let written = |name: &str| format!("{directory}{name}");
    // All are quoted alike, so that what they have in common can be put in the line.
    let quote = quote.or_else(|| {
        let needs = |name: &String| written(name).contains(|c: char| c.is_whitespace() || matches!(c, '\'' | '"'));
        let is_one_with = |quote| names.iter().any(|name| written(name).contains(quote));
        names.iter().any(needs).then(|| if is_one_with('\'') { '"' } else { '\'' })
    });
    let offer = |name: &String| {
        let path = written(name);
        let typed = match quote {
            None => path,
            // What has the quote in it can't be written within it.
            Some(quote) if path.contains(quote) => return None,
            Some(quote) if path.ends_with('/') => format!("{quote}{path}"),
            Some(quote) => format!("{quote}{path}{quote}"),
        };
        Some(Offer::name(typed).shown(name))
    };
    names.iter().filter_map(offer).collect()
}

/// The quote that an argument begins with, and the argument without it.
fn unquoted(typed: &str) -> (Option<char>, String) {
    match typed.chars().next().filter(|first| matches!(first, '\'' | '"')) {
        Some(quote) => (Some(quote), typed.replace(quote, "")),
        None => (None, typed.to_owned()),
    }
}

fn entries(directory: &str, beginning: &str, fits: impl Fn(&str) -> bool) -> Vec<String> {
    let place = if directory.is_empty() { Path::new(".") } else { Path::new(directory) };
    let Ok(listed) = fs::read_dir(place) else { return Vec::new() };
    let offered = listed.take(MOST_ENTRIES).filter_map(Result::ok).filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let is_offered = name.starts_with(beginning)
            && (!name.starts_with('.') || beginning.starts_with('.'))
            && visible(&name) == name;
        // A link to a directory is one.
        let is_directory = is_offered && fs::metadata(entry.path()).is_ok_and(|found| found.is_dir());
        let name = if is_directory { format!("{name}/") } else { name };
        (is_offered && (is_directory || fits(&name))).then_some(name)
    });
    let mut names: Vec<String> = offered.collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::files;
    use crate::terminal::arguments;
    use std::fs;
    use std::path::PathBuf;

    /// A directory of its own, removed at the end.
    struct Directory(PathBuf);

    impl Directory {
        fn with(name: &str, files: &[&str]) -> Self {
            let path = std::env::temp_dir().join(format!("pledgebook-{}-{name}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            for file in files {
                let file = path.join(file);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, "").unwrap();
            }
            Self(path)
        }
    }

    impl Drop for Directory {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[track_caller]
    fn offers(typed: &str, names: &[&str]) {
        let found: Vec<String> = files(typed, |_| true).into_iter().map(|offer| offer.name).collect();
        assert_eq!(found, names, "{typed}");
    }

    #[test]
    fn files_are_written_as_the_command_reads_them() {
        let directory = Directory::with("plain", &["a b.sql", "ab.sql", "c/d.sql", ".hidden", "e\u{1b}.sql", "it's"]);
        let at = |rest: &str| format!("{}/{rest}", directory.0.display());
        offers(&at("c"), &[&at("c/")]);
        offers(&at("c/"), &[&at("c/d.sql")]);
        offers(&at("."), &[&at(".hidden")]);
        offers(&at("ab"), &[&at("ab.sql")]);
        offers(&at("e"), &[]);
        offers(&at("a"), &[&format!("'{}'", at("a b.sql")), &format!("'{}'", at("ab.sql"))]);
        offers(&format!("'{}", at("a ")), &[&format!("'{}'", at("a b.sql"))]);
        offers(&format!("\"{}", at("c")), &[&format!("\"{}", at("c/"))]);
        offers(&at("it"), &[&format!("\"{}\"", at("it's"))]);
        for offer in files(&at("a"), |_| true) {
            let read = arguments(&offer.name).unwrap();
            assert!(PathBuf::from(&read[0]).is_file(), "{read:?}");
        }
    }

    #[test]
    fn only_those_that_fit_are_offered_and_directories() {
        let directory = Directory::with("fitting", &["a.rhai", "a.sql", "b/c"]);
        let typed = format!("{}/", directory.0.display());
        let found: Vec<String> = files(&typed, |name| name != "a.sql").into_iter().map(|one| one.shown).collect();
        assert_eq!(found, ["a.rhai", "b/"]);
        assert!(files("/nowhere/at/all", |_| true).is_empty());
    }
}
