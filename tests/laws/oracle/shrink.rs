//! Smaller statements and tables: what of a failing one can be left out.

use super::expression::Expression;
use super::select::Select;
use super::tables::Table;

/// Statements with less in them.
pub(super) fn statements(select: &Select) -> Vec<Select> {
    let mut smaller = Vec::new();
    let mut without = |change: &dyn Fn(&mut Select)| {
        let mut other = select.clone();
        change(&mut other);
        if other != *select {
            smaller.push(other);
        }
    };
    without(&|select| select.condition = None);
    without(&|select| select.having = None);
    without(&|select| select.limit = None);
    without(&|select| select.is_distinct = false);
    without(&|select| {
        select.order.pop();
        select.limit = None;
    });
    without(&|select| {
        select.compound = None;
        select.order.clear();
        select.limit = None;
    });
    let is_item_named =
        |at: usize| select.order.iter().any(|(by, _)| matches!(by, Expression::Item(item) if *item >= at));
    for at in 0..select.items.len() {
        if select.items.len() > 1 && !is_item_named(at) && select.compound.is_none() {
            without(&|select| drop(select.items.remove(at)));
        }
        for part in parts(&select.items[at]) {
            without(&|select| select.items[at] = part.clone());
        }
    }
    for part in select.condition.as_ref().into_iter().flat_map(parts).filter(Expression::is_condition) {
        without(&|select| select.condition = Some(part.clone()));
    }
    for (at, (name, query)) in select.with.iter().enumerate() {
        for query in statements(query).into_iter().filter(|other| other.items.len() == query.items.len()) {
            without(&|select| select.with[at] = (name.clone(), query.clone()));
        }
    }
    smaller
}

/// The parts of an expression, and it with less in an aggregate.
fn parts(expression: &Expression) -> Vec<Expression> {
    let mut parts: Vec<Expression> = expression.parts().into_iter().cloned().collect();
    match expression {
        Expression::Aggregate(aggregate) => {
            let mut other = aggregate.clone();
            if other.filter.take().is_some() {
                parts.push(Expression::Aggregate(other.clone()));
            }
            let arguments = aggregate.argument.as_ref().map(|argument| argument.parts()).unwrap_or_default();
            for argument in arguments {
                other.argument = Some(Box::new(argument.clone()));
                parts.push(Expression::Aggregate(other.clone()));
            }
        }
        Expression::Compare(relation, a, b) => {
            let boxed = |part: &Expression| Box::new(part.clone());
            parts.extend(a.parts().into_iter().map(|part| Expression::Compare(*relation, boxed(part), b.clone())));
            parts.extend(b.parts().into_iter().map(|part| Expression::Compare(*relation, a.clone(), boxed(part))));
        }
        _ => {}
    }
    parts
}

/// The tables with one row less; an imported one keeps its first, which makes its columns what they are.
pub(super) fn tables(tables: &[Table]) -> Vec<Vec<Table>> {
    let mut smaller = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        for row in usize::from(table.is_imported())..table.cells.len() {
            let mut other = tables.to_vec();
            other[at].cells.remove(row);
            smaller.push(other);
        }
    }
    smaller
}
