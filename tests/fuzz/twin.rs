//! Statements over quantities, each with its twin: the same over the bare numbers, in plain tables that no part of the
//! program but SQLite works on. Whatever is answered has the numbers of the twin and the units that the dimensions of the
//! statement say; what drops no unit must be answered.

use crate::fuzz::asker::Asker;
use crate::fuzz::cells;
use crate::fuzz::expression::{self, Expression};
use crate::scratch::random::Random;
use pledgebook::terminal::Language;

/// The rows that are asked: quantities in `a` and `b` of `w`, and their numbers in those of `w0`. Numbers come twice, on
/// other grounds, and have another order as texts; either column has NULL.
const ROWS: &str = r#"
let money = q("7 GBP");
let w = query(`select 1 as id, 3 as n, 'b' as t, q(1600, 'GBP') as a, q(40, 'missile') as b
    union all select 2, 1, 'a', q(40, 'GBP'), q(40, 'missile')
    union all select 3, 2, 'b', null, q_add(q(2, 'missile'), q(3, 'missile'))
    union all select 4, 3, null, q_mul(q(800, 'GBP'), 2), null
    union all select 5, null, 'a', q(1600000000, 'GBP', 'F29'), q(5000, 'missile', 'F30')
    union all select 6, 1, '', q(9, 'GBP'), q(10, 'missile')`);
create temp table w0(id, n, t, a, b);
insert into w0 values (1, 3, 'b', 1600, 40), (2, 1, 'a', 40, 40), (3, 2, 'b', null, 5), (4, 3, null, 1600, null),
    (5, null, 'a', 1600000000, 5000), (6, 1, '', 9, 10);
"#;

/// What a column `x` of a statement is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Quantity,
    Plain,
    /// Better none: a unit would be dropped on the way.
    None,
}
use Answer::{None as Dropped, Plain, Quantity};

/// Statements. `X` and `Y` stand for `E as x` and `F as x`, `Z` for `x`; the twin has the unit beside it, in `u`. `{…|…}` is
/// one thing as it is asked and another in the twin, where `U` and `V` are the units of `E` and `F`.
const STATEMENTS: [(Answer, &str); 62] = [
    (Quantity, "select id, X from W order by id"),
    (Quantity, "select X, n from W"),
    (Quantity, "select id, X from W where P order by id"),
    (Quantity, "select id, Z from (select id, X from W) order by id"),
    (
        Quantity,
        "with t as (select id, X from W) select a.id, {b.x|b.x, b.u} from t a join t b on a.id = b.id order by a.id",
    ),
    (Quantity, "with t as materialized (select id, X from W) select id, Z from t order by id"),
    (Quantity, "with t as materialized (select id, X from W) select a.id, {b.x|b.x, b.u} from t a join t b using (id)"),
    (Quantity, "select id, X from W union all select id, Y from W"),
    (Quantity, "select X from W union all select {null|null, null} from W"),
    (Quantity, "select id, Z from (select id, X from W union all select id + 10, Y from W) order by id"),
    (Quantity, "select id, X from W order by n, t, id"),
    (Quantity, "select id, X from W order by length(t), id desc limit 3"),
    (Quantity, "select id, Z from (select id, X from W order by n, id limit 4) order by id"),
    (
        Quantity,
        "with recursive t(i, Z) as (select 1, {E|E, U} from W where id = 1 union all select i + 1, Z from t where i < 4) select i, Z from t order by i",
    ),
    (
        Quantity,
        "select id, {(select E from W where id = 2) as x|(select E from W where id = 2) as x, U as u} from W order by id",
    ),
    (
        Quantity,
        "select id, {last_value(E) over (order by id) as x|last_value(E) over (order by id) as x, U as u} from W order by id",
    ),
    (Quantity, "select {q_sum(E) as x|sum(E) as x, U as u} from W"),
    (Quantity, "select n, {q_sum(E) as x|sum(E) as x, U as u} from W group by n order by n"),
    (Quantity, "select n, {q_max(E) as x|max(E) as x, U as u}, count(*) as k from W group by n order by n"),
    (Quantity, "select n, {q_min(E) as x|min(E) as x, U as u} from W where P group by n order by n"),
    (Quantity, "select {q_avg(E) as x|avg(E) as x, U as u} from W"),
    (Quantity, "select {q_sum(x) as x|sum(x) as x, max(u) as u} from (select X from W where P)"),
    (
        Quantity,
        "select id, {q_sum(E) over (order by id rows between 1 preceding and current row) as x|sum(E) over (order by id rows between 1 preceding and current row) as x, U as u} from W order by id",
    ),
    (
        Quantity,
        "select id, {q_sum(E) over (partition by n) as x|sum(E) over (partition by n) as x, U as u} from W order by id",
    ),
    (
        Quantity,
        "select p.id, {r.x|r.x, r.u} from W p left join (select id as i, X from W where P) r on r.i = p.id order by p.id",
    ),
    (
        Quantity,
        "select p.id, {r.x|r.x, r.u} from W p, (select id as i, n as m, X from W order by id limit 5) r where r.m = p.n order by p.id, r.i",
    ),
    (Quantity, "select id, X from W where id in (select id from W where P) order by id"),
    (
        Quantity,
        "select id, {r.x|r.x, r.u} from (select max(id) as i, X from W group by n) r join W on r.i = id order by id",
    ),
    (Quantity, "select id, X from W group by id having P order by id"),
    (Quantity, "select id, X from W where id in (select id from W except select 3) order by id"),
    (Plain, "select {count(E) as x|count(E) as x, 0 as u} from W"),
    (Plain, "select n, {count(E) as x|count(E) as x, 0 as u} from W group by n order by n"),
    (Plain, "select id, {P as x|P as x, 0 as u} from W order by id"),
    (Plain, "select {count(*) as x|count(*) as x, 0 as u} from (select X from W) where x is not null"),
    (Dropped, "select distinct X from W"),
    (Dropped, "select id, X from W order by E, id"),
    (Dropped, "select id from W order by E desc, id"),
    (Dropped, "select id, X from W order by 2, id"),
    (Dropped, "select id from (select id, X from W) order by x, id"),
    (Dropped, "select count(*) as x from W group by E order by 1"),
    (Dropped, "select count(*) as k from (select E as x from W union select F from W)"),
    (Dropped, "select count(*) as k from (select E as x from W intersect select b from W)"),
    (Dropped, "select count(*) as k from (select E as x from W except select F from W)"),
    (Dropped, "select max(E) as x from W"),
    (Dropped, "select n, min(E) as x from W group by n order by n"),
    (Dropped, "select sum(E) as x from W"),
    (Dropped, "select n, total(E) as x from W group by n order by n"),
    (Dropped, "select avg(E) as x from W"),
    (Dropped, "select count(distinct E) as x from W"),
    (Dropped, "select length(group_concat(E)) as x from W"),
    (Dropped, "select id, first_value(E) over (order by id) as x from W order by id"),
    (Dropped, "select id, length(lag(E) over (order by id)) as x from W order by id"),
    (Dropped, "select id, rank() over (order by E) as x from W order by id"),
    (Dropped, "select id, sum(E) over (order by id) as x from W order by id"),
    (Dropped, "select id, row_number() over (partition by E order by id) as x from W order by id"),
    (Dropped, "select id from W where E > F order by id"),
    (Dropped, "select p.id, r.id from W p join (select id, X from W) r on p.a = r.x order by p.id, r.id"),
    (Dropped, "with t as (select E as x from W) select count(*) as k from t natural join (select F as x from W)"),
    (Dropped, "select count(*) filter (where E > 9) as x from W"),
    (Dropped, "select count(*) as x from W, generate_series(1, (E) collate binary) where value < 5"),
    (Dropped, "select id from W order by case when E > 9 then 0 else 1 end, id"),
    (Dropped, "with recursive t(x) as (select E from W union select x from t) select count(*) as k from t"),
];

/// How many of them drop no unit, and how many of those are simple.
const SOUND: usize = 34;
const SIMPLE: usize = 9;

/// What an error says that refuses a quantity.
const REFUSALS: [&str; 4] = ["in SQL would drop", "can't be followed", "would be in one column", "is no quantity"];

/// What an aggregate of quantities makes of no value.
const NO_VALUE: &str = "unknown(not_in_book)";

/// Makes the rows ready.
pub(crate) fn prepare(asker: &mut Asker) {
    let answer = asker.entries_however_long(ROWS).expect("the rows are asked");
    assert!(answer.error.is_none(), "the rows are made: {:?}", answer.error);
}

/// A statement, its twin, and what is expected: three pieces, of which none can be left out.
pub(crate) fn input(random: &mut Random) -> Vec<String> {
    let drops = random.below(100);
    let (answer, template) = *random.pick(match drops {
        0..=39 => &STATEMENTS[..SOUND],
        // The expression does it; what stands around it matters less.
        40..=74 => &STATEMENTS[..SIMPLE],
        _ => &STATEMENTS[SOUND..],
    });
    let e = if (40..75).contains(&drops) { expression::unsound(random) } else { expression::quantity(random) };
    let (f, condition) = (expression::quantity(random), expression::condition(random));
    let is_sound = e.is_sound || !template.contains(['X', 'E']);
    let expected = match answer {
        Quantity if is_sound => "quantities\n",
        Plain if is_sound => "plain\n",
        _ => "none, or the same\n",
    };
    let asked = spelt(template, [&e, &f, &condition], false) + "\n";
    vec![asked, spelt(template, [&e, &f, &condition], true) + "\n", expected.to_owned()]
}

/// A statement that drops no unit, with a column `x`.
pub(crate) fn sound(random: &mut Random) -> String {
    let (_, template) = *random.pick(&STATEMENTS[..SOUND]);
    let (e, f, condition) = (expression::quantity(random), expression::quantity(random), expression::condition(random));
    spelt(template, [&e, &f, &condition], false)
}

/// A template filled, as it is asked or as its twin.
fn spelt(template: &str, [e, f, condition]: [&Expression; 3], is_twin: bool) -> String {
    let spelling = |expression: &Expression| if is_twin { expression.number.clone() } else { expression.asked.clone() };
    let column = |expression: &Expression| {
        if is_twin {
            format!("{} as x, {} as u", expression.number, expression.unit)
        } else {
            format!("{} as x", expression.asked)
        }
    };
    let (mut text, mut is_left_out) = (String::new(), false);
    for c in template.chars() {
        match c {
            '{' => is_left_out = is_twin,
            '|' => is_left_out = !is_twin,
            '}' => is_left_out = false,
            _ if is_left_out => {}
            'X' => text.push_str(&column(e)),
            'Y' => text.push_str(&column(f)),
            'Z' => text.push_str(if is_twin { "x, u" } else { "x" }),
            'E' => text.push_str(&spelling(e)),
            'F' => text.push_str(&spelling(f)),
            'P' => text.push_str(&spelling(condition)),
            'U' => text.push_str(&e.unit.to_string()),
            'V' => text.push_str(&f.unit.to_string()),
            'W' => text.push_str(if is_twin { "w0" } else { "w" }),
            c => text.push(c),
        }
    }
    text
}

/// Asks both and compares.
pub(crate) fn check(session: &mut Asker, asked: &str, twin: &str, expected: &str) -> Result<(), String> {
    let answer = session.ask(asked.trim(), Language::Sql)?;
    if let Some(error) = &answer.error {
        let is_refused = expected != "none, or the same\n" && REFUSALS.iter().any(|words| error.contains(words));
        return if is_refused { Err(format!("it drops no unit and is refused: {error}")) } else { Ok(()) };
    }
    let number = session.ask(twin.trim(), Language::Sql)?;
    if number.error.is_some() {
        return Ok(());
    }
    let is_ordered = asked.contains("order by id\n") || asked.contains(", id\n") || asked.contains("order by n\n");
    let answers = Rows::read(&answer.printed, is_ordered);
    let numbers = Rows::read(&number.printed, is_ordered);
    let difference = compared(&answers, &numbers, expected);
    difference.map_err(|why| format!("{why}\n{}is, of bare numbers,\n{}", answer.printed, number.printed))
}

/// What was answered: a header and rows, without an order of their own in order.
struct Rows {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Rows {
    fn read(printed: &str, is_ordered: bool) -> Self {
        let is_remark = |line: &&str| line.starts_with("notice: ");
        let lines: String = printed.split_inclusive('\n').filter(|line| !is_remark(line)).collect();
        // An aggregate of no value, which is NULL of bare numbers.
        let mut rows = cells::read(&lines.replace(NO_VALUE, ""));
        let header = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
        let mut answered = Self { header, rows };
        if !is_ordered {
            let key = |row: &Vec<String>| {
                let texts = answered.header.iter().zip(row).filter(|(name, _)| is_value(name));
                texts.map(|(_, cell)| number(cell).map_or(cell.clone(), |n| format!("{n:.6e}"))).collect::<Vec<_>>()
            };
            answered.rows.sort_by_key(key);
        }
        answered
    }

    /// The column of this name in a row.
    fn cell<'r>(&self, row: &'r [String], name: &str) -> Option<&'r str> {
        let at = self.header.iter().position(|found| found == name)?;
        row.get(at).map(String::as_str)
    }

    /// The columns that are no part of a quantity, nor the unit of a twin.
    fn values<'r>(&'r self, row: &'r [String]) -> impl Iterator<Item = &'r String> {
        self.header.iter().zip(row).filter(|(name, _)| is_value(name)).map(|(_, cell)| cell)
    }
}

fn is_value(name: &str) -> bool {
    name != "u"
        && !name.contains("_unit")
        && !["_stage", "_facts", "_assumptions"].iter().any(|end| name.ends_with(end))
}

fn compared(answers: &Rows, numbers: &Rows, expected: &str) -> Result<(), String> {
    let has_units = answers.header.iter().any(|name| name == "x_unit");
    match expected {
        "quantities\n" if !has_units => return Err("`x` is no column of quantities".to_owned()),
        "plain\n" if has_units => return Err("`x` is a column of quantities".to_owned()),
        _ if answers.rows.len() != numbers.rows.len() => return Err("the rows are not as many".to_owned()),
        _ => {}
    }
    for (row, other) in answers.rows.iter().zip(&numbers.rows) {
        if let Some((one, number)) = answers.values(row).zip(numbers.values(other)).find(|(one, n)| !is_same(one, n)) {
            return Err(format!("`{one}` should be `{number}`"));
        }
        if expected == "quantities\n" && answers.cell(row, "x") != Some("") {
            let (unit, right) = (answers.cell(row, "x_unit").unwrap_or_default(), numbers.cell(other, "u"));
            if right.and_then(|right| right.parse().ok()) != Some(power(unit)) {
                return Err(format!(
                    "the unit `{unit}` should be {right:?}: powers of GBP, in hundreds, and of missile"
                ));
            }
            if ["x_facts", "x_assumptions"].iter().all(|part| answers.cell(row, part) == Some("")) {
                return Err("it rests on nothing".to_owned());
            }
        }
    }
    Ok(())
}

/// Whether two cells are one text, or one number but for what a quotient rounds off.
fn is_same(one: &str, other: &str) -> bool {
    one == other
        || matches!((number(one), number(other)), (Some(a), Some(b)) if (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-3))
}

fn number(cell: &str) -> Option<f64> {
    cell.trim_start_matches('≈').parse().ok()
}

/// A unit as a number.
fn power(unit: &str) -> expression::Unit {
    let (above, below) = unit.split_once('/').unwrap_or((unit, ""));
    let side = |product: &str| -> expression::Unit {
        let bases = product.split('*').map(|base| base.split_once('^').unwrap_or((base, "1")));
        let powers = bases.map(|(base, power)| (base, power.parse::<expression::Unit>().unwrap_or_default()));
        powers
            .map(|(base, power)| power * if base == "GBP" { 100 } else { expression::Unit::from(base == "missile") })
            .sum()
    };
    side(above) - side(below)
}
