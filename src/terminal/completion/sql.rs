//! Completion of SQL by the FROM of the query around the cursor, be that before the cursor or behind: the statement as
//! tokens without the word being typed, the syntactic position of the cursor, the columns of each FROM item.

use super::{Completion, Vocabulary, filter_by_prefix, is_inside, is_sql_identifier, word_start};
use crate::script::ValueShape;
use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind, WordList, bracket_pairs};
use crate::terminal::language::SQL_KEYWORDS;
use std::ops::Range;

/// The start of the word at the byte `pos` of a text of SQL, and its candidates.
pub(super) fn complete(text: &str, pos: usize, vocabulary: &Vocabulary) -> (usize, Vec<Completion>) {
    let start = word_start(&text[..pos]);
    let word = &text[start..pos];
    let Some(query) = CursorStatement::parse(text, start, pos) else { return (start, Vec::new()) };
    let resolver = FromResolver { query: &query, vocabulary };
    let position = cursor_position(&query, text[..start].ends_with(':'));
    let mut found = match position {
        CursorPosition::Parameter => parameter_candidates(vocabulary),
        CursorPosition::Relation => relation_candidates(&resolver),
        CursorPosition::Column(of) => resolver.qualified_column_candidates(of),
        CursorPosition::Keyword => Vec::new(),
        CursorPosition::Value => resolver.value_candidates(word),
    };
    let takes_keywords = !matches!(position, CursorPosition::Parameter | CursorPosition::Column(_));
    if takes_keywords && !word.is_empty() {
        let is_upper = word.starts_with(char::is_uppercase);
        found.extend(
            SQL_KEYWORDS
                .iter()
                .map(|word| if is_upper { word.to_uppercase() } else { word.to_owned() })
                .map(Completion::new),
        );
    }
    (start, filter_by_prefix(found, word))
}

/// Variables and ids, behind their colon. Tables, arrays and rows can't be bound.
fn parameter_candidates(vocabulary: &Vocabulary) -> Vec<Completion> {
    let is_bound = |holds: &ValueShape| matches!(holds, ValueShape::Quantity | ValueShape::Other);
    let symbol = vocabulary.user_defined.iter().filter(|symbol| symbol.signature.is_none() && is_bound(&symbol.shape));
    let ids = vocabulary.ids.iter().filter(|id| is_bound(&id.holds));
    symbol.map(|symbol| Completion::new(&symbol.name).ranked_first()).chain(ids.map(Completion::of_id)).collect()
}

/// Tables, views, common table expressions, tables in variables.
fn relation_candidates(resolver: &FromResolver<'_, '_>) -> Vec<Completion> {
    let book = resolver.vocabulary.relations.iter().map(|(name, _)| name.as_str());
    let symbol = resolver.vocabulary.user_defined_tables().map(|(name, _)| name);
    let all = resolver.ctes().map(|(name, ..)| name).chain(book).chain(symbol).filter(|name| is_sql_identifier(name));
    let attached = resolver.vocabulary.attached.iter().filter(|(_, name, _)| is_sql_identifier(name));
    let qualified = attached.map(|(database, name, _)| format!("{database}.{name}"));
    all.map(str::to_owned).chain(qualified).map(|name| Completion::new(name).ranked_first()).collect()
}

/// The tables and views of an attached database, behind its name and a point.
fn attached_candidates(vocabulary: &Vocabulary, database: &str) -> Vec<Completion> {
    let of_it = vocabulary.attached.iter().filter(|(of, ..)| of.eq_ignore_ascii_case(database));
    let names = of_it.map(|(_, name, _)| name).filter(|name| is_sql_identifier(name));
    names.map(|name| Completion::new(name).ranked_first()).collect()
}

fn column_candidates<'c>(columns: impl IntoIterator<Item = &'c String>) -> Vec<Completion> {
    columns
        .into_iter()
        .filter(|name| is_sql_identifier(name))
        .map(|name| Completion::new(name).ranked_first())
        .collect()
}

impl FromResolver<'_, '_> {
    /// The columns behind `name.`: those of the alias, of the table or view; of all while there is no FROM.
    fn qualified_column_candidates(&self, name: &str) -> Vec<Completion> {
        let from_items: Vec<FromItem> =
            self.query.enclosing_ranges().iter().flat_map(|range| self.items_at_cursor(range)).collect();
        let is_named = |from_item: &&FromItem| from_item.name.eq_ignore_ascii_case(name);
        let is_attached = self.vocabulary.attached.iter().any(|(of, ..)| of.eq_ignore_ascii_case(name));
        // Before its table is typed, the database looks like one.
        if let Some(from_item) =
            from_items.iter().find(is_named).filter(|item| !(is_attached && item.columns.is_empty()))
        {
            return column_candidates(&from_item.columns);
        }
        if let Some(symbol) = self.vocabulary.columns(name) {
            return column_candidates(symbol);
        }
        match name.to_ascii_lowercase().as_str() {
            "main" | "temp" => relation_candidates(self),
            _ if is_attached => attached_candidates(self.vocabulary, name),
            // It is an alias, of any of them.
            _ if from_items.is_empty() => self.all_columns(),
            _ => Vec::new(),
        }
    }

    /// Candidates for a value: the columns of FROM, or all by name where it has none that is known; aliases and
    /// functions once a letter is typed. A subquery without a FROM may yet read any table.
    fn value_candidates(&self, word: &str) -> Vec<Completion> {
        let (mut found, mut from_items, mut is_any) = (Vec::new(), Vec::new(), false);
        for range in self.query.enclosing_ranges() {
            from_items = self.items_at_cursor(&range);
            if from_items.iter().any(|from_item| !from_item.columns.is_empty()) {
                let aliases = self.result_aliases_at_cursor(&range);
                found = column_candidates(from_items.iter().flat_map(|from_item| &from_item.columns).chain(&aliases));
                break;
            }
            is_any |= self.query.is(range.start, "select");
        }
        if found.is_empty() || is_any {
            found.extend(self.all_columns().into_iter().map(|candidate| Completion { rank: 1, ..candidate }));
        }
        if word.is_empty() {
            return found;
        }
        let functions = self.vocabulary.sql_functions.iter().map(Completion::of_function);
        let symbol = self
            .vocabulary
            .user_defined
            .iter()
            .filter_map(|symbol| Some(Completion::new(&symbol.name).with_display(symbol.signature.clone()?)));
        found.extend(functions.chain(symbol));
        if from_items.is_empty() {
            found.extend(relation_candidates(self));
        }
        let aliases = from_items.iter().map(|from_item| &from_item.name).filter(|name| is_sql_identifier(name));
        found.extend(aliases.map(Completion::new));
        found
    }

    fn all_columns(&self) -> Vec<Completion> {
        column_candidates(self.vocabulary.relations.iter().flat_map(|(_, columns)| columns))
    }
}

/// The syntactic position of the cursor.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum CursorPosition<'t> {
    /// A table or view.
    Relation,
    /// A column of this table, view or alias.
    Column(&'t str),
    /// The name of a variable or an id, behind its colon.
    Parameter,
    /// A keyword alone: at the beginning, behind a table, behind `as`.
    Keyword,
    /// A value or a part of it: a column, a function, a keyword.
    Value,
}

/// Keywords that begin a clause.
const CLAUSES: WordList =
    WordList("select from join on using where by having limit offset set values returning into update");

/// Words between two tables, before the `join`.
const JOIN_MODIFIERS: WordList = WordList("left right inner outer full cross natural");

/// Keywords that the name of a table or view follows.
const RELATION_KEYWORDS: WordList = WordList("from join into update");

/// Words that end the results of a `select`, and FROM.
const CLAUSE_ENDS: WordList = WordList("where group order having limit window returning set values select");

/// Words besides keywords of queries that can follow a table and are no alias of it.
const NOT_ALIASES: WordList = WordList("indexed default");

const QUERY_KEYWORDS: WordList = WordList("select with values");

const COMPOUND_OPERATORS: WordList = WordList("union intersect except");

/// The position of the cursor, by the tokens before it; `after_colon` is true right behind a `:`.
pub(super) fn cursor_position<'t>(query: &CursorStatement<'t>, after_colon: bool) -> CursorPosition<'t> {
    let at = query.cursor;
    if after_colon {
        return CursorPosition::Parameter;
    }
    let Some(last) = at.checked_sub(1) else { return CursorPosition::Keyword };
    if query.text(last) == "." {
        return last
            .checked_sub(1)
            .and_then(|name| query.name(name))
            .map_or(CursorPosition::Value, CursorPosition::Column);
    }
    if query.is_distinct_from(last) {
        return CursorPosition::Value;
    }
    let is_dropping = query.is_one_of(last, &WordList("table view")) && query.is_one_of(0, &WordList("drop alter"));
    let opens_from = query.text(last) == "(" && expects_relation(query, last);
    if is_dropping || opens_from || expects_relation(query, at) {
        return CursorPosition::Relation;
    }
    let is_verb = last == 0 && query.name(0).is_some() && !query.is(0, "select");
    let is_behind_table = enclosing_clause(query, at).is_some_and(|at| query.is_one_of(at, &RELATION_KEYWORDS))
        && query.text(last) != "(";
    if is_verb || query.is(last, "as") || is_behind_table || query.is_one_of(last, &JOIN_MODIFIERS) {
        return CursorPosition::Keyword;
    }
    CursorPosition::Value
}

/// True if a table or view is expected at a position: behind `from` and its like, and behind a comma in FROM.
fn expects_relation(query: &CursorStatement<'_>, at: usize) -> bool {
    let Some(last) = at.checked_sub(1) else { return false };
    let is_in_from = |at| query.is_one_of(at, &WordList("from join on using"));
    query.is_one_of(last, &RELATION_KEYWORDS)
        || (query.text(last) == "," && enclosing_clause(query, last).is_some_and(is_in_from))
}

/// The keyword of the clause around a position, in the same parentheses.
fn enclosing_clause(query: &CursorStatement<'_>, at: usize) -> Option<usize> {
    let opens = (0..at).rev().find(|open| query.text(*open) == "(" && query.closing(*open) >= at);
    let level = query.top_level(opens.map_or(0, |open| open + 1)..at);
    level.into_iter().rev().find(|at| query.is_one_of(*at, &CLAUSES))
}

/// The statement around the cursor.
pub(super) struct CursorStatement<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    /// The bracket that matches the one at each position.
    pairs: Vec<Option<usize>>,
    /// The number of tokens before the cursor.
    pub(super) cursor: usize,
}

impl<'t> CursorStatement<'t> {
    /// The statement at the byte `pos` of `text`, without the word that begins at `start`; `None` in a text, a quoted name
    /// or a comment.
    pub(super) fn parse(text: &'t str, start: usize, pos: usize) -> Option<Self> {
        let mut found = Vec::new();
        let mut at = 0;
        for token in tokens(text) {
            if is_inside(&token, text, pos) {
                return None;
            }
            if token.text(text) == ";" {
                if token.range.start >= pos {
                    break;
                }
                found.clear();
                at = 0;
                continue;
            }
            let is_word = start < pos && token.range.start <= start && start < token.range.end;
            if token.kind != TokenKind::Comment && !is_word {
                at += usize::from(token.range.end <= start);
                found.push(token);
            }
        }
        let pairs = bracket_pairs(&found, text);
        Some(Self { text, tokens: found, pairs, cursor: at })
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The text of the token at a position; empty beyond the end.
    pub(super) fn text(&self, at: usize) -> &'t str {
        self.tokens.get(at).map_or("", |token| token.text(self.text))
    }

    pub(super) fn is(&self, at: usize, word: &str) -> bool {
        self.text(at).eq_ignore_ascii_case(word)
    }

    /// True if the token is one of some words in lower case.
    fn is_one_of(&self, at: usize, words: &WordList) -> bool {
        words.iter().any(|word| self.is(at, word))
    }

    /// The name in a token, without its quotes.
    pub(super) fn name(&self, at: usize) -> Option<&'t str> {
        let token = self.tokens.get(at)?;
        let written = token.text(self.text);
        match token.kind {
            TokenKind::Word => Some(written),
            TokenKind::QuotedName if token.is_closed => written.get(1..written.len() - 1),
            _ => None,
        }
    }

    /// The token that closes the parenthesis at a position, or the number of tokens.
    fn closing(&self, at: usize) -> usize {
        self.pairs[at].unwrap_or(self.len())
    }

    /// True if the `from` at a position is that of `is distinct from`.
    fn is_distinct_from(&self, at: usize) -> bool {
        at > 1 && self.is(at, "from") && self.is(at - 1, "distinct") && self.is_one_of(at - 2, &WordList("is not"))
    }

    /// True if a query begins at a position.
    fn is_query(&self, at: usize) -> bool {
        self.is_one_of(at, &QUERY_KEYWORDS)
    }

    /// The tokens of a range outside its parentheses, each `(` included. A parenthesis that is open, and holds no
    /// query, hides nothing: `select max( from t` has a `from`.
    fn top_level(&self, range: Range<usize>) -> Vec<usize> {
        let mut positions = Vec::new();
        let mut at = range.start;
        while at < range.end.min(self.len()) {
            positions.push(at);
            let is_group = self.text(at) == "(" && (self.closing(at) < self.len() || self.is_query(at + 1));
            at = if is_group { self.closing(at) } else { at } + 1;
        }
        positions
    }

    /// The ranges around the cursor, from the innermost parentheses out to the statement.
    fn enclosing_ranges(&self) -> Vec<Range<usize>> {
        let is_inside = |open: &usize| self.text(*open) == "(" && self.closing(*open) >= self.cursor;
        let mut ranges: Vec<Range<usize>> =
            (0..self.cursor).rev().filter(is_inside).map(|open| open + 1..self.closing(open)).collect();
        ranges.push(0..self.len());
        ranges
    }
}

/// The deepest nesting of queries that is resolved; a recursive one has no end.
const MAX_DEPTH: usize = 6;

/// A table or view that a query reads.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FromItem {
    /// Its alias, or its name.
    name: String,
    /// Its columns; none where they are not known.
    columns: Vec<String>,
}

/// The resolver of FROM items in the statement around the cursor.
pub(super) struct FromResolver<'q, 't> {
    pub(super) query: &'q CursorStatement<'t>,
    pub(super) vocabulary: &'q Vocabulary,
}

impl FromResolver<'_, '_> {
    /// The FROM items of the query around the cursor, within a range around it.
    fn items_at_cursor(&self, range: &Range<usize>) -> Vec<FromItem> {
        let member = self.compound_member(range);
        self.parse_from(&member, 0)
    }

    /// The aliases by `as` in the query around the cursor.
    fn result_aliases_at_cursor(&self, range: &Range<usize>) -> Vec<String> {
        let query = self.query;
        let is_named = |at: &usize| query.is(*at, "as");
        let level = query.top_level(range.clone());
        let end = level.iter().position(|at| query.is(*at, "from")).unwrap_or(level.len());
        level[..end].iter().filter(|at| is_named(at)).filter_map(|at| query.name(at + 1)).map(str::to_owned).collect()
    }

    /// The member of a compound query with the cursor: its tokens outside parentheses.
    fn compound_member(&self, range: &Range<usize>) -> Vec<usize> {
        let level = self.query.top_level(range.clone());
        let is_end = |at: &&usize| self.query.is_one_of(**at, &COMPOUND_OPERATORS);
        let start = level.iter().filter(is_end).filter(|at| **at < self.query.cursor).max().map_or(0, |at| at + 1);
        let end = level.iter().filter(is_end).find(|at| **at >= self.query.cursor).copied().unwrap_or(usize::MAX);
        level.into_iter().filter(|at| (start..end).contains(at)).collect()
    }

    fn parse_from(&self, level: &[usize], depth: usize) -> Vec<FromItem> {
        let query = self.query;
        let (mut found, mut is_from) = (Vec::new(), false);
        for (position, at) in level.iter().enumerate() {
            let is_keyword = query.is_one_of(*at, &RELATION_KEYWORDS) && !query.is_distinct_from(*at);
            is_from = is_keyword || (is_from && !query.is_one_of(*at, &CLAUSE_ENDS));
            if is_keyword || (is_from && query.text(*at) == ",") {
                found.extend(self.parse_from_item(&level[position + 1..], depth));
            }
        }
        found
    }

    /// The FROM item at the beginning of some tokens.
    fn parse_from_item(&self, level: &[usize], depth: usize) -> Option<FromItem> {
        let query = self.query;
        let is_dot = |position: usize| level.get(position).is_some_and(|at| query.text(*at) == ".");
        let first = if is_dot(1) && level.len() > 2 { 2 } else { 0 };
        let at = *level.get(first)?;
        let (name, columns) = if query.text(at) == "(" {
            (None, self.result_columns(at + 1..query.closing(at), depth))
        } else {
            let name = query.name(at)?;
            let database = if first > 0 { query.name(level[0]) } else { None };
            let attached = database.and_then(|database| self.attached_columns(database, name));
            (Some(name), attached.unwrap_or_else(|| self.relation_columns(name, depth)))
        };
        // The arguments of a table-valued function.
        let is_call = name.is_some() && level.get(first + 1).is_some_and(|at| query.text(*at) == "(");
        let next = first + 1 + usize::from(is_call);
        // The closing parenthesis of skipped tokens is none of this level.
        let is_as = level.get(next).is_some_and(|at| query.is(*at, "as"));
        let alias = level.get(next + usize::from(is_as)).and_then(|at| self.alias(*at));
        Some(FromItem { name: alias.or(name).unwrap_or_default().to_owned(), columns })
    }

    /// The columns of a table of an attached database.
    fn attached_columns(&self, database: &str, name: &str) -> Option<Vec<String>> {
        let is_meant = |(of, known, _): &&(String, String, _)| {
            of.eq_ignore_ascii_case(database) && known.eq_ignore_ascii_case(name)
        };
        self.vocabulary.attached.iter().find(is_meant).map(|(.., columns)| columns.clone())
    }

    fn alias(&self, at: usize) -> Option<&str> {
        let is_keyword = self.query.is_one_of(at, &NOT_ALIASES) || self.query.is_one_of(at, &SQL_KEYWORDS);
        self.query.name(at).filter(|_| !is_keyword)
    }

    /// The columns of a name in FROM: a common table expression hides a table of the book.
    fn relation_columns(&self, name: &str, depth: usize) -> Vec<String> {
        let with = self.ctes().find(|(known, ..)| known.eq_ignore_ascii_case(name));
        match with {
            Some((_, Some(columns), _)) => columns,
            Some((.., body)) => self.result_columns(body, depth),
            None => self.vocabulary.columns(name).unwrap_or_default().to_vec(),
        }
    }

    /// The common table expressions of the statement: the name, the columns where they are listed, the tokens of the
    /// query.
    fn ctes(&self) -> impl Iterator<Item = (&str, Option<Vec<String>>, Range<usize>)> {
        let query = self.query;
        let is_with = (0..query.len()).any(|at| query.is(at, "with"));
        (1..query.len()).filter(move |at| is_with && query.is(*at, "as")).filter_map(move |at| {
            let mut open = at + 1;
            open += usize::from(query.is(open, "not"));
            open += usize::from(query.is(open, "materialized"));
            if query.text(open) != "(" || !query.is_query(open + 1) {
                return None;
            }
            let body = open + 1..query.closing(open);
            if query.text(at - 1) != ")" {
                return Some((query.name(at - 1)?, None, body));
            }
            let listed = query.pairs[at - 1]?;
            let columns =
                query.top_level(listed + 1..at - 1).into_iter().filter_map(|at| query.name(at)).map(str::to_owned);
            Some((query.name(listed.checked_sub(1)?)?, Some(columns.collect()), body))
        })
    }

    /// The names of the result columns of a query, as far as its text gives them.
    pub(super) fn result_columns(&self, range: Range<usize>, depth: usize) -> Vec<String> {
        let query = self.query;
        if depth >= MAX_DEPTH {
            return Vec::new();
        }
        let level = query.top_level(range);
        let Some(select) = level.iter().position(|at| query.is(*at, "select")) else { return Vec::new() };
        let level = &level[select + 1..];
        let is_end = |at: &usize| {
            query.is(*at, "from") || query.is_one_of(*at, &CLAUSE_ENDS) || query.is_one_of(*at, &COMPOUND_OPERATORS)
        };
        let end = level.iter().position(is_end).unwrap_or(level.len());
        let member_end = level
            .iter()
            .skip(end)
            .position(|at| query.is_one_of(*at, &COMPOUND_OPERATORS))
            .map_or(level.len(), |at| end + at);
        let items = level[..end].split(|at| query.text(*at) == ",");
        items.flat_map(|item| self.item_columns(item, &level[end..member_end], depth)).collect()
    }

    /// The names of one result of a `select`; `*` has several.
    fn item_columns(&self, item: &[usize], from: &[usize], depth: usize) -> Vec<String> {
        let query = self.query;
        let skipped = usize::from(item.first().is_some_and(|at| query.is_one_of(*at, &WordList("distinct all"))));
        let item = &item[skipped..];
        let Some(last) = item.last() else { return Vec::new() };
        let before = |back: usize| item.len().checked_sub(back).map_or("", |position| query.text(item[position]));
        if query.text(*last) == "*" && (item.len() == 1 || before(2) == ".") {
            let of = item.first().filter(|_| item.len() > 1).and_then(|at| query.name(*at));
            let is_meant = |from_item: &FromItem| of.is_none_or(|name| from_item.name.eq_ignore_ascii_case(name));
            let from_items = self.parse_from(from, depth + 1).into_iter().filter(is_meant);
            return from_items.flat_map(|from_item| from_item.columns).collect();
        }
        let is_bare = item.len() == 1 || before(2) == "." || before(2).eq_ignore_ascii_case("as");
        let is_alias = || before(2) == "(" || before(2).chars().all(|c| c.is_alphanumeric() || c == '_');
        let name = query.name(*last).filter(|_| is_bare || (is_alias() && !query.is(*last, "end")));
        name.map(str::to_owned).into_iter().collect()
    }
}
