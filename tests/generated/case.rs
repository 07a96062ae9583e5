//! One case: a statement and a script that must give the same answer, both written from one random description.

use super::condition::Condition;
use super::expression::Expression;
use super::shape::{Column, QUANTITIES, Shape};
use super::source::Source;
use super::wrap::{Columns, Setup, wrapped};
use crate::scratch::random::Random;
use std::fmt::Write;

/// A statement, and a script that computes its answer from plain rows.
pub(crate) struct Case {
    pub(crate) setup: Setup,
    pub(crate) sql: String,
    pub(crate) script: String,
    /// Whether the statement says in which order its rows come, which is that of the script.
    pub(crate) is_ordered: bool,
}

impl Case {
    pub(crate) fn random(random: &mut Random) -> Self {
        let source = Source::random(random);
        let mut setup = Setup::default();
        let shape = Shape::random(random, &source);
        let rows = rows_of(random, &source, matches!(shape, Shape::Windows(..)), &mut setup);
        let condition = condition(random, &source);
        let asked = statement(&shape, &rows, condition.as_ref());
        let columns = columns(&shape);
        let sql = wrapped(random, asked, &columns, source.most_wraps.min(2), &mut setup);
        let is_ordered = columns.key.is_some() && random.chance(40);
        let sql = if is_ordered { format!("select * from ({sql}) order by id") } else { sql };
        let script = script(&shape, &source, condition.as_ref());
        Self { setup, sql, script, is_ordered }
    }
}

/// What stands behind `from`: the rows of the source, wrapped; `once` where they shall be written once.
pub(crate) fn rows_of(random: &mut Random, source: &Source, once: bool, setup: &mut Setup) -> String {
    let all = ["id", "k", "n", "x", "y"].map(|name| (name.to_owned(), QUANTITIES.contains(&name))).to_vec();
    wrapped(random, source.sql.clone(), &Columns { key: (!once).then_some("id"), all }, source.most_wraps, setup)
}

fn condition(random: &mut Random, source: &Source) -> Option<Condition> {
    match random.below(10) {
        0..=4 => Some(Condition::total(random, &QUANTITIES, source.keys, 2)),
        5 => {
            let levels = random.below(2);
            let expression = Expression::random(random, &source.habit, &QUANTITIES, levels);
            Some(Condition::failing(random, &QUANTITIES, expression))
        }
        _ => None,
    }
}

fn statement(shape: &Shape, rows: &str, condition: Option<&Condition>) -> String {
    let condition = condition.map(|condition| format!(" where {}", condition.sql())).unwrap_or_default();
    match shape {
        Shape::Rows(columns) => format!("select id, {} from ({rows}) s{condition}", listed(columns)),
        Shape::Groups(keys, columns) => {
            let mut named = String::new();
            (1..).zip(keys).for_each(|(at, (sql, _))| named += &format!("{sql} as a{at}, "));
            let by: Vec<&str> = keys.iter().map(|(sql, _)| *sql).collect();
            let group = if by.is_empty() { String::new() } else { format!(" group by {}", by.join(", ")) };
            format!("select {named}{} from ({rows}) s{condition}{group}", listed(columns))
        }
        Shape::Windows(window, column) => {
            let (over, behind) = window.sql();
            format!("select id, {} {over} as c1 from ({rows}) s{condition}{behind}", column.sql())
        }
    }
}

/// Result columns with their names.
fn listed(columns: &[Column]) -> String {
    let named = (1..).zip(columns).map(|(at, column)| format!("{} as c{at}", column.sql()));
    named.collect::<Vec<_>>().join(", ")
}

/// The columns of the result.
fn columns(shape: &Shape) -> Columns {
    let named = |columns: &[Column]| -> Vec<(String, bool)> {
        (1..).zip(columns).map(|(at, column)| (format!("c{at}"), column.is_quantity())).collect()
    };
    let id = vec![("id".to_owned(), false)];
    match shape {
        Shape::Rows(columns) => Columns { key: Some("id"), all: [id, named(columns)].concat() },
        Shape::Groups(keys, columns) => {
            let keys = (1..=keys.len()).map(|at| (format!("a{at}"), false)).collect();
            Columns { key: None, all: [keys, named(columns)].concat() }
        }
        Shape::Windows(_, column) => {
            Columns { key: Some("id"), all: [id, vec![("c1".to_owned(), column.is_quantity())]].concat() }
        }
    }
}

fn script(shape: &Shape, source: &Source, condition: Option<&Condition>) -> String {
    let keep = condition.map_or("true".to_owned(), Condition::script);
    let rows = &source.script;
    let start = format!("let out = [];\nlet kept = [];\nfor r in {rows} {{ if {keep} == true {{ kept.push(r); }} }}\n");
    let compute = match shape {
        Shape::Rows(columns) => {
            let mut row = "id: r.id".to_owned();
            (1..).zip(columns).for_each(|(at, column)| {
                let _ = write!(row, ", c{at}: {}", column.script_of_row());
            });
            format!("for r in kept {{ out.push(#{{{row}}}); }}\n")
        }
        Shape::Groups(keys, columns) => groups(keys, columns),
        Shape::Windows(window, column) => window.script(column),
    };
    let order = if matches!(shape, Shape::Groups(..)) { "out" } else { "f_in_order(out)" };
    format!("{start}{compute}{order}")
}

fn groups(keys: &[(&str, &str)], columns: &[Column]) -> String {
    let by: Vec<&str> = keys.iter().map(|(_, script)| *script).collect();
    let groups =
        if by.is_empty() { "[kept]".to_owned() } else { format!("f_groups(kept, kept.map(|r| [{}]))", by.join(", ")) };
    let mut cells: Vec<String> = (1..).zip(&by).map(|(at, script)| format!("a{at}: {script}")).collect();
    let (mut values, mut pushes) = (String::new(), String::new());
    for (at, column) in (1..).zip(columns) {
        values += &format!("    let v{at} = [];\n");
        pushes += &format!("        v{at}.push({});\n", column.script_of_row());
        cells.push(format!("c{at}: {}", column.script_of_all(&format!("v{at}"))));
    }
    let first = if by.is_empty() { "" } else { "    let r = group[0];\n" };
    let cells = cells.join(", ");
    format!(
        "for group in {groups} {{\n{values}    for r in group {{\n{pushes}    }}\n{first}    out.push(#{{{cells}}});\n}}\n"
    )
}
