//! SQL: statements of the corpus and of the transcripts, and some over plain values, spoilt. What is answered without a
//! quantity is what SQLite answers by itself.

use crate::fuzz::asker::Asker;
use crate::fuzz::{Target, batch, cells, material, mutate};
use crate::scratch::random::Random;
use pledgebook::table::Format;
use pledgebook::terminal::Language;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

/// Statements over plain values of every kind.
static PLAIN: [&str; 16] = [
    "select 'two ' as a, ' b' as b, 9223372036854775807 as c, -2147483649 as d",
    "select cast(x'ff41' as text) as a, x'00ff' as b, x'' as c, null as d, '' as e",
    "select 1e300 as a, 0.1 + 0.2 as b, -0.0 as c, 5 / 2 as d, 5 / 2.0 as e",
    "select id, subject, object from facts where paragraph > 2 order by id",
    "select 'it''s', \"id\", [kind], `name` from actors where id like '%a%' order by id",
    "select kind, count(*) as n, sum(length(name)) as letters from actors group by kind order by n, kind",
    "with t(n) as (select 1 union all select n * 3000 from t where n < 1000000000000) select n from t",
    "select f.id, m.actor from facts f join mentions m on m.fact = f.id order by 1, 2",
    "select upper(name), substr(name, 2, 3), instr(name, 'a'), name || ' ' from actors order by id",
    "select json_extract('{\"a\": [1, 2.5, \"x\"]}', '$.a[2]') as x, value from json_each('[1, null, \"y \"]')",
    "select case when n % 2 then 'odd' else 'even' end as what from (values (1), (2), (3)) as t(n)",
    "select group_concat(id, ' ') over (order by id rows 2 preceding) as ids from actors order by id",
    "select id from facts where note is null and (kind, sentence) in (values ('event', 1), ('plan', 2)) order by id desc",
    "select 'a' as x, 1 as n union select 'a', 1 union all select 'b;', 2 -- ';",
    "select /* ; ' */ hex('\u{e9}\u{1f680}'), unicode('\u{5317}'), length('e\u{301}'), char(10, 13, 9)",
    "select printf('%05d|%-6s|%.3f', 42, 'x', 3.14159) as p, round(2.5), abs(-7), 'x' < 'X' collate nocase",
];

/// What has another answer each time, or depends on how the book is held.
const MOVING: [&str; 12] =
    ["random", "now", "last", "_", "limit", "sqlite_", "pragma", "dbstat", "changes", "rowid", "localtime", "current"];

/// A session that is asked in SQL, and the book as SQLite opens it.
pub(crate) struct Statements(Asker, Connection);

impl Target for Statements {
    const BATCH: u64 = 400;

    fn new() -> Self {
        material::book_bytes(&batch::directory());
        let path = batch::directory().join("whole.db");
        let bare = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the book opens");
        Self(Asker::bundled(Format::Table), bare)
    }

    fn input(random: &mut Random) -> Vec<String> {
        if random.chance(40) {
            mutate::spoilt(random, &PLAIN.map(str::to_owned))
        } else {
            mutate::spoilt(random, &material::SQL)
        }
    }

    fn check(&mut self, pieces: &[String]) -> Result<(), String> {
        let text = pieces.concat();
        let answer = self.0.ask(&text, Language::Sql)?;
        answer.tame()?;
        let lower = text.to_lowercase();
        let is_select = ["select", "with", "values"].iter().any(|word| lower.trim_start().starts_with(word));
        if answer.error.is_some() || !is_select || MOVING.iter().any(|word| lower.contains(word)) {
            return Ok(());
        }
        let Some(expected) = self.bare(&text) else { return Ok(()) };
        self.0.0.settings.format = Format::Csv;
        let answer = self.0.ask(&text, Language::Sql);
        self.0.0.settings.format = Format::Table;
        let answer = answer?;
        let is_remark = |line: &&str| line.starts_with("notice: ");
        let lines: String = answer.printed.split_inclusive('\n').filter(|line| !is_remark(line)).collect();
        let mut rows = cells::rows(&lines);
        let header = if rows.is_empty() { return Ok(()) } else { rows.remove(0) };
        let has_quantities = header.iter().flatten().any(|name| name.ends_with("_unit"));
        if answer.error.is_some() || has_quantities {
            return Ok(());
        }
        let (found, expected) = (cells::settled(rows), cells::settled(expected));
        if found == expected {
            Ok(())
        } else {
            Err(format!("{found:?}\nis answered, and by SQLite alone\n{expected:?}"))
        }
    }
}

impl Statements {
    /// The rows that SQLite alone answers with; `None` where it can't, or there are many.
    fn bare(&self, text: &str) -> Option<cells::Rows> {
        let mut statement = self.1.prepare(text).ok().filter(|statement| statement.parameter_count() == 0)?;
        let width = statement.column_count();
        let mut rows = statement.query([]).ok()?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().ok()? {
            let cell = |at: usize| match row.get_ref(at) {
                Ok(ValueRef::Integer(whole)) => Some(whole.to_string()),
                Ok(ValueRef::Real(real)) => Some(format!("{:e}", real + 0.0)),
                Ok(ValueRef::Text(bytes)) => Some(String::from_utf8_lossy(bytes).into_owned()),
                Ok(ValueRef::Blob(bytes)) => Some(cells::in_hex(bytes)),
                _ => None,
            };
            found.push((0..width).map(cell).collect());
            if found.len() > 200 {
                return None;
            }
        }
        Some(found)
    }
}
