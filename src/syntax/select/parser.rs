//! The grammar of a select: its clauses, from `with` to `limit`. Recursive descent, each token read once; expressions
//! are read by `expression`, windows by `window`.

use super::ast::{
    CommonTable, CompoundOperator, Direction, Expression, JoinConstraint, JoinOperator, Limit, Name, NullsOrder,
    ResultColumn, Select, SelectCore, SiteId, Span, TableKind, TableName, TableOrSubquery, Term,
};
use super::cursor::{Cursor, Parsed, Unparsed};
use super::node::Node;
use super::operators::SetOperator;

/// The most parts that are read within one another: each takes up to 7 KiB of the stack, 15 without optimisation, and a
/// thread may have no more than 2 MiB of it.
const MAX_NESTING: usize = 120;

/// The most levels of a tree, of which a chain of operators has one for each: a walk through it may call itself. SQLite
/// allows an expression 1000, and leaves parentheses out of the count.
const MAX_HEIGHT: usize = 400;

/// A parser. Each of its functions reads one part, from the position on.
pub(super) struct Parser<'s> {
    pub(super) cursor: Cursor<'s>,
    next_site: SiteId,
    depth: usize,
}

impl<'s> Parser<'s> {
    pub(super) fn new(cursor: Cursor<'s>) -> Self {
        Self { cursor, next_site: 0, depth: 0 }
    }

    /// A whole statement.
    pub(super) fn statement(mut self) -> Parsed<Select> {
        let select = self.select()?;
        self.cursor.eat(";");
        if self.cursor.is_at_end() { Ok(select) } else { Err(Unparsed) }
    }

    /// A number that was not given before.
    pub(super) fn new_site(&mut self) -> SiteId {
        self.next_site += 1;
        self.next_site - 1
    }

    /// Reads a part within the one that is being read.
    pub(super) fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        let parsed = if self.depth <= MAX_NESTING { parse(self) } else { Err(Unparsed) };
        self.depth -= 1;
        parsed
    }

    /// Reads a part behind `keywords`, if they follow.
    pub(super) fn behind<T>(
        &mut self,
        keywords: &[&str],
        parse: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<Option<T>> {
        if self.cursor.eat_all(keywords) { parse(self).map(Some) } else { Ok(None) }
    }

    /// Reads a part in parentheses.
    pub(super) fn in_parentheses<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.cursor.expect("(")?;
        let parsed = parse(self)?;
        self.cursor.expect(")")?;
        Ok(parsed)
    }

    /// Reads a part in parentheses, if they follow.
    pub(super) fn in_parentheses_if_any<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<Option<T>> {
        if self.cursor.word() == "(" { self.in_parentheses(parse).map(Some) } else { Ok(None) }
    }

    /// Reads parts between commas, one at least.
    pub(super) fn list<T>(&mut self, parse: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut list = vec![parse(self)?];
        while self.cursor.eat(",") {
            list.push(parse(self)?);
        }
        Ok(list)
    }

    /// Expressions between commas.
    pub(super) fn expressions(&mut self) -> Parsed<Vec<Expression>> {
        self.list(Self::expression)
    }

    /// The same up to a parenthesis, none perhaps.
    pub(super) fn arguments(&mut self) -> Parsed<Vec<Expression>> {
        if self.cursor.word() == ")" { Ok(Vec::new()) } else { self.expressions() }
    }

    pub(super) fn is_at_select(&self) -> bool {
        matches!(self.cursor.word(), "select" | "with" | "values")
    }

    pub(super) fn select(&mut self) -> Parsed<Select> {
        self.nested(Self::compound)
    }

    fn compound(&mut self) -> Parsed<Select> {
        let (start, first_site) = (self.cursor.start(), self.next_site);
        let common_tables = self.behind(&["with"], Self::common_tables)?;
        let with_span = common_tables.is_some().then(|| self.cursor.span_from(start));
        let (mut cores, mut operators) = (vec![self.core()?], Vec::new());
        while let Some(operator) = self.compound_operator() {
            operators.push(operator);
            cores.push(self.core()?);
        }
        let order_start = self.cursor.start();
        let order_by = self.order_by()?;
        let order_by_span = (!order_by.is_empty()).then(|| self.cursor.span_from(order_start));
        let limit = self.limit()?;
        let mut select = Select {
            span: self.cursor.span_from(start),
            sites: first_site..self.next_site,
            with_span,
            common_tables: common_tables.unwrap_or_default(),
            cores,
            operators,
            order_by,
            order_by_span,
            limit,
            height: 0,
        };
        select.height = height_above(Node::Select(&select))?;
        Ok(select)
    }

    fn common_tables(&mut self) -> Parsed<Vec<CommonTable>> {
        self.cursor.eat("recursive");
        self.list(Self::common_table)
    }

    fn common_table(&mut self) -> Parsed<CommonTable> {
        let start = self.cursor.start();
        let name = self.cursor.name()?;
        let columns = self.in_parentheses_if_any(Self::names)?.unwrap_or_default();
        self.cursor.expect("as")?;
        self.cursor.eat("not");
        self.cursor.eat("materialized");
        let select = self.in_parentheses(Self::select)?;
        Ok(CommonTable { span: self.cursor.span_from(start), name, columns, select })
    }

    fn names(&mut self) -> Parsed<Vec<Name>> {
        self.list(|parser| parser.cursor.name())
    }

    fn compound_operator(&mut self) -> Option<CompoundOperator> {
        let start = self.cursor.start();
        let operator = SetOperator::spelled(self.cursor.word(), self.cursor.peek(1))?;
        self.cursor.advance(if operator == SetOperator::UnionAll { 2 } else { 1 });
        Some(CompoundOperator { operator, span: self.cursor.span_from(start) })
    }

    fn core(&mut self) -> Parsed<SelectCore> {
        let start = self.cursor.start();
        let mut core = if self.cursor.eat("values") { self.values()? } else { self.simple_select()? };
        core.span = self.cursor.span_from(start);
        Ok(core)
    }

    fn values(&mut self) -> Parsed<SelectCore> {
        let values = self.list(|parser| parser.in_parentheses(Self::expressions))?;
        Ok(SelectCore { values, ..SelectCore::default() })
    }

    fn simple_select(&mut self) -> Parsed<SelectCore> {
        self.cursor.expect("select")?;
        Ok(SelectCore {
            distinct: self.distinct(),
            columns: self.list(Self::result_column)?,
            from: self.behind(&["from"], Self::join_clause)?.unwrap_or_default(),
            where_clause: self.behind(&["where"], Self::expression)?,
            group_by: self.behind(&["group", "by"], |parser| parser.list(Self::term))?.unwrap_or_default(),
            having: self.behind(&["having"], Self::expression)?,
            windows: self.windows()?,
            ..SelectCore::default()
        })
    }

    /// `distinct`, or `all`, which is the same as nothing.
    pub(super) fn distinct(&mut self) -> Option<Span> {
        let start = self.cursor.start();
        let is_distinct = self.cursor.eat("distinct");
        if !is_distinct {
            self.cursor.eat("all");
        }
        is_distinct.then(|| self.cursor.span_from(start))
    }

    fn result_column(&mut self) -> Parsed<ResultColumn> {
        let start = self.cursor.start();
        let (expression, alias) = if self.cursor.eat("*") {
            (None, None)
        } else if self.cursor.peek(1) == "." && self.cursor.peek(2) == "*" {
            self.cursor.name()?;
            self.cursor.advance(2);
            (None, None)
        } else {
            (Some(self.expression()?), self.cursor.alias()?)
        };
        Ok(ResultColumn { span: self.cursor.span_from(start), id: self.new_site(), expression, alias })
    }

    fn join_clause(&mut self) -> Parsed<Vec<TableOrSubquery>> {
        self.nested(|parser| {
            let mut tables = vec![parser.table_or_subquery(None)?];
            while let Some(join) = parser.join_operator()? {
                tables.push(parser.table_or_subquery(Some(join))?);
            }
            Ok(tables)
        })
    }

    fn join_operator(&mut self) -> Parsed<Option<JoinOperator>> {
        let start = self.cursor.start();
        let mut is_natural = false;
        if !self.cursor.eat(",") {
            while self.cursor.is_join_word() {
                is_natural |= self.cursor.word() == "natural";
                self.cursor.advance(1);
            }
            let span = self.cursor.span_from(start);
            if !self.cursor.eat("join") {
                return if span.is_empty() { Ok(None) } else { Err(Unparsed) };
            }
        }
        Ok(Some(JoinOperator { span: self.cursor.span_from(start), is_natural }))
    }

    fn table_or_subquery(&mut self, join: Option<JoinOperator>) -> Parsed<TableOrSubquery> {
        let start = self.cursor.start();
        let kind = match self.in_parentheses_if_any(Self::inner_table)? {
            Some(kind) => kind,
            None => self.table()?,
        };
        let alias = self.cursor.alias()?;
        if !self.cursor.eat_all(&["not", "indexed"]) {
            self.behind(&["indexed", "by"], |parser| parser.cursor.name())?;
        }
        let constraint = self.join_constraint()?;
        Ok(TableOrSubquery { span: self.cursor.span_from(start), join, kind, alias, constraint })
    }

    fn inner_table(&mut self) -> Parsed<TableKind> {
        if self.is_at_select() {
            self.select().map(|select| TableKind::Subquery(Box::new(select)))
        } else {
            self.join_clause().map(TableKind::Join)
        }
    }

    fn table(&mut self) -> Parsed<TableKind> {
        let name = self.table_name()?;
        Ok(match self.in_parentheses_if_any(Self::arguments)? {
            Some(arguments) => TableKind::Function { name, arguments },
            None => TableKind::Table(name),
        })
    }

    pub(super) fn table_name(&mut self) -> Parsed<TableName> {
        let first = self.cursor.name()?;
        Ok(match self.behind(&["."], |parser| parser.cursor.name())? {
            Some(name) => TableName { schema: Some(first), name },
            None => TableName { schema: None, name: first },
        })
    }

    fn join_constraint(&mut self) -> Parsed<Option<JoinConstraint>> {
        if let Some(condition) = self.behind(&["on"], Self::expression)? {
            return Ok(Some(JoinConstraint::On(condition)));
        }
        let columns = self.behind(&["using"], |parser| parser.in_parentheses(Self::names))?;
        Ok(columns.map(JoinConstraint::Using))
    }

    /// The terms of `order by`; none if it does not follow.
    pub(super) fn order_by(&mut self) -> Parsed<Vec<Term>> {
        let terms = self.behind(&["order", "by"], |parser| parser.list(Self::ordering_term))?;
        Ok(terms.unwrap_or_default())
    }

    fn ordering_term(&mut self) -> Parsed<Term> {
        let mut term = self.term()?;
        if self.cursor.eat("desc") {
            term.direction = Direction::Descending;
        } else {
            self.cursor.eat("asc");
        }
        if self.cursor.eat_all(&["nulls", "first"]) {
            term.nulls = Some(NullsOrder::First);
        } else if self.cursor.eat_all(&["nulls", "last"]) {
            term.nulls = Some(NullsOrder::Last);
        }
        term.span = self.cursor.span_from(term.span.start);
        Ok(term)
    }

    /// A term without an order.
    pub(super) fn term(&mut self) -> Parsed<Term> {
        let expression = self.expression()?;
        let (span, id) = (expression.span.clone(), self.new_site());
        Ok(Term { span, id, expression, direction: Direction::Ascending, nulls: None })
    }

    fn limit(&mut self) -> Parsed<Option<Limit>> {
        let start = self.cursor.start();
        let Some(first) = self.behind(&["limit"], Self::expression)? else { return Ok(None) };
        let (count, offset) = match self.behind(&[","], Self::expression)? {
            Some(count) => (count, Some(first)),
            None => (first, self.behind(&["offset"], Self::expression)?),
        };
        Ok(Some(Limit { span: self.cursor.span_from(start), count, offset }))
    }
}

/// The height of a node above its children, unless it is too high.
pub(super) fn height_above(node: Node<'_>) -> Parsed<usize> {
    let height = 1 + node.children().into_iter().map(Node::height).max().unwrap_or(0);
    if height <= MAX_HEIGHT { Ok(height) } else { Err(Unparsed) }
}
