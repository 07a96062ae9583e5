//! The statement with a stand-in in the place of every operator, call and term that a quantity may be handed to. SQLite itself then
//! resolves names, stars, aliases and correlations; the statement is never run.

use super::handing::{Handing, handing};
use super::rewrite::{PlacedTerm, Rewrite, Source, bare, splice};
use crate::store::udf::probes::{Probe, ProbeKind};
use crate::syntax::select::{
    BinaryOperator, Call, Expression, ExpressionKind, InSet, ResultColumn, Select, SiteId, UnaryOperator,
};
use std::iter;

/// The most values of a list that are arguments of one call: SQLite takes no more than 1,000.
const MAX_LIST: usize = 990;

/// Writes stand-ins.
pub(super) struct ProbeWriter<'s> {
    source: Source<'s>,
    /// True in a select whose rows are compared as a whole.
    is_set: bool,
    probes: Vec<Probe>,
}

impl<'s> ProbeWriter<'s> {
    /// A statement with stand-ins, and which they are; `None` where it would be too long.
    pub(super) fn write(sql: &'s str, statement: &Select) -> Option<(String, Vec<Probe>)> {
        let mut writer = Self { source: Source::new(sql, statement), is_set: false, probes: Vec::new() };
        let select = writer.select(statement);
        let text = writer.source.with_select(select);
        (!writer.source.is_spent()).then_some((text, writer.probes))
    }

    /// The name of a stand-in.
    fn name(&mut self, site: SiteId, kind: ProbeKind, arguments: usize) -> String {
        let probe = Probe { site, kind, arguments };
        self.probes.push(probe);
        probe.name()
    }

    /// A stand-in for a place that is handed some texts.
    fn probe(&mut self, site: SiteId, kind: ProbeKind, arguments: &[String]) -> String {
        format!("{}({})", self.name(site, kind, arguments.len()), arguments.join(", "))
    }

    /// A stand-in that is handed some expressions.
    fn probed<'e>(
        &mut self,
        site: SiteId,
        kind: ProbeKind,
        operands: impl IntoIterator<Item = &'e Expression>,
    ) -> String {
        let texts: Vec<String> = operands.into_iter().map(|operand| self.expression(operand)).collect();
        self.probe(site, kind, &texts)
    }

    fn case(
        &mut self,
        expression: &Expression,
        (base, comparison): (Option<&Expression>, SiteId),
        branches: &[(Expression, Expression)],
        otherwise: Option<&Expression>,
    ) -> String {
        let mut text = "case".to_owned();
        for (when, then) in branches {
            let when = match base {
                Some(base) => self.probed(comparison, ProbeKind::Plain, [base, when]),
                None => self.expression(when),
            };
            text += &format!(" when {when} then {}", self.expression(then));
        }
        if let Some(otherwise) = otherwise {
            text += &format!(" else {}", self.expression(otherwise));
        }
        self.probe(expression.id, ProbeKind::Scalar, &[text + " end"])
    }

    fn call(&mut self, expression: &Expression, call: &Call) -> String {
        let kind = match handing(call) {
            Handing::Unknown => return self.kept(expression),
            Handing::PassedOn => {
                let kept = self.kept(expression);
                return self.probe(expression.id, ProbeKind::Scalar, &[kept]);
            }
            Handing::Translated(kind) => kind,
        };
        let name = self.name(expression.id, kind, call.arguments.len());
        self.kept_with(expression, vec![(call.name.span.clone(), name)])
    }

    /// The text of an expression with a stand-in where a quantity may be handed to it.
    fn stand_in(&mut self, expression: &Expression) -> String {
        let site = expression.id;
        match &expression.kind {
            ExpressionKind::Binary { left, right, .. } | ExpressionKind::Is { left, right, .. }
                if is_row(left) || is_row(right) =>
            {
                self.kept(expression)
            }
            ExpressionKind::Binary { operator, left, right, .. } => match operator {
                BinaryOperator::And | BinaryOperator::Or | BinaryOperator::ExtractJson | BinaryOperator::Extract => {
                    self.kept(expression)
                }
                BinaryOperator::Add
                | BinaryOperator::Subtract
                | BinaryOperator::Multiply
                | BinaryOperator::Divide
                | BinaryOperator::Remainder => self.probed(site, ProbeKind::Scalar, [&**left, right]),
                _ => self.probed(site, ProbeKind::Plain, [&**left, right]),
            },
            ExpressionKind::Unary(operator, operand)
                if *operator != UnaryOperator::Not && !matches!(operand.kind, ExpressionKind::Literal(_)) =>
            {
                self.probed(site, ProbeKind::Scalar, [&**operand])
            }
            ExpressionKind::Is { left, right, .. } => self.probed(site, ProbeKind::Plain, [&**left, right]),
            ExpressionKind::Like { left, right, escape, .. } => {
                self.probed(site, ProbeKind::Plain, [&**left, right].into_iter().chain(escape.as_deref()))
            }
            ExpressionKind::Between { operand, low, high, .. } if !is_row(operand) => {
                self.probed(site, ProbeKind::Plain, [&**operand, low, high])
            }
            ExpressionKind::In { operand, set: InSet::List(list), .. }
                if !is_row(operand) && (1..MAX_LIST).contains(&list.len()) =>
            {
                self.probed(site, ProbeKind::Plain, iter::once(&**operand).chain(list))
            }
            ExpressionKind::In { operand, set: InSet::Select(select), .. } if !is_row(operand) => {
                let rows = format!("({})", self.select(select));
                let operand = self.expression(operand);
                self.probe(site, ProbeKind::Plain, &[operand, rows])
            }
            ExpressionKind::Case { base, comparison, branches, otherwise } => {
                self.case(expression, (base.as_deref(), *comparison), branches, otherwise.as_deref())
            }
            ExpressionKind::Call(call) => self.call(expression, call),
            _ => self.kept(expression),
        }
    }
}

impl Rewrite for ProbeWriter<'_> {
    fn source(&self) -> &Source<'_> {
        &self.source
    }

    fn expression(&mut self, expression: &Expression) -> String {
        if self.source.is_spent() {
            return String::new();
        }
        let text = self.stand_in(expression);
        self.source.spend(&text);
        text
    }

    fn term(&mut self, placed: &PlacedTerm<'_>) -> Option<String> {
        Some(self.probed(placed.term.id, ProbeKind::Scalar, [placed.target]))
    }

    fn result(&mut self, column: &ResultColumn, expression: &Expression) -> String {
        let is_set = std::mem::take(&mut self.is_set);
        let text = self.expression(expression);
        self.is_set = is_set;
        if is_set { self.probe(column.id, ProbeKind::Scalar, &[text]) } else { text }
    }

    fn select(&mut self, select: &Select) -> String {
        let is_compound = select.cores.len() > 1;
        let was_set = std::mem::replace(&mut self.is_set, is_compound || select.cores[0].distinct.is_some());
        let mut edits = self.edits(select);
        self.is_set = was_set;
        // The terms of a compound select can be nothing but its columns.
        edits.extend(select.order_by_span.iter().filter(|_| is_compound).map(|span| (span.clone(), String::new())));
        splice(self.source.sql, &select.span, edits)
    }
}

fn is_row(expression: &Expression) -> bool {
    matches!(bare(expression).kind, ExpressionKind::RowValue(_))
}
