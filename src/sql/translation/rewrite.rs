//! The writing of a statement anew: a writer decides on the text of some nodes of its tree, and all others stay as they are
//! written but for the nodes below them.

use super::MAX_BYTES;
use crate::store::quote_identifier;
use crate::syntax::select::{
    Expression, ExpressionKind, Literal, Name, Node, Over, ResultColumn, Select, SelectCore, Span, Term, Window,
};

/// A range of the statement and its replacement.
pub(super) type Edit = (Span, String);

/// The clause that a term is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clause {
    /// `order by` of a select, of a window, or of an aggregate.
    OrderBy,
    /// `group by` or `partition by`.
    GroupBy,
}

/// A term with what it stands for.
pub(super) struct PlacedTerm<'t> {
    pub(super) term: &'t Term,
    pub(super) clause: Clause,
    /// The expression that it stands for: that of a result column, where it is its number or name.
    pub(super) target: &'t Expression,
    /// True if that is not its own, but that of a result column, which is then written twice.
    pub(super) is_repeated: bool,
    /// True if only some rows of the order are taken, or a rank is read off it.
    pub(super) is_ranked: bool,
}

/// A statement that is written anew, and the work that may still be put into it.
pub(super) struct Source<'s> {
    pub(super) sql: &'s str,
    /// The place of the select that is the statement itself.
    outermost: Span,
    /// The bytes that may still be written: what stands in several places is written there each time.
    budget: usize,
}

impl<'s> Source<'s> {
    pub(super) fn new(sql: &'s str, statement: &Select) -> Self {
        Self { sql, outermost: statement.span.clone(), budget: MAX_BYTES }
    }

    /// The statement with another text in the place of its select.
    pub(super) fn with_select(&self, text: String) -> String {
        splice(self.sql, &(0..self.sql.len()), vec![(self.outermost.clone(), text)])
    }

    /// Takes what was written from what may be.
    pub(super) fn spend(&mut self, text: &str) {
        self.budget = self.budget.saturating_sub(text.len());
    }

    /// True if nothing more may be written.
    pub(super) fn is_spent(&self) -> bool {
        self.budget == 0
    }
}

/// A writer of statements.
pub(super) trait Rewrite {
    fn source(&self) -> &Source<'_>;

    fn sql(&self) -> &str {
        self.source().sql
    }

    /// True for the select that is the statement itself: its columns have the names of the written one.
    fn is_outermost(&self, select: &Select) -> bool {
        select.span == self.source().outermost
    }

    /// The text of an expression.
    fn expression(&mut self, expression: &Expression) -> String;

    /// The text of a term; `None` where it stays as it is.
    fn term(&mut self, term: &PlacedTerm<'_>) -> Option<String>;

    /// The text of a select.
    fn select(&mut self, select: &Select) -> String;

    /// An expression as it is written, but for the nodes below it.
    fn kept(&mut self, expression: &Expression) -> String {
        self.kept_with(expression, Vec::new())
    }

    /// The same, with some parts replaced besides.
    fn kept_with(&mut self, expression: &Expression, mut edits: Vec<Edit>) -> String {
        let replaced: Vec<Span> = edits.iter().map(|(span, _)| span.clone()).collect();
        let is_left = |node: &Node<'_>| !matches!(node, Node::Expression(child) if replaced.contains(&child.span));
        let children = Node::Expression(expression).children().into_iter().filter(is_left);
        edits.extend(self.edits_of(children.collect()));
        if let ExpressionKind::Call(call) = &expression.kind {
            self.edit_terms(&call.order_by, Clause::OrderBy, false, &mut edits);
            if let Some(Over::Window(window)) = &call.over {
                self.edit_window(window, &mut edits);
            }
        }
        splice(self.sql(), &expression.span, edits)
    }

    /// The edits of the nodes of a select; its result columns keep their names.
    fn edits(&mut self, select: &Select) -> Vec<Edit> {
        let conditions: Vec<&Span> =
            select.cores.iter().flat_map(conditions).map(|condition| &condition.span).collect();
        let is_condition = |node: &Node<'_>| matches!(node, Node::Expression(one) if conditions.contains(&&one.span));
        let others = Node::Select(select).children().into_iter().filter(|node| !is_condition(node));
        let mut edits = self.edits_of(others.collect());
        for core in &select.cores {
            self.core(select, core, &mut edits);
        }
        edits
    }

    /// Edits the conditions, the result columns and the terms of a core.
    fn core(&mut self, select: &Select, core: &SelectCore, edits: &mut Vec<Edit>) {
        self.edit_core(select, core, edits);
    }

    /// The same, in any state of the writer.
    fn edit_core(&mut self, select: &Select, core: &SelectCore, edits: &mut Vec<Edit>) {
        if let Some(condition) = &core.where_clause {
            self.edit_condition(condition, edits);
        }
        if let Some(condition) = &core.having {
            edits.push((condition.span.clone(), self.expression(condition)));
        }
        for column in &core.columns {
            let Some(expression) = &column.expression else { continue };
            let mut text = self.result(column, expression);
            if !self.is_outermost(select) && column.alias.is_none() && text != self.sql()[expression.span.clone()] {
                text += &format!(" as {}", quote_identifier(column_name(self.sql(), column)));
            }
            edits.push((expression.span.clone(), text));
        }
        self.edit_placed(select, core, edits);
        for named in &core.windows {
            self.edit_window(&named.window, edits);
        }
    }

    /// The text of the expression of a result column.
    fn result(&mut self, _: &ResultColumn, expression: &Expression) -> String {
        self.expression(expression)
    }

    /// Edits the condition of `where`.
    fn edit_condition(&mut self, condition: &Expression, edits: &mut Vec<Edit>) {
        edits.push((condition.span.clone(), self.expression(condition)));
    }

    /// The edits that the expressions and selects among some nodes make; terms are placed by what they are in.
    fn edits_of(&mut self, nodes: Vec<Node<'_>>) -> Vec<Edit> {
        let mut edits = Vec::new();
        for node in nodes {
            match node {
                Node::Expression(expression) => edits.push((expression.span.clone(), self.expression(expression))),
                Node::Select(select) => edits.push((select.span.clone(), self.select(select))),
                Node::ResultColumn(_) | Node::Term(_) => {}
            }
        }
        edits
    }

    /// Edits a window.
    fn edit_window(&mut self, window: &Window, edits: &mut Vec<Edit>) {
        self.edit_window_terms(window, edits);
    }

    /// Edits the terms of a window.
    fn edit_window_terms(&mut self, window: &Window, edits: &mut Vec<Edit>) {
        self.edit_terms(&window.partition_by, Clause::GroupBy, false, edits);
        self.edit_terms(&window.order_by, Clause::OrderBy, true, edits);
    }

    /// Edits terms that stand for themselves.
    fn edit_terms(&mut self, terms: &[Term], clause: Clause, is_ranked: bool, edits: &mut Vec<Edit>) {
        for term in terms {
            let placed = PlacedTerm { term, clause, target: &term.expression, is_repeated: false, is_ranked };
            let text = self.term(&placed).unwrap_or_else(|| self.expression(&term.expression));
            edits.push((term.expression.span.clone(), text));
        }
    }

    /// Edits the terms of `order by` and `group by` of a select of one core, which may stand for its result columns.
    fn edit_placed(&mut self, select: &Select, core: &SelectCore, edits: &mut Vec<Edit>) {
        let group = core.group_by.iter().map(|term| (term, Clause::GroupBy));
        let order = select.order_by.iter().filter(|_| select.cores.len() == 1).map(|term| (term, Clause::OrderBy));
        for (term, clause) in group.chain(order) {
            let other = stands_for(self.sql(), term, clause, &core.columns);
            let target = other.unwrap_or(&term.expression);
            // What reads an ordered sub-select may take some of its rows.
            let is_ranked = clause == Clause::OrderBy && (select.limit.is_some() || !self.is_outermost(select));
            let placed = PlacedTerm { term, clause, target, is_repeated: other.is_some(), is_ranked };
            match self.term(&placed) {
                Some(text) => edits.push((term.expression.span.clone(), text)),
                None if other.is_none() => edits.push((term.expression.span.clone(), self.expression(target))),
                None => {}
            }
        }
    }
}

/// The expression of the result column that a term stands for. SQLite takes a name in `order by` for that of a result column
/// first, and in `group by` for that of a column of a table.
pub(super) fn stands_for<'t>(
    sql: &str,
    term: &Term,
    clause: Clause,
    columns: &'t [ResultColumn],
) -> Option<&'t Expression> {
    let expression = uncollated(&term.expression);
    match &expression.kind {
        ExpressionKind::Literal(Literal::Integer) => {
            let number: usize = sql[expression.span.clone()].parse().ok()?;
            let before = columns.get(..number)?;
            // The columns of a star are not known here.
            before
                .iter()
                .all(|column| column.expression.is_some())
                .then(|| before.last()?.expression.as_ref())
                .flatten()
        }
        ExpressionKind::Column(_) if clause == Clause::OrderBy => {
            columns[named(expression, columns)?].expression.as_ref()
        }
        _ => None,
    }
}

/// The result column whose name an expression is.
pub(super) fn named(expression: &Expression, columns: &[ResultColumn]) -> Option<usize> {
    let ExpressionKind::Column(names) = &bare(expression).kind else { return None };
    let [name] = &names[..] else { return None };
    let is_named = |alias: &Name| alias.text.eq_ignore_ascii_case(&name.text);
    columns.iter().position(|column| column.alias.as_ref().is_some_and(is_named))
}

/// The conditions of a core.
fn conditions(core: &SelectCore) -> impl Iterator<Item = &Expression> {
    core.where_clause.iter().chain(&core.having)
}

/// The name that SQLite gives a result column: its alias, that of a column, or its text.
pub(super) fn column_name<'c>(sql: &'c str, column: &'c ResultColumn) -> &'c str {
    let Some(expression) = &column.expression else { return "*" };
    let of_column = match &bare(expression).kind {
        ExpressionKind::Column(names) => names.last(),
        _ => None,
    };
    column.alias.as_ref().or(of_column).map_or(&sql[expression.span.clone()], |name| name.text.as_str())
}

/// The expression within parentheses and collations.
pub(super) fn uncollated(expression: &Expression) -> &Expression {
    match &expression.kind {
        ExpressionKind::Parenthesised(inner) | ExpressionKind::Collate { operand: inner, .. } => uncollated(inner),
        _ => expression,
    }
}

/// The expression within parentheses.
pub(super) fn bare(expression: &Expression) -> &Expression {
    if let ExpressionKind::Parenthesised(inner) = &expression.kind { bare(inner) } else { expression }
}

/// The text of a range with parts of it replaced, none of which overlap.
pub(super) fn splice(sql: &str, range: &Span, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(replaced, _)| (replaced.start, replaced.end));
    let (mut text, mut at) = (String::new(), range.start);
    for (replaced, replacement) in edits {
        text.push_str(&sql[at..replaced.start]);
        text.push_str(&replacement);
        at = replaced.end;
    }
    text + &sql[at..range.end]
}
