//! Words of a command line, as a message writes them to be copied into a shell.

/// A word as a shell reads it: in quotes where it has characters that mean something to one.
#[must_use]
pub fn shell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=,+%@".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::shell_word;

    #[test]
    fn a_word_with_blanks_is_quoted() {
        assert_eq!(shell_word("rc.csv"), "rc.csv");
        assert_eq!(shell_word("my table.csv"), "'my table.csv'");
        assert_eq!(shell_word("it's"), r"'it'\''s'");
        assert_eq!(shell_word(""), "''");
    }
}
