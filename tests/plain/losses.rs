//! Counters change no answer: random statements with `/`, `%`, `+` and their kin over columns of every storage class, with the
//! extremes of 64 bits among their values, answer as the library alone does, rows in the same order; and a notice counts the
//! divisions that dropped a remainder as the library does.

use crate::scratch::long;
use crate::scratch::printed::Printed;
use crate::scratch::random::Random;
use pledgebook::session::Session;
use pledgebook::syntax::Text;
use pledgebook::table::Format;
use rusqlite::Connection;

/// Ordinary tables with every storage class, of this session only; a view of a person.
const TABLES: &str = include_str!("losses.sql");

/// The number of random statements of the usual run; the long run asks ten times as many.
const STATEMENTS: usize = 1_000;

const COLUMNS: [&str; 8] = ["m.i", "m.r", "m.t", "m.b", "m.x", "m.n", "m.i", "m.c"];
const CONSTANTS: [&str; 14] = [
    "0",
    "1",
    "-1",
    "2",
    "7",
    "-3",
    "2.5",
    "'12abc'",
    "'7'",
    "' 1e1 '",
    "x'3132'",
    "null",
    "9223372036854775807",
    "(-9223372036854775807 - 1)",
];
const OPERATORS: [&str; 9] = ["/", "/", "/", "%", "+", "-", "*", "&", "<<"];
const COMPARISONS: [&str; 6] = ["=", "<", ">=", "<>", "is", "is not"];
const AGGREGATES: [&str; 5] = ["sum", "total", "avg", "max", "count"];

/// A random expression of plain values, at most so many operators deep.
fn expression(random: &mut Random, depth: usize) -> String {
    if depth == 0 || random.chance(15) {
        return if random.chance(70) { random.word(&COLUMNS).to_owned() } else { random.word(&CONSTANTS).to_owned() };
    }
    let mut below = || expression(random, depth - 1);
    let (left, right) = (below(), below());
    match random.below(14) {
        0 => format!("-({left})"),
        1 => format!("~({left})"),
        2 => format!("case when {left} then {right} else m.i / 2 end"),
        3 => format!("coalesce({left}, {right})"),
        4 => format!("cast({left} as {})", random.word(&["integer", "real", "numeric", "text"])),
        5 => format!("{}({left})", random.word(&["abs", "round", "length", "typeof"])),
        6 => format!("(({left}) {} ({right}))", random.word(&COMPARISONS)),
        7 => format!("iif({left}, {right}, 3)"),
        _ => format!("(({left}) {} ({right}))", random.word(&OPERATORS)),
    }
}

/// A random statement, each kind of which a counter might change.
fn statement(random: &mut Random) -> String {
    let mut e = |depth| expression(random, depth);
    let (a, b, c) = (e(3), e(2), e(2));
    let (aggregate, comparison) = (random.word(&AGGREGATES), random.word(&COMPARISONS));
    let direction = random.word(&["", " desc"]);
    match random.below(17) {
        0 => format!("select {a} as a, {b} as b from m"),
        1 => format!("select k, {a} as a from m where {b} order by k"),
        2 => format!("select {a} as a, count(*) as n from m group by {a}"),
        3 => {
            format!("select {a} as a, {aggregate}({b}) as s from m group by 1 having {aggregate}({b}) {comparison} {c}")
        }
        4 => format!("select distinct {a} as a from m order by 1{direction}"),
        5 => format!("select k from m order by {a}{direction}, {b} limit 9"),
        6 => format!("select * from (select {a}, {b} from m limit 20)"),
        7 => format!("select a from (select {a} as a from m union all select {b} from m) where a {comparison} '7'"),
        8 => format!("select {a} as a from m union select {b} from m"),
        9 => format!("with w(a, b) as (select {a}, {b} from m) select {aggregate}(a / 2) as s, max(b) as m from w"),
        10 => format!("select k, {aggregate}({a}) over (order by k rows 3 preceding) as w, {b} as b from m"),
        11 => format!("select m.k, o.k as o from m left join other o on o.v = ({a}) where {b} order by m.k, o.k"),
        12 => format!("select k, h / 3 as a, t + h as b from halves where h {comparison} {}", random.word(&CONSTANTS)),
        // One expression in two spellings.
        14 => format!("select {b} as a, max({c}) as m from m group by {}", b.replace("m.", "")),
        15 => format!("select {b} as a, {c} as c from m order by {}, k", b.replace("m.", "")),
        13 => format!("select k, ({a}) in ({b}, {c}, 3) as a, ({b}) between {c} and 7 / 2 as b from m"),
        _ => {
            format!("select {aggregate}(distinct {a}) as s, count(*) filter (where {b}) as n, (select {c}) as c from m")
        }
    }
}

/// A random operand without a division of its own.
fn operand(random: &mut Random) -> String {
    loop {
        let operand = expression(random, 2);
        if !operand.contains('/') {
            return operand;
        }
    }
}

/// The program and the library, with the same tables.
struct Both {
    session: Session,
    library: Connection,
}

impl Both {
    fn new() -> Self {
        let mut session = Session::open(None).expect("the bundled book opens");
        session.settings.format = Format::Jsonl;
        let library = Connection::open_in_memory().expect("memory is there");
        library.execute_batch(TABLES).expect("the tables can be made");
        // What the library lacks and the program has is of no interest here.
        let mut both = Self { session, library };
        both.ask(TABLES);
        both
    }

    /// The program's rows as JSON, and its notices; no rows where there is an error.
    fn ask(&mut self, statement: &str) -> (Option<String>, String) {
        let (rows, notices) = (Printed::default(), Printed::default());
        let output = self.session.output(rows.clone(), notices.clone(), false);
        let answer = self.session.eval(&Text::new("test", statement), None, &output);
        drop(output);
        let text = |printed: Printed| String::from_utf8(printed.0.take()).expect("the program prints UTF-8");
        (answer.is_ok().then(|| text(rows)), text(notices))
    }

    /// The library's rows as JSON.
    fn library(&self, statement: &str) -> Option<String> {
        let mut prepared = self.library.prepare(statement).ok()?;
        let names: Vec<String> = prepared.column_names().map(str::to_owned).collect();
        let mut rows = prepared.query([]).ok()?;
        let mut written = self.library.prepare("select json_quote(?1)").expect("the library has JSON");
        let mut text = String::new();
        while let Some(row) = rows.next().ok()? {
            let mut cell = |(at, name): (usize, &String)| {
                let value = row.get::<_, rusqlite::types::Value>(at).expect("the column exists");
                let value: String = written.query_row([value], |row| row.get(0)).ok()?;
                Some(format!("{}:{value}", serde_json::to_string(name).expect("a name is JSON")))
            };
            let cells: Option<Vec<String>> = names.iter().enumerate().map(&mut cell).collect();
            text += &format!("{{{}}}\n", cells?.join(","));
        }
        Some(text)
    }
}

#[test]
fn counters_change_no_answer() {
    let (mut both, mut random) = (Both::new(), Random::new(8));
    let asked = if long::is_asked() { 40 * STATEMENTS } else { STATEMENTS };
    let (mut compared, mut counted, mut inexact) = (0, 0, 0);
    for _ in 0..asked {
        let statement = statement(&mut random);
        let Some(expected) = both.library(&statement) else { continue };
        let (rows, notices) = both.ask(&statement);
        assert_eq!(rows.as_deref(), Some(&*expected), "{statement}\n{notices}");
        compared += 1;
        counted += usize::from(notices.contains("dropped the remainder"));
        inexact += usize::from(notices.contains("may drop the remainder"));
    }
    assert!(compared > asked * 8 / 10, "{compared} of {asked} compared");
    assert!(counted > 5 * inexact && counted > asked / 5, "{counted} counted, {inexact} inexact, of {compared}");
}

#[test]
fn a_notice_counts_what_was_dropped() {
    let (mut both, mut random) = (Both::new(), Random::new(80));
    let mut counts = [0, 0];
    for _ in 0..STATEMENTS / 4 {
        let (left, right) = (operand(&mut random), operand(&mut random));
        let quotient = format!("({left}) / ({right})");
        let dropped = format!("typeof({quotient}) = 'integer' and ({left}) % ({right}) <> 0");
        let counted = format!("select count(*) filter (where {dropped}), count({quotient}) from m");
        let counted = both.library.query_row(&counted, [], |row| Ok([row.get(0)?, row.get(1)?]));
        // Constants are divided once.
        let is_constant = !quotient.contains("m.");
        let Some([lost, all]) = counted.ok().filter(|_| !is_constant) else { continue };
        let (_, notices) = both.ask(&format!("select {quotient} as q from m"));
        let expected = match [lost, all] {
            [0, _] => String::new(),
            [_, 1] => format!("`{quotient}` dropped the remainder, which"),
            [lost, all] => format!("`{quotient}` dropped the remainder in {lost} of {all} divisions"),
        };
        assert!(!notices.contains("may drop"), "{quotient}: {notices}");
        assert_eq!(notices.contains("dropped the remainder"), lost > 0, "{quotient}: {lost} of {all}: {notices}");
        assert!(notices.contains(&expected), "{quotient}: {expected}: {notices}");
        counts[usize::from(lost > 0)] += 1;
    }
    assert!(counts.iter().all(|count| *count > STATEMENTS / 40), "{counts:?}");
}
