//! The way through the tree: the parts of each node in the order of the text, so that a pass names only the kinds of
//! expression that it does something with.

use super::ast::{
    Expression, ExpressionKind, InSet, JoinConstraint, Over, ResultColumn, Select, SelectCore, SiteId, TableKind,
    TableOrSubquery, Term, Window,
};

/// A node of the tree.
#[derive(Debug, Clone, Copy)]
pub enum Node<'t> {
    /// The statement or a sub-select.
    Select(&'t Select),
    /// A result column.
    ResultColumn(&'t ResultColumn),
    /// A term of `order by`, `group by` or `partition by`.
    Term(&'t Term),
    /// An expression.
    Expression(&'t Expression),
}

impl Node<'_> {
    /// Its number; `None` for a select.
    #[must_use]
    pub fn id(self) -> Option<SiteId> {
        match self {
            Self::Select(_) => None,
            Self::ResultColumn(column) => Some(column.id),
            Self::Term(term) => Some(term.id),
            Self::Expression(expression) => Some(expression.id),
        }
    }

    /// The nodes right below it, in the order of the text.
    #[must_use]
    pub fn children(self) -> Vec<Self> {
        let mut children = Children(Vec::new());
        match self {
            Self::Select(select) => children.of_select(select),
            Self::ResultColumn(column) => children.expressions(&column.expression),
            Self::Term(term) => children.expressions([&term.expression]),
            Self::Expression(expression) => children.of_expression(&expression.kind),
        }
        children.0
    }

    /// Visits it and all nodes below it in the order of the text, each before those below it. Where `visit` returns
    /// false, the nodes below are left out: those of sub-selects, for one.
    pub fn walk(self, mut visit: impl FnMut(Self) -> bool) {
        let mut pending = vec![self];
        while let Some(node) = pending.pop() {
            if visit(node) {
                pending.extend(node.children().into_iter().rev());
            }
        }
    }

    /// The height of the tree from it on.
    pub(super) fn height(self) -> usize {
        match self {
            Self::Select(select) => select.height,
            Self::ResultColumn(column) => column.expression.as_ref().map_or(0, |expression| expression.height),
            Self::Term(term) => term.expression.height,
            Self::Expression(expression) => expression.height,
        }
    }
}

/// The children of a node as they are gathered.
struct Children<'t>(Vec<Node<'t>>);

impl<'t> Children<'t> {
    fn of_select(&mut self, select: &'t Select) {
        self.selects(select.common_tables.iter().map(|table| &table.select));
        for core in &select.cores {
            self.of_core(core);
        }
        self.terms(&select.order_by);
        if let Some(limit) = &select.limit {
            let mut parts: Vec<&Expression> = limit.offset.iter().chain([&limit.count]).collect();
            parts.sort_by_key(|part| part.span.start);
            self.expressions(parts);
        }
    }

    fn of_core(&mut self, core: &'t SelectCore) {
        self.0.extend(core.columns.iter().map(Node::ResultColumn));
        self.of_tables(&core.from);
        self.expressions(&core.where_clause);
        self.terms(&core.group_by);
        self.expressions(&core.having);
        for named in &core.windows {
            self.of_window(&named.window);
        }
        self.expressions(core.values.iter().flatten());
    }

    fn of_tables(&mut self, tables: &'t [TableOrSubquery]) {
        for table in tables {
            match &table.kind {
                TableKind::Table(_) => {}
                TableKind::Function { arguments, .. } => self.expressions(arguments),
                TableKind::Subquery(select) => self.selects([&**select]),
                TableKind::Join(tables) => self.of_tables(tables),
            }
            if let Some(JoinConstraint::On(condition)) = &table.constraint {
                self.expressions([condition]);
            }
        }
    }

    fn of_window(&mut self, window: &'t Window) {
        self.terms(&window.partition_by);
        self.terms(&window.order_by);
        self.expressions(window.frame.iter().flat_map(|frame| &frame.offsets));
    }

    fn of_expression(&mut self, kind: &'t ExpressionKind) {
        match kind {
            ExpressionKind::Literal(_) | ExpressionKind::Parameter | ExpressionKind::Column(_) => {}
            ExpressionKind::Parenthesised(operand)
            | ExpressionKind::Unary(_, operand)
            | ExpressionKind::IsNull { operand, .. }
            | ExpressionKind::Cast { operand, .. }
            | ExpressionKind::Collate { operand, .. } => self.expressions([&**operand]),
            ExpressionKind::RowValue(list) => self.expressions(list),
            ExpressionKind::Binary { left, right, .. } | ExpressionKind::Is { left, right, .. } => {
                self.expressions([&**left, &**right]);
            }
            ExpressionKind::Like { left, right, escape, .. } => {
                self.expressions([&**left, &**right].into_iter().chain(escape.as_deref()));
            }
            ExpressionKind::Between { operand, low, high, .. } => self.expressions([&**operand, &**low, &**high]),
            ExpressionKind::In { operand, set, .. } => {
                self.expressions([&**operand]);
                match set {
                    InSet::List(list) | InSet::Table(_, list) => self.expressions(list),
                    InSet::Select(select) => self.selects([&**select]),
                }
            }
            ExpressionKind::Case { base, branches, otherwise, .. } => {
                self.expressions(base.as_deref());
                self.expressions(branches.iter().flat_map(|(when, then)| [when, then]));
                self.expressions(otherwise.as_deref());
            }
            ExpressionKind::Call(call) => {
                self.expressions(&call.arguments);
                self.terms(&call.order_by);
                self.expressions(call.filter.as_deref());
                if let Some(Over::Window(window)) = &call.over {
                    self.of_window(window);
                }
            }
            ExpressionKind::Exists(select) | ExpressionKind::Subquery(select) => self.selects([&**select]),
        }
    }

    fn expressions(&mut self, expressions: impl IntoIterator<Item = &'t Expression>) {
        self.0.extend(expressions.into_iter().map(Node::Expression));
    }

    fn terms(&mut self, terms: &'t [Term]) {
        self.0.extend(terms.iter().map(Node::Term));
    }

    fn selects(&mut self, selects: impl IntoIterator<Item = &'t Select>) {
        self.0.extend(selects.into_iter().map(Node::Select));
    }
}
