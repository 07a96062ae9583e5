//! What inputs are made from: the questions of the corpus, the entries of the transcripts, the scripts of the library.

use crate::scratch;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Questions that the corpus and the transcripts ask.
pub(crate) static QUESTIONS: LazyLock<Vec<String>> = LazyLock::new(questions);

/// Those of them that are SQL.
pub(crate) static SQL: LazyLock<Vec<String>> = LazyLock::new(|| {
    let is_sql = |text: &&String| {
        ["select", "with", "values", "explain", "create temp", "pragma"]
            .iter()
            .any(|word| text.to_lowercase().starts_with(word))
    };
    QUESTIONS.iter().filter(is_sql).cloned().collect()
});

/// Those that begin with a dot.
pub(crate) static COMMANDS: LazyLock<Vec<String>> =
    LazyLock::new(|| QUESTIONS.iter().filter(|text| text.starts_with('.')).cloned().collect());

/// The scripts of the library, and the questions that are script.
pub(crate) static SCRIPTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let others = QUESTIONS.iter().filter(|text| !SQL.contains(text) && !text.starts_with('.')).cloned();
    files("scripts", "rhai").iter().map(|path| read(path)).chain(others).collect()
});

/// The words behind `pledgebook` in the transcripts.
pub(crate) static COMMAND_LINES: LazyLock<Vec<String>> = LazyLock::new(|| behind("$ pledgebook "));

fn questions() -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["tests/corpus/hostile", "tests/corpus/legitimate"] {
        let texts: Vec<String> = files(folder, "txt").iter().map(|path| read(path)).collect();
        let lines =
            texts.iter().flat_map(|text| text.lines()).filter(|line| !line.is_empty() && !line.starts_with('#'));
        found.extend(
            lines.map(|line| line.rsplit_once("  =>  ").map_or(line, |(question, _)| question).replace("\\n", "\n")),
        );
    }
    found.extend(behind("pledgebook> "));
    found
}

/// What stands behind a prompt in the transcripts.
fn behind(prompt: &str) -> Vec<String> {
    let texts: Vec<String> = files("tests/sessions", "md").iter().map(|path| read(path)).collect();
    texts.iter().flat_map(|text| text.lines()).filter_map(|line| line.strip_prefix(prompt)).map(str::to_owned).collect()
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let listed = fs::read_dir(&folder).unwrap_or_else(|error| panic!("can't list {}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = listed.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|found| found == ending));
    files.sort();
    files
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("can't read {}: {error}", path.display()))
}

/// The bytes of the bundled book as a file.
pub(crate) fn book_bytes(directory: &Path) -> Vec<u8> {
    let path = directory.join("whole.db");
    if !path.exists() {
        drop(scratch::book(&path));
    }
    fs::read(&path).expect("it was written")
}
