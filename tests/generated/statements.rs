//! Books of generated pledges that several sources speak of. Whatever agrees counts once, whatever differs makes a result
//! unknown, and nothing else does; a preferred source decides; SQL and scripts say the same.

use super::ask::{Asker, Outcome};
use super::{book, every_case};
use crate::scratch::random::Random;
use pledgebook::terminal::Language;
use rusqlite::Connection;
use std::fs;
use std::path::Path;

/// What the sources state of one pledge at one stage, in whole pounds; `None` where one says that it is not stated.
struct Group {
    pledge: usize,
    statements: Vec<(usize, Option<i64>)>,
}

const SOURCES: usize = 3;

impl Group {
    fn random(random: &mut Random, pledge: usize) -> Self {
        let amount = 1 + i64::try_from(random.below(50)).expect("it is small");
        let is_disputed = random.chance(20);
        let mut statements = Vec::new();
        for source in 1..=SOURCES {
            if source > 1 && random.chance(50) {
                continue;
            }
            let amount = if is_disputed && random.chance(50) { amount + 7 } else { amount };
            statements.push((source, (!random.chance(10)).then_some(amount)));
        }
        Self { pledge, statements }
    }

    fn known(&self) -> impl Iterator<Item = (usize, i64)> {
        self.statements.iter().filter_map(|(source, amount)| Some((*source, (*amount)?)))
    }

    fn is_disputed(&self) -> bool {
        self.known().any(|(_, amount)| Some(amount) != self.known().next().map(|(_, first)| first))
    }

    /// What it counts as: `None` where no source states a number.
    fn amount(&self, preferred: Option<usize>) -> Option<i64> {
        let chosen = self.known().find(|(source, _)| self.is_disputed() && Some(*source) == preferred);
        chosen.or(self.known().next()).map(|(_, amount)| amount)
    }

    /// Whether nobody's preference decides.
    fn is_open(&self, preferred: Option<usize>) -> bool {
        self.is_disputed() && !self.known().any(|(source, _)| Some(source) == preferred)
    }

    fn sql(&self) -> String {
        let pledge = self.pledge;
        let mut sql = format!(
            "insert into pledge (id, provider, recipient, instrument) values ('PL{pledge}', 'france', 'ukraine', 'loan');\n"
        );
        for (source, amount) in &self.statements {
            let id = if *source == 1 { format!("F{}", 100 + pledge) } else { format!("S{source}F{:02}", 100 + pledge) };
            let figure = match amount {
                Some(pounds) => format!("'exact', {pounds} * 100, 'stated', 'so much', 1, 'money', null"),
                None => "null, null, null, null, null, null, 'not_stated'".to_owned(),
            };
            sql += &format!(
                "insert into fact (id, source, paragraph, sentence, subject, action, gloss, kind, status, certainty, attribution)
                 values ('{id}', 'S{source}', {pledge}, 1, 'somebody', 'gives', 'money', 'pledge', 'planned', 'proposed', 'author');
                 insert into figure (fact, bound, amount_minor, basis, as_written, sig_figs, label, reason, unit, minor_per_unit, stage)
                 values ('{id}', {figure}, 'GBP', 100, 'committed');
                 insert into pledge_stage values ('PL{pledge}', '{id}');\n"
            );
        }
        sql
    }
}

fn write(path: &Path, groups: &[Group]) {
    let sources = (2..=SOURCES).map(|source| {
        format!("insert into source (id, description, sha256, authority) select 'S{source}', 'a text', sha256, 'press' from source where id = 'S1';\n")
    });
    let sql: String = sources.chain(groups.iter().map(Group::sql)).collect();
    Connection::open(path).expect("the file is there").execute_batch(&sql).expect("the schema takes it");
}

/// The one quantity that was answered: its parts as in TSV.
fn answered(outcome: Outcome) -> Result<String, String> {
    match outcome {
        Outcome::Rows(rows) => {
            let cell = rows.first().and_then(|row| row.iter().find(|(name, _)| name == "value"));
            cell.map(|(_, cell)| cell.clone()).ok_or_else(|| format!("no row: {rows:?}"))
        }
        other => Err(format!("{other:?}")),
    }
}

fn check(asker: &mut Asker, groups: &[Group], preferred: Option<usize>) -> Result<(), String> {
    let rows = "select amount from pledges where stage = 'committed'";
    let is_conflict = groups.iter().any(|group| group.is_open(preferred));
    let amounts: Vec<Option<i64>> = groups.iter().map(|group| group.amount(preferred)).collect();
    let known = groups.iter().filter(|group| !group.is_open(preferred)).filter_map(|group| group.amount(preferred));
    let (known, sum): (Vec<i64>, Option<i64>) = (known.collect(), amounts.iter().copied().sum());
    let expected = |amount: Option<i64>| match (is_conflict, amount) {
        (true, _) => "unknown(conflict".to_owned(),
        (false, Some(amount)) => format!("{amount} | GBP | committed | "),
        (false, None) => "unknown(not_stated) | GBP".to_owned(),
    };
    let greatest = sum.and_then(|_| amounts.iter().copied().flatten().max());
    let asked = [
        ("q_sum", expected(sum)),
        ("q_max", expected(greatest)),
        ("q_sum_known", if known.is_empty() { String::new() } else { format!("{} | GBP", known.iter().sum::<i64>()) }),
    ];
    for (function, expected) in asked {
        let sql = format!("select {function}(amount) as value from ({rows} order by facts desc)");
        let answer = answered(asker.ask(&sql, Language::Sql))?;
        if !answer.starts_with(&expected) {
            return Err(format!("{sql}\n{answer}\nexpected {expected}"));
        }
    }
    let by_sql = answered(asker.ask(&format!("select q_sum(amount) as value from ({rows})"), Language::Sql))?;
    let by_script = answered(asker.ask(&format!("query(\"{rows}\").sum(\"amount\")"), Language::Script))?;
    if by_sql != by_script {
        return Err(format!("SQL {by_sql}\nscript {by_script}"));
    }
    Ok(())
}

#[test]
fn statements_of_one_pledge_count_once_or_leave_a_sum_open() {
    let path = book::plain("statements");
    every_case("unused", 60, |_, random| {
        let groups: Vec<Group> = (2..3 + random.below(8)).map(|pledge| Group::random(random, pledge)).collect();
        let own = path.with_extension("case.db");
        fs::copy(&path, &own).expect("the book can be copied");
        write(&own, &groups);
        let mut asker = Asker::new(&own);
        let mut done = check(&mut asker, &groups, None);
        for source in 1..=SOURCES {
            let said = asker.said(&format!(".assume prefer=S{source}"), Language::Command).map(drop);
            done = done.and(said).and_then(|()| check(&mut asker, &groups, Some(source)));
        }
        fs::remove_file(&own).expect("the copy is this process's own");
        (groups.iter().map(Group::sql).collect(), done)
    });
    fs::remove_file(&path).expect("the book is this process's own");
}
