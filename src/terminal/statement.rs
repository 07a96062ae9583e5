//! How far a statement of SQL has got, token by token: what it still lacks to be whole. It is decided on words and
//! marks alone, since a line that SQLite would refuse must reach SQLite.

use super::keywords::Words;
use crate::syntax::sql::{tokens, unclosed};
use crate::syntax::{Token, TokenKind};

/// Words after which something must follow, unless they stand behind a dot. Words that are names as well
/// (`plan`, `view`) are left out.
const AWAITING: Words = Words(
    "all alter and as attach between by case collate create cross delete detach distinct drop else escape \
     except exists explain from glob group having in inner insert intersect into is join left like limit \
     natural not offset on or order outer over pragma regexp release replace returning savepoint select \
     set table then union update using values when where with",
);

/// Marks after which something must follow. `*` is one as an operator only.
const OPERATORS: Words = Words(", ( . + - / % = == < > <= >= <> != || | & ~ << >> -> ->>");

/// Words that stand where a column could and are none.
const LITERALS: Words = Words("null true false current_date current_time current_timestamp filter");

/// What a verb can't do without, outside parentheses; the first of each is the one to name.
static REQUIRED: [(&str, Words); 7] = [
    ("select", Words("from")),
    ("with", Words("select insert replace update delete values")),
    ("insert", Words("values select default with")),
    ("replace", Words("values select default with")),
    ("update", Words("set")),
    ("create", Words("as (")),
    ("alter", Words("rename add drop")),
];

/// With what a line goes on with the statement before it.
const CONTINUING: Words = Words(
    ", ) || = <> != < > <= >= / and or from where group having order limit offset union except intersect \
     join left right full inner cross natural on using set as when then else between in like is collate \
     returning over filter window asc desc nulls escape glob not regexp",
);

/// Whether a `select` named a column.
#[derive(Debug, Default, PartialEq, Eq)]
enum Column {
    /// It did not.
    #[default]
    None,
    /// The last token is one, unless a `(` makes it a function.
    Perhaps,
    /// It did.
    Named,
}

/// The statement that a text is in, as far as it was pushed; a `;` begins the next one.
#[derive(Debug, Default)]
pub(super) struct Statement {
    /// The verb, in lower case; that of an explained statement in its place.
    verb: String,
    /// The last token, in lower case.
    last: String,
    /// Parentheses that are open.
    depth: usize,
    /// Each `case` that has no `end` yet.
    open_cases: usize,
    /// Whether something must follow the last token.
    is_awaiting: bool,
    /// Whether a column was named outside parentheses, so that a `select` needs its `from`.
    column: Column,
    /// Whether what the verb requires was there.
    has_required: bool,
    /// What closes the quote or comment that is open.
    open: Option<&'static str>,
}

impl Statement {
    /// The statement that `text` ends in.
    pub(super) fn of(text: &str) -> Self {
        let mut statement = Self::default();
        tokens(text).for_each(|token| statement.push(&token, text));
        statement
    }

    /// Goes on by a token of `text`.
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
        if self.verb.is_empty() || (self.verb == "explain" && !matches!(&*word, "query" | "plan")) {
            self.verb.clone_from(&word);
        }
        let is_operand = self.is_awaiting && self.last != "as";
        self.is_awaiting = self.awaits(kind, &word);
        if self.depth == 0 {
            self.has_required |= self.required().is_some_and(|words| words.contains(&word));
            let is_name = matches!(kind, TokenKind::Word | TokenKind::QuotedName) || word == "*";
            let is_column =
                self.verb == "select" && is_operand && is_name && !self.is_awaiting && !LITERALS.contains(&word);
            self.column = match self.column {
                Column::Named => Column::Named,
                Column::Perhaps if word != "(" => Column::Named,
                _ if is_column => Column::Perhaps,
                _ => Column::None,
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

    /// Whether something must follow `word`, the token after the last.
    fn awaits(&self, kind: TokenKind, word: &str) -> bool {
        match kind {
            TokenKind::Word if self.last == "." => false,
            TokenKind::Word if word == "values" => self.last != "default",
            TokenKind::Word => AWAITING.contains(word),
            // Where a value was awaited, it stands for all columns.
            TokenKind::Punct if word == "*" => !self.is_awaiting,
            TokenKind::Punct => OPERATORS.contains(word),
            _ => false,
        }
    }

    /// What the verb can't do without.
    fn required(&self) -> Option<&'static Words> {
        REQUIRED.iter().find(|(verb, _)| *verb == self.verb).map(|(_, words)| words)
    }

    /// Whether nothing of it was pushed.
    pub(super) fn is_empty(&self) -> bool {
        self.last.is_empty()
    }

    /// Whether a token at the beginning of a line belongs to it although it is whole.
    pub(super) fn goes_on_with(&self, token: &Token, text: &str) -> bool {
        !self.is_empty() && CONTINUING.contains(&token.text(text).to_lowercase())
    }

    /// What it lacks: `a closing ')'`; `None` for one that is whole, or plainly wrong, or empty.
    pub(super) fn missing(&self) -> Option<String> {
        let is_required = !self.has_required && (self.verb != "select" || self.column != Column::None);
        let required = self.required().filter(|_| is_required);
        match self.open {
            Some(open) => Some(open.to_owned()),
            _ if self.depth > 0 => Some("a closing `)`".to_owned()),
            _ if self.is_awaiting => Some(format!("what follows `{}`", self.last)),
            _ if self.open_cases > 0 => Some("`end`".to_owned()),
            _ => required.and_then(|words| words.iter().next()).map(|word| format!("`{word}`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Statement;

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
            assert_eq!(Statement::of(text).missing(), None, "{text}");
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
            assert_eq!(Statement::of(text).missing().as_deref(), Some(missing), "{text}");
        }
    }
}
