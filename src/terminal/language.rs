//! The language of an entry, command, SQL or script, told by its first words; and the keywords of both languages. Neither
//! engine is asked: each of them takes `select (1 + 2)` for its own.

use crate::error::suggest::nearest;
use crate::sql::lex::{Token, TokenKind, tokens};

/// Words with a space between them: in one text, a long list stays a few lines.
pub(super) struct Words(pub(super) &'static str);

impl Words {
    pub(super) fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.0.split_ascii_whitespace()
    }

    /// Whether it is one of them, in this letter case.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.iter().any(|known| known == word)
    }
}

/// Words of SQLite's SQL that a question is written with.
pub(super) const SQL_KEYWORDS: Words = Words(
    "all alter and as asc between by case cast collate create cross current_date delete desc distinct \
     drop else end escape except exists explain filter from full glob group having in index inner \
     insert intersect into is join left like limit natural not null nulls offset on or order outer \
     over partition pragma recursive regexp replace returning right select set table temp then \
     union unique update using values view when where window with",
);

/// Words of the script language.
pub(super) const SCRIPT_KEYWORDS: Words = Words(
    "break catch const continue do else false fn for if import in let loop return switch this throw true \
     try until while",
);

/// What an entry is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// A command of the prompt: it begins with a dot.
    Command,
    /// SQL.
    Sql,
    /// A script.
    Script,
}

/// What must follow a verb for it to be one. A verb alone is one too, and what it lacks is asked for.
enum Next {
    /// The beginning of a value.
    Value,
    /// An opening parenthesis.
    Parenthesis,
    /// A name or a text.
    Name,
    /// One of these words.
    OneOf(Words),
}

/// The verbs that begin a statement of SQLite.
static VERBS: [(&str, Next); 23] = [
    ("select", Next::Value),
    ("values", Next::Parenthesis),
    ("with", Next::Name),
    ("insert", Next::OneOf(Words("into or"))),
    ("replace", Next::OneOf(Words("into"))),
    ("update", Next::Name),
    ("delete", Next::OneOf(Words("from"))),
    ("create", Next::OneOf(Words("table view index trigger temp temporary unique virtual"))),
    ("drop", Next::OneOf(Words("table view index trigger"))),
    ("alter", Next::OneOf(Words("table"))),
    ("explain", Next::OneOf(Words("query select values with insert replace update delete create"))),
    ("pragma", Next::Name),
    ("begin", Next::OneOf(Words("transaction deferred immediate exclusive"))),
    ("commit", Next::OneOf(Words("transaction"))),
    ("end", Next::OneOf(Words("transaction"))),
    ("rollback", Next::OneOf(Words("transaction to"))),
    ("savepoint", Next::Name),
    ("release", Next::Name),
    ("attach", Next::Name),
    ("detach", Next::Name),
    ("analyze", Next::Name),
    ("reindex", Next::Name),
    ("vacuum", Next::Name),
];

/// Words that make a statement of what begins with a misspelt verb.
const CLAUSES: Words = Words("from into set table view");

/// How far a misspelt verb looks for one of them.
const CLAUSE_TOKENS: usize = 40;

/// What `entry` is written in: a command if it begins with a dot; SQL if its first word, comments and opening
/// parentheses apart, is a verb of SQL, what follows fits that verb, and no variable has that name; else script.
#[must_use]
pub fn classify(entry: &str, is_variable: &dyn Fn(&str) -> bool) -> Language {
    let entry = trimmed(entry);
    if entry.starts_with('.') {
        return Language::Command;
    }
    let body = beginning(entry);
    if body.is_empty() && entry.starts_with("--") {
        return Language::Sql;
    }
    let mut tokens = tokens(body).filter(|token| token.kind != TokenKind::Comment);
    let first = tokens.next().filter(|token| token.kind == TokenKind::Word && !is_variable(token.text(body)));
    let Some(verb) = first.map(|first| first.text(body).to_lowercase()) else { return Language::Script };
    let rest: Vec<Token> = tokens.take(CLAUSE_TOKENS).collect();
    if is_statement(&verb, &rest, body) || is_misspelt_statement(&verb, &rest, body) {
        Language::Sql
    } else {
        Language::Script
    }
}

/// Behind white space and the byte order mark that some editors put first.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

/// Behind the comments of either language, or nothing where one does not end.
pub(super) fn behind_comments(text: &str) -> &str {
    let mut rest = trimmed(text);
    loop {
        let after = if rest.starts_with("--") || rest.starts_with("//") {
            rest.split_once('\n').map_or("", |(_, after)| after)
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, after)| after)
        } else {
            return rest;
        };
        rest = trimmed(after);
    }
}

/// Behind comments and opening parentheses.
fn beginning(entry: &str) -> &str {
    let mut rest = behind_comments(entry);
    while let Some(inner) = rest.strip_prefix('(') {
        rest = behind_comments(inner);
    }
    rest
}

fn is_statement(verb: &str, rest: &[Token], text: &str) -> bool {
    VERBS.iter().any(|(known, next)| *known == verb && fits(next, rest, text))
}

/// Whether what follows a verb fits it.
fn fits(next: &Next, rest: &[Token], text: &str) -> bool {
    let Some(second) = rest.first().filter(|second| second.text(text) != ";") else { return true };
    let is_name =
        matches!(second.kind, TokenKind::Word | TokenKind::QuotedName | TokenKind::Text | TokenKind::Parameter);
    match next {
        Next::Value if second.kind == TokenKind::Mark => {
            let is_assigned = rest.get(1).is_some_and(|third| matches!(third.text(text), "=" | "=="));
            matches!(second.text(text), "-" | "+" | "~" | "(" | "*") && !is_assigned
        }
        Next::Value => is_name || second.kind == TokenKind::Number,
        Next::Parenthesis => second.text(text) == "(",
        Next::Name => is_name,
        Next::OneOf(words) => is_one_of(second, words, text),
    }
}

fn is_one_of(token: &Token, words: &Words, text: &str) -> bool {
    token.kind == TokenKind::Word && words.contains(&token.text(text).to_lowercase())
}

/// Whether it would be a statement with its first word spelt right: SQLite's error then says more than the
/// script engine's.
fn is_misspelt_statement(word: &str, rest: &[Token], text: &str) -> bool {
    // What a `(` follows is a call of a function: `value("… :set …")`.
    if rest.first().is_none_or(|second| second.text(text) == "(") {
        return false;
    }
    let Some(near) = nearest(word, VERBS.iter().map(|(verb, _)| *verb)) else { return false };
    let has_clause = rest.iter().any(|token| is_one_of(token, &CLAUSES, text));
    has_clause && is_statement(&near, rest, text)
}

#[cfg(test)]
mod tests {
    use super::Language::{self, Command, Script, Sql};
    use super::classify;

    #[track_caller]
    fn all_are(expected: Language, entries: &[&str]) {
        for entry in entries {
            assert_eq!(classify(entry, &|_| false), expected, "{entry}");
        }
    }

    #[test]
    fn statements_are_sql_in_any_case_and_behind_comments() {
        all_are(
            Sql,
            &[
                "select 1",
                "SELECT(1)",
                "select (1+2)",
                "select -1",
                "select *from t",
                "select 'a'",
                "select \"a\"",
                "select :F29",
                "select ~1",
                "Select distinct a from t",
                "values(1)",
                "VALUES (1), (2)",
                "with a as (select 1) select 1",
                "with recursive a as (select 1) select 1",
                "insert into t values (1)",
                "insert or ignore into t values (1)",
                "replace into t values (1)",
                "delete from t",
                "update t set a = 1",
                "update \"t\" set a = 1",
                "create table t (a)",
                "create temp view v as select 1",
                "drop table if exists t",
                "alter table t add b",
                "explain query plan select 1",
                "explain select 1",
                "pragma table_info(t)",
                "begin",
                "BEGIN;",
                "begin immediate",
                "commit",
                "end",
                "rollback to s",
                "savepoint s",
                "release s",
                "attach 'x' as y",
                "analyze",
                "vacuum",
                "vacuum into 'x'",
                "reindex",
                "-- note\nselect 1",
                "/* a */ select 1",
                "// note\nselect 1",
                "(select 1)",
                "-- only this",
                "\u{feff}select 1",
            ],
        );
    }

    #[test]
    fn a_verb_alone_is_sql_that_goes_on() {
        all_are(Sql, &["select", "select;", "values", "insert", "with ", "select -- what?"]);
    }

    #[test]
    fn everything_else_is_script() {
        all_are(
            Script,
            &[
                "1 + 2",
                "F29 / F30",
                "let x = 5",
                "query(\"select 1\")",
                "replace(\"a\", \"b\")",
                "update(1)",
                "insert(1)",
                "drop(1)",
                "delete(x)",
                "select = 5",
                "select == 5",
                "select.x",
                "select += 1",
                "select *= 2",
                "values = [1]",
                "values.len()",
                "begin(1)",
                "end - start",
                "explain(x)",
                "fn select_all() { 1 }",
                "if select { 1 }",
                "// only this",
                "/* open",
                "",
                "`select 1`",
                "selection",
                "create = 1",
                "commit(\"x\")",
                "(1 + 2)",
                "#{a: 1}",
                "[1, 2]",
                "send.set(1)",
                ";",
            ],
        );
    }

    #[test]
    fn a_dot_makes_a_command() {
        all_are(Command, &[".help", "  .run x", "."]);
    }

    #[test]
    fn a_variable_takes_its_name_from_the_verbs() {
        assert_eq!(classify("select - 1", &|name| name == "select"), Script);
        assert_eq!(classify("(select - 1)", &|name| name == "select"), Script);
        assert_eq!(classify("SELECT - 1", &|name| name == "select"), Sql);
    }

    #[test]
    fn a_misspelt_verb_is_sql_where_the_rest_is() {
        all_are(Sql, &["selec * from t", "selct a from t", "delte from t", "updaet t set a = 1", "creat table t (a)"]);
        all_are(Script, &["selec", "selec * 2", "updates.set(1)", "create_table(1)"]);
        all_are(Script, &["value(\"select 1\", set)", "value(from)", "inserted(into)", "value (\"a\", #{table: 1})"]);
    }
}
