//! Completion of SQL by what the FROM of the query around the cursor reads, be that before the cursor or behind: the
//! statement as tokens without the word being typed, the syntactic position of the cursor, the columns of each FROM item.

use super::{Offer, Vocabulary, fitting, is_plain_in_sql, start_of_word};
use crate::script::Holds;
use crate::sql::lex::{Token, TokenKind, tokens};
use crate::terminal::language::SQL_KEYWORDS;
use std::ops::Range;

/// Where the word at the byte `pos` of a text of SQL begins, and what it may become.
pub(super) fn complete(text: &str, pos: usize, vocabulary: &Vocabulary) -> (usize, Vec<Offer>) {
    let start = start_of_word(&text[..pos]);
    let word = &text[start..pos];
    let Some(query) = Query::at(text, start, pos) else { return (start, Vec::new()) };
    let reader = Reader { query: &query, vocabulary };
    let place = place(&query, text[..start].ends_with(':'));
    let mut found = match place {
        Place::Parameter => parameters(vocabulary),
        Place::Relation => relations(&reader),
        Place::Column(of) => reader.columns_of(of),
        Place::Keyword => Vec::new(),
        Place::Value => reader.values(word),
    };
    let takes_keywords = !matches!(place, Place::Parameter | Place::Column(_));
    if takes_keywords && !word.is_empty() {
        let is_upper = word.starts_with(char::is_uppercase);
        found.extend(
            SQL_KEYWORDS
                .iter()
                .map(|word| if is_upper { word.to_uppercase() } else { word.to_owned() })
                .map(Offer::name),
        );
    }
    (start, fitting(found, word))
}

/// Variables and ids, behind their colon. What holds rows can't be bound.
fn parameters(vocabulary: &Vocabulary) -> Vec<Offer> {
    let is_bound = |holds: &Holds| matches!(holds, Holds::Quantity | Holds::Other);
    let own = vocabulary.own.iter().filter(|own| own.signature.is_none() && is_bound(&own.holds));
    let ids = vocabulary.ids.iter().filter(|id| is_bound(&id.holds));
    own.map(|own| Offer::name(&own.name).first()).chain(ids.map(Offer::id)).collect()
}

/// Tables, views, what `with` names, tables in variables.
fn relations(reader: &Reader<'_, '_>) -> Vec<Offer> {
    let book = reader.vocabulary.relations.iter().map(|(name, _)| name.as_str());
    let own = reader.vocabulary.own_tables().map(|(name, _)| name);
    let all = reader.with_names().map(|(name, ..)| name).chain(book).chain(own);
    all.filter(|name| is_plain_in_sql(name)).map(|name| Offer::name(name).first()).collect()
}

fn columns<'c>(columns: impl IntoIterator<Item = &'c String>) -> Vec<Offer> {
    columns.into_iter().filter(|name| is_plain_in_sql(name)).map(|name| Offer::name(name).first()).collect()
}

impl Reader<'_, '_> {
    /// The columns behind `name.`: those of the alias, of the table or view; of all while there is no FROM.
    fn columns_of(&self, name: &str) -> Vec<Offer> {
        let sources: Vec<Source> = self.query.around().iter().flat_map(|range| self.sources_here(range)).collect();
        if let Some(source) = sources.iter().find(|source| source.name.eq_ignore_ascii_case(name)) {
            return columns(&source.columns);
        }
        if let Some(own) = self.vocabulary.columns(name) {
            return columns(own);
        }
        match name.to_ascii_lowercase().as_str() {
            "main" | "temp" => relations(self),
            // What stands there is an alias, of any of them.
            _ if sources.is_empty() => self.all_columns(),
            _ => Vec::new(),
        }
    }

    /// What can be part of a value: the columns of FROM, or all by name where it has none that is known; aliases and
    /// functions once something of them is typed. A query within that has no FROM yet may be going to read anything.
    fn values(&self, word: &str) -> Vec<Offer> {
        let (mut found, mut sources, mut is_any) = (Vec::new(), Vec::new(), false);
        for range in self.query.around() {
            sources = self.sources_here(&range);
            if sources.iter().any(|source| !source.columns.is_empty()) {
                let results = self.results_here(&range);
                found = columns(sources.iter().flat_map(|source| &source.columns).chain(&results));
                break;
            }
            is_any |= self.query.is(range.start, "select");
        }
        if found.is_empty() || is_any {
            found.extend(self.all_columns().into_iter().map(|offer| Offer { rank: 1, ..offer }));
        }
        if word.is_empty() {
            return found;
        }
        let functions = self.vocabulary.sql_functions.iter().map(Offer::function);
        let own =
            self.vocabulary.own.iter().filter_map(|own| Some(Offer::name(&own.name).shown(own.signature.clone()?)));
        found.extend(functions.chain(own));
        if sources.is_empty() {
            found.extend(relations(self));
        }
        let aliases = sources.iter().map(|source| &source.name).filter(|name| is_plain_in_sql(name));
        found.extend(aliases.map(Offer::name));
        found
    }

    fn all_columns(&self) -> Vec<Offer> {
        columns(self.vocabulary.relations.iter().flat_map(|(_, columns)| columns))
    }
}

/// What may stand somewhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place<'t> {
    /// A table or view.
    Relation,
    /// A column of this table, view or alias.
    Column(&'t str),
    /// The name of a variable or an id, behind its colon.
    Parameter,
    /// A keyword alone: at the beginning, behind a table, behind `as`.
    Keyword,
    /// A column, a function, a keyword: whatever is part of a value.
    Value,
}

/// Words that say what follows them, up to the next of them.
const CLAUSES: [&str; 15] = [
    "select",
    "from",
    "join",
    "on",
    "using",
    "where",
    "by",
    "having",
    "limit",
    "offset",
    "set",
    "values",
    "returning",
    "into",
    "update",
];

/// Words between two tables, before the `join`.
const JOINING: [&str; 7] = ["left", "right", "inner", "outer", "full", "cross", "natural"];

/// What may stand at the cursor; `after_colon` says whether a `:` stands right before it.
pub(super) fn place<'t>(query: &Query<'t>, after_colon: bool) -> Place<'t> {
    let at = query.at;
    if after_colon {
        return Place::Parameter;
    }
    let Some(last) = at.checked_sub(1) else { return Place::Keyword };
    if query.text(last) == "." {
        return last.checked_sub(1).and_then(|name| query.name(name)).map_or(Place::Value, Place::Column);
    }
    if query.is_comparing(last) {
        return Place::Value;
    }
    let is_dropping = query.is_one_of(last, &["table", "view"]) && query.is_one_of(0, &["drop", "alter"]);
    let opens_from = query.text(last) == "(" && expects_relation(query, last);
    if is_dropping || opens_from || expects_relation(query, at) {
        return Place::Relation;
    }
    let is_verb = last == 0 && query.name(0).is_some() && !query.is(0, "select");
    let is_behind_table =
        clause(query, at).is_some_and(|at| query.is_one_of(at, &BEFORE_RELATION)) && query.text(last) != "(";
    if is_verb || query.is(last, "as") || is_behind_table || query.is_one_of(last, &JOINING) {
        return Place::Keyword;
    }
    Place::Value
}

/// Whether a table or view is named at a place: behind `from` and its like, and behind a comma in FROM.
fn expects_relation(query: &Query<'_>, at: usize) -> bool {
    let Some(last) = at.checked_sub(1) else { return false };
    let is_in_from = |at| query.is_one_of(at, &["from", "join", "on", "using"]);
    query.is_one_of(last, &BEFORE_RELATION) || (query.text(last) == "," && clause(query, last).is_some_and(is_in_from))
}

/// The word before a place that says what stands there, in the same parentheses.
fn clause(query: &Query<'_>, at: usize) -> Option<usize> {
    let opens = (0..at).rev().find(|open| query.text(*open) == "(" && query.close(*open) >= at);
    let level = query.level(opens.map_or(0, |open| open + 1)..at);
    level.into_iter().rev().find(|at| query.is_one_of(*at, &CLAUSES))
}

/// A statement.
pub(super) struct Query<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    /// For each token that is `(`: the token that closes it, or the number of all.
    closes: Vec<usize>,
    /// How many tokens stand before the cursor.
    pub(super) at: usize,
}

/// Words that begin what has rows.
const QUERIES: [&str; 3] = ["select", "with", "values"];

impl<'t> Query<'t> {
    /// The statement at the byte `pos` of `text`, without the word that begins at `start`; `None` in a text, a quoted name
    /// or a comment.
    pub(super) fn at(text: &'t str, start: usize, pos: usize) -> Option<Self> {
        let mut found = Vec::new();
        let mut at = 0;
        for token in tokens(text) {
            let is_open = !token.is_closed || token.text(text).starts_with("--");
            let is_around = token.range.start < pos && (pos < token.range.end || (is_open && pos == token.range.end));
            let is_quote = matches!(token.kind, TokenKind::Text | TokenKind::QuotedName | TokenKind::Comment);
            if is_around && is_quote {
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
        Some(Self::new(text, found, at))
    }

    fn new(text: &'t str, tokens: Vec<Token>, at: usize) -> Self {
        let mut closes = vec![tokens.len(); tokens.len()];
        let mut open = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            match token.text(text) {
                "(" => open.push(index),
                ")" => {
                    if let Some(opened) = open.pop() {
                        closes[opened] = index;
                    }
                }
                _ => {}
            }
        }
        Self { text, tokens, closes, at }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The token at a place as written; nothing beyond the end.
    pub(super) fn text(&self, at: usize) -> &'t str {
        self.tokens.get(at).map_or("", |token| token.text(self.text))
    }

    /// The token before a place.
    pub(super) fn before(&self, at: usize) -> &'t str {
        at.checked_sub(1).map_or("", |at| self.text(at))
    }

    pub(super) fn is(&self, at: usize, word: &str) -> bool {
        self.text(at).eq_ignore_ascii_case(word)
    }

    /// Whether the token is one of some words in lower case.
    pub(super) fn is_one_of(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(at, word))
    }

    /// The name that a token is, without its quotes.
    pub(super) fn name(&self, at: usize) -> Option<&'t str> {
        let token = self.tokens.get(at)?;
        let written = token.text(self.text);
        match token.kind {
            TokenKind::Word => Some(written),
            TokenKind::QuotedName if token.is_closed => written.get(1..written.len() - 1),
            _ => None,
        }
    }

    /// What closes the parenthesis at a place.
    pub(super) fn close(&self, at: usize) -> usize {
        self.closes[at]
    }

    /// Whether the `from` at a place is that of `is distinct from`.
    pub(super) fn is_comparing(&self, at: usize) -> bool {
        at > 1 && self.is(at, "from") && self.is(at - 1, "distinct") && self.is_one_of(at - 2, &["is", "not"])
    }

    /// Whether a query begins at a place.
    pub(super) fn is_query(&self, at: usize) -> bool {
        self.is_one_of(at, &QUERIES)
    }

    /// The tokens of a range that stand in no parentheses of it; of those only the `(`. One that is still open, and holds no
    /// query, hides nothing: `select max( from t` has a `from`.
    pub(super) fn level(&self, range: Range<usize>) -> Vec<usize> {
        let mut level = Vec::new();
        let mut at = range.start;
        while at < range.end.min(self.len()) {
            level.push(at);
            let is_group = self.text(at) == "(" && (self.close(at) < self.len() || self.is_query(at + 1));
            at = if is_group { self.close(at) } else { at } + 1;
        }
        level
    }

    /// The ranges that the cursor stands in, from the innermost parentheses out to the statement.
    pub(super) fn around(&self) -> Vec<Range<usize>> {
        let is_around = |open: &usize| self.text(*open) == "(" && self.close(*open) >= self.at;
        let mut around: Vec<Range<usize>> =
            (0..self.at).rev().filter(is_around).map(|open| open + 1..self.close(open)).collect();
        around.push(0..self.len());
        around
    }
}

/// Queries in queries are followed so deep; one that stands in itself has no end.
const DEEPEST: usize = 6;

/// Behind one of these a table or view is named.
pub(super) const BEFORE_RELATION: [&str; 4] = ["from", "join", "into", "update"];

/// Words that end FROM.
const BEHIND_FROM: [&str; 10] =
    ["where", "group", "order", "having", "limit", "window", "returning", "set", "values", "select"];

/// Words that stand behind a table and are no alias of it.
const NO_ALIAS: [&str; 18] = [
    "on",
    "using",
    "join",
    "left",
    "right",
    "inner",
    "outer",
    "full",
    "cross",
    "natural",
    "union",
    "intersect",
    "except",
    "indexed",
    "not",
    "default",
    "offset",
    "as",
];

const COMPOUND: [&str; 3] = ["union", "intersect", "except"];

/// A table or view that a query reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    /// Its alias, or its name.
    pub(super) name: String,
    /// Its columns; none where it is not known.
    pub(super) columns: Vec<String>,
}

/// The statement that the cursor is in, and the names in reach.
pub(super) struct Reader<'q, 't> {
    pub(super) query: &'q Query<'t>,
    pub(super) vocabulary: &'q Vocabulary,
}

impl Reader<'_, '_> {
    /// What the query reads that the cursor stands in, in a range that it stands in.
    pub(super) fn sources_here(&self, range: &Range<usize>) -> Vec<Source> {
        let part = self.part(range);
        self.sources(&part, 0)
    }

    /// The names that the query around the cursor gives its results by `as`.
    pub(super) fn results_here(&self, range: &Range<usize>) -> Vec<String> {
        let query = self.query;
        let is_named = |at: &usize| query.is(*at, "as");
        let level = query.level(range.clone());
        let end = level.iter().position(|at| query.is(*at, "from")).unwrap_or(level.len());
        level[..end].iter().filter(|at| is_named(at)).filter_map(|at| query.name(at + 1)).map(str::to_owned).collect()
    }

    /// Of the queries that `union` puts together, the one with the cursor: its tokens in no parentheses.
    fn part(&self, range: &Range<usize>) -> Vec<usize> {
        let level = self.query.level(range.clone());
        let is_end = |at: &&usize| self.query.is_one_of(**at, &COMPOUND);
        let start = level.iter().filter(is_end).filter(|at| **at < self.query.at).max().map_or(0, |at| at + 1);
        let end = level.iter().filter(is_end).find(|at| **at >= self.query.at).copied().unwrap_or(usize::MAX);
        level.into_iter().filter(|at| (start..end).contains(at)).collect()
    }

    fn sources(&self, level: &[usize], depth: usize) -> Vec<Source> {
        let query = self.query;
        let mut found = Vec::new();
        let (mut is_from, mut expects) = (false, false);
        let mut place = 0;
        while let Some(at) = level.get(place).copied() {
            let mut taken = 1;
            if query.is_one_of(at, &BEFORE_RELATION) && !query.is_comparing(at) {
                (is_from, expects) = (true, true);
            } else if query.is_one_of(at, &BEHIND_FROM) {
                (is_from, expects) = (false, false);
            } else if is_from && query.text(at) == "," {
                expects = true;
            } else if expects {
                expects = false;
                let (source, length) = self.source(&level[place..], depth);
                found.extend(source);
                taken = length;
            }
            place += taken;
        }
        found
    }

    /// The source that some tokens begin with, and how many of them it takes.
    fn source(&self, level: &[usize], depth: usize) -> (Option<Source>, usize) {
        let query = self.query;
        let is_dot = |place: usize| level.get(place).is_some_and(|at| query.text(*at) == ".");
        let first = if is_dot(1) && level.len() > 2 { 2 } else { 0 };
        let at = level[first];
        let (name, columns) = if query.text(at) == "(" {
            (None, self.results(at + 1..query.close(at), depth))
        } else if let Some(name) = query.name(at) {
            (Some(name), self.columns(name, depth))
        } else {
            return (None, 1);
        };
        let mut next = first + 1;
        // Behind a function that gives rows stand its arguments.
        if name.is_some() && level.get(next).is_some_and(|at| query.text(*at) == "(") {
            next += 1;
        }
        // The closing parenthesis of what was passed over is no token of this level.
        let is_as = level.get(next).is_some_and(|at| query.is(*at, "as"));
        let alias = level.get(next + usize::from(is_as)).and_then(|at| self.alias(*at));
        let taken = if alias.is_some() { next + usize::from(is_as) + 1 } else { next };
        let name = alias.or(name).unwrap_or_default().to_owned();
        (Some(Source { name, columns }), taken)
    }

    fn alias(&self, at: usize) -> Option<&str> {
        let is_none = self.query.is_one_of(at, &NO_ALIAS)
            || self.query.is_one_of(at, &BEHIND_FROM)
            || self.query.is_one_of(at, &BEFORE_RELATION);
        self.query.name(at).filter(|_| !is_none)
    }

    /// The columns of a name in FROM: what `with` names goes before the book's.
    fn columns(&self, name: &str, depth: usize) -> Vec<String> {
        let with = self.with_names().find(|(known, ..)| known.eq_ignore_ascii_case(name));
        match with {
            Some((_, Some(columns), _)) => columns,
            Some((.., body)) => self.results(body, depth),
            None => self.vocabulary.columns(name).unwrap_or_default().to_vec(),
        }
    }

    /// What the statement names by `with`: the name, the columns where they are listed, the tokens of its query.
    pub(super) fn with_names(&self) -> impl Iterator<Item = (&str, Option<Vec<String>>, Range<usize>)> {
        let query = self.query;
        let is_with = (0..query.len()).any(|at| query.is(at, "with"));
        (1..query.len()).filter(move |at| is_with && query.is(*at, "as")).filter_map(move |at| {
            let mut open = at + 1;
            open += usize::from(query.is(open, "not"));
            open += usize::from(query.is(open, "materialized"));
            if query.text(open) != "(" || !query.is_query(open + 1) {
                return None;
            }
            let body = open + 1..query.close(open);
            if query.before(at) != ")" {
                return Some((query.name(at - 1)?, None, body));
            }
            let listed = (0..at - 1).rev().find(|open| query.text(*open) == "(" && query.close(*open) == at - 1)?;
            let columns =
                query.level(listed + 1..at - 1).into_iter().filter_map(|at| query.name(at)).map(str::to_owned);
            Some((query.name(listed.checked_sub(1)?)?, Some(columns.collect()), body))
        })
    }

    /// The names of the results of a query, as far as they can be told.
    pub(super) fn results(&self, range: Range<usize>, depth: usize) -> Vec<String> {
        let query = self.query;
        if depth >= DEEPEST {
            return Vec::new();
        }
        let level = query.level(range);
        let Some(select) = level.iter().position(|at| query.is(*at, "select")) else { return Vec::new() };
        let level = &level[select + 1..];
        let is_end =
            |at: &usize| query.is(*at, "from") || query.is_one_of(*at, &BEHIND_FROM) || query.is_one_of(*at, &COMPOUND);
        let end = level.iter().position(is_end).unwrap_or(level.len());
        let part =
            level.iter().skip(end).position(|at| query.is_one_of(*at, &COMPOUND)).map_or(level.len(), |at| end + at);
        let items = level[..end].split(|at| query.text(*at) == ",");
        items.flat_map(|item| self.result(item, &level[end..part], depth)).collect()
    }

    /// The names of one item of a `select`; `*` has several.
    fn result(&self, item: &[usize], from: &[usize], depth: usize) -> Vec<String> {
        let query = self.query;
        let skipped = usize::from(item.first().is_some_and(|at| query.is_one_of(*at, &["distinct", "all"])));
        let item = &item[skipped..];
        let Some(last) = item.last() else { return Vec::new() };
        let before = |back: usize| item.len().checked_sub(back).map_or("", |place| query.text(item[place]));
        if query.text(*last) == "*" && (item.len() == 1 || before(2) == ".") {
            let of = item.first().filter(|_| item.len() > 1).and_then(|at| query.name(*at));
            let is_meant = |source: &Source| of.is_none_or(|name| source.name.eq_ignore_ascii_case(name));
            let sources = self.sources(from, depth + 1).into_iter().filter(is_meant);
            return sources.flat_map(|source| source.columns).collect();
        }
        let is_bare = item.len() == 1 || before(2) == "." || before(2).eq_ignore_ascii_case("as");
        let is_alias = || before(2) == "(" || before(2).chars().all(|c| c.is_alphanumeric() || c == '_');
        let name = query.name(*last).filter(|_| is_bare || (is_alias() && !query.is(*last, "end")));
        name.map(str::to_owned).into_iter().collect()
    }
}
