//! Ways to write a `select` otherwise that must not change what it answers.

use super::keyed::keyed;
use crate::scratch::random::Random;
use std::fmt::Write;

/// What must be said before a statement, and undone after it.
#[derive(Default)]
pub(crate) struct Setup {
    pub(crate) before: Vec<String>,
    pub(crate) after: Vec<String>,
    /// How many common table expressions have a name. Each has its own: where one hides another, SQLite itself mixes
    /// them up.
    named: usize,
}

impl Setup {
    fn name(&mut self) -> String {
        self.named += 1;
        format!("t{}", self.named)
    }

    /// A statement with what must be said before it.
    pub(crate) fn told(&self, sql: &str) -> String {
        [self.before.as_slice(), &[sql.to_owned()]].concat().join(";\n") + ";"
    }
}

/// The columns of a result: which of them, plain and never NULL, is different in each row; which are quantities.
pub(crate) struct Columns {
    pub(crate) key: Option<&'static str>,
    pub(crate) all: Vec<(String, bool)>,
}

impl Columns {
    pub(crate) fn names(&self) -> String {
        self.each(|name, _| name.to_owned())
    }

    /// The list of the columns, each as `write` has it.
    pub(crate) fn each(&self, mut write: impl FnMut(&str, bool) -> String) -> String {
        let mut list = String::new();
        for (name, is_quantity) in &self.all {
            let written = write(name, *is_quantity);
            let separator = if list.is_empty() { "" } else { ", " };
            if written == *name {
                let _ = write!(list, "{separator}{name}");
            } else {
                let _ = write!(list, "{separator}{written} as {name}");
            }
        }
        list
    }
}

/// The same `select`, wrapped up to so many times.
pub(crate) fn wrapped(random: &mut Random, sql: String, columns: &Columns, most: usize, setup: &mut Setup) -> String {
    (0..random.below(most + 1)).fold(sql, |sql, _| once(random, &sql, columns, setup))
}

fn once(random: &mut Random, sql: &str, columns: &Columns, setup: &mut Setup) -> String {
    let names = columns.names();
    let t = setup.name();
    match random.below(21) {
        0 => format!("select * from ({sql}) t"),
        1 => format!("with {t} as ({sql}) select {names} from {t}"),
        2 => format!("with {t} as materialized ({sql}) select * from {t}"),
        3 => format!("with {t} as not materialized ({sql}) select * from {t}"),
        4 => format!(
            "select * from ({sql}) union all select {} from units where code = ''",
            columns.each(|_, _| "null".to_owned())
        ),
        5 => format!(
            "select {} from units where code = '' union all select * from ({sql})",
            columns.each(|_, _| "null".to_owned())
        ),
        20 => format!("select * from ({sql}) union all select {} where 0", columns.each(|_, _| "null".to_owned())),
        6 | 7 => {
            let list =
                columns.each(|name, is_quantity| if is_quantity { unchanged(random, name) } else { name.to_owned() });
            format!("select {list} from ({sql})")
        }
        place => otherwise(random, place, sql, columns, setup),
    }
}

/// The further ways, by their place among all.
fn otherwise(random: &mut Random, place: usize, sql: &str, columns: &Columns, setup: &mut Setup) -> String {
    let names = columns.names();
    match place {
        // A view is looked into once where it is read twice, and SQLite then loses columns of one with an empty branch.
        8 if !sql.contains(':') && !sql.contains("units where") => {
            let view = format!("kept_{}", setup.before.len());
            setup.before.push(format!("create temp view {view} as {sql}"));
            setup.after.insert(0, format!("drop view {view}"));
            format!("select {names} from {view}")
        }
        9 => format!("select {names} from ({sql}) t, (select 1 as one) where one = 1"),
        10 => format!("select {names} from ({sql}) t left join (select 1 as one) on one = 1"),
        11 => format!(
            "select {names} from (select *, row_number() over (order by 1) as place from ({sql})) where place > 0"
        ),
        12 => format!(
            "with recursive r(step, {names}) as (select 1, {names} from ({sql}) union all \
             select step + 1, {names} from r where step < 3) select {names} from r where step = 3"
        ),
        13 => format!("select {names} from ({sql}) limit -1 offset 0"),
        _ => match columns.key {
            Some(key) => keyed(random, sql, columns, key, &setup.name()),
            None => format!("select {names} from ({sql})"),
        },
    }
}

/// Another way to write a column of quantities.
fn unchanged(random: &mut Random, name: &str) -> String {
    match random.below(7) {
        0 => format!("coalesce({name}, {name})"),
        1 => format!("case when 1 then {name} end"),
        2 => format!("iif({name} is null, null, {name})"),
        3 => format!("(select {name})"),
        4 => format!("ifnull({name}, null)"),
        5 => format!("coalesce(null, {name})"),
        _ => name.to_owned(),
    }
}
