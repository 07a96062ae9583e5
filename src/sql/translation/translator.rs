//! The translator: each operator that is handed a quantity becomes a call of the function that does the same with units. A plain
//! `k / 2` in the same statement stays SQLite's.

use super::handing::{Handing, handing, is_aggregate, is_format, is_repeatable, takes_text};
use super::plain_scope::{PlainScope, PlainTables};
use super::rewrite::{Clause, Edit, PlacedTerm, Rewrite, Source, bare};
use crate::sql::dataflow::probe_types::{ArgumentTypes, ProbeTypes};
use crate::sql::lowering::decimal;
use crate::syntax::select::{
    BinaryOperator, Direction, Expression, ExpressionKind, InSet, LikeOperator, Literal, Node, ResultColumn, Select,
    SelectCore, SiteId, Span, UnaryOperator, Window,
};
use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind};
use std::collections::{BTreeMap, BTreeSet};

/// The translator of a statement.
pub(super) struct Translator<'s> {
    source: Source<'s>,
    pub(super) types: &'s ProbeTypes,
    /// True once something has no translation.
    pub(super) is_refused: bool,
    /// The number of aggregates around what is being written.
    pub(super) aggregate_depth: usize,
    /// The place of what is being written, for texts of quantities.
    pub(super) texts: TextPlace,
    /// The keys of the groups of the select that is being written, as they are written.
    pub(super) group_keys: Vec<GroupKey>,
    /// True if the only `min` or `max` of the select says which row is shown beside it.
    pub(super) shows_a_row: bool,
    /// True if equality joins are written with keys.
    pub(super) joins_by_keys: bool,
    /// The conditions on keys that equality joins are written with, by the site of the comparison.
    pub(super) joined_by: BTreeMap<SiteId, String>,
    /// The imported tables that may be read by their plain columns.
    pub(super) plain_tables: Option<&'s PlainTables<'s>>,
    /// Those of the select that is being written.
    pub(super) plain: PlainScope,
}

/// A place in a statement, as it matters for texts of quantities.
#[derive(Default)]
pub(super) struct TextPlace {
    /// The number of expressions around it that would read a text as something else.
    pub(super) other_depth: usize,
    /// True in the select that is the statement itself: nothing reads on what its result columns are.
    is_result: bool,
    /// True once a quantity was written into a text.
    pub(super) is_written: bool,
    /// The result columns of the statement itself with texts of quantities.
    pub(super) columns: BTreeSet<SiteId>,
}

/// A key of a group that is a quantity.
pub(super) struct GroupKey {
    site: SiteId,
    /// The names of a column, the table's first.
    names: Vec<String>,
    /// The names of the tables that the select reads.
    tables: Vec<String>,
    pub(super) text: String,
}

impl<'s> Translator<'s> {
    /// A statement as SQLite gets it: by plain columns and with keys of its joins, where there are any; with keys alone; with neither.
    pub(super) fn texts(
        sql: &'s str,
        statement: &Select,
        types: &'s ProbeTypes,
        plain: Option<&'s PlainTables<'s>>,
    ) -> Option<Vec<String>> {
        let ways = [(plain, true), (None, true), (None, false)];
        let mut texts = Vec::new();
        for (plain, has_keys) in ways {
            let text = Self::text(sql, statement, types, plain, has_keys);
            texts.extend(text.filter(|text| !texts.contains(text)));
        }
        (!texts.is_empty()).then_some(texts)
    }

    /// The same in one of these ways.
    fn text(
        sql: &'s str,
        statement: &Select,
        types: &'s ProbeTypes,
        plain_tables: Option<&'s PlainTables<'s>>,
        joins_by_keys: bool,
    ) -> Option<String> {
        let mut translator = Self {
            source: Source::new(sql, statement),
            types,
            is_refused: false,
            aggregate_depth: 0,
            texts: TextPlace { other_depth: 1, ..TextPlace::default() },
            group_keys: Vec::new(),
            shows_a_row: false,
            joins_by_keys,
            joined_by: BTreeMap::new(),
            plain_tables,
            plain: PlainScope::default(),
        };
        let text = translator.select(statement);
        let sql = translator.source.with_select(text);
        (!translator.is_refused).then_some(sql)
    }

    /// An expression that nothing does with units.
    pub(super) fn refused(&mut self, expression: &Expression) -> String {
        self.is_refused = true;
        self.kept(expression)
    }

    /// A call of a function with its site.
    pub(super) fn function<'e>(
        &mut self,
        site: SiteId,
        name: &str,
        operands: impl IntoIterator<Item = &'e Expression>,
    ) -> String {
        let texts = operands.into_iter().map(|operand| self.operand(operand));
        let all: Vec<String> = std::iter::once(site.to_string()).chain(texts).collect();
        format!("pledgebook_{name}({})", all.join(", "))
    }

    /// What stands beside a quantity: a literal with all its digits.
    pub(super) fn operand(&mut self, expression: &Expression) -> String {
        self.number(expression).unwrap_or_else(|| self.expression(expression))
    }

    /// A literal beside a quantity, or plain arithmetic with a decimal in it, which a double would round.
    pub(super) fn number(&mut self, expression: &Expression) -> Option<String> {
        let written = &self.source.sql[expression.span.clone()];
        match &expression.kind {
            ExpressionKind::Literal(Literal::Real) => Some(format!("q('{}')", decimal(written)?)),
            ExpressionKind::Literal(Literal::Text) => Some(format!("q({written})")),
            ExpressionKind::Parenthesised(inner) => self.number(inner),
            _ if self.types.takes_quantity(expression.id) || !has_decimal(expression) => None,
            ExpressionKind::Unary(UnaryOperator::Minus, operand) => {
                Some(format!("pledgebook_neg({}, {})", expression.id, self.operand(operand)))
            }
            ExpressionKind::Unary(UnaryOperator::Plus, operand) => self.number(operand),
            ExpressionKind::Binary { operator, left, right, .. } => {
                arithmetic(*operator).map(|name| self.function(expression.id, name, [&**left, right]))
            }
            _ => None,
        }
    }

    fn argument(&self, site: SiteId, at: usize) -> ArgumentTypes {
        self.types.argument(site, at)
    }

    fn binary(&mut self, expression: &Expression, operator: BinaryOperator, operands: [&Expression; 2]) -> String {
        let site = expression.id;
        if let Some(text) = self.compared_plainly(site, operator, operands) {
            return text;
        }
        let Some(name) = arithmetic(operator).or_else(|| comparison(operator)) else { return self.refused(expression) };
        let text = self.function(site, name, operands);
        match self.joined_by.get(&site) {
            Some(keys) => format!("({keys} and {text})"),
            None => text,
        }
    }

    fn is(&mut self, expression: &Expression, is_negated: bool, operands: [&Expression; 2]) -> String {
        let site = expression.id;
        if !operands.iter().enumerate().all(|(at, _)| self.argument(site, at).quantity) {
            return self.refused(expression);
        }
        let is_strict = u8::from((0..2).any(|at| self.argument(site, at).plain));
        let [left, right] = operands.map(|operand| {
            let text = self.expression(operand);
            format!("pledgebook_key({site}, {text}, {is_strict})")
        });
        format!("({left} is {}{right})", if is_negated { "not " } else { "" })
    }

    fn case(
        &mut self,
        expression: &Expression,
        (base, comparison): (Option<&Expression>, SiteId),
        branches: &[(Expression, Expression)],
        otherwise: Option<&Expression>,
    ) -> String {
        let (gives_quantity, compares) =
            (self.types.takes_quantity(expression.id), self.types.takes_quantity(comparison));
        if !gives_quantity && !compares {
            return self.kept(expression);
        }
        if gives_quantity && branches.iter().map(|(_, then)| then).chain(otherwise).any(is_text) {
            return self.refused(expression);
        }
        // What is compared with each branch is written with each.
        self.is_refused |= compares && base.is_some_and(|base| !is_repeatable(base));
        let mut text = "case".to_owned();
        if let (Some(base), false) = (base, compares) {
            text += &format!(" {}", self.expression(base));
        }
        for (when, then) in branches {
            let when = match base {
                Some(base) if compares => self.function(comparison, "eq", [base, when]),
                _ => self.expression(when),
            };
            let then = if gives_quantity { self.operand(then) } else { self.expression(then) };
            text += &format!(" when {when} then {then}");
        }
        if let Some(otherwise) = otherwise {
            let otherwise = if gives_quantity { self.operand(otherwise) } else { self.expression(otherwise) };
            text += &format!(" else {otherwise}");
        }
        text += " end";
        let is_mixed = gives_quantity && self.argument(expression.id, 0).plain;
        if is_mixed { format!("pledgebook_of({}, {text})", expression.id) } else { text }
    }

    /// An expression in which a quantity is handed to something.
    fn translated(&mut self, expression: &Expression) -> String {
        let site = expression.id;
        match &expression.kind {
            ExpressionKind::Binary { operator: BinaryOperator::Concatenate, left, right, .. }
            | ExpressionKind::Like {
                operator: LikeOperator::Like | LikeOperator::Glob | LikeOperator::Regexp,
                left,
                right,
                escape: None,
                ..
            } => self.with_texts(expression, [&**left, right]),
            ExpressionKind::Binary { operator, left, right, .. } => self.binary(expression, *operator, [left, right]),
            ExpressionKind::Unary(UnaryOperator::Minus, operand) => self.function(site, "neg", [&**operand]),
            ExpressionKind::Unary(UnaryOperator::Plus, operand) => self.expression(operand),
            ExpressionKind::Is { is_negated, left, right, .. } => self.is(expression, *is_negated, [left, right]),
            ExpressionKind::Between { is_negated, operand, low, high, .. } => {
                let operands = [&**operand, low, high];
                let text = self.ranged_plainly(site, operands);
                let text = text.unwrap_or_else(|| self.function(site, "between", operands));
                negated(*is_negated, text)
            }
            ExpressionKind::In { is_negated, operand, set: InSet::List(list), .. } => {
                let text = self.function(site, "in", std::iter::once(&**operand).chain(list));
                negated(*is_negated, text)
            }
            ExpressionKind::In { is_negated, operand, set: InSet::Select(rows), .. } => {
                let (operand, rows) = (self.operand(operand), self.select(rows));
                let name = format!("{}_{site}", self.own_name());
                let set = format!("(with {name}(c) as ({rows}\n) select pledgebook_set({site}, c) from {name})");
                negated(*is_negated, format!("pledgebook_in_set({site}, {operand}, {set})"))
            }
            ExpressionKind::Call(call) => self.call(expression, call),
            _ => self.refused(expression),
        }
    }

    /// A name that is nowhere in the statement.
    pub(super) fn own_name(&self) -> String {
        let (mut name, written) = ("set_of_rows".to_owned(), self.source.sql.to_ascii_lowercase());
        while written.contains(&name) {
            name.push('_');
        }
        name
    }

    /// The key of a group, if an expression is one.
    fn group_key(&self, expression: &Expression) -> Option<SiteId> {
        if self.aggregate_depth > 0 || self.group_keys.is_empty() {
            return None;
        }
        let this = GroupKey::new(self.source.sql, 0, expression);
        self.group_keys.iter().find(|key| key.is_same(&this)).map(|key| key.site)
    }
}

/// A token as it is compared: the letter case matters in what is quoted alone.
fn word(token: &Token, sql: &str) -> String {
    let text = token.text(sql);
    if token.kind == TokenKind::String { text.to_owned() } else { text.to_lowercase() }
}

impl GroupKey {
    pub(super) fn new(sql: &str, site: SiteId, expression: &Expression) -> Self {
        let expression = bare(expression);
        let names = match &expression.kind {
            ExpressionKind::Column(names) => names.iter().map(|name| name.text.to_lowercase()).collect(),
            _ => Vec::new(),
        };
        let written = &sql[expression.span.clone()];
        let words = tokens(written).filter(|token| token.kind != TokenKind::Comment);
        let text = words.map(|token| word(&token, written)).collect::<Vec<_>>().join(" ");
        Self { site, names, tables: Vec::new(), text }
    }

    /// The key of a select that reads some tables.
    pub(super) fn among(self, tables: &[String]) -> Self {
        Self { tables: tables.to_vec(), ..self }
    }

    /// True if an expression of the select is this one; a column may be named with its table or without.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let (Some(column), Some(of_other)) = (self.names.last(), other.names.last()) else {
            return self.text == other.text;
        };
        // A table of another name is that of a select around this one.
        let is_own = |table: &String| self.tables.contains(table);
        let table = |names: &[String]| names.len().checked_sub(2).map(|at| names[at].clone());
        column == of_other
            && match (table(&self.names), table(&other.names)) {
                (Some(one), Some(other)) => one == other,
                (Some(table), None) | (None, Some(table)) => is_own(&table),
                (None, None) => true,
            }
    }
}

impl Rewrite for Translator<'_> {
    fn source(&self) -> &Source<'_> {
        &self.source
    }

    fn expression(&mut self, expression: &Expression) -> String {
        if self.source.is_spent() {
            self.is_refused = true;
            return String::new();
        }
        if let Some(site) = self.group_key(expression) {
            self.aggregate_depth += 1;
            let text = self.plain_rows(site, expression);
            let text = text.unwrap_or_else(|| format!("{site}, {}", self.expression(expression)));
            self.aggregate_depth -= 1;
            return format!("pledgebook_same({text})");
        }
        let depth = match &expression.kind {
            ExpressionKind::Call(call) => usize::from(is_aggregate(call)),
            _ => 0,
        };
        let other_depth = self.texts.other_depth;
        let reads_on = is_format(expression) && !self.types.takes_quantity(expression.id);
        self.texts.other_depth += usize::from(!takes_text(expression) || reads_on);
        if matches!(expression.kind, ExpressionKind::Like { .. }) {
            self.texts.other_depth = 0;
        }
        self.aggregate_depth += depth;
        let text = match &expression.kind {
            ExpressionKind::Case { base, comparison, branches, otherwise } => {
                self.case(expression, (base.as_deref(), *comparison), branches, otherwise.as_deref())
            }
            _ if !self.types.takes_quantity(expression.id) => self.kept(expression),
            ExpressionKind::Call(call) if handing(call) == Handing::PassedOn => self.passed_on(expression, call),
            _ => self.translated(expression),
        };
        self.aggregate_depth -= depth;
        self.texts.other_depth = other_depth;
        self.source.spend(&text);
        text
    }

    fn term(&mut self, placed: &PlacedTerm<'_>) -> Option<String> {
        let term = placed.term;
        let found = self.argument(term.id, 0);
        if !found.quantity {
            return None;
        }
        let is_strict = u8::from(found.plain || placed.is_ranked);
        if placed.clause == Clause::OrderBy {
            if let Some(text) = self.plain_order(placed) {
                return Some(text);
            }
            self.is_refused |= placed.is_repeated && !is_repeatable(placed.target);
            let text = self.expression(placed.target);
            let is_descending = u8::from(term.direction == Direction::Descending);
            return Some(format!("pledgebook_order({}, {text}, {is_descending}, {is_strict})", term.id));
        }
        if let Some(text) = self.plain_key(placed) {
            return Some(text);
        }
        self.aggregate_depth += 1;
        let text = self.expression(placed.target);
        self.aggregate_depth -= 1;
        Some(format!("pledgebook_key({}, {text}, {})", term.id, u8::from(found.plain)))
    }

    fn select(&mut self, select: &Select) -> String {
        self.translated_select(select)
    }

    fn core(&mut self, select: &Select, core: &SelectCore, edits: &mut Vec<Edit>) {
        self.check_tables(core);
        let (own_keys, shows_own) = (self.keys_of(core), self.shows_a_row(select, core));
        let keys = std::mem::replace(&mut self.group_keys, own_keys);
        let shows_a_row = std::mem::replace(&mut self.shows_a_row, shows_own);
        let is_own = self.is_outermost(select) && select.cores.len() == 1 && core.distinct.is_none();
        let is_result = std::mem::replace(&mut self.texts.is_result, is_own);
        self.edit_core(select, core, edits);
        if self.texts.is_result {
            self.check_text_columns(select, core);
        }
        (self.group_keys, self.shows_a_row, self.texts.is_result) = (keys, shows_a_row, is_result);
    }

    fn result(&mut self, column: &ResultColumn, expression: &Expression) -> String {
        let depth = std::mem::replace(&mut self.texts.other_depth, usize::from(!self.texts.is_result));
        let writes_text = std::mem::take(&mut self.texts.is_written);
        let text = self.expression(expression);
        if self.texts.is_written && self.texts.is_result {
            self.texts.columns.insert(column.id);
        }
        (self.texts.other_depth, self.texts.is_written) = (depth, writes_text);
        text
    }

    fn edit_condition(&mut self, condition: &Expression, edits: &mut Vec<Edit>) {
        // There are no groups yet.
        let keys = std::mem::take(&mut self.group_keys);
        self.guard(condition, edits);
        self.group_keys = keys;
    }

    fn edit_window(&mut self, window: &Window, edits: &mut Vec<Edit>) {
        self.check_window(window);
        self.edit_window_terms(window, edits);
    }
}

/// The places of what the nodes of a statement do, by their numbers.
pub(super) fn sites(statement: &Select) -> Vec<Span> {
    let mut sites = vec![0..0; statement.sites.end];
    Node::Select(statement).walk(|node| {
        if let (Some(site), Some(span)) = (node.id(), place(node)) {
            sites[site] = span;
        }
        true
    });
    sites
}

/// The place of what a node does: of an operator that itself, of a call the name of the function.
fn place(node: Node<'_>) -> Option<Span> {
    let Node::Expression(expression) = node else {
        return match node {
            Node::Term(term) => Some(term.expression.span.clone()),
            Node::ResultColumn(column) => Some(column.span.clone()),
            _ => None,
        };
    };
    Some(match &expression.kind {
        ExpressionKind::Binary { operator_span, .. }
        | ExpressionKind::Is { operator_span, .. }
        | ExpressionKind::Like { operator_span, .. }
        | ExpressionKind::Between { operator_span, .. }
        | ExpressionKind::In { operator_span, .. } => operator_span.clone(),
        ExpressionKind::Call(call) => call.name.span.clone(),
        _ => expression.span.clone(),
    })
}

/// True for a text as it is written: in one column with quantities it is none.
pub(super) fn is_text(expression: &Expression) -> bool {
    matches!(bare(expression).kind, ExpressionKind::Literal(Literal::Text))
}

fn arithmetic(operator: BinaryOperator) -> Option<&'static str> {
    Some(match operator {
        BinaryOperator::Add => "add",
        BinaryOperator::Subtract => "sub",
        BinaryOperator::Multiply => "mul",
        BinaryOperator::Divide => "div",
        _ => return None,
    })
}

fn comparison(operator: BinaryOperator) -> Option<&'static str> {
    Some(match operator {
        BinaryOperator::Equal => "eq",
        BinaryOperator::NotEqual => "ne",
        BinaryOperator::Less => "lt",
        BinaryOperator::LessOrEqual => "le",
        BinaryOperator::Greater => "gt",
        BinaryOperator::GreaterOrEqual => "ge",
        _ => return None,
    })
}

fn negated(is_negated: bool, text: String) -> String {
    if is_negated { format!("(not {text})") } else { text }
}

/// True for a plain number with a point, or arithmetic with one.
fn has_decimal(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Literal(Literal::Real) => true,
        ExpressionKind::Parenthesised(inner) => has_decimal(inner),
        ExpressionKind::Unary(UnaryOperator::Minus | UnaryOperator::Plus, operand) => has_decimal(operand),
        ExpressionKind::Binary { operator, left, right, .. } => {
            arithmetic(*operator).is_some() && (has_decimal(left) || has_decimal(right))
        }
        _ => false,
    }
}
