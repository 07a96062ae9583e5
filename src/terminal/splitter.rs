//! Splits text into entries, and names the token that an incomplete entry lacks. Completeness of SQL is decided on words
//! and marks alone, since a line that SQLite would refuse must reach SQLite; that of a script is decided by the engine.

use super::language::{Language, classify, skip_comments};
use crate::script;
use crate::syntax::sql::{EndScanner, tokens, unclosed};
use crate::syntax::{Token, TokenKind, WordList};
use std::ops::Range;

/// The token that an entry lacks to be complete, for people: `a closing ')'`. `None` for one that is complete, or
/// plainly wrong; a command always is complete.
pub(super) fn missing(entry: &str, is_variable: &dyn Fn(&str) -> bool) -> Option<String> {
    match classify(entry, is_variable) {
        Language::Command => None,
        Language::Sql => StatementScanner::ending_in(entry).missing(),
        Language::Script => script::missing_token(entry),
    }
}

/// The end of an entry of SQL that could run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqlEnd {
    /// The end of a line, unless the next one plainly continues it: in a pipe and a file.
    Line,
    /// A `;` at the end of a line, as it is typed at a terminal.
    Semicolon,
}

/// The last entry of a text that was typed: a pasted one may have several.
pub(super) fn last_entry<'t>(text: &'t str, is_variable: &dyn Fn(&str) -> bool) -> &'t str {
    let (mut from, mut start) = (0, 0);
    while let Some(entry) = next_entry(text, from, SqlEnd::Semicolon, is_variable) {
        (start, from) = if from == 0 { (0, entry.end) } else { (entry.start, entry.end) };
    }
    &text[start..]
}

/// True if a text that was typed is one entry, be it of several lines: the first entry in it is the last, or all of it is a
/// script.
pub fn is_one_entry(text: &str, is_variable: &dyn Fn(&str) -> bool) -> bool {
    let next = |from| next_entry(text, from, SqlEnd::Semicolon, is_variable);
    let is_last = next(0).is_none_or(|first| next(first.end).is_none());
    is_last || (classify(text, is_variable) == Language::Script && script::is_complete(text))
}

/// The next entry of `text` at or after the byte `from`, as a range of bytes: lines are joined as long as the entry is
/// incomplete, or the next line plainly continues it (`.name(` and `else` of a script, `from` of SQL), and those of SQL up to
/// its `end`. `None` where nothing is left but comments. An entry that is incomplete at the end of the text extends to its end.
///
/// Ask for one after the other, so that the variables that an entry makes are known to the next.
pub fn next_entry(text: &str, from: usize, end: SqlEnd, is_variable: &dyn Fn(&str) -> bool) -> Option<Range<usize>> {
    let mut rest = &text[from..];
    if from == 0 && rest.starts_with("#!") {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    let rest = skip_comments(rest);
    let first_line = rest.lines().next().filter(|_| !rest.is_empty())?;
    let length = match classify(first_line, is_variable) {
        Language::Command => first_line.len(),
        Language::Sql => sql_length(rest, end),
        Language::Script => script_length(rest),
    };
    let start = text.len() - rest.len();
    Some(start..start + length)
}

/// The length in bytes of the SQL entry at the beginning of `rest`.
fn sql_length(rest: &str, ends: SqlEnd) -> usize {
    let mut statement = StatementScanner::default();
    let (mut end, mut ended) = (0, EndScanner::default());
    for token in tokens(rest) {
        let is_comment = token.kind == TokenKind::Comment;
        let is_on_new_line = end > 0 && rest[end..token.range.start].contains('\n');
        let is_whole = || match ends {
            SqlEnd::Line => statement.missing().is_none() && !statement.is_continued_by(&token, rest),
            SqlEnd::Semicolon => ended.is_ended,
        };
        if is_on_new_line && !is_comment && is_whole() {
            return end;
        }
        ended.push(&token, rest);
        statement.push(&token, rest);
        if !is_comment || !token.is_closed {
            end = token.range.end;
        }
    }
    end
}

/// The length in bytes of the script entry at the beginning of `rest`. The engine is asked only at ends of lines where
/// no bracket is open: it would parse a long function again for each of its lines.
fn script_length(rest: &str) -> usize {
    let is_end = |end: &usize| !is_script_continued(&rest[*end..]) && script::missing_token(&rest[..*end]).is_none();
    let end = crate::syntax::rhai::line_ends(rest).find(is_end).unwrap_or(rest.len());
    rest[..end].trim_end().len()
}

/// True if the following text continues a script that is complete.
fn is_script_continued(following: &str) -> bool {
    let following = following.trim_start();
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    match following.strip_prefix('.') {
        Some(method) => method.starts_with(is_name) && method.trim_start_matches(is_name).starts_with('('),
        None => ["else", "catch"]
            .iter()
            .any(|word| following.strip_prefix(word).is_some_and(|rest| !rest.starts_with(is_name))),
    }
}

/// Words that make a statement incomplete, unless they follow a dot. Words that are names as well (`plan`, `view`) are
/// left out.
const INCOMPLETE_AFTER: WordList = WordList(
    "all alter and as attach between by case collate create cross delete detach distinct drop else escape \
     except exists explain from glob group having in inner insert intersect into is join left like limit \
     natural not offset on or order outer over pragma regexp release replace returning savepoint select \
     set table then union update using values when where with",
);

/// Operators and punctuation that a token must follow. `*` is one as an operator only.
const OPERATORS: WordList = WordList(", ( . + - / % = == < > <= >= <> != || | & ~ << >> -> ->>");

/// Words that can be in the place of a column and are none.
const LITERALS: WordList = WordList("null true false current_date current_time current_timestamp filter");

/// The words that a verb requires, outside parentheses; the first of each is the one to name.
static REQUIRED: [(&str, WordList); 7] = [
    ("select", WordList("from")),
    ("with", WordList("select insert replace update delete values")),
    ("insert", WordList("values select default with")),
    ("replace", WordList("values select default with")),
    ("update", WordList("set")),
    ("create", WordList("as (")),
    ("alter", WordList("rename add drop")),
];

/// Tokens that continue a complete statement at the beginning of a line.
const CONTINUATIONS: WordList = WordList(
    ", ) || = <> != < > <= >= / and or from where group having order limit offset union except intersect \
     join left right full inner cross natural on using set as when then else between in like is collate \
     returning over filter window asc desc nulls escape glob not regexp",
);

/// The state of the search for a named column in a `select`.
#[derive(Debug, Default, PartialEq, Eq)]
enum NamedColumn {
    /// None was named.
    #[default]
    None,
    /// The last token is one, unless a `(` makes it a function.
    Perhaps,
    /// A column was named.
    Named,
}

/// The state of a scan over a statement, token by token; a `;` begins the next one.
#[derive(Debug, Default)]
struct StatementScanner {
    /// The verb, in lower case; that of an explained statement in its place.
    verb: String,
    /// The last token, in lower case.
    last: String,
    /// The number of open parentheses.
    depth: usize,
    /// The number of `case` without an `end` yet.
    open_cases: usize,
    /// True if a token must follow the last one.
    is_incomplete: bool,
    /// The column named outside parentheses: with one, a `select` requires its `from`.
    column: NamedColumn,
    /// True if the words that the verb requires were seen.
    has_required: bool,
    /// The token that closes the quote or comment that is open.
    open: Option<&'static str>,
}

impl StatementScanner {
    /// Scans the last statement of `text`.
    fn ending_in(text: &str) -> Self {
        let mut statement = Self::default();
        tokens(text).for_each(|token| statement.push(&token, text));
        statement
    }

    /// Scans the next token of `text`.
    pub(super) fn push(&mut self, token: &Token, text: &str) {
        let written = token.text(text);
        self.open = if token.is_closed { None } else { unclosed(written) };
        match (token.kind, written) {
            (TokenKind::Comment, _) => {}
            (TokenKind::Punct, ";") => *self = Self::default(),
            (kind, _) => self.advance(kind, written.to_lowercase()),
        }
    }

    fn advance(&mut self, kind: TokenKind, word: String) {
        let is_explained = || match &*self.verb {
            "explain" => !matches!(&*word, "query" | "plan"),
            verb => matches!(verb, "describe" | "desc" | "summarize"),
        };
        if self.verb.is_empty() || is_explained() {
            self.verb.clone_from(&word);
        }
        let is_operand = self.is_incomplete && self.last != "as";
        self.is_incomplete = self.is_incomplete_after(kind, &word);
        if self.depth == 0 {
            self.has_required |= self.required().is_some_and(|words| words.contains(&word));
            let is_name = matches!(kind, TokenKind::Word | TokenKind::QuotedName) || word == "*";
            let is_column =
                self.verb == "select" && is_operand && is_name && !self.is_incomplete && !LITERALS.contains(&word);
            self.column = match self.column {
                NamedColumn::Named => NamedColumn::Named,
                NamedColumn::Perhaps if word != "(" => NamedColumn::Named,
                _ if is_column => NamedColumn::Perhaps,
                _ => NamedColumn::None,
            };
        }
        match &*word {
            "(" => self.depth += 1,
            ")" => self.depth = self.depth.saturating_sub(1),
            "case" if kind == TokenKind::Word && self.last != "." => self.open_cases += 1,
            "end" if kind == TokenKind::Word && self.last != "." => {
                self.open_cases = self.open_cases.saturating_sub(1);
            }
            _ => {}
        }
        self.last = word;
    }

    /// True if a token must follow `word`, the token after the last.
    fn is_incomplete_after(&self, kind: TokenKind, word: &str) -> bool {
        match kind {
            TokenKind::Word if self.last == "." => false,
            TokenKind::Word if word == "values" => self.last != "default",
            TokenKind::Word => INCOMPLETE_AFTER.contains(word),
            // In the place of a value it means all columns.
            TokenKind::Punct if word == "*" => !self.is_incomplete,
            TokenKind::Punct => OPERATORS.contains(word),
            _ => false,
        }
    }

    /// The words that the verb requires.
    fn required(&self) -> Option<&'static WordList> {
        REQUIRED.iter().find(|(verb, _)| *verb == self.verb).map(|(_, words)| words)
    }

    /// True if a token at the beginning of a line continues it although it is complete.
    fn is_continued_by(&self, token: &Token, text: &str) -> bool {
        !self.last.is_empty() && CONTINUATIONS.contains(&token.text(text).to_lowercase())
    }

    /// The missing token: `a closing ')'`; `None` for a statement that is complete, or plainly wrong, or empty.
    pub(super) fn missing(&self) -> Option<String> {
        let is_required = !self.has_required && (self.verb != "select" || self.column != NamedColumn::None);
        let required = self.required().filter(|_| is_required);
        match self.open {
            Some(open) => Some(open.to_owned()),
            _ if self.depth > 0 => Some("a closing `)`".to_owned()),
            _ if self.is_incomplete => Some(format!("what follows `{}`", self.last)),
            _ if self.open_cases > 0 => Some("`end`".to_owned()),
            _ => required.and_then(|words| words.iter().next()).map(|word| format!("`{word}`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SqlEnd, StatementScanner, is_one_entry, last_entry, missing, next_entry};

    fn entries(text: &str) -> Vec<&str> {
        let mut at = 0;
        std::iter::from_fn(|| {
            let range = next_entry(text, at, SqlEnd::Line, &|_| false)?;
            at = range.end;
            Some(&text[range])
        })
        .collect()
    }

    #[test]
    fn each_language_says_what_it_lacks() {
        let lacks = |entry| missing(entry, &|_| false);
        assert_eq!(lacks("select (1"), Some("a closing `)`".to_owned()));
        assert_eq!(lacks("fn f(x) {"), Some("a closing `}`".to_owned()));
        assert_eq!(lacks(".run ("), None);
        assert_eq!(missing("values", &|name| name == "values"), None);
    }

    #[test]
    fn of_several_entries_the_last_says_what_it_lacks() {
        let lacks = |text| missing(last_entry(text, &|_| false), &|_| false);
        assert_eq!(lacks("F29;\nselect (1"), Some("a closing `)`".to_owned()));
        assert_eq!(lacks("select 1;\nfn f(x) {\n"), Some("a closing `}`".to_owned()));
        assert_eq!(lacks("select 1;\nF29 / F30\n.why"), None);
        assert_eq!(lacks("select provider,\namount"), Some("`from`".to_owned()));
        assert_eq!(lacks(""), None);
    }

    #[test]
    fn a_script_of_several_lines_is_one_entry() {
        let is_one = |text| is_one_entry(text, &|_| false);
        for text in ["", "-- a", "  select 1; select 2 -- b", "let a = 1;\nlet b = 2;\na + b", "select 1\n, 2;"] {
            assert!(is_one(text), "{text}");
        }
        for text in ["select 1;\nselect 2", "F29\nF30", "let a = 1;\nselect :a", ".why F29\nF30", "select 1;\nF29"] {
            assert!(!is_one(text), "{text}");
        }
    }

    #[test]
    fn what_is_typed_ends_at_a_semicolon() {
        let text = "select id from facts\nfoo; -- a\nF29\nselect 1 \\G\nselect 2;select 3;\n.why";
        let (mut at, mut found) = (0, Vec::new());
        while let Some(range) = next_entry(text, at, SqlEnd::Semicolon, &|_| false) {
            at = range.end;
            found.push(&text[range]);
        }
        assert_eq!(found, ["select id from facts\nfoo;", "F29", "select 1 \\G", "select 2;select 3;", ".why"]);
    }

    #[test]
    fn a_line_is_an_entry() {
        assert_eq!(
            entries("F29 / F30\n.why\nselect 1; select 2\n\nlet x = 1;\n"),
            ["F29 / F30", ".why", "select 1; select 2", "let x = 1;"]
        );
    }

    #[test]
    fn lines_that_belong_together_are_joined() {
        for whole in [
            "select provider, amount -- both\n-- of all\nfrom pledges\nwhere amount is not null;",
            "select 1\n, 2\nunion\nselect 3, 4",
            "insert into t (a)\nvalues (1),\n\n(2)",
            "fn f(x) {\n  x\n}",
            "query(\"select 1\")\n  .filter(|r| true)\n  .len()",
            "if x { 1 }\nelse { 2 }",
            "select case when 1 then 2\nelse 3\nend as n",
            "select a from t order by a\ndesc\nnulls last",
            "select a from t order by a\nasc",
            "select a from t where a like 'x'\nescape '!'",
            "select a from t where a\nnot in (1)",
            "select ';\n' as a",
            "describe select a,\nb\nfrom t;",
            "desc select a\nfrom t\nwhere a",
            "let t = `a\nb`",
            "let t = `a {\nb`",
            "fn f() {\n  // }\n  \"}\"\n}",
            "#{\n  a: [\n1\n]\n}",
            "1 +\n2",
        ] {
            assert_eq!(entries(&format!("{whole}\nF29\n")), [whole, "F29"]);
        }
    }

    #[test]
    fn what_is_whole_does_not_swallow_the_next_line() {
        assert_eq!(entries("select 1;\nfrom\n"), ["select 1;", "from"]);
        assert_eq!(entries("F29\n.tables\ncommit\nF30"), ["F29", ".tables", "commit", "F30"]);
        assert_eq!(entries("f(1)\nelsewhere"), ["f(1)", "elsewhere"]);
    }

    #[test]
    fn comments_and_the_first_line_of_a_program_are_no_entries() {
        assert_eq!(entries("#!/usr/bin/env pledgebook\n-- a\n// b\n/* c\n*/ .why\n-- d"), [".why"]);
        assert_eq!(entries(" \n\t\n"), Vec::<&str>::new());
        assert_eq!(entries(""), Vec::<&str>::new());
    }

    #[test]
    fn an_entry_that_lacks_something_goes_to_the_end() {
        assert_eq!(entries("select (1,\n2\n"), ["select (1,\n2"]);
        assert_eq!(entries("fn f() {\n1\n"), ["fn f() {\n1"]);
    }

    #[test]
    fn a_closing_bracket_too_many_ends_with_its_line() {
        assert_eq!(entries("f(1))\nF29\n"), ["f(1))", "F29"]);
    }

    #[test]
    fn a_long_function_is_read_once() {
        let whole = format!("fn f(x) {{\n{}}}", "  let y = [x, (x)];\n".repeat(4_000));
        assert_eq!(entries(&format!("{whole}\nF29")), [&whole, "F29"]);
    }

    #[test]
    fn windows_line_ends_are_line_ends() {
        assert_eq!(entries("select 1\r\nF29\r\n.why\r\n"), ["select 1", "F29", ".why"]);
    }

    #[test]
    fn a_statement_that_could_run_is_whole() {
        for text in [
            "select 1",
            "select 1;",
            "select 1 as n",
            "select count(*)",
            "select * from t",
            "select a, b.* from t",
            "select null",
            "select 'from'",
            "select :F29",
            "select (select a from t)",
            "select max(1, 2) n",
            "select a from t where b = 1 -- and",
            "insert into t default values",
            "insert into t select 1",
            "insert into t values (1) returning *",
            "begin",
            "vacuum",
            "create table t (a)",
            "create view v as select 1",
            "with x as (select 1) select 1",
            "explain query plan select 1",
            "pragma table_info(t)",
            "select a from t order by plan",
            "select t.\"order\" from t",
            "update t set a = 1",
            "",
            "select 1 )",
            "-- select",
            "select 1; -- select",
            "values (1)",
            "select current_date",
            "analyze",
            "delete from t",
            "select case when 1 then 2 else 3 end",
            "select case when 1 then (case 2 when 3 then 4 end) end n from t",
            "select t.case from t",
            "end",
        ] {
            assert_eq!(StatementScanner::ending_in(text).missing(), None, "{text}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        for (text, missing) in [
            ("select", "what follows `select`"),
            ("select 'a", "a closing `'`"),
            ("select 1 /* a", "a closing `*/`"),
            ("select (1", "a closing `)`"),
            ("select 1 +", "what follows `+`"),
            ("select a,", "what follows `,`"),
            ("select 2 *", "what follows `*`"),
            ("SELECT a FROM", "what follows `from`"),
            ("select a from t where", "what follows `where`"),
            ("select a from t union all", "what follows `all`"),
            ("select provider, amount", "`from`"),
            ("select *", "`from`"),
            ("select t.*", "`from`"),
            ("select \"a\"", "`from`"),
            ("insert into t (a)", "`values`"),
            ("update t", "`set`"),
            ("create table t", "`as`"),
            ("with x as (select 1)", "`select`"),
            ("explain select a", "`from`"),
            ("select 1; select a", "`from`"),
            ("select case when a then 1", "`end`"),
            ("select case a when 1 then case when 2 then 3 end", "`end`"),
            ("select case when", "what follows `when`"),
        ] {
            assert_eq!(StatementScanner::ending_in(text).missing().as_deref(), Some(missing), "{text}");
        }
    }
}
