//! A document as its parts: what is shown of it, what is to be done, what should come out. It runs nothing.

/// A run of lines of a document. The lines and the output of all parts, in order, are the document.
pub(crate) struct Part {
    /// The number of its first line, from 1.
    pub(crate) line: usize,
    /// The lines that stand whatever happens: prose, fences, prompts with what is typed at them.
    pub(crate) lines: Vec<String>,
    /// What to do.
    pub(crate) action: Action,
    /// What should come out of it.
    pub(crate) expected: Vec<String>,
}

/// What a part asks for.
pub(crate) enum Action {
    /// Nothing.
    Show,
    /// Start clean.
    Begin,
    /// Write the lines to a file of this name.
    Write(String),
    /// Write a copy of the bundled book, changed by the lines as SQL, to a file of this name.
    WriteBook(String),
    /// Make a plain database by the lines as SQL, in a file of this name.
    WriteDatabase(String),
    /// Run a command line with the shell.
    Shell(String),
    /// Give an entry to the prompt.
    Enter(String),
}

const FENCE: &str = "```";
const SHELL: &str = "$ ";
const PROMPT: &str = "pledgebook> ";
const CONTINUATION: &str = "       ...> ";

/// Takes a document apart.
///
/// # Panics
/// A console block begins with a line that answers no prompt.
pub(crate) fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut lines = (1..).zip(text.lines());
    while let Some((number, line)) = lines.next() {
        let action = if line.starts_with('#') { Action::Begin } else { Action::Show };
        parts.push(part(number, line, action));
        if let Some(info) = line.strip_prefix(FENCE) {
            let block: Vec<_> = lines.by_ref().take_while(|(_, line)| *line != FENCE).collect();
            let closing = number + block.len() + 1;
            let named = |mark: &str| info.split_once(mark).map(|(_, name)| name.to_owned());
            let written = named("file=").map(Action::Write).or_else(|| named("book=").map(Action::WriteBook));
            match written.or_else(|| named("database=").map(Action::WriteDatabase)) {
                _ if info == "console" => console(&block, &mut parts),
                Some(action) => parts.push(whole(action, number + 1, &block)),
                None => parts.push(whole(Action::Show, number + 1, &block)),
            }
            parts.push(part(closing, FENCE, Action::Show));
        }
    }
    parts
}

fn part(line: usize, text: &str, action: Action) -> Part {
    Part { line, lines: vec![text.to_owned()], action, expected: Vec::new() }
}

fn whole(action: Action, line: usize, block: &[(usize, &str)]) -> Part {
    let lines = block.iter().map(|(_, text)| (*text).to_owned()).collect();
    Part { line, lines, action, expected: Vec::new() }
}

/// The steps of a console block: a prompt, its continuations, and what follows up to the next prompt.
fn console(block: &[(usize, &str)], parts: &mut Vec<Part>) {
    let start = parts.len();
    for (number, line) in block {
        if let Some(command) = line.strip_prefix(SHELL) {
            parts.push(part(*number, line, Action::Shell(command.to_owned())));
            continue;
        }
        if let Some(entry) = line.strip_prefix(PROMPT) {
            parts.push(part(*number, line, Action::Enter(entry.to_owned())));
            continue;
        }
        let step = parts[start..].last_mut().unwrap_or_else(|| panic!("line {number} answers no prompt: {line}"));
        match (&mut step.action, line.strip_prefix(CONTINUATION)) {
            (Action::Enter(entry), Some(more)) if step.expected.is_empty() => {
                *entry += "\n";
                *entry += more;
                step.lines.push((*line).to_owned());
            }
            _ => step.expected.push((*line).to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, parts};

    #[test]
    fn a_document_is_the_lines_and_the_output_of_its_parts() {
        let text = "# A\n\n```sql file=a.sql\nselect 1\n```\n```console\n$ run\nout\n? 2\npledgebook> a(\n       ...> b)\n```\nend";
        let again: Vec<String> =
            parts(text).into_iter().flat_map(|part| [part.lines, part.expected].concat()).collect();
        assert_eq!(again.join("\n"), text);
    }

    #[test]
    fn a_step_is_what_was_typed_and_what_follows() {
        let parts = parts("```console\n$ run\nout\n? 2\npledgebook> a(\n       ...> b)\n```\n");
        assert!(matches!(&parts[1].action, Action::Shell(command) if command == "run"));
        assert_eq!(parts[1].expected, ["out", "? 2"]);
        assert!(matches!(&parts[2].action, Action::Enter(entry) if entry == "a(\nb)"));
        assert_eq!(parts[2].line, 5);
    }
}
