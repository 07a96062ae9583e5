//! What stands in the FROM of a query, and which columns that gives: tables, views, what `with` names, queries in
//! parentheses, each under its alias.

use super::query::Query;
use super::vocabulary::Vocabulary;
use std::ops::Range;

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
