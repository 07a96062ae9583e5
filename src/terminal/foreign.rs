//! Commands of other shells that are none here, each with what to do instead: whoever comes from there types them first.

/// The name, and what to do.
const FOREIGN: [(&str, &str); 26] = [
    (".backup", "a book is a file: copy it"),
    (".bail", "the first error ends a file; at the prompt none does"),
    (".cd", "name files by their path"),
    (".changes", "a question changes nothing"),
    (".clone", "a book is a file: copy it"),
    (".databases", "`.tables` lists what the book has; another book is named when the program starts"),
    (".dump", "`.mode insert` writes results as SQL"),
    (".echo", "`print(…)` in a script writes a text"),
    (".eqp", "`explain query plan select …` shows how a statement is run"),
    (".explain", "`explain select …` shows the program of a statement"),
    (".import", "facts are edited where they are reviewed, as text"),
    (".indexes", "`.schema TABLE` shows how a table is made"),
    (".indices", "`.schema TABLE` shows how a table is made"),
    (".load", "no extension is loaded: what SQL lacks can be written as a script"),
    (".once", "start the program with `-o FILE`"),
    (".open", "name the book when you start the program: `pledgebook BOOK.db`"),
    (".output", "start the program with `-o FILE`"),
    (".parameter", "a script variable is a parameter: `let x = 5;`, then `:x`"),
    (".restore", "a book is a file: copy it"),
    (".separator", "`.mode csv` and `.mode tsv` have theirs"),
    (".shell", "run it beside the program"),
    (".sha3sum", "`select id, sha256 from sources` has the digests of the texts"),
    (".stats", "`.timer on` tells how long an answer takes"),
    (".system", "run it beside the program"),
    (".trace", "`.why` tells how the last result came about"),
    (".width", "a table is as wide as its content; `.mode line` stands columns one below the other"),
];

/// What to do instead of a command of another shell.
pub(super) fn instead(name: &str) -> Option<&'static str> {
    FOREIGN.iter().find(|(known, _)| *known == name).map(|(_, cure)| *cure)
}

#[cfg(test)]
mod tests {
    use super::FOREIGN;
    use crate::terminal::COMMANDS;

    #[test]
    fn no_command_of_ours_is_foreign() {
        let is_ours = |name: &str| COMMANDS.iter().any(|info| info.name == name);
        assert!(FOREIGN.iter().all(|(name, cure)| !is_ours(name) && !cure.is_empty()));
    }
}
