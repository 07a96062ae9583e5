//! Statements that put quantities through every part of SQL: each is refused, or what comes out is marked as a quantity.
//! Most have a `twin` that says what must come out. Those over views of the book have none, but never ask for a bare
//! number, so that a figure of the book in a column of plain values is one that lost its unit.

use crate::fuzz::asker::Asker;
use crate::fuzz::{Target, mutate, twin};
use crate::scratch::random::Random;
use pledgebook::table::Format;
use pledgebook::terminal::Language;

const COLUMNS: [(&str, &str); 5] = [
    ("pledges", "amount"),
    ("pledges", "item_count"),
    ("figures", "quantity"),
    ("facts", "quantity"),
    ("pledge_items", "item_count"),
];

/// How an expression `E` over a quantity goes on; `D` is a digit, `F` another expression.
const SHAPES: [&str; 34] = [
    "E",
    "E",
    "(E)",
    "-E",
    "+E",
    "E + D",
    "E || ''",
    "E * F",
    "E / F",
    "q_add(E, F)",
    "q_sub(E, F)",
    "q_neg(E)",
    "q_mul(E, D)",
    "coalesce(E, F)",
    "ifnull(E, F)",
    "iif(E is null, F, E)",
    "case when E is null then F else E end",
    "case E when F then D else E end",
    "cast(E as text)",
    "cast(E as integer)",
    "nullif(E, F)",
    "max(E, F)",
    "abs(E)",
    "json_array(E)",
    "json_object('a', E)",
    "printf('%s', E)",
    "substr(E, 4)",
    "hex(E)",
    "quote(E)",
    "E collate nocase",
    "(select E)",
    "(values (E))",
    "E -> '$'",
    "replace(E, 'x', 'y')",
];

/// How a query for `E` over the view `V` is wrapped; `C` is its column.
const QUERIES: [&str; 22] = [
    "select E as x from V",
    "select distinct E as x from V",
    "select E as x from V order by D",
    "select x from (select E as x from V)",
    "select max(x) as x from (select E as x from V)",
    "select q_sum(x) as x from (select E as x from V)",
    "select q_max(E) as x from V",
    "select group_concat(E) as x from V",
    "select sum(E) as x from V",
    "with t as (select E as x from V) select * from t a join t b on a.rowid = b.rowid",
    "with t(x) as materialized (select E from V) select x from t",
    "select E as x from V union all select E from V",
    "select E as x from V union select null",
    "with recursive t(x, n) as (select E, 1 from V union all select x, n + 1 from t where n < 3) select x from t",
    "select first_value(E) over (order by id) as x from V",
    "select lag(E) over () as x from V",
    "select (select E from V limit 1) as x",
    "select value as x from json_each((select json_group_array(E) from V))",
    "select E as x from V where E > D",
    "select E as x from V group by E",
    "select E as x, count(*) as n from V group by id having E is not null",
    "select x.* from V, (select E as x from V) x",
];

/// A session that answers in CSV.
pub(crate) struct Bytecode(Asker);

impl Target for Bytecode {
    const BATCH: u64 = 2_000;

    fn new() -> Self {
        let mut asker = Asker::bundled(Format::Csv);
        asker.0.settings.notes = pledgebook::session::NoteLevel::None;
        twin::prepare(&mut asker);
        Self(asker)
    }

    fn input(random: &mut Random) -> Vec<String> {
        if random.chance(90) {
            return twin::input(random);
        }
        let (view, column) = *random.pick(&COLUMNS);
        let query = random.word(&QUERIES);
        let mut text = String::new();
        for c in query.chars() {
            match c {
                'V' => text.push_str(view),
                'E' => text.push_str(&expression(random, column, 2)),
                'D' => text.push_str(&random.below(10).to_string()),
                c => text.push(c),
            }
        }
        mutate::pieces(&text)
    }

    fn check(&mut self, pieces: &[String]) -> Result<(), String> {
        if let [asked, twin, expected] = pieces {
            return twin::check(&mut self.0, asked, twin, expected);
        }
        let text = pieces.concat();
        // What was made smaller may ask for other things.
        if !text.contains("from") || text.contains("sigfigs") {
            return Ok(());
        }
        let answer = self.0.ask(&text, Language::Sql)?;
        let mut lines = answer.printed.lines();
        let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
        let is_plain = |at: usize| {
            let has_unit = |name: &str| header.contains(&format!("{name}_unit").as_str());
            header.get(at).is_some_and(|name| {
                !has_unit(name)
                    && !["_unit", "_stage", "_facts", "_assumptions"].iter().any(|part| name.ends_with(part))
            })
        };
        for line in lines {
            let bare = line.split(',').enumerate().find(|(at, cell)| is_plain(*at) && is_figure(cell));
            if let Some((at, cell)) = bare {
                return Err(format!("`{cell}` stands bare in `{}`\n{}", header[at], answer.printed));
            }
        }
        Ok(())
    }
}

fn expression(random: &mut Random, column: &str, depth: usize) -> String {
    if depth == 0 {
        return column.to_owned();
    }
    let shape = random.word(&SHAPES);
    let mut text = String::new();
    for c in shape.chars() {
        match c {
            'E' | 'F' => text.push_str(&expression(random, column, depth - 1)),
            'D' => text.push_str(&random.below(10).to_string()),
            c => text.push(c),
        }
    }
    text
}

/// Whether a cell holds a figure of the book, or something computed from it or from its text.
fn is_figure(cell: &str) -> bool {
    let digits: Vec<&str> = cell.split(|c: char| !c.is_ascii_digit()).collect();
    digits.iter().any(|digits| digits.len() >= 8 || ["5000", "5001", "2500", "10000"].contains(digits))
        || cell.contains("GBP")
        || cell.contains("missile")
}
