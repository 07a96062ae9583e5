//! Ways to write a `select` otherwise that need a column by which its rows are told apart.

use super::wrap::Columns;
use crate::scratch::random::Random;

/// Ways that need a column by which rows are told apart.
pub(crate) fn keyed(random: &mut Random, sql: &str, columns: &Columns, key: &str, t: &str) -> String {
    match random.below(10) {
        0 => {
            let side = columns.each(|name, _| format!("{}.{name}", random.word(&["a", "b"])));
            let join = random.word(&["join", "left join", "inner join"]);
            format!("select {side} from ({sql}) a {join} ({sql}) b on a.{key} = b.{key}")
        }
        1 => {
            let side = columns.each(|name, _| format!("b.{name}"));
            let kind = random.word(&["as", "as materialized", "as not materialized"]);
            format!("with {t} {kind} ({sql}) select {side} from {t} a join {t} b using ({key})")
        }
        2 => {
            let looked_up = columns.each(|name, is_quantity| {
                if is_quantity {
                    format!("(select b.{name} from {t} b where b.{key} = a.{key})")
                } else {
                    format!("a.{name}")
                }
            });
            format!("with {t} as ({sql}) select {looked_up} from {t} a")
        }
        // A sorter carries whole rows within its own here.
        8 => {
            format!("with {t} as materialized (select * from ({sql}) order by length({key}), {key}) select * from {t}")
        }
        9 => format!("select * from (select * from ({sql}) order by {key} limit 100000)"),
        place => alike(place, sql, columns, key, t),
    }
}

/// The ways that leave nothing to choose.
fn alike(place: usize, sql: &str, columns: &Columns, key: &str, t: &str) -> String {
    let names = columns.names();
    match place {
        3 => format!("select {names} from ({sql}) where {key} is not null"),
        4 => format!("select {names} from ({sql}) group by {key}"),
        5 if columns.all.len() == 5 => {
            let pivot = if key == "id" && sql.contains("q('") { "3" } else { "'F3'" };
            format!(
                "with {t} as ({sql}) select * from {t} where {key} <= {pivot} union all select * from {t} where {key} > {pivot}"
            )
        }
        6 => format!("select {names} from ({sql}) where {key} in (select {key} from ({sql}))"),
        _ => format!(
            "with {t} as ({sql}) select {names} from {t} a where exists (select 1 from {t} b where b.{key} = a.{key})"
        ),
    }
}
