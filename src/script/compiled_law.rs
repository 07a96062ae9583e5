//! The law of compiled bodies: whatever a script does, its answers, its error and the places of that are those of the engine
//! alone. Scripts are generated from bodies of loops, functions and closures over rows of several kinds.

use super::compiled::{leaving_all_to_the_engine, take_runs};
use super::{Interpreter, ScriptLocation};
use crate::quantity::Assumptions;
use crate::sql::{Appended, Cell, Header, Note, Output, Sink};
use crate::store::{Book, open};
use crate::syntax::Text;
use proptest::prelude::*;
use std::cell::RefCell;
use std::io;
use std::rc::Rc;

/// The rows that bodies run over: plain numbers, texts and NULLs, REALs, quantities of the book, and those of a person.
const ROWS: [&str; 6] = [
    "select 1 as a, 2 as b, '2.5' as c union all select 3, 7, '0.1' union all select 5, -1, '8' union all select 2, 3, '4'",
    "select 4 as a, null as b, 'x' as c union all select 6, 1, '1.25' union all select null, 2, ''",
    "select 9223372036854775807 as a, 1 as b, '9999999999999999999999999999' as c union all select 1, 0, '1e-28'",
    "select sig_figs as a, length(id) as b, id as c from figures limit 9",
    "select quantity as a, sig_figs as b, quantity as c from figures limit 9",
    "select 2 as a, 0.5 as b, '1' as c union all select q('1.5'), q('3 GBP'), q('7') union all select 1, 1.5, 2",
];

/// A sink that notes whatever is shown.
#[derive(Clone, Default)]
struct Shown(Rc<RefCell<Vec<String>>>);

impl Shown {
    fn note(&self, text: String) {
        self.0.borrow_mut().push(text);
    }
}

impl Sink for Shown {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        self.note(format!("{:?} {:?}", header.columns, header.assumed));
        Ok(())
    }

    fn row(&mut self, cells: &[Cell<'_>], appended: &Appended<'_>) -> io::Result<()> {
        self.note(format!("{cells:?} {:?}", appended.assumptions));
        Ok(())
    }

    fn end(&mut self, notes: &[Note]) -> io::Result<()> {
        self.note(format!("{} notes", notes.len()));
        Ok(())
    }

    fn value(&mut self, cell: &Cell<'_>, assumed: &Assumptions) -> io::Result<()> {
        self.note(format!("{cell:?} {assumed:?}"));
        Ok(())
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        self.note(text.to_owned());
        Ok(())
    }

    fn notice(&mut self, text: &str) -> io::Result<()> {
        self.note(text.to_owned());
        Ok(())
    }

    fn wants_notes(&self) -> bool {
        false
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a script shows and fails with, in a session of its own.
fn answer(book: &Rc<Book>, script: &str) -> Vec<String> {
    let mut interpreter = Interpreter::new(Rc::clone(book), ScriptLocation::Nowhere).expect("the prelude compiles");
    let shown = Shown::default();
    let output = Output::new(Box::new(shown.clone()), Rc::new(|_| Vec::new()), None, book.stop().clone());
    let done = interpreter.eval(&Text::new("law", script), &output);
    let mut answers = shown.0.take();
    answers.push(format!("{:?} {:?}", done.err().map(|error| error.report()), output.assumptions()));
    answers
}

/// A name of a number in a body.
fn place() -> BoxedStrategy<String> {
    let place = prop_oneof![
        4 => prop_oneof![Just("row.a"), Just("row.b")].prop_map(str::to_owned),
        2 => prop_oneof![Just("total"), Just("x"), Just("n"), Just("limit")].prop_map(str::to_owned),
        1 => Just("decimal(row.c)".to_owned()),
        1 => prop_oneof![Just("row.c"), Just("row.d"), Just("row"), Just("y")].prop_map(str::to_owned),
        3 => prop_oneof![Just("0"), Just("1"), Just("2"), Just("-3"), Just("0.5"), Just("3.25"), Just("7")]
            .prop_map(str::to_owned),
        1 => prop_oneof![Just("()"), Just("true"), Just("\"2.5\""), Just("9223372036854775807"), Just("0.0000000000001")]
            .prop_map(str::to_owned),
    ];
    place.boxed()
}

/// An expression, of a number as a rule.
fn number() -> impl Strategy<Value = String> {
    let operator = prop_oneof![
        6 => Just("+"), 4 => Just("-"), 4 => Just("*"), 3 => Just("/"), 1 => Just("%"), 1 => Just("**")
    ];
    place().prop_recursive(3, 12, 3, move |inner| {
        let two = (inner.clone(), operator.clone(), inner.clone()).prop_map(|(a, sign, b)| format!("({a} {sign} {b})"));
        let choice = (condition_of(inner.clone()), inner.clone(), inner.clone())
            .prop_map(|(condition, a, b)| format!("(if {condition} {{ {a} }} else {{ {b} }})"));
        prop_oneof![6 => two, 1 => inner.clone().prop_map(|a| format!("(-{a})")), 1 => choice, 1 => inner]
    })
}

fn condition_of(number: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let sign = prop_oneof![Just("=="), Just("!="), Just("<"), Just("<="), Just(">"), Just(">=")];
    let single = (number.clone(), sign, number.clone()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}"));
    let of_null = number.prop_map(|a| format!("{a} != ()"));
    let condition = prop_oneof![
        3 => single.clone(),
        2 => of_null.clone(),
        1 => (of_null.clone(), single.clone()).prop_map(|(a, b)| format!("{a} && {b}")),
        1 => (of_null, single.clone()).prop_map(|(a, b)| format!("!({a}) || {b}")),
        1 => single.prop_map(|a| format!("!({a})")),
    ];
    condition.boxed()
}

fn statement() -> impl Strategy<Value = String> {
    let sign = prop_oneof![5 => Just("+="), 1 => Just("-="), 1 => Just("*="), 2 => Just("=")];
    let target = prop_oneof![6 => Just("total"), 2 => Just("n"), 1 => Just("x"), 1 => Just("limit")];
    let assignment = (target, sign, number()).prop_map(|(target, sign, a)| format!("{target} {sign} {a};"));
    let single = prop_oneof![
        8 => assignment,
        2 => number().prop_map(|a| format!("let x = {a};")),
        1 => (condition_of(place()), prop_oneof![Just("continue"), Just("break"), Just("print(n)")])
            .prop_map(|(condition, a)| format!("if {condition} {{ {a}; }}")),
    ];
    single.prop_recursive(2, 6, 2, |inner| {
        (condition_of(place()), inner.clone(), inner)
            .prop_map(|(condition, a, b)| format!("if {condition} {{ {a} }} else {{ {b} }}"))
    })
}

fn rows() -> impl Strategy<Value = String> {
    (prop_oneof![Just("query"), Just("stream")], 0..ROWS.len())
        .prop_map(|(function, at)| format!("{function}(\"{}\")", ROWS[at]))
}

/// A script around a body.
fn script() -> impl Strategy<Value = String> {
    let start = "let total = 0; let n = 0; let x = 1.5; const limit = 2;\n";
    let body = || prop::collection::vec(statement(), 1..4).prop_map(|all| all.join("\n  "));
    let of_loop = (rows(), body()).prop_map(move |(rows, body)| {
        format!("{start}for row in {rows} {{\n  n += 1;\n  {body}\n}}\nprint(n); show(total); x")
    });
    let caught = (rows(), body()).prop_map(move |(rows, body)| {
        let body = format!("for row in {rows} {{\n  {body}\n n += 1; }}");
        format!("{start}try {{ {body} }} catch (error) {{ print(error.message); }}\nprint(n); show(total); x")
    });
    let within = (rows(), body()).prop_map(move |(rows, body)| {
        format!("fn f(limit) {{ let total = 0; let n = 0; let x = 1;\n for row in {rows} {{ {body} }} total }} f(3)")
    });
    let function = (0..ROWS.len(), body(), number()).prop_map(|(at, body, value)| {
        let columns = ["a", "b", "c"].map(|name| format!("row.{name}"));
        let replaced = |text: String| columns.iter().fold(text, |text, column| text.replace(column, &column[4..]));
        let body = replaced(format!("let total = a; let n = 1; let x = b;\n {body}\n {value}"));
        let sql = format!("select f(a, b, c) as v, F(b, a, '2') as w from ({})", ROWS[at]);
        format!("fn f(a, b, c) {{ {body} }}\nfn q_f(a, b, c) {{ {body} }}\nprint(\"begun\"); show(query(\"{sql}\")); query(\"{}\")", sql.replace("F(", "q_f(").replace("f(a", "q_f(a"))
    });
    let closure = (rows(), number(), condition_of(number().boxed())).prop_map(move |(rows, value, condition)| {
        let rows = rows.replace("stream(", "query(");
        format!("{start}show({rows}.map(|row| {value}));\n{rows}.filter(|row| {condition}).map(|row| row.a)")
    });
    prop_oneof![4 => of_loop, 2 => caught, 2 => within, 3 => function, 3 => closure]
}

thread_local! {
    static BOOK: Rc<Book> = Rc::new(open(None).expect("the bundled book opens"));
}

#[test]
fn bodies_of_every_kind_are_compiled() {
    let from = ROWS[0];
    for (script, runs) in [
        (format!("let t = 0; for row in stream(\"{from}\") {{ if row.a > 1 {{ t += row.a / row.b; }} }} t"), 4),
        (format!("fn f() {{ let t = 0; for row in query(\"{from}\") {{ t += decimal(row.c); }} t }} f()"), 4),
        (
            format!("let t = query(\"{from}\"); let n = 0; for row in t {{ if row.b < 0 {{ break; }} n += row.b; }} n"),
            3,
        ),
        (
            format!(
                "fn f(x) {{ if x > 2 {{ return x * 2; }} let y = x * 3; -y }} query(\"select f(a) from ({from})\")"
            ),
            4,
        ),
        // The first call of a closure is the engine's.
        (format!("let limit = 1; query(\"{from}\").filter(|row| row.a > limit && row.b != ()).len"), 3),
        ("[1, 2.5, 3].filter(|x| if x > 2 { x != 3 } else { !(x > 0) })".to_owned(), 2),
    ] {
        take_runs();
        let answered = BOOK.with(|book| answer(book, &script));
        assert_eq!(take_runs(), runs, "{script}\n{answered:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_compiled_body_answers_as_the_engine_alone(script in script()) {
        BOOK.with(|book| {
            let compiled = answer(book, &script);
            let alone = leaving_all_to_the_engine(|| answer(book, &script));
            prop_assert_eq!(compiled, alone);
            Ok(())
        })?;
    }
}
