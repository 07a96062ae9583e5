//! Joins that repeat records: a sum or a count over a join in which a record of an imported table stands in several rows. A plain
//! number names no record, so that the join is counted a second time: its rows beside its different records, as one more pass over
//! the same rows.

use crate::store::Book;
use crate::store::catalogue::{Catalogue, ColumnKind, View};
use crate::syntax::TokenKind;
use crate::syntax::expr::Tokens;
use rusqlite::{Statement, StatementStatus};
use std::collections::BTreeSet;
use std::ops::Range;

/// Words behind a source in `from` that are no name of it.
const BEHIND_SOURCE: [&str; 9] = ["on", "using", "left", "right", "inner", "cross", "natural", "full", "outer"];

/// Words that end `from`.
const BEHIND_FROM: [&str; 7] = ["where", "group", "having", "order", "limit", "window", ";"];

/// Words of a statement that is not looked into.
const OTHER_FORMS: [&str; 4] = ["union", "intersect", "except", "window"];

/// The most steps of SQLite's machine that a statement may have taken for its join to be counted a second time.
const MAX_STEPS: i32 = 50_000_000;

/// The warning about an aggregate of a statement that adds up or counts records of an imported table more than once, in the words of
/// the statement as it is written.
pub(crate) fn warning(book: &Book, statement: &Statement<'_>, written: &str) -> Option<String> {
    if !book.catalogue().has_imports() || !statement.readonly() || statement.is_explain() != 0 {
        return None;
    }
    // The counter has 32 bits, and is negative in the upper half.
    if !(0..=MAX_STEPS).contains(&statement.get_status(StatementStatus::VmStep)) {
        return None;
    }
    let sql = statement.expanded_sql()?;
    let tokens = Tokens::new(&sql);
    let joined = JoinedSelect::read(&tokens, book.catalogue())?;
    let calls = joined.calls();
    if calls.is_empty() {
        return None;
    }
    let counts = counts(book, &joined.counting_sql())?;
    let written = Tokens::new(written);
    let as_written = JoinedSelect::read(&written, book.catalogue()).map(|joined| joined.calls()).unwrap_or_default();
    // A translated statement may have other calls than the written one.
    let spoken = if as_written.len() == calls.len() { &as_written } else { &calls };
    calls.iter().zip(spoken).find_map(|(call, spoken)| joined.repeated(call, &spoken.text, &counts))
}

/// The rows of each source and its different records, of the only row of a statement.
fn counts(book: &Book, sql: &str) -> Option<Vec<i64>> {
    let mut prepared = book.prepare(sql).ok()?;
    // Such a function may print, and would do so again.
    if book.calls_scripts(&prepared.findings) {
        return None;
    }
    let counts = prepared.statement.with_mut(|statement| {
        let width = statement.column_count();
        let mut rows = statement.raw_query();
        let row = book.run_step(None, true, || rows.next()).ok()??;
        (0..width).map(|at| row.get(at).ok()).collect()
    });
    // The statement itself has reported the same.
    drop((book.take_function_error(), book.take_denial(), book.take_remarks()));
    counts
}

/// A `select` over a join with imported tables.
struct JoinedSelect<'t> {
    tokens: &'t Tokens<'t>,
    /// The expressions that it selects.
    list: Range<usize>,
    /// The imported tables among its sources, under their names in it.
    imported: Vec<(String, &'t View)>,
}

/// A call of an aggregate of plain values.
struct AggregateCall {
    text: String,
    /// `adds up` or `counts`.
    verb: &'static str,
    /// The imported tables that it is about, as positions among them.
    about: BTreeSet<usize>,
}

impl<'t> JoinedSelect<'t> {
    fn read(tokens: &'t Tokens<'t>, catalogue: &'t Catalogue) -> Option<Self> {
        if !matches!(tokens.word(0).as_str(), "select" | "with") {
            return None;
        }
        let outer = outer_positions(tokens);
        let find = |from: usize, words: &[&str]| {
            outer.iter().copied().find(|at| *at >= from && words.contains(&&*tokens.word(*at)))
        };
        let select = find(0, &["select"])?;
        let from = find(select, &["from"])?;
        let end = find(from, &BEHIND_FROM).unwrap_or(tokens.count());
        let is_other = find(0, &OTHER_FORMS).is_some() || tokens.word(select + 1) == "distinct";
        let list = select + 1..from;
        if is_other || list.clone().any(|at| matches!(tokens.word(at).as_str(), "select" | "over")) {
            return None;
        }
        let inside: Vec<usize> = outer.into_iter().filter(|at| (from..end).contains(at)).collect();
        let starts: Vec<usize> = inside
            .iter()
            .filter(|at| matches!(tokens.word(**at).as_str(), "from" | "," | "join"))
            .map(|at| at + 1)
            .collect();
        let imported: Vec<_> = starts.iter().filter_map(|at| source(tokens, *at, catalogue)).collect();
        (starts.len() > 1 && !imported.is_empty()).then_some(Self { tokens, list, imported })
    }

    /// The calls of `sum`, `total`, `avg` and `count` that are about imported tables.
    fn calls(&self) -> Vec<AggregateCall> {
        let calls = self.list.clone().filter_map(|at| {
            let verb = match self.tokens.word(at).as_str() {
                "sum" | "total" | "avg" => "adds up",
                "count" => "counts",
                _ => return None,
            };
            let (arguments, end) = self.tokens.arguments(at + 1)?;
            let argument = arguments.first().filter(|argument| self.tokens.word(argument.start) != "distinct")?;
            let about = if verb == "counts" { (0..self.imported.len()).collect() } else { self.summed(argument)? };
            let text = self.tokens.text(&(at..end)).to_owned();
            Some(AggregateCall { text, verb, about })
        });
        calls.collect()
    }

    /// The tables whose numbers are added up; `None` where there are none. A sum of quantities is another function by now: these
    /// were made plain, as by `q_amount`.
    fn summed(&self, argument: &Range<usize>) -> Option<BTreeSet<usize>> {
        let mut found = BTreeSet::new();
        for at in argument.clone() {
            let is_name = matches!(self.tokens.kind(at), Some(TokenKind::Word | TokenKind::QuotedName));
            if !is_name || matches!(self.tokens.word(at + 1).as_str(), "(" | ".") {
                continue;
            }
            let column = unquoted(self.tokens, at);
            let qualifier = (at > 1 && self.tokens.word(at - 1) == ".").then(|| unquoted(self.tokens, at - 2));
            for (place, (name, view)) in self.imported.iter().enumerate() {
                let is_of = qualifier.as_ref().is_none_or(|qualifier| qualifier == name);
                let kind = view.column(&column).filter(|_| is_of).map(|column| column.kind);
                if matches!(kind, Some(ColumnKind::Quantity | ColumnKind::Integer)) {
                    found.insert(place);
                }
            }
        }
        (!found.is_empty()).then_some(found)
    }

    /// The statement that counts rows and different records of each imported table, in each group, and adds them up.
    fn counting_sql(&self) -> String {
        let (mut columns, mut sums) = (String::new(), Vec::new());
        for (at, (name, _)) in self.imported.iter().enumerate() {
            let record = format!("\"{}\".record", name.replace('"', "\"\""));
            columns.push_str(&format!(", count({record}) as repeated_{at}, count(distinct {record}) as single_{at}"));
            sums.extend([format!("sum(repeated_{at})"), format!("sum(single_{at})")]);
        }
        let all = self.tokens.text(&(0..self.tokens.count()));
        let all = all.trim_end_matches(|c: char| c == ';' || c.is_whitespace());
        let start = self.tokens.token(0).map_or(0, |token| token.range.start);
        let list_end = self.tokens.bytes(&self.list).end - start;
        format!("select {} from ({}{columns} {}\n)", sums.join(", "), &all[..list_end], &all[list_end..])
    }

    /// The warning about a call, if every table that it is about is repeated; `text` is the call as it is written.
    fn repeated(&self, call: &AggregateCall, text: &str, counts: &[i64]) -> Option<String> {
        let of = |place: &usize| Some((*counts.get(place * 2)?, *counts.get(place * 2 + 1)?));
        let is_repeated = |place: &usize| of(place).is_some_and(|(rows, records)| rows > records);
        let is_found =
            if call.verb == "counts" { call.about.iter().all(is_repeated) } else { call.about.iter().any(is_repeated) };
        let place = call.about.iter().find(|place| is_repeated(place)).filter(|_| is_found)?;
        let (rows, records) = of(place)?;
        let view = &self.imported[*place].1.name;
        let records = if records == 1 { "1 record".to_owned() } else { format!("{records} records") };
        Some(format!(
            "`{text}` {} {rows} rows of {records} of `{view}`, which the join repeats: counted twice?",
            call.verb
        ))
    }
}

/// The positions of the tokens outside of all parentheses.
fn outer_positions(tokens: &Tokens<'_>) -> Vec<usize> {
    let (mut found, mut depth) = (Vec::new(), 0_usize);
    for at in 0..tokens.count() {
        match tokens.word(at).as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ if depth == 0 => found.push(at),
            _ => {}
        }
    }
    found
}

/// The imported table that a source of `from` is, under its name in the statement; `None` for any other source.
fn source<'t>(tokens: &Tokens<'_>, at: usize, catalogue: &'t Catalogue) -> Option<(String, &'t View)> {
    if tokens.word(at + 1) == "." {
        return None;
    }
    let name = unquoted(tokens, at);
    let view = catalogue.imported().find(|view| view.name.eq_ignore_ascii_case(&name))?;
    let alias = if tokens.word(at + 1) == "as" { at + 2 } else { at + 1 };
    let word = tokens.word(alias);
    let is_alias = matches!(tokens.kind(alias), Some(TokenKind::Word | TokenKind::QuotedName))
        && !BEHIND_SOURCE.contains(&&*word)
        && !BEHIND_FROM.contains(&&*word)
        && word != "join";
    Some((if is_alias { unquoted(tokens, alias) } else { name }, view))
}

/// A name in lower case, without its quotes.
fn unquoted(tokens: &Tokens<'_>, at: usize) -> String {
    tokens.word(at).trim_matches(['"', '`', '[', ']']).to_owned()
}
