//! That the scripts of the library ask in SQL which other databases read as well, and for rows in an order that no
//! database may choose. It looks at words and does not parse: what it can't tell, it refuses.

use std::fs;
use std::path::Path;

/// The functions of scripts whose first argument is SQL.
const READERS: [&str; 4] = ["query(", "stream(", "row(", "value("];

/// What other databases lack, or do in another way: functions of this program and of SQLite; division, which drops
/// the remainder here and not there; text in double quotes, which is a name there.
const OWN_WAYS: [&str; 8] = ["q_", "/", "avg(", "\"", " glob ", "iif(", "ifnull(", "instr("];

/// Columns that tell the rows of a view apart, where a view has them.
const KEYS: [&str; 4] = ["id", "fact", "facts", "name"];

/// What is not portable in a statement; `None` where nothing is.
fn fault(sql: &str) -> Option<String> {
    let sql = without_texts(&sql.to_lowercase()).split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(own) = OWN_WAYS.iter().find(|own| sql.contains(**own)) {
        return Some(format!("`{own}`"));
    }
    let Some((columns, rest)) = sql.strip_prefix("select ").and_then(|list| list.split_once(" from ")) else {
        return Some("no `select … from`".to_owned());
    };
    let distinct = columns.strip_prefix("distinct ");
    let columns = items(distinct.unwrap_or(columns));
    if let Some(unnamed) = columns.iter().find(|column| !is_name(column) && !column.contains(" as ")) {
        return Some(format!("`{unnamed}` without a name"));
    }
    let Some((_, keys)) = rest.rsplit_once(" order by ") else {
        return (!rest.contains("id = :")).then(|| "no order".to_owned());
    };
    let keys = items(keys);
    let is_total = match distinct {
        Some(_) => columns.iter().all(|column| keys.contains(column)),
        None => keys.iter().any(|key| KEYS.contains(&key.rsplit('.').next().unwrap_or(key))),
    };
    (!is_total).then(|| "an order without a unique key".to_owned())
}

/// The statement with its texts in single quotes emptied.
fn without_texts(sql: &str) -> String {
    sql.split('\'').step_by(2).collect::<Vec<_>>().join("''")
}

/// The parts of a list, split at the commas outside brackets; without the direction of an order.
fn items(list: &str) -> Vec<&str> {
    let mut depth = 0;
    let is_comma = |c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    };
    list.split(is_comma).map(|item| item.trim().trim_end_matches(" desc").trim_end_matches(" asc")).collect()
}

fn is_name(column: &str) -> bool {
    column.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')
}

/// The SQL texts of a script: what follows the bracket of a reader, in the quotes that a script has.
fn statements(script: &str) -> Vec<&str> {
    let calls = READERS.iter().flat_map(|reader| script.match_indices(reader));
    calls
        .filter_map(|(at, reader)| {
            let argument = &script[at + reader.len()..];
            let quote = argument.chars().next().filter(|c| matches!(c, '"' | '`'))?;
            argument[1..].split(quote).next()
        })
        .collect()
}

#[test]
fn the_library_asks_in_portable_sql() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts");
    let mut found = 0;
    let listed =
        [library.join("modules"), library].into_iter().flat_map(|folder| fs::read_dir(folder).expect("it is there"));
    for path in listed.map(|entry| entry.expect("it can be listed").path()).filter(|path| path.is_file()) {
        let script = fs::read_to_string(&path).expect("scripts are text");
        for sql in statements(&script) {
            assert_eq!(fault(sql), None, "{}: {sql}", path.display());
            found += 1;
        }
    }
    assert!(found > 5, "only {found} statements");
}

#[test]
fn what_is_not_portable_is_found() {
    for (sql, expected) in [
        ("select id, q_amount(amount) as n from pledges order by id", "`q_`"),
        ("select id, n / 2 as half from t order by id", "`/`"),
        ("select avg(paragraph) as mean from facts", "`avg(`"),
        ("select id from facts where id = \"F29\"", "`\"`"),
        ("select id, lower(note) from facts order by id", "`lower(note)` without a name"),
        ("select count(*) from facts where id = :id", "`count(*)` without a name"),
        ("with t as (select 1 as n) select n from t", "no `select … from`"),
        ("select id from facts", "no order"),
        ("select id from facts order by kind, status desc", "an order without a unique key"),
        ("select distinct kind, status from facts order by kind", "an order without a unique key"),
    ] {
        assert_eq!(fault(sql).as_deref(), Some(expected), "{sql}");
    }
    for sql in [
        "select f.id, coalesce(note, 'a/b') as note\n from facts f where kind in ('aim', 'call') order by kind, f.id desc",
        "select distinct kind from facts order by kind",
        "select note from facts where id = :fact",
    ] {
        assert_eq!(fault(sql), None, "{sql}");
    }
}
