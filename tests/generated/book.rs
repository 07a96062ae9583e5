//! A copy of the bundled book with more in it: two further sources whose figures have many units, bounds and stages.

use crate::scratch::random::Random;
use pledgebook::store::bundled;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

/// How many facts of its text and records of its table each further source has.
const EACH: usize = 14;

/// Units with how many of the smallest parts make one.
const UNITS: [(&str, u32); 7] =
    [("GBP", 100), ("GBP", 100), ("USD", 100), ("KWD", 1000), ("missile", 1), ("day", 1), ("troop", 1)];
const BOUNDS: [&str; 10] =
    ["exact", "exact", "exact", "exact", "at_least", "more_than", "up_to", "less_than", "about", "between"];
const STAGES: [&str; 4] = ["'proposed'", "'proposed'", "'delivered'", "'contracted'"];

/// Writes it to a file of this name and of this process, so that several may run side by side.
pub(crate) fn write(name: &str) -> PathBuf {
    written(name, &more())
}

/// Writes the bundled book alone.
pub(crate) fn plain(name: &str) -> PathBuf {
    written(name, "")
}

fn written(name: &str, more: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}_{}.db", process::id()));
    if path.exists() {
        fs::remove_file(&path).expect("what an earlier run left can be removed");
    }
    let connection = Connection::open(&path).expect("the file can be made");
    let data: Vec<&str> = bundled::DATA.iter().map(|(_, sql)| *sql).collect();
    let text =
        [&["begin; pragma defer_foreign_keys = on", bundled::SCHEMA], data.as_slice(), &[more, "commit"]].concat();
    connection.execute_batch(&text.join(";\n")).expect("the schema takes it");
    path
}

fn more() -> String {
    let mut random = Random::new(7);
    let mut sql = String::new();
    for source in ["S2", "S3"] {
        sql += &format!(
            "insert into source (id, description, sha256, authority) \
             select '{source}', 'another text', sha256, 'press' from source where id = 'S1';\n"
        );
        (1..=EACH).for_each(|at| {
            sql += &fact(&mut random, source, &format!("{source}F{at:02}"), &format!("null, {}, 1", 1 + at % 3));
        });
        (1..=EACH)
            .for_each(|at| sql += &fact(&mut random, source, &format!("{source}:{at}"), &format!("{at}, null, null")));
    }
    [&sql, &pledges(&mut random), "update fact set superseded_by = 'S2F02' where id = 'S2F01';\n"].concat()
}

/// A fact with its figure, and something that rests on it.
fn fact(random: &mut Random, source: &str, id: &str, place: &str) -> String {
    let certainty = random.word(&["proposed", "asserted", "expected", "likely"]);
    let mut sql = format!(
        "insert into fact (id, source, record, paragraph, sentence, subject, action, gloss, kind, status, certainty, attribution) \
         values ('{id}', '{source}', {place}, 'somebody', 'gives', 'a gift', 'pledge', 'planned', '{certainty}', 'author');\n"
    );
    sql += &figure(random, id);
    let counted = usize::from(random.chance(70));
    let actor = random.word(&["france", "estonia", "canada"]);
    let role = random.word(&["participates", "gives", "is asked"]);
    sql += &format!(
        "insert into participation (actor, initiative, role, is_counted, fact) values ('{actor}', 'I1', '{role}', {counted}, '{id}');\n"
    );
    if random.chance(40) {
        let (earlier, later) = (random.word(&["E01", "E02", "E03"]), random.word(&["E07", "E08", "E11"]));
        let relation = random.word(&["before", "during"]);
        sql += &format!("insert into event_pair values ('{earlier}', '{relation}', '{later}', '{id}');\n");
    }
    sql
}

/// The number of a fact, or that there is none.
fn figure(random: &mut Random, id: &str) -> String {
    let stage = if random.chance(60) { random.word(&STAGES) } else { "null" };
    let (unit, parts) = *random.pick(&UNITS);
    if random.chance(12) {
        let unit = if random.chance(50) { format!("'{unit}', {parts}") } else { "null, null".to_owned() };
        format!(
            "insert into figure (fact, reason, unit, minor_per_unit, stage) values ('{id}', 'not_stated', {unit}, {stage});\n"
        )
    } else {
        let bound = random.word(&BOUNDS);
        let sign = if random.chance(10) { "-" } else { "" };
        let length = 1 + random.below(9);
        let amount = format!("{sign}{}", random.digits(length));
        let upper = if bound == "between" { format!("{amount} + 250") } else { "null".to_owned() };
        let stated =
            if random.chance(80) { "'stated', 'as it stands', 2, 'a gift'" } else { "'counted', null, null, null" };
        format!(
            "insert into figure (fact, bound, amount_minor, upper_minor, unit, minor_per_unit, basis, as_written, sig_figs, label, stage) \
             values ('{id}', '{bound}', {amount}, {upper}, '{unit}', {parts}, {stated}, {stage});\n"
        )
    }
}

/// Pledges of the figures that have a stage, money and goods, each of its own: several statements of one pledge are another
/// test's.
fn pledges(random: &mut Random) -> String {
    let mut sql = String::new();
    for (number, source) in [("1", "S2"), ("2", "S3")] {
        for at in 1..=EACH {
            let (pledge, provider) = (format!("PL{number}{at:02}"), random.word(&["france", "estonia", "canada"]));
            sql += &format!(
                "insert into pledge (id, provider, recipient, instrument) values ('{pledge}', '{provider}', 'ukraine', 'gift');\n"
            );
            let of_fact = format!("from figure where fact = '{source}F{at:02}' and stage is not null");
            sql += &format!(
                "insert into pledge_stage select '{pledge}', fact {of_fact} and unit in ('GBP', 'USD', 'KWD');\n"
            );
            sql += &format!(
                "insert into pledge_item select '{pledge}', fact, unit, null, null, null, 'not_stated' {of_fact} and unit in ('missile', 'troop');\n"
            );
        }
    }
    sql
}
