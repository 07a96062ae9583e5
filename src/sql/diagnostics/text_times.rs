//! Columns of imported tables that stay text although they name days, months or times: compared, sorted, grouped or read by a function
//! of dates, they go by their letters and not by time.

use super::column_scope::{CatalogueColumn, ScopedCore, unwrapped};
use super::date_texts::{TextOf, text_value};
use super::plain_functions::DATE_FUNCTIONS;
use crate::import::{TextTimeKind, TextTimes, read_quarter};
use crate::sql::blocks;
use crate::store::Book;
use crate::store::catalogue::{ColumnKind, QUARTER_MEANING};
use crate::syntax::select::{BinaryOperator, Call, Expression, ExpressionKind, InSet, Literal, Over, Span, Term};

/// The most uses of columns in a `select` that are looked into.
const MAX_USES: usize = 8;

/// The use that a statement makes of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// It is compared by `<` and its kin, sorted, or the least or greatest of it is taken.
    Ordered,
    /// It is compared with another column by `=`, or grouped.
    Matched,
    /// It is read by a function of dates.
    Read,
}

/// A column as it is used, with the text of the statement that does it.
struct UsedColumn<'b> {
    column: CatalogueColumn<'b>,
    used: Use,
    /// The words before a term.
    clause: &'static str,
    span: Span,
}

/// Reads the uses of such columns in a `select`.
pub(super) struct TextTimeUses<'l> {
    pub(super) book: &'l Book,
    pub(super) sql: &'l str,
    pub(super) parameter: &'l TextOf<'l>,
}

impl TextTimeUses<'_> {
    /// The warnings about a `select`, one a column.
    pub(super) fn warnings(&self, core: &ScopedCore<'_, '_>) -> Vec<String> {
        let of_expressions = core.expressions.iter().flat_map(|expression| self.of_expression(core, expression));
        let quarters = core.expressions.iter().flat_map(|expression| self.other_quarters(core, expression));
        let is_here = !self.is_added_up_there();
        let uses =
            of_expressions.chain(self.of_terms(core)).filter(|found| is_here && self.is_open(found)).take(MAX_USES);
        let (mut warned, mut warnings): (Vec<&str>, Vec<String>) = (Vec::new(), quarters.collect());
        for found in uses {
            let name = &*found.column.column.name;
            let warning = if warned.contains(&name) { None } else { self.warning(&found) };
            warned.extend(warning.is_some().then_some(name));
            warnings.extend(warning);
        }
        warnings
    }

    /// The warnings about quarters in another form than that of the column that they are compared with.
    fn other_quarters(&self, core: &ScopedCore<'_, '_>, expression: &Expression) -> Vec<String> {
        let beside = |column: &Expression, text: &Expression| {
            let found = core.scope.column(column).filter(|found| found.column.meaning.ends_with(QUARTER_MEANING))?;
            let value = text_value(self.sql, self.parameter, text)?;
            let quarter = read_quarter(&value).filter(|quarter| *quarter != value)?;
            Some(format!(
                "`{}` holds quarters as `2023-Q3`: `'{value}'` is none of them; write `'{quarter}'`",
                found.column.name
            ))
        };
        match &expression.kind {
            ExpressionKind::Binary { left, right, .. } | ExpressionKind::Is { left, right, .. } => {
                beside(left, right).or_else(|| beside(right, left)).into_iter().collect()
            }
            ExpressionKind::Between { operand, low, high, .. } => {
                [low, high].into_iter().filter_map(|end| beside(operand, end)).collect()
            }
            ExpressionKind::In { operand, set: InSet::List(list), .. } => {
                list.iter().filter_map(|value| beside(operand, value)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// True if a server adds the rows up: to look at them would bring them all here.
    fn is_added_up_there(&self) -> bool {
        self.book.remote_imports().iter().any(|(_, _, is_read)| !is_read)
            && blocks::block(self.book, self.sql).is_some()
    }

    /// True for a column that may hold such texts: one of texts of an imported table.
    fn is_open(&self, found: &UsedColumn<'_>) -> bool {
        let CatalogueColumn { view, column } = found.column;
        column.kind == ColumnKind::Text
            && !column.is_date
            && self.book.catalogue().imported().any(|known| std::ptr::eq(known, view))
    }

    fn of_expression<'b>(&self, core: &ScopedCore<'_, 'b>, expression: &Expression) -> Vec<UsedColumn<'b>> {
        use BinaryOperator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        let used = |side: &Expression, used| {
            let column = core.scope.column(side)?;
            Some(UsedColumn { column, used, clause: "", span: expression.span.clone() })
        };
        match &expression.kind {
            ExpressionKind::Binary { operator: Less | LessOrEqual | Greater | GreaterOrEqual, left, right, .. } => {
                [left, right].into_iter().filter_map(|side| used(side, Use::Ordered)).collect()
            }
            ExpressionKind::Binary { operator: Equal | NotEqual, left, right, .. }
            | ExpressionKind::Is { left, right, .. } => {
                let sides = [(left, right), (right, left)];
                let matched = sides.into_iter().filter(|(side, other)| self.is_missed(core, side, other));
                matched.filter_map(|(side, _)| used(side, Use::Matched)).collect()
            }
            ExpressionKind::In { operand, set: InSet::List(list), .. } => {
                let is_missed = list.iter().any(|value| self.is_missed(core, operand, value));
                used(operand, Use::Matched).filter(|_| is_missed).into_iter().collect()
            }
            ExpressionKind::Between { operand, .. } => used(operand, Use::Ordered).into_iter().collect(),
            ExpressionKind::Call(call) => self.of_call(core, expression, call),
            _ => Vec::new(),
        }
    }

    /// True for a column beside another one, or beside a text with digits that it does not hold: one in its own spelling is found.
    fn is_missed(&self, core: &ScopedCore<'_, '_>, side: &Expression, other: &Expression) -> bool {
        let Some(CatalogueColumn { view, column }) = core.scope.column(side) else { return false };
        match text_value(self.sql, self.parameter, other) {
            Some(text) => {
                text.contains(|c: char| c.is_ascii_digit())
                    && !self.book.has_text(view, &column.name, "=", &text).unwrap_or(true)
            }
            None => core.scope.column(other).is_some_and(|other| !std::ptr::eq(other.column, column)),
        }
    }

    fn of_call<'b>(&self, core: &ScopedCore<'_, 'b>, whole: &Expression, call: &Call) -> Vec<UsedColumn<'b>> {
        let is_named = |name: &str| call.name.text.eq_ignore_ascii_case(name);
        let used = |argument: &Expression, used| {
            Some(UsedColumn { column: core.scope.column(argument)?, used, clause: "", span: whole.span.clone() })
        };
        let mut found: Vec<UsedColumn<'b>> = Vec::new();
        if is_named("min") || is_named("max") {
            found.extend(call.arguments.iter().filter_map(|argument| used(argument, Use::Ordered)));
        }
        if let Some((_, at)) = DATE_FUNCTIONS.iter().find(|(name, _)| is_named(name)) {
            found.extend(call.arguments.iter().skip(*at).filter_map(|argument| used(argument, Use::Read)));
        }
        let of_window = match &call.over {
            Some(Over::Window(window)) => &window.order_by[..],
            _ => &[],
        };
        let sorted = call.order_by.iter().chain(of_window);
        found.extend(sorted.filter_map(|term| self.of_term(core, term, Use::Ordered)));
        found
    }

    /// The columns that a `select` is sorted or grouped by.
    fn of_terms<'b>(&self, core: &ScopedCore<'_, 'b>) -> Vec<UsedColumn<'b>> {
        let is_only = core.select.cores.len() == 1;
        let sorted = core.select.order_by.iter().filter(|_| is_only);
        let of_windows = core.core.windows.iter().flat_map(|named| &named.window.order_by);
        let sorted = sorted.chain(of_windows).filter_map(|term| self.of_term(core, term, Use::Ordered));
        let grouped = core.core.group_by.iter().filter_map(|term| self.of_term(core, term, Use::Matched));
        sorted.chain(grouped).collect()
    }

    /// The column of a term: itself, by its other name, or by its number among those of the result.
    fn of_term<'b>(&self, core: &ScopedCore<'_, 'b>, term: &Term, used: Use) -> Option<UsedColumn<'b>> {
        let expression = unwrapped(&term.expression);
        let columns = &core.core.columns;
        let of_result = match &expression.kind {
            ExpressionKind::Literal(Literal::Integer) => {
                let number: usize = self.sql[expression.span.clone()].parse().ok()?;
                columns.get(number.checked_sub(1)?)
            }
            ExpressionKind::Column(names) => {
                let [name] = &names[..] else { return Self::column_of(core, expression, term, used) };
                let is_it = |alias: &crate::syntax::select::Name| alias.text.eq_ignore_ascii_case(&name.text);
                columns.iter().find(|column| column.alias.as_ref().is_some_and(is_it))
            }
            _ => None,
        };
        let sorted = of_result.and_then(|column| column.expression.as_ref()).unwrap_or(expression);
        Self::column_of(core, sorted, term, used)
    }

    fn column_of<'b>(
        core: &ScopedCore<'_, 'b>,
        expression: &Expression,
        term: &Term,
        used: Use,
    ) -> Option<UsedColumn<'b>> {
        let clause = if used == Use::Ordered { "order by " } else { "group by " };
        Some(UsedColumn { column: core.scope.column(expression)?, used, clause, span: term.span.clone() })
    }

    fn warning(
        &self,
        UsedColumn { column: CatalogueColumn { view, column }, used, clause, span }: &UsedColumn<'_>,
    ) -> Option<String> {
        let found = TextTimes::read(&self.book.some_texts(view, &column.name).ok()?)?;
        let (name, example, written) = (&column.name, &found.example, self.sql.get(span.clone())?);
        let what = match found.kind {
            TextTimeKind::Days => "days",
            TextTimeKind::Times => "times",
            TextTimeKind::Months | TextTimeKind::MonthNames => "months",
        };
        let is_of_days = matches!(found.kind, TextTimeKind::Days | TextTimeKind::Times);
        let done = match used {
            Use::Ordered => "goes by its letters, not by time",
            Use::Matched if is_of_days => "takes the same day in two spellings for two",
            // A function reads no month, which is said of it already.
            Use::Read
                if self.book.unread_dates(view, &column.name).ok()?.is_none() && found.kind == TextTimeKind::Days =>
            {
                "is NULL where the text is no date as `2023-03-01`"
            }
            Use::Matched | Use::Read => return None,
        };
        Some(format!(
            "`{name}` is text, with {what} as `{example}`: `{clause}{written}` {done}; {}",
            help(name, &found)
        ))
    }
}

/// The way to have the times of a column in order.
fn help(name: &str, found: &TextTimes) -> String {
    match (found.kind, &found.formats[..]) {
        (TextTimeKind::Times, _) => format!("`datetime({name})` is each in UTC"),
        (TextTimeKind::MonthNames, _) => "a column with the number of the month goes by time".to_owned(),
        (_, [first, second]) => format!("an import with `--date {name}={first}`, or `{name}={second}`, reads them"),
        (_, [format]) => format!("an import with `--date {name}={format}` reads them"),
        _ => format!("an import with `--date {name}=FORMAT` reads them"),
    }
}
