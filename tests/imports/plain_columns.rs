//! That a statement answers alike whether SQLite compares, orders and adds up the plain columns of an imported table or the functions of
//! quantities do: a what-if about a cell of another table leaves plain columns alone, and changes nothing else.

use super::ask;
use crate::scratch;
use crate::scratch::long;
use crate::scratch::random::Random;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::{fmt::Write as _, fs};

/// The statements that a run of the program answers.
const BATCH: usize = 12;

/// The columns of quantities of `t`: known, with unknowns and blanks, whole numbers, of another unit.
const AMOUNTS: [&str; 4] = ["paid", "amount", "people", "goal"];

fn table(random: &mut Random) -> String {
    let mut rows = "donor,g,n,paid,amount,people,goal\n".to_owned();
    for row in 0..random.below(30) + 2 {
        let amount = match if row == 0 { 5 } else { random.below(6) } {
            0 => String::new(),
            1 => "n/a".to_owned(),
            2 => "undisclosed".to_owned(),
            _ => number(random),
        };
        let (donor, group) = (random.word(&["A", "B", "C", "D"]), random.word(&["x", "y", "z"]));
        let (paid, people, goal) = (number(random), random.below(9), number(random));
        writeln!(rows, "{donor},{group},{row},{paid},{amount},{people},{goal}").expect("a text can be written");
    }
    rows
}

fn number(random: &mut Random) -> String {
    let sign = if random.chance(20) { "-" } else { "" };
    match random.below(5) {
        0 => "0".to_owned(),
        1 => format!("{sign}{}", 1 + random.below(5)),
        2 => format!("{sign}{}.{:02}", random.below(9), random.below(99)),
        3 => format!("{sign}{}.5", random.below(4)),
        _ => format!("{sign}9000000000{}.25", random.below(3)),
    }
}

/// A number as a statement has it.
fn literal(random: &mut Random) -> String {
    match random.below(8) {
        0 => "1e0".to_owned(),
        1 => "2.505".to_owned(),
        2 => "(-1)".to_owned(),
        3 => "90000000000.25".to_owned(),
        _ => number(random),
    }
}

fn condition(random: &mut Random, table: &str, depth: usize) -> String {
    let column = format!("{table}{}", random.word(&AMOUNTS));
    let (one, other) = (literal(random), literal(random));
    let operator = random.word(&["<", "<=", ">", ">=", "=", "<>", "=="]);
    match random.below(if depth == 0 { 5 } else { 9 }) {
        0 => format!("{one} {operator} {column}"),
        1 => format!("{column} between {one} and {other}"),
        2 => format!("{table}paid {operator} {table}amount"),
        3 | 4 => format!("{column} {operator} {one}"),
        5 => format!("not ({})", condition(random, table, depth - 1)),
        6 => format!("{table}g = 'x' and {}", condition(random, table, depth - 1)),
        7 => format!("({} or {})", condition(random, table, depth - 1), condition(random, table, depth - 1)),
        _ => format!("coalesce({}, {table}n > 3)", condition(random, table, depth - 1)),
    }
}

fn statement(random: &mut Random) -> String {
    let (column, other) = (random.word(&AMOUNTS), random.word(&AMOUNTS));
    let filter = condition(random, "", 2);
    let direction = random.word(&["", " desc"]);
    let limit = if random.chance(40) { format!(" limit {}", 1 + random.below(4)) } else { String::new() };
    match random.below(16) {
        0 => format!("select donor, {column} from t where {filter} order by {other}{direction}, n{limit}"),
        1 => format!("select * from t where {filter} order by {column}{direction}, n{limit}"),
        2 => format!(
            "select g, sum({column}), avg({column}), min({other}), max({other}), count(distinct {column}) from t where {filter} \
             group by g having max({other}) > 0 or g > 'x' order by g"
        ),
        3 => format!(
            "select {column}, count(*) from t where {filter} group by {column} order by {column}{direction}, sum(n)"
        ),
        4 => format!(
            "select total({column}), median({other}), sum(distinct {column}), count({other}) from t where {filter}"
        ),
        5 => format!(
            "select a.donor, b.name, b.amount from t a join u b on a.paid = b.amount where {} order by a.n, b.name",
            condition(random, "a.", 1)
        ),
        6 => format!(
            "select b.name, sum(a.{column}) from u b left join t a on a.paid > b.amount and {} group by b.name order by b.name",
            condition(random, "a.", 1)
        ),
        7 => format!(
            "select n, rank() over (order by {column}{direction}), sum({other}) over (partition by g order by n rows between 1 \
             preceding and current row) from t where {filter} order by n"
        ),
        8 => format!(
            "with c as (select g, {column} as v from t where {filter}) select g, sum(v) from c group by g order by g"
        ),
        9 => format!("select n, case when {filter} then 'yes' else 'no' end as c, {filter} from t order by n"),
        10 => format!("select donor, max({column}) from t where paid > 0 and n > 1"),
        11 => format!(
            "select name from u where exists (select 1 from t where t.paid > u.amount and {filter}) or amount > 2 order by name"
        ),
        12 => format!("select *, n * -1 as {other} from t where {filter} order by {other}, n{limit}"),
        13 => format!(
            "select count(*), count(b.name) from t a, u b where {} and b.amount > 1",
            condition(random, "a.", 1)
        ),
        14 => format!(
            "select name, (select count(*) from t where t.paid = u.amount and n > 1) as c from u \
             where not exists (select * from t a where a.amount = u.amount and {}) order by name",
            condition(random, "a.", 1)
        ),
        _ => format!("select {column} from t where {filter} union select paid from t where n > 2 order by 1{limit}"),
    }
}

/// The first of some statements that is answered in another way while a cell of another table has another number, with both answers.
fn different(directory: &Path, statements: &[String]) -> Option<String> {
    let both = |text: &str| {
        let plain = run(directory, &["mine.db"], text);
        (plain, run(directory, &["mine.db", "--assume", "S3:1=9"], text))
    };
    let (plain, functions) = both(&statements.join(";\n"));
    if plain == functions && plain.0 == 0 {
        return None;
    }
    statements.iter().find_map(|statement| {
        let (plain, functions) = both(statement);
        (plain != functions).then(|| format!("{statement}\n  plain: {}\n  functions: {}", plain.1, functions.1))
    })
}

fn run(directory: &Path, options: &[&str], text: &str) -> (i32, String) {
    let mut program = scratch::command(scratch::program(), directory);
    let output =
        program.args(options).args(["--json", "-c", text]).stdin(Stdio::null()).output().expect("the program runs");
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).expect("the program prints UTF-8");
    (output.status.code().unwrap_or(-1), comparable(&text))
}

fn book(random: &mut Random) -> PathBuf {
    let directory = scratch::directory("plain_columns");
    let names = "name,amount\nk,0\nl,2.50\nm,-1\no,4\np,90000000000.25\n";
    fs::write(directory.join("t.csv"), table(random)).expect("the directory is writable");
    fs::write(directory.join("u.csv"), names).expect("the directory is writable");
    fs::write(directory.join("other.csv"), "who,cost\na,7\n").expect("the directory is writable");
    ask(&directory, &["init", "mine.db", "--empty"]);
    let units = ["paid=EUR", "amount=EUR", "people=person", "goal=USD"].map(|unit| ["--unit", unit]).concat();
    ask(&directory, &[&["mine.db", "import", "t.csv", "--type", "amount=decimal"][..], &units].concat());
    ask(&directory, &["mine.db", "import", "u.csv", "--unit", "amount=EUR"]);
    ask(&directory, &["mine.db", "import", "other.csv", "--unit", "cost=EUR"]);
    directory
}

/// The lines of an answer but those of the what-if, and of which comparisons were made: that is up to SQLite.
fn comparable(answer: &str) -> String {
    let others = ["S3:1", "left undecided", "was taken in"];
    let is_other = |line: &&str| !others.iter().any(|other| line.contains(other));
    answer.split_inclusive('\n').filter(is_other).collect()
}

#[test]
fn plain_columns_answer_as_the_functions_of_quantities() {
    let books = if long::is_asked() { 100 } else { 2 };
    for seed in 0..books {
        let mut random = Random::new(seed);
        let directory = book(&mut random);
        for _ in 0..6 {
            let statements: Vec<String> = (0..BATCH).map(|_| statement(&mut random)).collect();
            assert_eq!(different(&directory, &statements), None, "seed {seed}");
        }
    }
}

/// A book with two tables of a few rows.
fn small_book(name: &str) -> PathBuf {
    let directory = scratch::directory(&format!("plain_columns_{name}"));
    fs::write(directory.join("file.csv"), "id,g,amount\n1,x,5\n2,y,8.5\n3,x,9\n").expect("the directory is writable");
    fs::write(directory.join("u.csv"), "id,amount\n1,5\n2,n/a\n3,2\n").expect("the directory is writable");
    ask(&directory, &["init", "mine.db", "--empty"]);
    for name in ["file.csv", "u.csv"] {
        ask(&directory, &["mine.db", "import", name, "--unit", "amount=EUR"]);
    }
    directory
}

#[test]
fn a_name_in_an_order_is_that_of_the_first_column_that_has_it() {
    let directory = small_book("order");
    for (statement, wanted) in [
        ("select *, -id as id from file where amount > 1 order by id limit 1", "S1:1,1,x,5,EUR,,S1:1,,-1\n"),
        ("select *, amount as g from file where amount > 1 order by g desc limit 1", "S1:2,2,y,8.5,EUR"),
        ("select *, -amount as id from file order by id limit 1", "S1:1,1,x,5,EUR"),
        ("select *, amount * 2 as twice from file order by twice desc limit 1", "S1:3,3,x,9,EUR"),
        ("select *, amount * 2 as twice from file order by 5 desc limit 1", "S1:3,3,x,9,EUR"),
        ("select * from file where amount > 1 order by 4 desc limit 1", "S1:3,3,x,9,EUR"),
        (
            "select a.*, b.g from file a join file b on a.id = b.id where a.amount > 5 order by g limit 1",
            "S1:3,3,x,9,EUR",
        ),
        (
            "select sum(amount) from (select *, row_number() over (order by amount desc) as g from file where amount > 1 order by g \
             limit 2)",
            "14,EUR",
        ),
        ("select distinct * from u order by 3 desc limit 1", "S2:1,1,5,EUR"),
        ("select * from u except select * from u where id = 1", "S2:2,2,unknown(not_stated)"),
        ("select amount from u group by amount", "2,EUR,,S2:3,\n5,EUR,,S2:1,\nunknown"),
    ] {
        let answer = ask(&directory, &["-q", "mine.db", "--csv", "--no-header", "-c", statement]);
        assert!(answer.starts_with(wanted), "{statement}: {answer}");
    }
}

#[test]
fn a_join_that_repeats_records_is_noticed_over_plain_columns() {
    let directory = small_book("join");
    let ask = |statement: &str| ask(&directory, &["mine.db", "--csv", "-c", statement]);
    let said = ask("select count(*) from file a, u b where a.amount > 1 and b.amount > 1");
    assert!(said.contains("counts 6 rows of 3 records of `file`, which the join repeats"), "{said}");
    let said = ask("select count(*) from file a join u b on a.id = b.id where b.amount > 1");
    assert!(!said.contains("repeats"), "{said}");
}
