//! The language of an entry, command, SQL or script, by its first words; and the keywords of both languages. Neither
//! engine is asked: each of them takes `select (1 + 2)` for its own.

use super::habits;
use crate::error::suggest::nearest;
use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind, WordList};

/// Keywords of SQLite's SQL that queries use.
pub(super) const SQL_KEYWORDS: WordList = WordList(
    "all alter and as asc between by case cast collate create cross current_date delete desc distinct \
     drop else end escape except exists explain filter from full glob group having in index inner \
     insert intersect into is join left like limit natural not null nulls offset on or order outer \
     over partition pragma recursive regexp replace returning right select set table temp then \
     union unique update using values view when where window with",
);

pub(super) const SCRIPT_KEYWORDS: WordList = WordList(
    "break catch const continue do else false fn for if import in let loop return switch this throw true \
     try until while",
);

/// The language of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// A command of the prompt: it begins with a dot.
    Command,
    /// SQL.
    Sql,
    /// A script.
    Script,
}

/// The token that must follow a verb for it to be one. A verb alone is one too, and incomplete.
enum Follow {
    /// The beginning of a value.
    Value,
    /// An opening parenthesis.
    Parenthesis,
    /// A name or a string.
    Name,
    /// One of these words.
    OneOf(WordList),
    /// A statement with an answer, in parentheses or not.
    Query,
}

/// The verbs that begin a statement of SQLite.
static VERBS: [(&str, Follow); 27] = [
    ("select", Follow::Value),
    // As DuckDB has it: `from pledges` is `select * from pledges`.
    ("from", Follow::Name),
    ("values", Follow::Parenthesis),
    ("with", Follow::Name),
    ("insert", Follow::OneOf(WordList("into or"))),
    ("replace", Follow::OneOf(WordList("into"))),
    ("update", Follow::Name),
    ("delete", Follow::OneOf(WordList("from"))),
    ("create", Follow::OneOf(WordList("table view index trigger temp temporary unique virtual"))),
    ("drop", Follow::OneOf(WordList("table view index trigger"))),
    ("alter", Follow::OneOf(WordList("table"))),
    ("explain", Follow::OneOf(WordList("query select values with insert replace update delete create"))),
    ("pragma", Follow::Name),
    ("begin", Follow::OneOf(WordList("transaction deferred immediate exclusive"))),
    ("commit", Follow::OneOf(WordList("transaction"))),
    ("end", Follow::OneOf(WordList("transaction"))),
    ("rollback", Follow::OneOf(WordList("transaction to"))),
    ("savepoint", Follow::Name),
    ("release", Follow::Name),
    ("attach", Follow::Name),
    ("detach", Follow::Name),
    ("analyze", Follow::Name),
    ("reindex", Follow::Name),
    ("vacuum", Follow::Name),
    // As other shells have it: the columns of an answer, without the answer.
    ("describe", Follow::Query),
    ("desc", Follow::Query),
    ("summarize", Follow::Query),
];

/// The words that a statement with an answer begins with.
pub const QUERY_VERBS: WordList = WordList("select with values from");

/// Words that make a statement of an entry with a misspelt verb.
const CLAUSES: WordList = WordList("from into set table view");

/// The most tokens behind a misspelt verb that are searched for a clause.
const MAX_CLAUSE_TOKENS: usize = 40;

/// The language of `entry`: a command if it begins with a dot, or is one of another shell; SQL if its first word, comments and opening parentheses
/// apart, is a verb of SQL, the next token fits that verb, and no variable has that name; else script.
pub fn classify(entry: &str, is_variable: &dyn Fn(&str) -> bool) -> Language {
    let entry = skip_whitespace(entry);
    if entry.starts_with('.') {
        return Language::Command;
    }
    let body = skip_comments_and_parentheses(entry);
    if body.is_empty() && entry.starts_with("--") {
        return Language::Sql;
    }
    // A statement copied from a page has no-break spaces between its words, which the error names.
    let body = &*body.replace(|c: char| c.is_whitespace() && !c.is_ascii(), " ");
    let mut tokens = tokens(body).filter(|token| token.kind != TokenKind::Comment);
    let first = tokens.next().filter(|token| token.kind == TokenKind::Word && !is_variable(token.text(body)));
    if is_phrase_of(entry, first.as_ref(), is_variable) {
        return Language::Command;
    }
    let Some(verb) = first.map(|first| first.text(body).to_lowercase()) else { return Language::Script };
    let rest: Vec<Token> = tokens.take(MAX_CLAUSE_TOKENS).collect();
    if is_statement(&verb, &rest, body) || is_misspelt_statement(&verb, &rest, body) {
        Language::Sql
    } else {
        Language::Script
    }
}

/// True if an entry is a command of another shell: a line that no script is.
fn is_phrase_of(entry: &str, first: Option<&Token>, is_variable: &dyn Fn(&str) -> bool) -> bool {
    let line = entry.trim_end();
    let word = line.trim_end_matches(|c: char| !is_word_character(c));
    let begins_freely = first.is_some() || line.starts_with(['\\', '?', '=']);
    begins_freely && !is_variable(word) && habits::is_phrase(line)
}

fn is_word_character(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Skips white space and the byte order mark that some editors put first.
fn skip_whitespace(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

/// Skips the comments of either language; empty where one does not end.
pub(super) fn skip_comments(text: &str) -> &str {
    let mut rest = skip_whitespace(text);
    loop {
        let after = if rest.starts_with("--") || rest.starts_with("//") {
            rest.split_once('\n').map_or("", |(_, after)| after)
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, after)| after)
        } else {
            return rest;
        };
        rest = skip_whitespace(after);
    }
}

fn skip_comments_and_parentheses(entry: &str) -> &str {
    let mut rest = skip_comments(entry);
    while let Some(inner) = rest.strip_prefix('(') {
        rest = skip_comments(inner);
    }
    rest
}

fn is_statement(verb: &str, rest: &[Token], text: &str) -> bool {
    VERBS.iter().any(|(known, next)| *known == verb && is_followed(next, rest, text))
}

/// True if the tokens behind a verb fit it.
fn is_followed(next: &Follow, rest: &[Token], text: &str) -> bool {
    let Some(second) = rest.first().filter(|second| second.text(text) != ";") else {
        return !matches!(next, Follow::Query);
    };
    let is_name =
        matches!(second.kind, TokenKind::Word | TokenKind::QuotedName | TokenKind::String | TokenKind::Parameter);
    match next {
        Follow::Value if second.kind == TokenKind::Punct => {
            let is_assigned = rest.get(1).is_some_and(|third| matches!(third.text(text), "=" | "=="));
            matches!(second.text(text), "-" | "+" | "~" | "(" | "*") && !is_assigned
        }
        Follow::Value => is_name || second.kind == TokenKind::Number,
        Follow::Parenthesis => second.text(text) == "(",
        Follow::Name => is_name,
        Follow::OneOf(words) => is_one_of(second, words, text),
        Follow::Query => {
            let first = rest.iter().find(|token| token.text(text) != "(");
            first.is_some_and(|first| is_one_of(first, &QUERY_VERBS, text))
        }
    }
}

fn is_one_of(token: &Token, words: &WordList, text: &str) -> bool {
    token.kind == TokenKind::Word && words.contains(&token.text(text).to_lowercase())
}

/// True if it would be a statement with its first word spelt right: SQLite's error is then more helpful than the script
/// engine's.
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
                "describe select region,",
                "DESC (select 1)",
                "summarize\nselect * from t",
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
        all_are(Command, &["exit", "quit;", "help", "show tables", "describe pledges;", "\\d", "\\x on", "?"]);
    }

    #[test]
    fn a_variable_takes_its_name_from_the_verbs() {
        assert_eq!(classify("select\u{a0}1", &|_| false), Sql);
        assert_eq!(classify("select - 1", &|name| name == "select"), Script);
        assert_eq!(classify("(select - 1)", &|name| name == "select"), Script);
        assert_eq!(classify("SELECT - 1", &|name| name == "select"), Sql);
        assert_eq!(classify("help", &|name| name == "help"), Script);
        assert_eq!(classify("from facts", &|_| false), Sql);
    }

    #[test]
    fn a_misspelt_verb_is_sql_where_the_rest_is() {
        all_are(Sql, &["selec * from t", "selct a from t", "delte from t", "updaet t set a = 1", "creat table t (a)"]);
        all_are(Script, &["selec", "selec * 2", "updates.set(1)", "create_table(1)"]);
        all_are(Script, &["value(\"select 1\", set)", "value(from)", "inserted(into)", "value (\"a\", #{table: 1})"]);
    }
}
