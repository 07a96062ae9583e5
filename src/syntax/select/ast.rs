//! The tree of a SELECT statement: its parts under the names of SQLite's grammar, each with its place. It holds no text
//! but names, and no meaning. `parser` makes it, and [`Node`](super::Node) is the way through it.

use super::operators::{BinaryOperator, LikeOperator, SetOperator, UnaryOperator};
use std::ops::Range;

/// A place in the statement, in bytes.
pub type Span = Range<usize>;

/// The number of an expression, a term, a result column or the comparisons of a `case`, by which a table can have a row
/// for each: unique in the statement, and within the [`Select::sites`] of every select around it. A few numbers are of
/// nothing.
pub type SiteId = usize;

/// A name without its quotes, in the letter case in which it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Its place, quotes included.
    pub span: Span,
}

/// A SELECT statement, or a sub-select in one.
#[derive(Debug, Clone)]
pub struct Select {
    /// All of it, without parentheses around it.
    pub span: Span,
    /// The range of the numbers in it and in its sub-selects; of the statement itself it begins at 0.
    pub sites: Range<SiteId>,
    /// `with` and its tables.
    pub with_span: Option<Span>,
    /// The tables of `with`.
    pub common_tables: Vec<CommonTable>,
    /// The selects of the compound, one at least.
    pub cores: Vec<SelectCore>,
    /// The operator between each two of them.
    pub operators: Vec<CompoundOperator>,
    /// The terms of `order by`.
    pub order_by: Vec<Term>,
    /// `order by` and its terms.
    pub order_by_span: Option<Span>,
    /// `limit`.
    pub limit: Option<Limit>,
    /// The height of the tree below it.
    pub(super) height: usize,
}

/// A common table expression.
#[derive(Debug, Clone)]
pub struct CommonTable {
    /// All of it.
    pub span: Span,
    /// Its name.
    pub name: Name,
    /// The names of its columns, where they are listed.
    pub columns: Vec<Name>,
    /// Its rows.
    pub select: Select,
}

/// An operator between two selects, with its place.
#[derive(Debug, Clone)]
pub struct CompoundOperator {
    /// The operator.
    pub operator: SetOperator,
    /// Its place.
    pub span: Span,
}

/// `limit`, with `offset` or a comma.
#[derive(Debug, Clone)]
pub struct Limit {
    /// All of it.
    pub span: Span,
    /// The number of rows.
    pub count: Expression,
    /// The number of rows before them: of `limit a, b`, that is `a`.
    pub offset: Option<Expression>,
}

/// One select of a compound, or a list of `values`.
#[derive(Debug, Clone, Default)]
pub struct SelectCore {
    /// All of it, from its `select` or `values` on.
    pub span: Span,
    /// The word `distinct`.
    pub distinct: Option<Span>,
    /// The result columns; none for `values`.
    pub columns: Vec<ResultColumn>,
    /// The tables of `from`, in the order of the text.
    pub from: Vec<TableOrSubquery>,
    /// The condition of `where`.
    pub where_clause: Option<Expression>,
    /// The terms of `group by`.
    pub group_by: Vec<Term>,
    /// The condition of `having`.
    pub having: Option<Expression>,
    /// The windows of `window`.
    pub windows: Vec<NamedWindow>,
    /// The rows of `values`.
    pub values: Vec<Vec<Expression>>,
}

/// A result column.
#[derive(Debug, Clone)]
pub struct ResultColumn {
    /// All of it.
    pub span: Span,
    /// Its number.
    pub id: SiteId,
    /// Its expression; `None` for `*` and `table.*`.
    pub expression: Option<Expression>,
    /// Its name, where it is given one.
    pub alias: Option<Name>,
}

/// A table, a table function, a sub-select or a join in parentheses, with the join that ties it to what is left of it.
#[derive(Debug, Clone)]
pub struct TableOrSubquery {
    /// All of it but the operator before it.
    pub span: Span,
    /// The operator before it; `None` for the first.
    pub join: Option<JoinOperator>,
    /// The origin of its rows.
    pub kind: TableKind,
    /// Its name, where it is given one.
    pub alias: Option<Name>,
    /// `on` or `using` behind it.
    pub constraint: Option<JoinConstraint>,
}

/// The origin of the rows of a [`TableOrSubquery`].
#[derive(Debug, Clone)]
pub enum TableKind {
    /// A table or a view.
    Table(TableName),
    /// A call of a table function.
    Function {
        /// The function.
        name: TableName,
        /// Its arguments.
        arguments: Vec<Expression>,
    },
    /// A sub-select.
    Subquery(Box<Select>),
    /// A join in parentheses.
    Join(Vec<TableOrSubquery>),
}

/// The name of a table, with that of its database where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableName {
    /// The database.
    pub schema: Option<Name>,
    /// The table.
    pub name: Name,
}

/// A comma or a `join`.
#[derive(Debug, Clone)]
pub struct JoinOperator {
    /// All of it, as `natural left join`.
    pub span: Span,
    /// True with `natural`.
    pub is_natural: bool,
}

/// The condition of a join.
#[derive(Debug, Clone)]
pub enum JoinConstraint {
    /// `on`.
    On(Expression),
    /// `using`, with its columns.
    Using(Vec<Name>),
}

/// A term of `order by`, `group by` or `partition by`.
#[derive(Debug, Clone)]
pub struct Term {
    /// All of it.
    pub span: Span,
    /// Its number.
    pub id: SiteId,
    /// Its expression.
    pub expression: Expression,
    /// The direction: ascending where none is given, and outside of `order by`.
    pub direction: Direction,
    /// The place of NULL, where it is given.
    pub nulls: Option<NullsOrder>,
}

/// The direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// `asc`.
    Ascending,
    /// `desc`.
    Descending,
}

/// The place of NULL in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NullsOrder {
    /// `nulls first`.
    First,
    /// `nulls last`.
    Last,
}

/// A window of `window`.
#[derive(Debug, Clone)]
pub struct NamedWindow {
    /// Its name.
    pub name: Name,
    /// Its definition.
    pub window: Window,
}

/// The definition of a window.
#[derive(Debug, Clone)]
pub struct Window {
    /// All of it, without its parentheses.
    pub span: Span,
    /// The window that it extends.
    pub base: Option<Name>,
    /// The terms of `partition by`.
    pub partition_by: Vec<Term>,
    /// The terms of `order by`.
    pub order_by: Vec<Term>,
    /// The frame, where it is given.
    pub frame: Option<Frame>,
}

/// The frame of a window.
#[derive(Debug, Clone)]
pub struct Frame {
    /// All of it.
    pub span: Span,
    /// The unit in which it counts.
    pub unit: FrameUnit,
    /// The offsets of its bounds, as `5` of `5 preceding`.
    pub offsets: Vec<Expression>,
}

impl Frame {
    /// True if one of its bounds has an offset.
    pub fn has_offset(&self) -> bool {
        !self.offsets.is_empty()
    }
}

/// The unit in which a frame counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameUnit {
    /// `rows`.
    Rows,
    /// `range`: amounts of the term by which it is ordered.
    Range,
    /// `groups` of peers.
    Groups,
}

/// An expression.
#[derive(Debug, Clone)]
pub struct Expression {
    /// All of it.
    pub span: Span,
    /// Its number.
    pub id: SiteId,
    /// Its kind, with its parts.
    pub kind: ExpressionKind,
    /// The height of the tree below it.
    pub(super) height: usize,
}

/// The kinds of an expression.
#[derive(Debug, Clone)]
pub enum ExpressionKind {
    /// A literal.
    Literal(Literal),
    /// `?`, `?1`, `:name`, `@name`, `$name`.
    Parameter,
    /// A column: its name, behind those of its table and database. `true`, `false` and `"text"` are read as columns
    /// too: SQLite takes them for values only where no column has that name.
    Column(Vec<Name>),
    /// An expression in parentheses.
    Parenthesised(Box<Expression>),
    /// Several in parentheses.
    RowValue(Vec<Expression>),
    /// An operator before its operand.
    Unary(UnaryOperator, Box<Expression>),
    /// An operator between its operands.
    Binary {
        /// The operator.
        operator: BinaryOperator,
        /// Its place.
        operator_span: Span,
        /// The operand left of it.
        left: Box<Expression>,
        /// The operand right of it.
        right: Box<Expression>,
    },
    /// `is` and `is not distinct from`; negated `is not` and `is distinct from`.
    Is {
        /// True if different values give 1.
        is_negated: bool,
        /// The place of all words of the operator.
        operator_span: Span,
        /// The operand left of it.
        left: Box<Expression>,
        /// The operand right of it.
        right: Box<Expression>,
    },
    /// `is null` and `isnull`; negated `is not null`, `not null` and `notnull`.
    IsNull {
        /// True if NULL gives 0.
        is_negated: bool,
        /// The operand.
        operand: Box<Expression>,
    },
    /// `like` and its kin.
    Like {
        /// True with `not`.
        is_negated: bool,
        /// The operator.
        operator: LikeOperator,
        /// Its place, from `not` on.
        operator_span: Span,
        /// The text.
        left: Box<Expression>,
        /// The pattern.
        right: Box<Expression>,
        /// The character of `escape`.
        escape: Option<Box<Expression>>,
    },
    /// `between`.
    Between {
        /// True with `not`.
        is_negated: bool,
        /// The place of `between`, from `not` on.
        operator_span: Span,
        /// The value between them.
        operand: Box<Expression>,
        /// The lower end.
        low: Box<Expression>,
        /// The upper end.
        high: Box<Expression>,
    },
    /// `in`.
    In {
        /// True with `not`.
        is_negated: bool,
        /// The place of `in`, from `not` on.
        operator_span: Span,
        /// The value that the set may have.
        operand: Box<Expression>,
        /// The set.
        set: InSet,
    },
    /// `case`.
    Case {
        /// The value that each `when` is compared with.
        base: Option<Box<Expression>>,
        /// The number of these comparisons, which a `case` without them has too.
        comparison: SiteId,
        /// Each `when` with its `then`, one at least.
        branches: Vec<(Expression, Expression)>,
        /// `else`.
        otherwise: Option<Box<Expression>>,
    },
    /// `cast`.
    Cast {
        /// The operand.
        operand: Box<Expression>,
        /// The place of the type, which may be empty.
        type_span: Span,
    },
    /// `collate`.
    Collate {
        /// The operand.
        operand: Box<Expression>,
        /// The collation.
        collation: Name,
    },
    /// A call of a function.
    Call(Box<Call>),
    /// `exists`.
    Exists(Box<Select>),
    /// A sub-select.
    Subquery(Box<Select>),
}

/// The kinds of a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Literal {
    /// `null`.
    Null,
    /// A whole number in decimal digits.
    Integer,
    /// A whole number that begins with `0x`.
    Hexadecimal,
    /// A number with a point or an exponent.
    Real,
    /// A string.
    Text,
    /// `x'…'`.
    Blob,
    /// `current_date`, `current_time`, `current_timestamp`.
    CurrentTime,
}

/// The set of an `in`.
#[derive(Debug, Clone)]
pub enum InSet {
    /// A list, which may be empty.
    List(Vec<Expression>),
    /// A sub-select.
    Select(Box<Select>),
    /// A table, or a table function with its arguments.
    Table(Box<TableName>, Vec<Expression>),
}

/// A call of a function.
#[derive(Debug, Clone)]
pub struct Call {
    /// The function.
    pub name: Name,
    /// The word `distinct`.
    pub distinct: Option<Span>,
    /// True for `f(*)`.
    pub is_star: bool,
    /// The arguments.
    pub arguments: Vec<Expression>,
    /// The terms of `order by` behind the arguments.
    pub order_by: Vec<Term>,
    /// The place between the parentheses.
    pub arguments_span: Span,
    /// The condition of `filter`.
    pub filter: Option<Box<Expression>>,
    /// The window of a window function.
    pub over: Option<Over>,
}

/// The window of a call.
#[derive(Debug, Clone)]
pub enum Over {
    /// One that `window` defines.
    Named(Name),
    /// One that is defined here.
    Window(Window),
}
