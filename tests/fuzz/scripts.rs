//! Scripts: those of the library and lines of the transcripts, spoilt; and scripts that ask what SQL can ask, which must
//! have the same answer.

use crate::fuzz::asker::Asker;
use crate::fuzz::{Target, cells, material, mutate, twin};
use crate::scratch::random::Random;
use pledgebook::table::Format;
use pledgebook::terminal::Language;

/// A session that is asked in script, or as at the prompt, and one with rows of quantities that answers in CSV.
pub(crate) struct Scripts(Asker, Asker);

/// The first piece of a statement that both languages are asked.
const BOTH: &str = "both:\n";

/// Texts of every kind around SQL: what the program writes into a script must not go astray in them.
const TEXTS: [&str; 5] = [
    "let t = query(#\"select 'a' as x, \"id\" from pledges\"#); t.map(|r| `${r.x} é`)",
    "row(##\"select '\"#' as x\"##) /* /* query(\"x\") */ */ // value(`y`)",
    "`a ${value(\"select 1\")} ${`b ${value(`select ${1 + 1}`)}`} \\` c`",
    "for r in stream(\"select 'it\\\"s' as x\") { print(r.x + '\\'' + \"\\u2028\"); }",
    "value(\"select 1\n, 2\" + #\"é\"#)",
];

/// How a script reads the column `x` of a statement `S`.
const WAYS: [&str; 6] = [
    "query(`S`).select([\"x\"])",
    "let t = []; for row in query(`S`) { t.push(#{x: row.x}); } t",
    "let t = []; for row in stream(`S`) { t.push(#{x: row[\"x\"]}); } t",
    "query(`S`).filter(|row| true).map(|row| #{x: row.x})",
    "let t = query(`S`); query(\"select x from t\")",
    "let t = query(`S`); t.columns.len(); t.add(\"y\", |row| row.x).map(|row| #{x: row.y})",
];

impl Target for Scripts {
    const BATCH: u64 = 300;

    fn new() -> Self {
        let mut rows = Asker::bundled(Format::Csv);
        twin::prepare(&mut rows);
        Self(Asker::bundled(Format::Line), rows)
    }

    fn input(random: &mut Random) -> Vec<String> {
        if random.chance(15) {
            let asked = twin::sound(random);
            return vec![BOTH.to_owned(), random.word(&WAYS).to_owned(), ["\n", &asked].concat()];
        }
        if random.chance(15) {
            return mutate::spoilt(random, &TEXTS.map(str::to_owned));
        }
        mutate::spoilt(random, &material::SCRIPTS)
    }

    fn check(&mut self, pieces: &[String]) -> Result<(), String> {
        if let [first, way, sql] = pieces
            && first == BOTH
        {
            return self.both(way, sql.trim());
        }
        let text = pieces.concat();
        self.0.ask(&text, Language::Script)?.tame()?;
        self.0.entries(&text)?.tame()
    }
}

impl Scripts {
    /// Asks a statement in SQL, and by a script in some way.
    fn both(&mut self, way: &str, sql: &str) -> Result<(), String> {
        let script = way.replace('S', sql);
        let asked = self.1.ask(sql, Language::Sql)?;
        let read = self.1.ask(&script, Language::Script)?;
        match (&asked.error, &read.error) {
            (Some(_), Some(_)) => return Ok(()),
            (None, None) => {}
            // One that is told to stop says nothing of the other.
            (Some(error), None) | (None, Some(error)) if error.contains("interrupted") => return Ok(()),
            (Some(error), None) | (None, Some(error)) => return Err(format!("only one of both refuses: {error}")),
        }
        let (asked, read) = (column(&asked.printed), column(&read.printed));
        // What no row says, whether it would be a quantity, a script does not know.
        let is_same = asked == read || asked.iter().flatten().all(String::is_empty);
        if is_same { Ok(()) } else { Err(format!("{asked:?}\nis, read by a script,\n{read:?}")) }
    }
}

/// The column `x` of what was answered, with its unit and what it rests on.
fn column(printed: &str) -> Vec<Vec<String>> {
    let lines: String = printed.split_inclusive('\n').filter(|line| !line.starts_with("notice: ")).collect();
    let mut rows = cells::read(&lines);
    let header = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
    let is_wanted = |name: &String| name == "x" || name.starts_with("x_");
    let wanted =
        |row: Vec<String>| row.into_iter().zip(&header).filter(|(_, name)| is_wanted(name)).map(|(cell, _)| cell);
    rows.into_iter().map(|row| wanted(row).collect()).collect()
}
