//! The writing of a statement with counters in it: where whole numbers may be divided, or a text may be read as a number, a function
//! stands that does the same and counts what is lost by it. All else stays as it is written.

use super::rewrite::{PlacedTerm, Rewrite, Source, bare, splice};
use super::views::Expansion;
use crate::sql::counter::{CountedCoercions, Counter};
use crate::sql::dataflow::storage_class::{numeric_arguments, result_of};
use crate::store::udf::{NUMBER, QUOTIENT, WHOLE_NUMBER};
use crate::syntax::select::{
    BinaryOperator, Call, Expression, ExpressionKind, JoinConstraint, Literal, Node, Select, SiteId, Span, TableKind,
    TableOrSubquery, UnaryOperator,
};
use std::collections::BTreeMap;
use std::ops::Range;

/// A statement with counters in it.
pub(in crate::sql) struct CountingText {
    pub(in crate::sql) sql: String,
    /// The numbers of its counters.
    pub(in crate::sql) numbers: Range<i64>,
    /// By their numbers.
    pub(in crate::sql) counters: Vec<Counter>,
}

impl CountingText {
    /// Writes a statement with counters for some kinds of coercions; `None` where there is none of them, or it would be too long.
    /// `number` gives their numbers to so many.
    pub(in crate::sql) fn write(
        expansion: &Expansion,
        wanted: &CountedCoercions,
        number: impl FnOnce(usize) -> Range<i64>,
    ) -> Option<Self> {
        Self::of(&expansion.sql, &expansion.statement, wanted, number)
    }

    fn of(
        sql: &str,
        statement: &Select,
        wanted: &CountedCoercions,
        number: impl FnOnce(usize) -> Range<i64>,
    ) -> Option<Self> {
        let places = Places::find(sql, statement, wanted);
        if places.counters.is_empty() {
            return None;
        }
        let numbers = number(places.counters.len());
        let mut writer = CounterWriter { source: Source::new(sql, statement), places: &places, first: numbers.start };
        let select = writer.select(statement);
        let sql = writer.source.with_select(select);
        (!writer.source.is_spent()).then_some(Self { sql, numbers, counters: places.counters })
    }
}

/// The places of a statement that have a counter, by the number of the expression, and the index of that counter.
struct Places<'s> {
    sql: &'s str,
    wanted: &'s CountedCoercions,
    divisions: BTreeMap<SiteId, usize>,
    /// Values that are read as numbers, with the function for that.
    values: BTreeMap<SiteId, (&'static str, usize)>,
    counters: Vec<Counter>,
    /// By the text of the expression in lower case, without blanks: SQLite takes expressions for the same that are written alike, as in `group by`,
    /// and must find them the same here.
    indices: BTreeMap<String, usize>,
}

impl<'s> Places<'s> {
    fn find(sql: &'s str, statement: &Select, wanted: &'s CountedCoercions) -> Self {
        let mut places = Self {
            sql,
            wanted,
            divisions: BTreeMap::new(),
            values: BTreeMap::new(),
            counters: Vec::new(),
            indices: BTreeMap::new(),
        };
        Node::Select(statement).walk(|node| {
            match node {
                Node::Select(select) => places.of_select(select),
                Node::Expression(expression) => places.of_expression(expression),
                Node::ResultColumn(_) | Node::Term(_) => {}
            }
            true
        });
        places
    }

    fn of_select(&mut self, select: &Select) {
        for core in &select.cores {
            self.of_tables(&core.from);
            core.where_clause.iter().chain(&core.having).for_each(|condition| self.condition(condition));
        }
    }

    fn of_tables(&mut self, tables: &[TableOrSubquery]) {
        for table in tables {
            if let TableKind::Join(tables) = &table.kind {
                self.of_tables(tables);
            }
            if let Some(JoinConstraint::On(condition)) = &table.constraint {
                self.condition(condition);
            }
        }
    }

    fn of_expression(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Binary { operator: BinaryOperator::And | BinaryOperator::Or, left, right, .. } => {
                self.condition(left);
                self.condition(right);
            }
            ExpressionKind::Binary { operator, operator_span, left, right } => {
                if *operator == BinaryOperator::Divide {
                    self.division(expression, left, right);
                }
                self.operand(expression, operator_span, [left, right]);
                self.operand(expression, operator_span, [right, left]);
            }
            ExpressionKind::Unary(UnaryOperator::Not, operand) => self.condition(operand),
            ExpressionKind::Unary(UnaryOperator::Minus | UnaryOperator::BitNot, operand) => {
                let operator = expression.span.start..expression.span.start + 1;
                self.operand(expression, &operator, [operand, operand]);
            }
            ExpressionKind::Case { base: None, branches, .. } => {
                for (condition, _) in branches {
                    self.condition(condition);
                }
            }
            ExpressionKind::Cast { operand, type_span } if self.wanted.casts => {
                self.cast(expression, operand, type_span);
            }
            ExpressionKind::Call(call) => self.call(expression, call),
            _ => {}
        }
    }

    fn division(&mut self, whole: &Expression, left: &Expression, right: &Expression) {
        let is_counted = self.wanted.divisions || self.wanted.operators.contains("/");
        if !is_counted || is_real(left) || is_real(right) {
            return;
        }
        let [left, right] = [left, right].map(|operand| self.text(operand));
        let index = self.index(whole, Counter::Division { left, right });
        self.divisions.insert(whole.id, index);
    }

    /// An operand of an operator, beside the other one. The text of a function that gets `+ 0` or `* 1` is made a number on purpose.
    fn operand(&mut self, whole: &Expression, operator: &Span, [operand, other]: [&Expression; 2]) {
        let operator = &self.sql[operator.clone()];
        let neutral = match operator {
            "+" => "0",
            "*" => "1",
            _ => "",
        };
        let is_conversion =
            self.sql[other.span.clone()] == *neutral && matches!(bare(operand).kind, ExpressionKind::Call(_));
        if self.wanted.operators.contains(operator) && !is_conversion {
            self.value(whole, operand, NUMBER);
        }
    }

    fn condition(&mut self, condition: &Expression) {
        if self.wanted.conditions {
            self.value(condition, condition, NUMBER);
        }
    }

    /// The operand of a cast; the text of a function is cast on purpose.
    fn cast(&mut self, whole: &Expression, operand: &Expression, type_span: &Span) {
        let is_made = matches!(
            bare(operand).kind,
            ExpressionKind::Call(_) | ExpressionKind::Binary { operator: BinaryOperator::Concatenate, .. }
        );
        let name = self.sql[type_span.clone()].to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        let function = if has(&["int"]) { WHOLE_NUMBER } else { NUMBER };
        let is_number = has(&["int"]) || !name.is_empty() && !has(&["char", "clob", "text", "blob"]);
        if is_number && !is_made {
            self.value(whole, operand, function);
        }
    }

    fn call(&mut self, whole: &Expression, call: &Call) {
        let name = call.name.text.to_ascii_lowercase();
        if matches!(&*name, "iif" | "if") {
            call.arguments.iter().take(1).for_each(|condition| self.condition(condition));
        }
        call.filter.iter().for_each(|condition| self.condition(condition));
        if !self.wanted.functions.contains(&name) {
            return;
        }
        let first = call.arguments.first().filter(|first| matches!(first.kind, ExpressionKind::Literal(Literal::Text)));
        let format = first.map(|first| self.sql[first.span.clone()].trim_matches('\''));
        for at in numeric_arguments(&name, format) {
            call.arguments.get(at).into_iter().for_each(|argument| self.value(whole, argument, NUMBER));
        }
    }

    /// A value of an expression that a function hands on, if it may be a text.
    fn value(&mut self, whole: &Expression, value: &Expression, function: &'static str) {
        if !may_be_text(value) || self.values.contains_key(&value.id) {
            return;
        }
        let is_literal = matches!(bare(value).kind, ExpressionKind::Literal(_) | ExpressionKind::Parameter);
        let text = self.text(bare(value));
        let index = self.index(whole, Counter::Number { text, is_whole: function == WHOLE_NUMBER, is_literal });
        self.values.insert(value.id, (function, index));
    }

    /// The text of an expression, with one blank in the place of several.
    fn text(&self, expression: &Expression) -> String {
        self.sql[expression.span.clone()].split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The index of a counter of something in an expression.
    fn index(&mut self, whole: &Expression, counter: Counter) -> usize {
        let mut written = format!("{} {counter:?}", self.text(whole)).to_ascii_lowercase();
        written.retain(|c| c != ' ');
        *self.indices.entry(written).or_insert_with(|| {
            self.counters.push(counter);
            self.counters.len() - 1
        })
    }
}

/// True for an expression that is a REAL or NULL, whatever the rows are.
fn is_real(expression: &Expression) -> bool {
    match &bare(expression).kind {
        ExpressionKind::Literal(Literal::Real) => true,
        ExpressionKind::Unary(UnaryOperator::Minus | UnaryOperator::Plus, operand) => is_real(operand),
        ExpressionKind::Binary {
            operator: BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Multiply | BinaryOperator::Divide,
            left,
            right,
            ..
        } => is_real(left) || is_real(right),
        _ => false,
    }
}

/// True for an expression that is a number or NULL, whatever the rows are.
fn is_number(expression: &Expression) -> bool {
    match &bare(expression).kind {
        ExpressionKind::Literal(literal) => !matches!(literal, Literal::Text | Literal::Blob | Literal::CurrentTime),
        ExpressionKind::Unary(operator, _) => *operator != UnaryOperator::Plus,
        ExpressionKind::Binary { operator, .. } => {
            !matches!(operator, BinaryOperator::Concatenate | BinaryOperator::ExtractJson | BinaryOperator::Extract)
        }
        _ => false,
    }
}

/// True for an expression that may be a text, as far as it is written.
fn may_be_text(expression: &Expression) -> bool {
    match &bare(expression).kind {
        ExpressionKind::Column(_)
        | ExpressionKind::Parameter
        | ExpressionKind::Literal(Literal::Text)
        | ExpressionKind::Case { .. }
        | ExpressionKind::Cast { .. }
        | ExpressionKind::Collate { .. }
        | ExpressionKind::Subquery(_)
        | ExpressionKind::Unary(UnaryOperator::Plus, _)
        | ExpressionKind::Binary {
            operator: BinaryOperator::Concatenate | BinaryOperator::Extract | BinaryOperator::ExtractJson,
            ..
        } => true,
        ExpressionKind::Call(call) => !result_of(&call.name.text.to_ascii_lowercase(), &[], None).is_number(),
        _ => false,
    }
}

/// Writes counters.
struct CounterWriter<'s> {
    source: Source<'s>,
    places: &'s Places<'s>,
    /// The number of the first counter.
    first: i64,
}

impl CounterWriter<'_> {
    /// The number of a counter.
    fn number(&self, index: usize) -> i64 {
        self.first + i64::try_from(index).unwrap_or_default()
    }

    /// The text of an operand of a division: as SQLite's division does, `* 1` makes it a number.
    fn divided(&mut self, operand: &Expression) -> String {
        let text = self.expression(operand);
        if is_number(operand) { text } else { format!("({text}) * 1") }
    }

    /// The text of an expression, with the counters within.
    fn counted(&mut self, expression: &Expression) -> String {
        match (&expression.kind, self.places.divisions.get(&expression.id)) {
            (ExpressionKind::Binary { left, right, .. }, Some(index)) => {
                let [left, right] = [left, right].map(|operand| self.divided(operand));
                format!("{QUOTIENT}({}, {left}, {right})", self.number(*index))
            }
            _ => self.kept(expression),
        }
    }
}

impl Rewrite for CounterWriter<'_> {
    fn source(&self) -> &Source<'_> {
        &self.source
    }

    fn expression(&mut self, expression: &Expression) -> String {
        if self.source.is_spent() {
            return String::new();
        }
        let mut text = self.counted(expression);
        if let Some((function, index)) = self.places.values.get(&expression.id) {
            text = format!("{function}({}, {text})", self.number(*index));
        }
        self.source.spend(&text);
        text
    }

    fn term(&mut self, _: &PlacedTerm<'_>) -> Option<String> {
        None
    }

    fn select(&mut self, select: &Select) -> String {
        let edits = self.edits(select);
        splice(self.source.sql, &select.span, edits)
    }
}

#[cfg(test)]
mod tests {
    use super::{CountedCoercions, Counter, CountingText};
    use crate::syntax::select;

    /// Checks the text of a statement with every counter in it.
    #[track_caller]
    fn check(sql: &str, expected: &str) -> Vec<Counter> {
        let wanted = CountedCoercions {
            divisions: true,
            operators: ["+", "-", "*", "/", "%", "~"].into(),
            functions: ["sum", "printf"].map(str::to_owned).into(),
            casts: true,
            conditions: true,
        };
        let text = CountingText::of(sql, &select::parse(sql).unwrap(), &wanted, |count| 0..count.try_into().unwrap());
        let text = text.unwrap_or_else(|| panic!("{sql} has no counter"));
        let short = text.sql.replace("pledgebook_", "");
        assert_eq!(short, expected, "{sql}");
        text.counters
    }

    #[test]
    fn a_counter_stands_where_something_may_be_lost() {
        for (sql, expected) in [
            ("select 7 / 2", "select quotient(0, 7, 2)"),
            ("select 7 / 2.0, 7 / 2", "select 7 / 2.0, quotient(0, 7, 2)"),
            ("select x'31' / 2", "select quotient(0, (x'31') * 1, 2)"),
            ("select a / (b - 1) from t", "select quotient(0, (number(1, a)) * 1, (number(2, b) - 1)) from t"),
            ("select -a, +b, ~3 from t", "select -number(0, a), +b, ~3 from t"),
            ("select lower(a) + 0, lower(a) + 1 from t", "select lower(a) + 0, number(0, lower(a)) + 1 from t"),
            (
                "select cast(a as int), cast(a as text) from t",
                "select cast(whole_number(0, a) as int), cast(a as text) from t",
            ),
            (
                "select sum(distinct a), printf('%s %d', a, b) from t",
                "select sum(distinct number(0, a)), printf('%s %d', a, number(1, b)) from t",
            ),
            (
                "select 1 from t join u on a where not b and c > 1",
                "select 1 from t join u on number(0, a) where not number(1, b) and c > 1",
            ),
            (
                "select * from (select 7/2 from t) where case when a then 1 end",
                "select * from (select quotient(1, 7, 2) as \"7/2\" from t) where number(0, case when number(2, a) then 1 end)",
            ),
        ] {
            check(sql, expected);
        }
    }

    #[test]
    fn what_is_written_alike_has_one_counter() {
        let counters = check(
            "select a/2, count(*) from t group by A / 2 having a / 2",
            "select quotient(0, (number(1, a)) * 1, 2), count(*) from t group by quotient(0, (number(1, A)) * 1, 2) having \
             quotient(0, (number(1, a)) * 1, 2)",
        );
        assert_eq!(counters.len(), 2);
    }
}
