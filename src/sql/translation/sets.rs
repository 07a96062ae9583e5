//! `distinct`, `union` and their kin over quantities: their rows are gathered as they are and grouped by keys, for SQLite itself would
//! compare the texts of quantities, facts and all.

use super::rewrite::{Edit, Rewrite, bare, column_name, named, splice};
use super::translator::{GroupKey, Translator};
use crate::store::quote_identifier;
use crate::syntax::select::{
    CompoundOperator, Direction, ExpressionKind, Literal, NullsOrder, ResultColumn, Select, SelectCore, SetOperator,
    Span, Term,
};

/// The most selects of a set: following all rows through its program takes longer than their number.
const MAX_ARMS: usize = 20;

/// A column of a set.
struct SetColumn {
    /// Its name among the rows that are gathered.
    gathered: String,
    /// The name that it has.
    name: String,
    /// The number of its first result column.
    site: usize,
    is_quantity: bool,
    /// 1 if a bare number may be among its values.
    is_strict: u8,
}

impl SetColumn {
    /// The key by which its values are compared.
    fn key(&self) -> String {
        if self.is_quantity {
            return format!("pledgebook_key({}, {}, {})", self.site, self.gathered, self.is_strict);
        }
        self.gathered.clone()
    }

    /// The value of a group.
    fn value(&self, is_grouped: bool) -> String {
        if self.is_quantity && is_grouped {
            return format!("pledgebook_same({}, {})", self.site, self.gathered);
        }
        self.gathered.clone()
    }
}

impl Translator<'_> {
    /// A select whose rows are compared as a whole, or that orders a compound by a quantity; `None` for any other.
    pub(super) fn set(&mut self, select: &Select) -> Option<String> {
        let first = &select.cores[0];
        let is_compound = select.cores.len() > 1;
        if !is_compound && first.distinct.is_none() {
            return None;
        }
        let compares = |operator: &CompoundOperator| operator.operator != SetOperator::UnionAll;
        let is_grouped = if is_compound { select.operators.iter().any(compares) } else { first.distinct.is_some() };
        let set = self.own_name();
        let columns = self.set_columns(select, &set);
        let orders = |term: &Term| {
            self.set_column(select, term).and_then(|at| columns.get(at)).is_some_and(|column| column.is_quantity)
        };
        let is_ordered = is_compound && select.order_by.iter().any(orders);
        if !columns.iter().any(|column| column.is_quantity) || !is_grouped && !is_ordered {
            return None;
        }
        let operators: Vec<SetOperator> = select.operators.iter().map(|operator| operator.operator).collect();
        let operator = operators.first().copied().unwrap_or(SetOperator::Union);
        let is_tagged = matches!(operator, SetOperator::Except | SetOperator::Intersect);
        let has_unknown_width = select.cores.iter().any(|core| core.columns.len() != columns.len());
        let keeps_distinct = !is_grouped && select.cores.iter().any(|core| core.distinct.is_some());
        if keeps_distinct
            || select.cores.len() > MAX_ARMS
            || has_unknown_width
            || operators.iter().any(|other| *other != operator)
            || is_tagged && operators.len() > 1
        {
            self.is_refused = true;
            return None;
        }
        let edits = self.edits(select);
        let with = select.with_span.as_ref().map(|span| self.part(&edits, span) + " ").unwrap_or_default();
        let arms: Vec<String> = select.cores.iter().map(|core| self.arm(&edits, core)).collect();
        let arms = arms.iter().enumerate();
        let arms = arms.map(|(at, arm)| if is_tagged { format!("select {at}, * from ({arm})") } else { arm.clone() });
        let body = arms.collect::<Vec<_>>().join(" union all ");
        let tag = is_tagged.then(|| format!("{set}0"));
        let gathered = tag.into_iter().chain(columns.iter().map(|column| column.gathered.clone()));
        let gathered = gathered.collect::<Vec<_>>().join(", ");
        let shown =
            columns.iter().map(|column| format!("{} as {}", column.value(is_grouped), quote_identifier(&column.name)));
        let shown = shown.collect::<Vec<_>>().join(", ");
        let mut text = format!("{with}select {shown} from (with {set}({gathered}) as ({body}) select * from {set})");
        if is_grouped {
            let keys = columns.iter().map(SetColumn::key).collect::<Vec<_>>().join(", ");
            text += &format!(" group by {keys}");
            match operator {
                SetOperator::Intersect => text += &format!(" having count(distinct {set}0) = 2"),
                SetOperator::Except => text += &format!(" having max({set}0) = 0"),
                SetOperator::Union | SetOperator::UnionAll => {}
            }
        }
        text += &self.set_order(select, &columns, is_grouped);
        if let Some(limit) = &select.limit {
            text += &format!(" {}", &self.sql()[limit.span.clone()]);
        }
        Some(text)
    }

    /// The columns of a set; none where a star hides how many there are.
    fn set_columns(&self, select: &Select, set: &str) -> Vec<SetColumn> {
        let of = |(at, column): (usize, &ResultColumn)| {
            let sites = select.cores.iter().filter_map(|core| Some(core.columns.get(at)?.id));
            let types = sites.map(|site| self.types.argument(site, 0));
            SetColumn {
                gathered: format!("{set}{}", at + 1),
                name: column_name(self.sql(), column).to_owned(),
                site: column.id,
                is_quantity: types.clone().any(|found| found.quantity),
                is_strict: u8::from(types.clone().any(|found| found.plain)),
            }
        };
        let is_star = |column: &ResultColumn| column.expression.is_none();
        if select.cores.iter().any(|core| core.columns.iter().any(is_star)) {
            return Vec::new();
        }
        select.cores[0].columns.iter().enumerate().map(of).collect()
    }

    /// One of the selects whose rows are gathered.
    fn arm(&self, edits: &[Edit], core: &SelectCore) -> String {
        let distinct = core.distinct.iter().map(|distinct| (distinct.clone(), String::new()));
        let edits: Vec<Edit> = edits.iter().cloned().chain(distinct).collect();
        self.part(&edits, &core.span)
    }

    /// A part of the statement with the edits that are in it.
    fn part(&self, edits: &[Edit], part: &Span) -> String {
        let is_within = |(span, _): &&Edit| part.start <= span.start && span.end <= part.end;
        splice(self.sql(), part, edits.iter().filter(is_within).cloned().collect())
    }

    /// The terms by which a set is ordered.
    fn set_order(&mut self, select: &Select, columns: &[SetColumn], is_grouped: bool) -> String {
        let mut terms = Vec::new();
        for term in &select.order_by {
            let Some(column) = self.set_column(select, term).and_then(|at| columns.get(at)) else {
                self.is_refused = true;
                return String::new();
            };
            let is_descending = term.direction == Direction::Descending;
            let is_strict = u8::from(select.limit.is_some()).max(column.is_strict);
            let mut text = column.value(is_grouped);
            if column.is_quantity {
                text = format!("pledgebook_order({}, {text}, {}, {is_strict})", term.id, u8::from(is_descending));
            }
            text += if is_descending { " desc" } else { "" };
            text += match term.nulls {
                Some(NullsOrder::First) => " nulls first",
                Some(NullsOrder::Last) => " nulls last",
                None => "",
            };
            terms.push(text);
        }
        if terms.is_empty() { String::new() } else { format!(" order by {}", terms.join(", ")) }
    }

    /// The column of a set that a term of its order is.
    fn set_column(&self, select: &Select, term: &Term) -> Option<usize> {
        let columns = &select.cores[0].columns;
        let expression = bare(&term.expression);
        if let ExpressionKind::Literal(Literal::Integer) = &expression.kind {
            let number: usize = self.sql()[expression.span.clone()].parse().ok()?;
            return number.checked_sub(1).filter(|at| *at < columns.len());
        }
        let this = GroupKey::new(self.sql(), 0, expression);
        let is_same = |column: &ResultColumn| {
            column.expression.as_ref().is_some_and(|one| GroupKey::new(self.sql(), 0, one).is_same(&this))
        };
        named(expression, columns).or_else(|| columns.iter().position(is_same))
    }
}
