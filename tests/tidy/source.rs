//! The sources as the rules look at them: each file with its text, and its code alone.

use std::path::{Path, PathBuf};
use std::{fs, mem};

/// A source file.
pub(crate) struct Source {
    /// As named from the root of the project, with `/` between the parts.
    pub(crate) path: String,
    /// All of it.
    pub(crate) text: String,
    /// The same lines and bytes with comments, the contents of literals and test modules blanked out.
    pub(crate) code: String,
}

impl Source {
    fn read(path: &Path) -> Self {
        let text = read(path);
        let mut code = without_tests(&without_words(&text));
        if is_test_module(path) {
            blank(&mem::take(&mut code), &mut code);
        }
        let path = path.strip_prefix(root()).expect("sources lie in the project").to_string_lossy().into_owned();
        Self { path, text, code }
    }

    /// The modules that it is in: `["table", "visible"]`, `["table"]` for its `mod.rs`.
    pub(crate) fn module(&self) -> Vec<&str> {
        let path = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        path.split('/').filter(|part| !["mod", "lib", "main"].contains(part)).collect()
    }

    /// `path:line`, for a place given in bytes.
    pub(crate) fn place(&self, offset: usize) -> String {
        format!("{}:{}", self.path, self.text[..offset].matches('\n').count() + 1)
    }
}

/// Whether the folder's module has this file only in tests.
fn is_test_module(path: &Path) -> bool {
    let declared = |name: &str| format!("#[cfg(test)]\nmod {name};");
    let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    fs::read_to_string(path.with_file_name("mod.rs")).is_ok_and(|folder| folder.contains(&declared(&name)))
}

/// The root of the project.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the project.
pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("can't read {}: {error}", path.display()))
}

/// Every Rust source of these folders, in order of their paths.
pub(crate) fn sources(folders: &[&str]) -> Vec<Source> {
    folders.iter().flat_map(|folder| files(&root().join(folder), "rs")).map(|path| Source::read(&path)).collect()
}

/// Every file below `folder` whose name ends in `.extension`, in order.
pub(crate) fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("can't list {}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.sort();
    let below = |path: PathBuf| if path.is_dir() { files(&path, extension) } else { vec![path] };
    paths.into_iter().flat_map(below).filter(|path| path.extension().is_some_and(|is| is == extension)).collect()
}

/// `text` with its comments and the contents of its literals blanked out; a byte stays a byte, a line a line.
pub(crate) fn without_words(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (length, is_code) = token(rest);
        let (token, after) = rest.split_at(length);
        if is_code {
            code.push_str(token);
        } else {
            blank(token, &mut code);
        }
        rest = after;
    }
    code
}

/// Every string literal of `text` with its place, as it is written between its quotes.
pub(crate) fn strings(text: &str) -> Vec<(usize, &str)> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < text.len() {
        let (length, _) = token(&text[at..]);
        let literal = &text[at..at + length];
        if literal.starts_with('"') || raw_string(literal).is_some() {
            found.push((at, literal.trim_start_matches('r').trim_matches('#').trim_matches('"')));
        }
        at += length;
    }
    found
}

/// The length of what `rest` begins with, and whether it is code: all but a comment or a literal is.
fn token(rest: &str) -> (usize, bool) {
    let to = |end: &str, from: usize| rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len());
    let first = rest.chars().next().map_or(1, char::len_utf8);
    if rest.starts_with("//") {
        (rest.find('\n').unwrap_or(rest.len()), false)
    } else if rest.starts_with("/*") {
        (to("*/", 2), false)
    } else if rest.starts_with('"') {
        (string_length(rest), false)
    } else if let Some(hashes) = raw_string(rest) {
        (to(&format!("\"{}", "#".repeat(hashes)), hashes + 2), false)
    } else if rest.starts_with('\'') && is_character(rest) {
        (character_length(rest), false)
    } else if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        (rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len()), true)
    } else {
        (first, true)
    }
}

/// The number of `#` of a raw string that `rest` begins with.
fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

/// Whether the `'` that `rest` begins with opens a character, not a lifetime.
fn is_character(rest: &str) -> bool {
    rest[1..].starts_with('\\') || rest.chars().nth(2) == Some('\'')
}

fn character_length(rest: &str) -> usize {
    let escaped = usize::from(rest[1..].starts_with('\\'));
    let from = 1 + escaped + rest[1 + escaped..].chars().next().map_or(0, char::len_utf8);
    rest[from..].find('\'').map_or(rest.len(), |at| from + at + 1)
}

/// The length of the string that `rest` begins with, quotes and escapes included.
fn string_length(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !is_escaped => return at + 1,
            _ => is_escaped = c == '\\' && !is_escaped,
        }
    }
    rest.len()
}

/// Blanks out everything but the line feeds and the quotes at either end.
fn blank(token: &str, code: &mut String) {
    code.extend(token.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
}

/// `code` with every module under `#[cfg(test)]` blanked out.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]\nmod ";
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find(MARK) {
        let end = at + item_length(&rest[at..]);
        kept.push_str(&rest[..at]);
        blank(&rest[at..end], &mut kept);
        rest = &rest[end..];
    }
    kept + rest
}

/// The length of the item that `code` begins with: to the brace that closes its body, or to its `;`.
pub(crate) fn item_length(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate() {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' if depth == 1 => return at + 1,
            b'}' | b')' | b']' => depth = depth.saturating_sub(1),
            b';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

/// Where each `word` stands in `code` as a word of its own, in bytes.
pub(crate) fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let goes_on_before = word.starts_with(is_part) && code[..*at].ends_with(is_part);
        let goes_on_after = word.ends_with(is_part) && code[at + word.len()..].starts_with(is_part);
        !goes_on_before && !goes_on_after
    })
}

#[cfg(test)]
mod tests {
    use super::{without_tests, without_words};

    #[test]
    fn only_code_is_left_and_every_line_stays() {
        let text = "let a = \"x{\\\"\"; // {\nlet b = r#\"}\"#; /* { */ let c: &'a str = ['{', '\\''];\n";
        let code = without_words(text);
        assert_eq!(code.len(), text.len());
        assert!(!code.contains(['{', '}', 'x']), "{code}");
        assert!(code.contains("let c: &'a str = [   ,     ];"), "{code}");
    }

    #[test]
    fn a_test_module_is_no_code() {
        let code = without_tests("fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n");
        assert!(code.contains("fn a") && code.contains("fn c") && !code.contains("fn b"), "{code}");
    }
}
