//! That no answer hides an assumption: where one is made and the answer is another than without it, the answer says so
//! itself, in every format. Every view is asked for every column and for how many rows it has, scripts for whatever they can
//! take out of a quantity, and the library for its examples. The long run reads every answer in every format, the usual one
//! in two of them, for people and for programs, which are others each time.

use super::asked::questions;
use super::long;
use super::printed::Printed;
use pledgebook::session::Session;
use pledgebook::store::catalogue::{ColumnKind, VIEWS, View};
use pledgebook::syntax::Text;
use pledgebook::table::Format;

/// What may be supposed, one of each kind, and what no answer of the book would be without.
const ASSUMED: [&str; 11] =
    ["A1", "A2", "A3=0.65", "A4=1.25 USD/GBP", "A5", "A6", "F16=3", "F29=£2bn", "F30=4500", "F30=>5,000", "F38=1000"];

/// The formats that people read.
const FOR_PEOPLE: [Format; 4] = [Format::Table, Format::Line, Format::Markdown, Format::Html];

/// The formats that programs read.
const FOR_PROGRAMS: [Format; 5] = [Format::Csv, Format::Tsv, Format::Json, Format::Jsonl, Format::Insert];

/// Scripts whose answers may rest on an assumption although no quantity says so.
const SCRIPTS: &[&str] = &[
    "F30.amount",
    "F30.amount * 2 + 1",
    "F38.quantity.is_unknown",
    "F38.quantity.reasons",
    "F30.is_range",
    "F30.is_stated",
    "F30.working",
    "(F29 / F30).working",
    "F30.hi == ()",
    "F30.lo.amount",
    "F38.quantity.unit",
    "`${F30}`",
    "`${[F30]}`.len()",
    "F30.to_string().len()",
    "F30 > q(\"4800 missile\")",
    "F30 == q(\"5000 missile\")",
    "if F29 > q(\"1800000000 GBP\") { \"much\" } else { \"little\" }",
    "if F30 < q(\"4800 missile\") { F29 } else { F29 * 2 }",
    "max(F29, q(\"1700000000 GBP\"))",
    "min(F30, q(\"4800 missile\")).unit",
    "let all = [q(\"1700000000 GBP\"), F29]; all.sort(); all.index_of(q(\"1700000000 GBP\"))",
    "[q(\"4800 missile\"), F30].order()[0]",
    "q(\"5000 missile\") in [F30]",
    "[F30].contains(q(\"5000 missile\"))",
    "[F30].index_of(q(\"5000 missile\"))",
    "let all = [F30, q(\"5000 missile\")]; all.dedup(); all.len()",
    "[F30].filter(|n| n > q(\"4800 missile\")).len()",
    "[F30].some(|n| n > q(\"4800 missile\"))",
    "[F30].map(|n| n.amount)",
    "[#{n: F30.amount, of: \"missiles\"}]",
    "query(\"select * from figures\").filter(|row| row.id == \"F30\").map(|row| row.quantity.amount)",
    "query(\"select q_amount(item_count) as n from pledges\")",
    "query(\"select earlier, later from event_order\").len",
    "value(\"select count(*) from participants\")",
    "row(\"select count(*) as n from participants\").n",
    "let n = 0; for row in stream(\"select actor from participants\") { n += 1 } n",
    "query(\"select cost_coverage from pledge_items\")[0].cost_coverage",
    "figure(\"F30\").amount",
    "find(\"F30\").amount",
    "PL1.item_count.amount",
    "query(\"select * from pledges\").sort_by(\"amount\")[0].item_count.amount",
    "fn big(x) { x > q(\"4800 missile\") } big(F30)",
    "let f = |x| x.amount; f.call(F30)",
    "chart([#{of: \"missiles\", n: F30}], \"of\", \"n\")",
    "chart([#{of: \"missiles\", n: F30.amount}], \"of\", \"n\")",
    "metric(\"missiles\", F30)",
    "metric(if F30 > q(\"4800 missile\") { \"many\" } else { \"few\" }, F29)",
    "try { F30 + q(\"1 missile\") > q(\"4900 missile\") } catch (e) { `${e}` }",
    "let kept = [0]; let add = |x| kept[0] += x.amount; add.call(F30); kept",
    "show(F30.amount); show([1, 2])",
];

/// Statements that take something out of quantities.
const STATEMENTS: &[&str] = &[
    "select id from figures where q_unit(quantity) = 'missile' and q_amount(quantity) = 5000",
    "select id from figures where iif(q_unit(quantity) = 'missile', q_cmp(quantity, q('4800 missile')) > 0, 0)",
    "select q_is_unknown(quantity) as open from facts where id = 'F38'",
    "select q_hi(quantity) from figures where id = 'F30'",
    "select count(quantity) from facts",
    "select quantity is null as none, count(*) as n from facts group by 1",
    "select number is null as none, count(*) as n from participants group by 1",
    "select typeof(number) as type, count(*) as n from participants group by 1",
    "select coalesce(q_amount(quantity), 0) as n from figures where id = 'F30'",
    "select q_sum(amount) from pledges",
    "select q_max(quantity) from figures where q_unit(quantity) = 'missile'",
    "with n as (select q_amount(item_count) as n from pledges) select n + 1 as more from n",
    "select (select count(*) from event_order) as n",
    "select 1 where exists (select 1 from participants where in_what = 'the coalition' and kind = 'state')",
    "select group_concat(later, '; ' order by later) as all_later from event_order",
    "select * from assumptions",
    "select id from assumptions where is_made",
    "select q_amount(:F30) as n",
    "select q_amount(q_div(:F29, :F30)) as n",
    "select p.id from pledges p join pledge_items i on i.pledge = p.id where i.cost_coverage = 'full'",
    "select count(*) as n from (select actor from participants union all select earlier from event_order)",
    "select row_number() over (order by q_amount(quantity)) as place, id from figures where q_unit(quantity) = 'missile'",
];

/// What a session answers, and what it says beside the answer.
struct Said {
    answer: String,
    aside: String,
    failed: bool,
}

fn ask(session: &mut Session, format: Format, question: &str) -> Said {
    session.settings.format = format;
    let (answer, aside) = (Printed::default(), Printed::default());
    let output = session.output(answer.clone(), aside.clone(), false);
    let failed = session.eval(&Text::new("prompt", question), None, &output).is_err();
    drop(output);
    let [answer, aside] =
        [answer, aside].map(|said| String::from_utf8(said.0.take()).expect("the program prints UTF-8"));
    Said { answer, aside, failed }
}

fn supposing(assumed: &str) -> Session {
    let mut session = Session::open(None).expect("the bundled book opens");
    session.assume(assumed).unwrap_or_else(|error| panic!("{assumed}: {error}"));
    session
}

/// The rows of an answer in JSON lines, without what they may rest on.
fn rows(answer: &str) -> Vec<serde_json::Value> {
    let mut rows: Vec<serde_json::Value> =
        answer.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| line.into())).collect();
    for row in rows.iter_mut().filter_map(serde_json::Value::as_object_mut) {
        row.remove("assumptions");
    }
    rows
}

/// The formats in which the answer is read that is the so-manieth of a run.
fn in_turn<const N: usize>(all: [Format; N], turn: usize) -> Vec<Format> {
    if long::is_asked() { all.into() } else { vec![all[turn % N]] }
}

/// Fails where an answer is another than the stated one and does not say so in the formats whose turn it is.
#[track_caller]
fn check(session: &mut Session, assumed: &str, question: &str, stated: &Said, turn: usize) -> bool {
    let supposed = ask(session, Format::Jsonl, question);
    if supposed.failed || stated.failed || rows(&supposed.answer) == rows(&stated.answer) {
        return false;
    }
    for format in in_turn(FOR_PEOPLE, turn) {
        let said = ask(session, format, question);
        assert!(said.answer.contains("WHAT-IF"), "{assumed}, {question}, {format:?}:\n{}", said.answer);
    }
    // A result without rows has no cell that could say so in some formats: it is said beside it.
    for format in in_turn(FOR_PROGRAMS, turn) {
        let said = ask(session, format, question);
        let name = assumed.split_once('=').map_or(assumed, |(name, _)| name);
        // A rate is named as one where it has converted something.
        let names = if name == "A4" { vec![name, "rate"] } else { vec![name] };
        let is_named = |line: &str, name: &str| match format {
            Format::Json | Format::Jsonl => line.contains(&format!("\"assumptions\":{{\"{name}\"")),
            Format::Insert => line.contains(&format!(", '{name}")),
            _ => line.split([',', '\t', ';']).any(|cell| cell.split('=').next() == Some(name)),
        };
        let is_said = said.answer.lines().any(|line| names.iter().any(|name| is_named(line, name)));
        let is_empty = supposed.answer.is_empty() && said.aside.contains("WHAT-IF");
        assert!(is_said || is_empty, "{assumed}, {question}, {format:?}:\n{}", said.answer);
    }
    true
}

/// The question for all columns of a view.
fn whole(view: &View) -> String {
    format!("select * from {}", view.name)
}

/// The questions to a view for all columns, for the plain ones, and for how many rows it has.
fn of_view(view: &View) -> [String; 3] {
    let plain = view.columns.iter().filter(|column| column.kind != ColumnKind::Quantity);
    let plain: Vec<&str> = plain.map(|column| &*column.name).collect();
    let select = |columns: &str| format!("select {columns} from {}", view.name);
    [whole(view), select("count(*) as n"), select(&plain.join(", "))]
}

/// The questions to a view for each column.
fn of_columns(view: &View) -> impl Iterator<Item = String> {
    view.columns.iter().map(|column| format!("select {} from {}", column.name, view.name))
}

/// Asks every question with and without each of these assumptions; which questions had another answer, under which of them.
fn check_all<'a>(assumptions: &[&'a str], asked: &[String]) -> Vec<(&'a str, String)> {
    let mut session = Session::open(None).expect("the bundled book opens");
    let stated: Vec<Said> = asked.iter().map(|question| ask(&mut session, Format::Jsonl, question)).collect();
    let failed = asked.iter().zip(&stated).filter(|(_, stated)| stated.failed);
    let failed: Vec<&String> = failed.map(|(question, _)| question).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let mut changed = Vec::new();
    for assumed in assumptions {
        let mut session = supposing(assumed);
        for (question, stated) in asked.iter().zip(&stated) {
            if check(&mut session, assumed, question, stated, changed.len()) {
                changed.push((*assumed, question.clone()));
            }
        }
    }
    changed
}

#[test]
fn every_view_says_what_an_assumption_has_changed() {
    let asked: Vec<String> = VIEWS.iter().flat_map(of_view).collect();
    let mut changed = check_all(&ASSUMED, &asked);
    for assumed in ASSUMED {
        // Where a whole row is the same, so is each column: asking for it all the same is the long run's.
        let is_asked = |view: &&View| long::is_asked() || changed.contains(&(assumed, whole(view)));
        let columns: Vec<String> = VIEWS.iter().filter(is_asked).flat_map(of_columns).collect();
        changed.extend(check_all(&[assumed], &columns));
    }
    assert!(changed.len() > 50, "{changed:?}");
}

#[test]
fn every_statement_says_what_an_assumption_has_changed() {
    let asked: Vec<String> = STATEMENTS.iter().map(|&asked| asked.to_owned()).collect();
    let changed = check_all(&ASSUMED, &asked);
    assert!(changed.len() > STATEMENTS.len(), "{changed:?}");
}

#[test]
fn every_script_says_what_an_assumption_has_changed() {
    let asked: Vec<String> = SCRIPTS.iter().map(|&asked| asked.to_owned()).collect();
    let changed = check_all(&ASSUMED, &asked);
    assert!(changed.len() > SCRIPTS.len(), "{changed:?}");
}

#[test]
fn the_library_says_what_an_assumption_has_changed() {
    let changed = check_all(&["A1", "A4=1.25 USD/GBP", "A5", "A6", "F30=4500"], &questions());
    assert!(changed.len() > 5, "{changed:?}");
}

/// What a variable is set to under an assumption.
const HELD: &[(&str, &str)] = &[
    ("F30=4500", "let held = F30.amount;"),
    ("F30=4500", "let held = F30 > q(\"4800 missile\");"),
    ("F30=4500", "let held = `${F30}`.len();"),
    ("F30=4500", "let held = 0; for n in 0..F30.amount / 100 { held += 1 }"),
    ("F30=4500", "let held = 0; let add = |x| held += x.amount; add.call(F30);"),
    ("F30=4500", "let held = (F30 / q(\"1 missile\")).amount; let other = held; held = other + 1;"),
    ("F30=4500", "let held = [F30.amount, 1];"),
    ("F30=4500", "let held = #{n: F30.amount};"),
    ("F30=4500", "let held = query(\"select q_amount(item_count) as n from pledges\");"),
    ("F29=£2bn", "let held = if F29 > q(\"1800000000 GBP\") { F29 * 0 } else { F29 };"),
    ("F38=1000", "let held = F38.quantity.is_unknown;"),
    ("A1", "let held = query(\"select earlier from event_order\");"),
    ("A5", "let held = query(\"select cost_coverage from pledge_items\")[0].cost_coverage;"),
    ("A6", "let held = value(\"select count(*) from participants\");"),
];

#[test]
fn what_was_taken_out_of_a_quantity_outlives_the_assumption_with_its_name() {
    let mut turn = 0;
    for (assumed, script) in HELD {
        let mut plain = Session::open(None).expect("the bundled book opens");
        assert!(!ask(&mut plain, Format::Jsonl, script).failed, "{script}");
        let mut session = supposing(assumed);
        assert!(!ask(&mut session, Format::Jsonl, script).failed, "{script}");
        assert!(!ask(&mut session, Format::Jsonl, ".assume none").failed);
        assert!(!ask(&mut session, Format::Table, "F29").answer.contains("WHAT-IF"), "{script}");
        let is_table = script.contains("= query(") && !script.contains(")[0]");
        let is_one = !is_table && !script.contains("= [") && !script.contains("= #{");
        let asked = [
            ("held", true),
            ("last", true),
            ("select * from last", true),
            ("let again = held; again", true),
            ("again", true),
            ("type_of(again); [held]", is_one),
            ("select :held as n", is_one && !script.contains("F29")),
            ("query(\"select :again as n\")", is_one && !script.contains("F29")),
            ("select * from held", is_table),
            ("query(\"select count(*) as n, 'x' as x from held\")", is_table && *assumed != "F30=4500"),
        ];
        for (asked, _) in asked.iter().filter(|(_, applies)| *applies) {
            let stated = ask(&mut plain, Format::Jsonl, asked);
            assert!(!stated.failed, "{script}, {asked}: {}", stated.aside);
            assert!(check(&mut session, assumed, asked, &stated, turn), "{assumed}, {script}, {asked}");
            turn += 1;
        }
        for stored in ["create temp table kept as select :held as n", "create temp table kept as select * from held"] {
            if is_one != stored.contains(':') || !is_one && !is_table || script.contains("F29") {
                continue;
            }
            assert!(ask(&mut session, Format::Table, stored).failed, "{script}, {stored}");
            assert!(!ask(&mut plain, Format::Table, stored).failed, "{script}, {stored}");
        }
        for unlike in ["select id from facts", "F30.amount", "let held = 1; held", "held + 1"] {
            let said = ask(&mut session, Format::Table, unlike);
            assert!(!said.answer.contains("WHAT-IF"), "{assumed}, {script}, {unlike}:\n{}", said.answer);
        }
    }
}

#[test]
fn what_an_assumption_can_not_have_changed_does_not_name_it() {
    for (assumed, asked) in [
        ("F30=4500", "select count(*) from facts"),
        ("F30=4500", "select id, provider, stage from pledges"),
        ("F30=4500", "select q_amount(amount) from pledges"),
        ("F30=4500", "select earlier, later, days from event_order"),
        ("F30=4500", "select actor, number from participants"),
        ("F30=4500", "F29.amount"),
        ("F30=4500", "let n = F29.amount; n * 2"),
        ("F30=4500", "1 + 1"),
        ("F30=4500", "create temp view v as select quantity from figures"),
        ("A1", "select id, quantity from figures"),
        ("A1", "select actor from participants"),
        ("A1", "F30 > q(\"4800 missile\")"),
        ("A3=0.65", "select actor, certainty from participants"),
        ("A4=1.25 USD/GBP", "select * from pledges"),
        ("A5", "select pledge, item, stage from pledge_items"),
        ("A6", "select earlier from event_order"),
    ] {
        let mut session = supposing(assumed);
        for format in FOR_PEOPLE.into_iter().chain(FOR_PROGRAMS) {
            let said = ask(&mut session, format, asked);
            let names = ["WHAT-IF", "assumes", "\"assumptions\":{\"", "'A", ",A", "\tA"];
            let is_named = names.iter().any(|name| said.answer.contains(name));
            assert!(!is_named, "{assumed}, {asked}, {format:?}:\n{}", said.answer);
        }
    }
}
